"""To and from networkx."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph
from tsi_graph.interop.rows import Row, columns, points, restored, rows, table

if TYPE_CHECKING:
    import networkx


COLUMNS = "columns"
"""The attribute of a graph that keeps the columns of the tables, as text: the formats of networkx take no list."""


def to_networkx(graph: Graph) -> networkx.MultiDiGraph | networkx.MultiGraph:
    """A multigraph whose nodes are the ids; parallel edges stay apart, numbered in the order of the table.

    Directed where direction means something: the graph says so, or its edges are documented relations. Attributes
    are the columns of the tables; what is blank is left out, so that networkx can write every format it knows.
    """
    import networkx

    out = networkx.MultiDiGraph() if points(graph) else networkx.MultiGraph()
    out.graph["directed"] = graph.directed
    out.graph[COLUMNS] = json.dumps({"nodes": columns(graph.nodes), "edges": columns(graph.edges)})
    out.add_nodes_from(zip(graph.nodes["id"].tolist(), rows(graph.nodes.drop(columns="id")), strict=True))
    ends = zip(graph.edges["source"].tolist(), graph.edges["target"].tolist(), strict=True)
    details = rows(graph.edges.drop(columns=["source", "target"]))
    out.add_edges_from((s, t, k, row) for k, ((s, t), row) in enumerate(zip(ends, details, strict=True)))
    return out


def from_networkx(graph: networkx.Graph[Any], *, directed: bool | None = None) -> Graph:
    """The graph of any networkx graph: attributes become columns, `weight` is 1 where it is not given.

    A node's name is its `name`, else its `label`, else its id; its kind is Stakeholder unless given. Attributes
    called id, source or target get an underscore, for these are the node and the ends. Without direction, an edge
    leads from the node that stands first. Raises DataInvalid for weights that are none.

    >>> import networkx
    >>> from_networkx(networkx.path_graph(3)).edges[["source", "target", "weight"]].values.tolist()
    [[0, 1, 1.0], [1, 2, 1.0]]
    """
    if not hasattr(graph, "is_multigraph") or not hasattr(graph, "graph"):
        raise Unusable(f"A networkx graph is wanted here, not {type(graph).__name__}.")
    if directed is None:
        directed = bool(graph.graph.get("directed", graph.is_directed()))
    nodes = [{**_free(said, "id"), "id": node} for node, said in graph.nodes(data=True)]
    for node in nodes:
        node.setdefault("name", node.get("label", str(node["id"])))
        node.setdefault("kind", "Stakeholder")
    edges: list[tuple[Any, Any, Any, Row]]
    if graph.is_multigraph():
        edges = list(graph.edges(keys=True, data=True))
        keys = [key for _, _, key, _ in edges]
        if all(type(key) is int for key in keys) and len(set(keys)) == len(keys):
            edges.sort(key=lambda edge: edge[2])  # numbered by to_networkx
    else:
        edges = [(source, target, 0, said) for source, target, said in graph.edges(data=True)]
    found = [
        {**_free(said, "source", "target"), "source": source, "target": target, "weight": _weight(said)}
        for source, target, _, said in edges
    ]
    for edge in found:
        edge.setdefault("kind", "EDGE")
    known = _columns(graph.graph.get(COLUMNS))
    return Graph.from_edges(
        restored(table(found, ("source", "target", "kind", "weight")), known.get("edges")),
        restored(table(nodes, ("id", "kind", "name")), known.get("nodes")),
        directed=directed,
    )


def _columns(kept: object) -> dict[str, dict[str, str]]:
    """The columns as `to_networkx` kept them; none of a graph from elsewhere."""
    try:
        found = json.loads(kept) if isinstance(kept, str) else {}
    except ValueError:
        return {}
    named = found.items() if isinstance(found, dict) else ()
    return {str(name): columns for name, columns in named if isinstance(columns, dict)}


def _free(said: Row, *taken: str) -> Row:
    """The attributes, under names that are not taken by what an edge or a node is."""
    return {f"{name}_" if name in taken else name: value for name, value in said.items()}


def _weight(said: Row) -> float:
    weight = said.get("weight")
    try:
        return 1.0 if weight is None else float(weight)
    except (TypeError, ValueError) as fault:
        raise Unusable(f"An edge's weight is a number, not {weight!r}.") from fault
