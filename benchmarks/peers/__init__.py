"""The libraries that are measured side by side: one small adapter each, the class `Adapter` of its module."""

from __future__ import annotations

from importlib import import_module

from graphs import Network

from peers.base import Peer

OURS = "tsi_graph"
NAMES = (
    OURS, "networkx", "igraph", "networkit", "rustworkx", "scikit_network", "scipy_formulas", "graphblas",
    "sparse_dot_topn", "sna", "two_paths",
)  # fmt: skip


def adapter(name: str, network: Network) -> Peer:
    """A library at work on a network."""
    module = import_module(f"peers.{'ours' if name == OURS else name}")
    return module.Adapter(network)
