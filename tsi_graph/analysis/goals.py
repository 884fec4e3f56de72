"""What a set of nodes is worth: for breaking the network once it is gone, or for reaching the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from tsi_graph.analysis.residual import Ways, fragmentation, pairs_without_each, without
from tsi_graph.kernels import Csr

ROUND = 20_000_000
"""Steps of work that one look at all candidates may take; the distance goals have fewer candidates beyond."""
CANDIDATES = (20, 500)
"""But never fewer or more than these."""


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


class DistanceFragment:
    """dF, once the set is gone; one search for each candidate."""

    def __init__(self, ways: Ways, size: int) -> None:
        self.ways, self.candidates = ways, _candidates(ways, size, ways.work)
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
        self.candidates = _candidates(ways, size, n + len(ways.sent.indices))
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


def _candidates(ways: Ways, size: int, work: float) -> np.ndarray:
    """The nodes worth a try, as many of highest degree as the work allows, in order."""
    least, most = CANDIDATES
    limit = max(size, min(most, max(least, int(ROUND / max(work, 1)))))
    degree = ways.sent.degrees + (0 if ways.symmetric else ways.received.degrees)
    return np.sort(np.argsort(-degree, kind="stable")[:limit])


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
