"""The ledger: introductions that were proposed, what came of them, and who introduces."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query
from fastapi import Path as PathParameter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from tsi_graph.dates import DATE, DAY
from tsi_graph.exports.ledger import workbook
from tsi_graph.exports.letters import letters_of, step_of
from tsi_graph.exports.tables import plain
from tsi_graph.recommend.ledger.listing import Filters, chosen, narrowed, summary
from tsi_graph.recommend.ledger.listing import introducers as found_introducers
from tsi_graph.recommend.ledger.marking import mark
from tsi_graph.recommend.ledger.proposal import proposal
from tsi_graph.recommend.ledger.reading import considered, one_of, read_ledger
from tsi_graph.recommend.ledger.record import Introduction, Kind, Outcome, State, shown
from tsi_graph.recommend.ledger.uplift import uplift as measured
from tsi_graph.recommend.ledger.words import names, told_uplift
from tsi_graph.recommend.ledger.writing import Happening, propose, record

from ..deps import DocumentedDep, LangDep, StoreDep
from ..description import XLSX
from ..paging import PageDep

router = APIRouter(tags=["introductions"])

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="The same key again answers what it did first; with another request it is refused (409).",
    ),
]
Day = Annotated[str, Field(description="The day it happened, as 2026-11-30; today unless said.", pattern=f"^$|{DAY}")]
Note = Annotated[
    str,
    Field(
        description="A note about organisations: no names, e-mails or telephone numbers of people.",
        max_length=1_000,
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$",
    ),
]
Sentences = Annotated[list[Annotated[str, Field(max_length=5_000)]], Field(max_length=100)]

IntroductionId = Annotated[str, PathParameter(description="The id of an introduction.", examples=["48003febb49f"])]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Decision(_Body):
    """What was decided together with a proposal."""

    kind: Annotated[Literal["accepted", "declined", "snoozed"], Field(description="What was decided.")]
    text: Note = ""
    until: Annotated[
        str, Field(description="For snoozed: until when; the 1st of next month unless said.", pattern=f"^$|{DAY}")
    ] = ""


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
    until: Annotated[
        str, Field(description="For snoozed: until when; the 1st of next month unless said.", pattern=f"^$|{DAY}")
    ] = ""
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
    since: Annotated[
        str | None, Query(pattern=DATE, description="Only those to which something happened since.")
    ] = None,
    stalled: Annotated[
        int | None, Query(ge=0, le=10_000, description="Only those that nobody moved on for more than so many days.")
    ] = None,
) -> Filters:
    return Filters(state, introducer, objective, stakeholder, since, stalled)


FiltersDep = Annotated[Filters, Depends(_filters)]


@router.get("/introductions")
def introductions(store: StoreDep, filters: FiltersDep, page: PageDep) -> list[Any]:
    """The introductions of the ledger, oldest first: who to whom, through whom, what for and why as it was
    proposed, the state since which day, what may come next, and every event, also those taken back.
    Those withdrawn come only when their state is asked for."""
    return [_shown(one) for one in page.of(chosen(read_ledger(store), filters), _recorded)]


@router.post("/introductions", status_code=201)
def add(
    store: StoreDep, graph: DocumentedDep, lang: LangDep, wanted: NewIntroduction, idempotency_key: Key = ""
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


@router.get("/introductions/uplift")
def uplift(store: StoreDep, graph: DocumentedDep, lang: LangDep) -> dict[str, Any]:
    """Whether introducing helped: how many accepted introductions became documented ties, beside similar pairs
    that nobody proposed, with the interval of the difference; or that there is not enough data to say."""
    found = measured(store, graph)
    return {**plain(found), "sentence": told_uplift(found, lang)}


@router.get("/introductions/summary")
def figures(store: StoreDep) -> dict[str, Any]:
    """The ledger in figures: how many introductions since when, how many are open, of these how many nobody moved on
    for more than 30 days and how many come from earlier months, how many met and how many have an outcome."""
    return dict(plain(summary(read_ledger(store))))


@router.get("/introductions/{id}/letters")
def letters(
    store: StoreDep,
    graph: DocumentedDep,
    lang: LangDep,
    id: IntroductionId,  # noqa: A002
) -> dict[str, Any]:
    """The texts to send, in their order: to whoever introduces, to each of the two alone, then to both together.
    `next` is the step to be sent now, 0 where none is: each waits for the yes before. No text names a person."""
    one = one_of(read_ledger(store), id)
    texts = letters_of(graph, one, lang)
    return {"id": one.id, "next": step_of(graph, one), "letters": [{**plain(t), "mailto": t.mailto} for t in texts]}


@router.get("/introductions/{id}")
def introduction(store: StoreDep, id: IntroductionId) -> dict[str, Any]:  # noqa: A002
    """One introduction: why and through whom it was proposed, its state and what may come next, and every event."""
    return _shown(one_of(read_ledger(store), id))


@router.post("/introductions/{id}/events", status_code=201)
def happened(
    store: StoreDep,
    id: IntroductionId,  # noqa: A002
    event: NewEvent,
    idempotency_key: Key = "",
) -> dict[str, Any]:
    """Record what happened to an introduction; the answer is how it then stands. What does not follow from
    what is there, or comes after somebody else's change, is refused with what would be right (409)."""
    said = Happening(event.kind, event.day, event.text, event.outcome or "", event.until, event.undoes)
    return _shown(record(store, id, said, seen=event.seen, key=idempotency_key))


@router.get("/introductions.xlsx", response_class=Response)
def file(store: StoreDep, graph: DocumentedDep, lang: LangDep, filters: FiltersDep) -> Response:
    """The ledger as an Excel workbook: introductions (unless filtered all, the withdrawn as well), their events, and
    who is not to be used as an introducer. No cell is a formula, whatever stands in it."""
    name = "introductions.xlsx" if lang == "en" else "presentazioni.xlsx"
    head = {"content-disposition": f'attachment; filename="{name}"'}
    ledger = narrowed(read_ledger(store), filters)
    return Response(workbook(ledger, names(graph, lang), lang), media_type=XLSX, headers=head)


@router.get("/introducers")
def introducers(
    store: StoreDep,
    page: PageDep,
    since: Annotated[
        str | None, Query(pattern=DATE, description="Count requests from this day on; else this month's.")
    ] = None,
) -> list[Any]:
    """Who introduces: how often each was asked, how the introductions that came to an end went, and whether it
    is not to be used as an introducer, since when and why."""
    return list(page.of(found_introducers(read_ledger(store), since), lambda one: one["introducer"]))


@router.post("/introducers/{id}/marks", status_code=201)
def leave_out(
    store: StoreDep,
    id: Annotated[str, PathParameter(description="The id of an organisation.", examples=["socialfare"])],  # noqa: A002
    wanted: NewMark,
) -> dict[str, Any]:
    """Leave an organisation out as an introducer from now on, or use it again; with the day and a reason."""
    found: dict[str, Any] = plain(mark(store, id, barred=wanted.barred, day=wanted.day, text=wanted.text))
    return found


def _recorded(one: Introduction) -> tuple[str, str]:
    """What the ledger is in order of."""
    return one.events[0].at, one.id


def _shown(one: Any) -> dict[str, Any]:
    found: dict[str, Any] = plain(shown(one))
    return found
