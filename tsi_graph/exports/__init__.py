"""A graph as a file: a page, a picture, or a format that other programs read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tsi_graph.errors import Unusable
from tsi_graph.exports import cypher, files, html, kumu, node_link, pajek, picture, tabular
from tsi_graph.exports.places import positions
from tsi_graph.exports.scene import Look
from tsi_graph.store.kept import hand_over

if TYPE_CHECKING:
    import pandas as pd

    from tsi_graph.graph import Graph

EXPORTERS: dict[str, Callable[[Graph, Look], bytes]] = {
    ".html": html.page,
    ".svg": picture.svg,
    ".png": picture.png,
    ".pdf": picture.pdf,
    ".graphml": files.graphml,
    ".gexf": files.gexf,
    ".net": pajek.pajek,
    ".json": node_link.node_link,
    ".kumu.json": kumu.blueprint,
    ".xlsx": tabular.workbook,
    ".kumu.xlsx": kumu.spreadsheet,
    ".csv.zip": tabular.csv_tables,
    ".it.csv.zip": tabular.csv_italian,
    ".cypher": cypher.cypher,
}
PICTURES: dict[str, Callable[[Graph], None]] = {
    ".html": html.fits,
    ".svg": picture.fits,
    ".png": picture.fits,
    ".pdf": picture.fits,
}
"""Those in which everybody has a place, with what raises Unusable for more nodes than it has room for."""


def export(
    graph: Graph,
    path: Path | str,
    *,
    color: pd.Series | None = None,
    size: pd.Series | None = None,
    title: str | None = None,
    lead: str | None = None,
    footer: str | None = None,
    lang: str = "it",
    last: pd.DataFrame | None = None,
    facts: Graph | None = None,
) -> Path:
    """Writes the graph in the format that the end of the file name says, whole or not at all; gives the path.

    color: a category for each node id (default: sector). size: a score for each node id, its name in the legend
    (default: number of documented ties). footer: the date of the data, put before what the picture says of
    itself. last: the table of `positions` of the last edition, so that readers find everybody near the old place.
    facts: the documented graph of which these are the organisations; it knows the years of each tie (page only).
    """
    look = Look(color=color, size=size, title=title, lead=lead, footer=footer, lang=lang, last=last, facts=facts)
    return draw(graph, path, look)


def draw(graph: Graph, path: Path | str, look: Look) -> Path:
    """The same for a look that is there already, such as that of a saved view."""
    path = Path(path)
    write = exporter(path.name)
    return hand_over(path, lambda: write(graph, look))


def with_room(graph: Graph, form: str | None) -> None:
    """Raises Unusable for a picture that has no room for so many, before anything of it is worked out."""
    if form in PICTURES:
        PICTURES[form](graph)


def has_places(form: str | None) -> bool:
    """Whether everybody has a place in a file of that ending; in one without a name too."""
    return form is None or form in PICTURES


def exporter(name: str) -> Callable[[Graph, Look], bytes]:
    """The format that the end of a file name says: of several that fit, the longest. Raises Unusable."""
    fitting = [ending for ending in EXPORTERS if name.lower().endswith(ending)]
    if not fitting:
        raise Unusable(f"No format for {name!r}. Known endings: {', '.join(EXPORTERS)}.")
    return EXPORTERS[max(fitting, key=len)]


__all__ = [
    "EXPORTERS",
    "PICTURES",
    "Look",
    "draw",
    "export",
    "exporter",
    "hand_over",
    "has_places",
    "positions",
    "with_room",
]
