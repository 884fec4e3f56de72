"""Finding a body by a few letters."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from tsi_graph.analysis.search import Wanted, browse
from tsi_graph.exports.tables import plain
from tsi_graph.fields import SECTORS
from tsi_graph.model import NODE_KINDS

from ..deps import DocumentedDep, LangDep
from ..paging import PageDep

router = APIRouter(tags=["search"])


@router.get("/search")
def search(
    graph: DocumentedDep,
    lang: LangDep,
    page: PageDep,
    q: Annotated[
        str,
        Query(max_length=200, description="Beginnings of words of a name; accents, capitals and order do not matter.",
              examples=["torino citta"]),
    ] = "",
    kind: Annotated[
        Literal[tuple(NODE_KINDS)] | None,  # type: ignore[valid-type]
        Query(description="Only this kind and its sorts."),
    ] = None,
    sector: Annotated[
        Literal[SECTORS] | None, Query(description="Only this sort of organisation.")  # type: ignore[valid-type]
    ] = None,
    city: Annotated[str | None, Query(max_length=200, description="Only in this city.", examples=["Torino"])] = None,
) -> list[Any]:  # fmt: skip
    """Organisations, networks, projects, funds and topics whose name fits a few letters, the best first, each with the
    name that fits and how well. Without letters all that the filters leave, by name."""
    found = browse(graph, Wanted(q, (kind,) if kind else (), sector or "", city or ""), lang)
    return list(page.of(plain(list(found))))
