"""In a notebook a graph is a map, a view a few words, a recommendation a card; nothing of a name is markup."""

import re
from html import unescape

import pandas as pd

from tests.exports.test_page import HOSTILE, hostile
from tsi_graph import recommend, show
from tsi_graph.exports.html import MOST
from tsi_graph.exports.views import PRESETS
from tsi_graph.graph import Graph, View


def test_a_graph_is_a_map_in_a_frame_that_reaches_nothing(torino):
    text = torino._repr_html_()
    assert text.startswith('<iframe sandbox="allow-scripts" srcdoc="&lt;!doctype html&gt;')
    assert text.count("<") == 2
    assert "allow-same-origin" not in text


def test_a_hostile_graph_stays_within_its_frame():
    text = hostile()._repr_html_()
    assert text.count("<") == 2
    assert text.count('"') == 8


def test_too_large_a_graph_and_an_empty_one_are_counts():
    ids = pd.DataFrame({"id": [f"n{i}" for i in range(MOST + 1)]})
    assert '<td style="text-align:left">5,001</td>' in Graph.from_edges([("n1", "n2")], ids)._repr_html_()
    assert "<table>" in Graph.from_edges([], ids[:0])._repr_html_()


def test_a_view_is_said_in_words():
    text = View(as_of="2020", without=("<b>",))._repr_html_()
    assert "attendibilità alta e media" in text
    assert "2020" in text
    assert "&lt;b&gt;" in text


def test_a_recommendation_is_a_card_with_its_reasons(torino):
    [first, *_] = recommend(torino, "socialfare", to="network", limit=1)
    text = first._repr_html_()
    assert first.name in text
    for reason in first.reasons:
        assert f"<li>{reason}" in unescape(text)
    for caution in first.cautions:
        assert f"<li>! {caution}" in unescape(text)
    steps = re.findall(r"<span[^>]*>([^<]+)</span>", text)
    assert list(map(unescape, steps)) == [first.path[0].source_name, *(step.target_name for step in first.path)]


def test_show_draws_a_saved_view(torino):
    assert "Chi finanzia che cosa" in show(torino, PRESETS["who-funds-what"]).html
    assert HOSTILE[0] not in show(torino, title=HOSTILE[0]).html
