"""What the kernels say of their own exactness holds, whatever the unit of the weights and the shape of the network."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from tests.kernels.test_texts import network, same
from tsi_graph import kernels
from tsi_graph.analysis.centrality import eigenvector
from tsi_graph.graph import Graph
from tsi_graph.kernels import Csr, Unsettled, native, reference

TEXTS = (native, reference) if kernels.compiled() else (reference,)


def scaled(csr: Csr, by: float) -> Csr:
    return Csr(csr.indptr, csr.indices, csr.values * by, csr.columns, csr.symmetric)


def path(n: int, weight: np.ndarray | None = None) -> Csr:
    return kernels.build(n, np.arange(n - 1), np.arange(1, n), weight, symmetric=True)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("seed", range(20))
def test_a_walk_does_not_depend_on_the_unit_of_the_weights(text: ModuleType, seed: int) -> None:
    g = network(3 * seed + 1, symmetric=True)
    nodes = np.arange(min(len(g), 10), dtype=np.int32)
    want = text.walk(g, kernels.strength(g), nodes, 5, 0.85, 1e-3)[1]
    for unit in (1e6, 1e-6, 1e90, 1e-90):
        other = scaled(g, unit)
        same(text.walk(other, kernels.strength(other), nodes, 5, 0.85, 1e-3)[1], want)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("seed", range(20))
def test_a_walk_is_as_near_as_it_says(text: ModuleType, seed: int) -> None:
    g = scaled(network(3 * seed + 1, symmetric=True), 1e5)
    n, s = len(g), kernels.strength(g)
    for u in np.flatnonzero(s)[:3]:
        exact = kernels.pagerank(g, s, (np.arange(n) == u) * 1.0, symmetric=True, tolerance=1e-13)
        ids, scores = (a[0] for a in text.walk(g, s, np.array([u], np.int32), n, 0.85, 1e-3))
        found = ids[ids >= 0]
        short = exact[found] - scores[: len(found)]
        assert (short > -1e-11).all()
        assert (short <= 1e-3 * s[found] / g.values.mean() + 1e-11).all()


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("unit", [1e100, 1e-170, 1e97])
@pytest.mark.parametrize("seed", range(20))
def test_structural_holes_do_not_depend_on_the_unit_of_the_weights(text: ModuleType, unit: float, seed: int) -> None:
    g = network(3 * seed + 1, symmetric=True)
    same(text.structural_holes(scaled(g, unit)), text.structural_holes(g), atol=1e-11)


@pytest.mark.parametrize("seed", range(40))
def test_weights_from_the_lightest_to_the_heaviest_give_numbers_in_both_texts(seed: int) -> None:
    random = np.random.default_rng(seed)
    n, m = 30, 120
    weight = 10.0 ** random.choice([-180, -179, -90, 0, 99, 100], m)
    g = kernels.build(n, *random.integers(0, n, (2, m)), weight, symmetric=True)
    answers = [[*text.structural_holes(g)[:3]] for text in TEXTS]
    for one in answers:
        assert np.isfinite(np.array(one)[:, g.degrees > 0]).all()
        same(tuple(one), tuple(answers[0]), atol=1e-10)


def test_a_triad_of_the_lightest_between_the_heaviest_is_no_less_closed() -> None:
    """Ties of 1e-180 to a hub of 1e100: of a, whose only two contacts are tied, the shares are those of a triad."""
    g = kernels.build(4, [0, 0, 1, 2], [1, 2, 2, 3], np.array([1e-180, 1e-180, 1e-180, 1e100]), symmetric=True)
    for text in TEXTS:
        constraint, size, _, _ = text.structural_holes(g)
        # by hand: p_01 = p_02 = p_10 = p_12 = 1/2, p_2x = 0 but p_23 = 1
        same(constraint, [0.25 + 0.75**2, 0.25 + 0.75**2, 1, 1])
        same(size, [1.5, 1.5, 3, 1])


def exact_pagerank(received: Csr, sent: np.ndarray, restart: np.ndarray, follow: float) -> np.ndarray:
    n = len(received)
    passed = np.where(sent > 0, 1 / np.where(sent > 0, sent, 1), 0)
    matrix = np.eye(n) - follow * received.matrix().toarray() * passed
    found: np.ndarray = np.linalg.solve(matrix, (1 - follow) * restart)
    return found / found.sum()


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("seed", range(30))
def test_pagerank_is_as_near_as_it_says(text: ModuleType, symmetric: bool, seed: int) -> None:
    g = network(seed, symmetric=symmetric)
    received, n = g if symmetric else kernels.transpose(g), len(g)
    sent, random = kernels.strength(g), np.random.default_rng(seed)
    for restart in (np.full(n, 1 / max(n, 1)), *(np.eye(n)[random.integers(0, n, 3 if n else 0)])):
        for follow in (0, 0.5, 0.85, 0.99) if n else ():
            exact = exact_pagerank(received, sent, restart, follow)
            for tolerance in (1e-1, 1e-3, 1e-6, 1e-10):
                found = text.pagerank(received, sent, restart, symmetric, float(follow), tolerance)
                assert np.abs(found - exact).sum() <= tolerance + 1e-13


def test_pagerank_that_a_dead_end_takes_all_but_little_of_is_as_near_as_it_says() -> None:
    """From a chain into a sink: what is left before scaling to 1 is small, and scaling magnifies the error."""
    n = 40
    chain = kernels.build(n, np.arange(n - 1), np.arange(1, n), symmetric=False)
    received, sent = kernels.transpose(chain), kernels.strength(chain)
    for restart in np.eye(n)[[0, 1, n - 2, n - 1]]:
        for text in TEXTS:
            found = text.pagerank(received, sent, restart, False, 0.85, 1e-6)
            assert np.abs(found - exact_pagerank(received, sent, restart, 0.85)).sum() <= 1e-6


@pytest.mark.parametrize(("symmetric", "follow", "tolerance"), [(True, 0.85, 1e-30), (False, 1 - 1e-9, 1e-9)])
def test_pagerank_that_cannot_be_so_exact_says_so(symmetric: bool, follow: float, tolerance: float) -> None:
    """Two rings, a walker of which hardly ever gets to the other one."""
    source, target = [0, 1, 2, 3, 4, 5, 0, 3], [1, 2, 0, 4, 5, 3, 3, 0]
    g = kernels.build(6, source, target, np.r_[np.arange(1.0, 7.0), 1e-6, 1e-7], symmetric=symmetric)
    received = g if symmetric else kernels.transpose(g)
    for text in TEXTS:
        with pytest.raises(Unsettled, match="pagerank"):
            text.pagerank(received, kernels.strength(g), None, symmetric, follow, tolerance)


@pytest.mark.parametrize("n", [2, 3, 24, 25, 26, 500, 3000])
def test_the_eigenvector_of_a_long_path_is_as_near_as_it_says(n: int) -> None:
    g = path(n)
    exact = np.sin(np.pi * np.arange(1, n + 1) / (n + 1)) * np.sqrt(2 / (n + 1))
    for text in TEXTS:
        found = text.eigenvector(g, 1e-10)
        along = g.matrix() @ found
        value = found @ along
        assert np.linalg.norm(along - value * found) <= 1.01e-10 * value
        # an error in another direction is at most what is left by the gap to the next eigenvalue
        gap = 2 * np.cos(np.pi / (n + 1)) - 2 * np.cos(2 * np.pi / (n + 1))
        assert np.linalg.norm(found - exact) <= 1e-10 * value / gap * 1.1 + 1e-12


@pytest.mark.parametrize("unit", [1e100, 1e-170])
def test_the_eigenvector_does_not_depend_on_the_unit_of_the_weights(unit: float) -> None:
    weight = np.random.default_rng(1).random(49) + 0.5
    want = kernels.eigenvector(path(50, weight), 1e-12)
    for text in TEXTS:
        same(text.eigenvector(path(50, weight * unit), 1e-12), want, atol=1e-9)


def test_the_eigenvector_of_nobody_and_of_nobody_tied() -> None:
    for n in (0, 1, 2, 5):
        found = kernels.eigenvector(kernels.build(n, [], [], symmetric=True))
        assert len(found) == n
        assert np.isnan(found).all()


def test_an_eigenvector_that_cannot_be_so_exact_says_so_and_is_undefined_as_a_metric(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if kernels.compiled():
        monkeypatch.setattr(native, "ROUNDS", 1)
        with pytest.raises(Unsettled, match="eigenvector is not within 1e-08 after 1 rounds"):
            kernels.eigenvector(path(3000))
        assert np.isnan(eigenvector(Graph.from_edges([(i, i + 1) for i in range(3000)]))).all()


def test_more_ways_than_there_are_numbers_for_are_nan_in_both_texts() -> None:
    """1,100 diamonds in a row, then two nodes: 2^1100 shortest ways from one end to the other."""
    k = 1100
    start = 3 * np.arange(k)
    source = np.r_[start, start, start + 1, start + 2, 3 * k, 3 * k + 2]
    target = np.r_[start + 1, start + 2, start + 3, start + 3, 3 * k + 1, 3 * k + 3]
    n = 3 * k + 4
    g = kernels.build(n, source, target, symmetric=False)
    sources = np.array([0, 3 * (k - 2)], np.int32)
    near, far = ([text.betweenness(g, sources[[at]], True) for text in TEXTS] for at in (1, 0))
    for total, _ in near:
        assert np.isfinite(total).all()
    for answer in far:
        # all on the ways to where there are too many; the last two are elsewhere
        assert np.isnan(answer[0][1 : 3 * k + 2]).all()
        assert answer[0][-2:].tolist() == [0, 0]
        same(answer, far[0])
