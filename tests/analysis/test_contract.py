"""What holds for every metric, whatever it measures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tsi_graph.analysis import METRICS, Metric, compute
from tsi_graph.analysis.roles import ROLES
from tsi_graph.errors import NotFound
from tsi_graph.graph import Graph

COLUMNS = [
    "degree", "strength", "harmonic", "betweenness", "pagerank", "component", "community",
    "constraint", "effective_size", "efficiency", "hierarchy", *ROLES,
]  # fmt: skip
NO_CONTACTS = ["constraint", "effective_size", "efficiency", "hierarchy"]
every_metric = pytest.mark.parametrize("name", METRICS)
both_ways = pytest.mark.parametrize("directed", [False, True], ids=["pairs", "arrows"])


def random_graph(n: int, *, directed: bool = False, seed: int = 3) -> Graph:
    """About three weighted edges a node, with loops, parallel and two-way ones among them, and isolates."""
    random = np.random.default_rng(seed)
    source, target = random.integers(0, max(n * 4 // 5, 1), (2, 3 * n))
    weight = random.integers(1, 5, 3 * n).astype(float)
    nodes = pd.DataFrame({"id": [f"n{i:04}" for i in range(n)], "sector": random.choice(list("abc"), n)})
    id_of = nodes["id"].to_numpy()
    edges = pd.DataFrame({"source": id_of[source], "target": id_of[target], "weight": weight}) if n else empty_edges()
    return Graph.from_edges(edges, nodes, directed=directed)


def empty_edges() -> pd.DataFrame:
    return pd.DataFrame({"source": pd.Series(dtype=object), "target": pd.Series(dtype=object)})


def test_the_table_has_these_columns_in_node_order() -> None:
    graph = random_graph(10)
    table = compute(graph)
    assert table.columns.tolist() == COLUMNS
    assert (table.index.name, table.index.tolist()) == ("id", graph.nodes["id"].tolist())


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_every_metric_says_what_it_is_in_one_line_a_language(metric: Metric) -> None:
    for text in (metric.meaning, metric.meaning_it, metric.convention, metric.cite):
        assert text
        assert "\n" not in text
    assert metric.meaning != metric.meaning_it
    assert "solates" in metric.convention or "isolate" in metric.convention or "sums to 1" in metric.convention


@every_metric
@both_ways
@pytest.mark.parametrize("n", [0, 1, 2, 10, 1000])
def test_every_metric_gives_each_node_a_number_or_nan(name: str, directed: bool, n: int) -> None:
    graph = random_graph(n, directed=directed)
    values = METRICS[name].function(graph, "sector") if METRICS[name].columns else METRICS[name].function(graph)
    assert values.shape == ((n, len(METRICS[name].columns)) if METRICS[name].columns else (n,))
    assert not np.isinf(values).any()
    lonely = np.asarray(abs(graph.adjacency).sum(axis=0)) + np.asarray(graph.adjacency.sum(axis=1)) == 0
    undefined = np.isnan(values.astype(float))
    assert (undefined == lonely).all() if name in NO_CONTACTS else not undefined.any()


@every_metric
@both_ways
def test_the_order_of_nodes_and_edges_does_not_matter(name: str, directed: bool) -> None:
    graph = random_graph(60, directed=directed)
    shuffled = Graph.from_edges(
        graph.edges.sample(frac=1, random_state=1), graph.nodes.sample(frac=1, random_state=2), directed=directed
    )
    pd.testing.assert_frame_equal(
        compute(shuffled, [name]).loc[graph.nodes["id"]], compute(graph, [name]), rtol=1e-12, atol=1e-12
    )


@every_metric
@both_ways
def test_loops_and_ties_of_weight_0_change_nothing(name: str, directed: bool) -> None:
    graph = random_graph(40, directed=directed)
    ids = graph.nodes["id"].to_numpy()
    more = pd.DataFrame({"source": ids[[0, 1, 2]], "target": ids[[0, 1, 39]], "weight": [5.0, 1.0, 0.0]})
    edges = pd.concat([graph.edges[["source", "target", "weight"]], more])
    noisy = Graph.from_edges(edges, graph.nodes, directed=directed)
    pd.testing.assert_frame_equal(compute(noisy, [name]), compute(graph, [name]))


@every_metric
@both_ways
def test_parallel_ties_count_as_one_with_their_weights_added(name: str, directed: bool) -> None:
    graph = random_graph(40, directed=directed)
    once = graph.edges.groupby(["source", "target"], as_index=False)["weight"].sum()
    merged = Graph.from_edges(once, graph.nodes, directed=directed)
    pd.testing.assert_frame_equal(compute(merged, [name]), compute(graph, [name]))


@pytest.mark.parametrize("name", [name for name in METRICS if name != "community"])
def test_a_second_component_leaves_the_first_alone(name: str) -> None:
    """PageRank but for its share of the whole; not communities, whose modularity is relative to all ties."""
    alone = Graph.from_edges([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")])
    beside = Graph.from_edges([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("x", "y")])
    first, second = compute(alone, [name]), compute(beside, [name]).loc[list("abcd")]
    if name == "pagerank":
        first, second = first / first.sum(), second / second.sum()
    pd.testing.assert_frame_equal(second, first, rtol=1e-9)


@every_metric
def test_the_same_graph_gives_the_same_bits_twice(name: str) -> None:
    first, second = compute(random_graph(300), [name]), compute(random_graph(300), [name])
    assert first.to_numpy().tobytes() == second.to_numpy().tobytes()


def test_ids_may_be_numbers_or_text_and_names_a_single_one() -> None:
    mixed = Graph.from_edges([(1, "b"), ("b", 2.5)])
    assert compute(mixed).shape == (3, len(COLUMNS))
    assert compute(mixed, ["degree"]).index.tolist() == [1, "b", 2.5]
    assert compute(mixed, "degree").columns.tolist() == ["degree"]


def test_an_unknown_metric_is_answered_with_the_known_ones() -> None:
    with pytest.raises(NotFound, match=r"No metric 'closeness'\. Known: degree, .*, brokerage_roles"):
        compute(random_graph(3), ["degree", "closeness"])


def test_an_unknown_group_is_answered_with_the_known_ones() -> None:
    with pytest.raises(NotFound, match=r"no attribute 'city' .* Known: sector"):
        compute(random_graph(3), ["brokerage_roles"], group="city")


def test_without_any_attribute_the_roles_are_undefined() -> None:
    table = compute(Graph.from_edges([("a", "b"), ("b", "c")]))
    assert table[list(ROLES)].isna().all(axis=None)
    assert not table.drop(columns=list(ROLES)).isna().any(axis=None)
