"""The pictures beyond the map: the same bytes, names that do not touch, and numbers that are the data's."""

from __future__ import annotations

import hashlib
import os
import re
import struct
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.conftest import facts_table
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.exports.charts import (
    CHARTS,
    FORMS,
    Chart,
    chart,
    communities,
    drawn,
    roles,
    routes,
    sectors,
    timeline,
    topics,
    write,
)  # fmt: skip
from tsi_graph.exports.charts.sheet import Sheet, contrast, readable, sheet
from tsi_graph.exports.labels import balanced, broken, extent, notes
from tsi_graph.exports.picture import STYLE
from tsi_graph.exports.style import DASHES, TIES
from tsi_graph.graph import DOCUMENTED, MEMBERSHIP, Graph, graph_of, one_mode
from tsi_graph.language import filled, number
from tsi_graph.recommend.doors import Wanted, doors
from tsi_graph.recommend.ports import ecosystem

ROOT = Path(__file__).parents[3]
OF = "socialfare"


@pytest.fixture(scope="module")
def facts() -> Graph:
    return graph_of(facts_table(), DOCUMENTED)


@pytest.fixture(scope="module", params=["it", "en"])
def every(request: pytest.FixtureRequest, facts: Graph) -> list[Chart]:
    """Each picture, and the routes of one body."""
    found = [chart(facts, name, request.param) for name in CHARTS]
    return [*found, chart(facts, "routes", request.param, of=OF)]


def test_names_are_inside_the_sheet_and_do_not_touch(every: list[Chart]) -> None:
    touching = {}
    for one in every:
        found = list(boxes(one))
        wide, high = (side * 72 / 25.4 for side in one.size)
        outside = [t for t, at in found if min(at[:2]) < -0.5 or at[2] > wide + 0.5 or at[3] > high + 0.5]
        pairs = [(a, b) for (a, x), (b, y) in combinations(found, 2) if over(x, y) > 1.0]
        if outside or pairs:
            touching[one.title] = (outside, pairs)
    assert touching == {}


def boxes(one: Chart) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Each text of a picture with its box in points; halos are the text once more."""
    yield from boxes_of(sheet(one))


def boxes_of(drawn_on: Sheet) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    import matplotlib

    with matplotlib.rc_context(STYLE):
        figure = drawn_on.figure
        renderer = figure.canvas.get_renderer()
        for text in figure.axes[0].texts:
            if text.get_zorder() == 6 and text.get_text().strip():
                box = text.get_window_extent(renderer)
                yield text.get_text(), (box.x0, box.y0, box.x1, box.y1)


def over(x: tuple[float, ...], y: tuple[float, ...]) -> float:
    """The smaller side of what two boxes share, in points."""
    return min(min(x[2], y[2]) - max(x[0], y[0]), min(x[3], y[3]) - max(x[1], y[1]))


@pytest.mark.parametrize("form", FORMS)
def test_the_same_picture_is_the_same_bytes(facts: Graph, form: str) -> None:
    for name in CHARTS if form == "svg" else ("brokerage",):
        assert drawn(chart(facts, name, "it"), form) == drawn(chart(facts, name, "it"), form), name


def test_the_same_bytes_in_another_process() -> None:
    code = (
        "import hashlib; from tests.conftest import facts_table; from tsi_graph.graph import DOCUMENTED, graph_of;"
        "from tsi_graph.exports.charts import CHARTS, chart, drawn; g = graph_of(facts_table(), DOCUMENTED);"
        "print([hashlib.sha256(drawn(chart(g, n, 'it'), 'svg')).hexdigest() for n in CHARTS])"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True,
            text=True, check=True,
        ).stdout
        for seed in ("1", "7")
    }  # fmt: skip
    assert len(seen) == 1


def test_a_png_has_200_dots_an_inch_and_says_what_it_shows(facts: Graph) -> None:
    found = chart(facts, "brokerage", "it")
    data = drawn(found, "png")
    at = data.index(b"pHYs")
    assert struct.unpack(">I", data[at + 4 : at + 8])[0] >= 200 / 0.0254 - 1
    assert found.alt.encode("utf-8") in data or found.alt.encode("latin-1") in data
    assert b"brokerage" not in data


def test_colours_are_read_and_parts_differ_in_grey() -> None:
    fills = [*sectors.DIVERGING, sectors.FEW, *(colour for _, _, colour, _ in roles.PARTS)]
    assert min(contrast(readable(fill), fill) for fill in fills) >= 4.5
    grey = [contrast(colour, "#000000") for _, _, colour, _ in roles.PARTS]
    assert all(a / b > 1.3 for a, b in pairwise(grey))  # from light to dark


def test_the_matrix_counts_the_tied_pairs_of_each_two_sectors(facts: Graph) -> None:
    found = sectors.matrix(facts)
    assert found is not None
    folded = one_mode(graph_of(facts_table()))
    of = dict(zip(folded.nodes["id"], folded.nodes["sector"], strict=True))
    seen: dict[frozenset[str], int] = defaultdict(int)
    for a, b in folded.edges[["source", "target"]].itertuples(index=False):
        seen[frozenset((of[a], of[b]))] += 1
    names = found.ties.names
    for a, b in combinations(found.shown, 2):
        assert found.ties.observed[a, b] == seen[frozenset((names[a], names[b]))]
    for a in found.shown:
        assert found.ties.observed[a, a] == seen[frozenset((names[a],))]
    assert found.ties.expected.sum() > 0
    one = sectors.chart(facts, "en")
    assert one.numbers["k"] == len(found.shown) == 11
    assert one.numbers["sure"] == sum(found.sure[a, b] for r, a in enumerate(found.shown) for b in found.shown[: r + 1])
    assert f"{one.numbers['sure']}." in one.alt


def test_grey_tells_fewer_from_more_by_a_sign(facts: Graph) -> None:
    """The two ends of the colours are alike on paper without colour."""
    found = sectors.matrix(facts)
    assert found is not None
    said = [text for text, _ in boxes(sectors.chart(facts, "en"))]
    pairs = [(a, b) for r, a in enumerate(found.shown) for b in found.shown[: r + 1]]
    told = [pair for pair in pairs if found.ties.expected[pair] >= sectors.LEAST]
    fewer = sum(
        found.ties.observed[p] < round(float(found.ties.expected[p]), int(found.ties.expected[p] < 10)) for p in told
    )
    more = sum(
        found.ties.observed[p] > round(float(found.ties.expected[p]), int(found.ties.expected[p] < 10)) for p in told
    )
    assert fewer > 10
    assert (sum(t.startswith("< ") for t in said), sum(t.startswith("> ") for t in said)) == (fewer, more)


def test_kinds_of_tie_differ_in_grey_by_their_dashes() -> None:
    assert len({DASHES[colour] for colour, _, _ in TIES.values()}) == len(TIES)


def test_no_two_bars_have_the_same_name(facts: Graph) -> None:
    """Two working groups are told apart by what follows the dash."""
    said = [text for text, _ in boxes(chart(facts, "timeline", "en"))]
    names = [re.sub(r" \(\d+\)$", "", text) for text in said if text.endswith(")")]
    assert len(names) == len(set(names)) == 45
    assert "TSI working group - Impact Finance" in names


def test_a_footer_is_broken_between_its_parts() -> None:
    """No version on a line of its own half, such as "TSI Graph" above "0.1.0"."""
    wide = extent("first part · second part", 6)[0] * 1.04
    assert notes("first part · second part · TSI Graph 0.1.0", 6, wide) == [
        "first part · second part", "TSI Graph 0.1.0",
    ]  # fmt: skip
    assert notes("one · " + "long " * 12 + "· end", 6, wide)[0] == "one"
    lines = balanced("a lead of several words, whose last one would stand alone below", 7.5, 200)
    assert len(lines) == len(broken("a lead of several words, whose last one would stand alone below", 7.5, 200)) == 2
    assert extent(lines[1], 7.5)[0] > 0.6 * extent(lines[0], 7.5)[0]


def test_bridges_join_the_pairs_that_are_not_tied(facts: Graph) -> None:
    """Counted by hand: each two contacts of a body that are not tied to each other."""
    folded = one_mode(graph_of(facts_table()))
    near: dict[str, set[str]] = defaultdict(set)
    for a, b in folded.edges[["source", "target"]].itertuples(index=False):
        near[a].add(b)
        near[b].add(a)
    of = dict(zip(folded.nodes["id"], folded.nodes["sector"], strict=True))
    for node in ("socialfare", "comune-di-torino"):
        counts = dict.fromkeys(("own", "border", "other", "others"), 0)
        for a, b in combinations(sorted(near[node]), 2):
            if b not in near[a]:
                ends = {of[a], of[b]}
                part = "own" if ends == {of[node]} else "border" if of[node] in ends else "other"
                counts["others" if part == "other" and len(ends) == 2 else part] += 1
        assert roles.bridged(facts)[facts.position(node)].tolist() == list(counts.values()), node
    first = roles.first(facts)
    total = roles.bridged(facts).sum(axis=1)
    assert [total[i] for i in first] == sorted(total[first], reverse=True)
    assert ecosystem(facts)[first].all()


def test_routes_are_the_open_doors_of_international_networks(facts: Graph) -> None:
    found, told = routes.ports(facts), doors(facts, "it", Wanted("international"))
    assert set(found.firm) == {(door.id, one.id) for one in told.gateways for door in one.doors if door.open}
    one = chart(facts, "routes", "en")
    assert (one.numbers["of"], one.numbers["r"]) == (told.networks, told.reached)
    assert one.numbers["p"] == len({port for port, _ in found.firm})
    assert one.numbers["n"] == told.networks - told.reached


def test_routes_say_large_numbers_as_the_language_does(facts: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    found = routes.ports(facts)
    known_by = {port: 1000 * n for port, n in found.known_by.items()}
    monkeypatch.setattr(routes, "ports", lambda *_: replace(found, known_by=known_by))
    n = max(known_by.values()) // 1000
    assert f"legata: {n}.000." in chart(facts, "routes", "it").alt
    assert f"tied to: {n},000." in chart(facts, "routes", "en").alt
    every = routes.routes(facts, OF)
    monkeypatch.setattr(routes, "routes", lambda *_: every * 200)
    one = chart(facts, "routes", "it", of=OF)
    assert f"tre passi: {number(len(every) * 200, 'it')}, disegnate" in one.alt
    assert f"tre passi: {number(len(every) * 200, 'it')}, disegnate" in one.footer


def test_topics_count_projects_and_own_activity(facts: Graph) -> None:
    found = topics.facts(facts)
    edges = facts.edges
    on = edges[edges["kind"] == "WORKS_ON"].groupby("target")["source"].agg(set)
    takes = edges[edges["kind"] == "PARTICIPATES_IN"].groupby("source")["target"].agg(set)
    plans = set.intersection(*(on[t] for t in on.index if t.startswith(("social-", "impact-finance"))), set())
    for k, topic in enumerate(found.topics):
        workers = on[str(facts.ids[topic])] - plans
        for i, body in enumerate(found.bodies):
            node = str(facts.ids[body])
            theirs = (takes.get(node) or set()) & workers
            assert found.facts[i, k] in (len(theirs), len(theirs) + 1, len(theirs) - 1)  # of plans one apart
    assert found.facts.sum(axis=0).all()
    assert found.facts.sum(axis=1).tolist() == sorted(found.facts.sum(axis=1), reverse=True)


def test_above_1500_bodies_the_communities_are_drawn() -> None:
    random = np.random.default_rng(1)
    n, group = 2000, 50
    nodes = pd.DataFrame({"id": [f"n{i:04}" for i in range(n)], "sector": "company"})
    inside = [(i, i // group * group + int(random.integers(group))) for i in range(n) for _ in range(4)]
    across = [(int(a), int(b)) for a, b in random.integers(n, size=(300, 2))]
    edges = [(f"n{a:04}", f"n{b:04}") for a, b in inside + across if a != b]
    graph = Graph.from_edges(edges, nodes)
    found = chart(graph, "communities", "en")
    assert found.numbers["k"] == 24
    assert re.match(r"Communities: 24; organisations in these: 1,2\d\d of 2,000", found.alt), found.alt
    assert drawn(found, "svg").startswith(b"<?xml")


@pytest.mark.parametrize("lang", ["it", "en"])
def test_no_community_and_no_name_of_it_lies_over_another(facts: Graph, lang: str) -> None:
    for graph in (facts, many(facts)):
        placed: list[communities.Block] = []
        with pytest.MonkeyPatch.context() as patch:
            arranged = communities.arranged
            patch.setattr(communities, "arranged", lambda *of: placed.extend(arranged(*of)) or placed)  # noqa: B023
            drawn_on = sheet(chart(graph, "communities", lang))
        texts = [(text, at) for text, at in boxes_of(drawn_on) if not set(text) <= set("0123456789.,")]
        names = [name for one in placed for name in one.names]
        assert len(names) >= 2 * len(placed) - 2
        assert len([text for text, _ in texts if text in names]) == len(names)
        assert [(a, b) for (a, x), (b, y) in combinations(texts, 2) if over(x, y) > 1.0] == []
        for one, other in combinations(placed, 2):
            assert over(one.box, other.box) < 0.01, (one.names, other.names)
        for one in placed:
            circle = (one.x - one.radius, one.y - one.radius, one.x + one.radius, one.y + one.radius)
            assert [text for text, at in texts if over(at, circle) > 0] == []
        if graph is facts:
            assert not any("…" in name for name in names)


def many(facts: Graph) -> Graph:
    """6,000 organisations with names of the Torino ones, in groups of 120."""
    random, group = np.random.default_rng(3), 120
    called = [str(name) for name in facts.nodes["name"] if len(str(name)) > 20]
    nodes = pd.DataFrame({"id": [f"n{i:04}" for i in range(6000)], "sector": "company"})
    nodes["name"] = [called[i % len(called)] for i in range(6000)]
    inside = [(i, i // group * group + int(random.integers(group))) for i in range(6000) for _ in range(4)]
    across = [(int(a), int(b)) for a, b in random.integers(6000, size=(900, 2))]
    return Graph.from_edges([(f"n{a:04}", f"n{b:04}") for a, b in inside + across if a != b], nodes)


def test_years_and_names_of_a_long_time_are_apart_and_on_the_sheet(facts: Graph) -> None:
    nodes = facts.nodes.copy()
    largest = [bar.node for bar in timeline.bars(facts)[0][:3]]
    nodes.loc[largest, "valid_from"] = ["1900-01-01", "1921-01-01", "1900-01-01"]
    nodes.loc[largest, "valid_to"] = ["2099-12-31", "2097-12-31", "2020-12-31"]
    one = chart(Graph(nodes, facts.edges, view=facts.view), "timeline", "it")
    found = list(boxes(one))
    years = sorted((at for text, at in found if re.fullmatch(r"\d{4}", text)), key=lambda at: at[0])
    assert len(years) > 5
    assert all(b[0] - a[2] >= 6 for a, b in pairwise(years))
    assert all(at[0] >= 6 * 72 / 25.4 - 1 and at[2] <= 164 * 72 / 25.4 + 1 for _, at in found)
    assert [(a, b) for (a, x), (b, y) in combinations(found, 2) if over(x, y) > 1.0] == []
    assert len(sheet(one).figure.axes[0].lines) < 30


@pytest.mark.parametrize("name", CHARTS)
def test_nothing_and_hostile_names_are_drawn(name: str) -> None:
    hostile = "Ann $x^2$ <script>alert(1)</script> \x00\u202e" + "Long" * 40
    nodes = pd.DataFrame(
        {"id": ["a", "b", "p"], "kind": ["Stakeholder", "Stakeholder", "Project"], "name": [hostile] * 3,
         "sector": ["bank", "company", None], "valid_from": ["", "", "2020"], "valid_to": ["", "", ""]}
    )  # fmt: skip
    none = Graph.from_edges([], nodes[:1])
    some = Graph.from_edges(
        pd.DataFrame({"source": ["a", "b"], "target": ["p", "p"], "kind": "PARTICIPATES_IN"}), nodes
    )
    for graph in (none, some):
        found = chart(graph, name, "it")
        assert "nan" not in found.alt.split()
        assert b"<script>" not in drawn(found, "svg")


def test_what_there_is_not_is_named(facts: Graph, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"'pie'.*sectors, topics"):
        chart(facts, "pie", "it")
    with pytest.raises(NotFound, match="nobody"):
        chart(facts, "routes", "it", of="nobody")
    with pytest.raises(Unusable, match="sectors"):
        chart(facts, "sectors", "it", of=OF)
    with pytest.raises(Unusable, match="'de'"):
        chart(facts, "sectors", "de")
    with pytest.raises(Unusable, match=r"'x\.html'"):
        write(chart(facts, "brokerage", "it"), tmp_path / "x.html")
    path = write(chart(facts, "brokerage", "it"), tmp_path / "x.svg")
    assert (
        hashlib.sha256(path.read_bytes()).digest()
        == hashlib.sha256(drawn(chart(facts, "brokerage", "it"), "svg")).digest()
    )


def test_bars_of_memberships_add_up_to_what_the_heading_says(facts: Graph) -> None:
    """Some began before the first project that is drawn: they have no bar, and the heading says how many."""
    said = [text for text, _ in boxes(chart(facts, "timeline", "en"))]
    [heading] = [text for text in said if text.startswith("Memberships")]
    drawn_, first, last, beyond, undated = map(int, re.findall(r"\d+", heading))
    begun = facts.edges["valid_from"][facts.edges["kind"].isin(MEMBERSHIP)].fillna("")
    years = [int(day[:4]) for day in begun if day]
    assert (drawn_, beyond) == (sum(first <= y <= last for y in years), sum(not first <= y <= last for y in years))
    assert (beyond, undated) == (3, sum(begun == ""))
    bars = [int(text) for text in said if text.isdigit() and int(text) < 1000]
    assert sum(bars) == drawn_


@pytest.mark.parametrize("lang", ["it", "en"])
def test_the_matrix_says_whom_it_does_not_show(facts: Graph, lang: str) -> None:
    found = sectors.matrix(facts)
    assert found is not None
    shown = sum(int(found.ties.observed[a, b]) for r, a in enumerate(found.shown) for b in found.shown[: r + 1])
    others, pairs = found.rest
    assert shown + pairs == len(found.ties.i)
    assert others == len(found.ties.code) - int(np.isin(found.ties.code, found.shown).sum()) == 19
    words = {"n": number(others, lang), "m": number(pairs, lang)}
    assert filled(lang, sectors.WORDS["rest"], **words) in sectors.chart(facts, lang).footer


def test_whoever_does_not_see_the_matrix_hears_what_is_proven(facts: Graph) -> None:
    """The one gap beyond chance, not a wider one that may be chance; a hint is called one where nothing is proven."""
    alt = sectors.chart(facts, "en").alt
    assert "Fewer: associations and companies, 33 against 124." in alt
    found = sectors.matrix(facts)
    assert found is not None
    pairs = [(a, b) for r, a in enumerate(found.shown) for b in found.shown[: r + 1]]
    assert "(not proven)" not in alt
    assert sectors._foremost(replace(found, sure=found.sure & False), pairs[:2]) == pairs[:1]
    assert sectors._told(replace(found, sure=found.sure & False), pairs[1], "it").endswith("(non provato)")


@pytest.mark.parametrize("name", CHARTS)
def test_one_is_not_told_as_many(name: str) -> None:
    nodes = pd.DataFrame(
        {"id": ["a", "p", "n"], "kind": ["Stakeholder", "Project", "Network"], "sector": ["bank", None, None],
         "valid_from": ["", "2020", ""], "valid_to": ["", "", ""], "scope": ["", "", "global"]}
    )  # fmt: skip
    ties = pd.DataFrame({"source": ["a"], "target": ["p"], "kind": "PARTICIPATES_IN"})
    for lang in ("it", "en"):
        found = chart(Graph.from_edges(ties, nodes), name, lang)
        said = " ".join([found.alt, found.footer, *(text for text, _ in boxes(found))])
        assert not re.search(r"\b1 (progetti|projects|reti|networks|organi|coppie|pairs|partecip|settori)", said), said
