"""Whom to introduce to whom, why, and through whom."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from tsi_graph.exports.tables import plain
from tsi_graph.recommend import candidates, silence
from tsi_graph.recommend.ledger.present import recommend_now, ways_now
from tsi_graph.recommend.ledger.reading import considered
from tsi_graph.recommend.ranking import askers

from ..deps import DocumentedDep, LangDep, Limit, StoreDep

router = APIRouter(prefix="/recommendations", tags=["recommendations"])

To = Annotated[
    Literal["network", "fund", "investor", "stakeholder", "project", "member"],
    Query(description="What to meet: also projects to join, and the members of networks it could join."),
]
Scope = Annotated[
    str | None,
    Query(description="Of networks and their members: local ... global, or international.", examples=["international"]),
]
HalfLife = Annotated[
    float,
    Query(ge=0.1, le=100, description="Years after which what has ended is worth half; 2 where deals are quick."),
]


@router.get("")
def recommendations(
    store: StoreDep,
    graph: DocumentedDep,
    lang: LangDep,
    stakeholder: Annotated[str, Query(description="The id of the organisation.", examples=["socialfare"])],
    to: To = "network",
    scope: Scope = None,
    limit: Limit = 10,
    half_life: HalfLife = 4.0,
) -> list[dict[str, Any]]:
    """The networks, their members, funds, investors, organisations or projects that one organisation should
    meet, best first: each with reasons taken from the data, the path through whom to get there, tie by tie
    with its source, and its score taken apart. Pairs that the ledger of introductions holds are left out, and
    introducers who were asked of late come later."""
    found = recommend_now(store, graph, stakeholder, to=to, scope=scope, limit=limit, lang=lang, half_life=half_life)
    return [plain(r) for r in found]


@router.get("/why-none")
def why_none(
    store: StoreDep,
    graph: DocumentedDep,
    lang: LangDep,
    stakeholder: Annotated[str, Query(description="The id of the organisation.", examples=["nesta-italia"])],
    to: To = "network",
    scope: Scope = None,
    half_life: HalfLife = 4.0,
) -> dict[str, str | None]:
    """Where an organisation is recommended nobody: why, in a sentence; null where somebody is."""
    taken = considered(store).taken
    return {"why": silence(graph, stakeholder, to, scope, lang, half_life=half_life, refused=taken)}


@router.get("/all")
def for_all(
    store: StoreDep,
    graph: DocumentedDep,
    to: To = "network",
    scope: Scope = None,
    limit: Limit = 10,
    half_life: HalfLife = 4.0,
    organisations: Annotated[int, Query(ge=1, le=10_000, description="About how many organisations, at most.")] = 1000,
    offset: Annotated[int, Query(ge=0, description="How many of them, by id, to leave out first.")] = 0,
) -> list[dict[str, Any]]:
    """The best of whom each organisation should meet, with scores and without reasons: node, candidate, score
    and likeness of topics. Only where they have partners in common. Organisations come by id, a page at a time."""
    asked = askers(graph)[offset : offset + organisations]
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
