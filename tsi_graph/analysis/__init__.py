"""A graph in, numbers out; knows no database, no file and no web."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from tsi_graph.analysis import brokerage, centrality, cohesion, paths, roles
from tsi_graph.analysis.base import Metric
from tsi_graph.analysis.gaps import Gap, find_gaps
from tsi_graph.analysis.summary import summary
from tsi_graph.errors import NotFound
from tsi_graph.graph import Graph

__all__ = ["METRICS", "Gap", "Metric", "compute", "find_gaps", "scale", "summary"]

METRICS: dict[str, Metric] = centrality.METRICS | paths.METRICS | cohesion.METRICS | brokerage.METRICS | roles.METRICS


def compute(graph: Graph, names: Iterable[str] = METRICS, **options: Any) -> pd.DataFrame:
    """A table with a row per node, in node order and named by `id`, and a column per metric asked for.

    A metric of several columns gives them all, such as the five `brokerage_roles`. Options go to the
    metrics that take them: `group` names the node attribute whose values are the groups, `seed` fixes what
    is random. Undefined is nan. Raises NotFound for an unknown metric or group.

    >>> compute(Graph.from_edges([("a", "b"), ("b", "c")]), ["degree", "constraint"]).loc["b"].to_dict()
    {'degree': 2.0, 'constraint': 0.5}
    """
    asked = [names] if isinstance(names, str) else list(names)
    unknown = [name for name in asked if name not in METRICS]
    if unknown:
        raise NotFound(f"No metric {unknown[0]!r}. Known: {', '.join(METRICS)}")
    columns: dict[str, Any] = {}
    for name in asked:
        metric = METRICS[name]
        values = metric.function(graph, **{key: options[key] for key in metric.options if key in options})
        columns |= dict(zip(metric.columns, values.T, strict=True)) if metric.columns else {name: values}
    return pd.DataFrame(columns, index=pd.Index(graph.nodes["id"], name="id"))


def scale(graph: Graph, name: str, lang: str = "it") -> pd.Series[float]:
    """One metric as the scale of a picture: by node id, named in words. Raises NotFound for any but one number."""
    single = [known for known, metric in METRICS.items() if not metric.columns]
    if name not in single:
        raise NotFound(f"No metric {name!r} to size by. Known: {', '.join(single)}")
    return compute(graph, [name])[name].rename(METRICS[name].says(lang).rstrip("."))
