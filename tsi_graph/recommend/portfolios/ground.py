"""What a month of introductions is chosen from: the ecosystem, its team and houses, and what the ledger says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from tsi_graph.analysis.coverage import tie_counts
from tsi_graph.graph import Graph
from tsi_graph.recommend.columns import alliance, by_id, is_kind, of_nodes
from tsi_graph.recommend.ports import ecosystem
from tsi_graph.recommend.rules import HOUSE, closed, office
from tsi_graph.recommend.score import Question, ask
from tsi_graph.recommend.ties import Ties, prepare
from tsi_graph.remembered import once_per_graph

MANY = 6
"""From how many documented ties on a body is well known."""


@dataclass(frozen=True, eq=False)
class Ground:
    """A graph and the ledger's word on it, in one language; all arrays are in node order.

    refused: pairs that are not to be proposed. not_introducers: who is not to be asked. load: how often each was
    asked of late. reliability: how introductions through each went, 1 being average. through_promoters: promoters may
    introduce also where there is another way.
    """

    graph: Graph
    lang: str
    refused: Collection[Collection[str]] = ()
    not_introducers: Collection[str] = ()
    load: Mapping[str, int] = field(default_factory=dict)
    reliability: Mapping[str, float] = field(default_factory=dict)
    through_promoters: bool = False

    @cached_property
    def ties(self) -> Ties:
        return prepare(self.graph)

    @cached_property
    def order(self) -> np.ndarray:
        """The rank of each id: what decides among equals."""
        return by_id(self.graph)

    @cached_property
    def ended(self) -> np.ndarray:
        return closed(self.graph, self.ties)

    @cached_property
    def here(self) -> np.ndarray:
        """The organisations of the ecosystem that have not closed."""
        return np.asarray(ecosystem(self.graph) & ~self.ended)

    @cached_property
    def team(self) -> np.ndarray:
        """The alliance, its promoters and the parts of both."""
        i, j = self.graph.ends
        part = (self.graph.edges["kind"] == "PART_OF").to_numpy(bool) & alliance(self.graph)[j]
        team = office(self.graph).copy()
        team[i[part]] = True
        return team

    @cached_property
    def others(self) -> np.ndarray:
        """The organisations of the ecosystem, the team apart: who is introduced."""
        return np.asarray(self.here & ~self.team)

    @cached_property
    def count(self) -> np.ndarray:
        """How many documented ties each has."""
        return tie_counts(self.graph)

    @cached_property
    def house(self) -> np.ndarray:
        return houses(self.graph)

    @cached_property
    def at_work(self) -> csr_array:
        """Row t names who works on topic t."""
        return csr_array(self.ties.topics.T.tocsr())

    @cached_property
    def _asked(self) -> dict[int, Question]:
        return {}

    def question(self, node: int) -> Question:
        """What an open body's questions are answered from, over introducers that are willing and not overworked."""
        if node not in self._asked:
            found = ask(
                self.graph, str(self.graph.ids[node]), self.lang, not_introducers=self.not_introducers,
                load=self.load, reliability=self.reliability, through_promoters=self.through_promoters,
            )  # fmt: skip
            assert found is not None
            self._asked[node] = found
        return self._asked[node]

    def earlier(self, house: int) -> int:
        """How many introductions a house was asked for before."""
        known = [(body, n) for body, n in self.load.items() if body in self.graph.ids]
        return sum(n for body, n in known if self.house[self.graph.position(body)] == house)

    def word(self, column: str, node: int) -> str:
        return str(of_nodes(self.graph, column)[node])


@once_per_graph
def houses(graph: Graph) -> np.ndarray:
    """Who shares one limit as introducer, as the rank of the first id: a body, its units, what it alone founded,
    runs or owns.

    Narrower than the house within which `rules.house` introduces nobody: what many own is nobody's.
    """
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
    np.minimum.at(first, part, by_id(graph))
    return np.asarray(first[part])
