"""Numbers about positions, each with its meaning."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from tsi_graph.analysis import METRICS, compute
from tsi_graph.errors import NotFound
from tsi_graph.exports.tables import plain

from ..deps import LangDep, Limit, OrganisationsDep

router = APIRouter(prefix="/metrics", tags=["metrics"])


@router.get("")
def metrics(lang: LangDep) -> list[dict[str, Any]]:
    """The metrics there are: what each means, its convention and its source."""
    return [
        {
            "name": name,
            "meaning": metric.says(lang),
            "convention": metric.convention,
            "cite": metric.cite,
        }
        for name, metric in METRICS.items()
    ]


@router.get("/{name}")
def rank(
    graph: OrganisationsDep,
    name: Annotated[str, Path(description="One of /v1/metrics.", examples=["betweenness", "constraint"])],
    group: Annotated[str, Query(description="The attribute whose groups brokers stand between.")] = "sector",
    limit: Limit = 20,
) -> list[dict[str, Any]]:
    """The organisations that score highest on one metric, over documented ties; those for which it is
    undefined come last, with null."""
    if name not in METRICS:
        raise NotFound(f"No metric {name!r}. Known: {', '.join(METRICS)}.")
    table = compute(graph, [name], group=group)
    best = table.sort_values(list(table.columns), ascending=False, kind="stable").head(limit)
    names = graph.nodes.set_index("id")[["name", "name_it"]]
    found: list[dict[str, Any]] = plain(best.join(names))
    return found
