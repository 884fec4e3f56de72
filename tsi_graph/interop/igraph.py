"""To igraph, which is GPL: it is used where the user has it, and never installed with this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph
from tsi_graph.interop.rows import blank, points

if TYPE_CHECKING:
    import igraph


def to_igraph(graph: Graph) -> igraph.Graph:
    """A graph whose vertices are in node order; `name` is the id as text, by which igraph finds a vertex.

    The name for people is `label`, the id as it is stays `id`; what is blank is None. Directed as `to_networkx` is.
    Raises Unusable where igraph is not installed, or two ids are the same text.
    """
    try:
        import igraph
    except ImportError as missing:
        raise Unusable("igraph is not installed here (`pip install igraph`; its licence is the GPL).") from missing
    names = [str(node) for node in graph.nodes["id"].tolist()]
    if len(set(names)) < len(names):
        raise Unusable("Two ids are the same when written as text, such as 1 and '1'.")
    ends = np.column_stack(graph.ends)
    out = igraph.Graph(n=len(graph), edges=ends.tolist(), directed=points(graph))
    for column, values in _columns(graph.nodes.rename(columns={"name": "label"})):
        out.vs[column] = values
    out.vs["name"] = names
    for column, values in _columns(graph.edges.drop(columns=["source", "target"])):
        out.es[column] = values
    return out


def _columns(table: pd.DataFrame) -> list[tuple[str, list[Any]]]:
    return [
        (str(column), [None if blank(value) else value for value in table[column].tolist()]) for column in table.columns
    ]
