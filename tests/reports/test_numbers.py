"""Every number in the text of a report is the one that the data give; each is worked out here anew."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.reports.conftest import LANGS, PROFILES, texts
from tsi_graph import __version__ as version
from tsi_graph import reports
from tsi_graph.analysis import METRICS, NETWORK_METRICS, gap_words
from tsi_graph.errors import Unusable
from tsi_graph.graph import DOCUMENTED, MEMBERSHIP, Graph, graph_of, load_graph, one_mode
from tsi_graph.history import compare, conflicts
from tsi_graph.history.sources import sources
from tsi_graph.language import filled, long_date, number
from tsi_graph.recommend import considered
from tsi_graph.recommend.doors import doors
from tsi_graph.recommend.ledger.listing import summary
from tsi_graph.recommend.ledger.reading import read_ledger
from tsi_graph.recommend.ledger.uplift import uplift
from tsi_graph.recommend.ledger.words import told_summary, told_uplift
from tsi_graph.recommend.missing import missing
from tsi_graph.recommend.portrait import portrait
from tsi_graph.recommend.position import position
from tsi_graph.reports import Report
from tsi_graph.reports import board as board_module
from tsi_graph.reports import profile as profile_module
from tsi_graph.reports.content import Bullets, Figure, Paragraph, Table
from tsi_graph.reports.material import Material
from tsi_graph.reports.parts import abroad, bridges, changes, gaps, here, method, outcomes
from tsi_graph.store import Store, open_store

HOME = ("torino-social-impact", "tsi-mou-2017")
NUMBER = re.compile(r"\b\d[\d.,]*(?!\w)")
"""A number, and no name that has a digit in it, such as 2i3T."""
BODIES = ("Stakeholder", "Investor")


def said(report: Report) -> list[str]:
    """Each paragraph and each line of a list."""
    found: list[str] = []
    for block in report.blocks():
        if isinstance(block, Paragraph):
            found.append(block.text)
        if isinstance(block, Bullets):
            found += block.items
    return found


def table(report: Report, caption: str) -> pd.DataFrame:
    [found] = [b for b in report.blocks() if isinstance(b, Table) and b.caption == caption]
    return pd.DataFrame(found.rows, columns=pd.Index(found.headings))


@pytest.fixture(scope="module")
def facts(store: Store, views: tuple[Graph, Graph]) -> dict[str, int | float]:
    """The counts, straight from the tables of nodes and edges."""
    graph = views[0]
    nodes, edges = graph.nodes, graph.edges
    kind = nodes["kind"].value_counts()
    body = set(nodes["id"][nodes["kind"].isin(BODIES)])
    topic = set(nodes["id"][nodes["kind"] == "Topic"])
    beyond = edges[
        ~(edges["kind"].isin(MEMBERSHIP) & edges["target"].isin(HOME))
        & ~edges["target"].isin(topic)
        & ~edges["source"].isin(topic)
        & (edges["source"] != edges["target"])
    ]
    members = set(edges["source"][edges["kind"].isin(MEMBERSHIP) & edges["target"].isin(HOME)])
    city = nodes.set_index("id")["city"].fillna("")
    until = nodes.set_index("id")["valid_to"].fillna("")
    today = graph.view.today or ""
    over = {i for i, end in until.items() if end and end != ".." and end < today[: len(end)]}
    ours = {i for i in body if (i in members or city[i] == city["torino-social-impact"])} - over
    tied = (set(beyond["source"]) | set(beyond["target"])) & body
    dated = (edges["valid_from"].fillna("") != "") | (edges["valid_to"].fillna("") != "")
    whole = one_mode(graph_of(store.statements(), replace(graph.view, membership=False)))
    return {
        "bodies": len(body), "projects": kind["Project"] + kind.get("Agreement", 0), "networks": kind["Network"],
        "funds": kind["Fund"], "topics": kind["Topic"], "edges": len(edges), "ours": len(ours), "tied": len(tied),
        "dated": int(dated.sum()), "amounts": int(edges["amount"].notna().sum()),
        "alone": int((whole.contacts.degrees == 0).sum()), "pairs": len(whole.edges), "among": len(whole),
    }  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_every_sentence_with_a_number_is_the_one_worked_out_here(
    lang: str, store: Store, views: tuple[Graph, Graph], facts: dict[str, int], board: Callable[[str], Report]
) -> None:
    report, expected = board(lang), list(sentences(lang, store, views, facts))
    counted = [text for text in said(report) if NUMBER.search(text)]
    assert len(counted) > 15
    assert [text for text in counted if text not in expected] == []


def sentences(lang: str, store: Store, views: tuple[Graph, Graph], facts: dict[str, int]):  # type: ignore[no-untyped-def]
    graph, low = views

    def say(words: tuple[str, str], **values: float | str) -> str:
        return filled(lang, words, **{k: v if isinstance(v, str) else number(v, lang) for k, v in values.items()})

    structure = graph_of(store.statements(), replace(graph.view, membership=False))
    lacking = missing(store, graph, structure, lang, unverified=low)
    seen, ledger = doors(graph, lang, unverified=low, ledger=considered(store)), read_ledger(store)
    year = f"{int(graph.imported[:4]) - 1}{graph.imported[4:]}"
    moved = compare(store, replace(graph.view, as_of=year), replace(graph.view, as_of=graph.imported))
    f = facts
    yield say(here.WORDS["counts"], n=f["bodies"], p=f["projects"], r=f["networks"], f=f["funds"], t=f["topics"],
              m=f["edges"], e=f["ours"])  # fmt: skip
    yield say(here.WORDS["covered"], k=f["tied"], n=f["bodies"], d=f["dated"], m=f["edges"], a=f["amounts"])
    share, steps = whole(one_mode(structure))
    yield say(here.WORDS["whole"], share=round(100 * share), steps=round(steps, 1), alone=f["alone"])
    yield say(board_module.WORDS["here"], e=f["ours"], n=f["bodies"] - f["ours"], m=f["edges"])
    gap = lacking.sectors[0]
    yield say(board_module.WORDS["gap"], pair=gap.title[0].lower() + gap.title[1:], told=gap.sentence)
    yield say(board_module.WORDS["doors"], k=seen.reached, n=seen.networks, one=seen.single)
    yield told_summary(summary(ledger), lang)
    before = say(board_module.WORDS["day"], day=long_date(year, lang))
    yield say(board_module.WORDS["changed"], before=before, gained=len(moved.gained), lost=len(moved.lost))
    ranked = [p for i in graph.ids if (p := position(graph, str(i), lang)) and p.rank]
    yield say(bridges.WORDS["how"], of=ranked[0].of)
    yield from _lost(graph, lang)
    sure = sum(one.significant for one in lacking.sectors)
    yield say(gaps.WORDS["found"], n=len(lacking.sectors), k=sure, h=len(lacking.sectors) - sure)
    labelled = {p for s in lacking.schemes for t in s.topics for p in t.projects}
    yield say(gaps.WORDS["labelled"], k=len(labelled), n=f["projects"])
    for key, some in (("bare", lacking.bare), ("named", lacking.alone)):
        yield say(gaps.WORDS[key], n=len(some), names=", ".join(one.name for one in some))
    yield say(abroad.WORDS["counts"], n=seen.networks, k=seen.reached, one=seen.single, you=seen.yours)
    yield say(abroad.WORDS["away"], m=f["ours"], u=seen.unconnected)
    yield told_uplift(uplift(store, graph), lang)
    ends = {
        k: say(changes.WORDS["at"], day=long_date(d, lang)) for k, d in (("before", year), ("after", graph.imported))
    }
    yield say(changes.WORDS["between"], **ends)
    for name in ("gained", "lost"):
        ties = getattr(moved, name)
        told = changes.ties(ties, changes._names(Material(store, graph, low, lang)), lang)
        yield from (text for text, _ in told)
        if len(told) > changes.NAMED:
            yield say(changes.WORDS["more"], n=len(ties) - sum(n for _, n in told[: changes.NAMED]))
    names = graph.nodes.set_index("id")
    yield from (str(names.loc[i, "name"]) for i in (*moved.came["id"], *moved.left["id"]) if i in names.index)
    yield say(method.WORDS["ties"])
    every = sources(store, "site")
    yield say(method.WORDS["shown"], k=method.MOST, n=len(every))
    disputed = conflicts(store, graph.view)
    yield say(method.WORDS["conflicts"], n=len(disputed[["fact", "field"]].drop_duplicates()))
    yield say(method.WORDS["version"], version=version)


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        ("it", ["3 volte «partecipa a» Prog (2025 – giu 2026): Ann, Ben ed Eve", "Ann finanzia Ben (dal 2 mar 2020)"]),
        (
            "en",
            ["3 times “takes part in” Prog (2025 – Jun 2026): Ann, Ben and Eve", "Ann funds Ben (since 2 Mar 2020)"],
        ),
    ],
)
def test_ties_to_the_same_end_at_the_same_time_are_one_line(lang: str, lines: list[str]) -> None:
    rows = [(f"f{n}", who, "PARTICIPATES_IN", "prog", "2025", "2026-06") for n, who in enumerate(("ann", "ben", "eve"))]
    columns = pd.Index(["fact", "source", "kind", "target", "valid_from", "valid_to"])
    some = pd.DataFrame([*rows, ("g", "ann", "FUNDS", "ben", "2020-03-02", None)], columns=columns)
    names = {"ann": "Ann", "ben": "Ben", "eve": "Eve", "prog": "Prog"}
    assert changes.ties(some.assign(amount=float("nan")), names, lang) == [*zip(lines, (3, 1), strict=True)]


@pytest.mark.parametrize("lang", LANGS)
def test_dates_are_written_as_people_write_them(
    lang: str, board: Callable[[str], Report], profile: Callable[[str, str], Report]
) -> None:
    """No 2026-11-29 anywhere, the pictures' footers among it; and nothing in English where a card is Italian."""
    for report in (board(lang), *(profile(node, lang) for node in PROFILES)):
        assert [text for text in (report.note, *texts(report)) if re.search(r"\b\d{4}-\d\d\b", text)] == []
        for figure in (block for block in report.blocks() if isinstance(block, Figure)):
            drawn = figure.draw("svg").decode()
            assert re.findall(r">[^<]*\b\d{4}-\d\d\b[^<]*<", drawn) == []
            assert {"it": "dati al", "en": "data of"}[lang] in drawn
    cards = table(board(lang), filled(lang, method.WORDS["cards_table"]))
    known = [(METRICS | NETWORK_METRICS)[name].definition.replace("_", " ") for name in method.USED]
    assert (cards.iloc[:, 2].tolist() == known) is (lang == "en")
    assert set(method.DEFINITIONS) == set(method.USED)


def _lost(graph: Graph, lang: str) -> list[str]:
    found = []
    for node in graph.ids:
        p = position(graph, str(node), lang)
        if p and p.rank and p.cut_off:
            names = bridges.listed(lang, [bridges.named(graph, other, lang) for other in p.cut_off])
            words = {"a": bridges.named(graph, str(node), lang), "n": number(len(p.cut_off), lang), "names": names}
            found.append(filled(lang, bridges.WORDS["lost"], **words))
    return found


def whole(among: Graph) -> tuple[float, float]:
    """The share of the largest part and the mean distance, by networkx."""
    import networkx as nx

    net = nx.Graph()
    net.add_nodes_from(among.ids)
    net.add_edges_from(among.edges[["source", "target"]].itertuples(index=False))
    parts = list(nx.connected_components(net))
    far = [d for _, ends in nx.all_pairs_shortest_path_length(net) for d in ends.values() if d]
    return max(map(len, parts)) / len(net), float(np.mean(far))


@pytest.mark.parametrize("lang", LANGS)
def test_every_table_holds_the_numbers_of_the_data(
    lang: str, store: Store, views: tuple[Graph, Graph], facts: dict[str, int], board: Callable[[str], Report]
) -> None:
    graph, report = views[0], board(lang)

    def at(words: tuple[str, str], **values: object) -> str:
        return filled(lang, words, **values)

    by_sector = table(report, at(here.WORDS["table"]))
    nodes = graph.nodes[graph.nodes["kind"].isin(BODIES)]
    count = nodes["sector"].value_counts()
    assert dict(zip(by_sector.iloc[:-1, 0], by_sector.iloc[:-1, 1], strict=True)) == {
        gap_words.group(str(name), lang): number(n, lang) for name, n in count.items()
    }
    total = [number(facts[key], lang) for key in ("bodies", "ours", "tied")]
    assert by_sector.iloc[-1, 1:].tolist() == total
    for column in (1, 2, 3):
        assert sum(int(x.replace(".", "").replace(",", "")) for x in by_sector.iloc[:-1, column]) == int(
            by_sector.iloc[-1, column].replace(".", "").replace(",", "")
        )
    top = table(report, at(bridges.WORDS["table"]))
    every = {bridges.named(graph, str(i), lang): position(graph, str(i), lang) for i in graph.ids}
    for rank, name, contacts, _, cut in top.itertuples(index=False):
        p = every[name]
        assert p is not None
        assert (rank, contacts, cut) == tuple(number(n, lang) for n in (p.rank or 0, p.contacts, len(p.cut_off)))
    structure = graph_of(store.statements(), replace(graph.view, membership=False))
    lacking = missing(store, graph, structure, lang, unverified=views[1], shown=0)
    assert table(report, at(gaps.WORDS["table"])).iloc[:, :3].to_numpy().tolist() == [
        [one.title, number(one.observed, lang), number(round(one.expected), lang)] for one in lacking.sectors
    ]
    reach = table(report, at(abroad.WORDS["table"]))
    seen = doors(graph, lang, unverified=views[1], ledger=considered(store))
    assert sorted(reach.iloc[:, 1]) == sorted(number(one.open_doors, lang) for one in seen.gateways)
    states = table(report, at(outcomes.WORDS["states"]))
    assert states.iloc[:, 1].tolist() == ["1", "1", "1"]
    origins = table(report, at(method.WORDS["origins_table"]))
    stated = sources(store, "site").head(method.MOST)
    assert origins.iloc[:, 1].tolist() == [number(n, lang) for n in stated["statements"]]
    year = f"{int(graph.imported[:4]) - 1}{graph.imported[4:]}"
    moved = compare(store, replace(graph.view, as_of=year), replace(graph.view, as_of=graph.imported))
    parts = (moved.came, moved.left, moved.gained, moved.lost, moved.changed)
    assert table(report, at(changes.WORDS["table"])).iloc[:, 1].tolist() == [number(len(p), lang) for p in parts]


@pytest.mark.parametrize("lang", LANGS)
def test_what_a_picture_says_in_words_is_what_the_data_say(
    lang: str, facts: dict[str, int], board: Callable[[str], Report]
) -> None:
    found = {block.name: block.alt for block in board(lang).blocks() if isinstance(block, Figure)}
    assert set(found) == {"map", "topics", "timeline", "brokerage", "sectors", "routes"}
    numbers = [number(facts[key], lang) for key in ("among", "pairs", "alone")]
    assert re.findall(r"\d[\d.,]*\d|\d", found["map"])[:2] == numbers[:2]
    assert re.findall(r"\d[\d.,]*\d|\d", found["map"])[-1] == numbers[2]
    assert all(alt.strip() for alt in found.values())


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("node", PROFILES)
def test_a_profile_counts_what_is_known(
    node: str, lang: str, store: Store, views: tuple[Graph, Graph], profile: Callable[[str, str], Report]
) -> None:
    graph, low = views
    seen = portrait(graph, node, store.statements(), lang, low=low, ledger=considered(store))
    known = seen.known
    text = said(profile(node, lang))
    counts = {
        "ties": known.complete.ties, "dated": known.complete.dated, "high": known.complete.high,
        "partners": known.partners, "far": known.international,
    }  # fmt: skip
    words = {key: number(n, lang) for key, n in counts.items()}
    assert filled(lang, profile_module.WORDS["counts"], **words) in text
    if seen.position:
        assert " ".join(seen.position.sentences) in text
    if known.facts:
        k = min(len(known.facts), profile_module.FACTS)
        caption = filled(lang, profile_module.WORDS["facts"], k=k, n=number(len(known.facts), lang))
        assert len(table(profile(node, lang), caption)) == k


@pytest.mark.parametrize("lang", LANGS)
def test_large_numbers_of_gaps_are_written_as_the_language_does(
    lang: str, material: Callable[[str], Material], monkeypatch: pytest.MonkeyPatch
) -> None:
    of = material(lang)
    some = replace(
        of.missing, sectors=of.missing.sectors[:1] * 1200, bare=of.missing.bare[:1] * 1300,
        alone=of.missing.bare[:1] * 1400, set_aside=of.missing.sectors[:1] * 1500,
    )  # fmt: skip
    monkeypatch.setitem(vars(of), "missing", some)
    blocks = (*gaps._sectors(of).blocks, *gaps._alone(of).blocks)
    told = " ".join(block.text for block in blocks if isinstance(block, Paragraph))
    for n in (1200, 1300, 1400, 1500):
        assert re.search(rf"{re.escape(number(n, lang))}\b", told)
        assert not re.search(rf"\b{n}\b", told)


def seen_at(
    store: Store, views: tuple[Graph, Graph], day: str | None, lang: str = "en", compare: str | None = None
) -> Material:
    graph, low = (load_graph(store, replace(view.view, as_of=day)) for view in views)
    return Material(store, graph, low, lang, compare)


@pytest.mark.parametrize("day", ["1500", "2016", "2018"])
def test_whose_ecosystem_it_is_does_not_depend_on_the_day(
    day: str, store: Store, views: tuple[Graph, Graph], facts: dict[str, int]
) -> None:
    """The alliance began in 2017: before it, as after, whoever sits in its city counts, and nobody from elsewhere."""
    then = seen_at(store, views, day, "it")
    told = " ".join(here.sentences(then))
    nodes, edges = then.graph.nodes, then.graph.edges
    members = edges["source"][edges["kind"].isin(MEMBERSHIP) & edges["target"].isin(HOME)]
    ours = nodes[nodes["kind"].isin(BODIES) & ((nodes["city"] == "Torino") | nodes["id"].isin(members))]
    assert 0 < len(ours) < facts["bodies"] / 2
    assert f"aderenti all'alleanza: {len(ours)};" in told
    assert "allora potevano esserci" in told
    assert bridges.ranked(then)[0][0] in set(ours["id"])


@pytest.mark.parametrize("lang", LANGS)
def test_a_report_without_a_date_says_that_it_counts_every_year(
    lang: str, store: Store, views: tuple[Graph, Graph], board: Callable[[str], Report]
) -> None:
    every = {"it": "di ogni anno, anche conclusi", "en": "of every year, those that are over included"}[lang]
    then = seen_at(store, views, "2020", lang)
    assert every in board(lang).lead
    assert [text for text in said(board(lang)) if every in text] != []
    dated = board_module.board(then)
    assert not [text for text in (dated.lead, *said(dated)) if every in text]
    edges = then.graph.edges
    undated = int(((edges["valid_from"].fillna("") == "") & (edges["valid_to"].fillna("") == "")).sum())
    counts = {"e": then.here.sum(), "n": then.graph.kinds_of("Stakeholder").sum() - then.here.sum()}
    counts |= {"m": len(edges), "u": undated}
    words = {key: number(int(n), lang) for key, n in counts.items()}
    assert filled(lang, board_module.WORDS["here_as_of"], **words) in said(dated)
    assert not [text for text in abroad.sentences(then) if re.search(r"\b(oggi|today)\b", text)]


def test_a_day_after_the_data_is_said_and_nothing_is_compared_with_a_later_one(
    store: Store, views: tuple[Graph, Graph]
) -> None:
    ahead = seen_at(store, views, "2099")
    last = long_date(views[0].imported, "en")
    assert filled("en", board_module.WORDS["ahead"], day=last) in board_module.sentences(ahead)
    for day, later in ((None, "2099"), ("2016", "2017"), ("2016-05", "2016-06-01")):
        with pytest.raises(Unusable, match=f"{later} is after"):
            changes.change(seen_at(store, views, day, compare=later))
    assert changes.change(seen_at(store, views, "2016", compare="2015")).before == "2015"


def test_who_has_no_tie_is_told_by_the_rule_that_the_sentence_states(
    store: Store, views: tuple[Graph, Graph], board: Callable[[str], Report]
) -> None:
    """Seven have ties with the alliance or a topic at most; one of them hosts it, and has a tie beyond membership."""
    edges, bare = views[0].edges, missing(store, *views, "en").bare
    topics = set(views[0].nodes["id"][views[0].nodes["kind"] == "Topic"])
    for one in bare:
        mine = edges[(edges["source"] == one.id) | (edges["target"] == one.id)]
        others = {*mine["source"], *mine["target"]} - {one.id}
        assert others <= {*HOME, *topics}
        assert ("Nothing is known" in one.sentence) == (not others)
    [told] = [
        text for text in said(board("en")) if text.startswith("Organisations of the ecosystem without documented")
    ]
    assert "but with the alliance or a topic: 7 (" in told


@pytest.mark.parametrize("lang", LANGS)
def test_of_one_alone_and_of_nothing_a_report_says_no_more_than_there_is(lang: str, tmp_path: Path) -> None:
    from tsi_graph.batch import Batch
    from tsi_graph.model import Stakeholder

    with open_store(tmp_path / "one.db") as opened:
        opened.write(Batch([], [], []), "none")
        nothing = load_graph(opened, DOCUMENTED)
        told = [*texts(reports.observatory(opened, nothing, nothing, lang))]
        assert not [text for text in told if filled(lang, method.WORDS["cards_table"]) in text]
        assert not [text for text in told if re.search(r"\b(fonti|fatti|sources|facts)\b.* \d", text.lower())]
        opened.write(Batch([Stakeholder(id="a", name="Ann", origin="x")], [], []), "one")
        one = load_graph(opened, DOCUMENTED)
        told = [*texts(reports.observatory(opened, one, one, lang))]
        assert filled(lang, here.WORDS["apart"]) in told
        assert not [text for text in told if re.search(r"\b1 (organi|fonti|sources)|\bin 100\b|\bsu 100\b", text)]
