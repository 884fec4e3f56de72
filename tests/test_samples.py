"""The small networks are the published ones; networkx and the shared edge lists are the oracles."""

import csv

import networkx as nx
import numpy as np
import pytest

from tsi_graph import samples
from tsi_graph.graph import Graph


def pairs(graph: Graph) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in zip(graph.edges["source"], graph.edges["target"], strict=True)}


CLASSICS = [("krackhardt_kite", samples.kite), ("florentine", samples.florentine), ("karate", samples.karate)]


@pytest.mark.parametrize(("folder", "sample"), CLASSICS, ids=[name for name, _ in CLASSICS])
def test_the_classics_have_the_edges_of_the_shared_lists(folder, sample, shared):
    with (shared / "sna-classics" / folder / "edges.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row.get("relation", "marriage") == "marriage"]
    assert len(sample().edges) == len(rows)
    assert pairs(sample()) == {frozenset((row["source"], row["target"])) for row in rows}


def test_florentine_is_the_marriage_network_of_networkx():
    assert pairs(samples.florentine()) == {frozenset(edge) for edge in nx.florentine_families_graph().edges}
    assert len(samples.florentine()) == 15


def test_karate_and_its_split_are_those_of_networkx():
    club = nx.karate_club_graph()
    assert pairs(samples.karate()) == {frozenset((str(i + 1), str(j + 1))) for i, j in club.edges}
    assert samples.karate().nodes["club"].tolist() == [club.nodes[i]["club"] for i in range(34)]


def test_kite_is_the_kite_of_networkx():
    ours = nx.Graph(tuple(pair) for pair in pairs(samples.kite()))
    assert nx.is_isomorphic(ours, nx.krackhardt_kite_graph())


@pytest.mark.parametrize("n", [1, 2, 10])
def test_a_star_has_one_centre(n):
    degrees = samples.star(n).adjacency.sum(axis=1)
    assert np.array_equal(degrees, [n - 1] + [1] * (n - 1))


def test_two_cliques_share_one_tie():
    graph = samples.two_cliques(4)
    across = [tuple(sorted(pair)) for pair in pairs(graph) if len({node[0] for node in pair}) == 2]
    assert (len(graph), len(graph.edges), across) == (8, 13, [("a1", "b1")])
    assert graph.nodes["group"].tolist() == ["a"] * 4 + ["b"] * 4


def test_the_shipped_folders_are_there():
    assert sorted(file.name for file in samples.torino().iterdir()) == [
        "README.md",
        "check.py",
        "funds.csv",
        "networks.csv",
        "organisations.csv",
        "projects.csv",
        "ties.csv",
        "topics.csv",
    ]
    assert sorted(file.name for file in samples.additions().iterdir()) == [
        "README.md",
        "networks.csv",
        "organisations.csv",
        "projects.csv",
    ]
