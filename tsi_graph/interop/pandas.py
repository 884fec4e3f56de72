"""To pandas: the two tables of a graph."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from tsi_graph.graph import Graph


class Tables(NamedTuple):
    """`Graph.from_edges(tables.edges, tables.nodes)` makes the graph again."""

    nodes: pd.DataFrame
    edges: pd.DataFrame


def to_pandas(graph: Graph) -> Tables:
    """Nodes (id, kind, name, attributes) and edges (source, target, kind, weight, details), yours to change."""
    return Tables(graph.nodes.copy(), graph.edges.copy())
