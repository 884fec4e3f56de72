"""The same loops in NumPy and SciPy: the definition that people read, the oracle of the compiled text, its stand-in."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from tsi_graph.kernels.csr import HEAVIEST, LIGHTEST, PARALLEL, WRONG_WEIGHT, Csr, Unsettled
from tsi_graph.kernels.triads import roles, structural_holes

__all__ = [
    "betweenness", "build", "components", "core", "cuts", "distances", "eigenvector", "mirrored", "pagerank", "project",
    "roles", "shared_contacts", "spread", "structural_holes", "transpose", "walk",
]  # fmt: skip


def build(
    n: int, source: np.ndarray, target: np.ndarray, weight: np.ndarray | None, symmetric: bool, columns: int | None
) -> Csr:
    one_mode = columns is None
    limit = n if columns is None else columns
    if len(source) and not (min(source.min(), target.min()) >= 0 and source.max() < n and target.max() < limit):
        raise ValueError("an end of a tie is no position of a node")
    if weight is not None and not ((weight == 0) | (weight >= LIGHTEST) & (weight <= HEAVIEST * PARALLEL)).all():
        raise ValueError(WRONG_WEIGHT)
    keep = source != target if one_mode else np.full(len(source), True)
    i, j = source[keep], target[keep]
    value = np.ones(len(i)) if weight is None else weight[keep]
    if symmetric:
        i, j, value = np.r_[i, j], np.r_[j, i], np.r_[value, value]
    return replace(Csr.of(coo_array((value, (i, j)), shape=(n, limit)).tocsr()), symmetric=symmetric or None)


def transpose(csr: Csr) -> Csr:
    turned = replace(Csr.of(csr.matrix().T.tocsr()), symmetric=csr.symmetric)
    return turned if csr.weights is not None else replace(turned, weights=None)


def mirrored(csr: Csr) -> bool:
    turned = transpose(csr)
    ends = np.array_equal(csr.indptr, turned.indptr) and np.array_equal(csr.indices, turned.indices)
    return bool(ends and (np.abs(csr.values - turned.values) <= 1e-9 * csr.values).all())


def project(events_of: Csr, members_of: Csr, share: np.ndarray) -> Csr:
    shared = (links(events_of) * share[None, :]) @ links(members_of)
    shared.setdiag(0)
    return replace(Csr.of(csr_array(shared)), symmetric=True)


def distances(sent: Csr, received: Csr, nodes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each bit of a word is one source; a step is one bitwise OR over the ties."""
    n, words = len(received), 8
    harmonic, steps, reached = np.zeros(n), np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    tied = np.flatnonzero(received.degrees)
    if not tied.size:
        return harmonic, steps, reached
    rows = received.indptr[tied]
    for first in range(0, len(nodes), 64 * words):
        batch = nodes[first : first + 64 * words]
        bit = np.arange(len(batch))
        front = np.zeros((n, words), dtype=np.uint64)
        np.bitwise_or.at(front, (batch, bit // 64), np.uint64(1) << (bit % 64).astype(np.uint64))
        seen, step = front.copy(), 0
        while front.any():
            arriving = np.zeros_like(front)
            for word in range(words):
                arriving[tied, word] = np.bitwise_or.reduceat(front[:, word][received.indices], rows)
            front = arriving & ~seen
            seen |= front
            step += 1
            found = np.bitwise_count(front).sum(axis=1).astype(np.int64)
            harmonic += found / step
            steps += found * step
            reached += found
    return harmonic, steps, reached


def betweenness(sent: Csr, nodes: np.ndarray, squares: bool) -> tuple[np.ndarray, np.ndarray | None]:
    """Paths counted outwards level by level, dependencies gathered back, 64 sources at a time.

    More paths than there are numbers for: nan, there and from there back to the source.
    """
    n, out = len(sent), links(sent)
    into = csr_array(out.T)
    total, squared = np.zeros(n), np.zeros(n)
    busy = nodes[sent.degrees[nodes] > 0]
    for first in range(0, len(busy), 64):
        batch = busy[first : first + 64]
        column = np.arange(len(batch))
        paths = np.zeros((n, len(batch)))
        paths[batch, column] = 1
        seen = paths > 0
        levels = [seen.copy()]
        while levels[-1].any():
            with np.errstate(over="ignore"):
                arriving = into @ np.where(levels[-1], paths, 0)
            fresh = (arriving > 0) & ~seen
            paths[fresh] = arriving[fresh]
            seen |= fresh
            levels.append(fresh)
        paths[np.isinf(paths)] = np.nan
        depends = np.where(np.isnan(paths), np.nan, 0)
        for here, further in zip(levels[-2::-1], levels[:0:-1], strict=True):
            passed = np.divide(1 + depends, paths, out=np.zeros_like(paths), where=further)
            depends += np.where(here, paths * (out @ passed), 0)
        depends[batch, column] = 0
        total += depends.sum(axis=1)
        squared += (depends**2).sum(axis=1)
    return total, squared if squares else None


def pagerank(
    received: Csr,
    sent_strength: np.ndarray,
    restart: np.ndarray | None,
    symmetric: bool,
    follow: float,
    tolerance: float,
) -> np.ndarray:
    """The power method; the compiled text gets there in fewer rounds."""
    n = len(received)
    anew = np.full(n, 1 / max(n, 1)) if restart is None else restart
    ends = sent_strength == 0
    share = 1 / np.where(ends, 1, sent_strength)
    matrix = received.matrix()
    rank: np.ndarray = anew.copy()
    for _ in range(100_000):
        moved = follow * (matrix @ (rank * share) + rank[ends].sum() * anew) + (1 - follow) * anew
        change, rank = float(np.abs(moved - rank).sum()), moved / moved.sum()
        if change * follow <= tolerance * (1 - follow):
            return rank
    raise Unsettled(f"pagerank does not come as near as {tolerance:g}: ask for less, or follow fewer ties")


def eigenvector(csr: Csr, tolerance: float) -> np.ndarray:
    from scipy.sparse.linalg import ArpackNoConvergence, eigsh

    n = len(csr)
    if n == 2:
        return np.full(n, 1 / np.sqrt(n))
    matrix, start = csr.matrix() / csr.values.max(), np.sqrt(csr.degrees.astype(float))
    try:
        vector: np.ndarray = np.abs(eigsh(matrix, k=1, which="LA", v0=start, ncv=min(n, 100), tol=tolerance)[1][:, 0])
    except ArpackNoConvergence as fault:
        raise Unsettled(f"the leading eigenvector is not within {tolerance:g}: {fault}") from fault
    return vector


def core(csr: Csr) -> np.ndarray:
    """For k = 0, 1, ...: who has at most k contacts among those left goes, until nobody does."""
    left, number, k = csr.degrees.copy(), np.zeros(len(csr), dtype=np.int32), 0
    here = np.full(len(csr), True)
    matrix = links(csr)
    while here.any():
        going = here & (left <= k)
        while going.any():
            number[going] = k
            here &= ~going
            left = left - matrix @ going.astype(np.int64)
            going = here & (left <= k)
        k += 1
    return number


def components(csr: Csr) -> np.ndarray:
    if not len(csr):
        return np.zeros(0, dtype=np.int32)
    label = connected_components(csr.matrix(), directed=False)[1]
    first = np.full(int(label.max()) + 1, len(csr), dtype=np.int32)
    np.minimum.at(first, label, np.arange(len(csr), dtype=np.int32))
    return first[label]


def cuts(csr: Csr) -> tuple[np.ndarray, np.ndarray]:
    """Depth first (Tarjan 1972): a part that leads no higher than a node hangs on it."""
    n, start, ids = len(csr), csr.indptr.tolist(), csr.indices.tolist()
    seen, low, parent = [-1] * n, [0] * n, [-1] * n
    node, ties, clock = np.full(n, False), [], 0
    for root in range(n):
        if seen[root] >= 0:
            continue
        seen[root] = low[root] = clock
        clock, below, stack = clock + 1, 0, [(root, start[root])]
        while stack:
            v, at = stack.pop()
            if at < start[v + 1]:
                stack.append((v, at + 1))
                u = ids[at]
                if seen[u] < 0:
                    parent[u], seen[u] = v, clock
                    low[u] = clock
                    clock += 1
                    below += v == root
                    stack.append((u, start[u]))
                elif u != parent[v]:
                    low[v] = min(low[v], seen[u])
            elif v != root:
                p = parent[v]
                low[p] = min(low[p], low[v])
                node[p] |= p != root and low[v] >= seen[p]
                if low[v] > seen[p]:
                    ties.append((min(p, v), max(p, v)))
        node[root] = below > 1
    return node, np.array(sorted(ties), dtype=np.int32).reshape(-1, 2)


def shared_contacts(csr: Csr, value: np.ndarray, nodes: np.ndarray, limit: int) -> tuple[np.ndarray, np.ndarray]:
    tied = links(csr)
    weighed = csr_array(tied * value[None, :])
    return _best(csr, nodes, lambda u: (weighed[[u]] @ tied).toarray()[0], limit)


def walk(
    csr: Csr, s: np.ndarray, nodes: np.ndarray, limit: int, follow: float, residual: float
) -> tuple[np.ndarray, np.ndarray]:
    start, ids, values = csr.indptr, csr.indices, csr.values
    little = residual * (len(ids) / s.sum() if len(ids) else 0)

    def visits(origin: int) -> np.ndarray:
        kept, waiting = np.zeros(len(csr)), np.zeros(len(csr))
        waiting[origin] = 1
        queue = deque([origin] if s[origin] > 0 else [])
        queued = {origin}
        while queue:
            v = queue.popleft()
            queued.discard(v)
            ties = slice(start[v], start[v + 1])
            kept[v] += (1 - follow) * waiting[v]
            pushed, waiting[v] = follow * waiting[v] / s[v], 0.0
            waiting[ids[ties]] += pushed * values[ties]
            for u in ids[ties][waiting[ids[ties]] > little * s[ids[ties]]].tolist():
                if u not in queued:
                    queue.append(u)
                    queued.add(u)
        return np.where(s > 0, kept + (1 - follow) * waiting, 0)

    return _best(csr, nodes, visits, limit)


def spread(events_of: Csr, members_of: Csr, nodes: np.ndarray, limit: int) -> tuple[np.ndarray, np.ndarray]:
    takes, joins = links(events_of), links(members_of)
    size, busy = np.maximum(members_of.degrees, 1), np.maximum(events_of.degrees, 1)
    to_members = csr_array(takes / size[None, :])
    to_events = csr_array(takes / busy[:, None])
    return _best(events_of, nodes, lambda u: ((to_members[[u]] @ joins) @ to_events).toarray()[0], limit, own=False)


def _best(
    csr: Csr, nodes: np.ndarray, scores: object, limit: int, *, own: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """The best for each node, whoever it is tied to (and itself) left out; equal scores by smaller id."""
    ids, values = np.full((len(nodes), limit), -1, dtype=np.int32), np.zeros((len(nodes), limit))
    for row, u in enumerate(nodes.tolist()):
        if csr.indptr[u] == csr.indptr[u + 1]:
            continue
        score = scores(u)  # type: ignore[operator]
        score[csr.indices[csr.indptr[u] : csr.indptr[u + 1]]] = 0
        if own:
            score[u] = 0
        best = np.lexsort((np.arange(len(score)), -score))[:limit]
        best = best[score[best] > 0]
        ids[row, : len(best)], values[row, : len(best)] = best, score[best]
    return ids, values


def links(csr: Csr) -> csr_array:
    matrix = csr.matrix()
    matrix.data = np.ones(len(matrix.data))
    return matrix
