"""Gaps: who does not meet, what is uncovered, who is alone; each with its evidence and what would close it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from tsi_graph.errors import Conflict
from tsi_graph.exports.bodies import SECTORS, alliance_name, body
from tsi_graph.exports.chains import along
from tsi_graph.language import Lang
from tsi_graph.recommend.ledger.gap_marks import known_key
from tsi_graph.recommend.ledger.marking import set_aside
from tsi_graph.recommend.ledger.proposal import proposal
from tsi_graph.recommend.ledger.reading import considered
from tsi_graph.recommend.ledger.record import Introduction
from tsi_graph.recommend.ledger.writing import Happening, propose, take_back
from tsi_graph.recommend.missing import gap_keys, missing

from ..deps import DocumentedDep, GraphDep, StoreDep, UnverifiedDep
from .desk import PageLang, page, render, see_other
from .words import spoken

router = APIRouter()
Done = Annotated[str, Query(max_length=600)]
Key = Annotated[str, Form(max_length=100)]


@page(router, "gaps")
def gaps(
    request: Request, lang: PageLang, graph: DocumentedDep, structure: GraphDep, low: UnverifiedDep, store: StoreDep,
    done: Done = "",
) -> HTMLResponse:  # fmt: skip
    found = missing(store, graph, structure, lang, unverified=low)
    named = {scheme.name: _scheme(scheme.name, lang) for scheme in found.schemes}
    return render(
        request, "gaps.html", here="gaps", found=found, alliance=alliance_name(graph, lang), schemes=named,
        said=_done(done), key=secrets.token_hex(8),
        name=lambda node: body(graph, node, lang), chain=lambda path: along(graph, path, lang), data=graph.imported,
        sort_of=lambda sector: SECTORS.get(sector, SECTORS["other"])[lang == "en"],
        most=max((max(one.expected, one.observed) for one in found.sectors), default=1.0),
    )  # fmt: skip


@page(router, "gaps", "/propose", method="POST")
def add(
    lang: PageLang,
    graph: DocumentedDep,
    store: StoreDep,
    pair: Annotated[list[str] | None, Form()] = None,
    key: Key = "",
    undo: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Propose both introductions of a gap, or take them back; one that somebody moved meanwhile is left as it is."""
    if undo:
        _each(undo, lambda which: take_back(store, which, since=1, seen=1, key=key and f"{key}-{which}"))
        return see_other(lang, "gaps", done="taken_back:")

    def made(one: str) -> Introduction:
        source, _, target = one.partition("|")
        wanted = proposal(graph, considered(store), source, target, objective="gap", lang=lang)
        return propose(store, wanted, Happening("proposed"), key=key and f"{key}-{one}", asked=one)

    return see_other(lang, "gaps", done=f"proposed:{':'.join(one.id for one in _each(pair or [], made))}")


def _each(asked: Sequence[str], do: Callable[[str], Introduction]) -> list[Introduction]:
    """What could be done of several; Conflict where nothing could."""
    done, held = [], None
    for one in asked:
        try:
            done.append(do(one))
        except Conflict as fault:
            held = fault
    if held and not done:
        raise held
    return done


@page(router, "gaps", "/aside", method="POST")
def dismiss(
    lang: PageLang,
    graph: DocumentedDep,
    structure: GraphDep,
    store: StoreDep,
    gap: Annotated[str, Form(max_length=500)],
    text: Annotated[str, Form(max_length=1000)] = "",
    aside: Annotated[bool, Form()] = True,
) -> Response:
    if aside:
        known_key(gap, gap_keys(graph, structure))
    set_aside(store, gap, aside=aside, text=text)
    return see_other(lang, "gaps", done=f"{'aside' if aside else 'again'}:{gap}")


def _done(done: str) -> dict[str, Any] | None:
    what, _, about = done.partition(":")
    if what == "proposed":
        return {"what": what, "ids": [one for one in about.split(":") if one.isalnum()]}
    return {"what": what, "gap": about} if what in ("aside", "again", "taken_back") else None


def _scheme(name: str, lang: Lang) -> str:
    """What a scheme of topics is called."""
    gettext = spoken(lang).gettext
    known = {
        "plan-2030-area": gettext("Areas of the 2030 Plan"),
        "plan-2030-crosscutting": gettext("Cross-cutting themes of the 2030 Plan"),
        "tsi-mou-topic": gettext("Topics of the Memorandum"),
    }
    return known.get(name, name)
