"""The product: its kernels, as somebody calls them who holds a graph."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

import tsi_graph
from peers.base import Peer, rarity
from tsi_graph import kernels
from tsi_graph.analysis.cohesion import community
from tsi_graph.graph import Graph
from tsi_graph.kernels import Csr


class Sides(NamedTuple):
    """Ties both ways round, as a graph keeps them."""

    sent: Csr
    received: Csr


class Adapter(Peer):
    def version(self) -> str:
        if not kernels.compiled():
            raise RuntimeError("the kernels are not compiled: this would measure their readable twins")
        return tsi_graph.__version__

    def build(self) -> Csr:
        network = self.network
        return kernels.build(self.n, network.source, network.target, network.weight, symmetric=True)

    def build_directed(self) -> Sides:
        network = self.network
        sent = kernels.build(self.n, network.arc_source, network.arc_target, network.arc_weight, symmetric=False)
        return Sides(sent, kernels.transpose(sent))

    def build_memberships(self) -> Sides:
        network = self.network
        seats = (self.n, network.member, network.project, None)
        takes = kernels.build(*seats, symmetric=False, columns=network.projects)
        return Sides(takes, kernels.transpose(takes))

    def degree(self) -> Any:
        return self.graph.degrees

    def strength(self) -> Any:
        return kernels.strength(self.graph)

    def pagerank(self) -> Any:
        return kernels.pagerank(self.graph, kernels.strength(self.graph), symmetric=True)

    def pagerank_directed(self) -> Any:
        sent, received = self.digraph
        return kernels.pagerank(received, kernels.strength(sent), symmetric=False)

    def eigenvector(self) -> Any:
        return kernels.eigenvector(self.graph)

    def harmonic(self) -> Any:
        return kernels.distances(self.graph, self.graph).harmonic

    def closeness(self) -> Any:
        found = kernels.distances(self.graph, self.graph)
        return found.reached / np.where(found.steps > 0, found.steps, np.nan)

    def harmonic_sampled(self) -> Any:
        return kernels.distances(self.graph, self.graph, np.array(self.many_sources)).harmonic

    def tidy_harmonic_sampled(self, answer: np.ndarray) -> np.ndarray:
        return np.array([answer.sum()])

    def betweenness(self) -> Any:
        return kernels.betweenness(self.graph).total

    def betweenness_sampled(self) -> Any:
        return kernels.betweenness(self.graph, np.array(self.sources)).total

    def tidy_betweenness(self, answer: np.ndarray) -> np.ndarray:
        return answer / 2

    tidy_betweenness_sampled = tidy_betweenness

    def core(self) -> Any:
        return kernels.core(self.graph)

    def components(self) -> Any:
        return kernels.components(self.graph)

    def articulation_points(self) -> Any:
        return np.flatnonzero(kernels.cuts(self.graph)[0])

    def bridges(self) -> Any:
        return kernels.cuts(self.graph)[1]

    def prepare_leiden(self) -> None:
        ids = np.arange(self.n).astype(str)
        self.named = Graph(pd.DataFrame({"id": ids, "kind": "Stakeholder", "name": ids}), self.graph)

    def leiden(self) -> Any:
        return community(self.named)

    prepare_louvain, louvain = prepare_leiden, leiden

    def constraint(self) -> Any:
        return kernels.structural_holes(self.graph).constraint

    def effective_size(self) -> Any:
        plain = Csr(self.graph.indptr, self.graph.indices, None, self.graph.columns)
        return kernels.structural_holes(plain).effective_size

    def effective_size_weighted(self) -> Any:
        return kernels.structural_holes(self.graph).effective_size

    def roles(self) -> Any:
        sector = self.network.sector
        return kernels.roles(*self.digraph, sector, int(sector.max()) + 1)

    def prepare_adamic_adar_query(self) -> None:
        self.rarity = rarity(self.graph.degrees)

    def adamic_adar_query(self) -> Any:
        return [kernels.shared_contacts(self.graph, self.rarity, np.array([node])) for node in self.queries]

    def adamic_adar_all(self) -> Any:
        return [kernels.shared_contacts(self.graph, rarity(self.graph.degrees))]

    def resource_allocation_all(self) -> Any:
        return [kernels.shared_contacts(self.graph, 1 / np.maximum(self.graph.degrees, 1))]

    def prepare_walk(self) -> None:
        self.sent = kernels.strength(self.graph)

    prepare_personal_pagerank = prepare_walk

    def personal_pagerank(self) -> Any:
        starts = (np.eye(1, self.n, node)[0] for node in self.walkers)
        return [kernels.pagerank(self.graph, self.sent, start, symmetric=True, tolerance=1e-8) for start in starts]

    def walk(self) -> Any:
        return [kernels.walk(self.graph, self.sent, np.array([node])) for node in self.walkers]

    def project(self) -> Any:
        return kernels.project(*self.memberships, np.ones(self.network.projects))

    def tidy_project(self, answer: Csr) -> np.ndarray:
        return np.array([len(answer.indices), answer.values.sum()]) / 2

    def spread(self) -> Any:
        return [kernels.spread(*self.memberships)]

    def tidy_spread(self, answer: list[kernels.Top]) -> list[tuple[np.ndarray, np.ndarray]]:
        return [(ids[ids >= 0], scores[ids >= 0]) for top in answer for ids, scores in zip(*top, strict=True)]

    tidy_adamic_adar_query = tidy_adamic_adar_all = tidy_resource_allocation_all = tidy_walk = tidy_spread
