"""The page in a real browser: hostile names stay text, nothing is fetched, everything works by keyboard."""

import pandas as pd
import pytest

from tsi_graph.exports import export
from tsi_graph.exports.pyvis import to_pyvis
from tsi_graph.graph import Graph

pytestmark = pytest.mark.browser

HOSTILE = [
    "<script>window.__pwn=1</script>",
    "</script><script>window.__pwn=2</script>",
    '<img src=x onerror="window.__pwn=3">',
    '"><svg onload=window.__pwn=4>',
    '<a href="javascript:window.__pwn=5">x</a>',
    "{{7*7}} ${window.__pwn=6} $title",
    "line\u2028separator\u2029and\x00null",
    "x" * 300,
    "Ann\u202egnp.exe\u2066",
    "Onlus 🙂 多",
    "]]><!--",
]


def hostile() -> Graph:
    n = len(HOSTILE)
    nodes = pd.DataFrame({"id": HOSTILE, "name": HOSTILE, "sector": ["company", "bank"] * (n // 2) + ["other"]})
    edges = pd.DataFrame(
        [{"source": HOSTILE[0], "target": name, "kind": name} for name in HOSTILE[1:]]
        + [{"source": HOSTILE[i], "target": HOSTILE[i + 1], "kind": "FUNDS"} for i in range(1, n - 1)]
    )
    return Graph.from_edges(edges, nodes)


def test_hostile_names_do_nothing(tmp_path, opened):
    score = pd.Series(range(1, len(HOSTILE) + 1), index=HOSTILE, name=HOSTILE[2])
    color = pd.Series(HOSTILE, index=HOSTILE)
    page = opened(
        export(
            hostile(),
            tmp_path / "map.html",
            title=HOSTILE[0],
            lead=HOSTILE[2],
            footer=HOSTILE[3],
            size=score,
            color=color,
        )
    )
    before = page.evaluate("document.querySelectorAll('*').length")
    tips = []
    for i in range(len(HOSTILE)):
        x, y = page.evaluate(
            f"(() => {{ const p = tsi.network.canvasToDOM({{x: tsi.nodes[{i}].x, y: tsi.nodes[{i}].y}}),"
            " b = document.getElementById('map').getBoundingClientRect(); return [p.x + b.x, p.y + b.y] })()"
        )
        page.mouse.move(5, 5)
        page.mouse.move(x, y, steps=3)
        page.wait_for_timeout(80)
        tips.append(page.text_content("#tip"))
    assert len(set(tips)) == len(HOSTILE)
    assert page.evaluate("document.querySelectorAll('*').length") == before
    for i in range(len(HOSTILE)):
        page.evaluate(f"tsi.pick({i})")
        page.evaluate("tsi.reset()")
    for n in range(page.locator("#kinds button").count()):
        page.locator("#kinds button").nth(n).click()
        page.locator("#kinds button").nth(n).click()
    for choice in ("#size", "#color"):
        for key in page.evaluate("[...document.querySelectorAll('#size option')].map(o => o.value)"):
            page.select_option(choice, key)
    page.evaluate("tsi.pick(0)")
    for steps in "123":
        page.click(f"[data-steps='{steps}']")
    page.evaluate("tsi.picture()")
    page.fill("#q", "<img")
    assert page.evaluate("window.__pwn") is None
    assert (
        page.evaluate(
            "document.querySelectorAll('img, a[href^=javascript], script:not(:nth-last-of-type(-n+3))').length"
        )
        == 0
    )
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0
    assert page.text_content("h1") == HOSTILE[0]
    assert not any(sign in page.evaluate("document.body.innerText") for sign in "\u202e\u2066")


@pytest.fixture(scope="module")
def torino(organisations, tmp_path_factory):
    return export(organisations, tmp_path_factory.mktemp("page") / "torino.html")


def test_the_page_asks_nothing_of_anybody(torino, opened):
    page = opened(torino)
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0


def test_names_at_overview_do_not_overlap_and_name_the_best_tied(torino, opened):
    page = opened(torino)
    names = page.evaluate("tsi.names()")
    width, height = page.evaluate(
        "[document.getElementById('map').clientWidth, document.getElementById('map').clientHeight]"
    )
    assert 30 <= len(names) <= 60
    for k, a in enumerate(name["box"] for name in names):
        assert a[0] >= 0
        assert a[1] >= 0
        assert a[2] <= width
        assert a[3] <= height
        for b in (name["box"] for name in names[:k]):
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    best = page.evaluate("[...document.querySelectorAll('#list button')].slice(0, 8).map(b => b.dataset.id)")
    assert set(best) <= {name["id"] for name in names}


def test_the_legend_hides_a_kind_everywhere(torino, opened):
    page = opened(torino)
    assert page.text_content("#count") == "356 trovate · in ordine di contatti diretti"
    page.click("#kinds [data-kind=public]")
    assert page.text_content("#count") == "281 trovate · in ordine di contatti diretti"
    assert page.get_attribute("#kinds [data-kind=public]", "aria-pressed") == "false"
    assert page.evaluate("[tsi.shown().focus, tsi.shown().hidden]") == [None, ["public"]]
    page.wait_for_timeout(200)
    assert "comune-torino" not in page.evaluate("tsi.names().map(name => name.id)")


def test_search_finds_without_accents_and_the_list_works_by_keyboard(torino, opened):
    page = opened(torino)
    page.fill("#q", "universita degli studi di tor")
    assert page.text_content("#count") == "1 trovate · in ordine di contatti diretti"
    page.fill("#q", "torino")
    found = page.evaluate("[...document.querySelectorAll('#list button')].map(b => b.textContent)")
    assert len(found) > 10
    assert all("torino" in text.lower() for text in found)
    page.keyboard.press("Enter")
    first = page.evaluate("document.activeElement.dataset.id")
    page.keyboard.press("Enter")
    assert page.evaluate("tsi.shown().focus") == first
    assert page.evaluate("document.activeElement.dataset.id") == first
    assert page.evaluate("decodeURIComponent(location.hash)") == f"#i={first}"
    page.keyboard.press("Escape")
    assert page.evaluate("[tsi.shown().focus, location.hash]") == [None, ""]


def test_the_address_opens_an_organisation_by_its_id(torino, opened):
    page = opened(torino, "#i=fondazione-compagnia-san-paolo&z=3")
    assert page.evaluate("tsi.shown().focus") == "fondazione-compagnia-san-paolo"
    assert page.text_content("#list li:first-child") == "Fondazione Compagnia di San Paolo · 65"
    assert opened(torino, "#i=12").evaluate("tsi.shown().focus") is None


def test_a_fact_is_read_in_its_direction(facts, tmp_path, opened):
    page = opened(export(facts, tmp_path / "facts.html"), "#i=torino-social-impact")
    item = page.locator("#list li", has_text="Comune di Torino ·")
    assert item.text_content() == "Comune di Torino · 30← ha fondato"


def test_print_shows_the_static_picture(torino, opened):
    page = opened(torino)
    page.emulate_media(media="print")
    assert page.is_visible(".paper svg")
    assert not page.is_visible("#map")


def test_a_pyvis_page_of_hostile_names_runs_nothing(browser):
    """Shown, and every mark hovered; what pyvis asks of the network is not answered."""
    context = browser.new_context()
    page = context.new_page()
    page.route("https://**", lambda route: route.abort())
    page.set_content(to_pyvis(hostile()).generate_html(notebook=False))
    page.wait_for_function("typeof network !== 'undefined'")
    for i in range(len(HOSTILE)):
        x, y = page.evaluate(
            f"(() => {{ const p = network.getPosition(network.body.nodeIndices[{i}]), d = network.canvasToDOM(p),"
            " b = document.getElementById('mynetwork').getBoundingClientRect(); return [d.x + b.x, d.y + b.y] })()"
        )
        page.mouse.move(5, 5)
        page.mouse.move(x, y, steps=3)
        page.wait_for_timeout(350)
    assert page.text_content(".vis-tooltip")
    assert page.evaluate("window.__pwn") is None
    assert page.evaluate("document.querySelectorAll('#mynetwork :is(img, svg, a, script)').length") == 0
    context.close()
