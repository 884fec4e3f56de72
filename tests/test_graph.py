"""From tables and statements to one matrix."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tsi_graph import samples
from tsi_graph.errors import DataInvalid, NotFound, Unusable
from tsi_graph.graph import PROMOTERS, Graph, View, one_mode


def test_without_direction_every_tie_counts_both_ways_and_parallel_ties_add_up() -> None:
    graph = Graph.from_edges([("a", "b", 2), ("b", "a"), ("b", "c"), ("c", "c")])
    assert graph.adjacency.toarray().tolist() == [[0, 3, 0], [3, 0, 1], [0, 1, 0]]
    directed = Graph.from_edges([("a", "b", 2), ("b", "a")], directed=True)
    assert directed.adjacency.toarray().tolist() == [[0, 2], [1, 0]]


def test_a_node_table_fixes_the_order_and_adds_the_isolated() -> None:
    nodes = pd.DataFrame({"id": [3, 2, 1], "sector": ["x", "y", "z"]})
    graph = Graph.from_edges(pd.DataFrame({"source": [1], "target": [2]}), nodes)
    assert graph.nodes["id"].tolist() == [3, 2, 1]
    assert graph.adjacency.toarray().tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert graph.position(1) == 2
    with pytest.raises(NotFound, match="9"):
        graph.position(9)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("edges", "nodes", "words"),
    [
        ([("a",)], None, "source, target"),
        ([("a", "b", float("nan"))], None, "finite"),
        ([("a", "b", -1)], None, "not negative"),
        (pd.DataFrame({"from": ["a"]}), None, "source and target"),
        ([("a", "b")], pd.DataFrame({"id": ["a"]}), "lacks"),
        ([("a", "b")], pd.DataFrame({"id": ["a", "a", "b"]}), "once"),
    ],
)
def test_tables_that_are_no_graph_are_explained(edges: object, nodes: pd.DataFrame | None, words: str) -> None:
    with pytest.raises(DataInvalid, match=words):
        Graph.from_edges(edges, nodes)  # type: ignore[arg-type]


def test_the_matrix_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        samples.kite().adjacency.data[0] = 5


def test_what_n_bodies_share_is_worth_one_in_n_less_one_to_each_pair() -> None:
    nodes = pd.DataFrame({"id": ["a", "b", "c", "p", "t"], "kind": [*["Stakeholder"] * 3, "Project", "Topic"]})
    ties = [("a", "p"), ("b", "p"), ("c", "p"), ("a", "b"), ("a", "t"), ("b", "t")]
    edges = pd.DataFrame(ties, columns=["source", "target"]).assign(kind="TIE")
    folded = one_mode(Graph.from_edges(edges, nodes))
    assert folded.edges.values.tolist() == [
        ["a", "b", "SHARED|TIE", 1.5],
        ["a", "c", "SHARED", 0.5],
        ["b", "c", "SHARED", 0.5],
    ]
    by_topic = one_mode(Graph.from_edges(edges, nodes), "Topic")
    assert by_topic.edges.values.tolist() == [["a", "b", "SHARED|TIE", 2.0]]


def test_the_torino_data_fold_into_the_published_counts(torino: Graph) -> None:
    """1,804 tied pairs: the figure of the study of pictures, drawn from the same facts."""
    organisations = one_mode(torino)
    assert (len(organisations), len(organisations.edges)) == (355, 1804)
    assert np.all(organisations.edges["source"] < organisations.edges["target"])


@pytest.mark.parametrize("wrong", ["2020-13", "..", "soon", "2021-02-29"])
def test_a_view_of_no_day_is_refused(wrong: str) -> None:
    with pytest.raises(Unusable, match="is no date"):
        View(as_of=wrong)


def test_a_view_of_no_confidence_is_refused() -> None:
    with pytest.raises(Unusable, match="confidence"):
        View(confidence=4)


def test_promoters_are_left_out_whole() -> None:
    from tests.conftest import facts_table
    from tsi_graph.graph import graph_of

    graph = graph_of(facts_table(), View(without=PROMOTERS))
    assert not set(PROMOTERS) & (set(graph.nodes["id"]) | set(graph.edges["source"]) | set(graph.edges["target"]))
    some = graph_of(facts_table(), View(kinds=("Investor", "Network")))
    assert set(some.nodes["kind"]) == {"Investor", "Network"}
    early, late = (len(graph_of(facts_table(), View(as_of=day)).edges) for day in ("2005", "2024"))
    sure = len(graph_of(facts_table(), View(as_of="2025-01-01", sure=True, membership=True)).edges)
    # 23 is also the count of the study of time, made on the same facts
    assert sure == 23
    assert early < late
