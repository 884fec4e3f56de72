"""Which nodes hang together."""

from __future__ import annotations

import networkx as nx
import numpy as np
from scipy.sparse.csgraph import connected_components

from tsi_graph.analysis.base import Metric, contacts
from tsi_graph.graph import Graph


def component(graph: Graph) -> np.ndarray:
    """The number of the part each node can reach, direction aside; 1 is the largest. Alone is a part of one.

    >>> component(Graph.from_edges([("a", "b"), ("c", "d"), ("d", "e")]))
    array([2, 2, 1, 1, 1])
    """
    if not len(graph):
        return np.zeros(0, dtype=np.int64)
    return _numbered(graph, connected_components(contacts(graph), directed=False)[1])


def community(graph: Graph) -> np.ndarray:
    """The number of the community of each node; 1 is the largest. An isolate is one of its own.

    Louvain goes through the nodes in a random but fixed order (seed 1), starting from their ids in
    alphabetical order, so the order of the node table does not matter.

    >>> community(Graph.from_edges(["ab", "bc", "ac", "cd", "de", "ef", "df"]))
    array([1, 1, 1, 2, 2, 2])
    """
    order = _by_id(graph)
    matrix = contacts(graph)[order][:, order].tocoo()
    i, j = matrix.coords
    upper = i < j
    net: nx.Graph = nx.empty_graph(len(graph))
    net.add_weighted_edges_from(zip(i[upper].tolist(), j[upper].tolist(), matrix.data[upper].tolist(), strict=True))
    label = np.zeros(len(graph), dtype=np.int64)
    for number, members in enumerate(nx.community.louvain_communities(net, seed=1) if len(graph) else []):
        label[order[list(members)]] = number
    return _numbered(graph, label)


def _by_id(graph: Graph) -> np.ndarray:
    return np.argsort(graph.ids.astype(str).to_numpy(dtype=str), kind="stable")


def _numbered(graph: Graph, label: np.ndarray) -> np.ndarray:
    """Groups numbered from 1, the largest first, equal ones by their smallest id."""
    order = _by_id(graph)
    _, first, group, size = np.unique(label[order], return_index=True, return_inverse=True, return_counts=True)
    number = np.empty(len(size), dtype=np.int64)
    number[np.lexsort((first, -size))] = np.arange(1, len(size) + 1)
    out = np.empty(len(label), dtype=np.int64)
    out[order] = number[group]
    return out


METRICS = {
    "component": Metric(
        component,
        "The part of the network it can reach at all.",
        "La parte della rete che può raggiungere.",
        "Direction and weights ignored; numbered from 1 by size, then by smallest id. An isolate is a part of one.",
        "Harary 1969, Graph Theory",
    ),
    "community": Metric(
        community,
        "The group with which it is tied more closely than with the rest.",
        "Il gruppo con cui è legata più che con il resto.",
        "Louvain (networkx), weights as strength, direction summed, resolution 1, seed 1; numbered from 1 by size, "
        "then by smallest id. One partition of several, not always the best; an isolate is a community of one.",
        "Blondel et al. 2008, J. Stat. Mech. P10008",
    ),
}
