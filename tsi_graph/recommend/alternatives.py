"""Other ways: the best few chains from one body to another, where the first introducer cannot or will not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph
from tsi_graph.recommend.columns import ids, row, values
from tsi_graph.recommend.constants import HALF_LIFE, WEAK
from tsi_graph.recommend.path import Routes, Step
from tsi_graph.recommend.score import Question, ask
from tsi_graph.recommend.steps import steps_of


@dataclass(frozen=True)
class Way:
    """One chain: its ties, who introduces, how likely it holds, and whether the alliance or a promoter is in it."""

    path: tuple[Step, ...]
    introducers: tuple[str, ...]
    strength: float
    by_you: bool


def ways(
    graph: Graph,
    source: str,
    target: str,
    k: int = 3,
    lang: str = "it",
    *,
    half_life: float = HALF_LIFE,
    not_introducers: Collection[str] = (),
    load: Mapping[str, int] | None = None,
    reliability: Mapping[str, float] | None = None,
) -> list[Way]:
    """The k best chains of two or three ties from one body to another, the most reliable first.

    The first is the path that `recommend` shows; promoters are in one only where there is no other, and
    none is WEAK. These are the loopless paths that Yen's algorithm (1971) would list; as three ties
    are the most, all of them are looked at, which costs the ties of the source's partners. Raises
    NotFound for an unknown id, Unusable for other wrong arguments.
    """
    asked = ask(graph, source, lang, half_life, (), not_introducers, load, reliability)
    b = graph.position(target)
    if k < 1 or source == target:
        raise Unusable(f"Ways lead from one body to another, at least 1 of them; got {k!r} from {source!r}.")
    if asked is None:
        return []
    return [_way(asked, nodes) for nodes in best_chains(asked.routes, b, k)]


def best_chains(routes: Routes, target: int, k: int) -> list[tuple[int, ...]]:
    """The nodes of the k best chains that are not WEAK, in the order in which `Routes.to` prefers them."""
    at, last = routes.doors(target)
    for allowed in (routes.usable, routes.anybody):
        found: list[tuple[int, ...]] = []
        for sort in routes.sorts(target, at):
            doors = sort & allowed[at] & (at != routes.node)
            chains = _chains(routes, allowed, at[doors], last[doors], target)
            found += [chain for chain in chains[: 4 * k] if routes.product(chain) >= WEAK]
        if found:
            return found[:k]
    return []


def _chains(
    routes: Routes, allowed: np.ndarray, ports: np.ndarray, last: np.ndarray, target: int
) -> list[tuple[int, ...]]:  # fmt: skip
    """All chains that enter by these ports, the most reliable first, then by id."""
    node, strength, trust, order = routes.node, routes.ties.strength, routes.trust, routes.order
    worth = np.zeros(len(order))
    worth[ports] = last * trust[ports]
    first, bond = row(strength, node), values(strength, node)
    direct = worth[first] > 0
    two = [
        ((node, int(z), target), float(v)) for z, v in zip(first[direct], (bond * worth[first])[direct], strict=True)
    ]
    may = allowed[first] & (first != target)
    inner, bond = first[may], (bond * trust[first])[may]
    onwards = strength[inner]
    value = np.repeat(bond, np.diff(onwards.indptr)) * onwards.data * worth[onwards.indices]
    through = np.repeat(inner, np.diff(onwards.indptr))
    good = np.flatnonzero((value >= WEAK * trust.min() ** 2) & (onwards.indices != node))
    three = [
        ((node, int(through[n]), int(onwards.indices[n]), target), float(value[n]))
        for n in good[np.argsort(-value[good], kind="stable")][:1000].tolist()
    ]
    ranked = sorted([*two, *three], key=lambda way: (-round(way[1], 12), [order[z] for z in way[0][:0:-1]]))
    return [nodes for nodes, _ in ranked]


def _way(asked: Question, nodes: tuple[int, ...]) -> Way:
    steps = steps_of(asked.case, nodes, [asked.routes.step(*ends) for ends in pairwise(nodes)])
    at = ids(asked.case.graph)
    return Way(
        path=steps,
        introducers=tuple(str(at[z]) for z in nodes[1:-1]),
        strength=float(np.prod([s.strength for s in steps])),
        by_you=bool(asked.home[list(nodes[1:-1])].any()),
    )
