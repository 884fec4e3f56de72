"""The network in numbers: published ones, networkx on random networks, and edge cases drawn by hand."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tests.analysis.networks import EMPTY, both_ways, graph_of, near, random_net
from tsi_graph import samples
from tsi_graph.analysis import residual
from tsi_graph.analysis.overview import NETWORK_METRICS, algebraic_connectivity, diameter, efficiency, overview
from tsi_graph.graph import Graph, one_mode


def numbers(graph: Graph) -> dict[str, float]:
    return overview(graph).set_index("measure")["value"].to_dict()


def test_the_kite_in_numbers() -> None:
    """Efficiency, mean distance and algebraic connectivity of specs/metrics.md 2.10 and 2.11; the rest by hand."""
    assert numbers(samples.kite()) == pytest.approx(
        {
            "nodes": 10, "ties": 18, "density": 18 / 45, "isolates": 0, "parts": 1, "largest_part": 1,
            "mean_degree": 3.6, "mean_distance": 1.977778, "diameter": 4, "efficiency": 0.646296,
            "transitivity": 11 * 3 / 57,
            "degree_assortativity": nx.degree_assortativity_coefficient(nx.krackhardt_kite_graph()),
            "cut_points": 2, "bridges": 2, "algebraic_connectivity": 0.337320,
        },
        abs=5e-7,
    )  # fmt: skip
    assert overview(samples.kite())["exact"].all()


def test_the_florentine_families_in_numbers() -> None:
    """specs/metrics.md 2.10: efficiency .500159, connectivity .345923, cut-points and 5 bridges."""
    got = numbers(samples.florentine())
    assert got["efficiency"] == pytest.approx(0.500159, abs=5e-7)
    assert efficiency(samples.florentine()) == pytest.approx(0.500159, abs=5e-7)
    assert got["algebraic_connectivity"] == pytest.approx(0.345923, abs=5e-7)
    assert (got["cut_points"], got["bridges"]) == (4, 5)


@both_ways
@pytest.mark.parametrize("seed", range(30))
def test_the_numbers_are_those_of_networkx(seed: int, directed: bool) -> None:
    net = random_net(seed, directed=directed)
    plain, n = net.to_undirected(), len(net)
    far = [d for _, ways in nx.all_pairs_shortest_path_length(net) for d in ways.values() if d]
    parts = list(nx.connected_components(plain))
    spectrum = np.linalg.eigvalsh(nx.laplacian_matrix(plain).toarray().astype(float))
    want = {
        "nodes": n,
        "ties": net.size(),
        "density": nx.density(net),
        "isolates": nx.number_of_isolates(net),
        "parts": len(parts),
        "largest_part": max(map(len, parts)) / n,
        "mean_degree": 2 * plain.size() / n,
        "mean_distance": np.mean(far),
        "diameter": max(nx.diameter(plain.subgraph(part)) for part in parts),
        "efficiency": near(net),
        # where there is no path of two, networkx says 0
        "transitivity": nx.transitivity(plain) if max(d for _, d in plain.degree) > 1 else np.nan,
        "cut_points": len(list(nx.articulation_points(plain))),
        "bridges": len(list(nx.bridges(plain))),
        "algebraic_connectivity": spectrum[1] if len(parts) == 1 else 0,
    }
    got = numbers(graph_of(net))
    del got["degree_assortativity"]
    assert got == pytest.approx(want, abs=1e-9, nan_ok=True)
    if not directed:
        assert got["efficiency"] == pytest.approx(nx.global_efficiency(net), abs=1e-9)


@pytest.mark.parametrize("seed", range(2))
def test_the_connectivity_of_larger_networks_is_found_by_steps(seed: int) -> None:
    net = nx.barabasi_albert_graph(520, 2, seed=seed)
    want = np.linalg.eigvalsh(nx.laplacian_matrix(net).toarray().astype(float))[1]
    assert algebraic_connectivity(graph_of(net).contacts) == pytest.approx(want, abs=1e-9)


def test_the_diameter_of_long_and_round_networks() -> None:
    assert diameter(graph_of(nx.path_graph(40)).contacts) == 39
    assert diameter(graph_of(nx.cycle_graph(41)).contacts) == 20
    assert diameter(graph_of(nx.disjoint_union(nx.path_graph(4), nx.complete_graph(9))).contacts) == 3
    assert diameter(graph_of(nx.balanced_tree(2, 5)).contacts) == 10


def test_from_a_sample_of_nodes_the_distances_are_about_right(monkeypatch: pytest.MonkeyPatch) -> None:
    net = nx.barabasi_albert_graph(400, 3, seed=1)
    exact = numbers(graph_of(net))
    monkeypatch.setattr(residual, "EXACT", 300)
    monkeypatch.setattr(residual, "SOURCES", 100)
    table = overview(graph_of(net)).set_index("measure")
    assert table.index[~table["exact"]].tolist() == ["mean_distance", "efficiency"]
    assert table["value"].to_dict() == pytest.approx(exact, rel=0.05)
    assert table.loc[table["exact"], "value"].to_dict() == {name: exact[name] for name in table.index[table["exact"]]}


def test_parallel_ties_and_loops_are_one_and_none() -> None:
    plain = Graph.from_edges(["ab", "bc", "cd", "ca"])
    noisy = Graph.from_edges([("a", "b"), ("b", "a"), ("b", "c"), ("c", "d"), ("c", "a"), ("d", "d"), ("a", "d", 0.0)])
    pd.testing.assert_frame_equal(overview(noisy), overview(plain))


@both_ways
def test_the_order_of_nodes_and_edges_does_not_matter(directed: bool) -> None:
    graph = graph_of(random_net(26, directed=directed))
    shuffled = Graph.from_edges(
        graph.edges.sample(frac=1, random_state=1), graph.nodes.sample(frac=1, random_state=2), directed=directed
    )
    pd.testing.assert_frame_equal(overview(shuffled), overview(graph), rtol=1e-9)


def test_networks_without_ties() -> None:
    empty, one, two = (Graph.from_edges(EMPTY, pd.DataFrame({"id": list("ab"[:n])})) for n in range(3))
    assert numbers(empty) == pytest.approx(
        dict.fromkeys(numbers(empty), np.nan)
        | dict.fromkeys(("nodes", "ties", "isolates", "parts", "cut_points", "bridges"), 0),
        nan_ok=True,
    )
    nothing = {"ties": 0, "cut_points": 0, "bridges": 0, "mean_degree": 0, "diameter": 0}
    unknown = dict.fromkeys(("mean_distance", "transitivity", "degree_assortativity"), np.nan)
    lonely = {"density": np.nan, "efficiency": np.nan, "algebraic_connectivity": np.nan, "largest_part": 1}
    assert numbers(one) == pytest.approx(
        nothing | unknown | lonely | dict.fromkeys(("nodes", "isolates", "parts"), 1), nan_ok=True
    )
    apart = {"density": 0, "efficiency": 0, "algebraic_connectivity": 0, "largest_part": 0.5}
    assert numbers(two) == pytest.approx(
        nothing | unknown | apart | dict.fromkeys(("nodes", "isolates", "parts"), 2), nan_ok=True
    )


def test_the_torino_network(torino: Graph) -> None:
    graph = one_mode(torino)
    got = numbers(graph)
    net = nx.Graph(graph.edges[["source", "target"]].to_numpy().tolist())
    net.add_nodes_from(graph.ids)
    assert got["efficiency"] == pytest.approx(nx.global_efficiency(net), abs=1e-9)
    assert got["bridges"] == len(list(nx.bridges(net)))


def test_the_card_is_complete() -> None:
    [metric] = NETWORK_METRICS.values()
    for text in (metric.meaning, metric.meaning_it, metric.definition, metric.convention, metric.cost, metric.cite):
        assert text
        assert "\n" not in text
    assert "solate" in metric.convention
    assert metric.oracle
