"""Networks and ports: which outside networks are reached, through whom, how firm that is, and who is next."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from tsi_graph.analysis.about import position
from tsi_graph.exports.bodies import NETWORKS, body
from tsi_graph.exports.doors import doors_workbook
from tsi_graph.fields import SCOPES
from tsi_graph.graph import Graph
from tsi_graph.language import Lang, filled
from tsi_graph.recommend import considered
from tsi_graph.recommend.columns import full_names
from tsi_graph.recommend.doors import Doors, Wanted, doors
from tsi_graph.recommend.portfolios.objectives import ONE_PORT, OUTSIDE
from tsi_graph.store import Store

from ..deps import DocumentedDep, StoreDep, UnverifiedDep
from ..description import XLSX
from .addresses import address
from .desk import PageLang, page, render

router = APIRouter()
STRONGEST = 4
Word = Annotated[str, Query(max_length=200)]


@page(router, "networks")
def networks(
    request: Request,
    lang: PageLang,
    graph: DocumentedDep,
    low: UnverifiedDep,
    store: StoreDep,
    scope: Word = "",
    topic: Word = "",
    offices: Word = "",
) -> HTMLResponse:
    found = _found(store, graph, low, lang, Wanted(scope or None, topic or None, offices != "no"))
    return render(
        request, "networks.html", here="networks", found=found, scope=scope, topic=topic, offices=offices,
        scopes=[(one, filled(lang, NETWORKS[one])) for one in SCOPES if one in OUTSIDE], topics=_topics(graph, lang),
        strongest=STRONGEST, name=lambda node: body(graph, node, lang), data=graph.imported,
        month_url=address(lang, "month", **{"rete" if lang == "it" else "network": ONE_PORT}),
    )  # fmt: skip


@page(router, "networks", "/table.xlsx")
def table(
    lang: PageLang,
    graph: DocumentedDep,
    low: UnverifiedDep,
    store: StoreDep,
    scope: Word = "",
    topic: Word = "",
    offices: Word = "",
) -> Response:
    found = _found(store, graph, low, lang, Wanted(scope or None, topic or None, offices != "no"))
    name = "reti-e-porte.xlsx" if lang == "it" else "networks-and-ports.xlsx"
    head = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(doors_workbook(found, lang), media_type=XLSX, headers=head)


def _found(store: Store, graph: Graph, low: Graph, lang: Lang, wanted: Wanted) -> Doors:
    if wanted.topic:
        position(graph, wanted.topic, "Topic")
    return doors(graph, lang, wanted, unverified=low, ledger=considered(store))


def _topics(graph: Graph, lang: Lang) -> list[tuple[str, str]]:
    """The topics that any network works on, by name."""
    topic, network = graph.kinds_of("Topic"), graph.kinds_of("Network")
    i, j = graph.ends
    there = sorted(set(j[network[i] & topic[j]].tolist()))
    names = full_names(graph, lang)
    return sorted(((str(graph.ids[node]), str(names[node])) for node in there), key=lambda one: one[1])
