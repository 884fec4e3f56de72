"""The commands that write files: maps, pictures, graphs for other programs, the workbook to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tsi_graph.cli_options import AsOf, Json, LangOption, Low, NoPromoters, StoreOption, ViewOption, alone
from tsi_graph.cli_settings import read_settings
from tsi_graph.console import answer, working
from tsi_graph.errors import Unusable


def template(
    path: Annotated[Path, typer.Argument(help="Where it goes, a name that ends in .xlsx.")],
    lang: LangOption = None,
    json: Json = False,
) -> None:
    """A workbook to fill in: drop-downs for relations, kinds and confidence, an example row; it imports as it is."""
    from tsi_graph.exports import hand_over
    from tsi_graph.exports.delivery import template as made

    if path.suffix.lower() != ".xlsx":
        raise Unusable(f"The template is written as .xlsx, not as {path.name!r}.")
    written = hand_over(path, lambda: made(str(lang or read_settings().lang)))
    answer({"path": str(written), "bytes": written.stat().st_size}, json, lambda: f"{written} written")


def export(
    path: Annotated[
        Path,
        typer.Argument(
            help="Its ending says the format: html, svg, png, pdf; graphml, gexf, net, json, kumu.json, kumu.xlsx, "
            "xlsx, csv.zip, it.csv.zip (for Italian Excel), cypher."
        ),
    ],
    view: ViewOption = None,
    picture: Annotated[
        str,
        typer.Option(
            help="In place of the map: sectors, topics, routes, brokerage, timeline, communities (svg, png, pdf)."
        ),
    ] = "map",
    of: Annotated[str | None, typer.Option(help="With --picture routes: those of this one body.", metavar="ID")] = None,
    size: Annotated[str, typer.Option(help="The metric that marks grow with.")] = "betweenness",
    everything: Annotated[bool, typer.Option("--everything", help="Projects, networks and funds too.")] = False,
    lang: LangOption = None,
    store: StoreOption = None,
    low: Low = False,
    as_of: AsOf = None,
    without_promoters: NoPromoters = False,
    json: Json = False,
) -> None:
    """A map as one self-contained page, a picture, or a file for another program. Everybody stands where they stood
    in the last picture, as far as the ties allow."""
    from tsi_graph.exports import draw, exporter
    from tsi_graph.exports.editions import drawn_now, drawn_view
    from tsi_graph.graph import load_graph

    settings = read_settings()
    alone(view, low=low, as_of=as_of, everything=everything, without_promoters=without_promoters)
    if picture != "map":
        beside = {"--everything": everything, "--without-promoters": without_promoters}
        if given := [name for name, value in beside.items() if value]:
            raise Unusable(f"{', '.join(given)}: only the map is drawn so, not {picture}.")
        written = _chart(path, picture, of, str(lang or settings.lang), store, low, as_of, view)
        answer({"path": str(written), "bytes": written.stat().st_size}, json, lambda: f"{written} written")
        return
    if of is not None:
        raise Unusable("--of is for --picture routes.")
    exporter(path.name)
    language, form = str(lang or settings.lang), path.suffix.lower()
    with settings.open(store) as opened, working(f"Drawing {path}"):
        if view is not None:
            graph, look = drawn_view(opened, view, settings.views, settings.view(), language, form)
        else:
            usual = settings.view(low=low, as_of=as_of, promoters=not without_promoters)
            keep = not (low or as_of or without_promoters)
            facts = load_graph(opened, usual)
            places = opened.beside("places")
            graph, look = drawn_now(facts, size, language, places, form, everything=everything, keep=keep)
        written = draw(graph, path, look)
    answer({"path": str(written), "bytes": written.stat().st_size}, json, lambda: f"{written} written")


def _chart(
    path: Path, name: str, of: str | None, lang: str, store: str | None, low: bool, as_of: str | None, view: str | None
) -> Path:
    from tsi_graph.exports.charts import chart, write
    from tsi_graph.exports.views import asked
    from tsi_graph.graph import load_graph
    from tsi_graph.recommend import considered

    settings = read_settings()
    saved, wanted = asked(view, settings.views) if view else None, settings.documented(low=low, as_of=as_of)
    with settings.open(store) as opened, working(f"Drawing {path}"):
        ledger = considered(opened) if name == "routes" else None
        graph = load_graph(opened, saved.view(wanted) if saved else wanted)
        return write(chart(graph, name, lang, of=of, ledger=ledger, saved=saved), path)
