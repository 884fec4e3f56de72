"""What a user finds on the map: steps, measures, years, keyboard, paper; read by everybody."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest

from tests.conftest import facts_table
from tsi_graph import samples
from tsi_graph.analysis import scale
from tsi_graph.exports import export
from tsi_graph.exports.picture import MOST
from tsi_graph.exports.years import years
from tsi_graph.graph import Graph, View, graph_of, one_mode
from tsi_graph.importers import read
from tsi_graph.language import number
from tsi_graph.statements import Import, row_of, said_all
from tsi_graph.store.projection import table_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def table():
    return facts_table()


@pytest.fixture(scope="module")
def documented(table):
    return graph_of(table)


@pytest.fixture(scope="module")
def path(documented, tmp_path_factory):
    organisations = one_mode(documented)
    size = scale(organisations, "betweenness", "it")
    return export(organisations, tmp_path_factory.mktemp("map") / "map.html", size=size, facts=documented)


@pytest.fixture
def chain(tmp_path):
    """a-b-c-d-e in a row, and f alone."""
    nodes = pd.DataFrame({"id": list("abcdef"), "name": [f"Body {one}" for one in "ABCDEF"], "sector": "company"})
    return export(
        Graph.from_edges([("a", "b"), ("b", "c"), ("c", "d"), ("d", "e")], nodes), tmp_path / "chain.html", lang="en"
    )


def test_focus_grows_to_one_two_three_steps(chain, opened):
    page = opened(chain, "#i=a")
    for steps, names in ((1, "ab"), (2, "abc"), (3, "abcd")):
        page.click(f"[data-steps='{steps}']")
        assert sorted(page.evaluate("tsi.reach()")) == list(names)
        assert page.get_attribute(f"[data-steps='{steps}']", "aria-pressed") == "true"
    assert page.text_content("#list li:last-child") == "Body D · 23 steps away, through Body C"
    assert page.evaluate("location.hash") == "#i=a&s=3"
    assert sorted(opened(chain, "#i=e&s=2").evaluate("tsi.reach()")) == list("cde")
    page.click("#back")
    assert page.evaluate("tsi.shown().focus") is None


def test_marks_grow_and_are_coloured_by_the_measure_that_is_chosen(path, opened):
    page = opened(path)
    assert page.evaluate("[...document.querySelectorAll('#size option')].map(o => o.textContent)") == [
        "intermediazione", "contatti diretti", "vicinanza a tutti",
    ]  # fmt: skip
    assert page.text_content("#size-says") == "Quante volte sta sul cammino più breve fra due altri."
    page.select_option("#size", "degree")
    best = page.evaluate("tsi.nodes.reduce((a, b) => b.degree > a.degree ? b : a).id")
    assert page.evaluate("tsi.nodes.reduce((a, b) => b.r > a.r ? b : a).id") == best
    assert page.evaluate("document.querySelector('#list button').dataset.id") == best
    page.select_option("#color", "harmonic")
    assert page.text_content("#color-says") == "Quanto pochi passi la separano da tutti."
    counts = page.evaluate(
        "[...document.querySelectorAll('#classes button')].map(b => +b.textContent.match(/\\((\\d+)\\)$/)[1])"
    )
    assert sum(counts) == page.evaluate("tsi.nodes.length")
    page.click("#classes button:last-child")
    assert page.text_content("#count").startswith(str(sum(counts) - counts[-1]))


def test_the_years_of_a_tie_are_those_of_the_view_of_each_year():
    """Of a source that says each thing once; where sources disagree on a beginning, the map keeps to the best."""
    batch = read(samples.torino())
    rows = [{**row_of(statement), "changes": [1]} for statement, _ in said_all(batch)[0]]
    table = table_of(rows, [Import(1, datetime.now(UTC))])
    known = years(graph_of(table))
    for year in range(2000, 2030):
        view = one_mode(graph_of(table, View(as_of=str(year)))).edges
        expected = {tuple(sorted(pair)) for pair in zip(view["source"], view["target"], strict=True)}
        bodies = set(one_mode(graph_of(table)).nodes["id"])
        there = {pair for pair, spells in known.items() if any(a <= year <= b for a, b in spells) and bodies >= {*pair}}
        assert there == expected, year


@pytest.mark.parametrize("year", [2015, 2019, 2024])
def test_a_year_shows_its_ties(path, opened, table, year):
    view = one_mode(graph_of(table, View(as_of=str(year)))).edges
    possible = {tuple(sorted(pair)) for pair in zip(view["source"], view["target"], strict=True)}
    page = opened(path)
    found = {tuple(sorted(pair)) for pair in page.evaluate(f"tsi.tiesIn({year})")}
    assert len(possible) * 0.9 < len(found) <= len(possible)
    assert found <= possible
    page.evaluate(
        "year => { const at = document.getElementById('year'); at.value = year; at.dispatchEvent(new Event('input')) }",
        year,
    )
    assert page.evaluate("tsi.shown().year") == year
    assert not page.is_checked("#every")
    told = f"Coppie legate che nel {year} ci sono, o possono esserci: {number(len(found), 'it')};"
    assert told in page.text_content("#year-says")
    ordered = " · in ordine di intermediazione"  # marks and list keep the measure of all years
    assert f"{ordered}, contando tutti gli anni" in page.text_content("#count")
    lines = page.evaluate("tsi.lines().map(pair => pair.map(i => tsi.nodes[i].id))")
    assert {tuple(sorted(pair)) for pair in lines} <= found
    page.check("#every")
    assert page.evaluate("tsi.shown().year") == 0
    assert page.text_content("#count").partition(" · ")[1:] == (" · ", ordered.removeprefix(" · "))


def test_a_map_without_dates_has_no_years(chain, opened):
    assert not opened(chain).is_visible("#time")


def test_the_map_works_by_keyboard_alone(path, opened):
    page = opened(path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.focus("#map")
    page.keyboard.press("ArrowRight")
    first = page.evaluate("tsi.shown().cursor")
    assert first is not None
    page.keyboard.press("ArrowLeft")
    second = page.evaluate("tsi.shown().cursor")
    assert second != first
    assert page.text_content("#said").startswith(page.evaluate(f"tsi.nodes.find(n => n.id === '{second}').name"))
    page.keyboard.press("Enter")
    assert page.evaluate("tsi.shown().focus") == second
    assert page.is_visible("#about")
    before = page.evaluate("tsi.network.getScale()")
    page.keyboard.press("+")
    assert page.evaluate("tsi.network.getScale()") > before
    page.keyboard.press("Escape")
    assert page.evaluate("tsi.shown().focus") is None


def test_the_search_leads_to_an_organisation_and_its_ties_by_keyboard(path, opened):
    page = opened(path)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("socialfare")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert page.evaluate("tsi.shown().focus") == "socialfare"
    assert page.text_content("#who").startswith("SocialFare")
    assert page.locator("#list li").count() > 20


def test_the_list_is_one_stop_and_arrows_go_through_it(path, opened):
    page = opened(path)
    page.focus("#list button")
    names = page.eval_on_selector_all("#list button", "all => all.slice(0, 2).map(b => b.dataset.id)")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.id") == names[1]
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.dataset.id") == names[0]
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#list')") is None
    page.focus("#list button[tabindex='0']")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert page.evaluate("tsi.shown().focus") is not None


def test_legend_years_and_steps_are_reached_and_moved_by_keyboard(path, opened):
    page = opened(path)
    page.focus("#q")
    page.keyboard.press("Tab")  # the legend as a whole can be closed
    page.keyboard.press("Tab")
    kind = page.evaluate("document.activeElement.dataset.kind")
    before = page.text_content("#count")
    page.keyboard.press("Space")
    assert page.evaluate("tsi.shown().hidden") == [kind]
    assert page.evaluate("document.activeElement.dataset.kind") == kind
    assert page.text_content("#count") != before
    page.keyboard.press("Space")
    assert page.text_content("#count") == before
    for _ in range(30):
        if page.evaluate("document.activeElement.id") == "year":
            break
        page.keyboard.press("Tab")
    last = int(page.get_attribute("#year", "max"))
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("tsi.shown().year") == last - 1
    assert page.get_attribute("#year", "aria-valuetext") == str(last - 1)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#list') !== null")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")  # back to all, and before it the steps
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("tsi.shown().steps") == 3
    page.keyboard.press("Escape")
    assert page.evaluate("tsi.shown().focus") is None


@pytest.mark.parametrize("lang", ["it", "en"])
@pytest.mark.parametrize("width", [320, 800, 1400])
def test_axe_finds_nothing(documented, browser, tmp_path, lang, width):
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
    page.goto(export(one_mode(documented), tmp_path / "map.html", facts=documented, lang=lang).as_uri())
    page.wait_for_function("document.documentElement.dataset.ready")
    for change in (
        "0",
        "tsi.pick(0)",
        "(document.getElementById('color').value = 'harmonic', document.getElementById('color').onchange())",
    ):
        page.evaluate(change)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if width == 320:
        assert page.evaluate(
            "document.getElementById('map').clientHeight <= document.getElementById('map').clientWidth"
        )
    assert page.evaluate("document.documentElement.lang") == lang
    page.close()


def test_on_paper_stand_the_picture_and_its_legend(path, browser, tmp_path):
    pypdfium2 = pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed: the printed page was not read")
    page = browser.new_page()
    page.goto(path.as_uri())
    page.wait_for_function("document.documentElement.dataset.ready")
    page.pdf(path=str(tmp_path / "map.pdf"), format="A4")
    page.close()
    document = pypdfium2.PdfDocument(tmp_path / "map.pdf")
    assert len(document) == 1
    text = document[0].get_textpage().get_text_range()
    assert "Mappa delle organizzazioni" in text
    assert "ente pubblico (" in text


def test_more_than_a_sheet_has_room_for_are_communities_and_the_first_names_on_paper(opened, tmp_path):
    ids = [f"n{i:04}" for i in range(MOST + 1)]
    nodes = pd.DataFrame({"id": ids, "name": [f"Body {one}" for one in ids], "sector": "company"})
    ties = [(a, ids[(i // 40) * 40]) for i, a in enumerate(ids) if i % 40] + [(ids[0], one) for one in ids[40::40]]
    page = opened(export(Graph.from_edges(ties, nodes), tmp_path / "large.html", lang="en"))
    assert page.evaluate("tsi.shown().focus") == "n0000"  # the whole is a disc: it opens on one
    assert page.locator("#list li").count() > 40
    page.emulate_media(media="print")
    assert not page.is_visible("#map")
    text = page.locator(".paper").inner_text()
    assert text.startswith("Map of the organisations\n")
    assert "The map has 1,501 marks: too many for a sheet. Here are their communities" in text
    assert page.locator(".paper svg").count() == 1
    assert "Communities: " in page.get_attribute(".paper [role=img]", "aria-label")
    assert page.locator(".paper li").count() == 60
    assert page.locator(".paper li").first.inner_text() == "Body n0000 (76)"
    assert page.locator(".paper > p").last.inner_text().startswith("organisations: 1,501 · tied pairs: 1,500")


def test_the_card_of_the_one_in_focus_stands_beside_the_list_of_its_ties(path, opened):
    page = opened(path)
    page.click("#list button >> nth=4")
    side, card = page.locator("aside").bounding_box(), page.locator("#about").bounding_box()
    assert abs(card["y"] - side["y"]) < 20
    assert page.is_visible("#list li:nth-child(3)")
    assert page.locator("#list li:nth-child(3)").bounding_box()["y"] < 900
    assert page.evaluate("document.activeElement.getAttribute('aria-current')") == "true"


def test_without_scripts_the_static_picture_stands_there(path, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.is_visible(".paper svg")
    context.close()


def test_the_saved_picture_has_title_legend_and_footer(path, opened):
    page = opened(path)
    size = page.evaluate(
        "(() => { const made = tsi.picture(); return [made.width, made.height, made.toDataURL().length] })()"
    )
    assert size[0] >= 1000
    assert size[1] > page.evaluate("document.getElementById('map').clientHeight")
    assert size[2] > 50_000


def test_within_another_page_it_works_and_reaches_nothing(path, browser):
    from tsi_graph.exports.notebook import frame

    page = browser.new_page()
    page.set_content(f"<title>x</title><script>window.secret = 1</script>{frame(path.read_bytes())}")
    inner = page.frames[1]
    inner.wait_for_function("document.documentElement.dataset.ready")
    assert inner.evaluate("origin") == "null"
    inner.evaluate("tsi.pick(3)")
    inner.evaluate("tsi.reset()")
    with pytest.raises(Exception, match=r"cross-origin|SecurityError|Blocked"):
        inner.evaluate("parent.secret")
    page.close()
