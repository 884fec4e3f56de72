"""This month's introductions, with what the ledger says of earlier ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from tsi_graph.graph import Graph
from tsi_graph.recommend.ledger.reading import considered
from tsi_graph.recommend.portfolios.portfolio import Portfolio, portfolio

if TYPE_CHECKING:
    from tsi_graph.store import Store


class Wishes(TypedDict, total=False):
    """The limits of a month, as in `portfolio`."""

    size: int
    per_introducer: int
    per_organisation: int
    per_target: int
    by_team: int | None
    fair: float | None


def this_month(
    store: Store,
    graph: Graph,
    objective: str = "reach",
    *,
    about: str | None = None,
    lang: str = "it",
    **limits: Unpack[Wishes],
) -> Portfolio:
    """The portfolio without pairs that the ledger holds (declined, in hand, met, resting), over introducers that are
    willing, those first that were asked less of late and succeeded more often; what they were asked for since
    the first of the month counts."""
    ledger = considered(store)
    return portfolio(
        graph,
        objective,
        about=about,
        lang=lang,
        refused=ledger.taken,
        not_introducers=ledger.not_introducers,
        load=ledger.load,
        reliability=ledger.reliability,
        **limits,
    )
