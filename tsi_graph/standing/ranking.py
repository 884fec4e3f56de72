"""Which statements stand in a view, and which of them win."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from tsi_graph.dates import days
from tsi_graph.standing.bodies import unified
from tsi_graph.standing.coded import Coded, coded
from tsi_graph.standing.disagreements import disagreements, records
from tsi_graph.standing.force import in_force
from tsi_graph.statements import DATES, Table

SAID = ["value", *DATES, "from_min", "from_max", "to_min", "to_max"]
"""What `disagreements` reads of a statement."""


@dataclass(frozen=True)
class Ranked:
    """Rows of a table that a view shows, best first within each fact; `first` marks the best of each.

    `at_odds` names, by the code of a fact, the fields on which its statements differ; `rank` gives for each row
    of such a fact what it is ranked by, the smaller the better: see `WHY`.
    """

    rows: np.ndarray
    first: np.ndarray
    at_odds: dict[int, tuple[str, ...]]
    rank: dict[int, tuple[int, ...]]


def ranked(
    table: Table,
    *,
    as_of: str | None = None,
    known_at: datetime | None = None,
    sure: bool = False,
    confidence: int = 2,
) -> Ranked:
    """Which statements a view shows and how they rank, as positions in the table: see `standing`."""
    c, imports = coded(table), in_force(table.imports, known_at)
    change = c.strongest(imports)
    by_hand = np.isin(change, [number for number, one in imports.items() if one.by_hand])
    lives = _lives(c, change, by_hand) if as_of else (c.from_min, c.to_max)
    keep = c.value & (change > 0) & _within(c, as_of, confidence, *lives)
    if as_of and sure:  # of most bodies nobody stated when they began, so "certainly" is asked of ties alone
        low, high = days(as_of)
        keep &= (c.from_max <= low) & (c.to_min >= high) | c.about
    keep = _there(c, keep)
    rows = c.order[keep[c.order]]
    fact = c.fact[rows]
    first = np.r_[True, fact[1:] != fact[:-1]][: len(fact)]
    contested = np.flatnonzero(~first | np.r_[~first[1:], False][: len(first)])
    at_odds: dict[int, tuple[str, ...]] = {}
    rank: dict[int, tuple[int, ...]] = {}
    if len(contested):  # the few facts on which there is more than one statement
        of, which = rows[contested], fact[contested]
        begins = np.flatnonzero(np.r_[True, which[1:] != which[:-1]])
        latest = np.repeat(np.maximum.reduceat(c.from_min[of], begins), np.diff(np.r_[begins, len(of)]))
        # The days of a node are its own life, not those of what is said: only what has ended by then is outlived.
        outlived = np.where(c.about[of], c.to_max[of], c.from_max[of]) < latest
        hand, start = np.where(by_hand[of], change[of], 0), np.where(c.about[of], 0, c.from_min[of])
        keys = np.array([outlived, hand == 0, -hand, -c.confidence[of], -start, -change[of], c.id[of]], np.int64)
        best = np.lexsort((*keys[::-1], which))
        rows[contested] = of[best]
        said = records(c.rows[SAID].take(of[best]))
        for begin, end in zip(begins.tolist(), [*begins[1:].tolist(), len(of)], strict=True):
            found = disagreements(said[begin:end])
            at_odds[int(which[begin])] = found
            if found:
                rank |= zip(of[best[begin:end]].tolist(), map(tuple, keys[:, best[begin:end]].T.tolist()), strict=True)
    return Ranked(rows, first, at_odds, rank)


def standing(
    table: Table,
    *,
    as_of: str | None = None,
    known_at: datetime | None = None,
    sure: bool = False,
    confidence: int = 2,
) -> pd.DataFrame:
    """The statements of a view, best first within each fact; `wins` marks the best, `disputed` the facts at odds.

    `as_of` keeps what may hold on some day of it; with `sure`, only ties that certainly hold on all of it.
    Best is: not certainly outlived, said by hand and of these the later, confidence, later start, later import,
    smaller id; the start of a node is its own and decides nothing.
    `disputed` names the fields on which two statements that may hold on one day differ, `rank` says what such
    statements are ranked by (`WHY`). O(n log n).
    """
    table = unified(table, known_at)
    found = ranked(table, as_of=as_of, known_at=known_at, sure=sure, confidence=confidence)
    at_odds = [found.at_odds.get(code, ()) for code in coded(table).fact[found.rows].tolist()]
    rank = [found.rank.get(i, ()) for i in found.rows.tolist()]
    index = table.rows.index.take(found.rows)
    return table.rows.take(found.rows).assign(
        wins=found.first, disputed=pd.Series(at_odds, index, object), rank=pd.Series(rank, index, object)
    )


def absences(
    table: Table, *, as_of: str | None = None, known_at: datetime | None = None, confidence: int = 2
) -> pd.DataFrame:
    """The statements of a view that there is no value: their `answer` is none, no_answer or not_asked."""
    table = unified(table, known_at)
    c = coded(table)
    stands = c.strongest(in_force(table.imports, known_at)) > 0
    absent = (table.rows["answer"] != "value").to_numpy(bool)
    return table.rows.take(np.flatnonzero(absent & stands & _within(c, as_of, confidence, c.from_min, c.to_max)))


def _within(c: Coded, as_of: str | None, confidence: int, begins: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Which statements are of enough confidence and may be true on some day of a date."""
    enough: np.ndarray = c.confidence >= confidence
    if as_of:
        low, high = days(as_of)
        enough = enough & (begins <= high) & (ends >= low)
    return enough


def _lives(c: Coded, change: np.ndarray, by_hand: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first and the last day on which each statement may be true.

    Where a person said since when or until when a node is there, that holds for all that is said about it.
    """
    dated = np.flatnonzero(by_hand & (change > 0) & c.about & c.value)
    begins, ends = c.from_min, c.to_max
    for name, at in (("valid_from", 0), ("valid_to", 1)):
        said = dated[(c.rows[name].take(dated) != "").to_numpy(bool)]
        if len(said):
            begins, ends = begins.copy(), ends.copy()
        for i in said[np.argsort(change[said], kind="stable")].tolist():  # the last one counts
            mine = c.about & (c.fact == c.fact[i])
            if at == 0:
                begins[mine] = c.from_min[i]
            else:
                ends[mine] = c.to_max[i]
    return begins, ends


def _there(c: Coded, keep: np.ndarray) -> np.ndarray:
    """Those of the statements that count: single cells say nothing of a node that nobody says is there."""
    bare = keep & c.about & ~c.named
    if not bare.any():
        return keep
    there = np.zeros(int(c.fact.max()) + 1, bool)
    there[c.fact[keep & c.named]] = True
    return np.asarray(keep & (~c.about | there[c.fact]))
