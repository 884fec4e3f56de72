"""networkx: pure Python, with SciPy for PageRank and for the eigenvector."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
from tasks import TOP

from peers.base import Peer


class Adapter(Peer):
    distribution = "networkx"

    def build(self) -> nx.Graph:
        network = self.network
        return self._filled(nx.Graph(), network.source, network.target, network.weight)

    def build_directed(self) -> nx.DiGraph:
        network = self.network
        return self._filled(nx.DiGraph(), network.arc_source, network.arc_target, network.arc_weight)

    def _filled(self, graph: nx.Graph, source: np.ndarray, target: np.ndarray, weight: np.ndarray) -> nx.Graph:
        graph.add_nodes_from(range(self.n))
        graph.add_weighted_edges_from(zip(source.tolist(), target.tolist(), weight.tolist(), strict=True))
        return graph

    def build_memberships(self) -> nx.Graph:
        graph = nx.Graph()
        graph.add_nodes_from(range(self.n + self.network.projects))
        seats = zip(self.network.member.tolist(), (self.network.project + self.n).tolist(), strict=True)
        graph.add_edges_from(seats)
        return graph

    def degree(self) -> Any:
        return dict(self.graph.degree())

    def strength(self) -> Any:
        return dict(self.graph.degree(weight="weight"))

    def pagerank(self) -> Any:
        # networkx multiplies the tolerance by the number of nodes.
        return nx.pagerank(self.graph, tol=1e-10 / self.n, max_iter=500)

    def pagerank_directed(self) -> Any:
        return nx.pagerank(self.digraph, tol=1e-10 / self.n, max_iter=500)

    def eigenvector(self) -> Any:
        largest = max(nx.connected_components(self.graph), key=len)
        return nx.eigenvector_centrality_numpy(self.graph.subgraph(largest), weight="weight")

    def harmonic(self) -> Any:
        return nx.harmonic_centrality(self.graph)

    def closeness(self) -> Any:
        return nx.closeness_centrality(self.graph, wf_improved=False)

    def betweenness(self) -> Any:
        return nx.betweenness_centrality(self.graph, normalized=False)

    def core(self) -> Any:
        return nx.core_number(self.graph)

    def components(self) -> Any:
        return list(nx.connected_components(self.graph))

    def articulation_points(self) -> Any:
        return list(nx.articulation_points(self.graph))

    def bridges(self) -> Any:
        return list(nx.bridges(self.graph))

    def louvain(self) -> Any:
        return nx.community.louvain_communities(self.graph, seed=1)

    def constraint(self) -> Any:
        return nx.constraint(self.graph, weight="weight")

    def effective_size(self) -> Any:
        return nx.effective_size(self.graph)

    def effective_size_weighted(self) -> Any:
        # Node by node: networkx 3.6.1 is wrong for a whole weighted graph (its pull request 8906).
        return nx.effective_size(self.graph, nodes=list(self.graph), weight="weight")

    def adamic_adar_query(self) -> Any:
        return [self._recommended(nx.adamic_adar_index, node) for node in self.queries]

    def adamic_adar_all(self) -> Any:
        return [self._recommended(nx.adamic_adar_index, node) for node in range(self.n)]

    def resource_allocation_all(self) -> Any:
        return [self._recommended(nx.resource_allocation_index, node) for node in range(self.n)]

    def _recommended(self, index: Any, node: int) -> tuple[list[int], list[float]]:
        contacts = self.graph[node]
        others = {other for contact in contacts for other in self.graph[contact]} - set(contacts) - {node}
        scored = sorted((-score, other) for _, other, score in index(self.graph, [(node, other) for other in others]))
        return [other for _, other in scored[:TOP]], [-score for score, _ in scored[:TOP]]

    def _personal(self, node: int) -> np.ndarray:
        return self.values(nx.pagerank(self.graph, personalization={node: 1}, tol=1e-8 / self.n, max_iter=500))

    def personal_pagerank(self) -> Any:
        return [self._personal(node) for node in self.walkers]

    def walk(self) -> Any:
        return [self.best(self._personal(node), list(self.graph[node]), node) for node in self.walkers]

    def project(self) -> Any:
        return nx.bipartite.weighted_projected_graph(self.memberships, range(self.n))

    def tidy_project(self, answer: Any) -> np.ndarray:
        return np.array([answer.number_of_edges(), answer.size(weight="weight")])
