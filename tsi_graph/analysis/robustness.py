"""How the network holds together: as it is, when central nodes go, and with one tie more."""

from __future__ import annotations

import warnings
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tsi_graph import kernels
from tsi_graph.analysis.base import Metric
from tsi_graph.analysis.brokerage import holes
from tsi_graph.analysis.cohesion import by_id
from tsi_graph.analysis.homophily import degree_assortativity
from tsi_graph.analysis.key_players import Ways, fragmentation, in_order, without
from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph
from tsi_graph.kernels import Csr

if TYPE_CHECKING:
    from scipy.sparse import csr_array

DENSE = 500
"""Up to how many nodes distances or eigenvectors of all pairs are kept: a few megabytes."""
ORDERS = ("betweenness", "degree", "random")
OBJECTIVES = ("efficiency", "mean_distance", "algebraic_connectivity")


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
        return float(np.linalg.eigvalsh(_laplacian(contacts))[1])
    from scipy.sparse import diags_array
    from scipy.sparse.linalg import lobpcg

    degree, start = contacts.degrees.astype(float), np.random.default_rng(1).standard_normal((n, 1))
    laplacian, scale = diags_array(degree) - _links(contacts), diags_array(1 / degree)
    with warnings.catch_warnings():
        # that it did not get there is seen from what is left
        warnings.simplefilter("ignore", UserWarning)
        value, _, left = lobpcg(
            laplacian,
            start,
            M=scale,
            Y=np.ones((n, 1)),
            largest=False,
            tol=1e-6,
            maxiter=1000,
            retResidualNormsHistory=True,
        )
    return float(value[0]) if np.max(left[-1]) < 1e-5 else np.nan


def _links(contacts: Csr) -> csr_array:
    return Csr(contacts.indptr, contacts.indices, None, contacts.columns).matrix()


def _laplacian(contacts: Csr) -> np.ndarray:
    """As a dense matrix: for small networks."""
    matrix: np.ndarray = np.diag(contacts.degrees.astype(float)) - _links(contacts).toarray()
    return matrix


def robustness(
    graph: Graph,
    by: str = "betweenness",
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
    if by not in ORDERS:
        raise Unusable(f"No order {by!r} in which nodes go. Known: {', '.join(ORDERS)}")
    if not 0 < share <= 1 or steps < 1 or draws < 1:
        raise Unusable(f"share is above 0 and at most 1, steps and draws at least 1, not {share}, {steps}, {draws}.")
    order, n = by_id(graph), len(graph)
    contacts, ways = in_order(graph.contacts, order), Ways(in_order(graph.sent, order), symmetric=not graph.directed)
    last = ceil(share * n - 1e-9)
    stages = np.unique(np.linspace(0, last, steps + 1).round().astype(int))
    if by == "random":
        random = np.random.default_rng(seed)
        ways_to_go = [random.permutation(n) for _ in range(draws)]
    else:
        ways_to_go = [_going(ways, contacts, by, last, recompute)]
    left = np.mean([[_left(ways, contacts, going[:removed]) for removed in stages] for going in ways_to_go], axis=0)
    table = pd.DataFrame(
        left, columns=["fragmentation", "distance_fragmentation", "efficiency", "largest_part", "parts"]
    )
    latest = [None if by == "random" or not removed else order[ways_to_go[0][removed - 1]] for removed in stages]
    for column in ("name", "id"):
        values = graph.nodes[column].to_numpy()
        table.insert(0, column, pd.Series([None if at is None else values[at] for at in latest], dtype=object))
    table.insert(0, "removed", stages)
    return table


def _going(ways: Ways, contacts: Csr, by: str, last: int, recompute: bool) -> np.ndarray:
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
    return fragmentation(contacts, gone), 1 - near, near, largest, float(np.count_nonzero(size))


def bridges(graph: Graph) -> pd.DataFrame:
    """The ties without which two sides could not reach each other, a row each, the largest lesser sides first.

    Columns: source, target, source_name, target_name, source_side and target_side (how many nodes would be on
    each side). Direction is ignored; source is the end whose id comes first. Linear.

    >>> bridges(Graph.from_edges(["ab", "bc", "ca", "cd"]))[["source", "target", "source_side", "target_side"]]
      source target  source_side  target_side
    0      c      d            3            1
    """
    order, n = by_id(graph), len(graph)
    contacts = in_order(graph.contacts, order)
    ties = kernels.cuts(contacts)[1].astype(np.int64)
    i, j = contacts.rows, contacts.indices
    held = np.isin(np.minimum(i, j).astype(np.int64) * n + np.maximum(i, j), ties[:, 0] * n + ties[:, 1])
    block = kernels.components(kernels.build(n, i[~held], j[~held], symmetric=False))
    part = kernels.components(contacts)[ties[:, 0]]
    whole = np.bincount(kernels.components(contacts), minlength=n)[part]
    first = _first_sides(np.bincount(block, minlength=n), block[ties], whole)
    rank = np.lexsort((ties[:, 1], ties[:, 0], -np.minimum(first, whole - first)))
    sides = {"source_side": first[rank], "target_side": (whole - first)[rank]}
    return pd.DataFrame({**_ends(graph, *order[ties[rank].T]), **sides})


def _first_sides(size: np.ndarray, ties: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """How many nodes are on the first side of each tie of a forest whose nodes stand for `size` each.

    Leaves are cut off one by one; the only tie that a leaf has left is the sum of its ties less those cut.
    """
    at, number = ties.T.ravel(), np.tile(np.arange(len(ties)), 2)
    here, ends, total, first = size.tolist(), ties.tolist(), whole.tolist(), [0] * len(ties)
    count = np.bincount(at, minlength=len(size)).tolist()
    left = np.bincount(at, number, minlength=len(size)).astype(np.int64).tolist()
    leaves = [node for node, ways in enumerate(count) if ways == 1]
    for leaf in leaves:
        if count[leaf] == 1:
            tie = left[leaf]
            a, b = ends[tie]
            first[tie] = here[leaf] if leaf == a else total[tie] - here[leaf]
            other = b if leaf == a else a
            here[other] += here[leaf]
            count[leaf], count[other], left[other] = 0, count[other] - 1, left[other] - tie
            if count[other] == 1:
                leaves.append(other)
    return np.array(first, dtype=np.int64)


def _ends(graph: Graph, a: np.ndarray, b: np.ndarray) -> dict[str, np.ndarray]:
    ids, names = graph.nodes["id"].to_numpy(), graph.nodes["name"].to_numpy()
    return {"source": ids[a], "target": ids[b], "source_name": names[a], "target_name": names[b]}


def what_if(graph: Graph, objective: str = "efficiency", limit: int = 10) -> pd.DataFrame:
    """The one new tie that would change the whole network most: the best of all that are not there, a row each.

    Objectives, which disagree: "efficiency", the mean of 1/distance; "mean_distance", in steps, and
    "algebraic_connectivity", how far from falling apart: both within the largest part, with ties there alone.
    Columns: source, target, source_name, target_name, before, after, change. Every missing tie is tried,
    direction ignored; equal ones by id. Raises Unusable for another objective and for more than 500 nodes.
    Costs pairs times the nodes that come nearer; for the connectivity pairs times nodes.

    >>> path = Graph.from_edges(["ab", "bc", "cd"])
    >>> what_if(path, limit=1)[["source", "target", "before", "after"]].round(3).to_numpy().tolist()
    [['a', 'c', 0.722, 0.833]]
    """
    if objective not in OBJECTIVES:
        raise Unusable(f"No objective {objective!r}. Known: {', '.join(OBJECTIVES)}")
    if len(graph) > DENSE or limit < 1:
        raise Unusable(f"Every missing tie is tried up to {DENSE} nodes, not {len(graph):,}; limit is at least 1.")
    order = by_id(graph)
    contacts = in_order(graph.contacts, order)
    if objective != "efficiency" and len(graph):
        part = kernels.components(contacts)
        members = np.flatnonzero(part == np.argmax(np.bincount(part)))
        contacts, order = Csr.of(contacts.matrix()[members][:, members]), order[members]
    a, b = np.nonzero(np.triu(_links(contacts).toarray() == 0, k=1))
    if objective == "algebraic_connectivity":
        before, after = _connectivity_with(contacts, a, b)
    else:
        before, after = _nearness_with(contacts, a, b, objective)
    change = after - before
    best = np.argsort((change if objective == "mean_distance" else -change).round(9), kind="stable")[:limit]
    numbers = {"before": np.full(len(best), before), "after": after[best], "change": change[best]}
    return pd.DataFrame({**_ends(graph, order[a[best]], order[b[best]]), **numbers})


def _nearness_with(contacts: Csr, a: np.ndarray, b: np.ndarray, objective: str) -> tuple[float, np.ndarray]:
    """The mean of 1/steps, or of steps, as it is and with each tie (a, b) more."""
    n = len(contacts)
    # n stands for no way at all; with a tie more a way is at most two such and a step long
    rows = [kernels.distances(contacts, contacts, np.array([v])).steps for v in range(n)]
    steps = np.array(rows, dtype=np.int64).reshape(n, n)
    steps[(steps == 0) & ~np.eye(n, dtype=bool)] = n
    length = np.arange(2 * n + 2)
    worth = length.astype(float) if objective == "mean_distance" else np.where(length < n, 1 / np.maximum(length, 1), 0)
    worth[0] = 0
    now, pairs = worth[steps], n * (n - 1)
    gain = np.zeros(len(a))
    for tie, (u, v) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        # only ways from those nearer to u than to v by more than a step, to those nearer to v, get shorter
        one, other = np.flatnonzero(steps[u] + 1 < steps[v]), np.flatnonzero(steps[v] + 1 < steps[u])
        through = steps[u, one][:, None] + 1 + steps[v, other]
        old = steps[np.ix_(one, other)]
        gain[tie] = (worth[np.minimum(through, old)] - now[np.ix_(one, other)]).sum()
    return _ratio(now.sum(), pairs), (now.sum() + 2 * gain) / max(pairs, 1)


def _connectivity_with(contacts: Csr, a: np.ndarray, b: np.ndarray) -> tuple[float, np.ndarray]:
    """The algebraic connectivity as it is and with each tie (a, b) more.

    A tie adds z z' to the Laplacian, z = the difference of the two rows of eigenvectors: the new value is where
    1 + sum of z_k^2 / (l_k - x) is 0 between the second and third eigenvalue (Golub 1973), found by halving.
    """
    if not len(a):
        return algebraic_connectivity(contacts), np.zeros(0)
    values, vectors = np.linalg.eigh(_laplacian(contacts))
    second, third = max(values[1], 0.0), max(values[2], 0.0)
    after = np.empty(len(a))
    for first in range(0, len(a), 4096):
        chunk = slice(first, first + 4096)
        z = (vectors[a[chunk], 1:] - vectors[b[chunk], 1:]) ** 2
        low, high = np.full(len(z), second), np.full(len(z), third)
        for _ in range(45):
            x = (low + high) / 2
            apart = values[1:] - x[:, None]
            above = 1 + (z / np.where(apart == 0, np.inf, apart)).sum(axis=1) > 0
            low, high = np.where(above, low, x), np.where(above, x, high)
        after[chunk] = high
    return float(second), after


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
    "robustness": Metric(
        function=robustness,
        meaning="How fast the network falls apart when the most central organisations leave.",
        meaning_it="Quanto in fretta la rete si divide se le organizzazioni più centrali se ne vanno.",
        definition="F = 1 - sum of s(s - 1) / n(n - 1) over the parts, of s nodes, of the n left; dF = 1 - sum of "
        "1/d / n(n - 1); efficiency = 1 - dF; largest_part by the nodes there were.",
        convention=STEPS + "The order is found once, on the whole network, or after each loss with `recompute`; random "
        "is the mean of 20 draws (seed 1). Isolates are parts of one.",
        cost="For each of 20 stages the distances, from 512 nodes beyond 2,048; with `recompute` betweenness for each "
        "node that goes.",
        cite="Albert, Jeong & Barabási 2000, Nature 406:378-382; Borgatti 2006, Computational & Mathematical "
        "Organization Theory 12:21-34",
        oracle="networkx, every stage, 1e-9.",
        differs="Others divide by the nodes there were.",
        options=("by", "share", "steps", "recompute", "draws", "seed"),
    ),
    "bridges": Metric(
        function=bridges,
        meaning="The ties without which two sides of the network could not reach each other.",
        meaning_it="I legami senza i quali due lati della rete non potrebbero raggiungersi.",
        definition="Ties on no cycle, with how many nodes are on either side.",
        convention="Direction and weights ignored; parallel ties are one tie. Isolates have none.",
        cost="Linear.",
        cite="Tarjan 1974, Information Processing Letters 2:160-161",
        oracle="networkx, exact; the Florentine families have 5.",
    ),
    "what_if": Metric(
        function=what_if,
        meaning="Which one new tie would change most for the network as a whole.",
        meaning_it="Quale singolo nuovo legame cambierebbe di più la rete nel suo insieme.",
        definition="The missing tie with the largest change in the objective: mean of 1/d over all pairs, mean of d, "
        "or second smallest eigenvalue of D - A.",
        convention="Direction and weights ignored. mean_distance and algebraic_connectivity within the largest part "
        "alone; in efficiency an isolate counts 0.",
        cost="Up to 500 nodes: missing ties times the pairs that come nearer, or times nodes.",
        cite=f"{LATORA}; Golub 1973, SIAM Review 15:318-334",
        oracle="networkx, every missing tie, 1e-9; kite .696296, 1.666667, .941412, Florentine .52222, .52652.",
        differs="The objectives disagree: name the one you used.",
        options=("objective", "limit"),
    ),
}
