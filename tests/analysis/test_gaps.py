"""Gaps on graphs small enough to draw, and on the Torino data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tsi_graph.analysis.gaps import (
    _counts,
    find_gaps,
    group_ties,
    isolated_gaps,
    redeal,
    sector_gaps,
    significant,
    topic_gaps,
)
from tsi_graph.errors import NotFound
from tsi_graph.graph import STRUCTURE, Graph


def graph_of(nodes: str, edges: str, **columns: list[object]) -> Graph:
    """Nodes as `id:kind[:sector]`, edges as `source KIND target`, separated by commas."""
    rows = [(*node.strip().split(":"), "")[:3] for node in nodes.split(",")]
    table = pd.DataFrame(rows, columns=["id", "kind", "sector"]).assign(**columns)
    ties = [edge.split() for edge in edges.split(",") if edge.strip()]
    return Graph.from_edges(
        pd.DataFrame(ties, columns=["source", "kind", "target"]), table, directed=True, view=STRUCTURE
    )


def two_camps(across: int) -> Graph:
    """Ten banks and ten cooperatives, each camp a ring with the next but one, and a few ties across."""
    nodes = [
        (f"{camp}{i}", "Stakeholder", sector)
        for camp, sector in (("b", "bank"), ("c", "cooperative"))
        for i in range(10)
    ]
    ties = [(f"{camp}{i}", f"{camp}{(i + step) % 10}") for camp in "bc" for i in range(10) for step in (1, 2)]
    ties += [(f"b{i}", f"c{i}") for i in range(across)]
    edges = pd.DataFrame(ties, columns=["source", "target"]).assign(kind="PARTNER_OF")
    return Graph.from_edges(edges, pd.DataFrame(nodes, columns=["id", "kind", "sector"]))


def test_two_camps_that_hardly_meet_are_a_gap() -> None:
    [gap] = sector_gaps(two_camps(across=1))
    assert (gap.kind, gap.ids, gap.names) == ("sectors", ("bank", "cooperative"), ("banks", "cooperatives"))
    assert (gap.observed, gap.coverage, gap.significant) == (1, (20, 20), True)
    # 41 ties, of which each joins two camps of ten with the chance 10 * 10 / 190
    assert gap.expected == pytest.approx(41 * 100 / 190, abs=0.3)
    assert gap.score == pytest.approx(np.log2(1 / gap.expected))
    assert gap.p == pytest.approx(1 / 2001)
    assert gap.sentence("en") == (
        "Banks and cooperatives: 1 documented tie, where 21.6 would be expected for their numbers and 20.5 for how "
        "many ties they have in all (more than chance, p = 0.0005). "
        "Some tie beyond membership is documented for 20 of 20 organisations."
    )
    assert gap.sentence("it") == (
        "Banche e cooperative: 1 legame documentato, dove se ne attenderebbero 21,6 per il loro numero e 20,5 per "
        "quanti legami hanno in tutto (più che un caso, p = 0,0005). "
        "Qualche legame oltre l'adesione è documentato per 20 organizzazioni su 20."
    )


def test_camps_that_meet_are_no_gap() -> None:
    meeting = pd.DataFrame(
        [(f"b{i}", f"c{(i + k) % 10}") for i in range(10) for k in range(5)], columns=["source", "target"]
    )
    apart = two_camps(across=0)
    edges = pd.concat([apart.edges, meeting.assign(kind="PARTNER_OF", weight=1.0)])
    assert sector_gaps(Graph.from_edges(edges, apart.nodes)) == []


def test_a_sector_without_ties_to_anybody_is_no_gap_with_each_other_sector() -> None:
    """Their sizes lead one to expect ties, their activity does not: nobody has documented them."""
    camps = two_camps(across=0)
    quiet = pd.DataFrame({"id": [f"q{i}" for i in range(10)], "kind": "Stakeholder", "sector": "company"})
    graph = Graph.from_edges(camps.edges, pd.concat([camps.nodes, quiet]))
    assert [gap.ids for gap in sector_gaps(graph)] == [("bank", "cooperative")]


def test_parallel_ties_and_shared_projects_tie_a_pair_once() -> None:
    graph = graph_of(
        "a:Stakeholder:bank,b:Stakeholder:company,p:Project",
        "a PARTNER_OF b,b FUNDS a,a PARTICIPATES_IN p,b PARTICIPATES_IN p",
    )
    seen, mean, p = redeal(np.array([0, 1]), np.array([0]), np.array([1]), 2, draws=10)
    assert (seen.tolist(), mean.tolist(), p.tolist()) == ([[0, 1], [1, 0]], [[0, 1], [1, 0]], [[1, 1], [1, 1]])
    assert sector_gaps(graph) == []


def test_membership_of_the_home_alliance_is_no_meeting() -> None:
    camps = two_camps(across=0)
    home = pd.DataFrame(
        {"source": camps.nodes["id"], "target": "torino-social-impact", "kind": "MEMBER_OF", "weight": 1.0}
    )
    alliance = pd.DataFrame({"id": ["torino-social-impact"], "kind": ["Network"]})
    graph = Graph.from_edges(pd.concat([camps.edges, home]), pd.concat([camps.nodes, alliance]), view=STRUCTURE)
    assert [gap.observed for gap in sector_gaps(graph)] == [0]
    assert isolated_gaps(graph) == []


def test_others_and_organisations_without_a_sector_are_dealt_out_but_are_no_gap() -> None:
    camps = two_camps(across=0)
    other = Graph.from_edges(camps.edges, camps.nodes.replace({"sector": {"bank": "other", "cooperative": None}}))
    assert sector_gaps(other) == []


def test_false_finds_are_held_down_over_all_pairs() -> None:
    """The worked example of Benjamini & Hochberg 1995: of 15 p-values four stand at 5 %."""
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1,
    ]
    assert significant(np.array(p)).tolist() == [True] * 4 + [False] * 11
    assert significant(np.array([])).tolist() == []


TOPICS = "care:Topic,housing:Topic,food:Topic,music:Topic,arts:Topic"


def test_topics_say_which_part_is_missing() -> None:
    graph = graph_of(
        f"{TOPICS},p:Project,q:Project,f:Fund,a:Stakeholder:bank,b:Stakeholder:company",
        "p WORKS_ON care,a FUNDS p,q WORKS_ON housing,f WORKS_ON food,b WORKS_ON music",
    )
    gaps = {gap.ids[0]: gap for gap in topic_gaps(graph)}
    assert {topic: gap.lacks for topic, gap in gaps.items()} == {
        "arts": ("funder", "project"),
        "music": ("funder", "project"),
        "housing": ("funder",),
        "food": ("project",),
    }
    assert list(gaps) == ["arts", "music", "food", "housing"]
    assert gaps["housing"].coverage == (2, 2)
    assert gaps["housing"].sentence("en") == (
        "housing: no funder among the documented ties; 1 body works on it. "
        "Some topic is documented for 2 of 2 projects."
    )
    assert gaps["arts"].sentence("it") == (
        "arts: nessun finanziatore e nessun progetto fra i legami documentati; nessuno ci lavora. "
        "Qualche tema è documentato per 2 progetti su 2."
    )


def test_a_project_that_names_its_funder_has_one() -> None:
    graph = graph_of("care:Topic,p:Project", "p WORKS_ON care", funder=["", "compagnia"])
    assert topic_gaps(graph) == []


def test_a_funded_organisation_or_an_investor_brings_money_to_its_topic() -> None:
    graph = graph_of(
        "care:Topic,food:Topic,p:Project,a:Stakeholder:bank,b:Stakeholder:company,i:Investor:investor",
        "p WORKS_ON care,p WORKS_ON food,b WORKS_ON care,a INVESTS_IN b,i WORKS_ON food",
    )
    assert topic_gaps(graph) == []


def test_organisations_nobody_documented_stand_before_those_in_one_project_only() -> None:
    graph = graph_of(
        "torino-social-impact:Network,p:Project,care:Topic,lone:Stakeholder:bank,listed:Stakeholder:bank,busy:Stakeholder:bank,"
        "partner:Stakeholder:company",
        "lone MEMBER_OF torino-social-impact,lone WORKS_ON care,listed PARTICIPATES_IN p,busy PARTICIPATES_IN p,"
        "busy PARTNER_OF partner",
    )
    gaps = isolated_gaps(graph)
    assert [(gap.ids, gap.observed, gap.coverage) for gap in gaps] == [(("lone",), 0, (2, 3)), (("listed",), 1, (2, 3))]
    assert gaps[0].sentence("en") == (
        "lone: no documented tie beyond membership. In its sector (banks) some tie is documented for 2 of 3."
    )
    assert gaps[1].sentence("it") == (
        "listed: nota solo perché un progetto la elenca, p. "
        "Nel suo settore (banche) qualche legame è documentato per 2 su 3."
    )


def test_gaps_come_in_families_and_an_empty_graph_has_none() -> None:
    empty = Graph.from_edges(
        pd.DataFrame({"source": [], "target": []}, dtype=object), pd.DataFrame({"id": []}, dtype=object)
    )
    assert find_gaps(empty) == []
    one = graph_of("a:Stakeholder:bank", "")
    assert [gap.kind for gap in find_gaps(one)] == ["isolated"]


def test_groups_that_do_not_exist_are_answered_with_those_that_do() -> None:
    with pytest.raises(NotFound, match=r"no attribute 'town' .* Known: sector"):
        find_gaps(two_camps(across=1), between="town")


def test_the_torino_data_has_gaps_of_every_family(torino: Graph) -> None:
    gaps = find_gaps(torino)
    first = gaps[0]
    assert (first.ids, first.observed, first.significant) == (("association", "company"), 33, True)
    assert [gap.ids for gap in gaps if gap.significant] == [("association", "company")]
    assert {gap.ids[0]: gap.lacks for gap in gaps if gap.kind == "topic"} == {
        "communication": ("funder",),
        "governance-partnership": ("funder",),
        "training-skills-youth": ("funder",),
        "impact-measurement": ("funder",),
    }
    assert sum(gap.kind == "isolated" and gap.observed == 0 for gap in gaps) == 6
    assert all(0 <= gap.coverage[0] <= gap.coverage[1] and {"it", "en"} == set(gap.reasons) for gap in gaps)


def test_the_same_data_has_the_same_gaps_in_any_order(torino: Graph) -> None:
    shuffled = Graph.from_edges(torino.edges.sample(frac=1, random_state=1), torino.nodes, view=torino.view)
    assert find_gaps(shuffled) == find_gaps(torino)


def test_re_dealings_are_counted_as_tie_by_tie() -> None:
    dice = np.random.default_rng(7)
    for groups in (2, 3, 9, 30):
        code = dice.integers(0, groups, 40)
        i, j = np.triu_indices(40, 1)
        kept = dice.random(len(i)) < 0.4
        i, j = i[kept], j[kept]
        dealt = [dice.permutation(code) for _ in range(11)]
        for found, one in zip(_counts(dealt, i, j, groups), dealt, strict=True):
            plain = np.zeros((groups, groups), int)
            for a, b in zip(one[i], one[j], strict=True):
                plain[a, b] += 1
                plain[b, a] += a != b
            assert found.tolist() == plain.tolist()


def test_ties_between_groups_are_worked_out_once_for_a_graph() -> None:
    graph = two_camps(across=1)
    assert group_ties(graph) is group_ties(graph, "sector")
