"""The compiled text and the readable one say the same, on every sort of network, with any number of threads."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from tests.conftest import missing
from tsi_graph import kernels
from tsi_graph.kernels import Csr, native, reference

SEEDS = range(200)


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    if not kernels.compiled():
        missing("no compiled library: nothing to compare the readable text with")


def network(seed: int, *, symmetric: bool) -> Csr:
    """Up to 80 nodes, from none to many ties, with weights from 0 to 1000, loops and parallel ties."""
    random = np.random.default_rng(seed)
    n = int(random.integers(0, 80))
    m = int(n * random.choice([0, 0.5, 1, 2, 5])) if n else 0
    ends = (n * random.random((2, m)) ** random.choice([1, 2])).astype(int)
    weight = None if seed % 3 == 0 else random.choice([0, 1e-3, 0.5, 1, 7, 1000], m)
    return kernels.build(n, *ends, weight, symmetric=symmetric)


def same(ours: object, theirs: object, **bounds: float) -> None:
    for one, other in zip(ours, theirs, strict=True) if isinstance(ours, tuple) else [(ours, theirs)]:  # type: ignore[call-overload]
        if one is not None:
            np.testing.assert_allclose(one, other, **{"rtol": 1e-11, "atol": 1e-12} | bounds)


def same_rows(ours: Csr, theirs: Csr) -> None:
    assert (len(ours), ours.columns) == (len(theirs), theirs.columns)
    same((ours.indptr, ours.indices, ours.values), (theirs.indptr, theirs.indices, theirs.values))


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_are_built_alike(seed: int) -> None:
    random = np.random.default_rng(seed)
    n, m = int(random.integers(1, 60)), int(random.integers(0, 300))
    i, j = random.integers(0, n, (2, m), dtype=np.int32)
    weight = None if seed % 2 else random.choice([0.0, 0.5, 3.0], m)
    for symmetric in (False, True):
        same_rows(native.build(n, i, j, weight, symmetric, None), reference.build(n, i, j, weight, symmetric, None))
    two_mode = native.build(n, i, j, weight, False, n + 5)
    same_rows(two_mode, reference.build(n, i, j, weight, False, n + 5))
    same_rows(native.transpose(two_mode), reference.transpose(two_mode))
    back = native.transpose(two_mode)
    share = 1 / np.maximum(back.degrees - 1, 1)
    same_rows(native.project(two_mode, back, share), reference.project(two_mode, back, share))
    nodes = np.arange(n, dtype=np.int32)
    same(native.spread(two_mode, back, nodes, 4)[1], reference.spread(two_mode, back, nodes, 4)[1])


@pytest.mark.parametrize("seed", SEEDS)
def test_measures_of_symmetric_networks_are_alike(seed: int) -> None:
    g = network(seed, symmetric=True)
    nodes, s = np.arange(len(g), dtype=np.int32), kernels.strength(g)
    same(native.structural_holes(g), reference.structural_holes(g), atol=1e-11)
    same(native.distances(g, g, nodes), reference.distances(g, g, nodes))
    same(native.betweenness(g, nodes, True), reference.betweenness(g, nodes, True), atol=1e-9)
    same(native.core(g), reference.core(g))
    same(native.components(g), reference.components(g))
    same(native.cuts(g), reference.cuts(g))
    if len(g):
        restart = np.zeros(len(g))
        restart[0] = 1
        for b in (None, restart):
            same(
                native.pagerank(g, s, b, True, 0.85, 1e-13), reference.pagerank(g, s, b, True, 0.85, 1e-13), atol=1e-11
            )
        value = 1 / np.maximum(g.degrees, 1)
        same(native.shared_contacts(g, value, nodes, 5)[1], reference.shared_contacts(g, value, nodes, 5)[1])
        same(native.walk(g, s, nodes, 5, 0.85, 1e-3)[1], reference.walk(g, s, nodes, 5, 0.85, 1e-3)[1])


@pytest.mark.parametrize("seed", SEEDS)
def test_measures_of_directed_networks_are_alike(seed: int) -> None:
    g = network(seed, symmetric=False)
    back, nodes = kernels.transpose(g), np.arange(len(g), dtype=np.int32)
    group = np.random.default_rng(seed).integers(0, 3, len(g)).astype(np.int32)
    same(native.roles(g, back, group, 3), reference.roles(g, back, group, 3))
    same(native.distances(g, back, nodes[::2].copy()), reference.distances(g, back, nodes[::2].copy()))
    same(native.betweenness(g, nodes, True), reference.betweenness(g, nodes, True), atol=1e-9)
    if len(g):
        s = kernels.strength(g)
        same(native.pagerank(back, s, None, False, 0.85, 1e-13), reference.pagerank(back, s, None, False, 0.85, 1e-13))


def test_equal_scores_go_to_the_smaller_id() -> None:
    ends = np.array([(0, 1), (0, 2), (1, 3), (2, 4), (1, 5)]).T
    g = kernels.build(6, *ends, symmetric=True)
    for text in (native, reference):
        ids, scores = text.shared_contacts(g, np.ones(6), np.array([0], dtype=np.int32), 2)
        assert (ids.tolist(), scores.tolist()) == ([[3, 4]], [[1, 1]])


@pytest.mark.parametrize("symmetric", [True, False])
def test_a_network_deeper_than_a_byte_is_searched_too(symmetric: bool) -> None:
    n = 700
    line = kernels.build(n, np.arange(n - 1), np.arange(1, n), symmetric=symmetric)
    i = np.arange(n)
    once = i * (n - 1 - i)
    assert kernels.betweenness(line).total.tolist() == (2 * once if symmetric else once).tolist()


DIGEST = """
import hashlib, numpy as np
from tsi_graph import kernels as k
from tests.kernels.test_texts import network
said = hashlib.sha256()
random = np.random.default_rng(5)
graphs = [(20000, 120000), (3000, 60000)]
for n, m in graphs:
    ends = (n * random.random((2, m)) ** 2).astype(int)
    g = k.build(n, *ends, random.random(m), symmetric=True)
    d = k.build(n, *ends, random.random(m), symmetric=False)
    back, s = k.transpose(d), k.strength(g)
    some = random.choice(n, 700, replace=False)
    answers = [*k.structural_holes(g), k.roles(d, back, ends[0][:n] % 4, 4), *k.distances(d, back, some),
        *k.betweenness(g, some, squares=True), k.pagerank(g, s, symmetric=True), k.eigenvector(g),
        k.pagerank(back, k.strength(d), symmetric=False), k.core(g), k.components(g), *k.cuts(g),
        *k.shared_contacts(g, 1 / (1 + s)), *k.walk(g, s, some[:50]), *k.spread(d, back, some)]
    folded = k.project(d, back, 1 / (1 + back.degrees))
    for a in [*answers, folded.indptr, folded.indices, folded.weights, g.indptr, g.indices, g.weights]:
        said.update(np.ascontiguousarray(a).tobytes())
print(said.hexdigest())
"""


def test_one_two_and_four_threads_give_the_same_bits() -> None:
    said = {
        threads: subprocess.run(
            [sys.executable, "-c", DIGEST],
            env=os.environ | {"OMP_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2", "4")
    }
    assert len(set(said.values())) == 1
    assert len(said["1"].strip()) == 64
