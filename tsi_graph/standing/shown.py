"""The nodes and ties that a view shows."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd

from tsi_graph.standing.bodies import unified
from tsi_graph.standing.coded import AMOUNTS, NODE_COLUMNS, OF_KIND, Coded, coded, default, edges_of
from tsi_graph.standing.ranking import Ranked, ranked
from tsi_graph.statements import ROW, Table


def shown(
    table: Table,
    *,
    as_of: str | None = None,
    known_at: datetime | None = None,
    sure: bool = False,
    confidence: int = 2,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The nodes of a view, and its edges whose both ends are among them.

    Of a node each field is from the best statement that fills it: id, kind, every field of every kind, disputed
    (fields at odds, comma-separated). Of an edge the columns are those of `shown_edges`. O(n) once the table is coded.
    """
    table = unified(table, known_at)
    c = coded(table)
    found = ranked(table, as_of=as_of, known_at=known_at, sure=sure, confidence=confidence)
    about = c.about[found.rows]
    nodes = _nodes(c, found, about)
    won = found.rows[found.first & ~about]
    source, target = c.ends
    there = np.zeros(max(source.max(initial=-1), target.max(initial=-1)) + 1, bool)
    there[source[found.rows[about]]] = True
    won = won[there[source[won]] & there[target[won]]]
    edges, place = c.ties
    edges = edges.copy(deep=False) if len(won) == len(edges) else edges.take(place[won]).reset_index(drop=True)
    if found.at_odds:
        odd = np.fromiter((bool(found.at_odds.get(code)) for code in c.fact[won].tolist()), bool, len(won))
        edges["disputed"] = odd
    return nodes, edges


def _nodes(c: Coded, found: Ranked, about: np.ndarray) -> pd.DataFrame:
    """The table of nodes: each field from the best statement that fills it."""
    cells, place = c.bodies
    rows, first = found.rows[about], found.first[about]
    best = place[rows[first]]
    into = np.argsort(best, kind="stable")  # in the order of the ids
    best = best[into]
    taken = {name: np.full(len(best), None) if column is None else column[best] for name, column in c.settled.items()}
    taken["disputed"] = np.full(len(best), "", object)
    if not first.all():
        where = np.empty(len(best), np.int64)
        where[into] = np.arange(len(best))
        node = where[np.cumsum(first) - 1]
        others: dict[int, list[int]] = {}
        for i in np.flatnonzero(~first).tolist():
            others.setdefault(int(node[i]), []).append(i)
        for at, these in others.items():
            taken["disputed"][at] = ",".join(found.at_odds.get(int(c.fact[rows[these[0]]]), ()))
            said = [int(best[at]), *place[rows[these]].tolist()]
            for name, column in cells.items():
                taken[name][at] = next((column[i] for i in said if column[i] is not None), None)
            for name in OF_KIND:
                if taken[name][at] is None:
                    taken[name][at] = default(taken["kind"][at], name)
    return _node_table(taken)


def shown_edges(standing: pd.DataFrame) -> pd.DataFrame:
    """The edges of a view, by fact: the winning statement of each, whole.

    Columns: source, target, kind, weight (1 if not given), amount, role, dates, origin, confidence,
    the four day numbers, fact, statement (its id), disputed (true or false).
    """
    won = standing[standing["wins"] & (standing["field"] != ROW)].sort_values("fact", kind="stable")
    return edges_of(won, won["disputed"].map(bool).to_numpy(bool))


def _node_table(cells: dict[str, np.ndarray]) -> pd.DataFrame:
    columns = ("kind", *NODE_COLUMNS, "disputed")
    return pd.DataFrame(
        {n: cells[n].astype(float) if n in AMOUNTS else pd.Series(cells[n], dtype=object) for n in columns}, copy=False
    )
