"""Node-link JSON: what networkx, D3 and Gephi Lite read without a word of explanation."""

from __future__ import annotations

import json

from tsi_graph.exports.records import numbered, records
from tsi_graph.exports.scene import Look
from tsi_graph.graph import Graph


def node_link(graph: Graph, look: Look) -> bytes:
    """A multigraph with the attributes of both tables; parallel edges are numbered by `key`."""
    found = records(graph, look)
    data = {
        "directed": found.directed,
        "multigraph": True,
        "graph": {},
        "nodes": found.nodes,
        "edges": numbered(found.edges, "key"),
    }
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")
