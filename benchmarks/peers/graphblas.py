"""SuiteSparse:GraphBLAS through python-graphblas: the formulas as masked products, so that two-paths are not kept."""

from __future__ import annotations

from typing import Any

import graphblas as gb
import numpy as np
from graphblas import Matrix, Vector, agg, binary, semiring
from tasks import TOP

from peers.base import THREADS, Peer, rarity

gb.ss.config["nthreads"] = THREADS
BLOCK = 5000
"""How many rows of recommendations are worked out at a time."""


class Adapter(Peer):
    distribution = "python-graphblas"

    def build(self) -> Matrix:
        source, target, weight = self.network.source, self.network.target, self.network.weight
        both = (np.r_[source, target], np.r_[target, source], np.r_[weight, weight])
        return Matrix.from_coo(*both, nrows=self.n, ncols=self.n)

    def build_directed(self) -> Matrix:
        network = self.network
        arcs = (network.arc_source, network.arc_target, network.arc_weight)
        return Matrix.from_coo(*arcs, nrows=self.n, ncols=self.n)

    def build_memberships(self) -> Matrix:
        seats, projects = (self.network.member, self.network.project), self.network.projects
        return Matrix.from_coo(*seats, 1, nrows=self.n, ncols=projects, dtype="INT64")

    def values(self, answer: Any) -> np.ndarray:
        if not isinstance(answer, Vector):
            return super().values(answer)
        return answer.to_dense(fill_value=np.nan, dtype=float)

    def degree(self) -> Any:
        return self.graph.reduce_rowwise(agg.count).new()

    def strength(self) -> Any:
        return self.graph.reduce_rowwise("plus").new()

    def pagerank(self) -> Any:
        return _pagerank(self.graph)

    def pagerank_directed(self) -> Any:
        return _pagerank(self.digraph)

    def constraint(self) -> Any:
        strength = self.graph.reduce_rowwise("plus").new()
        share = semiring.plus_times(strength.apply("minv").new().diag() @ self.graph).new()
        through = Matrix(float, self.n, self.n)
        through(self.graph.S) << semiring.plus_times(share @ share)
        invested = binary.plus(share | through).new()
        return invested.apply(binary.pow, 2).new().reduce_rowwise("plus").new()

    def effective_size(self) -> Any:
        tied_contacts = Matrix("INT64", self.n, self.n)
        tied_contacts(self.graph.S) << semiring.plus_pair(self.graph @ self.graph)
        degree = self.graph.reduce_rowwise(agg.count).new(float)
        redundancy = binary.truediv(tied_contacts.reduce_rowwise("plus").new(float) & degree).new()
        return binary.minus(degree | redundancy, left_default=0, right_default=0).new()

    def roles(self) -> Any:
        return _roles(self.digraph, self.network.sector)

    def prepare_adamic_adar_query(self) -> None:
        # The first product of a kind is compiled, for seconds.
        self._weigh()
        self._shared_contacts([0])

    prepare_adamic_adar_all = prepare_adamic_adar_query

    def adamic_adar_query(self) -> Any:
        return [self._shared_contacts([node]) for node in self.queries]

    def adamic_adar_all(self) -> Any:
        self._weigh()
        blocks = (range(first, min(first + BLOCK, self.n)) for first in range(0, self.n, BLOCK))
        return [self._shared_contacts(list(block)) for block in blocks]

    def _weigh(self) -> None:
        value = Vector.from_dense(rarity(self.degree().to_dense(fill_value=0)))
        self.weighed = semiring.any_second(self.graph @ value.diag()).new()
        self.known = self.graph.dup()
        self.known(accum="any") << Vector.from_scalar(1.0, self.n).diag()

    def _shared_contacts(self, nodes: list[int]) -> tuple[Matrix, Matrix]:
        weighed, known = self.weighed[nodes, :].new(), self.known[nodes, :].new()
        scores = Matrix(float, len(nodes), self.n)
        scores(~known.S) << semiring.plus_first(weighed @ self.graph)
        # There is no top k with its columns: they and the scores are packed one after the other.
        return scores.ss.compactify("largest", TOP, asindex=True), scores.ss.compactify("largest", TOP)

    def tidy_adamic_adar_all(self, answer: Any) -> list[tuple[np.ndarray, np.ndarray]]:
        return [top for block in answer for top in _rows(*block)]

    tidy_adamic_adar_query = tidy_adamic_adar_all

    def project(self) -> Any:
        return semiring.plus_pair(self.memberships @ self.memberships.T).new()

    def tidy_project(self, answer: Matrix) -> np.ndarray:
        own = answer.diag()
        weight = answer.reduce_scalar("plus").value - own.reduce("plus").value
        return np.array([answer.nvals - own.nvals, weight]) / 2


def _pagerank(sent: Matrix) -> Vector:
    n, received = sent.nrows, sent.T.new()
    strength = sent.reduce_rowwise("plus").new()
    share = strength.apply("minv").new().apply(binary.times, 0.85).new()
    rank, change = Vector.from_scalar(1 / n, n), 1.0
    while change > 1e-10:
        kept = binary.first(rank & strength).new().reduce("plus").value
        moved = Vector.from_scalar((0.15 + 0.85 * (1 - kept)) / n, n)
        moved(accum="plus") << semiring.plus_times(received @ binary.times(rank & share).new())
        change = binary.minus(moved & rank).new().apply("abs").new().reduce("plus").value
        rank = moved
    return rank


def _rows(columns: Matrix, scores: Matrix) -> list[tuple[np.ndarray, np.ndarray]]:
    row, _, ids = columns.to_coo()
    _, _, values = scores.to_coo()
    order = np.lexsort((ids, -values, row))
    cuts = np.searchsorted(row[order], np.arange(1, columns.nrows))
    return list(zip(np.split(ids[order], cuts), np.split(values[order], cuts), strict=True))


def _roles(sent: Matrix, group: np.ndarray) -> np.ndarray:
    """Gould and Fernandez' five counts: all pairs a -> node -> b, less those of one node and those with a -> b."""
    n, (source, target, _) = sent.nrows, sent.to_coo()
    same = group[source] == group[target]

    def counted(rows: np.ndarray, columns: np.ndarray, width: int) -> Matrix:
        return Matrix.from_coo(rows, columns, 1, nrows=n, ncols=width, dtype="INT64")

    def summed(matrix: Any) -> np.ndarray:
        return matrix.reduce_rowwise("plus").new().to_dense(fill_value=0)

    def closed(first: Matrix, second: Matrix, closing: Matrix) -> np.ndarray:
        found = Matrix("INT64", n, n)
        found(second.S) << semiring.plus_pair(first.T @ closing)
        return summed(found)

    inside, across = counted(source[same], target[same], n), counted(source[~same], target[~same], n)
    member = counted(np.arange(n), group, int(group.max()) + 1)
    own_in, own_out, other_in, other_out = (summed(m) for tie in (inside, across) for m in (tie.T, tie))
    one_group = summed(binary.times((across.T @ member).new() & (across @ member).new()).new())
    mutual_inside, mutual_across = (summed(binary.times(tie & tie.T).new()) for tie in (inside, across))
    return np.column_stack(
        [
            own_in * own_out - mutual_inside - closed(inside, inside, inside),
            one_group - mutual_across - closed(across, across, inside),
            own_in * other_out - closed(inside, across, across),
            other_in * own_out - closed(across, inside, across),
            other_in * other_out - one_group - closed(across, across, across),
        ]
    )
