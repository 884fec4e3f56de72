"""The commands of reports: that of the observatory, and the profile of one body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tsi_graph.cli_options import AsOf, Json, Lang, LangOption, Low, StoreOption, ViewOption, alone
from tsi_graph.cli_settings import read_settings
from tsi_graph.console import answer, working
from tsi_graph.errors import Unusable

if TYPE_CHECKING:
    from tsi_graph.exports.views import SavedView
    from tsi_graph.graph import Graph
    from tsi_graph.reports import Report
    from tsi_graph.store import Store

report = typer.Typer(no_args_is_help=True, help="Reports that leave the building: a page, a Word document or a PDF.")


class Format(StrEnum):
    html = "html"
    docx = "docx"
    pdf = "pdf"


FormatOption = Annotated[
    Format | None, typer.Option("--format", help="What sort of file, unless the name of --out says it.")
]
Out = Annotated[Path | None, typer.Option(help="Where it goes. Default: this folder, under a name of its own.")]


@report.command()
def observatory(
    format: FormatOption = None,  # noqa: A002
    compare: Annotated[
        str | None,
        typer.Option(help="An earlier view to compare with: a date, or as for `tsi compare`. Default: a year before."),
    ] = None,
    out: Out = None,
    lang: LangOption = None,
    store: StoreOption = None,
    view: ViewOption = None,
    low: Low = False,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Who is here, who bridges, what is missing, routes abroad, introductions and outcomes, what changed, how it was
    worked out: for a board."""
    from tsi_graph import reports

    saved = _saved(view, low=low, as_of=as_of)

    def made(opened: Store, language: str) -> Report:
        views, places = _views(opened, saved, low=low, as_of=as_of), opened.beside("places")
        return reports.observatory(opened, *views, language, compare=compare, places=places, saved=saved)

    _write(made, "observatory", format, Format.pdf, out, lang, store, saved, json=json)


@report.command()
def organisation(
    node: Annotated[str, typer.Argument(help="The id of an organisation or a network.", metavar="ID")],
    format: FormatOption = None,  # noqa: A002
    out: Out = None,
    lang: LangOption = None,
    store: StoreOption = None,
    view: ViewOption = None,
    low: Low = False,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Two pages for a meeting: where it stands, whom it could meet and through whom, its ways to networks, what is
    known of it."""
    from tsi_graph import reports

    saved = _saved(view, low=low, as_of=as_of)

    def made(opened: Store, language: str) -> Report:
        return reports.organisation(
            opened, *_views(opened, saved, low=low, as_of=as_of), node, language, saved=saved
        )  # fmt: skip

    _write(made, node, format, Format.docx, out, lang, store, saved, json=json)


def _saved(view: str | None, *, low: bool, as_of: str | None) -> SavedView | None:
    """The saved view that is asked for."""
    from tsi_graph.exports.views import asked

    alone(view, low=low, as_of=as_of)
    return asked(view, read_settings().views) if view else None


def _views(opened: Store, saved: SavedView | None, *, low: bool, as_of: str | None) -> tuple[Graph, Graph]:
    """All that is documented, and the same with what nobody verified."""
    from tsi_graph.graph import load_graph

    wanted = read_settings().documented(low=low, as_of=as_of)
    wanted = saved.view(wanted) if saved else wanted
    return load_graph(opened, wanted), load_graph(opened, replace(wanted, confidence=1))


def _write(
    made: Callable[[Store, str], Report], name: str, form: Format | None, usual: Format, out: Path | None,
    lang: Lang | None, store: str | None, saved: SavedView | None, *, json: bool,
) -> None:  # fmt: skip
    from tsi_graph import reports

    settings = read_settings()
    language = str(lang or settings.lang)
    if out and form and out.suffix.lower() != f".{form.value}":
        raise Unusable(f"--format {form.value}: the name {out.name!r} says something else; leave one of them out.")
    said = saved.language(language) if saved else language
    path = out or Path(reports.file_name(name, said, (form or usual).value))
    with settings.open(store) as opened, working(f"Writing {path}"):
        written = reports.write(made(opened, language), path)
    answer({"path": str(written), "bytes": written.stat().st_size}, json, lambda: f"{written} written")
