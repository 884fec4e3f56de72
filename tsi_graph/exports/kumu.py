"""Kumu's two doors: a blueprint in JSON and a workbook with its headings."""

from __future__ import annotations

import json
import re
from typing import Any

from tsi_graph.exports.labels import clean
from tsi_graph.exports.pajek import distinct
from tsi_graph.exports.records import Records, columns, records
from tsi_graph.exports.scene import Look
from tsi_graph.exports.tabular import Sheet, book
from tsi_graph.graph import Graph

# Kumu gives these a meaning of its own: Image and Email make it fetch something, URL opens
_MEANT = {"label", "type", "tags", "description", "image", "url", "email", "from", "to", "direction", "id", "code"}
# and lets no field be called so
_RESERVED = _MEANT | {"yes", "no", "on", "off", "true", "false"}
_ELEMENT, _CONNECTION = ("label", "type", "description"), ("from", "to", "direction", "type", "tags")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#!|~])")


def blueprint(graph: Graph, look: Look) -> bytes:
    """{"elements": [...], "connections": [...]}; several relations of one tie are its tags."""
    elements, connections = kumu_rows(records(graph, look))
    text = json.dumps({"elements": elements, "connections": connections}, ensure_ascii=False, allow_nan=False, indent=1)
    return text.encode("utf-8")


def spreadsheet(graph: Graph, look: Look) -> bytes:
    """The sheets Elements (Label first) and Connections (From and To first); several tags stand with | between."""
    elements, connections = kumu_rows(records(graph, look))
    for row in connections:
        row["tags"] = "|".join(row["tags"])
    for row in elements:
        row["code"] = row["code"].replace("|", "¦")
    sheets = []
    for name, found, first in (("Elements", elements, _ELEMENT), ("Connections", connections, _CONNECTION)):
        order = columns(found, first)
        headings = [one.capitalize() if one in _RESERVED else one for one in order]
        sheets.append(Sheet(name, headings, [[row.get(one) for one in order] for row in found]))
    return book(sheets)


def kumu_rows(found: Records) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Elements and connections by Kumu's rules: an element is known by its label, so no two are alike.

    A vertical bar parts several values, so inside one it becomes a broken bar. Descriptions are Markdown there:
    what would be markup is escaped.
    """
    names = [(piece(row.get("name", row["id"])), piece(row["id"])) for row in found.nodes]
    label = dict(zip((row["id"] for row in found.nodes), distinct(names), strict=True))
    elements = [
        {"label": label[row["id"]], "type": piece(row.get("sector") or row.get("kind", "")), "code": row["id"]}
        | ({"description": markdown(str(row["notes"]))} if "notes" in row else {})
        | _others(row, ("id", "name", "notes"))
        for row in found.nodes
    ]
    connections = [
        {
            "from": label[row["source"]], "to": label[row["target"]],
            "direction": "directed" if found.directed else "undirected",
            "type": piece(str(row["kind"]).split("|")[0]), "tags": list(map(piece, str(row["kind"]).split("|"))),
        }
        | _others(row, ("source", "target", "kind"))
        for row in found.edges
    ]  # fmt: skip
    return elements, connections


def _others(row: dict[str, Any], done: tuple[str, ...]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, value in row.items():
        if name not in done:
            free = f"{name} (data)" if name.strip().lower() in _RESERVED or not name.strip() else name
            out[free] = value.replace("|", "¦") if isinstance(value, str) else value
    return out


def piece(value: object) -> str:
    """One value of a cell: a single line, no bar."""
    return clean(str(value)).replace("|", "¦")


def markdown(text: str) -> str:
    """Text that Markdown shows as it is.

    >>> markdown("a <b> ![x](http://y)")
    'a \\\\<b\\\\> \\\\!\\\\[x\\\\](http://y)'
    """
    return _MARKDOWN.sub(r"\\\1", text)
