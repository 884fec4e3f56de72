"""How well two bodies fit, whatever the way from one to the other."""

from __future__ import annotations

import numpy as np

from tsi_graph.recommend.columns import is_kind, of_nodes, row
from tsi_graph.recommend.membership import relation
from tsi_graph.recommend.portfolios.ground import Ground
from tsi_graph.recommend.portfolios.objectives import Plan
from tsi_graph.recommend.relevance import lift, likeness

ALIKE = 0.2
"""The likeness that a common sector counts for where no common topic says more."""
SERVES = 0.5
"""The likeness that money for the topic counts for."""
UNSORTED, BROAD = ("", "other"), ("company", "association")
"""Sectors that say nothing of what a body does, and those that say too little to bring two of them together."""
BARE = 0.1
"""How well two fit for whom nothing speaks but that one can get there."""


def fit(ground: Ground, plan: Plan, node: int) -> np.ndarray:
    """How well each fits a body, at most 1, by the strongest that speaks for it; BARE where nothing does.

    That is a common topic, as strong as their likeness in the score; a common sector, with the body or with
    one that is in the network already; money for the topic. Money is no closer for coming from one's own sector.
    """
    ties = ground.ties
    common = np.zeros(len(ground.graph), bool)
    common[ground.at_work[row(ties.topics, node)].indices] = True
    alike = np.where(common, likeness(ties, node), 0.0)
    if plan.objective == "topic":
        alike = np.maximum(alike, np.where(plan.serves, SERVES, 0.0))
    else:
        alike = np.maximum(alike, np.where(_akin(ground, node), ALIKE, 0.0))
    alike = np.minimum(alike, 1.0)
    return np.where(alike > 0, bend(alike), BARE)


def bend(alike: np.ndarray) -> np.ndarray:
    """How the likeness of a pair bends its chance, as in the score of `recommend`: from about one half to 1.

    >>> bend(np.array([0.0, 1.0])).round(2)
    array([0.49, 1.  ])
    """
    return np.asarray(lift(alike) / lift(np.array(1.0)))


def _akin(ground: Ground, node: int) -> np.ndarray:
    """Which networks have a documented open member of the body's sector, and who shares one that says something."""
    graph, sector = ground.graph, of_nodes(ground.graph, "sector")
    mine = sector[node]
    akin = np.zeros(len(graph), bool)
    if mine in UNSORTED:
        return akin
    if mine not in BROAD:
        akin = (sector == mine) & ~is_kind(graph, "Network")
    member, network = relation(graph, "MEMBER_OF")
    peer = (sector == mine) & is_kind(graph, "Stakeholder") & ~ground.ended
    akin[network[peer[member]]] = True
    return akin
