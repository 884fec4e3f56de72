"""This month: whom to introduce to whom for a declared objective, why, through whom, and what to write."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from tsi_graph.analysis.extent import extent
from tsi_graph.errors import Conflict
from tsi_graph.exports.bodies import alliance_name, named
from tsi_graph.exports.chains import Chain, along
from tsi_graph.exports.letters import Letter, letters
from tsi_graph.graph import Graph
from tsi_graph.language import Lang
from tsi_graph.recommend.ledger.listing import summary
from tsi_graph.recommend.ledger.proposal import proposal
from tsi_graph.recommend.ledger.reading import considered, latest, one_of, read_ledger
from tsi_graph.recommend.ledger.record import pair
from tsi_graph.recommend.ledger.writing import Happening, propose, take_back
from tsi_graph.recommend.portfolios.choices import choices
from tsi_graph.recommend.portfolios.month import as_proposal, next_month, this_month
from tsi_graph.recommend.portfolios.portfolio import Portfolio, Proposed
from tsi_graph.recommend.portfolios.telling import by_whom, headline, how_computed, measured, second_choice
from tsi_graph.store import Store

from ..deps import DocumentedDep, StoreDep, UnverifiedDep
from .desk import PageLang, page, page_lang, render, see_other
from .introductions import Done, conflict, read_done

router = APIRouter()
FULL = 5
"""How many proposals are shown in full; the others open from a line each."""
SIZE, MOST = 12, 2
"""How many are proposed unless said, and how many each introducer is asked for."""
LARGEST = {"size": 20, "most": 5}
Action = Literal["accepted", "snoozed", "declined", "note"]

NAMES: dict[str, dict[Lang, str]] = {
    "objective": {"it": "obiettivo", "en": "objective"},
    "network": {"it": "rete", "en": "network"},
    "first": {"it": "settore", "en": "sector"},
    "second": {"it": "altro", "en": "other"},
    "topic": {"it": "tema", "en": "topic"},
    "size": {"it": "quante", "en": "size"},
    "most": {"it": "max", "en": "max"},
    "promoters": {"it": "promotori", "en": "promoters"},
}
"""What the address says in each language. Both are understood in either: the other language keeps the filters."""
OBJECTIVES: dict[str, dict[Lang, str]] = {
    "reach": {"it": "reti", "en": "networks"},
    "periphery": {"it": "margini", "en": "margin"},
    "gap": {"it": "settori", "en": "sectors"},
    "topic": {"it": "tema", "en": "topic"},
}


@dataclass(frozen=True)
class Wishes:
    """What the address asks for; what makes no sense there counts as not said."""

    objective: str
    network: str
    first: str
    second: str
    topic: str
    size: int
    most: int
    promoters: bool

    @property
    def about(self) -> str | None:
        """What the objective is about, as the library takes it."""
        both = ",".join(filter(None, (self.first, self.second))) if self.first != self.second else self.first
        return {"reach": self.network, "gap": both, "topic": self.topic}.get(self.objective) or None

    def query(self, lang: Lang) -> dict[str, str]:
        """The same as the query of an address in a language; what is as usual is left out."""
        said = {
            "objective": OBJECTIVES[self.objective][lang] if self.objective != "reach" else "",
            "network": self.network, "first": self.first, "second": self.second, "topic": self.topic,
            "size": str(self.size) if self.size != SIZE else "", "most": str(self.most) if self.most != MOST else "",
            "promoters": "1" if self.promoters else "",
        }  # fmt: skip
        return {NAMES[name][lang]: value for name, value in said.items() if value}

    def month(self, store: Store, graph: Graph, lang: Lang) -> Portfolio:
        return this_month(
            store, graph, self.objective, about=self.about, lang=lang, size=self.size, per_introducer=self.most,
            through_promoters=self.promoters,
        )  # fmt: skip


def wishes(request: Request) -> Wishes:
    """The wishes of an address."""

    def said(name: str) -> str:
        words = (NAMES[name][page_lang(request)], *NAMES[name].values())
        return next((found for word in words if (found := request.query_params.get(word, "").strip()[:200])), "")

    def count(name: str, usual: int) -> int:
        text = said(name)
        return min(max(int(text), 1), LARGEST[name]) if text.isascii() and text.isdigit() else usual

    asked = said("objective")
    return Wishes(
        next((key for key, words in OBJECTIVES.items() if asked in (key, *words.values())), "reach"),
        said("network"), said("first"), said("second"), said("topic"), count("size", SIZE), count("most", MOST),
        bool(said("promoters")),
    )  # fmt: skip


WishesDep = Annotated[Wishes, Depends(wishes)]


@dataclass(frozen=True)
class Card:
    """A proposal as the page shows it."""

    one: Proposed
    source: str
    target: str
    by: str
    chain: Chain | None
    reasons: tuple[tuple[str, tuple[str, ...]], ...]
    second: str
    letter: Letter
    measured: list[str]
    key: str


@page(router, "month")
def month(
    request: Request, lang: PageLang, store: StoreDep, graph: DocumentedDep, unverified: UnverifiedDep,
    asked: WishesDep, done: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:  # fmt: skip
    found = asked.month(store, graph, lang)
    ledger = read_ledger(store)
    message = read_done(done, ledger)
    today = date.today()
    return render(
        request, "month.html", here="month", month=found, alliance=alliance_name(graph, lang), asked=asked,
        fields={n: w[lang] for n, w in NAMES.items()},
        objectives={key: words[lang] for key, words in OBJECTIVES.items()}, query=asked.query(lang), today=today,
        title=headline(found, lang), cards=[_card(graph, one, lang) for one in found.introductions], full=FULL,
        computed=list(how_computed(found, lang)), choices=choices(graph, lang), next_month=next_month(today),
        summary=summary(ledger, today), extent=extent(graph, unverified), done=message,
        place=_place(found, message), named=partial(named, graph, lang=lang), largest=LARGEST,
    )  # fmt: skip


@page(router, "month", method="POST")
def decide(
    request: Request,
    lang: PageLang,
    store: StoreDep,
    graph: DocumentedDep,
    asked: WishesDep,
    action: Annotated[Action, Form()],
    source: Annotated[str, Form(max_length=200)],
    target: Annotated[str, Form(max_length=200)],
    key: Annotated[str, Form(max_length=100)],
    text: Annotated[str, Form(max_length=5_000)] = "",
) -> Response:
    """Record a decision on a proposal: with what the page showed, as long as it is among the proposals."""
    wanted = as_proposal(asked.month(store, graph, lang), source, target) or proposal(
        graph, considered(store), source, target, objective=asked.objective, lang=lang
    )
    first = Happening("proposed", text=text if action == "note" else "")
    then = Happening(action, text=text) if action != "note" else None
    said = repr((source, target, action, text, asked.objective))
    try:
        made = propose(store, wanted, first, then=then, key=f"{action}-{key}", asked=said)
    except Conflict:
        # whoever was faster is told with how it is now
        known = latest(read_ledger(store)).get(pair(source, target))
        if known is None:
            raise
        return conflict(request, graph, known)
    if action == "accepted":
        return see_other(lang, "introductions", made.id, done=f"accepted:{made.id}:1")
    return see_other(lang, "month", done=f"{action}:{made.id}:1", **asked.query(lang))


@page(router, "month", "/undo", method="POST")
def undo(
    request: Request,
    lang: PageLang,
    store: StoreDep,
    graph: DocumentedDep,
    asked: WishesDep,
    which: Annotated[str, Form(max_length=100)],
    since: Annotated[int, Form(ge=1, le=10_000)],
    seen: Annotated[int, Form(ge=1, le=10_000)],
    key: Annotated[str, Form(max_length=100)],
) -> Response:
    try:
        take_back(store, which, since=since, seen=seen, key=f"undo-{key}")
    except Conflict:
        return conflict(request, graph, one_of(read_ledger(store), which))
    return see_other(lang, "month", done=f"undone:{which}:{since}", **asked.query(lang))


def _card(graph: Graph, one: Proposed, lang: Lang) -> Card:
    return Card(
        one,
        named(graph, one.source, lang),
        named(graph, one.target, lang),
        by_whom(tuple(_introducing(graph, one, lang)), one.by_you, lang),
        along(graph, one.path, lang),
        tuple(zip(one.reasons, one.reason_sources, strict=True)),
        second_choice(one, lang),
        letters(graph, one.source, one.target, one.introducers, lang)[0],
        measured(one, lang),
        secrets.token_hex(8),
    )


def _introducing(graph: Graph, one: Proposed, lang: Lang) -> list[str]:
    """The names of those who introduce, the alliance itself apart."""
    return [named(graph, body, lang) for body in one.introducers if body not in graph.view.home]


def _place(found: Portfolio, message: Done | None) -> int | None:
    """Before which of the proposals left the message stands: where the one that was decided on stood."""
    if message is None:
        return None
    return next((one.place for one in found.decided if one.id == message.one.id), None)
