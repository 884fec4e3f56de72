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


def blank(value: object) -> bool:
    """None, NaN, NaT and pandas' NA."""
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)
