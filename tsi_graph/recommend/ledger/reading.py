"""The ledger of introductions: what was proposed, what came of it, and what that means for the next proposals.

It is kept in the store beside the statements, under labels of its own (Introduction, IntroductionEvent,
IntroducerMark). Statements say what is true of bodies, and a delivery can be taken back as if it had
never come; the ledger says what the team did, and no import, correction or undo touches it. Bodies are
named by their ids and not joined by relationships: the nodes of the graph come and go with imports, the
record stays. Nothing here is part of the graph.

What happened feeds the next proposals in three ways: a pair that was put in touch or met counts as known and is
never proposed again; a declined pair stays away until somebody reopens it; and a way through an introducer counts
by how often it was asked and how its introductions went. A meeting is no tie in a path: each step of a path shows a
source that others can check and a date until which it holds, while a meeting that the team arranged says neither
that it led to anything nor that the two would introduce others, and as a tie it would prove the uplift by itself.
Whoever knows that it became one says so with a source, by an import, and then it counts like any other.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from tsi_graph.dates import date as read_date
from tsi_graph.dates import days
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.recommend.ledger.record import Event, Introduction, Pair, course
from tsi_graph.statements import ALL

if TYPE_CHECKING:
    from tsi_graph.store import Store

PRIOR = (2.0, 2.0)
"""Successes and failures that every introducer is imagined to have had before the first: Beta(2, 2)."""
STALLED = 30
"""Days after which what has not moved is looked after first."""


@dataclass(frozen=True)
class Mark:
    """A day on which a body was left out as an introducer (`barred`), or taken back in, and why.

    A gap that is none is left out likewise, under its key in place of the id of a body.
    """

    body: str
    number: int
    barred: bool
    day: str
    text: str = ""
    at: str = ""

    @property
    def of_gap(self) -> bool:
        """Whether it is about a gap: the key of a gap holds a sign that no id holds."""
        return "|" in self.body


@dataclass(frozen=True)
class Ledger:
    """All introductions, oldest record first, all marks of introducers, and those of gaps (`gap_marks`)."""

    introductions: tuple[Introduction, ...] = ()
    marks: tuple[Mark, ...] = ()
    gaps: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class History:
    """How an introducer's introductions went: tries with a known end, and how many led to a meeting.

    share is the shrunken share of successes, (successes + 2) / (tries + 4); factor is that share over
    the one of somebody never tried, so 1 without a history, more or less with one.
    """

    introducer: str
    tries: int
    successes: int
    share: float
    factor: float


@dataclass(frozen=True)
class Considered:
    """What the next proposals have to respect, as of a day.

    taken: pairs not to be proposed (`taken`). load: how often each introducer was asked since a day.
    not_introducers: bodies not to be used as such. reliability: the factor of each introducer with a history.
    """

    taken: frozenset[Pair]
    load: dict[str, int]
    not_introducers: frozenset[str]
    reliability: dict[str, float]


_KNOWN: WeakKeyDictionary[Store, tuple[str, Ledger]] = WeakKeyDictionary()


def read_ledger(store: Store) -> Ledger:
    """The ledger as it is now; the oldest proposal first. Read again only after somebody wrote."""
    revision, known = store.revision(), _KNOWN.get(store)
    if known and known[0] == revision:
        return known[1]
    found = _read(store)
    if revision is not None and store.revision() == revision:  # else it may be of before, or of another day
        _KNOWN[store] = revision, found
    return found


def _read(store: Store) -> Ledger:
    rows = store.read("introductions", **ALL).to_dict("records")
    marks = store.read("introducer_marks", **ALL).to_dict("records")
    found = sorted((as_introduction(row) for row in rows), key=lambda one: (one.events[0].at, one.id))
    made = [Mark(**{str(k): v for k, v in row.items()}) for row in marks]
    of_gaps, of_bodies = (tuple(one for one in made if one.of_gap == gap) for gap in (True, False))
    return Ledger(tuple(found), of_bodies, of_gaps)


def as_introduction(row: dict[Any, Any]) -> Introduction:
    """An introduction from its row in the store."""
    events = sorted((Event(**event) for event in row["events"]), key=lambda event: event.number)
    listed = {name: tuple(row[name]) for name in ("through", "reasons", "route")}
    return Introduction(**{**row, **listed, "events": tuple(events)})


def considered(store: Store, since: str | None = None, today: date | None = None) -> Considered:
    """What the next proposals have to respect; load is counted since the first of this month unless said."""
    day = today or date.today()
    ledger = read_ledger(store)
    return Considered(
        taken=taken(ledger, day),
        load=load(ledger, first_day(since) if since else day.replace(day=1).isoformat()),
        not_introducers=not_introducers(ledger),
        reliability={history.introducer: history.factor for history in reliability(ledger)},
    )


def one_of(ledger: Ledger, which: str) -> Introduction:
    """An introduction by its id. Raises NotFound."""
    found = next((one for one in ledger.introductions if one.id == which), None)
    if found is None:
        raise NotFound(f"The ledger has no introduction {which[:40]!r}.", "Questa presentazione non è nel registro.")
    return found


def latest(ledger: Ledger) -> dict[Pair, Introduction]:
    """The last introduction of each pair, those withdrawn apart."""
    standing = [one for one in ledger.introductions if one.state != "withdrawn"]
    return {one.pair: one for one in sorted(standing, key=lambda one: one.nth)}


def taken(ledger: Ledger, today: date) -> frozenset[Pair]:
    """The pairs that are not proposed: those that know each other, and those that are in hand, declined or resting.

    Two that were put in touch or met know each other, as two with a documented tie do, whatever came of it
    and whatever was recorded since. The others are free once their last introduction `is_free`.
    """
    known = {one.pair for one in ledger.introductions if acquainted(one)}
    return frozenset(pair for pair, one in latest(ledger).items() if pair in known or not is_free(one, today))


def acquainted(one: Introduction) -> bool:
    """Whether the two were put in touch, or met."""
    return one.last("made") is not None or has_met(one)


def is_free(one: Introduction, today: date) -> bool:
    """Whether the pair may be proposed anew: somebody reopened it, or it was snoozed and its day has come."""
    moves = course(one.events)
    last = moves[-1] if moves else None
    return last is None or last.kind == "reopened" or (last.kind == "snoozed" and last.until <= today.isoformat())


def load(ledger: Ledger, since: str) -> dict[str, int]:
    """How many introductions each introducer was last asked for on or after a day: those that were accepted."""
    asked = [one for one in ledger.introductions if (found := one.last("accepted")) and found.day >= since]
    return dict(Counter(body for one in asked for body in one.through))


def first_day(text: str) -> str:
    """The first day that a date may be: 2026-10 is 2026-10-01. Raises Unusable for what is no date."""
    try:
        low, _ = days(read_date(text))
    except ValueError as fault:
        raise Unusable(
            f"{text[:40]!r} is no day to count from: {fault}.",
            f"{text[:40]!r} non è un giorno da cui contare; si scrive 2026-11-30, 2026-11 o 2026.",
        ) from fault
    return f"{low // 10000:04}-{low // 100 % 100:02}-{low % 100:02}"


def not_introducers(ledger: Ledger) -> frozenset[str]:
    """The bodies that are not to be used as introducers."""
    last = {mark.body: mark for mark in ledger.marks}
    return frozenset(body for body, mark in last.items() if mark.barred)


def reliability(ledger: Ledger) -> list[History]:
    """How the introductions through each introducer went, by id.

    A try is an introduction that was accepted and came to an end: they met, or it was declined, or
    nothing came of it. What is still under way is not yet a try.
    """
    asked = [one for one in ledger.introductions if one.last("accepted")]
    ended = [one for one in asked if has_met(one) or one.state in ("declined", "outcome")]
    tries = Counter(body for one in ended for body in one.through)
    met = Counter(body for one in ended if has_met(one) for body in one.through)
    return [history_of(body, tries[body], met[body]) for body in sorted(tries)]


def history_of(body: str, tries: int, successes: int) -> History:
    share = (successes + PRIOR[0]) / (tries + sum(PRIOR))
    return History(body, tries, successes, share, share * sum(PRIOR) / PRIOR[0])


def has_met(one: Introduction) -> bool:
    found = one.last("outcome")
    return one.last("met") is not None or (found is not None and found.outcome != "nothing")
