"""From a file of ties between names to a graph: how long it takes and what it keeps in memory for each edge.

Each measurement is an interpreter of its own (`loading.py LIBRARY FILE SMALL_FILE`), which reads the small file
first: what the libraries import, and keep for themselves once and for all, does not count.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from graphs import Network, load
from peers import OURS
from process import Setting, environment
from routes import ROUTES

GOAL = 2.0
"""How many times faster than the best peer."""
KEPT_GOAL = 30
"""Bytes for each edge, names not counted."""
PARQUET = "import pandas, sys; pandas.read_csv(sys.argv[1]).to_parquet(sys.argv[2])"


def measure(setting: Setting, python: str, repeats: int) -> dict[str, Any]:
    """By library and kind of file: median seconds and the bytes kept, and needed at most, for each edge."""
    files, small = (_files(setting.data, size, python) for size in (setting.size, "city"))
    samples: dict[str, list[dict[str, float]]] = {}
    failed: dict[str, str] = {}
    for _ in range(repeats):
        for library, kind in ROUTES:
            name = f"{library} {kind}"
            if name in failed:
                continue
            interpreter = sys.executable if library == OURS else python
            reply = _child([interpreter, __file__, library, str(files[kind]), str(small[kind])], setting)
            if "error" in reply:
                failed[name] = reply["error"]
            else:
                samples.setdefault(name, []).append(reply)
    network = load(setting.data, setting.size)
    names = network.n * (sys.getsizeof("ORG-0000000") + 8) / len(network.source)
    return {"routes": {name: _medians(taken) for name, taken in samples.items()}, "failed": failed, "names": names}


def _medians(samples: list[dict[str, float]]) -> dict[str, float]:
    return {key: float(f"{statistics.median(one[key] for one in samples):.4g}") for key in samples[0]}


def _files(data: Path, size: str, python: str) -> dict[str, Path]:
    """A network as CSV and as Parquet, written where they are not there yet."""
    files = {kind: data / f"{size}-named.{kind}" for kind in ("csv", "parquet")}
    if not files["parquet"].exists():
        _write(load(data, size), files["csv"])
        subprocess.run([python, "-c", PARQUET, files["csv"], files["parquet"]], check=True)
    return files


def _write(network: Network, path: Path) -> None:
    number = np.random.default_rng(5).permutation(network.n)
    names = [f"ORG-{i:07d}" for i in number.tolist()]
    with open(path, "w") as file:
        file.write("source,target,weight\n")
        for i, j, weight in zip(network.source.tolist(), network.target.tolist(), network.weight.tolist(), strict=True):
            file.write(f"{names[i]},{names[j]},{weight}\n")


def _child(command: list[str], setting: Setting) -> dict[str, Any]:
    settings = {**environment(setting.threads), "ARROW_DEFAULT_MEMORY_POOL": "system"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=setting.timeout, env=settings)
    except subprocess.TimeoutExpired:
        return {"error": f"over {setting.timeout:.0f} s"}
    if done.returncode:
        return {"error": done.stderr.strip().splitlines()[-1].split(":")[0]}
    reply: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return reply


def once(library: str, path: Path, small: Path) -> dict[str, float]:
    """One measurement in this interpreter. Kept is what the process has grown by when all that can go is gone."""
    read = ROUTES[library, path.suffix[1:]]
    read(small)
    _let_go()
    before, cpu, wall = _resident(), time.process_time(), time.perf_counter()
    graph, edges = read(path)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    _let_go()
    kept, most = _resident() - before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
    del graph  # until here it had to be kept
    return {"wall": wall, "cpu": cpu, "kept": kept / edges, "peak": most / edges}


def _let_go() -> None:
    """Gives back to the system what is free."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)


def _resident() -> int:
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(once(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))) + "\n")
