"""Pictures and files to take along."""

from __future__ import annotations

import mimetypes
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi import Path as PathParameter
from fastapi.responses import Response

from tsi_graph.errors import NotFound
from tsi_graph.exports import EXPORTERS
from tsi_graph.exports.charts import FORMS, chart, drawn
from tsi_graph.exports.editions import drawn_now
from tsi_graph.exports.html import policy_of
from tsi_graph.exports.scene import Look
from tsi_graph.exports.views import SavedView, pictured
from tsi_graph.graph import Graph, View
from tsi_graph.recommend import considered

from ..deps import LangDep, SavedDep, ShownDep, StoreDep, UsualDep, ViewDep

router = APIRouter(prefix="/exports", tags=["exports"])
_TYPES = {
    ".graphml": "application/graphml+xml", ".gexf": "application/gexf+xml", ".net": "text/plain; charset=utf-8",
    ".cypher": "text/plain; charset=utf-8", ".zip": "application/zip",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
Suffix = Annotated[str, PathParameter(description="The format.", examples=["html", "svg", "graphml", "kumu.json"])]


@router.get("/map.{suffix}", response_class=Response)
def picture(
    request: Request,
    seen: ViewDep,
    usual: UsualDep,
    saved: SavedDep,
    lang: LangDep,
    suffix: Suffix,
    everything: Annotated[bool, Query(description="Projects, networks and funds too.")] = False,
    size: Annotated[str, Query(description="The metric that marks grow with.", examples=["degree"])] = "betweenness",
) -> Response:
    """The map as one self-contained file: html, svg, png, pdf; or for other programs graphml, gexf, net, json,
    kumu.json, kumu.xlsx, xlsx, csv.zip, it.csv.zip (for Italian Excel), cypher."""
    if saved is not None:
        return map_of(request, saved, usual, lang, suffix)
    ending = known_ending(suffix)
    graph = request.app.state.graphs.get(seen, folded=False)
    places = request.app.state.kept_in.beside("places")
    drawn = drawn_now(graph, size, lang, places, ending, everything=everything, keep=seen == usual, who=seen.audience)
    return as_file(ending, *drawn)


def map_of(request: Request, saved: SavedView, usual: View, lang: str, suffix: str) -> Response:
    """The map of a saved view in a format."""
    ending = known_ending(suffix)
    facts = request.app.state.graphs.get(saved.view(usual), folded=False)
    return as_file(ending, *pictured(saved, facts, lang, ending))


@router.get("/{picture}.{suffix}", response_class=Response, name="chart")
def chart_of(
    graph: ShownDep,
    store: StoreDep,
    lang: LangDep,
    saved: SavedDep,
    picture: Annotated[
        str,
        PathParameter(description="sectors, topics, routes, brokerage, timeline or communities.", examples=["routes"]),
    ],
    suffix: Annotated[str, PathParameter(description="The format.", examples=["svg"])],
    of: Annotated[
        str | None, Query(max_length=200, description="For routes: those of this one body.", examples=["socialfare"])
    ] = None,
) -> Response:
    """A picture beyond the map, as svg, png or pdf: who works with whom, on which topics, routes to international
    networks, who bridges between whom, projects in time, communities. What it says in words is in its title."""
    if suffix not in FORMS:
        raise NotFound(f"No format {suffix[:40]!r}. Known: {', '.join(FORMS)}.")
    ledger = considered(store) if picture == "routes" else None
    found = chart(graph, picture, lang, of=of, ledger=ledger, saved=saved)
    content = drawn(found, suffix)
    return Response(content, headers=_policy(f".{suffix}", content), media_type=mimetypes.guess_type(f"x.{suffix}")[0])


def known_ending(suffix: str) -> str:
    if f".{suffix}" not in EXPORTERS:
        raise NotFound(f"No format {suffix!r}. Known: {', '.join(s.removeprefix('.') for s in EXPORTERS)}.")
    return f".{suffix}"


def as_file(ending: str, graph: Graph, look: Look) -> Response:
    """The graph in a format, with what a browser may do with it."""
    content, last = EXPORTERS[ending](graph, look), "." + ending.rpartition(".")[2]
    return Response(content, headers=_policy(last, content), media_type=media_type(last))


def media_type(suffix: str) -> str:
    return _TYPES.get(suffix) or mimetypes.guess_type(f"map{suffix}")[0] or "application/octet-stream"


def _policy(suffix: str, content: bytes) -> dict[str, str]:
    """What a file may do when a browser opens it from here: its own script and style, and nothing else."""
    if suffix == ".html":
        return {"content-security-policy": f"{policy_of(content)}; frame-ancestors 'none'"}
    if suffix == ".svg":
        return {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"}
    return {}
