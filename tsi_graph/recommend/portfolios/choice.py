"""Choosing together: the best few of many, where each next one adds less, under limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush
from math import e as euler

import numpy as np
from scipy.sparse import csr_array

TINY = 1e-9
"""A gain smaller than this is none."""


@dataclass(frozen=True, eq=False)
class Task:
    """What may be chosen, what each choice covers, and what limits it.

    cover [e, u] is how likely e is to cover u, from 0 to 1; worth [u] is what u counts once covered. The value of
    a choice is the sum over u of worth * (1 - product of (1 - cover)): monotone, and each next e adds less
    (submodular). limits [e, g] is 1 where e counts against limit g, of which `most` [g] may be chosen; size is
    how many may be in all. Equal gains go to the smaller row.
    """

    cover: csr_array
    worth: np.ndarray
    limits: csr_array
    most: np.ndarray
    size: int

    def __len__(self) -> int:
        return int(self.cover.shape[0])

    @cached_property
    def rows(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """What each choice covers, and how likely."""
        ends = list(zip(self.cover.indptr[:-1].tolist(), self.cover.indptr[1:].tolist(), strict=True))
        return [(self.cover.indices[a:b], self.cover.data[a:b]) for a, b in ends]

    @cached_property
    def bounds(self) -> list[np.ndarray]:
        """The limits that each choice counts against."""
        ends = zip(self.limits.indptr[:-1].tolist(), self.limits.indptr[1:].tolist(), strict=True)
        return [self.limits.indices[a:b] for a, b in ends]

    def open(self, chosen: Sequence[int]) -> np.ndarray:
        """What is left of each worth once some are chosen."""
        left = self.worth.astype(float)
        for e in chosen:
            what, likely = self.rows[e]
            left[what] *= 1 - likely
        return left

    def value(self, chosen: Sequence[int]) -> float:
        return float((self.worth - self.open(chosen)).sum())

    def gains(self, chosen: Sequence[int]) -> np.ndarray:
        """What each choice would add; 0 for the chosen. Rounded, so that ties are ties."""
        added = np.asarray(self.cover @ self.open(chosen)).round(12)
        added[list(chosen)] = 0.0
        return added

    def room(self, chosen: Sequence[int]) -> np.ndarray:
        """Which may still be chosen beside some."""
        if len(chosen) >= self.size:
            return np.zeros(len(self), bool)
        used = np.asarray(self.limits[list(chosen)].sum(axis=0)) if chosen else np.zeros(len(self.most))
        full = (used >= self.most).astype(float)
        free: np.ndarray = np.asarray(self.limits @ full) == 0
        free[list(chosen)] = False
        return free


def choose(task: Task) -> list[int]:
    """Lazy greedy (Minoux 1978), `settled`: greedy's guarantee stands."""
    return settled(task, [])


def settled(task: Task, chosen: Sequence[int]) -> list[int]:
    """A choice, filled up greedily, that no single exchange improves; in the order in which each adds most.

    Exchanges one for one as long as one pays, or is worth the same and has a smaller row, and adds whatever then
    still fits: the value never falls. Nothing is chosen that adds nothing.
    """
    found = greedy(task, chosen)
    while (better := _exchanged(task, found)) is not None:
        found = greedy(task, better)
    return _in_order(task, found)


def greedy(task: Task, chosen: Sequence[int]) -> list[int]:
    """Choices added one by one, each time the one that adds most, until the limits or the gains are exhausted.

    Gains only fall, so that a gain computed earlier is a ceiling: most are never computed again.
    """
    picked = list(chosen)
    left, used = task.open(picked), np.zeros(len(task.most))
    for e in picked:
        used[task.bounds[e]] += 1
    # gain at the last look, row, number chosen at that look
    heap = [(-gain, e, len(picked)) for e, gain in enumerate(task.gains(picked).tolist()) if gain > TINY]
    heapify(heap)
    while heap and len(picked) < task.size:
        _, e, seen = heappop(heap)
        if (used[task.bounds[e]] >= task.most[task.bounds[e]]).any():
            continue
        what, likely = task.rows[e]
        if seen < len(picked):
            gain = round(float(left[what] @ likely), 12)
            if gain > TINY:
                heappush(heap, (-gain, e, len(picked)))
            continue
        picked.append(e)
        left[what] *= 1 - likely
        used[task.bounds[e]] += 1
    return picked


def _exchanged(task: Task, chosen: list[int]) -> list[int] | None:
    """The first exchange of one for one that pays, or puts a smaller row in place of an equal one."""
    for at, e in enumerate(chosen):
        rest = chosen[:at] + chosen[at + 1 :]
        gains = task.gains(rest)
        other = _best(gains, task.room(rest))
        if other is not None and (gains[other] > gains[e] + TINY or (gains[other] == gains[e] and other < e)):
            return [*rest, other]
    return None


def _best(gains: np.ndarray, allowed: np.ndarray) -> int | None:
    if not allowed.any():
        return None
    best = int(np.argmax(np.where(allowed, gains, -1.0)))
    return best if gains[best] > TINY else None


def _in_order(task: Task, chosen: Sequence[int]) -> list[int]:
    """The same choice, the largest addition first; what an exchange has left without any is dropped."""
    waiting, ordered = sorted(chosen), list[int]()
    while waiting:
        gains = task.gains(ordered)
        best = max(waiting, key=lambda e: (gains[e], -e))
        if gains[best] <= TINY:
            break
        ordered.append(best)
        waiting.remove(best)
    return ordered


def runner_up(
    task: Task, chosen: Sequence[int], at: int, other: np.ndarray, alike: np.ndarray
) -> tuple[int, float] | None:  # fmt: skip
    """Which other would best take the place of one choice, and the value with it: one `alike` if there is, else any."""
    rest = [e for k, e in enumerate(chosen) if k != at]
    gains, room = task.gains(rest), task.room(rest) & other
    room[chosen[at]] = False
    best = _best(gains, room & alike)
    best = _best(gains, room) if best is None else best
    return None if best is None else (best, task.value([*rest, best]))


def guarantee(task: Task) -> float:
    """The share of the best possible that greedy is certain to reach, whatever the numbers.

    1 where no limit can bind; 1 - 1/e under the size alone (Nemhauser, Wolsey & Fisher 1978); else
    1 / (p + 1), p being the most binding limits that one choice counts against (Fisher, Nemhauser &
    Wolsey 1978: such limits are a p-system). The size counts as one of them, unless no choice counts
    against two: then size and limits together are one matroid.
    """
    binding = np.bincount(task.limits.indices, minlength=len(task.most)) > task.most
    most = max((int(binding[bounds].sum()) for bounds in task.bounds), default=0)
    sized = len(task) > task.size
    if most == 0:
        return 1 - 1 / euler if sized else 1.0
    return 1 / (most + (1 if sized and most > 1 else 0) + 1)
