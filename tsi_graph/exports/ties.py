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

KEPT = 1.25
"""How much more a tie counts that the last edition drew. With 5 % of all ties changed an organisation of Torino then
moves 3.1 % of the diagonal and not 3.3, one of 400 densely tied ones 2.1 and not 6.3."""


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
    rows = [row for row in ends if row[0] != row[1]]
    if not rows:
        return Ties(np.zeros((0, 2), dtype=np.int64), np.zeros(0), ())
    i, j, weights, kinds = zip(*rows, strict=True)
    both, weight = np.array([i, j], dtype=np.int64), np.array(weights, dtype=float)
    known = sorted(set(kinds))
    code = np.searchsorted(np.array(known, dtype=object), np.array(kinds, dtype=object))
    low, high = both.min(0), both.max(0)
    # by weight within a pair, and rounded: the sum must not depend on the order of the rows
    order = np.lexsort((code, weight, high, low))
    low, high, weight, code = low[order], high[order], weight[order], code[order]
    new = np.r_[True, (np.diff(low) != 0) | (np.diff(high) != 0)]
    first = np.flatnonzero(new)
    said = [{c} for c in code[first].tolist()]
    other = np.flatnonzero(~new & np.r_[False, np.diff(code) != 0])
    for row, pair in zip(other.tolist(), (np.cumsum(new) - 1)[other].tolist(), strict=True):
        said[pair].add(int(code[row]))
    names: dict[frozenset[int], str] = {}
    for one in map(frozenset, said):
        names.setdefault(one, "|".join(sorted({part for c in one for part in known[c].split("|")})))
    total = np.add.reduceat(weight, first).round(12)
    return Ties(np.c_[low[first], high[first]], total, tuple(names[frozenset(one)] for one in said))


def backbone(ties: Ties, n: int, before: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """Which ties to draw so that the picture is a map: the 2 strongest of each node and a spanning forest.

    In a dense graph (over 40 ties per node) the one tie of each whose ends share most neighbours.
    Equal strengths go by position. before: which ties the last edition drew; they count a quarter more, so that
    a small change of strengths does not exchange them.
    """
    dense = 2 * len(ties) > DENSE * n
    strength = overlap(ties, n) if dense else ties.weight
    if before is not None:
        strength = np.where(before, KEPT * strength, strength)
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
    ones = np.ones(len(ties), dtype=np.int8)  # the rows of both ends of every tie are many: small numbers
    near = (coo_array((ones, (i, j)), shape=(n, n)).tocsr() + eye_array(n, dtype=np.int8, format="csr")).maximum(
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
