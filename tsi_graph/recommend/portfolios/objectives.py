"""What a month of introductions is for: four objectives, each with whom it concerns and what they already have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from tsi_graph.analysis.gaps import sector_gaps
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.fields import SCOPES, SECTORS, plain, word
from tsi_graph.recommend.path import WEAK
from tsi_graph.recommend.portfolios.candidates import Candidate, Ground, bend, candidates, neediest, sort_by_id
from tsi_graph.recommend.rules import INTERNATIONAL, MONEY, financiers
from tsi_graph.recommend.ties import is_kind, of_nodes, row

Objective = Literal["reach", "periphery", "gap", "topic"]
OBJECTIVES: tuple[str, ...] = get_args(Objective)
INSIDE, OUTSIDE = ("local", "regional"), ("national", "european", "global")
"""The scopes of networks within the ecosystem, and of those that lead out of it."""
ENOUGH = 4
"""A network with as many doors needs no other."""
ALIKE = 0.2
"""The likeness that a common sector counts for where no common topic says more."""
SERVES = 0.5
"""The likeness that money for the topic counts for."""
UNSORTED, BROAD = ("", "other"), ("company", "association")
"""Sectors that say nothing of what a body does, and those that say too little to bring two of them together."""
BARE = 0.1
"""How well two fit for whom nothing speaks but that one can get there."""


@dataclass(frozen=True, eq=False)
class Plan:
    """An objective made ready: what may be chosen, how likely each is to come about, and what each node has.

    about: ids, sectors or scopes. concerned: whom the objective is about. has [node] counts what it already
    has of what the objective gives; inf where it needs nothing. likely [k] is of candidate k, bare [k] where nothing
    but its way speaks for it. asked: how many
    organisations were asked about.
    """

    objective: str
    about: tuple[str, ...]
    candidates: list[Candidate]
    likely: np.ndarray
    bare: np.ndarray
    has: np.ndarray
    concerned: np.ndarray
    asked: int


def plan(ground: Ground, objective: str, about: str | None, lang: str) -> Plan:
    """The plan of an objective. Raises Unusable for an unknown one, NotFound for what it cannot be about."""
    if objective not in OBJECTIVES:
        raise Unusable(f"No objective {objective!r}. Known: {', '.join(OBJECTIVES)}.")
    return {"reach": reach, "periphery": periphery, "gap": gap, "topic": topic}[objective](ground, about, lang)


def reach(ground: Ground, about: str | None, lang: str) -> Plan:
    """National, European and global networks, or those of a scope, or one: doors to networks with few,
    for organisations that are in few.

    A network has as many doors as organisations of the ecosystem with a documented tie to it.
    """
    wanted, words, scope = networks_of(ground, about)
    scoped = np.isin(of_nodes(ground.graph, "scope"), OUTSIDE) & is_kind(ground.graph, "Network")
    has = np.full(len(ground.graph), np.inf)
    has[wanted] = [len(ground.near(n)) for n in np.flatnonzero(wanted).tolist()]
    has[has >= ENOUGH] = np.inf
    body = is_kind(ground.graph, "Stakeholder") & ground.here & ~ground.team
    has[body] = [int(scoped[row(ground.ties.weight, a)].sum()) for a in np.flatnonzero(body).tolist()]
    askers = neediest(ground, body, has)
    found = candidates(ground, askers, "network", scope, lang, wanted & np.isfinite(has))
    return _made(ground, "reach", words, found, has, wanted, len(askers))


def periphery(ground: Ground, about: str | None, lang: str) -> Plan:
    """Organisations with no or one documented tie, to others of the ecosystem and to its local networks.

    What they meet has partners to lead on to: 1 - 1 / (1 + partners) of the chance counts.
    """
    if about:
        raise Unusable(f"The periphery is about all with no or one documented tie, not about {about!r}.")
    ties = ground.count
    edge = ground.here & ~ground.team & (ties <= 1)
    has = np.where(edge, ties, np.inf)
    askers = neediest(ground, edge, has)
    found = candidates(ground, askers, "stakeholder", None, lang, ground.here & ~ground.team & ~edge)
    for scope in INSIDE:
        found += candidates(ground, askers, "network", scope, lang, ~ground.team)
    return _made(ground, "periphery", (), found, has, edge, len(askers))


def gap(ground: Ground, about: str | None, lang: str) -> Plan:
    """Two sectors, or the strongest gap between two (of one): organisations of each that know few of the other."""
    first, second = sectors_of(ground, about)
    sector = of_nodes(ground.graph, "sector")
    body = is_kind(ground.graph, "Stakeholder") & ground.here & ~ground.team
    has = np.full(len(ground.graph), np.inf)
    for mine, other in ((first, second), (second, first)):
        for a in np.flatnonzero(body & (sector == mine)).tolist():
            has[a] = (sector[row(ground.ties.weight, a)] == other).sum()
    askers = neediest(ground, body & (sector == first), has)
    found = candidates(ground, askers, "stakeholder", None, lang, body & (sector == second))
    return _made(ground, "gap", (first, second), found, has, np.isfinite(has), len(askers))


def topic(ground: Ground, about: str | None, lang: str) -> Plan:
    """Those who work on a topic, to funds and financiers: new ones for the topic, and for who has few.

    Public bodies and those who give money themselves are not introduced. Without a topic, the one on which most
    have no documented financier.
    """
    graph = ground.graph
    bank, fund = financiers(graph), is_kind(graph, "Fund")
    i, j = graph.ends
    pays = graph.edges["kind"].isin(MONEY).to_numpy(bool)
    receiver = is_kind(graph, "Stakeholder") & ground.here & ~ground.team & ~bank
    receiver &= of_nodes(graph, "sector") != "public body"
    receiver[i[pays]] = False
    paid = np.unique(np.c_[i, j][pays & (bank | fund)[i]], axis=0)
    money = np.bincount(paid[:, 1], minlength=len(graph)).astype(float)
    node = named(ground, about, "Topic") if about else _neediest_topic(ground, receiver & (money == 0))
    if node is None:
        return _made(ground, "topic", (), [], np.full(len(graph), np.inf), np.zeros(len(graph), bool), 0)
    at_work = np.asarray(ground.ties.topics[:, [node]].toarray()).ravel() > 0
    serves = at_work.copy()
    serves[i[pays & at_work[j]]] = True
    concerned = receiver & at_work
    has = np.where(concerned, money, np.where(bank | fund, serves.astype(float), np.inf))
    askers = neediest(ground, concerned, has)
    found = candidates(ground, askers, "fund", None, lang, fund)
    found += candidates(ground, askers, "investor", None, lang, bank)
    return _made(ground, "topic", (str(graph.ids[node]),), found, has, concerned, len(askers), serves)


def _made(
    ground: Ground, objective: str, about: tuple[str, ...], found: list[Candidate], has: np.ndarray,
    concerned: np.ndarray, asked: int, serves: np.ndarray | None = None,
) -> Plan:  # fmt: skip
    ordered = sort_by_id(ground, found)
    fit = np.array([_fit(ground, c, serves) for c in ordered])
    likely = np.array([c.chance for c in ordered]) * fit
    if objective == "periphery":
        partners = ground.ties.partners[[c.target for c in ordered]]
        likely *= partners / (1 + partners)
    likely = likely.round(12)
    # neither a way nor a reason: one should ask first, and propose later
    sound = np.array([bool(c.between) for c in ordered], bool) | (fit > BARE)
    keep = np.flatnonzero(sound & (likely >= WEAK)).tolist()
    return Plan(objective, about, [ordered[k] for k in keep], likely[keep], fit[keep] == BARE, has, concerned, asked)


def _fit(ground: Ground, c: Candidate, serves: np.ndarray | None) -> float:
    """How well two fit, at most 1, by the strongest that speaks for it; BARE where nothing but the way does.

    That is a common topic, as strong as their likeness in the score; a common sector, with the organisation or with
    one that is in the network already; money for the topic.
    """
    topics = ground.ties.topics
    shared = len(np.intersect1d(row(topics, c.source), row(topics, c.target))) > 0
    likeness = max(c.found.likeness if shared else 0.0, ALIKE if _akin(ground, c) else 0.0)
    if serves is not None and serves[c.target]:
        likeness = max(likeness, SERVES)
    return bend(min(likeness, 1.0)) if likeness > 0 else BARE


def _akin(ground: Ground, c: Candidate) -> bool:
    """Whether a network has a documented member of the organisation's sector, or two share one that says something."""
    sector = of_nodes(ground.graph, "sector")
    mine = sector[c.source]
    if is_kind(ground.graph, "Network")[c.target]:
        return mine not in UNSORTED and bool((sector[row(ground.members, c.target)] == mine).any())
    return mine not in (*UNSORTED, *BROAD) and bool(sector[c.target] == mine)


def networks_of(ground: Ground, about: str | None) -> tuple[np.ndarray, tuple[str, ...], str | None]:
    """Which networks are meant, in words or by id, and the scope to ask `recommend` for (None: all)."""
    network, scope = is_kind(ground.graph, "Network"), of_nodes(ground.graph, "scope")
    if about is None:
        return network & np.isin(scope, OUTSIDE), OUTSIDE, None
    if re.fullmatch("international|internazional[ei]", plain(about)):
        return network & np.isin(scope, INTERNATIONAL), INTERNATIONAL, "international"
    if word(about) in SCOPES:
        return network & (scope == word(about)), (word(about),), word(about)
    node = named(ground, about, "Network")
    return np.arange(len(network)) == node, (str(ground.graph.ids[node]),), str(scope[node]) or None


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
        raise Unusable(f"A gap lies between two sectors, as 'foundation,cooperative'; not {about!r}. Known: "
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
