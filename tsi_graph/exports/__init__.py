"""A graph as a file: a page, a picture, or a format that other programs read."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tsi_graph.errors import NotFound, Unusable
from tsi_graph.exports import cypher, files, html, kumu, node_link, pajek, picture, tabular
from tsi_graph.exports.places import positions
from tsi_graph.exports.scene import Look

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
PICTURES = (".html", ".svg", ".png", ".pdf")
"""Those in which everybody has a place."""


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
    if not path.parent.is_dir():
        raise NotFound(f"No folder {str(path.parent)!r} to write {path.name} in.")
    replace_file(path, write(graph, look))
    return path


def exporter(name: str) -> Callable[[Graph, Look], bytes]:
    """The format that the end of a file name says: of several that fit, the longest. Raises Unusable."""
    fitting = [ending for ending in EXPORTERS if name.lower().endswith(ending)]
    if not fitting:
        raise Unusable(f"No format for {name!r}. Known endings: {', '.join(EXPORTERS)}.")
    return EXPORTERS[max(fitting, key=len)]


def replace_file(path: Path, data: bytes) -> None:
    """Written beside and renamed: nobody ever sees half a file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


__all__ = ["EXPORTERS", "PICTURES", "Look", "draw", "export", "exporter", "positions"]
