"""Whom to introduce to whom, why, and through whom."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from tsi_graph.errors import NotFound
from tsi_graph.exports.tables import plain
from tsi_graph.recommend import candidates, silence
from tsi_graph.recommend.ledger.present import recommend_for_network, recommend_now, ways_now
from tsi_graph.recommend.ledger.reading import considered
from tsi_graph.recommend.ranking import askers
from tsi_graph.recommend.rules import SCOPED

from ..deps import DocumentedDep, LangDep, Scope, StoreDep
from ..paging import Cursor, Limit, Page

router = APIRouter(prefix="/recommendations", tags=["recommendations"])

To = Annotated[
    Literal["network", "fund", "investor", "stakeholder", "project", "member"],
    Query(description="What to meet: also projects to join, and the members of networks it could join."),
]


def get_scope(to: To = "network", scope: Scope = None) -> str | None:
    """The scope of networks that is asked for, where networks are asked about."""
    if scope and to not in SCOPED:
        raise NotFound(f"Only networks and their members have a scope; leave it out for {to!r}.")
    return scope


ScopeDep = Annotated[str | None, Depends(get_scope)]
HalfLife = Annotated[
    float,
    Query(ge=0.1, le=100, description="Years after which what has ended is worth half; 2 where deals are quick."),
]


@router.get("")
def recommendations(
    store: StoreDep,
    graph: DocumentedDep,
    lang: LangDep,
    scope: ScopeDep,
    stakeholder: Annotated[
        str | None, Query(description="The id of the organisation.", examples=["socialfare"])
    ] = None,
    network: Annotated[
        str | None, Query(description="In its place the id of a network: which organisations of ours it should meet.")
    ] = None,
    to: To = "network",
    limit: Limit = 10,
    half_life: HalfLife = 4.0,
) -> list[dict[str, Any]]:
    """The networks, their members, funds, investors, organisations or projects that one organisation should meet;
    or, asked for a partner network, the organisations of the ecosystem that it should meet. Best first: each with
    reasons taken from the data, the path through whom to get there, tie by tie with its source, and its score taken
    apart. Pairs that the ledger of introductions holds are left out, and introducers who were asked of late come
    later."""
    if network is not None:
        return [plain(r) for r in recommend_for_network(store, graph, network, limit, lang, half_life)]
    if stakeholder is None:
        raise NotFound("Recommendations are for somebody: name a stakeholder, or a network.")
    found = recommend_now(store, graph, stakeholder, to=to, scope=scope, limit=limit, lang=lang, half_life=half_life)
    return [plain(r) for r in found]


@router.get("/why-none")
def why_none(
    store: StoreDep,
    graph: DocumentedDep,
    lang: LangDep,
    scope: ScopeDep,
    stakeholder: Annotated[str, Query(description="The id of the organisation.", examples=["nesta-italia"])],
    to: To = "network",
    half_life: HalfLife = 4.0,
) -> dict[str, str | None]:
    """Where an organisation is recommended nobody: why, in a sentence; null where somebody is."""
    taken = considered(store).taken
    return {"why": silence(graph, stakeholder, to, scope, lang, half_life=half_life, refused=taken)}


@router.get("/all")
def for_all(
    request: Request,
    response: Response,
    store: StoreDep,
    graph: DocumentedDep,
    scope: ScopeDep,
    to: To = "network",
    limit: Limit = 10,
    half_life: HalfLife = 4.0,
    organisations: Annotated[int, Query(ge=1, le=1000, description="About how many organisations, at most.")] = 1000,
    cursor: Cursor = None,
) -> list[dict[str, Any]]:
    """The best of whom each organisation should meet, with scores and without reasons: node, candidate, score
    and likeness of topics. Only where they have partners in common. Organisations come by id, a page at a time."""
    page = Page(request, response, organisations, cursor, "organisations")
    asked = page.of(askers(graph), lambda one: one)
    taken = considered(store).taken
    rows: list[dict[str, Any]] = plain(
        candidates(graph, to, scope, limit, asked, half_life=half_life, refused=taken)
    )  # fmt: skip
    return rows


@router.get("/ways")
def alternatives(
    store: StoreDep,
    graph: DocumentedDep,
    lang: LangDep,
    source: Annotated[str, Query(description="The id of the organisation that asks.", examples=["socialfare"])],
    target: Annotated[str, Query(description="The id of whom it wishes to meet.", examples=["impact-europe"])],
    k: Annotated[int, Query(ge=1, le=20, description="How many ways, at most.")] = 3,
    half_life: HalfLife = 4.0,
) -> list[dict[str, Any]]:
    """The most reliable chains of two or three documented ties from one body to another, the best first, tie
    by tie with its source: for when the first introducer cannot or will not."""
    return [plain(way) for way in ways_now(store, graph, source, target, k, lang, half_life)]
