"""The whole network in numbers: how many, how near, how easily it falls apart."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tsi_graph import kernels
from tsi_graph.analysis.base import Metric
from tsi_graph.analysis.brokerage import holes
from tsi_graph.analysis.cohesion import by_id
from tsi_graph.analysis.homophily import degree_assortativity
from tsi_graph.analysis.residual import Ways, in_order
from tsi_graph.graph import Graph
from tsi_graph.kernels import Csr

if TYPE_CHECKING:
    from scipy.sparse import csr_array

DENSE = 500
"""Up to how many nodes distances or eigenvectors of all pairs are kept: a few megabytes."""


def overview(graph: Graph) -> pd.DataFrame:
    """The network in fifteen numbers: columns measure, value and exact (False for an estimate from a sample).

    nodes, ties, density, isolates, parts, largest_part (its share of the nodes), mean_degree, mean_distance
    (over the pairs that reach each other), diameter (of the widest part), efficiency (mean of 1/distance, 0
    where there is no way), transitivity, degree_assortativity, cut_points, bridges, algebraic_connectivity (0
    in several parts). nan where there is nothing to measure. Costs what `harmonic` costs, and from 2,049 nodes
    on distances start from 512 of them.

    >>> overview(Graph.from_edges(["ab", "bc", "ca", "cd"])).set_index("measure")["value"].round(3).to_dict()
    ... # doctest: +NORMALIZE_WHITESPACE
    {'nodes': 4.0, 'ties': 4.0, 'density': 0.667, 'isolates': 0.0, 'parts': 1.0, 'largest_part': 1.0,
     'mean_degree': 2.0, 'mean_distance': 1.333, 'diameter': 2.0, 'efficiency': 0.833, 'transitivity': 0.6,
     'degree_assortativity': -0.714, 'cut_points': 1.0, 'bridges': 1.0, 'algebraic_connectivity': 1.0}
    """
    n, contacts, order = len(graph), graph.contacts, by_id(graph)
    ties, degree = len(graph.sent.indices) / (1 if graph.directed else 2), contacts.degrees
    part = np.unique(kernels.components(contacts), return_counts=True)[1]
    ways = Ways(in_order(graph.sent, order), symmetric=not graph.directed)
    far = kernels.distances(ways.sent, ways.received, ways.sources)
    cut, bridge = kernels.cuts(contacts)
    two_paths = degree @ (degree - 1) / 2
    values = {
        "nodes": n,
        "ties": ties,
        "density": ratio(ties * (1 if graph.directed else 2), n * (n - 1)),
        "isolates": (degree == 0).sum(),
        "parts": len(part),
        "largest_part": ratio(part.max(initial=0), n),
        "mean_degree": ratio(degree.sum(), n),
        "mean_distance": ratio(far.steps.sum(), far.reached.sum()),
        "diameter": diameter(in_order(contacts, order)),
        "efficiency": ratio(far.harmonic.sum(), len(ways.sources) * (n - 1)),
        "transitivity": ratio(holes(graph).triangles.sum(), two_paths),
        "degree_assortativity": degree_assortativity(graph)[0],
        "cut_points": cut.sum(),
        "bridges": len(bridge),
        "algebraic_connectivity": algebraic_connectivity(in_order(contacts, order)),
    }
    sampled = ("mean_distance", "efficiency") if ways.limits else ()
    exact = [measure not in sampled for measure in values]
    return pd.DataFrame({"measure": list(values), "value": np.array(list(values.values()), float), "exact": exact})


def ratio(part: float, whole: float) -> float:
    """A part of the whole; nan of nothing."""
    return float(part / whole) if whole > 0 else np.nan


def efficiency(graph: Graph) -> float:
    """The mean over all ordered pairs of 1/distance, 0 where there is no way; nan for fewer than two nodes.

    Estimated from 512 nodes where there are more than 2,048.

    >>> efficiency(Graph.from_edges(["ab", "bc"]))
    0.8333333333333334
    """
    return Ways(in_order(graph.sent, by_id(graph)), symmetric=not graph.directed).mean()


def diameter(contacts: Csr) -> float:
    """How many steps apart the two nodes are that are farthest from each other in one part; nan without nodes.

    Each search bounds how far every other node can be from its farthest, so that a few searches do (Takes &
    Kosters 2011, Algorithms 6:100-118); on a ring it takes half of all.

    >>> diameter(Graph.from_edges(["ab", "bc", "de"]).contacts)
    2.0
    """
    n = len(contacts)
    if not n:
        return np.nan
    part = kernels.components(contacts)
    low, high, wide = np.zeros(n), np.bincount(part, minlength=n)[part] - 1.0, True
    while (undecided := np.flatnonzero(high > low.max())).size:
        best = np.argmax(high[undecided]) if wide else np.argmin(low[undecided])
        node, wide = int(undecided[best]), not wide
        found = kernels.distances(contacts, contacts, np.array([node]))
        there = found.reached > 0
        far = float(found.steps.max())
        low[there] = np.maximum(low[there], np.maximum(far - found.steps[there], found.steps[there]))
        high[there] = np.minimum(high[there], far + found.steps[there])
        low[node] = high[node] = far
    return float(low.max())


def algebraic_connectivity(contacts: Csr) -> float:
    """The second smallest eigenvalue of the Laplacian, weights aside: 0 in several parts, small where it almost is.

    nan for fewer than two nodes. Beyond 500 nodes it is found by steps (LOBPCG), nan where they do not get there.

    >>> round(algebraic_connectivity(Graph.from_edges(["ab", "bc"]).contacts), 9)
    1.0
    """
    n = len(contacts)
    if n < 2:
        return np.nan
    if kernels.components(contacts).any():
        return 0.0
    if n <= DENSE:
        return float(np.linalg.eigvalsh(laplacian(contacts))[1])
    from scipy.sparse import diags_array
    from scipy.sparse.linalg import lobpcg

    degree, start = contacts.degrees.astype(float), np.random.default_rng(1).standard_normal((n, 1))
    matrix, scale = diags_array(degree) - links(contacts), diags_array(1 / degree)
    with warnings.catch_warnings():
        # that it did not get there is seen from what is left
        warnings.simplefilter("ignore", UserWarning)
        value, _, left = lobpcg(
            matrix,
            start,
            M=scale,
            Y=np.ones((n, 1)),
            largest=False,
            tol=1e-6,
            maxiter=1000,
            retResidualNormsHistory=True,
        )
    return float(value[0]) if np.max(left[-1]) < 1e-5 else np.nan


def links(contacts: Csr) -> csr_array:
    """As a SciPy matrix, 1 for each tie."""
    return Csr(contacts.indptr, contacts.indices, None, contacts.columns).matrix()


def laplacian(contacts: Csr) -> np.ndarray:
    """Degrees on the diagonal, -1 for each tie; dense, for small networks."""
    matrix: np.ndarray = np.diag(contacts.degrees.astype(float)) - links(contacts).toarray()
    return matrix


STEPS = "Steps, not weights; distances follow arrows, parts ignore them. "
LATORA = "Latora & Marchiori 2001, Physical Review Letters 87:198701"
NETWORK_METRICS = {
    "overview": Metric(
        function=overview,
        meaning="The network in fifteen numbers: how many, how dense, how near, how easily it falls apart.",
        meaning_it="La rete in quindici numeri: quanti, quanto fitta, quanto vicina, quanto facilmente si divide.",
        definition="density = ties / possible ties; mean_distance over the pairs that reach each other; diameter the "
        "longest shortest way within a part; efficiency = mean of 1/d over all pairs, 0 without a way; transitivity = "
        "3 triangles / paths of two; algebraic_connectivity = second smallest eigenvalue of D - A.",
        convention=STEPS + "Degree, diameter, transitivity, cut_points, bridges and algebraic_connectivity ignore "
        "direction. Isolates are counted, and are parts of one.",
        cost="Nodes times ties / 512, from 512 nodes beyond 2,048 (exact says so); the closed triads once; for the "
        "diameter some searches.",
        cite=f"{LATORA}; Fiedler 1973, Czechoslovak Mathematical Journal 23:298-305",
        oracle="networkx, 1e-9; kite .646296, .337320; Florentine families .500159, .345923.",
        differs="networkx gives mean_distance and diameter of connected networks only.",
    ),
}
