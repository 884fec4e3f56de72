"""Which networks the ecosystem reaches, and how much hangs on how few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tsi_graph.graph import Graph
from tsi_graph.recommend.columns import alliance, full_names, ids, is_kind, of_nodes
from tsi_graph.recommend.membership import members
from tsi_graph.recommend.ports import entries
from tsi_graph.recommend.rules import closed, scopes
from tsi_graph.recommend.ties import fabric


@dataclass(frozen=True)
class Reached:
    """A network, and how the ecosystem reaches it.

    ports and port_names are those that are open, open_ports how many, firm_ports how many of them are more than
    a project. fragile: it hangs on a single one. members are the documented ones, of the ecosystem or not.
    """

    id: str
    name: str
    scope: str
    country: str
    ports: tuple[str, ...]
    port_names: tuple[str, ...]
    firm_ports: int
    open_ports: int
    fragile: bool
    members: int


def reached(graph: Graph, scope: str | None = None, lang: str = "it") -> list[Reached]:
    """Every network that stands, with its ports: the best reached first, then by name.

    scope: local ... global, or international. Raises Unusable for another word. Costs what all ports cost.
    """
    wanted = scopes("network", scope)
    network = is_kind(graph, "Network") & ~alliance(graph) & ~closed(graph, fabric(graph))
    if wanted:
        network &= np.isin(of_nodes(graph, "scope"), wanted)
    rows = [_reached(graph, int(b), lang) for b in np.flatnonzero(network)]
    return sorted(rows, key=lambda one: (-one.open_ports, -one.firm_ports, one.name, one.id))


def _reached(graph: Graph, b: int, lang: str) -> Reached:
    scope, country = (str(of_nodes(graph, column)[b]) for column in ("scope", "country"))
    standing = [port for port, _ in entries(graph, str(ids(graph)[b]), lang) if port.open]
    return Reached(
        id=str(ids(graph)[b]), name=str(full_names(graph, lang)[b]), scope=scope, country=country,
        ports=tuple(port.id for port in standing), port_names=tuple(port.name for port in standing),
        firm_ports=sum(port.level != "project" for port in standing), open_ports=len(standing),
        fragile=len(standing) == 1, members=len(members(graph, b)),
    )  # fmt: skip
