"""How the network holds together: as it is, when central nodes go, and with one tie more."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, get_args, Literal

import numpy as np
import pandas as pd

from tsi_graph import kernels
from tsi_graph.analysis.base import Metric
from tsi_graph.analysis.brokerage import holes
from tsi_graph.analysis.cohesion import by_id
from tsi_graph.analysis.homophily import degree_assortativity
from tsi_graph.analysis.key_players import EQUAL, Ways, fragmentation, in_order, without
from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph
from tsi_graph.kernels import Csr

if TYPE_CHECKING:
    from scipy.sparse import csr_array

DENSE = 500
"""Up to how many nodes distances or eigenvectors of all pairs are kept: a few megabytes."""
Order = Literal["betweenness", "degree", "random"]
Objective = Literal["efficiency", "mean_distance", "algebraic_connectivity"]


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
        "density": _ratio(ties * (1 if graph.directed else 2), n * (n - 1)),
        "isolates": (degree == 0).sum(),
        "parts": len(part),
        "largest_part": _ratio(part.max(initial=0), n),
        "mean_degree": _ratio(degree.sum(), n),
        "mean_distance": _ratio(far.steps.sum(), far.reached.sum()),
        "diameter": diameter(in_order(contacts, order)),
        "efficiency": _ratio(far.harmonic.sum(), len(ways.sources) * (n - 1)),
        "transitivity": _ratio(holes(graph).triangles.sum(), two_paths),
        "degree_assortativity": degree_assortativity(graph)[0],
        "cut_points": cut.sum(),
        "bridges": len(bridge),
        "algebraic_connectivity": algebraic_connectivity(in_order(contacts, order)),
    }
    sampled = ("mean_distance", "efficiency") if ways.limits else ()
    exact = [measure not in sampled for measure in values]
    return pd.DataFrame({"measure": list(values), "value": np.array(list(values.values()), float), "exact": exact})


def _ratio(part: float, whole: float) -> float:
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

    nan for fewer than two nodes, and where beyond 500 nodes the Lanczos method has not found it in the end.

    >>> round(algebraic_connectivity(Graph.from_edges(["ab", "bc"]).contacts), 9)
    1.0
    """
    n, degree = len(contacts), contacts.degrees.astype(float)
    if n < 2:
        return np.nan
    if kernels.components(contacts).any():
        return 0.0
    if n <= DENSE:
        return float(np.linalg.eigvalsh(_laplacian(contacts))[1])
    from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

    # Turned round, so that it is the largest but for that of the constant vector, which is made 0.
    links, most = _links(contacts), 2 * degree.max()
    turned = LinearOperator((n, n), lambda x: (most - degree) * x.ravel() + links @ x.ravel() - most * x.mean())
    start = np.random.default_rng(1).standard_normal(n)
    try:
        return float(most - eigsh(turned, k=1, which="LA", v0=start, tol=1e-9, maxiter=1000)[0][0])
    except ArpackNoConvergence:
        return np.nan


def _links(contacts: Csr) -> csr_array:
    return Csr(contacts.indptr, contacts.indices, None, contacts.columns).matrix()


def _laplacian(contacts: Csr) -> np.ndarray:
    """As a dense matrix: for small networks."""
    return np.diag(contacts.degrees.astype(float)) - _links(contacts).toarray()


def robustness(
    graph: Graph,
    by: Order = "betweenness",
    share: float = 0.2,
    steps: int = 20,
    recompute: bool = False,
    draws: int = 20,
    seed: int = 1,
) -> pd.DataFrame:
    """What is left of the network as nodes go, the most central first or at random: a row for each stage.

    Columns: removed (how many are gone), id and name (of the last of them), fragmentation (F),
    distance_fragmentation (dF), efficiency (1 - dF), all among the nodes left; largest_part, its share of all
    nodes there were; parts. Stages: none gone, then up to `steps` even ones until `share` of the nodes are. The
    order is that of the whole network, or with `recompute` found anew after each loss; equal nodes by id.
    "random" gives means over `draws` and no names. Raises Unusable for another order, share or number of steps.

    >>> robustness(Graph.from_edges(["ab", "bc", "cd"]), share=0.5)[["id", "fragmentation"]].to_numpy().tolist()
    [[None, 0.0], ['b', 0.6666666666666667], ['c', 1.0]]
    """
    if by not in get_args(Order):
        raise Unusable(f"No order {by!r} in which nodes go. Known: {', '.join(get_args(Order))}")
    if not 0 < share <= 1 or steps < 1 or draws < 1:
        raise Unusable(f"share is above 0 and at most 1, steps and draws at least 1, not {share}, {steps}, {draws}.")
    order, n = by_id(graph), len(graph)
    contacts, ways = in_order(graph.contacts, order), Ways(in_order(graph.sent, order), symmetric=not graph.directed)
    last = ceil(share * n)
    stages = np.unique(np.linspace(0, last, steps + 1).round().astype(int))
    if by == "random":
        random = np.random.default_rng(seed)
        ways_to_go = [random.permutation(n) for _ in range(draws)]
    else:
        ways_to_go = [_going(ways, contacts, by, last, recompute)]
    left = np.mean([[_left(ways, contacts, going[:removed]) for removed in stages] for going in ways_to_go], axis=0)
    table = pd.DataFrame(left, columns=["fragmentation", "distance_fragmentation", "efficiency", "largest_part", "parts"])
    latest = [None if by == "random" or not removed else order[ways_to_go[0][removed - 1]] for removed in stages]
    for column in ("name", "id"):
        values = graph.nodes[column].to_numpy()
        table.insert(0, column, pd.Series([None if at is None else values[at] for at in latest], dtype=object))
    table.insert(0, "removed", stages)
    return table


def _going(ways: Ways, contacts: Csr, by: Order, last: int, recompute: bool) -> np.ndarray:
    """Who goes, in order; betweenness from the same nodes as distances."""

    def central(gone: list[int]) -> np.ndarray:
        if by == "degree":
            score = without(contacts, gone).degrees.astype(float)
        else:
            score = kernels.betweenness(without(ways.sent, gone), np.setdiff1d(ways.sources, gone)).total.round(9)
        score[gone] = -1
        return score

    if not recompute:
        return np.argsort(-central([]), kind="stable")
    gone: list[int] = []
    while len(gone) < last:
        gone.append(int(np.argmax(central(gone))))
    return np.array(gone, dtype=np.int64)


def _left(ways: Ways, contacts: Csr, gone: np.ndarray) -> tuple[float, float, float, float, float]:
    part = kernels.components(without(contacts, gone))
    near = ways.mean(gone)
    size = np.bincount(np.delete(part, gone))
    largest = _ratio(size.max(initial=0), len(part))
    return fragmentation(contacts, gone), 1 - near, near, largest, np.count_nonzero(size)


def bridges(graph: Graph) -> pd.DataFrame:
    """The ties without which two sides could not reach each other: a row each, that with the largest lesser side first.

    Columns: source, target, source_name, target_name, source_side and target_side (how many nodes would be on
    each side). Direction is ignored; source is the end whose id comes first. Linear.

    >>> bridges(Graph.from_edges(["ab", "bc", "ca", "cd"]))[["source", "target", "source_side", "target_side"]]
      source target  source_side  target_side
    0      c      d            3            1
    """
    order = by_id(graph)
    contacts = in_order(graph.contacts, order)
    ties = kernels.cuts(contacts)[1].astype(np.int64)
    n, ends = len(contacts), np.sort(ties[:, 0] * len(contacts) + ties[:, 1])
    entry = np.minimum(contacts.rows, contacts.indices).astype(np.int64) * n + np.maximum(contacts.rows, contacts.indices)
    keep = ~np.isin(entry, ends)
    block = kernels.components(kernels.build(n, contacts.rows[keep], contacts.indices[keep], symmetric=False))
    part = kernels.components(contacts)
    whole = np.bincount(part, minlength=n)[part[ties[:, 0]]] if len(ties) else np.zeros(0, dtype=np.int64)
    first = _sides(np.bincount(block, minlength=n), block[ties])
    smaller = np.minimum(first, whole - first)
    rank = np.lexsort((ties[:, 1], ties[:, 0], -smaller))
    a, b = order[ties[rank, 0]], order[ties[rank, 1]]
    sides = {"source_side": first[rank], "target_side": (whole - first)[rank]}
    return pd.DataFrame({**_ends(graph, a, b), **sides})


def _sides(size: np.ndarray, ties: np.ndarray) -> np.ndarray:
    """How many nodes are on the first side of each tie of a forest, whose nodes stand for so many.

    Leaves are cut off one after the other: what is left of a node's ties is then one, known by the sum.
    """
    count, rest = np.zeros(len(size), dtype=np.int64), np.zeros(len(size), dtype=np.int64)
    number = np.arange(len(ties))
    for end in (0, 1):
        np.add.at(count, ties[:, end], 1)
        np.add.at(rest, ties[:, end], number)
    below, ways, left, first = size.tolist(), count.tolist(), rest.tolist(), [0] * len(ties)
    pairs = ties.tolist()
    whole = dict[int, int]()
    leaves = np.flatnonzero(count == 1).tolist()
    for leaf in leaves:
        if ways[leaf] != 1:
            continue
        tie = left[leaf]
        a, b = pairs[tie]
        other = b if leaf == a else a
        first[tie] = below[leaf] if leaf == a else -below[leaf]
        below[other] += below[leaf]
        ways[leaf], ways[other], left[other] = 0, ways[other] - 1, left[other] - tie
        if ways[other] == 1:
            leaves.append(other)
    return np.array(first, dtype=np.int64)
