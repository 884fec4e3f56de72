"""Through whom: the most reliable chain of documented ties from one body to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array

from tsi_graph.recommend.columns import row, values
from tsi_graph.recommend.constants import WEAK
from tsi_graph.recommend.ties import Ties

__all__ = ["WEAK", "Reach", "Routes", "Step", "chain", "reach"]


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


def reach(strength: csr_array, node: int, usable: np.ndarray, trust: np.ndarray, order: np.ndarray) -> Reach:
    """The best chain of at most two ties to every node, over usable introducers alone, each counting by `trust`.

    Equal chains go through the node that comes first in `order`. Costs the ties of the node's partners.
    """
    n = strength.shape[0]
    best, through = np.zeros(n), np.full(n, -1)
    first, value = row(strength, node), values(strength, node)
    best[first] = value
    may = usable[first]
    inner, value = first[may], (value * trust[first])[may]
    onwards = strength[inner]
    steps = np.diff(onwards.indptr)
    product = (np.repeat(value, steps) * onwards.data).round(12)
    top = np.zeros(n)
    np.maximum.at(top, onwards.indices, product)
    longer = top > best
    even = np.flatnonzero((product == top[onwards.indices]) & longer[onwards.indices])
    rank = np.full(n, n)
    np.minimum.at(rank, onwards.indices[even], np.repeat(order[inner], steps)[even])
    at_rank = np.empty(n, np.int64)
    at_rank[order] = np.arange(n)
    through[longer] = at_rank[rank[longer]]
    best[longer] = top[longer]
    best[node] = 0.0
    return Reach(best, through)


def chain(found: Reach, at: np.ndarray, last: np.ndarray, target: int, node: int, order: np.ndarray) -> tuple[int, ...]:
    """The nodes of the best chain of two or three ties that enters the target by one of some ports; empty if none.

    `at` are the ports, `last` what each is worth. Maximises the product of the strengths. Exact: the best
    way to each port over at most two ties is known, so one look at the ports decides (Dijkstra would not
    stop at three ties).
    """
    value = np.where(at != node, found.strength[at] * last, 0.0)
    # a way to the port that crosses the target itself is no way
    value[found.through[at] == target] = 0.0
    if not value.any():
        return ()
    port = int(at[np.lexsort((order[at], -value.round(12)))[0]])
    between = int(found.through[port])
    return (node, port, target) if between < 0 else (node, between, port, target)


@dataclass(frozen=True, eq=False)
class Routes:
    """The chains that start at one body.

    usable: who may introduce; anybody: with the promoters, the last resort. trust: what an introducer
    counts in the choice of a way, 1 unless often asked of late or known to succeed more or less often.
    """

    ties: Ties
    node: int
    order: np.ndarray
    usable: np.ndarray
    anybody: np.ndarray
    network: np.ndarray
    project: np.ndarray
    trust: np.ndarray

    @cached_property
    def near(self) -> Reach:
        return reach(self.ties.strength, self.node, self.usable, self.trust, self.order)

    @cached_property
    def near_anybody(self) -> Reach:
        return reach(self.ties.strength, self.node, self.anybody, self.trust, self.order)

    def to(self, target: int) -> tuple[int, ...]:
        """The nodes of the best chain that is not WEAK; empty where there is none.

        A network is entered by a tie of its own before a joint project; promoters come last.
        """
        if target not in self._found:
            self._found[target] = next((way for way in self._ways(target) if self.product(way) >= WEAK), ())
        return self._found[target]

    @cached_property
    def _found(self) -> dict[int, tuple[int, ...]]:
        return {}

    def hint(self, target: int) -> tuple[int, ...]:
        """The best chain where all are WEAK: nobody is led over it. Empty where there is none, or a better one."""
        return () if self.to(target) else next(self._ways(target), ())

    def _ways(self, target: int) -> Iterator[tuple[int, ...]]:
        """The best chain by each sort of door, in the order in which they are tried."""
        at, last = self.doors(target)
        for allowed in (self.usable, self.anybody):
            near = self.near if allowed is self.usable else self.near_anybody
            for sort in self.sorts(target, at):
                doors = sort & allowed[at]
                way = chain(near, at[doors], (last * self.trust[at])[doors], target, self.node, self.order)
                if way:
                    yield way

    def doors(self, target: int) -> tuple[np.ndarray, np.ndarray]:
        """Who is one tie away from a target, and how strong that tie is: those who take part, for a project."""
        matrix = self.ties.entrants if self.project[target] else self.ties.strength
        return row(matrix, target), values(matrix, target)

    def sorts(self, target: int, at: np.ndarray) -> tuple[np.ndarray, ...]:
        """Which doors to try first and which then: all alike, but of a network first the ties of its own."""
        if not self.network[target]:
            return (np.ones(len(at), bool),)
        stated = np.isin(at, row(self.ties.stated, target))
        return stated, ~stated

    def step(self, a: int, b: int) -> float:
        """How strong one tie is."""
        at, strength = self.doors(b)
        return float(strength[at == a].sum())

    def product(self, nodes: tuple[int, ...]) -> float:
        """How likely a whole chain is to hold."""
        return float(np.prod([self.step(a, b) for a, b in pairwise(nodes)]))

    @cached_property
    def strength(self) -> np.ndarray:
        """The strength of the best chain of at most three ties to every node, promoters apart; 0 where none or WEAK."""
        steps = self.ties.strength.tocoo()
        best = np.zeros(len(self.order))
        there = np.where(self.usable, self.near.strength * self.trust, 0.0)
        np.maximum.at(best, steps.col, there[steps.row] * steps.data)
        return np.where(best >= WEAK, best, 0.0)
