"""Which few nodes matter most together: those whose loss breaks the network, those from whom all can be reached."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pandas as pd

from tsi_graph.analysis.base import Metric
from tsi_graph.analysis.cohesion import by_id
from tsi_graph.analysis.goals import DistanceFragment, DistanceReach, Fragment, Goal, Reach
from tsi_graph.analysis.residual import Ways, in_order
from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph

GOALS = ("fragment", "distance_fragment", "reach", "distance_reach")
EXHAUSTIVE = 5_000_000
"""Steps of work up to which every set is looked at: seconds at most."""
EQUAL = 1e-12


def key_players(
    graph: Graph, size: int = 3, goal: str = "fragment", steps: int = 2, weighted: bool = False
) -> pd.DataFrame:
    """The set of `size` nodes that serves a goal best: a row each, the one that does most alone first.

    Goals: "fragment", the share of pairs that cannot reach each other once the set is gone (F);
    "distance_fragment", the same with a pair at distance d counting 1 - 1/d (dF); "reach", how many others are
    within `steps` of the set; "distance_reach", the mean over all nodes of 1/d from the set, whose own members
    count 1 (dR). Columns: order, id, name, before and after (the goal without and with it), value (of the whole
    set), exact (whether no set is better), search (how it was found). Of equal sets the first by id. At least
    two nodes are left where the set goes. Raises Unusable for an unknown goal and a size or steps below 1.

    >>> key_players(Graph.from_edges(["ab", "bc", "cd", "de", "df"]), size=2)[["id", "after"]].to_numpy().tolist()
    [['d', 0.7], ['b', 1.0]]
    """
    if goal not in GOALS:
        raise Unusable(f"No goal {goal!r}. Known: {', '.join(GOALS)}")
    if size < 1 or steps < 1:
        raise Unusable(f"size and steps are at least 1, not {size} and {steps}.")
    order = by_id(graph)
    size = min(size, len(graph) - 2 if "fragment" in goal else len(graph))
    rows = _found(_goal(graph, order, goal, size, steps, weighted), size) if size > 0 else []
    table = pd.DataFrame(rows, columns=["order", "node", "before", "after", "value", "exact", "search"])
    nodes = graph.nodes.iloc[order[table.pop("node").to_numpy(int)]]
    table.insert(1, "id", nodes["id"].to_numpy())
    table.insert(2, "name", nodes["name"].to_numpy())
    return table


def _goal(graph: Graph, order: np.ndarray, goal: str, size: int, steps: int, weighted: bool) -> Goal:
    """The goal on a network whose nodes stand in order of id, so that "the first" is the same in every table."""
    if goal == "fragment":
        return Fragment(in_order(graph.contacts, order))
    sent = in_order(graph.sent, order)
    if goal == "reach":
        return Reach(sent, steps)
    ways = Ways(sent, symmetric=not graph.directed, weighted=weighted)
    return DistanceFragment(ways, size) if goal == "distance_fragment" else DistanceReach(ways, size)


def _found(goal: Goal, size: int) -> list[tuple[object, ...]]:
    n = len(goal.candidates)
    every = size == 1 or comb(n, size - 1) * goal.work <= EXHAUSTIVE
    chosen = _exhaustive(goal, size) if every else _swapped(goal, _greedy(goal, size))
    search = (f"all {comb(n, size):,} sets" if every else "greedy, then swaps") + goal.limits
    whole, before, done, rows = goal.value(chosen), goal.value([]), list[int](), list[tuple[object, ...]]()
    while len(done) < size:
        worth = np.array([goal.value([*done, node]) if node not in done else np.nan for node in chosen])
        place = _best(worth)
        done.append(chosen[place])
        after = float(worth[place])
        rows.append((len(done), done[-1], before, after, whole, every and not goal.limits, search))
        before = after
    return rows


def _best(worth: np.ndarray) -> int:
    """The first of the highest."""
    return int(np.flatnonzero(worth >= np.nanmax(worth) - EQUAL)[0])


def _exhaustive(goal: Goal, size: int) -> list[int]:
    """The best of all sets, each looked at once: its last member is found among those after the others."""
    best, chosen = -np.inf, list[int]()
    for others in combinations(goal.candidates.tolist(), size - 1):
        worth = goal.after(others, others[-1] + 1 if others else 0)
        if np.isfinite(worth).any() and worth[node := _best(worth)] > best + EQUAL:
            best, chosen = float(worth[node]), [*others, node]
    return chosen


def _greedy(goal: Goal, size: int) -> list[int]:
    chosen: list[int] = []
    while len(chosen) < size:
        chosen.append(_best(goal.after(chosen)))
    return chosen


def _swapped(goal: Goal, chosen: list[int]) -> list[int]:
    """Each member in turn gives way to a node that makes the set better, until none does."""
    value, better = goal.value(chosen), True
    while better:
        better = False
        for place in range(len(chosen)):
            others = chosen[:place] + chosen[place + 1 :]
            worth = goal.after(others)
            node = _best(worth)
            if worth[node] > value + EQUAL:
                chosen, value, better = [*others[:place], node, *others[place:]], float(worth[node]), True
    return sorted(chosen)


NETWORK_METRICS = {
    "key_players": Metric(
        function=key_players,
        meaning="Which few organisations matter most together, to hold the network together or to reach all the rest.",
        meaning_it="Quali poche organizzazioni contano di più insieme, per tenere unita la rete o raggiungere tutti.",
        definition="fragment: F = 1 - sum of s(s - 1) / n(n - 1) over the parts, of s nodes, of the n nodes left. "
        "distance_fragment: dF = 1 - sum of 1/d_ij / n(n - 1) over the n left. reach: nodes outside the set within "
        "`steps` (2) of it. distance_reach: dR = sum over all n nodes of 1/d from the set / n.",
        convention="dR counts the members of the set at distance 1, so that it is 1 where all others are contacts of "
        "theirs. fragment ignores direction, the others follow arrows away from the set. Steps, not weights; with "
        "`weighted` a tie is as long as the strongest is stronger than it. An isolate is a part of one; it may be "
        "chosen for reach.",
        cost="All sets where that is up to 5,000,000 steps of work (`exact`); else greedy, then swaps until none "
        "helps: some passes for fragment and reach, a search from each of the 500 nodes of highest degree for the "
        "distances, fewer beyond 20,000,000 steps; dF from 512 nodes beyond 2,048 (`search` says so).",
        cite="Borgatti 2006, Computational & Mathematical Organization Theory 12:21-34",
        oracle="pyntacle's figure_8, F .70575, dF .81506, 2-reach 25; R keyplayer `fragment` with weights, 1e-7; "
        "networkx on random networks, 1e-9.",
        differs="pyntacle drops the set from dR (.64062 where this has .70313), others divide by those outside alone "
        "(.68333); UCINET's reach centrality counts the node itself 1, as here.",
        options=("size", "goal", "steps", "weighted"),
    ),
}
