"""This month's introductions: chosen together for one objective, under limits, with how good the choice is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph
from tsi_graph.language import LANGS
from tsi_graph.recommend.cautions import Found, cautions
from tsi_graph.recommend.columns import ids
from tsi_graph.recommend.path import Step
from tsi_graph.recommend.portfolios.bound import best
from tsi_graph.recommend.portfolios.candidates import Candidate, candidates
from tsi_graph.recommend.portfolios.choice import Task, guarantee, runner_up
from tsi_graph.recommend.portfolios.effects import Change, changes
from tsi_graph.recommend.portfolios.ground import Ground
from tsi_graph.recommend.portfolios.limits import FAIR, Limits, task
from tsi_graph.recommend.portfolios.objectives import Plan, plan
from tsi_graph.recommend.portfolios.reasons import (
    Load,
    achieves,
    aim,
    brings,
    further,
    introducing,
    missing,
    name,
    through,
    unspoken,
)
from tsi_graph.recommend.reasons import reasons
from tsi_graph.recommend.score import Recommendation, told
from tsi_graph.recommend.steps import steps_of


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

    path, reasons, cautions, introducers, by_you and strength are as in `recommend`, which shows the first of a pair's
    ways; through are the names of the introducers. doors: how many open doors the network has, and would have.
    likely is the strength of the way (a fixed one where only the team can introduce), bent by how well the two fit.
    gain is what it adds to the value of those before it.
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
    reason_sources: tuple[tuple[str, ...], ...] = ()
    doors: tuple[int, int] | None = None


@dataclass(frozen=True)
class Decided:
    """An introduction of the month on which the team decided since: what became of it, and its id in the ledger.

    place is how many of those that are left come before it.
    """

    id: str
    state: str
    source: str
    source_name: str
    target: str
    target_name: str
    place: int


@dataclass(frozen=True)
class Portfolio:
    """A month of introductions for one objective, those that add most first.

    value is what they are worth together, at_most what any choice among those weighed can be worth within the same
    limits: share is value by at_most. guarantee is the share that holds before any computation. possible counts the
    introductions weighed, by so many ways; organisations those asked about, of so many that need it. load, achieves
    and missing say who introduces how often, what the month achieves if all succeed, and why there are fewer
    than asked; unspoken are the networks left out since nothing documented says whom they admit, names by ids.
    decided: those on which the team decided since the month began (`this_month`); they are not among the
    introductions.
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
    ways: int
    organisations: int
    needing: int
    load: tuple[Load, ...]
    achieves: tuple[str, ...]
    missing: str
    unspoken: Mapping[str, str]
    decided: tuple[Decided, ...] = ()


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
    refused: Collection[Collection[str]] = (),
    not_introducers: Collection[str] = (),
    load: Mapping[str, int] | None = None,
    reliability: Mapping[str, float] | None = None,
    through_promoters: bool = False,
    dropped: Collection[Collection[str]] = (),
    lang: str = "it",
) -> Portfolio:
    """The introductions of a month, chosen together for `reach`, `periphery`, `gap` or `topic`.

    about: a network or a scope to reach, or `one-port` for the networks with one open door; two sectors that hardly
    meet (`foundation,cooperative`); a topic; by id or
    name. per_introducer: of a body and its house, what they were asked for already (`load`) included; by_team:
    those that the team makes itself, as many as per_introducer, or any number for the periphery, whom nobody
    else knows. per_target: each network or funder. fair: how many times its share a sector, size or place may
    take; 0 or None for no matter. refused, not_introducers, load and reliability are those of `recommend`: what
    they bar or burden is led around where there is another way. through_promoters: the promoters may introduce
    also where there is another way. dropped: pairs that keep their place and are counted in nothing. The value is
    monotone and submodular (see
    `Task`); the same graph gives the same answer, equals ordered by id. Raises Unusable or NotFound for
    wrong arguments.
    """
    team = (size if objective == "periphery" else per_introducer) if by_team is None else by_team
    limits = Limits(size, per_introducer, per_organisation, per_target, team, fair or None)
    _check(limits, lang)
    ground = Ground(graph, lang, refused, not_introducers, load or {}, reliability or {}, through_promoters)
    planned = plan(ground, objective, about)
    found = candidates(ground, planned)
    chosen_from = task(ground, planned, limits, found)
    chosen, most = best(chosen_from)
    value = chosen_from.value(chosen)
    gone = {frozenset(pair) for pair in dropped}
    made = [
        c for c in (found[k] for k in chosen) if frozenset((_id(ground, c.source), _id(ground, c.target))) not in gone
    ]
    return Portfolio(
        objective=objective,
        about=planned.about,
        aim=aim(ground, planned),
        limits=limits,
        introductions=tuple(_proposal(ground, planned, chosen_from, found, chosen, at) for at in range(len(chosen))),
        value=value,
        at_most=most,
        share=value / most if most > 0 else 1.0,
        guarantee=guarantee(chosen_from),
        possible=len({(c.source, c.target) for c in found}),
        ways=len(found),
        organisations=len(planned.askers),
        needing=len(planned.needing),
        load=introducing(ground, limits, made),
        achieves=achieves(ground, planned, made),
        missing=missing(ground, planned, limits, len(chosen)),
        unspoken=unspoken(ground, planned),
    )


def _check(limits: Limits, lang: str) -> None:
    counts = (limits.size, limits.per_introducer, limits.per_organisation, limits.per_target)
    if min(counts) < 1 or limits.by_team < 0:
        raise Unusable(f"Each limit is at least 1 (the team's own at least 0); got {limits}.")
    if limits.fair is not None and not 0 < limits.fair < np.inf:
        raise Unusable(f"Fairness is how many times its share a group may take, above 0; got {limits.fair!r}.")
    if lang not in LANGS:
        raise Unusable(f"A language is one of {', '.join(LANGS)}; got {lang!r}.")


def _proposal(
    ground: Ground, planned: Plan, chosen_from: Task, found: Sequence[Candidate], chosen: Sequence[int], at: int
) -> Proposed:  # fmt: skip
    c = found[chosen[at]]
    answer = _answered(c)
    return Proposed(
        rank=at + 1,
        source=_id(ground, c.source),
        source_name=name(ground, c.source),
        target=answer.id,
        target_name=name(ground, c.target),
        target_kind=answer.kind,
        introducers=answer.introducers,
        through=through(ground, c),
        by_you=c.by_team,
        path=answer.path,
        strength=answer.strength,
        likely=c.likely,
        reasons=answer.reasons,
        cautions=(*answer.cautions, *further(ground, c)),
        gain=float(chosen_from.gains(chosen[:at])[chosen[at]]),
        brings=tuple(text for text in brings(ground, planned, c) if text not in answer.reasons),
        changes=changes(ground, c.source, c.target),
        runner_up=_second(ground, chosen_from, found, chosen, at),
        reason_sources=answer.reason_sources,
        doors=_doors(planned, c.target),
    )


def _doors(planned: Plan, target: int) -> tuple[int, int] | None:
    if planned.objective != "reach":
        return None
    return int(planned.has[target]), int(planned.has[target]) + 1


def _answered(c: Candidate) -> Recommendation:
    """What `recommend` says of a pair, over the way of the candidate."""
    answer = told(c.asked, c.target, 0.0, 0.0)
    if c.first:
        return answer
    case, routes = c.asked.case, c.asked.routes
    why = reasons(case, c.target, c.chain)
    steps = steps_of(case, c.chain, [routes.step(*ends) for ends in pairwise(c.chain)])
    return replace(
        answer,
        reasons=tuple(reason.text for reason in why),
        reason_sources=tuple(reason.sources for reason in why),
        cautions=cautions(case, c.target, Found(c.chain, (), (), steps, c.asked.home)),
        path=steps,
        introducers=tuple(str(z) for z in ids(case.graph)[list(c.between)]),
        strength=routes.product(c.chain),
    )


def _second(
    ground: Ground, chosen_from: Task, found: Sequence[Candidate], chosen: Sequence[int], at: int
) -> RunnerUp | None:  # fmt: skip
    c = found[chosen[at]]
    ends = {c.source, c.target}
    common = np.array([len({d.source, d.target} & ends) for d in found])
    second = runner_up(chosen_from, chosen, at, common < 2, common == 1)
    if second is None:
        return None
    other = found[second[0]]
    return RunnerUp(
        source=_id(ground, other.source),
        source_name=name(ground, other.source),
        target=_id(ground, other.target),
        target_name=name(ground, other.target),
        introducers=tuple(_id(ground, z) for z in other.between),
        through=through(ground, other),
        by_you=other.by_team,
        less=max(chosen_from.value(chosen) - second[1], 0.0),
    )


def _id(ground: Ground, node: int) -> str:
    return str(ids(ground.graph)[node])
