"""Writing in the ledger: each step is decided on what is there, in one transaction, and kept for good."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from tsi_graph.errors import Conflict, NotFound, Unusable
from tsi_graph.recommend.ledger.marking import cleaned, marks_of, moment, present
from tsi_graph.recommend.ledger.reading import as_introduction, is_free
from tsi_graph.recommend.ledger.record import (
    Event,
    Introduction,
    admitted,
    as_day,
    course,
    identity,
    in_force,
    pair,
)
from tsi_graph.store.base import Transaction, read, write
from tsi_graph.store.manifest import enter

if TYPE_CHECKING:
    from tsi_graph.store import Store

MOST = 20
"""Reasons, steps or introducers of one introduction."""
THEN = ("accepted", "declined", "snoozed")
"""What may be said in the same breath as a proposal."""


@dataclass(frozen=True)
class Proposal:
    """Whom somebody wants to introduce to whom, through whom, for which objective, and why.

    route: each tie of the way in words, with its source.
    """

    source: str
    target: str
    through: tuple[str, ...] = ()
    objective: str = ""
    reasons: tuple[str, ...] = ()
    route: tuple[str, ...] = ()


@dataclass(frozen=True)
class Happening:
    """What somebody says happened to an introduction. day: today unless said. undoes: the last event unless said."""

    kind: str
    day: str = ""
    text: str = ""
    outcome: str = ""
    until: str = ""
    undoes: int = 0


@dataclass(frozen=True)
class _Token:
    """By what an event is known that was recorded already: its id, made of the caller's key, and what was asked.

    Without a key of the caller it is one of our own, so that a second try after a lost answer records nothing twice.
    """

    event: str
    request: str

    @staticmethod
    def of(key: str, *request: str) -> _Token:
        return _Token(identity("event", key or secrets.token_hex(8)), identity("request", *request))

    def then(self) -> _Token:
        """That of what is decided in the same breath."""
        return _Token(identity("then", self.event), self.request)


def propose(
    store: Store,
    proposal: Proposal,
    first: Happening | None = None,
    *,
    then: Happening | None = None,
    key: str = "",
    asked: str = "",
) -> Introduction:
    """Open an introduction. Raises NotFound for a body the graph lacks, Conflict where the pair has one already
    that is not over or free again (`is_free`), or where an introducer is left out as such.

    first: day and text of the proposal. then: what was decided with it (accepted, declined,
    snoozed), in the same transaction. key: the same key again, whatever the pair, answers what it did the first
    time, and Conflict if it then stood for another request. asked: the request in words, if the proposal was
    filled in with what may be different next time.
    """
    wanted = _cleaned(proposal)
    opening = replace(first or Happening("proposed"), kind="proposed")
    token = _Token.of(key, "propose", *([asked] if asked else [repr(wanted), repr(opening), repr(then)]))
    if then and then.kind not in THEN:
        raise Unusable(f"With a proposal goes one of: {', '.join(THEN)}; not {then.kind!r}.")
    both = pair(wanted.source, wanted.target)

    def work(tx: Transaction) -> Introduction:
        before = _of_pair(tx, "|".join(both))
        if done := _done(tx, token):
            return next(one for one in before if one.id == done)
        if before and before[-1].state not in ("outcome", "withdrawn") and not is_free(before[-1], date.today()):
            raise Conflict(_already(before[-1]))
        _require(tx, wanted)
        number = next(iter(read(tx, "revision")), {"number": 0})["number"]
        nth = len(before) + 1
        opened = Introduction(identity(*both, nth), **vars(wanted), revision=number, nth=nth, events=())
        row = {k: list(v) if isinstance(v, tuple) else v for k, v in vars(opened).items() if k != "events"}
        enter(tx, "introduction", [{**row, "pair": "|".join(both)}])
        after = _add(tx, opened, opening, token)
        return _add(tx, after, then, token.then()) if then else after

    return store.transact(work)


def record(store: Store, which: str, happening: Happening, *, seen: int | None = None, key: str = "") -> Introduction:
    """Record what happened to an introduction; gives it as it then is.

    seen: the number of the last event that the writer knew: Conflict if somebody wrote since. key: as
    for `propose`. Raises NotFound for an id (`which`) that is unknown, Conflict where the event does not follow,
    Unusable where it makes no sense.
    """
    token = _Token.of(key, "record", repr(which), repr(happening))

    def work(tx: Transaction) -> Introduction:
        of_pair = _of_pair(tx, _pair_of(tx, which))
        one = next(one for one in of_pair if one.id == which)
        if _done(tx, token):
            return one
        if seen is not None and seen != one.events[-1].number:
            raise Conflict(_changed(one, seen))
        if one is not of_pair[-1] and happening.kind != "note":
            raise Conflict(f"The pair has a later introduction, {of_pair[-1].id}; {one.id} takes notes only.")
        return _add(tx, one, happening, token)

    return store.transact(work)


def take_back(store: Store, which: str, *, since: int, seen: int | None = None, key: str = "") -> Introduction:
    """Take back every event that counts from a number on, the last first: all that one click did, in one step.

    seen and key: as for `record`. Raises Conflict where nothing is left to be taken back.
    """
    token = _Token.of(key, "take back", repr(which), repr(since))

    def work(tx: Transaction) -> Introduction:
        of_pair = _of_pair(tx, _pair_of(tx, which))
        one = next(one for one in of_pair if one.id == which)
        if _done(tx, token):
            return one
        if seen is not None and seen != one.events[-1].number:
            raise Conflict(_changed(one, seen))
        if one is not of_pair[-1]:
            raise Conflict(f"The pair has a later introduction, {of_pair[-1].id}; {one.id} takes notes only.")
        events = [event for event in in_force(one.events) if event.number >= since and not event.undoes]
        if not events:
            raise Conflict(f"From event {since} of introduction {which} on there is nothing to take back.")
        each = token
        for event in reversed(events):
            one = _add(tx, one, Happening("taken_back", undoes=event.number), each)
            each = each.then()
        return one

    return store.transact(work)


def _add(tx: Transaction, one: Introduction, happening: Happening, token: _Token) -> Introduction:
    today = date.today()
    undoes = happening.undoes
    if happening.kind == "taken_back" and not undoes:
        undoes = next((event.number for event in reversed(in_force(one.events)) if not event.undoes), 0)
    text = cleaned(happening.text, "text")
    event = Event(
        len(one.events) + 1, happening.kind, happening.day or today.isoformat(), text, happening.outcome,
        happening.until, undoes, moment(), token.event,
    )  # fmt: skip
    if event.kind == "snoozed" and not event.until:
        event = replace(event, until=_next_month(as_day(event.day, "day")))
    after = admitted(one, event, today)
    enter(tx, "introduction_event", [{"introduction": one.id, "props": {**asdict(event), "request": token.request}}])
    return after


def _pair_of(tx: Transaction, which: str) -> str:
    rows = read(tx, "introduction_pair", id=which) if which.isalnum() else []
    if not rows:
        raise NotFound(
            f"The ledger has no introduction {which[:40]!r}; `tsi introductions` lists them.",
            "Questa presentazione non è nel registro.",
        )
    return str(rows[0]["pair"])


def _of_pair(tx: Transaction, both: str) -> list[Introduction]:
    """What is known of a pair, oldest first, held until the transaction ends."""
    write(tx, "hold_introductions", [{"pair": both, "at": moment()}])
    return [as_introduction(row) for row in read(tx, "introductions_of_pair", pair=both)]


def _done(tx: Transaction, token: _Token) -> str:
    """The introduction in which this very request was recorded already; blank if it was not.

    Raises Conflict where the key stands for another request.
    """
    found = next(iter(read(tx, "introduction_event", id=token.event)), None)
    if found is None:
        return ""
    if found["request"] != token.request:
        told = f"{found['kind']!r} of introduction {found['introduction']} on {found['day']}"
        raise Conflict(f"This key was used to record {told}, not what is asked now; take another key.")
    return str(found["introduction"])


def _require(tx: Transaction, wanted: Proposal) -> None:
    kinds = present(tx, [wanted.source, wanted.target, *wanted.through])
    for body in (wanted.source, wanted.target):
        if kinds[body] == "Topic":
            raise Unusable(
                f"{body!r} is a topic; organisations, networks, funds and projects are introduced.",
                f"{body!r} è un tema: si presentano organizzazioni, reti, fondi e progetti.",
            )
    for body in wanted.through:
        if (last := next(reversed(marks_of(tx, body)), None)) and last.barred:
            why = f" ({last.text})" if last.text else ""
            raise Conflict(
                f"{body} is left out as an introducer since {last.day}{why}; lift that first.",
                f"{body} non si usa per presentare dal {last.day}{why}: riattivatela prima.",
            )


def _cleaned(proposal: Proposal) -> Proposal:
    """The proposal as it is kept. Raises Unusable for one that cannot be."""
    objective = cleaned(proposal.objective, "objective", 200)
    reasons = tuple(cleaned(reason, "a reason") for reason in proposal.reasons)
    route = tuple(cleaned(step, "a step of the route") for step in proposal.route)
    found = replace(proposal, objective=objective, reasons=reasons, route=route)
    if found.source == found.target:
        raise Unusable(
            f"Nobody needs to be introduced to itself: {found.source!r}.",
            "Nessuno va presentato a sé stesso: scegliete due organizzazioni diverse.",
        )
    if set(found.through) & {found.source, found.target} or len(set(found.through)) < len(found.through):
        raise Unusable(
            "Those who introduce are others than the two, each named once.",
            "Chi presenta non è una delle due, ed è nominato una volta sola.",
        )
    if max(map(len, (found.through, found.reasons, found.route))) > MOST:
        raise Unusable(f"An introduction has at most {MOST} introducers, reasons and steps.")
    return found


def _already(one: Introduction) -> str:
    found = course(one.events)[-1]
    why = f" ({found.text})" if found.text else ""
    if one.state == "declined":
        return f"The pair was declined on {one.since}{why}, as introduction {one.id}; reopen that first."
    return f"The pair has an introduction already: {one.id}, at {one.state!r} since {one.since}{why}."


def _changed(one: Introduction, seen: int) -> str:
    last = one.events[-1]
    return (
        f"Introduction {one.id} was changed meanwhile: you saw event {seen}, the last is {last.number} "
        f"({last.kind}, {last.day}); it stands at {one.state!r} now. Look again, then decide."
    )


def _next_month(day: date) -> str:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1).isoformat()
