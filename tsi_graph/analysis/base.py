"""What a metric is, and the two matrices that metrics read a graph through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from tsi_graph.graph import Graph


@dataclass(frozen=True)
class Metric:
    """A function of a graph with the words that must stand beside its numbers.

    `meaning` and `meaning_it` are one line for a reader; `convention` names what libraries differ on;
    `cite` is where the definition stands. With `columns` the function takes the grouping column as well
    and returns one column of numbers for each; otherwise one number per node, under the metric's name.
    """

    function: Callable[..., np.ndarray]
    meaning: str
    meaning_it: str
    convention: str
    cite: str
    columns: tuple[str, ...] = ()

    def says(self, lang: str) -> str:
        """The meaning in `it` or `en`."""
        return self.meaning_it if lang == "it" else self.meaning


def ties(graph: Graph) -> csr_array:
    """Row i holds the ties that node i sends, each once, with their summed weight; a weight of 0 is no tie."""
    matrix = graph.adjacency.copy()
    matrix.eliminate_zeros()
    return matrix


def contacts(graph: Graph) -> csr_array:
    """Ties whatever their direction: what i sends to j plus what j sends to i."""
    matrix = ties(graph)
    return csr_array(matrix + matrix.T) if graph.directed else matrix
