"""A month of introductions as text for a reader."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor, isfinite

from tsi_graph.language import filled, listed, number, short
from tsi_graph.recommend.ledger.words import STATES
from tsi_graph.recommend.portfolios.effects import Change
from tsi_graph.recommend.portfolios.portfolio import Portfolio, Proposed, RunnerUp
from tsi_graph.recommend.portfolios.words import tell
from tsi_graph.recommend.telling import chained, steps_told


def told_month(month: Portfolio, lang: str = "it") -> str:
    """Objective, how good the choice is, each introduction, who introduces how often, and how it is computed."""
    head = [headline(month, lang), month.aim]
    cards = ["\n".join(_card(one, lang)) for one in month.introductions]
    notes = _decided(month, lang), month.missing, _unspoken(month, lang)
    return "\n\n".join(filter(None, ("\n".join(head), *cards, *notes, "\n".join(_foot(month, lang)))))


def headline(month: Portfolio, lang: str) -> str:
    """How many there are to propose."""
    n = len(month.introductions)
    return tell(lang, "title_one") if n == 1 else tell(lang, "title", n=n)


def _decided(month: Portfolio, lang: str) -> str:
    """What the team decided on since the month began."""
    items = [
        tell(lang, "decided_item", a=one.source_name, b=one.target_name, state=filled(lang, STATES[one.state]))
        for one in month.decided
    ]
    return tell(lang, "decided", names="; ".join(items)) if items else ""


def _unspoken(month: Portfolio, lang: str) -> str:
    names = ", ".join(month.unspoken.values())
    return tell(lang, "unspoken_one" if len(month.unspoken) == 1 else "unspoken", names=names) if names else ""


def _card(one: Proposed, lang: str) -> Iterator[str]:
    by = by_whom(one.through, one.by_you, lang)
    yield f"{one.rank}. {tell(lang, 'introduce', a=one.source_name, b=one.target_name)} ({by})"
    yield f"    {tell(lang, 'way')}: {chained(one.path) or tell(lang, 'no_way')}"
    yield from steps_told(one.path, lang)
    yield f"    {tell(lang, 'why')}:"
    yield from (f"      - {reason}" for reason in one.reasons)
    yield f"    {tell(lang, 'brings')}:"
    yield from (f"      - {text}" for text in one.brings)
    yield from (f"      - {text}" for text in measured(one, lang))
    yield f"    {tell(lang, 'second')}: {_second(one.runner_up, lang)}"
    yield from (f"    ! {caution}" for caution in one.cautions)


def by_whom(through: tuple[str, ...], by_you: bool, lang: str) -> str:
    """Who introduces."""
    if by_you:
        return tell(lang, "by_you_through", names=listed(lang, through)) if through else tell(lang, "by_you")
    return tell(lang, "by" if len(through) == 1 else "by_several", names=listed(lang, through))


def measured(one: Proposed, lang: str) -> list[str]:
    """What an introduction changes in figures: for each of its ends, and for the month."""
    names = {one.source: one.source_name, one.target: one.target_name}
    changes = [_change(change, names[change.id], lang) for change in one.changes]
    return [*changes, tell(lang, "adds", gain=number(one.gain, lang, 3))]


def second_choice(one: Proposed, lang: str) -> str:
    """What nearly took the place of an introduction, without figures; blank where there is none within the limits."""
    other = one.runner_up
    if other is None:
        return ""
    ends = {"a": short(other.source_name), "b": short(other.target_name)}
    key = "with" if other.source == one.source else "other"
    return tell(lang, f"second_{'for' if other.target == one.target else key}", **ends)


PLACES = {"contacts": 0, "direct": 0, "networks": 0, "constraint": 2, "efficiency": 2}
"""What of a change is told, and with how many decimals."""


def _change(change: Change, name: str, lang: str) -> str:
    """What differs, figure by figure; a figure that is not defined yet is a dash."""
    parts = []
    for figure, places in PLACES.items():
        before, after = (number(v, lang, places) if isfinite(v) else "–" for v in getattr(change, figure))
        if before != after:
            parts.append(tell(lang, figure, before=before, after=after))
    return tell(lang, "change" if parts else "no_change", name=name, parts="; ".join(parts))


def _second(other: RunnerUp | None, lang: str) -> str:
    if other is None:
        return tell(lang, "no_runner_up")
    title = tell(lang, "introduce", a=other.source_name, b=other.target_name)
    less = number(other.less, lang, 3)
    key = "runner_up" if round(other.less, 3) else "as_good"
    return tell(lang, key, title=title, by=by_whom(other.through, other.by_you, lang), less=less)


def _foot(month: Portfolio, lang: str) -> Iterator[str]:
    if month.introductions:
        items = [tell(lang, "load_item", name=one.name, n=one.asked, most=one.most) for one in month.load]
        yield tell(lang, "load", names="; ".join(items))
        yield tell(lang, "if_all", names="; ".join(month.achieves))
    yield from how_computed(month, lang)


def how_computed(month: Portfolio, lang: str) -> Iterator[str]:
    """How good the choice is, and by which rules it was made."""
    limits = month.limits
    if month.introductions:
        key = "best" if month.share > 1 - 1e-6 else "bound"
        value, most = number(month.value, lang, 3), number(month.at_most, lang, 3)
        yield tell(lang, key, value=value, most=most, percent=floor(100 * month.share), n=month.possible)
    yield tell(
        lang, "limits", per_introducer=limits.per_introducer, per_organisation=limits.per_organisation,
        per_target=limits.per_target, by_team=limits.by_team,
    )  # fmt: skip
    if limits.fair is not None:
        yield tell(lang, "fair", times=number(limits.fair, lang), size=limits.size)
    percent = floor(100 * month.guarantee)
    yield tell(
        lang, "guarantee", percent=percent, n=month.possible, ways=month.ways, k=month.organisations, m=month.needing
    )
