"""How far communities can be trusted: what other runs of the same search find."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from tsi_graph.analysis.base import Metric
from tsi_graph.analysis.cohesion import community
from tsi_graph.graph import Graph

RUNS, SEED = 20, 1


def community_stability(graph: Graph, runs: int = RUNS, seed: int = SEED) -> pd.DataFrame:
    """What several runs of `community` with different seeds agree on: a row per measure, its least, middle and most.

    Columns: measure, low, median, high. Measures: communities (how many), modularity, agreement (adjusted Rand
    index of two runs: 1 the same, 0 as by chance) and information (normalised mutual information: 1 the same, 0
    nothing in common) over all pairs of runs, nan for a single run. Costs a run each, and a pass over the
    nodes for each pair.

    >>> cliques = Graph.from_edges(["ab", "bc", "ac", "cd", "de", "ef", "df"])
    >>> community_stability(cliques).round(3).to_numpy().tolist()[:3]
    [['communities', 2.0, 2.0, 2.0], ['modularity', 0.357, 0.357, 0.357], ['agreement', 1.0, 1.0, 1.0]]
    """
    found = _runs(graph, runs, seed)
    pairs = list(combinations(found, 2))
    values = {
        "communities": [float(label.max(initial=0)) for label in found],
        "modularity": [modularity(graph, label) for label in found],
        "agreement": [adjusted_rand(a, b) for a, b in pairs],
        "information": [mutual_information(a, b) for a, b in pairs],
    }
    rows = [(name, *(np.quantile(seen, [0, 0.5, 1]) if seen else [np.nan] * 3)) for name, seen in values.items()]
    return pd.DataFrame(rows, columns=["measure", "low", "median", "high"])


def community_certainty(graph: Graph, runs: int = RUNS, seed: int = SEED) -> np.ndarray:
    """In what share of runs each node stays with most of its community of the first run, which `community` reports.

    In each run a community goes on as the one that holds most of its members, of equal ones the smallest, then
    the first. An isolate always stays: 1.

    >>> community_certainty(Graph.from_edges(["ab", "bc", "ac", "cd", "de", "ef", "df"]))
    array([1., 1., 1., 1., 1., 1.])
    """
    found = _runs(graph, runs, seed)
    return np.asarray(np.mean([_stays(found[0], other) for other in found], axis=0))


def _runs(graph: Graph, runs: int, seed: int) -> list[np.ndarray]:
    return [community(graph, seed + run) for run in range(runs)]


def _stays(label: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Which nodes are where most of their community is in the other partition."""
    a, b, both = _shared(label, other)
    size = np.bincount(other)
    best = np.lexsort((b, size[b], -both, a))
    heir = np.zeros(int(label.max(initial=0)) + 1, dtype=np.int64)
    first = best[np.unique(a[best], return_index=True)[1]]
    heir[a[first]] = b[first]
    return np.asarray(heir[label] == other)


def modularity(graph: Graph, label: np.ndarray) -> float:
    """The share of the weight within communities, less what it would be if ties were drawn by strength alone.

    nan without ties. Direction is ignored.

    >>> modularity(Graph.from_edges(["ab", "cd"]), np.array([1, 1, 2, 2]))
    0.5
    """
    ties = graph.contacts
    total, strength = ties.values.sum(), np.bincount(ties.rows, ties.values, minlength=len(graph))
    within = ties.values[label[ties.rows] == label[ties.indices]].sum()
    expected = (np.bincount(label, strength) ** 2).sum() / max(total, 1e-300)
    return float((within - expected) / total) if total > 0 else np.nan


def adjusted_rand(a: np.ndarray, b: np.ndarray) -> float:
    """How often two partitions agree on pairs of nodes, beyond chance: 1 the same, 0 as by chance.

    1 where both leave nothing to chance and agree: all in one, or all alone. nan for fewer than two nodes.

    >>> round(adjusted_rand(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2])), 4)
    0.5714
    """
    n = len(a)
    if n < 2:
        return np.nan
    first, second, both = (_pairs(count) for count in (np.bincount(a), np.bincount(b), _shared(a, b)[2]))
    chance = first * second / (n * (n - 1) / 2)
    possible = (first + second) / 2 - chance
    return float((both - chance) / possible) if possible > 0 else 1.0


def mutual_information(a: np.ndarray, b: np.ndarray) -> float:
    """What one partition tells of the other, by the mean of what each tells of itself: 1 the same, 0 nothing.

    1 where both tell nothing because all nodes are together. nan without nodes.

    >>> round(mutual_information(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2])), 4)
    0.8
    """
    if not len(a):
        return np.nan
    first, second, both = (_entropy(count) for count in (np.bincount(a), np.bincount(b), _shared(a, b)[2]))
    return float(2 * (first + second - both) / (first + second)) if first + second > 0 else 1.0


def _shared(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The groups that have nodes in common, and how many."""
    width = int(b.max(initial=0)) + 1
    cell, count = np.unique(a.astype(np.int64) * width + b, return_counts=True)
    return cell // width, cell % width, count


def _pairs(count: np.ndarray) -> float:
    return float((count.astype(float) * (count - 1)).sum() / 2)


def _entropy(count: np.ndarray) -> float:
    share = count[count > 0] / count.sum()
    return float(-(share * np.log(share)).sum())


SEEDS = "20 runs of `community`, seeds 1 to 20, weights as strength, direction summed; "
METRICS = {
    "community_certainty": Metric(
        function=community_certainty,
        meaning="How surely it belongs to its community: the share of repeated searches in which it stays with it.",
        meaning_it="Con quanta sicurezza appartiene alla sua comunità: in che quota di ricerche ripetute vi resta.",
        definition="Share of runs in which it is in the community that holds most members of its community of run 1.",
        convention=SEEDS + "run 1 counts, so it is at least 1/20. Of equal heirs the smallest; of two communities that "
        "merge both stay. An isolate has 1.",
        cost="20 times that of community.",
        cite="Lancichinetti & Fortunato 2012, Scientific Reports 2:336",
        oracle="By hand on small networks.",
        differs="Others give how often two nodes are together; this is about a node and the partition reported.",
        options=("runs", "seed"),
    ),
}
NETWORK_METRICS = {
    "community_stability": Metric(
        function=community_stability,
        meaning="How far repeated searches for communities agree; where they do not, take the groups with caution.",
        meaning_it="Quanto concordano ricerche ripetute di comunità; se poco, i gruppi vanno presi con cautela.",
        definition="Over runs and pairs of runs, the least, median and most of: number of communities; modularity Q = "
        "share of weight within - sum of (strength / total)^2; adjusted Rand index; mutual information by the mean of "
        "both entropies.",
        convention=SEEDS + "each isolate is a community of one.",
        cost="20 times that of community, and a pass over the nodes for each of 190 pairs.",
        cite="Newman & Girvan 2004, Physical Review E 69:026113; Hubert & Arabie 1985, J. Classification 2:193-218; "
        "Danon et al. 2005, J. Statistical Mechanics P09008",
        oracle="igraph `compare_communities` and `modularity`, 1e-9; karate club by club .358235.",
        differs="Elsewhere mutual information is divided by the larger entropy or by the root of their product.",
        options=("runs", "seed"),
    ),
}
