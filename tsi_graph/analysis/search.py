"""Finding a body by a few letters: accents, capitals and the order of words do not matter."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, overload

import numpy as np
import pandas as pd

from tsi_graph.errors import Unusable
from tsi_graph.fields import plain
from tsi_graph.graph import Graph
from tsi_graph.model import NODE_KINDS
from tsi_graph.remembered import once_per_graph

Match = Literal["name", "start", "words", "part"]
MATCHES: tuple[Match, ...] = ("name", "start", "words", "part")
"""How well a name fits, the best first: it is the name, the name begins so, words of it do, or it holds the text."""
LONGEST = 200
BETWEEN = re.compile(r"[^a-z0-9]+")
KINDS = ("Stakeholder", "Network", "Project", "Fund", "Topic")
"""Of names that fit equally well, organisations come first."""
COLUMNS = ("name_it", "name", "id")
SHOWN = ("name", "name_it", "kind", "sector", "scope", "city")


@dataclass(frozen=True)
class Found:
    """A body that was found: by which of its names, in which language, and how well that fits."""

    id: str
    name: str
    kind: str
    sector: str
    scope: str
    city: str
    matched: str
    match: Match


@dataclass(frozen=True, eq=False)
class _Index:
    """Every name of every node, folded.

    Of each name: length, node and column say how long it is, whose and which (0 Italian, 1 English, 2 the id), order
    its place among names that fit equally well. words and wholes hold what its words and what it begins with, in
    alphabetical order, each with the name it is from. text is all names one after the other, each from its start on.
    """

    text: str
    starts: np.ndarray
    words: tuple[list[str], np.ndarray]
    wholes: tuple[list[str], np.ndarray]
    length: np.ndarray
    node: np.ndarray
    column: np.ndarray
    order: np.ndarray


def search(
    graph: Graph, text: str, limit: int = 20, kinds: Sequence[str] = (), lang: str = "it", *, skip: int = 0
) -> list[Found]:
    """The nodes with a name that fits a text, the best first; each stands once.

    A name fits if it holds every word of the text as the beginning of one of its own; where that gives nothing, any
    part of a name does. Ranked by how well it fits (`MATCHES`), the Italian name before the English one and the id,
    then organisations first, the shorter name, the id. Blank text finds nobody. kinds: only these and their sorts.
    Raises Unusable for an unknown kind, a limit below 1 and a text that is too long. Costs what it finds.

    >>> import pandas as pd
    >>> nodes = pd.DataFrame({"id": ["a", "b"], "name": ["City of Turin", "Turin"], "name_it": ["Città di Torino", ""]})
    >>> [found.name for found in search(Graph.from_edges([], nodes), "torino citta")]
    ['Città di Torino']
    """
    places, matches = _ranked(graph, text, limit, kinds)
    return _told(graph, places[skip : skip + limit], matches[skip : skip + limit], lang)


def _ranked(graph: Graph, text: str, limit: int, kinds: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Of each node that is found the name by which, as a place in the index, and how well it fits; the best first."""
    unknown = [kind for kind in kinds if kind not in NODE_KINDS]
    if unknown or limit < 1 or len(text) > LONGEST:
        raise Unusable(f"One asks for at least 1, with at most {LONGEST} signs, of: {', '.join(NODE_KINDS)}.")
    words, index = folded(text).split(), _index(graph)
    if not words:
        return np.array([], int), np.array([], int)
    places = _holding(index, words)
    if kinds:
        places = places[_of_kinds(graph, kinds)[index.node[places]]]
    fits = _fits(index, places, words)
    ranked = np.lexsort((index.order[places], fits))
    _, first = np.unique(index.node[places[ranked]], return_index=True)
    best = ranked[np.sort(first)]
    return places[best], fits[best]


def _of_kinds(graph: Graph, kinds: Sequence[str]) -> np.ndarray:
    return np.any([graph.kinds_of(kind) for kind in kinds], axis=0) if kinds else np.ones(len(graph), bool)


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to: a text, kinds of node, a sector and a city, all where blank."""

    text: str = ""
    kinds: tuple[str, ...] = ()
    sector: str = ""
    city: str = ""


def browse(graph: Graph, wanted: Wanted, lang: str = "it") -> Sequence[Found]:
    """All that `search` finds within a sector and a city; without a text all that is there, by name.

    Costs the part of it that is read.
    """
    if folded(wanted.text):
        places, matches = _ranked(graph, wanted.text, max(len(graph), 1), wanted.kinds)
    else:
        places = _by_name(graph, lang)
        places = places[_of_kinds(graph, wanted.kinds)[_index(graph).node[places]]]
        places = places[:0] if wanted.text.strip() else places
        matches = np.zeros(len(places), int)
    nodes, city = _index(graph).node[places], plain(wanted.city)
    right = np.ones(len(places), bool)
    if wanted.sector:
        right &= _cells(graph, "sector")[nodes] == wanted.sector
    if city:
        right &= _cities(graph)[nodes] == city
    return _Hits(graph, places[right], matches[right], lang)


class _Hits(Sequence[Found]):
    """What was found, each put into words when it is read."""

    def __init__(self, graph: Graph, places: np.ndarray, matches: np.ndarray, lang: str) -> None:
        self._graph, self._places, self._matches, self._lang = graph, places, matches, lang

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> Found: ...

    @overload
    def __getitem__(self, at: slice) -> list[Found]: ...

    def __getitem__(self, at: int | slice) -> Found | list[Found]:
        if isinstance(at, slice):
            return _told(self._graph, self._places[at], self._matches[at], self._lang)
        return _told(self._graph, self._places[[at]], self._matches[[at]], self._lang)[0]


@once_per_graph
def _by_name(graph: Graph, lang: str) -> np.ndarray:
    """The first name of each node in a language, as a place in the index, in alphabetical order, then by id."""
    index = _index(graph)
    first = np.full(len(graph), -1)
    for which in (2, 1, 0) if lang == "it" else (2, 0, 1):
        first[index.node[index.column == which]] = np.flatnonzero(index.column == which)
    there = np.flatnonzero(first >= 0).tolist()
    names = _cells(graph, "name")
    if lang == "it":
        names = np.where(_cells(graph, "name_it") == "", names, _cells(graph, "name_it"))
    ids = _cells(graph, "id")
    return np.asarray(first[sorted(there, key=lambda node: (folded(str(names[node])), ids[node]))], int)


@once_per_graph
def _cells(graph: Graph, column: str) -> np.ndarray:
    """A column of the nodes, blank where it holds no text."""
    if column not in graph.nodes:
        return np.full(len(graph), "", object)
    cells = graph.nodes[column].tolist()
    return np.array([str(value) if isinstance(value, str) or column == "id" else "" for value in cells], object)


@once_per_graph
def _cities(graph: Graph) -> np.ndarray:
    return np.array([plain(city) for city in _cells(graph, "city")], object)


def folded(text: str) -> str:
    """How names are compared: plain letters and digits, words with one space between.

    >>> folded("L'Alveare che dice Sì!")
    'l alveare che dice si'
    """
    return BETWEEN.sub(" ", plain(text)).strip()


def _holding(index: _Index, words: Sequence[str]) -> np.ndarray:
    """The names in which all words begin one of theirs; else those that hold all of them anywhere."""
    for find in (_beginning, _anywhere):
        found = find(index, words[0])
        for word in words[1:]:
            found = np.intersect1d(found, find(index, word), assume_unique=True)
        if len(found):
            return found
    return np.array([], int)


def _beginning(index: _Index, wanted: str, *, whole: bool = False) -> np.ndarray:
    """The names of which a word begins with a text; the whole name, if asked for."""
    texts, names = index.wholes if whole else index.words
    return np.unique(names[bisect_left(texts, wanted) : bisect_left(texts, wanted + "\x7f")])


def _anywhere(index: _Index, wanted: str) -> np.ndarray:
    """The names that hold a text."""
    at = np.array([hit.start() for hit in re.finditer(re.escape(wanted), index.text)], int)
    return np.unique(np.searchsorted(index.starts, at, side="right") - 1)


def _fits(index: _Index, places: np.ndarray, words: Sequence[str]) -> np.ndarray:
    """How well each of some names fits, as a place in MATCHES."""
    wanted = " ".join(words)
    by_word = np.isin(places, _beginning(index, words[0]), assume_unique=True)
    begins = np.isin(places, _beginning(index, wanted, whole=True), assume_unique=True)
    return np.where(begins, np.where(index.length[places] == len(wanted), 0, 1), np.where(by_word, 2, 3))


@once_per_graph
def _index(graph: Graph) -> _Index:
    """Built once for each graph; costs folding each name."""
    there = [name for name in COLUMNS if name in graph.nodes]
    told = [
        (folded(str(value)), node, COLUMNS.index(name))
        for name in there
        for node, value in enumerate(graph.nodes[name].tolist())
        if isinstance(value, str) or name == "id"
    ]
    names, node, column = zip(*(one for one in told if one[0]), strict=True) if told else ((), (), ())
    length, whose, which = (np.array(values, np.int64) for values in ([*map(len, names)], node, column))
    starts = np.cumsum([0, *(length + 1)])[:-1]
    italian = np.bincount(whose[which == 0], minlength=len(graph))[whose] > 0
    after = np.where((which == 1) & ~italian, 0, which)  # a body without an Italian name is called by its only one
    ids = pd.factorize(graph.nodes["id"].astype(str), sort=True)[0]
    ranked = np.lexsort((ids[whose], length, np.array(_kind(graph))[whose], after))
    order = np.empty(len(whose), np.int64)
    order[ranked] = np.arange(len(whose))
    words = [(word, place) for place, name in enumerate(names) for word in name.split()]
    return _Index(
        "".join(f"{name}\n" for name in names), starts, _sorted(words),
        _sorted([(name, place) for place, name in enumerate(names)]), length, whose, which, order,
    )  # fmt: skip


def _sorted(told: list[tuple[str, int]]) -> tuple[list[str], np.ndarray]:
    ranked = sorted(told)
    return [text for text, _ in ranked], np.array([place for _, place in ranked], np.int64)


@once_per_graph
def _kind(graph: Graph) -> tuple[int, ...]:
    """The place of each node's kind in KINDS."""
    found = np.full(len(graph), len(KINDS))
    for place, kind in enumerate(KINDS):
        found[graph.kinds_of(kind)] = place
    return tuple(found.tolist())


def _told(graph: Graph, places: np.ndarray, matches: np.ndarray, lang: str) -> list[Found]:
    return [_found(graph, int(place), MATCHES[match], lang) for place, match in zip(places, matches, strict=True)]


def _found(graph: Graph, place: int, match: Match, lang: str) -> Found:
    index = _index(graph)
    node, column = int(index.node[place]), COLUMNS[int(index.column[place])]
    told = {name: str(_cells(graph, name)[node]) for name in SHOWN}
    name = told["name_it"] if lang == "it" and told["name_it"] else told["name"]
    matched = str(_cells(graph, column)[node])
    return Found(
        str(_cells(graph, "id")[node]), name, told["kind"], told["sector"], told["scope"], told["city"], matched, match
    )
