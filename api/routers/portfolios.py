"""This month's introductions, chosen together."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from tsi_graph.analysis.extent import extent
from tsi_graph.exports.tables import plain
from tsi_graph.recommend.portfolios.limits import FAIR
from tsi_graph.recommend.portfolios.month import this_month

from ..deps import DocumentedDep, LangDep, StoreDep, UnverifiedDep

router = APIRouter(prefix="/portfolios", tags=["portfolios"])


@router.get("/known")
def known(graph: DocumentedDep, unverified: UnverifiedDep) -> dict[str, Any]:
    """How much the proposals rest on: documented members of the alliance and those to be verified, and ties beyond
    membership with a source and with a date. Who is missing here is in no proposal."""
    return dict(plain(extent(graph, unverified)))


@router.get("")
def portfolios(
    store: StoreDep,
    graph: DocumentedDep,
    lang: LangDep,
    objective: Annotated[
        Literal["reach", "periphery", "gap", "topic"],
        Query(description="Reach networks, attach the periphery, close a gap between sectors, fund a topic."),
    ] = "reach",
    about: Annotated[
        str | None,
        Query(
            description="A network or a scope, two sectors as foundation,cooperative, or a topic; by id or name.",
            examples=["international"],
        ),
    ] = None,
    size: Annotated[int, Query(ge=1, le=50, description="How many introductions, at most.", examples=[12])] = 12,
    per_introducer: Annotated[int, Query(ge=1, le=50, description="How many each introducer is asked for.")] = 2,
    per_organisation: Annotated[
        int, Query(ge=1, le=50, description="How many each organisation is introduced in.")
    ] = 1,
    per_target: Annotated[int, Query(ge=1, le=50, description="How many each network or funder takes part in.")] = 2,
    by_team: Annotated[
        int | None,
        Query(ge=0, le=50, description="How many you introduce. Default: as each introducer; all for the periphery."),
    ] = None,
    fair: Annotated[
        float, Query(ge=0, le=50, description="How many times its share a group may take; 0 for no such limit.")
    ] = FAIR,
    through_promoters: Annotated[
        bool, Query(description="Whether the promoters may introduce also where there is another way.")
    ] = False,
) -> dict[str, Any]:
    """This month's introductions for one objective, chosen together under limits per introducer and per
    organisation and with fairness across sectors, sizes and places: each with its reasons, the path through
    whom, what it brings to the two ends and to the month, and the second choice; and how far from the best
    possible the choice can be at most. What the ledger of introductions holds is respected; what was decided on
    since the first of the month stands under `decided` and leaves the others as they are."""
    return dict(
        plain(
            this_month(
                store, graph, objective, about=about, size=size, per_introducer=per_introducer,
                per_organisation=per_organisation, per_target=per_target, by_team=by_team, fair=fair,
                through_promoters=through_promoters, lang=lang,
            )
        )
    )  # fmt: skip
