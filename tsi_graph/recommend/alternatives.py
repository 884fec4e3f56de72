"""Other ways: the best few chains from one body to another, where the first introducer cannot or will not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph
from tsi_graph.recommend.columns import ids
from tsi_graph.recommend.constants import HALF_LIFE
from tsi_graph.recommend.path import Routes, Step
from tsi_graph.recommend.score import Question, ask
from tsi_graph.recommend.sentences import say
from tsi_graph.recommend.steps import steps_of


@dataclass(frozen=True)
class Way:
    """One chain: its ties, who introduces, how likely it holds, and whether the alliance or a promoter is in it.

    cautions say what to watch before it is used.
    """

    path: tuple[Step, ...]
    introducers: tuple[str, ...]
    strength: float
    by_you: bool
    cautions: tuple[str, ...] = ()


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
    refused: Iterable[Collection[str]] = (),
) -> list[Way]:
    """The k best chains of two or three ties from one body to another, the most reliable first.

    The first is the path that `recommend` shows; promoters are in one only where there is no other. None is
    WEAK, and no tie of it FAINT. These are the loopless paths that Yen's algorithm (1971) would list, over
    at most three ties. Of a pair that is among the refused each way says so: who asks for ways is told
    them. Raises NotFound for an unknown id, Unusable for other wrong arguments.
    """
    asked = ask(graph, source, lang, half_life, (), not_introducers, load, reliability)
    b = graph.position(target)
    if k < 1 or source == target:
        raise Unusable(f"Ways lead from one body to another, at least 1 of them; got {k!r} from {source!r}.")
    if asked is None:
        return []
    held = any({*pair} == {source, target} for pair in refused)
    watch = (say(lang, "held", a=asked.case.a, b=asked.case.name(b)),) if held else ()
    return [_way(asked, nodes, watch) for nodes in best_chains(asked.routes, b, k)]


def best_chains(routes: Routes, target: int, k: int) -> list[tuple[int, ...]]:
    """The nodes of the k best chains that hold, the first being that of `Routes.to`."""
    return routes.best(target, k)


def _way(asked: Question, nodes: tuple[int, ...], watch: tuple[str, ...]) -> Way:
    steps = steps_of(asked.case, nodes, [asked.routes.step(*ends) for ends in pairwise(nodes)])
    at = ids(asked.case.graph)
    return Way(
        path=steps,
        introducers=tuple(str(at[z]) for z in nodes[1:-1]),
        strength=float(np.prod([s.strength for s in steps])),
        by_you=bool(asked.home[list(nodes[1:-1])].any()),
        cautions=watch,
    )
