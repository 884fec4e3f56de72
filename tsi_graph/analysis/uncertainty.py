"""How far a ranking can be trusted, since ties may be wrong and others were never recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from tsi_graph.analysis.base import Metric, check_options
from tsi_graph.errors import Unusable
from tsi_graph.fields import confidence
from tsi_graph.graph import Graph

KEPT = {3: 0.95, 2: 0.8, 1: 0.5}
"""How likely a documented tie holds, by its confidence: our reading of the levels, not a measurement. High is stated
by the body itself or a named outlet and errs in a name or a date; medium is a secondary page or a light inference;
low was not verified, so as likely as not."""
DRAWS, SEED = 200, 1
INTERVAL = (0.05, 0.95)
NUMBERED = ("component", "community")
"""Metrics whose values are numbers of groups, which have no rank."""
USUAL = ("betweenness", "constraint")
PLACES = ("rank", "rank_low", "rank_high")


def uncertainty(
    graph: Graph,
    names: Iterable[str] = USUAL,
    draws: int = DRAWS,
    seed: int = SEED,
    missing: float = 0.0,
    fold: Callable[[Graph], Graph] | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Each node's value and rank on each metric, and between which ranks it stands as ties come and go: a row each.

    `graph` is the whole one, whose ties have a confidence; each draw keeps each documented tie with the chance
    in `KEPT` (high where there is no confidence), then adds about `missing` times as many that nobody recorded,
    folds what is left (to the network that the metrics are about) and computes anew. Columns: id, metric, value,
    rank (1 stands out most: highest, or lowest where that leads), rank_low and rank_high, the 5th and 95th of a
    hundred draws, or rank itself if that is outside. Undefined has no rank, and in a draw comes last. Equal values
    share the better rank. Raises Unusable for less than one draw or negative missing, NotFound for an unknown
    metric. Costs one fold and one computation a draw; options go to the metrics.

    >>> path = Graph.from_edges(["ab", "bc"])
    >>> uncertainty(path, ["betweenness"])[["id", "value", "rank", "rank_low", "rank_high"]].to_numpy().tolist()
    [['a', 0.0, 2.0, 1.0, 2.0], ['b', 1.0, 1.0, 1.0, 1.0], ['c', 0.0, 2.0, 1.0, 2.0]]
    """
    whole, ranks = _ranked(graph, names, fold, options, draws=draws, seed=seed, missing=missing)
    parts = [
        pd.DataFrame({"id": whole.index, "metric": name, "value": whole[name].to_numpy(float), **ranks[name]})
        for name in ranks
    ]
    columns = ["id", "metric", "value", *PLACES]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def uncertain(
    graph: Graph,
    names: Iterable[str] = USUAL,
    draws: int = DRAWS,
    seed: int = SEED,
    missing: float = 0.0,
    fold: Callable[[Graph], Graph] | None = None,
    **options: Any,
) -> pd.DataFrame:
    """The same as a row per node, as `compute` gives them, each metric with its _rank, _rank_low and _rank_high.

    >>> uncertain(Graph.from_edges(["ab", "bc"]), ["betweenness"]).loc["b"].tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    whole, ranks = _ranked(graph, names, fold, options, draws=draws, seed=seed, missing=missing)
    columns: dict[str, Any] = {}
    for name, places in ranks.items():
        columns |= {name: whole[name], **{f"{name}_{place}": values for place, values in places.items()}}
    return pd.DataFrame(columns, index=whole.index)


def _ranked(
    graph: Graph,
    names: Iterable[str],
    fold: Callable[[Graph], Graph] | None,
    options: dict[str, Any],
    *,
    draws: int,
    seed: int,
    missing: float,
) -> tuple[pd.DataFrame, dict[str, dict[str, np.ndarray]]]:
    """The metrics as documented, and for each of their columns the ranks by place."""
    # Here and not above: that module lists the metrics of this one.
    from tsi_graph.analysis import METRICS, compute, network_for

    check_options([DRAWN], {"draws": draws, "seed": seed, "missing": missing})
    if not 0 <= missing <= 1:
        raise Unusable(f"missing is a share from 0 to 1, not {missing}.")
    asked = [names] if isinstance(names, str) else list(names)
    folded = fold or partial(network_for, names=asked)
    whole = compute(folded(graph), asked, **options)
    lowest = {column for name in asked if METRICS[name].low_leads for column in METRICS[name].columns or (name,)}
    low_leads = np.array([column in lowest for column in whole], dtype=bool)
    now, sample = rank(whole.to_numpy(float), low_leads), np.empty((draws, *whole.shape))
    for ranks, drawn in zip(sample, redrawn(graph, draws, seed, missing), strict=True):
        ranks[:] = rank(compute(folded(drawn), asked, **options).reindex(whole.index).to_numpy(float), low_leads)
    low, high = np.quantile(sample, INTERVAL, axis=0, method="inverted_cdf")
    unranked = whole.isna().to_numpy(bool) | np.array([name in NUMBERED for name in whole], dtype=bool)
    # all ties being right is one of the cases too, though few draws find it
    places = zip(PLACES, (now, np.minimum(low, now), np.maximum(high, now)), strict=True)
    shown = {place: np.where(unranked, np.nan, values) for place, values in places}
    return whole, {str(name): {place: values[:, k] for place, values in shown.items()} for k, name in enumerate(whole)}


def rank(values: np.ndarray, low_leads: np.ndarray) -> np.ndarray:
    """Ranks down each column, 1 for the highest, or the lowest where that leads; equal ones share, undefined is last.

    >>> rank(np.array([[0.5], [2], [2], [np.nan]]), np.array([False])).ravel()
    array([3., 1., 1., 4.])
    """
    out = np.empty(values.shape)
    for k, (column, low) in enumerate(zip(values.T, low_leads, strict=True)):
        # rounded, since the last digits depend on the order in which numbers were added
        scale = np.abs(column[np.isfinite(column)]).max(initial=0) or 1
        key = np.where(np.isnan(column), np.inf, (column if low else -column) / scale).round(10)
        out[:, k] = 1 + np.searchsorted(np.sort(key), key)
    return out


def redrawn(graph: Graph, draws: int, seed: int = SEED, missing: float = 0.0) -> Iterator[Graph]:
    """The graph as it might be: each documented tie there or not, and others that nobody recorded.

    A tie that nobody recorded has the kind and the source of one documented tie and the target of another of
    that kind, so that who has many has more; none is between the same two, in the same kind, as a documented
    one, whichever way round where ties have no direction. Who has no documented tie at all gets none. The same
    for a seed however the table of edges is sorted.
    """
    edges = _sorted(graph)
    chance = np.array([KEPT[level] for level in _levels(edges)])
    random = np.random.default_rng(seed)
    new = Unrecorded(graph, edges)
    for _ in range(draws):
        kept = random.random(len(edges)) < chance
        parts = [edges[kept]]
        if missing:
            parts.append(new.draw(random, int(random.poisson(missing * len(edges)))))
        drawn = pd.concat(parts, ignore_index=True) if missing else parts[0].reset_index(drop=True)
        yield Graph(graph.nodes, drawn, graph.directed, graph.view, graph.imported)


def _sorted(graph: Graph) -> pd.DataFrame:
    """The documented ties, parallel ones each, in an order that does not depend on the table's."""
    keys = [name for name in ("source", "target", "kind", "weight", "confidence", "fact") if name in graph.edges]
    text = {name: graph.edges[name].astype(str).to_numpy(dtype=str) for name in keys}
    order = np.lexsort([text[name] for name in reversed(keys)])
    return graph.edges.iloc[order][keys].reset_index(drop=True)


def _levels(edges: pd.DataFrame) -> list[int]:
    """The confidence of each tie; high where none is said."""
    if "confidence" not in edges:
        return [max(KEPT)] * len(edges)
    blank = edges["confidence"].isna() | edges["confidence"].astype(str).str.strip().eq("")
    said = edges["confidence"].where(~blank, max(KEPT))
    return [int(confidence(level)) for level in said]


class Unrecorded:
    """Ties like the documented ones that are not among them."""

    def __init__(self, graph: Graph, edges: pd.DataFrame) -> None:
        self.edges, self.n, self.directed = edges, len(graph), graph.directed
        self.source, self.target = (graph.ids.get_indexer(pd.Index(edges[end])) for end in ("source", "target"))
        self.kind = np.unique(edges["kind"].to_numpy(str), return_inverse=True)[1]
        self.by_kind = np.argsort(self.kind, kind="stable")
        self.count = np.bincount(self.kind)
        self.first = np.cumsum(self.count) - self.count
        self.documented = self._key(self.kind, self.source, self.target)

    def _key(self, kind: np.ndarray, source: np.ndarray, target: np.ndarray) -> np.ndarray:
        if not self.directed:
            source, target = np.minimum(source, target), np.maximum(source, target)
        key: np.ndarray = (kind.astype(np.int64) * self.n + source) * self.n + target
        return key

    def draw(self, random: np.random.Generator, count: int) -> pd.DataFrame:
        """So many, or as many as are found among four times as many tries."""
        tries = 4 * count + 20 if len(self.edges) else 0
        one = random.integers(len(self.edges), size=tries) if tries else np.zeros(0, dtype=np.int64)
        kind = self.kind[one]
        other = self.by_kind[self.first[kind] + (random.random(tries) * self.count[kind]).astype(np.int64)]
        source, target = self.source[one], self.target[other]
        key = self._key(kind, source, target)
        new = (source != target) & ~np.isin(key, self.documented)
        place = np.flatnonzero(new)[np.sort(np.unique(key[new], return_index=True)[1])][:count]
        target_ids = self.edges["target"].to_numpy()[other[place]]
        return self.edges.iloc[one[place]].assign(target=target_ids)


NETWORK_METRICS = {
    "uncertainty": Metric(
        function=uncertainty,
        meaning="Between which ranks each organisation stands, since documented ties may be wrong and others missing.",
        meaning_it="Fra quali posti sta ogni organizzazione, poiché dei legami possono essere errati e altri mancare.",
        definition="5th and 95th of a hundred ranks over 200 draws (seed 1). Each documented tie is kept, by itself, "
        "with probability .95 (high confidence), .8 (medium) or .5 (low); Poisson(missing * ties) ties are added, each "
        "with the kind and source of one documented tie and the target of another of that kind.",
        convention="Drawn on the whole graph, each of several documents of one tie by itself, then folded; the "
        "probabilities are our reading of the levels. The documented rank is always within. Undefined comes last in a "
        "draw; equal values share the better rank; numbers of groups have none. An isolate of the documented graph "
        "stays one, whatever is missing.",
        cost="200 times a fold and the metrics asked for.",
        cite="Borgatti, Carley & Krackhardt 2006, Social Networks 28:124-136",
        oracle="By hand, and by the probabilities of small networks.",
        differs="A bootstrap with replacement asks about a sample of ties; here each is documented, and may be wrong.",
        options=("names", "draws", "seed", "missing"),
        modes=0,
    ),
}
DRAWN = replace(NETWORK_METRICS["uncertainty"], options=("draws", "seed", "missing"))
"""The same where the metrics are named otherwise."""
