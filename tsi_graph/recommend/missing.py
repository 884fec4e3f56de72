"""What is missing, as the team reads it: sectors that do not meet and what would close that, topics, the isolated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tsi_graph.analysis.coverage import beyond_membership, tie_counts
from tsi_graph.analysis.gap_words import group
from tsi_graph.analysis.gaps import Gap, isolated_gaps, sector_gaps
from tsi_graph.analysis.topics import Scheme, schemes
from tsi_graph.graph import MEMBERSHIP, Graph
from tsi_graph.language import filled, listed, short
from tsi_graph.recommend.columns import alliance, documented, full_names, ids, of_nodes
from tsi_graph.recommend.ledger.gap_marks import aside, back, key
from tsi_graph.recommend.ledger.reading import Mark, read_ledger
from tsi_graph.recommend.portfolios.month import this_month
from tsi_graph.recommend.portfolios.portfolio import Proposed
from tsi_graph.recommend.ports import ecosystem
from tsi_graph.recommend.rules import closed, office
from tsi_graph.recommend.ties import fabric
from tsi_graph.remembered import once_per_graph

if TYPE_CHECKING:
    from tsi_graph.store import Store

SHOWN = 3
"""How many gaps between sectors come with what would close them."""
CLOSING = 2
"""How many introductions would close a gap."""

WORDS: dict[str, tuple[str, str]] = {
    "none": (
        "Nessuna coppia con un lavoro in comune documentato; attese circa {n}.",
        "No pair with documented joint work; about {n} expected.",
    ),
    "one": (
        "Una sola coppia con un lavoro in comune documentato; attese circa {n}.",
        "One pair with documented joint work; about {n} expected.",
    ),
    "some": (
        "{seen} coppie con un lavoro in comune documentato; attese circa {n}.",
        "{seen} pairs with documented joint work; about {n} expected.",
    ),
    "trust": (
        "{n} {sector} su {m} hanno almeno un legame documentato.",
        "{n} of {m} {sector} have at least one documented tie.",
    ),
    "trust_one": (
        "1 su {m} ({sector}) ha almeno un legame documentato.",
        "1 of {m} {sector} has at least one documented tie.",
    ),
    "chance": (
        "Lo scarto può anche essere un caso: con numeri così è un indizio, non una prova.",
        "The difference may be chance: with such numbers it is a hint, no proof.",
    ),
    "more": (
        "Lo scarto è più grande di quanto il caso spiegherebbe.",
        "The difference is larger than chance would explain.",
    ),
    "no_gap": (
        "Nessun vuoto più grande di quanto il caso spiegherebbe.",
        "No gap larger than chance would explain.",
    ),
    "no_closing": (
        "Nessun percorso documentato: presentatela voi.",
        "No documented route: introduce it yourselves.",
    ),
    "bare": (
        "Nessun legame documentato se non con l'alleanza o con un tema.",
        "No documented tie but with the alliance or a topic.",
    ),
    "unknown": ("Non si sa nulla: nessun legame e nessuna adesione documentati.",
                "Nothing is known: no documented tie, and no documented membership."),
    "alone": (
        "Compare in un fatto, {fact}, ma senza compagni: è più probabile che manchi un dato.",
        "It is named in one fact, {fact}, without companions: more likely a fact is missing.",
    ),
    "alone_many": (
        "Compare in {n} fatti, ma senza compagni: è più probabile che manchi un dato.",
        "It is named in {n} facts, without companions: more likely a fact is missing.",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class SectorGap:
    """Two sectors with fewer tied pairs than their numbers lead one to expect, and the introductions that would help.

    sizes are the organisations of each sector, documented those of them with a tie. sentences say what is documented
    against what is expected, trust how far to believe it. introductions are None where none were looked for.
    aside is the mark by which the team set it aside.
    """

    key: str
    ids: tuple[str, ...]
    title: str
    observed: int
    expected: float
    significant: bool
    sizes: tuple[int, ...]
    documented: tuple[int, ...]
    sentence: str
    trust: tuple[str, ...]
    introductions: tuple[Proposed, ...] | None
    closing: str
    aside: Mark | None = None
    back: str = ""


@dataclass(frozen=True)
class Isolated:
    """An organisation of the ecosystem that no documented tie joins to another.

    membership: documented, unverified or none. sentence says what is known: nothing, nothing but ties with the
    alliance or a topic, or named in facts without companions.
    """

    key: str
    id: str
    name: str
    sector: str
    membership: str
    facts: int
    sentence: str
    aside: Mark | None = None


@dataclass(frozen=True)
class Missing:
    """All that is missing.

    sectors are the gaps between two, set_aside those of any kind that the team said are none. bare are organisations
    without a documented tie but with the alliance or a topic; alone those named in a fact without companions.
    """

    organisations: int
    ties: int
    sectors: tuple[SectorGap, ...]
    schemes: tuple[Scheme, ...]
    bare: tuple[Isolated, ...]
    alone: tuple[Isolated, ...]
    set_aside: tuple[SectorGap | Isolated, ...]
    no_gap: str

    @property
    def significant(self) -> int:
        """How many pairs of sectors meet less than chance would explain."""
        return sum(one.significant for one in self.sectors)


def missing(
    store: Store,
    graph: Graph,
    structure: Graph,
    lang: str = "it",
    *,
    unverified: Graph | None = None,
    shown: int = SHOWN,
    today: date | None = None,
) -> Missing:
    """What is missing, and for the first gaps between sectors two introductions each that would close them.

    graph: all that is documented, looked at from today; structure: the same without membership of the alliance;
    unverified: with what nobody verified, to tell a claimed membership.
    """
    marks = aside(read_ledger(store), today)
    found = [_sectors(structure, gap, marks, lang) for gap in sector_gaps(structure)]
    kept = [one for one in found if one.aside is None]
    sectors = [_closed(store, graph, one, lang) if k < shown else one for k, one in enumerate(kept)]
    alone = [_isolated(graph, unverified, node, marks, lang) for node in lonely(graph).tolist()]
    there = [one for one in alone if one.aside is None]
    gone: list[SectorGap | Isolated] = [one for one in found if one.aside]
    gone += [one for one in alone if one.aside]
    ours = ecosystem(graph) & ~closed(graph, fabric(graph))
    return Missing(
        organisations=int(ours.sum()), ties=int(beyond_membership(graph).sum()), sectors=tuple(sectors),
        schemes=tuple(schemes(graph, np.asarray(ours), lang)), bare=tuple(one for one in there if not one.facts),
        alone=tuple(one for one in there if one.facts), set_aside=tuple(gone),
        no_gap="" if sectors else filled(lang, WORDS["no_gap"]),
    )  # fmt: skip


def gap_keys(graph: Graph, structure: Graph) -> list[str]:
    """The keys of all gaps that can be set aside."""
    alone = [key(_as_gap(graph, node)) for node in lonely(graph).tolist()]
    return [*(key(gap) for gap in sector_gaps(structure)), *alone]


@once_per_graph
def lonely(graph: Graph) -> np.ndarray:
    """The organisations of the ecosystem, the team apart, that have not closed and share nothing with anybody."""
    woven = fabric(graph)
    ours = np.flatnonzero(ecosystem(graph) & ~closed(graph, woven) & ~office(graph))
    return np.array([node for node in ours.tolist() if not len(woven.near(node))], dtype=int)


def _sectors(structure: Graph, gap: Gap, marks: dict[str, Mark], lang: str) -> SectorGap:
    body, sector = structure.kinds_of("Stakeholder"), of_nodes(structure, "sector")
    some = tie_counts(structure) > 0
    sizes = tuple(int((body & (sector == one)).sum()) for one in gap.ids)
    known = tuple(int((body & some & (sector == one)).sum()) for one in gap.ids)
    names = [group(one, lang) for one in gap.ids]
    title = listed(lang, names)
    said = {0: "none", 1: "one"}.get(gap.observed, "some")
    trust = [
        filled(lang, WORDS["trust_one" if k == 1 else "trust"], n=k, m=m, sector=name)
        for k, m, name in zip(known, sizes, names, strict=True)
    ]
    trust.append(filled(lang, WORDS["more" if gap.significant else "chance"]))
    mark = marks.get(key(gap))
    return SectorGap(
        key=key(gap), ids=gap.ids, title=title[:1].upper() + title[1:], observed=gap.observed, expected=gap.expected,
        significant=gap.significant, sizes=sizes, documented=known,
        sentence=filled(lang, WORDS[said], seen=gap.observed, n=round(gap.expected)), trust=tuple(trust),
        introductions=None, closing="", aside=mark, back=back(mark) if mark else "",
    )  # fmt: skip


def _closed(store: Store, graph: Graph, one: SectorGap, lang: str) -> SectorGap:
    """The gap with the introductions of a month that has nothing but this gap for its objective."""
    first, second = one.ids
    found = this_month(store, graph, "gap", about=f"{first},{second}", size=CLOSING, lang=lang).introductions
    return replace(one, introductions=found, closing="" if found else filled(lang, WORDS["no_closing"]))


def _isolated(graph: Graph, low: Graph | None, node: int, marks: dict[str, Mark], lang: str) -> Isolated:
    body, gap = str(ids(graph)[node]), _as_gap(graph, node)
    facts = _facts(graph, node)
    membership = _membership(graph, low, body)
    none = "bare" if any((end == node).any() for end in graph.ends) else "unknown"
    said = filled(lang, WORDS[none if not facts else "alone" if len(facts) == 1 else "alone_many"],
                  n=len(facts), fact=short(str(full_names(graph, lang)[facts[0]])) if facts else "")  # fmt: skip
    name = short(str(full_names(graph, lang)[node]))
    return Isolated(
        key=key(gap), id=body, name=name, sector=str(of_nodes(graph, "sector")[node]),
        membership=membership, facts=len(facts), sentence=said, aside=marks.get(key(gap)),
    )  # fmt: skip


def _as_gap(graph: Graph, node: int) -> Gap:
    body = str(ids(graph)[node])
    return _known_isolated(graph).get(body) or Gap("isolated", (body,), (body,), 0, (0, 0), {})


@once_per_graph
def _known_isolated(graph: Graph) -> dict[str, Gap]:
    return {gap.ids[0]: gap for gap in isolated_gaps(graph)}


def _facts(graph: Graph, node: int) -> list[int]:
    """The other ends of the ties of a body, those with the alliance itself and its memorandum apart."""
    i, j = _apart_from_the_alliance(graph)
    mine = (i == node) | (j == node)
    found: list[int] = np.where(i[mine] == node, j[mine], i[mine]).tolist()
    return found


@once_per_graph
def _apart_from_the_alliance(graph: Graph) -> tuple[np.ndarray, np.ndarray]:
    i, j = graph.ends
    there = beyond_membership(graph) & ~alliance(graph)[i] & ~alliance(graph)[j]
    return i[there], j[there]


def _membership(graph: Graph, low: Graph | None, body: str) -> str:
    if body in _members(graph, True):
        return "documented"
    return "unverified" if low is not None and body in _members(low, False) else "none"


@once_per_graph
def _members(graph: Graph, sure: bool) -> frozenset[str]:
    """Who is a member of the alliance by documented ties, or by any."""
    edges = graph.edges
    there = (edges["kind"].isin(MEMBERSHIP) & edges["target"].isin(graph.view.home)).to_numpy(bool)
    return frozenset(map(str, edges["source"][there & documented(graph) if sure else there]))
