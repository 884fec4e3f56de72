"""How networks fall apart: every stage and every bridge by networkx on random networks, and stars by hand."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tests.analysis.networks import EMPTY, both_ways, graph_of, near, random_net
from tsi_graph import samples
from tsi_graph.analysis.robustness import NETWORK_METRICS, bridges, robustness
from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph, one_mode


def test_the_bridges_of_the_florentine_families() -> None:
    table = bridges(samples.florentine())
    assert table.drop(columns=["source_name", "target_name"]).to_numpy().tolist() == [
        ["Medici", "Salviati", 13, 2],
        ["Acciaiuoli", "Medici", 1, 14],
        ["Albizzi", "Ginori", 14, 1],
        ["Guadagni", "Lamberteschi", 14, 1],
        ["Pazzi", "Salviati", 1, 14],
    ]


@pytest.mark.parametrize("seed", range(200))
def test_the_sides_of_bridges_are_those_of_networkx(seed: int) -> None:
    net = random_net(seed)
    want = {}
    for a, b in nx.bridges(net):
        less = net.copy()
        less.remove_edge(a, b)
        first, second = sorted((a, b), key=str)
        want[first, second] = (
            len(nx.node_connected_component(less, first)),
            len(nx.node_connected_component(less, second)),
        )
    table = bridges(graph_of(net))
    rows = table.drop(columns=["source_name", "target_name"]).to_numpy().tolist()
    assert {(a, b): (left, right) for a, b, left, right in rows} == want
    lesser = table[["source_side", "target_side"]].min(axis=1)
    assert lesser.is_monotonic_decreasing


@both_ways
@pytest.mark.parametrize("seed", range(15))
@pytest.mark.parametrize("by", ["betweenness", "degree"])
def test_every_stage_is_what_networkx_finds_left(by: str, seed: int, directed: bool) -> None:
    """Among others that the next to go is the most central of the whole, and with recompute of those left."""
    net = random_net(seed, directed=directed)
    recompute = bool(seed % 2)
    table = robustness(graph_of(net), by, share=0.5, steps=100, recompute=recompute)
    assert table["removed"].tolist() == list(range(-(-len(net) // 2) + 1))
    left = net.copy()
    order = None if recompute else _central(net, by)
    for number, row in enumerate(table.to_dict("records")):
        if number:
            central = order or _central(left, by)
            best = max(central[node] for node in left)
            first = min((node for node in left if central[node] > best - 1e-9), key=str)
            assert row["id"] == first
            left.remove_node(first)
        n, parts = len(left), list(nx.weakly_connected_components(left) if directed else nx.connected_components(left))
        pairs = sum(len(part) * (len(part) - 1) for part in parts)
        assert row["fragmentation"] == pytest.approx(1 - pairs / (n * (n - 1)), abs=1e-9)
        assert row["efficiency"] == pytest.approx(near(left), abs=1e-9)
        assert row["distance_fragmentation"] == pytest.approx(1 - near(left), abs=1e-9)
        assert (row["largest_part"], row["parts"]) == (max(map(len, parts)) / len(net), len(parts))


def _central(net: nx.Graph, by: str) -> dict[object, float]:
    return nx.betweenness_centrality(net) if by == "betweenness" else dict(net.to_undirected().degree)


def test_a_star_falls_apart_with_its_centre() -> None:
    table = robustness(samples.star(5), share=0.4)
    assert table[["removed", "id", "name"]].to_numpy().tolist() == [[0, None, None], [1, "c", "c"], [2, "a1", "a1"]]
    assert table["fragmentation"].tolist() == [0, 1, 1]
    assert table["efficiency"].tolist() == [(8 + 12 / 2) / 20, 0, 0]
    assert table["largest_part"].tolist() == [1, 1 / 5, 1 / 5]
    assert table["parts"].tolist() == [1, 4, 3]


def test_at_random_a_star_mostly_keeps_its_centre() -> None:
    """One of five goes: with the chance 1/5 the centre, whose loss leaves four parts."""
    table = robustness(samples.star(5), "random", share=0.2, draws=400)
    assert table["id"].tolist() == table["name"].tolist() == [None, None]
    assert table["fragmentation"].tolist() == pytest.approx([0, 0.2], abs=0.06)
    assert table["parts"].tolist() == pytest.approx([1, 0.8 * 1 + 0.2 * 4], abs=0.2)
    again = robustness(samples.star(5), "random", share=0.2, draws=400)
    pd.testing.assert_frame_equal(table, again)
    assert not table.equals(robustness(samples.star(5), "random", share=0.2, draws=400, seed=2))


def test_stages_are_even_and_not_more_than_asked_for() -> None:
    table = robustness(samples.karate(), share=0.5, steps=4)
    assert table["removed"].tolist() == [0, 4, 8, 13, 17]
    assert robustness(samples.star(10), share=0.3)["removed"].tolist() == [0, 1, 2, 3]


def test_when_all_have_gone_there_is_nothing_to_measure() -> None:
    table = robustness(samples.star(3), share=1)
    assert table["fragmentation"].tolist() == pytest.approx([0, 1, np.nan, np.nan], nan_ok=True)
    assert table["largest_part"].tolist() == pytest.approx([1, 1 / 3, 1 / 3, 0])
    assert table["parts"].tolist() == [1, 2, 1, 0]


def test_what_cannot_be_asked_is_answered_with_what_can() -> None:
    with pytest.raises(Unusable, match="Known: betweenness, degree, random"):
        robustness(samples.kite(), "fame")
    with pytest.raises(Unusable, match="not 0, 20, 20"):
        robustness(samples.kite(), share=0)


def test_parallel_ties_and_loops_are_one_and_none() -> None:
    plain = Graph.from_edges(["ab", "bc", "cd", "ca"])
    noisy = Graph.from_edges([("a", "b"), ("b", "a"), ("b", "c"), ("c", "d"), ("c", "a"), ("d", "d"), ("a", "d", 0.0)])
    pd.testing.assert_frame_equal(robustness(noisy), robustness(plain))
    pd.testing.assert_frame_equal(bridges(noisy), bridges(plain))


@both_ways
def test_the_order_of_nodes_and_edges_does_not_matter(directed: bool) -> None:
    graph = graph_of(random_net(26, directed=directed))
    shuffled = Graph.from_edges(
        graph.edges.sample(frac=1, random_state=1), graph.nodes.sample(frac=1, random_state=2), directed=directed
    )
    pd.testing.assert_frame_equal(robustness(shuffled), robustness(graph), rtol=1e-9)
    pd.testing.assert_frame_equal(bridges(shuffled), bridges(graph), rtol=1e-9)
    for options in ({"by": "random"}, {"by": "degree", "recompute": True}):
        pd.testing.assert_frame_equal(robustness(shuffled, **options), robustness(graph, **options), rtol=1e-9)


def test_networks_without_ties() -> None:
    empty, one, two = (Graph.from_edges(EMPTY, pd.DataFrame({"id": list("ab"[:n])})) for n in range(3))
    for graph in (empty, one, two):
        assert bridges(graph).columns.tolist() == [
            "source", "target", "source_name", "target_name", "source_side", "target_side",
        ]  # fmt: skip
        assert len(bridges(graph)) == 0
        assert len(robustness(graph)) == min(len(graph), 1) + 1


def test_the_torino_network(torino: Graph) -> None:
    graph = one_mode(torino)
    net = nx.Graph(graph.edges[["source", "target"]].to_numpy().tolist())
    net.add_nodes_from(graph.ids)
    assert len(bridges(graph)) == len(list(nx.bridges(net)))
    by_betweenness, at_random = robustness(graph), robustness(graph, "random", draws=3)
    assert by_betweenness["largest_part"].iloc[-1] < at_random["largest_part"].iloc[-1]


@pytest.mark.parametrize("name", NETWORK_METRICS)
def test_every_card_is_complete(name: str) -> None:
    metric = NETWORK_METRICS[name]
    for text in (metric.meaning, metric.meaning_it, metric.definition, metric.convention, metric.cost, metric.cite):
        assert text
        assert "\n" not in text
    assert "solate" in metric.convention
    assert metric.oracle
