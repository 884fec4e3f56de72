"""From an edge list with names in a file to a graph: how long it takes and what it keeps in memory for each edge.

Each measurement is an interpreter of its own (`loading.py ROUTE PATH`); libraries are imported before the clock starts.
"""

from __future__ import annotations

import csv
import ctypes
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from graphs import Network
from peers import OURS
from process import Setting, environment

GOAL = 2.0
"""How many times faster than the best peer."""
KEPT_GOAL = 30
"""Bytes for each edge, names not counted."""


def tsi_graph(path: str) -> Any:
    import pandas as pd

    from tsi_graph.graph import Graph

    graph = Graph.from_edges(pd.read_parquet(path) if path.endswith("parquet") else pd.read_csv(path))
    return graph, len(graph.sent.indices) // 2


def networkit(path: str) -> Any:
    import networkit

    (source, target), names, weight = _coded(path)
    graph = networkit.GraphFromCoo((weight, (source, target)), n=len(names), weighted=True, directed=False)
    return (graph, list(names)), graph.numberOfEdges()


def igraph(path: str) -> Any:
    import igraph

    ends, names, weight = _coded(path)
    graph = igraph.Graph(n=len(names), edges=ends.T)
    graph.es["weight"] = weight
    graph.vs["name"] = list(names)
    return graph, graph.ecount()


def _coded(path: str) -> tuple[np.ndarray, Any, np.ndarray]:
    import pandas as pd

    table = pd.read_parquet(path) if path.endswith("parquet") else pd.read_csv(path)
    code, names = pd.factorize(pd.concat([table["source"], table["target"]], ignore_index=True))
    # NetworKit wants arrays that it may write into.
    return code.reshape(2, -1).copy(), names, table["weight"].to_numpy(dtype=float, copy=True)


def networkx(path: str) -> Any:
    import networkx

    graph = networkx.Graph()
    graph.add_weighted_edges_from(_rows(path))
    return graph, graph.number_of_edges()


def rustworkx(path: str) -> Any:
    import rustworkx

    graph, place = rustworkx.PyGraph(multigraph=False), {}
    edges = [(place.setdefault(a, len(place)), place.setdefault(b, len(place)), weight) for a, b, weight in _rows(path)]
    graph.add_nodes_from(list(place))
    graph.add_edges_from(edges)
    return (graph, place), graph.num_edges()


def _rows(path: str) -> Any:
    with open(path, newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for source, target, weight in rows:
            yield source, target, float(weight)


class Route(NamedTuple):
    """A library, the file that it reads and what is imported beforehand."""

    read: Callable[[str], Any]
    suffix: str
    imports: tuple[str, ...]


_PARQUET = ("pandas", "pyarrow.parquet")
ROUTES = {
    f"{OURS} CSV": Route(tsi_graph, "csv", ("tsi_graph.graph",)),
    f"{OURS} Parquet": Route(tsi_graph, "parquet", (*_PARQUET, "tsi_graph.graph")),
    "networkit CSV": Route(networkit, "csv", ("pandas", "networkit")),
    "networkit Parquet": Route(networkit, "parquet", (*_PARQUET, "networkit")),
    "igraph CSV": Route(igraph, "csv", ("pandas", "igraph")),
    "igraph Parquet": Route(igraph, "parquet", (*_PARQUET, "igraph")),
    "networkx CSV": Route(networkx, "csv", ("networkx",)),
    "rustworkx CSV": Route(rustworkx, "csv", ("rustworkx",)),
}


def measure(setting: Setting, network: Network, python: str, repeats: int) -> dict[str, Any]:
    """By route: median seconds, and the bytes kept and needed at most for each edge; or why there are none."""
    files = setting.data / f"{setting.size}-named"
    if not files.with_suffix(".parquet").exists():
        named = "import pandas, sys; pandas.read_csv(sys.argv[1]).to_parquet(sys.argv[2])"
        _write(network, files.with_suffix(".csv"))
        subprocess.run([python, "-c", named, files.with_suffix(".csv"), files.with_suffix(".parquet")], check=True)
    samples: dict[str, list[dict[str, float]]] = {name: [] for name in ROUTES}
    failed: dict[str, str] = {}
    for _ in range(repeats):
        for name, route in ROUTES.items():
            if name not in failed:
                interpreter = sys.executable if name.startswith(OURS) else python
                reply = _child(interpreter, name, files.with_suffix(f".{route.suffix}"), setting)
                samples[name].append(reply)
                if "error" in reply:
                    failed[name] = reply["error"]
    done = {name: taken for name, taken in samples.items() if name not in failed}
    medians = {name: {k: statistics.median(one[k] for one in taken) for k in taken[0]} for name, taken in done.items()}
    names = network.n * (sys.getsizeof("ORG-0000000") + 8) / len(network.source)
    return {"routes": medians, "failed": failed, "names": names}


def _write(network: Network, path: Path) -> None:
    number = np.random.default_rng(5).permutation(network.n)
    names = [f"ORG-{i:07d}" for i in number.tolist()]
    with open(path, "w") as file:
        file.write("source,target,weight\n")
        for i, j, weight in zip(network.source.tolist(), network.target.tolist(), network.weight.tolist(), strict=True):
            file.write(f"{names[i]},{names[j]},{weight}\n")


def _child(python: str, route: str, path: Path, setting: Setting) -> dict[str, Any]:
    command = [python, __file__, route, str(path)]
    settings = {**environment(setting.threads), "ARROW_DEFAULT_MEMORY_POOL": "system"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=setting.timeout, env=settings)
    except subprocess.TimeoutExpired:
        return {"error": f"over {setting.timeout:.0f} s"}
    if done.returncode:
        return {"error": done.stderr.strip().splitlines()[-1].split(":")[0]}
    return json.loads(done.stdout.splitlines()[-1])


def once(name: str, path: str) -> dict[str, float]:
    """One measurement in this interpreter. Kept is what the process has grown by when all that can go is gone."""
    route = ROUTES[name]
    for module in route.imports:
        import_module(module)
    gc.collect()
    before, cpu, wall = _resident(), time.process_time(), time.perf_counter()
    graph, edges = route.read(path)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    kept = _resident() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
    del graph
    return {"wall": wall, "cpu": cpu, "kept": kept / edges, "peak": peak / edges}


def _resident() -> int:
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(once(*sys.argv[1:])) + "\n")
