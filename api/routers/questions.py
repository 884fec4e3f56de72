"""Ready questions and their answers."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi import Path as PathParameter

from tsi_graph.exports.tables import plain
from tsi_graph.questions import ask, ready
from tsi_graph.recommend import considered

from ..deps import DocumentedDep, LangDep, StoreDep

router = APIRouter(prefix="/questions", tags=["questions"])


@router.get("")
def questions(lang: LangDep) -> list[dict[str, Any]]:
    """The ready questions: each a sentence with blanks, and what may stand in them."""
    return ready(lang)


@router.get("/{question}")
def answer(
    store: StoreDep,
    graph: DocumentedDep,
    lang: LangDep,
    question: Annotated[str, PathParameter(max_length=50, description="Its id.", examples=["members"])],
    x: Annotated[
        str, Query(max_length=200, description="What stands in its first blank: an id, a name or a word of a list.",
                   examples=["acri"]),
    ] = "",
    y: Annotated[str, Query(max_length=200, description="What stands in its second blank, if it has one.")] = "",
) -> dict[str, Any]:  # fmt: skip
    """The answer: one sentence, a table, the ids that a picture would show, and the Cypher that gives the same rows
    or how they were computed. Nothing found is an answer too: `add` says what would have to be documented."""
    given = {key: value for key, value in (("x", x), ("y", y)) if value}
    found: dict[str, Any] = plain(ask(graph, question, given, lang, ledger=considered(store)))
    return found
