"""Agreement of partitions: by hand, against igraph on random ones, and on networks with plain groups or none."""

from __future__ import annotations

import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tsi_graph import samples
from tsi_graph.analysis import stability as module
from tsi_graph.analysis.cohesion import community
from tsi_graph.analysis.stability import (
    METRICS,
    NETWORK_METRICS,
    adjusted_rand,
    community_certainty,
    community_stability,
    modularity,
    mutual_information,
)
from tsi_graph.graph import Graph, one_mode

EMPTY = pd.DataFrame({"source": pd.Series(dtype=object), "target": pd.Series(dtype=object)})
# the best of all partitions (igraph, exact; specs/metrics.md 2.7)
BEST = [
    {*range(1, 5), 8, *range(12, 15), 18, 20, 22},
    {5, 6, 7, 11, 17},
    {9, 10, 15, 16, 19, 21, 23, 27, 30, 31, 33, 34},
]


def random_graph(seed: int, n: int = 40) -> Graph:
    net = nx.gnp_random_graph(n, 0.1, seed=seed)
    weight = np.random.default_rng(seed).integers(1, 5, net.size())
    edges = [(a, b, float(w)) for (a, b), w in zip(net.edges, weight, strict=True)]
    return Graph.from_edges(edges, pd.DataFrame({"id": range(n)}))


def measures(table: pd.DataFrame) -> dict[str, list[float]]:
    return {row[0]: list(row[1:]) for row in table.itertuples(index=False, name=None)}


def test_agreement_by_hand() -> None:
    """Of six pairs both put one together, one by two groups of two, one by one of two: 1 of an expected 1/3."""
    a, b = np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2])
    assert adjusted_rand(a, b) == pytest.approx((1 - 2 / 6) / (1.5 - 2 / 6))
    # crossed: no pair together in both, of an expected 2/3
    assert adjusted_rand(a, np.array([0, 1, 0, 1])) == pytest.approx((0 - 4 / 6) / (2 - 4 / 6))
    # what one tells of the other: ln 2, of ln 2 and 3/2 ln 2
    assert mutual_information(a, b) == pytest.approx(2 * 1 / (1 + 1.5))
    assert mutual_information(a, np.array([0, 1, 0, 1])) == pytest.approx(0)


@pytest.mark.parametrize("seed", range(200))
def test_agreement_is_that_of_igraph(seed: int) -> None:
    random = np.random.default_rng(seed)
    n = 6 + seed
    a, b = random.integers(0, 2 + seed % 7, n), random.integers(0, 3 + seed % 4, n)
    assert adjusted_rand(a, b) == pytest.approx(igraph.compare_communities(a, b, method="adjusted_rand"), abs=1e-9)
    assert mutual_information(a, b) == pytest.approx(igraph.compare_communities(a, b, method="nmi"), abs=1e-9)
    assert adjusted_rand(b, a) == pytest.approx(adjusted_rand(a, b), abs=1e-12)


def test_where_there_is_nothing_to_disagree_about_partitions_agree() -> None:
    together, alone = np.zeros(5, dtype=int), np.arange(5)
    for same in (together, alone):
        assert (adjusted_rand(same, same), mutual_information(same, same)) == (1, 1)
    assert adjusted_rand(together, alone) == 0
    assert mutual_information(together, alone) == 0
    assert np.isnan(adjusted_rand(np.zeros(1, int), np.zeros(1, int)))
    assert np.isnan(mutual_information(np.zeros(0, int), np.zeros(0, int)))


def test_modularity_of_the_karate_club() -> None:
    """Of its two clubs .358235, of the best of all partitions .419790; specs/metrics.md 2.7."""
    graph = samples.karate()
    clubs = np.unique(graph.nodes["club"], return_inverse=True)[1]
    assert modularity(graph, clubs) == pytest.approx(0.358235, abs=5e-7)
    best = np.array([next((k for k, group in enumerate(BEST) if int(node) in group), 3) for node in graph.ids])
    assert modularity(graph, best) == pytest.approx(0.4197896120973046, abs=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_modularity_is_that_of_igraph_with_weights(seed: int) -> None:
    graph, label = random_graph(seed), np.random.default_rng(seed).integers(0, 4, 40)
    plain = igraph.Graph(40, graph.edges[["source", "target"]].to_numpy().tolist())
    want = plain.modularity(label.tolist(), weights=graph.edges["weight"].tolist())
    assert modularity(graph, label) == pytest.approx(want, abs=1e-12)


def test_two_cliques_are_found_every_time() -> None:
    table = community_stability(samples.two_cliques(5))
    assert table.columns.tolist() == ["measure", "low", "median", "high"]
    q = 20 / 21 - 2 * (21 / 42) ** 2
    assert measures(table) == {
        "communities": [2, 2, 2],
        "modularity": pytest.approx([q, q, q]),
        "agreement": [1, 1, 1],
        "information": pytest.approx([1, 1, 1]),
    }
    assert community_certainty(samples.two_cliques(5)).tolist() == [1] * 10


def test_where_there_are_no_communities_runs_disagree_and_say_so() -> None:
    """Ties drawn at random: modularity is high all the same, agreement is not."""
    net = nx.gnp_random_graph(200, 0.03, seed=3)
    graph = Graph.from_edges(list(net.edges), pd.DataFrame({"id": list(net)}))
    got = measures(community_stability(graph, runs=10))
    assert got["modularity"][0] > 0.3
    assert got["agreement"][1] < 0.7
    certainty = community_certainty(graph, runs=10)
    assert 0.1 - 1e-12 <= certainty.min() < 0.5
    assert certainty.max() <= 1


def test_what_the_runs_say_is_summed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three runs by hand on a path of four: two halves twice, then one and three."""
    found = {1: [1, 1, 2, 2], 2: [1, 1, 2, 2], 3: [2, 1, 1, 1]}
    monkeypatch.setattr(module, "community", lambda graph, seed: np.array(found[seed]))
    path = Graph.from_edges(["ab", "bc", "cd"])
    got = measures(community_stability(path, runs=3))
    halves, other = 2 / 3 - 2 * (3 / 6) ** 2, 2 / 3 - (1 / 6) ** 2 - (5 / 6) ** 2
    assert got["communities"] == [2, 2, 2]
    assert got["modularity"] == pytest.approx([other, halves, halves])
    apart = (1 - 2 * 3 / 6) / (2.5 - 1)
    assert got["agreement"] == pytest.approx([apart, apart, 1])
    # c and d stay together; of a and b each half goes elsewhere, and the smaller of the two is their heir: a's
    assert community_certainty(path, runs=3).tolist() == pytest.approx([1, 2 / 3, 1, 1])


def test_two_communities_that_merge_both_stay() -> None:
    assert module._stays(np.array([1, 1, 2, 2, 3]), np.array([1, 1, 1, 1, 2])).tolist() == [True] * 5
    assert module._stays(np.array([1, 1, 1, 2]), np.array([1, 1, 2, 2])).tolist() == [True, True, False, True]


def test_a_single_run_agrees_with_nobody() -> None:
    got = measures(community_stability(samples.karate(), runs=1))
    assert got["agreement"] == pytest.approx([np.nan] * 3, nan_ok=True)
    assert got["communities"][0] == community(samples.karate()).max()
    assert community_certainty(samples.karate(), runs=1).tolist() == [1] * 34


def test_the_first_run_is_the_one_that_is_reported() -> None:
    graph = random_graph(3)
    one = measures(community_stability(graph, runs=1, seed=4))
    assert one["modularity"][0] == modularity(graph, community(graph, 4))


def test_the_order_of_nodes_and_edges_does_not_matter() -> None:
    graph = random_graph(8)
    shuffled = Graph.from_edges(graph.edges.sample(frac=1, random_state=1), graph.nodes.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(community_stability(shuffled), community_stability(graph))
    certainty = pd.Series(community_certainty(shuffled), index=shuffled.ids)
    assert certainty[graph.ids].tolist() == community_certainty(graph).tolist()


@pytest.mark.parametrize("n", range(3))
def test_without_ties_everybody_is_alone_for_sure(n: int) -> None:
    graph = Graph.from_edges(EMPTY, pd.DataFrame({"id": range(n)}))
    got = measures(community_stability(graph, runs=3))
    assert got["communities"] == [n] * 3
    assert got["modularity"] == pytest.approx([np.nan] * 3, nan_ok=True)
    assert got["agreement"] == pytest.approx([1 if n > 1 else np.nan] * 3, nan_ok=True)
    assert community_certainty(graph, runs=3).tolist() == [1] * n


def test_the_torino_communities_are_stable_enough_to_show(torino: Graph) -> None:
    graph = one_mode(torino)
    got = measures(community_stability(graph, runs=5))
    assert got["modularity"][0] > 0.4
    assert got["agreement"][0] > 0.4
    certainty = community_certainty(graph, runs=5)
    assert certainty[graph.contacts.degrees == 0].min() == 1


@pytest.mark.parametrize("name", [*METRICS, *NETWORK_METRICS])
def test_every_card_is_complete(name: str) -> None:
    metric = (METRICS | NETWORK_METRICS)[name]
    for text in (metric.meaning, metric.meaning_it, metric.definition, metric.convention, metric.cost, metric.cite):
        assert text
        assert "\n" not in text
    assert "solate" in metric.convention
    assert metric.oracle
