"""What sets are worth: published values of given sets, and the same answer looked at alone or with all others."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tests.analysis.networks import both_ways, figure_8, random_case
from tsi_graph.analysis.goals import DistanceFragment, DistanceReach, Reach
from tsi_graph.analysis.key_players import GOALS, _goal, key_players
from tsi_graph.analysis.residual import Ways, fragmentation
from tsi_graph.graph import Graph


def test_figure_8_without_three_given_nodes() -> None:
    """Set {HS, HA, GM}: F .44335, dF .74676, 2-reach 18, dR .50417 without the set."""
    graph = figure_8()
    chosen = [graph.position(node) for node in ("HS", "HA", "GM")]
    assert fragmentation(graph.contacts, chosen) == pytest.approx(0.44335, abs=5e-6)
    ways = Ways(graph.sent, symmetric=True)
    assert DistanceFragment(ways, 3).value(chosen) == pytest.approx(0.74676, abs=5e-6)
    assert Reach(graph.sent, 2).value(chosen) == 18
    assert DistanceReach(ways, 3).value(chosen) - 3 / 32 == pytest.approx(0.50417, abs=5e-6)


def test_distance_fragmentation_with_weights_is_that_of_the_r_package() -> None:
    """keyplayer, R Journal 2016-018: `fragment(A)` with A = 1/W, which divides by the largest 1/d."""
    strength = [(1, 2, 1), (1, 3, 3), (2, 4, 4), (3, 1, 1), (3, 2, 1), (3, 4, 2), (4, 5, 3), (5, 2, 2)]
    graph = Graph.from_edges(strength, pd.DataFrame({"id": range(1, 6)}), directed=True)
    goal = DistanceFragment(Ways(graph.sent, symmetric=False, weighted=True), 1)
    published = [0.6365079, 0.7446429, 0.6733500, 0.8333333, 0.7250000]
    assert goal.after([]).tolist() == pytest.approx(published, abs=5e-8)
    best = key_players(graph, 1, "distance_fragment", weighted=True)
    assert best[["id", "after"]].to_numpy().tolist() == [[4, pytest.approx(0.8333333, abs=5e-8)]]


@pytest.mark.parametrize("goal", GOALS)
@both_ways
def test_one_more_is_worth_the_same_looked_at_alone_or_with_all_others(goal: str, directed: bool) -> None:
    graph, _ = random_case(9, 12, directed=directed)
    found = _goal(graph, np.argsort(graph.ids.astype(str)), goal, 3, 2, weighted=False)
    worth = found.after([3, 7])
    looked_at = np.flatnonzero(np.isfinite(worth)).tolist()
    assert worth[looked_at].tolist() == pytest.approx([found.value([3, 7, node]) for node in looked_at], abs=1e-12)
    assert np.isnan(worth[[3, 7]]).all()
    assert np.isnan(found.after([3, 7], first=5)[:5]).all()
    best = max(found.value([3, 7, node]) for node in range(12) if node not in (3, 7))
    assert np.nanmax(worth) == pytest.approx(best, abs=1e-12)


def test_whoever_reaches_most_in_two_steps_is_found_without_looking_at_all() -> None:
    """A hub of 3,000: most nodes cannot be best, and are not looked at."""
    net = nx.barabasi_albert_graph(3000, 2, seed=4)
    graph = Graph.from_edges(list(net.edges), pd.DataFrame({"id": range(3000)}))
    goal = Reach(graph.sent, 2)
    seen = np.isfinite(goal.after([]))
    table = key_players(graph, 1, "reach")
    assert seen.sum() < 300
    sizes = {node: len(nx.single_source_shortest_path_length(net, node, cutoff=2)) - 1 for node in net}
    assert table["value"][0] == max(sizes.values()) == sizes[table["id"][0]]
