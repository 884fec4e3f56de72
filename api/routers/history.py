"""What was said when, how two views differ, where sources disagree, what nobody knows, and putting it right."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from tsi_graph.exports.tables import plain
from tsi_graph.history import compare as compared
from tsi_graph.history import conflicts as found_conflicts
from tsi_graph.history import correct, plan_correction, view_of
from tsi_graph.history import coverage as covered
from tsi_graph.history import history as found_history
from tsi_graph.model import NODE_KINDS

from ..deps import SettingsDep, StoreDep, ViewDep
from ..paging import PageDep

router = APIRouter(tags=["history"])
VIEW = "now, a date, or as_of=DATE,known_at=MOMENT,import=NUMBER,sure=true,confidence=low, any of these."
Short = Annotated[str, Field(max_length=10_000)]


class NewCorrection(BaseModel):
    """What is right. Without a relation it is about a node."""

    model_config = ConfigDict(extra="forbid")

    node: Annotated[str, Field(max_length=200, description="The id of a node, or of the start of a tie.")]
    relation: Annotated[str, Field(max_length=200, description="Of a tie; same_as: both are one body.")] = ""
    target: Annotated[str, Field(max_length=200, description="The id at the other end of a tie.")] = ""
    fields: Annotated[dict[str, Short], Field(max_length=50, description="What is right, by field.")] = {}
    withdraw: Annotated[bool, Field(description="That there is such a node or tie is wrong.")] = False
    origin: Annotated[Short, Field(description="The page or document that says so.")] = ""
    confidence: Annotated[int, Field(ge=1, le=3, description="3 high, 2 medium, 1 low.")] = 3
    note: Annotated[Short, Field(description="Why, for whoever reads the history.")] = ""
    dry_run: Annotated[bool, Field(description="Only say what it would do.")] = False


@router.get("/history")
def history(
    store: StoreDep,
    of: Annotated[
        str,
        Query(max_length=700, description="The id of a node, a fact, or the id of a statement.", examples=["tonite"]),
    ],
    page: PageDep,
) -> list[Any]:
    """Every statement there ever was on a node and its ties, or on a fact, with the spells in which it was known
    and by which imports; `wins` marks what is shown, `known` what still stands."""
    return list(page.of(plain(found_history(store, of))))


@router.get("/compare")
def compare(
    store: StoreDep,
    settings: SettingsDep,
    before: Annotated[
        str, Query(alias="from", max_length=200, description=f"The first view: {VIEW}", examples=["2018"])
    ],
    after: Annotated[
        str, Query(alias="to", max_length=200, description=f"The second view: {VIEW}", examples=["2024"])
    ] = "now",
    low: Annotated[bool, Query(description="Also what is not verified (low confidence).")] = False,
) -> dict[str, Any]:
    """How two views differ: which nodes came and left, which ties were gained and lost, and for each field that is
    shown otherwise both values with their statements. Membership of the alliance is counted."""
    table, base = store.statements(), settings.view(low=low, membership=True)
    found: dict[str, Any] = plain(compared(table, *(view_of(text, base, table.imports) for text in (before, after))))
    return found


@router.get("/conflicts")
def conflicts(store: StoreDep, view: ViewDep, page: PageDep) -> list[Any]:
    """Where sources disagree on what may be true on one day: a row for each statement that another contradicts,
    whether it `wins` (is shown) and `why`: what decides, or `disputed` where nothing does."""
    return list(page.of(plain(found_conflicts(store, replace(view, membership=True)))))


@router.get("/coverage")
def coverage(
    store: StoreDep,
    view: ViewDep,
    page: PageDep,
    kind: Annotated[
        str, Query(description=f"One of {', '.join(NODE_KINDS)}.", json_schema_extra={"enum": [*NODE_KINDS]})
    ] = "Stakeholder",
    field: Annotated[
        str | None, Query(description="One field or relation, node by node; else counts of all.", examples=["city"])
    ] = None,
) -> list[Any]:
    """What is known of each field and relation: for how many there is a value, is known to be none, was no answer,
    was not asked, or is unknown because nobody looked."""
    return list(page.of(plain(covered(store, replace(view, membership=True), kind, field))))


@router.post("/corrections", status_code=201)
def add(store: StoreDep, wanted: NewCorrection, response: Response) -> dict[str, Any]:
    """Put right what is shown, by hand: one import that withdraws what was wrong and says what is right. It stands
    against every file, past and to come; undo its number to take it back. `dry_run` only says what it would do."""
    found = plan_correction(
        store, wanted.node, wanted.relation, wanted.target, fields=wanted.fields, withdraw=wanted.withdraw,
        origin=wanted.origin, confidence=wanted.confidence,
    )  # fmt: skip
    if wanted.dry_run:
        response.status_code = 200
    else:
        found = correct(store, found, wanted.note)
    shown: dict[str, Any] = plain(found.shown())
    return shown
