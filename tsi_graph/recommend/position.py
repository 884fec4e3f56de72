"""Where a body stands in the ecosystem, in sentences: what passes through it, what it joins, who would be cut off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from tsi_graph import kernels
from tsi_graph.analysis.coverage import beyond_membership
from tsi_graph.analysis.cut_off import cut_off
from tsi_graph.analysis.gap_words import group
from tsi_graph.graph import Graph, one_mode
from tsi_graph.language import Words, filled, listed, short
from tsi_graph.recommend.columns import full_names, last_days, of_nodes, row
from tsi_graph.recommend.ports import ecosystem
from tsi_graph.recommend.rules import office
from tsi_graph.recommend.ties import fabric
from tsi_graph.remembered import once_per_graph

NAMED = 4
"""How many of those who would be cut off a sentence names."""
TOP = 10
"""Up to which rank a body is told as a bridge where nobody would be cut off without it."""
VAGUE = ("", "other", "not stated")

WORDS: dict[str, Words] = {
    "bridge": ("È un ponte fra {names}.", "It is a bridge between {names}."),
    "rank_first": (
        "È la prima dell'ecosistema, su {of}, per collegamenti che passano da lei, promotori esclusi.",
        "It ranks first of {of} in the ecosystem by connections passing through it, promoters left out.",
    ),
    "rank": (
        "È la {n}ª dell'ecosistema, su {of}, per collegamenti che passano da lei, promotori esclusi.",
        "It ranks {n} of {of} in the ecosystem by connections passing through it, promoters left out.",
    ),
    "cut_one": (
        "Se si fermasse, 1 organizzazione resterebbe staccata: {names}.",
        "If it stopped, 1 organisation would be cut off: {names}.",
    ),
    "cut": (
        "Se si fermasse, {n} organizzazioni resterebbero staccate: {names}.",
        "If it stopped, {n} organisations would be cut off: {names}.",
    ),
    "cut_more": (
        "Se si fermasse, {n} organizzazioni resterebbero staccate: {names} e altre {more}.",
        "If it stopped, {n} organisations would be cut off: {names} and {more} others.",
    ),
    "cut_none": (
        "Se si fermasse, nessuna organizzazione resterebbe staccata.",
        "If it stopped, no organisation would be cut off.",
    ),
    "no_passage": (
        "Non è un punto di passaggio: si può raggiungere chiunque anche senza di lei.",
        "Not a passage point: everybody can be reached without it.",
    ),
    "no_ties": (
        "Nessun legame documentato oltre all'adesione: la sua posizione non si può dire.",
        "No documented tie beyond membership: its position cannot be told.",
    ),
    "promoter": (
        "Promuove o coordina l'alleanza e per ufficio conosce quasi tutti: resta fuori da questo confronto.",
        "It promotes or coordinates the alliance and knows almost everybody by its office: it is left out of this "
        "comparison.",
    ),
    "closed": (
        "Non è più attiva: resta nella storia, e non si presenta a nessuno.",
        "It is no longer active: it is history, and is introduced to nobody.",
    ),
}


@dataclass(frozen=True)
class Position:
    """What is to be said of where a body stands.

    contacts counts the organisations tied to it, promoters apart. rank is its place among the `of` organisations of
    the ecosystem by connections that pass through them, None where none does and for who is outside of it; bridge
    the two sectors between whose contacts it stands most often; cut_off the ids of those who would be cut off.
    """

    contacts: int
    rank: int | None
    of: int
    bridge: tuple[str, ...]
    cut_off: tuple[str, ...]
    sentences: tuple[str, ...]


def position(graph: Graph, node: str, lang: str = "it") -> Position | None:
    """Where an organisation stands, promoters and membership of the alliance left out; None for what is none.

    Raises NotFound. The ranks of all are worked out once for each graph: nodes times ties.
    """
    at = graph.position(node)
    if not graph.kinds_of("Stakeholder")[at]:
        return None
    if last_days(graph)[at] < fabric(graph).now:
        return Position(0, None, 0, (), (), (filled(lang, WORDS["closed"]),))
    if office(graph)[at]:
        return Position(0, None, 0, (), (), (filled(lang, WORDS["promoter"]),))
    among = organisations(graph)
    here = among.position(node)
    passing, ranks, of = _ranks(graph)
    rank = int(ranks[here]) or None
    contacts = len(row(_ties(among), here))
    passage = bool(passing[here] > 0)
    bridge = _bridge(among, here) if passage else ()
    lost = cut_off(among, here)[0] if passage else np.array([], int)
    names = full_names(among, lang)
    first = sorted(lost.tolist(), key=lambda i: (-len(row(_ties(among), i)), str(among.ids[i])))
    told = _told(contacts, passage, rank, of, bridge, [short(str(names[i])) for i in first], lang)
    return Position(contacts, rank, of, bridge, tuple(str(among.ids[i]) for i in first), told)


def _told(
    contacts: int, passage: bool, rank: int | None, of: int, bridge: tuple[str, ...], lost: list[str], lang: str
) -> tuple[str, ...]:
    if not contacts:
        return (filled(lang, WORDS["no_ties"]),)
    if not passage or (rank and rank > TOP and not lost):
        return (filled(lang, WORDS["no_passage"]),)
    found = []
    if bridge:
        names = listed(lang, [group(sector, lang) for sector in bridge])
        found.append(filled(lang, WORDS["bridge"], names=names))
    if rank:
        found.append(filled(lang, WORDS["rank_first" if rank == 1 else "rank"], n=rank, of=of))
    named = lost[: NAMED - 1] if len(lost) == NAMED + 1 else lost[:NAMED]  # "and 1 others" is nobody's plural
    more = len(lost) - len(named)
    key = "cut_more" if more else ("cut_none", "cut_one")[len(lost)] if len(lost) < 2 else "cut"
    names = ", ".join(named) if more else listed(lang, named)
    return (*found, filled(lang, WORDS[key], n=len(lost), names=names, more=more))


@once_per_graph
def organisations(graph: Graph) -> Graph:
    """The organisations but for the alliance and its promoters, tied by all that is documented but membership of it."""
    out = graph.ids[office(graph)]
    edges = graph.edges[beyond_membership(graph)]
    edges = edges[~edges["source"].isin(out) & ~edges["target"].isin(out)]
    return one_mode(Graph(graph.nodes[~office(graph)].reset_index(drop=True), edges, view=graph.view))


@once_per_graph
def _ranks(graph: Graph) -> tuple[np.ndarray, np.ndarray, int]:
    """What passes through each of `organisations`, its rank among those of the ecosystem, and how many these are.

    The rank is 0 where nothing passes, and for who is not of it.
    """
    among = organisations(graph)
    ours = np.isin(among.ids.to_numpy(object), graph.ids[ecosystem(graph)])
    passing = np.asarray(kernels.betweenness(among.contacts).total).round(9)
    higher = np.searchsorted(np.sort(-passing[ours]), -passing, side="left")
    return passing, np.where(ours & (passing > 0), higher + 1, 0), int(ours.sum())


@once_per_graph
def _ties(among: Graph) -> csr_array:
    return csr_array(among.contacts.matrix())


def _bridge(among: Graph, node: int) -> tuple[str, ...]:
    """The two sectors of which most of a body's contacts know one another only through it; of equals the first."""
    ties, sector = _ties(among), of_nodes(among, "sector")
    near = row(ties, node)
    near = near[~np.isin(sector[near], VAGUE)]
    names, code = np.unique(sector[near], return_inverse=True)
    if len(names) < 2:
        return ()
    size = np.bincount(code)
    met = ties[near][:, near].tocoo()
    pairs = np.outer(size, size).astype(float)
    np.subtract.at(pairs, (code[met.row], code[met.col]), 1.0)
    pairs[np.tril_indices(len(names))] = 0.0
    first, second = np.unravel_index(int(pairs.argmax()), pairs.shape)
    return (str(names[first]), str(names[second])) if pairs[first, second] > 0 else ()
