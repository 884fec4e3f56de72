"""What an introduction changes for its two ends, if a tie comes of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array

from tsi_graph.analysis import compute
from tsi_graph.analysis.coverage import beyond_membership
from tsi_graph.graph import Graph, one_mode
from tsi_graph.recommend.columns import ids, is_kind, row
from tsi_graph.recommend.portfolios.ground import Ground
from tsi_graph.remembered import once_per_graph

MEASURES = ("degree", "constraint", "efficiency")
TINY = 1e-12
"""A tie lighter than this is what rounding leaves of none."""


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

    The tie that may come of it: membership of a network, money from a fund, else working together. Costs the
    ties of the contacts of both.
    """
    graph = ground.graph
    contacts, added = _contacts(graph), _added(graph, source, target)
    out = []
    for end in (source, target):
        if is_kind(graph, "Stakeholder")[end]:
            body = str(ids(graph)[end])
            at = contacts.position(body)
            degrees, constraint, efficiency = zip(_before(graph)[at], _after(contacts, at, added), strict=True)
            direct, networks = _networks(ground, end, source + target - end)
            out.append(Change(body, degrees, constraint, efficiency, direct, networks))
    return tuple(out)


@once_per_graph
def _contacts(graph: Graph) -> Graph:
    """The organisations, tied directly or by what they share, beyond membership of the alliance."""
    edges = graph.edges[beyond_membership(graph)].reset_index(drop=True)
    return one_mode(Graph(graph.nodes, edges, view=graph.view))


@once_per_graph
def _before(graph: Graph) -> list[list[float]]:
    return [list(row) for row in compute(_contacts(graph), MEASURES).to_numpy(float).tolist()]


def _added(graph: Graph, source: int, target: int) -> csr_array:
    """What a tie adds to those of the organisations with one another: all that a network or fund makes, if one joins.

    What it made before goes: shared by one more, it is worth less to each pair.
    """
    a, b = ids(graph)[[source, target]]
    shared = not is_kind(graph, "Stakeholder")[target]
    kind = "MEMBER_OF" if shared else "PARTNER_OF"
    tie = pd.DataFrame({"source": [a], "target": [b], "kind": [kind], "weight": [1.0]})
    i, j = graph.ends
    edges = graph.edges.loc[((i == target) | (j == target)) & shared & beyond_membership(graph), list(tie.columns)]
    near = np.unique([source, target, *i[edges.index], *j[edges.index]])
    nodes = graph.nodes.iloc[near].reset_index(drop=True)
    before, after = (one_mode(Graph(nodes, table, view=graph.view)) for table in (edges, pd.concat([edges, tie])))
    at = _contacts(graph).ids.get_indexer(before.ids)
    change = coo_array(after.adjacency - before.adjacency)
    return coo_array((change.data, (at[change.row], at[change.col])), shape=_contacts(graph).adjacency.shape).tocsr()


def _after(contacts: Graph, at: int, added: csr_array) -> list[float]:
    """The measures of one body with the ties added, from those of its contacts: none further away enters into them."""
    ties = contacts.adjacency
    near = np.unique([at, *row(ties, at), *row(added, at)])
    found = coo_array(ties[near] + added[near])
    i, j = near[found.row], found.col
    once = (found.data > TINY) & (~np.isin(j, near) | (i < j))
    table = pd.DataFrame({"source": i[once], "target": j[once], "weight": found.data[once]})
    nodes = pd.DataFrame({"id": np.unique([*near, *j[once]])})
    return list(compute(Graph.from_edges(table, nodes), MEASURES).loc[at].to_numpy(float).tolist())


def _networks(ground: Ground, node: int, other: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """How many networks are one documented tie away, and at most two; without and with a tie to another node."""
    weight = ground.ties.weight
    network = is_kind(ground.graph, "Network") & ~ground.team
    near = set(row(weight, node).tolist())
    wide = near.union(*(row(weight, one).tolist() for one in near))
    with_it = {*wide, other, *row(weight, other).tolist()}
    counts = [int(network[sorted(found)].sum()) for found in (near, near | {other}, wide, with_it)]
    return (counts[0], counts[1]), (counts[2], counts[3])
