"""Why two bodies should meet, and what to watch, in sentences computed from the data."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tsi_graph.model import EDGE_KINDS
from tsi_graph.recommend.case import Case
from tsi_graph.recommend.path import WEAK, Step, evidence
from tsi_graph.recommend.sentences import LANGS, counted, listed, say, short
from tsi_graph.recommend.ties import LASTING, is_kind, of_nodes, row

MOST = 4
"""How many reasons are shown."""
STALE, STALE_LASTING = 5, 10
"""Years after which a tie, or a membership or other lasting tie, is to be asked about."""


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
    elif case.complement[b]:
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
    paid = np.intersect1d(case.paid(b), case.partners)
    inside = np.intersect1d(case.members(b), case.partners)
    both = np.intersect1d(row(case.ties.weight, b), case.partners)
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
    if case.network[b]:
        peers = case.peers(b)
        if len(peers):
            yield counted(case.lang, "peer", "peers", case.names(peers, case.bond), a=case.a)
        return
    served = case.paid_topics(b)
    if len(served):
        yield counted(case.lang, "pays_topic", "pays_topics", case.names(served), a=case.a, b=case.name(b))
    elif case.complement[b]:
        yield say(case.lang, "pays", a=case.a, b=case.name(b))


def _place(case: Case, b: int) -> Iterator[str]:
    if case.same_place[b]:
        yield say(case.lang, "same_place", a=case.a, b=case.name(b), city=case.city)


def _ports(case: Case, b: int, chain: tuple[int, ...]) -> Iterator[str]:
    others = np.setdiff1d(case.ports(b), chain)
    if case.network[b] and len(chain) and len(others):
        yield counted(case.lang, "other_port", "other_ports", case.names(others, case.bond), b=case.name(b))


def _scope(case: Case, b: int) -> Iterator[str]:
    scope = str(of_nodes(case.graph, "scope")[b])
    if case.network[b] and scope:
        yield say(case.lang, scope)


def cautions(
    case: Case, b: int, chain: tuple[int, ...], steps: tuple[Step, ...], office: np.ndarray
) -> tuple[str, ...]:
    """What to watch before proposing: who introduces, how old and how sure the route is, whether one may join."""
    found = [*_who(case, b, chain, office), *_solidity(case, b, chain, steps)]
    if case.network[b]:
        found += [*_admission(case, b)]
    return tuple(found)


def _who(case: Case, b: int, chain: tuple[int, ...], office: np.ndarray) -> Iterator[str]:
    ours = [z for z in chain[1:-1] if office[z]] if chain else list(case.home(b))
    if ours:
        yield say(case.lang, "you_introduce", names=listed(case.lang, [case.name(z) for z in ours]))
    elif not chain:
        yield say(case.lang, "no_route")


def _solidity(case: Case, b: int, chain: tuple[int, ...], steps: tuple[Step, ...]) -> Iterator[str]:
    if chain and case.network[b] and not case.ties.stated[[chain[-2]], [b]].any():
        yield say(case.lang, "no_member", a=case.a, b=case.name(b))
    if steps and np.prod([step.strength for step in steps]) < WEAK:
        yield say(case.lang, "weak")
    for step in steps:
        limit = STALE_LASTING if step.kind in LASTING else STALE
        if step.year is not None and case.ties.now - step.year >= limit:
            yield say(case.lang, "old", a=short(step.source_name), b=short(step.target_name), year=step.year)
    unsure = [step.how for step in steps if step.confidence == "medium"]
    if unsure:
        yield counted(case.lang, "medium", "mediums", unsure)


def _admission(case: Case, b: int) -> Iterator[str]:
    rules = str(of_nodes(case.graph, "join_rules")[b])
    yield say(case.lang, "rules", rules=rules) if rules else say(case.lang, "rules_unknown", b=case.name(b))
    members = case.members(b)
    sectors = case.sectors[members]
    if len(members) > 1 and case.sector and (sectors != "").all() and not len(case.peers(b)):
        yield say(
            case.lang, "other_sectors", n=len(members), b=case.name(b), names=listed(case.lang, case.names(members))
        )


def step(case: Case, a: int, b: int, strength: float) -> Step:
    """One tie of a chain, told by its strongest evidence."""
    found = evidence(case.graph, case.ties, a, b)
    ids = case.graph.nodes["id"].to_numpy()
    if found.edge is not None:
        kind = str(case.graph.edges["kind"].iat[found.edge])
        known = EDGE_KINDS.get(kind)
        i, j = (a, b) if known and known.mutual else (int(end[found.edge]) for end in case.graph.ends)
        reads = known.reads[LANGS.index(case.lang)] if known else "–"
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
    if is_kind(case.graph, "Network")[event]:
        return say(case.lang, "both_members", event=name)
    if is_kind(case.graph, "Fund")[event]:
        return say(case.lang, "both_fund", event=name)
    n = int((case.ties.shares.indices == event).sum())
    key = "together" if year is None else "together_year"
    return say(case.lang, key, event=name, n=n, year=year)
