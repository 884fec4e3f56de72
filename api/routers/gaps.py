"""Links, funders and ties that are missing."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi import Path as PathParameter
from pydantic import BaseModel, ConfigDict, Field

from tsi_graph.analysis import find_gaps
from tsi_graph.exports.tables import plain
from tsi_graph.recommend.ledger.gap_marks import back, key, known_key
from tsi_graph.recommend.ledger.marking import set_aside
from tsi_graph.recommend.ledger.reading import Mark
from tsi_graph.recommend.missing import SHOWN, gap_keys, missing

from ..deps import DocumentedDep, GraphDep, LangDep, StoreDep, UnverifiedDep
from ..paging import PageDep
from .introductions import Day, Note

router = APIRouter(prefix="/gaps", tags=["gaps"])


class NewGapMark(BaseModel):
    """Whether a gap is none."""

    model_config = ConfigDict(extra="forbid")

    aside: Annotated[bool, Field(description="True: it is no gap; false: it is one after all.")]
    day: Day = ""
    text: Note = ""


@router.get("")
def gaps(
    graph: GraphDep,
    lang: LangDep,
    page: PageDep,
    kind: Annotated[Literal["sectors", "topic", "isolated"] | None, Query(description="One sort of gap only.")] = None,
    between: Annotated[
        str, Query(description="The attribute whose groups are compared.", examples=["city"])
    ] = "sector",
) -> list[Any]:
    """What is missing: groups that meet less than their sizes and ties lead one to expect, topics without
    a funder or a project, organisations about which nothing but membership is documented. Each with its
    evidence in words, how much of it was observed, and the key under which it can be set aside."""
    found = [gap for gap in find_gaps(graph, between) if kind in (None, gap.kind)]
    return list(page.of([{**plain(gap), "key": key(gap), "sentence": gap.sentence(lang)} for gap in found]))


@router.get("/overview")
def overview(
    store: StoreDep,
    documented: DocumentedDep,
    low: UnverifiedDep,
    graph: GraphDep,
    lang: LangDep,
    introductions: Annotated[
        int, Query(ge=0, le=20, description="For how many pairs of sectors to look for introductions that close them.")
    ] = SHOWN,
) -> dict[str, Any]:
    """What is missing as the page of gaps tells it: pairs of sectors with what is documented and expected, how far
    to trust it and two introductions that would close it; every topic with what it lacks; organisations without a tie;
    and what the team set aside as no gap."""
    found: dict[str, Any] = plain(missing(store, documented, graph, lang, unverified=low, shown=introductions))
    return found


@router.post("/{key}/marks", status_code=201)
def set_gap_aside(
    store: StoreDep,
    documented: DocumentedDep,
    graph: GraphDep,
    key: Annotated[
        str, PathParameter(max_length=500, description="The key of a gap.", examples=["sectors|cooperative|incubator"])
    ],
    wanted: NewGapMark,
) -> dict[str, Any]:
    """Say of a gap that it is none, with a reason: it comes back by itself after a year. Or that it is one after all.
    As things stand already: 409."""
    if wanted.aside:
        known_key(key, gap_keys(documented, graph))
    found: dict[str, Any] = plain(set_aside(store, key, aside=wanted.aside, day=wanted.day, text=wanted.text))
    return {**found, "back": back(Mark(**found)) if wanted.aside else None}
