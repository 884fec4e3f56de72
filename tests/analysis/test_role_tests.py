"""Roles beside chance equal R sna, netrics, and all networks or all orders of the groups gone through."""

from __future__ import annotations

import json
from itertools import combinations, permutations, product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tsi_graph import samples
from tsi_graph.analysis.role_tests import (
    METRICS,
    brokerage_roles_expected,
    brokerage_roles_p,
    brokerage_roles_z,
    brokering_activity,
    brokering_exclusivity,
    chance,
)
from tsi_graph.analysis.role_totals import roles_summary
from tsi_graph.analysis.roles import ROLES, brokerage_roles
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.graph import Graph

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"
ORACLES = DATA / "oracles" / "brokerage_constraint.json"
CLASSICS = DATA / "sna-classics"
beside = pytest.mark.skipif(not DATA.is_dir(), reason="needs the folder shared/data beside the repository")
CASES: list[dict[str, Any]] = json.loads(ORACLES.read_text())["cases"] if ORACLES.is_file() else []
every_metric = pytest.mark.parametrize("name", METRICS)
both_ways = pytest.mark.parametrize("directed", [False, True], ids=["pairs", "arrows"])


def numbers(values: list[Any]) -> np.ndarray:
    return np.array(values, dtype=float)


def karate_arrows() -> Graph:
    """Ties from the lower to the higher number; members 1 to 17 and 18 to 34."""
    karate = samples.karate()
    nodes = pd.DataFrame({"id": karate.ids, "half": ["low"] * 17 + ["high"] * 17})
    return Graph.from_edges(karate.edges[["source", "target"]], nodes, directed=True)


def random_graph(seed: int, *, directed: bool, most: int = 14) -> Graph:
    random = np.random.default_rng(seed)
    n = int(random.integers(2, most + 1))
    nodes = pd.DataFrame({"id": [f"n{i:02}" for i in range(n)], "sector": random.choice(list("abc"), n)})
    ends = random.integers(0, n, (2, int(random.integers(0, 4 * n))))
    edges = pd.DataFrame({"source": nodes["id"].to_numpy()[ends[0]], "target": nodes["id"].to_numpy()[ends[1]]})
    return Graph.from_edges(edges, nodes, directed=directed)


@beside
@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{c['n']}-nodes" for n, c in enumerate(CASES)])
def test_every_random_network_gives_what_sna_gives(case: dict[str, Any]) -> None:
    """R sna 2.7: expected, sd and z of each node and role, z of the totals as it prints them."""
    nodes = pd.DataFrame({"id": range(case["n"]), "sector": case["groups"]})
    graph = Graph.from_edges([edge[:2] for edge in case["edges"]], nodes, directed=True)
    want, got = case["brokerage"], chance(graph)
    np.testing.assert_allclose(got.expected, numbers(want["expected"]), rtol=0, atol=1e-9)
    np.testing.assert_allclose(got.sd, numbers(want["sd"]), rtol=0, atol=1e-9)
    np.testing.assert_allclose(brokerage_roles_expected(graph), numbers(want["expected"])[:, :5], rtol=0, atol=1e-9)
    np.testing.assert_allclose(brokerage_roles_z(graph), numbers(want["z"])[:, :5], rtol=0, atol=1e-9)
    table = roles_summary(graph)
    assert table["observed"].tolist() == want["raw_global"]
    np.testing.assert_allclose(table["z_sna"], numbers(want["z_global"]), rtol=0, atol=1e-8)


@beside
def test_there_are_24_oracle_cases() -> None:
    assert len(CASES) == 24


def test_the_karate_club_with_arrows() -> None:
    """R sna, in specs/metrics.md 2.3. Its variances of totals are a little too large, but for itinerant and liaison."""
    graph = karate_arrows()
    table = roles_summary(graph, "half")
    assert table.index.tolist() == [*ROLES, "total"]
    assert table["observed"].tolist() == [16, 0, 17, 10, 0, 43]
    assert table["expected"].tolist() == pytest.approx([36.695, 41.587, 41.587, 41.587, 0, 161.456], abs=1e-3)
    nan = np.nan
    sna = [-1.659, -2.964, -2.252, -2.893, nan, -3.289]
    assert table["z_sna"].tolist() == pytest.approx(sna, abs=5e-4, nan_ok=True)
    exact = [-1.661, -2.964, -2.309, -2.966, nan, -3.291]
    assert table["z"].tolist() == pytest.approx(exact, abs=5e-4, nan_ok=True)
    third = brokerage_roles_z(graph, "half")[2]
    assert third.tolist() == pytest.approx([1.129, -0.661, 2.553, -0.654, nan], abs=5e-4, nan_ok=True)
    expected, sd = chance(graph, "half")
    assert (9 - expected[2, 5]) / sd[2, 5] == pytest.approx(0.897, abs=5e-4)


def test_the_karate_club_by_club_has_the_variance_of_pairs() -> None:
    """Member 1 as coordinator: 43.244 as sna prints it, 30.578 with the undirected variance (specs/metrics.md 2.3)."""
    graph = samples.karate()
    z = brokerage_roles_z(graph, "club")[0]
    assert z[0] == pytest.approx(30.578, abs=5e-4)
    assert np.sqrt(2) * z[0] == pytest.approx(43.244, abs=1e-3)
    assert roles_summary(graph, "club")["observed"].tolist() == [510, 20, 128, 128, 0, 786]


def all_counts(graph: Graph) -> tuple[np.ndarray, np.ndarray]:
    """Every network on these nodes: its probability with this density, and the role counts of each node."""
    group = graph.nodes["sector"].to_numpy()
    n = len(group)
    slots = list(permutations(range(n), 2) if graph.directed else combinations(range(n), 2))
    ties = np.array(list(product([0, 1], repeat=len(slots))))
    x = np.zeros((len(ties), n, n))
    for tie, (i, j) in enumerate(slots):
        x[:, i, j] = ties[:, tie]
        if not graph.directed:
            x[:, j, i] = ties[:, tie]
    counts = np.zeros((len(ties), n, 5))
    for a, v, b in permutations(range(n), 3):
        same = (group[a] == group[v], group[v] == group[b], group[a] == group[b])
        role = {(True, True, True): 0, (False, False, True): 1, (True, False, False): 2, (False, True, False): 3}
        counts[:, v, role.get(same, 4)] += x[:, a, v] * x[:, v, b] * (1 - x[:, a, b])
    d = len(graph.sent.indices) / (n * (n - 1))
    present = ties.sum(axis=1)
    return d**present * (1 - d) ** (len(slots) - present), np.dstack([counts, counts.sum(axis=2)])


@pytest.mark.parametrize(
    ("groups", "edges", "directed"),
    [
        ("aabbc", "01 02 13 24", False),
        ("aaabb", "01 02 13 24 34 03 12", False),
        ("abcde", "01 12", False),
        ("aabc", "01 10 12 23 30", True),
        ("aaab", "01 12 20 23 31 03 30 32", True),
    ],
)
def test_expectations_and_variances_are_those_of_all_networks(groups: str, edges: str, directed: bool) -> None:
    nodes = pd.DataFrame({"id": [str(i) for i in range(len(groups))], "sector": list(groups)})
    graph = Graph.from_edges(edges.split(), nodes, directed=directed)
    weight, counts = all_counts(graph)
    assert weight.sum() == pytest.approx(1)
    mean = np.tensordot(weight, counts, 1)
    sd = np.sqrt(np.tensordot(weight, (counts - mean) ** 2, 1))
    np.testing.assert_allclose(chance(graph).expected, mean, atol=1e-12)
    np.testing.assert_allclose(chance(graph).sd, sd, atol=1e-12)
    totals = counts.sum(axis=1)
    table = roles_summary(graph)
    np.testing.assert_allclose(table["expected"], weight @ totals, atol=1e-12)
    np.testing.assert_allclose(table["sd"], np.sqrt(weight @ (totals - weight @ totals) ** 2), atol=1e-12)


def test_expectations_sum_to_the_total_and_z_is_their_distance() -> None:
    for seed in range(200):
        graph = random_graph(seed, directed=seed % 2 == 0)
        expected, sd = chance(graph)
        np.testing.assert_allclose(expected[:, :5].sum(axis=1), expected[:, 5], atol=1e-9)
        z = brokerage_roles_z(graph)
        np.testing.assert_allclose(
            np.nan_to_num(z) * sd[:, :5],
            np.where(sd[:, :5] > 0, brokerage_roles(graph) - expected[:, :5], 0),
            atol=1e-9,
        )
        assert (np.isnan(z) == (sd[:, :5] == 0)).all()


@both_ways
def test_shuffled_groups_come_close_to_all_orders_of_the_groups(directed: bool) -> None:
    for seed in range(4):
        graph = random_graph(seed, directed=directed, most=5)
        observed = brokerage_roles(graph)
        orders = list(permutations(graph.nodes["sector"]))
        as_many = np.zeros(observed.shape)
        for order in orders:
            other = Graph(graph.nodes.assign(sector=order), graph.edges, directed)
            as_many += brokerage_roles(other) >= observed
        exact = as_many / len(orders)
        error = 5 * np.sqrt(exact * (1 - exact) / 1000) + 1 / 1001
        assert (abs(brokerage_roles_p(graph) - exact) <= error).all()


def test_a_coordinator_of_its_own_group_is_no_accident() -> None:
    """c joins a1 and a2, who are of its group only if all three are: in 2 of the 20 ways to choose three of six."""
    nodes = pd.DataFrame({"id": ["c", "a1", "a2", "x", "y", "z"], "sector": list("aaabbb")})
    graph = Graph.from_edges([("c", "a1"), ("c", "a2")], nodes)
    p = brokerage_roles_p(graph, draws=2000)
    assert p[0, 0] == pytest.approx(2 / 20, abs=0.02)
    assert p[1:].tolist() == [[1.0] * 5] * 5


def test_draws_and_seed_fix_the_shuffles() -> None:
    graph = random_graph(3, directed=True)
    first = brokerage_roles_p(graph, draws=50, seed=7)
    assert brokerage_roles_p(graph, draws=50, seed=7).tobytes() == first.tobytes()
    assert not np.array_equal(brokerage_roles_p(graph, draws=50, seed=8), first)
    np.testing.assert_allclose(first * 51, np.round(first * 51), rtol=1e-12)
    assert ((first > 0) & (first <= 1)).all()
    with pytest.raises(Unusable, match="at least one draw, not 0"):
        brokerage_roles_p(graph, draws=0)


@beside
def test_activity_and_exclusivity_of_the_eies_networkers_are_netrics() -> None:
    """netrics, tests/testthat/test-motif_brokerage.R: N01, N02 and N03 by Discipline."""
    table = pd.read_csv(CLASSICS / "expected_values.csv")
    nodes = pd.read_csv(CLASSICS / "ison_networkers" / "nodes.csv")
    edges = pd.read_csv(CLASSICS / "ison_networkers" / "edges.csv")[["source", "target"]]
    graph = Graph.from_edges(edges, nodes, directed=True)
    for function in (brokering_activity, brokering_exclusivity):
        word = function.__name__.replace("_", " ")
        want = table[table["measure"] == f"{word} by Discipline (netrics definition)"].set_index("node")["value"]
        got = pd.Series(function(graph, "Discipline"), graph.ids)
        assert got[["N01", "N02", "N03"]].tolist() == want[["N01", "N02", "N03"]].astype(float).tolist()


@both_ways
def test_activity_and_exclusivity_are_counted_pair_by_pair_in_two_hundred_networks(directed: bool) -> None:
    for seed in range(200):
        graph = random_graph(seed, directed=directed)
        group, tied = graph.nodes["sector"].to_numpy(), graph.adjacency.toarray() > 0
        n = len(graph)
        activity, exclusivity = np.zeros(n), np.zeros(n)
        for a, b in permutations(range(n), 2):
            brokers = np.flatnonzero(tied[a] & tied[:, b])
            if group[a] != group[b] and not tied[a, b]:
                activity[brokers] += 1
                if len(brokers) == 1:
                    exclusivity[brokers] += 1
        assert brokering_activity(graph).tolist() == activity.tolist()
        assert brokering_exclusivity(graph).tolist() == exclusivity.tolist()


def test_exclusivity_goes_on_past_one_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = random_graph(5, directed=False)
    whole = brokering_exclusivity(graph)
    monkeypatch.setattr("tsi_graph.analysis.role_tests.BATCH", 3)
    assert brokering_exclusivity(graph).tolist() == whole.tolist()
    assert whole.any()


@every_metric
@both_ways
def test_nobody_and_nobody_else(name: str, directed: bool) -> None:
    function, names = METRICS[name].function, METRICS[name].columns
    empty = pd.DataFrame({"id": pd.Series(dtype=object), "sector": pd.Series(dtype=object)})
    assert function(Graph.from_edges([], empty, directed=directed)).shape == ((0, 5) if names else (0,))
    alone = Graph.from_edges([("a", "a")], pd.DataFrame({"id": ["a"], "sector": ["x"]}), directed=directed)
    want = {"brokerage_roles_p": 1, "brokering_activity": 0, "brokering_exclusivity": 0}.get(name, np.nan)
    np.testing.assert_equal(function(alone), np.full((1, 5) if names else 1, want))
    assert roles_summary(Graph.from_edges([], empty)).shape == (6, 5)


@every_metric
def test_without_any_attribute_nothing_is_defined_and_an_unknown_one_is_refused(name: str) -> None:
    plain = Graph.from_edges(["ab", "bc"])
    assert np.isnan(METRICS[name].function(plain)).all()
    assert roles_summary(plain).isna().all(axis=None)
    with pytest.raises(NotFound, match=r"no attribute 'city' .* Known: club"):
        METRICS[name].function(samples.karate(), "city")


@both_ways
def test_no_tie_and_every_tie_leave_nothing_to_chance(directed: bool) -> None:
    nodes = pd.DataFrame({"id": list("abc"), "sector": list("xxy")})
    for edges in ([], list(permutations("abc", 2))):
        graph = Graph.from_edges(edges, nodes, directed=directed)
        assert np.isnan(brokerage_roles_z(graph)).all()
        assert (chance(graph).sd == 0).all()
        assert roles_summary(graph)[["z", "z_sna"]].isna().all(axis=None)


@every_metric
@both_ways
def test_order_weights_loops_and_parallel_ties_do_not_matter(name: str, directed: bool) -> None:
    graph = random_graph(9, directed=directed)
    loops = pd.DataFrame({"source": graph.ids, "target": graph.ids})
    edges = pd.concat([graph.edges[["source", "target"]]] * 2 + [loops]).sample(frac=1, random_state=1)
    edges = edges.assign(weight=np.arange(1.0, len(edges) + 1))
    other = Graph.from_edges(edges, graph.nodes.sample(frac=1, random_state=2), directed=directed)
    want = pd.DataFrame(METRICS[name].function(graph), graph.ids)
    got = pd.DataFrame(METRICS[name].function(other), other.ids)
    pd.testing.assert_frame_equal(got.loc[want.index], want, rtol=1e-12)
    pd.testing.assert_frame_equal(roles_summary(other), roles_summary(graph), rtol=1e-12)


def test_columns_are_named_after_their_role_and_test() -> None:
    for name, ending in (
        ("brokerage_roles_expected", "expected"),
        ("brokerage_roles_z", "z"),
        ("brokerage_roles_p", "p"),
    ):
        assert METRICS[name].columns == tuple(f"{role}_{ending}" for role in ROLES)
