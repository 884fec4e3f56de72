"""rustworkx: Rust; weights pass through a Python function."""

from __future__ import annotations

from typing import Any

import rustworkx

from peers.base import Peer


class Adapter(Peer):
    distribution = "rustworkx"

    def build(self) -> rustworkx.PyGraph:
        graph, network = rustworkx.PyGraph(multigraph=False), self.network
        graph.add_nodes_from(range(self.n))
        edges = zip(network.source.tolist(), network.target.tolist(), network.weight.tolist(), strict=True)
        graph.add_edges_from(list(edges))
        return graph

    def build_directed(self) -> rustworkx.PyDiGraph:
        graph, network = rustworkx.PyDiGraph(multigraph=False), self.network
        graph.add_nodes_from(range(self.n))
        arcs = zip(network.arc_source.tolist(), network.arc_target.tolist(), network.arc_weight.tolist(), strict=True)
        graph.add_edges_from(list(arcs))
        return graph

    def degree(self) -> Any:
        return [self.graph.degree(node) for node in range(self.n)]

    def pagerank_directed(self) -> Any:
        return rustworkx.pagerank(self.digraph, weight_fn=float, tol=1e-10 / self.n, max_iter=500)

    def eigenvector(self) -> Any:
        return rustworkx.eigenvector_centrality(self.graph, weight_fn=float, max_iter=2000, tol=1e-9)

    def closeness(self) -> Any:
        return rustworkx.closeness_centrality(self.graph, wf_improved=False)

    def betweenness(self) -> Any:
        return rustworkx.betweenness_centrality(self.graph, normalized=False)

    def core(self) -> Any:
        return rustworkx.core_number(self.graph)

    def components(self) -> Any:
        return rustworkx.connected_components(self.graph)

    def articulation_points(self) -> Any:
        return list(rustworkx.articulation_points(self.graph))

    def bridges(self) -> Any:
        return list(rustworkx.bridges(self.graph))
