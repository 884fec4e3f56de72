"""How the network falls apart: as central nodes go one by one, and at its bridges."""

from __future__ import annotations

from math import ceil

import numpy as np
import pandas as pd

from tsi_graph import kernels
from tsi_graph.analysis.base import Metric
from tsi_graph.analysis.cohesion import by_id
from tsi_graph.analysis.overview import STEPS, ratio
from tsi_graph.analysis.residual import Ways, fragmentation, in_order, without
from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph
from tsi_graph.kernels import Csr

ORDERS = ("betweenness", "degree", "random")


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
    largest = ratio(size.max(initial=0), len(part))
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
    return pd.DataFrame({**named_ends(graph, *order[ties[rank].T]), **sides})


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


def named_ends(graph: Graph, a: np.ndarray, b: np.ndarray) -> dict[str, np.ndarray]:
    """The ids and names at the two ends of ties, given by position, as columns."""
    ids, names = graph.nodes["id"].to_numpy(), graph.nodes["name"].to_numpy()
    return {"source": ids[a], "target": ids[b], "source_name": names[a], "target_name": names[b]}


NETWORK_METRICS = {
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
}
