"""Writing in the ledger: each step is decided on what is there, in one transaction, and kept for good."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from tsi_graph.errors import Conflict, NotFound, Unusable
from tsi_graph.fields import normal
from tsi_graph.importers.persons import without_addresses
from tsi_graph.recommend.ledger.gap_marks import stands
from tsi_graph.recommend.ledger.reading import Mark, as_introduction, is_free
from tsi_graph.recommend.ledger.record import (
    Event,
    Introduction,
    admitted,
    as_day,
    checked,
    course,
    identity,
    in_force,
    pair,
)
from tsi_graph.store.base import Transaction, read, read_each, write
from tsi_graph.store.manifest import enter

if TYPE_CHECKING:
    from tsi_graph.store import Store

LONGEST = 1_000
"""Characters of a note, a reason or a step."""
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


def mark(store: Store, body: str, *, barred: bool, day: str = "", text: str = "") -> Mark:
    """Leave a body out as an introducer from now on, or take it back in; gives the mark.

    Raises NotFound for a body the graph lacks (one marked before may always be taken back in),
    Conflict where it is so already.
    """

    def fits(tx: Transaction, before: list[Mark]) -> None:
        if not before:
            _present(tx, [body])
        if (before[-1].barred if before else False) == barred:
            already = "already left out" if barred else "not left out"
            raise Conflict(f"{body} is {already} as an introducer{f', since {before[-1].day}' if before else ''}.")

    return _mark(store, body, barred, day, text, fits)


def set_aside(store: Store, gap: str, *, aside: bool, day: str = "", text: str = "") -> Mark:
    """Say of a gap, by its key (`gap_marks.key`), that it is none, or that it is one after all; gives the mark.

    It comes back by itself a year after (`gap_marks.aside`). Raises Unusable for one set aside without a reason,
    Conflict where it is so already.
    """
    if aside and not text.strip():
        raise Unusable("A gap is set aside for a reason: say in a line why it is none.")

    def fits(tx: Transaction, before: list[Mark]) -> None:
        last = before[-1] if before else None
        if (last is not None and stands(last, date.today())) == aside:
            already = "already set aside" if aside else "not set aside"
            raise Conflict(f"{gap} is {already}{f', since {last.day}' if last else ''}.")

    return _mark(store, gap, aside, day, text, fits)


def _mark(
    store: Store, what: str, barred: bool, day: str, text: str, fits: Callable[[Transaction, list[Mark]], None]
) -> Mark:
    today, note = date.today(), _text(text, "text")
    checked(Event(0, "note", day or today.isoformat()), today)

    def work(tx: Transaction) -> Mark:
        before = _marks(tx, what)
        fits(tx, before)
        made = Mark(what, len(before) + 1, barred, day or today.isoformat(), note, _moment())
        enter(tx, "introducer_mark", [{**asdict(made), "id": identity("mark", what, made.number)}])
        return made

    return store.transact(work)


def _add(tx: Transaction, one: Introduction, happening: Happening, token: _Token) -> Introduction:
    today = date.today()
    undoes = happening.undoes
    if happening.kind == "taken_back" and not undoes:
        undoes = next((event.number for event in reversed(in_force(one.events)) if not event.undoes), 0)
    text = _text(happening.text, "text")
    event = Event(
        len(one.events) + 1, happening.kind, happening.day or today.isoformat(), text, happening.outcome,
        happening.until, undoes, _moment(), token.event,
    )  # fmt: skip
    if event.kind == "snoozed" and not event.until:
        event = replace(event, until=_next_month(as_day(event.day, "day")))
    after = admitted(one, event, today)
    enter(tx, "introduction_event", [{"introduction": one.id, "props": {**asdict(event), "request": token.request}}])
    return after


def _pair_of(tx: Transaction, which: str) -> str:
    rows = read(tx, "introduction_pair", id=which) if which.isalnum() else []
    if not rows:
        raise NotFound(f"The ledger has no introduction {which[:40]!r}; `tsi introductions` lists them.")
    return str(rows[0]["pair"])


def _of_pair(tx: Transaction, both: str) -> list[Introduction]:
    """What is known of a pair, oldest first, held until the transaction ends."""
    write(tx, "hold_introductions", [{"pair": both, "at": _moment()}])
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
    kinds = _present(tx, [wanted.source, wanted.target, *wanted.through])
    for body in (wanted.source, wanted.target):
        if kinds[body] == "Topic":
            raise Unusable(f"{body!r} is a topic; organisations, networks, funds and projects are introduced.")
    for body in wanted.through:
        if (last := next(reversed(_marks(tx, body)), None)) and last.barred:
            why = f" ({last.text})" if last.text else ""
            raise Conflict(f"{body} is left out as an introducer since {last.day}{why}; lift that first.")


def _marks(tx: Transaction, body: str) -> list[Mark]:
    return [Mark(**row) for row in read(tx, "introducer_marks_of", body=body)]


def _present(tx: Transaction, ids: list[str]) -> dict[str, str]:
    kinds = {row["id"]: row["kind"] for row in read_each(tx, "present", "ids", sorted(filter(str.isprintable, {*ids})))}
    lacking = [body for body in ids if body not in kinds]
    if lacking:
        raise NotFound(f"Nothing in the graph has the id {lacking[0][:80]!r}.")
    return kinds


def _cleaned(proposal: Proposal) -> Proposal:
    """The proposal as it is kept. Raises Unusable for one that cannot be."""
    objective = _text(proposal.objective, "objective", 200)
    reasons = tuple(_text(reason, "a reason") for reason in proposal.reasons)
    route = tuple(_text(step, "a step of the route") for step in proposal.route)
    found = replace(proposal, objective=objective, reasons=reasons, route=route)
    if found.source == found.target:
        raise Unusable(f"Nobody needs to be introduced to itself: {found.source!r}.")
    if set(found.through) & {found.source, found.target} or len(set(found.through)) < len(found.through):
        raise Unusable("Those who introduce are others than the two, each named once.")
    if max(map(len, (found.through, found.reasons, found.route))) > MOST:
        raise Unusable(f"An introduction has at most {MOST} introducers, reasons and steps.")
    return found


def _text(text: str, name: str, longest: int = LONGEST) -> str:
    """A text in the one form that is kept, without addresses and telephone numbers of people."""
    try:
        kept: str = without_addresses(normal(text), phones=True)[0]
    except ValueError as fault:
        raise Unusable(f"{name}: {fault}.") from fault
    if len(kept) > longest:
        raise Unusable(f"{name} has at most {longest} characters, not {len(kept)}.")
    return kept


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


def _moment() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
