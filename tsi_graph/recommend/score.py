"""Who should meet whom: a readable score, the rules before it, and the reasons and the route that go with it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph
from tsi_graph.recommend.case import Case
from tsi_graph.recommend.path import Routes, Step, strengths
from tsi_graph.recommend.reasons import cautions, reasons, step
from tsi_graph.recommend.rules import closed, office, proposable, purses, scopes
from tsi_graph.recommend.sentences import LANGS
from tsi_graph.recommend.ties import Ties, is_kind, prepare

HUB = 0.6
"""How hard a common partner with many partners is punished."""
LIKENESS = (0.1, 0.3)
"""What a pair without a common topic keeps, and how much likeness bends the score."""


@dataclass(frozen=True)
class Recommendation:
    """Whom to meet, why, through whom and what to watch.

    path leads from the node to the candidate over documented ties, empty where there is none.
    introducers are the ids in between; `by_you` says that the alliance or a promoter is among them.
    cold_start: no tie of the node is documented, so topic, role and place decided.
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


def recommend(
    graph: Graph, node: str, to: str = "network", scope: str | None = None, limit: int = 10, lang: str = "it"
) -> list[Recommendation]:
    """The networks, funds, investors or stakeholders that a body should meet, best first.

    The score is R1 of `relevance`; equal scores are ordered by complementary role, same place and
    need of the network, then by id. A body without documented ties is answered by topic, role and
    place, with score 0. Raises NotFound for an unknown node, Unusable for other wrong arguments.
    """
    q, wanted = graph.position(node), scopes(to, scope)
    if limit < 1 or lang not in LANGS:
        raise Unusable(f"A limit is at least 1 and a language one of {', '.join(LANGS)}; got {limit!r} and {lang!r}.")
    if not any(is_kind(graph, kind)[q] for kind in ("Stakeholder", "Network", "Fund")):
        raise Unusable(f"{node!r} is a {graph.nodes['kind'].iat[q]}; organisations, networks and funds are introduced.")
    ties = prepare(graph)
    ended, ours = closed(graph, ties), office(graph)
    if ended[q]:
        return []
    open_body = (is_kind(graph, "Stakeholder") | is_kind(graph, "Network")) & ~ended & ~purses(graph)
    order = np.argsort(np.argsort(graph.nodes["id"].astype(str).to_numpy()))
    case = Case(graph, ties, q, lang, open_body & ~ours, ended, order)
    candidates = np.flatnonzero(proposable(graph, ties, q, to, wanted))
    routes = Routes(ties, q, order, case.usable, open_body, case.network)
    best = _ranked(case, routes, candidates, limit)
    return [_told(case, routes, ours, c, score, likeness) for c, score, likeness in best]


def relevance(ties: Ties, node: int, usable: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """R1 and likeness of every node to one: saturated, dated, size-weighted paths, hubs punished.

    R0(q, c) = sum over common partners z of w(q, z) w(z, c) / partners(z)^HUB, and
    R1 = R0 (LIKENESS[0] + likeness)^LIKENESS[1], likeness being the cosine of the TF-IDF profiles of
    topics and programmes. Only usable partners count. 0 where nobody is in common.
    """
    first = ties.weight[[node]]
    between = first.indices[usable[first.indices]]
    share = first.data[usable[first.indices]] / ties.partners[between] ** HUB
    paths = np.asarray(share @ ties.weight[between]) if len(between) else np.zeros(len(usable))
    likeness = np.asarray((ties.profile @ ties.profile[[node]].T).toarray()).ravel()
    return paths * (LIKENESS[0] + likeness) ** LIKENESS[1], likeness


def _ranked(case: Case, routes: Routes, candidates: np.ndarray, limit: int) -> list[tuple[int, float, float]]:
    """Candidates with score and likeness, best first; those for whom nothing speaks are left out."""
    score, likeness = (values.round(12)[candidates] for values in relevance(case.ties, case.node, case.usable))
    role, place = case.complement[candidates], case.same_place[candidates]
    places = np.flatnonzero(case.network[candidates])
    need, ours = np.zeros(len(candidates), bool), np.zeros(len(candidates), bool)
    need[places] = [len(case.here(c)) == 0 for c in candidates[places].tolist()]
    ours[places] = [len(case.home(c)) > 0 or bool(routes.to(c)) for c in candidates[places].tolist()]
    far = np.zeros(len(candidates))
    if (score > 0).sum() < limit:
        far = np.where(score == 0, routes.strength[candidates].round(12), 0.0)
    ranked = np.lexsort((case.order[candidates], ~need, ~place, ~role, -likeness, -far, -score))
    speaks = (score > 0) | (far > 0) | (likeness > 0) | role | place | ours
    return [(int(candidates[r]), float(score[r]), float(likeness[r])) for r in ranked if speaks[r]][:limit]


def _told(
    case: Case, routes: Routes, ours: np.ndarray, candidate: int, score: float, likeness: float
) -> Recommendation:
    chain = routes.to(candidate)
    steps = tuple(step(case, a, b, float(strengths(case.ties)[a, b])) for a, b in pairwise(chain))
    between = chain[1:-1] if chain else tuple(case.home(candidate))
    ids = case.graph.nodes["id"].to_numpy(object)
    return Recommendation(
        id=str(ids[candidate]),
        name=str(case.full_names[candidate]),
        kind=str(case.graph.nodes["kind"].iat[candidate]),
        score=score,
        likeness=likeness,
        reasons=reasons(case, candidate, chain),
        cautions=cautions(case, candidate, chain, steps, ours),
        path=steps,
        introducers=tuple(str(ids[z]) for z in between),
        strength=float(np.prod([s.strength for s in steps])) if steps else 0.0,
        by_you=bool(ours[list(between)].any()),
        cold_start=case.cold,
    )
