"""Files that Gephi, Cytoscape, R and others read: every node, every edge, every attribute that can be written."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from tsi_graph.exports.records import Row, Value, apart, columns, records
from tsi_graph.exports.scene import Look
from tsi_graph.graph import Graph

# XML 1.0 knows no other control characters, and turns a carriage return into a line end
_FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONG = 2**63
"""Whole numbers from here on are text: no reader holds them as numbers."""
# words that GEXF keeps for its own use
_RESERVED = {"start", "end", "type", "pid", "viz", "spells", "slices", "parents", "label", "key"}


def graphml(graph: Graph, look: Look) -> bytes:
    from networkx import write_graphml_xml

    out = BytesIO()
    write_graphml_xml(as_networkx(graph, look), out)
    return out.getvalue()


def gexf(graph: Graph, look: Look) -> bytes:
    from networkx.readwrite.gexf import GEXFWriter

    writer = GEXFWriter(encoding="utf-8")
    for element in writer.xml.iter("meta"):
        element.attrib.pop("lastmodifieddate")  # the clock; the same graph gives the same bytes
    writer.add_graph(as_networkx(graph, look))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def as_networkx(graph: Graph, look: Look) -> Any:
    """A networkx multigraph of plain values: parallel edges stay apart, what is blank is left out.

    Directed where direction means something. `label` is the name; `size` and `color` are added as attributes
    under their names, a measure under its key.
    """
    import networkx

    found = records(graph, look)
    out = networkx.MultiDiGraph() if found.directed else networkx.MultiGraph()
    ids = apart([identity(row["id"]) for row in found.nodes])
    for node, row, values in zip(ids, found.nodes, _values(found.nodes, "id", "name"), strict=True):
        out.add_node(node, label=text(row.get("name", row["id"])), **values)
    for number, (row, values) in enumerate(zip(found.edges, _values(found.edges, "source", "target"), strict=True)):
        out.add_edge(identity(row["source"]), identity(row["target"]), key=number, **values)
    return out


def identity(node: object) -> str:
    """An id as XML can carry it; Gephi leaves out who has a blank one, and all their ties."""
    return text(node) or "?"


def text(value: object) -> str:
    """Text that XML can carry."""
    return _FORBIDDEN.sub("", str(value))


def _values(found: list[Row], *without: str) -> list[Row]:
    """The rows but for some columns, each column of one type, for GEXF declares it once."""
    out: list[Row] = [{} for _ in found]
    for column in columns(found):
        if column in without:
            continue
        name = "edge_id" if column == "id" else f"{column}_" if column in _RESERVED else text(column)
        for row, value in zip(out, _alike([row.get(column) for row in found]), strict=True):
            if value is not None:
                row[name] = value
    return out


def _alike(values: list[Value | None]) -> list[Value | None]:
    """Whole numbers beside others as these; other mixtures, and what no reader holds as a number, as text."""
    types = {type(value) for value in values if value is not None}
    long = any(type(value) is int and abs(value) >= LONG for value in values)
    if types == {int, float} and not long:
        return [None if value is None else float(value) for value in values]
    if types == {str} or len(types) > 1 or long:
        return [None if value is None else text(value) for value in values]
    return values
