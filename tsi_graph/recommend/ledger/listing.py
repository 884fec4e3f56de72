"""The ledger looked through: which introductions fit, its figures, and who introduces how often."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from tsi_graph.errors import Unusable
from tsi_graph.recommend.ledger.reading import STALLED, Ledger, first_day, has_met, history_of, load, reliability
from tsi_graph.recommend.ledger.record import OPEN, STATES, Introduction, in_force


@dataclass(frozen=True)
class Filters:
    """Which introductions are meant. since: those to which something happened on that day or later.

    stalled: those at which something is still to be done, and nothing moved for more than so many days.
    """

    state: str | None = None
    introducer: str | None = None
    objective: str | None = None
    stakeholder: str | None = None
    since: str | None = None
    stalled: int | None = None


@dataclass(frozen=True)
class Summary:
    """The ledger in figures: all but the withdrawn, the day of the first, and how many are open, of these how many
    wait for more than STALLED days, how many came from earlier months, how many met, how many have an outcome."""

    introductions: int = 0
    since: str = ""
    open: int = 0
    stalled: int = 0
    earlier: int = 0
    met: int = 0
    with_outcome: int = 0


def summary(ledger: Ledger, today: date | None = None) -> Summary:
    """The ledger in figures, as of a day."""
    day = today or date.today()
    there = chosen(ledger, Filters())
    waiting = [one for one in there if one.state in OPEN]
    return Summary(
        introductions=len(there),
        since=min((one.events[0].day for one in there), default=""),
        open=len(waiting),
        stalled=sum(waits(one, day) > STALLED for one in waiting),
        earlier=sum(one.events[0].day < day.replace(day=1).isoformat() for one in waiting),
        met=sum(has_met(one) for one in there),
        with_outcome=sum(one.state == "outcome" for one in there),
    )


def waits(one: Introduction, today: date) -> int:
    """For how many days nothing moved where something is still to be done; 0 where nothing is."""
    return max((today - date.fromisoformat(one.moved)).days, 0) if one.state in OPEN else 0


def chosen(ledger: Ledger, filters: Filters, today: date | None = None) -> list[Introduction]:
    """The introductions that fit, oldest first; without a state all but the withdrawn.

    Raises Unusable for a state or day that cannot be.
    """
    if filters.state is not None and filters.state not in STATES:
        raise Unusable(f"No introduction is {filters.state!r}. Known: {', '.join(STATES)}.")
    day = first_day(filters.since) if filters.since else ""
    return [
        one
        for one in ledger.introductions
        if (one.state == filters.state if filters.state else one.state != "withdrawn")
        and (filters.introducer is None or filters.introducer in one.through)
        and (filters.objective is None or filters.objective == one.objective)
        and (filters.stakeholder is None or filters.stakeholder in one.pair)
        and (not day or any(event.day >= day for event in in_force(one.events)))
        and (filters.stalled is None or waits(one, today or date.today()) > filters.stalled)
    ]


def narrowed(ledger: Ledger, filters: Filters) -> Ledger:
    """The ledger with the introductions that fit; without filters all of it, the withdrawn as well."""
    return ledger if filters == Filters() else replace(ledger, introductions=tuple(chosen(ledger, filters)))


def introducers(ledger: Ledger, since: str | None = None, today: date | None = None) -> list[dict[str, Any]]:
    """Everybody who was asked to introduce or marked, by id: load since a day, history, and the mark in force."""
    day = today or date.today()
    asked = load(ledger, first_day(since) if since else day.replace(day=1).isoformat())
    histories = {history.introducer: history for history in reliability(ledger)}
    last = {mark.body: mark for mark in ledger.marks}
    bodies = sorted({body for one in ledger.introductions for body in one.through} | last.keys())
    return [
        {
            **asdict(histories.get(body, history_of(body, 0, 0))),
            "load": asked.get(body, 0),
            "barred": body in last and last[body].barred,
            "since": last[body].day if body in last else None,
            "text": last[body].text if body in last else "",
        }
        for body in bodies
    ]
