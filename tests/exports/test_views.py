"""Saved views: small files that come back as they went, and everybody in the same place."""

from __future__ import annotations

import json
import os
import warnings
from base64 import b64encode
from html import unescape
from io import BytesIO

import pandas as pd
import pytest
from pydantic import ValidationError

from tsi_graph.analysis import METRICS, scale
from tsi_graph.errors import DataInvalid, NotFound, Unusable
from tsi_graph.exports import editions, html, labels, picture, views
from tsi_graph.exports.editions import continued, drawn_now, drawn_view
from tsi_graph.exports.logo import EDGE, ROOM, address, printed, strip
from tsi_graph.exports.page_words import metric_name
from tsi_graph.exports.places import MM
from tsi_graph.exports.scene import Look, scene
from tsi_graph.exports.views import (
    PRESETS,
    Places,
    SavedView,
    as_json,
    asked,
    changed_view,
    known,
    named,
    names,
    pictured,
    read_view,
    save,
    with_places,
)
from tsi_graph.graph import View, one_mode

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe"
    "0def46b80000000049454e44ae426082"
)
LOGO = f"data:image/png;base64,{b64encode(PNG).decode()}"


@pytest.mark.parametrize("name", PRESETS)
def test_each_preset_draws_the_torino_data_in_both_languages(torino, name):
    for lang in ("it", "en"):
        graph, look = pictured(PRESETS[name], torino, lang)
        text = unescape(html.page(graph, look).decode("utf-8"))
        assert f"<h1>{PRESETS[name].title[lang]}</h1>" in text
        assert all(said in text for said in PRESETS[name].filters(lang))
    assert len(graph) > 50


def test_bridges_are_ties_between_sectors_only(torino):
    graph, _ = pictured(PRESETS["bridges-between-sectors"], torino, form=".gexf")
    sector = graph.nodes.set_index("id")["sector"]
    assert (graph.edges["source"].map(sector).to_numpy() != graph.edges["target"].map(sector).to_numpy()).all()


def test_groups_may_be_numbers(torino):
    graph = type(torino)(torino.nodes.assign(staff=1.0), torino.edges)
    graph.nodes.loc[::2, "staff"] = float("nan")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found, _ = pictured(SavedView(name="v", between="staff", everything=True), graph, form=".gexf")
    assert len(found)


def test_who_funds_what_holds_money_only_and_nobody_without(torino):
    graph, _ = pictured(PRESETS["who-funds-what"], torino, form=".gexf")
    assert set(graph.edges["kind"]) <= {"FUNDS", "INVESTS_IN", "SHAREHOLDER_OF", "MANAGES"}
    assert set(graph.nodes["id"]) == set(graph.edges["source"]) | set(graph.edges["target"])


def test_routes_lead_to_european_and_global_networks_in_two_steps(torino):
    graph, _ = pictured(PRESETS["routes-to-international-networks"], torino, form=".gexf")
    networks = graph.nodes["id"][graph.nodes["scope"].isin(["european", "global"])]
    assert set(networks) == set(torino.nodes["id"][torino.nodes["scope"].isin(["european", "global"])])
    near = set(networks)
    for _ in range(2):
        near |= {a for a, b in zip(graph.edges["source"], graph.edges["target"], strict=True) if b in near} | {
            b for a, b in zip(graph.edges["source"], graph.edges["target"], strict=True) if a in near
        }
    assert near == set(graph.nodes["id"])


def test_a_view_comes_back_as_it_went_with_everybody_in_place(torino, tmp_path):
    saved = SavedView(name="mine", title={"it": "La mia"}, size="degree", logo=LOGO)
    graph, look = pictured(saved, torino)
    path = save(with_places(saved, look), tmp_path / "views")
    again = read_view(path)
    assert again == with_places(saved, look)
    assert len(again.places.nodes) == len(graph)
    assert path.stat().st_size < 60_000
    one, two = (html.page(*pictured(view, torino)) for view in (saved, again))
    assert one == two
    assert f'<img src="{LOGO}" alt="">'.encode() in one
    assert "<image" in picture.svg(graph, look).decode()
    assert "<image" not in picture.svg(*pictured(saved.model_copy(update={"logo": ""}), torino)).decode()


def test_page_and_paper_of_a_view_have_the_same_places(torino):
    graph, look = pictured(PRESETS["board-report"], torino)
    shown = scene(graph, look)
    assert picture.positions(shown.ids, shown.ties[shown.drawn], look.last).equals(look.last)


def test_the_next_edition_says_that_places_were_kept_or_made_anew(torino):
    _, look = pictured(PRESETS["board-report"], torino)
    kept = with_places(PRESETS["board-report"], look)
    assert (
        "posizioni" not in html.page(*pictured(kept, torino)).decode().partition("<footer")[2].partition("</footer>")[0]
    )
    fewer = type(torino)(torino.nodes, torino.edges.iloc[::-1].iloc[20:], view=torino.view, imported=torino.imported)
    assert "posizioni dell'edizione precedente" in _footer(*pictured(kept, fewer))
    half = type(torino)(torino.nodes, torino.edges.iloc[::2], view=torino.view, imported=torino.imported)
    assert "posizioni nuove" in _footer(*pictured(kept, half))


def _footer(graph, look):
    return html.page(graph, look).decode().partition("<footer")[2].partition("</footer>")[0].replace("&#x27;", "'")


def test_places_are_kept_beside_the_store_for_each_audience(torino, tmp_path):
    file = tmp_path / "x.places"
    _, first = drawn_now(torino, "degree", "it", file)
    _, second = drawn_now(torino, "betweenness", "en", file)
    assert first.last.equals(second.last)
    drawn_now(torino, "degree", "it", file, who="public")
    assert set(json.loads(file.read_text())) == {"team/organisations", "public/organisations"}
    if os.name != "nt":
        assert file.stat().st_mode & 0o077 == 0  # who is hidden from others stands in it
    before = file.read_bytes()
    fewer = type(torino)(torino.nodes, torino.edges.iloc[20:], view=torino.view)
    _, later = drawn_now(fewer, "degree", "it", file, keep=False)
    assert file.read_bytes() == before
    both = first.last.index.intersection(later.last.index)
    assert (first.last.loc[both, "x"] - later.last.loc[both, "x"]).abs().median() < 1


def test_more_places_than_are_read_are_not_written(torino, tmp_path, monkeypatch):
    file = tmp_path / "x.places"
    monkeypatch.setattr(editions, "MOST", 1000)
    drawn_now(torino, "degree", "it", file)
    assert not file.exists()


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "nonsense", '{"team/organisations": {"nodes": [["a", NaN, 1, 2, 3]]}}']
)
def test_a_damaged_file_of_places_is_begun_anew(torino, tmp_path, text):
    file = tmp_path / "x.places"
    file.write_text(text)
    graph = one_mode(torino)
    assert continued(graph, Look(), file, "team/organisations").last is not None


def test_a_view_changes_what_is_given_and_keeps_the_rest(tmp_path):
    first = changed_view("mine", tmp_path, "who-funds-what", {"size": "betweenness", "title": {"it": "Denaro"}})
    save(first, tmp_path)
    second = changed_view("mine", tmp_path, None, {"relations": ["FUNDS"]})
    assert (second.size, second.relations, second.title) == (
        "betweenness",
        ("FUNDS",),
        {"it": "Denaro", "en": "Who funds what"},
    )
    assert names(tmp_path) == [*PRESETS, "mine"]
    assert named("mine", tmp_path) == first


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"relations": ["LIKES"]}, "no relation 'LIKES'"),
        ({"size": "beauty"}, "no metric 'beauty'"),
        ({"confidence": 7}, "confidence"),
        ({"logo": "javascript:alert(1)"}, "logo"),
        ({"logo": "data:image/svg+xml;base64,AAAA"}, "logo"),
        ({"logo": "data:image/png;base64,AAAA"}, "can be opened"),
        ({"logo": f"data:image/png;base64,{b64encode(PNG[:40]).decode()}"}, "can be opened"),
        ({"paint": "red"}, "paint"),
        ({"as_of": "soon"}, "as_of"),
        ({"as_of": "2020-13"}, "as_of"),
        ({"as_of": "2021-02-29"}, "as_of"),
        ({"between": "id"}, "makes no groups"),
        ({"title": "x"}, "title"),
        ({"title": None}, "title"),
        ({"lead": ["x"]}, "lead"),
        ({"between": "foo"}, "between: no store has 'foo'; known: kind, .*sector"),
        ({"sectors": ["bank", "foo"]}, "sectors: no store has 'foo'; known: public body"),
        ({"logo": LOGO.removeprefix("data:")}, "data: address"),
    ],
)
def test_what_no_view_can_say_is_refused_by_name(tmp_path, given, words):
    with pytest.raises(Unusable, match=words):
        changed_view("mine", tmp_path, None, given)


@pytest.mark.parametrize("name", ["../x", "a/b", "A", "", ".", "x" * 99, "a\x00b"])
def test_a_name_is_no_path(tmp_path, name):
    with pytest.raises(ValidationError):
        SavedView(name=name)
    with pytest.raises(NotFound, match="Known: board-report"):
        named(name, tmp_path)


def test_a_damaged_file_is_named_with_its_field(tmp_path):
    (tmp_path / "mine.json").write_text('{"name": "mine", "size": "beauty"}')
    with pytest.raises(DataInvalid, match=r"mine\.json, size: .*no metric 'beauty'"):
        named("mine", tmp_path)


def test_a_file_whose_name_is_not_its_own_is_refused_and_writes_over_no_other(torino, tmp_path):
    """A view copied to another name and drawn would be saved over the one it was copied from."""
    saved = save(SavedView(name="theirs", size="degree"), tmp_path)
    (tmp_path / "mine.json").write_bytes(saved.read_bytes())
    with pytest.raises(DataInvalid, match=r"mine\.json, name: it says 'theirs'"):
        named("mine", tmp_path)
    assert [(one["name"], "fault" in one) for one in known(tmp_path, "en")][-2:] == [("mine", True), ("theirs", False)]
    assert changed_view("other", tmp_path, "theirs", {}).name == "other"


def test_what_could_not_be_opened_again_is_not_saved(torino, tmp_path, monkeypatch):
    saved = SavedView(name="mine")
    path = save(saved, tmp_path)
    graph, look = pictured(saved, torino)
    monkeypatch.setattr(views, "LARGEST", 1000)
    with pytest.raises(Unusable, match="too large to be saved"):
        save(with_places(saved, look), tmp_path)
    assert read_view(path) == saved
    # it is drawn all the same
    monkeypatch.setattr(editions, "load_graph", lambda *_: torino)
    drawn, _ = drawn_view(None, "mine", tmp_path, View(), "it")
    assert (len(drawn), read_view(path)) == (len(graph), saved)


def test_what_is_kept_to_draw_again_has_an_end():
    for kept in (printed, labels._line_width):
        assert kept.cache_info().maxsize is not None


def test_a_page_knows_the_measure_of_its_sizes_by_its_key(torino):
    """In whichever language it was named, and if another measure says the same of itself."""
    graph = one_mode(torino)
    for size in (scale(graph, "constraint", "en"), scale(graph, "constraint", "it").rename("whatever")):
        look = Look(size=size, lang="it")
        [first, *_] = html._metrics(graph, scene(graph, look))
        assert (first["key"], first["name"]) == ("constraint", metric_name("constraint", "it"))
    own = pd.Series(1.0, graph.nodes["id"], name=METRICS["constraint"].says("it").rstrip("."))
    assert html._metrics(graph, scene(graph, Look(size=own)))[0]["key"] == "given"


def test_a_logo_is_a_picture_and_small(tmp_path):
    for path in (tmp_path, tmp_path / "nope.png"):
        with pytest.raises(NotFound, match="No logo"):
            address(path)
    (tmp_path / "a.png").write_bytes(PNG)
    assert address(tmp_path / "a.png").startswith("data:image/png;base64,")
    (tmp_path / "b.png").write_text("<svg onload=alert(1)>")
    (tmp_path / "c.png").write_bytes(PNG + b"\0" * 300_000)
    for name in "bc":
        with pytest.raises(Unusable, match="PNG, JPEG or GIF"):
            address(tmp_path / f"{name}.png")


def test_a_logo_is_no_wall_and_fits_its_place():
    """A file of some kilobytes that would unfold to a gigabyte is refused before it is unfolded."""
    from PIL import Image

    out = BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    with pytest.raises(ValidationError, match="4 million pixels"):
        SavedView(name="wall", logo=f"data:image/png;base64,{b64encode(out.getvalue()).decode()}")
    for size in ((2000, 100), (10, 900)):
        out = BytesIO()
        Image.new("RGBA", size, (0, 0, 0, 0)).save(out, "PNG")
        logo = f"data:image/png;base64,{b64encode(out.getvalue()).decode()}"
        png, (wide, high) = printed(logo)
        assert wide <= ROOM[0] + 0.01
        assert high <= ROOM[1] + 0.01
        assert strip(logo) == pytest.approx((high + EDGE) * MM)  # with white above it
        assert Image.open(BytesIO(png)).convert("RGB").getpixel((0, 0)) == (255, 255, 255)  # paper shows through


def test_a_view_is_asked_for_by_name_or_by_its_file(tmp_path):
    path = save(SavedView(name="mine", size="degree"), tmp_path / "elsewhere")
    assert asked(str(path), tmp_path) == named("mine", tmp_path / "elsewhere")
    assert asked("board-report", tmp_path) == PRESETS["board-report"]
    for text in ("mine", "none.json", "../elsewhere/mine"):
        with pytest.raises(NotFound):
            asked(text, tmp_path)


def test_filters_are_told_in_the_language_of_the_view():
    saved = SavedView(name="v", scopes=("national", "local"), between="sector", as_of="2020-06-30")
    assert saved.filters("it") == (
        "solo reti di questi ambiti, e chi le raggiunge in due passi: rete nazionale, rete locale",
    )
    assert saved.filters("en", ties=True)[0] == "ties between different sectors only"  # what concerns maps alone
    assert saved.told("it")["Data"] == "30 giugno 2020"


def test_a_view_that_leaves_nothing_says_so(torino):
    with pytest.raises(Unusable, match="leaves nothing"):
        pictured(SavedView(name="none", sectors=("no such sector",)), torino)


def test_a_view_adds_to_what_the_settings_say():
    settings = View(home=("x",), promoters=("p",), membership=False)
    found = SavedView(name="v", confidence=3, as_of="2020", without_promoters=True).view(settings)
    assert (found.home, found.without, found.confidence, found.as_of) == (("x",), ("p",), 3, View(as_of="2020").as_of)


def test_places_without_anybody_are_none():
    assert Places().table() is None
    assert as_json(SavedView(name="a")) == '{\n "format": 1,\n "name": "a"\n}\n'
    assert isinstance(Places(nodes=(("a", None, None, 0, 1),)).table(), pd.DataFrame)
