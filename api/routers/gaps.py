"""Links, funders and ties that are missing."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from tsi_graph.analysis import find_gaps
from tsi_graph.exports.tables import plain

from ..deps import GraphDep, LangDep, Limit

router = APIRouter(prefix="/gaps", tags=["gaps"])


@router.get("")
def gaps(
    graph: GraphDep,
    lang: LangDep,
    kind: Annotated[Literal["sectors", "topic", "isolated"] | None, Query(description="One sort of gap only.")] = None,
    between: Annotated[
        str, Query(description="The attribute whose groups are compared.", examples=["city"])
    ] = "sector",
    limit: Limit = 20,
) -> list[dict[str, Any]]:
    """What is missing: groups that meet less than their sizes and ties lead one to expect, topics without
    a funder or a project, organisations about which nothing but membership is documented. Each with its
    evidence in words, and how much of it was observed."""
    found = [gap for gap in find_gaps(graph, between) if kind in (None, gap.kind)]
    return [{**plain(gap), "sentence": gap.sentence(lang)} for gap in found[:limit]]
