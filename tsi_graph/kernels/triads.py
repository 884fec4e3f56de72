"""Every closed triad of a sparse network, listed once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

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
