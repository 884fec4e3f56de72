"""SciPy: the measures as formulas on sparse matrices, as one would write them without a graph library."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import eigsh
from tasks import TOP

from peers.base import Peer, rarity
from peers.matrices import directed_matrix, inverse, member_matrix, total, undirected_matrix

BLOCK = 2000
"""How many rows of recommendations are worked out at a time, so that two-paths fit into memory."""


class Adapter(Peer):
    distribution = "scipy"

    def build(self) -> csr_matrix:
        return undirected_matrix(self.network)

    def build_directed(self) -> csr_matrix:
        return directed_matrix(self.network)

    def build_memberships(self) -> csr_matrix:
        return member_matrix(self.network)

    def _links(self) -> csr_matrix:
        links = self.graph.copy()
        links.data[:] = 1
        return links

    def degree(self) -> Any:
        return np.diff(self.graph.indptr)

    def strength(self) -> Any:
        return total(self.graph, 1)

    def pagerank(self) -> Any:
        return _pagerank(self.graph, np.full(self.n, 1 / self.n), 1e-10)

    def pagerank_directed(self) -> Any:
        return _pagerank(self.digraph, np.full(self.n, 1 / self.n), 1e-10)

    def _personal(self, node: int) -> np.ndarray:
        return _pagerank(self.graph, np.eye(1, self.n, node)[0], 1e-8)

    def personal_pagerank(self) -> Any:
        return [self._personal(node) for node in self.walkers]

    def walk(self) -> Any:
        return [self.best(self._personal(node), self.graph[[node]].indices, node) for node in self.walkers]

    def eigenvector(self) -> Any:
        return np.abs(eigsh(self.graph, k=1, which="LA", tol=1e-9)[1][:, 0])

    def components(self) -> Any:
        return connected_components(self.graph, directed=False)[1]

    def constraint(self) -> Any:
        strength = total(self.graph, 1)
        share = (diags(inverse(strength)) @ self.graph).tocsr()
        invested = share + (share @ share).multiply(self._links())
        return np.where(strength > 0, total(invested.multiply(invested), 1), np.nan)

    def effective_size(self) -> Any:
        links, degree = self._links(), np.diff(self.graph.indptr)
        tied_contacts = total((links @ links).multiply(links), 1)
        return np.where(degree > 0, degree - tied_contacts * inverse(degree), np.nan)

    def effective_size_weighted(self) -> Any:
        strength, largest = total(self.graph, 1), self.graph.max(axis=1).toarray().ravel()
        share = diags(inverse(strength)) @ self.graph
        marginal = diags(inverse(largest)) @ self.graph
        redundancy = total((share @ marginal.T).multiply(self._links()), 1)
        return np.where(strength > 0, np.diff(self.graph.indptr) - redundancy, np.nan)

    def roles(self) -> Any:
        return _roles(self.digraph, self.network.sector)

    def adamic_adar_query(self) -> Any:
        return [self._shared_contacts(self.weighed, [node])[0] for node in self.queries]

    def prepare_adamic_adar_query(self) -> None:
        self.links = self._links()
        self.weighed = (self.links @ diags(rarity(self.degree()))).tocsr()

    def adamic_adar_all(self) -> Any:
        return self._all_shared_contacts(rarity(self.degree()))

    def resource_allocation_all(self) -> Any:
        return self._all_shared_contacts(inverse(self.degree()))

    def _all_shared_contacts(self, value: np.ndarray) -> Any:
        self.links = self._links()
        weighed, nodes = (self.links @ diags(value)).tocsr(), range(self.n)
        blocks = (nodes[first : first + BLOCK] for first in range(0, self.n, BLOCK))
        return [top for block in blocks for top in self._shared_contacts(weighed, list(block))]

    def _shared_contacts(self, weighed: csr_matrix, nodes: list[int]) -> list[tuple[np.ndarray, np.ndarray]]:
        scores = (weighed[nodes] @ self.links).tocsr()
        return [_top(scores, row, self.graph, node, [node]) for row, node in enumerate(nodes)]

    def project(self) -> Any:
        return self.memberships @ self.memberships.T

    def tidy_project(self, answer: csr_matrix) -> np.ndarray:
        own = answer.diagonal()
        return np.array([answer.nnz - np.count_nonzero(own), answer.sum() - own.sum()]) / 2

    def spread(self) -> Any:
        takes, out = self.memberships, []
        joins = takes.T.tocsr()
        to_members = (takes @ diags(inverse(total(takes, 0)))).tocsr()
        to_events = (diags(inverse(total(takes, 1))) @ takes).tocsr()
        for first in range(0, self.n, BLOCK):
            scores = ((to_members[first : first + BLOCK] @ joins) @ to_events).tocsr()
            out += [_top(scores, row, takes, first + row, []) for row in range(scores.shape[0])]
        return out


def _pagerank(sent: csr_matrix, restart: np.ndarray, tolerance: float) -> np.ndarray:
    strength = total(sent, 1)
    moves = (diags(inverse(strength)) @ sent).T.tocsr()
    rank, ends, change = restart.copy(), strength == 0, 1.0
    while change > tolerance:
        moved = 0.85 * (moves @ rank + rank[ends].sum() * restart) + 0.15 * restart
        rank, change = moved, np.abs(moved - rank).sum()
    return rank


def _top(scores: csr_matrix, row: int, known: csr_matrix, node: int, also: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """The best columns of a row that the node does not know yet, equal ones by number."""
    cells = slice(scores.indptr[row], scores.indptr[row + 1])
    contacts = known.indices[known.indptr[node] : known.indptr[node + 1]]
    new = ~np.isin(scores.indices[cells], np.r_[contacts, also])
    ids, values = scores.indices[cells][new], scores.data[cells][new]
    if len(values) > TOP:
        good = values >= np.partition(values, len(values) - TOP)[len(values) - TOP]
        ids, values = ids[good], values[good]
    order = np.lexsort((ids, -values))[:TOP]
    return ids[order], values[order]


def _roles(sent: csr_matrix, group: np.ndarray) -> np.ndarray:
    """Gould and Fernandez' five counts: all pairs a -> node -> b, less those of one node and those with a -> b."""
    ties = sent.tocoo()
    same, n = group[ties.row] == group[ties.col], sent.shape[0]

    def counted(chosen: np.ndarray) -> csr_matrix:
        return csr_matrix((np.ones(chosen.sum(), np.int64), (ties.row[chosen], ties.col[chosen])), shape=(n, n))

    def closed(first: csr_matrix, second: csr_matrix, closing: csr_matrix) -> np.ndarray:
        return total((first.T @ closing).multiply(second), 1)

    inside, across = counted(same), counted(~same)
    member = csr_matrix((np.ones(n, np.int64), (np.arange(n), group)))
    own_in, own_out, other_in, other_out = (total(m, axis) for m in (inside, across) for axis in (0, 1))
    one_group = total((across.T @ member).multiply(across @ member), 1)
    mutual_inside, mutual_across = total(inside.multiply(inside.T), 1), total(across.multiply(across.T), 1)
    return np.column_stack(
        [
            own_in * own_out - mutual_inside - closed(inside, inside, inside),
            one_group - mutual_across - closed(across, across, inside),
            own_in * other_out - closed(inside, across, across),
            other_in * own_out - closed(across, inside, across),
            other_in * other_out - one_group - closed(across, across, across),
        ]
    )
