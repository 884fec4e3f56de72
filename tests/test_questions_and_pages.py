"""A question and the page of a body give one answer."""

from __future__ import annotations

from tsi_graph.graph import Graph
from tsi_graph.questions.tables import cut_off_without, networks_reached
from tsi_graph.recommend.position import position
from tsi_graph.recommend.routes import routes


def test_who_would_be_cut_off_is_the_same_on_the_page_and_as_a_question(torino: Graph) -> None:
    held = 0
    for node in torino.ids[torino.kinds_of("Stakeholder")]:
        page = position(torino, node)
        assert page is not None
        assert set(cut_off_without(torino, node)["id"]) == set(page.cut_off), node
        held += bool(page.cut_off)
    assert held > 20


def test_who_is_no_passage_point_cuts_nobody_off_in_or_out_of_the_ecosystem(torino: Graph) -> None:
    page = position(torino, "oltre-impact", "en")
    assert page is not None
    assert page.rank is None
    assert len(page.cut_off) == 8
    assert page.sentences[-1].startswith("If it stopped, 8 organisations would be cut off")


def test_the_networks_that_are_reached_are_the_same_on_the_page_and_as_a_question(torino: Graph) -> None:
    for node in torino.ids[torino.kinds_of("Stakeholder")][::7]:
        page = {(one.id, one.steps, "|".join(one.through)) for one in routes(torino, node)}
        asked = networks_reached(torino, node)
        assert {tuple(row) for row in asked[["id", "steps", "through"]].to_numpy().tolist()} == page, node
