"""Why two bodies should meet, in sentences computed from the data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tsi_graph.language import listed
from tsi_graph.recommend.case import Case
from tsi_graph.recommend.columns import last_days, of_nodes, row, shared
from tsi_graph.recommend.constants import SMALL_GROUP
from tsi_graph.recommend.evidence import Evidence
from tsi_graph.recommend.labels import sourced_topics
from tsi_graph.recommend.origins import Sources, of_body, of_ties, of_topics
from tsi_graph.recommend.sentences import counted, say

SHOWN = 3
"""How many reasons are shown."""


@dataclass(frozen=True)
class Reason:
    """A sentence, and where what it says is written; nothing where it says that nothing is documented."""

    text: str
    sources: Sources = ()


def reasons(case: Case, candidate: int, chain: tuple[int, ...]) -> tuple[Reason, ...]:
    """At most SHOWN sentences: need of the network, the strongest fact of the route, topic or role, place."""
    found = [*_cold(case, candidate), *_need(case, candidate), *_route(case, candidate, chain)]
    found += [*_join(case, candidate), *_topics(case, candidate), *_role(case, candidate), *_place(case, candidate)]
    found += [*_solid(case, candidate, chain), *_running(case, candidate), *_unconnected(case, candidate)]
    found += [*_ports(case, candidate, chain), *_scope(case, candidate)]
    return tuple(found[:SHOWN])


def _say(case: Case, key: str, sources: Sources = (), **values: object) -> Reason:
    return Reason(say(case.lang, key, **values), sources)


def _counted(case: Case, one: str, many: str, names: Sequence[str], sources: Sources, **values: object) -> Reason:
    return Reason(counted(case.lang, one, many, names, **values), sources)


def _cold(case: Case, b: int) -> Iterator[Reason]:
    if not case.cold:
        return
    if len(case.topics(b)):
        yield _say(case, "cold_topic", of_topics(case.graph, case.topics(b), b), a=case.a)
    elif case.complement(np.array([b]))[0]:
        yield _say(case, "cold_role", a=case.a)
    elif case.same_place[b]:
        yield _say(case, "cold_place", a=case.a)
    else:
        yield _say(case, "cold", a=case.a)


def _need(case: Case, b: int) -> Iterator[Reason]:
    if not case.network[b] or not case.city or case.same_place[b]:
        return
    here = case.here(b)
    if not len(here) and case.same_place[case.home(b)].any():
        yield _say(case, "only_you", of_ties(case.graph, b, case.home(b)), city=case.city, b=case.name(b))
    elif not len(here):
        yield _say(case, "nobody_here", city=case.city, b=case.name(b))
    elif len(here) == 1:
        yield _say(
            case, "one_here", of_ties(case.graph, b, here), city=case.city, b=case.name(b), names=case.name(here[0])
        )


def _route(case: Case, b: int, chain: tuple[int, ...]) -> Iterator[Reason]:
    names = {"a": case.a, "b": case.name(b)}
    paid = shared(case.paid(b), case.partners)
    inside = shared(case.members(b), case.partners)
    both = shared(row(case.ties.weight, b), case.partners)
    together = shared(row(case.ties.people, b), case.partners) if case.project[b] else both[:0]
    for key, keys, found in (
        ("paid_partner", "paid_partners", paid),
        ("project_partner", "project_partners", together),
        ("partner_member", "partners_member", inside),
        ("partner_knows", "partners_know", both),
    ):
        if len(found):
            yield _counted(case, key, keys, case.names(found, case.bond), of_ties(case.graph, b, found), **names)
            return
    if len(chain) > 3 and not len(shared(row(case.ties.weight, b), row(case.ties.weight, case.node))):
        sources = of_ties(case.graph, chain[2], (chain[1], b))
        yield _say(case, "far", sources, names=listed(case.lang, [case.name(z) for z in chain[1:-1]]), **names)


def _join(case: Case, b: int) -> Iterator[Reason]:
    inside = case.networks_apart(b)
    if case.body[b] and len(inside):
        yield _counted(
            case,
            "would_join",
            "would_join_many",
            case.names(inside),
            of_ties(case.graph, b, inside),
            a=case.a,
            b=case.name(b),
        )


def _topics(case: Case, b: int) -> Iterator[Reason]:
    shared = case.topics(b)
    if len(shared):
        mine = np.asarray(case.ties.topics[[case.node]].toarray()).ravel()
        ours = "_ours" if _labelled_by_us(case, shared, b) else ""
        names = case.names(shared, mine)
        sources = of_topics(case.graph, shared, case.node, b)
        yield _counted(case, f"topic{ours}", f"topics{ours}", names, sources, a=case.a, b=case.name(b))


def _labelled_by_us(case: Case, topics: np.ndarray, b: int) -> bool:
    """Whether any of these topics is known of either side only from a label that the editors gave."""
    known = sourced_topics(case.graph)
    return any(len(np.setdiff1d(topics, row(known, side))) for side in (case.node, b))


def _role(case: Case, b: int) -> Iterator[Reason]:
    if case.network[b]:
        peers = case.peers(b)
        if len(peers):
            yield _counted(case, "peer", "peers", case.names(peers, case.bond), of_ties(case.graph, b, peers), a=case.a)
        return
    served = case.paid_topics(b)
    if len(served):
        sources = of_topics(case.graph, served, b) or of_ties(case.graph, b, case.paid(b))
        yield _counted(case, "pays_topic", "pays_topics", case.names(served), sources, a=case.a, b=case.name(b))
    elif case.complement(np.array([b]))[0]:
        sources = of_ties(case.graph, b, case.paid(b)) or of_body(case.graph, b)
        yield _say(case, "pays", sources, a=case.a, b=case.name(b))


def _place(case: Case, b: int) -> Iterator[Reason]:
    if case.same_place[b]:
        sources = (*of_body(case.graph, case.node), *of_body(case.graph, b))
        yield _say(case, "same_place", tuple(dict.fromkeys(sources)), a=case.a, b=case.name(b), city=case.city)


def _solid(case: Case, b: int, chain: tuple[int, ...]) -> Iterator[Reason]:
    """What makes the route a good one: its last tie is alive, its first comes from a small group."""
    if len(chain) < 3 or case.project[b]:
        return
    last, first = (case.evidence(*ends) for ends in (chain[-2:], chain[:2]))
    if (event := _project(case, last)) is not None and last_days(case.graph)[event] >= case.ties.now:
        names = {"c": case.name(chain[-2]), "b": case.name(b), "event": case.name(event)}
        if last.year is not None:
            yield _say(case, "alive", of_ties(case.graph, b, chain[-2:-1]), year=last.year, **names)
    if (event := _project(case, first)) is not None and case.ties.size[event] <= SMALL_GROUP:
        names = {"a": case.a, "c": case.name(chain[1]), "event": case.name(event)}
        sources = of_ties(case.graph, chain[1], chain[:1])
        yield _say(case, "small_group", sources, n=int(case.ties.size[event]), **names)


def _project(case: Case, found: Evidence) -> int | None:
    return found.event if found.event is not None and case.project[found.event] else None


def _running(case: Case, b: int) -> Iterator[Reason]:
    end = str(of_nodes(case.graph, "valid_to")[b])
    if case.project[b] and end[:4].isdigit():
        yield _say(case, "project_until", of_body(case.graph, b), year=int(end[:4]))


def _unconnected(case: Case, b: int) -> Iterator[Reason]:
    if case.far_networks[b] and not case.far_networks[row(case.ties.weight, case.node)].any():
        yield _say(case, "unconnected", a=case.a)


def _ports(case: Case, b: int, chain: tuple[int, ...]) -> Iterator[Reason]:
    others = np.setdiff1d(case.ports(b), chain) if case.network[b] else case.partners[:0]
    if len(chain) and len(others):
        sources = of_ties(case.graph, b, others)
        yield _counted(case, "other_port", "other_ports", case.names(others, case.bond), sources, b=case.name(b))


def _scope(case: Case, b: int) -> Iterator[Reason]:
    scope = str(of_nodes(case.graph, "scope")[b])
    if case.network[b] and scope:
        yield _say(case, scope, of_body(case.graph, b))
