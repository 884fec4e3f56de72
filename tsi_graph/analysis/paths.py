"""Who is close to everybody, or on the way between others."""

from __future__ import annotations

import numpy as np

from tsi_graph import kernels
from tsi_graph.analysis.base import Metric
from tsi_graph.analysis.cohesion import by_id
from tsi_graph.graph import Graph
from tsi_graph.remembered import once_per_graph


# Three metrics read the same distances, which are all of their cost.
@once_per_graph
def distances(graph: Graph) -> kernels.Distances:
    """Steps from everybody who reaches each node."""
    return kernels.distances(graph.sent, graph.received)


def harmonic(graph: Graph) -> np.ndarray:
    """The sum of 1/steps over all nodes from which each node can be reached; nobody reaches an isolate: 0.

    >>> harmonic(Graph.from_edges([("a", "b"), ("b", "c")]))
    array([1.5, 2. , 1.5])
    """
    return distances(graph).harmonic


def closeness(graph: Graph) -> np.ndarray:
    """One by the mean steps from those who reach each node, whoever few they are; nan where nobody does.

    >>> closeness(Graph.from_edges([("a", "b"), ("b", "c"), ("d", "e")])).round(3)
    array([0.667, 1.   , 0.667, 1.   , 1.   ])
    """
    _, steps, reached = distances(graph)
    return reached / np.where(reached > 0, steps, np.nan)


def closeness_scaled(graph: Graph) -> np.ndarray:
    """The same times the share of all others who reach the node, so that small parts do not stand above large ones.

    Nobody reaches an isolate: 0.

    >>> closeness_scaled(Graph.from_edges([("a", "b"), ("b", "c"), ("d", "e")])).round(3)
    array([0.333, 0.5  , 0.333, 0.25 , 0.25 ])
    """
    _, steps, reached = distances(graph)
    scaled: np.ndarray = reached * reached / np.maximum(steps, 1) / max(len(graph) - 1, 1)
    return scaled


def betweenness(graph: Graph) -> np.ndarray:
    """On how many shortest ways between two others each node stands, ways of equal length shared out.

    Without direction each pair counts once, with direction each ordered pair. Costs nodes times ties.

    >>> betweenness(Graph.from_edges([("a", "b"), ("b", "c")]))
    array([0., 1., 0.])
    """
    total = kernels.betweenness(graph.sent).total
    return total if graph.directed else total / 2


def betweenness_sampled(graph: Graph, samples: int = 1000, seed: int = 1) -> np.ndarray:
    """Betweenness estimated from the ways that start at some nodes, and how far off it can be: two columns.

    With probability 95 % no node at all is further off than its bound (Bardenet & Maillard 2015, Bernstein
    for draws without replacement, over all nodes at once). With as many samples as nodes it is exact. Costs
    samples times ties.

    >>> betweenness_sampled(Graph.from_edges([("a", "b"), ("b", "c")]))
    array([[0., 0.],
           [1., 0.],
           [0., 0.]])
    """
    n, k = len(graph), min(samples, len(graph))
    if k == n:
        return np.column_stack([betweenness(graph), np.zeros(n)])
    sources = by_id(graph)[np.random.default_rng(seed).choice(n, k, replace=False)]
    total, squares = kernels.betweenness(graph.sent, np.sort(sources), squares=True)
    assert squares is not None
    mean = total / k
    spread = np.sqrt(np.maximum(squares / k - mean**2, 0))
    left = 1 - (k - 1) / n if 2 * k <= n else (1 - k / n) * (1 + 1 / k)
    doubt = np.log(10 * n / 0.05)
    bound = spread * np.sqrt(2 * left * doubt / k) + (7 / 3 + 3 / np.sqrt(2)) * (n - 2) * doubt / k
    pairs = n if graph.directed else n / 2
    return np.column_stack([mean * pairs, bound * pairs])


FREEMAN = "Freeman 1978, Social Networks 1:215-239"
STEPS = "weights are ignored, since strength is no length. With direction, steps that lead to the node (as networkx; "
ALL_PAIRS = "One search for every 512 nodes: nodes times ties / 512."
METRICS = {
    "harmonic": Metric(
        function=harmonic,
        meaning="How few steps away everybody is.",
        meaning_it="Quanto pochi passi la separano da tutti.",
        definition="Sum over all other nodes of 1/steps.",
        convention="Plain sum, not normalised; " + STEPS + "igraph counts those that lead away). Isolates 0.",
        cost=ALL_PAIRS,
        cite="Marchiori & Latora 2000, Physica A 285:539-546; Boldi & Vigna 2014, Internet Mathematics 10:222-262",
        oracle="networkx and igraph, 1e-9.",
    ),
    "closeness": Metric(
        function=closeness,
        meaning="How near it is to those it can reach at all.",
        meaning_it="Quanto è vicina a chi può raggiungere.",
        definition="Number of nodes that reach it by the sum of their steps.",
        convention="Within its part only, so a pair stands above a large part; " + STEPS + "igraph: mode in). Isolates "
        "undefined.",
        cost=ALL_PAIRS,
        cite=FREEMAN,
        oracle="igraph, 1e-9.",
        differs="networkx, rustworkx and networkit scale by the size of the part: closeness_scaled.",
    ),
    "closeness_scaled": Metric(
        function=closeness_scaled,
        meaning="How near it is to everybody, and how many it can reach.",
        meaning_it="Quanto è vicina a tutti, e quanti ne può raggiungere.",
        definition="Closeness times the share of all other nodes that reach it.",
        convention="Wasserman and Faust's scaling; " + STEPS + "igraph has none). Isolates 0.",
        cost=ALL_PAIRS,
        cite="Wasserman & Faust 1994, Social Network Analysis, ch. 5",
        oracle="networkx, 1e-9.",
    ),
    "betweenness": Metric(
        function=betweenness,
        meaning="How often it stands on the shortest way between two others.",
        meaning_it="Quante volte sta sul cammino più breve fra due altri.",
        definition="Sum over pairs s, t of the share of shortest paths from s to t that pass through it.",
        convention="Not normalised, ends not counted, unordered pairs (ordered with direction); steps, not weights. "
        "Isolates 0. Nodes on more than 1e308 shortest paths from one other, as in a row of 1,024 diamonds, "
        "and those on the way there are undefined.",
        cost="Nodes times ties.",
        cite=FREEMAN + "; Brandes 2001, J. Math. Sociology 25:163-177",
        oracle="networkx and igraph, 1e-9; R (24 random networks), 1e-9.",
        differs="networkit counts ordered pairs; libraries that take weights as lengths turn their meaning round.",
    ),
    "betweenness_sampled": Metric(
        function=betweenness_sampled,
        meaning="The same, estimated from a sample, with how far off it can be.",
        meaning_it="Lo stesso, stimato da un campione, con l'errore massimo.",
        definition="Mean dependency on the node of `samples` sources drawn without replacement, times the number of "
        "sources.",
        convention="Scale of betweenness. With probability 95 % no node is further off than betweenness_bound "
        "(empirical "
        "Bernstein bound over all nodes at once); exact with 1,000 nodes or fewer. Isolates 0.",
        cost="Samples (1,000) times ties.",
        cite="Brandes & Pich 2007, Int. J. Bifurcation and Chaos 17:2303-2318; Bardenet & Maillard 2015, Bernoulli "
        "21:1361-1385",
        oracle="betweenness, inside its bound.",
        columns=("betweenness_sampled", "betweenness_bound"),
        options=("samples", "seed"),
    ),
}
