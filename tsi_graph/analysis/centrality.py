"""Who is connected, close to everybody, or on the way between others."""

from __future__ import annotations

import numpy as np
import rustworkx
from scipy.sparse import csr_array

from tsi_graph.analysis.base import Metric, contacts, ties
from tsi_graph.graph import Graph


def degree(graph: Graph) -> np.ndarray:
    """How many distinct ties each node has; with direction, those it sends plus those it receives.

    >>> degree(Graph.from_edges([("a", "b"), ("a", "b"), ("b", "c")]))
    array([1, 2, 1])
    """
    sent = ties(graph)
    out = np.diff(sent.indptr).astype(np.int64)
    return out + np.bincount(sent.indices, minlength=len(graph)) if graph.directed else out


def strength(graph: Graph) -> np.ndarray:
    """The summed weight of each node's ties; with direction, sent plus received.

    >>> strength(Graph.from_edges([("a", "b", 2), ("b", "c", 3)]))
    array([2., 5., 3.])
    """
    return np.asarray(contacts(graph).sum(axis=1), dtype=float)


def harmonic(graph: Graph) -> np.ndarray:
    """The sum of 1/steps over all nodes from which each node can be reached; nobody reaches an isolate: 0.

    Costs one pass over the ties per step and 512 nodes: each bit of a word is one starting node.

    >>> harmonic(Graph.from_edges([("a", "b"), ("b", "c")]))
    array([1.5, 2. , 1.5])
    """
    received = csr_array(ties(graph).T)
    n, words = len(graph), 8
    total = np.zeros(n)
    reached = np.flatnonzero(np.diff(received.indptr))
    if not reached.size:
        return total
    rows = received.indptr[reached]
    for first in range(0, n, 64 * words):
        source = np.arange(first, min(first + 64 * words, n))
        front = np.zeros((n, words), dtype=np.uint64)
        front[source, (source - first) // 64] = np.uint64(1) << ((source - first) % 64).astype(np.uint64)
        seen, steps = front.copy(), 0
        while front.any():
            arriving = np.zeros_like(front)
            for word in range(words):
                arriving[reached, word] = np.bitwise_or.reduceat(front[:, word][received.indices], rows)
            front = arriving & ~seen
            seen |= front
            steps += 1
            total += np.bitwise_count(front).sum(axis=1) / steps
    return total


def betweenness(graph: Graph) -> np.ndarray:
    """On how many shortest ways between two others each node stands, ways of equal length shared out.

    Without direction each pair counts once, with direction each ordered pair. Costs nodes times ties.

    >>> betweenness(Graph.from_edges([("a", "b"), ("b", "c")]))
    array([0., 1., 0.])
    """
    links = (contacts(graph) if not graph.directed else ties(graph)).tocoo()
    i, j = links.coords
    keep = np.full(len(i), True) if graph.directed else i < j
    net = rustworkx.PyDiGraph() if graph.directed else rustworkx.PyGraph()
    net.add_nodes_from(range(len(graph)))
    net.add_edges_from_no_data(list(zip(i[keep].tolist(), j[keep].tolist(), strict=True)))
    # One thread: several add up in the order in which they finish, and equal scores would rank by chance.
    score = rustworkx.betweenness_centrality(net, normalized=False, parallel_threshold=len(graph) + 1)
    return np.array([score[k] for k in range(len(graph))], dtype=float)


def pagerank(graph: Graph) -> np.ndarray:
    """The share of time that a walker spends at each node who follows ties by weight and starts anew 15 % of the time.

    Who sends no tie passes the walker on to anybody. Sums to 1; equal for all where there are no ties.

    >>> pagerank(Graph.from_edges([("a", "b")]))
    array([0.5, 0.5])
    """
    n, follow = len(graph), 0.85
    if not n:
        return np.zeros(0)
    sent = ties(graph)
    total = np.asarray(sent.sum(axis=1), dtype=float)
    ends = total == 0
    arriving = csr_array(sent.multiply(1 / np.where(ends, 1, total)[:, None])).T.tocsr()
    rank, change = np.full(n, 1 / n), 1.0
    while change > 1e-13:  # halves every four or five rounds: some 180 of them
        moved = follow * (arriving @ rank + rank[ends].sum() / n) + (1 - follow) / n
        rank, change = moved / moved.sum(), np.abs(moved - rank).sum()
    return rank


FREEMAN = "Freeman 1978, Social Networks 1:215-239"
METRICS = {
    "degree": Metric(
        degree,
        "How many others it is tied to.",
        "A quanti altri è legata.",
        "Distinct ties, not normalised; parallel ties count once, loops not at all; with direction, sent plus "
        "received. Isolates 0.",
        FREEMAN,
    ),
    "strength": Metric(
        strength,
        "How strong its ties are, added up.",
        "Quanto sono forti i suoi legami, in tutto.",
        "Sum of weights, parallel ties added, loops dropped; with direction, sent plus received. Isolates 0.",
        "Barrat et al. 2004, PNAS 101:3747-3752",
    ),
    "harmonic": Metric(
        harmonic,
        "How few steps away everybody is.",
        "Quanto pochi passi la separano da tutti.",
        "Plain sum of 1/steps, not normalised; weights are ignored, since strength is no length. With direction, "
        "steps that lead to the node (as networkx; igraph counts those that lead away). Isolates 0.",
        "Marchiori & Latora 2000, Physica A 285:539-546; Boldi & Vigna 2014, Internet Mathematics 10:222-262",
    ),
    "betweenness": Metric(
        betweenness,
        "How often it stands on the shortest way between two others.",
        "Quante volte sta sul cammino più breve fra due altri.",
        "Not normalised, ends not counted, unordered pairs (ordered with direction); steps, not weights. Isolates 0.",
        FREEMAN + "; Brandes 2001, J. Math. Sociology 25:163-177",
    ),
    "pagerank": Metric(
        pagerank,
        "How much attention the well-connected pass on to it.",
        "Quanta attenzione le arriva da chi è ben collegato.",
        "Damping 0.85, weights as strength, sums to 1; who sends no tie gives to all alike. "
        "Stops when the summed change is under 1e-13.",
        "Brin & Page 1998, Computer Networks 30:107-117",
    ),
}
