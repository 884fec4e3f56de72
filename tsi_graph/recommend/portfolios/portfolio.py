"""This month's introductions: chosen together for one objective, under limits, with how good the choice is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph
from tsi_graph.recommend.path import Step
from tsi_graph.recommend.portfolios.bound import best
from tsi_graph.recommend.portfolios.candidates import Candidate, Ground, allowed, ground_of
from tsi_graph.recommend.portfolios.choice import Task, guarantee, runner_up
from tsi_graph.recommend.portfolios.effects import Change, changes
from tsi_graph.recommend.portfolios.limits import FAIR, Limits, task
from tsi_graph.recommend.portfolios.objectives import OBJECTIVES, Plan, plan
from tsi_graph.recommend.portfolios.reasons import Load, achieves, aim, brings, cautions, load, missing, name, through
from tsi_graph.recommend.sentences import LANGS

__all__ = ["FAIR", "OBJECTIVES", "Portfolio", "Proposed", "RunnerUp", "portfolio"]


@dataclass(frozen=True)
class RunnerUp:
    """What nearly took a place: another introduction that shares an end with it, if there is one.

    less: how much less the whole month would be worth with it in that place.
    """

    source: str
    source_name: str
    target: str
    target_name: str
    introducers: tuple[str, ...]
    through: tuple[str, ...]
    by_you: bool
    less: float


@dataclass(frozen=True)
class Proposed:
    """One introduction of the month: whom to whom, through whom, why, and what it brings.

    path, reasons, cautions, introducers, by_you and strength are those of `recommend`; through are the names of the
    introducers. likely is the strength of the way (a fixed one where only the team can introduce), bent by how
    well the two fit. gain is what it adds to the value of those before it.
    """

    rank: int
    source: str
    source_name: str
    target: str
    target_name: str
    target_kind: str
    introducers: tuple[str, ...]
    through: tuple[str, ...]
    by_you: bool
    path: tuple[Step, ...]
    strength: float
    likely: float
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    gain: float
    brings: tuple[str, ...]
    changes: tuple[Change, ...]
    runner_up: RunnerUp | None


@dataclass(frozen=True)
class Portfolio:
    """A month of introductions for one objective, those that add most first.

    value is what they are worth together, at_most what any choice within the same limits can be worth: share is
    value by at_most. guarantee is the share that holds before any computation. possible counts the
    introductions to choose from, of so many organisations. load, achieves and missing say who introduces how
    often, what the month achieves if all succeed, and why there are fewer than asked.
    """

    objective: str
    about: tuple[str, ...]
    aim: str
    limits: Limits
    introductions: tuple[Proposed, ...]
    value: float
    at_most: float
    share: float
    guarantee: float
    possible: int
    organisations: int
    load: tuple[Load, ...]
    achieves: tuple[str, ...]
    missing: str


def portfolio(
    graph: Graph,
    objective: str = "reach",
    *,
    about: str | None = None,
    size: int = 12,
    per_introducer: int = 2,
    per_organisation: int = 1,
    per_target: int = 2,
    by_team: int | None = None,
    fair: float | None = FAIR,
    refused: Iterable[tuple[str, str]] = (),
    not_introducers: Iterable[str] = (),
    asked: Mapping[str, int] | None = None,
    lang: str = "it",
) -> Portfolio:
    """The introductions of a month, chosen together for `reach`, `periphery`, `gap` or `topic`.

    about: a network or a scope to reach, two sectors that hardly meet (`foundation,cooperative`), a topic; by id or
    name. per_introducer: of a body and its house; by_team: those that the team makes itself, as
    many as per_introducer, or any number for the periphery, whom nobody else knows. per_target: each
    network or funder. fair: how many times its share a sector, size or place may take; None for no matter.
    refused pairs never come back, not_introducers are never asked; asked: how many introductions each
    introducer was asked for already, which count too. The value is monotone and submodular
    (see `Task`); the same graph gives the same answer, equals ordered by id. Raises Unusable or NotFound
    for wrong arguments.
    """
    team = (size if objective == "periphery" else per_introducer) if by_team is None else by_team
    limits = Limits(size, per_introducer, per_organisation, per_target, team, fair, dict(asked or {}))
    _check(limits, lang)
    ground = ground_of(graph)
    planned = _without(plan(ground, objective, about, lang), graph, refused, not_introducers)
    chosen_from = task(ground, planned, limits)
    chosen, most = best(chosen_from)
    value = chosen_from.value(chosen)
    return Portfolio(
        objective=objective,
        about=planned.about,
        aim=aim(ground, planned, lang),
        limits=limits,
        introductions=tuple(_proposal(ground, planned, chosen_from, chosen, at, lang) for at in range(len(chosen))),
        value=value,
        at_most=most,
        share=value / most if most > 0 else 1.0,
        guarantee=guarantee(chosen_from),
        possible=len(chosen_from),
        organisations=planned.asked,
        load=load(ground, planned, limits, chosen, lang),
        achieves=achieves(ground, planned, chosen, lang),
        missing=missing(ground, planned, limits, len(chosen), lang),
    )


def _check(limits: Limits, lang: str) -> None:
    counts = (limits.size, limits.per_introducer, limits.per_organisation, limits.per_target)
    if min(counts) < 1 or limits.by_team < 0:
        raise Unusable(f"Each limit is at least 1 (the team's own at least 0); got {limits}.")
    if limits.fair is not None and not 0 < limits.fair < np.inf:
        raise Unusable(f"Fairness is how many times its share a group may take, above 0; got {limits.fair!r}.")
    if lang not in LANGS:
        raise Unusable(f"A language is one of {', '.join(LANGS)}; got {lang!r}.")


def _without(planned: Plan, graph: Graph, refused: Iterable[tuple[str, str]], not_introducers: Iterable[str]) -> Plan:
    """The plan without refused pairs and unwilling introducers."""
    pairs, bodies = frozenset(frozenset(pair) for pair in refused), frozenset(not_introducers)
    keep = allowed(planned.candidates, pairs, bodies, graph)
    return replace(planned, candidates=[planned.candidates[k] for k in keep], likely=planned.likely[keep])


def _proposal(ground: Ground, planned: Plan, chosen_from: Task, chosen: Sequence[int], at: int, lang: str) -> Proposed:
    c = planned.candidates[chosen[at]]
    return Proposed(
        rank=at + 1,
        source=str(ground.graph.ids[c.source]),
        source_name=name(ground, c.source, lang),
        target=c.found.id,
        target_name=name(ground, c.target, lang),
        target_kind=c.found.kind,
        introducers=c.found.introducers,
        through=through(ground, c, lang),
        by_you=c.by_team,
        path=c.found.path,
        strength=c.found.strength,
        likely=float(planned.likely[chosen[at]]),
        reasons=c.found.reasons,
        cautions=(*c.found.cautions, *cautions(planned, chosen[at], lang)),
        gain=float(chosen_from.gains(chosen[:at])[chosen[at]]),
        brings=brings(ground, planned, c, lang),
        changes=changes(ground, c.source, c.target),
        runner_up=_second(ground, planned, chosen_from, chosen, at, lang),
    )


def _second(
    ground: Ground, planned: Plan, chosen_from: Task, chosen: Sequence[int], at: int, lang: str
) -> RunnerUp | None:
    c = planned.candidates[chosen[at]]
    alike = np.array([bool({d.source, d.target} & {c.source, c.target}) for d in planned.candidates])
    found = runner_up(chosen_from, chosen, at, alike)
    if found is None:
        return None
    other: Candidate = planned.candidates[found[0]]
    return RunnerUp(
        source=str(ground.graph.ids[other.source]),
        source_name=name(ground, other.source, lang),
        target=other.found.id,
        target_name=name(ground, other.target, lang),
        introducers=other.found.introducers,
        through=through(ground, other, lang),
        by_you=other.by_team,
        less=max(chosen_from.value(chosen) - found[1], 0.0),
    )
