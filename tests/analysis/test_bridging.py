"""Bridging equals influenceR, networkx and igraph, and taking every tie away in turn."""

from __future__ import annotations

from pathlib import Path

import igraph as ig
import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tsi_graph import samples
from tsi_graph.analysis.bridging import METRICS, bridging, bridging_centrality, everett_valente
from tsi_graph.graph import Graph

CLASSICS = Path(__file__).parents[2] / ".." / "shared" / "data" / "sna-classics"
beside = pytest.mark.skipif(not CLASSICS.is_dir(), reason="needs the folder shared/data beside the repository")
every_metric = pytest.mark.parametrize("name", METRICS)
KITE = ["Andre", "Beverley", "Carol", "Diane", "Ed", "Fernando", "Garth", "Heather", "Ike", "Jane"]


def random_net(seed: int, *, directed: bool = False) -> nx.Graph:
    """Up to 14 nodes, sparse enough to fall into parts and to leave some alone."""
    random = np.random.default_rng(seed)
    n = int(random.integers(2, 15))
    return nx.gnp_random_graph(n, random.uniform(0.05, 0.45), seed=seed, directed=directed)


def graph_of(net: nx.Graph) -> Graph:
    return Graph.from_edges(list(net.edges), pd.DataFrame({"id": list(net)}), directed=net.is_directed())


def with_pucci() -> Graph:
    families = samples.florentine()
    return Graph.from_edges(families.edges[["source", "target"]], pd.DataFrame({"id": [*families.ids, "Pucci"]}))


@beside
def test_bridging_of_the_florentine_families_is_influencers_but_for_the_isolate() -> None:
    """influenceR, flo_results.RData; it says 0 for Pucci, who has no tie to lose."""
    table = pd.read_csv(CLASSICS / "expected_values.csv")
    want = table[table["measure"] == "bridging (Valente-Fujimoto)"].set_index("node")["value"].astype(float).to_dict()
    graph = with_pucci()
    got = dict(zip(graph.ids, bridging(graph), strict=True))
    assert len(want) == 16
    assert (want.pop("Pucci"), np.isnan(got.pop("Pucci"))) == (0, True)
    assert got == pytest.approx(want, abs=1e-6)


def test_bridging_of_the_florentine_families() -> None:
    """specs/metrics.md 2.4, from influenceR; without the isolate Pucci cohesion is a mean over fewer pairs."""
    want = {"Salviati": 0.029410, "Acciaiuoli": 0.024653, "Lamberteschi": 0.022361, "Ginori": 0.022222,
            "Pazzi": 0.019861, "Medici": 0.016516, "Albizzi": 0.013634, "Guadagni": 0.011476,
            "Barbadori": 0.010035, "Peruzzi": 0.003079}  # fmt: skip
    graph, alone = with_pucci(), samples.florentine()
    got = dict(zip(graph.ids, bridging(graph), strict=True))
    assert {name: got[name] for name in want} == pytest.approx(want, abs=5e-7)
    assert bridging(alone) == pytest.approx(bridging(graph)[:-1] * (16 * 15) / (15 * 14))


def test_two_hundred_random_networks_lose_what_they_lose_when_each_tie_is_taken_away() -> None:
    """nx.global_efficiency is the mean of 1/steps over all pairs; half the mean drop over a node's ties."""
    for seed in range(200):
        net = random_net(seed)
        drop = {}
        for a, b in list(net.edges):
            without = net.copy()
            without.remove_edge(a, b)
            drop[frozenset((a, b))] = nx.global_efficiency(net) - nx.global_efficiency(without)
        want = [
            np.mean([drop[frozenset((node, other))] for other in net[node]]) / 2 if net[node] else np.nan
            for node in net
        ]
        np.testing.assert_allclose(bridging(graph_of(net)), want, rtol=0, atol=1e-9, err_msg=f"seed {seed}")


def test_bridging_goes_on_past_one_batch_of_sources() -> None:
    """Whom a tie of a star joins loses 1 step to the centre and 2 to each of 598 others, both ways."""
    assert bridging(samples.star(600)) == pytest.approx(2 * (1 + 598 / 2) / (600 * 599) / 2)


def test_kite_by_everett_and_valente() -> None:
    """specs/metrics.md 2.4; equal to the mean edge betweenness of the ties."""
    graph = samples.kite()
    want = dict(zip(KITE, [2.667, 2.667, 0, 2.722, 0, 5.133, 5.133, 12.333, 12.5, 0], strict=True))
    assert dict(zip(graph.ids, everett_valente(graph), strict=True)) == pytest.approx(want, abs=5e-4)


def test_florentine_families_by_everett_and_valente() -> None:
    graph = with_pucci()
    got = dict(zip(graph.ids, everett_valente(graph), strict=True))
    want = {"Salviati": 20, "Medici": 18.167, "Albizzi": 17.556, "Barbadori": 15.5, "Pazzi": 0}
    assert {name: got[name] for name in want} == pytest.approx(want, abs=5e-4)
    assert np.isnan(got["Pucci"])


def test_everett_and_valente_is_the_mean_edge_betweenness_in_every_part_of_two_hundred_networks() -> None:
    for seed in range(200):
        net = random_net(seed)
        on_tie = {frozenset(tie): value for tie, value in nx.edge_betweenness_centrality(net, normalized=False).items()}
        between = nx.betweenness_centrality(net, normalized=False)
        want = [
            (np.mean([on_tie[frozenset((node, other))] for other in net[node]]) if between[node] > 0 else 0)
            if net[node]
            else np.nan
            for node in net
        ]
        np.testing.assert_allclose(everett_valente(graph_of(net)), want, rtol=0, atol=1e-9, err_msg=f"seed {seed}")


def test_everett_and_valente_with_direction_in_two_hundred_networks() -> None:
    """The formula over igraph's betweenness and what each node reaches."""
    for seed in range(200):
        net = random_net(seed, directed=True)
        arrows = ig.Graph(n=len(net), edges=list(net.edges), directed=True)
        want = []
        for node, between in enumerate(arrows.betweenness()):
            into, out = arrows.degree(node, mode="in"), arrows.degree(node, mode="out")
            reached_by, reaches = (len(arrows.subcomponent(node, mode=mode)) - 1 for mode in ("in", "out"))
            mean = ((between + reached_by) / into + (between + reaches) / out) / 2 if between > 0 else 0
            want.append(mean if into + out else np.nan)
        np.testing.assert_allclose(everett_valente(graph_of(net)), want, rtol=0, atol=1e-9, err_msg=f"seed {seed}")


def test_arrows_both_ways_are_pairs() -> None:
    for seed in range(20):
        net = random_net(seed)
        pairs, arrows = graph_of(net), graph_of(net.to_directed())
        for metric in METRICS.values():
            np.testing.assert_allclose(metric.function(arrows), metric.function(pairs), atol=1e-12)


def test_bridging_and_bridging_centrality_take_arrows_for_pairs() -> None:
    arrows = Graph.from_edges(["ab", "bc", "ca", "cd"], directed=True)
    pairs = Graph.from_edges(["ab", "bc", "ca", "cd"])
    assert bridging(arrows).tolist() == bridging(pairs).tolist()
    assert bridging_centrality(arrows).tolist() == bridging_centrality(pairs).tolist()


def test_kite_by_bridging_centrality() -> None:
    """specs/metrics.md 2.4, betweenness not normalised."""
    graph = samples.kite()
    got = dict(zip(graph.ids, bridging_centrality(graph), strict=True))
    want = {"Heather": 5.185, "Ike": 3.0, "Fernando": 1.299, "Garth": 1.299, "Jane": 0}
    assert {name: got[name] for name in want} == pytest.approx(want, abs=5e-4)


def test_bridging_centrality_is_the_formula_over_networkx_in_two_hundred_networks() -> None:
    for seed in range(200):
        net = random_net(seed)
        between = nx.betweenness_centrality(net, normalized=False)
        want = [between[v] / net.degree(v) / sum(1 / net.degree(u) for u in net[v]) if net[v] else np.nan for v in net]
        np.testing.assert_allclose(bridging_centrality(graph_of(net)), want, rtol=0, atol=1e-9)


@every_metric
@pytest.mark.parametrize("directed", [False, True], ids=["pairs", "arrows"])
def test_nobody_and_nobody_else(name: str, directed: bool) -> None:
    nothing = Graph.from_edges([], pd.DataFrame({"id": pd.Series(dtype=object)}), directed=directed)
    assert METRICS[name].function(nothing).shape == (0,)
    alone = Graph.from_edges([("a", "a")], directed=directed)
    assert np.isnan(METRICS[name].function(alone)).tolist() == [True]
    pair_and_isolate = Graph.from_edges([("a", "b"), ("c", "c")], directed=directed)
    assert np.isnan(METRICS[name].function(pair_and_isolate)).tolist() == [False, False, True]


@every_metric
@pytest.mark.parametrize("directed", [False, True], ids=["pairs", "arrows"])
def test_order_weights_loops_and_parallel_ties_do_not_matter(name: str, directed: bool) -> None:
    graph = graph_of(random_net(11, directed=directed))
    loops = pd.DataFrame({"source": graph.ids, "target": graph.ids})
    edges = pd.concat([graph.edges[["source", "target"]]] * 2 + [loops]).sample(frac=1, random_state=1)
    edges = edges.assign(weight=np.arange(1.0, len(edges) + 1))
    other = Graph.from_edges(edges, graph.nodes.sample(frac=1, random_state=2), directed=directed)
    want = pd.Series(METRICS[name].function(graph), graph.ids)
    got = pd.Series(METRICS[name].function(other), other.ids)
    pd.testing.assert_series_equal(got[want.index], want, rtol=1e-12)


@pytest.mark.parametrize("name", ["everett_valente", "bridging_centrality"])
def test_another_part_changes_nothing(name: str) -> None:
    alone, beside_it = Graph.from_edges(["ab", "bc", "cd"]), Graph.from_edges(["ab", "bc", "cd", "xy", "yz"])
    assert METRICS[name].function(beside_it)[:4].tolist() == METRICS[name].function(alone).tolist()
