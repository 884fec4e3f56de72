"""The ledger: introductions that were proposed, what came of them, and who introduces."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query
from fastapi import Path as PathParameter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from tsi_graph.exports.ledger import workbook
from tsi_graph.exports.tables import plain
from tsi_graph.recommend.ledger.proposal import proposal
from tsi_graph.recommend.ledger.reading import Filters, chosen, considered, narrowed, read_ledger
from tsi_graph.recommend.ledger.reading import introducers as found_introducers
from tsi_graph.recommend.ledger.record import Kind, Outcome, State, shown
from tsi_graph.recommend.ledger.uplift import uplift as measured
from tsi_graph.recommend.ledger.words import names, told_uplift
from tsi_graph.recommend.ledger.writing import Happening, mark, propose, record

from ..deps import GraphDep, LangDep, StoreDep

router = APIRouter(tags=["introductions"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="The same key again answers what it did first; with another request it is refused (409).",
    ),
]
Day = Annotated[str, Field(description="The day it happened, as 2026-11-30; today unless said.", max_length=10)]
Note = Annotated[
    str, Field(description="A note about organisations: no names, e-mails or telephone numbers of people.")
]
Sentences = Annotated[list[Annotated[str, Field(max_length=5_000)]], Field(max_length=100)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Decision(_Body):
    """What was decided together with a proposal."""

    kind: Annotated[Literal["accepted", "declined", "snoozed"], Field(description="What was decided.")]
    text: Note = ""
    until: Annotated[str, Field(description="For snoozed: until when; the 1st of next month unless said.")] = ""


class NewIntroduction(_Body):
    """Two bodies to introduce. What is left out is taken from the recommendation, where there is one."""

    source: Annotated[str, Field(description="The id of the one who should meet somebody.", examples=["socialfare"])]
    target: Annotated[str, Field(description="The id of whom it should meet.", examples=["impact-europe"])]
    through: Annotated[Sentences | None, Field(description="The ids of those who introduce, in order.")] = None
    objective: Annotated[str, Field(description="What it is for, in a word.", examples=["reach"])] = ""
    reasons: Annotated[Sentences | None, Field(description="Why, one sentence each.")] = None
    day: Day = ""
    text: Note = ""
    then: Annotated[Decision | None, Field(description="What was decided with it, in the same step.")] = None


class NewEvent(_Body):
    """Something that happened to an introduction."""

    kind: Annotated[Kind, Field(description="What happened; taken_back takes an earlier event back.")]
    day: Day = ""
    text: Note = ""
    outcome: Annotated[Outcome | None, Field(description="For outcome: what came of it.")] = None
    until: Annotated[str, Field(description="For snoozed: until when; the 1st of next month unless said.")] = ""
    undoes: Annotated[int, Field(ge=0, lt=2**31, description="For taken_back: which event; 0 is the last.")] = 0
    seen: Annotated[
        int | None,
        Field(ge=1, lt=2**31, description="The last event that the writer saw: 409 if somebody wrote since."),
    ] = None


class NewMark(_Body):
    """Whether a body is to be left out as an introducer."""

    barred: Annotated[bool, Field(description="True: do not use it as an introducer; false: use it again.")]
    day: Day = ""
    text: Note = ""


def _filters(
    state: Annotated[State | None, Query(description="Only those in this state.")] = None,
    introducer: Annotated[str | None, Query(description="Only those through this organisation.")] = None,
    objective: Annotated[str | None, Query(description="Only those for this objective.")] = None,
    stakeholder: Annotated[
        str | None, Query(description="Only those of this organisation.", examples=["socialfare"])
    ] = None,
    since: Annotated[str | None, Query(description="Only those to which something happened since.")] = None,
) -> Filters:
    return Filters(state, introducer, objective, stakeholder, since)


FiltersDep = Annotated[Filters, Depends(_filters)]


@router.get("/introductions")
def introductions(store: StoreDep, filters: FiltersDep) -> list[dict[str, Any]]:
    """The introductions of the ledger, oldest first: who to whom, through whom, what for and why as it was
    proposed, the state since which day, what may come next, and every event, also those taken back.
    Those withdrawn come only when their state is asked for."""
    return [_shown(one) for one in chosen(read_ledger(store), filters)]


@router.post("/introductions", status_code=201)
def add(
    store: StoreDep, graph: GraphDep, lang: LangDep, wanted: NewIntroduction, idempotency_key: Key = ""
) -> dict[str, Any]:
    """Propose an introduction, and if wanted say at once what was decided. A pair has one introduction at a
    time, whichever is named first; one that was declined is refused until somebody reopens it (409), and so is
    an introducer that is left out as such."""
    found = proposal(
        graph, considered(store), wanted.source, wanted.target,
        through=wanted.through, objective=wanted.objective, reasons=wanted.reasons, lang=lang,
    )  # fmt: skip
    then = Happening(wanted.then.kind, wanted.day, wanted.then.text, until=wanted.then.until) if wanted.then else None
    first = Happening("proposed", wanted.day, wanted.text)
    return _shown(propose(store, found, first, then=then, key=idempotency_key, asked=repr(wanted)))


@router.post("/introductions/{id}/events", status_code=201)
def happened(
    store: StoreDep,
    id: Annotated[str, PathParameter(description="The id of an introduction.", examples=["48003febb49f"])],  # noqa: A002
    event: NewEvent,
    idempotency_key: Key = "",
) -> dict[str, Any]:
    """Record what happened to an introduction; the answer is how it then stands. What does not follow from
    what is there, or comes after somebody else's change, is refused with what would be right (409)."""
    said = Happening(event.kind, event.day, event.text, event.outcome or "", event.until, event.undoes)
    return _shown(record(store, id, said, seen=event.seen, key=idempotency_key))


@router.get("/introductions.xlsx", response_class=Response)
def file(store: StoreDep, graph: GraphDep, lang: LangDep, filters: FiltersDep) -> Response:
    """The ledger as an Excel workbook: introductions (unless filtered all, the withdrawn as well), their events, and
    who is not to be used as an introducer. No cell is a formula, whatever stands in it."""
    name = "introductions.xlsx" if lang == "en" else "presentazioni.xlsx"
    head = {"content-disposition": f'attachment; filename="{name}"'}
    ledger = narrowed(read_ledger(store), filters)
    return Response(workbook(ledger, names(graph, lang), lang), media_type=XLSX, headers=head)


@router.get("/introductions/uplift")
def uplift(store: StoreDep, graph: GraphDep, lang: LangDep) -> dict[str, Any]:
    """Whether introducing helped: how many accepted introductions became documented ties, beside similar pairs
    that nobody proposed, with the interval of the difference; or that there is not enough data to say."""
    found = measured(store, graph)
    return {**plain(found), "sentence": told_uplift(found, lang)}


@router.get("/introducers")
def introducers(
    store: StoreDep,
    since: Annotated[str | None, Query(description="Count requests from this day on; else this month's.")] = None,
) -> list[dict[str, Any]]:
    """Who introduces: how often each was asked, how the introductions that came to an end went, and whether it
    is not to be used as an introducer, since when and why."""
    return found_introducers(read_ledger(store), since)


@router.post("/introducers/{id}/marks", status_code=201)
def leave_out(
    store: StoreDep,
    id: Annotated[str, PathParameter(description="The id of an organisation.", examples=["socialfare"])],  # noqa: A002
    wanted: NewMark,
) -> dict[str, Any]:
    """Leave an organisation out as an introducer from now on, or use it again; with the day and a reason."""
    found: dict[str, Any] = plain(mark(store, id, barred=wanted.barred, day=wanted.day, text=wanted.text))
    return found


def _shown(one: Any) -> dict[str, Any]:
    found: dict[str, Any] = plain(shown(one))
    return found
