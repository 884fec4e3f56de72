"""Who may be proposed, and who may introduce: what would be silly or wrong is left out before any score."""

from __future__ import annotations

import re
from typing import Literal, get_args

import numpy as np
from scipy.sparse import csr_array

from tsi_graph.errors import Unusable
from tsi_graph.fields import SCOPES, plain
from tsi_graph.graph import Graph
from tsi_graph.recommend.admission import admitted
from tsi_graph.recommend.columns import alliance, is_kind, last_days, of_nodes, row, years
from tsi_graph.recommend.constants import ENOUGH_PORTS, OVER, STALE
from tsi_graph.recommend.membership import relation
from tsi_graph.recommend.ports import port_counts
from tsi_graph.recommend.ties import Fabric, Ties, fabric, ones
from tsi_graph.remembered import once_per_graph

To = Literal["network", "fund", "investor", "stakeholder", "project", "member"]
TO: tuple[str, ...] = get_args(To)
SCOPED = ("network", "member")
"""What can be asked for by the scope of a network: networks, and the members of networks."""
INTERNATIONAL = ("european", "global")
HOUSE = ("PART_OF", "FOUNDED", "MANAGES", "SHAREHOLDER_OF")
"""Ties inside one house: nobody needs an introduction to its founder, owner, manager or unit."""
OWN = ("FOUNDED", "SHAREHOLDER_OF")
"""Who did so together has met: founders and owners of one house."""
MONEY = ("FUNDS", "INVESTS_IN")
FINANCIERS = ("foundation", "bank", "investor")
"""Sectors whose funding is a business or a mission; a city that pays for a project is not an investor."""


NOT_ASKED = re.compile(
    r"\b(guarantees?|counter-guarantees?|garanzi[ae]|controgaranzi[ae]|funds? of funds|fond[oi] di fondi"
    r"|in design|in progettazione)\b"
)
"""Of a fund's kind: money for banks and other funds, and what does not exist yet. Nobody else can ask for it."""
FORMS = {
    "event": "event", "evento": "event", "conference": "event", "conferenza": "event", "convegno": "event",
    "award": "award", "prize": "award", "premio": "award", "call": "call", "bando": "call", "avviso": "call",
}  # fmt: skip
"""What files call the forms of project that are soon over."""


def scopes(to: str, scope: str | None) -> tuple[str, ...]:
    """The scopes of networks that are asked for. Raises Unusable for words that mean nothing here."""
    if to not in TO:
        raise Unusable(f"Nothing is called {to!r} here. One can be introduced to: {', '.join(TO)}.")
    if scope is None:
        return ()
    if to not in SCOPED:
        raise Unusable(f"Only networks have a scope; leave it out for {to!r}.")
    if scope == "international":
        return INTERNATIONAL
    if scope not in SCOPES:
        raise Unusable(f"No network has the scope {scope!r}. Known: {', '.join(SCOPES)}, international.")
    return (scope,)


def closed(graph: Graph, ties: Ties | Fabric) -> np.ndarray:
    """Which bodies had certainly ended before the day looked from."""
    ended: np.ndarray = last_days(graph) < ties.now
    return ended


@once_per_graph
def office(graph: Graph) -> np.ndarray:
    """The alliance, its promoters and the promoters' units: they know almost everybody by their office."""
    i, j = graph.ends
    promoter = graph.nodes["id"].isin(graph.view.promoters).to_numpy(bool)
    ours: np.ndarray = promoter | alliance(graph)
    unit = (graph.edges["kind"] == "PART_OF").to_numpy(bool) & promoter[j] & is_kind(graph, "Stakeholder")[i]
    ours[i[unit]] = True
    return ours


@once_per_graph
def purses(graph: Graph) -> np.ndarray:
    """Public bodies documented only as paying or backing others: nobody meets them, or another through them."""
    i, j = graph.ends
    pays = graph.edges["kind"].isin((*MONEY, "SUPPORTS")).to_numpy(bool)
    does = np.zeros(len(graph), bool)
    does[np.r_[i[~pays], j]] = True
    return np.asarray((of_nodes(graph, "sector") == "public body") & ~does)


@once_per_graph
def _house_ties(graph: Graph) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The ties inside houses: who, whose, and which of them make one a unit of the other."""
    i, j = graph.ends
    kind = graph.edges["kind"].to_numpy(object)
    body = is_kind(graph, "Stakeholder")
    own = np.isin(kind, HOUSE)
    return i[own], j[own], ((kind == "PART_OF") & body[i] & body[j])[own]


def _family(graph: Graph, node: int) -> np.ndarray:
    """A body, its parents, its units and their units."""
    i, j, unit = _house_ties(graph)
    family = np.zeros(len(graph), bool)
    family[node] = True
    size = 0
    while size < family.sum():
        size = int(family.sum())
        family[i[unit & family[j]]] = family[j[unit & family[i]]] = True
    return family


def house(graph: Graph, node: int) -> np.ndarray:
    """A body's parents, units and their units, and whatever one of these founded, owns, runs or belongs to."""
    i, j, _ = _house_ties(graph)
    family = _family(graph, node)
    tied = family.copy()
    tied[i[family[j]]] = tied[j[family[i]]] = True
    return tied


def co_owners(graph: Graph, node: int) -> np.ndarray:
    """Who founded or owns anything together with a body, its parents or its units: they have met."""
    i, j = _owners(graph)
    own = _family(graph, node)[i]
    return np.asarray(i[np.isin(j, j[own])] if own.any() else i[:0])


@once_per_graph
def _owners(graph: Graph) -> tuple[np.ndarray, np.ndarray]:
    i, j = graph.ends
    own = graph.edges["kind"].isin(OWN).to_numpy(bool)
    return i[own], j[own]


def financiers(graph: Graph) -> np.ndarray:
    """Investors by kind, and the foundations and banks that a documented tie shows funding somebody."""
    pays = np.zeros(len(graph), bool)
    pays[relation(graph, *MONEY)[0]] = True
    return np.asarray(is_kind(graph, "Investor") | (pays & np.isin(of_nodes(graph, "sector"), FINANCIERS)))


def open_bodies(graph: Graph) -> np.ndarray:
    """Who can introduce at all: organisations and networks that are neither closed nor mere purses."""
    bodies = is_kind(graph, "Stakeholder") | is_kind(graph, "Network")
    return np.asarray(bodies & ~closed(graph, fabric(graph)) & ~purses(graph))


@once_per_graph
def introducers(graph: Graph) -> tuple[np.ndarray, np.ndarray]:
    """Who may introduce: first without the alliance and its promoters, then with them, the last resort."""
    everybody = open_bodies(graph)
    return everybody & ~office(graph), everybody


@once_per_graph
def right_kind(graph: Graph, to: str, wanted: tuple[str, ...]) -> np.ndarray:
    """Which nodes are of the right kind and may be proposed to somebody."""
    if to == "project":
        return joinable(graph)
    kind = {"investor": "Stakeholder", "member": "Stakeholder"}.get(to, to.capitalize())
    right = financiers(graph) if to == "investor" else is_kind(graph, kind)
    if wanted and to == "network":
        right = right & np.isin(of_nodes(graph, "scope"), wanted)
    if to == "network":
        near = np.isin(of_nodes(graph, "scope"), ("local", "regional"))
        right = right & (near | (port_counts(graph) < ENOUGH_PORTS))
    if to == "fund":
        words = [plain(str(word)) for word in of_nodes(graph, "instrument")]
        right = right & ~np.array([bool(NOT_ASKED.search(word)) for word in words], bool)
    return np.asarray(right & ~closed(graph, fabric(graph)) & ~office(graph) & ~purses(graph))


def joinable(graph: Graph) -> np.ndarray:
    """Projects that are not over: their end lies ahead, or is not documented and they began not long ago.

    How long is OVER for what is soon over by its form, an event, an award or a call; else STALE.
    """
    now, end, start = fabric(graph).now, last_days(graph), years(of_nodes(graph, "valid_from"))
    forms = [OVER.get(FORMS.get(plain(str(form)), ""), STALE) for form in of_nodes(graph, "form")]
    project = is_kind(graph, "Project") & ~is_kind(graph, "Agreement") & ~alliance(graph)
    running = np.where(np.isnan(end), now - start <= np.array(forms), end >= now)
    return np.asarray(project & running)


def proposable(graph: Graph, ties: Ties, node: int, to: str, wanted: tuple[str, ...]) -> np.ndarray:
    """Which nodes may be proposed: of the right kind, open, outside the house, and not known already.

    Known already are those tied to the node or sharing a project, fund or network with it, verified or
    not, and who founded or owns a house with it; the alliance and its promoters, who introduce, are known
    to all. A network must be able to admit the node and lack ports; members are those of such networks.
    """
    right = right_kind(graph, to, wanted).copy()
    right[barred(graph, ties, node, to, wanted)] = False
    return right


def barred(graph: Graph, ties: Ties, node: int, to: str, wanted: tuple[str, ...]) -> np.ndarray:
    """Whom one body is not to be proposed, though they are of the right kind."""
    out = [np.array([node]), row(ties.known, node), row(touching(graph), node)]
    if len(_house_ties(graph)[0]):
        out += [np.flatnonzero(house(graph, node)), co_owners(graph, node)]
    if to == "network":
        out.append(np.flatnonzero(~admitted(graph, node, ties)))
    if to == "member":
        could_join = proposable(graph, ties, node, "network", wanted)
        out.append(np.flatnonzero(~members_of(graph, could_join)))
    return np.concatenate(out)


@once_per_graph
def touching(graph: Graph) -> csr_array:
    """Row i names what node i has any edge with, verified or not."""
    i, j = graph.ends
    return ones(np.r_[i, j], np.r_[j, i], len(graph))


def members_of(graph: Graph, networks: np.ndarray) -> np.ndarray:
    """Who is a documented member of any of some networks."""
    member, of = relation(graph, "MEMBER_OF")
    found = np.zeros(len(graph), bool)
    found[member[networks[of]]] = True
    return found
