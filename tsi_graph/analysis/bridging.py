"""Whose ties hold distant parts of the network near one another."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tsi_graph import kernels
from tsi_graph.analysis.base import Metric
from tsi_graph.graph import Graph
from tsi_graph.kernels import Csr


def bridging(graph: Graph) -> np.ndarray:
    """How much cohesion the whole loses with a tie of each node, half the mean over its ties; nan for an isolate.

    Cohesion is the mean of 1/steps over all ordered pairs, 0 for a pair that no way joins. Each tie is
    taken away in turn and only its own part is measured again: ties of each part times distances in it.

    >>> bridging(Graph.from_edges([("a", "b"), ("b", "c")])).round(4)
    array([0.25, 0.25, 0.25])
    """
    contacts, n = graph.contacts, len(graph)
    lost = np.zeros(n)
    for nodes, part in _parts(contacts):
        lost[nodes] = _lost(part)
    return lost / (n * max(n - 1, 1)) / np.where(contacts.degrees > 0, 2 * contacts.degrees, np.nan)


def _parts(contacts: Csr) -> Iterator[tuple[np.ndarray, Csr]]:
    """The nodes of each part that has ties, and their ties among themselves."""
    label = kernels.components(contacts)
    tied = np.flatnonzero(contacts.degrees)
    nodes = tied[np.argsort(label[tied], kind="stable")]
    size = np.unique(label[nodes], return_counts=True)[1]
    at = np.zeros(len(contacts), dtype=np.int32)
    at[nodes] = np.arange(len(nodes)) - np.repeat(np.cumsum(size) - size, size)
    order = np.argsort(label[contacts.rows], kind="stable")
    source, target = at[contacts.rows[order]], at[contacts.indices[order]]
    last = np.cumsum(contacts.degrees[nodes])[np.cumsum(size) - 1]
    bounds = zip(np.split(nodes, np.cumsum(size)), np.split(source, last), np.split(target, last), strict=True)
    for here, i, j in bounds:
        if len(here):
            yield here, kernels.build(len(here), i, j, symmetric=False)


def _lost(part: Csr) -> np.ndarray:
    """What the sum of 1/steps over all ordered pairs loses without each tie in turn, added up at both its ends."""
    whole = kernels.distances(part, part).harmonic.sum()
    back = np.argsort(part.indices, kind="stable")
    lost = np.zeros(len(part))
    for tie in np.flatnonzero(part.rows < part.indices):
        i, j = part.rows[tie], part.indices[tie]
        start = part.indptr.copy()
        start[i + 1 :] -= 1
        start[j + 1 :] -= 1
        without = Csr(start, np.delete(part.indices, (tie, back[tie])), None, len(part), part.symmetric)
        lost[[i, j]] += whole - kernels.distances(without, without).harmonic.sum()
    return lost


def everett_valente(graph: Graph) -> np.ndarray:
    """How many shortest ways run over each tie of a node on average; 0 if it joins nobody, nan for an isolate.

    With direction the mean of the ties that come in and of those that go out.

    >>> everett_valente(Graph.from_edges([("a", "b"), ("b", "c"), ("c", "d")]))
    array([0. , 3.5, 3.5, 0. ])
    """
    between = kernels.betweenness(graph.sent).total
    into, out = graph.received.degrees, graph.sent.degrees
    reached_by = kernels.distances(graph.sent, graph.received).reached
    reaches = kernels.distances(graph.received, graph.sent).reached if graph.directed else reached_by
    mean = (between + reached_by) / np.maximum(into, 1) / 2 + (between + reaches) / np.maximum(out, 1) / 2
    return np.where(into + out > 0, np.where(between > 0, mean, 0), np.nan)


def bridging_centrality(graph: Graph) -> np.ndarray:
    """On how many shortest ways each node stands, times how few ties it has beside its contacts; nan for an isolate.

    High for a thin link between crowded places. Direction is ignored. Costs nodes times ties.

    >>> bridging_centrality(Graph.from_edges([("a", "b"), ("b", "c"), ("c", "d"), ("d", "e")]))
    array([0., 1., 2., 1., 0.])
    """
    contacts = graph.contacts
    few = 1 / np.maximum(contacts.degrees, 1)
    beside = np.bincount(contacts.rows, few[contacts.indices], minlength=len(graph))
    between = kernels.betweenness(contacts).total / 2
    return np.asarray(between * few / np.where(beside > 0, beside, np.nan))


METRICS = {
    "bridging": Metric(
        function=bridging,
        meaning="How much further apart everybody would be without one of its ties.",
        meaning_it="Quanto più lontani sarebbero tutti senza uno dei suoi legami.",
        definition="1/(2k) times the sum over its k ties of C(G) - C(G without the tie), with C the mean of 1/steps "
        "over all ordered pairs of nodes.",
        convention="Divided by 2k as influenceR does: the mean drop over its ties is twice as much. All nodes count "
        "among the pairs of C, isolates too. Weights and direction ignored. Isolates undefined.",
        cost="Ties times all distances of their part: 0.2 s at 350 nodes and 2,000 ties, 15 s at 2,000 and 8,000, "
        "hours at 10,000 nodes.",
        cite="Valente & Fujimoto 2010, Social Networks 32:212-220",
        oracle="influenceR on the Florentine families, 1e-6; every tie taken away with networkx, 1e-9.",
        differs="influenceR gives isolates 0.",
    ),
    "everett_valente": Metric(
        function=everett_valente,
        meaning="How much traffic between others each of its ties carries on average.",
        meaning_it="Quanto passaggio fra altri porta in media ciascuno dei suoi legami.",
        definition="(2B + n - 1) / k if B > 0, else 0, with B its betweenness, k its ties and n the nodes of its part: "
        "the mean edge betweenness of its ties. With direction the mean of (B + nodes that reach it) / ties in and (B "
        "+ nodes it reaches) / ties out.",
        convention="Not normalised; steps, not weights. n counts its part alone, so other parts change nothing. A node "
        "that joins nobody 0. Isolates undefined.",
        cost="Nodes times ties.",
        cite="Everett & Valente 2016, Social Networks 44:202-208",
        oracle="networkx edge_betweenness_centrality, averaged over its ties, 1e-9; igraph with direction, 1e-9.",
        differs="Code that takes n from the whole network gives more where it has several parts.",
    ),
    "bridging_centrality": Metric(
        function=bridging_centrality,
        meaning="How far it is a thin link between well-tied places.",
        meaning_it="Quanto è un passaggio stretto fra luoghi ben collegati.",
        definition="B (1/k) / sum over contacts u of 1/k_u, with B its betweenness and k the number of ties.",
        convention="Product of the values, betweenness not normalised, unordered pairs; weights and direction ignored. "
        "Isolates undefined.",
        cost="Nodes times ties.",
        cite="Hwang, Cho, Zhang & Ramanathan 2006, Bridging Centrality: Identifying Bridging Nodes in Scale-free "
        "Networks (University at Buffalo)",
        oracle="The formula over networkx's betweenness, 1e-9.",
        differs="Hwang, Kim, Ramanathan & Zhang (KDD 2008) multiply ranks, with another coefficient.",
    ),
}
