"""Counts of what a graph holds."""

from __future__ import annotations

import pandas as pd

from tsi_graph.analysis import summary
from tsi_graph.graph import Graph


def test_summary_counts_sorts_with_their_base_and_what_is_documented() -> None:
    nodes = pd.DataFrame(
        {
            "id": ["a", "b", "i", "n", "f", "p", "m", "t"],
            "kind": ["Stakeholder", "Stakeholder", "Investor", "Network", "Fund", "Project", "Agreement", "Topic"],
        }
    )
    edges = pd.DataFrame(
        [
            ("a", "p", "PARTICIPATES_IN", "2017", "", None, 3),
            ("i", "f", "INVESTS_IN", "", "2019-02", 5e5, 2),
            ("p", "t", "WORKS_ON", "", None, None, 2),
            ("b", "t", "WORKS_ON", None, "", None, 1),
        ],
        columns=["source", "target", "kind", "valid_from", "valid_to", "amount", "confidence"],
    )
    assert summary(Graph.from_edges(edges, nodes, directed=True)) == {
        "nodes": 8,
        "edges": 4,
        "kinds": {
            "Stakeholder": 3, "Investor": 1, "Network": 1, "Fund": 1, "Project": 2, "Agreement": 1, "Topic": 1,
        },
        "edge_kinds": {"WORKS_ON": 2, "INVESTS_IN": 1, "PARTICIPATES_IN": 1},
        "confidence": {"medium": 2, "high": 1, "low": 1},
        "dated": 2,
        "with_amount": 1,
        "tied_organisations": 2,
        "coverage": {
            "organisations with a documented tie": (2, 3),
            "projects with a topic": (1, 2),
            "edges with a date": (2, 4),
            "edges with an amount": (1, 4),
        },
    }  # fmt: skip


def test_summary_of_a_graph_made_by_hand_has_nothing_documented() -> None:
    got = summary(Graph.from_edges([("a", "b")]))
    assert (got["nodes"], got["edges"], got["edge_kinds"], got["confidence"]) == (2, 1, {"EDGE": 1}, {})
    assert (got["dated"], got["with_amount"], got["tied_organisations"]) == (0, 0, 2)
