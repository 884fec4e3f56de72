"""Numbers about positions and about the network as a whole, each with its card."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from tsi_graph.analysis import (
    DRAWN,
    METRICS,
    NETWORK_METRICS,
    Metric,
    asked,
    compute,
    measure,
    network_for,
    rank,
    read_options,
    uncertain,
)
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.exports.tables import plain
from tsi_graph.graph import Graph

from ..deps import GraphDep, LangDep, OrganisationsDep
from ..paging import PageDep

router = APIRouter(tags=["metrics"])

OF_THE_VIEW = {"low", "as_of", "promoters", "lang"}
DRAWS = 50
"""Where none are asked for: a request has its answer in some seconds. The command line takes 200."""
MOST = 2000
"""What one request may ask for of draws, samples or rows, so that it does not hold up the others."""


@router.get("/metrics")
def metrics(lang: LangDep) -> list[dict[str, Any]]:
    """The metrics of organisations: what each means, its definition, conventions and source, and its options.

    What it means is in Italian or English, the rest in English.
    """
    return [{"name": name, **plain(metric.card(lang))} for name, metric in METRICS.items()]


@router.get("/metrics/{name}")
def ranked(
    request: Request,
    organisations: OrganisationsDep,
    graph: GraphDep,
    page: PageDep,
    name: Annotated[str, Path(description="One of /v1/metrics.", examples=["betweenness", "constraint"])],
    uncertainty: Annotated[
        bool, Query(description="Each rank with its interval, as ties are more or less certain.")
    ] = False,
) -> list[Any]:
    """The organisations that stand out most on one metric, over documented ties; undefined comes last, with null.

    The options of the metric, as its card names them, are parameters of the same name, such as `group`; with
    `uncertainty` those of `/v1/network/uncertainty` too: `draws` (50 unless given), `seed` and `missing`.
    """
    [metric] = asked(name).values()
    options = _options(
        request, [metric, *([DRAWN] if uncertainty else [])], OF_THE_VIEW | {"limit", "cursor", "uncertainty"}
    )
    if uncertainty:
        table = uncertain(graph, name, **{"draws": DRAWS, **options})
    else:
        table = compute(_network(metric, name, organisations, graph), name, **options)
    names = graph.nodes.set_index("id")[["name", "name_it"]]
    return list(page.of(plain(names.join(rank(table), how="right"))))


@router.get("/network")
def network_metrics(lang: LangDep) -> list[dict[str, Any]]:
    """The metrics of the whole network: what each means, its definition, conventions and source, and its options.

    What it means is in Italian or English, the rest in English.
    """
    return [{"name": name, **plain(metric.card(lang))} for name, metric in NETWORK_METRICS.items()]


@router.get("/network/{name}")
def measured(
    request: Request,
    organisations: OrganisationsDep,
    graph: GraphDep,
    name: Annotated[str, Path(description="One of /v1/network.", examples=["overview", "ei_index"])],
) -> list[dict[str, Any]]:
    """One metric of the whole network, as the rows of its table.

    The options of the metric, as its card names them, are parameters of the same name.
    """
    metric = NETWORK_METRICS.get(name)
    if metric is None:
        raise NotFound(f"No metric {name!r} of the whole network. Known: {', '.join(NETWORK_METRICS)}.")
    chosen = _network(metric, name, organisations, graph)
    rows: list[dict[str, Any]] = plain(measure(chosen, name, **_options(request, [metric], OF_THE_VIEW)))
    return rows


def _network(metric: Metric, name: str, organisations: Graph, graph: Graph) -> Graph:
    return organisations if metric.modes == 1 else network_for(graph, [name])


def _options(request: Request, metrics: list[Metric], others: set[str]) -> dict[str, Any]:
    options = read_options(metrics, [pair for pair in request.query_params.multi_items() if pair[0] not in others])
    for name, value in options.items():
        if name != "seed" and isinstance(value, int | float) and value > MOST:
            raise Unusable(f"{name} is at most {MOST:,} here, not {value:,}; the command line has no limit.")
    return options
