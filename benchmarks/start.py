"""How long a fresh interpreter takes until there is something to use: help, imports, the first call."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

HELP = "import sys; sys.argv = ['tsi', '--help']; from tsi_graph.cli import main; main()"
FIRST_CALL = """
import time
import numpy as np
began = time.perf_counter()
from tsi_graph import kernels
assert kernels.compiled()
ends = np.array([0, 1, 2]), np.array([1, 2, 0])
kernels.structural_holes(kernels.build(3, *ends, symmetric=True))
print(time.perf_counter() - began)
"""
OURS = {
    "Python alone": "pass",
    "tsi --help": HELP,
    "import tsi_graph": "import tsi_graph",
    "import tsi_graph.kernels, with NumPy": "import tsi_graph.kernels",
}
FIRST = "first call, after NumPy"
PEERS = ("scipy.sparse", "networkx", "igraph", "networkit", "rustworkx", "sknetwork", "graphblas", "sparse_dot_topn")
GOALS = {"tsi --help": 0.025, "import tsi_graph.kernels, with NumPy": 0.110, FIRST: 0.015}
"""Seconds at most."""
ALONE = ("-P", "-c")
"""What is installed is imported, not what lies in the current folder."""


def measure(python: str, repeats: int) -> dict[str, float]:
    """Median seconds of each, interleaved; what fails is left out."""
    commands = {name: [sys.executable, *ALONE, text] for name, text in OURS.items()}
    commands |= {f"import {module}": [python, *ALONE, f"import {module}"] for module in PEERS}
    samples: dict[str, list[float]] = {}
    for _ in range(repeats):
        for name, command in commands.items():
            began = time.perf_counter()
            done = subprocess.run(command, capture_output=True)
            if not done.returncode:
                samples.setdefault(name, []).append(time.perf_counter() - began)
        done = subprocess.run([sys.executable, *ALONE, FIRST_CALL], capture_output=True, text=True)
        if not done.returncode:
            samples.setdefault(FIRST, []).append(float(done.stdout))
    return {name: round(statistics.median(taken), 4) for name, taken in samples.items()}
