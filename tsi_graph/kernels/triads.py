"""Every closed triad of a sparse network, listed once; and the two families of measures that follow, in NumPy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from scipy.sparse import csr_array
from scipy.special import xlogy

from tsi_graph.kernels.csr import Csr

BATCH = 1 << 20
"""Triads handed over at a time: enough to keep NumPy busy, small enough for any laptop."""


@dataclass(frozen=True)
class Skeleton:
    """Each tie once, pointing from the node with fewer contacts to the one with more.

    Tie e goes from tail[e] to head[e] with weight[e]; ties of tail i stand at start[i] to start[i + 1].
    No node sends more than the square root of twice the ties, so hubs cost nothing.
    """

    tail: np.ndarray
    head: np.ndarray
    weight: np.ndarray
    start: np.ndarray


def skeleton(symmetric: Csr) -> Skeleton:
    """The skeleton of a symmetric network."""
    n, degree = len(symmetric), symmetric.degrees
    rank = np.empty(n, dtype=np.int64)
    rank[np.argsort(degree, kind="stable")] = np.arange(n)
    tail, head = np.repeat(np.arange(n), degree), symmetric.indices.astype(np.int64)
    up = rank[tail] < rank[head]
    start = np.r_[0, np.cumsum(np.bincount(tail[up], minlength=n))]
    return Skeleton(tail[up], head[up], symmetric.values[up], start)


def triads(skel: Skeleton) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Batches of closed triads u, v, w as positions of their three ties: (u-v, v-w, u-w).

    Costs at most ties * sqrt(2 ties) look-ups; memory is one batch and what a single node adds to it.
    """
    tie_to = np.full(len(skel.start) - 1, -1, dtype=np.int64)
    kept: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    waiting = 0
    for u in np.flatnonzero(np.diff(skel.start) > 1):
        first = np.arange(skel.start[u], skel.start[u + 1])
        v = skel.head[first]
        tie_to[v] = first
        size = skel.start[v + 1] - skel.start[v]
        second = np.arange(size.sum()) + np.repeat(skel.start[v] - (np.cumsum(size) - size), size)
        third = tie_to[skel.head[second]]
        closed = np.flatnonzero(third >= 0)
        tie_to[v] = -1
        kept.append((np.repeat(first, size)[closed], second[closed], third[closed]))
        waiting += len(closed)
        if waiting >= BATCH:
            yield _joined(kept)
            kept, waiting = [], 0
    if waiting:
        yield _joined(kept)


def _joined(
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    first, second, third = (np.concatenate(column) for column in zip(*parts, strict=True))
    return first, second, third


def structural_holes(csr: Csr) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    n, skel, k = len(csr), skeleton(csr), csr.degrees
    s = np.bincount(csr.rows, csr.values, minlength=n)
    largest = np.zeros(n)
    np.maximum.at(largest, csr.rows, csr.values)
    invested, redundancy, m = skel.weight.astype(float), np.zeros(n), len(skel.tail)
    triangles = np.zeros(n, dtype=np.int64)
    for ij, jk, ik in triads(skel):
        i, j, q = skel.tail[ij], skel.head[ij], skel.head[jk]
        wij, wjk, wik = skel.weight[ij], skel.weight[jk], skel.weight[ik]
        # a weight and what divides it first: that of two weights may be no number
        invested += np.bincount(ij, wik * (wjk / s[q]), minlength=m)
        invested += np.bincount(jk, wij * (wik / s[i]), minlength=m)
        invested += np.bincount(ik, wij * (wjk / s[j]), minlength=m)
        redundancy += np.bincount(i, wjk * (wik / largest[j] + wij / largest[q]) / s[i], minlength=n)
        redundancy += np.bincount(j, wik * (wjk / largest[i] + wij / largest[q]) / s[j], minlength=n)
        redundancy += np.bincount(q, wij * (wjk / largest[i] + wik / largest[j]) / s[q], minlength=n)
        triangles += np.bincount(np.r_[i, j, q], minlength=n)
    ego = np.r_[skel.tail, skel.head]
    dyadic = (np.r_[invested, invested] / s[ego]) ** 2
    contacts = np.where(k > 0, k, np.nan)
    constraint = np.where(k > 0, np.bincount(ego, dyadic, minlength=n), np.nan)
    share = dyadic / (constraint / contacts)[ego]
    spread = np.bincount(ego, xlogy(share, share), minlength=n)
    hierarchy = np.where(k == 1, 1.0, spread / np.where(k == 1, 1.0, contacts * np.log(contacts)))
    return constraint, contacts - redundancy, hierarchy, triangles


# By whether the group of a is the broker's (4), that of b is the broker's (2), both are one (1).
_ROLE = np.array([4, 1, 3, -1, 2, -1, -1, 0])


def roles(sent: Csr, received: Csr, group: np.ndarray, groups: int) -> np.ndarray:
    """All pairs a -> node -> b of different nodes, less those where a -> b as well."""
    joined: np.ndarray = _two_step(sent.matrix().astype(bool), group, groups) - _closed(sent, received, group)
    return joined


def _two_step(sent: csr_array, group: np.ndarray, groups: int) -> np.ndarray:
    n = len(group)
    member = csr_array((np.ones(n, dtype=np.int64), (np.arange(n), group)), shape=(n, groups))
    sent = sent.astype(np.int64)
    to, by, mutual = sent @ member, sent.T @ member, sent.multiply(sent.T) @ member
    out, into, both = (np.asarray(m.sum(axis=1)) for m in (to, by, mutual))
    out_own, into_own, both_own = (np.asarray(m.multiply(member).sum(axis=1)) for m in (to, by, mutual))
    same_group = np.asarray(by.multiply(to).sum(axis=1)) - into_own * out_own
    return np.column_stack(
        [
            into_own * out_own - both_own,
            same_group - (both - both_own),
            into_own * (out - out_own),
            (into - into_own) * out_own,
            (into - into_own) * (out - out_own) - same_group,
        ]
    )


def _closed(sent: Csr, received: Csr, group: np.ndarray) -> np.ndarray:
    n = len(group)
    either = Csr.of(sent.matrix() + received.matrix())
    skel = skeleton(either)
    entry = sent.rows.astype(np.int64) * n + sent.indices
    forth, back = np.isin(skel.tail * n + skel.head, entry), np.isin(skel.head * n + skel.tail, entry)
    count = np.zeros(n * 5, dtype=np.int64)
    for batch in triads(skel):
        node = (skel.tail[batch[0]], skel.head[batch[0]], skel.head[batch[1]])
        goes, same = {}, {}
        for tie, (x, y) in zip(batch, ((0, 1), (1, 2), (0, 2)), strict=True):
            goes[x, y], goes[y, x] = forth[tie], back[tie]
            same[x, y] = same[y, x] = group[node[x]] == group[node[y]]
        for a, v, b in permutations(range(3)):
            closed = goes[a, v] & goes[v, b] & goes[a, b]
            role = _ROLE[4 * same[a, v] + 2 * same[v, b] + same[a, b]]
            count += np.bincount((node[v] * 5 + role)[closed], minlength=len(count))
    return count.reshape(n, 5)
