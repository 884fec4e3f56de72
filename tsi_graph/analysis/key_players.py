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
    rows = _found(_goal(graph, order, goal, size, steps, weighted), size) if size > 0 else []
    table = pd.DataFrame(rows, columns=["order", "node", "before", "after", "value", "exact", "search"])
    nodes = graph.nodes.iloc[order[table.pop("node").to_numpy(int)]]
    table.insert(1, "id", nodes["id"].to_numpy())
    table.insert(2, "name", nodes["name"].to_numpy())
    return table


class Goal(Protocol):
    """What a set is worth, and what it would be worth with each one more.

    `candidates` may be in the set. `after` is nan for all others, for members, for nodes before `first`, and
    for some that cannot be best. `work` is what it costs. `limits` says what is not looked at, if anything.
    """

    candidates: np.ndarray
    work: float
    limits: str

    def value(self, chosen: Sequence[int]) -> float: ...

    def after(self, chosen: Sequence[int], first: int = 0) -> np.ndarray: ...


def _goal(graph: Graph, order: np.ndarray, goal: str, size: int, steps: int, weighted: bool) -> Goal:
    """The goal on a network whose nodes stand in order of id, so that "the first" is the same in every table."""
    if goal == "fragment":
        return Fragment(in_order(graph.contacts, order))
    sent = in_order(graph.sent, order)
    if goal == "reach":
        return Reach(sent, steps)
    ways = Ways(sent, symmetric=not graph.directed, weighted=weighted)
    return DistanceFragment(ways, size) if goal == "distance_fragment" else DistanceReach(ways, size)


def in_order(csr: Csr, order: np.ndarray) -> Csr:
    """The same network with the nodes in another order."""
    place = np.argsort(order)
    return kernels.build(len(csr), place[csr.rows], place[csr.indices], csr.weights, symmetric=False)


def _found(goal: Goal, size: int) -> list[tuple[object, ...]]:
    n = len(goal.candidates)
    every = size == 1 or comb(n, size - 1) * goal.work <= EXHAUSTIVE
    chosen = _exhaustive(goal, size) if every else _swapped(goal, _greedy(goal, size))
    search = (f"all {comb(n, size):,} sets" if every else "greedy, then swaps") + goal.limits
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


def _exhaustive(goal: Goal, size: int) -> list[int]:
    """The best of all sets, each looked at once: its last member is found among those after the others."""
    best, chosen = -np.inf, list[int]()
    for others in combinations(goal.candidates.tolist(), size - 1):
        worth = goal.after(others, others[-1] + 1 if others else 0)
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

    d counts steps; with weights a tie is as long as the strongest tie of the network is stronger than it, so
    that 1/d is at most 1 there too. On large networks the means start from some nodes, as `limits` says.
    """

    def __init__(self, sent: Csr, *, symmetric: bool, weighted: bool = False) -> None:
        n = len(sent)
        self.sent, self.symmetric, self.weighted = sent, symmetric, weighted
        self.received = sent if symmetric else kernels.transpose(sent)
        self.strongest = float(sent.values.max(initial=0))
        self.sources = np.arange(n)
        if n > EXACT:
            self.sources = np.sort(np.random.default_rng(SEED).choice(n, SOURCES, replace=False))
        self.limits = f", distances from {SOURCES} nodes" if n > EXACT else ""
        self.work = (n + len(sent.indices)) * ceil(len(self.sources) / 512)

    def mean(self, gone: Sequence[int] | np.ndarray = ()) -> float:
        """The mean nearness over the ordered pairs left once some nodes are gone; nan for fewer than two nodes."""
        sources, left = np.setdiff1d(self.sources, np.asarray(gone, dtype=np.int64)), len(self.sent) - len(gone)
        if left < 2 or not len(sources):
            return np.nan
        rest = without(self.sent, gone)
        if self.weighted:
            total = sum(self._by_length(rest, part).sum() for part in np.array_split(sources, ceil(len(sources) / 64)))
        else:
            received = rest if self.symmetric else kernels.transpose(rest)
            total = kernels.distances(rest, received, sources).harmonic.sum()
        return float(total) / (len(sources) * (left - 1))

    def to_all(self, node: int) -> np.ndarray:
        """How near each node is when one starts from `node`; to itself 1."""
        if self.weighted:
            near = self._by_length(self.sent, np.array([node]))[0]
        else:
            near = kernels.distances(self.sent, self.received, np.array([node])).harmonic
        return np.where(np.arange(len(near)) == node, 1.0, near)

    def _by_length(self, csr: Csr, sources: np.ndarray) -> np.ndarray:
        from scipy.sparse.csgraph import dijkstra

        lengths = csr.matrix()
        lengths.data = self.strongest / lengths.data
        far = dijkstra(lengths, indices=sources)
        near: np.ndarray = np.divide(1, far, out=np.zeros_like(far), where=far > 0)
        return near

    def candidates(self, size: int, work: float) -> np.ndarray:
        """The nodes worth a try, as many of highest degree as the work allows, in order."""
        least, most = CANDIDATES
        limit = max(size, min(most, max(least, int(ROUND / max(work, 1)))))
        degree = self.sent.degrees + (0 if self.symmetric else self.received.degrees)
        return np.sort(np.argsort(-degree, kind="stable")[:limit])


class Fragment:
    """F, once the set is gone; all nodes at once from one walk through the network (Tarjan 1972)."""

    limits = ""

    def __init__(self, contacts: Csr) -> None:
        self.contacts, self.candidates = contacts, np.arange(len(contacts))
        self.work: float = len(contacts) + len(contacts.indices)

    def value(self, chosen: Sequence[int]) -> float:
        return fragmentation(self.contacts, chosen)

    def after(self, chosen: Sequence[int], first: int = 0) -> np.ndarray:
        left = len(self.contacts) - len(chosen) - 1
        worth = 1 - pairs_without_each(without(self.contacts, chosen)) / (left * (left - 1))
        worth[list(chosen)] = worth[:first] = np.nan
        return worth


def pairs_without_each(contacts: Csr) -> np.ndarray:
    """How many ordered pairs could still reach each other without each node: all of them in one walk. Linear.

    >>> pairs_without_each(Graph.from_edges(["ab", "bc", "cd"]).contacts).tolist()
    [6, 2, 2, 6]
    """
    n, start, ids = len(contacts), contacts.indptr.tolist(), contacts.indices.tolist()
    seen, low, parent, below = [-1] * n, [0] * n, [-1] * n, [1] * n
    # what hangs on a node alone: how many nodes, and how many pairs within its pieces
    hanging, kept = [0] * n, [0] * n
    clock = 0
    for root in range(n):
        stack = [(root, start[root])] if seen[root] < 0 else []
        while stack:
            v, at = stack.pop()
            if seen[v] < 0:
                seen[v] = low[v] = clock
                clock += 1
            if at < start[v + 1]:
                stack.append((v, at + 1))
                u = ids[at]
                if seen[u] < 0:
                    parent[u] = v
                    stack.append((u, start[u]))
                elif u != parent[v]:
                    low[v] = min(low[v], seen[u])
            elif v != root:
                p, size = parent[v], below[v]
                below[p] += size
                low[p] = min(low[p], low[v])
                if low[v] >= seen[p]:
                    hanging[p] += size
                    kept[p] += size * (size - 1)
    component = kernels.components(contacts)
    part = np.bincount(component, minlength=n).astype(np.int64)[component]
    rest = part - 1 - np.array(hanging, dtype=np.int64)
    here: np.ndarray = np.array(kept, dtype=np.int64) + rest * (rest - 1) - part * (part - 1)
    return here + _pairs(component)


class DistanceFragment:
    """dF, once the set is gone; one search for each candidate."""

    def __init__(self, ways: Ways, size: int) -> None:
        self.ways, self.candidates = ways, ways.candidates(size, ways.work)
        # a search by length costs more than one by steps
        self.work: float = ways.work * len(self.candidates) * (10 if ways.weighted else 1)
        self.limits = _fewer(self.candidates, len(ways.sent)) + ways.limits

    def value(self, chosen: Sequence[int]) -> float:
        return 1 - self.ways.mean(chosen)

    def after(self, chosen: Sequence[int], first: int = 0) -> np.ndarray:
        worth = np.full(len(self.ways.sent), np.nan)
        for node in np.setdiff1d(self.candidates[self.candidates >= first], chosen).tolist():
            worth[node] = self.value([*chosen, node])
        return worth


class DistanceReach:
    """dR; one search for each candidate, and its nearness to all kept."""

    def __init__(self, ways: Ways, size: int) -> None:
        n = len(ways.sent)
        self.candidates = ways.candidates(size, n + len(ways.sent.indices))
        self.near = np.array([ways.to_all(node) for node in self.candidates.tolist()]).reshape(-1, n)
        self.work: float = self.near.size
        self.limits = _fewer(self.candidates, n)

    def value(self, chosen: Sequence[int]) -> float:
        return float(self._nearest(chosen).mean())

    def after(self, chosen: Sequence[int], first: int = 0) -> np.ndarray:
        worth = np.full(self.near.shape[1], np.nan)
        tried = (self.candidates >= first) & ~np.isin(self.candidates, chosen)
        worth[self.candidates[tried]] = np.maximum(self.near[tried], self._nearest(chosen)).mean(axis=1)
        return worth

    def _nearest(self, chosen: Sequence[int]) -> np.ndarray:
        nearest: np.ndarray = self.near[np.isin(self.candidates, chosen)].max(axis=0, initial=0)
        return nearest


def _fewer(candidates: np.ndarray, n: int) -> str:
    return f" among the {len(candidates)} of highest degree" if len(candidates) < n else ""


class Reach:
    """How many others are within some steps of the set.

    What a node adds never grows with the set, so whoever could not be best at its largest is not looked at
    (lazy evaluation: Minoux 1978).
    """

    limits = ""

    def __init__(self, sent: Csr, steps: int) -> None:
        self.sent, self.steps, self.candidates = sent, steps, np.arange(len(sent))
        self.work: float = len(sent) + len(sent.indices)
        self.most = np.ones(len(sent))
        for _ in range(steps):
            self.most = np.minimum(1 + np.bincount(sent.rows, self.most[sent.indices], minlength=len(sent)), len(sent))

    def within(self, node: int) -> np.ndarray:
        """The nodes within some steps of one, itself among them."""
        start, ids = self.sent.indptr, self.sent.indices
        area = front = np.array([node])
        for _ in range(self.steps):
            ahead = np.unique(np.concatenate([ids[start[v] : start[v + 1]] for v in front.tolist()]))
            front = np.setdiff1d(ahead, area, assume_unique=True)
            if not len(front):
                break
            area = np.r_[area, front]
        self.most[node] = len(area)
        return area

    def value(self, chosen: Sequence[int]) -> float:
        return float(self._covered(chosen).sum() - len(chosen))

    def after(self, chosen: Sequence[int], first: int = 0) -> np.ndarray:
        covered, worth, best = self._covered(chosen), np.full(len(self.sent), np.nan), -1.0
        already = int(covered.sum()) - len(chosen) - 1
        for node in np.argsort(-self.most, kind="stable").tolist():
            if already + self.most[node] < best:
                break
            if node >= first and node not in chosen:
                worth[node] = already + int((~covered[self.within(node)]).sum())
                best = max(best, worth[node])
        return worth

    def _covered(self, chosen: Sequence[int]) -> np.ndarray:
        covered = np.full(len(self.sent), False)
        for node in chosen:
            covered[self.within(node)] = True
        return covered


NETWORK_METRICS = {
    "key_players": Metric(
        function=key_players,
        meaning="Which few organisations matter most together, to hold the network together or to reach all the rest.",
        meaning_it="Quali poche organizzazioni contano di più insieme, per tenere unita la rete o raggiungere tutti.",
        definition="fragment: F = 1 - sum of s(s - 1) / n(n - 1) over the parts, of s nodes, of the n nodes left. "
        "distance_fragment: dF = 1 - sum of 1/d_ij / n(n - 1) over the n left. reach: nodes outside the set within "
        "`steps` (2) of it. distance_reach: dR = sum over all n nodes of 1/d from the set / n.",
        convention="dR counts the members of the set at distance 1, so that it is 1 where all others are contacts of "
        "theirs. fragment ignores direction, the others follow arrows away from the set. Steps, not weights; with "
        "`weighted` a tie is as long as the strongest is stronger than it. An isolate is a part of one; it may be "
        "chosen for reach.",
        cost="All sets where that is up to 5,000,000 steps of work (`exact`); else greedy, then swaps until none "
        "helps: some passes for fragment and reach, a search from each of the 500 nodes of highest degree for the "
        "distances, fewer beyond 20,000,000 steps; dF from 512 nodes beyond 2,048 (`search` says so).",
        cite="Borgatti 2006, Computational & Mathematical Organization Theory 12:21-34",
        oracle="pyntacle's figure_8, F .70575, dF .81506, 2-reach 25; R keyplayer `fragment` with weights, 1e-7; "
        "networkx on random networks, 1e-9.",
        differs="pyntacle drops the set from dR (.64062 where this has .70313), others divide by those outside alone "
        "(.68333); UCINET's reach centrality counts the node itself 1, as here.",
        options=("size", "goal", "steps", "weighted"),
    ),
}
