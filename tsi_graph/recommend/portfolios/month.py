"""This month's introductions, with what the ledger says of earlier ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsi_graph.graph import Graph
from tsi_graph.recommend.ledger.reading import considered
from tsi_graph.recommend.portfolios.portfolio import Portfolio, portfolio

if TYPE_CHECKING:
    from tsi_graph.store import Store


def this_month(
    store: Store,
    graph: Graph,
    objective: str = "reach",
    *,
    about: str | None = None,
    size: int = 12,
    per_introducer: int = 2,
    per_organisation: int = 1,
    lang: str = "it",
) -> Portfolio:
    """The portfolio without pairs that the ledger holds (declined, in hand, met, resting) and without introducers
    that are not to be asked; what the others were asked for since the first of the month counts."""
    ledger = considered(store)
    return portfolio(
        graph,
        objective,
        about=about,
        size=size,
        per_introducer=per_introducer,
        per_organisation=per_organisation,
        refused=ledger.taken,
        not_introducers=ledger.not_introducers,
        asked=ledger.load,
        lang=lang,
    )
