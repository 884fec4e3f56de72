"""Pairs that could have been proposed and were not, each beside an introduction that it is like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from tsi_graph.graph import Graph
from tsi_graph.recommend.columns import ids, is_kind, of_nodes
from tsi_graph.recommend.ledger.proposal import asked_for
from tsi_graph.recommend.ledger.record import Introduction, Pair, pair
from tsi_graph.recommend.relevance import relevance
from tsi_graph.recommend.rules import closed, introducers, proposable
from tsi_graph.recommend.ties import prepare

TWINS = 10
"""Comparable pairs for each introduction."""
SAMPLE = 200
"""Bodies among whose pairs comparable ones are looked for."""
BETWEEN = ("network", "fund", "stakeholder")
"""What an introduction that is looked at leads to: to join a project is no tie between two bodies."""


@dataclass(frozen=True)
class Matched:
    """An introduction: whether the two are tied by now, and the same of each pair that it is compared with."""

    tied: bool
    twins: dict[Pair, bool]


class Tied:
    """Whether two bodies are tied, directly or by what they share, in one graph."""

    def __init__(self, graph: Graph) -> None:
        self._evidence, self._place = prepare(graph).evidence, {i: k for k, i in enumerate(graph.ids)}

    def __call__(self, a: str, b: str) -> bool:
        return self.knows(a, b) and bool(self._evidence[self._place[a], self._place[b]] > 0)

    def knows(self, *bodies: str) -> bool:
        return all(i in self._place for i in bodies)


def matched(
    before: Graph, group: Sequence[Introduction], known: frozenset[Pair], now: Tied, dice: np.random.Generator
) -> list[Matched]:
    """The introductions that one graph would have proposed, with up to TWINS pairs each that it would have, too.

    A twin is in no introduction (`known`), leads to the same kind of body, and is at most one tenth of all pairs
    off in score and of all bodies in partners; no pair serves one introduction twice, whichever end comes
    first, but it may serve several. Without a twin, an introduction is left out.
    """
    pool = _Pool(before, dice)
    out = []
    for one in group:
        free = (twin for twin in pool.like(one) if twin not in known and now.knows(*twin))
        twins = list(islice(dict.fromkeys(free), TWINS)) if now.knows(*one.pair) else []
        if twins:
            out.append(Matched(now(*one.pair), {twin: now(*twin) for twin in twins}))
    return out


class _Pool:
    """Bodies that ask, whom the rules let them meet, and each with its tenth of score and of partners."""

    def __init__(self, graph: Graph, dice: np.random.Generator) -> None:
        self._graph, self._ties, self._ids, self._dice = graph, prepare(graph), ids(graph), dice
        self._asks = is_kind(graph, "Stakeholder") & ~closed(graph, self._ties)
        self._usable = introducers(graph)[0]
        self._sources = np.sort(dice.permutation(np.flatnonzero(self._asks))[:SAMPLE])
        self._scores = np.array([self._score(int(q)) for q in self._sources])
        positive = self._scores[self._scores > 0]
        self._steps = np.quantile(positive, np.arange(1, 10) / 10) if len(positive) else np.zeros(9)
        partners = self._ties.partners
        self._tenth = np.searchsorted(np.quantile(partners[self._asks], np.arange(1, 10) / 10), partners)
        self._may: dict[str, np.ndarray] = {}

    def _score(self, node: int) -> np.ndarray:
        return relevance(self._ties, node, self._usable)[0]

    def _proposable(self, node: int, to: str) -> np.ndarray:
        return proposable(self._graph, self._ties, node, to, ())

    def like(self, one: Introduction) -> Iterator[Pair]:
        """The pairs that are like an introduction, the most alike first, equals by lot.

        None where the rules would not have proposed the introduction itself, whichever end asks.
        """
        place = {i: k for k, i in enumerate(self._ids)}
        if not place.keys() >= {*one.pair}:
            return
        for q, c in ((place[one.source], place[one.target]), (place[one.target], place[one.source])):
            to = asked_for(str(of_nodes(self._graph, "kind")[c]))
            if self._asks[q] and to in BETWEEN and self._proposable(q, to)[c]:
                yield from self._alike(q, c, to)
                return

    def _alike(self, q: int, c: int, to: str) -> Iterator[Pair]:
        if to not in self._may:
            self._may[to] = np.array([self._proposable(int(source), to) for source in self._sources])
        kind, tenth = of_nodes(self._graph, "kind"), self._tenth
        columns = np.flatnonzero((kind == kind[c]) & (abs(tenth - tenth[c]) <= 1))
        near = abs(tenth[self._sources] - tenth[q]) <= 1
        rows, block = self._sources[near], self._scores[near][:, columns]
        score = float(self._score(q)[c])
        steps = abs(np.searchsorted(self._steps, block) - np.searchsorted(self._steps, score))
        fits = self._may[to][near][:, columns] & ((block > 0) == (score > 0)) & (steps <= 1)
        off = steps + abs(tenth[rows] - tenth[q])[:, None] + abs(tenth[columns] - tenth[c])
        i, j = np.nonzero(fits)
        by_likeness = np.lexsort((self._dice.random(len(i)), off[i, j]))
        for a, b in zip(rows[i[by_likeness]], columns[j[by_likeness]], strict=True):
            yield pair(str(self._ids[a]), str(self._ids[b]))
