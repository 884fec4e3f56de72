"""What is handed to a kernel is checked before it runs, and what comes back is not to be changed."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tsi_graph import kernels
from tsi_graph.errors import DataInvalid
from tsi_graph.graph import Graph
from tsi_graph.kernels import HEAVIEST, LIGHTEST, Csr, native, reference

LINE = kernels.build(3, np.array([0, 1]), np.array([1, 2]), symmetric=True)
TWO_MODE = kernels.build(2, np.array([0, 1]), np.array([3, 3]), symmetric=False, columns=4)


def test_rows_are_sorted_summed_and_without_loops() -> None:
    built = kernels.build(3, [2, 0, 0, 1, 0], [0, 2, 1, 1, 1], np.array([1.0, 2, 3, 4, 0.5]), symmetric=True)
    assert built.indptr.tolist() == [0, 2, 3, 4]
    assert built.indices.tolist() == [1, 2, 0, 0]
    assert built.values.tolist() == [3.5, 3, 3.5, 3]
    assert (built.indptr.dtype, built.indices.dtype, built.values.dtype) == (np.int64, np.int32, np.float64)


def test_a_weight_of_0_is_no_tie() -> None:
    assert kernels.build(2, [0], [1], np.array([0.0]), symmetric=True).indices.tolist() == []


def test_nothing_of_the_rows_can_be_changed() -> None:
    for array in (LINE.indptr, LINE.indices, LINE.weights):
        assert array is not None
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


@pytest.mark.parametrize(
    ("source", "target", "weight", "what"),
    [
        ([0, 3], [1, 1], None, "no position of a node"),
        ([0, -1], [1, 1], None, "no position of a node"),
        ([0, 2**32], [1, 1], None, "no position of a node"),
        ([0, 1], [1, 2**40], None, "no position of a node"),
        ([0], [1], [np.nan], "a weight is 0 or a number from"),
        ([0], [1], [-1.0], "a weight is 0 or a number from"),
        ([0], [1], [np.inf], "a weight is 0 or a number from"),
        ([0, 1], [1], None, "differ in length"),
        ([0], [1], [1.0, 2.0], "differ in length"),
    ],
)
@pytest.mark.parametrize("symmetric", [True, False])
def test_ties_that_are_none_are_refused(
    source: list[int], target: list[int], weight: list[float] | None, what: str, symmetric: bool
) -> None:
    with pytest.raises(ValueError, match=what):
        kernels.build(3, np.array(source), np.array(target), weight and np.array(weight), symmetric=symmetric)


def test_arrays_that_do_not_fit_the_network_are_refused() -> None:
    three, two = np.ones(3), np.ones(2)
    for call in (
        lambda: kernels.pagerank(LINE, two, symmetric=True),
        lambda: kernels.pagerank(LINE, three, two, symmetric=True),
        lambda: kernels.shared_contacts(LINE, two),
        lambda: kernels.walk(LINE, two),
        lambda: kernels.roles(LINE, LINE, np.zeros(2, int), 1),
        lambda: kernels.project(TWO_MODE, kernels.transpose(TWO_MODE), two),
    ):
        with pytest.raises(ValueError, match="one value for each"):
            call()


def test_positions_groups_and_numbers_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="a node is a position"):
        kernels.betweenness(LINE, np.array([3]))
    with pytest.raises(ValueError, match="a node is a position"):
        kernels.distances(LINE, LINE, np.array([-1]))
    with pytest.raises(ValueError, match="a group is a number"):
        kernels.roles(LINE, LINE, np.array([0, 1, 2]), 2)
    with pytest.raises(ValueError, match="limit is at least 1"):
        kernels.shared_contacts(LINE, np.ones(3), limit=0)
    with pytest.raises(ValueError, match="follow is at least 0"):
        kernels.pagerank(LINE, np.ones(3), symmetric=True, follow=1)
    for tolerance in (0, -1, np.nan, np.inf):
        with pytest.raises(ValueError, match="tolerance is a number above 0"):
            kernels.pagerank(LINE, np.ones(3), symmetric=True, tolerance=tolerance)
        with pytest.raises(ValueError, match="tolerance is a number above 0"):
            kernels.eigenvector(LINE, tolerance)
    with pytest.raises(ValueError, match="residual is a number above 0"):
        kernels.walk(LINE, np.ones(3), residual=0)
    with pytest.raises(ValueError, match="a share is from"):
        kernels.project(TWO_MODE, kernels.transpose(TWO_MODE), np.zeros(4))


def test_two_modes_are_not_taken_for_one() -> None:
    for kernel in (kernels.structural_holes, kernels.core, kernels.components, kernels.cuts, kernels.betweenness):
        with pytest.raises(ValueError, match="no network of one mode"):
            kernel(TWO_MODE)
    with pytest.raises(ValueError, match="two sides of one network"):
        kernels.spread(TWO_MODE, TWO_MODE)


def test_ties_without_weights_each_count_one() -> None:
    plain = Csr(LINE.indptr, LINE.indices, None, 3)
    assert kernels.structural_holes(plain).constraint.tolist() == [1, 0.5, 1]
    assert kernels.strength(plain).tolist() == [1, 2, 1]
    assert kernels.transpose(plain).weights is None


def test_without_a_library_it_says_so_once_and_answers_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    want = kernels.structural_holes(LINE)
    monkeypatch.setattr(native, "NAMES", ())
    native.library.cache_clear()
    try:
        with pytest.warns(native.SlowPath, match="slow path, the same answers"):
            got = kernels.structural_holes(LINE)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            kernels.core(LINE)
        np.testing.assert_allclose(got, want)
        assert "tsi_graph.kernels.reference" in sys.modules
    finally:
        native.library.cache_clear()


def test_a_library_that_cannot_be_loaded_is_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "NAMES", ("native.py",))
    native.library.cache_clear()
    try:
        with pytest.warns(native.SlowPath, match=r"native\.py"):
            assert not kernels.compiled()
    finally:
        native.library.cache_clear()


def test_rows_made_by_hand_are_checked() -> None:
    start, ids, weights = LINE.indptr.copy(), LINE.indices.copy(), LINE.values.copy()
    for arrays, what in (
        ((start.astype(np.int32), ids, weights), "int64"),
        ((start, ids.astype(np.int64), weights), "int32"),
        ((start[:-1], ids, weights), "begin with 0"),
        ((start, ids, weights[:2]), "one weight"),
        ((start[[0, 2, 1, 3]], ids, weights), "do not fall"),
        ((start, ids + 2, weights), "an id is from 0 to 2"),
    ):
        with pytest.raises(ValueError, match=what):
            Csr(*(np.ascontiguousarray(array) for array in arrays), 3)


def test_sides_that_do_not_belong_together_are_refused() -> None:
    empty = kernels.build(3, np.zeros(0, int), np.zeros(0, int), symmetric=False)
    with pytest.raises(ValueError, match="two sides of one network"):
        kernels.roles(empty, LINE, np.zeros(3, int), 1)
    with pytest.raises(ValueError, match="two sides of one network"):
        kernels.distances(LINE, empty)


def test_rows_that_are_not_symmetric_are_refused_where_they_must_be_and_do_no_harm() -> None:
    ends = np.arange(3000)
    arrows = kernels.build(
        3000, np.tile(ends, 20), np.concatenate([(ends + k) % 3000 for k in range(1, 21)]), symmetric=False
    )
    value = np.ones(3000)
    for call in (
        kernels.structural_holes,
        kernels.eigenvector,
        kernels.core,
        kernels.components,
        kernels.cuts,
        lambda arrows: kernels.shared_contacts(arrows, value),
        lambda arrows: kernels.walk(arrows, value),
        lambda arrows: kernels.pagerank(arrows, value, symmetric=True),
    ):
        with pytest.raises(ValueError, match="each tie must go both ways"):
            call(arrows)
    if kernels.compiled():
        assert len(native.structural_holes(arrows)[0]) == 3000


@pytest.mark.parametrize("text", [native, reference])
def test_a_network_is_looked_at_once_for_whether_its_ties_go_both_ways(text: ModuleType) -> None:
    if text is native and not kernels.compiled():
        pytest.skip("no compiled library; test_texts.py says whether there must be one")
    i, j = LINE.rows, LINE.indices
    by_hand = Csr(LINE.indptr.copy(), LINE.indices.copy(), None, 3)
    assert (LINE.symmetric, kernels.transpose(LINE).symmetric, by_hand.symmetric) == (True, True, None)
    assert kernels.components(by_hand).tolist() == [0, 0, 0]
    assert by_hand.symmetric is True
    for weights, want in (([1, 1, 2, 2], True), ([1, 1 + 1e-12, 2, 2], True), ([1, 3, 2, 2], False)):
        assert text.mirrored(kernels.build(3, i, j, np.array(weights, float), symmetric=False)) is want
    for source, target in (([0], [1]), ([0, 1, 2], [1, 2, 0]), ([0, 1, 0], [1, 0, 2])):
        assert not text.mirrored(kernels.build(3, source, target, symmetric=False))


def test_positions_and_groups_are_whole_numbers_that_fit() -> None:
    for wrong in ([2**32], [2**63], [-(2**40)], np.array([2**32 - 1], np.uint32)):
        with pytest.raises(ValueError, match="a node is a position"):
            kernels.betweenness(LINE, np.array(wrong))
        with pytest.raises(ValueError, match="a group is a number"):
            kernels.roles(LINE, LINE, np.resize(np.array(wrong), 3), 2)
    for dtype in (float, bool, object, str):
        number = np.zeros(3, dtype)
        for call in (
            lambda number: kernels.betweenness(LINE, number),
            lambda number: kernels.roles(LINE, LINE, number, 1),
            lambda number: kernels.build(3, number, number, symmetric=True),
        ):
            with pytest.raises(ValueError, match="a whole number, not of type"):
                call(number)
    for dtype in (np.uint8, np.int16, np.int64, np.uint64):
        assert kernels.betweenness(LINE, np.arange(3, dtype=dtype)).total.tolist() == [0, 2, 0]


def test_a_weight_has_the_same_limits_everywhere(tmp_path: Path) -> None:
    for weight in (HEAVIEST, LIGHTEST, 0.0):
        assert Graph.from_edges([("a", "b", weight)]).sent.values.sum() == 2 * weight
    ties = tmp_path / "ties.csv"
    for weight in (HEAVIEST * 1.1, LIGHTEST * 0.9, 1e160, -1.0, np.nan):
        ties.write_text(f"source,target,weight\na,b,{weight}\n")
        with pytest.raises(DataInvalid, match="weight"):
            Graph.from_edges([("a", "b", weight)])
        with pytest.raises(DataInvalid, match="weight"):
            Graph.from_file(ties)
    parallel = Graph.from_edges([("a", "b", HEAVIEST)] * 3, directed=True)
    assert parallel.contacts.values.tolist() == [3 * HEAVIEST] * 2
    for text in (native, reference) if kernels.compiled() else (reference,):
        for weight in (1e160, LIGHTEST / 2):
            with pytest.raises(ValueError, match="a weight is 0 or a number from 1e-180 to"):
                text.build(2, *np.eye(2, dtype=np.int32), np.full(2, weight), True, None)


def test_a_walker_starts_anew_somewhere_for_sure() -> None:
    for restart in ([0.5, 0, 0], [2, -1, 0], [np.nan, 0, 0]):
        with pytest.raises(ValueError, match="restart is not negative and sums to 1"):
            kernels.pagerank(LINE, np.ones(3), np.array(restart, float), symmetric=True)
