"""Which introductions could be made: what `recommend` answers for each organisation, and how likely each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from tsi_graph.analysis.coverage import tie_counts
from tsi_graph.graph import MEMBERSHIP, Graph
from tsi_graph.recommend.path import WEAK
from tsi_graph.recommend.rules import HOUSE, closed, office
from tsi_graph.recommend.score import LIKENESS, Recommendation, recommend
from tsi_graph.recommend.ties import Ties, alliance, is_kind, of_nodes, prepare, row

TEAM = 0.1
"""How likely an introduction is that only the team can make: no chain of documented ties, as good as a fair one."""
ASKED = 200
"""How many organisations are asked about at most; those that need it most come first."""
ANSWERS, COLD_ANSWERS = 60, 200
"""How many answers each gives at most; more where no tie leads anywhere and nothing but place ranks them."""

MANY = 6
"""From how many documented ties on a body is well known."""


@dataclass(frozen=True, eq=False)
class Ground:
    """What is known of a graph before any objective; all arrays are in node order.

    here: open organisations of the ecosystem. team: the alliance, its promoters and their parts. house: the
    number of the house of each. order: the rank of each id. count: documented ties. members: row n names
    the open organisations that are documented members of n.
    """

    graph: Graph
    ties: Ties
    here: np.ndarray
    team: np.ndarray
    house: np.ndarray
    order: np.ndarray
    count: np.ndarray
    members: csr_array

    def near(self, node: int) -> np.ndarray:
        """The organisations of the ecosystem, and the alliance itself, with a documented tie to a node."""
        tied = row(self.ties.weight, node)
        return np.asarray(tied[self.here[tied] | self.team[tied]])

    def word(self, column: str, node: int) -> str:
        return str(of_nodes(self.graph, column)[node])


@dataclass(frozen=True, eq=False)
class Candidate:
    """One introduction that could be made: source to target, over the nodes between.

    chance is how likely the chain holds: the product of its ties, or TEAM where only the team can introduce.
    """

    source: int
    target: int
    between: tuple[int, ...]
    chance: float
    found: Recommendation

    @property
    def by_team(self) -> bool:
        return self.found.by_you or not self.found.path


@lru_cache(maxsize=2)
def ground_of(graph: Graph) -> Ground:
    """The ecosystem of a graph, its houses and its ties, once per graph."""
    ties = prepare(graph)
    i, j = graph.ends
    ours = alliance(graph)
    part = (graph.edges["kind"] == "PART_OF").to_numpy(bool) & ours[j]
    team = office(graph)
    team[i[part]] = True
    order = np.argsort(np.argsort(graph.nodes["id"].astype(str).to_numpy()))
    ended = closed(graph, ties)
    here = _here(graph) & ~ended
    return Ground(graph, ties, here, team, houses(graph, order), order, tie_counts(graph), _members(graph, ended))


def _here(graph: Graph) -> np.ndarray:
    """Organisations in the city of the alliance, and its members; all where there is no alliance."""
    i, j = graph.ends
    ours, city = alliance(graph), of_nodes(graph, "city")
    member = ours.copy()
    member[i[graph.edges["kind"].isin(MEMBERSHIP).to_numpy(bool) & ours[j]]] = True
    cities = set(city[ours]) - {""}
    local = np.isin(city, list(cities)) | member if cities else np.ones(len(graph), bool)
    return np.asarray(is_kind(graph, "Stakeholder") & local)


def _members(graph: Graph, ended: np.ndarray) -> csr_array:
    i, j = graph.ends
    joins = (graph.edges["kind"] == "MEMBER_OF").to_numpy(bool) & is_kind(graph, "Stakeholder")[i] & ~ended[i]
    return coo_array((np.ones(joins.sum()), (j[joins], i[joins])), shape=(len(graph),) * 2).tocsr()


def houses(graph: Graph, order: np.ndarray) -> np.ndarray:
    """The house of each node, as the rank of its first id: a body, its units, what it alone founded, runs or owns."""
    i, j = graph.ends
    body = is_kind(graph, "Stakeholder")
    kind = graph.edges["kind"].to_numpy(object)
    inside = np.isin(kind, HOUSE) & body[i] & body[j] & (i != j)
    unit = inside & (kind == "PART_OF")
    owned = np.unique(np.c_[j, i][inside & ~unit], axis=0)
    alone = np.bincount(owned[:, 0], minlength=len(graph))[owned[:, 0]] == 1
    a, b = np.r_[i[unit], owned[alone, 1]], np.r_[j[unit], owned[alone, 0]]
    part = connected_components(coo_array((np.ones(len(a)), (a, b)), shape=(len(graph),) * 2))[1]
    first = np.full(part.max(initial=-1) + 1, len(graph))
    np.minimum.at(first, part, order)
    return np.asarray(first[part])


def candidates(
    ground: Ground, askers: np.ndarray, to: str, scope: str | None, lang: str, may: np.ndarray
) -> list[Candidate]:
    """What `recommend` proposes to the askers among the targets that may be, over ways that are not weak.

    Without what needs no introduction: a target that another of the same house knows, and two of one city
    that are both well known.
    """
    graph = ground.graph
    ids = tuple(str(graph.ids[a]) for a in askers)
    found = []
    for a, answers in zip(askers.tolist(), _answers(graph, ids, to, scope, lang), strict=True):
        known = _known_at_home(ground, a)
        targets = graph.ids.get_indexer(pd.Index([r.id for r in answers], dtype=object)).tolist()
        for b, r in zip(targets, answers, strict=True):
            if may[b] and not known[b] and not _neighbours(ground, a, b) and not (r.path and r.strength < WEAK):
                between = tuple(graph.position(z) for z in r.introducers)
                found.append(Candidate(a, b, between, r.strength if r.path else TEAM, r))
    return found


def _known_at_home(ground: Ground, node: int) -> np.ndarray:
    """Whom anybody of a body's house is tied to."""
    known = np.zeros(len(ground.graph), bool)
    for one in np.flatnonzero(ground.house == ground.house[node]).tolist():
        known[row(ground.ties.weight, one)] = True
    return known


def _neighbours(ground: Ground, a: int, b: int) -> bool:
    """Whether two have many documented ties in one city: the Polytechnic needs no introduction to the bank."""
    same = ground.word("city", a) == ground.word("city", b) != ""
    return bool(same and ground.count[a] >= MANY and ground.count[b] >= MANY)


@lru_cache(maxsize=8)
def _answers(
    graph: Graph, ids: tuple[str, ...], to: str, scope: str | None, lang: str
) -> tuple[tuple[Recommendation, ...], ...]:
    """What is recommended to each; kept, since the same question comes back with other limits."""
    partners = prepare(graph).partners
    limits = [ANSWERS if partners[graph.position(one)] else COLD_ANSWERS for one in ids]
    return tuple(tuple(recommend(graph, one, to, scope, n, lang)) for one, n in zip(ids, limits, strict=True))


def allowed(
    found: Sequence[Candidate], refused: frozenset[frozenset[str]], not_introducers: frozenset[str], graph: Graph
) -> list[int]:
    """Which candidates are no refused pair and ask nobody who does not wish to introduce."""
    return [
        k
        for k, c in enumerate(found)
        if frozenset((str(graph.ids[c.source]), c.found.id)) not in refused
        and not not_introducers.intersection(c.found.introducers)
    ]


def bend(likeness: float) -> float:
    """How a pair's likeness bends its chance, as in the score of `recommend`: from about one half to 1.

    >>> round(bend(0), 2), bend(1)
    (0.49, 1.0)
    """
    least, power = LIKENESS
    return float(((least + likeness) / (least + 1)) ** power)


def neediest(ground: Ground, who: np.ndarray, has: np.ndarray) -> np.ndarray:
    """At most ASKED of some organisations, those that have least first, then by id; the team apart."""
    nodes = np.flatnonzero(who & ground.here & ~ground.team)
    return np.asarray(nodes[np.lexsort((ground.order[nodes], has[nodes]))][:ASKED])


def sort_by_id(ground: Ground, found: Sequence[Candidate]) -> list[Candidate]:
    return sorted(found, key=lambda c: (ground.order[c.source], ground.order[c.target], c.found.kind))
