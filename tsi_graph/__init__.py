"""Stakeholder network analysis for impact ecosystems: the public names."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tsi_graph import samples as samples
    from tsi_graph.analysis import METRICS as METRICS
    from tsi_graph.analysis import compute as compute
    from tsi_graph.analysis import find_gaps as find_gaps
    from tsi_graph.exports import export as export
    from tsi_graph.exports.notebook import show as show
    from tsi_graph.exports.pyvis import to_pyvis as to_pyvis
    from tsi_graph.graph import Graph as Graph
    from tsi_graph.graph import View as View
    from tsi_graph.graph import load_graph as load_graph
    from tsi_graph.graph import one_mode as one_mode
    from tsi_graph.history import compare as compare
    from tsi_graph.history import conflicts as conflicts
    from tsi_graph.history import history as history
    from tsi_graph.importers import read as read
    from tsi_graph.interop import from_networkx as from_networkx
    from tsi_graph.interop import to_gds as to_gds
    from tsi_graph.interop import to_igraph as to_igraph
    from tsi_graph.interop import to_networkx as to_networkx
    from tsi_graph.interop import to_pandas as to_pandas
    from tsi_graph.recommend import recommend as recommend
    from tsi_graph.store import open_store as open_store

__version__ = "0.1.0"

# Imported when first used: `import tsi_graph` loads neither NumPy nor pandas.
_HOMES = {
    "read": "importers",
    "open_store": "store",
    "load_graph": "graph",
    "one_mode": "graph",
    "Graph": "graph",
    "View": "graph",
    "compare": "history",
    "conflicts": "history",
    "history": "history",
    "compute": "analysis",
    "METRICS": "analysis",
    "find_gaps": "analysis",
    "recommend": "recommend",
    "export": "exports",
    "show": "exports.notebook",
    "to_pyvis": "exports.pyvis",
    "to_networkx": "interop",
    "from_networkx": "interop",
    "to_pandas": "interop",
    "to_igraph": "interop",
    "to_gds": "interop",
}
__all__ = ["__version__", "samples", *_HOMES]


def __getattr__(name: str) -> Any:
    if name == "samples":
        return import_module("tsi_graph.samples")
    if name not in _HOMES:
        raise AttributeError(f"tsi_graph has no {name!r}; it has {', '.join(_HOMES)}")
    return getattr(import_module(f"tsi_graph.{_HOMES[name]}"), name)


class _Package(ModuleType):
    def __setattr__(self, name: str, value: Any) -> None:
        # Importing tsi_graph.recommend binds the subpackage here; the function of that name is what users mean.
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
