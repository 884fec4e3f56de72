"""The score: how much speaks for a tie between one body and every other."""

from __future__ import annotations

import numpy as np

from tsi_graph.recommend.columns import row, values
from tsi_graph.recommend.constants import HUB, LIKENESS
from tsi_graph.recommend.ties import Ties


def relevance(
    ties: Ties, node: int, usable: np.ndarray, *, projects: bool = False
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """R1 and likeness of every node to one: saturated, dated, size-weighted paths, hubs punished.

    R0(q, c) = sum over common partners z of w(q, z) w(z, c) / partners(z)^HUB, and
    R1 = R0 (LIKENESS[0] + likeness)^LIKENESS[1], likeness being the cosine of the TF-IDF profiles of
    topics and programmes. Only usable partners count. 0 where nobody is in common. With `projects`, c are
    projects, met through those who take part: w(z, c) is what c would give to each of them and a newcomer.
    """
    paths = common_paths(ties, node, usable, projects=projects)
    alike = likeness(ties, node)
    some = np.flatnonzero(paths > 0)
    paths[some] *= lift(alike[some])
    return paths, alike


def common_paths(ties: Ties, node: int, usable: np.ndarray, *, projects: bool = False) -> np.ndarray:
    """R0 of every node to one: the score before likeness."""
    between, share = shares_of_partners(ties, node, usable)
    onwards = ties.joins if projects else ties.weight
    return np.asarray(share @ onwards[between]) if len(between) else np.zeros(len(usable))


def shares_of_partners(ties: Ties, node: int, usable: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The usable partners of a node, and w / partners^HUB of each."""
    first, weight = row(ties.weight, node), values(ties.weight, node)
    may = usable[first]
    return first[may], weight[may] / ties.partners[first[may]] ** HUB


def likeness(ties: Ties, node: int, others: np.ndarray | None = None) -> np.ndarray:
    """The cosine of the profile of one node and of every node, or of some; 0 where nothing is in common or known."""
    wide = np.zeros(ties.profile.shape[1])
    wide[row(ties.profile, node)] = values(ties.profile, node)
    return np.asarray((ties.profile if others is None else ties.profile[others]) @ wide)


def lift(alike: np.ndarray) -> np.ndarray:
    """What likeness does to a score: a factor from about one half to about 1.03."""
    return np.asarray((LIKENESS[0] + alike) ** LIKENESS[1])
