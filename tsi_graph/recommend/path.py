"""Through whom: the most reliable chain of documented ties from one body to another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from tsi_graph.graph import Graph
from tsi_graph.model import LEVELS
from tsi_graph.recommend.ties import Ties


@dataclass(frozen=True)
class Step:
    """One documented tie of a chain: what joins the two ends, in words, and where that is written.

    `how` describes the strongest evidence; `strength` counts all of it. `year` is the last one
    documented, None if undated; `confidence` is high, medium or low.
    """

    source: str
    source_name: str
    target: str
    target_name: str
    how: str
    origin: str
    confidence: str
    strength: float
    year: int | None


@dataclass(frozen=True, eq=False)
class Reach:
    """The best chains of one and two ties from a body: strength by node, and the node in between (-1: none)."""

    strength: np.ndarray
    through: np.ndarray


def strengths(ties: Ties) -> csr_array:
    """s = 1 - exp(-evidence): the chance that a tie is alive if live contacts come as often as its evidence.

    Recent, repeated and small-group ties are stronger: .63 for one fresh tie between two, .21 for a
    fresh project of nineteen, half of that after four years. Always between 0 and 1.
    """
    matrix = ties.evidence.copy()
    matrix.data = -np.expm1(-matrix.data)
    return matrix


def reach(strength: csr_array, node: int, usable: np.ndarray, order: np.ndarray) -> Reach:
    """The best chain of at most two ties to every node, over usable introducers alone.

    Equal chains go through the node that comes first in `order`. Costs the ties of the node's partners.
    """
    n = strength.shape[0]
    first = strength[[node]]
    best, through = np.zeros(n), np.full(n, -1)
    best[first.indices] = first.data
    inner = first.indices[usable[first.indices]]
    rows = strength[inner].tocoo()
    product = best[inner][rows.row] * rows.data
    ranked = np.lexsort((order[inner][rows.row], -product))
    target, at = np.unique(rows.col[ranked], return_index=True)
    better = product[ranked][at] > best[target]
    through[target[better]] = inner[rows.row[ranked][at][better]]
    best[target[better]] = product[ranked][at][better]
    best[node] = 0.0
    return Reach(best, through)


def chain(
    found: Reach, strength: csr_array, target: int, ports: np.ndarray, node: int, order: np.ndarray
) -> tuple[int, ...]:
    """The nodes of the best chain of two or three ties that enters the target by one of the ports; empty if none.

    Maximises the product of the strengths. Exact: the best way to each port over at most two ties is
    known, so one look at the ports decides (Dijkstra would not stop at three ties).
    """
    row = strength[[target]]
    at = row.indices
    value = np.where(ports[at] & (at != node), found.strength[at] * row.data, 0.0)
    # a way to the port that crosses the target itself is no way
    value[found.through[at] == target] = 0.0
    if not value.any():
        return ()
    port = int(at[np.lexsort((order[at], -value.round(15)))[0]])
    between = int(found.through[port])
    return (node, port, target) if between < 0 else (node, between, port, target)


@dataclass(frozen=True)
class Evidence:
    """The strongest thing that joins two bodies: an edge between them (by row) or an event they share."""

    edge: int | None
    event: int | None
    year: int | None
    origin: str
    confidence: str


def evidence(graph: Graph, ties: Ties, a: int, b: int) -> Evidence:
    """What joins two bodies: a tie stated between them if there is one, newest first, else the worthiest event."""
    i, j = graph.ends
    between = np.flatnonzero(((i == a) & (j == b)) | ((i == b) & (j == a)))
    if len(between):
        row = max(between, key=lambda r: (_level(graph, [r]), _dates(graph, r), -r))
        return Evidence(int(row), None, _year(_dates(graph, row)), _origin(graph, [row]), LEVELS[_level(graph, [row])])
    both = np.intersect1d(ties.shares[[a]].indices, ties.shares[[b]].indices)
    event = max(both, key=lambda e: (ties.worth[e], str(graph.ids[e])))
    rows = [
        int(np.flatnonzero(((i == x) & (j == event)) | ((i == event) & (j == x)))[0]) for x in (a, b)
    ]
    last = _field(graph.nodes, event, "valid_to")
    if graph.kinds_of("Project")[event]:
        last = last or _field(graph.nodes, event, "valid_from") or max(_dates(graph, row) for row in rows)
    return Evidence(None, int(event), _year(last), _origin(graph, rows), LEVELS[_level(graph, rows)])


def _field(table: pd.DataFrame, row: int, column: str) -> str:
    value = table[column].iat[row] if column in table else ""
    return value if isinstance(value, str) else ""


def _dates(graph: Graph, row: int) -> str:
    return _field(graph.edges, row, "valid_to") or _field(graph.edges, row, "valid_from")


def _year(date: str) -> int | None:
    return int(date[:4]) if date[:4].isdigit() else None


def _origin(graph: Graph, rows: list[int]) -> str:
    return " ; ".join(dict.fromkeys(o for o in (_field(graph.edges, row, "origin") for row in rows) if o))


def _level(graph: Graph, rows: list[int]) -> int:
    """The least confidence of some edges; medium where a hand-made graph does not say."""
    if "confidence" not in graph.edges:
        return 2
    return int(min(graph.edges["confidence"].iat[row] for row in rows))
