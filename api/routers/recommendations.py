"""Whom to introduce to whom, why, and through whom."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from tsi_graph.exports.tables import plain
from tsi_graph.recommend import recommend

from ..deps import GraphDep, LangDep, Limit

router = APIRouter(prefix="/recommendations", tags=["recommendations"])


@router.get("")
def recommendations(
    graph: GraphDep,
    lang: LangDep,
    stakeholder: Annotated[str, Query(description="The id of the organisation.", examples=["socialfare"])],
    to: Annotated[
        Literal["network", "fund", "investor", "stakeholder"], Query(description="What to meet.")
    ] = "network",
    scope: Annotated[
        str | None, Query(description="Networks only: local ... global, or international.", examples=["international"])
    ] = None,
    limit: Limit = 10,
) -> list[dict[str, Any]]:
    """The networks, funds, investors or organisations that one organisation should meet, best first: each
    with reasons taken from the data, and the path through whom to get there, tie by tie with its source."""
    return [plain(r) for r in recommend(graph, stakeholder, to=to, scope=scope, limit=limit, lang=lang)]
