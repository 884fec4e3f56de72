"""Which one tie more would change the whole network most."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tsi_graph import kernels
from tsi_graph.analysis.base import Metric
from tsi_graph.analysis.cohesion import by_id
from tsi_graph.analysis.overview import DENSE, LATORA, algebraic_connectivity, laplacian, links, ratio
from tsi_graph.analysis.residual import in_order
from tsi_graph.analysis.robustness import named_ends
from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph
from tsi_graph.kernels import Csr

OBJECTIVES = ("efficiency", "mean_distance", "algebraic_connectivity")


def what_if(graph: Graph, objective: str = "efficiency", limit: int = 10) -> pd.DataFrame:
    """The one new tie that would change the whole network most: the best of all that are not there, a row each.

    Objectives, which disagree: "efficiency", the mean of 1/distance; "mean_distance", in steps, and
    "algebraic_connectivity", how far from falling apart: both within the largest part, with ties there alone.
    Columns: source, target, source_name, target_name, before, after, change. Every missing tie is tried,
    direction ignored; equal ones by id. Raises Unusable for another objective and for more than 500 nodes.
    Costs pairs times the nodes that come nearer; for the connectivity pairs times nodes.

    >>> path = Graph.from_edges(["ab", "bc", "cd"])
    >>> what_if(path, limit=1)[["source", "target", "before", "after"]].round(3).to_numpy().tolist()
    [['a', 'c', 0.722, 0.833]]
    """
    if objective not in OBJECTIVES:
        raise Unusable(f"No objective {objective!r}. Known: {', '.join(OBJECTIVES)}")
    if len(graph) > DENSE or limit < 1:
        raise Unusable(f"Every missing tie is tried up to {DENSE} nodes, not {len(graph):,}; limit is at least 1.")
    order = by_id(graph)
    contacts = in_order(graph.contacts, order)
    if objective != "efficiency" and len(graph):
        part = kernels.components(contacts)
        members = np.flatnonzero(part == np.argmax(np.bincount(part)))
        contacts, order = Csr.of(contacts.matrix()[members][:, members]), order[members]
    a, b = np.nonzero(np.triu(links(contacts).toarray() == 0, k=1))
    if objective == "algebraic_connectivity":
        before, after = _connectivity_with(contacts, a, b)
    else:
        before, after = _nearness_with(contacts, a, b, objective)
    change = after - before
    best = np.argsort((change if objective == "mean_distance" else -change).round(9), kind="stable")[:limit]
    numbers = {"before": np.full(len(best), before), "after": after[best], "change": change[best]}
    return pd.DataFrame({**named_ends(graph, order[a[best]], order[b[best]]), **numbers})


def _nearness_with(contacts: Csr, a: np.ndarray, b: np.ndarray, objective: str) -> tuple[float, np.ndarray]:
    """The mean of 1/steps, or of steps, as it is and with each tie (a, b) more."""
    n = len(contacts)
    # n stands for no way at all; with a tie more a way is at most two such and a step long
    rows = [kernels.distances(contacts, contacts, np.array([v])).steps for v in range(n)]
    steps = np.array(rows, dtype=np.int64).reshape(n, n)
    steps[(steps == 0) & ~np.eye(n, dtype=bool)] = n
    length = np.arange(2 * n + 2)
    worth = length.astype(float) if objective == "mean_distance" else np.where(length < n, 1 / np.maximum(length, 1), 0)
    worth[0] = 0
    now, pairs = worth[steps], n * (n - 1)
    gain = np.zeros(len(a))
    for tie, (u, v) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        # only ways from those nearer to u than to v by more than a step, to those nearer to v, get shorter
        one, other = np.flatnonzero(steps[u] + 1 < steps[v]), np.flatnonzero(steps[v] + 1 < steps[u])
        through = steps[u, one][:, None] + 1 + steps[v, other]
        old = steps[np.ix_(one, other)]
        gain[tie] = (worth[np.minimum(through, old)] - now[np.ix_(one, other)]).sum()
    return ratio(now.sum(), pairs), (now.sum() + 2 * gain) / max(pairs, 1)


def _connectivity_with(contacts: Csr, a: np.ndarray, b: np.ndarray) -> tuple[float, np.ndarray]:
    """The algebraic connectivity as it is and with each tie (a, b) more.

    A tie adds z z' to the Laplacian, z = the difference of the two rows of eigenvectors: the new value is where
    1 + sum of z_k^2 / (l_k - x) is 0 between the second and third eigenvalue (Golub 1973), found by halving.
    """
    if not len(a):
        return algebraic_connectivity(contacts), np.zeros(0)
    values, vectors = np.linalg.eigh(laplacian(contacts))
    second, third = max(values[1], 0.0), max(values[2], 0.0)
    after = np.empty(len(a))
    for first in range(0, len(a), 4096):
        chunk = slice(first, first + 4096)
        z = (vectors[a[chunk], 1:] - vectors[b[chunk], 1:]) ** 2
        low, high = np.full(len(z), second), np.full(len(z), third)
        for _ in range(45):
            x = (low + high) / 2
            apart = values[1:] - x[:, None]
            above = 1 + (z / np.where(apart == 0, np.inf, apart)).sum(axis=1) > 0
            low, high = np.where(above, low, x), np.where(above, x, high)
        after[chunk] = high
    return float(second), after


NETWORK_METRICS = {
    "what_if": Metric(
        function=what_if,
        meaning="Which one new tie would change most for the network as a whole.",
        meaning_it="Quale singolo nuovo legame cambierebbe di più la rete nel suo insieme.",
        definition="The missing tie with the largest change in the objective: mean of 1/d over all pairs, mean of d, "
        "or second smallest eigenvalue of D - A.",
        convention="Direction and weights ignored. mean_distance and algebraic_connectivity within the largest part "
        "alone; in efficiency an isolate counts 0.",
        cost="Up to 500 nodes: missing ties times the pairs that come nearer, or times nodes.",
        cite=f"{LATORA}; Golub 1973, SIAM Review 15:318-334",
        oracle="networkx, every missing tie, 1e-9; kite .696296, 1.666667, .941412, Florentine .52222, .52652.",
        differs="The objectives disagree: name the one you used.",
        options=("objective", "limit"),
    ),
}
