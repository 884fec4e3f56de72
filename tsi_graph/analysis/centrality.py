"""Who has many, strong or well-connected ties."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from tsi_graph import kernels
from tsi_graph.analysis.base import Metric
from tsi_graph.analysis.cohesion import by_id
from tsi_graph.graph import Graph


def degree(graph: Graph) -> np.ndarray:
    """How many distinct ties each node has; with direction, those it sends plus those it receives.

    >>> degree(Graph.from_edges([("a", "b"), ("a", "b"), ("b", "c")]))
    array([1, 2, 1])
    """
    return graph.sent.degrees + graph.received.degrees if graph.directed else graph.sent.degrees


def in_degree(graph: Graph) -> np.ndarray:
    """How many distinct ties each node receives; without direction, all.

    >>> in_degree(Graph.from_edges([("a", "b"), ("c", "b")], directed=True))
    array([0, 2, 0])
    """
    return graph.received.degrees


def out_degree(graph: Graph) -> np.ndarray:
    """How many distinct ties each node sends; without direction, all.

    >>> out_degree(Graph.from_edges([("a", "b"), ("c", "b")], directed=True))
    array([1, 0, 1])
    """
    return graph.sent.degrees


def strength(graph: Graph) -> np.ndarray:
    """The summed weight of each node's ties; with direction, sent plus received.

    >>> strength(Graph.from_edges([("a", "b", 2), ("b", "c", 3)]))
    array([2., 5., 3.])
    """
    return kernels.strength(graph.contacts)


def in_strength(graph: Graph) -> np.ndarray:
    """The summed weight of the ties that each node receives; without direction, of all."""
    return kernels.strength(graph.received)


def out_strength(graph: Graph) -> np.ndarray:
    """The summed weight of the ties that each node sends; without direction, of all."""
    return kernels.strength(graph.sent)


def eigenvector(graph: Graph) -> np.ndarray:
    """How well connected each node's contacts are, and theirs in turn: the leading eigenvector, of length 1.

    Scores of different parts cannot be compared: nan outside the largest part (of equal ones, that with
    the smallest id), and nan for all where nobody has a tie or where it cannot be found within 1e-10.

    >>> eigenvector(Graph.from_edges([("a", "b"), ("b", "c")])).round(4)
    array([0.5   , 0.7071, 0.5   ])
    """
    part = largest_part(graph)
    score = np.full(len(graph), np.nan)
    if len(part) > 1:
        inside = kernels.Csr.of(graph.contacts.matrix()[part][:, part]) if len(part) < len(graph) else graph.contacts
        with suppress(kernels.Unsettled):
            score[part] = kernels.eigenvector(inside, 1e-10)
    return score


def largest_part(graph: Graph) -> np.ndarray:
    """The positions of the largest part that hangs together; of equal ones, the one with the smallest id."""
    if not len(graph):
        return np.zeros(0, dtype=np.int64)
    label = kernels.components(graph.contacts)
    in_order = label[by_id(graph)]
    return np.flatnonzero(label == in_order[np.argmax(np.bincount(label)[in_order])])


def pagerank(graph: Graph) -> np.ndarray:
    """The share of time that a walker spends at each node who follows ties by weight and starts anew 15 % of the time.

    Who sends no tie passes the walker on to anybody. Sums to 1; equal for all where there are no ties.

    >>> pagerank(Graph.from_edges([("a", "b")]))
    array([0.5, 0.5])
    """
    return _visits(graph, None)


def personal_pagerank(graph: Graph, nodes: Sequence[Any] = ()) -> np.ndarray:
    """The same for a walker who always starts anew at one of these nodes: how near each node is to them.

    Undefined (nan) for nobody. Raises NotFound for an unknown id.

    >>> personal_pagerank(Graph.from_edges([("a", "b"), ("b", "c"), ("d", "e")]), ("a",)).round(3)
    array([0.345, 0.459, 0.195, 0.   , 0.   ])
    """
    if not len(nodes):
        return np.full(len(graph), np.nan)
    restart = np.zeros(len(graph))
    for node in nodes:
        restart[graph.position(node)] = 1 / len(set(nodes))
    return _visits(graph, restart)


def _visits(graph: Graph, restart: np.ndarray | None) -> np.ndarray:
    sent = kernels.strength(graph.sent)
    return kernels.pagerank(graph.received, sent, restart, symmetric=not graph.directed, tolerance=1e-12)


FREEMAN = "Freeman 1978, Social Networks 1:215-239"
COUNTED = "Distinct ties, not normalised; parallel ties count once, loops not at all; "
SUMMED = "Sum of weights, parallel ties added, loops dropped; "
METRICS = {
    "degree": Metric(
        function=degree,
        meaning="How many others it is tied to.",
        meaning_it="A quanti altri è legata.",
        definition="Number of distinct contacts; with direction, of ties sent plus ties received.",
        convention=COUNTED + "with direction, sent plus received. Isolates 0.",
        cost="Linear.",
        cite=FREEMAN,
        oracle="networkx, exact.",
    ),
    "in_degree": Metric(
        function=in_degree,
        meaning="How many others name it, where ties have a direction.",
        meaning_it="Quanti altri la indicano, dove i legami hanno un verso.",
        definition="Number of distinct ties received.",
        convention=COUNTED + "without direction, all ties. Isolates 0.",
        cost="Linear.",
        cite=FREEMAN,
        oracle="networkx, exact.",
    ),
    "out_degree": Metric(
        function=out_degree,
        meaning="How many others it names, where ties have a direction.",
        meaning_it="Quanti altri indica, dove i legami hanno un verso.",
        definition="Number of distinct ties sent.",
        convention=COUNTED + "without direction, all ties. Isolates 0.",
        cost="Linear.",
        cite=FREEMAN,
        oracle="networkx, exact.",
    ),
    "strength": Metric(
        function=strength,
        meaning="How strong its ties are, added up.",
        meaning_it="Quanto sono forti i suoi legami, in tutto.",
        definition="Sum of the weights of its ties.",
        convention=SUMMED + "with direction, sent plus received. Isolates 0.",
        cost="Linear.",
        cite="Barrat et al. 2004, PNAS 101:3747-3752",
        oracle="networkx, 1e-12.",
    ),
    "in_strength": Metric(
        function=in_strength,
        meaning="How strong the ties are that it receives, added up.",
        meaning_it="Quanto sono forti i legami che riceve, in tutto.",
        definition="Sum of the weights of the ties received.",
        convention=SUMMED + "without direction, all ties. Isolates 0.",
        cost="Linear.",
        cite="Barrat et al. 2004, PNAS 101:3747-3752",
        oracle="networkx, 1e-12.",
    ),
    "out_strength": Metric(
        function=out_strength,
        meaning="How strong the ties are that it sends, added up.",
        meaning_it="Quanto sono forti i legami che invia, in tutto.",
        definition="Sum of the weights of the ties sent.",
        convention=SUMMED + "without direction, all ties. Isolates 0.",
        cost="Linear.",
        cite="Barrat et al. 2004, PNAS 101:3747-3752",
        oracle="networkx, 1e-12.",
    ),
    "eigenvector": Metric(
        function=eigenvector,
        meaning="How well connected its contacts are, and theirs in turn.",
        meaning_it="Quanto sono ben collegati i suoi contatti, e i loro a loro volta.",
        definition="Leading eigenvector of the matrix of tie strengths.",
        convention="Length 1 (squares sum to 1), weights as strength, both directions summed. Exact so far "
        "that |A x - lambda x| <= 1e-10 lambda, which says less of x where the two largest eigenvalues are as near to "
        "one another, as on a path of 100,000 nodes. Largest part only: elsewhere, for isolates, and for all where "
        "200,000 passes over the ties do not get so far, undefined.",
        cost="Some tens of passes over the ties (Lanczos); thousands on networks as drawn out as a path.",
        cite="Bonacich 1972, J. Math. Sociology 2:113-120",
        oracle="numpy's dense eigenvectors and igraph, 1e-8.",
        differs="igraph sets the maximum to 1; networkx follows arrows that arrive; others give 0 or chance values "
        "where "
        "parts do not meet.",
    ),
    "pagerank": Metric(
        function=pagerank,
        meaning="How much attention the well-connected pass on to it.",
        meaning_it="Quanta attenzione le arriva da chi è ben collegato.",
        definition="x = 0.85 (P' x + share of those who send nothing) + 0.15 / n, with P the tie weights by what each "
        "sends.",
        convention="Damping 0.85, weights as strength, along the arrows, sums to 1; who sends no tie, isolates too, "
        "gives to "
        "all alike. Remaining error under 1e-12 over all nodes.",
        cost="Some tens of passes over the ties.",
        cite="Brin & Page 1998, Computer Networks 30:107-117",
        oracle="networkx with its tolerance per node, 1e-10.",
        differs="scikit-network and networkit give isolates other shares; networkx stops early on large networks.",
    ),
    "personal_pagerank": Metric(
        function=personal_pagerank,
        meaning="How near it is to the chosen organisations, over all the ways there are.",
        meaning_it="Quanto è vicina alle organizzazioni scelte, per tutte le vie che ci sono.",
        definition="As pagerank, but the walker starts anew at one of the chosen nodes, each as likely.",
        convention="Damping 0.85, weights as strength, along the arrows, sums to 1; who sends no tie sends the walker "
        "back. "
        "Undefined without chosen nodes. Isolates 0, unless chosen.",
        cost="Some tens of passes over the ties.",
        cite="Haveliwala 2002, WWW 11:517-526",
        oracle="networkx with its tolerance per node, 1e-9.",
        differs="networkx lets those who send nothing restart everywhere unless told `dangling`.",
        options=("nodes",),
    ),
}
