"""What every part of a report is worked out from: the views of the store that it needs, each made once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tsi_graph.errors import Unusable
from tsi_graph.exports.charts import Chart, drawn
from tsi_graph.graph import MEMBERSHIP, Graph, one_mode
from tsi_graph.recommend.doors import Doors, doors
from tsi_graph.recommend.ledger.reading import Considered, Ledger, considered, read_ledger
from tsi_graph.recommend.missing import Missing, missing
from tsi_graph.recommend.ports import ecosystem
from tsi_graph.recommend.rules import closed
from tsi_graph.recommend.sentences import LANGS
from tsi_graph.recommend.ties import fabric
from tsi_graph.reports.content import Figure

if TYPE_CHECKING:
    from tsi_graph.statements import Table
    from tsi_graph.store import Store


@dataclass(frozen=True, eq=False)
class Material:
    """graph: all that is documented, looked at from its day; low: the same with what nobody verified.

    compare: an earlier view as a person writes it, such as 2024; a year before the day looked from unless said.
    places: the file of where everybody stood on the last map, so that they stand there again.
    """

    store: Store
    graph: Graph
    low: Graph
    lang: str = "it"
    compare: str | None = None
    today: date = field(default_factory=date.today)
    places: Path | None = None

    def __post_init__(self) -> None:
        if self.lang not in LANGS:
            raise Unusable(f"No language {self.lang!r}. Known: {', '.join(LANGS)}.")

    @cached_property
    def table(self) -> Table:
        return self.store.statements()

    @cached_property
    def ledger(self) -> Ledger:
        return read_ledger(self.store)

    @cached_property
    def considered(self) -> Considered:
        return considered(self.store, today=self.today)

    @cached_property
    def structure(self) -> Graph:
        """Without membership of the alliance whose map this is, which ties nobody."""
        edges = self.graph.edges
        at_home = edges["kind"].isin(MEMBERSHIP) & edges["target"].isin(self.graph.view.home)
        view = replace(self.graph.view, membership=False)
        return Graph(self.graph.nodes, edges[~at_home].reset_index(drop=True), view=view, imported=self.graph.imported)

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


def figure(chart: Chart, caption: str) -> Figure:
    """A chart as a picture of a report."""
    return Figure(caption, chart.alt, chart.size, once(lambda form: drawn(chart, form)), chart.name)


def once(draw: Callable[[str], bytes]) -> Callable[[str], bytes]:
    """The same drawing, done once for each format."""
    return cache(draw)


def long_date(day: str, lang: str) -> str:
    """A day, a month or a year as people write it.

    >>> long_date("2026-11-29", "it"), long_date("2026-11", "en"), long_date("2026", "it")
    ('29 novembre 2026', 'November 2026', '2026')
    """
    from babel.dates import format_date

    year, month, one = (*map(int, day.split("-")), 0, 0)[:3]
    if not month:
        return str(year)
    pattern = "d MMMM y" if one else "MMMM y"
    return format_date(date(year, month, one or 1), pattern, locale=lang)
