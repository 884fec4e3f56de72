"""Who stands between others: Burt's structural holes and the roles of Gould and Fernandez."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from weakref import WeakKeyDictionary

import numpy as np
from scipy.sparse import csr_array

from tsi_graph.analysis.base import Metric, contacts, ties
from tsi_graph.analysis.triads import skeleton, triads
from tsi_graph.errors import NotFound
from tsi_graph.graph import Graph

ROLES = ("coordinator", "itinerant", "representative", "gatekeeper", "liaison")
NOT_STATED = "not stated"


@dataclass(frozen=True)
class Holes:
    """Burt's sums: per node its contacts and redundancy, per tie the dyadic constraint seen from both ends."""

    contacts: np.ndarray
    redundancy: np.ndarray
    ego: np.ndarray
    dyadic: np.ndarray

    def per_node(self, values: np.ndarray) -> np.ndarray:
        """What a value per end of each tie adds up to at each node; nan for who has no contact."""
        total = np.bincount(self.ego, values, minlength=len(self.contacts))
        return np.where(self.contacts > 0, total, np.nan)


# Four metrics read the same sums, and listing the closed triads is all of their cost.
_HOLES: WeakKeyDictionary[Graph, Holes] = WeakKeyDictionary()


def holes(graph: Graph) -> Holes:
    """Burt's sums over the whole network, in one pass over its closed triads."""
    if graph not in _HOLES:
        _HOLES[graph] = _holes(graph)
    return _HOLES[graph]


def _holes(graph: Graph) -> Holes:
    """With w = tie strength, s_i its sum and M_i its largest at i:

    dyadic constraint c_ij = (p_ij + sum_q p_iq p_qj)^2 = ((w_ij + sum_q w_iq w_qj / s_q) / s_i)^2
    redundancy R_i = sum_j sum_q p_iq m_jq = sum_j sum_q w_iq w_jq / (s_i M_j)
    """
    w = contacts(graph)
    n, skel = len(graph), skeleton(w)
    s = np.asarray(w.sum(axis=1), dtype=float)
    largest = np.zeros(n)
    np.maximum.at(largest, np.r_[skel.tail, skel.head], np.r_[skel.weight, skel.weight])
    invested, redundancy, m = skel.weight.astype(float), np.zeros(n), len(skel.tail)
    for ij, jk, ik in triads(skel):
        i, j, k = skel.tail[ij], skel.head[ij], skel.head[jk]
        wij, wjk, wik = skel.weight[ij], skel.weight[jk], skel.weight[ik]
        invested += np.bincount(ij, wik * wjk / s[k], minlength=m)
        invested += np.bincount(jk, wij * wik / s[i], minlength=m)
        invested += np.bincount(ik, wij * wjk / s[j], minlength=m)
        redundancy += np.bincount(i, wjk * (wik / largest[j] + wij / largest[k]) / s[i], minlength=n)
        redundancy += np.bincount(j, wik * (wjk / largest[i] + wij / largest[k]) / s[j], minlength=n)
        redundancy += np.bincount(k, wij * (wjk / largest[i] + wik / largest[j]) / s[k], minlength=n)
    ego = np.r_[skel.tail, skel.head]
    dyadic = (np.r_[invested, invested] / s[ego]) ** 2
    return Holes(np.diff(w.indptr).astype(np.int64), redundancy, ego, dyadic)


def constraint(graph: Graph) -> np.ndarray:
    """How much each node's contacts are tied to one another, so that it has no choice; nan for an isolate.

    Low where contacts would not meet without it, 1 with a single contact, up to 1.125 in a closed triad.

    >>> constraint(Graph.from_edges([("a", "b"), ("b", "c"), ("c", "d")]))
    array([1. , 0.5, 0.5, 1. ])
    """
    found = holes(graph)
    return found.per_node(found.dyadic)


def effective_size(graph: Graph) -> np.ndarray:
    """How many contacts each node has beyond those that its other contacts lead to anyway; nan for an isolate.

    >>> effective_size(Graph.from_edges([("a", "b"), ("b", "c"), ("a", "c"), ("c", "d")])).round(3)
    array([1.   , 1.   , 2.333, 1.   ])
    """
    found = holes(graph)
    return np.where(found.contacts > 0, found.contacts - found.redundancy, np.nan)


def efficiency(graph: Graph) -> np.ndarray:
    """The share of each node's contacts that is not redundant: effective size by contacts; nan for an isolate.

    >>> efficiency(Graph.from_edges([("a", "b"), ("b", "c"), ("a", "c")]))
    array([0.5, 0.5, 0.5])
    """
    found = holes(graph)
    return effective_size(graph) / np.where(found.contacts > 0, found.contacts, np.nan)


def hierarchy(graph: Graph) -> np.ndarray:
    """How far each node's constraint comes from one contact alone: 0 spread evenly, 1 from one; nan for an isolate.

    With one contact it is 1 by convention.

    >>> hierarchy(Graph.from_edges([("a", "b"), ("b", "c")]))
    array([1., 0., 1.])
    """
    found = holes(graph)
    k = np.where(found.contacts > 0, found.contacts, np.nan).astype(float)
    share = found.dyadic / (found.per_node(found.dyadic) / k)[found.ego]
    spread = found.per_node(share * np.log(share))
    return np.where(k == 1, 1.0, spread / np.where(k == 1, 1.0, k * np.log(k)))


def brokerage_roles(graph: Graph, group: str = "sector") -> np.ndarray:
    """How many pairs each node joins in each of the five roles, one column each, in the order of `ROLES`.

    A node joins a and b where a -> it -> b without a -> b. Group of a, its own, of b: coordinator AAA,
    itinerant ABA, representative AAB, gatekeeper ABB, liaison ABC. Without direction every tie goes both
    ways, so each pair counts twice. Nodes whose group is blank form one group of their own, "not stated".
    All nan where nodes have no attributes at all; NotFound where they have, but not this one.

    >>> from pandas import DataFrame
    >>> people = DataFrame({"id": ["a", "b", "c"], "sector": ["x", "x", "y"]})
    >>> path = Graph.from_edges([("a", "b"), ("b", "c")], people, directed=True)
    >>> brokerage_roles(path)[1]
    array([0., 0., 1., 0., 0.])
    """
    if group not in graph.nodes:
        known = [str(name) for name in graph.nodes.columns if name not in ("id", "kind", "name")]
        if known:
            raise NotFound(f"Nodes have no attribute {group!r} to group them by. Known: {', '.join(known)}")
        return np.full((len(graph), len(ROLES)), np.nan)
    code = np.unique(group_values(graph, group), return_inverse=True)[1]
    sent = ties(graph)
    sent.sort_indices()
    sent.data = np.ones(sent.nnz, dtype=np.int64)
    joined: np.ndarray = _two_step(sent, code) - _closed(graph, sent, code)
    return joined.astype(float)


def group_values(graph: Graph, group: str) -> np.ndarray:
    """The group of each node as text; blank and missing are "not stated"."""
    column = graph.nodes[group]
    text = column.astype(object).where(column.notna(), "").astype(str).str.strip().to_numpy(dtype=str)
    return np.where(text == "", NOT_STATED, text)


def _two_step(sent: csr_array, code: np.ndarray) -> np.ndarray:
    """Pairs a -> node -> b of different nodes by role, whether or not a -> b."""
    n = len(code)
    member = csr_array((np.ones(n, dtype=np.int64), (np.arange(n), code)), shape=(n, int(code.max(initial=-1)) + 1))
    to, by, mutual = sent @ member, sent.T @ member, sent.multiply(sent.T) @ member
    out, into, both = (np.asarray(m.sum(axis=1)) for m in (to, by, mutual))
    out_own, into_own, both_own = (np.asarray(m.multiply(member).sum(axis=1)) for m in (to, by, mutual))
    same_group = np.asarray(by.multiply(to).sum(axis=1)) - into_own * out_own
    return np.column_stack(
        [
            into_own * out_own - both_own,
            same_group - (both - both_own),
            into_own * (out - out_own),
            (into - into_own) * out_own,
            (into - into_own) * (out - out_own) - same_group,
        ]
    )


# By whether the group of a is the broker's (4), that of b is the broker's (2), both are one (1).
_ROLE = np.array([4, 1, 3, -1, 2, -1, -1, 0])


def _closed(graph: Graph, sent: csr_array, code: np.ndarray) -> np.ndarray:
    """Pairs a -> node -> b by role where a -> b as well."""
    n, skel = len(code), skeleton(contacts(graph))
    entry = np.repeat(np.arange(n), np.diff(sent.indptr)) * n + sent.indices
    forth, back = np.isin(skel.tail * n + skel.head, entry), np.isin(skel.head * n + skel.tail, entry)
    count = np.zeros(n * len(ROLES), dtype=np.int64)
    for batch in triads(skel):
        node = (skel.tail[batch[0]], skel.head[batch[0]], skel.head[batch[1]])
        goes, same = {}, {}
        for tie, (x, y) in zip(batch, ((0, 1), (1, 2), (0, 2)), strict=True):
            goes[x, y], goes[y, x] = forth[tie], back[tie]
            same[x, y] = same[y, x] = code[node[x]] == code[node[y]]
        for a, v, b in permutations(range(3)):
            closed = goes[a, v] & goes[v, b] & goes[a, b]
            role = _ROLE[4 * same[a, v] + 2 * same[v, b] + same[a, b]]
            count += np.bincount((node[v] * len(ROLES) + role)[closed], minlength=len(count))
    return count.reshape(n, len(ROLES))


WHOLE = "Whole network (not the ego network alone), weights as strength, both directions summed, contacts only; "
BURT = "Burt 1992, Structural Holes, ch. 2"
METRICS = {
    "constraint": Metric(
        constraint,
        "How little room it has, because its contacts know one another; low marks a bridge.",
        "Quanto poco margine ha, perché i suoi contatti si conoscono fra loro; basso indica un ponte.",
        WHOLE + "can exceed 1. Isolates undefined.",
        BURT,
    ),
    "effective_size": Metric(
        effective_size,
        "How many of its contacts lead to different parts of the network.",
        "Quanti dei suoi contatti portano in parti diverse della rete.",
        WHOLE + "each contact's ties are divided by that contact's own strongest tie (Burt; networkx up to 3.6.1 "
        "divides by that of the third node when asked for all nodes with weights). Isolates undefined.",
        BURT + "; Borgatti 1997, Connections 20(1):35-38",
    ),
    "efficiency": Metric(
        efficiency,
        "The share of its contacts that is not redundant.",
        "La quota dei suoi contatti che non è ridondante.",
        WHOLE + "effective size by number of contacts. Isolates undefined.",
        BURT,
    ),
    "hierarchy": Metric(
        hierarchy,
        "How far its constraint comes from a single contact.",
        "Quanto il suo vincolo viene da un solo contatto.",
        WHOLE + "from dyadic constraints; 1 with one contact. Isolates undefined.",
        BURT,
    ),
    "brokerage_roles": Metric(
        brokerage_roles,
        "How many pairs it joins within its own group, between groups, or as an outsider.",
        "Quante coppie unisce nel proprio gruppo, fra gruppi, o da esterna.",
        "Raw counts over ordered pairs, weights ignored; without direction every tie goes both ways, so each pair "
        "counts twice. Arrows read as giving. Blank groups are one group. Isolates 0; no groups: undefined.",
        "Gould & Fernandez 1989, Sociological Methodology 19:89-126",
        ROLES,
    ),
}
