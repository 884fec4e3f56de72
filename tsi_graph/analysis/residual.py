"""What is left of a network when some nodes go, and how near its nodes are to one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

import numpy as np

from tsi_graph import kernels
from tsi_graph.kernels import Csr

EXACT, SOURCES, SEED = 2048, 512, 1
"""Up to how many nodes distances are taken from all of them; from how many beyond, and the seed that draws them."""


def in_order(csr: Csr, order: np.ndarray) -> Csr:
    """The same network with the nodes in another order."""
    place = np.argsort(order)
    moved = kernels.build(len(csr), place[csr.rows], place[csr.indices], csr.weights, symmetric=False)
    return replace(moved, symmetric=csr.symmetric)


def without(csr: Csr, gone: Sequence[int] | np.ndarray) -> Csr:
    """The network with the ties of some nodes gone; the nodes stay as isolates, so that places stay."""
    there = np.full(len(csr), True)
    there[np.asarray(gone, dtype=np.int64)] = False
    keep = there[csr.rows] & there[csr.indices]
    indptr = np.r_[0, np.cumsum(keep, dtype=np.int64)][csr.indptr]
    weights = None if csr.weights is None else csr.weights[keep]
    return Csr(indptr, csr.indices[keep], weights, csr.columns, csr.symmetric)


def fragmentation(contacts: Csr, gone: Sequence[int] | np.ndarray = ()) -> float:
    """Borgatti's F: the share of pairs, among the nodes left, that cannot reach each other; nan for fewer than two."""
    left = len(contacts) - len(gone)
    return 1 - _pairs(kernels.components(without(contacts, gone))) / (left * (left - 1)) if left > 1 else np.nan


def _pairs(component: np.ndarray) -> int:
    """How many ordered pairs are in one part."""
    size = np.bincount(component).astype(np.int64)
    return int((size * (size - 1)).sum())


def pairs_without_each(contacts: Csr) -> np.ndarray:
    """How many ordered pairs could still reach each other without each node: all of them in one walk. Linear.

    >>> path = kernels.build(4, np.array([0, 1, 2]), np.array([1, 2, 3]), symmetric=True)
    >>> pairs_without_each(path).tolist()
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
