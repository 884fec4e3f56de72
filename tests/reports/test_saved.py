"""A saved view says the same in pictures and reports as in the page: its filters, its language, its map, its logo."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest

from tests.reports.conftest import LANGS, texts
from tsi_graph import reports
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.exports.charts import CHARTS, chart, drawn
from tsi_graph.exports.picture import STYLE, draw
from tsi_graph.exports.scene import scene
from tsi_graph.exports.views import PRESETS, SavedView, left, pictured
from tsi_graph.graph import Graph, load_graph
from tsi_graph.history import sources
from tsi_graph.language import filled, number
from tsi_graph.reports import Report, material
from tsi_graph.reports.content import Figure, Paragraph, Table
from tsi_graph.reports.parts import changes, here, outcomes
from tsi_graph.settings import Settings
from tsi_graph.store import Store

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe"
    "0def46b80000000049454e44ae426082"
)
MINE = SavedView(
    name="mine", title={"it": "Fondazioni e banche", "en": "Foundations"}, lang="it", sectors=("foundation", "bank"),
    logo=f"data:image/png;base64,{b64encode(PNG).decode()}",
)  # fmt: skip
FILTER = "solo fondazione, banca"


@pytest.fixture(scope="module")
def shown(store: Store) -> tuple[Graph, Graph]:
    """What the view looks at, and the same with what nobody verified."""
    view = MINE.view(Settings().documented())
    return load_graph(store, view), load_graph(store, replace(view, confidence=1))


@pytest.fixture(scope="module")
def report(store: Store, shown: tuple[Graph, Graph]) -> Report:
    return reports.observatory(store, *shown, "en", saved=MINE)


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_has_the_filter_the_language_and_the_logo(name: str, shown: tuple[Graph, Graph]) -> None:
    found, plain = chart(shown[0], name, "en", saved=MINE), chart(left(MINE, shown[0]), name, "it")
    assert (found.numbers, found.title) == (plain.numbers, plain.title)
    assert found.footer == f"{FILTER} · {plain.footer}"
    data = drawn(found, "svg")
    assert (b"<image" in data, b"<image" in drawn(plain, "svg")) == (True, False)
    assert data == drawn(found, "svg")
    high, low = (float(re.findall(rb'height="([\d.]+)pt"', drawn(one, "svg"))[0]) for one in (found, plain))
    assert high > low  # the logo has a strip of its own, over nothing else


def test_a_report_tells_of_what_the_view_leaves(store: Store, shown: tuple[Graph, Graph], report: Report) -> None:
    graph = left(MINE, shown[0])
    bodies = graph.nodes[graph.nodes["kind"].isin(["Stakeholder", "Investor"])]
    assert set(bodies["sector"]) == {"foundation", "bank"}
    assert (report.lang, FILTER in report.note) == ("it", True)
    assert report.lead.endswith("vista «Fondazioni e banche»")
    [by_sector] = [b for b in report.blocks() if isinstance(b, Table) and b.caption == here.WORDS["table"][0]]
    counts = bodies["sector"].value_counts()
    assert [row[1] for row in by_sector.rows] == [str(n) for n in (counts["foundation"], counts["bank"], len(bodies))]
    told = [block.text for block in report.blocks() if isinstance(block, Paragraph)]
    assert any(number(len(graph.edges), "it") in text for text in told)
    for figure in (block for block in report.blocks() if isinstance(block, Figure)):
        assert FILTER in figure.draw("svg").decode()
        assert "<image" not in figure.draw("svg").decode()  # the logo stands on the first page, once


def test_what_changed_and_the_sources_are_of_the_view_too(store: Store, shown: tuple[Graph, Graph]) -> None:
    whole = material.Material(store, *shown, "it")
    of = material.Material(store, left(MINE, shown[0]), left(MINE, shown[1]), "it", saved=MINE)
    gone = set(shown[1].ids) - set(left(MINE, shown[1]).ids)
    found, every = changes.change(of).found, changes.change(whole).found
    for part in (found.gained, found.lost):
        assert not (set(part["source"]) | set(part["target"])) & gone
    assert 0 < len(found.lost) < len(every.lost)
    assert 0 < sources(of.table)["statements"].sum() < sources(whole.table)["statements"].sum()


def test_introductions_are_those_of_the_view_and_everybody_has_a_name(store: Store) -> None:
    """Of three in the ledger one is of an incubator; who introduced is a public body, left out and yet named."""
    saved = SavedView(name="incubators", sectors=("incubator",))
    graph = load_graph(store, saved.view(Settings().documented()))
    made = reports.observatory(store, graph, graph, "it", saved=saved)
    [latest] = [b for b in made.blocks() if isinstance(b, Table) and b.caption == outcomes.WORDS["recent"][0]]
    assert [row[:2] for row in latest.rows] == [("SocialFare – Euclid Network", "Comune di Torino")]
    assert "Presentazioni nel registro: 1, " in " ".join(texts(made))


def test_whoever_the_view_leaves_out_is_named_and_not_introduced(store: Store) -> None:
    """The city introduced two others and ToFIS was introduced: neither is there, the first by its name alone."""
    view = replace(Settings().documented(), without=("comune-di-torino", "tofis"))
    graph = load_graph(store, view)
    made = reports.observatory(store, graph, graph, "it")
    [latest] = [b for b in made.blocks() if isinstance(b, Table) and b.caption == outcomes.WORDS["recent"][0]]
    assert [row[:2] for row in latest.rows] == [
        ("SocialFare – Euclid Network", "Comune di Torino"), ("Hackability – ENSIE", "Fondazione LINKS"),
    ]  # fmt: skip
    of = material.Material(store, graph, graph, "it")
    for end in ("node", "target"):
        assert not of.table.rows[end].isin(view.without).any()


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("lang", LANGS)
def test_the_foot_of_a_map_stays_on_its_sheet(name: str, lang: str, views: tuple[Graph, Graph]) -> None:
    import matplotlib

    saved = PRESETS[name]
    shown = scene(*pictured(saved, views[0], lang))
    with matplotlib.rc_context(STYLE):
        figure = draw(shown).figure
        boxes = [text.get_window_extent(figure.canvas.get_renderer()) for text in figure.axes[0].texts]
    assert min(box.y0 for box in boxes) > 2
    assert max(box.x1 for box in boxes) < figure.bbox.x1


def test_the_map_of_a_report_is_that_of_the_view(store: Store, shown: tuple[Graph, Graph]) -> None:
    money = PRESETS["who-funds-what"]
    graph = load_graph(store, money.view(Settings().documented()))
    made = reports.observatory(store, graph, graph, "en", saved=money)
    [the_map] = [block for block in made.blocks() if isinstance(block, Figure) and block.name == "map"]
    assert "size: how many others it is tied to." in the_map.caption
    assert re.match(
        r"Map of organisations: \d+; projects, networks, funds and topics: \d+; tied pairs: \d+", the_map.alt
    )
    assert "Who funds what" in the_map.draw("svg").decode()
    assert "ties only: funds" in the_map.draw("svg").decode()
    # where nothing is left to draw a sentence stands in its place
    assert "No organisation has a documented topic." in list(texts(made))


def test_the_logo_stands_on_the_first_page(
    report: Report, store: Store, shown: tuple[Graph, Graph], written: Callable[[str, str, str], bytes]
) -> None:
    import docx
    from pypdf import PdfReader

    profile = reports.organisation(store, *shown, "fondazione-crt", "en", saved=MINE)
    assert filled("it", ("Scheda per un incontro", "")) in profile.lead
    for made in (report, profile):
        assert f'<img class="logo" src="{MINE.logo}" alt="">' in reports.written(made, "html").decode()
        document = docx.Document(BytesIO(reports.written(made, "docx")))
        assert document.paragraphs[0]._p.xpath(".//pic:pic")
        first = PdfReader(BytesIO(reports.written(made, "pdf"))).pages[0]
        assert len(first.images) >= 1
    assert b'class="logo"' not in written("socialfare", "it", "html")


def test_what_a_view_leaves_out_is_not_there(store: Store, shown: tuple[Graph, Graph]) -> None:
    with pytest.raises(NotFound, match="socialfare"):
        reports.organisation(store, *shown, "socialfare", saved=MINE)
    with pytest.raises(Unusable, match="leaves nothing"):
        chart(shown[0], "sectors", saved=SavedView(name="none", relations=("HOSTS",), sectors=("bank",)))
