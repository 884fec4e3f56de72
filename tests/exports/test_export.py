"""export() writes whole files, the same each time, and refuses what it cannot draw."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest

from tsi_graph.errors import NotFound, Unusable
from tsi_graph.exports import EXPORTERS, Look, export, picture
from tsi_graph.exports.labels import extent
from tsi_graph.exports.scene import scene
from tsi_graph.graph import Graph

SVG = "{http://www.w3.org/2000/svg}"


def small() -> Graph:
    nodes = pd.DataFrame({"id": list("abcd"), "name": ["Ann $x^2$", "Ben", "Cy", "Dee"], "sector": ["company"] * 4})
    return Graph.from_edges([("a", "b"), ("b", "c", 2.0)], nodes)


def words_of(svg: Path) -> list[str]:
    return ["".join(text.itertext()).strip() for text in ET.parse(svg).iter(f"{SVG}text")]


def test_an_unknown_ending_names_the_known_ones(tmp_path):
    with pytest.raises(Unusable, match=r"'map\.docx'.*\.html, \.svg, \.png, \.pdf, \.graphml, \.gexf"):
        export(small(), tmp_path / "map.docx")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(NotFound, match="nowhere"):
        export(small(), tmp_path / "nowhere" / "map.svg")


def test_an_unknown_language_is_refused(tmp_path):
    with pytest.raises(Unusable, match=r"'de'. Known: it, en"):
        export(small(), tmp_path / "map.svg", lang="de")


@pytest.mark.parametrize("ending", EXPORTERS)
def test_a_failed_export_leaves_the_old_file(tmp_path, monkeypatch, ending):
    path = tmp_path / f"map{ending}"
    path.write_bytes(b"old")

    def full(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unusable, match="cannot be written: disk full"):
        export(small(), path)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize("ending", EXPORTERS)
@pytest.mark.parametrize(
    "graph",
    [
        Graph.from_edges([], pd.DataFrame({"id": pd.Series([], dtype=object)})),
        Graph.from_edges([], pd.DataFrame({"id": ["alone"]})),
        Graph.from_edges([("a", "b")]),
        Graph.from_edges([(1, 2), (2, 3), (3, 3)]),
    ],
    ids=["empty", "alone", "pair", "numbers and a loop"],
)
def test_every_format_writes_the_smallest_graphs(tmp_path, ending, graph):
    path = export(graph, str(tmp_path / f"map{ending.upper()}"))
    assert path.stat().st_size > 30


@pytest.mark.parametrize("ending", EXPORTERS)
def test_the_same_graph_gives_the_same_bytes(tmp_path, organisations, ending):
    one, two = (export(organisations, tmp_path / f"{n}{ending}").read_bytes() for n in "12")
    assert one == two


def test_bytes_do_not_depend_on_the_process_or_the_order_of_rows(tmp_path):
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from conftest import read_facts\n"
        "from tsi_graph.graph import Graph, one_mode; from tsi_graph.exports import export\n"
        "g = one_mode(read_facts())\n"
        "if sys.argv[3] == '7': g = Graph(g.nodes[::-1], g.edges[::-1], view=g.view)\n"
        "for e in ('svg', 'png', 'html'): export(g, f'{sys.argv[2]}/{sys.argv[3]}.{e}')\n"
    )
    for seed in ("1", "7"):
        command = [sys.executable, "-c", program, str(Path(__file__).parent), str(tmp_path), seed]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
    for ending in ("svg", "png", "html"):
        assert (tmp_path / f"1.{ending}").read_bytes() == (tmp_path / f"7.{ending}").read_bytes(), ending


def test_the_torino_map_says_how_much_it_shows(tmp_path, organisations):
    words = words_of(export(organisations, tmp_path / "map.svg", footer="Dati al 2026-11"))
    [first] = [i for i, text in enumerate(words) if text.startswith("Dati al 2026-11")]
    footer = [part for line in words[first : first + 2] for part in line.strip(" ·").split(" · ")]
    assert footer[:5] == [
        "Dati al 2026-11",
        "organizzazioni: 356",
        "coppie legate: 1.804 (537 in evidenza)",
        "attendibilità alta e media",
        "adesione all'alleanza non contata",
    ]
    assert "TSI Graph " in words[-1]
    assert {"ente pubblico (75)", "impresa (70)", "incubatore (10)", "Grandezza: contatti diretti"} <= set(words)
    assert "Fuori dalla parte principale: gruppi piccoli 7, senza legami documentati 15" in words


def test_a_map_of_a_store_says_of_what_day_its_data_are(tmp_path, organisations):
    dated = Graph(organisations.nodes, organisations.edges, view=organisations.view, imported="2026-11-24")
    words = words_of(export(dated, tmp_path / "map.svg"))
    assert any("dati al 24 novembre 2026" in text for text in words)


def test_the_best_tied_are_named_on_the_torino_map(tmp_path, organisations):
    words = " ".join(words_of(export(organisations, tmp_path / "map.svg", lang="en")))
    shown = scene(organisations, Look(lang="en"))
    for i in shown.order[:8]:
        for line in shown.labels[i].split("\n"):
            assert line in words


def test_the_mixed_map_is_folded_but_counts_everything(tmp_path, facts):
    words = words_of(export(facts, tmp_path / "map.svg"))
    assert {"ente pubblico (75)", "progetto (86)", "rete (38)", "numero = partner con questo solo legame"} <= set(words)


def test_size_and_colour_are_the_callers(tmp_path):
    size = pd.Series({"b": 7.0, "a": 1.5, "c": float("nan")}, name="ponte")
    words = words_of(export(small(), tmp_path / "map.svg", size=size, color=pd.Series({"a": 1.0, "b": 2.0, "c": 2.0})))
    assert {"Grandezza: ponte", "2 (2)", "1 (1)", "altro (1)"} <= set(words)


def test_scores_that_are_no_numbers_are_refused(tmp_path):
    with pytest.raises(Unusable, match="one number for each id"):
        export(small(), tmp_path / "map.svg", size=pd.Series({"a": "much"}))


def test_dollar_signs_in_names_are_not_formulas(tmp_path):
    assert "Ann $x^2$" in words_of(export(small(), tmp_path / "map.svg"))


def test_more_nodes_than_a_sheet_or_a_map_can_show_are_refused(tmp_path):
    nodes = pd.DataFrame({"id": [f"n{i}" for i in range(5001)]})
    with pytest.raises(Unusable, match=r"no room for 1501 marks.*\.html"):
        export(Graph.from_edges([], nodes[: picture.MOST + 1]), tmp_path / "map.png")
    with pytest.raises(Unusable, match="5001 nodes are more than a map can show; at most 5000"):
        export(Graph.from_edges([], nodes), tmp_path / "map.html")


def test_the_page_is_one_file_of_ours(tmp_path, organisations):
    path = export(organisations, tmp_path / "map.html")
    text = path.read_text(encoding="utf-8")
    assert path.stat().st_size < 1_500_000
    assert not re.search(r'<[^>]+\s(?:src|href)="(?!#)', text)
    assert text.isprintable() or "\u2028" not in text


@pytest.mark.parametrize(("lang", "said"), [("it", "senza legami documentati 1.200"), ("en", "documented ties 1,200")])
def test_how_many_stand_outside_is_written_as_the_language_does(tmp_path, lang, said):
    alone = [f"n{i}" for i in range(1200)]
    graph = Graph.from_edges([("a", "b")], pd.DataFrame({"id": ["a", "b", *alone]}))
    assert any(said in text for text in words_of(export(graph, tmp_path / "map.svg", lang=lang)))
    page = export(graph, tmp_path / "map.html", lang=lang).read_text(encoding="utf-8")
    assert page.count(said) == 2  # in the footer of the page and on paper


@pytest.mark.parametrize(("title", "whole"), [("Chi lavora con le reti europee " * 3, True), ("W" * 200, False)])
def test_a_title_stays_on_the_sheet(tmp_path, title, whole):
    shown = scene(small(), Look(title=title.strip()))
    words, size = picture._title(shown.title, 300 if not whole else 500)
    assert (words == shown.title, words.endswith("…")) == (whole, not whole)
    assert extent(words, size, bold=True)[0] <= (500 if whole else 300)
