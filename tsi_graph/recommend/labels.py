"""Which topics a source gives, and which only a label of our own."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from tsi_graph.graph import Graph
from tsi_graph.recommend.columns import documented, is_kind, of_edges
from tsi_graph.recommend.ties import fabric, ones
from tsi_graph.remembered import once_per_graph


@once_per_graph
def sourced_topics(graph: Graph) -> csr_array:
    """Row i names the topics of i, or of what i takes part in, that a source gives and no editor of ours."""
    i, j = graph.ends
    topic = is_kind(graph, "Topic")
    ours = np.array(["editorial" in str(word).lower() for word in of_edges(graph, "origin")], dtype=bool)
    there = topic[j] & ~topic[i] & documented(graph) & ~ours
    own = ones(i[there], j[there], len(graph))
    return csr_array(own + fabric(graph).shares @ own)
