"""The tables of a graph as arrays: words, kinds and dates of nodes and edges, in the order of the rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from tsi_graph.dates import LAST, OPEN, days
from tsi_graph.graph import Graph
from tsi_graph.language import LANGS
from tsi_graph.recommend.constants import DOCUMENTED
from tsi_graph.remembered import once_per_graph


def row(matrix: csr_array, node: int) -> np.ndarray:
    """The positions that a row of a matrix names; indexing the matrix would cost a hundred times more."""
    found: np.ndarray = matrix.indices[matrix.indptr[node] : matrix.indptr[node + 1]]
    return found


def values(matrix: csr_array, node: int) -> np.ndarray:
    """The values beside the positions of `row`."""
    found: np.ndarray = matrix.data[matrix.indptr[node] : matrix.indptr[node + 1]]
    return found


def shared(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The positions that stand in both; neither holds any twice."""
    return np.intersect1d(one, other, assume_unique=True)


def text(table: pd.DataFrame, column: str) -> np.ndarray:
    """A column as text, blank where it is missing or nothing stands in it."""
    if column not in table:
        return np.full(len(table), "", dtype=object)
    return table[column].astype(object).where(table[column].notna(), "").astype(str).to_numpy(object)


@once_per_graph
def of_nodes(graph: Graph, column: str) -> np.ndarray:
    """A column of the nodes as text."""
    return text(graph.nodes, column)


@once_per_graph
def of_edges(graph: Graph, column: str) -> np.ndarray:
    """A column of the edges as text."""
    return text(graph.edges, column)


@once_per_graph
def is_kind(graph: Graph, base: str) -> np.ndarray:
    """Which nodes are of a kind or of a sort of it."""
    return graph.kinds_of(base)


@once_per_graph
def alliance(graph: Graph) -> np.ndarray:
    """Which nodes are the alliance itself (the view's, else Torino Social Impact): membership of it ties nobody."""
    return graph.nodes["id"].isin(graph.view.home).to_numpy(bool)


@once_per_graph
def full_names(graph: Graph, lang: str) -> np.ndarray:
    """What each node is called in one language."""
    names, italian = of_nodes(graph, "name"), of_nodes(graph, "name_it")
    return np.where(italian != "", italian, names) if lang == LANGS[0] else names


@once_per_graph
def ids(graph: Graph) -> np.ndarray:
    """The id of each node."""
    return graph.nodes["id"].to_numpy(object)


@once_per_graph
def last_days(graph: Graph, of: str = "nodes") -> np.ndarray:
    """The last day of each node or edge, in years; nan where no end is documented."""
    return years(of_nodes(graph, "valid_to") if of == "nodes" else of_edges(graph, "valid_to"))


@once_per_graph
def codes(graph: Graph, column: str) -> np.ndarray:
    """A number for each word of a column of the nodes; -1 where it is blank."""
    words = of_nodes(graph, column)
    found = pd.factorize(words)[0]
    return np.asarray(np.where(words == "", -1, found))


@once_per_graph
def by_id(graph: Graph) -> np.ndarray:
    """The rank of each id among all: who comes first among equals, whatever the order of the rows."""
    rank = np.empty(len(graph), np.int64)
    rank[np.argsort(graph.nodes["id"].astype(str).to_numpy(object), kind="stable")] = np.arange(len(graph))
    return rank


@once_per_graph
def documented(graph: Graph) -> np.ndarray:
    """Which edges somebody verified; all of a table that does not say."""
    if "confidence" not in graph.edges:
        return np.ones(len(graph.edges), bool)
    return np.asarray(graph.edges["confidence"].to_numpy(float) >= DOCUMENTED)


def years(dates: np.ndarray) -> np.ndarray:
    """The last day that each date may be, in years; nan where blank, far ahead where still open."""
    known = {word: as_year(word) for word in set(dates)}
    return np.array([known[word] for word in dates], dtype=float)


def as_year(date: str) -> float:
    """The last day that a date may be, in years: 2018-07 is about 2018.6. nan where blank."""
    if not date:
        return np.nan
    last = LAST if date == OPEN else days(date)[1]
    return last // 10000 + (last // 100 % 100 - 1) / 12 + (last % 100 - 1) / 372


@once_per_graph
def clock(graph: Graph) -> float:
    """The day looked from, in years: that of the view, else that of the last import.

    Where neither says, the newest day on which anything began, or the newest end where nothing has a start;
    nan without dates.
    """
    day = graph.view.as_of or graph.view.today or graph.imported
    if day:
        return as_year(day)
    for column in ("valid_from", "valid_to"):
        found = np.r_[years(of_nodes(graph, column)), years(of_edges(graph, column))]
        found = found[found < LAST // 10000]
        if len(found):
            return float(found.max())
    return float("nan")


@once_per_graph
def patronage(graph: Graph) -> np.ndarray:
    """Which edges say that somebody backs a network, an anniversary of it say: that opens no door."""
    return np.asarray((of_edges(graph, "kind") == "SUPPORTS") & is_kind(graph, "Network")[graph.ends[1]])
