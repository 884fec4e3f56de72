"""Which few nodes matter most together: those whose loss breaks the network, those from whom all can be reached."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import ceil, comb
from typing import Protocol

import numpy as np
import pandas as pd

from tsi_graph import kernels
from tsi_graph.analysis.base import Metric
from tsi_graph.analysis.cohesion import by_id
from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph
from tsi_graph.kernels import Csr

GOALS = ("fragment", "distance_fragment", "reach", "distance_reach")
EXHAUSTIVE = 5_000_000
"""Steps of work up to which every set is looked at: seconds at most."""
ROUND = 20_000_000
"""Steps of work that one look at all candidates may take; the distance goals have fewer candidates beyond."""
CANDIDATES = (20, 500)
"""But never fewer or more than these."""
EXACT, SOURCES, SEED = 2048, 512, 1
"""Up to how many nodes distances are taken from all of them; from how many beyond, and the seed that draws them."""
EQUAL = 1e-12


def key_players(
    graph: Graph, size: int = 3, goal: str = "fragment", steps: int = 2, weighted: bool = False
) -> pd.DataFrame:
    """The set of `size` nodes that serves a goal best: a row each, the one that does most alone first.

    Goals: "fragment", the share of pairs that cannot reach each other once the set is gone (F);
    "distance_fragment", the same with a pair at distance d counting 1 - 1/d (dF); "reach", how many others are
    within `steps` of the set; "distance_reach", the mean over all nodes of 1/d from the set, whose own members
    count 1 (dR). Columns: order, id, name, before and after (the goal without and with it), value (of the whole
    set), exact (whether no set is better), search (how it was found). Of equal sets the first by id. At least
    two nodes are left where the set goes. Raises Unusable for an unknown goal and a size or steps below 1.

    >>> key_players(Graph.from_edges(["ab", "bc", "cd", "de", "df"]), size=2)[["id", "after"]].to_numpy().tolist()
    [['d', 0.7], ['b', 1.0]]
    """
    if goal not in GOALS:
        raise Unusable(f"No goal {goal!r}. Known: {', '.join(GOALS)}")
    if size < 1 or steps < 1:
        raise Unusable(f"size and steps are at least 1, not {size} and {steps}.")
    order = by_id(graph)
    size = min(size, len(graph) - 2 if "fragment" in goal else len(graph))
    rows = _found(_goal(graph, order, goal, size, steps, weighted), len(graph), size) if size > 0 else []
    table = pd.DataFrame(rows, columns=["order", "node", "before", "after", "value", "exact", "search"])
    nodes = graph.nodes.iloc[order[table.pop("node").to_numpy(int)]]
    table.insert(1, "id", nodes["id"].to_numpy())
    table.insert(2, "name", nodes["name"].to_numpy())
    return table


class Goal(Protocol):
    """What a set is worth, and what it would be worth with each one more.

    `after` is nan for members, nodes before `first`, and nodes that are no candidates or cannot be best.
    `work` is what it costs. `limits` says what is not looked at, and is empty if nothing is.
    """

    work: float
    limits: str

    def value(self, chosen: Sequence[int]) -> float: ...

    def after(self, chosen: Sequence[int], first: int = 0) -> np.ndarray: ...


def _goal(graph: Graph, order: np.ndarray, goal: str, size: int, steps: int, weighted: bool) -> Goal:
    """The goal on a network whose nodes stand in order of id, so that "the first" is the same in every table."""
    place = np.argsort(order)

    def in_order(csr: Csr) -> Csr:
        return kernels.build(len(graph), place[csr.rows], place[csr.indices], csr.weights, symmetric=False)

    if goal == "fragment":
        return Fragment(in_order(graph.contacts))
    sent = in_order(graph.sent)
    if goal == "reach":
        return Reach(sent, steps)
    ways = Ways(sent, symmetric=not graph.directed, weighted=weighted)
    return DistanceFragment(ways, size) if goal == "distance_fragment" else DistanceReach(ways, size)


def _found(goal: Goal, n: int, size: int) -> list[tuple[object, ...]]:
    every = size == 1 or comb(n, size - 1) * goal.work <= EXHAUSTIVE
    chosen = _exhaustive(goal, n, size) if every else _swapped(goal, _greedy(goal, size))
    search = (f"all {comb(n, size):,} sets" if every and not goal.limits else "greedy, then swaps") + goal.limits
    whole, before, done, rows = goal.value(chosen), goal.value([]), list[int](), list[tuple[object, ...]]()
    while len(done) < size:
        worth = np.array([goal.value([*done, node]) if node not in done else np.nan for node in chosen])
        place = _best(worth)
        done.append(chosen[place])
        after = float(worth[place])
        rows.append((len(done), done[-1], before, after, whole, every and not goal.limits, search))
        before = after
    return rows


def _best(worth: np.ndarray) -> int:
    """The first of the highest."""
    return int(np.flatnonzero(worth >= np.nanmax(worth) - EQUAL)[0])


def _exhaustive(goal: Goal, n: int, size: int) -> list[int]:
    """The best of all sets, each looked at once: its last member is found among those after the others."""
    best, chosen = -np.inf, list[int]()
    for others in combinations(range(n), size - 1):
        first = others[-1] + 1 if others else 0
        worth = goal.after(others, first) if first < n else np.zeros(0)
        if np.isfinite(worth).any() and worth[node := _best(worth)] > best + EQUAL:
            best, chosen = float(worth[node]), [*others, node]
    return chosen


def _greedy(goal: Goal, size: int) -> list[int]:
    chosen: list[int] = []
    while len(chosen) < size:
        chosen.append(_best(goal.after(chosen)))
    return chosen


def _swapped(goal: Goal, chosen: list[int]) -> list[int]:
    """Each member in turn gives way to a node that makes the set better, until none does."""
    value, better = goal.value(chosen), True
    while better:
        better = False
        for place in range(len(chosen)):
            others = chosen[:place] + chosen[place + 1 :]
            worth = goal.after(others)
            node = _best(worth)
            if worth[node] > value + EQUAL:
                chosen, value, better = [*others[:place], node, *others[place:]], float(worth[node]), True
    return sorted(chosen)


def without(csr: Csr, gone: Sequence[int] | np.ndarray) -> Csr:
    """The network with the ties of some nodes gone; the nodes stay as isolates, so that places stay."""
    there = np.full(len(csr), True)
    there[np.asarray(gone, dtype=np.int64)] = False
    keep = there[csr.rows] & there[csr.indices]
    indptr = np.r_[0, np.cumsum(keep, dtype=np.int64)][csr.indptr]
    return Csr(indptr, csr.indices[keep], None if csr.weights is None else csr.weights[keep], csr.columns)


def fragmentation(contacts: Csr, gone: Sequence[int] | np.ndarray = ()) -> float:
    """Borgatti's F: the share of pairs, among the nodes left, that cannot reach each other; nan for fewer than two."""
    left = len(contacts) - len(gone)
    return 1 - _pairs(kernels.components(without(contacts, gone))) / (left * (left - 1)) if left > 1 else np.nan


def _pairs(component: np.ndarray) -> int:
    """How many ordered pairs are in one part."""
    size = np.bincount(component).astype(np.int64)
    return int((size * (size - 1)).sum())


class Ways:
    """How near nodes are to one another along the ties sent: 1/d, 0 where there is no way.

    d counts steps. With weights a tie is as long as the strongest tie of the network is stronger than it, so
    that 1/d is at most 1 there too.
    """

    def __init__(self, sent: Csr, *, symmetric: bool, weighted: bool = False) -> None:
        self.sent, self.symmetric, self.weighted = sent, symmetric, weighted
        self.passes = ceil(len(sent) / 512) if len(sent) <= EXACT else 1
        self.size = len(sent) + len(sent.indices)
        drawn = len(sent) > EXACT
        everybody = np.arange(len(sent))
        random = np.random.default_rng(SEED)
        self.sources = np.sort(random.choice(everybody, SOURCES, replace=False)) if drawn else everybody
        self.limits = f", distances from {SOURCES} nodes" if drawn else ""

    def mean(self, gone: Sequence[int] | np.ndarray = ()) -> float:
        """The mean nearness over the pairs left once some nodes are gone; nan for fewer than two nodes."""
        rest, left = without(self.sent, gone), len(self.sent) - len(gone)
        sources = np.setdiff1d(self.sources, np.asarray(gone, dtype=np.int64))
        if left < 2 or not len(sources):
            return np.nan
        if self.weighted:
            total = sum(float(self._by_length(rest, part).sum()) for part in np.array_split(sources, len(sources) // 64 + 1))
        else:
            total = kernels.distances(rest, rest if self.symmetric else kernels.transpose(rest), sources).harmonic.sum()
        return float(total / (len(sources) * (left - 1)))

    def from_node(self, node: int) -> np.ndarray:
        """How near each node is to one; 1 to itself."""
        if self.weighted:
            near = self._by_length(self.sent, np.array([node]))[0]
        else:
            near = kernels.distances(self.sent, self._received, np.array([node])).harmonic.copy()
        near[node] = 1
        return near
