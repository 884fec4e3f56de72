"""What is left of a network: every node of random networks taken away with networkx, and the kite without Diane."""

from __future__ import annotations

import networkx as nx
import pytest

from tests.analysis.networks import random_case
from tsi_graph import kernels, samples
from tsi_graph.analysis.residual import pairs_without_each, without


@pytest.mark.parametrize("seed", range(200))
def test_what_is_left_without_each_node_is_found_in_one_walk(seed: int) -> None:
    graph, net = random_case(seed, 3 + seed)
    want = [
        sum(len(part) * (len(part) - 1) for part in nx.connected_components(net.subgraph(set(net) - {node})))
        for node in net
    ]
    assert pairs_without_each(graph.contacts).tolist() == want


def test_nodes_that_have_gone_stay_as_isolates() -> None:
    graph = samples.kite()
    rest = without(graph.sent, [graph.position("Diane")])
    want = kernels.build(10, *(graph.contacts.matrix() * 0 + rest.matrix()).nonzero(), symmetric=False)
    assert rest.indices.tolist() == want.indices.tolist()
    assert rest.degrees[graph.position("Diane")] == 0
    assert rest.degrees.sum() == 2 * (18 - 6)
