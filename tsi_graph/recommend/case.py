"""What is known of one body that asks, and of everybody else as seen from there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tsi_graph.graph import Graph
from tsi_graph.recommend.rules import MONEY
from tsi_graph.recommend.sentences import LANGS, short
from tsi_graph.recommend.ties import Ties, alliance, is_kind, of_nodes, row


@dataclass(frozen=True, eq=False)
class Case:
    """One body that asks, in one language, with what is known of everybody else.

    usable: who may introduce, neither closed nor a promoter. ended: who has closed, and is history only.
    order: the rank of each id, for equal scores.
    """

    graph: Graph
    ties: Ties
    node: int
    lang: str
    usable: np.ndarray
    ended: np.ndarray
    order: np.ndarray

    @cached_property
    def full_names(self) -> np.ndarray:
        names = of_nodes(self.graph, "name")
        italian = of_nodes(self.graph, "name_it")
        return np.where(italian != "", italian, names) if self.lang == LANGS[0] else names

    def name(self, node: int) -> str:
        return short(str(self.full_names[node]))

    def names(self, nodes: np.ndarray, by: np.ndarray | None = None) -> list[str]:
        """Names, strongest first by a value in node order, then by id."""
        value = np.zeros(len(self.graph)) if by is None else by
        ranked = nodes[np.lexsort((self.order[nodes], -value[nodes].round(12)))]
        return [self.name(i) for i in ranked]

    @cached_property
    def a(self) -> str:
        return self.name(self.node)

    @cached_property
    def city(self) -> str:
        return str(self.cities[self.node])

    @cached_property
    def sector(self) -> str:
        return str(self.sectors[self.node])

    @cached_property
    def partners(self) -> np.ndarray:
        """Whom the node knows and who may introduce."""
        known = row(self.ties.weight, self.node)
        return np.asarray(known[self.usable[known]])

    @cached_property
    def bond(self) -> np.ndarray:
        """The strength of the node's ties, in node order."""
        return np.asarray(self.ties.weight[[self.node]].toarray()).ravel()

    @cached_property
    def cold(self) -> bool:
        return len(row(self.ties.weight, self.node)) == 0

    @cached_property
    def money(self) -> tuple[np.ndarray, np.ndarray]:
        """Who funds whom, by position."""
        i, j = self.graph.ends
        pays = self.graph.edges["kind"].isin(MONEY).to_numpy(bool)
        return i[pays], j[pays]

    def paid(self, candidate: int) -> np.ndarray:
        payer, receiver = self.money
        return np.unique(receiver[payer == candidate])

    @cached_property
    def paying(self) -> np.ndarray:
        """Which nodes are documented as funders, funds among them."""
        pays: np.ndarray = is_kind(self.graph, "Fund") | is_kind(self.graph, "Investor")
        pays[self.money[0]] = True
        return pays

    def members(self, network: int) -> np.ndarray:
        member, of = self.membership
        return np.unique(member[(of == network) & ~self.ended[member]])

    @cached_property
    def membership(self) -> tuple[np.ndarray, np.ndarray]:
        """Who is a member of what, by position."""
        i, j = self.graph.ends
        joins = (self.graph.edges["kind"] == "MEMBER_OF").to_numpy(bool)
        return i[joins], j[joins]

    def ports(self, network: int) -> np.ndarray:
        """Who has a tie of its own to a network, a project in common apart."""
        tied = row(self.ties.stated, network)
        return np.asarray(tied[self.usable[tied]])

    def topics(self, candidate: int) -> np.ndarray:
        """The topics that both work on, by themselves or in what they take part in."""
        return np.intersect1d(row(self.ties.topics, self.node), row(self.ties.topics, candidate))

    def peers(self, network: int) -> np.ndarray:
        members = self.members(network)
        if self.sector in ("", "other"):
            return members[:0]
        return np.asarray(members[(self.sectors[members] == self.sector) & (members != self.node)])

    def paid_topics(self, candidate: int) -> np.ndarray:
        """Topics that the node works on and that the candidate's money serves."""
        if self.paying[self.node] or not self.paying[candidate]:
            return np.array([], int)
        mine = row(self.ties.topics, self.node)
        i, j = self.graph.ends
        served = j[np.isin(i, [candidate, *self.paid(candidate)]) & is_kind(self.graph, "Topic")[j]]
        return np.intersect1d(mine, served)

    @cached_property
    def body(self) -> np.ndarray:
        return is_kind(self.graph, "Stakeholder")

    @cached_property
    def network(self) -> np.ndarray:
        return is_kind(self.graph, "Network")

    @cached_property
    def complement(self) -> np.ndarray:
        """Whose role completes the node's: money for who has none to give, a network of its own sector."""
        fits = self.paying & ~self.paying[self.node] & ~self.network
        for network in np.flatnonzero(self.network).tolist():
            fits[network] = len(self.peers(network)) > 0
        return np.asarray(fits)

    @cached_property
    def same_place(self) -> np.ndarray:
        return np.asarray((self.cities == self.city) & (self.city != ""), bool)

    @cached_property
    def cities(self) -> np.ndarray:
        return of_nodes(self.graph, "city")

    @cached_property
    def sectors(self) -> np.ndarray:
        return of_nodes(self.graph, "sector")

    def home(self, candidate: int) -> np.ndarray:
        """The alliance itself, where it has a tie of its own to a network."""
        tied = row(self.ties.stated, candidate) if self.network[candidate] else np.array([], int)
        return np.asarray(tied[alliance(self.graph)[tied]])

    def here(self, candidate: int) -> np.ndarray:
        """The bodies of the node's city with a documented tie to the candidate."""
        tied = row(self.ties.weight, candidate)
        return np.asarray(tied[self.same_place[tied] & self.body[tied] & ~self.ended[tied]])
