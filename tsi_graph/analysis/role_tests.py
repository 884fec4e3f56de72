"""Whether a broker's roles are more than chance: beside networks of the same density, and beside shuffled groups."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

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
    n, d = size.sum(), _density(graph)
    own, out = size - 1, n - size
    pairs, triples = _others(size * (size - 1)), _others(size * (size - 1) * (size - 2))
    mixed = out**2 - _others(size**2)
    joined = np.array([own * (own - 1), pairs, out * own, out * own, mixed, 0 * size + (n - 1) * (n - 2)])
    # Ways of one broker that share a tie: for liaisons 4 sum_j n_j C(N - n_i - n_j, 2), written out.
    liaison = 2 * (out**3 - 2 * out * _others(size**2) + _others(size**3)) - 2 * mixed
    between = own * out * (out - 1) + out * own * (own - 1)
    everywhere = 0 * size + 2 * (n - 1) * (n - 2) * (n - 3)
    shared = np.array([2 * own * (own - 1) * (own - 2), 2 * triples, between, between, liaison, everywhere])
    p, q = d**2 * (1 - d), d**3 * (1 - d) ** 3
    variance = joined * p * (1 - p) + shared * q
    if not graph.directed:
        variance[[0, 1, 4, 5]] *= 2
    return Chance((joined * p).T[code], np.sqrt(variance).T[code])


def _density(graph: Graph) -> float:
    n = len(graph)
    return len(graph.sent.indices) / (n * (n - 1))


def _others(value: np.ndarray) -> np.ndarray:
    """The sum over all groups but each."""
    return np.asarray(value.sum() - value)


def brokerage_roles_expected(graph: Graph, group: str = "sector") -> np.ndarray:
    """How often each node would stand in each role by chance, one column a role; all nan without groups.

    >>> people = pd.DataFrame({"id": ["a", "b", "c"], "sector": ["x", "x", "y"]})
    >>> path = Graph.from_edges([("a", "b"), ("b", "c")], people, directed=True)
    >>> brokerage_roles_expected(path)[1].round(3)
    array([0.   , 0.   , 0.074, 0.074, 0.   ])
    """
    return chance(graph, group).expected[:, :-1]


def brokerage_roles_z(graph: Graph, group: str = "sector") -> np.ndarray:
    """By how many standard deviations each count is above chance, one column a role; nan where nothing can vary.

    >>> people = pd.DataFrame({"id": ["a", "b", "c"], "sector": ["x", "x", "y"]})
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

    >>> people = pd.DataFrame({"id": ["a", "b", "c"], "sector": ["x", "x", "y"]})
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

    >>> people = pd.DataFrame({"id": ["a", "b", "c"], "sector": ["x", "x", "y"]})
    >>> brokering_activity(Graph.from_edges([("a", "b"), ("b", "c")], people, directed=True))
    array([0., 1., 0.])
    """
    return np.asarray(brokerage_roles(graph, group)[:, 2:].sum(axis=1))


def brokering_exclusivity(graph: Graph, group: str = "sector") -> np.ndarray:
    """How many pairs from two different groups nobody joins but this node; all nan without groups.

    Costs the ways of two steps, some millions at a time.

    >>> people = pd.DataFrame({"id": list("abcd"), "sector": list("xxyx")})
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


def roles_summary(graph: Graph, group: str = "sector") -> pd.DataFrame:
    """The five roles of the whole network and their total beside chance: a row each.

    Columns: observed; expected and sd by `chance`, both exact; z; and z_sna, which R sna prints: its variances
    of coordinators, representatives, gatekeepers and the total are too large with direction (by up to a
    tenth in sparse networks), and all of them too small without. nan where nothing can vary, and
    everywhere without groups.

    >>> people = pd.DataFrame({"id": ["a", "b", "c"], "sector": ["x", "x", "y"]})
    >>> path = Graph.from_edges([("a", "b"), ("b", "c")], people, directed=True)
    >>> roles_summary(path).loc["representative"].round(3).to_dict()
    {'observed': 1.0, 'expected': 0.148, 'sd': 0.355, 'z': 2.398, 'z_sna': 2.3}
    """
    observed, expected = brokerage_roles(graph, group).sum(axis=0), chance(graph, group).expected.sum(axis=0)
    observed = np.r_[observed, observed.sum()]
    exact, printed = _variances(graph, group)
    table = {"observed": observed, "expected": expected, "sd": np.sqrt(exact)}
    for name, variance in (("z", exact), ("z_sna", printed)):
        table[name] = (observed - expected) / np.sqrt(np.where(variance > 0, variance, np.nan))
    return pd.DataFrame(table, index=pd.Index([*ROLES, "total"], name="role"))


# The role that a triad of each role plays when its nodes x, y, z (source, broker, target) are taken in another order.
_TAKEN = {"xyz": (0, 1, 2, 3, 4), "zyx": (0, 1, 3, 2, 4), "yxz": (0, 3, 2, 1, 4),
          "xzy": (0, 2, 1, 3, 4), "yzx": (0, 3, 1, 2, 4), "zxy": (0, 2, 3, 1, 4)}  # fmt: skip


def _variances(graph: Graph, group: str) -> tuple[np.ndarray, np.ndarray]:
    """The variance of each role's total and of all, exact and as R sna has it.

    Exact: with u = x - d for each possible tie x (0 or 1), a total is a sum of products of one to three
    different u, which do not covary: its variance is the sum of their squared coefficients, each times
    d (1 - d) for every factor (Hoeffding's decomposition). Groups of one size are taken together.
    """
    code = group_codes(graph, group)
    if code is None or len(graph) < 2:
        return np.full(len(ROLES) + 1, np.nan), np.full(len(ROLES) + 1, np.nan)
    size, many = np.unique(np.bincount(code), return_counts=True)
    size, n, d = size.astype(float), float(len(graph)), _density(graph)
    e, s = 1 - d, d * (1 - d)
    own = (many * size * (size - 1) * (size - 2)).sum()
    two = (many * size * (size - 1) * (n - size)).sum()
    count = np.array([own, two, two, two, n * (n - 1) * (n - 2) - own - 3 * two])
    is_role = {order: np.vstack([np.eye(5)[list(roles)].T, np.ones(5)]) for order, roles in _TAKEN.items()}
    one = s * _single(size, many, n, d, symmetric=False)
    stars = (is_role["xyz"] + is_role["xzy"]) ** 2 + (is_role["xyz"] + is_role["yxz"]) ** 2
    directed = one + s**2 * (e**2 * is_role["xyz"] + d**2 / 2 * stars) @ count + s**3 * is_role["xyz"] @ count
    exact = directed
    if not graph.directed:
        closing = is_role["yxz"] + is_role["yzx"] + is_role["xzy"] + is_role["zxy"]
        both = (e * (is_role["xyz"] + is_role["zyx"]) - d * closing) ** 2
        exact = s * _single(size, many, n, d, symmetric=True) + s**2 / 2 * both @ count
        exact += s**3 / 6 * np.square(sum(is_role.values())) @ count
    return exact, _as_sna(directed, size, many, n, d)


def _single(size: np.ndarray, many: np.ndarray, n: float, d: float, *, symmetric: bool) -> np.ndarray:
    """The squared coefficients of the single ties, added up over all of them: ties inside groups, ties between two."""
    x, y = size[:, None], size[None, :]
    none, e = 0 * x * y, 1 - d
    there = np.array([2 * (size - 2), 0 * size, n - size, n - size, 0 * size])
    absent = np.array([size - 2, n - size, 0 * size, 0 * size, 0 * size])
    within = d * e * there - d**2 * absent
    there = np.array([none, x + y - 2, x - 1 + none, y - 1 + none, 2 * (n - x - y)])
    absent = np.array([none, none, x - 1 + none, y - 1 + none, n - x - y])
    across = d * e * there - d**2 * absent
    within, across = (np.concatenate([each, each.sum(axis=0, keepdims=True)]) for each in (within, across))
    if symmetric:
        within, across = np.sqrt(2) * within, (across + across.swapaxes(1, 2)) / np.sqrt(2)
    pairs = x * y * many[:, None] * (many[None, :] - np.eye(len(size)))
    return np.asarray(within**2 @ (many * size * (size - 1)) + (across**2 * pairs).sum(axis=(1, 2)))


def _as_sna(directed: np.ndarray, size: np.ndarray, many: np.ndarray, n: float, d: float) -> np.ndarray:
    """R sna 2.7's variances of the totals; those of itinerant and liaison are exact with direction."""
    e, p = 1 - d, d**2 * (1 - d)

    def within(size: np.ndarray, many: np.ndarray) -> float:
        covary = (4 * size - 10) * (d * e) ** 3 - 4 * (size - 3) * d**4 * e**2 + (size - 3) * d**5 * e
        return float((many * size * (size - 1) * (size - 2) * (p * (1 - p) + covary)).sum())

    covary = (n - 3) * (d * e) ** 3 + (size - 2) * d**5 * e
    across = (many * size * (n - size) * (size - 1) * (p * (1 - p) + covary)).sum()
    return np.array(
        [within(size, many), directed[1], across, across, directed[4], within(np.array([n]), np.array([1]))]
    )


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
