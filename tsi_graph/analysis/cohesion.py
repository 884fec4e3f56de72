"""Which nodes hang together."""

from __future__ import annotations

import numpy as np

from tsi_graph import kernels
from tsi_graph.analysis.base import Metric
from tsi_graph.graph import Graph


def component(graph: Graph) -> np.ndarray:
    """The number of the part each node can reach, direction aside; 1 is the largest. Alone is a part of one.

    >>> component(Graph.from_edges([("a", "b"), ("c", "d"), ("d", "e")]))
    array([2, 2, 1, 1, 1])
    """
    return numbered(graph, kernels.components(graph.contacts))


def core(graph: Graph) -> np.ndarray:
    """The largest k for which each node is among nodes that have k contacts among themselves; isolates 0.

    >>> core(Graph.from_edges([("a", "b"), ("b", "c"), ("a", "c"), ("c", "d")]))
    array([2, 2, 2, 1], dtype=int32)
    """
    return kernels.core(graph.contacts)


def cut_point(graph: Graph) -> np.ndarray:
    """1 for a node without which its part would fall apart, else 0.

    >>> cut_point(Graph.from_edges([("a", "b"), ("b", "c")]))
    array([0., 1., 0.])
    """
    return kernels.cuts(graph.contacts)[0].astype(float)


def community(graph: Graph, seed: int = 1) -> np.ndarray:
    """The number of the community of each node; 1 is the largest. An isolate is one of its own.

    The nodes are gone through in a random order that the seed fixes, starting from their ids in
    alphabetical order, so the order of the node table does not matter.

    >>> community(Graph.from_edges(["ab", "bc", "ac", "cd", "de", "ef", "df"]))
    array([1, 1, 1, 2, 2, 2])
    """
    order = by_id(graph)
    matrix = graph.contacts.matrix()[order][:, order]
    if not matrix.nnz:
        return numbered(graph, np.arange(len(graph)))
    from scipy.sparse import csr_matrix
    from sknetwork.clustering import Louvain

    louvain = Louvain(shuffle_nodes=True, random_state=seed, return_probs=False, return_aggregate=False)
    label = np.empty(len(graph), dtype=np.int64)
    label[order] = louvain.fit_predict(csr_matrix(matrix))
    return numbered(graph, _connected(graph, label))


def _connected(graph: Graph, label: np.ndarray) -> np.ndarray:
    """Communities that do not hang together, which Louvain may leave behind, taken apart: modularity can but rise."""
    i, j = graph.contacts.rows, graph.contacts.indices
    within = label[i] == label[j]
    return kernels.components(kernels.build(len(graph), i[within], j[within], symmetric=True))


def by_id(graph: Graph) -> np.ndarray:
    """The positions of the nodes in alphabetical order of their ids: what makes a random order repeatable."""
    return np.argsort(graph.ids.astype(str).to_numpy(dtype=str), kind="stable")


def numbered(graph: Graph, label: np.ndarray) -> np.ndarray:
    """Groups numbered from 1, the largest first, equal ones by their smallest id."""
    order = by_id(graph)
    _, first, group, size = np.unique(label[order], return_index=True, return_inverse=True, return_counts=True)
    number = np.empty(len(size), dtype=np.int64)
    number[np.lexsort((first, -size))] = np.arange(1, len(size) + 1)
    out = np.empty(len(label), dtype=np.int64)
    out[order] = number[group]
    return out


METRICS = {
    "component": Metric(
        function=component,
        meaning="The part of the network it can reach at all.",
        meaning_it="La parte della rete che può raggiungere.",
        definition="Largest set of nodes that ties connect.",
        convention="Direction and weights ignored; numbered from 1 by size, then by smallest id. An isolate is a part "
        "of one.",
        cost="Linear.",
        cite="Harary 1969, Graph Theory",
        oracle="networkx, exact.",
    ),
    "core": Metric(
        function=core,
        meaning="How dense the densest circle is that it belongs to.",
        meaning_it="Quanto è fitta la cerchia più fitta di cui fa parte.",
        definition="Largest k such that it is in a set of nodes who each have k contacts within the set.",
        convention="Direction and weights ignored. Isolates 0.",
        cost="Linear.",
        cite="Seidman 1983, Social Networks 5:269-287; Batagelj & Zaversnik 2003, arXiv cs/0310049",
        oracle="networkx and igraph, exact.",
    ),
    "cut_point": Metric(
        function=cut_point,
        meaning="Whether its part of the network would fall apart without it (1: yes).",
        meaning_it="Se senza di essa la sua parte della rete si dividerebbe (1: sì).",
        definition="Articulation point: its removal leaves more parts than before.",
        convention="Direction and weights ignored; 1 or 0. Isolates 0.",
        cost="Linear.",
        cite="Tarjan 1972, SIAM J. Computing 1:146-160",
        oracle="networkx and igraph, exact.",
    ),
    "community": Metric(
        function=community,
        meaning="The group with which it is tied more closely than with the rest.",
        meaning_it="Il gruppo con cui è legata più che con il resto.",
        definition="Partition of high modularity.",
        convention="Louvain (scikit-network), then communities that do not hang together taken apart; weights as "
        "strength, "
        "direction summed, resolution 1, seed 1; numbered from 1 by size, then by smallest id. One partition of "
        "several, not "
        "always the best: see community_stability. An isolate is a community of one.",
        cost="Some passes over the ties.",
        cite="Blondel et al. 2008, J. Stat. Mech. P10008",
        oracle="Modularity beside igraph's exact optimum on the karate club and networkx's Louvain.",
        differs="Algorithms and seeds differ in labels; compare modularity.",
        options=("seed",),
    ),
}
