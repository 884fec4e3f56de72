"""In which years each tie was there: what the time slider of the page knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pandas as pd

from tsi_graph.graph import EVENTS, Graph

Spell = tuple[int, int]
"""From and to, as years; 1 and 9999 where nothing is known."""
ALWAYS: Spell = (1, 9999)


def years(facts: Graph) -> dict[tuple[str, str], list[Spell]]:
    """The spells of each tied pair, the lower id first: of documented ties, and of two bodies that share something.

    Facts are documented ties with their days. A tie is there in a year if it may have been on some day of it, while
    both ends were. Two share a project, network or fund in the years in which both took part in it. What carries no
    date is always there.
    """
    life = _lives(facts.nodes)
    event = np.any([facts.kinds_of(kind) for kind in EVENTS], axis=0)
    shared = set(facts.nodes["id"].astype(str).to_numpy()[event])
    seats: dict[str, dict[str, list[Spell]]] = defaultdict(lambda: defaultdict(list))
    found: dict[tuple[str, str], list[Spell]] = defaultdict(list)
    ends = zip(facts.edges["source"].astype(str), facts.edges["target"].astype(str), _spells(facts.edges), strict=True)
    for a, b, spell in ends:
        there = _both(_both(spell, life[a]), life[b])
        if a != b and there:
            found[_pair(a, b)].append(there)
            if (a in shared) != (b in shared):
                hub, body = (a, b) if a in shared else (b, a)
                seats[hub][body].append(there)
    for members in seats.values():
        for a, b in combinations(sorted(members), 2):
            together = (_both(one, other) for one in members[a] for other in members[b])
            found[a, b] += [spell for spell in together if spell]
    return {pair: merged(spells) for pair, spells in found.items()}


def _pair(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)


def _both(one: Spell | None, other: Spell) -> Spell | None:
    if one is None:
        return None
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return (start, end) if start <= end else None


def merged(spells: Iterable[Spell]) -> list[Spell]:
    """Spells without overlaps, in order.

    >>> merged([(2015, 2017), (2017, 2018), (2012, 2013)])
    [(2012, 2013), (2015, 2018)]
    """
    out: list[Spell] = []
    for start, end in sorted(spells):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def _spells(edges: pd.DataFrame) -> list[Spell]:
    if {"from_min", "to_max"} <= set(edges.columns):
        start, end = (edges[name].to_numpy(np.int64) // 10_000 for name in ("from_min", "to_max"))
        return list(zip(start.tolist(), end.tolist(), strict=True))
    return _texts(edges)


def _lives(nodes: pd.DataFrame) -> dict[str, Spell]:
    return dict(zip(nodes["id"].astype(str), _texts(nodes), strict=True))


def _texts(table: pd.DataFrame) -> list[Spell]:
    """Years of the columns valid_from and valid_to, where these are there and filled."""
    blank = pd.Series("", index=table.index)
    start, end = (table.get(name, blank).fillna("").astype(str).str[:4] for name in ("valid_from", "valid_to"))
    return [
        (int(a) if a.isdigit() else ALWAYS[0], int(b) if b.isdigit() else ALWAYS[1])
        for a, b in zip(start, end, strict=True)
    ]
