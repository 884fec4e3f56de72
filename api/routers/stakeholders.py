"""Who is here, and what is documented about them."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from tsi_graph.analysis.summary import described
from tsi_graph.errors import NotFound
from tsi_graph.exports.tables import plain
from tsi_graph.fields import plain as folded
from tsi_graph.model import EDGE_KINDS, NODE_KINDS
from tsi_graph.standing import standing, versions

from ..deps import DocumentedDep, Limit, StoreDep, ViewDep

router = APIRouter(tags=["stakeholders"])
Id = Annotated[str, Path(description="The id of a node of any kind.", examples=["socialfare"])]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="How many to pass over.")]
SAID = [
    "id", "fact", "node", "field", "target", "key", "value", "valid_from", "valid_to", "seen", "origin", "confidence",
    "wins", "disputed",
]  # fmt: skip
"""What is shown of a statement; the days that follow from its dates stay inside."""


@router.get("/info")
def info(store: StoreDep, view: ViewDep) -> dict[str, Any]:
    """What is documented: counts by kind, by confidence and by relation, how much is covered, where sources
    disagree (`wins` marks the version shown), and the imports. Membership of the alliance is counted."""
    found: dict[str, Any] = plain(described(store.statements(), view))
    return found


@router.get("/stakeholders")
def stakeholders(
    graph: DocumentedDep,
    kind: Annotated[str, Query(description=f"One of {', '.join(NODE_KINDS)}.")] = "Stakeholder",
    q: Annotated[str, Query(max_length=200, description="Part of the name; accents and capitals do not matter.")] = "",
    limit: Limit = 20,
    offset: Offset = 0,
) -> list[dict[str, Any]]:
    """Organisations, or another kind, by name; search ignores accents and capitals."""
    if kind not in NODE_KINDS:
        raise NotFound(f"No kind {kind!r}. Known: {', '.join(NODE_KINDS)}.")
    nodes = graph.nodes[graph.kinds_of(kind)]
    names = (nodes["name"] + " " + nodes["name_it"].fillna("") + " " + nodes["id"]).map(folded)
    found: list[dict[str, Any]] = plain(nodes[names.str.contains(folded(q), regex=False)][offset : offset + limit])
    return found


@router.get("/stakeholders/{id}")
def stakeholder(graph: DocumentedDep, store: StoreDep, id: Id) -> dict[str, Any]:  # noqa: A002
    """One organisation, project, fund, network or topic: its fields, its documented ties, every statement of the
    view about it with its source (`wins` marks those shown), and `conflicts`: the versions of each field on which
    statements disagree, side by side."""
    row = graph.position(id)
    ties = graph.edges[(graph.edges["source"] == id) | (graph.edges["target"] == id)]
    now = standing(store.statements(), as_of=graph.view.as_of, confidence=graph.view.confidence)
    said = now[(now["node"] == id) | (now["target"] == id)]
    return {
        **plain(graph.nodes.iloc[[row]])[0],
        "ties": plain(ties),
        "statements": plain(said[SAID].assign(value=said["value"].map(json.loads))),
        "conflicts": plain(versions(said[said["disputed"].map(bool)])),
    }


@router.get("/ties")
def ties(
    graph: DocumentedDep,
    kind: Annotated[str | None, Query(description="One relation; all if left out.", examples=["MEMBER_OF"])] = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> list[dict[str, Any]]:
    """The documented ties of this view, each with its dates, source and confidence."""
    if kind is not None and kind not in EDGE_KINDS:
        raise NotFound(f"No relation {kind!r}. Known: {', '.join(EDGE_KINDS)}.")
    edges = graph.edges if kind is None else graph.edges[graph.edges["kind"] == kind]
    found: list[dict[str, Any]] = plain(edges[offset : offset + limit])
    return found
