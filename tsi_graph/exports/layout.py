"""Where the nodes of one connected part stand: distances on the page follow distances in the graph."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from tsi_graph.exports.ties import Floats, Ints

GOLDEN = 2.4
"""Radians between one newcomer and the next around the same point."""


def communities(n: int, pairs: Ints, weight: Floats) -> Ints:
    """The Louvain group of each node, numbered by size, then by the first member."""
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(range(n))
    graph.add_weighted_edges_from((a, b, w) for (a, b), w in zip(pairs.tolist(), weight.tolist(), strict=True))
    found = networkx.community.louvain_communities(graph, seed=1) if n else []
    group = np.zeros(n, dtype=np.int64)
    for number, members in enumerate(sorted(found, key=lambda c: (-len(c), min(c)))):
        group[sorted(members)] = number
    return group


def lengths(n: int, pairs: Ints, group: Ints) -> csr_array:
    """How long each tie should be: longer beside hubs, which need room for their leaves, and between groups."""
    degree = np.bincount(pairs.ravel(), minlength=n)
    i, j = pairs.T
    ideal = (1 + np.log2(np.maximum(degree[i], degree[j])) / 8) * np.where(group[i] == group[j], 1.0, 2.0)
    return coo_array((np.r_[ideal, ideal], (np.r_[i, j], np.r_[j, i])), shape=(n, n)).tocsr()


def spread(ideal: csr_array, pairs: Ints, group: Ints) -> Floats:
    """Places of a connected part, from nothing; a tie is about 1 long, the longest direction lies flat.

    Sparse stress gives the shape, a spring layout spreads the leaves. No random number decides a place.
    """
    x = stress(ideal)
    return wide(spring(x, pairs, group)) if len(x) > 3 else 0.6 * x


def pivots(ideal: csr_array, most: int = 200) -> tuple[Ints, Floats]:
    """Nodes far from one another, the best tied first, and the distance of every node (row) to each of them."""
    n = ideal.shape[0]
    chosen = [int(np.argmax(np.diff(ideal.indptr)))]
    distance = [_distances(ideal, chosen[0])]
    nearest = distance[0].copy()
    while len(chosen) < min(most, n):
        chosen.append(int(np.argmax(nearest)))
        distance.append(_distances(ideal, chosen[-1]))
        np.minimum(nearest, distance[-1], out=nearest)
    return np.array(chosen), np.array(distance).T


def _distances(ideal: csr_array, node: int) -> Floats:
    return np.asarray(dijkstra(ideal, indices=np.array([node]))).ravel()


def start(distance: Floats) -> Floats:
    """Pivot MDS (Brandes and Pich 2007): the two main directions of the double-centred squared distances."""
    squared = distance**2
    centred = -0.5 * (squared - squared.mean(0) - squared.mean(1, keepdims=True) + squared.mean())
    main = np.linalg.eigh(centred.T @ centred)[1][:, [-1, -2]]
    main = main * np.sign(main[np.abs(main).argmax(0), [0, 1]])
    x = centred @ main
    return np.asarray(x * (distance.mean() / np.sqrt((x**2).sum(1)).mean()))


def stress(ideal: csr_array, rounds: int = 80) -> Floats:
    """Sparse stress (Ortmann, Klimenta and Brandes 2017), by damped local majorisation."""
    n = ideal.shape[0]
    if n < 3:
        return np.array([[0.0, 0.0], [ideal.data[0] if ideal.nnz else 1.0, 0.0]])[:n]
    pivot, distance = pivots(ideal)
    angle = np.arange(n) * GOLDEN
    x = start(distance) + 1e-3 * distance.mean() * np.c_[np.cos(angle), np.sin(angle)]
    far = _pivot_weights(pivot, distance)
    row, column = ideal.nonzero()
    length = np.asarray(ideal[row, column]).ravel()
    near = 1 / length**2
    total = far.sum(1) + np.bincount(row, near, n)
    for step in range(rounds):
        dx, dy = (x[:, None, c] - x[None, pivot, c] for c in (0, 1))
        pull = far * distance / np.maximum(np.hypot(dx, dy), 1e-9)
        new = far @ x[pivot] + np.c_[(pull * dx).sum(1), (pull * dy).sum(1)]
        apart = x[row] - x[column]
        stretch = near * length / np.maximum(np.hypot(*apart.T), 1e-9)
        ties = stretch[:, None] * apart + near[:, None] * x[column]
        new += np.c_[np.bincount(row, ties[:, 0], n), np.bincount(row, ties[:, 1], n)]
        new /= total[:, None]
        moved = np.abs(new - x).max()
        x += (0.7 if step else 0.5) * (new - x)
        if moved < 1e-3 * length.mean():
            break
    return np.asarray(x)


def _pivot_weights(pivot: Ints, distance: Floats) -> Floats:
    """A pivot speaks for the nodes nearest to it: for each node, those within half its distance."""
    region = np.where(distance > 0, distance, np.inf).argmin(1)
    region[pivot] = np.arange(len(pivot))
    weight = np.zeros_like(distance)
    for p in range(len(pivot)):
        own = np.sort(distance[region == p, p])
        weight[:, p] = np.searchsorted(own, distance[:, p] / 2, side="right")
    return np.where(distance > 0, np.maximum(weight, 1) / np.maximum(distance, 1e-9) ** 2, 0.0)


def spring(x: Floats, pairs: Ints, group: Ints) -> Floats:
    """Fruchterman-Reingold from given places, ties between groups pulling less."""
    import rustworkx

    n = len(x)
    x = x / _mean_length(x, pairs)
    graph = rustworkx.PyGraph()
    graph.add_nodes_from(range(n))
    pull = np.where(group[pairs[:, 0]] == group[pairs[:, 1]], 1.0, 0.3)
    graph.add_edges_from([(a, b, w) for (a, b), w in zip(pairs.tolist(), pull.tolist(), strict=True)])
    rounds = int(np.clip(100_000 / n, 20, 100))
    given = {i: (a, b) for i, (a, b) in enumerate(x.tolist())}
    new = rustworkx.spring_layout(graph, seed=1, num_iter=rounds, k=1.0, pos=given, weight_fn=float)
    x = np.array([new[i] for i in range(n)])
    # rustworkx scales the result to [-1, 1]; without the unit, small parts would dwarf the main one
    return x / _mean_length(x, pairs)


def _mean_length(x: Floats, pairs: Ints) -> float:
    return float(np.hypot(*(x[pairs[:, 0]] - x[pairs[:, 1]]).T).mean())


def wide(x: Floats) -> Floats:
    """Turned so that the longest direction lies flat, mirrored so that both third moments are positive."""
    x = x - x.mean(0)
    x = x @ np.linalg.svd(x, full_matrices=False)[2].T
    return np.asarray(x * np.where((x**3).sum(0) < 0, -1, 1))


def again(ideal: csr_array, pairs: Ints, group: Ints, last: Floats) -> Floats:
    """From the last edition's places (nan for newcomers): half of the way to what would be drawn now."""
    known = np.isfinite(last[:, 0])
    old = last.copy()
    for i in np.flatnonzero(~known):
        near = ideal.indices[ideal.indptr[i] : ideal.indptr[i + 1]]
        near = near[known[near]]
        middle = last[near if len(near) else known].mean(0)
        old[i] = middle + 0.7 * np.array([np.cos(GOLDEN * i), np.sin(GOLDEN * i)])
    return old + 0.5 * (_onto(spring(old, pairs, group), old, known) - old)


def _onto(x: Floats, old: Floats, known: np.ndarray) -> Floats:
    """Turned, mirrored, moved and scaled so that the known nodes come nearest to their old places (Procrustes)."""
    a, b = old[known], x[known]
    a0, b0 = a - a.mean(0), b - b.mean(0)
    u, s, v = np.linalg.svd(b0.T @ a0)
    return np.asarray((x - b.mean(0)) @ (u @ v) * (s.sum() / (b0**2).sum()) + a.mean(0))
