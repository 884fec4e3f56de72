"""What to watch before two bodies are introduced: who introduces, how firm the way is, whether one may join."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tsi_graph.language import listed
from tsi_graph.recommend.case import Case
from tsi_graph.recommend.columns import alliance, of_nodes, row
from tsi_graph.recommend.constants import STALE, STALE_LASTING
from tsi_graph.recommend.path import Step
from tsi_graph.recommend.ports import ecosystem
from tsi_graph.recommend.sentences import counted, say
from tsi_graph.recommend.ties import LASTING


@dataclass(frozen=True, eq=False)
class Found:
    """What was found on the way: the chain with its ties in words, or else why there is none.

    hint: the best chain where each is too weak. unwilling: who would introduce but is spared. office: the
    alliance, its promoters and their units.
    """

    chain: tuple[int, ...]
    hint: tuple[int, ...]
    unwilling: tuple[int, ...]
    steps: tuple[Step, ...]
    office: np.ndarray


def cautions(case: Case, b: int, found: Found) -> tuple[str, ...]:
    """What to watch before proposing: who introduces, how old and how sure the route is, whether one may join."""
    told = [*_who(case, b, found), *_solidity(case, b, found)]
    if case.network[b]:
        told += [*_admission(case, b)]
    if case.project[b]:
        told.append(say(case.lang, "newcomers", b=case.name(b)))
    return tuple(told)


def _who(case: Case, b: int, found: Found) -> Iterator[str]:
    ours = [z for z in found.chain[1:-1] if found.office[z]] if found.chain else list(case.home(b))
    if found.unwilling:
        yield counted(case.lang, "spared", "spared_many", [case.name(z) for z in found.unwilling])
    if ours:
        yield say(case.lang, "you_introduce", names=listed(case.lang, [case.name(z) for z in ours]))
    elif found.hint:
        yield say(case.lang, "weak", names=listed(case.lang, [case.name(z) for z in found.hint[1:-1]]))
    elif not found.chain and not found.unwilling:
        yield say(case.lang, "no_route")


def _solidity(case: Case, b: int, found: Found) -> Iterator[str]:
    chain, steps = found.chain, found.steps
    if chain and case.network[b] and not np.isin(row(case.ties.stated, b), chain[-2]).any():
        yield say(case.lang, "no_member", a=case.a, b=case.name(b))
    for step, ends in zip(steps, pairwise(chain), strict=True):
        limit = STALE_LASTING if step.kind in LASTING else STALE
        if _inside(case, *ends):
            continue
        if step.year is not None and case.ties.now - step.year >= limit:
            yield say(case.lang, "old", c=step.source_name, d=step.target_name, year=step.year)
    unsure = [step.how for step in steps if step.confidence == "medium"]
    if unsure:
        yield counted(case.lang, "medium", "mediums", unsure)


def _inside(case: Case, a: int, b: int) -> bool:
    """Whether one is the alliance, who reads this, and the other one of its own: they know how alive that is."""
    ours, near = alliance(case.graph), ecosystem(case.graph)
    return bool((ours[a] and near[b]) or (ours[b] and near[a]))


def _admission(case: Case, b: int) -> Iterator[str]:
    rules = str(of_nodes(case.graph, "join_rules")[b])
    yield say(case.lang, "rules", rules=rules) if rules else say(case.lang, "rules_unknown", b=case.name(b))
    members = case.members(b)
    members = members[~alliance(case.graph)[members]]
    sectors = case.sectors[members]
    if len(members) > 1 and case.sector and (sectors != "").all() and not len(case.peers(b)):
        names = listed(case.lang, case.names(members))
        yield say(case.lang, "other_sectors", n=len(members), b=case.name(b), names=names)
