"""This month's introductions, with what the ledger says of earlier ones and of those decided on since."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, TypedDict, Unpack

from tsi_graph.graph import Graph
from tsi_graph.recommend.ledger.reading import Ledger, considered, latest, load, read_ledger
from tsi_graph.recommend.ledger.record import Introduction, Pair, pair
from tsi_graph.recommend.ledger.writing import Proposal
from tsi_graph.recommend.portfolios.portfolio import Decided, Portfolio, Proposed, portfolio
from tsi_graph.recommend.portfolios.reasons import Load
from tsi_graph.recommend.steps import told_step
from tsi_graph.remembered import remembering

if TYPE_CHECKING:
    from tsi_graph.store import Store

LEFT = ("declined", "snoozed", "withdrawn")
"""States in which nobody is asked to introduce."""


class Wishes(TypedDict, total=False):
    """The limits of a month, as in `portfolio`."""

    size: int
    per_introducer: int
    per_organisation: int
    per_target: int
    by_team: int | None
    fair: float | None
    through_promoters: bool


def this_month(
    store: Store,
    graph: Graph,
    objective: str = "reach",
    *,
    about: str | None = None,
    lang: str = "it",
    today: date | None = None,
    **limits: Unpack[Wishes],
) -> Portfolio:
    """The portfolio without pairs that the ledger holds (declined, in hand, met, resting), over introducers that are
    willing, those first that were asked less of late and succeeded more often; what they were asked for since
    the first of the month counts.

    A month is chosen once: what was decided since its first day on one of its own introductions leaves the others as
    they are, and is told under `decided`. What was declined or put off is asked of nobody. The same ledger and graph
    are computed once.
    """
    day = today or date.today()
    first = day.replace(day=1).isoformat()
    ledger, now = read_ledger(store), considered(store, today=day)
    own = _opened(ledger, objective, first, now.taken)
    while True:
        others = replace(ledger, introductions=tuple(one for one in ledger.introductions if one.id not in _ids(own)))
        found = _chosen(
            graph, objective, about, lang, frozenset(now.taken - own.keys()), now.not_introducers,
            tuple(sorted(load(others, first).items())), tuple(sorted(now.reliability.items())),
            frozenset(ends for ends, one in own.items() if one.state in LEFT), tuple(sorted(limits.items())),
        )  # fmt: skip
        ours = {ends: one for ends, one in own.items() if ends in {_pair(p) for p in found.introductions}}
        if len(ours) == len(own):
            return _told(found, own)
        own = ours


@remembering(40)
def _chosen(
    graph: Graph, objective: str, about: str | None, lang: str, refused: frozenset[Pair],
    not_introducers: frozenset[str], load: tuple[tuple[str, int], ...], reliability: tuple[tuple[str, float], ...],
    dropped: frozenset[Pair], limits: tuple[tuple[str, object], ...],
) -> Portfolio:  # fmt: skip
    return portfolio(
        graph, objective, about=about, lang=lang, refused=refused, not_introducers=not_introducers, load=dict(load),
        reliability=dict(reliability), dropped=dropped, **dict(limits),  # type: ignore[arg-type]
    )  # fmt: skip


def _opened(ledger: Ledger, objective: str, first: str, taken: frozenset[Pair]) -> dict[Pair, Introduction]:
    """What was opened for an objective since a day, and is not free again."""
    return {
        ends: one
        for ends, one in latest(ledger).items()
        if one.objective == objective and one.events[0].day >= first and ends in taken
    }


def _told(found: Portfolio, own: dict[Pair, Introduction]) -> Portfolio:
    """The month with what was decided on apart, the rest numbered anew."""
    left = [one for one in found.introductions if _pair(one) not in own]
    before = {_pair(one): sum(p.rank < one.rank for p in left) for one in found.introductions}
    yours = {_pair(one) for one in found.introductions if one.by_you}
    decided = tuple(
        _decided(one, own[_pair(one)], before[_pair(one)]) for one in found.introductions if _pair(one) in own
    )
    return replace(
        found,
        introductions=tuple(replace(one, rank=rank) for rank, one in enumerate(left, 1)),
        decided=decided,
        load=tuple(_asked(one, own, yours) for one in found.load),
    )


def _decided(one: Proposed, kept: Introduction, place: int) -> Decided:
    return Decided(kept.id, kept.state, one.source, one.source_name, one.target, one.target_name, place)


def _asked(one: Load, own: dict[Pair, Introduction], yours: set[Pair]) -> Load:
    """With how many of the month's own an introducer, or the team, was asked for already."""
    asked = sum(
        made.last("accepted") is not None and made.state not in LEFT
        for ends, made in own.items()
        if ({*made.through} & {*one.ids} if one.ids else ends in yours)
    )
    return replace(one, accepted=one.accepted + asked)


def as_proposal(month: Portfolio, source: str, target: str) -> Proposal | None:
    """An introduction of the month as it is to be recorded; None where it is not among those left."""
    one = next((one for one in month.introductions if (one.source, one.target) == (source, target)), None)
    if one is None:
        return None
    return Proposal(
        source, target, through=one.introducers, objective=month.objective, reasons=one.reasons,
        route=tuple(map(told_step, one.path)),
    )  # fmt: skip


def next_month(day: date) -> date:
    """The first of the month after a day, when the next month is chosen."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _ids(own: dict[Pair, Introduction]) -> set[str]:
    return {one.id for one in own.values()}


def _pair(one: Proposed) -> Pair:
    return pair(one.source, one.target)
