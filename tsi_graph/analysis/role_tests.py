"""Whether a broker's roles are more than chance: beside networks of the same density, and beside shuffled groups."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tsi_graph import kernels
from tsi_graph.analysis.base import Metric
from tsi_graph.analysis.cohesion import by_id
from tsi_graph.analysis.roles import ROLES, brokerage_roles, group_codes
from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph

BATCH = 1 << 22
"""Ways of two steps gone through at a time."""


class Chance(NamedTuple):
    """What a network of the same size and density gives by chance: a row a node, a column a role and the total."""

    expected: np.ndarray
    sd: np.ndarray


def chance(graph: Graph, group: str = "sector") -> Chance:
    """Expected counts of each node in the five roles and in all, and their standard deviations.

    By chance every tie is there with the density of the network, whatever the others (Bernoulli). Without
    direction a pair that a node joins counts twice, in one role or in two: where in one, the variance is
    twice that with direction. Both are exact. All nan without groups or with fewer than two nodes.
    """
    code = group_codes(graph, group)
    if code is None or len(graph) < 2:
        return Chance(*np.full((2, len(graph), len(ROLES) + 1), np.nan))
    size = np.bincount(code).astype(float)
    n, d = size.sum(), density(graph)
    own, out = size - 1, n - size
    pairs, triples = others(size * (size - 1)), others(size * (size - 1) * (size - 2))
    mixed = out**2 - others(size**2)
    joined = np.array([own * (own - 1), pairs, out * own, out * own, mixed, 0 * size + (n - 1) * (n - 2)])
    # Ways of one broker that share a tie: for liaisons 4 sum_j n_j C(N - n_i - n_j, 2), written out.
    liaison = 2 * (out**3 - 2 * out * others(size**2) + others(size**3)) - 2 * mixed
    between = own * out * (out - 1) + out * own * (own - 1)
    everywhere = 0 * size + 2 * (n - 1) * (n - 2) * (n - 3)
    shared = np.array([2 * own * (own - 1) * (own - 2), 2 * triples, between, between, liaison, everywhere])
    p, q = d**2 * (1 - d), d**3 * (1 - d) ** 3
    variance = joined * p * (1 - p) + shared * q
    if not graph.directed:
        variance[[0, 1, 4, 5]] *= 2
    return Chance((joined * p).T[code], np.sqrt(variance).T[code])


def density(graph: Graph) -> float:
    """The share of ordered pairs that are tied."""
    n = len(graph)
    return len(graph.sent.indices) / (n * (n - 1))


def others(value: np.ndarray) -> np.ndarray:
    """The sum over all groups but each."""
    return np.asarray(value.sum() - value)


def brokerage_roles_expected(graph: Graph, group: str = "sector") -> np.ndarray:
    """How often each node would stand in each role by chance, one column a role; all nan without groups.

    >>> from pandas import DataFrame
    >>> people = DataFrame({"id": ["a", "b", "c"], "sector": ["x", "x", "y"]})
    >>> path = Graph.from_edges([("a", "b"), ("b", "c")], people, directed=True)
    >>> brokerage_roles_expected(path)[1].round(3)
    array([0.   , 0.   , 0.074, 0.074, 0.   ])
    """
    return chance(graph, group).expected[:, :-1]


def brokerage_roles_z(graph: Graph, group: str = "sector") -> np.ndarray:
    """By how many standard deviations each count is above chance, one column a role; nan where nothing can vary.

    >>> from pandas import DataFrame
    >>> people = DataFrame({"id": ["a", "b", "c"], "sector": ["x", "x", "y"]})
    >>> path = Graph.from_edges([("a", "b"), ("b", "c")], people, directed=True)
    >>> brokerage_roles_z(path)[1].round(3)
    array([   nan,    nan,  3.536, -0.283,    nan])
    """
    expected, sd = (values[:, :-1] for values in chance(graph, group))
    return np.asarray((brokerage_roles(graph, group) - expected) / np.where(sd > 0, sd, np.nan))


def brokerage_roles_p(graph: Graph, group: str = "sector", draws: int = 1000, seed: int = 1) -> np.ndarray:
    """How often shuffled groups give each node as many pairs or more, one column a role; all nan without groups.

    Groups change hands among all nodes and keep their sizes; ties stay. The shuffles start from the ids in
    alphabetical order, so the order of the node table does not matter. Who joins nobody gets 1, and nobody
    less than 1/(draws + 1). Costs the counts once a draw.

    >>> from pandas import DataFrame
    >>> people = DataFrame({"id": ["a", "b", "c"], "sector": ["x", "x", "y"]})
    >>> path = Graph.from_edges([("a", "b"), ("b", "c")], people, directed=True)
    >>> brokerage_roles_p(path)[1].round(2)
    array([1.  , 1.  , 0.36, 1.  , 1.  ])
    """
    if draws < 1:
        raise Unusable(f"A p-value needs at least one draw, not {draws}.")
    code = group_codes(graph, group)
    if code is None:
        return np.full((len(graph), len(ROLES)), np.nan)
    order, groups = by_id(graph), int(code.max(initial=-1)) + 1
    random, shuffled = np.random.default_rng(seed), np.empty_like(code)
    observed = kernels.roles(graph.sent, graph.received, code, groups)
    as_many = np.ones(observed.shape, dtype=np.int64)
    for _ in range(draws):
        shuffled[order] = random.permutation(code[order])
        as_many += kernels.roles(graph.sent, graph.received, shuffled, groups) >= observed
    return as_many / (draws + 1)


def brokering_activity(graph: Graph, group: str = "sector") -> np.ndarray:
    """How many pairs from two different groups each node joins, whatever its own; all nan without groups.

    >>> from pandas import DataFrame
    >>> people = DataFrame({"id": ["a", "b", "c"], "sector": ["x", "x", "y"]})
    >>> brokering_activity(Graph.from_edges([("a", "b"), ("b", "c")], people, directed=True))
    array([0., 1., 0.])
    """
    return np.asarray(brokerage_roles(graph, group)[:, 2:].sum(axis=1))


def brokering_exclusivity(graph: Graph, group: str = "sector") -> np.ndarray:
    """How many pairs from two different groups nobody joins but this node; all nan without groups.

    Costs the ways of two steps, some millions at a time.

    >>> from pandas import DataFrame
    >>> people = DataFrame({"id": list("abcd"), "sector": list("xxyx")})
    >>> brokering_exclusivity(Graph.from_edges([("a", "b"), ("b", "c"), ("d", "c")], people, directed=True))
    array([0., 1., 0., 0.])
    """
    code = group_codes(graph, group)
    if code is None:
        return np.full(len(graph), np.nan)
    n, links, only = len(graph), graph.sent.matrix(), np.zeros(len(graph))
    links.data = np.ones(len(links.data))
    # One product counts the brokers of each pair and adds up their numbers; a lone broker's is then the sum.
    named = links.astype(complex)
    named.data += 1j * graph.sent.rows
    for rows in _batches(links @ graph.sent.degrees):
        ways = (links[rows] @ named + 2 * links[rows]).tocoo()
        alone = (ways.data.real == 1) & (code[rows[ways.row]] != code[ways.col])
        only += np.bincount(ways.data.imag[alone].astype(int), minlength=n)
    return only


def _batches(ways: np.ndarray) -> list[np.ndarray]:
    """Rows cut up so that each batch has about `BATCH` ways."""
    batch = np.cumsum(ways) // BATCH
    return np.split(np.arange(len(ways)), np.flatnonzero(np.diff(batch)) + 1)


BERNOULLI = "By chance every tie is there with the network's density, whatever the others; group sizes are kept. "
ROLE_CONVENTION = (
    "Weights ignored; without direction each pair counts twice. Blank groups are one group; no groups: undefined. "
)
GF = "Gould & Fernandez 1989, Sociological Methodology 19:89-126"
HAMILTON = "Hamilton, Hileman & Bodin 2020, Social Networks 61:1-10"
METRICS = {
    "brokerage_roles_expected": Metric(
        function=brokerage_roles_expected,
        meaning="How many pairs it would join in each role if ties fell by chance.",
        meaning_it="Quante coppie unirebbe in ciascun ruolo se i legami fossero casuali.",
        definition="d^2 (1 - d), with d the density, times the number of ordered pairs a, b of the role's groups.",
        convention=BERNOULLI
        + ROLE_CONVENTION
        + "Isolates as everybody in their group; fewer than two nodes: undefined.",
        cost="Nodes times roles.",
        cite=GF,
        oracle="R sna `brokerage`, 1e-9 (24 random networks, karate club).",
        columns=tuple(f"{role}_expected" for role in ROLES),
        options=("group",),
    ),
    "brokerage_roles_z": Metric(
        function=brokerage_roles_z,
        meaning="How far each of its roles is above (or below) what chance ties would give.",
        meaning_it="Quanto ciascuno dei suoi ruoli supera (o non raggiunge) ciò che darebbero legami casuali.",
        definition="(count - expected) / sd, with the exact variance of the count when ties fall by chance.",
        convention=BERNOULLI
        + "Standard deviations; not normally distributed in small groups: see brokerage_roles_p. "
        + ROLE_CONVENTION
        + "A role without variance (no such pairs) undefined; isolates below chance.",
        cost="As brokerage_roles.",
        cite=GF,
        oracle="R sna `brokerage`, 1e-9 with direction (24 random networks, karate club); simulation without.",
        differs="R sna takes an undirected network for a directed one and prints z of coordinator, itinerant and "
        "liaison 1.41 times too large.",
        columns=tuple(f"{role}_z" for role in ROLES),
        options=("group",),
    ),
    "brokerage_roles_p": Metric(
        function=brokerage_roles_p,
        meaning="How often shuffled groups would give it each role as much; seldom: no accident.",
        meaning_it="Quanto spesso gruppi rimescolati le darebbero altrettanto ciascun ruolo; raro: non è un caso.",
        definition="(1 + shuffles in which its count is at least the observed one) / (1 + shuffles), groups shuffled "
        "over all nodes.",
        convention="One-sided, 1,000 shuffles, seed 1; ties stay, groups keep their sizes. "
        + ROLE_CONVENTION
        + "Isolates 1.",
        cost="Shuffles (1,000) times brokerage_roles.",
        cite=GF + "; Phipson & Smyth 2010, Stat. Appl. Genetics and Mol. Biology 9(1):39",
        oracle="All orders of the groups of small networks, within the error of the draws.",
        columns=tuple(f"{role}_p" for role in ROLES),
        options=("group", "draws", "seed"),
    ),
    "brokering_activity": Metric(
        function=brokering_activity,
        meaning="How many pairs from different groups it joins who are not tied themselves.",
        meaning_it="Quante coppie di gruppi diversi, non legate fra loro, unisce.",
        definition="Ordered pairs a, b of two different groups with a -> v -> b and not a -> b: representative, "
        "gatekeeper and liaison together.",
        convention="Raw counts. " + ROLE_CONVENTION + "Isolates 0.",
        cost="As brokerage_roles.",
        cite=HAMILTON,
        oracle="netrics on the EIES networkers, exact.",
        options=("group",),
    ),
    "brokering_exclusivity": Metric(
        function=brokering_exclusivity,
        meaning="How many pairs from different groups nobody else joins.",
        meaning_it="Quante coppie di gruppi diversi sono unite solo da essa.",
        definition="Ordered pairs a, b of two different groups with a -> v -> b, not a -> b, and no other u "
        "with a -> u -> b.",
        convention="Raw counts, not above brokering_activity. " + ROLE_CONVENTION + "Isolates 0.",
        cost="The ways of two steps.",
        cite=HAMILTON,
        oracle="netrics on the EIES networkers, exact.",
        options=("group",),
    ),
}
