"""Where it is written: the sources of ties, topics and bodies, which reasons are told with."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tsi_graph.graph import Graph
from tsi_graph.recommend.columns import of_edges, of_nodes, row, shared
from tsi_graph.recommend.evidence import evidence, ties_between
from tsi_graph.recommend.ties import Ties, prepare

Sources = tuple[str, ...]
MOST = 3
"""How many sources a reason names."""


def of_ties(graph: Graph, node: int, others: Iterable[int]) -> Sources:
    """Where the ties of a body with some others are written, the strongest evidence of each."""
    ties = prepare(graph)
    return _each(source for other in others for source in _of_tie(graph, ties, node, other))


def of_topics(graph: Graph, topics: np.ndarray, *bodies: int) -> Sources:
    """Where it is written that some bodies work on topics, by themselves or in what they take part in.

    Where a label is of our own, what it was read from: the page of the body or of what it takes part in.
    """
    return _each(source for body in bodies for topic in topics.tolist() for source in _of_topic(graph, body, topic)[:1])


def of_body(graph: Graph, node: int) -> Sources:
    """Where what is said of a body itself is written: its seat, its reach, its end."""
    return _each([str(of_nodes(graph, "origin")[node])])


def _of_tie(graph: Graph, ties: Ties, a: int, b: int) -> list[str]:
    if not len(ties_between(graph, a, b)) and not len(shared(row(ties.shares, a), row(ties.shares, b))):
        return []
    return evidence(graph, ties, a, b).origin.split(" ; ")


def _of_topic(graph: Graph, body: int, topic: int) -> list[str]:
    origin, events = of_edges(graph, "origin"), row(prepare(graph).shares, body)
    page = of_nodes(graph, "origin")
    for bearer in (body, *events.tolist()):
        found = [str(origin[edge]) for edge in ties_between(graph, bearer, topic)]
        if found:
            return [str(page[bearer]) if "editorial" in one.lower() else one for one in found]
    return []


def _each(found: Iterable[str]) -> Sources:
    return tuple(dict.fromkeys(source.strip() for source in found if source.strip()))[:MOST]
