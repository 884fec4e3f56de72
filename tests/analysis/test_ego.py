"""Burt's measures in ego networks equal networkx on each node's own circle, and UCINET's published values."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tsi_graph import samples
from tsi_graph.analysis import brokerage
from tsi_graph.analysis.ego import METRICS, ego_constraint, ego_effective_size, ego_efficiency, ego_hierarchy
from tsi_graph.graph import Graph

every_metric = pytest.mark.parametrize("name", METRICS)


def random_net(seed: int, *, directed: bool) -> nx.Graph:
    """Up to 13 nodes, some alone, with weights from 0.5 to 4."""
    random = np.random.default_rng(seed)
    net = nx.gnp_random_graph(int(random.integers(2, 14)), random.uniform(0.1, 0.6), seed=seed, directed=directed)
    for _, _, data in net.edges(data=True):
        data["weight"] = float(random.integers(1, 9)) / 2
    return net


def graph_of(net: nx.Graph) -> Graph:
    return Graph.from_edges(
        [(a, b, weight) for a, b, weight in net.edges(data="weight")],
        pd.DataFrame({"id": list(net)}),
        directed=net.is_directed(),
    )


def in_its_circle(net: nx.Graph, node: int) -> tuple[float, float, float]:
    """Constraint, effective size and hierarchy of a node, nobody but its contacts being there."""
    circle = nx.ego_graph(net, node, undirected=True) if net.is_directed() else nx.ego_graph(net, node)
    contacts = [other for other in circle if other != node]
    if not contacts:
        return np.nan, np.nan, np.nan
    dyadic = np.array([nx.local_constraint(circle, node, other, weight="weight") for other in contacts])
    k, share = len(contacts), dyadic / dyadic.mean()
    # networkx takes a node that sends nothing for an isolate; sums of both directions are the same in reverse
    seen = circle if circle[node] else circle.reverse()
    size = nx.effective_size(seen, nodes=[node], weight="weight")[node]
    return dyadic.sum(), size, 1.0 if k == 1 else (share * np.log(share)).sum() / (k * np.log(k))


@pytest.mark.parametrize("directed", [False, True], ids=["pairs", "arrows"])
def test_two_hundred_random_networks_give_what_networkx_gives_in_each_circle(directed: bool) -> None:
    for seed in range(200):
        net = random_net(seed, directed=directed)
        graph = graph_of(net)
        want = np.array([in_its_circle(net, node) for node in net])
        got = np.column_stack([ego_constraint(graph), ego_effective_size(graph), ego_hierarchy(graph)])
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-9, err_msg=f"seed {seed}")


def test_florentine_families_in_ucinets_ego_model() -> None:
    """Medici and Peruzzi: specs/metrics.md 2.2. Beside the whole-network model, .2099 and .6559."""
    graph = samples.florentine()
    got = dict(zip(graph.ids, ego_constraint(graph), strict=True))
    assert (got["Medici"], got["Peruzzi"]) == pytest.approx((0.2361, 0.8395), abs=5e-5)
    whole = dict(zip(graph.ids, brokerage.constraint(graph), strict=True))
    assert (whole["Medici"], whole["Peruzzi"]) == pytest.approx((0.2099, 0.6559), abs=5e-5)


def test_a_triad_with_a_pendant_by_hand() -> None:
    """c between the pair a-b and d: within its circle a and b invest half in each other."""
    graph = Graph.from_edges([("a", "b"), ("b", "c"), ("a", "c"), ("c", "d")])
    third, half = 1 / 3, 1 / 2
    assert ego_constraint(graph)[2] == pytest.approx(2 * (third + third * half) ** 2 + third**2)
    assert ego_effective_size(graph)[2] == pytest.approx(3 - 2 / 3)
    assert ego_efficiency(graph)[2] == pytest.approx((3 - 2 / 3) / 3)


def test_without_weights_the_effective_size_is_that_of_the_whole_network() -> None:
    for seed in range(20):
        net = nx.gnp_random_graph(14, 0.4, seed=seed)
        graph = Graph.from_edges(list(net.edges), pd.DataFrame({"id": list(net)}))
        np.testing.assert_allclose(ego_effective_size(graph), brokerage.effective_size(graph), atol=1e-12)
        np.testing.assert_allclose(ego_efficiency(graph), brokerage.efficiency(graph), atol=1e-12)


def test_the_circle_alone_constrains_no_less_than_the_whole_network() -> None:
    for seed in range(20):
        graph = graph_of(random_net(seed, directed=True))
        tied = graph.contacts.degrees > 0
        assert (ego_constraint(graph)[tied] >= brokerage.constraint(graph)[tied] - 1e-12).all()


def test_what_is_beyond_the_circle_changes_nothing() -> None:
    near = [("a", "b", 2.0), ("b", "c", 1.0), ("a", "c", 3.0)]
    far = [*near, ("c", "d", 9.0), ("d", "e", 1.0), ("x", "y", 1.0)]
    for metric in METRICS.values():
        alone, among = metric.function(Graph.from_edges(near)), metric.function(Graph.from_edges(far))
        assert among[:2] == pytest.approx(alone[:2])


@every_metric
def test_nobody_and_nobody_else(name: str) -> None:
    nothing = Graph.from_edges([], pd.DataFrame({"id": pd.Series(dtype=object)}))
    assert METRICS[name].function(nothing).shape == (0,)
    assert np.isnan(METRICS[name].function(Graph.from_edges([], pd.DataFrame({"id": ["a"]})))).tolist() == [True]
    loop = Graph.from_edges([("a", "a"), ("b", "c")])
    assert np.isnan(METRICS[name].function(loop)).tolist() == [True, False, False]


@every_metric
def test_one_contact_is_all_there_is(name: str) -> None:
    assert METRICS[name].function(Graph.from_edges([("a", "b", 7.0)])).tolist() == [1, 1]


@every_metric
@pytest.mark.parametrize("directed", [False, True], ids=["pairs", "arrows"])
def test_order_loops_and_parallel_ties_do_not_matter(name: str, directed: bool) -> None:
    net = random_net(7, directed=directed)
    graph = graph_of(net)
    split = graph.edges[["source", "target"]].assign(weight=graph.edges["weight"] / 2)
    loops = pd.DataFrame({"source": graph.ids, "target": graph.ids, "weight": 5.0})
    edges = pd.concat([split, loops, split]).sample(frac=1, random_state=1)
    other = Graph.from_edges(edges, graph.nodes.sample(frac=1, random_state=2), directed=directed)
    want = pd.Series(METRICS[name].function(graph), graph.ids)
    got = pd.Series(METRICS[name].function(other), other.ids)
    pd.testing.assert_series_equal(got[want.index], want, rtol=1e-12)


def test_asking_twice_counts_once() -> None:
    graph = samples.kite()
    assert ego_constraint(graph) is ego_constraint(graph)
