"""The scores that ours is measured against: one number for each node, as seen from one of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_array

from tsi_graph.recommend.columns import by_id, row
from tsi_graph.recommend.evaluation.cuts import Cut
from tsi_graph.recommend.relevance import relevance

Score = Callable[[int], np.ndarray]
OURS, BASELINE = "ours", "adamic_adar"


def scores(cut: Cut, usable: np.ndarray, seed: int) -> dict[str, Score]:
    """Every score by its name, each a function of the body that asks."""
    partners = cut.ties.partners
    binary = cut.ties.weight.copy()
    binary.data = np.ones_like(binary.data)
    order = by_id(cut.before)
    degree = np.maximum(partners, 2).astype(float)
    return {
        OURS: lambda q: relevance(cut.ties, q, usable)[0],
        "random": lambda q: np.random.default_rng((seed, order[q])).random(len(partners))[order] + 1e-9,
        "popularity": lambda q: partners.astype(float),
        "common_neighbours": lambda q: _through(binary, np.ones(len(degree)), q),
        BASELINE: lambda q: _through(binary, 1 / np.log(degree), q),
        "resource_allocation": lambda q: _through(binary, 1 / degree, q),
    }


def _through(binary: csr_array, value: np.ndarray, node: int) -> np.ndarray:
    """The summed value of the partners that a node has in common with each other."""
    between = row(binary, node)
    return np.asarray(value[between] @ binary[between])
