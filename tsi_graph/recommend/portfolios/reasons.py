"""What each introduction of a month brings, who introduces how often, and what all of them achieve, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tsi_graph.analysis.gap_words import group
from tsi_graph.fields import SCOPES
from tsi_graph.language import listed, short
from tsi_graph.recommend.columns import alliance, full_names, ids, is_kind, of_nodes
from tsi_graph.recommend.constants import ENOUGH_PORTS
from tsi_graph.recommend.portfolios.candidates import Candidate
from tsi_graph.recommend.portfolios.ground import Ground
from tsi_graph.recommend.portfolios.limits import Limits
from tsi_graph.recommend.portfolios.objectives import ONE_PORT, OUTSIDE, Plan
from tsi_graph.recommend.portfolios.words import tell
from tsi_graph.recommend.ports import open_ports
from tsi_graph.recommend.sentences import say


@dataclass(frozen=True)
class Load:
    """How many introductions of the month an introducer and its house are asked for, of how many at most.

    Those asked for before are counted; accepted says how many of all the introducer was asked for already.
    """

    ids: tuple[str, ...]
    name: str
    asked: int
    most: int
    accepted: int = 0


def name(ground: Ground, node: int) -> str:
    """A name fit for a sentence."""
    return short(str(full_names(ground.graph, ground.lang)[node]))


def through(ground: Ground, c: Candidate) -> tuple[str, ...]:
    """The names of those who introduce, the alliance itself apart."""
    ours = alliance(ground.graph)
    return tuple(name(ground, z) for z in c.between if not ours[z])


def aim(ground: Ground, plan: Plan) -> str:
    """The objective in one sentence."""
    if plan.objective == "gap":
        first, second = (group(sector, ground.lang) for sector in plan.about)
        return tell(ground.lang, "gap", first=first, second=second)
    if plan.objective == "reach" and plan.about == OUTSIDE:
        return tell(ground.lang, "reach")
    if plan.about == (ONE_PORT,):
        return tell(ground.lang, "reach_one_port")
    if plan.objective == "reach" and set(plan.about) <= set(SCOPES):
        return tell(
            ground.lang, "reach_scope", names=listed(ground.lang, [tell(ground.lang, scope) for scope in plan.about])
        )
    if not plan.about:
        return tell(ground.lang, "no_topic" if plan.objective == "topic" else plan.objective)
    named = listed(ground.lang, [name(ground, ground.graph.position(one)) for one in plan.about])
    return tell(ground.lang, "reach_one" if plan.objective == "reach" else plan.objective, names=named)


def brings(ground: Ground, plan: Plan, c: Candidate) -> tuple[str, ...]:
    """What an introduction brings for the objective, from what its two ends have today."""
    names = {"a": name(ground, c.source), "b": name(ground, c.target)}
    return tuple({"reach": _reach, "periphery": _periphery, "gap": _gap, "topic": _topic}[plan.objective](
        ground, plan, c, names
    ))  # fmt: skip


def _reach(ground: Ground, plan: Plan, c: Candidate, names: dict[str, str]) -> Iterator[str]:
    n = int(plan.has[c.target])
    key = ("first_door", "second_door")[n] if n < 2 else "more_doors"
    yours = alliance(ground.graph)[open_ports(ground.graph)[c.target]].any()
    yield tell(ground.lang, f"{key}_you" if yours else key, n=n, m=n + 1, **names)
    if plan.has[c.source] == 0:
        yield say(ground.lang, "unconnected", **names)


def _periphery(ground: Ground, plan: Plan, c: Candidate, names: dict[str, str]) -> Iterator[str]:
    yield tell(ground.lang, "first_tie" if plan.has[c.source] == 0 else "second_tie", **names)
    n = int(ground.ties.partners[c.target])
    yield tell(ground.lang, "leads_one" if n == 1 else "leads", n=n, **names)


def _gap(ground: Ground, plan: Plan, c: Candidate, names: dict[str, str]) -> Iterator[str]:
    for node, called, other in ((c.source, names["a"], c.target), (c.target, names["b"], c.source)):
        n, sector = int(plan.has[node]), group(ground.word("sector", other), ground.lang)
        yield tell(ground.lang, "few_across" if n else "none_across", a=called, n=n, group=sector)


def _topic(ground: Ground, plan: Plan, c: Candidate, names: dict[str, str]) -> Iterator[str]:
    topic = name(ground, ground.graph.position(plan.about[0]))
    if plan.has[c.source] == 0:
        yield tell(ground.lang, "no_money", **names)
    yield tell(ground.lang, "money_there" if plan.has[c.target] else "new_money", topic=topic, **names)


def further(ground: Ground, c: Candidate) -> tuple[str, ...]:
    """What to watch beyond what `recommend` says: another way than the first, and nothing that speaks for the two."""
    other = () if c.first else tuple(name(ground, z) for z in c.asked.routes.to(c.target)[1:-1])
    return (
        *([tell(ground.lang, "other_way", names=listed(ground.lang, other))] if other else ()),
        *([tell(ground.lang, "bare")] if c.bare else ()),
    )


def introducing(ground: Ground, limits: Limits, made: Sequence[Candidate]) -> tuple[Load, ...]:
    """Who is asked for how many introductions, the most asked first; the team last."""
    asked: Counter[int] = Counter()
    bodies: dict[int, set[int]] = {}
    for c in made:
        houses = {int(ground.house[z]) for z in c.between if not ground.team[z]}
        asked.update(houses)
        for z in c.between:
            bodies.setdefault(int(ground.house[z]), set()).add(z)
    found = []
    for house, n in asked.items():
        ordered = sorted(bodies[house], key=lambda z: ground.order[z])
        ids = tuple(str(ground.graph.ids[z]) for z in ordered)
        called = listed(ground.lang, [name(ground, z) for z in ordered])
        earlier = ground.earlier(house)
        found.append(Load(ids, called, n + earlier, limits.per_introducer, earlier))
    own = sum(c.by_team for c in made)
    team = [Load((), tell(ground.lang, "team"), own, limits.by_team)] if own else []
    return (*sorted(found, key=lambda one: (-one.asked, one.ids)), *team)


def achieves(ground: Ground, plan: Plan, made: Sequence[Candidate]) -> tuple[str, ...]:
    """What the month achieves if all succeed, each figure with its base."""
    sources, targets = {c.source for c in made}, {c.target for c in made}
    everybody = int(plan.concerned.sum())
    if plan.objective == "reach":
        none = is_kind(ground.graph, "Stakeholder") & (plan.has == 0)
        return (
            tell(ground.lang, "networks_met", n=len(targets), m=everybody),
            tell(ground.lang, "first_doors", n=sum(plan.has[b] == 0 for b in targets)),
            tell(ground.lang, "second_doors", n=sum(plan.has[b] == 1 for b in targets)),
            tell(ground.lang, "first_networks", n=sum(plan.has[a] == 0 for a in sources), m=int(none.sum())),
        )
    if plan.objective == "periphery":
        return (tell(ground.lang, "attached", n=len(sources), m=everybody),)
    if plan.objective == "gap":
        sector = of_nodes(ground.graph, "sector")
        ends = np.array(sorted(sources | targets), int)
        return tuple(
            tell(ground.lang, "crossed", group=group(one, ground.lang), n=int((sector[ends] == one).sum()),
                m=int((plan.concerned & (sector == one)).sum()),
            )
            for one in plan.about
        )  # fmt: skip
    return (tell(ground.lang, "funded", n=len(sources), m=everybody), tell(ground.lang, "funders", n=len(targets)))


def unspoken(ground: Ground, plan: Plan) -> dict[str, str]:
    """The networks that were left out since nothing says whom they admit, by name: their names by their ids."""
    left = {str(ids(ground.graph)[b]): name(ground, b) for b in np.flatnonzero(plan.unspoken).tolist()}
    return dict(sorted(left.items(), key=lambda one: one[1]))


def missing(ground: Ground, plan: Plan, limits: Limits, n: int) -> str:
    """Why there are fewer than asked; blank where there are as many."""
    if n >= limits.size:
        return ""
    if n == 0 and plan.objective == "reach" and len(plan.about) == 1 and plan.about[0] not in (*SCOPES, ONE_PORT):
        network = ground.graph.position(plan.about[0])
        doors = len(open_ports(ground.graph)[network])
        if doors >= ENOUGH_PORTS:
            return tell(ground.lang, "enough_doors", b=name(ground, network), n=doors)
    if n == 0:
        return tell(ground.lang, "nothing")
    key = "fewer" if limits.per_introducer > 1 else "fewer_one"
    return tell(ground.lang, key, n=n, m=limits.size, k=limits.per_introducer)
