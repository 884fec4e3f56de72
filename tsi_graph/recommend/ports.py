"""Through whom the ecosystem reaches a network, and how much hangs on each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from tsi_graph.errors import Unusable
from tsi_graph.graph import MEMBERSHIP, Graph
from tsi_graph.recommend.columns import (
    alliance,
    documented,
    full_names,
    ids,
    is_kind,
    last_days,
    of_edges,
    of_nodes,
    row,
)
from tsi_graph.recommend.evidence import evidence, ties_between
from tsi_graph.recommend.ties import Fabric, Ties, fabric, prepare
from tsi_graph.remembered import once_per_graph

Level = Literal["member", "stated", "project"]


@dataclass(frozen=True)
class Port:
    """A body of the ecosystem with a documented tie to a network.

    level says how firm: a member, a tie of its own, or no more than a project in common. open: the tie
    stands, or the project still runs. year is the last one documented. known_by counts the other bodies of
    the ecosystem that are tied to the port, also_reached those of them that are tied to another open port
    too, or are one; redundancy is the share of these, nan where nobody knows the port: 0 means that all who
    come through this port have no other.
    """

    id: str
    name: str
    level: Level
    open: bool
    year: int | None
    known_by: int
    also_reached: int
    redundancy: float


def ports(graph: Graph, network: str, lang: str = "it") -> list[Port]:
    """The ports of a network, the firmest first, then the most recent, then by id.

    Raises NotFound for an unknown id, Unusable for what is no network.
    """
    b = graph.position(network)
    if not is_kind(graph, "Network")[b]:
        raise Unusable(f"{network!r} is a {graph.nodes['kind'].iat[b]}; only networks have ports.")
    ties = prepare(graph)
    near = ties.fabric.near(b)
    found = near[(ecosystem(graph) | alliance(graph))[near] & ~(last_days(graph)[near] < ties.now)]
    standing = open_ports(graph).get(b, near[:0])
    rows = [_port(graph, ties, b, int(p), standing, lang) for p in found]
    firmness = {"member": 0, "stated": 1, "project": 2}
    return sorted(rows, key=lambda port: (firmness[port.level], not port.open, -(port.year or 0), port.id))


def _port(graph: Graph, ties: Ties, network: int, port: int, standing: np.ndarray, lang: str) -> Port:
    told = evidence(graph, ties, port, network)
    kinds = of_edges(graph, "kind")[ties_between(graph, port, network)]
    level: Level = "project" if told.edge is None else "member" if "MEMBER_OF" in kinds else "stated"
    around = ties.fabric.near(port)
    around = around[ecosystem(graph)[around] & (around != network)]
    others = np.setdiff1d(standing, [port])
    also = sum(bool(z in others or np.isin(ties.fabric.near(z), others).any()) for z in around.tolist())
    return Port(
        id=str(ids(graph)[port]), name=str(full_names(graph, lang)[port]), level=level, open=port in standing,
        year=told.year, known_by=len(around), also_reached=also,
        redundancy=also / len(around) if len(around) else float("nan"),
    )  # fmt: skip


@once_per_graph
def ecosystem(graph: Graph) -> np.ndarray:
    """Organisations in the city of the alliance, and its members; all of them where the graph has no alliance."""
    i, j = graph.ends
    ours, city = alliance(graph), of_nodes(graph, "city")
    member = np.zeros(len(graph), bool)
    member[i[graph.edges["kind"].isin(MEMBERSHIP).to_numpy(bool) & documented(graph) & ours[j]]] = True
    cities = set(city[ours]) - {""}
    local = np.isin(city, list(cities)) | member if cities else np.ones(len(graph), bool)
    return np.asarray(is_kind(graph, "Stakeholder") & local)


@once_per_graph
def open_ports(graph: Graph) -> dict[int, np.ndarray]:
    """Of each network, who of the ecosystem holds a tie to it that stands, or runs a project with it now.

    The alliance itself counts as one of the ecosystem.
    """
    woven = fabric(graph)
    return {network: _open(graph, woven, network) for network in np.flatnonzero(is_kind(graph, "Network")).tolist()}


def _open(graph: Graph, woven: Fabric, network: int) -> np.ndarray:
    stated = row(woven.stated, network)
    ended = last_days(graph, "edges") < woven.now
    stated = np.array([p for p in stated.tolist() if not ended[ties_between(graph, p, network)].all()], dtype=int)
    events = row(woven.shares, network)
    runs = events[last_days(graph)[events] >= woven.now]
    runs = runs[is_kind(graph, "Project")[runs]]
    partners = [row(woven.people, event) for event in runs.tolist()]
    both = np.unique(np.concatenate([stated, *partners]))
    ours = (ecosystem(graph) | alliance(graph)) & ~(last_days(graph) < woven.now)
    return np.asarray(both[ours[both] & (both != network)], dtype=int)


@once_per_graph
def port_counts(graph: Graph) -> np.ndarray:
    """How many open ports each network has; 0 for all else."""
    counts = np.zeros(len(graph), int)
    for network, found in open_ports(graph).items():
        counts[network] = len(found)
    return counts
