"""Each metric equals networkx, igraph or its formula written out, on 200 random networks."""

from __future__ import annotations

from itertools import product

import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tsi_graph.analysis import compute
from tsi_graph.analysis.roles import ROLES
from tsi_graph.graph import Graph

SEEDS = range(200)


class Network:
    """The same random network for us, for networkx and for igraph: even seeds without direction, odd ones with."""

    def __init__(self, seed: int) -> None:
        random = np.random.default_rng(seed)
        self.n, self.directed = int(random.integers(1, 40)), bool(seed % 2)
        m = int(self.n * random.choice([0.5, 1, 2, 4]))
        weight = random.choice([0.5, 1.0, 2.0, 7.0], m)
        edges: dict[tuple[int, int], float] = {}
        for a, b, w in zip(*random.integers(0, self.n, (2, m)).tolist(), weight.tolist(), strict=True):
            if a != b:
                pair = (a, b) if self.directed else (min(a, b), max(a, b))
                edges[pair] = edges.get(pair, 0) + w
        self.group = random.choice(list("xyz"), self.n)
        nodes = pd.DataFrame({"id": range(self.n), "sector": self.group})
        table = pd.DataFrame([(a, b, w) for (a, b), w in edges.items()], columns=["source", "target", "weight"])
        self.ours = Graph.from_edges(table, nodes, directed=self.directed)
        self.nx: nx.Graph = nx.DiGraph() if self.directed else nx.Graph()
        self.nx.add_nodes_from(range(self.n))
        self.nx.add_weighted_edges_from((a, b, w) for (a, b), w in edges.items())
        self.igraph = igraph.Graph(self.n, list(edges), directed=self.directed)
        self.igraph.es["weight"] = list(edges.values())
        both = self.nx.to_undirected() if not self.directed else nx.Graph()
        if self.directed:
            both.add_nodes_from(range(self.n))
            for (a, b), w in edges.items():
                both.add_edge(a, b, weight=w + edges.get((b, a), 0))
        self.both = both


@pytest.fixture(scope="module", params=SEEDS)
def network(request: pytest.FixtureRequest) -> Network:
    return Network(request.param)


def equals(network: Network, name: str, want: object, **bounds: float) -> None:
    got = compute(network.ours, [name])[name].to_numpy(float)
    values = [want[v] for v in range(network.n)] if isinstance(want, dict) else want
    np.testing.assert_allclose(got, np.array(values, dtype=float), **{"rtol": 1e-9, "atol": 1e-9} | bounds)


def test_degrees_and_strengths(network: Network) -> None:
    equals(network, "degree", dict(network.nx.degree()))
    equals(network, "strength", dict(network.nx.degree(weight="weight")))
    for name, sent in (("in", "in_degree"), ("out", "out_degree")):
        count = getattr(network.nx, sent) if network.directed else network.nx.degree
        equals(network, f"{name}_degree", dict(count()))
        equals(network, f"{name}_strength", dict(count(weight="weight")))


def test_distances(network: Network) -> None:
    equals(network, "harmonic", nx.harmonic_centrality(network.nx))
    equals(network, "closeness_scaled", nx.closeness_centrality(network.nx))
    equals(network, "closeness", network.igraph.closeness(mode="in"))


def test_betweenness(network: Network) -> None:
    equals(network, "betweenness", nx.betweenness_centrality(network.nx, normalized=False))
    equals(network, "betweenness", network.igraph.betweenness())


def test_pagerank(network: Network) -> None:
    equals(network, "pagerank", nx.pagerank(network.nx, tol=1e-13 / network.n, max_iter=2000))
    home = compute(network.ours, ["personal_pagerank"], nodes=(0,))["personal_pagerank"]
    want = nx.pagerank(network.nx, personalization={0: 1}, dangling={0: 1}, tol=1e-13 / network.n, max_iter=2000)
    np.testing.assert_allclose(home, [want[v] for v in range(network.n)], atol=1e-9)


def test_eigenvector_of_the_largest_part(network: Network) -> None:
    got = compute(network.ours, ["eigenvector"])["eigenvector"]
    part = np.flatnonzero(got.notna())
    sizes = [len(c) for c in nx.connected_components(network.both)]
    assert len(part) == (max(sizes) if max(sizes) > 1 else 0)
    if len(part):
        assert nx.is_connected(network.both.subgraph(part))
        values, vectors = np.linalg.eigh(nx.to_numpy_array(network.both, nodelist=part, weight="weight"))
        # a pair of eigenvalues close together leaves the vector loose
        loose = 1e-9 * values[-1] / max(values[-1] - values[-2], 1e-12)
        np.testing.assert_allclose(got.iloc[part], np.abs(vectors[:, -1]), atol=1e-9 + loose)


def test_cohesion(network: Network) -> None:
    equals(network, "core", nx.core_number(network.both))
    cut = set(nx.articulation_points(network.both))
    equals(network, "cut_point", [v in cut for v in range(network.n)])
    part = compute(network.ours, ["component"])["component"]
    ours = {frozenset(part.index[part == k]) for k in part.unique()}
    assert ours == {frozenset(c) for c in nx.connected_components(network.both)}


def test_communities_hang_together_and_hold_as_well_as_those_of_networkx(network: Network) -> None:
    label = compute(network.ours, ["community"])["community"]
    groups = [set(label.index[label == k]) for k in label.unique()]
    assert all(nx.is_connected(network.both.subgraph(group)) for group in groups)
    if network.both.number_of_edges():
        theirs = nx.community.louvain_communities(network.both, seed=1)
        quality = [nx.community.modularity(network.both, found) for found in (groups, theirs)]
        assert quality[0] > quality[1] - 0.06


def test_structural_holes(network: Network) -> None:
    equals(network, "constraint", nx.constraint(network.both, weight="weight"))
    equals(network, "constraint", network.igraph.constraint(weights="weight"))
    size = nx.effective_size(network.both, nodes=list(network.both), weight="weight")
    equals(network, "effective_size", size)
    degrees = dict(network.both.degree())
    equals(network, "efficiency", {v: size[v] / degrees[v] if degrees[v] else np.nan for v in size})


def test_hierarchy_is_burts_formula(network: Network) -> None:
    w = nx.to_numpy_array(network.both, nodelist=range(network.n), weight="weight")
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.nan_to_num(w / w.sum(axis=1, keepdims=True))
    dyadic = np.where(w > 0, (p + p @ p) ** 2, 0)
    want = []
    for row, k in zip(dyadic, (w > 0).sum(axis=1), strict=True):
        if k < 2:
            want.append(1.0 if k else np.nan)
        else:
            r = row[row > 0] / (row.sum() / k)
            want.append(float((r * np.log(r)).sum() / (k * np.log(k))))
    equals(network, "hierarchy", want)


def test_brokerage_roles_are_their_definition_counted(network: Network) -> None:
    tie = nx.to_numpy_array(network.nx, nodelist=range(network.n)) > 0
    want = np.zeros((network.n, 5))
    same = network.group[:, None] == network.group[None, :]
    for a, v, b in product(range(network.n), repeat=3):
        if tie[a, v] and tie[v, b] and not tie[a, b] and a != b:
            role = (0 if same[a, v] else 1) if same[a, b] else 2 if same[a, v] else 3 if same[v, b] else 4
            want[v, role] += 1
    assert compute(network.ours, ["brokerage_roles"])[list(ROLES)].to_numpy().tolist() == want.tolist()
