"""sparse-dot-topn: a sparse product that keeps the top of each row.

It cannot leave out those whom a node knows already, so its answers are not compared; its time bounds from below
what the task would cost with it.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags
from sparse_dot_topn import sp_matmul_topn
from tasks import TOP

from peers.base import THREADS, Peer, rarity
from peers.matrices import inverse, member_matrix, total, undirected_matrix


class Adapter(Peer):
    distribution = "sparse-dot-topn"

    @cached_property
    def graph(self) -> csr_matrix:
        links = undirected_matrix(self.network)
        links.data[:] = 1
        return links

    def build_memberships(self) -> csr_matrix:
        return member_matrix(self.network)

    def adamic_adar_all(self) -> Any:
        return self._shared_contacts(rarity(np.diff(self.graph.indptr)))

    def resource_allocation_all(self) -> Any:
        return self._shared_contacts(inverse(np.diff(self.graph.indptr)))

    def _shared_contacts(self, value: np.ndarray) -> csr_matrix:
        return _product(self.graph @ diags(value), self.graph)

    def spread(self) -> Any:
        takes = self.memberships
        to_members = takes @ diags(inverse(total(takes, 0))) @ takes.T
        return _product(to_members, diags(inverse(total(takes, 1))) @ takes)

    def tidy_adamic_adar_all(self, answer: Any) -> None:
        return None

    tidy_resource_allocation_all = tidy_spread = tidy_adamic_adar_all


def _product(left: csr_matrix, right: csr_matrix) -> csr_matrix:
    return sp_matmul_topn(left.tocsr(), right.tocsr(), top_n=TOP, sort=True, n_threads=THREADS)
