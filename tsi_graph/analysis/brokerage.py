"""Who stands between others: Burt's structural holes."""

from __future__ import annotations

import numpy as np

from tsi_graph import kernels
from tsi_graph.analysis.base import Metric
from tsi_graph.graph import Graph
from tsi_graph.remembered import once_per_graph


# Four metrics read the same sums, and listing the closed triads is all of their cost.
@once_per_graph
def holes(graph: Graph) -> kernels.Holes:
    """Burt's measures over the whole network, in one pass over its closed triads."""
    return kernels.structural_holes(graph.contacts)


def constraint(graph: Graph) -> np.ndarray:
    """How much each node's contacts are tied to one another, so that it has no choice; nan for an isolate.

    Low where contacts would not meet without it, 1 with a single contact, up to 1.125 in a closed triad.

    >>> constraint(Graph.from_edges([("a", "b"), ("b", "c"), ("c", "d")]))
    array([1. , 0.5, 0.5, 1. ])
    """
    return holes(graph).constraint


def effective_size(graph: Graph) -> np.ndarray:
    """How many contacts each node has beyond those that its other contacts lead to anyway; nan for an isolate.

    >>> effective_size(Graph.from_edges([("a", "b"), ("b", "c"), ("a", "c"), ("c", "d")])).round(3)
    array([1.   , 1.   , 2.333, 1.   ])
    """
    return holes(graph).effective_size


def efficiency(graph: Graph) -> np.ndarray:
    """The share of each node's contacts that is not redundant: effective size by contacts; nan for an isolate.

    >>> efficiency(Graph.from_edges([("a", "b"), ("b", "c"), ("a", "c")]))
    array([0.5, 0.5, 0.5])
    """
    return effective_size(graph) / np.where(graph.contacts.degrees > 0, graph.contacts.degrees, np.nan)


def hierarchy(graph: Graph) -> np.ndarray:
    """How far each node's constraint comes from one contact alone: 0 spread evenly, 1 from one; nan for an isolate.

    With one contact it is 1 by convention.

    >>> hierarchy(Graph.from_edges([("a", "b"), ("b", "c")]))
    array([1., 0., 1.])
    """
    return holes(graph).hierarchy


WHOLE = "Whole network (not the ego network alone), weights as strength, both directions summed, contacts only; "
BURT = "Burt 1992, Structural Holes, ch. 2"
ONE_PASS = "One pass over the closed triads for the four of Burt's measures: at most ties * sqrt(2 ties)."
METRICS = {
    "constraint": Metric(
        function=constraint,
        meaning="How little room it has, because its contacts know one another; low marks a bridge.",
        meaning_it="Quanto poco margine ha, perché i suoi contatti si conoscono fra loro; basso indica un ponte.",
        definition="C_i = sum over contacts j of (p_ij + sum over q of p_iq p_qj)^2, with p_ij = (w_ij + w_ji) / "
        "sum over k of (w_ik + w_ki).",
        convention=WHOLE + "can exceed 1. Isolates undefined.",
        cost=ONE_PASS,
        cite=BURT,
        oracle="igraph and networkx, 1e-9; R (24 random networks), 1e-9; the values published with igraph and "
        "networkx.",
        differs="influenceR writes 1/k_j where 1/k_q is meant; UCINET's default is the ego network (see "
        "ego_constraint).",
        low_leads=True,
    ),
    "effective_size": Metric(
        function=effective_size,
        meaning="How many of its contacts lead to different parts of the network.",
        meaning_it="Quanti dei suoi contatti portano in parti diverse della rete.",
        definition="k_i - sum over contacts j and q of p_iq m_jq, with m_jq = (w_jq + w_qj) / max over k of "
        "(w_jk + w_kj); without weights k - 2t/k, with t ties among the k contacts.",
        convention=WHOLE + "each contact's ties are divided by that contact's own strongest tie. Isolates undefined.",
        cost=ONE_PASS,
        cite=BURT + "; Borgatti 1997, Connections 20(1):35-38",
        oracle="networkx node by node, 1e-9; Borgatti's example with and without weights.",
        differs="networkx up to 3.6.1, asked for all nodes with weights, divides by the strongest tie of the third "
        "node; "
        "influenceR gives isolates 0.",
    ),
    "efficiency": Metric(
        function=efficiency,
        meaning="The share of its contacts that is not redundant.",
        meaning_it="La quota dei suoi contatti che non è ridondante.",
        definition="Effective size by number of contacts.",
        convention=WHOLE + "1 when no two contacts are tied. Isolates undefined.",
        cost=ONE_PASS,
        cite=BURT,
        oracle="networkx, 1e-9.",
    ),
    "hierarchy": Metric(
        function=hierarchy,
        meaning="How far its constraint comes from a single contact.",
        meaning_it="Quanto il suo vincolo viene da un solo contatto.",
        definition="sum over contacts j of r_ij ln r_ij / (k ln k), with r_ij = c_ij / (C_i / k) and c_ij the term of "
        "j "
        "in the constraint.",
        convention=WHOLE + "from dyadic constraints; 1 with one contact. Isolates undefined.",
        cost=ONE_PASS,
        cite=BURT,
        oracle="Hand calculation of Burt's formula on the kite and the Florentine families, 5e-5.",
        differs="netrics takes the contacts' own constraint for c_ij.",
    ),
}
