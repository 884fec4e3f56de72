"""The network as a whole: published numbers, networkx on random networks, and edge cases drawn by hand."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tsi_graph import samples
from tsi_graph.analysis import key_players
from tsi_graph.analysis import robustness as module
from tsi_graph.analysis.robustness import (
    NETWORK_METRICS,
    algebraic_connectivity,
    bridges,
    diameter,
    efficiency,
    overview,
    robustness,
    what_if,
)
from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph, one_mode

EMPTY = pd.DataFrame({"source": pd.Series(dtype=object), "target": pd.Series(dtype=object)})
both_ways = pytest.mark.parametrize("directed", [False, True], ids=["pairs", "arrows"])


def graph_of(net: nx.Graph) -> Graph:
    return Graph.from_edges(list(net.edges) or EMPTY, pd.DataFrame({"id": list(net)}), directed=net.is_directed())


def random_net(seed: int, *, directed: bool = False) -> nx.Graph:
    """Some of them connected, most not."""
    n = 5 + seed % 30
    return nx.gnp_random_graph(n, (1.5 + seed % 3) / n, seed=seed, directed=directed)


def numbers(graph: Graph) -> dict[str, float]:
    return overview(graph).set_index("measure")["value"].to_dict()


def near(net: nx.Graph) -> float:
    """The mean of 1/d over ordered pairs, the slow way."""
    n = len(net)
    total = sum(1 / d for _, far in nx.all_pairs_shortest_path_length(net) for d in far.values() if d)
    return total / (n * (n - 1)) if n > 1 else np.nan


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


def test_the_bridges_of_the_florentine_families() -> None:
    table = bridges(samples.florentine())
    assert table.drop(columns=["source_name", "target_name"]).to_numpy().tolist() == [
        ["Medici", "Salviati", 13, 2],
        ["Acciaiuoli", "Medici", 1, 14],
        ["Albizzi", "Ginori", 14, 1],
        ["Guadagni", "Lamberteschi", 14, 1],
        ["Pazzi", "Salviati", 1, 14],
    ]


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


@pytest.mark.parametrize("seed", range(40))
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
    with pytest.raises(Unusable, match="Known: efficiency, mean_distance, algebraic_connectivity"):
        what_if(samples.kite(), "joy")
    with pytest.raises(Unusable, match="up to 500 nodes, not 501"):
        what_if(samples.star(501))


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


@pytest.mark.parametrize("objective", module.OBJECTIVES)
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
    monkeypatch.setattr(key_players, "EXACT", 300)
    monkeypatch.setattr(key_players, "SOURCES", 100)
    table = overview(graph_of(net)).set_index("measure")
    assert table.index[~table["exact"]].tolist() == ["mean_distance", "efficiency"]
    assert table["value"].to_dict() == pytest.approx(exact, rel=0.05)
    assert table.loc[table["exact"], "value"].to_dict() == {name: exact[name] for name in table.index[table["exact"]]}


def test_parallel_ties_and_loops_are_one_and_none() -> None:
    plain = Graph.from_edges(["ab", "bc", "cd", "ca"])
    noisy = Graph.from_edges([("a", "b"), ("b", "a"), ("b", "c"), ("c", "d"), ("c", "a"), ("d", "d"), ("a", "d", 0.0)])
    for measure in (overview, robustness, bridges, what_if):
        pd.testing.assert_frame_equal(measure(noisy), measure(plain))


@both_ways
def test_the_order_of_nodes_and_edges_does_not_matter(directed: bool) -> None:
    graph = graph_of(random_net(26, directed=directed))
    shuffled = Graph.from_edges(
        graph.edges.sample(frac=1, random_state=1), graph.nodes.sample(frac=1, random_state=2), directed=directed
    )
    for measure in (overview, robustness, bridges, what_if):
        pd.testing.assert_frame_equal(measure(shuffled), measure(graph), rtol=1e-9)
    for options in ({"by": "random"}, {"by": "degree", "recompute": True}):
        pd.testing.assert_frame_equal(robustness(shuffled, **options), robustness(graph, **options), rtol=1e-9)
    pd.testing.assert_frame_equal(
        what_if(shuffled, "algebraic_connectivity"), what_if(graph, "algebraic_connectivity"), rtol=1e-9
    )


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
    for graph in (empty, one, two):
        assert bridges(graph).columns.tolist() == [
            "source", "target", "source_name", "target_name", "source_side", "target_side",
        ]  # fmt: skip
        assert len(bridges(graph)) == 0
        assert len(robustness(graph)) == min(len(graph), 1) + 1
    assert [len(what_if(graph)) for graph in (empty, one, two)] == [0, 0, 1]
    assert [len(what_if(graph, "mean_distance")) for graph in (empty, one, two)] == [0, 0, 0]
    assert [len(what_if(graph, "algebraic_connectivity")) for graph in (empty, one, two)] == [0, 0, 0]
    assert what_if(two)[["before", "after"]].to_numpy().tolist() == [[0, 1]]


def test_the_torino_network(torino: Graph) -> None:
    graph = one_mode(torino)
    got = numbers(graph)
    net = nx.Graph(graph.edges[["source", "target"]].to_numpy().tolist())
    net.add_nodes_from(graph.ids)
    assert got["efficiency"] == pytest.approx(nx.global_efficiency(net), abs=1e-9)
    assert got["bridges"] == len(list(nx.bridges(net))) == len(bridges(graph))
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
