"""Why two bodies should meet, and what to watch, in sentences computed from the data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tsi_graph.graph import Graph
from tsi_graph.model import EDGE_KINDS
from tsi_graph.recommend.path import Step, evidence
from tsi_graph.recommend.rules import MONEY
from tsi_graph.recommend.sentences import LANGS, counted, listed, say, short
from tsi_graph.recommend.ties import HALF_LIFE, Ties, text

MOST = 4
"""How many reasons are shown."""
WEAK = 0.01
"""A chain less likely than this is only a hint."""
STALE, STALE_MEMBER = 5, 10
"""Years after which a tie, or a membership, is to be asked about."""


@dataclass(frozen=True, eq=False)
class Case:
    """One body that asks, in one language, with what is known of everybody else.

    open_ [i]: neither closed nor left out as introducer. order: the rank of each id, for ties of rank.
    """

    graph: Graph
    ties: Ties
    node: int
    lang: str
    usable: np.ndarray
    order: np.ndarray

    @cached_property
    def full_names(self) -> np.ndarray:
        names = text(self.graph.nodes, "name")
        italian = text(self.graph.nodes, "name_it")
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
        return str(text(self.graph.nodes, "city")[self.node])

    @cached_property
    def sector(self) -> str:
        return str(text(self.graph.nodes, "sector")[self.node])

    @cached_property
    def partners(self) -> np.ndarray:
        """Whom the node knows and who may introduce."""
        known = self.ties.weight[[self.node]].indices
        return known[self.usable[known]]

    @cached_property
    def bond(self) -> np.ndarray:
        """The strength of the node's ties, in node order."""
        return np.asarray(self.ties.weight[[self.node]].toarray()).ravel()

    @cached_property
    def cold(self) -> bool:
        return self.ties.weight[[self.node]].nnz == 0

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
        pays = self.graph.kinds_of("Fund") | self.graph.kinds_of("Investor")
        pays[self.money[0]] = True
        return pays

    def members(self, network: int) -> np.ndarray:
        i, j = self.graph.ends
        return np.unique(i[(self.graph.edges["kind"] == "MEMBER_OF").to_numpy(bool) & (j == network)])

    def ports(self, network: int) -> np.ndarray:
        """Who has a tie of its own to a network, a project in common apart."""
        tied = self.ties.stated[[network]].indices
        return tied[self.usable[tied]]

    def topics(self, candidate: int) -> np.ndarray:
        """The topics that both work on, by themselves or in what they take part in."""
        return np.intersect1d(self.ties.topics[[self.node]].indices, self.ties.topics[[candidate]].indices)

    def peers(self, network: int) -> np.ndarray:
        members = self.members(network)
        if self.sector in ("", "other"):
            return members[:0]
        return members[(text(self.graph.nodes, "sector")[members] == self.sector) & (members != self.node)]

    def paid_topics(self, candidate: int) -> np.ndarray:
        """Topics that the node works on and that the candidate's money serves."""
        if self.paying[self.node] or not self.paying[candidate]:
            return np.array([], int)
        mine = self.ties.topics[[self.node]].indices
        i, j = self.graph.ends
        served = j[np.isin(i, [candidate, *self.paid(candidate)]) & self.graph.kinds_of("Topic")[j]]
        return np.intersect1d(mine, served)

    def complements(self, candidate: int) -> bool:
        """Whether the two roles complete each other: money and its use, or a network of one's own sector."""
        if self.graph.kinds_of("Network")[candidate]:
            return len(self.peers(candidate)) > 0
        return bool(self.paying[candidate] and not self.paying[self.node])

    def same_place(self, candidate: int) -> bool:
        return self.city != "" and text(self.graph.nodes, "city")[candidate] == self.city

    def here(self, candidate: int) -> np.ndarray:
        """The bodies of the node's city with a documented tie to the candidate."""
        tied = self.ties.weight[[candidate]].indices
        cities = text(self.graph.nodes, "city")
        there = self.graph.kinds_of("Stakeholder") & (cities == self.city)
        return tied[there[tied]]


def reasons(case: Case, candidate: int, chain: tuple[int, ...]) -> tuple[str, ...]:
    """At most MOST sentences: need of the network, the strongest fact of the route, topic or role, place."""
    found = [*_cold(case, candidate), *_need(case, candidate), *_route(case, candidate, chain)]
    found += [*_topics(case, candidate), *_role(case, candidate), *_place(case, candidate)]
    found += [*_ports(case, candidate, chain), *_scope(case, candidate)]
    return tuple(found[:MOST])


def _cold(case: Case, b: int) -> Iterator[str]:
    if not case.cold:
        return
    if len(case.topics(b)):
        yield say(case.lang, "cold_topic", a=case.a)
    elif case.complements(b):
        yield say(case.lang, "cold_role", a=case.a)
    else:
        yield say(case.lang, "cold_place", a=case.a)


def _need(case: Case, b: int) -> Iterator[str]:
    if not case.graph.kinds_of("Network")[b] or not case.city or case.same_place(b):
        return
    here = case.here(b)
    home = case.graph.nodes["id"].isin(case.graph.view.home).to_numpy(bool)
    if not len(here) and home[case.ties.weight[[b]].indices].any():
        yield say(case.lang, "only_you", city=case.city, b=case.name(b))
    elif not len(here):
        yield say(case.lang, "nobody_here", city=case.city, b=case.name(b))
    elif len(here) == 1:
        yield say(case.lang, "one_here", city=case.city, b=case.name(b), names=case.name(here[0]))


def _route(case: Case, b: int, chain: tuple[int, ...]) -> Iterator[str]:
    names = {"a": case.a, "b": case.name(b)}
    paid = np.intersect1d(case.paid(b), case.partners)
    inside = np.intersect1d(case.members(b), case.partners)
    both = np.intersect1d(case.ties.weight[[b]].indices, case.partners)
    if len(paid):
        yield counted(case.lang, "paid_partner", "paid_partners", case.names(paid, case.bond), **names)
    elif len(inside):
        yield counted(case.lang, "partner_member", "partners_member", case.names(inside, case.bond), **names)
    elif len(both):
        yield counted(case.lang, "partner_knows", "partners_know", case.names(both, case.bond), **names)
    elif len(chain) > 3:
        yield say(case.lang, "far", names=listed(case.lang, [case.name(z) for z in chain[1:-1]]), **names)


def _topics(case: Case, b: int) -> Iterator[str]:
    shared = case.topics(b)
    if len(shared):
        mine = np.asarray(case.ties.topics[[case.node]].toarray()).ravel()
        yield counted(case.lang, "topic", "topics", case.names(shared, mine), a=case.a, b=case.name(b))


def _role(case: Case, b: int) -> Iterator[str]:
    if case.graph.kinds_of("Network")[b]:
        peers = case.peers(b)
        if len(peers):
            yield counted(case.lang, "peer", "peers", case.names(peers, case.bond), a=case.a)
        return
    served = case.paid_topics(b)
    if len(served):
        yield counted(case.lang, "pays_topic", "pays_topics", case.names(served), a=case.a, b=case.name(b))
    elif case.complements(b):
        yield say(case.lang, "pays", a=case.a, b=case.name(b))


def _place(case: Case, b: int) -> Iterator[str]:
    if case.same_place(b):
        yield say(case.lang, "same_place", a=case.a, b=case.name(b), city=case.city)


def _ports(case: Case, b: int, chain: tuple[int, ...]) -> Iterator[str]:
    others = np.setdiff1d(case.ports(b), chain)
    if case.graph.kinds_of("Network")[b] and len(chain) and len(others):
        yield counted(case.lang, "other_port", "other_ports", case.names(others, case.bond), b=case.name(b))


def _scope(case: Case, b: int) -> Iterator[str]:
    scope = str(text(case.graph.nodes, "scope")[b])
    if case.graph.kinds_of("Network")[b] and scope:
        yield say(case.lang, scope)


def cautions(case: Case, b: int, chain: tuple[int, ...], steps: tuple[Step, ...], office: np.ndarray) -> tuple[str, ...]:
    """What to watch before proposing: who introduces, how old and how sure the route is, whether one may join."""
    found = [*_who(case, b, chain, office), *_solidity(case, b, chain, steps)]
    if case.graph.kinds_of("Network")[b]:
        found += [*_admission(case, b)]
    return tuple(found)


def _who(case: Case, b: int, chain: tuple[int, ...], office: np.ndarray) -> Iterator[str]:
    between = np.array(chain[1:-1], int)
    ours = between[office[between]] if len(between) else case.ties.weight[[b]].indices
    if len(ours) and office[ours].any():
        names = [case.name(z) for z in ours if office[z]]
        yield say(case.lang, "you_introduce", names=listed(case.lang, names))
    elif not len(chain):
        yield say(case.lang, "no_route")


def _solidity(case: Case, b: int, chain: tuple[int, ...], steps: tuple[Step, ...]) -> Iterator[str]:
    if chain and case.graph.kinds_of("Network")[b] and not case.ties.stated[[chain[-2]], [b]].any():
        yield say(case.lang, "no_member", a=case.a, b=case.name(b))
    if steps and np.prod([step.strength for step in steps]) < WEAK:
        yield say(case.lang, "weak")
    for step in steps:
        limit = STALE_MEMBER if step.kind == "MEMBER_OF" else STALE
        if step.year is not None and case.ties.now - step.year >= limit:
            yield say(case.lang, "old", a=short(step.source_name), b=short(step.target_name), year=step.year)
    unsure = [step.how for step in steps if step.confidence == "medium"]
    if unsure:
        yield counted(case.lang, "medium", "mediums", unsure)


def _admission(case: Case, b: int) -> Iterator[str]:
    rules = str(text(case.graph.nodes, "join_rules")[b])
    yield say(case.lang, "rules", rules=rules) if rules else say(case.lang, "rules_unknown", b=case.name(b))
    members = case.members(b)
    sectors = text(case.graph.nodes, "sector")[members]
    if len(members) > 1 and case.sector and (sectors != "").all() and not len(case.peers(b)):
        yield say(case.lang, "other_sectors", n=len(members), b=case.name(b), names=listed(case.lang, case.names(members)))


def step(case: Case, a: int, b: int, strength: float) -> Step:
    """One tie of a chain, told by its strongest evidence."""
    found = evidence(case.graph, case.ties, a, b)
    ids = case.graph.nodes["id"].to_numpy()
    if found.edge is not None:
        kind = str(case.graph.edges["kind"].iat[found.edge])
        i, j = (int(end[found.edge]) for end in case.graph.ends)
        reads = EDGE_KINDS[kind].reads[LANGS.index(case.lang)] if kind in EDGE_KINDS else "–"
        how = f"{case.name(i)} {reads} {case.name(j)}"
    else:
        event = found.event
        kind, how = "", _together(case, event if event is not None else a, found.year)
    return Step(
        source=str(ids[a]), source_name=case.name(a), target=str(ids[b]), target_name=case.name(b),
        kind=kind, how=how, origin=found.origin, confidence=found.confidence, strength=strength, year=found.year,
    )  # fmt: skip


def _together(case: Case, event: int, year: int | None) -> str:
    name = case.name(event)
    if case.graph.kinds_of("Network")[event]:
        return say(case.lang, "both_members", event=name)
    if case.graph.kinds_of("Fund")[event]:
        return say(case.lang, "both_fund", event=name)
    n = int((case.ties.shares.indices == event).sum())
    key = "together" if year is None else "together_year"
    return say(case.lang, key, event=name, n=n, year=year)
