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
from tsi_graph.recommend.evidence import Evidence, evidence, ties_between
from tsi_graph.recommend.ties import Fabric, Ties, fabric, prepare
from tsi_graph.remembered import once_per_graph

Level = Literal["member", "stated", "project"]


@dataclass(frozen=True)
class Entry:
    """A body of the ecosystem with a documented tie to a network.

    level says how firm: a member, a tie of its own, or no more than a project in common. open: the tie
    stands, or the project still runs. year is the last one documented.
    """

    id: str
    name: str
    level: Level
    open: bool
    year: int | None


@dataclass(frozen=True)
class Port(Entry):
    """An entry, and how much hangs on it.

    known_by counts the other bodies of the ecosystem that are tied to the port, also_reached those of them that are
    tied to another open port too, or are one; redundancy is the share of these, nan where nobody knows the port: 0
    means that all who come through this port have no other.
    """

    known_by: int
    also_reached: int
    redundancy: float


def ports(graph: Graph, network: str, lang: str = "it") -> list[Port]:
    """The ports of a network, the firmest first, then the most recent, then by id.

    Raises NotFound for an unknown id, Unusable for what is no network. Costs the ties of its ports.
    """
    found = entries(graph, network, lang)
    b, woven = graph.position(network), fabric(graph)
    standing = open_ports(graph).get(b, np.array([], int))
    is_open, met = np.zeros(len(graph), bool), np.zeros(len(graph), int)
    is_open[standing] = True
    for p in standing.tolist():  # of each body, how many open ports it is tied to
        met[woven.near(p)] += 1
    return [_port(graph, woven, b, one, is_open, met) for one, _ in found]


def entries(graph: Graph, network: str, lang: str = "it") -> list[tuple[Entry, Evidence]]:
    """The ports of a network in the order of `ports`, each with what ties it, without how much hangs on it.

    Raises NotFound for an unknown id, Unusable for what is no network.
    """
    b = graph.position(network)
    if not is_kind(graph, "Network")[b]:
        raise Unusable(f"{network!r} is a {graph.nodes['kind'].iat[b]}; only networks have ports.")
    ties = prepare(graph)
    near = ties.fabric.near(b)
    found = near[(ecosystem(graph) | alliance(graph))[near] & ~(last_days(graph)[near] < ties.now)]
    standing = set(open_ports(graph).get(b, near[:0]).tolist())
    rows = [_entry(graph, ties, b, int(p), int(p) in standing, lang) for p in found]
    firmness = {"member": 0, "stated": 1, "project": 2}
    return sorted(rows, key=lambda row: (firmness[row[0].level], not row[0].open, -(row[0].year or 0), row[0].id))


def _entry(graph: Graph, ties: Ties, network: int, port: int, is_open: bool, lang: str) -> tuple[Entry, Evidence]:
    told = evidence(graph, ties, port, network)
    kinds = of_edges(graph, "kind")[ties_between(graph, port, network)]
    level: Level = "project" if told.edge is None else "member" if "MEMBER_OF" in kinds else "stated"
    return Entry(str(ids(graph)[port]), str(full_names(graph, lang)[port]), level, is_open, told.year), told


def _port(graph: Graph, woven: Fabric, network: int, one: Entry, is_open: np.ndarray, met: np.ndarray) -> Port:
    around = woven.near(graph.position(one.id))
    around = around[ecosystem(graph)[around] & (around != network)]
    # all of them are tied to this port: it is among the ports they are tied to where it is open
    also = int((is_open[around] | (met[around] > one.open)).sum())
    share = also / len(around) if len(around) else float("nan")
    return Port(one.id, one.name, one.level, one.open, one.year, len(around), also, share)


@once_per_graph
def ecosystem(graph: Graph) -> np.ndarray:
    """Organisations in the city of the alliance, and its members, at any date by the same rule; all of them where no
    alliance is known."""
    i, j = graph.ends
    ours, city = alliance(graph), of_nodes(graph, "city")
    member = np.zeros(len(graph), bool)
    member[i[graph.edges["kind"].isin(MEMBERSHIP).to_numpy(bool) & documented(graph) & ours[j]]] = True
    cities = graph.seat or set(city[ours]) - {""}
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
