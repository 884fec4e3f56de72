"""Who should meet whom: a readable score, the rules before it, and the reasons and the route that go with it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph
from tsi_graph.recommend.path import Step, chain, reach, strengths
from tsi_graph.recommend.reasons import Case, cautions, reasons, step
from tsi_graph.recommend.rules import closed, office, proposable, scopes
from tsi_graph.recommend.sentences import LANGS
from tsi_graph.recommend.ties import Ties, prepare

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
    if not any(graph.kinds_of(kind)[q] for kind in ("Stakeholder", "Network", "Fund")):
        raise Unusable(f"{node!r} is a {graph.nodes['kind'].iat[q]}; organisations, networks and funds are introduced.")
    ties = prepare(graph)
    ended, ours = closed(graph, ties), office(graph)
    if ended[q]:
        return []
    order = np.argsort(np.argsort(graph.nodes["id"].astype(str).to_numpy()))
    case = Case(graph, ties, q, lang, ~ended & ~ours, order)
    candidates = np.flatnonzero(proposable(graph, ties, q, to, wanted))
    return _answers(case, candidates, ours, ended, limit)
