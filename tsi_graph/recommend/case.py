"""What is known of one body that asks, and of everybody else as seen from there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tsi_graph.graph import Graph
from tsi_graph.language import short
from tsi_graph.recommend.columns import (
    alliance,
    by_id,
    codes,
    full_names,
    is_kind,
    last_days,
    of_nodes,
    row,
    shared,
    values,
)
from tsi_graph.recommend.evidence import Evidence, evidence
from tsi_graph.recommend.membership import members, networks_of, relation
from tsi_graph.recommend.ports import open_ports
from tsi_graph.recommend.relevance import shares_of_partners
from tsi_graph.recommend.rules import MONEY, proposable
from tsi_graph.recommend.ties import Ties

VAGUE = ("", "other", "company")
"""Sectors that say nothing of what a body does: two companies may have nothing in common."""


@dataclass(frozen=True, eq=False)
class Case:
    """One body that asks, in one language, with what is known of everybody else.

    usable: who may introduce, neither closed nor a promoter. wanted: the scopes of networks asked for, if not all.
    """

    graph: Graph
    ties: Ties
    node: int
    lang: str
    usable: np.ndarray
    wanted: tuple[str, ...] = ()

    @cached_property
    def open_networks(self) -> np.ndarray:
        """The networks that it could join."""
        return proposable(self.graph, self.ties, self.node, "network", self.wanted)

    def evidence(self, a: int, b: int) -> Evidence:
        """What joins two bodies that are tied."""
        if (a, b) not in self._evidence:
            self._evidence[a, b] = evidence(self.graph, self.ties, a, b)
        return self._evidence[a, b]

    @cached_property
    def _evidence(self) -> dict[tuple[int, int], Evidence]:
        return {}

    @cached_property
    def order(self) -> np.ndarray:
        return by_id(self.graph)

    @cached_property
    def full_names(self) -> np.ndarray:
        return full_names(self.graph, self.lang)

    def name(self, node: int) -> str:
        return short(str(self.full_names[node]))

    def names(self, nodes: np.ndarray, by: np.ndarray | None = None) -> list[str]:
        """Names, strongest first by a value in node order, then by id."""
        value = np.zeros(len(nodes)) if by is None else by[nodes]
        ranked = nodes[np.lexsort((self.order[nodes], -value.round(12)))]
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
    def ended(self) -> np.ndarray:
        """Who has closed, and is history only."""
        return np.asarray(last_days(self.graph) < self.ties.now)

    @cached_property
    def partners(self) -> np.ndarray:
        """Whom the node knows and who may introduce."""
        known = row(self.ties.weight, self.node)
        return np.asarray(known[self.usable[known]])

    @cached_property
    def bond(self) -> np.ndarray:
        """The strength of the node's ties, in node order."""
        bond = np.zeros(len(self.graph))
        bond[row(self.ties.weight, self.node)] = values(self.ties.weight, self.node)
        return bond

    @cached_property
    def share(self) -> np.ndarray:
        """What the score reads of each partner: its tie, less its being a hub; in node order."""
        share = np.zeros(len(self.graph))
        between, value = shares_of_partners(self.ties, self.node, self.usable)
        share[between] = value
        return share

    @cached_property
    def cold(self) -> bool:
        return len(row(self.ties.weight, self.node)) == 0

    def paid(self, candidate: int) -> np.ndarray:
        """Whom a body funds or invests in."""
        payer, receiver = relation(self.graph, *MONEY)
        return np.unique(receiver[payer == candidate])

    @cached_property
    def paying(self) -> np.ndarray:
        """Which nodes are documented as funders, funds among them."""
        pays: np.ndarray = is_kind(self.graph, "Fund") | is_kind(self.graph, "Investor")
        pays = pays.copy()
        pays[relation(self.graph, *MONEY)[0]] = True
        return pays

    def members(self, network: int) -> np.ndarray:
        inside = members(self.graph, network)
        return np.asarray(inside[~self.ended[inside]])

    def ports(self, network: int) -> np.ndarray:
        """Who of the ecosystem reaches a network directly, and may introduce to it."""
        found = open_ports(self.graph).get(network, np.array([], int))
        return np.asarray(found[self.usable[found]])

    def topics(self, candidate: int) -> np.ndarray:
        """The topics that both work on, by themselves or in what they take part in."""
        return shared(row(self.ties.topics, self.node), row(self.ties.topics, candidate))

    def peers(self, network: int) -> np.ndarray:
        """The members of a network that are of the node's sector, where it is one that says what they do."""
        members = self.members(network)
        if self.sector in VAGUE:
            return members[:0]
        return np.asarray(members[(self.sectors[members] == self.sector) & (members != self.node)])

    def paid_topics(self, candidate: int) -> np.ndarray:
        """Topics that the node works on and that the candidate's money serves."""
        if self.paying[self.node] or not self.paying[candidate]:
            return np.array([], int)
        body, topic = relation(self.graph, "WORKS_ON")
        served = topic[np.isin(body, [candidate, *self.paid(candidate)])]
        return shared(row(self.ties.topics, self.node), np.unique(served))

    def networks_apart(self, candidate: int) -> np.ndarray:
        """The networks that a candidate is in and the node is not, the alliance apart; none if it could join none."""
        inside = networks_of(self.graph, candidate)
        if not self.open_networks[inside].any():
            return inside[:0]
        same = np.isin(inside, networks_of(self.graph, self.node)) | alliance(self.graph)[inside]
        return np.asarray(inside[self.network[inside] & ~same])

    @cached_property
    def far_networks(self) -> np.ndarray:
        """National and international networks, the alliance apart."""
        far = np.isin(of_nodes(self.graph, "scope"), ("national", "european", "global"))
        return np.asarray(self.network & far & ~alliance(self.graph))

    @cached_property
    def body(self) -> np.ndarray:
        return is_kind(self.graph, "Stakeholder")

    @cached_property
    def network(self) -> np.ndarray:
        return is_kind(self.graph, "Network")

    @cached_property
    def project(self) -> np.ndarray:
        return is_kind(self.graph, "Project")

    def complement(self, candidates: np.ndarray) -> np.ndarray:
        """Whose role completes the node's: money for who has none to give, a network of its own sector."""
        fits = self.paying[candidates] & ~self.paying[self.node] & ~self.network[candidates]
        for k in np.flatnonzero(self.network[candidates]).tolist():
            fits[k] = len(self.peers(int(candidates[k]))) > 0
        return np.asarray(fits)

    @cached_property
    def same_place(self) -> np.ndarray:
        city = codes(self.graph, "city")
        return np.asarray((city == city[self.node]) & (city >= 0), bool)

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
