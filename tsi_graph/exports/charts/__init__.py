"""The pictures beyond the map, each by name: sectors, topics, routes, brokerage, timeline, communities."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tsi_graph.errors import NotFound, Unusable
from tsi_graph.exports import hand_over
from tsi_graph.exports.charts import communities, roles, routes, sectors, timeline, topics
from tsi_graph.exports.charts.sheet import Chart, sheet
from tsi_graph.exports.picture import printed
from tsi_graph.exports.views import SavedView, left
from tsi_graph.exports.words import words
from tsi_graph.graph import Graph

if TYPE_CHECKING:
    from tsi_graph.recommend.ledger.reading import Considered

CHARTS: dict[str, Callable[[Graph, str], Chart]] = {
    "sectors": sectors.chart,
    "topics": topics.chart,
    "routes": routes.chart,
    "brokerage": roles.chart,
    "timeline": timeline.chart,
    "communities": communities.chart,
}
FORMS = ("svg", "pdf", "png")


def chart(
    graph: Graph, name: str, lang: str = "it", *, of: str | None = None, ledger: Considered | None = None,
    most: int = routes.MOST, saved: SavedView | None = None,
) -> Chart:  # fmt: skip
    """A picture by its name, worked out. graph: all that is documented, with its projects, networks and topics.

    of: the body whose `most` first ways `routes` shows, in place of all. saved: a view, with its filters, language and
    logo; graph is then all that is documented of it. Raises NotFound for another name and for an unknown body,
    Unusable for a language that is not spoken here and for `of` where it has no meaning.
    """
    words(lang)
    if saved is not None:
        lang = saved.language(lang)
        found = chart(left(saved, graph), name, lang, of=of, ledger=ledger, most=most)
        return dressed(found, saved.filters(lang), saved.logo)
    if name not in CHARTS:
        raise NotFound(f"No picture {name!r}. Known: map, {', '.join(CHARTS)}.")
    if of is not None and name != "routes":
        raise Unusable(f"Only routes are drawn of one body, not {name}.")
    if name == "routes":
        return routes.of_body(graph, of, lang, ledger, most) if of else routes.chart(graph, lang, ledger)
    return CHARTS[name](graph, lang)


def dressed(found: Chart, filters: Iterable[str], logo: str = "") -> Chart:
    """A picture that says at its foot what was left out, with a logo at its head."""
    return replace(found, footer=" · ".join((*filters, found.footer)), logo=logo)


def drawn(found: Chart, form: str) -> bytes:
    """A picture as the bytes of an SVG, PDF or PNG (200 dpi) file, the same each time. Raises NotFound."""
    form = form.lower().removeprefix(".")
    if form not in FORMS:
        raise NotFound(f"No format {form!r} for {found.name}. Known: {', '.join(FORMS)}.")
    return printed(lambda: sheet(found), form, title=found.title, alt=found.alt)


def write(found: Chart, path: Path | str) -> Path:
    """Writes a picture in the format that the end of the file name says, whole or not at all; gives the path.

    Raises Unusable for another ending, NotFound where the folder is not there.
    """
    path = Path(path)
    if path.suffix.lower().removeprefix(".") not in FORMS:
        raise Unusable(f"No format for {path.name!r}. Known endings: {', '.join(f'.{form}' for form in FORMS)}.")
    return hand_over(path, lambda: drawn(found, path.suffix))


__all__ = ["CHARTS", "FORMS", "Chart", "chart", "drawn", "dressed", "write"]
