"""Through whom: the most reliable chain of documented ties from one body to another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array

from tsi_graph.recommend.columns import row, values
from tsi_graph.recommend.constants import FAINT, WEAK
from tsi_graph.recommend.ties import Ties

EDGE = 1e-9
"""What rounding may hide."""


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

    def to(self, target: int) -> tuple[int, ...]:
        """The nodes of the best chain that holds; empty where there is none."""
        if target not in self._found:
            self._found[target] = next(iter(self.best(target, 1)), ())
        return self._found[target]

    @cached_property
    def _found(self) -> dict[int, tuple[int, ...]]:
        return {}

    def hint(self, target: int) -> tuple[int, ...]:
        """The best chain where none holds: nobody is led over it. Empty where there is none, or a better one."""
        return () if self.to(target) else next(iter(self.best(target, 1, firm=False)), ())

    def best(self, target: int, k: int, *, firm: bool = True) -> list[tuple[int, ...]]:
        """The nodes of the k best chains of two or three ties that hold: no tie FAINT, and the whole not WEAK.

        A network is entered by a tie of its own before a joint project; promoters come only where nobody else
        leads there. Then the product of the strengths and of what each introducer counts decides, then the ids
        from the end on. Not `firm`: however faint and weak.
        """
        at, last = self.doors(target)
        for allowed in (self.usable, self.anybody):
            search = self._search(allowed, firm)
            found: list[tuple[int, ...]] = []
            for sort in self._sorts(target, at):
                doors = sort & allowed[at] & (at != self.node)
                found += search.best(at[doors], last[doors], target, k - len(found))
                if len(found) >= k:
                    break
            if found:
                return found
        return []

    def _search(self, allowed: np.ndarray, firm: bool) -> _Search:
        key = (allowed is self.usable, firm)
        if key not in self._searches:
            self._searches[key] = _Search(self, allowed, FAINT if firm else 0.0, WEAK if firm else 0.0)
        return self._searches[key]

    @cached_property
    def _searches(self) -> dict[tuple[bool, bool], _Search]:
        return {}

    def doors(self, target: int) -> tuple[np.ndarray, np.ndarray]:
        """Who is one tie away from a target, and how strong that tie is: those who take part, for a project."""
        matrix = self.ties.entrants if self.project[target] else self.ties.strength
        return row(matrix, target), values(matrix, target)

    def _sorts(self, target: int, at: np.ndarray) -> tuple[np.ndarray, ...]:
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

    def strength_to(self, targets: np.ndarray) -> np.ndarray:
        """The strength of the best chain of at most three ties to some bodies, promoters apart; 0 where none holds."""
        there = np.where(self.usable, self._search(self.usable, True).reach, 0.0)
        which, _, near, strength = rows_of(self.ties.strength, targets)
        best = np.zeros(len(targets))
        np.maximum.at(best, which, np.where(strength >= FAINT, there[near] * strength, 0.0))
        return np.where(best >= WEAK, best, 0.0)


class _Search:
    """The chains from one body over some introducers, no tie and no whole chain weaker than told.

    bond is how strongly the body itself is tied to each, reach the best over at most two ties; in node order.
    """

    def __init__(self, routes: Routes, allowed: np.ndarray, faint: float, weak: float) -> None:
        self.ties, self.trust, self.order = routes.ties.strength, routes.trust, routes.order
        self.node, self.faint, self.weak = routes.node, faint, weak
        first, value = row(self.ties, self.node), values(self.ties, self.node)
        first, value = first[value >= faint], value[value >= faint]
        self.first = first[allowed[first]]
        self.bond = np.zeros(len(self.order))
        self.bond[self.first] = value[allowed[first]]
        self.most = max(1.0, float(self.trust[self.first].max(initial=0.0)))

    @cached_property
    def reach(self) -> np.ndarray:
        """Costs the ties of the body's partners."""
        best = self.bond.copy()
        _, inner, onwards, strength = rows_of(self.ties, self.first)
        value = np.where(strength >= self.faint, self.bond[inner] * strength, 0.0)
        np.maximum.at(best, onwards, value)
        best[self.node] = 0.0
        return best

    def best(self, at: np.ndarray, last: np.ndarray, target: int, k: int) -> list[tuple[int, ...]]:
        """The k best chains that enter by these doors, `last` being the strength of the last tie.

        The doors are opened in the order of what a chain over each could be worth at most, until nothing
        better can come: exact, as Yen's algorithm would be over at most three ties.
        """
        limit = self.reach[at] * last
        if not len(limit) or limit.max() <= 0:
            return []
        there = np.flatnonzero((limit > 0) & (limit >= self.weak * (1 - EDGE)) & (last >= self.faint))
        ceiling = (limit[there] * self.trust[at[there]] * self.most).round(12)
        ranked = np.argsort(-ceiling, kind="stable")
        there, ceiling = there[ranked], ceiling[ranked]
        chains, start, size = _Chains.none(), 0, 8
        while start < len(there):
            part = there[start : start + size]
            chains = chains.with_more(self._over(at[part], last[part], target)).first(k, self.order)
            start, size = start + size, 4 * size
            if len(chains.value) == k and start < len(there) and chains.value[-1] > ceiling[start] + EDGE:
                break
        return chains.nodes(self.node, target)

    def _over(self, at: np.ndarray, last: np.ndarray, target: int) -> _Chains:
        """All chains over some doors."""
        which, _, inner, strength = rows_of(self.ties, at)
        # a way to the door that crosses the target itself is no way
        onwards = np.where((strength >= self.faint) & (inner != target), strength * last[which], 0.0)
        value = np.concatenate([self.bond[at] * last, self.bond[inner] * onwards])
        inner, door = np.concatenate([np.full(len(at), -1), inner]), np.concatenate([at, at[which]])
        good = np.flatnonzero((value > 0) & (value >= self.weak))
        inner, door, value = inner[good], door[good], value[good]
        value = value * self.trust[door] * np.where(inner < 0, 1.0, self.trust[inner])
        return _Chains(inner, door, value.round(12))


@dataclass(frozen=True, eq=False)
class _Chains:
    """Some chains: the node before the door (-1: none), the door, and what the chain is worth."""

    inner: np.ndarray
    door: np.ndarray
    value: np.ndarray

    @classmethod
    def none(cls) -> _Chains:
        return cls(np.array([], int), np.array([], int), np.array([]))

    def with_more(self, other: _Chains) -> _Chains:
        if not len(self.value):
            return other
        pairs = ((self.inner, other.inner), (self.door, other.door), (self.value, other.value))
        return _Chains(*(np.concatenate(pair) for pair in pairs))

    def first(self, k: int, order: np.ndarray) -> _Chains:
        """The k worth most; equal ones by the id of the door, then without a node before it, then by its id."""
        near = np.arange(len(self.value))
        if len(near) > k:
            near = np.flatnonzero(self.value >= np.partition(self.value, -k)[-k])
        before = np.where(self.inner[near] < 0, -1, order[self.inner[near]])
        near = near[np.lexsort((before, order[self.door[near]], -self.value[near]))][:k]
        return _Chains(self.inner[near], self.door[near], self.value[near])

    def nodes(self, node: int, target: int) -> list[tuple[int, ...]]:
        pairs = zip(self.inner.tolist(), self.door.tolist(), strict=True)
        return [(node, door, target) if inner < 0 else (node, inner, door, target) for inner, door in pairs]


def rows_of(matrix: csr_array, nodes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The entries of some rows: which of the nodes, that node, the column, the value."""
    start, count = matrix.indptr[nodes], matrix.indptr[nodes + 1] - matrix.indptr[nodes]
    which = np.repeat(np.arange(len(nodes)), count)
    place = np.arange(len(which)) + np.repeat(start - np.cumsum(count) + count, count)
    return which, nodes[which], matrix.indices[place], matrix.data[place]
