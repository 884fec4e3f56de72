"""Whether introducing helps: introductions that were accepted against comparable pairs that nobody proposed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import islice
from math import isfinite, nan, sqrt
from typing import TYPE_CHECKING

import numpy as np

from tsi_graph.graph import Graph, graph_of
from tsi_graph.recommend.ledger.reading import read_ledger
from tsi_graph.recommend.ledger.record import Introduction, Pair, pair
from tsi_graph.recommend.score import relevance
from tsi_graph.recommend.ties import is_kind, prepare

if TYPE_CHECKING:
    from tsi_graph.statements import Table
    from tsi_graph.store import Store

ENOUGH = 20
"""With fewer introductions nothing is said."""
TWINS = 10
"""Comparable pairs for each introduction."""
SAMPLE = 200
"""Bodies among whose pairs comparable ones are looked for."""
EFFECT = 0.1
"""The difference that one would not want to miss: ten introductions in a hundred that became a tie."""
Z = 1.959964
"""Of an interval that holds the truth 95 times in 100."""


@dataclass(frozen=True)
class Uplift:
    """How many accepted introductions became documented ties, beside comparable pairs that nobody proposed.

    difference is share - comparable_share, low and high its interval (95 %, Newcombe 1998, method 10);
    nan where nothing can be said (`enough` is False). needed: how many introductions it takes in all to
    tell a difference of EFFECT from chance. left_out: accepted ones without newer data, without a twin, or
    already tied. Pairs are compared, not drawn by lot: those who accept may have been the more willing.
    """

    enough: bool
    introduced: int
    tied: int
    comparable: int
    comparable_tied: int
    left_out: int
    share: float
    comparable_share: float
    difference: float
    low: float
    high: float
    needed: int


def uplift(store: Store, graph: Graph, *, seed: int = 0) -> Uplift:
    """What accepted introductions led to, up to the graph as it is now.

    Each is looked at in the graph that its proposal knew, and gets up to TWINS pairs of that graph that were
    not tied, are not in the ledger, lead to the same kind of body and are at most one tenth of all pairs off in
    score, and of all bodies in partners. Costs the scores of SAMPLE bodies for each revision that was proposed from.
    """
    ledger, table = read_ledger(store), store.statements()
    known = {one.pair for one in ledger.introductions}
    accepted = [one for one in ledger.introductions if one.last("accepted")]
    newest = max((i.number for i in table.imports), default=0)
    by_revision: dict[int, list[Introduction]] = defaultdict(list)
    for one in accepted:
        if one.revision < newest:
            by_revision[one.revision].append(one)
    cases: list[bool] = []
    twins: list[bool] = []
    tied_now = _Tied(graph)
    dice = np.random.default_rng(seed)
    for revision, group in sorted(by_revision.items()):
        before = _as_known(table, graph, revision)
        for case, found in _matched(before, group, known, tied_now, dice):
            cases.append(tied_now(*case))
            twins += [tied_now(*twin) for twin in found]
    return estimated(sum(cases), len(cases), sum(twins), len(twins), len(accepted) - len(cases))


def estimated(tied: int, introduced: int, comparable_tied: int, comparable: int, left_out: int = 0) -> Uplift:
    """The uplift of these counts."""
    share = tied / introduced if introduced else nan
    other = comparable_tied / comparable if comparable else nan
    enough = introduced >= ENOUGH and comparable > 0
    low, high = difference(tied, introduced, comparable_tied, comparable) if enough else (nan, nan)
    return Uplift(
        enough, introduced, tied, comparable, comparable_tied, left_out, share, other,
        share - other if enough else nan, low, high, needed(other if isfinite(other) else 0.0),
    )  # fmt: skip


def difference(x: int, n: int, y: int, m: int) -> tuple[float, float]:
    """The interval of x/n - y/m (Newcombe 1998, Stat. Med. 17, 873-890, method 10: two Wilson intervals).

    >>> low, high = difference(56, 70, 48, 80)
    >>> round(low, 4), round(high, 4)
    (0.0524, 0.3339)
    """
    p, q = x / n, y / m
    (p_low, p_high), (q_low, q_high) = wilson(x, n), wilson(y, m)
    down, up = sqrt((p - p_low) ** 2 + (q_high - q) ** 2), sqrt((p_high - p) ** 2 + (q - q_low) ** 2)
    return p - q - down, p - q + up


def wilson(x: float, n: int) -> tuple[float, float]:
    """The interval of a share (Wilson 1927)."""
    p, scale = x / n, 1 + Z**2 / n
    middle, half = (p + Z**2 / (2 * n)) / scale, Z / scale * sqrt(p * (1 - p) / n + Z**2 / (4 * n * n))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def needed(other: float) -> int:
    """How many introductions tell a share that is EFFECT above another from chance; at least ENOUGH.

    >>> needed(0.0), needed(0.3)
    (20, 84)
    """
    share, n = min(other + EFFECT, 1.0), ENOUGH
    while difference(round(share * n), n, round(other * n * TWINS), n * TWINS)[0] <= 0 and n < 10_000:
        n += 1
    return n


class _Tied:
    """Whether two bodies are tied, directly or by what they share, in one graph."""

    def __init__(self, graph: Graph) -> None:
        self._evidence, self._place = prepare(graph).evidence, {i: k for k, i in enumerate(graph.ids)}

    def __call__(self, a: str, b: str) -> bool:
        return self.knows(a, b) and bool(self._evidence[self._place[a], self._place[b]] > 0)

    def knows(self, *ids: str) -> bool:
        return all(i in self._place for i in ids)


def _as_known(table: Table, graph: Graph, revision: int) -> Graph:
    """The graph as the store knew it right after an import."""
    at = next(i.at for i in table.imports if i.number == revision)
    return graph_of(table, replace(graph.view, known_at=at))


def _matched(
    before: Graph, group: list[Introduction], known: set[Pair], now: _Tied, dice: np.random.Generator
) -> list[tuple[Pair, list[Pair]]]:
    """Each introduction that was not tied before and can be looked at now, with its twins; without twins it goes."""
    tied = _Tied(before)
    cases = [(c.source, c.target) for c in group if tied.knows(*c.pair) and now.knows(*c.pair) and not tied(*c.pair)]
    if not cases:
        return []
    pool = _Pool(before, dice)
    out = []
    for case in cases:
        free = (twin for twin in pool.like(*case) if pair(*twin) not in known and now.knows(*twin))
        if twins := list(islice(free, TWINS)):
            out.append((case, twins))
    return out


class _Pool:
    """Pairs without a tie among which to look for twins, each with its tenth of score and of partners."""

    def __init__(self, graph: Graph, dice: np.random.Generator) -> None:
        self._graph, self._ties, self._ids, self._dice = graph, prepare(graph), graph.ids, dice
        self._body = is_kind(graph, "Stakeholder") | is_kind(graph, "Network") | is_kind(graph, "Fund")
        sources = np.flatnonzero(is_kind(graph, "Stakeholder"))
        self._sources = np.sort(dice.permutation(sources)[:SAMPLE])
        self._scores = np.array([relevance(self._ties, int(q), self._body)[0] for q in self._sources])
        positive = self._scores[self._scores > 0]
        self._steps = np.quantile(positive, np.arange(1, 10) / 10) if len(positive) else np.zeros(9)
        self._sizes = np.quantile(self._ties.partners[self._body], np.arange(1, 10) / 10)

    def like(self, source: str, target: str) -> list[Pair]:
        """The pairs that lead to the same kind of body, at most one tenth off in score and in partners at either end.

        The most alike first, equals by lot.
        """
        q, c = self._graph.position(source), self._graph.position(target)
        score = float(relevance(self._ties, q, self._body)[0][c])
        kind = self._graph.nodes["kind"].to_numpy(object)
        tenth = np.searchsorted(self._sizes, self._ties.partners)
        columns = np.flatnonzero((kind == kind[c]) & self._body & (abs(tenth - tenth[c]) <= 1))
        near = abs(tenth[self._sources] - tenth[q]) <= 1
        rows, block = self._sources[near], self._scores[near][:, columns]
        steps = abs(np.searchsorted(self._steps, block) - np.searchsorted(self._steps, score))
        fits = ((block > 0) == (score > 0)) & (steps <= 1) & (rows[:, None] != columns)
        fits &= self._ties.evidence[rows][:, columns].toarray() == 0
        off = steps + abs(tenth[rows] - tenth[q])[:, None] + abs(tenth[columns] - tenth[c])
        i, j = np.nonzero(fits)
        by_likeness = np.lexsort((self._dice.random(len(i)), off[i, j]))
        i, j = i[by_likeness], j[by_likeness]
        return list(zip(map(str, self._ids[rows[i]]), map(str, self._ids[columns[j]]), strict=True))
