"""A network as three arrays: compressed sparse rows that nothing changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_array

LIGHTEST, HEAVIEST = 1e-180, 1e100
"""What a weight may be that is not 0: whatever a kernel makes of them stays within the numbers that there are."""

PARALLEL = 2.0**32
"""So many times the heaviest may parallel ties add up to."""
WRONG_WEIGHT = f"a weight is 0 or a number from {LIGHTEST:g} to {HEAVIEST:g}"


def is_weight(weights: np.ndarray) -> np.ndarray:
    """Which of these numbers can be the weight of a tie.

    >>> is_weight(np.array([0, 1e-3, 1e100, 1e101, -1, np.nan])).tolist()
    [True, True, True, False, False, False]
    """
    fit: np.ndarray = (weights == 0) | ((weights >= LIGHTEST) & (weights <= HEAVIEST))
    return fit


class Unsettled(ArithmeticError):
    """Rounds that came no nearer to an answer than the tolerance asks for."""


@dataclass(frozen=True, eq=False)
class Csr:
    """Row i sends ties to `indices[indptr[i]:indptr[i + 1]]`, with these `weights`; without weights each is 1.

    Rows are sorted, hold each column once and no loop; a weight of 0 is no tie. 64-bit positions and
    32-bit ids: 12 bytes a tie with weights, 4 without. `columns` is what ids stay below: the number of
    rows, or of the other mode of a two-mode network. `symmetric`: whether each tie goes both
    ways, as strong; None until a kernel that needs it has looked.
    """

    indptr: np.ndarray
    indices: np.ndarray
    weights: np.ndarray | None
    columns: int
    symmetric: bool | None = None

    def __post_init__(self) -> None:
        kinds = [(self.indptr, np.int64), (self.indices, np.int32), (self.weights, np.float64)]
        for array, kind in kinds:
            if array is not None and not (array.dtype == kind and array.ndim == 1 and array.flags.c_contiguous):
                raise ValueError(f"rows are arrays without gaps, of {np.dtype(kind).name}: Csr.of makes them")
        if not len(self.indptr) or self.indptr[0] != 0 or self.indptr[-1] != len(self.indices):
            raise ValueError("positions begin with 0 and end with the number of ties")
        if (np.diff(self.indptr) < 0).any() or (self.weights is not None and len(self.weights) != len(self.indices)):
            raise ValueError("positions do not fall, and each tie has one weight")
        if len(self.indices) and not (self.indices.min() >= 0 and self.indices.max() < self.columns):
            raise ValueError(f"an id is from 0 to {self.columns - 1}")
        for array in (self.indptr, self.indices, self.weights):
            if array is not None:
                array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @property
    def degrees(self) -> np.ndarray:
        """How many ties each row sends."""
        return np.diff(self.indptr)

    @property
    def rows(self) -> np.ndarray:
        """The row of each tie, beside its column in `indices`."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.degrees)

    @property
    def values(self) -> np.ndarray:
        """The weight of each tie, written out."""
        return np.ones(len(self.indices)) if self.weights is None else self.weights

    def matrix(self) -> csr_array:
        """The same as a SciPy matrix, for formulas."""
        from scipy.sparse import csr_array

        parts = (self.values.copy(), self.indices.copy(), self.indptr.copy())
        return csr_array(parts, shape=(len(self), self.columns))

    @classmethod
    def of(cls, matrix: csr_array) -> Csr:
        """A SciPy matrix in this form: sorted, summed, without zeros."""
        tidy = matrix.tocsr().copy()
        tidy.sum_duplicates()
        tidy.eliminate_zeros()
        return cls(tidy.indptr.astype(np.int64), tidy.indices.astype(np.int32), tidy.data.astype(float), tidy.shape[1])
