"""The loops that decide the speed: compiled where a compiler was found, in NumPy where not; the same answers.

Each function takes arrays, checks their sizes and calls the compiled text (`native.py`, `*.c`) or the
readable one (`reference.py`), which is its definition. Answers do not depend on the number of threads.
"""

from __future__ import annotations

from types import ModuleType
from typing import NamedTuple

import numpy as np

from tsi_graph.kernels import native
from tsi_graph.kernels.csr import HEAVIEST, LIGHTEST, Csr, Unsettled, is_weight

__all__ = [
    "HEAVIEST",
    "LIGHTEST",
    "Betweenness",
    "Csr",
    "Distances",
    "Holes",
    "Top",
    "Unsettled",
    "betweenness",
    "build",
    "compiled",
    "components",
    "core",
    "cuts",
    "distances",
    "eigenvector",
    "is_weight",
    "pagerank",
    "project",
    "roles",
    "shared_contacts",
    "spread",
    "strength",
    "structural_holes",
    "transpose",
    "walk",
]  # fmt: skip


class Holes(NamedTuple):
    """Burt's measures of each node, nan for an isolate, and the closed triads that it is part of."""

    constraint: np.ndarray
    effective_size: np.ndarray
    hierarchy: np.ndarray
    triangles: np.ndarray


class Distances(NamedTuple):
    """Over the sources that reach each node: the sum of 1/steps, the sum of steps, and how many they are."""

    harmonic: np.ndarray
    steps: np.ndarray
    reached: np.ndarray


class Betweenness(NamedTuple):
    """Brandes' dependencies on each node, added up over the sources, and if asked for their squares added up."""

    total: np.ndarray
    squares: np.ndarray | None


class Top(NamedTuple):
    """A row for each node asked about: the ids that score highest, -1 where there are fewer, and their scores."""

    ids: np.ndarray
    scores: np.ndarray


def compiled() -> bool:
    """Whether the compiled library was found."""
    return native.library() is not None


def _text() -> ModuleType:
    """The compiled text, or the readable one where there is none."""
    if compiled():
        return native
    from tsi_graph.kernels import reference

    return reference


def build(
    n: int, source: np.ndarray, target: np.ndarray, weight: np.ndarray | None = None, *, symmetric: bool,
    columns: int | None = None,
) -> Csr:  # fmt: skip
    """Ties given by the positions of their ends, as sorted rows: parallel ones added up, loops and zeros dropped.

    With `symmetric` each tie goes both ways. Without weights each counts 1, and parallel ties the number
    that they are. `columns` makes it two-mode: ids of targets are below it, and nothing is a loop.
    Raises ValueError for ends that are no position, for weights that `is_weight` refuses (or that many of the
    heaviest do not add up to), and for arrays of different lengths. Linear.
    """
    source, target = _int32(source), _int32(target)
    weight = None if weight is None else np.ascontiguousarray(weight, float)
    if source.shape != target.shape or source.ndim != 1 or (weight is not None and weight.shape != source.shape):
        raise ValueError("a tie is one source, one target and one weight: the arrays differ in length")
    if symmetric and columns is not None:
        raise ValueError("a two-mode network is not symmetric")
    if n > np.iinfo(np.int32).max:
        raise ValueError("more than 2^31 nodes")
    return _text().build(n, source, target, weight, symmetric, columns)


def transpose(csr: Csr) -> Csr:
    """The ties that each column receives, as rows. Linear."""
    return _text().transpose(csr)


def project(events_of: Csr, members_of: Csr, share: np.ndarray) -> Csr:
    """Members tied by the events they share: each shared event adds its `share` to the pair. Costs its two-paths."""
    _fits(members_of, share)
    if not (is_weight(np.asarray(share)) & (np.asarray(share) > 0)).all():
        raise ValueError(f"a share is from {LIGHTEST:g} to {HEAVIEST:g}")
    _turned(events_of, members_of)
    return _text().project(events_of, members_of, np.ascontiguousarray(share, float))


def strength(csr: Csr) -> np.ndarray:
    """The summed weight of each row. Linear."""
    if csr.weights is None:
        return csr.degrees.astype(float)
    tied, total = csr.degrees > 0, np.zeros(len(csr))
    if tied.any():
        total[tied] = np.add.reduceat(csr.weights, csr.indptr[:-1][tied])
    return total


def structural_holes(csr: Csr) -> Holes:
    """Burt's measures on a symmetric network, in one pass over its closed triads.

    With w = tie strength, s_i its sum and M_i its largest at i, over contacts j and all q:
    dyadic constraint c_ij = ((w_ij + sum_q w_iq w_jq / s_q) / s_i)^2, constraint C_i = sum_j c_ij;
    effective size k_i - sum_j sum_q w_iq w_jq / (s_i M_j); hierarchy (Theil) of the c_ij, 1 for a
    single contact. Costs at most ties * sqrt(2 ties).
    """
    return Holes(*_text().structural_holes(_mutual(csr)))


def roles(sent: Csr, received: Csr, group: np.ndarray, groups: int) -> np.ndarray:
    """Gould and Fernandez' counts of each node: coordinator, itinerant, representative, gatekeeper, liaison.

    `received` is the transpose of `sent`; `group` numbers the group of each node from 0. 64-bit counts.
    """
    _fits(_square(sent), group)
    _turned(sent, received)
    group = _int32(group)
    if len(group) and not (group.min() >= 0 and group.max() < groups):
        raise ValueError(f"a group is a number from 0 to {groups - 1}")
    return _text().roles(sent, _square(received), group, groups)


def distances(sent: Csr, received: Csr, sources: np.ndarray | None = None) -> Distances:
    """How far each node is from the sources (default: all), in steps along the ties; exact, in batches of 512."""
    _turned(_square(sent), received)
    return Distances(*_text().distances(sent, received, _nodes(sent, sources)))


def betweenness(sent: Csr, sources: np.ndarray | None = None, *, squares: bool = False) -> Betweenness:
    """Brandes' dependencies of the sources (default: all) on each node, in steps. Costs sources times ties.

    On a symmetric network the total over all sources counts each unordered pair twice.
    """
    return Betweenness(*_text().betweenness(_square(sent), _nodes(sent, sources), squares))


def pagerank(
    received: Csr, sent_strength: np.ndarray, restart: np.ndarray | None = None, *, symmetric: bool,
    follow: float = 0.85, tolerance: float = 1e-10,
) -> np.ndarray:  # fmt: skip
    """Where a walker spends its time who follows a tie with probability `follow`, else starts anew at `restart`.

    `received` has the ties towards each row, `sent_strength` what each node sends in all; who sends
    nothing starts anew. `restart` sums to 1; uniform if None. Stops when the remaining error, summed
    over all nodes, is at most `tolerance` (and what rounding adds, some 1e-15); raises Unsettled where too many
    rounds do not get there. Conjugate gradients on a symmetric network, Gauss-Seidel otherwise.
    """
    _fits(_mutual(received) if symmetric else _square(received), sent_strength)
    _fair(follow=follow, tolerance=tolerance)
    if restart is not None:
        _fits(received, restart)
        restart = np.ascontiguousarray(restart, float)
        if not (np.min(restart, initial=0) >= 0 and abs(restart.sum() - 1) < 1e-9):
            raise ValueError("restart is not negative and sums to 1")
    sent_strength = np.ascontiguousarray(sent_strength, float)
    return _text().pagerank(received, sent_strength, restart, symmetric, follow, tolerance)


def eigenvector(csr: Csr, tolerance: float = 1e-8) -> np.ndarray:
    """The eigenvector of the largest eigenvalue of a connected symmetric network, with length 1, not negative.

    nan without ties. `tolerance` bounds |A x - lambda x| / lambda; raises Unsettled where many thousand passes
    over the ties do not get there.
    """
    _fair(tolerance=tolerance)
    if not len(csr.indices):
        return np.full(len(csr), np.nan)
    return _text().eigenvector(_mutual(csr), tolerance)


def core(csr: Csr) -> np.ndarray:
    """The largest k for which each node is in a part where everybody has k contacts in it. Linear."""
    return _text().core(_mutual(csr))


def components(csr: Csr) -> np.ndarray:
    """The smallest node of the part that each node of a symmetric network is in. Linear."""
    return _text().components(_mutual(csr))


def cuts(csr: Csr) -> tuple[np.ndarray, np.ndarray]:
    """Which nodes, and which ties (sorted rows of two), hold parts of a symmetric network together. Linear."""
    return _text().cuts(_mutual(csr))


def shared_contacts(csr: Csr, value: np.ndarray, nodes: np.ndarray | None = None, limit: int = 10) -> Top:
    """Whom each node is not tied to but shares contacts with, by the summed `value` of those contacts.

    Equal scores: the smaller id first. Costs the two-paths of the nodes asked about (default: all).
    """
    _fits(_mutual(csr), value)
    return Top(*_text().shared_contacts(csr, np.ascontiguousarray(value, float), _nodes(csr, nodes), _limit(limit)))


def walk(
    csr: Csr, strengths: np.ndarray, nodes: np.ndarray | None = None, *, limit: int = 10, follow: float = 0.85,
    residual: float = 1e-6,
) -> Top:  # fmt: skip
    """Whom a walker meets most often who starts at a node, follows ties and now and then returns; contacts left out.

    `strengths` is `strength(csr)`. Personalised PageRank by forward push (Andersen, Chung & Lang 2006):
    each score is below the exact one by at most `residual` times the strength of the node in ties of mean
    weight, so that the unit of the weights does not count. What is pushed from a node passes all its ties;
    all these nodes' strengths, in the same unit, are at most 1 / (residual * (1 - follow)).
    """
    _fair(follow=follow, residual=residual)
    _fits(_mutual(csr), strengths)
    strengths = np.ascontiguousarray(strengths, float)
    return Top(*_text().walk(csr, strengths, _nodes(csr, nodes), _limit(limit), follow, residual))


def spread(events_of: Csr, members_of: Csr, nodes: np.ndarray | None = None, limit: int = 10) -> Top:
    """Events that each member has no part in, by resources spread member, event, member, event (Zhou et al. 2007)."""
    _turned(events_of, members_of)
    return Top(*_text().spread(events_of, members_of, _nodes(events_of, nodes), _limit(limit)))


def _int32(ends: np.ndarray) -> np.ndarray:
    """Positions or groups as 32-bit numbers; what does not fit becomes -1, which is none."""
    ends = np.asarray(ends)
    if ends.size and ends.dtype.kind not in "iu":
        raise ValueError(f"a position or a group is a whole number, not of type {ends.dtype}")
    most = np.iinfo(np.int32).max
    if ends.size and ends.dtype.itemsize >= 4 and ends.dtype != np.int32 and ends.max() > most:
        ends = np.where(ends <= most, ends, -1)
    if ends.size and ends.dtype.itemsize > 4 and ends.min() < 0:
        ends = np.maximum(ends, -1)
    return np.ascontiguousarray(ends, np.int32)


def _square(csr: Csr) -> Csr:
    if len(csr) != csr.columns:
        raise ValueError(f"{len(csr)} rows and {csr.columns} columns are no network of one mode")
    return csr


def _mutual(csr: Csr) -> Csr:
    if _square(csr).symmetric is None:
        object.__setattr__(csr, "symmetric", bool(_text().mirrored(csr)))
    if not csr.symmetric:
        raise ValueError("each tie must go both ways, as strong: build makes such rows with symmetric=True")
    return csr


def _turned(one: Csr, other: Csr) -> None:
    """Both sides of one network: what one sends the other receives."""
    fits = (len(one), one.columns, len(one.indices)) == (other.columns, len(other), len(other.indices))
    if not fits or (one is not other and (np.bincount(one.indices, minlength=len(other)) != other.degrees).any()):
        raise ValueError("these must be the two sides of one network: what one sends the other receives")


def _fits(csr: Csr, values: np.ndarray) -> None:
    if np.shape(values) != (len(csr),):
        raise ValueError(f"one value for each of {len(csr)} nodes, not {np.shape(values)}")


def _nodes(csr: Csr, nodes: np.ndarray | None) -> np.ndarray:
    if nodes is None:
        return np.arange(len(csr), dtype=np.int32)
    nodes = _int32(nodes).reshape(-1)
    if len(nodes) and not (nodes.min() >= 0 and nodes.max() < len(csr)):
        raise ValueError(f"a node is a position from 0 to {len(csr) - 1}")
    return nodes


def _fair(follow: float = 0, **above_0: float) -> None:
    if not 0 <= follow < 1:
        raise ValueError(f"follow is at least 0 and below 1, not {follow}")
    for name, number in above_0.items():
        if not 0 < number < np.inf:
            raise ValueError(f"{name} is a number above 0, not {number}")


def _limit(limit: int) -> int:
    if limit < 1:
        raise ValueError(f"limit is at least 1, not {limit}")
    return limit
