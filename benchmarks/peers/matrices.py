"""The networks as SciPy matrices, for the libraries that take them, and two sums that all formulas need."""

from __future__ import annotations

import numpy as np
from graphs import Network
from scipy.sparse import csr_matrix


def matrix(rows: np.ndarray, columns: np.ndarray, values: np.ndarray, shape: tuple[int, int]) -> csr_matrix:
    """Sorted rows without duplicates."""
    out = csr_matrix((values, (rows, columns)), shape=shape)
    out.sum_duplicates()
    out.sort_indices()
    return out


def undirected_matrix(network: Network) -> csr_matrix:
    """Each edge both ways."""
    source, target, weight = network.source, network.target, network.weight
    return matrix(np.r_[source, target], np.r_[target, source], np.r_[weight, weight], (network.n, network.n))


def directed_matrix(network: Network) -> csr_matrix:
    """Row i holds what node i sends."""
    return matrix(network.arc_source, network.arc_target, network.arc_weight, (network.n, network.n))


def member_matrix(network: Network) -> csr_matrix:
    """Row i holds the projects of organisation i."""
    return matrix(network.member, network.project, np.ones(len(network.member)), (network.n, network.projects))


def total(values: csr_matrix, axis: int) -> np.ndarray:
    """Sums along an axis as a plain array."""
    return np.asarray(values.sum(axis)).ravel()


def inverse(values: np.ndarray) -> np.ndarray:
    """One divided by each; 0 for 0."""
    return np.divide(1.0, values, out=np.zeros(len(values)), where=values > 0)
