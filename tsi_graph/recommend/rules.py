"""Who may be proposed, and who may introduce: what would be silly or wrong is left out before any score."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from tsi_graph.errors import Unusable
from tsi_graph.fields import SCOPES
from tsi_graph.graph import Graph
from tsi_graph.recommend.ties import Ties, alliance, is_kind, of_nodes, row, years

To = Literal["network", "fund", "investor", "stakeholder"]
TO: tuple[str, ...] = get_args(To)
INTERNATIONAL = ("european", "global")
HOUSE = ("PART_OF", "FOUNDED", "MANAGES", "SHAREHOLDER_OF")
"""Ties inside one house: nobody needs an introduction to its founder, owner, manager or unit."""
MONEY = ("FUNDS", "INVESTS_IN")
FINANCIERS = ("foundation", "bank", "investor")
"""Sectors whose funding is a business or a mission; a city that pays for a project is not an investor."""


def scopes(to: str, scope: str | None) -> tuple[str, ...]:
    """The scopes of networks that are asked for. Raises Unusable for words that mean nothing here."""
    if to not in TO:
        raise Unusable(f"Nothing is called {to!r} here. One can be introduced to: {', '.join(TO)}.")
    if scope is None:
        return ()
    if to != "network":
        raise Unusable(f"Only networks have a scope; leave it out for {to!r}.")
    if scope == "international":
        return INTERNATIONAL
    if scope not in SCOPES:
        raise Unusable(f"No network has the scope {scope!r}. Known: {', '.join(SCOPES)}, international.")
    return (scope,)


def closed(graph: Graph, ties: Ties) -> np.ndarray:
    """Which bodies had certainly ended before the newest day of the data."""
    ended: np.ndarray = years(of_nodes(graph, "valid_to")) < ties.now
    return ended


def office(graph: Graph) -> np.ndarray:
    """The alliance, its promoters and the promoters' units: they know almost everybody by their office."""
    i, j = graph.ends
    promoter = graph.nodes["id"].isin(graph.view.promoters).to_numpy(bool)
    ours: np.ndarray = promoter | alliance(graph)
    unit = (graph.edges["kind"] == "PART_OF").to_numpy(bool) & promoter[j] & is_kind(graph, "Stakeholder")[i]
    ours[i[unit]] = True
    return ours


def purses(graph: Graph) -> np.ndarray:
    """Public bodies documented only as paying or backing others: nobody meets them, or another through them."""
    i, j = graph.ends
    pays = graph.edges["kind"].isin((*MONEY, "SUPPORTS")).to_numpy(bool)
    does = np.zeros(len(graph), bool)
    does[np.r_[i[~pays], j]] = True
    return np.asarray((of_nodes(graph, "sector") == "public body") & ~does)


def house(graph: Graph, node: int) -> np.ndarray:
    """A body's parents, units and their units, and whatever one of these founded, owns, runs or belongs to."""
    i, j = graph.ends
    kind = graph.edges["kind"].to_numpy(object)
    body = is_kind(graph, "Stakeholder")
    unit = (kind == "PART_OF") & body[i] & body[j]
    family = np.zeros(len(graph), bool)
    family[node] = True
    size = 0
    while size < family.sum():
        size = int(family.sum())
        family[i[unit & family[j]]] = family[j[unit & family[i]]] = True
    own = np.isin(kind, HOUSE)
    tied = family.copy()
    tied[i[own & family[j]]] = tied[j[own & family[i]]] = True
    return tied


def financiers(graph: Graph) -> np.ndarray:
    """Investors by kind, and the foundations and banks that a documented tie shows funding somebody."""
    pays = np.zeros(len(graph), bool)
    pays[graph.ends[0][graph.edges["kind"].isin(MONEY).to_numpy(bool)]] = True
    return np.asarray(is_kind(graph, "Investor") | (pays & np.isin(of_nodes(graph, "sector"), FINANCIERS)))


def proposable(graph: Graph, ties: Ties, node: int, to: str, wanted: tuple[str, ...]) -> np.ndarray:
    """Which nodes may be proposed: of the right kind, open, outside the house, and not known already.

    Known already are those tied to the node or sharing a project, fund or network with it; the
    alliance and its promoters, who introduce, are known to all.
    """
    right = financiers(graph) if to == "investor" else is_kind(graph, to.capitalize())
    if wanted:
        right = right & np.isin(of_nodes(graph, "scope"), wanted)
    right = right & ~closed(graph, ties) & ~office(graph) & ~purses(graph) & ~house(graph, node)
    right[row(ties.weight, node)] = False
    return np.asarray(right)
