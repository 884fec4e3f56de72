"""A graph cut in time: what was documented before a day, and who met in the months after it."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from tsi_graph.dates import OPEN, date, days
from tsi_graph.errors import Conflict, Unusable
from tsi_graph.graph import Graph
from tsi_graph.recommend.columns import by_id, documented, is_kind, of_edges, of_nodes, row
from tsi_graph.recommend.constants import TOP_DEGREE
from tsi_graph.recommend.ties import Ties, prepare

LEAST = (3, 10, 5)
"""Whom one can ask about: bodies with so many things they take part in, so many partners, so many new ones after."""


@dataclass(frozen=True, eq=False)
class Cut:
    """What is known on a day, and what came after; all arrays are in node order.

    before: the graph of what had begun. there: organisations that took part in anything by then. events
    counts what each takes part in, direct ties among it. new: row i names the organisations that i first
    met in the months after, both being there before. hub: who has more partners than TOP_DEGREE of those
    that have any. eligible: whom LEAST lets one ask about, by id. undated: edges that nobody dates, which
    count as known before.
    """

    before: Graph
    ties: Ties
    day: str
    until: str
    there: np.ndarray
    events: np.ndarray
    new: csr_array
    hub: np.ndarray
    eligible: np.ndarray
    undated: int


def cut_at(graph: Graph, day: str, months: int, half_life: float) -> Cut:
    """The cut of a graph at a day. Raises Unusable for what is no day, Conflict where nothing begins after it."""
    day, until = first_day(day), months_later(first_day(day), months)
    begun = begins(graph)
    before, after = (as_of(graph, begun, limit) for limit in (day, until))
    if len(after.edges) == len(before.edges):
        raise Conflict(f"Nothing in the data begins between {day} and {until}: there is nothing to foresee.")
    ties, later = prepare(before, half_life), prepare(after, half_life)
    events = np.diff(ties.shares.indptr) + np.diff(ties.stated.indptr)
    there = is_kind(graph, "Stakeholder") & (events > 0)
    new = newly_tied(ties.weight, later.weight, there)
    many = ties.partners[there & (ties.partners > 0)]
    hub = ties.partners > (np.quantile(many, TOP_DEGREE) if len(many) else 0)
    least = np.array([events, ties.partners, np.diff(new.indptr)]) >= np.array(LEAST)[:, None]
    eligible = np.flatnonzero(there & least.all(axis=0))
    undated = int((begun == 0).sum())
    return Cut(
        before, ties, day, until, there, events, new, hub & there, eligible[np.argsort(by_id(graph)[eligible])], undated
    )


def first_day(text: str) -> str:
    """The first day that a date may be: 2018-10 is 2018-10-01. Raises Unusable for what is no date."""
    try:
        low, _ = days(written) if (written := date(text)) not in ("", OPEN) else (0, 0)
    except ValueError as fault:
        raise Unusable(f"{text!r} is no day to cut at: {fault}.") from fault
    if not low:
        raise Unusable("A day to cut at is written 2018, 2018-10 or 2018-10-01.")
    return f"{low // 10000:04}-{low // 100 % 100:02}-{low % 100:02}"


def months_later(day: str, months: int) -> str:
    """The same day of a later month, or its last day where it is shorter.

    >>> months_later("2018-10-01", 12), months_later("2018-08-31", 6)
    ('2019-10-01', '2019-02-28')
    """
    year, month, rest = int(day[:4]), int(day[5:7]) - 1 + months, int(day[8:])
    year, month = year + month // 12, month % 12 + 1
    return f"{year:04}-{month:02}-{min(rest, monthrange(year, month)[1]):02}"


def begins(graph: Graph) -> np.ndarray:
    """The last day on which each edge may have begun, yyyymmdd; 0 where nobody says.

    Taking part in a project begins with the project unless the tie has a date of its own. A tie of which
    only an end is known began by then.
    """
    i, j = graph.ends
    project, start = is_kind(graph, "Project"), of_nodes(graph, "valid_from")
    own, end = of_edges(graph, "valid_from"), of_edges(graph, "valid_to")
    event = np.where(project[j], start[j], np.where(project[i], start[i], ""))
    written = np.where(own != "", own, np.where(event != "", event, end))
    known = {word: days(word)[1] if word not in ("", OPEN) else 0 for word in set(written)}
    return np.array([known[word] for word in written], dtype=np.int64)


def as_of(graph: Graph, begun: np.ndarray, day: str) -> Graph:
    """The graph of the documented edges that had begun before a day, looked at from that day."""
    view = replace(graph.view, as_of=None, today=day)
    return Graph(graph.nodes, graph.edges[(begun < days(day)[0]) & documented(graph)], graph.directed, view)


def newly_tied(before: csr_array, after: csr_array, there: np.ndarray) -> csr_array:
    """Who is tied after and was not before, among some."""
    new = after.tocoo()
    keep = there[new.row] & there[new.col]
    n = len(there)
    pairs = new.row[keep].astype(np.int64) * n + new.col[keep]
    old = before.tocoo()
    fresh = pairs[~np.isin(pairs, old.row.astype(np.int64) * n + old.col)]
    return csr_array((np.ones(len(fresh)), (fresh // n, fresh % n)), shape=(n, n))


def unmet(cut: Cut, node: int) -> np.ndarray:
    """Whom a body could meet: organisations that were there and are no partners yet."""
    may = cut.there.copy()
    may[row(cut.ties.weight, node)] = False
    may[node] = False
    return may
