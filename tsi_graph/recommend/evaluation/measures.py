"""How well a ranking foresaw who met: per query, then on average with an interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

DEPTH = 60
"""How far down each ranking is looked at."""
BLOCK = 50
"""How many bootstrap samples are drawn at once."""
MEASURES = ("p10", "hit10", "recall50", "mrr")
"""Precision among the first 10; a hit among them; recall in the first 50 of at most 50; 1 / rank of the first hit."""


@dataclass(frozen=True)
class Measure:
    """A mean over the queries, and its difference to the baseline's, each with its 95 % bootstrap interval.

    gain is the difference as a share of the baseline's mean. The intervals draw queries anew; the two
    scores are compared on the same draws. nan for the baseline's own difference, and for the gain over
    nothing.
    """

    mean: float
    low: float
    high: float
    difference: float
    difference_low: float
    difference_high: float
    gain: float
    gain_low: float
    gain_high: float


def measured(ranked: np.ndarray, new: np.ndarray) -> tuple[float, ...]:
    """MEASURES of one ranking against those who were met; recall is nan where nobody was.

    >>> measured(np.array([4, 7, 9]), np.array([7, 8]))
    (0.1, 1.0, 0.5, 0.5)
    """
    hit = np.isin(ranked[:DEPTH], new)
    first = np.flatnonzero(hit)
    recall = hit[:50].sum() / min(50, len(new)) if len(new) else np.nan
    reciprocal = 1 / (first[0] + 1) if len(first) else 0.0
    return float(hit[:10].sum() / 10), float(hit[:10].any()), float(recall), float(reciprocal)


def resampled(values: np.ndarray, resamples: int, seed: int) -> np.ndarray:
    """The mean of each column in each bootstrap sample of the rows, over the rows where it is defined.

    Rows are drawn a block of samples at a time, so that memory does not hang on how many there are.
    """
    queries, dice = len(values), np.random.default_rng(seed)
    known, means = np.isfinite(values), np.empty((resamples, values.shape[1]))
    filled = np.where(known, values, 0.0)
    for start in range(0, resamples, BLOCK):
        block = means[start : start + BLOCK]
        times = dice.multinomial(queries, np.full(queries, 1 / queries), size=len(block)).astype(float)
        block[:] = times @ filled / np.maximum(times @ known, 1)
    return means


def compared(own: np.ndarray, means: np.ndarray, baseline: np.ndarray, others: np.ndarray) -> Measure:
    """A measure by query and its means over bootstrap samples, beside those of the baseline.

    Both are defined for the same queries. The interval of the gain is that of the ratio, sample by sample.
    """
    mean, other = float(np.nanmean(own)), float(np.nanmean(baseline))
    low, high = np.quantile(means, [0.025, 0.975])
    if own is baseline:
        nan = float("nan")
        return Measure(mean, float(low), float(high), nan, nan, nan, nan, nan, nan)
    d_low, d_high = np.quantile(means - others, [0.025, 0.975])
    ratio = means / others - 1 if (others > 0).all() else np.full(len(means), np.nan)
    g_low, g_high = np.quantile(ratio, [0.025, 0.975])
    return Measure(
        mean, float(low), float(high), mean - other, float(d_low), float(d_high),
        mean / other - 1 if other else float("nan"), float(g_low), float(g_high),
    )  # fmt: skip
