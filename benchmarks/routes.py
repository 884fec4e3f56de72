"""How each library comes from a file of ties between names to a graph: yields the graph and its number of edges."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from peers import OURS


def tsi_graph(path: Path) -> tuple[Any, int]:
    from tsi_graph.graph import Graph

    graph = Graph.from_file(path)
    return graph, len(graph.sent.indices) // 2


def networkit(path: Path) -> tuple[Any, int]:
    import networkit

    (source, target), names, weight = _coded(path)
    graph = networkit.GraphFromCoo((weight, (source, target)), n=len(names), weighted=True, directed=False)
    return (graph, list(names)), graph.numberOfEdges()


def igraph(path: Path) -> tuple[Any, int]:
    import igraph

    ends, names, weight = _coded(path)
    graph = igraph.Graph(n=len(names), edges=ends.T)
    graph.es["weight"] = weight
    graph.vs["name"] = list(names)
    return graph, graph.ecount()


def _coded(path: Path) -> tuple[np.ndarray, Any, np.ndarray]:
    import pandas as pd

    table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    code, names = pd.factorize(pd.concat([table["source"], table["target"]], ignore_index=True))
    # NetworKit wants arrays that it may write into.
    return code.reshape(2, -1).copy(), names, table["weight"].to_numpy(dtype=float, copy=True)


def networkx(path: Path) -> tuple[Any, int]:
    import networkx

    graph = networkx.Graph()
    graph.add_weighted_edges_from(_rows(path))
    return graph, graph.number_of_edges()


def rustworkx(path: Path) -> tuple[Any, int]:
    import rustworkx

    graph = rustworkx.PyGraph(multigraph=False)
    place: dict[str, int] = {}
    edges = [(place.setdefault(a, len(place)), place.setdefault(b, len(place)), weight) for a, b, weight in _rows(path)]
    graph.add_nodes_from(list(place))
    graph.add_edges_from(edges)
    return (graph, place), graph.num_edges()


def _rows(path: Path) -> Iterator[tuple[str, str, float]]:
    with open(path, newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for source, target, weight in rows:
            yield source, target, float(weight)


ROUTES: dict[tuple[str, str], Callable[[Path], tuple[Any, int]]] = {
    (OURS, "csv"): tsi_graph,
    (OURS, "parquet"): tsi_graph,
    ("networkit", "csv"): networkit,
    ("networkit", "parquet"): networkit,
    ("igraph", "csv"): igraph,
    ("igraph", "parquet"): igraph,
    ("networkx", "csv"): networkx,
    ("rustworkx", "csv"): rustworkx,
}
