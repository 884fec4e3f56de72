"""The reports of the starter data with a small ledger, each made and written once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from tsi_graph import reports, samples
from tsi_graph.graph import Graph, load_graph
from tsi_graph.importers import read
from tsi_graph.recommend.ledger.writing import Happening, Proposal, propose, record
from tsi_graph.reports import Report
from tsi_graph.reports.content import Bullets, Figure, Paragraph, Table
from tsi_graph.reports.material import Material
from tsi_graph.settings import Settings
from tsi_graph.store import Store, open_store

LANGS = ("it", "en")
PROFILES = ("socialfare", "ubi-banca", "impact-europe", "engim-piemonte")
"""A busy one, one that has closed, a network, one of which next to nothing is known."""


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The starter data, and three introductions: one with an outcome, one declined, one under way."""
    opened = open_store(tmp_path_factory.mktemp("reports") / "r.db")
    opened.write(read(samples.torino()), "tsi-facts")
    opened.write(read(samples.additions()), "tsi-additions")
    one = propose(opened, Proposal("socialfare", "euclid-network", ("comune-di-torino",), "reach"))
    for event in (Happening("accepted"), Happening("made"), Happening("met"), Happening("outcome", outcome="joined")):
        record(opened, one.id, event)
    two = propose(opened, Proposal("tofis", "reves", (), "reach"))
    record(opened, two.id, Happening("declined"))
    propose(opened, Proposal("hackability", "ensie", ("fondazione-links",), "reach"))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def views(store: Store) -> tuple[Graph, Graph]:
    settings = Settings()
    return load_graph(store, settings.documented()), load_graph(store, settings.documented(low=True))


@pytest.fixture(scope="session")
def material(store: Store, views: tuple[Graph, Graph]) -> Callable[[str], Material]:
    return cache(lambda lang: Material(store, *views, lang))


@pytest.fixture(scope="session")
def board(store: Store, views: tuple[Graph, Graph]) -> Callable[[str], Report]:
    return cache(lambda lang: reports.observatory(store, *views, lang))


@pytest.fixture(scope="session")
def profile(store: Store, views: tuple[Graph, Graph]) -> Callable[[str, str], Report]:
    return cache(lambda node, lang: reports.organisation(store, *views, node, lang))


@pytest.fixture(scope="session")
def written(board: Callable[[str], Report], profile: Callable[[str, str], Report]) -> Callable[[str, str, str], bytes]:
    """A report as a file: "observatory" or the id of a body, the language, the format."""
    return cache(
        lambda what, lang, form: reports.written(board(lang) if what == "observatory" else profile(what, lang), form)
    )


def texts(report: Report) -> Iterator[str]:
    """All that a report says, but for the alternative texts."""
    yield from (report.title, report.lead)
    for _, section in report.every():
        yield section.title
        for block in section.blocks:
            match block:
                case Paragraph(text, _):
                    yield text
                case Bullets(items, title):
                    yield from (*([title] if title else []), *items)
                case Table():
                    yield from (block.caption, *block.headings, *(cell for row in block.rows for cell in row))
                case Figure():
                    yield block.caption
