"""A graph in, numbers out; knows no database, no file and no web."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from tsi_graph.analysis import (
    bridging,
    brokerage,
    centrality,
    cohesion,
    ego,
    homophily,
    key_players,
    overview,
    paths,
    proximity,
    robustness,
    role_tests,
    role_totals,
    roles,
    stability,
    two_mode,
    uncertainty,
    what_if,
)
from tsi_graph.analysis.base import Metric, check_options, read_options
from tsi_graph.analysis.gaps import Gap, find_gaps
from tsi_graph.analysis.summary import summary
from tsi_graph.analysis.uncertainty import DRAWN, uncertain
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.graph import Graph, one_mode

__all__ = [
    "DRAWN", "METRICS", "NETWORK_METRICS", "USUAL", "Gap", "Metric", "asked", "compute", "find_gaps", "measure",
    "network_for", "rank", "read_options", "scale", "summary", "uncertain",
]  # fmt: skip

METRICS: dict[str, Metric] = (
    centrality.METRICS
    | paths.METRICS
    | cohesion.METRICS
    | stability.METRICS
    | brokerage.METRICS
    | ego.METRICS
    | roles.METRICS
    | role_tests.METRICS
    | bridging.METRICS
    | two_mode.METRICS
)
"""Of nodes: one number, or a few columns, for each organisation."""
NETWORK_METRICS: dict[str, Metric] = (
    overview.NETWORK_METRICS
    | robustness.NETWORK_METRICS
    | what_if.NETWORK_METRICS
    | homophily.NETWORK_METRICS
    | role_totals.NETWORK_METRICS
    | stability.NETWORK_METRICS
    | key_players.NETWORK_METRICS
    | proximity.NETWORK_METRICS
    | uncertainty.NETWORK_METRICS
)
"""Of the whole network: a small table."""
USUAL = ("degree", "betweenness", "constraint", "community")
"""What is computed where nothing is named, few enough for a line of a terminal beside a name and an id."""


def compute(graph: Graph, names: Iterable[str] = USUAL, **options: Any) -> pd.DataFrame:
    """A table with a row per node, in node order and named by `id`, and a column per metric asked for.

    A metric of several columns gives them all, such as the five `brokerage_roles`. Options go to the
    metrics that take them: `group` names the node attribute whose values are the groups, `seed` fixes what
    is random. Undefined is nan. Raises NotFound for an unknown metric or group, Unusable for an option that
    none of the metrics takes and for a count below 1.

    >>> compute(Graph.from_edges([("a", "b"), ("b", "c")]), ["degree", "constraint"]).loc["b"].to_dict()
    {'degree': 2.0, 'constraint': 0.5}
    """
    metrics = asked(names)
    check_options(list(metrics.values()), options)
    columns: dict[str, Any] = {}
    for name, metric in metrics.items():
        values = metric.function(graph, **{key: options[key] for key in metric.options if key in options})
        columns |= dict(zip(metric.columns, values.T, strict=True)) if metric.columns else {name: values}
    return pd.DataFrame(columns, index=pd.Index(graph.nodes["id"], name="id"))


def measure(graph: Graph, name: str = "overview", **options: Any) -> pd.DataFrame:
    """One metric of the whole network, as its table.

    Raises NotFound for an unknown one, Unusable for an option that it does not take.

    >>> measure(Graph.from_edges([("a", "b"), ("b", "c")]), "bridges")["source"].tolist()
    ['a', 'b']
    """
    if name not in NETWORK_METRICS:
        raise NotFound(f"No metric {name!r} of the whole network. Known: {', '.join(NETWORK_METRICS)}")
    metric = NETWORK_METRICS[name]
    check_options([metric], options)
    table: pd.DataFrame = metric.function(graph, **options)
    return table.reset_index() if table.index.name else table


def network_for(graph: Graph, names: Iterable[str]) -> Graph:
    """The network that these metrics are about: organisations alone, with what they share, or all that is documented.

    Raises Unusable where they are about different ones.
    """
    known = METRICS | NETWORK_METRICS
    modes = {known[name].modes for name in names if name in known}
    if len(modes) > 1:
        raise Unusable("Metrics of two-mode networks are asked for without others: they are about another network.")
    if modes == {0}:
        return graph
    return two_mode.two_mode(graph) if modes == {2} else one_mode(graph)


def rank(table: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """The rows with the most prominent first: the highest, or the lowest where that stands out, as of constraint.

    By betweenness, or the first column, unless told. Undefined comes last, equal values stay in node
    order. Raises Unusable for a column that the table lacks.
    """
    column = by or ("betweenness" if "betweenness" in table else str(table.columns[0]))
    if column not in table:
        raise Unusable(f"Cannot sort by {column!r}; the columns are {', '.join(map(str, table.columns))}.")
    low_leads = column in METRICS and METRICS[column].low_leads
    return table.sort_values(column, ascending=low_leads, kind="stable")


def scale(graph: Graph, name: str, lang: str = "it") -> pd.Series[float]:
    """One metric as the scale of a picture: by node id, named in words, its key in `attrs["metric"]`.

    Raises NotFound for any but one number.
    """
    single = [known for known, metric in METRICS.items() if not metric.columns]
    if name not in single:
        raise NotFound(f"No metric {name!r} to size by. Known: {', '.join(single)}")
    found = compute(graph, [name])[name].rename(METRICS[name].says(lang).rstrip("."))
    found.attrs["metric"] = name
    return found


def asked(names: Iterable[str]) -> dict[str, Metric]:
    """The metrics of nodes with these names, or this one name. Raises NotFound for one that there is not."""
    listed = [names] if isinstance(names, str) else list(names)
    unknown = [name for name in listed if name not in METRICS]
    if unknown:
        raise NotFound(f"No metric {unknown[0]!r}. Known: {', '.join(METRICS)}")
    return {name: METRICS[name] for name in listed}
