"""The one tie more: published gains, every missing tie of random networks by networkx, and edge cases by hand."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tests.analysis.networks import EMPTY, both_ways, graph_of, near, random_net
from tsi_graph import samples
from tsi_graph.analysis.what_if import NETWORK_METRICS, OBJECTIVES, what_if
from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph


@pytest.mark.parametrize(
    ("network", "objective", "before", "after", "best"),
    [
        ("kite", "efficiency", 0.646296, 0.696296, ["Diane-Jane"]),
        ("kite", "mean_distance", 1.977778, 1.666667, ["Diane-Jane"]),
        ("kite", "algebraic_connectivity", 0.337320, 0.941412, ["Diane-Jane"]),
        ("florentine", "efficiency", 0.500159, 0.52222, ["Bischeri-Salviati", "Guadagni-Pazzi"]),
        ("florentine", "algebraic_connectivity", 0.345923, 0.52652, ["Pazzi-Tornabuoni"]),
    ],
)
def test_the_best_new_tie_of_two_classics(
    network: str, objective: str, before: float, after: float, best: list[str]
) -> None:
    """specs/metrics.md 2.11, computed there by enumeration: the objectives disagree about Florence."""
    table = what_if(getattr(samples, network)(), objective)
    assert len(table) == 10
    assert (table["source"] + "-" + table["target"])[: len(best)].tolist() == best
    assert table["before"].tolist() == pytest.approx([before] * 10, abs=5e-6)
    assert table["after"][: len(best)].tolist() == pytest.approx([after] * len(best), abs=5e-6)
    assert table["after"][len(best)] != pytest.approx(after, abs=5e-6)
    assert table["change"].tolist() == pytest.approx((table["after"] - table["before"]).tolist())


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("seed", range(8))
def test_every_missing_tie_is_tried(objective: str, seed: int) -> None:
    net = random_net(seed)
    table = what_if(graph_of(net), objective, limit=10_000)
    if objective != "efficiency":
        parts = sorted(nx.connected_components(net), key=lambda part: (-len(part), min(map(str, part))))
        net = net.subgraph(parts[0])
    missing = [pair for pair in combinations(sorted(net, key=str), 2) if not net.has_edge(*pair)]
    want = {pair: _objective(nx.Graph([*net.edges, pair]), net, objective) for pair in missing}
    rows = table[["source", "target", "after"]].itertuples(index=False, name=None)
    got = {(a, b): after for a, b, after in rows}
    assert got == pytest.approx(want, abs=1e-9)
    if missing:
        assert table["before"].to_numpy() == pytest.approx(_objective(net, net, objective), abs=1e-9)
        ranked = table["after"].round(8)
        assert ranked.is_monotonic_increasing if objective == "mean_distance" else ranked.is_monotonic_decreasing


def _objective(net: nx.Graph, nodes: nx.Graph, objective: str) -> float:
    net.add_nodes_from(nodes) if net is not nodes else None
    if objective == "efficiency":
        return near(net)
    if objective == "mean_distance":
        return nx.average_shortest_path_length(net)
    return float(np.linalg.eigvalsh(nx.laplacian_matrix(net).toarray().astype(float))[1])


def test_equal_eigenvalues_stay_where_they_are() -> None:
    """In a ring of five the second and third are equal, so that no single tie moves the second."""
    ring = graph_of(nx.cycle_graph(5))
    table = what_if(ring, "algebraic_connectivity")
    assert table["change"].to_numpy() == pytest.approx(np.zeros(5), abs=1e-9)
    assert table[["source", "target"]].to_numpy().tolist() == [[0, 2], [0, 3], [1, 3], [1, 4], [2, 4]]


def test_what_cannot_be_asked_is_answered_with_what_can() -> None:
    with pytest.raises(Unusable, match="Known: efficiency, mean_distance, algebraic_connectivity"):
        what_if(samples.kite(), "joy")
    with pytest.raises(Unusable, match="up to 500 nodes, not 501"):
        what_if(samples.star(501))


def test_parallel_ties_and_loops_are_one_and_none() -> None:
    plain = Graph.from_edges(["ab", "bc", "cd", "ca"])
    noisy = Graph.from_edges([("a", "b"), ("b", "a"), ("b", "c"), ("c", "d"), ("c", "a"), ("d", "d"), ("a", "d", 0.0)])
    pd.testing.assert_frame_equal(what_if(noisy), what_if(plain))


@both_ways
def test_the_order_of_nodes_and_edges_does_not_matter(directed: bool) -> None:
    graph = graph_of(random_net(26, directed=directed))
    shuffled = Graph.from_edges(
        graph.edges.sample(frac=1, random_state=1), graph.nodes.sample(frac=1, random_state=2), directed=directed
    )
    pd.testing.assert_frame_equal(what_if(shuffled), what_if(graph), rtol=1e-9)
    pd.testing.assert_frame_equal(
        what_if(shuffled, "algebraic_connectivity"), what_if(graph, "algebraic_connectivity"), rtol=1e-9
    )


def test_networks_without_ties() -> None:
    empty, one, two = (Graph.from_edges(EMPTY, pd.DataFrame({"id": list("ab"[:n])})) for n in range(3))
    assert [len(what_if(graph)) for graph in (empty, one, two)] == [0, 0, 1]
    assert [len(what_if(graph, "mean_distance")) for graph in (empty, one, two)] == [0, 0, 0]
    assert [len(what_if(graph, "algebraic_connectivity")) for graph in (empty, one, two)] == [0, 0, 0]
    assert what_if(two)[["before", "after"]].to_numpy().tolist() == [[0, 1]]


def test_the_card_is_complete() -> None:
    [metric] = NETWORK_METRICS.values()
    for text in (metric.meaning, metric.meaning_it, metric.definition, metric.convention, metric.cost, metric.cite):
        assert text
        assert "\n" not in text
    assert "solate" in metric.convention
    assert metric.oracle
