"""What an introduction changes for its two ends, if a tie comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from tsi_graph.analysis import compute
from tsi_graph.analysis.coverage import beyond_membership
from tsi_graph.graph import Graph, one_mode
from tsi_graph.recommend.portfolios.candidates import Ground
from tsi_graph.recommend.ties import is_kind, row

MEASURES = ("degree", "constraint", "efficiency")


@dataclass(frozen=True)
class Change:
    """One end, before and after: organisations in contact, Burt's constraint (low: more room) and efficiency
    (the share of contacts that is not redundant), as in `tsi metrics`; networks tied to it, and within two ties.

    nan, and null in JSON, where there is no contact yet.
    """

    id: str
    contacts: tuple[float, float]
    constraint: tuple[float, float]
    efficiency: tuple[float, float]
    direct: tuple[int, int]
    networks: tuple[int, int]


def changes(ground: Ground, source: int, target: int) -> tuple[Change, ...]:
    """The change of each end that is an organisation.

    The tie that may come of it: membership of a network, money from a fund, else working together.
    """
    graph = ground.graph
    ids = graph.nodes["id"].to_numpy(object)
    a, b, kind = ids[source], ids[target], "PARTNER_OF"
    if is_kind(graph, "Network")[target]:
        kind = "MEMBER_OF"
    elif is_kind(graph, "Fund")[target]:
        a, b, kind = b, a, "FUNDS"
    tie = pd.DataFrame({"source": [a], "target": [b], "kind": [kind], "weight": [1.0]})
    bodies = [end for end in (source, target) if is_kind(graph, "Stakeholder")[end]]
    before = _measured(graph)
    ties = pd.concat([_ties(graph), tie], ignore_index=True)
    after = compute(one_mode(Graph(graph.nodes, ties, view=graph.view)), MEASURES)
    out = []
    for end in bodies:
        was, is_now = (table.loc[str(ids[end]), list(MEASURES)].to_numpy(float).tolist() for table in (before, after))
        contacts, constraint, efficiency = zip(was, is_now, strict=True)
        direct, networks = _networks(ground, end, source + target - end)
        out.append(Change(str(ids[end]), contacts, constraint, efficiency, direct, networks))
    return tuple(out)


@lru_cache(maxsize=2)
def _ties(graph: Graph) -> pd.DataFrame:
    return graph.edges.loc[beyond_membership(graph), ["source", "target", "kind", "weight"]]


@lru_cache(maxsize=2)
def _measured(graph: Graph) -> pd.DataFrame:
    return compute(one_mode(Graph(graph.nodes, _ties(graph), view=graph.view)), MEASURES)


def _networks(ground: Ground, node: int, other: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """How many networks are one documented tie away, and at most two; without and with a tie to another node."""
    weight = ground.ties.weight
    network = is_kind(ground.graph, "Network") & ~ground.team
    near = set(row(weight, node).tolist())
    wide = near.union(*(row(weight, one).tolist() for one in near))
    with_it = {*wide, other, *row(weight, other).tolist()}
    counts = [int(network[sorted(found)].sum()) for found in (near, near | {other}, wide, with_it)]
    return (counts[0], counts[1]), (counts[2], counts[3])
