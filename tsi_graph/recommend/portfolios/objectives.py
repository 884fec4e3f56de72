"""What a month of introductions is for: four objectives, each with whom it concerns and what they already have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from tsi_graph.analysis.gaps import sector_gaps
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.fields import SCOPES, SECTORS, plain, word
from tsi_graph.recommend.admission import unspoken
from tsi_graph.recommend.columns import is_kind, of_nodes, row
from tsi_graph.recommend.constants import ENOUGH_PORTS
from tsi_graph.recommend.membership import relation
from tsi_graph.recommend.portfolios.ground import Ground
from tsi_graph.recommend.ports import open_ports
from tsi_graph.recommend.rules import INTERNATIONAL, MONEY, To, financiers

Objective = Literal["reach", "periphery", "gap", "topic"]
OBJECTIVES: tuple[str, ...] = get_args(Objective)
INSIDE, OUTSIDE = ("local", "regional"), ("national", "european", "global")
"""The scopes of networks within the ecosystem, and of those that lead out of it."""
ONE_PORT = "one-port"
"""What to ask for to reach the networks outside that hang on one open door."""
ASKED = 200
"""How many organisations are asked about at most; those that need it most come first."""


@dataclass(frozen=True, eq=False)
class Plan:
    """An objective made ready: for whom, towards whom, and what each node has already.

    about: ids, sectors or scopes. has [node] counts what it already has of what the objective gives; inf where it
    needs nothing. needing: the organisations that it is for, the neediest first; concerned: all whom it is about.
    towards: what to ask `recommend` for, and who of that is wanted. serves: whose money serves the topic.
    leads: how much of a meeting with each counts. unspoken: networks that it would ask for, were it documented whom
    they admit.
    """

    objective: str
    about: tuple[str, ...]
    has: np.ndarray
    needing: np.ndarray
    concerned: np.ndarray
    towards: tuple[tuple[To, np.ndarray], ...]
    serves: np.ndarray
    leads: np.ndarray
    unspoken: np.ndarray

    @property
    def askers(self) -> np.ndarray:
        return self.needing[:ASKED]

    @cached_property
    def worth(self) -> np.ndarray:
        """What a first sure meeting with each is worth: 2 for who has nothing, half of that with each it has."""
        return np.asarray(2.0 ** (1 - self.has))


def plan(ground: Ground, objective: str, about: str | None) -> Plan:
    """The plan of an objective. Raises Unusable for an unknown one, NotFound for what it cannot be about."""
    if objective not in OBJECTIVES:
        raise Unusable(f"No objective {objective!r}. Known: {', '.join(OBJECTIVES)}.")
    return {"reach": reach, "periphery": periphery, "gap": gap, "topic": topic}[objective](ground, about)


def reach(ground: Ground, about: str | None) -> Plan:
    """National, European and global networks, or those of a scope, or one: doors to networks with few,
    for organisations that are in few.

    A network has as many doors as `ports.open_ports` names.
    """
    graph = ground.graph
    wanted, words = networks_of(ground, about)
    outside = np.isin(of_nodes(graph, "scope"), OUTSIDE) & is_kind(graph, "Network")
    has = np.full(len(graph), np.inf)
    has[wanted] = [len(open_ports(graph)[n]) for n in np.flatnonzero(wanted).tolist()]
    has[has >= ENOUGH_PORTS] = np.inf
    has[ground.others] = [
        int(outside[row(ground.ties.weight, a)].sum()) for a in np.flatnonzero(ground.others).tolist()
    ]
    return _made(ground, "reach", words, has, ground.others, wanted, ("network", wanted & np.isfinite(has)))


def periphery(ground: Ground, about: str | None) -> Plan:
    """Organisations with no or one documented tie, to others of the ecosystem and to its local networks.

    What they meet has partners to lead on to: 1 - 1 / (1 + partners) of the chance counts.
    """
    if about:
        raise NotFound(f"The periphery is about all with no or one documented tie, not about {about!r}.")
    edge = ground.others & (ground.count <= 1)
    has = np.where(edge, ground.count, np.inf)
    inside = np.isin(of_nodes(ground.graph, "scope"), INSIDE) & ~ground.team
    leads = ground.ties.partners / (1 + ground.ties.partners)
    towards: tuple[tuple[To, np.ndarray], ...] = ("stakeholder", ground.others & ~edge), ("network", inside)
    return _made(ground, "periphery", (), has, edge, edge, *towards, leads=leads)


def gap(ground: Ground, about: str | None) -> Plan:
    """Two sectors, or the strongest gap between two (of one): organisations of each that know few of the other."""
    first, second = sectors_of(ground, about)
    sector = of_nodes(ground.graph, "sector")
    has = np.full(len(ground.graph), np.inf)
    for mine, other in ((first, second), (second, first)):
        for a in np.flatnonzero(ground.others & (sector == mine)).tolist():
            has[a] = (sector[row(ground.ties.weight, a)] == other).sum()
    needing, wanted = ground.others & (sector == first), ground.others & (sector == second)
    return _made(ground, "gap", (first, second), has, needing, np.isfinite(has), ("stakeholder", wanted))


def topic(ground: Ground, about: str | None) -> Plan:
    """Those who work on a topic, to funds and financiers: new ones for the topic, and for who has few.

    Public bodies and those who give money themselves are not introduced. Without a topic, the one on which most
    have no documented financier.
    """
    graph = ground.graph
    bank, fund = financiers(graph), is_kind(graph, "Fund")
    payer, paid = relation(graph, *MONEY)
    receiver = ground.others & ~bank & (of_nodes(graph, "sector") != "public body")
    receiver[payer] = False
    pairs = np.unique(np.c_[payer, paid][(bank | fund)[payer]], axis=0)
    money = np.bincount(pairs[:, 1], minlength=len(graph)).astype(float)
    node = named(ground, about, "Topic") if about else _neediest_topic(ground, receiver & (money == 0))
    serves = np.zeros(len(graph), bool)
    if node is not None:
        serves[row(ground.at_work, node)] = True
    concerned = receiver & serves
    serves[payer[serves[paid]]] = True
    has = np.where(concerned, money, np.where(bank | fund, serves.astype(float), np.inf))
    words = () if node is None else (str(graph.ids[node]),)
    return _made(ground, "topic", words, has, concerned, concerned, ("fund", fund), ("investor", bank), serves=serves)


def _made(
    ground: Ground, objective: str, about: tuple[str, ...], has: np.ndarray, needing: np.ndarray,
    concerned: np.ndarray, *towards: tuple[To, np.ndarray], serves: np.ndarray | None = None,
    leads: np.ndarray | None = None,
) -> Plan:  # fmt: skip
    nodes = np.flatnonzero(needing)
    ordered = nodes[np.lexsort((ground.order[nodes], has[nodes]))]
    silent = unspoken(ground.graph)
    asked = np.logical_or.reduce([mask for to, mask in towards if to == "network"], initial=False)
    towards = tuple((to, mask & ~silent if to == "network" else mask) for to, mask in towards)
    serves = np.zeros(len(has), bool) if serves is None else serves
    leads = np.ones(len(has)) if leads is None else leads
    return Plan(objective, about, has, ordered, concerned, towards, serves, leads, asked & silent)


def networks_of(ground: Ground, about: str | None) -> tuple[np.ndarray, tuple[str, ...]]:
    """Which networks are meant, and in words or by id."""
    network, scope = is_kind(ground.graph, "Network"), of_nodes(ground.graph, "scope")
    if about is None:
        return network & np.isin(scope, OUTSIDE), OUTSIDE
    if re.fullmatch("international|internazional[ei]", plain(about)):
        return network & np.isin(scope, INTERNATIONAL), INTERNATIONAL
    if word(about) in SCOPES:
        return network & (scope == word(about)), (word(about),)
    if word(about) == ONE_PORT:
        doors = open_ports(ground.graph)
        lonely = [n for n in np.flatnonzero(network & np.isin(scope, OUTSIDE)).tolist() if len(doors[n]) == 1]
        return np.isin(np.arange(len(network)), lonely), (ONE_PORT,)
    node = named(ground, about, "Network")
    return np.arange(len(network)) == node, (str(ground.graph.ids[node]),)


def named(ground: Ground, about: str, kind: str) -> int:
    """A node by its id or by its name, in either language. Raises NotFound, naming those that come near."""
    graph = ground.graph
    right = is_kind(graph, kind)
    if about in graph.ids and right[graph.position(about)]:
        return graph.position(about)
    asked = plain(about)
    columns = [of_nodes(graph, column) for column in ("id", "name", "name_it")]
    called = {k: {plain(str(column[k])) for column in columns} for k in np.flatnonzero(right).tolist()}
    found = [k for k, names in called.items() if asked in names]
    found = found or [k for k, names in called.items() if any(asked in one for one in names)]
    if len(found) == 1:
        return int(found[0])
    known = [str(graph.ids[k]) for k in found or called]
    which = "several" if found else "none"
    raise NotFound(f"{about!r} names {which} of kind {kind}. Ids: {', '.join(sorted(known)[:40])}.")


def sectors_of(ground: Ground, about: str | None) -> tuple[str, str]:
    """The two sectors asked for, or those of the strongest gap (with one of the two, if one is named)."""
    words = [word(part) for part in re.split(r"\s*(?:[,;/+&]|\s-\s|\s–\s)\s*", about or "") if part]
    unknown = [w for w in words if w not in SECTORS]
    if unknown or len(words) > 2 or len(set(words)) < len(words):
        raise NotFound(f"A gap lies between two sectors, as 'foundation,cooperative'; not {about!r}. Known: "
                       f"{', '.join(SECTORS)}.")  # fmt: skip
    if len(words) == 2:
        return words[0], words[1]
    for found in sector_gaps(ground.graph):
        if set(words) <= set(found.ids):
            first, second = found.ids
            return (second, first) if words == [second] else (first, second)
    raise NotFound("No gap between two sectors stands out in these data; name two, as 'foundation,cooperative'.")


def _neediest_topic(ground: Ground, without: np.ndarray) -> int | None:
    """The topic on which most of some organisations work, by id among equals."""
    topics = np.flatnonzero(is_kind(ground.graph, "Topic"))
    if not len(topics):
        return None
    matrix = ground.ties.topics[np.flatnonzero(without)]
    count = np.bincount(matrix.indices, minlength=len(ground.graph))[topics]
    return int(topics[np.lexsort((ground.order[topics], -count))[0]])
