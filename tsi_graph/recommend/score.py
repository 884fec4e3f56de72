"""Who should meet whom: a readable score, the rules before it, and the reasons and the route that go with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import islice, pairwise

import numpy as np
import pandas as pd

from tsi_graph.errors import Unusable
from tsi_graph.graph import NOTEBOOK, Graph
from tsi_graph.language import LANGS
from tsi_graph.recommend.case import Case
from tsi_graph.recommend.cautions import Found, cautions
from tsi_graph.recommend.columns import ids, is_kind, of_nodes
from tsi_graph.recommend.constants import HALF_LIFE
from tsi_graph.recommend.explained import Part, parts
from tsi_graph.recommend.path import Routes, Step
from tsi_graph.recommend.reasons import reasons
from tsi_graph.recommend.relevance import relevance
from tsi_graph.recommend.rules import closed, introducers, office, proposable, scopes
from tsi_graph.recommend.steps import steps_of
from tsi_graph.recommend.ties import prepare


@dataclass(frozen=True)
class Recommendation:
    """Whom to meet, why, through whom and what to watch.

    reason_sources names, for each reason, where what it says is written; nothing where it says that nothing is.

    path leads from the node to the candidate over documented ties, empty where there is none that holds.
    introducers are the ids in between; `by_you` says that the alliance or a promoter is among them.
    cold_start: no tie of the node is documented, so topic, role and place decided. parts: the score taken
    apart, a sentence for each part.
    """

    id: str
    name: str
    kind: str
    score: float
    likeness: float
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    path: tuple[Step, ...]
    introducers: tuple[str, ...]
    strength: float
    by_you: bool
    cold_start: bool
    parts: tuple[Part, ...] = ()
    reason_sources: tuple[tuple[str, ...], ...] = ()

    def _repr_html_(self) -> str:
        """In a notebook: a card."""
        return str(import_module(NOTEBOOK).of_recommendation(self))


@dataclass(frozen=True, eq=False)
class Question:
    """One body that asks, with the ways that start there.

    home: who of the alliance or its promoters is in a way. spared: the ways there would be, were nobody spared
    as introducer; None where nobody is.
    """

    case: Case
    routes: Routes
    home: np.ndarray
    spared: Routes | None = None


def recommend(
    graph: Graph,
    node: str,
    to: str = "network",
    scope: str | None = None,
    limit: int = 10,
    lang: str = "it",
    *,
    half_life: float = HALF_LIFE,
    refused: Iterable[Collection[str]] = (),
    not_introducers: Collection[str] = (),
    load: Mapping[str, int] | None = None,
    reliability: Mapping[str, float] | None = None,
    among: np.ndarray | None = None,
) -> list[Recommendation]:
    """The networks, their members, funds, investors, stakeholders or projects that a body should meet, best first.

    The score is R1 of `relevance`; equal scores are ordered by likeness, complementary role, same place and
    need of the network, then by id. A body without documented ties is answered by topic, role and
    place, with score 0; whom nothing can be said of is left out.

    half_life is in years. refused pairs are not proposed. among: whom alone, in node order. not_introducers are in
    no path. An introducer asked
    `load` times of late counts 1 / (1 + load) in the choice of a path, and times its `reliability`; the
    documented strength stays as it is. Raises NotFound for an unknown node, Unusable for other wrong arguments.
    """
    wanted = scopes(to, scope)
    if limit < 1 or lang not in LANGS:
        raise Unusable(f"A limit is at least 1 and a language one of {', '.join(LANGS)}; got {limit!r} and {lang!r}.")
    asked = ask(graph, node, lang, half_life, wanted, not_introducers, load or {}, reliability or {})
    if asked is None:
        return []
    case = asked.case
    may = case.open_networks if to == "network" else proposable(graph, case.ties, case.node, to, wanted)
    may = may.copy()
    may[refused_by(graph, node, refused)] = False
    if among is not None:
        may &= among
    ranked = _ranked(asked, np.flatnonzero(may), limit, projects=to == "project")
    answers = (told(asked, *found) for found in ranked)
    return list(islice((one for one in answers if one.reasons), limit))


def ask(
    graph: Graph, node: str, lang: str, half_life: float = HALF_LIFE, wanted: tuple[str, ...] = (),
    not_introducers: Collection[str] = (), load: Mapping[str, int] | None = None,
    reliability: Mapping[str, float] | None = None, *, through_promoters: bool = False,
) -> Question | None:  # fmt: skip
    """What a body's questions are answered from; None where it has closed. Raises as `recommend` does.

    through_promoters: the alliance and its promoters introduce like everybody else.
    """
    q = graph.position(node)
    if not any(is_kind(graph, kind)[q] for kind in ("Stakeholder", "Network", "Fund")):
        raise Unusable(f"{node!r} is a {graph.nodes['kind'].iat[q]}; organisations, networks and funds are introduced.")
    ties = prepare(graph, half_life)
    if closed(graph, ties)[q]:
        return None
    others, anybody = introducers(graph)
    usable = anybody if through_promoters else others
    case = Case(graph, ties, q, lang, usable, wanted)
    trust = trusted(graph, load or {}, reliability or {})
    routes = Routes(ties, q, case.order, usable, anybody, case.network, case.project, trust)
    unwilling = positions(graph, not_introducers)
    if not len(unwilling):
        return Question(case, routes, office(graph))
    willing = np.ones(len(graph), bool)
    willing[unwilling] = False
    return Question(
        case, replace(routes, usable=usable & willing, anybody=anybody & willing), office(graph), spared=routes
    )


def positions(graph: Graph, bodies: Iterable[str]) -> np.ndarray:
    """Where some ids stand; those that the graph does not know are left out."""
    bodies = list(bodies)
    if not bodies:
        return np.array([], int)
    found = graph.ids.get_indexer(pd.Index(bodies, dtype=object))
    return np.asarray(found[found >= 0])


def refused_by(graph: Graph, node: str, refused: Iterable[Collection[str]]) -> np.ndarray:
    """Whom a body is not to meet, since one of the two said no."""
    return positions(graph, (other for pair in refused if node in pair for other in pair if other != node))


def trusted(graph: Graph, load: Mapping[str, int], reliability: Mapping[str, float]) -> np.ndarray:
    """What each introducer counts in the choice of a way: reliability / (1 + load), 1 where nothing is known."""
    if any(not asked >= 0 for asked in load.values()):
        raise Unusable(f"Nobody was asked less than 0 times; got {dict(load)!r}.")
    if any(not 0 <= value < np.inf for value in reliability.values()):
        raise Unusable(f"A reliability is a number from 0 on; got {dict(reliability)!r}.")
    trust = np.ones(len(graph))
    for body in {*load, *reliability}:
        trust[positions(graph, [body])] = reliability.get(body, 1.0) / (1 + load.get(body, 0))
    return trust


def _ranked(
    asked: Question, candidates: np.ndarray, limit: int, *, projects: bool
) -> Iterator[tuple[int, float, float]]:  # fmt: skip
    """Candidates with score and likeness, best first; those for whom nothing speaks are left out.

    At least `limit` of them if there are so many; who has a score has a partner in common, so a reason.
    """
    case, routes = asked.case, asked.routes
    if not len(candidates):
        return iter(())
    found = relevance(case.ties, case.node, case.usable, projects=projects)
    score, likeness = (values[candidates].round(12) for values in found)
    some = np.flatnonzero(score > 0)
    if len(some) > limit:
        # Nobody below can come before the last of these, so the rest need not be looked at.
        near = some[score[some] >= np.partition(score[some], -limit)[-limit]]
        candidates, score, likeness = candidates[near], score[near], likeness[near]
    role, place = case.complement(candidates), case.same_place[candidates]
    places = np.flatnonzero(case.network[candidates])
    need = np.zeros(len(candidates), bool)
    need[places] = [len(case.here(c)) == 0 for c in candidates[places].tolist()]
    far, unscored = np.zeros(len(candidates)), np.flatnonzero(score == 0)
    if (score > 0).sum() < limit and not case.cold:
        far[unscored] = routes.strength_to(candidates[unscored]).round(12)
    ranked = np.lexsort((case.order[candidates], ~need, ~place, ~role, -likeness, -far, -score))
    speaks = (score > 0) | (far > 0) | (likeness > 0) | role | place
    # a network that only the team can open is still one
    mute = places[~speaks[places]]
    speaks[mute] = [len(case.home(c)) > 0 or bool(routes.to(c)) for c in candidates[mute].tolist()]
    return ((int(candidates[r]), float(score[r]), float(likeness[r])) for r in ranked if speaks[r])


def told(asked: Question, candidate: int, score: float, likeness: float) -> Recommendation:
    """A candidate with all that is to be said of it."""
    case, routes = asked.case, asked.routes
    chain = routes.to(candidate)
    steps = steps_of(case, chain, [routes.step(*ends) for ends in pairwise(chain)])
    between = chain[1:-1] if chain else tuple(case.home(candidate))
    at = ids(case.graph)
    spared = asked.spared.to(candidate) if asked.spared and not chain else ()
    unwilling = tuple(z for z in spared[1:-1] if not asked.routes.anybody[z])
    hint = () if chain or spared else routes.hint(candidate)
    why = reasons(case, candidate, chain)
    return Recommendation(
        id=str(at[candidate]),
        name=str(case.full_names[candidate]),
        kind=str(of_nodes(case.graph, "kind")[candidate]),
        score=score,
        likeness=likeness,
        reasons=tuple(reason.text for reason in why),
        cautions=cautions(case, candidate, Found(chain, hint, unwilling, steps, asked.home)),
        path=steps,
        introducers=tuple(str(at[z]) for z in between),
        strength=float(np.prod([s.strength for s in steps])) if steps else 0.0,
        by_you=bool(asked.home[list(between)].any()),
        cold_start=case.cold,
        parts=parts(case, candidate, likeness),
        reason_sources=tuple(reason.sources for reason in why),
    )
