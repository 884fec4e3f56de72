"""Through whom: the most reliable chain of documented ties from one body to another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from tsi_graph.fields import LEVELS
from tsi_graph.graph import Graph
from tsi_graph.recommend.ties import Ties, is_kind, row

WEAK = 0.01
"""A chain less likely than this is only a hint."""


@dataclass(frozen=True)
class Step:
    """One documented tie of a chain: what joins the two ends, in words, and where that is written.

    `how` describes the strongest evidence, `kind` is that of the tie and blank for something shared;
    `strength` counts all evidence. `year` is the last one documented, None if undated; `confidence` is
    high, medium or low.
    """

    source: str
    source_name: str
    target: str
    target_name: str
    kind: str
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


@lru_cache(maxsize=2)
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
    at = row(strength, target)
    last = strength.data[strength.indptr[target] : strength.indptr[target + 1]]
    value = np.where(ports[at] & (at != node), found.strength[at] * last, 0.0)
    # a way to the port that crosses the target itself is no way
    value[found.through[at] == target] = 0.0
    if not value.any():
        return ()
    port = int(at[np.lexsort((order[at], -value.round(15)))[0]])
    between = int(found.through[port])
    return (node, port, target) if between < 0 else (node, between, port, target)


@dataclass(frozen=True, eq=False)
class Routes:
    """The chains that start at one body. usable: who may introduce; anybody: with the promoters, the last resort."""

    ties: Ties
    node: int
    order: np.ndarray
    usable: np.ndarray
    anybody: np.ndarray
    network: np.ndarray

    @cached_property
    def near(self) -> Reach:
        return reach(strengths(self.ties), self.node, self.usable, self.order)

    @cached_property
    def near_anybody(self) -> Reach:
        return reach(strengths(self.ties), self.node, self.anybody, self.order)

    def to(self, target: int) -> tuple[int, ...]:
        """The nodes of the best chain; a network is entered by a tie of its own before a joint project.

        A chain of members below WEAK gives way to a project; promoters come last. Empty where there is none.
        """
        stated = np.zeros(len(self.order), bool)
        stated[row(self.ties.stated, target)] = True
        doors = (stated, ~stated) if self.network[target] else (np.ones(len(self.order), bool),)
        for allowed in (self.usable, self.anybody):
            found = self.near if allowed is self.usable else self.near_anybody
            ways = [chain(found, strengths(self.ties), target, door & allowed, self.node, self.order) for door in doors]
            ways = [way for way in ways if way]
            if ways:
                return next((way for way in ways if self.product(way) >= WEAK), ways[0])
        return ()

    def product(self, nodes: tuple[int, ...]) -> float:
        """How likely a whole chain is to hold."""
        return float(np.prod([strengths(self.ties)[a, b] for a, b in pairwise(nodes)]))

    @cached_property
    def strength(self) -> np.ndarray:
        """The strength of the best chain of at most three ties to every node, promoters apart; 0 where none."""
        steps = strengths(self.ties).tocoo()
        best = np.zeros(len(self.order))
        there = np.where(self.usable, self.near.strength, 0.0)
        np.maximum.at(best, steps.col, there[steps.row] * steps.data)
        return best


@dataclass(frozen=True)
class Evidence:
    """The strongest thing that joins two bodies: an edge between them (by row) or an event they share."""

    edge: int | None
    event: int | None
    year: int | None
    origin: str
    confidence: str


def evidence(graph: Graph, ties: Ties, a: int, b: int) -> Evidence:
    """What joins two bodies: a tie of their own (membership first, then the surest), else the worthiest event."""
    i, j = graph.ends
    between = np.flatnonzero(((i == a) & (j == b)) | ((i == b) & (j == a))).tolist()
    if between:
        kinds = graph.edges["kind"].to_numpy(object)
        edge = max(between, key=lambda e: (kinds[e] == "MEMBER_OF", _level(graph, [e]), _dates(graph, e), -e))
        return Evidence(edge, None, _year(_dates(graph, edge)), _origin(graph, [edge]), LEVELS[_level(graph, [edge])])
    both = np.intersect1d(row(ties.shares, a), row(ties.shares, b))
    event = max(both.tolist(), key=lambda e: (ties.worth[e], str(graph.ids[e])))
    rows = [int(np.flatnonzero(((i == x) & (j == event)) | ((i == event) & (j == x)))[0]) for x in (a, b)]
    last = _field(graph.nodes, event, "valid_to")
    if is_kind(graph, "Project")[event]:
        last = last or _field(graph.nodes, event, "valid_from") or max(_dates(graph, row) for row in rows)
    return Evidence(None, event, _year(last), _origin(graph, rows), LEVELS[_level(graph, rows)])


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
    return int(graph.edges["confidence"].to_numpy(int)[rows].min())
