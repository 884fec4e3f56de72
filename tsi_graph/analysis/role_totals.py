"""Whether the roles of a whole network are more than chance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tsi_graph.analysis.base import Metric
from tsi_graph.analysis.role_tests import BERNOULLI, GF, ROLE_CONVENTION, chance, density
from tsi_graph.analysis.roles import ROLES, brokerage_roles, group_codes
from tsi_graph.graph import Graph


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
    size, n, d = size.astype(float), float(len(graph)), density(graph)
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


NETWORK_METRICS = {
    "roles_summary": Metric(
        function=roles_summary,
        meaning="How often groups are joined in each role, over all brokers, beside what chance ties would give.",
        meaning_it="Quante volte i gruppi sono uniti in ciascun ruolo, fra tutti gli intermediari, accanto a legami "
        "casuali.",
        definition="Sums of brokerage_roles over all nodes; z = (observed - expected) / sd.",
        convention=BERNOULLI
        + ROLE_CONVENTION
        + "The variance is exact (Hoeffding's decomposition), with direction and "
        "without. Isolates count in the sizes of their groups.",
        cost="As brokerage_roles.",
        cite=GF,
        oracle="Every network of four and of five nodes; R sna's own z (z_sna), 1e-9 (24 random networks, karate "
        "club).",
        differs="R sna's variances of coordinators, representatives, gatekeepers and the total are too large with "
        "direction; without, all of them are too small.",
        options=("group",),
    ),
}
