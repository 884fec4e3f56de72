"""Organisations and what they share, measured together: centrality and structural holes of two-mode networks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tsi_graph import kernels
from tsi_graph.analysis.base import Metric
from tsi_graph.errors import Unusable
from tsi_graph.graph import EVENTS, Graph
from tsi_graph.kernels import Csr
from tsi_graph.kernels.triads import skeleton, triads

BATCH = 1 << 22
"""Ways of three steps gone through at a time."""


def two_mode(graph: Graph, through: str | Sequence[str] = EVENTS, of: str = "Stakeholder") -> Graph:
    """Organisations, what they share (events of the given kinds), and the ties between the two alone.

    Nodes keep their attributes, also those that share nothing. The result has no direction; each pair
    stands once with its weights added up, its `kind` naming all its relations.

    >>> from pandas import DataFrame
    >>> nodes = DataFrame({"id": ["a", "b", "p"], "kind": ["Stakeholder", "Stakeholder", "Project"]})
    >>> two_mode(Graph.from_edges([("a", "b"), ("a", "p"), ("p", "a", 2.0)], nodes)).edges.to_dict("records")
    [{'source': 'a', 'target': 'p', 'kind': 'EDGE', 'weight': 3.0}]
    """
    kinds = (through,) if isinstance(through, str) else tuple(through)
    ours = graph.kinds_of(of)
    event = np.any([graph.kinds_of(kind) for kind in kinds], axis=0) & ~ours
    i, j = graph.ends
    across = (ours[i] & event[j]) | (event[i] & ours[j])
    member, hub = np.where(ours[i], i, j)[across], np.where(ours[i], j, i)[across]
    ties = graph.edges[["kind", "weight"]][across].assign(member=member, hub=hub).groupby(["member", "hub"])
    pairs = ties.agg(kind=("kind", lambda kinds: "|".join(sorted(set(kinds)))), weight=("weight", "sum")).reset_index()
    id_of = graph.nodes["id"].to_numpy()
    edges = pairs.assign(source=id_of[pairs["member"].to_numpy(int)], target=id_of[pairs["hub"].to_numpy(int)])
    nodes = graph.nodes[ours | event].reset_index(drop=True)
    return Graph(nodes, edges[["source", "target", "kind", "weight"]], view=graph.view, imported=graph.imported)


def two_mode_degree(graph: Graph) -> np.ndarray:
    """The share of all events that an organisation takes part in, and of all organisations that an event has.

    nan where there is nothing of the other mode.

    >>> from pandas import DataFrame
    >>> nodes = DataFrame({"id": list("abpq"), "kind": ["Stakeholder"] * 2 + ["Project"] * 2})
    >>> two_mode_degree(Graph.from_edges(["ap", "bp", "bq"], nodes))
    array([0.5, 1. , 1. , 0.5])
    """
    _, other = _sizes(graph)
    return np.asarray(graph.contacts.degrees / np.where(other > 0, other, np.nan))


def two_mode_closeness(graph: Graph) -> np.ndarray:
    """How near each node is to all others, 1 where it is tied to all of the other mode; an isolate 0.

    Scaled by the share of all others that it reaches at all.

    >>> from pandas import DataFrame
    >>> nodes = DataFrame({"id": list("abpq"), "kind": ["Stakeholder"] * 2 + ["Project"] * 2})
    >>> two_mode_closeness(Graph.from_edges(["ap", "bp", "bq"], nodes)).round(3)
    array([0.667, 1.   , 1.   , 0.667])
    """
    own, other = _sizes(graph)
    _, steps, reached = kernels.distances(graph.contacts, graph.contacts)
    return np.asarray(reached * (other + 2 * (own - 1)) / np.maximum(steps, 1) / max(len(graph) - 1, 1))


def two_mode_betweenness(graph: Graph) -> np.ndarray:
    """Betweenness as a share of the largest that a node of its mode can have; nan where it can have none.

    Costs nodes times ties.

    >>> from pandas import DataFrame
    >>> nodes = DataFrame({"id": list("abpq"), "kind": ["Stakeholder"] * 2 + ["Project"] * 2})
    >>> two_mode_betweenness(Graph.from_edges(["ap", "bp", "bq"], nodes))
    array([0., 1., 1., 0.])
    """
    largest = _largest_betweenness(*_sizes(graph))
    return np.asarray(kernels.betweenness(graph.contacts).total / 2 / np.where(largest > 0, largest, np.nan))


def two_mode_effective_size(graph: Graph) -> np.ndarray:
    """With how many each node shares something, less those it would meet through the others anyway.

    Organisations are counted beside organisations, events beside events. Who shares with nobody has 0;
    nan for an isolate. Costs the closed triads among those who share: at most the cube of the largest event.

    >>> from pandas import DataFrame
    >>> nodes = DataFrame({"id": list("abcpq"), "kind": ["Stakeholder"] * 3 + ["Project"] * 2})
    >>> two_mode_effective_size(Graph.from_edges(["ap", "bp", "bq", "cq"], nodes))
    array([1., 2., 1., 1., 1.])
    """
    _sizes(graph)
    contacts, n = graph.contacts, len(graph)
    shared = kernels.project(contacts, contacts, np.ones(n))
    skel, redundant = skeleton(shared), np.zeros(n)
    for ij, jk, ik in triads(skel):
        for node, one, other in ((skel.tail[ij], ij, ik), (skel.head[ij], ij, jk), (skel.head[jk], ik, jk)):
            redundant += np.bincount(node, skel.weight[one] + skel.weight[other], minlength=n)
    size = shared.degrees - redundant / np.maximum(kernels.strength(shared), 1)
    return np.where(contacts.degrees > 0, size, np.nan)


def two_mode_constraint(graph: Graph) -> np.ndarray:
    """How much of what each node invests leads back to the same contacts by way of others; nan for an isolate.

    1 with a single contact that has no other, low where nothing else ties its contacts together. Costs
    the ways of three steps, some millions at a time.

    >>> from pandas import DataFrame
    >>> nodes = DataFrame({"id": list("abpq"), "kind": ["Stakeholder"] * 2 + ["Project"] * 2})
    >>> two_mode_constraint(Graph.from_edges(["ap", "bp", "aq", "bq"], nodes))
    array([0.78125, 0.78125, 0.78125, 0.78125])
    """
    _sizes(graph)
    contacts, n = graph.contacts, len(graph)
    i, a = contacts.rows, contacts.indices
    there = contacts.values / kernels.strength(contacts)[i]
    back = there[np.argsort(a, kind="stable")]
    comes_back = np.bincount(i, there * back, minlength=n)
    # All ways i-b-j-a, less those where b is a or j is i.
    direct = there * (1 - comes_back[i] - comes_back[a] + there * back)
    share, links, own = (Csr(contacts.indptr, a, values, n).matrix() for values in (there, there**0, direct))
    constraint = np.zeros(n)
    ways = np.cumsum(links @ (links @ contacts.degrees)) // BATCH
    for rows in np.split(np.arange(n), np.flatnonzero(np.diff(ways)) + 1):
        invested = own[rows] + (share[rows] @ share @ share).multiply(links[rows])
        constraint[rows] = invested.power(2).sum(axis=1)
    return np.where(contacts.degrees > 0, constraint, np.nan)


def _sizes(graph: Graph) -> tuple[np.ndarray, np.ndarray]:
    """How many nodes are of each node's own mode and of the other. Raises Unusable for a tie inside a mode."""
    ours, contacts = graph.kinds_of("Stakeholder"), graph.contacts
    inside = np.flatnonzero(ours[contacts.rows] == ours[contacts.indices])
    if inside.size:
        one, other = (graph.ids[ends[inside[0]]] for ends in (contacts.rows, contacts.indices))
        both = "organisations" if ours[contacts.rows[inside[0]]] else "no organisations"
        raise Unusable(
            f"{one!r} and {other!r} are tied and both {both}: a two-mode metric takes ties between organisations "
            f"and what they share alone. Measure two_mode(graph)."
        )
    own = np.where(ours, ours.sum(), len(graph) - ours.sum())
    return own, len(graph) - own


def _largest_betweenness(own: np.ndarray, other: np.ndarray) -> np.ndarray:
    """What the centre of the most centralised network of this size has (Borgatti and Everett 1997)."""
    s, t = np.divmod(own - 1, np.maximum(other, 1))
    ends = other**2 * (s + 1) ** 2 + other * (s + 1) * (2 * t - s - 1) - t * (2 * s - t + 3)
    return np.where(other > 0, ends / 2, 0)


MODES = "Organisations (with their sorts) are one mode, all else the other; direction ignored. "
BORGATTI = "Borgatti & Everett 1997, Social Networks 19:243-269"
METRICS = {
    "two_mode_degree": Metric(
        function=two_mode_degree,
        meaning="The share of all projects, networks and funds it takes part in.",
        meaning_it="La quota di tutti i progetti, reti e fondi a cui partecipa.",
        definition="Number of ties by number of nodes of the other mode.",
        convention=MODES + "Weights ignored. Isolates 0; undefined where the other mode is empty.",
        cost="Linear.",
        cite=BORGATTI,
        oracle="networkx.bipartite, 1e-9; its published values for the Southern Women, 5e-3.",
        modes=2,
    ),
    "two_mode_closeness": Metric(
        function=two_mode_closeness,
        meaning="How few steps over shared projects, networks and funds lead to everybody.",
        meaning_it="Quanto pochi passi, per progetti, reti e fondi condivisi, portano a tutti.",
        definition="(m + 2 (n - 1)) / sum of steps, with n nodes in its mode and m in the other, times the share of "
        "all others that it reaches.",
        convention=MODES + "1 is the least sum of steps possible; weights ignored. Isolates 0.",
        cost="One search for every 512 nodes: nodes times ties / 512.",
        cite=BORGATTI,
        oracle="networkx.bipartite, 1e-9; netrics on the Southern Women, 5e-5.",
        modes=2,
    ),
    "two_mode_betweenness": Metric(
        function=two_mode_betweenness,
        meaning="How often it is on the shortest way between two others, over what they share.",
        meaning_it="Quante volte sta sul cammino più breve fra due altri, attraverso ciò che condividono.",
        definition="Betweenness by the largest possible for a node of its mode, given the sizes of both modes.",
        convention=MODES
        + "Unordered pairs of both modes; weights ignored. Isolates 0; undefined where none is possible.",
        cost="Nodes times ties.",
        cite=BORGATTI,
        oracle="networkx.bipartite, 1e-9; its published values for the Southern Women, 5e-3.",
        modes=2,
    ),
    "two_mode_effective_size": Metric(
        function=two_mode_effective_size,
        meaning="With how many it shares something that they do not share among themselves anyway.",
        meaning_it="Con quanti condivide qualcosa che essi non condividono comunque fra loro.",
        definition="k - sum over alters j of t_j s_j / sum of s, with k the alters of its own mode who share something "
        "with it, s_j how many things, and t_j how many of the other alters share anything with j.",
        convention=MODES
        + "netrics' formula without weights; what the node itself shares ties its alters too. With nobody 0. "
        "Isolates undefined.",
        cost="Closed triads among those who share: at most the cube of the largest event.",
        cite="Burchard & Cornwell 2018, Social Networks 55:11-20",
        oracle="netrics on the Southern Women, 5e-3; its formula written out over random networks, 1e-9.",
        differs="netrics weighs the ties where they have weights.",
        modes=2,
    ),
    "two_mode_constraint": Metric(
        function=two_mode_constraint,
        meaning="How little room it has, because those it meets meet one another elsewhere too.",
        meaning_it="Quanto poco margine ha, perché chi incontra si incontra anche altrove.",
        definition="sum over contacts a of (p_ia + sum over b, j of p_ib p_bj p_ja)^2, b other contacts of i, j other "
        "than i and of its mode, with p_xy = w_xy / sum over z of w_xz.",
        convention=MODES + "Weights as strength, divided by what each sends in all. Isolates undefined.",
        cost="Ways of three steps.",
        cite="Hollway, Morin & Pauwelyn 2020, International Environmental Agreements 20:61-83",
        oracle="netrics on the Southern Women, 5e-5; its formula written out over random weighted networks, 1e-9.",
        modes=2,
        low_leads=True,
    ),
}
