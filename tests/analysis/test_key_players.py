"""Key players: the published sets, every set of random networks tried with networkx, and edge cases."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tsi_graph import kernels, samples
from tsi_graph.analysis import key_players as module
from tsi_graph.analysis.key_players import (
    GOALS,
    NETWORK_METRICS,
    DistanceFragment,
    Ways,
    fragmentation,
    key_players,
    pairs_without_each,
)
from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph, one_mode

# The 32 nodes and 56 ties of pyntacle's `figure_8` (mazzalab/pyntacle, Documentation/source/_static/figure_8.egl),
# by its name and labels figure 8 of Borgatti 2006; what it should give is in pyntacletests/test_sets.
FIGURE_8 = (
    "HS-PS HS-KR BR-WD BR-KR BR-GM BR-BS3 WD-PS WD-KR WD-GM WD-BS3 WD-SF WD-HA PS-WS PS-KR PS-GM PS-BS3 WS-KR WS-GM "
    "WS-BS3 KR-GM KR-BS3 KR-SF KR-JE GM-BS3 GM-SF BS3-SF BS3-JE BS3-LR GS-DI DI-KA DI-HA KA-PH DB-BW BW-PH BW-BM PH-BM "
    "PH-SR BM-HA BM-LK BM-CR BM-SR SR-HB HB-TO HB-CD HB-NP HB-EE TO-MJ TO-BS TO-NP MJ-BS WL-CD CD-BS CD-NP BS-NP "
    "NP-BS2 BS2-MG"
)
TIES = [tuple(tie.split("-")) for tie in FIGURE_8.split()]
EMPTY = pd.DataFrame({"source": pd.Series(dtype=object), "target": pd.Series(dtype=object)})
every_goal = pytest.mark.parametrize("goal", GOALS)
both_ways = pytest.mark.parametrize("directed", [False, True], ids=["pairs", "arrows"])


def figure_8() -> Graph:
    return Graph.from_edges(TIES)


def random_case(seed: int, n: int, *, directed: bool = False) -> tuple[Graph, nx.Graph]:
    net = nx.gnp_random_graph(n, 2 / n, seed=seed, directed=directed)
    return Graph.from_edges(list(net.edges) or EMPTY, pd.DataFrame({"id": range(n)}), directed=directed), net


def near(net: nx.Graph, weight: str | None = None) -> float:
    """The mean of 1/d over ordered pairs, the slow way."""
    n, total = len(net), 0.0
    for _, far in nx.all_pairs_dijkstra_path_length(net, weight=weight or (lambda *_: 1)):
        total += sum(1 / d for d in far.values() if d > 0)
    return total / (n * (n - 1))


def worth(net: nx.Graph, chosen: set[object], goal: str, steps: int = 2) -> float:
    """What a set is worth by definition."""
    rest = net.subgraph(set(net) - chosen)
    n = len(rest)
    if goal == "fragment":
        parts = nx.weakly_connected_components(rest) if rest.is_directed() else nx.connected_components(rest)
        return 1 - sum(len(part) * (len(part) - 1) for part in parts) / (n * (n - 1))
    if goal == "distance_fragment":
        return 1 - near(rest)
    far = nx.multi_source_dijkstra_path_length(net, chosen, weight=lambda *_: 1)
    if goal == "reach":
        return sum(node not in chosen and d <= steps for node, d in far.items())
    return sum(1 / max(d, 1) for d in far.values()) / len(net)


def test_figure_8_is_whole_before_anybody_goes() -> None:
    graph = figure_8()
    assert (len(graph), len(graph.edges)) == (32, 56)
    assert key_players(graph, 1, "fragment")["before"].tolist() == [0]
    assert key_players(graph, 1, "distance_fragment")["before"].tolist() == pytest.approx([0.64755], abs=5e-6)


@pytest.mark.parametrize(
    ("goal", "size", "value", "sets"),
    [
        ("fragment", 2, 0.70575, ["HA HB", "HB WD"]),
        ("distance_fragment", 2, 0.81506, ["HB WD"]),
        ("reach", 2, 25, ["HA NP"]),
        # pyntacle's .64062 is .70313 with the two of the set counted at distance 1
        ("distance_reach", 2, 0.70313, ["BS3 HB", "HB KR"]),
        ("fragment", 3, 0.75123, ["BM HB WD", "HA HB PH"]),
        ("distance_fragment", 3, 0.84035, ["BM HB WD"]),
        ("distance_reach", 3, 0.85417, ["BM BS3 NP", "BM KR NP"]),
    ],
)
def test_figure_8_has_the_best_sets_that_pyntacle_publishes(
    goal: str, size: int, value: float, sets: list[str]
) -> None:
    """By brute force, in pyntacletests/test_sets; for three nodes in specs/metrics.md 2.5."""
    table = key_players(figure_8(), size, goal)
    assert " ".join(sorted(table["id"])) in sets
    # of equal sets the first by id
    assert " ".join(sorted(table["id"])) == sets[0]
    assert table["value"].tolist() == pytest.approx([value] * size, abs=6e-6)
    assert table["exact"].all()
    assert set(table["search"]) == {"all 496 sets" if size == 2 else "all 4,960 sets"}


def test_the_three_readings_of_dr() -> None:
    """specs/metrics.md 2.5 for {BS3, HB}: the set dropped, counted at distance 1 (ours), those outside alone."""
    ours = key_players(figure_8(), 2, "distance_reach")["value"][0]
    assert ours == pytest.approx(0.70313, abs=6e-6)
    assert ours - 2 / 32 == pytest.approx(0.64062, abs=1e-5)
    assert (ours * 32 - 2) / 30 == pytest.approx(0.68333, abs=5e-6)


def test_figure_8_without_three_given_nodes() -> None:
    """Set {HS, HA, GM}: F .44335, dF .74676, 2-reach 18, dR .50417 without the set."""
    graph = figure_8()
    chosen = [graph.position(node) for node in ("HS", "HA", "GM")]
    assert fragmentation(graph.contacts, chosen) == pytest.approx(0.44335, abs=5e-6)
    ways = Ways(graph.sent, symmetric=True)
    assert DistanceFragment(ways, 3).value(chosen) == pytest.approx(0.74676, abs=5e-6)
    assert module.Reach(graph.sent, 2).value(chosen) == 18
    assert module.DistanceReach(ways, 3).value(chosen) - 3 / 32 == pytest.approx(0.50417, abs=5e-6)


def test_distance_fragmentation_with_weights_is_that_of_the_r_package() -> None:
    """keyplayer, R Journal 2016-018: `fragment(A)` with A = 1/W, which divides by the largest 1/d."""
    strength = [(1, 2, 1), (1, 3, 3), (2, 4, 4), (3, 1, 1), (3, 2, 1), (3, 4, 2), (4, 5, 3), (5, 2, 2)]
    graph = Graph.from_edges(strength, pd.DataFrame({"id": range(1, 6)}), directed=True)
    goal = DistanceFragment(Ways(graph.sent, symmetric=False, weighted=True), 1)
    published = [0.6365079, 0.7446429, 0.6733500, 0.8333333, 0.7250000]
    assert goal.after([]).tolist() == pytest.approx(published, abs=5e-8)
    best = key_players(graph, 1, "distance_fragment", weighted=True)
    assert best[["id", "after"]].to_numpy().tolist() == [[4, pytest.approx(0.8333333, abs=5e-8)]]


def test_weights_that_are_all_equal_change_nothing() -> None:
    equal = Graph.from_edges([(*tie, 7.0) for tie in TIES])
    for goal in ("distance_fragment", "distance_reach"):
        got = key_players(equal, 2, goal, weighted=True)
        pd.testing.assert_frame_equal(got, key_players(figure_8(), 2, goal))


@both_ways
@pytest.mark.parametrize("seed", range(9))
@every_goal
def test_no_set_is_better_than_an_exact_one(goal: str, seed: int, directed: bool) -> None:
    """72 cases, every set by definition with networkx; of equal sets the first."""
    graph, net = random_case(seed, 8 + seed % 4, directed=directed)
    size, steps = 1 + seed % 3, 1 + seed % 2
    table = key_players(graph, size, goal, steps)
    values = {chosen: worth(net, set(chosen), goal, steps) for chosen in combinations(sorted(net, key=str), size)}
    best = max(values.values())
    assert table["exact"].all()
    assert table["value"][0] == pytest.approx(best, abs=1e-9)
    first = next(chosen for chosen, value in values.items() if value > best - 1e-9)
    assert sorted(table["id"], key=str) == list(first)
    # and each step along the way is worth what it says
    steps_there = [worth(net, set(table["id"][: k + 1]), goal, steps) for k in range(size)]
    assert table["after"].tolist() == pytest.approx(steps_there, abs=1e-9)
    assert table["before"][1:].tolist() == table["after"][:-1].tolist()


@pytest.mark.parametrize("seed", range(50))
def test_what_is_left_without_each_node_is_found_in_one_walk(seed: int) -> None:
    graph, net = random_case(seed, 3 + seed)
    want = [
        sum(len(part) * (len(part) - 1) for part in nx.connected_components(net.subgraph(set(net) - {node})))
        for node in net
    ]
    assert pairs_without_each(graph.contacts).tolist() == want


@every_goal
def test_the_search_by_swaps_comes_near_the_best_set(goal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On figure 8, where it may not look at every set: within 2 % for fragments and reach, as Borgatti's does."""
    exact = key_players(figure_8(), 3, goal)
    monkeypatch.setattr(module, "EXHAUSTIVE", 0)
    found = key_players(figure_8(), 3, goal)
    assert not found["exact"].any()
    assert set(found["search"]) == {"greedy, then swaps"}
    assert exact["value"][0] * 0.98 <= found["value"][0] <= exact["value"][0] + 1e-12
    # nobody outside can replace a member and make it better
    net = nx.Graph(TIES)
    members = set(found["id"])
    for gone in members:
        for new in set(net) - members:
            assert worth(net, members - {gone} | {new}, goal) <= found["value"][0] + 1e-9


@every_goal
@both_ways
def test_one_more_is_worth_the_same_looked_at_alone_or_with_all_others(goal: str, directed: bool) -> None:
    graph, _ = random_case(9, 12, directed=directed)
    found = module._goal(graph, np.argsort(graph.ids.astype(str)), goal, 3, 2, weighted=False)
    worth = found.after([3, 7])
    looked_at = np.flatnonzero(np.isfinite(worth)).tolist()
    assert worth[looked_at].tolist() == pytest.approx([found.value([3, 7, node]) for node in looked_at], abs=1e-12)
    assert np.isnan(worth[[3, 7]]).all()
    assert np.isnan(found.after([3, 7], first=5)[:5]).all()
    best = max(found.value([3, 7, node]) for node in range(12) if node not in (3, 7))
    assert np.nanmax(worth) == pytest.approx(best, abs=1e-12)


def test_swaps_undo_a_greedy_first_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """g reaches five, three of a's four and two of b's four: with it there are seven, with a and b eight."""
    reached = {"g": "12356", "a": "1234", "b": "5678"}
    graph = Graph.from_edges([(one, other) for one, others in reached.items() for other in others], directed=True)
    monkeypatch.setattr(module, "EXHAUSTIVE", 0)
    goal = module.Reach(graph.sent, 1)
    greedy = module._greedy(goal, 2)
    assert (graph.ids[greedy].tolist(), goal.value(greedy)) == (["g", "b"], 7)
    table = key_players(graph, 2, "reach", steps=1)
    assert table[["id", "after"]].to_numpy().tolist() == [["a", 4], ["b", 8]]


def test_on_large_networks_the_distance_goals_look_at_the_nodes_of_highest_degree(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "CANDIDATES", (2, 5))
    table = key_players(figure_8(), 2, "distance_fragment")
    assert set(table["search"]) == {"all 10 sets among the 5 of highest degree"}
    assert not table["exact"].any()
    degree = pd.Series(figure_8().contacts.degrees, index=figure_8().ids).sort_values(ascending=False, kind="stable")
    assert (degree[table["id"]] >= degree.iloc[4]).all()
    monkeypatch.setattr(module, "EXHAUSTIVE", 0)
    monkeypatch.setattr(module, "EXACT", 20)
    monkeypatch.setattr(module, "SOURCES", 16)
    table = key_players(figure_8(), 2, "distance_fragment")
    assert set(table["search"]) == {"greedy, then swaps among the 5 of highest degree, distances from 16 nodes"}
    assert table["value"][0] == pytest.approx(0.81506, abs=0.05)


def test_whoever_reaches_most_in_two_steps_is_found_without_looking_at_all() -> None:
    """A hub of 3,000: most nodes cannot be best, and are not looked at."""
    net = nx.barabasi_albert_graph(3000, 2, seed=4)
    graph = Graph.from_edges(list(net.edges), pd.DataFrame({"id": range(3000)}))
    goal = module.Reach(graph.sent, 2)
    seen = np.isfinite(goal.after([]))
    table = key_players(graph, 1, "reach")
    assert seen.sum() < 300
    sizes = {node: len(nx.single_source_shortest_path_length(net, node, cutoff=2)) - 1 for node in net}
    assert table["value"][0] == max(sizes.values()) == sizes[table["id"][0]]


def test_arrows_are_followed_away_from_the_set() -> None:
    graph = Graph.from_edges(["ab", "ac", "bd"], directed=True)
    assert key_players(graph, 1, "reach", 1)[["id", "value"]].to_numpy().tolist() == [["a", 2]]
    assert key_players(graph, 1, "distance_reach")[["id", "value"]].to_numpy().tolist() == [["a", 3.5 / 4]]
    # fragment asks who hangs together at all: without a or b one of the three left is alone
    assert key_players(graph, 1, "fragment")[["id", "value"]].to_numpy().tolist() == [["a", pytest.approx(2 / 3)]]


def test_an_isolate_may_be_chosen_to_be_reached_but_breaks_nothing() -> None:
    graph = Graph.from_edges(["ab"], pd.DataFrame({"id": list("abz")}))
    reach = key_players(graph, 2, "distance_reach")
    assert reach[["id", "after"]].to_numpy().tolist() == [["a", pytest.approx(2 / 3)], ["z", 1]]
    assert key_players(graph, 1, "fragment")[["id", "before", "after"]].to_numpy().tolist() == [
        ["a", pytest.approx(2 / 3), 1]
    ]


@every_goal
@both_ways
def test_the_order_of_nodes_and_edges_and_noise_do_not_matter(goal: str, directed: bool) -> None:
    graph, _ = random_case(5, 30, directed=directed)
    noise = pd.DataFrame({"source": [1, 2, 3], "target": [1, 2, 4], "weight": [9.0, 1, 0]})
    edges = pd.concat([graph.edges, graph.edges[:7], noise]).sample(frac=1, random_state=1)
    shuffled = Graph.from_edges(edges, graph.nodes.sample(frac=1, random_state=2), directed=directed)
    pd.testing.assert_frame_equal(key_players(shuffled, 2, goal), key_players(graph, 2, goal))


@every_goal
def test_small_networks(goal: str) -> None:
    columns = ["order", "id", "name", "before", "after", "value", "exact", "search"]
    empty = key_players(Graph.from_edges(EMPTY), 3, goal)
    assert (empty.columns.tolist(), len(empty)) == (columns, 0)
    one = key_players(Graph.from_edges(EMPTY, pd.DataFrame({"id": ["a"]})), 3, goal)
    isolates = key_players(Graph.from_edges(EMPTY, pd.DataFrame({"id": list("abcd")})), 3, goal)
    if goal in ("fragment", "distance_fragment"):
        assert len(one) == 0
        assert isolates[["id", "value"]].to_numpy().tolist() == [["a", 1], ["b", 1]]
    else:
        assert one["id"].tolist() == ["a"]
        assert one["value"].tolist() == [0 if goal == "reach" else 1]
        assert isolates["id"].tolist() == list("abc")
        assert isolates["value"].tolist() == [0 if goal == "reach" else 3 / 4] * 3


def test_what_cannot_be_asked_is_answered_with_what_can() -> None:
    with pytest.raises(Unusable, match="Known: fragment, distance_fragment, reach, distance_reach"):
        key_players(figure_8(), goal="power")
    with pytest.raises(Unusable, match="at least 1, not 0 and 2"):
        key_players(figure_8(), 0)


@every_goal
def test_the_torino_network_has_key_players_in_seconds(goal: str, torino: Graph) -> None:
    graph = one_mode(torino)
    table = key_players(graph, 3, goal)
    assert len(table) == 3
    assert table["after"].is_monotonic_increasing
    net = nx.Graph(graph.edges[["source", "target"]].to_numpy().tolist())
    net.add_nodes_from(graph.ids)
    assert table["value"][0] == pytest.approx(worth(net, set(table["id"]), goal), abs=1e-9)


def test_nodes_that_have_gone_stay_as_isolates() -> None:
    graph = samples.kite()
    rest = module.without(graph.sent, [graph.position("Diane")])
    want = kernels.build(10, *(graph.contacts.matrix() * 0 + rest.matrix()).nonzero(), symmetric=False)
    assert rest.indices.tolist() == want.indices.tolist()
    assert rest.degrees[graph.position("Diane")] == 0
    assert rest.degrees.sum() == 2 * (18 - 6)


def test_the_card_is_complete() -> None:
    [metric] = NETWORK_METRICS.values()
    for text in (metric.meaning, metric.meaning_it, metric.definition, metric.convention, metric.cost, metric.cite):
        assert text
        assert "\n" not in text
    assert "solate" in metric.convention
    assert metric.oracle
    assert ".70313" in metric.differs
