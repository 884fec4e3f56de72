"""Introductions: the ledger as a board, and the page of one introduction with its texts, steps and history."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tsi_graph.errors import Conflict, NotFound
from tsi_graph.exports.bodies import named
from tsi_graph.exports.chain_picture import chain_png
from tsi_graph.exports.chains import Chain, chain, known
from tsi_graph.exports.ledger import workbook
from tsi_graph.exports.letters import by_team, letters_of, step_of
from tsi_graph.graph import Graph
from tsi_graph.language import Lang, filled
from tsi_graph.recommend.ledger.listing import Filters, chosen, narrowed, summary, waits
from tsi_graph.recommend.ledger.reading import STALLED, Ledger, one_of, read_ledger
from tsi_graph.recommend.ledger.record import OUTCOMES, Introduction, in_force, shown
from tsi_graph.recommend.ledger.uplift import ENOUGH, uplift
from tsi_graph.recommend.ledger.words import OUTCOMES as OUTCOME_WORDS
from tsi_graph.recommend.ledger.words import STATES, happened, names, told_uplift
from tsi_graph.recommend.ledger.writing import Happening, record, take_back
from tsi_graph.recommend.portfolios.objectives import OBJECTIVES
from tsi_graph.recommend.portfolios.telling import by_whom

from ..deps import DocumentedDep, StoreDep
from ..description import XLSX
from .addresses import address
from .desk import PageLang, page, page_lang, render, see_other
from .words import spoken

router = APIRouter()
COLUMNS = ("proposed", "accepted", "made", "met", "outcome")
"""The columns of the board; what is snoozed or declined stands below it."""
NEXT = {"proposed": "accepted", "made": "met", "met": "outcome"}
STEPS = {1: "introducer_agreed", 2: "both_agreed", 3: "made"}
"""The one button of each card: the step that comes next."""
MOVES = ("accepted", "introducer_agreed", "both_agreed", "made", "met")
"""Where one may be moved by hand, besides what has a form of its own."""
WAITS = (14, STALLED, 60)
Kind = Literal[
    "accepted", "introducer_agreed", "both_agreed", "made", "met", "outcome", "declined", "snoozed", "reopened", "note"
]  # fmt: skip
Text = Annotated[str, Form(max_length=5_000)]
Day = Annotated[str, Form(max_length=10)]
Key = Annotated[str, Form(max_length=100)]
Word = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True)
class Done:
    """What was just done, as the address of the next page says it: `accepted:48003febb49f:2`, the last number being
    that of the first event of it. undoable: nothing came after it, so that it may be taken back from the message."""

    kind: str
    one: Introduction
    since: int
    undoable: bool
    key: str

    @property
    def last(self) -> int:
        return self.one.events[-1].number


def read_done(text: str, ledger: Ledger) -> Done | None:
    """What an address says was done; None where it says nothing that can be."""
    kind, _, rest = text.partition(":")
    which, _, since = rest.partition(":")
    one = next((one for one in ledger.introductions if one.id == which), None)
    if one is None or not since.isascii() or not since.isdigit():
        return None
    counts = any(event["counts"] and event["number"] >= int(since) for event in shown(one)["events"])
    return Done(kind, one, int(since), counts and kind != "undone", secrets.token_hex(8))


@dataclass(frozen=True)
class Seen:
    """An introduction as the pages show it, with its two names and who introduces."""

    one: Introduction
    source: str
    target: str
    by: str
    team: bool
    next: str
    days: int
    late: bool
    history: list[dict[str, Any]]
    key: str

    @property
    def title(self) -> str:
        return f"{self.source} → {self.target}"

    @property
    def last(self) -> int:
        """The last event that the reader saw."""
        return self.one.events[-1].number

    @property
    def last_counting(self) -> int:
        """The last event that is not taken back."""
        return max((event.number for event in in_force(self.one.events) if not event.undoes), default=1)

    @property
    def outcome(self) -> str:
        found = self.one.last("outcome")
        return found.outcome if found else ""


def seen(graph: Graph, one: Introduction, lang: Lang, today: date) -> Seen:
    team, days = by_team(graph, one.through), waits(one, today)
    introducing = tuple(named(graph, body, lang) for body in one.through if body not in graph.view.home)
    step = step_of(graph, one)
    events = [{**event, "told": happened(event, lang)} for event in shown(one)["events"]]
    return Seen(
        one, named(graph, one.source, lang), named(graph, one.target, lang), by_whom(introducing, team, lang), team,
        STEPS[step] if step else NEXT.get(one.state, ""), days, days > STALLED, events[::-1], secrets.token_hex(8),
    )  # fmt: skip


@page(router, "introductions")
def board(
    request: Request, lang: PageLang, store: StoreDep, graph: DocumentedDep, introducer: Word = "",
    objective: Word = "", stalled: Annotated[str, Query(max_length=5)] = "", view: Word = "", done: Word = "",
) -> HTMLResponse:  # fmt: skip
    ledger, today = read_ledger(store), date.today()
    filters = _filters(introducer, objective, stalled)
    there = [seen(graph, one, lang, today) for one in chosen(ledger, filters)]
    helped = uplift(store, graph)
    return render(
        request, "introductions.html", here="introductions", summary=summary(ledger, today),
        filtered=filters != Filters(),
        columns=[(state, [one for one in there if one.one.state == state]) for state in COLUMNS], table=view == "table",
        aside=[one for one in there if one.one.state in ("snoozed", "declined")], there=there, filters=filters,
        introducers=_introducers(graph, ledger, lang),
        used=[key for key in OBJECTIVES if any(one.objective == key for one in ledger.introductions)], waits=WAITS,
        uplift=told_uplift(helped, lang) if helped.enough else "", enough=ENOUGH, done=read_done(done, ledger),
        named=partial(named, graph, lang=lang), states=_words(STATES, lang), stalled=STALLED,
        outcomes=_words(OUTCOME_WORDS, lang), xlsx=_workbook_at(lang, introducer, objective, stalled),
        query={"introducer": introducer, "objective": objective, "stalled": stalled},
    )  # fmt: skip


@page(router, "introductions", ".xlsx")
def file(
    lang: PageLang, store: StoreDep, graph: DocumentedDep, introducer: Word = "", objective: Word = "",
    stalled: Annotated[str, Query(max_length=5)] = "",
) -> Response:  # fmt: skip
    ledger = narrowed(read_ledger(store), _filters(introducer, objective, stalled))
    name = "introductions.xlsx" if lang == "en" else "presentazioni.xlsx"
    head = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(workbook(ledger, names(graph, lang), lang), media_type=XLSX, headers=head)


@page(router, "introductions", "/{which}")
def one_page(
    request: Request, lang: PageLang, store: StoreDep, graph: DocumentedDep, which: str, done: Word = ""
) -> HTMLResponse:
    ledger = read_ledger(store)
    return _record(request, graph, one_of(ledger, which), done=read_done(done, ledger))


@page(router, "introductions", "/{which}/route.png")
def picture(lang: PageLang, store: StoreDep, graph: DocumentedDep, which: str) -> Response:
    found = _chain(graph, one_of(read_ledger(store), which), lang)
    if found is None:
        raise NotFound(f"Of introduction {which[:40]!r} there is no route to draw.")
    name = f"{'percorso' if lang == 'it' else 'route'}-{which}.png"
    head = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(chain_png(found, lang), media_type="image/png", headers=head)


@page(router, "introductions", "/{which}/more")
def more(request: Request, lang: PageLang, store: StoreDep, graph: DocumentedDep, which: str) -> HTMLResponse:
    today = date.today()
    shown_one = seen(graph, one_of(read_ledger(store), which), lang, today)
    return render(
        request, "introduction_more.html", here="introductions", seen=shown_one, today=today, moves=MOVES,
        named=partial(named, graph, lang=lang),
    )  # fmt: skip


@page(router, "introductions", "/{which}", method="POST")
def move(
    request: Request,
    lang: PageLang,
    store: StoreDep,
    graph: DocumentedDep,
    which: str,
    kind: Annotated[Kind, Form()],
    last: Annotated[int, Form(ge=1, le=10_000)],
    key: Key,
    on: Day = "",
    text: Text = "",
    outcome: Annotated[Literal["", "joint_project", "joined", "funding", "exchange", "nothing"], Form()] = "",
    until: Day = "",
    back: Annotated[Literal["board", "record"], Form()] = "record",
) -> Response:
    """Record one step of an introduction, if it still stands as the writer saw it."""
    said = Happening(kind, on, text, outcome, until if kind == "snoozed" else "")
    try:
        made = record(store, which, said, seen=last, key=f"{kind}-{key}")
    except Conflict:
        return conflict(request, graph, one_of(read_ledger(store), which))
    return _back(lang, back, made, f"{kind}:{made.id}:{last + 1}")


@page(router, "introductions", "/{which}/undo", method="POST")
def undo(
    request: Request,
    lang: PageLang,
    store: StoreDep,
    graph: DocumentedDep,
    which: str,
    since: Annotated[int, Form(ge=1, le=10_000)],
    last: Annotated[int, Form(ge=1, le=10_000)],
    key: Key,
    back: Annotated[Literal["board", "record"], Form()] = "record",
) -> Response:
    try:
        made = take_back(store, which, since=since, seen=last, key=f"undo-{key}")
    except Conflict:
        return conflict(request, graph, one_of(read_ledger(store), which))
    return _back(lang, back, made, f"undone:{made.id}:{since}")


def conflict(request: Request, graph: Graph, one: Introduction) -> HTMLResponse:
    """Somebody was faster: how the introduction is now, and nothing of what was asked."""
    return _record(request, graph, one, status=409)


def _record(
    request: Request, graph: Graph, one: Introduction, *, status: int = 200, done: Done | None = None
) -> HTMLResponse:
    lang, today = page_lang(request), date.today()
    found = seen(graph, one, lang, today)
    return render(
        request, "introduction.html", status, here="introductions", seen=found, done=done, today=today,
        conflict=status == 409, chain=_chain(graph, one, lang), letters=letters_of(graph, one, lang),
        step=step_of(graph, one), states=_words(STATES, lang), named=partial(named, graph, lang=lang),
        outcomes=_words(OUTCOME_WORDS, lang), all_outcomes=OUTCOMES,
    )  # fmt: skip


def _chain(graph: Graph, one: Introduction, lang: Lang) -> Chain | None:
    nodes = (one.source, *one.through, one.target)
    return chain(graph, nodes, lang) if len(nodes) > 2 and known(graph, nodes) else None


def _filters(introducer: str, objective: str, stalled: str) -> Filters:
    days = int(stalled) if stalled.isascii() and stalled.isdigit() else None
    return Filters(introducer=introducer or None, objective=objective or None, stalled=days)


def _workbook_at(lang: Lang, introducer: str, objective: str, stalled: str) -> str:
    """Where the workbook of what is shown stands."""
    at, _, query = address(
        lang, "introductions", introducer=introducer, objective=objective, stalled=stalled
    ).partition("?")
    return f"{at}.xlsx" + (f"?{query}" if query else "")


def _introducers(graph: Graph, ledger: Ledger, lang: Lang) -> list[tuple[str, str]]:
    """Through whom the introductions of the ledger go, by name."""
    everybody = {body for one in chosen(ledger, Filters()) for body in one.through}
    return sorted(((one, _introducer(graph, one, lang)) for one in everybody), key=lambda two: two[1].casefold())


def _introducer(graph: Graph, body: str, lang: Lang) -> str:
    return spoken(lang).gettext("You") if body in graph.view.home else named(graph, body, lang)


def _words(table: dict[str, tuple[str, str]], lang: Lang) -> dict[str, str]:
    return {key: filled(lang, words) for key, words in table.items()}


def _back(lang: Lang, back: str, one: Introduction, done: str) -> RedirectResponse:
    return see_other(lang, "introductions", *([one.id] if back == "record" else []), done=done)
