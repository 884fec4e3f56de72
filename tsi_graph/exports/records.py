"""A graph as plain rows: what every exchange file is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from tsi_graph.errors import Unusable
from tsi_graph.exports.scene import Look, documented
from tsi_graph.graph import Graph

Value = str | int | float | bool
Row = dict[str, Value]


@dataclass(frozen=True)
class Records:
    """Nodes begin with id and name, edges with source, target, kind and weight; what is blank is left out.

    Values are text, numbers and truth values; ids are text. directed: whether from and to mean something.
    """

    nodes: list[Row]
    edges: list[Row]
    directed: bool


def records(graph: Graph, look: Look) -> Records:
    """The whole graph, the look's size and colour as columns, a measure under its key in whatever language it is told.

    Raises Unusable for ids that are alike as text.
    """
    nodes = graph.nodes.assign(**{
        str(series.attrs.get("metric") or series.name or word): series.reindex(graph.nodes["id"]).to_numpy()
        for word, series in (("size", look.size), ("color", look.color))
        if series is not None
    })  # fmt: skip
    found = rows(nodes, ("id", "name"))
    apart([str(row["id"]) for row in found])
    ties = rows(graph.edges, ("source", "target", "kind", "weight"))
    return Records(found, ties, graph.directed or documented(graph))


def apart(ids: list[str]) -> list[str]:
    """The ids as they are. Raises Unusable where two are alike."""
    if len({*ids}) < len(ids):
        raise Unusable("Two ids are the same when written as text, such as 1 and '1'.")
    return ids


def rows(table: pd.DataFrame, first: tuple[str, ...]) -> list[Row]:
    """The rows of a table, named columns first; ids and ends as text, blanks left out."""
    order = [*(name for name in first if name in table), *(name for name in table.columns if name not in first)]
    found: list[Row] = [{} for _ in range(len(table))]
    for column in order:
        name, always = heading(column), column in ("id", "source", "target")
        for row, value in zip(found, table[column].tolist(), strict=True):
            said = unicode(str(value)) if always else plain(value)
            if always or (said is not None and said != ""):
                row[name] = said  # type: ignore[assignment]
    return found


def columns(found: Iterable[Row], first: tuple[str, ...] = ()) -> list[str]:
    """The columns that any row fills, in the order of their first mention."""
    return list(dict.fromkeys([*first, *(name for row in found for name in row)]))


def numbered(found: list[Row], name: str) -> list[Row]:
    """Each row with its number under a name; a column that is called so is called otherwise.

    >>> numbered([{"key": "a", "key_": "b"}], "key")
    [{'key__': 'a', 'key_': 'b', 'key': 0}]
    """
    taken = columns(found)
    free = f"{name}_"
    while free in taken:
        free += "_"
    return [
        {free if one == name else one: said for one, said in row.items()} | {name: i} for i, row in enumerate(found)
    ]


def heading(column: object) -> str:
    return unicode(str(column))


def unicode(text: str) -> str:
    """Text that files can carry: half of a surrogate pair goes, and NUL, at which many readers stop.

    >>> unicode("a\\ud800b\\x00c")
    'abc'
    """
    return text.encode("utf-8", "ignore").decode("utf-8").replace("\x00", "")


def plain(value: Any) -> Value | None:
    """A value as every format knows it: None for what is blank or infinite, ISO text for dates.

    >>> plain(np.float64("nan")), plain(date(2020, 5, 1)), plain(np.int64(3)), plain(["a"])
    (None, '2020-05-01', 3, "['a']")
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and not np.isfinite(value)):
        return None
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, bool | int | float) else unicode(str(value))
