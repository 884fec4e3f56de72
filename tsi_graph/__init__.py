"""Stakeholder network analysis for impact ecosystems: the public names."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# Imported when first used: `import tsi_graph` loads neither NumPy nor pandas.
_HOMES = {
    "read": "importers",
    "open_store": "store",
    "load_graph": "graph",
    "one_mode": "graph",
    "Graph": "graph",
    "View": "graph",
    "compute": "analysis",
    "METRICS": "analysis",
    "find_gaps": "analysis",
    "recommend": "recommend",
    "export": "exports",
}
__all__ = ["__version__", *_HOMES]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"tsi_graph has no {name!r}; it has {', '.join(_HOMES)}")
    return getattr(import_module(f"tsi_graph.{_HOMES[name]}"), name)
