"""Which ties are drawn: each pair once, the strongest of each node, and nothing torn apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, eye_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DENSE = 40
"""Mean number of ties per node from which even the two strongest ties of each make a ball."""


@dataclass(frozen=True, eq=False)
class Ties:
    """Tied pairs of positions, the lower first, each once and in order; with strength and kinds ("A|B")."""

    pairs: Ints
    weight: Floats
    kinds: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.kinds)

    def degree(self, n: int) -> Ints:
        return np.bincount(self.pairs.ravel(), minlength=n)

    def __getitem__(self, which: NDArray[np.bool_]) -> Ties:
        return Ties(self.pairs[which], self.weight[which], tuple(np.array(self.kinds, dtype=object)[which]))

    def among(self, keep: NDArray[np.bool_]) -> Ties:
        """The ties among some nodes, with positions counted among those."""
        left = self[np.all(keep[self.pairs], axis=1)]
        return Ties((np.cumsum(keep) - 1)[left.pairs], left.weight, left.kinds)


def bundle(ends: Iterable[tuple[int, int, float, str]]) -> Ties:
    """Parallel ties made one: weights add up, kinds stand side by side; loops are left out."""
    weights: dict[tuple[int, int], list[float]] = defaultdict(list)
    kinds: dict[tuple[int, int], set[str]] = defaultdict(set)
    for i, j, weight, kind in ends:
        if i != j:
            pair = (i, j) if i < j else (j, i)
            weights[pair].append(weight)
            kinds[pair].update(kind.split("|"))
    order = sorted(weights)
    return Ties(
        np.array(order, dtype=np.int64).reshape(-1, 2),
        # sorted and rounded: the sum must not depend on the order of the rows
        np.array([round(sum(sorted(weights[pair])), 12) for pair in order], dtype=float),
        tuple("|".join(sorted(kinds[pair])) for pair in order),
    )


def backbone(ties: Ties, n: int) -> NDArray[np.bool_]:
    """Which ties to draw so that the picture is a map: the 2 strongest of each node and a spanning forest.

    In a dense graph (over 40 ties per node) the one tie of each whose ends share most neighbours.
    Equal strengths go by position.
    """
    dense = 2 * len(ties) > DENSE * n
    strength = overlap(ties, n) if dense else ties.weight
    order = np.lexsort((ties.pairs[:, 1], ties.pairs[:, 0], -strength.round(12)))
    near: dict[int, list[int]] = defaultdict(list)
    for tie in order.tolist():
        for node in ties.pairs[tie].tolist():
            near[node].append(tie)
    drawn = np.zeros(len(ties), dtype=bool)
    drawn[[tie for mine in near.values() for tie in mine[: 1 if dense else 2]]] = True
    drawn[_forest(ties.pairs, order.tolist(), n)] = True
    return drawn


def _forest(pairs: Ints, order: Sequence[int], n: int) -> list[int]:
    """The ties of a spanning forest, taken in the given order (Kruskal)."""
    root = list(range(n))

    def find(i: int) -> int:
        path = [i]
        while root[path[-1]] != path[-1]:
            path.append(root[path[-1]])
        for one, _ in pairwise(path):
            root[one] = path[-1]
        return path[-1]

    kept = []
    for tie in order:
        a, b = (find(i) for i in pairs[tie].tolist())
        if a != b:
            root[a] = b
            kept.append(tie)
    return kept


def overlap(ties: Ties, n: int) -> Floats:
    """Shared neighbours over all neighbours of the two ends of each tie, ends included (Jaccard)."""
    i, j = ties.pairs.T
    ones = np.ones(len(ties))
    near = (coo_array((ones, (i, j)), shape=(n, n)).tocsr() + eye_array(n, format="csr")).maximum(
        coo_array((ones, (j, i)), shape=(n, n)).tocsr()
    )
    shared = np.asarray(near[i].multiply(near[j]).sum(axis=1)).ravel()
    size = np.asarray(near.sum(axis=1)).ravel()
    return np.asarray(shared / (size[i] + size[j] - shared))


def folded(ties: Ties, white: NDArray[np.bool_]) -> dict[int, int]:
    """Organisations to hide in print: their only tie is to one project, network or fund that has others too.

    Each hidden position with the position of what it is tied to.
    """
    degree = ties.degree(len(white))
    out = {}
    for a, b in ties.pairs.tolist():
        for one, other in ((a, b), (b, a)):
            if degree[one] == 1 and not white[one] and white[other] and degree[other] > 1:
                out[one] = other
    return out
