"""What R's sna does for Gould-Fernandez roles, in NumPy: every two-path is listed and looked up, hubs and all."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from peers.base import Peer

BATCH = 2_000_000
"""How many two-paths are listed at a time."""
ROLE = np.array([4, 1, 3, -1, 2, -1, -1, 0])
"""By whether the group of a is the broker's (4), that of b is the broker's (2), both are one (1)."""


class Arcs(NamedTuple):
    """Arcs sorted by source, where those of each node start, and each as one number."""

    source: np.ndarray
    target: np.ndarray
    start: np.ndarray
    key: np.ndarray


class Adapter(Peer):
    distribution = "numpy"

    def build_directed(self) -> Arcs:
        key = np.sort(self.network.arc_source * self.n + self.network.arc_target)
        source, target = key // self.n, key % self.n
        return Arcs(source, target, np.searchsorted(source, np.arange(self.n + 1)), key)

    def roles(self) -> np.ndarray:
        arcs, group, counts = self.digraph, self.network.sector, np.zeros(self.n * 5, np.int64)
        paths = np.cumsum(np.diff(arcs.start)[arcs.target])
        cuts = np.searchsorted(paths, np.arange(BATCH, paths[-1], BATCH))
        for first in np.split(np.arange(len(arcs.source)), cuts):
            a, broker, b = _two_paths(arcs, first)
            place = np.searchsorted(arcs.key, a * self.n + b)
            closed = arcs.key[np.minimum(place, len(arcs.key) - 1)] == a * self.n + b
            a, broker, b = (nodes[(a != b) & ~closed] for nodes in (a, broker, b))
            ga, gv, gb = group[a], group[broker], group[b]
            role = ROLE[4 * (ga == gv) + 2 * (gb == gv) + (ga == gb)]
            counts += np.bincount(broker * 5 + role, minlength=len(counts))
        return counts.reshape(self.n, 5)


def _two_paths(arcs: Arcs, first: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Start, middle and end of each path that begins with one of these arcs."""
    middle = arcs.target[first]
    further = arcs.start[middle + 1] - arcs.start[middle]
    own = np.repeat(np.arange(len(first)), further)
    step = np.arange(len(own)) - np.repeat(np.cumsum(further) - further, further)
    return arcs.source[first][own], middle[own], arcs.target[arcs.start[middle][own] + step]
