"""Where a body stands, on networks small enough to draw."""

from __future__ import annotations

import pandas as pd

from tsi_graph.graph import STRUCTURE, Graph
from tsi_graph.recommend.position import position


def graph_of(ties: str, **sectors: str) -> Graph:
    """Organisations of these sectors, each two named together tied by a collaboration."""
    pairs = [(a, b) for a, b in (tie for tie in ties.split())]
    nodes = pd.DataFrame({"id": [*sectors], "name": [one.upper() for one in sectors], "sector": [*sectors.values()]})
    edges = pd.DataFrame(pairs, columns=["source", "target"]).assign(kind="PARTNER_OF")
    return Graph.from_edges(edges, nodes)


def test_a_bridge_joins_the_sectors_that_meet_through_it_and_holds_those_beyond() -> None:
    graph = graph_of("ab ac bc cd ce de df", a="bank", b="bank", c="company", d="university", e="other", f="bank")
    found = position(graph, "d", "en")
    assert found is not None
    assert (found.rank, found.of, found.contacts, found.cut_off) == (2, 6, 3, ("f",))
    assert found.bridge == ("bank", "company")
    assert found.sentences == (
        "It is a bridge between banks and companies.",
        "It ranks 2 of 6 in the ecosystem by connections passing through it, promoters left out.",
        "If it stopped, 1 organisation would be cut off: F.",
    )


def test_who_stands_on_no_way_is_no_passage_point() -> None:
    found = position(graph_of("ab bc", a="bank", b="bank", c="bank"), "a", "it")
    assert found is not None
    assert (found.rank, found.bridge, found.cut_off) == (None, (), ())
    assert found.sentences == ("Non è un punto di passaggio: si può raggiungere chiunque anche senza di lei.",)


def test_of_who_has_no_tie_nothing_is_told() -> None:
    found = position(graph_of("ab", a="bank", b="bank", c="bank"), "c", "en")
    assert found is not None
    assert found.sentences == ("No documented tie beyond membership: its position cannot be told.",)


def test_up_to_four_are_named_and_the_others_counted() -> None:
    told = []
    for leaves in ("abcd", "abcde", "abcdef"):
        ties = " ".join(f"h{leaf}" for leaf in leaves)
        found = position(graph_of(f"{ties} hx xy yz", **dict.fromkeys(f"h{leaves}xyz", "bank")), "h", "it")
        assert found is not None
        assert found.cut_off == tuple(leaves)
        told.append(found.sentences[-1].split(": ")[1])
    assert told == ["A, B, C e D.", "A, B, C e altre 2.", "A, B, C, D e altre 2."]


def test_what_is_no_organisation_has_no_position() -> None:
    nodes = pd.DataFrame({"id": ["n"], "name": ["N"], "kind": ["Network"]})
    assert position(Graph.from_edges([], nodes), "n") is None


def test_outside_the_ecosystem_a_bridge_has_no_rank_but_holds_those_beyond() -> None:
    graph = graph_of("ab ac bc cd ce de df", a="bank", b="bank", c="company", d="university", e="other", f="bank")
    city = ["Torino", "Torino", "Torino", "Milano", "Torino", "Torino", "Torino"]
    home = pd.DataFrame({"id": ["torino-social-impact"], "name": ["TSI"], "kind": ["Network"]})
    nodes = pd.concat([graph.nodes, home], ignore_index=True).assign(city=city)
    found = position(Graph.from_edges(graph.edges, nodes, view=STRUCTURE), "d", "en")
    assert found is not None
    assert (found.rank, found.of, found.bridge, found.cut_off) == (None, 5, ("bank", "company"), ("f",))
    assert found.sentences == (
        "It is a bridge between banks and companies.",
        "If it stopped, 1 organisation would be cut off: F.",
    )
