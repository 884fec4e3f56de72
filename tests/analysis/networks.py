"""The networks that several tests of whole networks look at, and what networkx says of them the slow way."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tsi_graph.graph import Graph

# The 32 nodes and 56 ties of pyntacle's `figure_8` (mazzalab/pyntacle, Documentation/source/_static/figure_8.egl),
# by its name and labels figure 8 of Borgatti 2006; what it should give is in pyntacletests/test_sets.
FIGURE_8 = (
    "HS-PS HS-KR BR-WD BR-KR BR-GM BR-BS3 WD-PS WD-KR WD-GM WD-BS3 WD-SF WD-HA PS-WS PS-KR PS-GM PS-BS3 WS-KR WS-GM "
    "WS-BS3 KR-GM KR-BS3 KR-SF KR-JE GM-BS3 GM-SF BS3-SF BS3-JE BS3-LR GS-DI DI-KA DI-HA KA-PH DB-BW BW-PH BW-BM PH-BM "
    "PH-SR BM-HA BM-LK BM-CR BM-SR SR-HB HB-TO HB-CD HB-NP HB-EE TO-MJ TO-BS TO-NP MJ-BS WL-CD CD-BS CD-NP BS-NP "
    "NP-BS2 BS2-MG"
)
TIES = [tuple(tie.split("-")) for tie in FIGURE_8.split()]
EMPTY = pd.DataFrame({"source": pd.Series(dtype=object), "target": pd.Series(dtype=object)})
both_ways = pytest.mark.parametrize("directed", [False, True], ids=["pairs", "arrows"])


def figure_8() -> Graph:
    return Graph.from_edges(TIES)


def random_case(seed: int, n: int, *, directed: bool = False) -> tuple[Graph, nx.Graph]:
    net = nx.gnp_random_graph(n, 2 / n, seed=seed, directed=directed)
    return Graph.from_edges(list(net.edges) or EMPTY, pd.DataFrame({"id": range(n)}), directed=directed), net


def graph_of(net: nx.Graph) -> Graph:
    return Graph.from_edges(list(net.edges) or EMPTY, pd.DataFrame({"id": list(net)}), directed=net.is_directed())


def random_net(seed: int, *, directed: bool = False) -> nx.Graph:
    """Some of them connected, most not."""
    n = 5 + seed % 30
    return nx.gnp_random_graph(n, (1.5 + seed % 3) / n, seed=seed, directed=directed)


def near(net: nx.Graph) -> float:
    """The mean of 1/d over ordered pairs, the slow way."""
    n = len(net)
    total = sum(1 / d for _, far in nx.all_pairs_shortest_path_length(net) for d in far.values() if d)
    return total / (n * (n - 1)) if n > 1 else np.nan


def worth(net: nx.Graph, chosen: set[object], goal: str, steps: int = 2) -> float:
    """What a set is worth by definition."""
    rest = net.subgraph(set(net) - chosen)
    n = len(rest)
    if goal == "fragment":
        parts = nx.weakly_connected_components(rest) if rest.is_directed() else nx.connected_components(rest)
        return 1 - sum(len(part) * (len(part) - 1) for part in parts) / (n * (n - 1))
    if goal == "distance_fragment":
        return 1 - near(rest)
    far = nx.multi_source_dijkstra_path_length(net, chosen, weight=lambda *_: 1)
    if goal == "reach":
        return sum(node not in chosen and d <= steps for node, d in far.items())
    return sum(1 / max(d, 1) for d in far.values()) / len(net)
