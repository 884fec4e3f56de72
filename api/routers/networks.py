"""Which networks are reached, and through whom."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from tsi_graph.exports.tables import plain
from tsi_graph.recommend import ports, reached

from ..deps import DocumentedDep, LangDep

router = APIRouter(prefix="/networks", tags=["networks"])


@router.get("")
def networks(
    graph: DocumentedDep,
    lang: LangDep,
    scope: Annotated[
        str | None, Query(description="local ... global, or international.", examples=["international"])
    ] = None,
) -> list[dict[str, Any]]:
    """Networks, the best reached first: the organisations of the ecosystem through which each can be reached
    (its open ports), how many of these have more than a project with it, and whether it hangs on a single one."""
    return [plain(one) for one in reached(graph, scope, lang)]


@router.get("/{id}/ports")
def doors(
    graph: DocumentedDep,
    lang: LangDep,
    id: Annotated[str, Path(description="The id of a network.", examples=["impact-europe"])],  # noqa: A002
) -> list[dict[str, Any]]:
    """The organisations of the ecosystem tied to a network, the firmest tie first; `redundancy` is the share of
    those who know one of them and would still have another way in, 0 where all hangs on it."""
    return [plain(port) for port in ports(graph, id, lang)]
