"""Values from papers and from the tests of other libraries, on networks small enough to draw."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tsi_graph.analysis import compute
from tsi_graph.analysis.brokerage import constraint, effective_size, efficiency, hierarchy
from tsi_graph.analysis.centrality import degree, pagerank, strength
from tsi_graph.analysis.cohesion import community, component
from tsi_graph.analysis.paths import betweenness, harmonic
from tsi_graph.analysis.roles import ROLES
from tsi_graph.graph import Graph

KITE = "01 02 03 05 13 14 16 23 25 34 35 36 46 56 57 67 78 89"
TWO_K4 = "01 02 03 12 13 23 34 45 56 57 58 67 68 78"
HOLES = "AB2 AF3 AG5 AE2 EG8 FG3 BG4 BD1 DG3 GC10"
FLORENTINE = (
    "Acciaiuoli-Medici Albizzi-Ginori Albizzi-Guadagni Albizzi-Medici Barbadori-Castellani Barbadori-Medici "
    "Bischeri-Guadagni Bischeri-Peruzzi Bischeri-Strozzi Castellani-Peruzzi Castellani-Strozzi Guadagni-Lamberteschi "
    "Guadagni-Tornabuoni Medici-Ridolfi Medici-Salviati Medici-Tornabuoni Pazzi-Salviati Peruzzi-Strozzi "
    "Ridolfi-Strozzi Ridolfi-Tornabuoni"
)


def graph_of(text: str, *, directed: bool = False) -> Graph:
    """Pairs of letters, in the order of the letters; what follows a pair is its weight."""
    edges = [(pair[0], pair[1], float(pair[2:] or 1)) for pair in text.split()]
    nodes = pd.DataFrame({"id": sorted({end for edge in edges for end in edge[:2]})})
    return Graph.from_edges(edges, nodes, directed=directed)


def families() -> Graph:
    edges = [pair.split("-") for pair in FLORENTINE.split()]
    names = sorted({name for pair in edges for name in pair})
    return Graph.from_edges(edges, pd.DataFrame({"id": [*names, "Pucci"]}))


def karate(*, directed: bool) -> Graph:
    """Ties point from the lower to the higher number; sectors are members 1 to 17 and 18 to 34."""
    edges = [(min(a, b) + 1, max(a, b) + 1) for a, b in nx.karate_club_graph().edges]
    nodes = pd.DataFrame({"id": range(1, 35), "sector": ["low"] * 17 + ["high"] * 17})
    return Graph.from_edges(edges, nodes, directed=directed)


def test_kite_betweenness_is_freemans() -> None:
    want = [0.0231, 0.0231, 0, 0.1019, 0, 0.2315, 0.2315, 0.3889, 0.2222, 0]
    np.testing.assert_allclose(betweenness(graph_of(KITE)) / 36, want, atol=5e-5)


def test_kite_constraint_and_hierarchy() -> None:
    want = [0.5412, 0.5412, 0.6641, 0.4702, 0.6641, 0.4451, 0.4451, 0.4311, 0.5, 1]
    np.testing.assert_allclose(constraint(graph_of(KITE)), want, atol=5e-5)
    want = [0.0336, 0.0336, 0.0011, 0.0095, 0.0011, 0.0196, 0.0196, 0.0122, 0, 1]
    np.testing.assert_allclose(hierarchy(graph_of(KITE)), want, atol=5e-5)


def test_florentine_families() -> None:
    table = compute(families(), ["degree", "betweenness", "constraint", "effective_size", "hierarchy"])
    want = {"Medici": 0.209877, "Guadagni": 0.25, "Albizzi": 0.333333, "Strozzi": 0.458333, "Ridolfi": 0.459877}
    want |= {"Tornabuoni": 0.459877, "Bischeri": 0.482253, "Castellani": 0.482253, "Barbadori": 0.5, "Salviati": 0.5}
    want |= {"Peruzzi": 0.655864, "Acciaiuoli": 1, "Ginori": 1, "Lamberteschi": 1, "Pazzi": 1}
    assert table["constraint"].drop("Pucci").to_dict() == pytest.approx(want, abs=5e-7)
    want = {"Medici": 5.6667, "Guadagni": 4, "Albizzi": 3, "Strozzi": 3, "Peruzzi": 1.6667}
    assert table.loc[list(want), "effective_size"].to_dict() == pytest.approx(want, abs=5e-5)
    want = {"Strozzi": 0.0431, "Peruzzi": 0.0366, "Medici": 0.0225}
    assert table.loc[list(want), "hierarchy"].to_dict() == pytest.approx(want, abs=5e-5)
    want = {"Medici": 0.522, "Guadagni": 0.255, "Albizzi": 0.212, "Salviati": 0.143, "Ridolfi": 0.114}
    assert (table.loc[list(want), "betweenness"] / 91).to_dict() == pytest.approx(want, abs=5e-4)
    assert table.loc["Medici", "degree"] == 6
    assert table.loc["Pucci", ["degree", "betweenness"]].tolist() == [0, 0]
    assert table.loc["Pucci", ["constraint", "effective_size", "hierarchy"]].isna().all()


def test_constraint_published_with_igraph() -> None:
    np.testing.assert_allclose(constraint(graph_of("01 02 03 12 13 23")), 0.925926, atol=5e-7)
    want = [0.865741] * 3 + [0.583333, 0.5, 0.583333] + [0.865741] * 3
    np.testing.assert_allclose(constraint(graph_of(TWO_K4)), want, atol=5e-7)
    np.testing.assert_allclose(constraint(graph_of("01 12 23")), [1, 0.5, 0.5, 1])
    np.testing.assert_allclose(constraint(graph_of("01 12 02")), 1.125)


def test_borgattis_example_without_weights() -> None:
    graph = graph_of(" ".join(pair[:2] for pair in HOLES.split()))
    table = compute(graph, ["constraint", "effective_size", "efficiency"])
    assert table.loc[["G", "A", "C"], "constraint"].tolist() == pytest.approx([0.4, 0.595, 1], abs=1e-3)
    assert table.loc[["G", "A", "C"], "effective_size"].tolist() == pytest.approx([4.67, 2.5, 1], abs=5e-3)
    assert table.loc["G", "efficiency"] == pytest.approx(4.67 / 6, abs=1e-3)


def test_borgattis_example_with_weights_follows_burt_and_not_networkx_on_all_nodes() -> None:
    """networkx gives Burt's 5.47 and 2.47 node by node, 5.515 and 2.792 when asked for all nodes at once:
    its matrix is then divided by the largest tie of the third node (columns) instead of the contact's (rows)."""
    table = compute(graph_of(HOLES), ["constraint", "effective_size"])
    assert table.loc[["G", "A", "C"], "constraint"].tolist() == pytest.approx([0.299, 0.795, 1], abs=1e-3)
    assert table.loc[["G", "A", "C"], "effective_size"].tolist() == pytest.approx([5.47, 2.47, 1], abs=5e-3)
    net = nx.Graph()
    net.add_weighted_edges_from((pair[0], pair[1], float(pair[2:])) for pair in HOLES.split())
    want = nx.effective_size(net, nodes=list(net), weight="weight")
    assert table["effective_size"].to_dict() == pytest.approx(want, abs=1e-12)


def test_a_digraph_is_read_with_both_directions_summed() -> None:
    graph = graph_of("01 02 10 21", directed=True)
    assert constraint(graph).tolist() == pytest.approx([1.003, 1.003, 1.389], abs=1e-3)
    assert effective_size(graph).tolist() == pytest.approx([1.167, 1.167, 1], abs=1e-3)


def test_roles_of_the_karate_club_with_arrows() -> None:
    """Published in facebookresearch/dachshund, written against R sna."""
    want = {
        2: (0, 0, 1, 0, 0), 3: (3, 0, 6, 0, 0), 4: (2, 0, 0, 0, 0), 6: (1, 0, 0, 0, 0), 7: (2, 0, 0, 0, 0),
        9: (0, 0, 5, 0, 0), 10: (0, 0, 1, 0, 0), 14: (0, 0, 4, 0, 0), 20: (0, 0, 0, 2, 0), 26: (1, 0, 0, 0, 0),
        28: (1, 0, 0, 1, 0), 29: (0, 0, 0, 2, 0), 30: (1, 0, 0, 0, 0), 31: (0, 0, 0, 2, 0), 32: (5, 0, 0, 2, 0),
        33: (0, 0, 0, 1, 0),
    }  # fmt: skip
    table = compute(karate(directed=True), ["brokerage_roles"])
    got = {node: tuple(row) for node, row in zip(table.index, table.to_numpy(), strict=True) if any(row)}
    assert got == want


def test_roles_of_the_karate_club_by_club_count_each_pair_both_ways() -> None:
    club = nx.karate_club_graph()
    nodes = pd.DataFrame({"id": list(club), "sector": [club.nodes[node]["club"] for node in club]})
    table = compute(Graph.from_edges(list(club.edges), nodes), ["brokerage_roles"])
    assert table.loc[0].tolist() == [174, 0, 15, 15, 0]
    assert table.loc[2].tolist() == [10, 12, 23, 23, 0]
    assert table.loc[33].tolist() == [156, 6, 40, 40, 0]
    assert table.sum().tolist() == [510, 20, 128, 128, 0]


def test_each_role_by_its_smallest_example() -> None:
    for groups, role in {
        "xxx": "coordinator",
        "xyx": "itinerant",
        "xxy": "representative",
        "xyy": "gatekeeper",
        "xyz": "liaison",
    }.items():
        nodes = pd.DataFrame({"id": list("avb"), "sector": list(groups)})
        row = compute(Graph.from_edges(["av", "vb"], nodes, directed=True), ["brokerage_roles"]).loc["v"]
        assert row[row > 0].to_dict() == {role: 1}
        closed = Graph.from_edges(["av", "vb", "ab"], nodes, directed=True)
        assert not compute(closed, ["brokerage_roles"]).to_numpy().any()


def test_nodes_without_a_group_are_a_group_of_their_own() -> None:
    nodes = pd.DataFrame({"id": list("avb"), "sector": [None, " ", np.nan]})
    table = compute(Graph.from_edges(["av", "vb"], nodes, directed=True), ["brokerage_roles"])
    assert table.loc["v"].to_dict() == dict(zip(ROLES, (1, 0, 0, 0, 0), strict=True))


def test_harmonic_counts_steps_towards_the_node_along_arrows() -> None:
    assert harmonic(graph_of("ab bc", directed=True)).tolist() == [0, 1, 1.5]
    assert harmonic(graph_of("ab bc")).tolist() == [1.5, 2, 1.5]


def test_betweenness_counts_ordered_pairs_along_arrows_and_no_ends() -> None:
    assert betweenness(graph_of("ab bc", directed=True)).tolist() == [0, 1, 0]
    assert betweenness(graph_of("ab ba bc cb", directed=True)).tolist() == [0, 2, 0]
    assert betweenness(graph_of("ab bc")).tolist() == [0, 1, 0]


def test_degree_counts_ties_and_strength_their_weight() -> None:
    arrows = graph_of("ab2 ab3 ba4 bb9 bc1", directed=True)
    assert (degree(arrows).tolist(), strength(arrows).tolist()) == ([2, 3, 1], [9, 10, 1])
    pairs = graph_of("ab2 ab3 ba4 bb9 bc1")
    assert (degree(pairs).tolist(), strength(pairs).tolist()) == ([1, 2, 1], [9, 10, 1])


def test_pagerank_and_harmonic_agree_with_networkx_on_a_weighted_digraph_with_dead_ends() -> None:
    graph = graph_of("ab2 bc1 ca3 cd1 da2 be1 af4", directed=True)
    net = nx.DiGraph()
    net.add_nodes_from(graph.ids)
    net.add_weighted_edges_from(graph.edges[["source", "target", "weight"]].to_numpy().tolist())
    assert compute(graph, ["pagerank"])["pagerank"].to_dict() == pytest.approx(nx.pagerank(net, tol=1e-14), abs=1e-12)
    assert pagerank(graph).sum() == pytest.approx(1, abs=1e-14)
    assert compute(graph, ["harmonic"])["harmonic"].to_dict() == pytest.approx(nx.harmonic_centrality(net))


def test_harmonic_agrees_with_networkx_past_one_chunk_of_sources() -> None:
    net = nx.gnp_random_graph(700, 0.004, seed=2, directed=True)
    graph = Graph.from_edges(list(net.edges), pd.DataFrame({"id": range(700)}), directed=True)
    np.testing.assert_allclose(harmonic(graph), list(nx.harmonic_centrality(net).values()), atol=1e-9)


def test_parts_are_numbered_by_size_and_then_by_smallest_id() -> None:
    assert component(graph_of("ab cd de fg")).tolist() == [2, 2, 1, 1, 1, 3, 3]
    assert component(graph_of("ab cd", directed=True)).tolist() == [1, 1, 2, 2]


def test_communities_of_two_cliques() -> None:
    assert community(graph_of("01 02 03 12 13 23 34 45 46 47 56 57 67")).tolist() == [1, 1, 1, 1, 2, 2, 2, 2]


def test_communities_of_the_karate_club_fit_better_than_its_two_clubs() -> None:
    """The clubs reach 0.358235, the best of all partitions 0.419790 (igraph, exact); one run of Louvain 0.394231."""
    graph = karate(directed=False)
    label = community(graph)
    net = nx.Graph(graph.edges[["source", "target"]].to_numpy().tolist())
    groups = [set(graph.ids[label == number]) for number in np.unique(label)]
    assert 0.358235 < nx.community.modularity(net, groups) <= 0.4197896120973047


def test_burts_sums_agree_with_networkx_on_a_weighted_random_network() -> None:
    net = nx.gnp_random_graph(120, 0.12, seed=4, directed=True)
    weight = np.random.default_rng(5).integers(1, 9, net.number_of_edges())
    edges = [(a, b, float(w)) for (a, b), w in zip(net.edges, weight, strict=True)]
    net.add_weighted_edges_from(edges)
    graph = Graph.from_edges(edges, pd.DataFrame({"id": range(120)}), directed=True)
    np.testing.assert_allclose(constraint(graph), list(nx.constraint(net, weight="weight").values()), atol=1e-12)
    size = nx.effective_size(net, nodes=list(net), weight="weight")
    np.testing.assert_allclose(effective_size(graph), list(size.values()), atol=1e-12)
    np.testing.assert_allclose(
        efficiency(graph) * [len(set(nx.all_neighbors(net, v))) for v in net], list(size.values())
    )
