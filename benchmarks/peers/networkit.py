"""NetworKit: C++ with OpenMP. Its weights are lengths to every search, so those run on a twin without weights."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import networkit
import numpy as np
from networkit import centrality, components
from networkit.community import PLM, ParallelLeiden
from networkit.linkprediction import AdamicAdarIndex, MissingLinksFinder
from tasks import TOP

from peers.base import THREADS, Peer

networkit.setNumberOfThreads(THREADS)


class Adapter(Peer):
    distribution = "networkit"

    def build(self) -> networkit.Graph:
        ends = (self.network.source, self.network.target)
        return networkit.GraphFromCoo((self.network.weight, ends), n=self.n, weighted=True, directed=False)

    def build_directed(self) -> networkit.Graph:
        ends = (self.network.arc_source, self.network.arc_target)
        return networkit.GraphFromCoo((self.network.arc_weight, ends), n=self.n, weighted=True, directed=True)

    @cached_property
    def plain(self) -> networkit.Graph:
        return networkit.graphtools.toUnweighted(self.graph)

    def prepare_degree(self) -> None:
        assert self.plain is not None

    prepare_harmonic = prepare_closeness = prepare_betweenness = prepare_core = prepare_components = prepare_degree
    prepare_articulation_points = prepare_adamic_adar_query = prepare_adamic_adar_all = prepare_degree

    def degree(self) -> Any:
        return centrality.DegreeCentrality(self.plain).run().scores()

    def strength(self) -> Any:
        return [self.graph.weightedDegree(node) for node in range(self.n)]

    def pagerank(self) -> Any:
        return _pagerank(self.graph)

    def pagerank_directed(self) -> Any:
        return _pagerank(self.digraph)

    def eigenvector(self) -> Any:
        return centrality.EigenvectorCentrality(self.graph, 1e-9).run().scores()

    def harmonic(self) -> Any:
        return centrality.HarmonicCloseness(self.plain, False).run().scores()

    def closeness(self) -> Any:
        return centrality.Closeness(self.plain, True, centrality.ClosenessVariant.GENERALIZED).run().scores()

    def tidy_closeness(self, answer: Any) -> np.ndarray:
        # Wasserman and Faust scale by the share of the nodes that a node reaches.
        part = np.asarray(self.components())
        reached = np.bincount(part)[part] - 1
        return np.divide(answer, reached / (self.n - 1), out=np.full(self.n, np.nan), where=reached > 0)

    def betweenness(self) -> Any:
        return centrality.Betweenness(self.plain).run().scores()

    def tidy_betweenness(self, answer: Any) -> np.ndarray:
        return np.asarray(answer) / 2

    def core(self) -> Any:
        return centrality.CoreDecomposition(self.plain).run().scores()

    def components(self) -> Any:
        return components.ConnectedComponents(self.plain).run().getPartition().getVector()

    def articulation_points(self) -> Any:
        return components.BiconnectedComponents(self.plain).run().getComponents()

    def tidy_articulation_points(self, answer: Any) -> np.ndarray:
        parts = [np.asarray(part) for part in answer if len(part) > 1]
        return np.flatnonzero(np.bincount(np.concatenate(parts), minlength=self.n) > 1)

    def louvain(self) -> Any:
        return PLM(self.graph).run().getPartition().getVector()

    def leiden(self) -> Any:
        return ParallelLeiden(self.graph).run().getPartition().getVector()

    def adamic_adar_query(self) -> Any:
        finder = MissingLinksFinder(self.plain)
        return [self._tops(finder.findFromNode(node, 2))[node] for node in self.queries]

    def adamic_adar_all(self) -> Any:
        tops = self._tops(MissingLinksFinder(self.plain).findAtDistance(2))
        return [tops.get(node, ([], [])) for node in range(self.n)]

    def _tops(self, pairs: list[tuple[int, int]]) -> dict[int, tuple[list[int], list[float]]]:
        found: dict[int, list[tuple[float, int]]] = {}
        for (one, other), score in AdamicAdarIndex(self.plain).runOn(pairs):
            found.setdefault(one, []).append((-score, other))
            found.setdefault(other, []).append((-score, one))
        tops = {node: sorted(scored)[:TOP] for node, scored in found.items()}
        return {node: ([other for _, other in top], [-score for score, _ in top]) for node, top in tops.items()}


def _pagerank(graph: networkit.Graph) -> Any:
    algorithm = centrality.PageRank(graph, 0.85, 1e-10, False, centrality.SinkHandling.DistributeSinks)
    algorithm.norm = centrality.Norm.L1_NORM
    return algorithm.run().scores()
