"""Files that Gephi, Cytoscape, R and others read: every node, every edge, every attribute that can be written."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pandas as pd

from tsi_graph.errors import Unusable
from tsi_graph.exports.records import plain
from tsi_graph.exports.scene import Look, documented
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
    under their names.
    """
    import networkx

    directed = graph.directed or documented(graph)
    out = networkx.MultiDiGraph() if directed else networkx.MultiGraph()
    nodes = graph.nodes.assign(**{
        str(series.name or word): series.reindex(graph.nodes["id"]).to_numpy()
        for word, series in (("size", look.size), ("color", look.color))
        if series is not None
    })  # fmt: skip
    ids = [identity(node) for node in graph.nodes["id"]]
    if len(set(ids)) < len(ids):
        raise Unusable("Two ids are the same when written as text, such as 1 and '1'.")
    names = graph.nodes["name"].where(graph.nodes["name"].notna() & (graph.nodes["name"] != ""), graph.nodes["id"])
    for node, name, values in zip(ids, names, _values(nodes.drop(columns=["id", "name"])), strict=True):
        out.add_node(node, label=text(name), **values)
    ends = zip(map(identity, graph.edges["source"]), map(identity, graph.edges["target"]), strict=True)
    rows = _values(graph.edges.drop(columns=["source", "target"]).rename(columns={"id": "edge_id"}))
    for number, ((source, target), values) in enumerate(zip(ends, rows, strict=True)):
        out.add_edge(source, target, key=number, **values)
    return out


def identity(node: object) -> str:
    """An id as XML can carry it; Gephi leaves out who has a blank one, and all their ties."""
    return text(node) or "?"


def text(value: object) -> str:
    """Text that XML can carry."""
    return _FORBIDDEN.sub("", str(value))


def _values(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Each row as plain values; every column has one type, for GEXF declares it once."""
    rows: list[dict[str, Any]] = [{} for _ in range(len(table))]
    for column in table.columns:
        values = [text(said) if isinstance(said := plain(value), str) else said for value in table[column].tolist()]
        types = {type(value) for value in values if value is not None}
        if any(type(value) is int and abs(value) >= LONG for value in values):
            values = [None if value is None else text(value) for value in values]
        elif types == {int, float}:
            values = [None if value is None else float(value) for value in values]
        elif len(types) > 1:
            values = [None if value is None else text(value) for value in values]
        name = f"{column}_" if column in _RESERVED else text(column)
        for row, value in zip(rows, values, strict=True):
            if value is not None:
                row[name] = value
    return rows
