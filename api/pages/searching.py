"""Search everywhere: a page that works as a plain form, and the suggestions that the script shows while one types."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse

from tsi_graph.analysis.search import Found, Wanted, browse, search
from tsi_graph.exports.bodies import Body, body
from tsi_graph.language import Lang

from ..deps import DocumentedDep
from .addresses import address
from .desk import PageLang, page, render

router = APIRouter()
SHOWN, SUGGESTED = 50, 8
Text = Annotated[str, Query(max_length=200)]


@page(router, "search")
def found(
    request: Request, lang: PageLang, graph: DocumentedDep, q: Text = "", more: Annotated[int, Query(ge=0)] = 0
) -> HTMLResponse:
    hits = browse(graph, Wanted(q), lang) if q.strip() else []
    shown = [(body(graph, hit.id, lang), place_of(hit, lang), hit) for hit in hits[more : more + SHOWN]]
    return render(request, "search.html", here="search", q=q, hits=shown, total=len(hits), more=more, size=SHOWN)


@page(router, "search", "/suggest")
def suggest(lang: PageLang, graph: DocumentedDep, q: Text = "") -> JSONResponse:
    return JSONResponse([_told(body(graph, hit.id, lang), hit, lang) for hit in search(graph, q, SUGGESTED, (), lang)])


def place_of(hit: Found, lang: Lang) -> str:
    """The page of what was found: a network has one among the networks."""
    return address(lang, "networks" if hit.kind == "Network" else "organisations", hit.id)


def _told(one: Body, hit: Found, lang: Lang) -> dict[str, Any]:
    return {"name": one.full, "kind": one.kind, "place": one.place, "url": place_of(hit, lang)}
