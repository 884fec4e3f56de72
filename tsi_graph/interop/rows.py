"""The tables of a graph as plain rows: what other libraries keep beside a node or an edge."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from tsi_graph.graph import Graph
from tsi_graph.model import EDGE_KINDS

Row = dict[str, Any]


def points(graph: Graph) -> bool:
    """Whether direction means something: it was said, or all edges are documented relations, as A funds B is one."""
    return graph.directed or (len(graph.edges) > 0 and bool(graph.edges["kind"].isin(EDGE_KINDS).all()))


def rows(table: pd.DataFrame) -> list[Row]:
    """Each row as plain Python values; what is blank is left out.

    >>> rows(pd.DataFrame({"id": ["a", "b"], "city": ["Torino", None], "size": [1.5, float("nan")]}))
    [{'id': 'a', 'city': 'Torino', 'size': 1.5}, {'id': 'b'}]
    """
    found: list[Row] = [{} for _ in range(len(table))]
    for column in table.columns:
        for row, value in zip(found, table[column].tolist(), strict=True):
            if not blank(value):
                row[column] = value.item() if isinstance(value, np.generic) else value
    return found


def table(found: Iterable[Row], first: Iterable[str]) -> pd.DataFrame:
    """Rows as a table, the named columns first; ids and other values stay what they are."""
    found = list(found)
    columns = dict.fromkeys([*first, *(name for row in found for name in row)])
    # objects first: 1 stays 1 beside "a", and a list stays a list
    series = {name: pd.Series([row.get(name) for row in found], dtype=object) for name in columns}
    return pd.DataFrame(
        {name: one if name in ("id", "source", "target") else one.infer_objects() for name, one in series.items()}
    )


def columns(of: pd.DataFrame) -> dict[str, str]:
    """The names of a table's columns in order, each with its sort."""
    return {name: str(column.dtype) for name, column in of.items() if isinstance(name, str)}


def restored(found: pd.DataFrame, known: dict[str, str] | None) -> pd.DataFrame:
    """A table with its columns in the order that `columns` gave, those that were all blank too; new ones at the end."""
    for name, sort in (known or {}).items():
        if name not in found:
            values = np.nan if sort.startswith("float") else None
            found[name] = pd.Series([values] * len(found), index=found.index, dtype="float64" if values else object)
    return found[[*(name for name in known or () if name in found), *(n for n in found if n not in (known or {}))]]


def blank(value: object) -> bool:
    """None, NaN, NaT and pandas' NA."""
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)
