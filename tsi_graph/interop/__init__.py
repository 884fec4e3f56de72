"""A graph to and from other libraries; each is imported in one module here, when it is asked for."""

from __future__ import annotations

from tsi_graph.interop.gds import Projection, to_gds
from tsi_graph.interop.igraph import to_igraph
from tsi_graph.interop.networkx import from_networkx, to_networkx
from tsi_graph.interop.pandas import Tables, to_pandas

__all__ = ["Projection", "Tables", "from_networkx", "to_gds", "to_igraph", "to_networkx", "to_pandas"]
