"""Through whom: the best chains against Yen's algorithm, load, refusals, and the ports of networks."""

from __future__ import annotations

from itertools import islice, pairwise
from math import exp, log

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tests.recommend.drawing import drawn
from tests.recommend.facts import Facts
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.graph import Graph
from tsi_graph.recommend import Port, ports, recommend, ways


@pytest.fixture(scope="module")
def facts(torino: Graph) -> Facts:
    return Facts(torino)


def random_graph(seed: int) -> Graph:
    """Twelve bodies with some ties of their own and some projects."""
    dice = np.random.default_rng(seed)
    names = [f"b{chr(97 + k)}" for k in range(12)]
    direct = [f"{a}-{b}" for n, a in enumerate(names) for b in names[n + 1 :] if dice.random() < 0.15]
    events = [f"{a}-p{k}" for k in range(1, 7) for a in names if dice.random() < 0.3]
    dates = {f"p{k}": f"{dice.integers(2005, 2025)}" for k in range(1, 7)}
    return drawn(" ".join([*direct, *events, "ba-p7"]), valid_to=dates, valid_from={"p7": "2024"})


@pytest.mark.parametrize("seed", range(12))
def test_the_chains_are_those_of_yens_algorithm(seed: int) -> None:
    graph = random_graph(seed)
    facts = Facts(with_columns(graph))
    bodies = sorted(one for one in facts.node if facts.kind(one) == "Stakeholder")
    lengths = nx.Graph()
    lengths.add_nodes_from(bodies)
    for a in bodies:
        for b in facts.tied[a]:
            lengths.add_edge(a, b, length=-log(1 - exp(-facts.evidence(a, b))))
    for a, b in [(a, b) for a in bodies for b in bodies if a < b][::5]:
        without = lengths.copy()
        without.remove_edges_from([(a, b)])
        paths = nx.shortest_simple_paths(without, a, b, weight="length") if nx.has_path(without, a, b) else ()
        short = [path for path in islice(paths, 300) if len(path) <= 4]
        worth = [exp(-nx.path_weight(without, path, "length")) for path in short]
        expected = [value for value in worth if value >= 0.01][:4]
        assert [way.strength for way in ways(graph, a, b, k=4)] == pytest.approx(expected)


def with_columns(graph: Graph) -> Graph:
    """The same with every column that the oracle reads."""
    nodes, edges = graph.nodes.copy(), graph.edges.copy()
    for column in ("name_it", "city", "sector", "scope", "valid_from", "valid_to", "country", "join_rules"):
        nodes[column] = nodes.get(column, "")
    for column in ("valid_from", "valid_to"):
        edges[column] = edges.get(column, "")
    return Graph.from_edges(edges, nodes)


def test_the_first_way_is_the_path_of_the_recommendation(torino: Graph) -> None:
    for node in ("socialfare", "hackability", "doc-scs", "2i3t"):
        for to in ("network", "stakeholder", "project"):
            for one in recommend(torino, node, to, limit=5):
                found = ways(torino, node, one.id, k=3)
                assert bool(found) == bool(one.path)
                assert not found or found[0].path == one.path
                assert [w.strength for w in found] == sorted((w.strength for w in found), reverse=True) or (
                    one.kind == "Network"
                )


def test_an_introducer_that_is_asked_often_gives_way_to_another() -> None:
    graph = drawn("ann-ben ben>n1 ann-cy cy>n1 ann-p1 cy-p1")
    assert [r.introducers for r in recommend(graph, "ann")] == [("cy",)]
    [often] = recommend(graph, "ann", load={"cy": 3})
    [never] = recommend(graph, "ann", reliability={"cy": 0.2})
    [other] = recommend(graph, "ann", not_introducers={"cy"})
    for one in (often, never, other):
        assert one.introducers == ("ben",)
        assert one.strength == pytest.approx((1 - exp(-1)) ** 2)
        assert one.score == recommend(graph, "ann")[0].score
    assert [w.introducers for w in ways(graph, "ann", "n1")] == [("cy",), ("ben",), ("cy", "ben")]
    assert ways(graph, "ann", "n1", load={"cy": 3})[0].introducers == ("ben",)
    assert [w.introducers for w in ways(graph, "ann", "n1", not_introducers=["ben"])] == [("cy",)]


def test_who_said_no_is_not_proposed_in_either_direction() -> None:
    graph = drawn("ann-ben ben-cy ben-dee")
    assert [r.id for r in recommend(graph, "ann", "stakeholder")] == ["cy", "dee"]
    assert [r.id for r in recommend(graph, "ann", "stakeholder", refused=[("ann", "cy")])] == ["dee"]
    assert [r.id for r in recommend(graph, "cy", "stakeholder", refused=[frozenset({"ann", "cy"})])] == ["dee"]
    assert [r.id for r in recommend(graph, "dee", "stakeholder", refused=[("ann", "cy"), ("x", "y")])] == ["ann", "cy"]


def test_a_body_that_bars_all_its_partners_is_told_that_there_is_no_route() -> None:
    graph = drawn("ann-ben ben-cy")
    [one] = recommend(graph, "ann", "stakeholder", not_introducers=["ben"], lang="en")
    assert (one.id, one.path) == ("cy", ())
    assert one.cautions == ("No documented route: introduce it yourselves.",)


def test_wrong_questions_about_ways_are_answered_with_words() -> None:
    graph = drawn("ann-ben ben-cy")
    with pytest.raises(NotFound, match="zoe"):
        ways(graph, "ann", "zoe")
    with pytest.raises(Unusable, match="from one body to another"):
        ways(graph, "ann", "ann")
    with pytest.raises(Unusable, match="at least 1"):
        ways(graph, "ann", "cy", k=0)


def test_ports_are_told_by_how_firm_they_are_and_what_hangs_on_them() -> None:
    graph = drawn(
        "ben>n1 cy-n1 dee-p1 n1-p1 ann-ben eve-ben eve-cy fay-dee",
        valid_to={"p1": "2020"},
        valid_from={"p1": "2018", "p2": "2025"},
    )
    assert ports(graph, "n1") == [
        Port("ben", "Ben", "member", True, None, known_by=2, also_reached=1, redundancy=0.5),
        Port("cy", "Cy", "stated", True, None, known_by=1, also_reached=1, redundancy=1.0),
        Port("dee", "Dee", "project", False, 2020, known_by=1, also_reached=0, redundancy=0.0),
    ]
    with pytest.raises(Unusable, match="only networks"):
        ports(graph, "ann")


def test_torinos_ports_are_those_of_the_data(torino: Graph, facts: Facts) -> None:
    for network in (one for one in facts.node if facts.kind(one) == "Network" and one not in facts.home):
        found = ports(torino, network)
        assert {p.id for p in found if p.open} == facts.open_ports(network)
        for port in found:
            assert {"member": network in facts.member_of(port.id)}.get(port.level, True)
            around = (facts.tied[port.id] & facts.ecosystem) - {network, port.id}
            others = facts.open_ports(network) - {port.id}
            assert port.known_by == len(around)
            assert port.also_reached == sum(bool(z in others or facts.tied[z] & others) for z in around)


def test_twenty_torino_bodies_without_an_international_network_get_there_by_documented_ties(
    torino: Graph, facts: Facts
) -> None:
    """Every step is an edge of the data, or a project, network or fund that both ends take part in."""
    far = {one for one, row in facts.node.items() if facts.kind(one) == "Network" and row["scope"] in SCOPES}
    here = [one for one in facts.ecosystem if facts.node[one]["city"] == "Torino" and not facts.tied[one] & far]
    reached = 0
    for one in sorted(here):
        found = [r for r in recommend(torino, one, "network", "international") if r.path and not r.by_you]
        reached += bool(found)
        for answer in found:
            assert answer.id in far
            chain = [one, *answer.introducers, answer.id]
            assert [(s.source, s.target) for s in answer.path] == list(pairwise(chain))
            assert 2 <= len(answer.path) <= 3
            for step in answer.path:
                shared = facts.takes_part[step.source] & facts.takes_part[step.target]
                stated = facts.stated(step.source, step.target)
                assert stated or shared
                assert step.origin
                where = stated if step.kind else [e for x in shared for e in facts.at[x]]
                assert set(step.origin.split(" ; ")) <= {e["origin"] for e in where} | {""}
                assert step.strength == pytest.approx(1 - exp(-facts.evidence(step.source, step.target)), abs=1e-9)
    assert reached >= 20


SCOPES = ("european", "global")


def test_a_graph_that_is_gone_is_forgotten() -> None:
    import gc
    import weakref

    graph = drawn("ann-ben ben>n1 ann~t1", city={"ann": "Asti"})
    recommend(graph, "ann")
    ways(graph, "ann", "n1")
    ports(graph, "n1")
    left = weakref.ref(graph)
    del graph
    gc.collect()
    assert left() is None


def test_dates_of_a_table_without_words_are_no_fault() -> None:
    graph = Graph.from_edges(pd.DataFrame([("a", "b"), ("b", "c")], columns=["source", "target"]))
    assert [r.id for r in recommend(graph, "a", "stakeholder")] == ["c"]
