"""The chain from one body to another, as pages draw it: who stands in it, and what ties each to the next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tsi_graph.dates import OPEN
from tsi_graph.errors import NotFound
from tsi_graph.exports.bodies import Body, body
from tsi_graph.graph import Graph
from tsi_graph.language import Words, filled, short
from tsi_graph.model import EDGE_KINDS
from tsi_graph.recommend.columns import alliance, full_names, is_kind, of_edges, of_nodes, row, shared
from tsi_graph.recommend.evidence import Evidence, evidence, ties_between
from tsi_graph.recommend.path import Step
from tsi_graph.recommend.ties import prepare

LABELS: dict[str, Words] = {
    "MEMBER_OF": ("aderente", "member"),
    "PARTNER_OF": ("collaborazione", "collaboration"),
    "PART_OF": ("stessa casa", "same house"),
    "FOUNDED": ("stessa casa", "same house"),
    "MANAGES": ("stessa casa", "same house"),
    "SHAREHOLDER_OF": ("socia", "holds shares"),
    "FUNDS": ("finanziamento", "funding"),
    "INVESTS_IN": ("investimento", "investment"),
    "SUPPORTS": ("sostegno", "support"),
    "HOSTS": ("ospitalità", "hosting"),
    "SIGNATORY_OF": ("firma", "signature"),
    "PARTICIPATES_IN": ("partecipazione", "taking part"),
}
"""What ties two neighbours of a chain, in a word or two, whichever of them it starts from."""
WORDS: dict[str, Words] = {
    "together": ("insieme in {name}", "together in {name}"),
    "members": ("aderenti a {name}", "both members of {name}"),
    "fund": ("legate a {name}", "both tied to {name}"),
    "share": ("socia al {percent} %", "holds {percent} %"),
    "undocumented": ("nessun legame documentato", "no documented tie"),
    "no_date": ("senza data", "no date"),
    "since": ("dal {year}", "since {year}"),
    "until": ("fino al {year}", "until {year}"),
    "you": ("voi", "you"),
}


@dataclass(frozen=True)
class Link:
    """What ties two neighbours of a chain: a label, and dates in words, blank where none is known.

    shared says that it is a project, network or fund that both are in, not a tie of their own. sources name every
    place where it is written; documented is false where nothing is; public is false where not everybody may know.
    """

    label: str
    dates: str
    shared: bool
    sources: tuple[str, ...]
    confidence: str
    documented: bool = True
    public: bool = True

    @property
    def told(self) -> str:
        """In one piece, as a letter says it: undated where no date is known."""
        if not self.dates:
            return self.label
        return f"{self.label}, {self.dates}" if self.dates[0].isdigit() else f"{self.label} {self.dates}"


@dataclass(frozen=True)
class Chain:
    """At least two bodies, and what ties each to the next."""

    bodies: tuple[Body, ...]
    links: tuple[Link, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the whole of it is written, each place once."""
        return tuple(dict.fromkeys(source for link in self.links for source in link.sources))


def chain(graph: Graph, nodes: Sequence[str], lang: str) -> Chain:
    """The chain over some nodes, each tie told by its strongest evidence. Raises NotFound for an unknown node."""
    return Chain(
        tuple(_station(graph, node, lang) for node in nodes), tuple(link(graph, a, b, lang) for a, b in pairwise(nodes))
    )


def along(graph: Graph, path: Sequence[Step], lang: str) -> Chain | None:
    """The chain of the steps of a recommendation; None where there are none."""
    return chain(graph, [path[0].source, *(step.target for step in path)], lang) if path else None


def link(graph: Graph, a: str, b: str, lang: str) -> Link:
    """What ties two bodies."""
    i, j = graph.position(a), graph.position(b)
    found = _evidence(graph, i, j)
    if found is None:
        return Link(filled(lang, WORDS["undocumented"]), "", True, (), "", documented=False)
    sources = tuple(filter(None, (part.strip() for part in found.origin.split(" ; "))))
    if found.edge is not None:
        label = _stated(graph, found.edge, lang)
        begin, end = (str(of_edges(graph, column)[found.edge]) for column in ("valid_from", "valid_to"))
        return Link(label, span(begin, end, lang), False, sources, found.confidence, public=found.public)
    assert found.event is not None
    begin, end = (str(of_nodes(graph, column)[found.event]) for column in ("valid_from", "valid_to"))
    dates = span(begin, end, lang) or span("", str(found.year or ""), lang)
    label = _together(graph, found.event, lang)
    return Link(label, dates, True, sources, found.confidence, public=found.public)


def span(begin: str, end: str, lang: str) -> str:
    """From when to when, in years; blank where neither is known.

    >>> span("2024-03", "2026", "it"), span("2019", "", "it"), span("", "2021-06-30", "en"), span("2020", "2020", "it")
    ('2024–2026', 'dal 2019', 'until 2021', '2020')
    """
    first, last = begin[:4], "" if end == OPEN else end[:4]
    if first and last:
        return first if first == last else f"{first}–{last}"
    if first or last:
        return filled(lang, WORDS["since" if first else "until"], year=first or last)
    return ""


def _station(graph: Graph, node: str, lang: str) -> Body:
    """The alliance in a chain is whoever reads this."""
    found = body(graph, node, lang)
    return replace(found, kind=filled(lang, WORDS["you"])) if alliance(graph)[graph.position(node)] else found


def _evidence(graph: Graph, a: int, b: int) -> Evidence | None:
    ties = prepare(graph)
    if not len(ties_between(graph, a, b)) and not len(shared(row(ties.shares, a), row(ties.shares, b))):
        return None
    return evidence(graph, ties, a, b)


def _stated(graph: Graph, edge: int, lang: str) -> str:
    kind = str(of_edges(graph, "kind")[edge])
    share = re.match(r"(\d+(?:[.,]\d+)?) (?:per cent|%)", str(of_edges(graph, "role")[edge]))
    if kind == "SHAREHOLDER_OF" and share:
        return filled(lang, WORDS["share"], percent=share[1])
    known = EDGE_KINDS.get(kind)
    return filled(lang, LABELS.get(kind) or (known.reads if known else ("legame", "tie")))


def _together(graph: Graph, event: int, lang: str) -> str:
    key = "members" if is_kind(graph, "Network")[event] else "fund" if is_kind(graph, "Fund")[event] else "together"
    return filled(lang, WORDS[key], name=short(str(full_names(graph, lang)[event])))


def known(graph: Graph, nodes: Sequence[str]) -> bool:
    """Whether all of some nodes are there."""
    try:
        return all(graph.position(node) >= 0 for node in nodes)
    except NotFound:
        return False
