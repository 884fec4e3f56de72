"""Reports that leave the building: one content, written as a page, a Word document or a PDF."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tsi_graph.errors import NotFound, Unusable
from tsi_graph.exports import hand_over
from tsi_graph.reports.content import Report
from tsi_graph.reports.pdf import pdf
from tsi_graph.reports.web import html
from tsi_graph.reports.word import docx

if TYPE_CHECKING:
    from tsi_graph.exports.views import SavedView
    from tsi_graph.graph import Graph
    from tsi_graph.reports.material import Material
    from tsi_graph.store import Store

WRITERS: dict[str, Callable[[Report], bytes]] = {"html": html, "docx": docx, "pdf": pdf}


def observatory(
    store: Store, graph: Graph, low: Graph, lang: str = "it", *, compare: str | None = None, today: date | None = None,
    places: Path | None = None, saved: SavedView | None = None,
) -> Report:  # fmt: skip
    """The report of the observatory. graph: all that is documented, looked at from today; low: the same with what
    nobody verified. compare: an earlier view, such as 2024; a year before unless said. places: the file of where
    everybody stood on the last map. saved: a view, with its filters, language, map and logo; both graphs are then those
    that it looks at. Raises Unusable for a language or a view that there is not."""
    from tsi_graph.reports.board import board

    return board(_material(store, graph, low, lang, compare, today, places, saved))


def organisation(
    store: Store, graph: Graph, low: Graph, node: str, lang: str = "it", *, today: date | None = None,
    saved: SavedView | None = None,
) -> Report:  # fmt: skip
    """The two-page profile of an organisation or a network; saved as for `observatory`. Raises NotFound for an id that
    is unknown, or left out."""
    from tsi_graph.reports.profile import profile

    return profile(_material(store, graph, low, lang, None, today, None, saved), node)


def _material(
    store: Store, graph: Graph, low: Graph, lang: str, compare: str | None, today: date | None, places: Path | None,
    saved: SavedView | None,
) -> Material:  # fmt: skip
    from tsi_graph.exports.views import left
    from tsi_graph.reports.material import Material

    if saved is not None:
        graph, low, lang = left(saved, graph), left(saved, low), saved.language(lang)
    return Material(store, graph, low, lang, compare, today or date.today(), places, saved)


def written(report: Report, form: str) -> bytes:
    """A report as the bytes of a file. Raises NotFound for another format."""
    return WRITERS[known(form)](report)


def known(form: str) -> str:
    """The format as WRITERS names it. Raises NotFound for another one."""
    form = form.removeprefix(".")
    if form not in WRITERS:
        raise NotFound(f"No format {form[:40]!r} for a report. Known: {', '.join(WRITERS)}.")
    return form


def write(report: Report, path: Path | str) -> Path:
    """Writes a report in the format that the end of the file name says, whole or not at all; gives the path."""
    path = Path(path)
    form = path.suffix.lower().removeprefix(".")
    if form not in WRITERS:
        raise Unusable(f"No format for {path.name!r}. Known endings: {', '.join(f'.{form}' for form in WRITERS)}.")
    return hand_over(path, lambda: written(report, form))


def file_name(name: str, lang: str, form: str) -> str:
    """What the file of a report is called unless somebody says: an id may hold whatever a path or a shell understands.

    >>> file_name("../../È vero", "it", "pdf"), file_name("=1+1", "en", "docx"), file_name("多", "en", "html")
    ('E-vero-it.pdf', '1-1-en.docx', 'report-en.html')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return f"{re.sub('[^A-Za-z0-9_]+', '-', plain).strip('-')[:80] or 'report'}-{lang}.{form}"


__all__ = ["WRITERS", "Report", "file_name", "known", "observatory", "organisation", "write", "written"]
