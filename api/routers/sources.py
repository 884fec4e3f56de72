"""Where the data come from, how old and how sure they are, and where they are thin."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from tsi_graph.analysis.holes import by_place, holes
from tsi_graph.exports.tables import plain
from tsi_graph.history import confirm, declared
from tsi_graph.history import sources as found_sources
from tsi_graph.history import unverified as not_verified

from ..deps import DocumentedDep, StoreDep
from ..paging import PageDep

router = APIRouter(tags=["sources"])


class Confirmation(BaseModel):
    """Which statement is right, and who says so."""

    model_config = ConfigDict(extra="forbid")

    statement: Annotated[str, Field(max_length=100, description="The id of the statement.")]
    origin: Annotated[str, Field(max_length=1_000, description="The page or document. Default: its own.")] = ""
    note: Annotated[str, Field(max_length=1_000, description="Why, for whoever reads the history.")] = ""


@router.get("/sources")
def sources(
    store: StoreDep,
    page: PageDep,
    by: Annotated[
        Literal["origin", "site"], Query(description="Each page or document, or all pages of a web site together.")
    ] = "site",
) -> list[Any]:
    """The sources of what is known: how much each says, how sure that is, and how many days old it is; those first
    that say most."""
    return list(page.of(plain(found_sources(store, by))))


@router.get("/sources/unverified")
def unverified(
    store: StoreDep,
    page: PageDep,
) -> list[Any]:
    """What somebody says and nobody verified; it is shown nowhere as a fact until it is confirmed."""
    return list(page.of(plain(not_verified(store))))


@router.post("/confirmations", status_code=201)
def vouch(store: StoreDep, wanted: Confirmation) -> dict[str, int]:
    """Vouch for what a statement says: the same is said by hand, with high confidence and its source. Undo the number
    that this returns to take it back."""
    return {"number": confirm(store, wanted.statement, wanted.origin, wanted.note)}


@router.get("/coverage/holes")
def thin(store: StoreDep, graph: DocumentedDep) -> list[dict[str, Any]]:
    """Documented against what there should be: members of the alliance and of networks that declare a number,
    organisations with a tie, a city, a site; projects with a topic; ties with dates and amounts."""
    return [plain(one) | {"missing": one.missing} for one in holes(graph, declared(store))]


@router.get("/coverage/places")
def places(
    graph: DocumentedDep,
    of: Annotated[Literal["city", "sector"], Query(description="By city or by sector.")] = "city",
) -> list[dict[str, Any]]:
    """How many organisations are known in each place, or of each kind, and of how many a tie beyond membership."""
    found: list[dict[str, Any]] = plain(by_place(graph, of))
    return found
