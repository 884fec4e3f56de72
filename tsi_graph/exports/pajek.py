"""Pajek's network file: numbered vertices with names, arcs or edges with strength and relation."""

from __future__ import annotations

import re

from tsi_graph.exports.records import Records, records
from tsi_graph.exports.scene import Look
from tsi_graph.graph import Graph

# the format knows no way to write these inside a quoted word
_UNSAFE = str.maketrans({'"': "'", "\\": "/"})


def pajek(graph: Graph, look: Look) -> bytes:
    """UTF-8 with the mark by which Pajek knows it. A vertex is its name, with the id where two names are alike."""
    found = records(graph, look)
    labels, at = labelled(found), {row["id"]: i for i, row in enumerate(found.nodes, 1)}
    lines = ["*Network TSI Graph", f"*Vertices {len(labels)}"]
    lines += [f'{i} "{label}"' for i, label in enumerate(labels, 1)]
    lines.append("*Arcs" if found.directed else "*Edges")
    lines += [
        f'{at[row["source"]]} {at[row["target"]]} {float(row["weight"])!r} l "{word(str(row["kind"]))}"'
        for row in found.edges
    ]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode("utf-8")


def labelled(found: Records) -> list[str]:
    """What each vertex is called: no two alike."""
    return distinct([(word(str(row.get("name", row["id"]))), word(str(row["id"]))) for row in found.nodes])


def distinct(names: list[tuple[str, str]]) -> list[str]:
    """Names with their ids; where two are alike, or blank, the id stands beside, and a number if that is not enough.

    >>> distinct([("Ann", "a"), ("Ann", "b"), ("", "c")])
    ['Ann', 'Ann (b)', 'c']
    """
    taken: set[str] = set()
    out = []
    for name, node in names:
        label = name or node or "?"
        if label.casefold() in taken:
            label = f"{label} ({node})"
        plain, number = label, 2
        while label.casefold() in taken:
            label, number = f"{plain} {number}", number + 1
        taken.add(label.casefold())
        out.append(label)
    return out


def word(text: str) -> str:
    """One line without double quotes and backslashes.

    >>> word('Ann "the\\n boss" \\\\ Co')
    "Ann 'the boss' / Co"
    """
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text.translate(_UNSAFE)).strip()
