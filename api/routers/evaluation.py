"""How good the proposals are, measured on what came after a day."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from tsi_graph.dates import DATE
from tsi_graph.exports.tables import plain
from tsi_graph.recommend import evaluate

from ..deps import DocumentedDep

router = APIRouter(tags=["recommendations"])


@router.get("/evaluation")
def evaluation(
    graph: DocumentedDep,
    cut: Annotated[
        str,
        Query(
            pattern=DATE,
            description="The day up to which the data are known: 2020, 2020-06 or 2020-06-30.",
            examples=["2020"],
        ),
    ],
    queries: Annotated[
        int, Query(ge=1, le=100_000, description="How many organisations to ask about, at most.")
    ] = 1500,
    seed: Annotated[int, Query(ge=0, description="Which sample of them is drawn.")] = 0,
    months: Annotated[int, Query(ge=1, le=120, description="How many months after the cut count.")] = 12,
    half_life: Annotated[
        float, Query(ge=0.1, le=100, description="Years after which what has ended is worth half.")
    ] = 4.0,
) -> dict[str, Any]:
    """How well the score foresees who meets whom after a day, beside random, popularity, common neighbours,
    Adamic-Adar and resource allocation: P@10, hit@10, recall@50 and MRR, each also without the top 1 % hubs,
    with bootstrap intervals of the difference to Adamic-Adar; time and memory; and who is shown among the first
    ten by size, sector, country and city, against their share. 409 where too little is dated to ask anybody."""
    return dict(plain(evaluate(graph, cut, queries=queries, seed=seed, months=months, half_life=half_life)))
