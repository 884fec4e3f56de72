"""What is handed to a kernel is checked before it runs, and what comes back is not to be changed."""

from __future__ import annotations

import sys
import warnings

import numpy as np
import pytest

from tsi_graph import kernels
from tsi_graph.kernels import Csr, native

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
        ([0], [1], [np.nan], "finite number"),
        ([0], [1], [-1.0], "finite number"),
        ([0], [1], [np.inf], "finite number"),
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
    with pytest.raises(ValueError, match="residual above 0"):
        kernels.walk(LINE, np.ones(3), residual=0)
    with pytest.raises(ValueError, match="share is a finite number above 0"):
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


def test_rows_that_are_not_symmetric_do_no_harm() -> None:
    ends = np.arange(3000)
    arrows = kernels.build(
        3000, np.tile(ends, 20), np.concatenate([(ends + k) % 3000 for k in range(1, 21)]), symmetric=False
    )
    assert len(kernels.structural_holes(arrows).constraint) == 3000
