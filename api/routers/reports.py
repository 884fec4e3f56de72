"""Reports to hand over: that of the observatory, and the profile of one body."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from tsi_graph import reports
from tsi_graph.reports.web import POLICY

from ..deps import LangDep, SavedDep, ShownDep, ShownUnverifiedDep, StoreDep

router = APIRouter(prefix="/reports", tags=["reports"])
TYPES = {
    "html": "text/html; charset=utf-8", "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip
Suffix = Annotated[str, Path(description="html, docx or pdf.", examples=["docx"])]


@router.get("/observatory.{suffix}", response_class=Response)
def observatory(
    request: Request,
    graph: ShownDep,
    low: ShownUnverifiedDep,
    store: StoreDep,
    lang: LangDep,
    saved: SavedDep,
    suffix: Suffix,
    compare: Annotated[
        str | None,
        Query(
            max_length=200, description="An earlier view to compare with, such as 2018; a year before unless said.",
            examples=["2018"],
        ),
    ] = None,
) -> Response:  # fmt: skip
    """Who is here, who bridges, what is missing, routes abroad, introductions and their outcomes, what changed, and
    how it was worked out: a report for a board as html, docx or pdf."""
    reports.known(suffix)
    places = request.app.state.kept_in.beside("places")
    made = reports.observatory(store, graph, low, lang, compare=compare, places=places, saved=saved)
    return _file(made, "observatory", suffix)


@router.get("/organisations/{id}.{suffix}", response_class=Response)
def organisation(
    graph: ShownDep,
    low: ShownUnverifiedDep,
    store: StoreDep,
    lang: LangDep,
    saved: SavedDep,
    id: Annotated[str, Path(description="An organisation or a network.", examples=["socialfare"])],  # noqa: A002
    suffix: Suffix,
) -> Response:
    """Two pages for a meeting: where a body stands, whom it could meet and through whom, its ways to networks, what is
    known of it; as html, docx or pdf."""
    reports.known(suffix)
    return _file(reports.organisation(store, graph, low, id, lang, saved=saved), id, suffix)


def _file(made: reports.Report, name: str, suffix: str) -> Response:
    headers = {}
    if suffix == "html":
        headers["content-security-policy"] = f"{POLICY}; frame-ancestors 'none'"
    else:
        headers["content-disposition"] = f'attachment; filename="{reports.file_name(name, made.lang, suffix)}"'
    return Response(reports.written(made, suffix), headers=headers, media_type=TYPES[suffix])
