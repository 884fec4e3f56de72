"""Scores for many at once are those that each gets alone, and the shares of a project's money weigh the ties."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pandas as pd
import pytest

from tests.recommend.drawing import drawn
from tests.recommend.test_paths import random_graph
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.graph import Graph
from tsi_graph.recommend import TO, candidates, recommend
from tsi_graph.recommend.relevance import relevance
from tsi_graph.recommend.ties import prepare


@pytest.mark.parametrize("to", TO)
def test_the_table_of_all_names_whom_each_is_recommended(torino: Graph, to: str) -> None:
    table = candidates(torino, to, limit=5)
    assert len(table)
    bodies = sorted(torino.nodes["id"][torino.kinds_of("Stakeholder")])
    for node in bodies[::4]:
        mine = table[table["node"] == node]
        alone = [one for one in recommend(torino, node, to, limit=5) if one.score > 0]
        assert mine["score"].tolist() == pytest.approx([one.score for one in alone])
        assert mine["likeness"].tolist() == pytest.approx([one.likeness for one in alone])
        kept = {one.id for one in alone if one.score > min(one.score for one in alone)}
        assert kept <= set(mine["candidate"])


@pytest.mark.parametrize("seed", range(5))
def test_the_score_is_its_formula_written_with_whole_matrices(seed: int) -> None:
    graph = random_graph(seed)
    ties = prepare(graph)
    weight, degree = ties.weight.toarray(), np.maximum(ties.partners, 1)
    likeness = (ties.profile @ ties.profile.T).toarray()
    whole = (weight / degree**0.6) @ weight * (0.1 + likeness) ** 0.3
    everybody = np.ones(len(graph), bool)
    for q in range(len(graph)):
        score, alike = relevance(ties, q, everybody)
        assert score == pytest.approx(whole[q])
        assert alike == pytest.approx(likeness[q])


def test_the_table_takes_a_scope_some_nodes_and_refusals() -> None:
    graph = drawn("ann-ben ben>n1 ben>n2 ben-cy", scope={"n1": "european", "n2": "local"})
    assert candidates(graph, "network", limit=3)[["node", "candidate"]].to_numpy().tolist() == [
        ["ann", "n1"],
        ["ann", "n2"],
        ["cy", "n1"],
        ["cy", "n2"],
    ]
    assert candidates(graph, "network", "european")["candidate"].tolist() == ["n1", "n1"]
    assert candidates(graph, "network", nodes=["cy"], limit=1)["node"].tolist() == ["cy"]
    assert candidates(graph, "network", refused=[("n1", "ann")])["candidate"].tolist() == ["n2", "n1", "n2"]
    assert candidates(drawn("ann~t1"), "network").empty
    with pytest.raises(Unusable, match="at least 1"):
        candidates(graph, limit=0)
    with pytest.raises(NotFound, match="zoe"):
        candidates(graph, nodes=["zoe"])


def with_money(amounts: dict[tuple[str, str], float]) -> Graph:
    graph = drawn("ann-p1 ben-p1 ben-p2 cy-p2 dee-p2")
    keys = zip(graph.edges["source"], graph.edges["target"], strict=True)
    return Graph.from_edges(graph.edges.assign(amount=[amounts.get(key, np.nan) for key in keys]), graph.nodes)


def test_a_large_part_in_a_project_is_a_stronger_tie_and_an_unknown_one_an_average_tie() -> None:
    # in p2 ben has 4 of 8, so 1.5 times the average of 2 and two thirds; cy has 2; what dee has is not known
    money = {("ben", "p2"): 6.0, ("cy", "p2"): 2.0}
    plain, weighed = prepare(with_money({})), prepare(with_money(money))
    graph = with_money(money)
    ben, cy, dee = (graph.position(one) for one in ("ben", "cy", "dee"))
    each = 1 / sqrt(2)
    assert plain.evidence[ben, cy] == pytest.approx(each)
    assert weighed.evidence[ben, cy] == pytest.approx(each * sqrt(1.5 * 0.5))
    assert weighed.evidence[ben, dee] == pytest.approx(each * sqrt(1.5))
    assert weighed.evidence[cy, dee] == pytest.approx(each * sqrt(0.5))
    assert [r.id for r in recommend(graph, "ann", "stakeholder")] == ["dee", "cy"]


def test_a_part_is_held_within_a_tenth_and_eight_times_the_average() -> None:
    money = {("ben", "p2"): 1e9, ("cy", "p2"): 1.0, ("dee", "p2"): 0.0}
    graph = with_money(money)
    ties = prepare(graph)
    ben, cy, dee = (graph.position(one) for one in ("ben", "cy", "dee"))
    assert ties.evidence[ben, cy] == pytest.approx(sqrt(3 * 0.1) / sqrt(2))
    assert ties.evidence[cy, dee] == pytest.approx(0.1 / sqrt(2))


def test_what_a_funder_gives_is_no_part_in_the_work() -> None:
    graph = drawn("ann$p1 ben-p1 cy-p1")
    paid = Graph.from_edges(graph.edges.assign(amount=[1e6, np.nan, np.nan]), graph.nodes)
    assert (prepare(paid).evidence != prepare(graph).evidence).nnz == 0


def test_several_programmes_of_a_project_are_told_apart() -> None:
    graph = drawn("ann-p1 ben-p1 ben-p2 cy-p2 ben-p3 dee-p3", programme={"p1": "A|B", "p2": "B", "p3": "C"})
    found = {r.id: r.likeness for r in recommend(graph, "ann", "stakeholder")}
    assert found["cy"] > 0
    assert found["dee"] == 0


def test_the_half_life_is_a_setting() -> None:
    graph = drawn(
        "ann-ben ben-p1 old-p1 ben-p2 new-p2", valid_to={"p1": "2015"}, valid_from={"p1": "2014", "p2": "2024"}
    )
    slow, quick = ({r.id: r.score for r in recommend(graph, "ann", "stakeholder", half_life=h)} for h in (4.0, 2.0))
    assert slow["new"] == quick["new"]
    assert slow["old"] > quick["old"]
    with pytest.raises(Unusable, match=r"from 0\.1 to 100, not 0"):
        recommend(graph, "ann", half_life=0)


def test_projects_to_join_are_met_through_those_who_take_part() -> None:
    graph = drawn(
        "ann-ben ben-p1 cy-p1 ben-p2 dee-p3",
        valid_from={"p1": "2024", "p2": "2010", "p3": "2024"},
        valid_to={"p1": "2027", "p2": "2012", "p3": "2027"},
    )
    [one] = recommend(graph, "ann", "project", lang="en")
    # p1 has two: what it would give to each of them and a newcomer is 1 / sqrt(2); ben has ann and cy
    assert (one.id, one.score) == ("p1", pytest.approx((1 / sqrt(2)) ** 0.3 / 2**0.6 * 0.1**0.3))
    assert one.introducers == ("ben",)
    assert one.reasons == ("One partner of Ann takes part in it: Ben.", "It runs until 2027.")
    assert one.path[-1].how == "Ben takes part in P1"
    assert one.cautions == ("Whether P1 takes in newcomers is not documented.",)


def test_members_of_networks_that_one_could_join_are_told_by_the_network() -> None:
    graph = drawn("ann-ben ben-cy ben-dee cy>n1", scope={"n1": "european"})
    [one] = recommend(graph, "ann", "member", "european", lang="en")
    assert (one.id, one.reasons[1]) == ("cy", "Cy is in a network that Ann is not in: N1.")
    assert recommend(graph, "ann", "member", "local") == []


def test_the_columns_of_an_empty_table_are_there() -> None:
    assert list(candidates(drawn("ann~t1")).columns) == ["node", "candidate", "score", "likeness"]
    assert isinstance(candidates(drawn("ann-ben ben-cy")), pd.DataFrame)
