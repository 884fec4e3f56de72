"""Who could no longer reach the rest without one node."""

from __future__ import annotations

import numpy as np

from tsi_graph import kernels
from tsi_graph.analysis.residual import without
from tsi_graph.graph import Graph


def cut_off(graph: Graph, node: int) -> tuple[np.ndarray, np.ndarray]:
    """Who is cut off where one node stops, by position, and of each how many it is left together with, itself too.

    Of what the node held together the largest piece is the rest, of equal ones that of the first node; cut off are
    all others that it held. Nobody, where there is another way for all. Two passes over the ties.

    >>> import pandas as pd
    >>> ties = pd.DataFrame({"source": ["a", "b", "c", "c"], "target": ["b", "c", "d", "e"]})
    >>> [part.tolist() for part in cut_off(Graph.from_edges(ties), 2)]
    [[3, 4], [1, 1]]
    """
    ties = graph.contacts
    before, after = kernels.components(ties), kernels.components(without(ties, [node]))
    held = np.flatnonzero((before == before[node]) & (np.arange(len(graph)) != node))
    parts, first, part, size = np.unique(after[held], return_index=True, return_inverse=True, return_counts=True)
    if len(parts) < 2:
        return held[:0], held[:0]
    rest = np.lexsort((first, -size))[0]
    lost = part != rest
    return held[lost], size[part[lost]]
