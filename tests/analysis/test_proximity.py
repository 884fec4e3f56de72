"""Pairs without a tie, by what they share."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tsi_graph import samples
from tsi_graph.analysis.proximity import likely_events, likely_ties
from tsi_graph.errors import NotFound
from tsi_graph.graph import Graph


def test_the_kite_gives_the_published_score() -> None:
    """Adamic-Adar of Diane and Heather, who share Fernando and Garth with five contacts each: 2 / ln 5."""
    found = likely_ties(samples.kite(), "Heather")
    assert found.loc[found["target"] == "Diane", "score"].item() == pytest.approx(2 / np.log(5))


@pytest.mark.parametrize("seed", range(200))
def test_scores_are_those_of_networkx(seed: int) -> None:
    net = nx.gnp_random_graph(30, 0.15, seed=seed)
    graph = Graph.from_edges(list(net.edges), pd.DataFrame({"id": list(net)}))
    pairs = list(nx.non_edges(net))
    for by, theirs in (
        ("adamic_adar", nx.adamic_adar_index(net, pairs)),
        ("resource_allocation", nx.resource_allocation_index(net, pairs)),
        ("shared_contacts", ((u, v, len(list(nx.common_neighbors(net, u, v)))) for u, v in pairs)),
    ):
        want = {frozenset((u, v)): score for u, v, score in theirs if score > 0}
        found = likely_ties(graph, limit=1000, by=by)
        got = {frozenset((r.source, r.target)): r.score for r in found.itertuples()}
        assert len(found) == len(got)
        assert got == pytest.approx(want)
        assert found["score"].is_monotonic_decreasing


def test_the_walk_ranks_by_personalised_pagerank() -> None:
    net = nx.karate_club_graph()
    nx.set_edge_attributes(net, 1, "weight")
    graph = Graph.from_edges(list(net.edges), pd.DataFrame({"id": list(net)}))
    found = likely_ties(graph, 0, by="walk", limit=5)
    exact = nx.pagerank(net, personalization={0: 1}, tol=1e-12)
    want = sorted((v for v in net if v != 0 and v not in net[0]), key=lambda v: -exact[v])[:5]
    assert found["target"].tolist() == want
    assert found["score"].tolist() == pytest.approx([exact[v] for v in want], abs=2e-5)


def test_nobody_is_likely_for_who_has_no_tie() -> None:
    graph = Graph.from_edges([("a", "b"), ("b", "c")], pd.DataFrame({"id": list("abcd")}))
    assert likely_ties(graph, "d").empty
    assert likely_ties(graph).to_numpy().tolist() == [["a", "c", 1 / np.log(2)]]
    assert likely_ties(Graph.from_edges([])).empty


def test_projects_of_those_who_share_projects() -> None:
    nodes = pd.DataFrame({"id": list("abpqr"), "kind": ["Stakeholder"] * 2 + ["Project"] * 3})
    graph = Graph.from_edges([("a", "p"), ("b", "p"), ("b", "q"), ("r", "b")], nodes)
    # half of p goes to b, who shares it out over three projects
    assert likely_events(graph, "a").to_numpy().tolist() == [["a", "q", 1 / 6], ["a", "r", 1 / 6]]
    assert likely_events(graph, limit=1).to_numpy().tolist() == [["a", "q", 1 / 6]]
    assert likely_events(graph, "b").empty


def test_what_is_not_known_is_named() -> None:
    with pytest.raises(NotFound, match=r"'cosine' .* Known: adamic_adar"):
        likely_ties(samples.kite(), by="cosine")
    with pytest.raises(NotFound, match="'Zoe'"):
        likely_ties(samples.kite(), "Zoe")
