"""What a picture shows, worked out once for paper and page: names, marks, sizes, ties and the words around them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import numpy as np
import pandas as pd

from tsi_graph.errors import Unusable
from tsi_graph.exports.labels import clean, wrap
from tsi_graph.exports.places import positions
from tsi_graph.exports.style import KIND_MARKS, MARKS, SECTOR_MARKS, Mark, category_marks
from tsi_graph.exports.ties import Floats, Ints, Ties, backbone, bundle
from tsi_graph.exports.words import confidence, words
from tsi_graph.graph import Graph
from tsi_graph.language import at, long_date, number, short
from tsi_graph.model import EDGE_KINDS


@dataclass(frozen=True, eq=False)
class Look:
    """How the caller wants it drawn; `last` is the last edition's table of `positions`."""

    color: pd.Series | None = None
    size: pd.Series | None = None
    title: str | None = None
    lead: str | None = None
    footer: str | None = None
    lang: str = "it"
    last: pd.DataFrame | None = None
    facts: Graph | None = None
    """The documented graph that was folded into organisations: it knows in which years each tie was there."""
    metrics: tuple[str, ...] = ("betweenness", "harmonic")
    """What a page offers to size and colour by, beside the number of ties."""
    filters: tuple[str, ...] = ()
    """What a saved view leaves out, in words."""
    logo: str = ""
    """A picture at the head of a page, as a data: address."""


@dataclass(frozen=True, eq=False)
class Scene:
    """Everything to be drawn, in the order of ids; `mark` says which of `marks` each node carries."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    mark: tuple[str, ...]
    marks: dict[str, Mark]
    ties: Ties
    value: Floats
    value_name: str
    look: Look
    view: tuple[str, ...]
    """What the footer says of the choice of data."""

    @cached_property
    def words(self) -> dict[str, str]:
        return words(self.look.lang)

    @cached_property
    def white(self) -> np.ndarray:
        """Which nodes are no organisations."""
        return np.array([self.marks[mark].white for mark in self.mark], dtype=bool)

    @property
    def mixed(self) -> bool:
        """Whether organisations stand beside what they share."""
        return bool(self.white.any())

    @cached_property
    def drawn(self) -> np.ndarray:
        """Which ties stand out: the backbone among organisations only, all ties in a mixed picture.

        Of the same ties the last edition drew the same.
        """
        if self.mixed:
            return np.ones(len(self.ties), dtype=bool)
        last = self.look.last
        if last is None or "ties" not in last.attrs:
            return backbone(self.ties, len(self.ids))
        known = set(last.attrs["ties"])
        before = np.array([f"{self.ids[a]}\t{self.ids[b]}" in known for a, b in self.ties.pairs.tolist()], dtype=bool)
        same = last.attrs.get("of") == self.fingerprint
        return before if same else backbone(self.ties, len(self.ids), before)

    @cached_property
    def fingerprint(self) -> str:
        """What the drawn ties hang on: all ties and their strength."""
        found = blake2b("\n".join(self.ids).encode("utf-8", "replace"), digest_size=10)
        found.update(self.ties.pairs.tobytes())
        found.update(self.ties.weight.tobytes())
        return found.hexdigest()

    @cached_property
    def places(self) -> pd.DataFrame:
        """Where everybody stands, near the place in the last edition; what the next one is to be given."""
        found = positions(self.ids, self.ties[self.drawn], self.look.last)
        found.attrs["of"] = self.fingerprint
        return found

    @cached_property
    def degree(self) -> Ints:
        return self.ties.degree(len(self.ids))

    @cached_property
    def order(self) -> list[int]:
        """Positions, largest value first; equals by number of ties, then by id."""
        return [int(i) for i in np.lexsort((np.arange(len(self.ids)), -self.degree, -self.value))]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        return tuple(wrap(short(name)) for name in self.names)

    @cached_property
    def legend(self) -> list[tuple[str, int]]:
        """The marks in use and how many nodes carry each."""
        count = {mark: self.mark.count(mark) for mark in self.marks}
        return [(mark, n) for mark, n in count.items() if n]

    def radius(self, least: float = 2.0, most: float = 8.0) -> Floats:
        """Points, growing with the square root of the value so that the area means it; shared things smaller."""
        top = max(float(self.value.max(initial=0)), 1e-9)
        return np.asarray((least + (most - least) * np.sqrt(self.value / top)) * np.where(self.white, 0.75, 1.0))

    @property
    def title(self) -> str:
        return clean(self.look.title) if self.look.title else self.words["title_mixed" if self.mixed else "title"]

    @property
    def lead(self) -> str:
        return clean(self.look.lead) if self.look.lead else self.words["lead_mixed" if self.mixed else "lead"]

    def _number(self, value: float) -> str:
        return number(value, self.look.lang)

    @property
    def footer(self) -> str:
        """The caller's words (the date of the data), then what is shown and what is not."""
        w, white = self.words, int(self.white.sum())
        parts = [clean(self.look.footer)] if self.look.footer else []
        parts.append(w["organisations"].format(n=self._number(len(self.ids) - white)))
        if white:
            parts.append(w["shared"].format(n=self._number(white)))
        m, k = self._number(len(self.ties)), self._number(int(self.drawn.sum()))
        parts.append(w["ties"].format(m=m) if self.drawn.all() else w["drawn"].format(m=m, k=k))
        return " · ".join([*parts, *self.look.filters, *self.view])

    @property
    def alt(self) -> str:
        """The picture in two sentences, for those who do not see it."""
        names = ", ".join(short(self.names[i]) for i in self.order[:3])
        white = int(self.white.sum())
        counts = {"n": len(self.ids) - white, "w": white, "m": len(self.ties), "k": int(self.drawn.sum())}
        return self.words["alt_mixed" if self.mixed else "alt"].format(
            names=names, **{key: self._number(value) for key, value in counts.items()}
        )


def scene(graph: Graph, look: Look) -> Scene:
    """The graph as it will be drawn. Raises Unusable for scores or categories that are not numbers or not by id."""
    nodes = graph.nodes.assign(id=graph.nodes["id"].astype(str))
    if nodes["id"].duplicated().any():
        raise Unusable("Two ids are the same when written as text, such as 1 and '1'.")
    nodes = nodes.sort_values("id", ignore_index=True)
    ids = tuple(nodes["id"])
    at = {node: i for i, node in enumerate(ids)}
    edges = graph.edges[["source", "target", "weight", "kind"]].astype({"source": str, "target": str, "kind": str})
    ties = bundle((at[a], at[b], w, kind) for a, b, w, kind in edges.itertuples(index=False, name=None))
    mark, marks = _marks(nodes, look)
    value = ties.degree(len(ids)).astype(float) if look.size is None else _values(ids, look.size)
    name = words(look.lang)["degree"] if look.size is None else clean(look.size.name or words(look.lang)["size"])
    return Scene(ids, _names(nodes, look.lang), mark, marks, ties, value, name, look, view_words(graph, look.lang))


def documented(graph: Graph) -> bool:
    """Whether every edge is a fact of ours, whose direction means something, and not a folded tie."""
    return bool(graph.edges["kind"].isin(EDGE_KINDS).all()) and len(graph.edges) > 0


def _names(nodes: pd.DataFrame, lang: str) -> tuple[str, ...]:
    names = nodes["name"].where(nodes["name"].notna(), nodes["id"])
    if lang == "it" and "name_it" in nodes:
        own = nodes["name_it"]
        names = own.where(own.notna() & (own != ""), names)
    return tuple(clean(name) for name in names)


def _marks(nodes: pd.DataFrame, look: Look) -> tuple[tuple[str, ...], dict[str, Mark]]:
    """The mark of each node: its kind if it is no organisation, else its category, else its sector."""
    sectors = nodes["sector"] if "sector" in nodes else pd.Series("other", index=nodes.index)
    kinds = nodes["kind"].where(nodes["kind"] != "Investor", "Stakeholder")
    sectors = sectors.where(sectors.notna() & (sectors != ""), "other").mask(
        (nodes["kind"] == "Investor") & sectors.isna(), "investor"
    )
    if look.color is None:
        found = (
            KIND_MARKS.get(str(kind), SECTOR_MARKS.get(str(sector), "other"))
            for kind, sector in zip(kinds, sectors, strict=True)
        )
        return tuple(found), MARKS
    color = _by_id(look.color).reindex(nodes["id"])
    white = kinds.isin(KIND_MARKS)
    texts = [None if pd.isna(c) else clean(_whole(c)) for c in color]
    count = pd.Series([t for t, w in zip(texts, white, strict=True) if t and not w], dtype=object).value_counts()
    own = category_marks(sorted(count.index, key=lambda name: (-count[name], name)))
    marks = own | {name: mark for name, mark in MARKS.items() if mark.white or name == "other"}
    return tuple(
        KIND_MARKS[str(kind)] if w else (text if text in own else "other")
        for kind, w, text in zip(kinds, white, texts, strict=True)
    ), marks


def _whole(value: object) -> object:
    """Numbers of groups without the .0 that a column with gaps gives them."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _by_id(series: pd.Series) -> pd.Series:
    if not isinstance(series, pd.Series):
        raise Unusable(f"color and size are a pandas Series indexed by node id, not {type(series).__name__}.")
    out = series.set_axis(series.index.astype(str))
    if out.index.duplicated().any():
        raise Unusable("color and size give each id once.")
    return out


def _values(ids: tuple[str, ...], size: pd.Series) -> Floats:
    """The scores in order; what is undefined or below zero is drawn smallest."""
    try:
        value = _by_id(size).reindex(ids).to_numpy(float)
    except (TypeError, ValueError) as error:
        raise Unusable(f"size is one number for each id; {error}.") from error
    return np.where(np.isfinite(value) & (value > 0), value, 0.0)


def view_words(graph: Graph, lang: str) -> tuple[str, ...]:
    """What a footer says of the choice of data: of which day, how certain, what is left out; and our version."""
    from tsi_graph import __version__

    view, w = graph.view, words(lang)
    out = [_dated(w["imported"], graph.imported, lang)] if graph.imported else []
    out.append(confidence(view.confidence, lang))
    if view.home and not view.membership:
        out.append(w["home"])
    if view.as_of:
        out.append(_dated(w["as_of" if len(view.as_of) == 10 else "as_of_year"], view.as_of, lang))
    if view.without:
        out.append(w["without"].format(n=len(view.without)))
    return (*(part for part in out if part), f"TSI Graph {__version__}")


def _dated(text: str, day: str, lang: str) -> str:
    return text.format(date=long_date(day, lang), at=at(day, lang))
