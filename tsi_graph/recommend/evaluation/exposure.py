"""Who gets to be seen: the places in the top ten by size, sector and territory, against the share of organisations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tsi_graph.recommend.columns import of_nodes
from tsi_graph.recommend.evaluation.cuts import Cut

SIZES = ((1, "1"), (2, "2-3"), (4, "4-9"), (10, "10-29"), (30, "30+"))
"""By how many things an organisation takes part in: from how many on, and how it is written."""
SHOWN = 8
"""How many groups of a sort are told apart; the smaller ones are put together."""


@dataclass(frozen=True)
class Exposure:
    """A group, its share of the organisations that could be named and of the places among the first ten.

    ratio is the second over the first: 1 is even, above 1 is seen more than its share. baseline is the
    share of places that Adamic-Adar gives it.
    """

    by: str
    group: str
    organisations: int
    share: float
    exposure: float
    ratio: float
    baseline: float


def exposures(cut: Cut, tops: Sequence[np.ndarray], baseline: Sequence[np.ndarray]) -> list[Exposure]:
    """One row for each group, the largest first, by size and by what is documented of at least half of them."""
    seen, other = (np.concatenate([*places, np.array([], int)]).astype(int) for places in (tops, baseline))
    columns = {"size": sizes(cut.events)}
    for column in ("sector", "country", "city"):
        words = of_nodes(cut.before, column)
        if (words[cut.there] != "").mean() >= 0.5 and len(set(words[cut.there])) > 1:
            columns[column] = words
    return [row for by, words in columns.items() for row in _by(by, words, cut.there, seen, other)]


def sizes(events: np.ndarray) -> np.ndarray:
    """The class of size of each.

    >>> sizes(np.array([1, 3, 40])).tolist()
    ['1', '2-3', '30+']
    """
    names = np.array(["0", *(name for _, name in SIZES)], dtype=object)
    return np.asarray(names[np.searchsorted([least for least, _ in SIZES], events, side="right")])


def _by(by: str, words: np.ndarray, there: np.ndarray, seen: np.ndarray, other: np.ndarray) -> list[Exposure]:
    names, counts = np.unique(words[there].astype(str), return_counts=True)
    largest = names[np.argsort(-counts, kind="stable")][:SHOWN]
    order = [name for _, name in SIZES if name in names] if by == "size" else [*largest]
    group = np.where(np.isin(words.astype(str), order), words, "others")
    rows = [*order, *(["others"] if len(names) > len(order) else [])]
    out = []
    for name in rows:
        many = int((group[there] == name).sum())
        share, exposure, baseline = many / int(there.sum()), _share(group[seen] == name), _share(group[other] == name)
        out.append(Exposure(by, str(name) or "not documented", many, share, exposure, exposure / share, baseline))
    return out


def _share(which: np.ndarray) -> float:
    return float(which.mean()) if len(which) else float("nan")
