"""Whom everybody should meet, for many bodies at once: scores without reasons, as fast as can be."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, diags_array

from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph
from tsi_graph.recommend.columns import by_id, ids, is_kind, row, values
from tsi_graph.recommend.constants import HALF_LIFE, HUB
from tsi_graph.recommend.relevance import lift
from tsi_graph.recommend.rules import barred, closed, introducers, right_kind, scopes
from tsi_graph.recommend.score import positions
from tsi_graph.recommend.ties import Ties, fabric, prepare

DENSE = 64
"""Up to so many topics and programmes, profiles are kept as full rows: three times faster to look up."""


def candidates(
    graph: Graph,
    to: str = "stakeholder",
    scope: str | None = None,
    limit: int = 10,
    nodes: Sequence[str] | None = None,
    *,
    half_life: float = HALF_LIFE,
    refused: Iterable[Collection[str]] = (),
) -> pd.DataFrame:
    """The best of whom `recommend` would name to each organisation: node, candidate, score and likeness, best first.

    Only those with a score: who has no partner in common with anybody is not in the table. Equal scores
    are ordered by likeness, then by id. Costs the two-paths of the nodes asked about (default: all
    organisations). Raises as `recommend` does.
    """
    wanted = scopes(to, scope)
    if limit < 1:
        raise Unusable(f"A limit is at least 1, not {limit!r}.")
    no = _refusals(graph, refused)
    ties, order, at = prepare(graph, half_life), by_id(graph), ids(graph)
    asked = positions(graph, askers(graph)) if nodes is None else np.array([graph.position(n) for n in nodes], int)
    may = right_kind(graph, to, wanted)
    board = _board(ties, introducers(graph)[0], may, order, projects=to == "project")
    whom, numbers = [np.zeros((2, 0), int)], [np.zeros((2, 0))]
    for q in asked[ties.partners[asked] > 0].tolist():
        out = barred(graph, ties, q, to, wanted)
        if q in no:
            out = np.concatenate([out, no[q]])
        best, score, likeness = board.best(q, out, limit)
        whom.append(np.array([np.full(len(best), q), best]))
        numbers.append(np.array([score, likeness]))
    (node, candidate), (score, likeness) = np.concatenate(whom, axis=1), np.concatenate(numbers, axis=1)
    return pd.DataFrame({"node": at[node], "candidate": at[candidate], "score": score, "likeness": likeness})


def _refusals(graph: Graph, refused: Iterable[Collection[str]]) -> dict[int, np.ndarray]:
    """Whom each is not to meet, by position; ids that the graph does not know are left out."""
    found: dict[int, list[int]] = {}
    for pair in refused:
        places = positions(graph, pair).tolist()
        for one in places:
            found.setdefault(one, []).extend(other for other in places if other != one)
    return {one: np.array(others, int) for one, others in found.items()}


def askers(graph: Graph) -> list[str]:
    """The organisations that have not closed, by id."""
    there = is_kind(graph, "Stakeholder") & ~closed(graph, fabric(graph))
    return sorted(ids(graph)[there].tolist())


@dataclass(frozen=True, eq=False)
class _Board:
    """The score's matrices, narrowed to who has partners (rows) and who may be proposed (targets).

    spot is where each node stands among the targets, one past the last for all others. share [q, z] is
    w(q, z) / partners(z)^HUB, onwards [z, c] is w(z, c).
    """

    targets: np.ndarray
    spot: np.ndarray
    share: csr_array
    onwards: csr_array
    order: np.ndarray
    profile: csr_array
    of_targets: np.ndarray | csr_array

    def best(self, node: int, out: np.ndarray, limit: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Those with the highest scores but for some, with score and likeness, exactly as `relevance` has them.

        Likeness at most doubles a score: who has less than half of what the last of the best is sure of
        is not looked at further.
        """
        between = row(self.share, node)
        paths = np.zeros(len(self.targets) + 1)
        if len(between):
            paths[:-1] = values(self.share, node) @ self.onwards[between]
        paths[self.spot[out]] = 0.0
        there = np.flatnonzero(paths > 0)
        value = paths[there]
        if len(there) > limit:
            near = value >= np.partition(value, -limit)[-limit] * _LEAST
            there, value = there[near], value[near]
        wide = np.zeros(self.profile.shape[1])
        wide[row(self.profile, node)] = values(self.profile, node)
        alike = np.asarray(self.of_targets[there] @ wide)
        score, alike = (value * lift(alike)).round(12), alike.round(12)
        best = np.lexsort((self.order[there], -alike, -score))[:limit]
        return self.targets[there[best]], score[best], alike[best]


_LEAST = float(lift(np.array(0.0)) / lift(np.array(1.0))) * (1 - 1e-9)


def _board(ties: Ties, usable: np.ndarray, may: np.ndarray, order: np.ndarray, *, projects: bool) -> _Board:
    onwards = ties.joins if projects else ties.weight
    targets = np.flatnonzero(may & (np.bincount(onwards.indices, minlength=len(may)) > 0))
    spot = np.full(len(may), len(targets))
    spot[targets] = np.arange(len(targets))
    share = csr_array(ties.weight @ diags_array(np.where(usable, np.maximum(ties.partners, 1.0) ** -HUB, 0.0)))
    share.eliminate_zeros()
    # most columns stand for nodes that are no topic
    profile = csr_array(ties.profile[:, np.unique(ties.profile.indices)])
    of_targets = profile[targets]
    return _Board(
        targets, spot, share, csr_array(onwards[:, targets]), order[targets], profile,
        of_targets.toarray() if profile.shape[1] <= DENSE else of_targets,
    )  # fmt: skip


def top(score: np.ndarray, may: np.ndarray, limit: int, order: np.ndarray) -> np.ndarray:
    """The nodes that score highest above 0 among some, at most `limit`; equal ones by order."""
    there = np.flatnonzero((score > 0) & may)
    value = score[there].round(12)
    if len(there) > limit:
        near = value >= np.partition(value, -limit)[-limit]
        there, value = there[near], value[near]
    return np.asarray(there[np.lexsort((order[there], -value))][:limit])
