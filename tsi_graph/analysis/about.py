"""What is documented about a body: finding it by name, its fields, its ties, and every statement with its source."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from tsi_graph.errors import NotFound
from tsi_graph.fields import plain as folded
from tsi_graph.graph import Graph
from tsi_graph.model import EDGE_KINDS, NODE_KINDS
from tsi_graph.standing import standing, versions
from tsi_graph.statements import Table

SAID = [
    "id", "fact", "node", "field", "target", "key", "value", "valid_from", "valid_to", "seen", "origin", "confidence",
    "wins", "disputed",
]  # fmt: skip
"""What is shown of a statement; the days that follow from its dates stay inside."""


def named(graph: Graph, kind: str = "Stakeholder", text: str = "") -> pd.DataFrame:
    """The nodes of a kind whose names or ids hold a text, by id; accents and capitals do not matter."""
    if kind not in NODE_KINDS:
        raise NotFound(f"No kind {kind!r}. Known: {', '.join(NODE_KINDS)}.")
    nodes = graph.nodes[graph.kinds_of(kind)]
    if text:
        names = (nodes["name"] + " " + nodes["name_it"].fillna("") + " " + nodes["id"]).map(folded)
        nodes = nodes[names.str.contains(folded(text), regex=False)]
    return nodes.sort_values("id")


def ties(graph: Graph, kind: str | None = None, of: str | None = None, base: str | None = None) -> pd.DataFrame:
    """The documented ties, by their facts: all, those of one relation, those of one node (of a kind, if named)."""
    if kind is not None and kind not in EDGE_KINDS:
        raise NotFound(f"No relation {kind!r}. Known: {', '.join(EDGE_KINDS)}.")
    edges = graph.edges
    if of is not None:
        position(graph, of, base)
        edges = edges[(edges["source"] == of) | (edges["target"] == of)]
    if kind is not None:
        edges = edges[edges["kind"] == kind]
    return edges.sort_values("fact")


def about(graph: Graph, table: Table, node: str, base: str | None = None) -> dict[str, Any]:
    """One node: its fields, ties, statements, and conflicts: where these disagree. Raises NotFound, also for one that
    is not of the kind that is asked for."""
    row = position(graph, node, base)
    said = _said(graph, table)
    said = said[(said["node"] == node) | (said["target"] == node)]
    return {**_first(graph.nodes.iloc[[row]]), "ties": ties(graph, of=node), **_told(said)}


def about_tie(graph: Graph, table: Table, tie: str) -> dict[str, Any]:
    """One tie, with every statement about it. Raises NotFound."""
    found = graph.edges[graph.edges["fact"] == tie]
    if not len(found):
        raise NotFound(f"No tie has the id {tie[:200]!r} in this view.")
    said = _said(graph, table)
    return {**_first(found), **_told(said[said["fact"] == tie])}


def position(graph: Graph, node: str, base: str | None = None) -> int:
    """Where a node stands. Raises NotFound, also for one that is not of a kind."""
    row = graph.position(node)
    if base and not graph.kinds_of(base)[row]:
        raise NotFound(f"{node!r} is a {graph.nodes['kind'].iat[row]}, not a {base}.")
    return row


def _said(graph: Graph, table: Table) -> pd.DataFrame:
    return standing(table, as_of=graph.view.as_of, confidence=graph.view.confidence)


def _told(said: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {
        "statements": said[SAID].assign(value=said["value"].map(json.loads)),
        "conflicts": versions(said[said["disputed"].map(bool)]),
    }


def _first(rows: pd.DataFrame) -> dict[str, Any]:
    return {str(name): rows[name].iat[0] for name in rows.columns}
