"""Questions: a sentence with blanks; the answer as a sentence, a table and a small picture, and how it was found."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from tsi_graph.analysis import METRICS
from tsi_graph.exports.answer import described, picture
from tsi_graph.graph import Graph
from tsi_graph.language import filled
from tsi_graph.questions import LABELS, QUESTIONS, Answer, ask, blanked, choices, question, understood
from tsi_graph.recommend import considered

from ..deps import DocumentedDep, StoreDep
from .desk import PageLang, page, render

router = APIRouter()
MOST = 200
"""Rows of the table on the page; the API has them all."""
Blank = Annotated[str, Query(max_length=200)]
LISTED = ("sector", "city", "topic", "network", "project")
"""Blanks for which one chooses from a list; a body is written, with suggestions."""


@page(router, "questions")
def questions(request: Request, lang: PageLang) -> HTMLResponse:
    asked = [(q.id, blanked(q, lang)) for q in QUESTIONS.values()]
    return render(request, "questions.html", here="questions", asked=asked)


@page(router, "questions", "/{name}")
def answer(
    request: Request, lang: PageLang, store: StoreDep, graph: DocumentedDep, name: str, x: Blank = "", y: Blank = ""
) -> HTMLResponse:
    q, given = question(name), {"x": x.strip(), "y": y.strip()}
    blanks, missing = [], []
    for key, kind in q.blanks.items():
        value, near = understood(graph, kind, given[key], lang) if given[key] else ("", [])
        shown = dict(choices(graph, kind, lang)).get(value, given[key])
        if given[key] and not value:
            missing.append({"name": key, "text": given[key], "near": [(node, text) for node, text in near[:5]]})
        blanks.append({
            "name": key, "label": filled(lang, LABELS[kind]), "value": value, "shown": shown, "listed": kind in LISTED,
            "choices": choices(graph, kind, lang),
        })  # fmt: skip
    complete = all(given[key] for key in q.blanks) and not missing
    found = (
        ask(graph, name, {key: given[key] for key in q.blanks}, lang, ledger=considered(store)) if complete else None
    )
    return render(
        request, "question.html", here="questions", id=name, sentence=blanked(q, lang), blanks=blanks, missing=missing,
        found=found, most=MOST, alt=described(graph, found, lang) if found and found.drawn else "",
        card=METRICS[found.metric].card(lang) if found and found.metric else None, given=given,
        known=_known(graph, found),
    )  # fmt: skip


@page(router, "questions", "/{name}/picture.svg")
def drawn(
    lang: PageLang, store: StoreDep, graph: DocumentedDep, name: str, x: Blank = "", y: Blank = "", narrow: bool = False
) -> Response:  # fmt: skip
    given = {key: value for key, value in (("x", x), ("y", y)) if value}
    found = ask(graph, name, given, lang, ledger=considered(store))
    return Response(picture(graph, found, lang, narrow=narrow), media_type="image/svg+xml")


def _known(graph: Graph, found: Answer | None) -> set[Any]:
    """The ids in the answer that have a page of their own: organisations."""
    if found is None:
        return set()
    mentioned = {row.get(one["id"]) for row in found.rows for one in found.columns if one["sort"] == "body"}
    return mentioned & set(graph.nodes["id"][graph.kinds_of("Stakeholder")])
