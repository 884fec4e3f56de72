"""Reports that leave the building: one content, written as a page, a Word document or a PDF."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tsi_graph.errors import NotFound, Unusable
from tsi_graph.exports import replace_file
from tsi_graph.reports.content import Report
from tsi_graph.reports.pdf import pdf
from tsi_graph.reports.web import html
from tsi_graph.reports.word import docx

if TYPE_CHECKING:
    from tsi_graph.graph import Graph
    from tsi_graph.store import Store

WRITERS: dict[str, Callable[[Report], bytes]] = {"html": html, "docx": docx, "pdf": pdf}


def observatory(
    store: Store, graph: Graph, low: Graph, lang: str = "it", *, compare: str | None = None, today: date | None = None
) -> Report:  # fmt: skip
    """The report of the observatory. graph: all that is documented, looked at from today; low: the same with what
    nobody verified. compare: an earlier view, such as 2024; a year before unless said. Raises Unusable for a language
    or a view that there is not."""
    from tsi_graph.reports.material import Material
    from tsi_graph.reports.observatory import observatory as made

    return made(Material(store, graph, low, lang, compare, today or date.today()))


def organisation(
    store: Store, graph: Graph, low: Graph, node: str, lang: str = "it", *, today: date | None = None
) -> Report:  # fmt: skip
    """The two-page profile of an organisation or a network. Raises NotFound for an unknown id."""
    from tsi_graph.reports.material import Material
    from tsi_graph.reports.organisation import organisation as made

    return made(Material(store, graph, low, lang, None, today or date.today()), node)


def written(report: Report, form: str) -> bytes:
    """A report as the bytes of a file. Raises NotFound for another format."""
    form = form.lower().removeprefix(".")
    if form not in WRITERS:
        raise NotFound(f"No format {form!r} for a report. Known: {', '.join(WRITERS)}.")
    return WRITERS[form](report)


def write(report: Report, path: Path | str) -> Path:
    """Writes a report in the format that the end of the file name says, whole or not at all; gives the path."""
    path = Path(path)
    if path.suffix.lower().removeprefix(".") not in WRITERS:
        raise Unusable(f"No format for {path.name!r}. Known endings: {', '.join(f'.{form}' for form in WRITERS)}.")
    if not path.parent.is_dir():
        raise NotFound(f"No folder {str(path.parent)!r} to write {path.name} in.")
    replace_file(path, written(report, path.suffix))
    return path


__all__ = ["WRITERS", "Report", "observatory", "organisation", "write", "written"]
