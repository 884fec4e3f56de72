"""Which introductions could be made: whom to whom, by which ways, and how likely each is to come about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tsi_graph.recommend.alternatives import best_chains
from tsi_graph.recommend.columns import codes, row, values
from tsi_graph.recommend.constants import STEPS, WEAK
from tsi_graph.recommend.portfolios.fit import BARE, fit
from tsi_graph.recommend.portfolios.ground import MANY, Ground
from tsi_graph.recommend.portfolios.objectives import Plan
from tsi_graph.recommend.rules import house, proposable
from tsi_graph.recommend.score import Question, refused_by

TEAM = 0.1
"""How likely an introduction is that only the team can make: no chain of documented ties, as good as a fair one."""
TARGETS = 100
"""How many targets of each organisation are weighed at most, those first that could bring most."""
WAYS, LOOKED = 3, 20
"""How many ways of each pair are weighed, of how many that are looked at."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """One introduction by one way: source to target, over the nodes between.

    chain holds all nodes of the way, nothing where only the team can introduce. likely is how likely it comes
    about; bare says that nothing but the way speaks for it, first that it is the way `recommend` shows.
    """

    asked: Question
    source: int
    target: int
    chain: tuple[int, ...]
    likely: float
    bare: bool
    first: bool

    @property
    def between(self) -> tuple[int, ...]:
        return self.chain[1:-1] if self.chain else tuple(self.asked.case.home(self.target).tolist())

    @property
    def by_team(self) -> bool:
        return not self.chain or bool(self.asked.home[list(self.between)].any())


def candidates(ground: Ground, plan: Plan) -> list[Candidate]:
    """What `recommend` may propose to those who are asked about, by the best ways, in the order of ids.

    A pair's later ways are never likelier than its first. Without what needs no introduction: a target
    that another of the same house knows, and two of one city that are both well known.
    """
    found = [c for a in plan.askers.tolist() for c in _of(ground, plan, a)]
    return sorted(found, key=lambda c: (ground.order[c.source], ground.order[c.target]))


def _of(ground: Ground, plan: Plan, a: int) -> Iterator[Candidate]:
    asked = ground.question(a)
    targets = np.flatnonzero(_may(ground, plan, a))
    well = fit(ground, plan, a)[targets]
    near = _nearest(ground, asked)[targets]
    # neither a way nor a reason: one should ask first, and propose later
    sound = (near >= WEAK) | (well > BARE)
    hope = well * plan.leads[targets] * np.where(near >= WEAK, near, TEAM)
    hope = np.where(sound & (hope.round(12) >= WEAK), hope * (plan.worth[a] + plan.worth[targets]), 0.0)
    ranked = np.lexsort((ground.order[targets], -hope.round(12)))
    for k in ranked[hope[ranked] > 0][:TARGETS].tolist():
        b, fits = int(targets[k]), float(well[k] * plan.leads[targets[k]])
        bare = bool(well[k] <= BARE)
        chains = ways(ground, asked, b) if near[k] >= WEAK else []
        if not chains and not bare and _speaks(asked, b):
            yield Candidate(asked, a, b, (), round(TEAM * fits, 12), bare, first=True)
        strength = np.minimum.accumulate([asked.routes.product(chain) for chain in chains])
        for chain, likely in zip(chains, (strength * fits).round(12).tolist(), strict=True):
            if likely >= WEAK:
                yield Candidate(asked, a, b, chain, likely, bare, first=chain == chains[0])


def _may(ground: Ground, plan: Plan, a: int) -> np.ndarray:
    """Whom an organisation may be introduced to for the objective."""
    graph, ties = ground.graph, ground.ties
    may = np.zeros(len(graph), bool)
    for to, wanted in plan.towards:
        may |= wanted & proposable(graph, ties, a, to, ())
    for one in np.flatnonzero(house(graph, a)).tolist():
        may[row(ties.weight, one)] = False
    may[refused_by(graph, str(graph.ids[a]), ground.refused)] = False
    # the Polytechnic needs no introduction to the bank
    if ground.count[a] >= MANY:
        city = codes(graph, "city")
        may &= ~((ground.count >= MANY) & (city == city[a]) & (city >= 0))
    return may


def _nearest(ground: Ground, asked: Question) -> np.ndarray:
    """No chain of at most STEPS ties to a node is likelier than this, whoever introduces but the unwilling."""
    ties, routes = ground.ties.strength, asked.routes
    front = np.zeros(len(ground.graph))
    front[row(ties, routes.node)] = values(ties, routes.node)
    best = front.copy()
    for _ in range(STEPS - 1):
        inner = np.flatnonzero(np.where(routes.anybody, front, 0.0) >= WEAK)
        onwards = ties[inner]
        value = np.repeat(front[inner], np.diff(onwards.indptr)) * onwards.data
        front = np.zeros(len(best))
        np.maximum.at(front, onwards.indices, value)
        best = np.maximum(best, front)
    return best.round(12)


def ways(ground: Ground, asked: Question, target: int) -> list[tuple[int, ...]]:
    """The best ways to a target, at most WAYS, without those that burden all the houses that a better one does."""
    found: list[tuple[frozenset[int], tuple[int, ...]]] = []
    for chain in best_chains(asked.routes, target, LOOKED):
        burdens = frozenset(int(ground.house[z]) for z in chain[1:-1] if not ground.team[z])
        if not any(other <= burdens for other, _ in found):
            found.append((burdens, chain))
    return [chain for _, chain in found[:WAYS]]


def _speaks(asked: Question, b: int) -> bool:
    """Whether a reason can be told without a way: a common topic, a role or a place."""
    case = asked.case
    return bool(len(case.topics(b)) or case.same_place[b] or case.complement(np.array([b]))[0])
