"""python-igraph: C, one thread."""

from __future__ import annotations

from typing import Any

import igraph
import numpy as np

from peers.base import Peer


class Adapter(Peer):
    distribution = "igraph"

    def build(self) -> igraph.Graph:
        graph = igraph.Graph(n=self.n, edges=np.column_stack([self.network.source, self.network.target]))
        graph.es["weight"] = self.network.weight
        return graph

    def build_directed(self) -> igraph.Graph:
        arcs = np.column_stack([self.network.arc_source, self.network.arc_target])
        graph = igraph.Graph(n=self.n, edges=arcs, directed=True)
        graph.es["weight"] = self.network.arc_weight
        return graph

    def build_memberships(self) -> igraph.Graph:
        seats = np.column_stack([self.network.member, self.network.project + self.n])
        return igraph.Graph.Bipartite([0] * self.n + [1] * self.network.projects, seats)

    def degree(self) -> Any:
        return self.graph.degree()

    def strength(self) -> Any:
        return self.graph.strength(weights="weight")

    def pagerank(self) -> Any:
        return self.graph.pagerank(weights="weight")

    def pagerank_directed(self) -> Any:
        return self.digraph.pagerank(weights="weight")

    def eigenvector(self) -> Any:
        return self.graph.eigenvector_centrality(weights="weight")

    def harmonic(self) -> Any:
        return self.graph.harmonic_centrality(normalized=False)

    def closeness(self) -> Any:
        return self.graph.closeness()

    def harmonic_sampled(self) -> Any:
        return self.graph.harmonic_centrality(vertices=self.many_sources, normalized=False)

    def tidy_harmonic_sampled(self, answer: Any) -> np.ndarray:
        # A value for each source where others have one for each node: the sums are the same.
        return np.array([sum(answer)])

    def betweenness(self) -> Any:
        return self.graph.betweenness()

    def betweenness_sampled(self) -> Any:
        return self.graph.betweenness(sources=self.sources)

    def core(self) -> Any:
        return self.graph.coreness()

    def components(self) -> Any:
        return self.graph.connected_components().membership

    def articulation_points(self) -> Any:
        return self.graph.articulation_points()

    def bridges(self) -> Any:
        return self.graph.bridges()

    def tidy_bridges(self, answer: Any) -> list[tuple[int, int]]:
        return [self.graph.es[edge].tuple for edge in answer]

    def louvain(self) -> Any:
        return self.graph.community_multilevel(weights="weight").membership

    def leiden(self) -> Any:
        found = self.graph.community_leiden(objective_function="modularity", weights="weight", n_iterations=2)
        return found.membership

    def constraint(self) -> Any:
        return self.graph.constraint(weights="weight")

    def adamic_adar_query(self) -> Any:
        return [self._similar([node])[0] for node in self.queries]

    def adamic_adar_all(self) -> Any:
        blocks = (range(first, min(first + 500, self.n)) for first in range(0, self.n, 500))
        return [top for block in blocks for top in self._similar(list(block))]

    def _similar(self, nodes: list[int]) -> list[tuple[np.ndarray, np.ndarray]]:
        rows = self.graph.similarity_inverse_log_weighted(vertices=nodes)
        return [self.best(row, self.graph.neighbors(node), node) for node, row in zip(nodes, rows, strict=True)]

    def _personal(self, node: int) -> Any:
        return self.graph.personalized_pagerank(reset_vertices=[node], weights="weight")

    def personal_pagerank(self) -> Any:
        return [self._personal(node) for node in self.walkers]

    def walk(self) -> Any:
        return [self.best(self._personal(node), self.graph.neighbors(node), node) for node in self.walkers]

    def project(self) -> Any:
        return self.memberships.bipartite_projection(multiplicity=True, which=0)

    def tidy_project(self, answer: Any) -> np.ndarray:
        return np.array([answer.ecount(), sum(answer.es["weight"])])
