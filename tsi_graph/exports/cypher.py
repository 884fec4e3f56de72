"""A script for Neo4j: the graph as statements that cypher-shell runs, safe to run twice."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tsi_graph.exports.records import Records, Row, Value, columns, numbered, records
from tsi_graph.exports.scene import Look
from tsi_graph.graph import Graph
from tsi_graph.model import EDGE_KINDS, NODE_KINDS, labels

ROWS = 500
"""Rows in one statement."""
LONG = 2**63
_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def cypher(graph: Graph, look: Look) -> bytes:
    """One constraint, the nodes by label, the edges by type; values are literals, labels only those of the model.

    A kind that is not ours is a Node or an EDGE with its kind as a property. Rows are merged by id and by number; a
    column of that name is called otherwise.
    """
    found = records(graph, look)
    statements = [
        "// Written by TSI Graph. Run with: cypher-shell -f FILE. The same twice changes nothing",
        "CREATE CONSTRAINT tsi_node_id IF NOT EXISTS FOR (n:Node) REQUIRE n.id IS UNIQUE;",
        *_nodes(found),
        *_edges(found),
    ]
    return ("\n".join(statements) + "\n").encode("utf-8")


def _nodes(found: Records) -> Iterable[str]:
    names = safe(columns(found.nodes))
    for label, rows in _sorted(found.nodes, NODE_KINDS, "").items():
        own = "".join(f":{one}" for one in labels(label)) if label else ":Node"
        for some in _pieces(rows):
            yield f"UNWIND [\n{_maps(some, names)}\n] AS row\nMERGE (n:Node {{id: row.id}})\nSET n += row, n{own};"


def _edges(found: Records) -> Iterable[str]:
    edges = numbered(found.edges, "number")
    names = safe(columns(edges))
    for kind, rows in _sorted(edges, EDGE_KINDS, "EDGE").items():
        for some in _pieces(rows):
            yield (
                f"UNWIND [\n{_maps(some, names)}\n] AS row\n"
                "MATCH (a:Node {id: row.source})\nMATCH (b:Node {id: row.target})\n"
                f"MERGE (a)-[r:{kind} {{number: row.number}}]->(b)\nSET r += row;"
            )


def _sorted(rows: Iterable[Row], known: Iterable[str], other: str) -> dict[str, list[Row]]:
    """Rows by kind; only kinds of ours become labels."""
    allowed, out = set(known), dict[str, list[Row]]()
    for row in rows:
        kind = str(row.get("kind", ""))
        out.setdefault(kind if kind in allowed else other, []).append(row)
    return dict(sorted(out.items()))


def _pieces(rows: list[Row]) -> Iterable[list[Row]]:
    return (rows[i : i + ROWS] for i in range(0, len(rows), ROWS))


def _maps(rows: list[Row], names: dict[str, str]) -> str:
    return ",\n".join("{" + ", ".join(f"{names[k]}: {literal(v)}" for k, v in row.items()) + "}" for row in rows)


def safe(names: Iterable[str]) -> dict[str, str]:
    """Property names of letters, digits and underscores, no two alike.

    >>> safe(["name", "size eur", "size`eur", "1st"])
    {'name': 'name', 'size eur': 'size_eur', 'size`eur': 'size_eur_2', '1st': '_1st'}
    """
    out: dict[str, str] = {}
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
        free = plain = plain if re.match(r"[A-Za-z_]", plain) else f"_{plain}"
        number = 2
        while free in out.values():
            free, number = f"{plain}_{number}", number + 1
        out[name] = free
    return out


def literal(value: Value) -> str:
    """A value as Cypher writes it.

    A backslash before a u would be read as the start of a code, even when it is doubled: the two are parted.

    >>> print(literal("l'aquila"), literal("a\\\\u0027"), literal(True), literal(1.5), literal(2**70))
    'l\\'aquila' 'a\\\\' + 'u0027' true 1.5 '1180591620717411303424'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if -LONG < value < LONG else f"'{value}'"
    if isinstance(value, float):
        return repr(value)
    text = "".join(_ESCAPES.get(sign, sign) for sign in value)
    return "'" + text.replace("\\\\u", "\\\\' + 'u") + "'"
