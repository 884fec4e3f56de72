"""Organisations: the list, and one at a glance: who it is, where it stands, whom it should meet, what is known."""

from __future__ import annotations

import secrets
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tsi_graph.analysis.search import Wanted, browse, search
from tsi_graph.errors import NotFound, TsiError, Unusable
from tsi_graph.exports.bodies import SECTORS, alliance_name, body, named
from tsi_graph.exports.chains import along
from tsi_graph.fields import CONFIDENCE, FIELDS
from tsi_graph.graph import Graph
from tsi_graph.history import correct, plan_correction
from tsi_graph.language import Lang
from tsi_graph.model import EDGE_KINDS
from tsi_graph.recommend import Recommendation, considered, silence
from tsi_graph.recommend.columns import last_days, of_nodes
from tsi_graph.recommend.doors import doors, port_gain
from tsi_graph.recommend.ledger.listing import Filters, chosen, introducers
from tsi_graph.recommend.ledger.marking import mark
from tsi_graph.recommend.ledger.present import recommend_now
from tsi_graph.recommend.ledger.proposal import proposal
from tsi_graph.recommend.ledger.reading import read_ledger
from tsi_graph.recommend.ledger.writing import Happening, propose, take_back
from tsi_graph.recommend.portfolios.telling import by_whom
from tsi_graph.recommend.portrait import portrait
from tsi_graph.recommend.rules import To
from tsi_graph.recommend.ties import fabric
from tsi_graph.store import Store

from ..deps import DocumentedDep, StoreDep, UnverifiedDep
from .addresses import address
from .desk import PageLang, page, render, see_other

router = APIRouter()
PAGE, CARDS, FACTS, ROUTES = 50, 3, 8, 6
Word = Annotated[str, Query(max_length=200)]
Long = Annotated[str, Query(max_length=2_000)]
Key = Annotated[str, Form(max_length=100)]
Given = Annotated[str, Form(max_length=200)]
MENDED = ("name", "name_it", "sector", "city", "country", "website", "notes", "valid_from", "valid_to", "register_id")
OF_OTHERS = {
    "Network": ("name", "name_it", "scope", "city", "country", "website", "join_rules", "members_stated", "valid_to"),
    "Project": (
        "name", "name_it", "valid_from", "valid_to", "lead", "funder", "budget", "eu_contribution", "programme",
    ),
    "Fund": ("name", "name_it", "instrument", "size", "year", "website", "valid_to"),
    "Topic": ("name", "name_it", "notes"),
}  # fmt: skip
"""The fields that the page of a correction offers, those asked for most first."""


@page(router, "organisations")
def listed(
    request: Request, lang: PageLang, graph: DocumentedDep, q: Word = "", sector: Word = "", city: Word = "",
    after: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> HTMLResponse:  # fmt: skip
    found = browse(graph, Wanted(q, ("Stakeholder",), sector, city), lang)
    body_kind = graph.kinds_of("Stakeholder")
    cities = sorted({str(one) for one in of_nodes(graph, "city")[body_kind]} - {""})
    return render(
        request, "organisations.html", here="organisations",
        rows=[body(graph, hit.id, lang) for hit in found[after : after + PAGE]], total=len(found),
        of=int(body_kind.sum()), after=after, size=PAGE, words=q, sector=sector, city=city,
        sectors=sorted(((key, words[lang == "en"]) for key, words in SECTORS.items()), key=lambda one: one[1]),
        cities=cities, data=graph.imported,
    )  # fmt: skip


@page(router, "organisations", "/{node}")
def organisation(
    request: Request, lang: PageLang, graph: DocumentedDep, low: UnverifiedDep, store: StoreDep, node: str,
    to: To = "network", ties: Word = "", done: Word = "",
) -> Response:  # fmt: skip
    if graph.kinds_of("Network")[graph.position(node)]:
        return RedirectResponse(address(lang, "networks", node, done=done), 307)
    return _shown(request, lang, graph, low, store, node, to, ties, done)


@page(router, "networks", "/{node}")
def network(
    request: Request, lang: PageLang, graph: DocumentedDep, low: UnverifiedDep, store: StoreDep, node: str,
    ties: Word = "", done: Word = "",
) -> Response:  # fmt: skip
    if not graph.kinds_of("Network")[graph.position(node)]:
        return RedirectResponse(address(lang, "organisations", node, done=done), 307)
    return _shown(request, lang, graph, low, store, node, "member", ties, done)


def _shown(
    request: Request, lang: Lang, graph: Graph, low: Graph, store: Store, node: str, to: To, ties: str, done: str
) -> HTMLResponse:
    ledger, held = read_ledger(store), considered(store)
    me, seen = body(graph, node, lang), portrait(graph, node, store.statements(), lang, low=low, ledger=held)
    is_body = bool(graph.kinds_of("Stakeholder")[graph.position(node)])
    found = recommend_now(store, graph, node, to, limit=CARDS, lang=lang) if is_body else []
    why = "" if found or not is_body else silence(graph, node, to, None, lang, refused=held.taken) or ""
    cards = [
        {"rec": one, "chain": along(graph, one.path, lang), "to": body(graph, one.id, lang),
         "gain": port_gain(graph, one.id, lang), "by": _by(graph, one, lang)}
        for one in found
    ]  # fmt: skip
    gateways = doors(graph, lang, unverified=low, ledger=held).gateways if me.node_kind == "Network" else ()
    mine = chosen(ledger, Filters(stakeholder=node))
    asked = next((one for one in introducers(ledger) if one["introducer"] == node), None)
    here = "networks" if me.node_kind == "Network" else "organisations"
    return render(
        request, "organisation.html", here=here, me=me, seen=seen, alliance=alliance_name(graph, lang),
        is_body=is_body, bodies=int(graph.kinds_of("Stakeholder").sum()), cards=cards, why=why, to=to, sorts=SORTS,
        everything=ties == "all", shown=FACTS, first=ROUTES,
        site=of_nodes(graph, "website")[graph.position(node)], mine=mine, asked=asked, data=graph.imported,
        closed=is_body and bool(last_days(graph)[graph.position(node)] < fabric(graph).now),
        gateway=next((one for one in gateways if one.id == node), None), key=secrets.token_hex(8), said=_done(done),
        name=lambda other: body(graph, other, lang), field_names={k: v[lang == "en"] for k, v in FIELDS.items()},
        value=lambda dispute, told: _value(graph, dispute.field, told, lang),
    )  # fmt: skip


def _by(graph: Graph, one: Recommendation, lang: Lang) -> str:
    """Who introduces, the alliance itself apart, in the words of This month; where nobody can, the team does."""
    through = tuple(named(graph, body, lang) for body in one.introducers if body not in graph.view.home)
    return by_whom(through, one.by_you or not one.introducers, lang)


SORTS: tuple[str, ...] = ("network", "fund", "investor", "stakeholder", "project")


def _value(graph: Graph, field: str, told: object, lang: Lang) -> object:
    """A disputed value: where it is an id, the name."""
    if isinstance(told, str) and field in ("funder", "lead"):
        return named(graph, told, lang)
    return told


@page(router, "organisations", "/{node}/propose", method="POST")
def add(
    lang: PageLang, graph: DocumentedDep, store: StoreDep, node: str,
    target: Annotated[str, Form(max_length=200)] = "", key: Key = "", undo: Annotated[str, Form(max_length=50)] = "",
    objective: Annotated[str, Form(max_length=50)] = "",
) -> Response:  # fmt: skip
    """Put a recommended introduction among the proposals; or take that back."""
    if undo:
        take_back(store, undo, since=1, seen=1, key=key)
        return see_other(lang, "organisations", node, done="taken_back:")
    wanted = proposal(graph, considered(store), node, target, objective=objective, lang=lang)
    made = propose(store, wanted, Happening("proposed"), key=key, asked=f"{node}|{target}")
    return see_other(lang, "organisations", node, done=f"proposed:{made.id}:{target}")


@page(router, "organisations", "/{node}/introducer", method="POST")
def leave_out(
    lang: PageLang, store: StoreDep, node: str, barred: Annotated[bool, Form()],
    text: Annotated[str, Form(max_length=1_000)] = "",
) -> Response:  # fmt: skip
    """Do not use a body as a go-between from now on, or use it again."""
    now = next((one["barred"] for one in introducers(read_ledger(store)) if one["introducer"] == node), False)
    if now != barred:  # sent twice, it is said twice
        mark(store, node, barred=barred, text=text)
    return see_other(lang, "organisations", node, done=f"{'barred' if barred else 'used'}:")


@page(router, "organisations", "/{node}/correct")
def look(
    request: Request, lang: PageLang, graph: DocumentedDep, store: StoreDep, node: str,
    what: Literal["field", "tie", "wrong"] = "field", field: Word = "", value: Long = "", relation: Word = "",
    other: Word = "", origin: Long = "", confidence: Literal["high", "medium"] = "high", note: Long = "", go: Word = "",
) -> HTMLResponse:  # fmt: skip
    """The form of a correction; with its values what it would change, before anything is written."""
    me = body(graph, node, lang)
    found: Any = None
    fault: TsiError | None = None
    if go:
        try:
            found = _planned(store, graph, node, what, field, value, relation, other, origin, confidence)
        except TsiError as wrong:  # what cannot be is an answer of this page, beside the form
            fault = wrong
    cells = graph.nodes.iloc[graph.position(node)]
    may = OF_OTHERS.get(me.node_kind, MENDED)
    asked = dict.fromkeys((*may, *filter(None, (field,))))
    options = [(one, FIELDS.get(one, (one, one))[lang == "en"]) for one in asked]
    return render(
        request, "correct.html", 422 if fault else 200, here="organisations", me=me, found=found, fault=fault,
        what=what,
        options=options, field=field, value=value, relation=relation, other=other, origin=origin, confidence=confidence,
        note=note, now={one: cells.get(one) for one, _ in options if isinstance(cells.get(one), (str, float, int))},
        relations=[(kind, edge.reads[lang == "en"]) for kind, edge in EDGE_KINDS.items()], key=secrets.token_hex(8),
        field_names={k: v[lang == "en"] for k, v in FIELDS.items()},
    )  # fmt: skip


@page(router, "organisations", "/{node}/correct", method="POST")
def put_right(
    lang: PageLang, graph: DocumentedDep, store: StoreDep, node: str,
    what: Annotated[Literal["field", "tie", "wrong"], Form()] = "field", field: Given = "",
    value: Annotated[str, Form(max_length=10_000)] = "", relation: Given = "", other: Given = "",
    origin: Annotated[str, Form(max_length=10_000)] = "",
    confidence: Annotated[Literal["high", "medium"], Form()] = "high",
    note: Annotated[str, Form(max_length=1_000)] = "",
    undo: Annotated[int, Form(ge=0, lt=2**31)] = 0,
) -> Response:  # fmt: skip
    """Do a correction, or take it back."""
    if undo:
        store.undo(undo)
        return see_other(lang, "organisations", node, done="uncorrected:")
    found = correct(store, _planned(store, graph, node, what, field, value, relation, other, origin, confidence), note)
    return see_other(lang, "organisations", node, done=f"corrected:{found.number}")


def _planned(
    store: Store, graph: Graph, node: str, what: str, field: str, value: str, relation: str, other: str, origin: str,
    confidence: str,
) -> Any:  # fmt: skip
    if not origin.strip():
        raise Unusable(
            "A correction names its source: the page or document that says so.",
            "Una correzione dice la sua fonte: la pagina o il documento che lo dice.",
        )
    told = {"origin": origin, "confidence": CONFIDENCE[confidence]}
    if what == "field" and not relation:
        return plan_correction(store, node, fields={field: value}, **told)  # type: ignore[arg-type]
    end = _meant(graph, other)
    fields = {field: value} if field and value else {}
    return plan_correction(store, node, relation, end, fields=fields, withdraw=what == "wrong", **told)  # type: ignore[arg-type]


def _meant(graph: Graph, text: str) -> str:
    """The id that somebody means who wrote an id or a name. Raises NotFound where none or several fit."""
    if text in graph.ids:
        return text
    found = search(graph, text, 5)
    if len(found) == 1 or (found and found[0].match == "name"):
        return found[0].id
    told = ", ".join(f"{one.name} ({one.id})" for one in found)
    raise NotFound(
        f"{text!r} names nobody for certain. Near it: {told or 'nobody'}.",
        f"{text!r} non indica nessuno con certezza. Simili: {told or 'nessuno'}.",
    )


def _done(done: str) -> dict[str, str] | None:
    what, _, about = done.partition(":")
    first, _, second = about.partition(":")
    known = ("proposed", "taken_back", "barred", "used", "corrected", "uncorrected")
    return {"what": what, "first": first, "second": second} if what in known else None
