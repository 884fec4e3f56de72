"""Which networks are reached, and through whom."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query

from tsi_graph.analysis.about import position
from tsi_graph.exports.tables import plain
from tsi_graph.recommend import considered, ports, reached
from tsi_graph.recommend.doors import doors as told_doors

from ..deps import DocumentedDep, LangDep, Scope, StoreDep, UnverifiedDep
from ..paging import PageDep

router = APIRouter(prefix="/networks", tags=["networks"])


@router.get("")
def networks(
    graph: DocumentedDep,
    lang: LangDep,
    page: PageDep,
    store: StoreDep,
    low: UnverifiedDep,
    scope: Scope = None,
    include: Annotated[
        Literal["ports"] | None,
        Query(description="ports: of each national or international network all that is told of its ports."),
    ] = None,
) -> list[Any]:
    """Networks, the best reached first: the organisations of the ecosystem through which each can be reached
    (its open ports), how many of these have more than a project with it, and whether it hangs on a single one.
    With `include=ports` each national or international one also with `gateway`: every documented port in words, how
    firm it is, what is known where there is none, and who could be the next one, or why nobody."""
    rows: list[Any] = plain(reached(graph, scope, lang))
    if include:
        told = told_doors(graph, lang, unverified=low, ledger=considered(store))
        known = {one.id: plain(one) for one in told.gateways}
        rows = [{**row, "gateway": known.get(row["id"])} for row in rows]
    return list(page.of(rows))


@router.get("/{id}/ports")
def doors(
    graph: DocumentedDep,
    lang: LangDep,
    page: PageDep,
    id: Annotated[str, Path(description="The id of a network.", examples=["impact-europe"])],  # noqa: A002
) -> list[Any]:
    """The organisations of the ecosystem tied to a network, the firmest tie first; `redundancy` is the share of
    those who know one of them and would still have another way in, 0 where all hangs on it."""
    position(graph, id, "Network")
    return list(page.of(plain(ports(graph, id, lang))))
