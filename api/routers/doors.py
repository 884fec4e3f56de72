"""How the networks outside are reached, as a whole."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from tsi_graph.exports.tables import plain
from tsi_graph.recommend import considered
from tsi_graph.recommend.doors import Wanted, doors

from ..deps import DocumentedDep, LangDep, Scope, StoreDep, UnverifiedDep

router = APIRouter(tags=["networks"])


@router.get("/doors")
def all_doors(
    graph: DocumentedDep,
    low: UnverifiedDep,
    store: StoreDep,
    lang: LangDep,
    scope: Scope = None,
    topic: Annotated[
        str | None, Query(max_length=200, description="Only networks on this topic.", examples=["collective-actions"])
    ] = None,
    offices: Annotated[
        bool, Query(description="Ports that are the alliance, its promoters or their units count, too.")
    ] = True,
) -> dict[str, Any]:
    """How the national and international networks are reached, as the page of networks and ports tells it: in figures,
    and network by network with its ports, how firm they are, and who could be the next one."""
    wanted = Wanted(scope, topic, offices)
    found: dict[str, Any] = plain(doors(graph, lang, wanted, unverified=low, ledger=considered(store)))
    return found
