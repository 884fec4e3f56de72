"""How well a ranking foresaw who met: per query, then on average with an interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

DEPTH = 60
"""How far down each ranking is looked at."""
MEASURES = ("p10", "hit10", "recall50", "mrr")
"""Precision among the first 10; a hit among them; recall in the first 50 of at most 50; 1 / rank of the first hit."""


@dataclass(frozen=True)
class Measure:
    """A mean over the queries, and its difference to the baseline's, each with its 95 % bootstrap interval.

    gain is the difference as a share of the baseline's mean. The intervals draw queries anew; the two
    scores are compared on the same draws. nan for the baseline's own difference.
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


def draws(queries: int, resamples: int, seed: int) -> np.ndarray:
    """How often each query is drawn in each bootstrap sample."""
    dice = np.random.default_rng(seed)
    return dice.multinomial(queries, np.full(queries, 1 / queries), size=resamples).astype(float)


def compared(own: np.ndarray, baseline: np.ndarray, drawn: np.ndarray) -> Measure:
    """The mean of a measure over the queries where it is defined, beside the baseline's."""
    known = np.isfinite(own) & np.isfinite(baseline)
    weight = drawn[:, known]
    total = np.maximum(weight.sum(axis=1), 1)
    ours, theirs = weight @ own[known] / total, weight @ baseline[known] / total
    mean, other = float(own[known].mean()), float(baseline[known].mean())
    low, high = np.quantile(ours, [0.025, 0.975])
    if own is baseline:
        nan = float("nan")
        return Measure(mean, float(low), float(high), nan, nan, nan, nan, nan, nan)
    d_low, d_high = np.quantile(ours - theirs, [0.025, 0.975])
    share = 1 / other if other else float("nan")
    return Measure(
        mean, float(low), float(high), mean - other, float(d_low), float(d_high),
        (mean - other) * share, float(d_low) * share, float(d_high) * share,
    )  # fmt: skip
