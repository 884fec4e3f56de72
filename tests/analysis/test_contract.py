"""What holds for every metric, whatever it measures, on every sort of network."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from tsi_graph.analysis import METRICS, NETWORK_METRICS, USUAL, Metric, brokerage, compute, ego, measure, paths
from tsi_graph.analysis.roles import ROLES
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.graph import Graph

ALL = METRICS | NETWORK_METRICS
# Undefined for who has no contact.
NO_CONTACTS = {
    "closeness", "constraint", "effective_size", "efficiency", "hierarchy", "ego_constraint", "ego_effective_size",
    "ego_efficiency", "ego_hierarchy", "bridging", "two_mode_effective_size", "two_mode_constraint",
}  # fmt: skip
# Undefined elsewhere too, as their cards say: outside the largest part, without variance, without chosen nodes ...
ELSEWHERE = {
    "eigenvector", "personal_pagerank", "brokerage_roles_expected", "brokerage_roles_z", "everett_valente",
    "bridging_centrality", "two_mode_degree", "two_mode_closeness", "two_mode_betweenness",
}  # fmt: skip
DRAWN = {"draws": 20, "samples": 50, "runs": 4}
"""Fewer draws than by default, for speed."""
every_metric = pytest.mark.parametrize("name", METRICS)
every_table = pytest.mark.parametrize("name", NETWORK_METRICS)
both_ways = pytest.mark.parametrize("directed", [False, True], ids=["pairs", "arrows"])


def random_graph(n: int, *, directed: bool = False, seed: int = 3, modes: int = 1) -> Graph:
    """About three weighted edges a node, with loops, parallel and two-way ones among them, and isolates."""
    random = np.random.default_rng(seed)
    tied = max(n * 4 // 5, 1)
    source, target = random.integers(0, tied, (2, 3 * n))
    if modes == 2:
        source, target = source // 2 * 2, np.minimum(target // 2 * 2 + 1, max(tied - 1, 0))
        source, target = source[source != target], target[source != target]
        keep = (source % 2 == 0) & (target % 2 == 1)
        source, target = source[keep], target[keep]
    nodes = pd.DataFrame({"id": [f"n{i:06}" for i in range(n)], "sector": random.choice(list("abc"), n)})
    if modes == 2:
        nodes["kind"] = np.where(np.arange(n) % 2 == 0, "Stakeholder", "Project")
    return graph_of(nodes, source, target, random.integers(1, 5, len(source)).astype(float), directed=directed)


def graph_of(
    nodes: pd.DataFrame, source: np.ndarray, target: np.ndarray, weight: np.ndarray, *, directed: bool
) -> Graph:
    ids = nodes["id"].to_numpy()
    edges = pd.DataFrame({"source": ids[source], "target": ids[target], "weight": weight})
    if not len(edges):
        edges = edges.astype({"source": object, "target": object})
    return Graph.from_edges(edges, nodes, directed=directed)


def values(graph: Graph, metric: Metric) -> np.ndarray:
    """What the metric gives, its draws cut down."""
    few = dict.fromkeys(DRAWN, 2) if len(graph) > 10_000 else DRAWN
    given = {key: value for key, value in few.items() if key in metric.options}
    return metric.function(graph, **given)  # type: ignore[no-any-return]


def sorts_of_networks() -> dict[str, Callable[[int], Graph]]:
    """Every sort of network that a metric must take, by name; the argument is the number of modes."""

    def small(edges: list[tuple[int, int]], n: int, directed: bool = False) -> Callable[[int], Graph]:
        def make(modes: int) -> Graph:
            kind = ["Stakeholder" if modes == 1 or i % 2 == 0 else "Project" for i in range(n)]
            nodes = pd.DataFrame({"id": range(n), "sector": [["x", "y", None][i % 3] for i in range(n)], "kind": kind})
            ties = edges if modes == 1 else [(a, b) for a, b in edges if (a + b) % 2]
            ends = np.array(ties, dtype=int).reshape(-1, 2).T
            return graph_of(nodes, *ends, np.ones(len(ties)), directed=directed)

        return make

    circle = [(i, (i + 1) % 6) for i in range(6)]
    return {
        "empty": small([], 0),
        "one node": small([], 1),
        "isolates only": small([], 5),
        "a loop only": small([(0, 0)], 1),
        "one tie": small([(0, 1)], 2),
        "one arrow": small([(0, 1)], 2, directed=True),
        "parallel ties": small([(0, 1), (0, 1), (1, 0)], 3),
        "two parts": small([(0, 1), (1, 2), (3, 4)], 5),
        "a circle": small(circle, 6),
        "a circle of arrows": small(circle, 6, directed=True),
        "complete": small([(i, j) for i in range(6) for j in range(i)], 6),
        "a star and loops": small([(0, i) for i in range(7)] + [(i, i) for i in range(7)], 7),
        "weighted, with all faults": lambda modes: random_graph(80, modes=modes),
        "weighted arrows, with all faults": lambda modes: random_graph(80, directed=True, modes=modes),
        "100,000 nodes": large,
    }


def large(modes: int) -> Graph:
    """A few thousand ties among 1,500 of 100,000 nodes: size without the cost of all pairs."""
    busy = random_graph(1500, modes=modes)
    more = pd.DataFrame({"id": [f"x{i:06}" for i in range(98_500)], "sector": "d", "kind": "Stakeholder"})
    return Graph.from_edges(busy.edges, pd.concat([busy.nodes, more], ignore_index=True))


NETWORKS = sorts_of_networks()


@pytest.fixture(scope="module", params=NETWORKS)
def network(request: pytest.FixtureRequest) -> tuple[str, dict[int, Graph]]:
    return request.param, {modes: NETWORKS[request.param](modes) for modes in (1, 2)}


@every_metric
def test_every_metric_takes_every_sort_of_network(name: str, network: tuple[str, dict[int, Graph]]) -> None:
    """The right shape, nothing infinite, and undefined just where the card says."""
    metric = METRICS[name]
    sort, graphs = network
    graph = graphs[metric.modes]
    got = values(graph, metric)
    assert got.shape == ((len(graph), len(metric.columns)) if metric.columns else (len(graph),))
    assert not np.isinf(got).any()
    undefined = np.isnan(got.astype(float))
    lonely = graph.contacts.degrees == 0
    if name in NO_CONTACTS and not graph.directed:
        assert (undefined == lonely).all(), sort
    elif name not in NO_CONTACTS | ELSEWHERE:
        assert not undefined.any(), sort


@every_table
def test_every_network_metric_takes_every_sort_of_network(name: str, network: tuple[str, dict[int, Graph]]) -> None:
    metric = NETWORK_METRICS[name]
    graph = network[1][metric.modes or 1]
    if name == "what_if" and len(graph) > 500:
        with pytest.raises(Unusable, match="up to 500 nodes, not 100,000"):
            values(graph, metric)
        return
    table = values(graph, metric)
    assert isinstance(table, pd.DataFrame)
    numbers = table.select_dtypes("number").to_numpy(float)
    assert not np.isinf(numbers).any()


@pytest.mark.parametrize("metric", ALL.values(), ids=ALL)
def test_every_metric_says_what_it_is(metric: Metric) -> None:
    for text in (
        metric.meaning, metric.meaning_it, metric.definition, metric.convention, metric.cost, metric.cite,
        metric.oracle,
    ):  # fmt: skip
        assert text
        assert "\n" not in text
        assert "  " not in text
    assert metric.meaning != metric.meaning_it
    assert "solate" in metric.convention
    assert metric.card("it")["meaning"] == metric.meaning_it
    assert set(metric.defaults) == set(metric.options)


def test_no_two_metrics_share_a_name_or_a_column() -> None:
    columns = [column for name, metric in METRICS.items() for column in metric.columns or (name,)]
    assert len(columns) == len(set(columns))
    assert not METRICS.keys() & NETWORK_METRICS.keys()


@every_metric
@both_ways
def test_the_order_of_nodes_and_edges_does_not_matter(name: str, directed: bool) -> None:
    metric = METRICS[name]
    graph = random_graph(60, directed=directed, modes=metric.modes)
    shuffled = Graph.from_edges(
        graph.edges.sample(frac=1, random_state=1), graph.nodes.sample(frac=1, random_state=2), directed=directed
    )
    options = {key: value for key, value in DRAWN.items() if key in metric.options}
    pd.testing.assert_frame_equal(
        compute(shuffled, [name], **options).loc[graph.nodes["id"]],
        compute(graph, [name], **options),
        rtol=1e-9,
        atol=1e-9,
    )


@every_metric
@both_ways
def test_loops_and_ties_of_weight_0_change_nothing(name: str, directed: bool) -> None:
    modes = METRICS[name].modes
    graph = random_graph(40, directed=directed, modes=modes)
    ids = graph.nodes["id"].to_numpy()
    more = pd.DataFrame({"source": ids[[0, 0]], "target": ids[[0, 1]], "weight": [5.0, 0.0]})
    edges = pd.concat([graph.edges[["source", "target", "weight"]], more])
    noisy = Graph.from_edges(edges, graph.nodes, directed=directed)
    if modes == 2:
        noisy = Graph.from_edges(edges.iloc[[*range(len(graph.edges)), -1]], graph.nodes, directed=directed)
    np.testing.assert_array_equal(values(noisy, METRICS[name]), values(graph, METRICS[name]))


@every_metric
@both_ways
def test_parallel_ties_count_as_one_with_their_weights_added(name: str, directed: bool) -> None:
    graph = random_graph(40, directed=directed, modes=METRICS[name].modes)
    once = graph.edges.groupby(["source", "target"], as_index=False)["weight"].sum()
    merged = Graph.from_edges(once, graph.nodes, directed=directed)
    np.testing.assert_array_equal(values(merged, METRICS[name]), values(graph, METRICS[name]))


RELATIVE = {
    "community", "community_certainty", "brokerage_roles_expected", "brokerage_roles_z", "brokerage_roles_p",
    "closeness_scaled", "two_mode_degree", "two_mode_closeness", "two_mode_betweenness", "bridging",
}  # fmt: skip
"""Relative to the number of nodes or of ties of the whole, as their cards say."""


@pytest.mark.parametrize("name", [name for name in METRICS if name not in RELATIVE and METRICS[name].modes == 1])
def test_a_second_component_leaves_the_first_alone(name: str) -> None:
    """PageRank but for its share of the whole."""
    ties, more = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")], [("x", "y")]
    alone, beside = Graph.from_edges(ties), Graph.from_edges(ties + more)
    near = {"nodes": ("a",)} if "nodes" in METRICS[name].options else {}
    first, second = compute(alone, [name], **near), compute(beside, [name], **near).loc[list("abcd")]
    if name == "pagerank":
        first, second = first / first.sum(), second / second.sum()
    pd.testing.assert_frame_equal(second, first, rtol=1e-9)


@pytest.mark.parametrize("name", ALL)
def test_the_same_graph_gives_the_same_bits_twice(name: str) -> None:
    metric = ALL[name]
    first, second = (values(random_graph(200, modes=metric.modes), metric) for _ in range(2))
    if isinstance(first, pd.DataFrame):
        pd.testing.assert_frame_equal(first, second, check_exact=True)
    else:
        assert first.tobytes() == second.tobytes()


def test_the_table_has_the_usual_columns_in_node_order() -> None:
    graph = random_graph(10)
    table = compute(graph)
    assert table.columns.tolist() == list(USUAL)
    assert (table.index.name, table.index.tolist()) == ("id", graph.nodes["id"].tolist())


def test_ids_may_be_numbers_or_text_and_names_a_single_one() -> None:
    mixed = Graph.from_edges([(1, "b"), ("b", 2.5)])
    assert compute(mixed).shape == (3, len(USUAL))
    assert compute(mixed, ["degree"]).index.tolist() == [1, "b", 2.5]
    assert compute(mixed, "degree").columns.tolist() == ["degree"]


def test_what_is_unknown_is_answered_with_what_is_known() -> None:
    with pytest.raises(NotFound, match=r"No metric 'nearness'\. Known: degree, .*, brokerage_roles"):
        compute(random_graph(3), ["degree", "nearness"])
    with pytest.raises(NotFound, match=r"no attribute 'city' .* Known: sector"):
        compute(random_graph(3), ["brokerage_roles"], group="city")
    with pytest.raises(NotFound, match=r"'sizes' of the whole network\. Known: overview"):
        measure(random_graph(3), "sizes")
    with pytest.raises(Unusable, match=r"No option 'group' here\. Known: none"):
        measure(random_graph(3), "bridges", group="sector")


def test_an_option_that_no_metric_takes_is_refused_with_those_that_there_are() -> None:
    graph = random_graph(3)
    with pytest.raises(Unusable, match=r"^No option 'sed' here\. Known: samples, seed\.$"):
        compute(graph, ["degree", "betweenness_sampled"], sed=2)
    with pytest.raises(Unusable, match=r"^No option 'group' here\. Known: none\.$"):
        compute(graph, ["degree"], group="sector")
    assert compute(graph, ["degree", "brokerage_roles"], group="sector").shape == (3, 6)


def test_without_any_attribute_the_roles_are_undefined() -> None:
    table = compute(Graph.from_edges([("a", "b"), ("b", "c")]), [*USUAL, "brokerage_roles"])
    assert table[list(ROLES)].isna().all(axis=None)
    assert not table.drop(columns=list(ROLES)).isna().any(axis=None)


@pytest.mark.parametrize("kept", [paths.distances, brokerage.holes, ego.holes], ids=lambda kept: kept.__module__)
def test_what_is_kept_for_later_cannot_be_changed(kept: Callable[[Graph], tuple[np.ndarray, ...]]) -> None:
    graph = random_graph(20)
    found = kept(graph)
    for array in found:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 99
    assert kept(graph) is found
    assert kept(random_graph(20)) is not found
    table = compute(graph, ["harmonic", "constraint", "ego_constraint"])
    table.iloc[0] = 99
    assert all(array[0] != 99 for array in kept(graph))


def test_of_two_parts_of_one_size_the_smaller_id_decides() -> None:
    ties = [("b", "d"), ("a", "c"), ("e", "f"), ("f", "g"), ("y", "x"), ("x", "z")]
    for table in (ties, ties[::-1]):
        assert compute(Graph.from_edges(table), ["eigenvector"]).dropna().index.sort_values().tolist() == list("efg")
