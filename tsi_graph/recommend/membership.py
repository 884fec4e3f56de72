"""Who is a member of what, and who pays whom: the relations that reasons and rules read, by position."""

from __future__ import annotations

import numpy as np

from tsi_graph.graph import Graph
from tsi_graph.recommend.columns import by_id, documented
from tsi_graph.remembered import once_per_graph

NOBODY = np.array([], dtype=np.int64)


@once_per_graph
def relation(graph: Graph, *kinds: str) -> tuple[np.ndarray, np.ndarray]:
    """The two ends of the documented ties of some kinds."""
    i, j = graph.ends
    there = graph.edges["kind"].isin(kinds).to_numpy(bool) & documented(graph)
    return i[there], j[there]


def members(graph: Graph, network: int) -> np.ndarray:
    """The documented members of a network, by id."""
    return _each(graph, "MEMBER_OF", True).get(network, NOBODY)


def networks_of(graph: Graph, body: int) -> np.ndarray:
    """What a body is a documented member of, by id."""
    return _each(graph, "MEMBER_OF", False).get(body, NOBODY)


@once_per_graph
def _each(graph: Graph, kind: str, by_target: bool) -> dict[int, np.ndarray]:
    """The other ends of the ties of one kind, by id, for each target or for each source."""
    i, j = relation(graph, kind)
    one, other = (j, i) if by_target else (i, j)
    pairs = np.unique(np.c_[one, by_id(graph)[other]], axis=0)
    at_rank = np.argsort(by_id(graph))
    cuts = np.flatnonzero(np.diff(pairs[:, 0])) + 1
    groups = np.split(pairs, cuts) if len(pairs) else []
    return {int(group[0, 0]): at_rank[group[:, 1]] for group in groups}
