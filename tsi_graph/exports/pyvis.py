"""A pyvis Network for those who want to go on there: fixed places, and text that is nothing but text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tsi_graph.errors import TsiError
from tsi_graph.exports.html import UNITS, sheet_of
from tsi_graph.exports.scene import Look, documented, scene
from tsi_graph.exports.style import TIES, tie_class
from tsi_graph.exports.words import relation
from tsi_graph.graph import Graph

if TYPE_CHECKING:
    from pyvis.network import Network

LONGEST = 28
"""Signs of a label; the tooltip has the whole name."""
# pyvis writes ids, titles and labels into its page as they come; these signs look alike and mean nothing there
_ALIKE = str.maketrans({"<": "‹", ">": "›", "&": "＆", '"': "”", "'": "’", "`": "‛", "\\": "＼"})


def to_pyvis(graph: Graph, look: Look | None = None, **options: Any) -> Network:
    """The graph as pyvis draws it, each pair once with all its relations in the tooltip; nothing moves by itself.

    Ids are ours with the signs < > & " ' ` \\ replaced by others that look alike, and the caller's graph is not
    touched. options go to pyvis, such as height or select_menu. Its page still asks the network for Bootstrap:
    `tsi_graph.export(graph, "map.html")` makes one that asks nobody.
    """
    try:
        from pyvis.network import Network
    except ImportError as missing:
        raise TsiError("to_pyvis needs the package pyvis 0.3.2; install pyvis.") from missing

    shown = scene(graph, look or Look())
    sheet = sheet_of(shown)
    ids = _distinct([safe(node) for node in shown.ids])
    net = Network(**{"height": "700px", "cdn_resources": "in_line", "directed": False, **options})
    for i, (node, name, mark) in enumerate(zip(ids, shown.names, shown.mark, strict=True)):
        sign, (x, y) = shown.marks[mark], sheet.at[i].tolist()
        label = safe(shown.labels[i].replace("\n", " "))
        # in bulk: add_node and add_edge look through all that is there, every time
        net.nodes.append({
            "id": node, "label": label if len(label) <= LONGEST else label[: LONGEST - 1] + "…",
            "title": safe(f"{name} — {sign.word(shown.look.lang)}, {shown.degree[i]} {shown.words['degree']}"),
            "shape": sign.shape, "color": {"background": sign.fill, "border": sign.outline},
            "x": round(x * UNITS, 1), "y": round(-y * UNITS, 1), "size": round(float(sheet.radius[i]) * UNITS, 1),
            "physics": False,
        })  # fmt: skip
    net.node_ids = list(ids)
    net.node_map = dict(zip(ids, net.nodes, strict=True))
    top = float(np.max(shown.ties.weight, initial=0)) or 1.0
    for (a, b), weight, kind in zip(
        shown.ties.pairs.tolist(), shown.ties.weight.tolist(), shown.ties.kinds, strict=True
    ):
        reads = "; ".join(filter(None, (safe(relation(one, shown.look.lang)) for one in kind.split("|"))))
        net.edges.append({
            "from": ids[a], "to": ids[b], "width": round(0.8 + 3 * (weight / top) ** 0.5, 1), "title": reads,
            "color": TIES[tie_class(kind) if documented(graph) else "work"][0],
        })  # fmt: skip
    net.set_options('{"physics": {"enabled": false}, "edges": {"smooth": false}, "interaction": {"hover": true}}')
    return net


def safe(text: object) -> str:
    """Text that no page takes for markup or script.

    >>> safe('<a href="javascript:x">')
    '‹a href=”javascript:x”›'
    """
    return str(text).encode("utf-8", "ignore").decode("utf-8").translate(_ALIKE)


def _distinct(ids: list[str]) -> list[str]:
    taken: set[str] = set()
    for i, node in enumerate(ids):
        number = 2
        while ids[i] in taken:
            ids[i], number = f"{node} ({number})", number + 1
        taken.add(ids[i])
    return ids
