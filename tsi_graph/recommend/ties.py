"""How strongly two bodies are tied: what they share, how recent it is, how few shared it, how much was theirs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array, csr_array, diags_array

from tsi_graph.errors import Unusable
from tsi_graph.graph import MEMBERSHIP, Graph
from tsi_graph.recommend.columns import (
    alliance,
    clock,
    documented,
    is_kind,
    of_edges,
    of_nodes,
    patronage,
    row,
    years,
)
from tsi_graph.recommend.constants import HALF_LIFE, HALF_LIVES, PART, SATURATION
from tsi_graph.recommend.profiles import profiles
from tsi_graph.remembered import once_per_graph, two_per_graph

LASTING = ("MEMBER_OF", "PART_OF", "FOUNDED", "MANAGES", "SHAREHOLDER_OF")
"""Ties that hold until an end is documented; the others are as old as their last date."""
OUTSIDE = ("SUPPORTS", "PARTNER_OF", "FUNDS", "INVESTS_IN", "HOSTS")
"""Ties to a network that do not make a body one of its people."""


@dataclass(frozen=True, eq=False)
class Fabric:
    """Who is tied to whom and by what, however old it is; all arrays are in node order.

    shares [i, e] is 1 where i takes part in e, held [i, e] the square root of its part in it; size counts the
    participants, last is the last documented day of each e, in years. stated [i, j] is 1 where a tie joins the
    two themselves; direct are the two ends and the last day of each such tie. also_known [i, j] is an entry
    where they have anything to do with each other, verified or not; None where all is verified. profile
    holds rows of unit length over topics and programmes, topics counts the topics alone. now is the day
    looked from, in years.
    """

    shares: csr_array
    held: csr_array
    size: np.ndarray
    last: np.ndarray
    stated: csr_array
    direct: tuple[np.ndarray, np.ndarray, np.ndarray]
    also_known: csr_array | None
    profile: csr_array
    topics: csr_array
    now: float

    @cached_property
    def people(self) -> csr_array:
        """Row e names who takes part in e, whatever it is."""
        return csr_array(self.shares.T.tocsr())

    def near(self, node: int) -> np.ndarray:
        """Whom a node has a documented tie with, by itself or by what they share."""
        met = [row(self.people, event) for event in row(self.shares, node).tolist()]
        found = np.unique(np.concatenate([row(self.stated, node), *met]))
        return np.asarray(found[found != node])


@dataclass(frozen=True, eq=False)
class Ties:
    """Everything that a recommendation reads, for one graph and half-life; all arrays are in node order.

    evidence [i, j] is the sum over what i and j share of 2^(-age / half-life) / sqrt(size - 1) times the
    geometric mean of their parts, a direct tie being shared by two; weight is evidence ^ SATURATION;
    partners counts the entries of a row. worth is the evidence that e gives to each pair of average parts.
    joins [i, e] is what a project e would give i and a newcomer, ^ SATURATION; lively [i, e] how fresh the
    participation is. fabric holds what does not fade.
    """

    fabric: Fabric
    evidence: csr_array
    weight: csr_array
    partners: np.ndarray
    worth: np.ndarray
    joins: csr_array
    lively: csr_array

    @property
    def shares(self) -> csr_array:
        return self.fabric.shares

    @property
    def size(self) -> np.ndarray:
        return self.fabric.size

    @property
    def stated(self) -> csr_array:
        return self.fabric.stated

    @property
    def known(self) -> csr_array:
        """An entry where two have anything to do with each other, verified or not."""
        return self.weight if self.fabric.also_known is None else self.fabric.also_known

    @property
    def profile(self) -> csr_array:
        return self.fabric.profile

    @property
    def topics(self) -> csr_array:
        return self.fabric.topics

    @property
    def people(self) -> csr_array:
        return self.fabric.people

    @property
    def now(self) -> float:
        return self.fabric.now

    @cached_property
    def strength(self) -> csr_array:
        """s = 1 - exp(-evidence): the chance that a tie is alive if live contacts come as often as its evidence.

        Recent, repeated and small-group ties are stronger: .63 for one fresh tie between two, .21 for a
        fresh project of nineteen, half of that after four years. Always between 0 and 1.
        """
        return _alive(self.evidence)

    @cached_property
    def entrants(self) -> csr_array:
        """Row e names who takes part in project e, with the strength of that tie."""
        return csr_array(_alive(self.lively).T.tocsr())

    @cached_property
    def welcomes(self) -> csr_array:
        """`joins` by project: row e names who takes part in e."""
        return csr_array(self.joins.T.tocsr())


@two_per_graph
def prepare(graph: Graph, half_life: float = HALF_LIFE) -> Ties:
    """The ties of a graph, as seen from its day. Costs one sparse product of who takes part in what.

    Raises Unusable for a half-life outside HALF_LIVES.
    """
    if not HALF_LIVES[0] <= half_life <= HALF_LIVES[1]:
        least, most = HALF_LIVES
        raise Unusable(f"A half-life is a number of years from {least:g} to {most:g}, not {half_life!r}.")
    woven, n = fabric(graph), len(graph)
    fading = fresh(woven.last, woven.now, half_life)
    worth = fading / np.sqrt(np.maximum(woven.size - 1, 1))
    a, b, last = woven.direct
    value = fresh(last, woven.now, half_life)
    straight = coo_array((np.r_[value, value], (np.r_[a, b], np.r_[b, a])), shape=(n, n)).tocsr()
    evidence = without_diagonal(csr_array(woven.held @ diags_array(worth) @ woven.held.T + straight))
    weight = _powered(evidence)
    project = is_kind(graph, "Project")
    newcomer = np.where(project, fading / np.sqrt(np.maximum(woven.size, 1)), 0.0)
    return Ties(
        fabric=woven, evidence=evidence, weight=weight, partners=np.diff(weight.indptr), worth=worth,
        joins=_powered(_scaled(woven.held, newcomer)),
        lively=_scaled(woven.shares, np.where(project, fading, 0.0)),
    )  # fmt: skip


@once_per_graph
def fabric(graph: Graph) -> Fabric:
    """Who is tied to whom and by what. Patronage of a network ties nobody to it."""
    n, sure = len(graph), documented(graph)
    i, j = graph.ends
    party = is_kind(graph, "Stakeholder") | is_kind(graph, "Network") | is_kind(graph, "Fund")
    kind = graph.edges["kind"].to_numpy(object)
    last = _last(of_edges(graph, "valid_from"), of_edges(graph, "valid_to"), np.isin(kind, LASTING))

    member, of, at = _seats(graph, party, kind)
    firm = sure[at]
    shares = ones(member[firm], of[firm], n)
    held = _parts(graph, shares, member[firm], of[firm], at[firm])

    joined = party[i] & party[j] & (i != j) & ~(np.isin(kind, MEMBERSHIP) & alliance(graph)[j])
    direct = joined & sure & ~patronage(graph)
    a, b = i[direct], j[direct]
    also_known = None
    if not sure.all() or patronage(graph).any():
        every, c, d = ones(member, of, n), i[joined], j[joined]
        also_known = without_diagonal(csr_array(every @ every.T + ones(np.r_[c, d], np.r_[d, c], n)))
    profile, topics = profiles(graph, shares, held, sure)
    return Fabric(
        shares=shares, held=held, size=np.bincount(shares.indices, minlength=n),
        last=_ended(graph, of[firm], last[at[firm]]), stated=ones(np.r_[a, b], np.r_[b, a], n),
        direct=(a, b, last[direct]), also_known=also_known, profile=profile, topics=topics, now=clock(graph),
    )  # fmt: skip


def _seats(graph: Graph, party: np.ndarray, kind: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who takes part in what, and by which edge; one that only backs a network from outside does not."""
    i, j = graph.ends
    network = is_kind(graph, "Network")
    event = (is_kind(graph, "Project") | network | is_kind(graph, "Fund")) & ~alliance(graph)
    outside = np.isin(kind, OUTSIDE)
    there = party[i] & event[j] & (i != j) & ~(outside & network[j])
    back = party[j] & event[i] & (i != j) & ~(outside & network[i])
    return np.r_[i[there], j[back]], np.r_[j[there], i[back]], np.r_[np.flatnonzero(there), np.flatnonzero(back)]


def _ended(graph: Graph, of: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """The last documented day of each event, in years; of an undated project the last day somebody was seen in it."""
    lasting = is_kind(graph, "Network") | is_kind(graph, "Fund")
    ended = _last(of_nodes(graph, "valid_from"), of_nodes(graph, "valid_to"), lasting)
    latest = np.full(len(graph), -np.inf)
    np.maximum.at(latest, of, np.where(np.isnan(seen), -np.inf, seen))
    return np.where(np.isnan(ended) & ~lasting & np.isfinite(latest), latest, ended)


def _parts(graph: Graph, shares: csr_array, member: np.ndarray, of: np.ndarray, at: np.ndarray) -> csr_array:
    """`shares` times the square root of each participant's part in the money of the event: 1 is average or unknown.

    The part is the documented amount over the mean of those documented, within PART. Only what a
    participant gets counts: what a funder gives is no part in the work. Less than nothing is unknown, and
    so is all of an event where nobody is known to get anything.
    """
    if "amount" not in graph.edges:
        return shares
    takes_part = (graph.edges["kind"] == "PARTICIPATES_IN").to_numpy(bool)[at]
    amount = np.where(takes_part, graph.edges["amount"].to_numpy(float)[at], np.nan)
    n = len(graph)
    known = np.isfinite(amount) & (amount >= 0)
    total = np.bincount(of[known], amount[known], minlength=n)
    known &= total[of] > 0
    if not known.any():
        return shares
    got = coo_array((amount[known], (member[known], of[known])), shape=(n, n)).tocsr()
    got.sum_duplicates()
    mean = np.divide(total, np.bincount(got.indices, minlength=n), out=np.ones(n), where=total > 0)
    got.data = np.sqrt(np.clip(got.data / mean[got.indices], *PART)) - 1
    # a participant without an amount has no entry here and keeps its 1
    return csr_array(shares + got)


def fresh(last: np.ndarray, now: float, half_life: float = HALF_LIFE) -> np.ndarray:
    """What is left of a tie of each age: 1 today, undated or still to end, half after every half-life.

    >>> fresh(np.array([2026.0, 2022.0, np.nan]), now=2026.0)
    array([1. , 0.5, 1. ])
    """
    age = np.nan_to_num(np.maximum(now - last, 0.0), nan=0.0)
    # never quite nothing, so that who is tied to whom does not hang on the half-life
    return np.asarray(2.0 ** -np.minimum(age / half_life, 1000.0))


def _last(start: np.ndarray, end: np.ndarray, lasting: np.ndarray) -> np.ndarray:
    """The last documented day of each: its end, or its start unless it lasts until an end is known."""
    return np.where(end != "", years(end), np.where(lasting, np.nan, years(start)))


def ones(rows: np.ndarray, columns: np.ndarray, n: int) -> csr_array:
    """A square matrix of ones at these places, sorted."""
    matrix = coo_array((np.ones(len(rows)), (rows, columns)), shape=(n, n)).tocsr()
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return matrix


def without_diagonal(matrix: csr_array) -> csr_array:
    pairs = matrix.tocoo()
    keep = (pairs.row != pairs.col) & (pairs.data > 0)
    return coo_array((pairs.data[keep], (pairs.row[keep], pairs.col[keep])), shape=matrix.shape).tocsr()


def _alive(matrix: csr_array) -> csr_array:
    out = matrix.copy()
    out.data = -np.expm1(-out.data)
    return out


def _powered(matrix: csr_array) -> csr_array:
    out = matrix.copy()
    out.data **= SATURATION
    return out


def _scaled(matrix: csr_array, columns: np.ndarray) -> csr_array:
    out = csr_array(matrix @ diags_array(columns))
    out.eliminate_zeros()
    return out
