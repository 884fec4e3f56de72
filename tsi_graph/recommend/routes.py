"""Where a body can get: the national and international networks, by how many steps, through whom, and how solid."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from tsi_graph.graph import Graph
from tsi_graph.language import Words, filled, short
from tsi_graph.recommend.admission import admitted
from tsi_graph.recommend.columns import full_names, ids, is_kind, last_days, of_nodes
from tsi_graph.recommend.constants import SMALL_GROUP
from tsi_graph.recommend.doors import is_dated, outside_networks, told_tie
from tsi_graph.recommend.ledger.present import willing
from tsi_graph.recommend.ledger.reading import Considered
from tsi_graph.recommend.path import Step
from tsi_graph.recommend.score import Question, ask
from tsi_graph.recommend.steps import steps_of

Solidity = Literal["good", "fair", "weak"]
GOOD, FAIR = 0.3, 0.15
"""From which strength on a whole route is good, or fair: two fresh ties of one's own have .4, a shared programme of
twenty .2, and both in a row .13."""

WORDS: dict[str, Words] = {
    "good": ("buona", "good"),
    "fair": ("media", "fair"),
    "weak": ("debole", "weak"),
    "over": ("{word}: {event} è finito nel {year}", "{word}: {event} ended in {year}"),
    "large": ("{word}: {event} ha {n} partecipanti", "{word}: {event} has {n} participants"),
    "dated": ("{word}: ultimo segno nel {year}", "{word}: last sign in {year}"),
    "closed": ("{word}, ma la rete è per altri enti", "{word}, but the network is for other bodies"),
    "you": ("voi", "you"),
}


@dataclass(frozen=True)
class Route:
    """How a body gets to a network: steps is 1 where it is a door itself; through are those in between, in order.

    how says what ties it to the network, where it is a door. may_join is false where what is documented says that
    the network is for others.
    """

    id: str
    name: str
    scope: str
    steps: int
    through: tuple[str, ...]
    through_names: tuple[str, ...]
    by_you: bool
    how: str
    solidity: Solidity
    words: str
    may_join: bool
    strength: float
    path: tuple[Step, ...]


def routes(graph: Graph, node: str, lang: str = "it", ledger: Considered | None = None) -> list[Route]:
    """The networks that a body reaches over at most three documented ties, the nearest and firmest first.

    Introducers are willing ones where the ledger is given; promoters come only where nobody else leads there. Empty
    for a body that has closed, and for what is no organisation. Raises NotFound.
    """
    q = graph.position(node)
    if not is_kind(graph, "Stakeholder")[q]:
        return []
    asked = ask(graph, node, lang, **willing(ledger)) if ledger else ask(graph, node, lang)
    if asked is None:
        return []
    near = asked.case.ties.fabric.near(q)
    open_to = admitted(graph, q, asked.case.ties)
    found = []
    for b in np.flatnonzero(outside_networks(graph)).tolist():
        chain = (q, b) if b in near else asked.routes.to(b)
        if chain:
            found.append(_route(asked, chain, bool(open_to[b])))
    return sorted(found, key=lambda one: (one.steps, -round(one.strength, 9), one.id))


def _route(asked: Question, chain: tuple[int, ...], may_join: bool) -> Route:
    case, graph, b = asked.case, asked.case.graph, chain[-1]
    strengths = [asked.routes.step(*ends) for ends in pairwise(chain)]
    strength = float(np.prod(strengths))
    how = told_tie(graph, case.evidence(*chain), case.lang) if len(chain) == 2 else ""
    solidity: Solidity = "good" if strength >= GOOD else "fair" if strength >= FAIR else "weak"
    between = chain[1:-1]
    names, at = full_names(graph, case.lang), ids(graph)
    return Route(
        id=str(at[b]), name=short(str(names[b])), scope=str(of_nodes(graph, "scope")[b]), steps=len(chain) - 1,
        through=tuple(str(at[z]) for z in between), through_names=tuple(case.name(z) for z in between),
        by_you=bool(asked.home[list(between)].any()), how=how, solidity=solidity,
        words=_words(asked, chain, solidity, may_join), may_join=may_join, strength=strength,
        path=steps_of(case, chain, strengths),
    )  # fmt: skip


def _words(asked: Question, chain: tuple[int, ...], solidity: Solidity, may_join: bool) -> str:
    """How solid in words: what weakens the weakest tie, and whether the network is for such bodies at all."""
    case = asked.case
    word = filled(case.lang, WORDS[solidity])
    if solidity != "good":
        weakest = min(pairwise(chain), key=lambda ends: asked.routes.step(*ends))
        word = _because(asked, weakest, word)
    if not may_join and len(chain) > 2:
        word = filled(case.lang, WORDS["closed"], word=word)
    return word


def _because(asked: Question, ends: tuple[int, int], word: str) -> str:
    case = asked.case
    found = case.evidence(*ends)
    event = found.event
    if event is not None and case.project[event]:
        name, n, end = case.name(event), int(case.ties.size[event]), last_days(case.graph)[event]
        if end < case.ties.now:
            return filled(case.lang, WORDS["over"], word=word, event=name, year=int(end))
        if n > SMALL_GROUP:
            return filled(case.lang, WORDS["large"], word=word, event=name, n=n)
    if found.year is not None and is_dated(case.graph, found):
        return filled(case.lang, WORDS["dated"], word=word, year=found.year)
    return word
