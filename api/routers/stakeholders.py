"""Who is here, and what is documented about them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from tsi_graph.analysis.about import about, about_tie, named
from tsi_graph.analysis.about import ties as ties_of
from tsi_graph.analysis.summary import described
from tsi_graph.exports.tables import plain
from tsi_graph.model import EDGE_KINDS, NODE_KINDS
from tsi_graph.recommend import considered
from tsi_graph.recommend.portrait import portrait

from ..deps import DocumentedDep, LangDep, StoreDep, UnverifiedDep, ViewDep
from ..paging import Page, PageDep

router = APIRouter()
Kind = Annotated[
    str,
    Query(
        description=f"One of {', '.join(NODE_KINDS)}; sorts of it come too.", json_schema_extra={"enum": [*NODE_KINDS]}
    ),
]
Relation = Annotated[
    str | None,
    Query(
        description="One relation; all if left out.", examples=["MEMBER_OF"], json_schema_extra={"enum": [*EDGE_KINDS]}
    ),
]
Words = Annotated[str, Query(max_length=200, description="Part of the name; accents and capitals do not matter.")]
Id = Annotated[str, Path(description="The id of a node of any kind.", examples=["socialfare"])]


@router.get("/info", tags=["data"])
def info(store: StoreDep, view: ViewDep) -> dict[str, Any]:
    """What is documented: counts by kind, by confidence and by relation, how much is covered, where sources
    disagree (`wins` marks the version shown), and the imports. Membership of the alliance is counted."""
    found: dict[str, Any] = plain(described(store.statements(), view))
    return found


@router.get("/stakeholders", tags=["stakeholders"])
def stakeholders(graph: DocumentedDep, page: PageDep, kind: Kind = "Stakeholder", q: Words = "") -> list[Any]:
    """Organisations, or another kind, by id; search ignores accents and capitals."""
    return _rows(page, named(graph, kind, q), "id")


@router.get("/stakeholders/{id}", tags=["stakeholders"])
def stakeholder(
    graph: DocumentedDep,
    low: UnverifiedDep,
    store: StoreDep,
    lang: LangDep,
    id: Id,  # noqa: A002
) -> dict[str, Any]:
    """One organisation, project, fund, network or topic: its fields, its documented ties, every statement of the
    view about it with its source (`wins` marks those shown), and `conflicts`: the versions of each field on which
    statements disagree, side by side. In words: `position`, where an organisation stands; `routes`, the national and
    international networks it reaches, through whom and how solid; `known`, its ties and what is disputed."""
    found: dict[str, Any] = plain(about(graph, store.statements(), id))
    seen = portrait(graph, id, store.statements(), lang, low=low, ledger=considered(store))
    return {**found, **plain(seen)}


@router.get("/stakeholders/{id}/ties", tags=["stakeholders"])
def stakeholder_ties(
    graph: DocumentedDep,
    page: PageDep,
    id: Id,  # noqa: A002
    kind: Relation = None,
) -> list[Any]:
    """The documented ties of one organisation, or of another node, each with its dates, source and confidence."""
    return _rows(page, ties_of(graph, kind, id), "fact")


@router.get("/ties", tags=["ties"])
def ties(graph: DocumentedDep, page: PageDep, kind: Relation = None) -> list[Any]:
    """The documented ties of this view, each with its dates, source and confidence, by `fact`."""
    return _rows(page, ties_of(graph, kind), "fact")


@router.get("/ties/{fact:path}", tags=["ties"])
def tie(
    graph: DocumentedDep,
    store: StoreDep,
    fact: Annotated[
        str,
        Path(
            description="The fact that the tie is, as lists of ties have it.",
            examples=["2i3t|MEMBER_OF|torino-social-impact|"],
        ),
    ],
) -> dict[str, Any]:  # fmt: skip
    """One tie: its dates, source and confidence, every statement about it, and those that disagree."""
    found: dict[str, Any] = plain(about_tie(graph, store.statements(), fact))
    return found


def _of_kind(noun: str, base: str, example: str, *, listed: bool = True) -> None:
    """The routes of one kind of node: the list, one of it, and its ties."""
    one = Path(description=f"The id of a {base.lower()}.", examples=[example])

    def several(graph: DocumentedDep, page: PageDep, q: Words = "") -> list[Any]:
        return _rows(page, named(graph, base, q), "id")

    def single(graph: DocumentedDep, store: StoreDep, id: str = one) -> dict[str, Any]:  # noqa: A002
        found: dict[str, Any] = plain(about(graph, store.statements(), id, base))
        return found

    def its_ties(graph: DocumentedDep, page: PageDep, id: str = one, kind: Relation = None) -> list[Any]:  # noqa: A002
        return _rows(page, ties_of(graph, kind, id, base), "fact")

    of = base.lower()
    one_of = (
        f"One {of}: its fields, its documented ties, every statement about it with its source, and those that disagree."
    )
    for function, rest, name, said in (
        (several, "", noun, f"The {noun} that are documented, by id; search ignores accents and capitals."),
        (single, "/{id}", of, one_of),
        (its_ties, "/{id}/ties", f"{of}_ties", f"The documented ties of one {of}, each with its dates and its source."),
    ):
        if rest or listed:
            router.add_api_route(f"/{noun}{rest}", function, methods=["GET"], name=name, description=said, tags=[noun])


for _noun, _base, _example in (
    ("projects", "Project", "tonite"), ("funds", "Fund", "fondo-innovazione-sociale"),
    ("topics", "Topic", "social-work-inclusion"),
):  # fmt: skip
    _of_kind(_noun, _base, _example)
_of_kind("networks", "Network", "impact-europe", listed=False)


def _rows(page: Page, table: Any, key: str) -> list[Any]:
    """A page of a table, which is in the order of one of its columns."""
    rows = page.of(table[key].tolist(), lambda one: one)
    found: list[Any] = plain(table[table[key].isin(rows)])
    return found
