"""What a graph holds, in counts, and how much of it is documented."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypedDict

import numpy as np
import pandas as pd

from tsi_graph.analysis.coverage import tie_counts
from tsi_graph.fields import LEVELS
from tsi_graph.graph import Graph, View, graph_of
from tsi_graph.history import conflicts
from tsi_graph.statements import Table

BASES = ("Stakeholder", "Investor", "Network", "Fund", "Project", "Agreement", "Topic")


class Summary(TypedDict):
    """Counts. In `kinds`, investors are also counted as stakeholders and agreements as projects.

    coverage: pairs of how many and of how many, for the organisations with a tie beyond membership,
    the projects with a topic, the edges with a date and the edges with an amount.
    """

    nodes: int
    edges: int
    kinds: dict[str, int]
    edge_kinds: dict[str, int]
    confidence: dict[str, int]
    dated: int
    with_amount: int
    tied_organisations: int
    coverage: dict[str, tuple[int, int]]


def summary(graph: Graph) -> Summary:
    """The counts of a graph; columns that its tables lack count as blank."""
    edges, ours, project = graph.edges, graph.kinds_of("Stakeholder"), graph.kinds_of("Project")
    dated = int((_filled(edges, "valid_from") | _filled(edges, "valid_to")).sum())
    with_amount = int(_filled(edges, "amount").sum())
    tied = int((tie_counts(graph)[ours] > 0).sum())
    on = edges["kind"].eq("WORKS_ON").to_numpy(bool)
    with_topic = np.intersect1d(graph.ends[0][on], np.flatnonzero(project))
    stated = edges.loc[_filled(edges, "confidence"), "confidence"] if "confidence" in edges else pd.Series(dtype=object)
    return {
        "nodes": len(graph),
        "edges": len(edges),
        "kinds": {base: int(graph.kinds_of(base).sum()) for base in BASES},
        "edge_kinds": _counted(edges["kind"]),
        "confidence": _counted(stated.map(lambda level: LEVELS.get(level, str(level)))),
        "dated": dated,
        "with_amount": with_amount,
        "tied_organisations": tied,
        "coverage": {
            "organisations with a documented tie": (tied, int(ours.sum())),
            "projects with a topic": (len(with_topic), int(project.sum())),
            "edges with a date": (dated, len(edges)),
            "edges with an amount": (with_amount, len(edges)),
        },
    }


def described(table: Table, view: View) -> dict[str, Any]:
    """The counts of all that a view documents, membership of the alliance included, with conflicts and imports."""
    everything = replace(view, membership=True)
    return {
        **summary(graph_of(table, everything)),
        "conflicts": conflicts(table, everything),
        "imports": table.imports,
    }


def _filled(table: pd.DataFrame, column: str) -> np.ndarray:
    if column not in table:
        return np.zeros(len(table), dtype=bool)
    return (table[column].notna() & table[column].astype(str).str.strip().ne("")).to_numpy(bool)


def _counted(values: pd.Series) -> dict[str, int]:
    """How often each value stands, most frequent first, then by name."""
    count = values.astype(str).value_counts()
    return {str(value): int(count[value]) for value in sorted(count.index, key=lambda value: (-count[value], value))}
