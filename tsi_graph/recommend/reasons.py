"""Why two bodies should meet, in sentences computed from the data."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tsi_graph.recommend.case import Case
from tsi_graph.recommend.columns import last_days, of_nodes, row, shared
from tsi_graph.recommend.constants import SMALL_GROUP
from tsi_graph.recommend.evidence import Evidence
from tsi_graph.recommend.labels import sourced_topics
from tsi_graph.recommend.sentences import counted, listed, say

SHOWN = 3
"""How many reasons are shown."""


def reasons(case: Case, candidate: int, chain: tuple[int, ...]) -> tuple[str, ...]:
    """At most SHOWN sentences: need of the network, the strongest fact of the route, topic or role, place."""
    found = [*_cold(case, candidate), *_need(case, candidate), *_route(case, candidate, chain)]
    found += [*_join(case, candidate), *_topics(case, candidate), *_role(case, candidate), *_place(case, candidate)]
    found += [*_solid(case, candidate, chain), *_running(case, candidate), *_unconnected(case, candidate)]
    found += [*_ports(case, candidate, chain), *_scope(case, candidate)]
    return tuple(found[:SHOWN])


def _cold(case: Case, b: int) -> Iterator[str]:
    if not case.cold:
        return
    if len(case.topics(b)):
        yield say(case.lang, "cold_topic", a=case.a)
    elif case.complement(np.array([b]))[0]:
        yield say(case.lang, "cold_role", a=case.a)
    elif case.same_place[b]:
        yield say(case.lang, "cold_place", a=case.a)
    else:
        yield say(case.lang, "cold", a=case.a)


def _need(case: Case, b: int) -> Iterator[str]:
    if not case.network[b] or not case.city or case.same_place[b]:
        return
    here = case.here(b)
    if not len(here) and case.same_place[case.home(b)].any():
        yield say(case.lang, "only_you", city=case.city, b=case.name(b))
    elif not len(here):
        yield say(case.lang, "nobody_here", city=case.city, b=case.name(b))
    elif len(here) == 1:
        yield say(case.lang, "one_here", city=case.city, b=case.name(b), names=case.name(here[0]))


def _route(case: Case, b: int, chain: tuple[int, ...]) -> Iterator[str]:
    names = {"a": case.a, "b": case.name(b)}
    paid = shared(case.paid(b), case.partners)
    inside = shared(case.members(b), case.partners)
    both = shared(row(case.ties.weight, b), case.partners)
    together = shared(row(case.ties.people, b), case.partners) if case.project[b] else both[:0]
    if len(paid):
        yield counted(case.lang, "paid_partner", "paid_partners", case.names(paid, case.bond), **names)
    elif len(together):
        yield counted(case.lang, "project_partner", "project_partners", case.names(together, case.bond), **names)
    elif len(inside):
        yield counted(case.lang, "partner_member", "partners_member", case.names(inside, case.bond), **names)
    elif len(both):
        yield counted(case.lang, "partner_knows", "partners_know", case.names(both, case.bond), **names)
    elif len(chain) > 3 and not len(shared(row(case.ties.weight, b), row(case.ties.weight, case.node))):
        yield say(case.lang, "far", names=listed(case.lang, [case.name(z) for z in chain[1:-1]]), **names)


def _join(case: Case, b: int) -> Iterator[str]:
    inside = case.networks_apart(b)
    if case.body[b] and len(inside):
        yield counted(case.lang, "would_join", "would_join_many", case.names(inside), a=case.a, b=case.name(b))


def _topics(case: Case, b: int) -> Iterator[str]:
    shared = case.topics(b)
    if len(shared):
        mine = np.asarray(case.ties.topics[[case.node]].toarray()).ravel()
        ours = "_ours" if _labelled_by_us(case, shared, b) else ""
        names = case.names(shared, mine)
        yield counted(case.lang, f"topic{ours}", f"topics{ours}", names, a=case.a, b=case.name(b))


def _labelled_by_us(case: Case, topics: np.ndarray, b: int) -> bool:
    """Whether any of these topics is known of either side only from a label that the editors gave."""
    known = sourced_topics(case.graph)
    return any(len(np.setdiff1d(topics, row(known, side))) for side in (case.node, b))


def _role(case: Case, b: int) -> Iterator[str]:
    if case.network[b]:
        peers = case.peers(b)
        if len(peers):
            yield counted(case.lang, "peer", "peers", case.names(peers, case.bond), a=case.a)
        return
    served = case.paid_topics(b)
    if len(served):
        yield counted(case.lang, "pays_topic", "pays_topics", case.names(served), a=case.a, b=case.name(b))
    elif case.complement(np.array([b]))[0]:
        yield say(case.lang, "pays", a=case.a, b=case.name(b))


def _place(case: Case, b: int) -> Iterator[str]:
    if case.same_place[b]:
        yield say(case.lang, "same_place", a=case.a, b=case.name(b), city=case.city)


def _solid(case: Case, b: int, chain: tuple[int, ...]) -> Iterator[str]:
    """What makes the route a good one: its last tie is alive, its first comes from a small group."""
    if len(chain) < 3 or case.project[b]:
        return
    last, first = (case.evidence(*ends) for ends in (chain[-2:], chain[:2]))
    if (event := _project(case, last)) is not None and last_days(case.graph)[event] >= case.ties.now:
        names = {"c": case.name(chain[-2]), "b": case.name(b), "event": case.name(event)}
        if last.year is not None:
            yield say(case.lang, "alive", year=last.year, **names)
    if (event := _project(case, first)) is not None and case.ties.size[event] <= SMALL_GROUP:
        names = {"a": case.a, "c": case.name(chain[1]), "event": case.name(event)}
        yield say(case.lang, "small_group", n=int(case.ties.size[event]), **names)


def _project(case: Case, found: Evidence) -> int | None:
    return found.event if found.event is not None and case.project[found.event] else None


def _running(case: Case, b: int) -> Iterator[str]:
    end = str(of_nodes(case.graph, "valid_to")[b])
    if case.project[b] and end[:4].isdigit():
        yield say(case.lang, "project_until", year=int(end[:4]))


def _unconnected(case: Case, b: int) -> Iterator[str]:
    if case.far_networks[b] and not case.far_networks[row(case.ties.weight, case.node)].any():
        yield say(case.lang, "unconnected", a=case.a)


def _ports(case: Case, b: int, chain: tuple[int, ...]) -> Iterator[str]:
    others = np.setdiff1d(case.ports(b), chain) if case.network[b] else case.partners[:0]
    if len(chain) and len(others):
        yield counted(case.lang, "other_port", "other_ports", case.names(others, case.bond), b=case.name(b))


def _scope(case: Case, b: int) -> Iterator[str]:
    scope = str(of_nodes(case.graph, "scope")[b])
    if case.network[b] and scope:
        yield say(case.lang, scope)
