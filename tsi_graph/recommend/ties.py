"""How strongly two bodies are tied: what they share, how recent it is, how few shared it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array, diags_array, hstack

from tsi_graph.dates import LAST, OPEN, days
from tsi_graph.graph import MEMBERSHIP, Graph

HALF_LIFE = 4.0
"""Years after which an ended project is worth half."""
SATURATION = 0.3
"""The tenth joint project says less than the first."""
LASTING = ("MEMBER_OF", "PART_OF", "FOUNDED", "MANAGES", "SHAREHOLDER_OF")
"""Ties that hold until an end is documented; the others are as old as their last date."""
OUTSIDE = ("SUPPORTS", "PARTNER_OF", "FUNDS", "INVESTS_IN", "HOSTS")
"""Ties to a network that do not make a body one of its people."""


@dataclass(frozen=True, eq=False)
class Ties:
    """Everything that a recommendation reads, once per graph; all arrays are in node order.

    evidence [i, j] is the sum over what i and j share of 2^(-age / HALF_LIFE) / sqrt(size - 1), a
    direct tie being shared by two; weight is evidence ^ SATURATION; partners counts the entries of a
    row. shares [i, e] is 1 where i takes part in e, worth is the evidence that e gives to each pair.
    stated [i, j] is 1 where a tie joins the two themselves. profile holds rows of unit length over
    `themes`, topics first. now is the newest day on which anything began, in years.
    """

    evidence: csr_array
    weight: csr_array
    partners: np.ndarray
    shares: csr_array
    worth: np.ndarray
    stated: csr_array
    profile: csr_array
    topics: csr_array
    now: float


def row(matrix: csr_array, node: int) -> np.ndarray:
    """The positions that a row of a matrix names; indexing the matrix would cost a hundred times more."""
    found: np.ndarray = matrix.indices[matrix.indptr[node] : matrix.indptr[node + 1]]
    return found


def text(table: pd.DataFrame, column: str) -> np.ndarray:
    """A column as text, blank where it is missing or nothing stands in it."""
    if column not in table:
        return np.full(len(table), "", dtype=object)
    return table[column].astype(object).where(table[column].notna(), "").astype(str).to_numpy(object)


@lru_cache(maxsize=32)
def of_nodes(graph: Graph, column: str) -> np.ndarray:
    """A column of the nodes as text, read once per graph."""
    return text(graph.nodes, column)


@lru_cache(maxsize=16)
def of_edges(graph: Graph, column: str) -> np.ndarray:
    """A column of the edges as text, read once per graph."""
    return text(graph.edges, column)


@lru_cache(maxsize=16)
def is_kind(graph: Graph, base: str) -> np.ndarray:
    """Which nodes are of a kind or of a sort of it, found once per graph."""
    return graph.kinds_of(base)


@lru_cache(maxsize=4)
def alliance(graph: Graph) -> np.ndarray:
    """Which nodes are the alliance itself (the view's, else Torino Social Impact): membership of it ties nobody."""
    return graph.nodes["id"].isin(graph.view.home).to_numpy(bool)


def years(dates: np.ndarray) -> np.ndarray:
    """The last day that each date may be, in years; nan where blank, far ahead where still open."""
    known = {word: _year(word) for word in set(dates)}
    return np.array([known[word] for word in dates], dtype=float)


def _year(date: str) -> float:
    if not date:
        return np.nan
    last = LAST if date == OPEN else days(date)[1]
    return last // 10000 + (last // 100 % 100 - 1) / 12 + (last % 100 - 1) / 372


def clock(graph: Graph) -> float:
    """The newest day on which anything began, in years: planned ends lie ahead of it. nan without dates.

    Where nothing has a start, the newest end.
    """
    for column in ("valid_from", "valid_to"):
        found = np.r_[years(of_nodes(graph, column)), years(of_edges(graph, column))]
        found = found[found < LAST // 10000]
        if len(found):
            return float(found.max())
    return float("nan")


@lru_cache(maxsize=2)
def prepare(graph: Graph) -> Ties:
    """The ties of a graph, computed once for the last two graphs asked about.

    Costs one sparse product of who takes part in what.
    """
    n, now = len(graph), clock(graph)
    i, j = graph.ends
    party = is_kind(graph, "Stakeholder") | is_kind(graph, "Network") | is_kind(graph, "Fund")
    lasting_event = is_kind(graph, "Network") | is_kind(graph, "Fund")
    at_home = alliance(graph)
    event = (is_kind(graph, "Project") | lasting_event) & ~at_home
    kind = graph.edges["kind"].to_numpy(object)
    last = _last(of_edges(graph, "valid_from"), of_edges(graph, "valid_to"), np.isin(kind, LASTING))

    inside = ~(np.isin(kind, OUTSIDE)[:, None] & is_kind(graph, "Network")[np.c_[j, i]])
    into = (party[i] & event[j] & (i != j) & inside[:, 0], party[j] & event[i] & (i != j) & inside[:, 1])
    member, of, seen = np.r_[i[into[0]], j[into[1]]], np.r_[j[into[0]], i[into[1]]], np.r_[last[into[0]], last[into[1]]]
    shares = _ones(member, of, n)
    size = np.bincount(shares.indices, minlength=n)
    ended = _last(of_nodes(graph, "valid_from"), of_nodes(graph, "valid_to"), lasting_event)
    latest = np.full(n, -np.inf)
    np.maximum.at(latest, of, np.where(np.isnan(seen), -np.inf, seen))
    ended = np.where(np.isnan(ended) & ~lasting_event & np.isfinite(latest), latest, ended)
    worth = fresh(ended, now) / np.sqrt(np.maximum(size - 1, 1))

    direct = party[i] & party[j] & (i != j) & ~(np.isin(kind, MEMBERSHIP) & at_home[j])
    a, b, value = i[direct], j[direct], fresh(last[direct], now)
    straight = coo_array((np.r_[value, value], (np.r_[a, b], np.r_[b, a])), shape=(n, n)).tocsr()
    evidence = _without_diagonal(csr_array(shares @ diags_array(worth) @ shares.T + straight))
    weight = evidence.copy()
    weight.data **= SATURATION
    profile, topics = _profiles(graph, shares)
    stated = _ones(np.r_[a, b], np.r_[b, a], n)
    return Ties(evidence, weight, np.diff(weight.indptr), shares, worth, stated, profile, topics, now)


def fresh(last: np.ndarray, now: float) -> np.ndarray:
    """What is left of a tie of each age: 1 today, undated or still to end, half every HALF_LIFE years."""
    age = np.nan_to_num(np.maximum(now - last, 0.0), nan=0.0)
    return np.asarray(2.0 ** (-age / HALF_LIFE))


def _last(start: np.ndarray, end: np.ndarray, lasting: np.ndarray) -> np.ndarray:
    """The last documented day of each: its end, or its start unless it lasts until an end is known."""
    return np.where(end != "", years(end), np.where(lasting, np.nan, years(start)))


def _ones(rows: np.ndarray, columns: np.ndarray, n: int) -> csr_array:
    matrix = coo_array((np.ones(len(rows)), (rows, columns)), shape=(n, n)).tocsr()
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return matrix


def _without_diagonal(matrix: csr_array) -> csr_array:
    pairs = matrix.tocoo()
    keep = (pairs.row != pairs.col) & (pairs.data > 0)
    return coo_array((pairs.data[keep], (pairs.row[keep], pairs.col[keep])), shape=matrix.shape).tocsr()


def _profiles(graph: Graph, shares: csr_array) -> tuple[csr_array, csr_array]:
    """TF-IDF over topics and programmes, rows of unit length; and who works on which topic (0 or more).

    A body has its own topics and those of what it takes part in, once for each.
    """
    n = len(graph)
    i, j = graph.ends
    topic = is_kind(graph, "Topic")
    there = topic[j] & ~topic[i]
    own = _ones(i[there], j[there], n)
    programme = of_nodes(graph, "programme")
    named = np.flatnonzero(programme != "")
    code, words = pd.factorize(programme[named])
    under = coo_array((np.ones(len(named)), (named, code)), shape=(n, max(len(words), 1))).tocsr()
    topics = csr_array(own + shares @ own)
    counts = csr_array(hstack([topics, under + shares @ under]))
    holders = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log(1 + n / np.maximum(holders, 1))
    scored = csr_array(counts @ diags_array(rarity))
    length = np.sqrt(scored.multiply(scored).sum(axis=1))
    return csr_array(diags_array(1 / np.where(length > 0, length, 1)) @ scored), topics
