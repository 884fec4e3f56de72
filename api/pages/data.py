"""Data: where they come from, how old and sure they are, where they are thin, and what waits to be settled."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from tsi_graph.analysis.holes import by_place, holes
from tsi_graph.history import age, confirm, conflicts, declared, sources, unverified
from tsi_graph.history.sources import OLD
from tsi_graph.history.words import word
from tsi_graph.recommend.columns import full_names
from tsi_graph.standing import in_force, records

from ..deps import DocumentedDep, StoreDep, ViewDep
from .desk import PageLang, page, render, see_other

router = APIRouter()
FIRST = 12
"""Rows of each table that are shown at first; the rest opens below."""


@page(router, "data")
def data(
    request: Request, lang: PageLang, store: StoreDep, graph: DocumentedDep, view: ViewDep,
    done: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:  # fmt: skip
    table = store.statements()
    names = dict(zip(graph.nodes["id"], full_names(graph, lang), strict=True))
    low = [
        row | {"name": names.get(row["node"], row["name"]), "target_name": names.get(row["target"], row["target_name"])}
        for row in unverified(table).to_dict("records")
    ]
    at_odds = conflicts(table, replace(view, membership=True))
    organisations = set(graph.nodes["id"][graph.kinds_of("Stakeholder")])
    kinds = {kind: int(graph.kinds_of(kind).sum()) for kind in ("Stakeholder", "Network", "Project", "Fund", "Topic")}
    days, thin = age(table), holes(graph, declared(table))
    return render(
        request, "data.html", here="data", holes=thin, sources=records(sources(table, "site")), low=low,
        at_odds=_versions(at_odds, names, lang),
        places=records(by_place(graph)), sectors=records(by_place(graph, "sector")),
        kinds=kinds, ties=len(graph.edges),
        days=days, old=OLD, first=FIRST, said=_done(done), organisations=organisations,
        last=max((one.at.date() for one in in_force(table.imports).values()), default=None),
        networks={one.id: names.get(one.id, one.name) for one in thin if one.id},
    )  # fmt: skip


@page(router, "data", "/confirm", method="POST")
def vouch(
    lang: PageLang,
    store: StoreDep,
    statement: Annotated[str, Form(max_length=100)],
    origin: Annotated[str, Form(max_length=1_000)] = "",
) -> Response:
    number = confirm(store, statement, origin)
    return see_other(lang, "data", done=f"confirmed:{number}")


@page(router, "data", "/undo", method="POST")
def undo(lang: PageLang, store: StoreDep, number: Annotated[int, Form(ge=1, le=2**31)]) -> Response:
    if number in in_force(store.statements().imports):
        store.undo(number)
    return see_other(lang, "data", done=f"undone:{number}")


def _versions(found: Any, names: dict[str, str], lang: str) -> list[dict[str, Any]]:
    """What sources disagree on, one entry a field, with its versions."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for row in records(found):
        entry = groups.setdefault(
            (row["fact"], row["field"]),
            {
                "node": row["node"], "name": names.get(row["node"], row["node"]), "relation": row["relation"],
                "target": names.get(row["target"], row["target"]), "field": row["field"], "versions": [],
            },
        )  # fmt: skip
        value = names.get(row["value"], row["value"]) if isinstance(row["value"], str) else row["value"]
        entry["versions"].append(
            {"value": value, "origin": row["origin"], "wins": row["wins"], "why": word(row["why"], lang)}
        )
    return list(groups.values())


def _done(text: str) -> dict[str, Any] | None:
    found = re.fullmatch(r"(confirmed|undone):(\d{1,9})", text)
    return {"what": found[1], "number": int(found[2])} if found else None
