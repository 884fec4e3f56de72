"""Through whom: the best chains against Yen's algorithm, load, refusals, and the ports of networks."""

from __future__ import annotations

from itertools import islice, pairwise, product
from math import exp, log, prod

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tests.recommend.drawing import drawn
from tests.recommend.facts import Facts
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.graph import Graph
from tsi_graph.recommend import Port, ports, recommend, ways
from tsi_graph.recommend.telling import told_ways


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
            strength = 1 - exp(-facts.evidence(a, b))
            if strength >= 0.1:
                lengths.add_edge(a, b, length=-log(strength))
    for a, b in [(a, b) for a in bodies for b in bodies if a < b][::5]:
        without = lengths.copy()
        without.remove_edges_from([(a, b)])
        paths = nx.shortest_simple_paths(without, a, b, weight="length") if nx.has_path(without, a, b) else ()
        short = [path for path in islice(paths, 300) if len(path) <= 4]
        worth = [exp(-nx.path_weight(without, path, "length")) for path in short]
        expected = [value for value in worth if value >= 0.01][:4]
        assert [way.strength for way in ways(graph, a, b, k=4)] == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(12))
def test_what_introducers_count_chooses_among_the_chains_that_hold_and_no_others(seed: int) -> None:
    """Every chain of two or three ties is tried: none of its ties faint, the whole not weak, whoever is busy."""
    graph = random_graph(seed)
    facts, dice = Facts(with_columns(graph)), np.random.default_rng(seed)
    bodies = sorted(one for one in facts.node if facts.kind(one) == "Stakeholder")
    strength = {(a, b): 1 - exp(-facts.evidence(a, b)) for a in bodies for b in facts.tied[a]}
    load = {one: int(dice.choice([0, 1, 3, 200])) for one in bodies[::2]}
    reliability = {one: float(dice.choice([0.67, 1.0, 1.33])) for one in bodies[::3]}
    trust = {one: reliability.get(one, 1.0) / (1 + load.get(one, 0)) for one in bodies}

    def holds(chain: tuple[str, ...]) -> bool:
        ties = [strength.get(ends, 0.0) for ends in pairwise(chain)]
        return min(ties) >= 0.1 and prod(ties) >= 0.01

    def worth(chain: tuple[str, ...]) -> float:
        return round(prod(strength[ends] for ends in pairwise(chain)) * prod(trust[z] for z in chain[1:-1]), 12)

    compared = 0
    for a, b in [(a, b) for a in bodies for b in bodies if a < b][::3]:
        others = [z for z in bodies if z not in (a, b)]
        between = [(z,) for z in others] + [pair for pair in product(others, others) if pair[0] != pair[1]]
        chains = sorted(
            filter(holds, ((a, *middle, b) for middle in between)), key=lambda c: (-worth(c), c[-2], len(c), c[1])
        )
        found = ways(graph, a, b, k=5, load=load, reliability=reliability)
        assert [(a, *way.introducers, b) for way in found] == chains[:5]
        if b not in facts.tied[a]:
            mine = recommend(graph, a, "stakeholder", limit=20, load=load, reliability=reliability)
            path = next((r.introducers for r in mine if r.id == b), None)
            assert path is None or path == (chains[0][1:-1] if chains else ())
        compared += len(chains)
    assert compared


def test_a_busy_introducer_of_the_only_way_that_holds_is_still_asked() -> None:
    """An idle one whose way does not hold is no better."""
    graph = drawn("ann-firm firm-bob ann-p1 weak-p1 weak-bob", valid_to={"p1": "2000"}, valid_from={"p9": "2026"})
    assert [w.introducers for w in ways(graph, "ann", "bob")] == [("firm",)]
    [busy] = [r for r in recommend(graph, "ann", "stakeholder", load={"firm": 200}) if r.id == "bob"]
    assert busy.introducers == ("firm",)
    assert ways(graph, "ann", "bob", load={"firm": 200})[0].path == busy.path


def test_a_faint_tie_is_no_step_whatever_the_rest_of_the_chain() -> None:
    """desk.md 12.2: a project of twenty of six years ago, with two ties beside it that are as firm as can be."""
    crowd = " ".join(f"x{chr(97 + k)}-p1" for k in range(18))
    graph = drawn(f"ann-p1 ben-p1 {crowd} ben>n1", valid_from={"p1": "2020", "p2": "2026"}, valid_to={"p1": "2020"})
    [one] = recommend(graph, "ann", lang="en")
    assert (one.id, one.path) == ("n1", ())
    assert "The only documented way is too weak" in one.cautions[0]
    assert not any("No documented route" in caution for caution in one.cautions)
    alive = drawn(f"ann-p1 ben-p1 {crowd} ben>n1", valid_from={"p1": "2026"}, valid_to={"p1": "2029"})
    assert [r.introducers for r in recommend(alive, "ann")] == [("ben",)]


def test_loads_and_reliabilities_are_numbers_that_make_sense() -> None:
    graph = drawn("ann-ben ben-cy")
    for load in ({"ben": -1}, {"ben": float("nan")}):
        with pytest.raises(Unusable, match="less than 0 times"):
            recommend(graph, "ann", "stakeholder", load=load)
    for value in (float("nan"), float("inf"), -0.5):
        with pytest.raises(Unusable, match="A reliability is a number from 0 on"):
            ways(graph, "ann", "cy", reliability={"ben": value})


def test_ways_of_a_pair_in_the_ledger_say_so() -> None:
    graph = drawn("ann-ben ben-cy")
    [way] = ways(graph, "ann", "cy", lang="en", refused=[frozenset({"cy", "ann"})])
    assert way.cautions == (
        "The ledger already holds an introduction of Ann and Cy, or a refusal: look there before you ask.",
    )
    assert told_ways([way], "en").startswith(f"! {way.cautions[0]}\n* Ann → Ben → Cy (holds with probability 0.40)")
    assert ways(graph, "ann", "cy", refused=[("ann", "dee")])[0].cautions == ()


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


def test_a_body_that_bars_all_its_partners_is_told_who_is_spared() -> None:
    graph = drawn("ann-ben ben-cy")
    [one] = recommend(graph, "ann", "stakeholder", not_introducers=["ben"], lang="en")
    assert (one.id, one.path) == ("cy", ())
    assert one.cautions == ("Ben could introduce it, but you asked not to use it as introducer.",)
    graph = drawn("ann-ben ben-cy cy-dee ann~t1 dee~t1")
    [both] = [r for r in recommend(graph, "ann", "stakeholder", not_introducers=["ben", "cy"]) if r.id == "dee"]
    assert both.cautions[0] == "Potrebbero presentarla Ben e Cy, ma avete chiesto di non usarle come tramite."


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
