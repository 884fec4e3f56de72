"""Between which groups a broker stands: the roles of Gould and Fernandez."""

from __future__ import annotations

import numpy as np

from tsi_graph import kernels
from tsi_graph.analysis.base import Metric
from tsi_graph.errors import NotFound
from tsi_graph.graph import Graph

ROLES = ("coordinator", "itinerant", "representative", "gatekeeper", "liaison")
NOT_STATED = "not stated"


def brokerage_roles(graph: Graph, group: str = "sector") -> np.ndarray:
    """How many pairs each node joins in each of the five roles, one column each, in the order of `ROLES`.

    A node joins a and b where a -> it -> b without a -> b. Group of a, its own, of b: coordinator AAA,
    itinerant ABA, representative AAB, gatekeeper ABB, liaison ABC. Without direction every tie goes both
    ways, so each pair counts twice. Nodes whose group is blank form one group of their own, "not stated".
    All nan where nodes have no attributes at all; NotFound where they have, but not this one.

    >>> from pandas import DataFrame
    >>> people = DataFrame({"id": ["a", "b", "c"], "sector": ["x", "x", "y"]})
    >>> path = Graph.from_edges([("a", "b"), ("b", "c")], people, directed=True)
    >>> brokerage_roles(path)[1]
    array([0., 0., 1., 0., 0.])
    """
    code = group_codes(graph, group)
    if code is None:
        return np.full((len(graph), len(ROLES)), np.nan)
    return kernels.roles(graph.sent, graph.received, code, int(code.max(initial=-1)) + 1).astype(float)


def group_codes(graph: Graph, group: str) -> np.ndarray | None:
    """The number of each node's group, groups in alphabetical order; None where nodes have no attributes at all.

    Raises NotFound where they have some, but not this one.
    """
    if group in graph.nodes:
        return np.unique(group_values(graph, group), return_inverse=True)[1]
    known = [str(name) for name in graph.nodes.columns if name not in ("id", "kind", "name")]
    if known:
        raise NotFound(f"Nodes have no attribute {group!r} to group them by. Known: {', '.join(known)}")
    return None


def group_values(graph: Graph, group: str) -> np.ndarray:
    """The group of each node as text; blank and missing are "not stated"."""
    column = graph.nodes[group]
    text = column.astype(object).where(column.notna(), "").astype(str).str.strip().to_numpy(dtype=str)
    return np.where(text == "", NOT_STATED, text)


METRICS = {
    "brokerage_roles": Metric(
        function=brokerage_roles,
        meaning="How many pairs it joins within its own group, between groups, or as an outsider.",
        meaning_it="Quante coppie unisce nel proprio gruppo, fra gruppi, o da esterna.",
        definition="Ordered pairs a, b with a -> v -> b and not a -> b, by the groups of a, v and b: coordinator AAA, "
        "itinerant ABA, representative AAB, gatekeeper ABB, liaison ABC.",
        convention="Raw counts over ordered pairs, weights ignored; without direction every tie goes both ways, so "
        "each "
        "pair counts twice. Arrows read as giving. Blank groups are one group. Isolates 0; no groups: undefined.",
        cost="Closed triads once: at most ties * sqrt(2 ties).",
        cite="Gould & Fernandez 1989, Sociological Methodology 19:89-126",
        oracle="R sna `brokerage`, exact (24 random networks, karate club, EIES).",
        differs="netrics swaps the names of representative and gatekeeper.",
        columns=ROLES,
        options=("group",),
    ),
}
