"""scikit-network: Cython on SciPy matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sknetwork.clustering import Leiden, Louvain
from sknetwork.ranking import Betweenness, PageRank
from sknetwork.topology import get_connected_components, get_core_decomposition

from peers.base import Peer
from peers.matrices import directed_matrix, undirected_matrix


class Adapter(Peer):
    distribution = "scikit-network"

    def build(self) -> csr_matrix:
        return undirected_matrix(self.network)

    def build_directed(self) -> csr_matrix:
        return directed_matrix(self.network)

    def pagerank(self) -> Any:
        return PageRank(n_iter=500, tol=1e-10).fit_predict(self.graph)

    def pagerank_directed(self) -> Any:
        return PageRank(n_iter=500, tol=1e-10).fit_predict(self.digraph)

    def betweenness(self) -> Any:
        return Betweenness().fit_predict(self.graph)

    def core(self) -> Any:
        return get_core_decomposition(self.graph)

    def components(self) -> Any:
        return get_connected_components(self.graph)

    def louvain(self) -> Any:
        return Louvain(random_state=1, return_probs=False, return_aggregate=False).fit_predict(self.graph)

    def leiden(self) -> Any:
        return Leiden(random_state=1, return_probs=False, return_aggregate=False).fit_predict(self.graph)

    def _personal(self, node: int) -> np.ndarray:
        return PageRank(n_iter=500, tol=1e-8).fit_predict(self.graph, weights={node: 1})

    def personal_pagerank(self) -> Any:
        return [self._personal(node) for node in self.walkers]

    def walk(self) -> Any:
        return [self.best(self._personal(node), self.graph[[node]].indices, node) for node in self.walkers]
