"""Burt's structural holes as UCINET's ego networks see them: each node and its contacts, nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from tsi_graph.analysis.base import Metric
from tsi_graph.graph import Graph
from tsi_graph.kernels import strength
from tsi_graph.kernels.triads import Skeleton, skeleton, triads
from tsi_graph.remembered import once_per_graph


class Holes(NamedTuple):
    """Burt's measures of each node within its ego network, nan for an isolate."""

    constraint: np.ndarray
    effective_size: np.ndarray
    hierarchy: np.ndarray


class Corner(NamedTuple):
    """Closed triads seen from one of their nodes: its pairs with one contact and with the other, and their tie."""

    one: np.ndarray
    other: np.ndarray
    between: np.ndarray


# Four metrics read the same sums, and listing the closed triads twice is all of their cost.
@once_per_graph
def holes(graph: Graph) -> Holes:
    """Burt's measures in the networks of each node and its contacts, in two passes over the closed triads."""
    # A pair of a node and a contact is a tie of the skeleton from its tail, or (ties further on) from its head.
    contacts, n, skel = graph.contacts, len(graph), skeleton(graph.contacts)
    ego, tie = np.r_[skel.tail, skel.head], np.r_[skel.weight, skel.weight]
    strong, strongest = tie.astype(float), tie.astype(float)
    for seen in _corners(skel):
        for pair in (seen.one, seen.other):
            strong += np.bincount(pair, seen.between, minlength=len(ego))
            np.maximum.at(strongest, pair, seen.between)
    invested, redundant = tie.astype(float), np.zeros(len(ego))
    for seen in _corners(skel):
        for pair, through in ((seen.one, seen.other), (seen.other, seen.one)):
            way = tie[through] * seen.between
            invested += np.bincount(pair, way / strong[through], minlength=len(ego))
            redundant += np.bincount(pair, way / strongest[pair], minlength=len(ego))
    own, k = strength(contacts), contacts.degrees
    k = np.where(k > 0, k, np.nan)
    dyadic = (invested / own[ego]) ** 2
    constraint = np.bincount(ego, dyadic, minlength=n) + 0 * k
    share = dyadic / (constraint / k)[ego]
    spread = np.bincount(ego, share * np.log(share), minlength=n)
    hierarchy = np.where(k == 1, 1.0, spread / np.where(k == 1, 1.0, k * np.log(k)))
    return Holes(constraint, k - np.bincount(ego, redundant / own[ego], minlength=n), hierarchy)


def _corners(skel: Skeleton) -> Iterator[Corner]:
    """Every closed triad from each of its three nodes, in batches."""
    ties = len(skel.tail)
    for uv, vw, uw in triads(skel):
        yield Corner(uv, uw, skel.weight[vw])
        yield Corner(uv + ties, vw, skel.weight[uw])
        yield Corner(uw + ties, vw + ties, skel.weight[uv])


def ego_constraint(graph: Graph) -> np.ndarray:
    """How much each node's contacts are tied to one another, their ties to others left out; nan for an isolate.

    Not below the constraint of the whole network, since contacts invest nowhere else.

    >>> ego_constraint(Graph.from_edges([("a", "b"), ("b", "c"), ("a", "c"), ("c", "d")])).round(3)
    array([1.125, 1.125, 0.611, 1.   ])
    """
    return holes(graph).constraint


def ego_effective_size(graph: Graph) -> np.ndarray:
    """How many contacts each node has beyond those its other contacts lead to anyway; nan for an isolate.

    Without weights the same as in the whole network.

    >>> ego_effective_size(Graph.from_edges([("a", "b"), ("b", "c"), ("a", "c"), ("c", "d", 4.0)])).round(3)
    array([1.   , 1.   , 2.667, 1.   ])
    """
    return holes(graph).effective_size


def ego_efficiency(graph: Graph) -> np.ndarray:
    """The share of each node's contacts that is not redundant within its ego network; nan for an isolate.

    >>> ego_efficiency(Graph.from_edges([("a", "b"), ("b", "c"), ("a", "c")]))
    array([0.5, 0.5, 0.5])
    """
    return ego_effective_size(graph) / np.where(graph.contacts.degrees > 0, graph.contacts.degrees, np.nan)


def ego_hierarchy(graph: Graph) -> np.ndarray:
    """How far each node's ego constraint comes from one contact alone: 0 spread evenly, 1 from one; nan for an isolate.

    With one contact it is 1 by convention.

    >>> ego_hierarchy(Graph.from_edges([("a", "b"), ("b", "c")]))
    array([1., 0., 1.])
    """
    return holes(graph).hierarchy


EGO = "Ego network (the node, its contacts and the ties among them), weights as strength, both directions summed; "
BURT = "Burt 1992, Structural Holes, ch. 2; Borgatti, Everett & Freeman 2002, UCINET (ego network model)"
TWO_PASSES = "Two passes over the closed triads for the four ego measures: at most ties * sqrt(2 ties) each."
METRICS = {
    "ego_constraint": Metric(
        function=ego_constraint,
        meaning="How little room its own circle leaves it, the rest of the network left out; low marks a bridge.",
        meaning_it="Quanto poco margine le lascia la sua cerchia, senza il resto della rete; basso indica un ponte.",
        definition="C_i = sum over contacts j of (p_ij + sum over q of p_iq p_qj)^2, where p_qj divides q's tie to j "
        "by q's ties to i and to contacts of i alone.",
        convention=EGO + "not below the constraint of the whole network; can exceed 1. Isolates undefined.",
        cost=TWO_PASSES,
        cite=BURT,
        oracle="networkx on each ego network, 1e-9 (random weighted networks, with and without direction); UCINET's "
        "model on the Florentine families, 5e-5.",
        differs="igraph, networkx and R divide by all of a contact's ties: constraint.",
        low_leads=True,
    ),
    "ego_effective_size": Metric(
        function=ego_effective_size,
        meaning="How many of its contacts bring it something that the others in its circle do not.",
        meaning_it="Quanti dei suoi contatti le portano qualcosa che gli altri della sua cerchia non portano.",
        definition="k_i - sum over contacts j and q of p_iq m_jq, where m_jq divides j's tie to q by j's strongest tie "
        "to i or to a contact of i; without weights k - 2t/k, as in the whole network.",
        convention=EGO + "differs from effective_size only through weights. Isolates undefined.",
        cost=TWO_PASSES,
        cite=BURT,
        oracle="networkx on each ego network, 1e-9 (random weighted networks, with and without direction).",
        differs="networkx takes a contact's strongest tie anywhere: effective_size.",
    ),
    "ego_efficiency": Metric(
        function=ego_efficiency,
        meaning="The share of its circle that is not redundant.",
        meaning_it="La quota della sua cerchia che non è ridondante.",
        definition="Ego effective size by number of contacts.",
        convention=EGO + "1 when no two contacts are tied. Isolates undefined.",
        cost=TWO_PASSES,
        cite=BURT,
        oracle="networkx on each ego network, 1e-9.",
    ),
    "ego_hierarchy": Metric(
        function=ego_hierarchy,
        meaning="How far the constraint of its circle comes from a single contact.",
        meaning_it="Quanto il vincolo della sua cerchia viene da un solo contatto.",
        definition="sum over contacts j of r_ij ln r_ij / (k ln k), with r_ij = c_ij / (C_i / k) and c_ij the term of "
        "j in the ego constraint.",
        convention=EGO + "1 with one contact. Isolates undefined.",
        cost=TWO_PASSES,
        cite=BURT,
        oracle="Burt's formula written out on each ego network, 1e-9.",
        differs="netrics takes the contacts' own constraint for c_ij.",
    ),
}
