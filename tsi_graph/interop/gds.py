"""To Neo4j's Graph Data Science library: the texts that project a graph there, where a server has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tsi_graph.errors import TsiError, Unusable
from tsi_graph.graph import Graph
from tsi_graph.interop.rows import blank
from tsi_graph.store import Store

if TYPE_CHECKING:
    import pandas as pd

_PROJECT = """WITH gds.graph.project($name, s, t, {
  sourceNodeLabels: labels(s), targetNodeLabels: labels(t),
  relationshipType: kind, relationshipProperties: {weight: weight}
}, $configuration) AS g
RETURN g.graphName AS graph, g.nodeCount AS nodes, g.relationshipCount AS relationships"""
# What the store shows: every node, and each tie with its kind and weight.
_WHOLE = f"""MATCH (s:Node)
OPTIONAL MATCH (s)-[r]->(t:Node)
WITH s, t, type(r) AS kind, coalesce(r.weight, 1.0) AS weight
{_PROJECT}"""
# The edges of a graph made here, one row each; a node without edges is a row without target.
_ROWS = f"""UNWIND $rows AS row
MATCH (s:Node {{id: row.source}})
OPTIONAL MATCH (t:Node {{id: row.target}})
WITH s, t, row.kind AS kind, row.weight AS weight
{_PROJECT}"""
_DROP = "CALL gds.graph.drop($name, false) YIELD graphName RETURN graphName AS graph"


@dataclass(frozen=True)
class Projection:
    """What to run on the server, with its parameters; `drop` takes the projection out of its memory again."""

    name: str
    text: str
    drop: str = _DROP
    parameters: dict[str, Any] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return self.text

    def run(self, store: Store) -> pd.DataFrame:
        """Project on the server of a store: one row of graph, nodes, relationships. Raises Unusable without GDS."""
        import pandas as pd

        version(store)
        return pd.DataFrame(store.transact(lambda tx: tx.run(self.text, self.parameters)))

    def remove(self, store: Store) -> None:
        """Take it out of the server's memory; one that is not there is no fault."""
        version(store)
        store.transact(lambda tx: tx.run(self.drop, {"name": self.name}))


def to_gds(source: Graph | Store, name: str) -> Projection:
    """How to have a graph in GDS under a name, to run its algorithms there.

    Of a store: what its server holds, each tie with its kind, direction and weight. Of a graph: exactly its nodes and
    edges, such as those of a view or of `one_mode`, both ways where it has no direction; its ids must be in the
    server's store, and its rows travel as a parameter. The texts are for GDS 2.4 and later.

    >>> print(to_gds(Graph.from_edges([("ann", "ben")]), "friends"))  # doctest: +ELLIPSIS
    UNWIND $rows AS row
    MATCH (s:Node {id: row.source})
    ...
    """
    if not name.strip():
        raise Unusable("A projection has a name, by which GDS knows it.")
    both_ways = isinstance(source, Graph) and not source.directed
    given: dict[str, Any] = {
        "name": name,
        "configuration": {"undirectedRelationshipTypes": ["*"]} if both_ways else {},
    }
    if isinstance(source, Graph):
        return Projection(name, _ROWS, parameters={**given, "rows": _rows(source)})
    return Projection(name, _WHOLE, parameters=given)


def version(store: Store) -> str:
    """The version of GDS on the server of a store. Raises Unusable where there is none."""
    try:
        [row] = store.transact(lambda tx: tx.run("RETURN gds.version() AS version", {}))
    except TsiError as fault:
        if "gds.version" not in f"{fault} {fault.__cause__}":
            raise
        raise Unusable(
            "This store has no Graph Data Science: it is a plugin of a Neo4j server "
            "(neo4j.com/docs/graph-data-science, Installation). `compute` answers without it."
        ) from fault
    return str(row["version"])


def _rows(graph: Graph) -> list[dict[str, Any]]:
    columns = (graph.edges[name].tolist() for name in ("source", "target", "kind", "weight"))
    found = [
        {"source": source, "target": target, "kind": "EDGE" if blank(kind) else str(kind), "weight": float(weight)}
        for source, target, kind, weight in zip(*columns, strict=True)
    ]
    tied = {end for row in found for end in (row["source"], row["target"])}
    alone = (node for node in graph.nodes["id"].tolist() if node not in tied)
    return found + [{"source": node, "target": None, "kind": "EDGE", "weight": 0.0} for node in alone]
