"""A body as pages and reports show it: a short name, its kind in words, its shape."""

from __future__ import annotations

from dataclasses import dataclass

from tsi_graph.errors import NotFound
from tsi_graph.exports.style import KIND_MARKS, MARKS, SECTOR_MARKS, Mark
from tsi_graph.graph import Graph
from tsi_graph.language import Words, filled, short
from tsi_graph.recommend.columns import full_names, of_nodes

SECTORS: dict[str, Words] = {
    "public body": ("ente pubblico", "public body"),
    "company": ("impresa", "company"),
    "cooperative": ("cooperativa", "cooperative"),
    "social enterprise": ("impresa sociale", "social enterprise"),
    "association": ("associazione", "association"),
    "foundation": ("fondazione", "foundation"),
    "bank": ("banca", "bank"),
    "investor": ("investitore", "investor"),
    "university": ("università", "university"),
    "research": ("ente di ricerca", "research body"),
    "incubator": ("incubatore", "incubator"),
    "other": ("altro ente", "other body"),
}
NETWORKS: dict[str, Words] = {
    "local": ("rete locale", "local network"),
    "regional": ("rete regionale", "regional network"),
    "national": ("rete nazionale", "national network"),
    "european": ("rete europea", "European network"),
    "global": ("rete mondiale", "global network"),
}


@dataclass(frozen=True)
class Body:
    """name is short; full stands at the first mention on its own page. kind is in words, node_kind is ours."""

    id: str
    name: str
    full: str
    kind: str
    node_kind: str
    mark: Mark
    place: str


def body(graph: Graph, node: str, lang: str) -> Body:
    """One body of a graph. Raises NotFound."""
    at = graph.position(node)
    node_kind, sector, scope = (str(of_nodes(graph, column)[at]) for column in ("kind", "sector", "scope"))
    mark = MARKS[KIND_MARKS.get(node_kind) or SECTOR_MARKS.get(sector, "other")]
    words = (NETWORKS.get(scope) if node_kind == "Network" else SECTORS.get(sector)) or (mark.it, mark.en)
    full = str(full_names(graph, lang)[at])
    return Body(node, short(full), full, filled(lang, words), node_kind, mark, str(of_nodes(graph, "city")[at]))


def alliance_name(graph: Graph, lang: str) -> str:
    """What the alliance whose map this is is called in a sentence."""
    home = next((one for one in graph.view.home if one in graph.ids), "")
    return named(graph, home, lang) if home else filled(lang, ("questa rete", "this network"))


def named(graph: Graph, node: str, lang: str) -> str:
    """The short name of a body; of one that is no longer there, its id."""
    try:
        return body(graph, node, lang).name
    except NotFound:
        return node
