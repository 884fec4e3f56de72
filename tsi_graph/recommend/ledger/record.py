"""An introduction as a record: what happened, event by event, and the state that follows from it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from hashlib import blake2b
from typing import Any, Literal, get_args

from tsi_graph.errors import Conflict, NotFound, Unusable

Pair = tuple[str, str]
"""Two ids in alphabetical order: a pair has no direction."""
Kind = Literal[
    "proposed", "accepted", "introducer_agreed", "both_agreed", "declined", "snoozed", "made", "met", "outcome",
    "reopened", "note", "taken_back",
]  # fmt: skip
State = Literal["proposed", "snoozed", "accepted", "declined", "made", "met", "outcome", "withdrawn"]
Outcome = Literal["joint_project", "joined", "funding", "exchange", "nothing"]
KINDS: tuple[str, ...] = get_args(Kind)
STATES: tuple[str, ...] = get_args(State)
OUTCOMES: tuple[str, ...] = get_args(Outcome)

FOLLOWS: dict[str, tuple[str, ...]] = {
    "": ("proposed",),
    "proposed": ("accepted", "declined", "snoozed"),
    "snoozed": ("accepted", "declined", "snoozed", "reopened"),
    "accepted": ("introducer_agreed", "both_agreed", "made", "declined", "snoozed"),
    "introducer_agreed": ("both_agreed", "made", "declined", "snoozed"),
    "both_agreed": ("made", "declined", "snoozed"),
    "declined": ("reopened",),
    "made": ("met", "declined", "outcome"),
    "met": ("outcome",),
    "outcome": ("outcome",),
}
"""Which events may follow where a course of events stands. A declined pair has one way back: somebody reopens it."""
AGREED = ("introducer_agreed", "both_agreed")
"""Who said yes since it was accepted: steps on the way from accepted to made, not states of their own."""
OPEN = ("proposed", "accepted", "made", "met")
"""The states in which something is still to be done."""
ASIDE = ("note", "taken_back")
"""Events that move nothing themselves."""
OLDEST = "2000-01-01"
"""An earlier day is a slip of the pen."""


@dataclass(frozen=True)
class Event:
    """One thing that happened to an introduction, on a day, recorded at a moment (UTC); it never changes.

    outcome: what came of it, for kind `outcome`. until: the day on which a snoozed one comes back.
    undoes: the number of the event that a `taken_back` one takes back.
    """

    number: int
    kind: str
    day: str
    text: str = ""
    outcome: str = ""
    until: str = ""
    undoes: int = 0
    at: str = ""
    id: str = field(default="", repr=False)


@dataclass(frozen=True)
class Introduction:
    """Two bodies whom somebody wants to introduce: through whom, for which objective, and why, as it was proposed.

    route: each tie of the way, in words with its source. revision: the last import that the proposal
    knew. nth: which introduction of the pair it is, counted from 1. Only `events` grows.
    """

    id: str
    source: str
    target: str
    through: tuple[str, ...]
    objective: str
    reasons: tuple[str, ...]
    route: tuple[str, ...]
    revision: int
    nth: int
    events: tuple[Event, ...]

    @property
    def pair(self) -> Pair:
        return pair(self.source, self.target)

    @property
    def state(self) -> str:
        """The state that follows from the events; `withdrawn` where even the proposal was taken back."""
        return _coarse(standing(course(self.events))) or "withdrawn"

    @property
    def since(self) -> str:
        """The day on which it came into this state."""
        moves = [move for move in course(self.events) if move.kind not in AGREED]
        return moves[-1].day if moves else self.events[-1].day

    @property
    def moved(self) -> str:
        """The day of its last step, a yes among them: since then it waits."""
        moves = course(self.events)
        return moves[-1].day if moves else self.events[-1].day

    @property
    def agreed(self) -> tuple[str, ...]:
        """Who said yes since it was accepted last; nobody where it is not, or not any more."""
        reached = standing(course(self.events))
        return tuple(move.kind for move in course(self.events)[-2:] if move.kind in AGREED) if reached in AGREED else ()

    @property
    def possible(self) -> tuple[str, ...]:
        """The kinds of event that may come next."""
        last = standing(course(self.events))
        return (*FOLLOWS[last], "note", "taken_back") if last else ()

    def last(self, kind: str) -> Event | None:
        """The last event of a kind that still counts."""
        return next((e for e in reversed(in_force(self.events)) if e.kind == kind), None)


def pair(a: str, b: str) -> Pair:
    """The pair of two bodies, whichever is named first.

    >>> pair("bo", "ada") == pair("ada", "bo")
    True
    """
    return (a, b) if a <= b else (b, a)


def identity(*content: str | int) -> str:
    """A short id made of what it names.

    >>> identity("ada", "bo", 1)
    '48003febb49f'
    """
    text = json.dumps(["1", *content], ensure_ascii=False, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=6).hexdigest()


def in_force(events: Sequence[Event]) -> tuple[Event, ...]:
    """The events that nobody took back; taking back a taking back brings back what it took."""
    gone: set[int] = set()
    for event in reversed(events):
        if event.undoes and event.number not in gone:
            gone.add(event.undoes)
    return tuple(event for event in events if event.number not in gone)


def course(events: Sequence[Event]) -> tuple[Event, ...]:
    """The events that count and move the state, in order."""
    return tuple(event for event in in_force(events) if event.kind not in ASIDE)


def standing(moves: Sequence[Event]) -> str:
    """Where a course of events has led, one of FOLLOWS; blank before the first."""
    if not moves:
        return ""
    return "proposed" if moves[-1].kind == "reopened" else moves[-1].kind


def _coarse(reached: str) -> str:
    """The state in which a course stands: until they are put in touch, whoever said yes, it is accepted."""
    return "accepted" if reached in AGREED else reached


def broken(moves: Sequence[Event]) -> int | None:
    """The place of the first event in a course that may not follow those before it, or lies before them in time."""
    for place, event in enumerate(moves):
        if not _follows(event, standing(moves[:place])) or (place and event.day < moves[place - 1].day):
            return place
    return None


def _follows(event: Event, before: str) -> bool:
    """Whether an event may come in a state; of those who never met nothing but nothing can come."""
    unmet = before == "made" and event.kind == "outcome" and event.outcome != "nothing"
    return event.kind in FOLLOWS[before] and not unmet


def admitted(one: Introduction, event: Event, today: date) -> Introduction:
    """The introduction with one event more.

    Raises Unusable where the event itself makes no sense, Conflict where it does not follow from what
    is there, saying what would.
    """
    checked(event, today)
    if event.kind == "taken_back":
        _may_be_taken_back(one, event.undoes)
    elif event.kind == "note" and one.state == "withdrawn":
        raise Conflict(f"Introduction {one.id} was withdrawn; there is nothing to note. Propose the pair again.")
    after = replace(one, events=(*one.events, event))
    moves = course(after.events)
    place = broken(moves)
    if place is not None:
        raise Conflict(_misfit(one, event, moves, place))
    return after


def checked(event: Event, today: date) -> None:
    """Raises Unusable for an event that makes no sense whatever came before."""
    if event.kind not in KINDS:
        raise Unusable(f"Nothing happens to an introduction that is called {event.kind!r}. Known: {', '.join(KINDS)}.")
    day = as_day(event.day, "day")
    # Somebody east of here may already live in tomorrow.
    if day > today + timedelta(days=1) or event.day < OLDEST:
        raise Unusable(
            f"{event.day} is not a day on which it happened; it lies between {OLDEST} and today, {today}.",
            f"Il {event.day} non può essere il giorno in cui è successo: va dal {OLDEST} a oggi, {today}.",
        )
    if (event.kind == "outcome") != bool(event.outcome) or event.outcome not in ("", *OUTCOMES):
        raise Unusable(
            f"An outcome, and nothing else, is one of: {', '.join(OUTCOMES)}; not {event.outcome!r}.",
            "Scegliete un esito dall'elenco.",
        )
    if (event.kind == "snoozed") != bool(event.until):
        raise Unusable(
            "What is snoozed, and nothing else, has a day `until` which it rests.",
            "Dite fino a quando rimandarla.",
        )
    if event.until and as_day(event.until, "until") <= day:
        raise Unusable(
            f"It is snoozed until a later day than {event.day}; {event.until} is not.",
            f"Si rimanda a un giorno dopo il {event.day}; il {event.until} non lo è.",
        )
    if event.undoes and event.kind != "taken_back":
        raise Unusable("Only `taken_back` names an event that it takes back.")


def as_day(text: str, name: str) -> date:
    """A whole day of the calendar. Raises Unusable for anything else."""
    try:
        found = date.fromisoformat(text)
    except ValueError as fault:
        raise Unusable(
            f"{name} is a day, written 2026-11-30; not {text[:40]!r}.",
            f"Un giorno si scrive 2026-11-30; non {text[:40]!r}.",
        ) from fault
    if found.isoformat() != text:
        raise Unusable(
            f"{name} is a day, written {found.isoformat()}; not {text[:40]!r}.",
            f"Un giorno si scrive {found.isoformat()}; non {text[:40]!r}.",
        )
    return found


def _may_be_taken_back(one: Introduction, number: int) -> None:
    if number not in {event.number for event in one.events}:
        raise NotFound(f"Introduction {one.id} has no event {number}; its last is {one.events[-1].number}.")
    if number not in {event.number for event in in_force(one.events)}:
        raise Conflict(f"Event {number} of introduction {one.id} was already taken back.")


def _misfit(one: Introduction, event: Event, moves: Sequence[Event], place: int) -> str:
    found = moves[place]
    if event.kind == "taken_back":
        why = f"event {found.number} ({found.kind}) rests on it; take that back first"
        return f"Event {event.undoes} of introduction {one.id} cannot be taken back: {why}."
    if one.state == "made" and event.kind == "outcome":
        return (
            f"That the two of introduction {one.id} met is not recorded: record `met` first, or the outcome `nothing`."
        )
    if event.kind in FOLLOWS[standing(moves[:place])]:
        return f"{event.kind} on {event.day} cannot come before {moves[place - 1].kind}, {moves[place - 1].day}."
    return (
        f"Introduction {one.id} stands at {one.state!r} since {one.since}: {event.kind!r} does not follow. "
        f"What can come next: {', '.join(one.possible) or 'nothing; propose the pair again'}."
    )


def shown(one: Introduction) -> dict[str, Any]:
    """An introduction as plain values, with the state and what may come next; `counts` says which events do."""
    counting = {event.number for event in in_force(one.events)}
    events = [{**asdict(event), "counts": event.number in counting} for event in one.events]
    for event in events:
        del event["id"]
    derived = {
        "state": one.state, "since": one.since, "moved": one.moved, "agreed": one.agreed, "possible": one.possible,
    }  # fmt: skip
    return {**asdict(one), **derived, "events": events}
