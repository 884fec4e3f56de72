"""What joins two bodies, and where that is written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tsi_graph.fields import LEVELS, VISIBILITIES
from tsi_graph.graph import MEMBERSHIP, Graph
from tsi_graph.recommend.columns import (
    alliance,
    by_id,
    documented,
    ids,
    is_kind,
    of_edges,
    of_nodes,
    patronage,
    row,
    shared,
)
from tsi_graph.recommend.ties import Ties
from tsi_graph.remembered import once_per_graph


@dataclass(frozen=True)
class Evidence:
    """The strongest thing that joins two bodies: an edge between them (by row) or an event they share.

    public: whether everybody may know of it.
    """

    edge: int | None
    event: int | None
    year: int | None
    origin: str
    confidence: str
    public: bool


def evidence(graph: Graph, ties: Ties, a: int, b: int) -> Evidence:
    """What joins two bodies: a tie of their own (membership first, then the surest), else the worthiest event."""
    between = ties_between(graph, a, b).tolist()
    if between:
        edge = _firmest(graph, between)
        told = _origin(graph, [edge]), LEVELS[_level(graph, [edge])], bool(public(of_edges(graph, "visibility")[edge]))
        return Evidence(edge, None, _year(_dates(graph, edge)), *told)
    both = shared(row(ties.shares, a), row(ties.shares, b))
    event = max(both.tolist(), key=lambda e: (ties.worth[e], str(ids(graph)[e])))
    rows = [_firmest(graph, ties_between(graph, x, event).tolist()) for x in (a, b)]
    last = str(of_nodes(graph, "valid_to")[event])
    if is_kind(graph, "Project")[event]:
        last = last or str(of_nodes(graph, "valid_from")[event]) or max(_dates(graph, row) for row in rows)
    said = [*of_edges(graph, "visibility")[rows], of_nodes(graph, "visibility")[event]]
    known = bool(public(np.array(said)).all())
    return Evidence(None, event, _year(last), _origin(graph, rows), LEVELS[_level(graph, rows)], known)


def public(visibility: np.ndarray) -> np.ndarray:
    """Which cells of a column `visibility` say that everybody may know, or say nothing."""
    return np.isin(visibility, ("", VISIBILITIES[0]))


def _firmest(graph: Graph, rows: list[int]) -> int:
    """Of some edges a membership first, then the surest, then the most recent; equal ones by what they say."""
    if len(rows) == 1:
        return rows[0]
    kinds, origin, order = of_edges(graph, "kind"), of_edges(graph, "origin"), by_id(graph)

    def firmness(row: int) -> tuple[object, ...]:
        says = (str(kinds[row]), str(origin[row]), int(order[graph.ends[0][row]]))
        return kinds[row] == "MEMBER_OF", _level(graph, [row]), _dates(graph, row), *says

    return max(rows, key=firmness)


@once_per_graph
def _by_ends(graph: Graph) -> tuple[np.ndarray, np.ndarray]:
    """The documented edges sorted by their two ends: a number for each pair, and the rows of the table.

    Membership of the alliance, which ties everybody to it, is not among them, nor is patronage.
    """
    i, j = (end.astype(np.int64) for end in graph.ends)
    keys = np.minimum(i, j) * len(graph) + np.maximum(i, j)
    office = np.isin(of_edges(graph, "kind"), MEMBERSHIP) & alliance(graph)[j]
    rows = np.flatnonzero(documented(graph) & ~office & ~patronage(graph))
    rows = rows[np.argsort(keys[rows], kind="stable")]
    return keys[rows], rows


def ties_between(graph: Graph, a: int, b: int) -> np.ndarray:
    """The rows of the documented edges between two nodes, in either direction."""
    keys, rows = _by_ends(graph)
    key = min(a, b) * len(graph) + max(a, b)
    low, high = np.searchsorted(keys, [key, key + 1])
    return np.asarray(rows[low:high])


def _dates(graph: Graph, row: int) -> str:
    return str(of_edges(graph, "valid_to")[row] or of_edges(graph, "valid_from")[row])


def _year(date: str) -> int | None:
    return int(date[:4]) if date[:4].isdigit() else None


def _origin(graph: Graph, rows: list[int]) -> str:
    origin = of_edges(graph, "origin")
    return " ; ".join(dict.fromkeys(str(origin[row]) for row in rows if origin[row]))


def _level(graph: Graph, rows: list[int]) -> int:
    """The least confidence of some edges; medium where a hand-made graph does not say."""
    if "confidence" not in graph.edges:
        return 2
    return int(_levels(graph)[rows].min())


@once_per_graph
def _levels(graph: Graph) -> np.ndarray:
    return graph.edges["confidence"].to_numpy(int)
