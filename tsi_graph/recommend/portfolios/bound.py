"""How far from the best a choice can be, and a better one where the bound itself shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array, hstack, vstack

from tsi_graph.recommend.portfolios.choice import TINY, Task, choose, settled

TRIES = 5
"""How many times the programme may point to a better choice."""


@dataclass(frozen=True, eq=False)
class Cuts:
    """For each row k: what any choice x covers of u = about[k] is at most base[k] + slope[k] @ x."""

    about: np.ndarray
    base: np.ndarray
    slope: csr_array


def online(task: Task, chosen: Sequence[int]) -> float:
    """The value, and on top of it as many of the largest remaining gains as may be chosen, limits apart.

    The bound of Leskovec et al. (2007, KDD, "Cost-effective outbreak detection"): true for any choice,
    since gains only fall.
    """
    return task.value(chosen) + float(np.sort(task.gains(chosen))[::-1][: task.size].sum())


def best(task: Task) -> tuple[list[int], float]:
    """The best choice found and its ceiling: greedy with exchanges, or what the bound's programme points to.

    The answer of that programme is often whole, and then the best there is; only a choice that is worth more
    takes the place of greedy's.
    """
    chosen = choose(task)
    most, shares = _bounded(task, chosen)
    for _ in range(TRIES):
        better = settled(task, _fitting(task, shares))
        if task.value(better) <= task.value(chosen) + TINY:
            break
        chosen = better
        lower, shares = _bounded(task, chosen)
        most = min(most, lower)
    return chosen, max(most, task.value(chosen))


def _fitting(task: Task, shares: np.ndarray) -> list[int]:
    """Those of which at least one half is chosen, the largest shares first, as far as the limits allow."""
    chosen: list[int] = []
    for e in np.argsort(-shares.round(6), kind="stable").tolist():
        if shares[e] < 0.5 - TINY:
            break
        if task.room(chosen)[e]:
            chosen.append(e)
    return chosen


def ceiling(task: Task, chosen: Sequence[int]) -> float:
    """No choice within the limits is worth more than this; the smaller of two bounds.

    One is `online`, at every step of the choice. The other asks it of each thing covered and keeps the limits:
    the inequalities of Nemhauser & Wolsey (1981) that the steps give, maximised over fractional choices
    (a linear programme). Its answer is computed anew from the prices of that programme, so that it is
    true however exactly it was solved. Costs one linear programme of a variable per choice.
    """
    return _bounded(task, chosen)[0]


def _bounded(task: Task, chosen: Sequence[int]) -> tuple[float, np.ndarray]:
    """The ceiling, and how much of each the programme would choose."""
    steps = min(online(task, chosen[:k]) for k in range(len(chosen) + 1))
    most, shares = _priced(task, cuts(task, chosen))
    return max(min(steps, most), task.value(chosen)), shares


def cuts(task: Task, chosen: Sequence[int]) -> Cuts:
    """For each thing that can be covered a row for each step of the choice that covers some of it, and one for none."""
    columns = task.cover.tocsc()
    about, base, rows, where, slope = list[int](), list[float](), list[int](), list[int](), list[float]()
    for u in np.flatnonzero((task.worth > 0) & (np.diff(columns.indptr) > 0)).tolist():
        span = slice(columns.indptr[u], columns.indptr[u + 1])
        likely = dict(zip(columns.indices[span].tolist(), columns.data[span].tolist(), strict=True))
        left = float(task.worth[u])
        for e in [None, *(e for e in chosen if e in likely)]:
            # past this step, the chosen so far add nothing
            left *= 1 - (likely.pop(e) if e is not None else 0.0)
            rows += [len(about)] * len(likely)
            where += likely
            slope += [left * share for share in likely.values()]
            about.append(u)
            base.append(float(task.worth[u]) - left)
    return Cuts(np.array(about, int), np.array(base), csr_array((slope, (rows, where)), shape=(len(about), len(task))))


def _priced(task: Task, cuts: Cuts) -> tuple[float, np.ndarray]:
    """The largest value that the cuts and the limits allow to a fractional choice, by its dual prices; that choice."""
    from scipy.optimize import linprog

    if not len(cuts.about):
        return 0.0, np.zeros(len(task))
    things, row = np.unique(cuts.about, return_inverse=True)
    n, m, k = len(things), len(task), len(cuts.about)
    ones = csr_array((np.ones(k), (np.arange(k), row)), shape=(k, n))
    against = csr_array(vstack([task.limits.T, csr_array(np.ones((1, m)))]))
    most = np.r_[task.most, task.size]
    upper: Any = vstack([_beside(-cuts.slope, ones), _beside(against, csr_array((len(most), n)))])
    bounds = [(0.0, 1.0)] * m + [(0.0, None)] * n
    found = linprog(
        np.r_[np.zeros(m), -np.ones(n)], A_ub=upper, b_ub=np.r_[cuts.base, most], bounds=bounds, method="highs"
    )
    solved = found.status == 0 and found.x is not None
    prices = -found.ineqlin.marginals if solved else np.zeros(k + len(most))
    weight, price = np.maximum(prices[:k], 0), np.maximum(prices[k:], 0)
    # any mean of the cuts of one thing is a cut, and any price of a limit an honest one: weak duality
    total = np.bincount(row, weight, minlength=n)
    weight = np.where(total[row] > 0, weight / np.where(total > 0, total, 1)[row], 1 / np.bincount(row)[row])
    profit = np.asarray(cuts.slope.T @ weight - against.T @ price)
    value = float(weight @ cuts.base + price @ most + np.maximum(profit, 0).sum())
    return value, np.zeros(m) if found.x is None else np.asarray(found.x[:m])


def _beside(a: csr_array, b: csr_array) -> csr_array:
    return csr_array(hstack([a, b]))
