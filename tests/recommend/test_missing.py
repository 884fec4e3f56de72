"""What is told of each organisation on its own is the same looked up for all at once."""

from __future__ import annotations

from dataclasses import replace

from tests.conftest import facts_table
from tsi_graph.analysis.coverage import beyond_membership
from tsi_graph.graph import DOCUMENTED, MEMBERSHIP, Graph, graph_of
from tsi_graph.recommend.columns import alliance, documented, ids
from tsi_graph.recommend.missing import _facts, _membership


def test_membership_and_facts_are_those_of_the_ties_of_each(torino: Graph) -> None:
    low = graph_of(facts_table(), replace(DOCUMENTED, today="2026-11-25", confidence=1))
    home = torino.view.home
    told = set()
    for node in torino.kinds_of("Stakeholder").nonzero()[0].tolist():
        body = str(ids(torino)[node])
        sure, any_of = (
            one.edges[(one.edges["source"] == body) & one.edges["kind"].isin(MEMBERSHIP) & keep]
            for one, keep in ((torino, documented(torino)), (low, True))
        )
        claimed = "unverified" if any_of["target"].isin(home).any() else "none"
        wanted = "documented" if sure["target"].isin(home).any() else claimed
        assert _membership(torino, low, body) == wanted
        told.add(wanted)
        others = []
        for i, j, counts in zip(*torino.ends, beyond_membership(torino), strict=True):
            if counts and node in (i, j) and not (alliance(torino)[i] or alliance(torino)[j]):
                others.append(j if i == node else i)
        assert _facts(torino, node) == others
    assert told == {"documented", "unverified", "none"}
