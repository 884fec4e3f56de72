"""What every part of a report is worked out from: the views of the store that it needs, each made once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tsi_graph.errors import Unusable
from tsi_graph.exports.bodies import named
from tsi_graph.exports.charts import chart, drawn, dressed
from tsi_graph.exports.views import SavedView, left
from tsi_graph.graph import MEMBERSHIP, Graph, graph_of, one_mode
from tsi_graph.language import LANGS
from tsi_graph.recommend.doors import Doors, doors
from tsi_graph.recommend.ledger.reading import Considered, Ledger, considered, read_ledger
from tsi_graph.recommend.missing import Missing, missing
from tsi_graph.recommend.ports import ecosystem
from tsi_graph.recommend.rules import closed
from tsi_graph.recommend.ties import fabric
from tsi_graph.reports.content import Figure, Paragraph
from tsi_graph.standing import survivors

if TYPE_CHECKING:
    from tsi_graph.statements import Table
    from tsi_graph.store import Store


@dataclass(frozen=True, eq=False)
class Material:
    """graph: all that is documented, looked at from its day; low: the same with what nobody verified.

    compare: an earlier view as a person writes it, such as 2024; a year before the day looked from unless said.
    places: the file of where everybody stood on the last map, so that they stand there again. saved: the view that left
    these graphs.
    """

    store: Store
    graph: Graph
    low: Graph
    lang: str = "it"
    compare: str | None = None
    today: date = field(default_factory=date.today)
    places: Path | None = None
    saved: SavedView | None = None

    def __post_init__(self) -> None:
        if self.lang not in LANGS:
            raise Unusable(f"No language {self.lang!r}. Known: {', '.join(LANGS)}.")

    @cached_property
    def table(self) -> Table:
        """All that was ever said, without what a saved view leaves out."""
        table = self.store.statements()
        if not self.narrowed:
            return table
        whole, moved, rows = self.ever, survivors(table), table.rows
        kept = graph_of(table, replace(whole.view, without=self.graph.view.without))
        kept = left(self.saved, kept) if self.saved else kept
        bodies, facts = {*whole.ids} - {*kept.ids}, {*whole.edges["fact"]} - {*kept.edges["fact"]}
        ends = [rows[end].map(lambda one: moved.get(one, one)).isin(bodies) for end in ("node", "target")]
        return replace(table, rows=rows[~(ends[0] | ends[1] | rows["fact"].isin(facts))].reset_index(drop=True))

    @property
    def filters(self) -> tuple[str, ...]:
        """What a saved view left out, for the foot of each page and picture."""
        return self.saved.filters(self.lang) if self.saved else ()

    @property
    def narrowed(self) -> bool:
        """Whether the view leaves out anybody: by its filters, or promoters."""
        return bool(self.filters or self.graph.view.without)

    @property
    def logo(self) -> str:
        """That of a saved view, for the head of the first page."""
        return self.saved.logo if self.saved else ""

    def figure(self, name: str, caption: str, **how: Any) -> Figure | Paragraph:
        """A picture by its name, drawn of this graph; where there is nothing to draw, the sentence that says so."""
        made = dressed(chart(self.graph, name, self.lang, **how), self.filters)
        if made.empty:
            return Paragraph(made.alt)
        return Figure(caption, made.alt, made.size, once(lambda form: drawn(made, form)), made.name)

    @cached_property
    def ever(self) -> Graph:
        """Everything there ever was, verified or not, left out or not: for names."""
        return graph_of(self.store.statements(), replace(self.graph.view, as_of=None, confidence=1, without=()))

    def named(self, node: str) -> str:
        """The short name of a body, also of one that is no longer there or that a view leaves out."""
        return named(self.graph if node in self.graph.ids else self.ever, node, self.lang)

    @cached_property
    def ledger(self) -> Ledger:
        """The introductions of whom the view leaves in."""
        found = read_ledger(self.store)
        if not self.narrowed:
            return found
        there = {*self.low.ids}
        kept = tuple(one for one in found.introductions if {one.source, one.target} <= there)
        return replace(found, introductions=kept)

    @cached_property
    def considered(self) -> Considered:
        return considered(self.store, today=self.today)

    @cached_property
    def structure(self) -> Graph:
        """Without membership of the alliance whose map this is, which ties nobody."""
        edges = self.graph.edges
        at_home = edges["kind"].isin(MEMBERSHIP) & edges["target"].isin(self.graph.view.home)
        view = replace(self.graph.view, membership=False)
        kept, seen = edges[~at_home].reset_index(drop=True), self.graph
        return Graph(seen.nodes, kept, view=view, imported=seen.imported, seat=seen.seat)

    @cached_property
    def organisations(self) -> Graph:
        """The organisations alone, tied directly or by what they share."""
        return one_mode(self.structure)

    @cached_property
    def here(self) -> np.ndarray:
        """Which nodes are organisations of the ecosystem that have not closed."""
        return np.asarray(ecosystem(self.graph) & ~closed(self.graph, fabric(self.graph)))

    @cached_property
    def missing(self) -> Missing:
        return missing(self.store, self.graph, self.structure, self.lang, unverified=self.low, today=self.today)

    @cached_property
    def doors(self) -> Doors:
        return doors(self.graph, self.lang, unverified=self.low, ledger=self.considered)

    @property
    def day(self) -> str:
        """The day that the report looks from: that of the view, else that of the last import."""
        return self.graph.view.as_of or self.graph.imported or self.today.isoformat()


def once(draw: Callable[[str], bytes]) -> Callable[[str], bytes]:
    """The same drawing, done once for each format."""
    return cache(draw)
