"""Who can introduce one body to another, as rows: the same ways that are proposed."""

from __future__ import annotations

import pandas as pd

from tsi_graph.graph import Graph
from tsi_graph.recommend.alternatives import ways
from tsi_graph.recommend.ledger.present import willing
from tsi_graph.recommend.ledger.reading import Considered

COLUMNS = ("how", "year", "origin", "through")


def introducers(graph: Graph, x: str, y: str, *, ledger: Considered | None = None, lang: str = "it") -> pd.DataFrame:
    """The firmest ways from one to the other, a row each: who introduces, how they know each other, and who says so."""
    if x == y:
        return pd.DataFrame(columns=pd.Index(COLUMNS))
    if ledger is None:
        found = ways(graph, x, y, 5, lang)
    else:
        found = ways(graph, x, y, 5, lang, refused=ledger.taken, **willing(ledger))
    rows = [
        {
            "how": "; ".join(step.how for step in way.path),
            "year": min((step.year for step in way.path if step.year), default=None),
            "origin": way.path[0].origin,
            "through": "|".join(way.introducers),
        }
        for way in found
    ]
    return pd.DataFrame(rows, columns=pd.Index(COLUMNS))
