"""What all adapters share: the network, the nodes asked about, and plain arrays of what a library answers."""

from __future__ import annotations

import os
from functools import cached_property
from importlib.metadata import version
from typing import Any, NamedTuple

import numpy as np
from graphs import Network
from tasks import TOP

THREADS = int(os.environ.get("OMP_NUM_THREADS", "1"))


def rarity(degree: np.ndarray) -> np.ndarray:
    """What a contact that two nodes share says of them by Adamic and Adar: less, the more contacts it has."""
    return np.where(degree > 1, 1 / np.log(np.maximum(degree, 2)), 0.0)


class Measured(NamedTuple):
    """An answer whose seconds were taken by the library itself, in a process of its own."""

    answer: Any
    wall: float
    cpu: float


class Peer:
    """A library with the network in its own form.

    Each task is a method that yields what the library yields; that alone is timed. Beside a task may stand
    `prepare_<task>`, run once before the clock starts, and `tidy_<task>`, which makes an answer of
    a definition of its own comparable with the others.
    """

    distribution: str

    def __init__(self, network: Network) -> None:
        self.network, self.n = network, network.n
        rng, tied = np.random.default_rng(7), np.flatnonzero(network.degree)
        large = self.n > 500_000
        self.queries = rng.choice(tied, 50, replace=False).tolist()
        self.sources = rng.choice(tied, min(32 if large else 256, len(tied)), replace=False).tolist()
        self.many_sources = rng.choice(tied, min(512, len(tied)), replace=False).tolist()
        self.walkers = self.queries[: 5 if large else 20]

    @cached_property
    def graph(self) -> Any:
        """The undirected network."""
        return self.build()  # type: ignore[attr-defined]

    @cached_property
    def digraph(self) -> Any:
        """The directed network."""
        return self.build_directed()  # type: ignore[attr-defined]

    @cached_property
    def memberships(self) -> Any:
        """Who takes part in which project."""
        return self.build_memberships()  # type: ignore[attr-defined]

    def version(self) -> str:
        """Which release this is."""
        return version(self.distribution)

    def values(self, answer: Any) -> np.ndarray:
        """A number for each node; nan where the library has none."""
        if not hasattr(answer, "items"):
            return np.asarray(answer, dtype=float)
        out = np.full(self.n, np.nan)
        for node, value in answer.items():
            out[node] = np.nan if value is None else value
        return out

    def labels(self, answer: Any) -> np.ndarray:
        """The number of each node's part, of one number for each node or of one set of nodes for each part."""
        if not len(answer) or not isinstance(answer[0], set):
            return np.asarray(answer, dtype=np.int64)
        out = np.arange(self.n) + len(answer)
        for part, nodes in enumerate(answer):
            out[list(nodes)] = part
        return out

    def best(self, scores: Any, contacts: Any, node: int) -> tuple[np.ndarray, np.ndarray]:
        """The top of one score for each node, contacts and the node itself left out."""
        scores = np.array(scores, dtype=float)
        scores[contacts] = 0
        scores[node] = 0
        top = np.argpartition(-scores, min(TOP, self.n - 1))[:TOP]
        top = top[np.lexsort((top, -scores[top]))]
        return top, scores[top]
