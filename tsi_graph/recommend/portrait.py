"""One body at a glance: where it stands, where it can get, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass

from tsi_graph.graph import Graph
from tsi_graph.recommend.known import Known, known
from tsi_graph.recommend.ledger.reading import Considered
from tsi_graph.recommend.position import Position, position
from tsi_graph.recommend.routes import Route, routes
from tsi_graph.statements import Table


@dataclass(frozen=True)
class Portrait:
    """position is None and routes are empty for what is no organisation, or has closed."""

    position: Position | None
    routes: tuple[Route, ...]
    known: Known


def portrait(
    graph: Graph, node: str, table: Table, lang: str = "it", *, low: Graph | None = None,
    ledger: Considered | None = None,
) -> Portrait:  # fmt: skip
    """One body at a glance. Raises NotFound.

    low: the same view with what nobody verified. ledger: over whom routes lead.
    """
    return Portrait(
        position(graph, node, lang), tuple(routes(graph, node, lang, ledger)), known(graph, node, table, lang, low=low)
    )
