"""Who should meet whom: hand-computed scores, what is never proposed, and the answers on the Torino data."""

from __future__ import annotations

from dataclasses import asdict
from json import dumps
from math import exp, log, sqrt

import numpy as np
import pandas as pd
import pytest

from tests.recommend.drawing import drawn
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.graph import STRUCTURE, Graph
from tsi_graph.recommend import Recommendation, recommend


def scores(found: list[Recommendation]) -> dict[str, float]:
    return {r.id: round(r.score, 9) for r in found}


def test_the_score_is_the_readable_one_by_hand() -> None:
    # ann and ben share p1 (2 bodies, ended 4 years before the newest start); ben and cy share p2 with dee (3 bodies).
    graph = drawn(
        "ann-p1 ben-p1 ben-p2 cy-p2 dee-p2",
        valid_from={"p1": "2010-12-31", "p2": "2020-12-31"},
        valid_to={"p1": "2016-12-31"},
    )
    first, second = 0.5**0.3, (1 / sqrt(2)) ** 0.3
    score = first * second / 3**0.6 * 0.1**0.3
    assert scores(recommend(graph, "ann", "stakeholder")) == {"cy": round(score, 9), "dee": round(score, 9)}


def test_likeness_lifts_the_candidate_that_works_on_the_same_topic() -> None:
    graph = drawn("ann-ben ben-cy ben-dee ann~t1 dee~t1 cy~t2")
    base = 1 / 3**0.6
    assert scores(recommend(graph, "ann", "stakeholder")) == {
        "dee": round(base * 1.1**0.3, 9),
        "cy": round(base * 0.1**0.3, 9),
    }


def test_a_hub_says_less_than_a_body_with_few_partners() -> None:
    graph = drawn("ann-hub hub-cy hub-x hub-y hub-z ann-ben ben-dee")
    best = [r.id for r in recommend(graph, "ann", "stakeholder")]
    assert best == ["dee", "cy", "x", "y", "z"]


def test_ten_joint_projects_are_not_ten_times_one() -> None:
    many = " ".join(f"ben-p{k} dee-p{k}" for k in range(1, 11))
    found = scores(recommend(drawn(f"ann-ben ben-cy {many}"), "ann", "stakeholder"))
    assert found["dee"] / found["cy"] == pytest.approx(10**0.3)


def test_a_network_is_answered_with_the_member_that_leads_there() -> None:
    graph = drawn("ann-ben ben>n1", city={"ann": "Asti"}, scope={"n1": "european"})
    [answer] = recommend(graph, "ann", lang="en")
    assert asdict(answer) == {
        "id": "n1",
        "name": "N1",
        "kind": "Network",
        "score": round(1 / 2**0.6 * 0.1**0.3, 12),
        "likeness": 0.0,
        "reasons": (
            "No organisation based in Asti has a documented tie with N1.",
            "One partner of Ann is in it: Ben.",
            "Ann has no documented tie with a national or international network yet.",
        ),
        "cautions": ("N1's joining rules are not known.",),
        "path": (
            {
                "source": "ann", "source_name": "Ann", "target": "ben", "target_name": "Ben", "kind": "PARTNER_OF",
                "how": "Ann works with Ben", "origin": "drawing", "confidence": "high",
                "strength": pytest.approx(1 - exp(-1)), "year": None,
            },
            {
                "source": "ben", "source_name": "Ben", "target": "n1", "target_name": "N1", "kind": "MEMBER_OF",
                "how": "Ben is a member of N1", "origin": "drawing", "confidence": "high",
                "strength": pytest.approx(1 - exp(-1)), "year": None,
            },
        ),
        "introducers": ("ben",),
        "strength": pytest.approx((1 - exp(-1)) ** 2),
        "by_you": False,
        "reason_sources": ((), ("drawing",), ()),
        "cold_start": False,
        "parts": (
            {
                "name": "partner",
                "value": pytest.approx(1 / 2**0.6),
                "sentence": "Through Ben, which has 2 partners: a tie of 1.0 with Ann and of 1.0 with N1, worth 0.66.",
            },
            {
                "name": "topics",
                "value": pytest.approx(0.1**0.3),
                "sentence": "No common topic or programme of Ann and N1 is documented: times 0.50.",
            },
        ),
    }  # fmt: skip


def test_the_route_takes_the_more_reliable_of_two_ways() -> None:
    # by ben: a project of 5 and a membership; by cy: a tie of their own and a membership
    graph = drawn("ann-p1 ben-p1 x-p1 y-p1 z-p1 ann-cy ben>n1 cy>n1")
    [answer] = recommend(graph, "ann")
    assert answer.introducers == ("cy",)
    assert answer.reasons == ("Ne fanno parte 2 partner di Ann: Cy e Ben.", "Un'altra porta verso N1: Ben.")


def test_a_chain_has_at_most_three_ties() -> None:
    assert [r.id for r in recommend(drawn("ann-ben ben-cy cy>n1"), "ann")] == ["n1"]
    assert recommend(drawn("ann-ben ben-cy cy-dee dee>n1"), "ann") == []


@pytest.mark.parametrize(
    "ties",
    [
        "ann>n1 ben>n1 ann-ben",
        "ann=n1 ann-ben ben>n1",
        "ann=boss boss=n1 ann-ben ben>n1",
        "ann-p1 n1-p1 ann-ben ben>n1",
    ],
)
def test_a_network_one_belongs_to_or_knows_is_never_proposed(ties: str) -> None:
    assert recommend(drawn(ties), "ann") == []


def test_the_house_of_ones_owner_is_never_proposed() -> None:
    graph = drawn("ann=boss bob=boss ann-ben ben-bob ben-cy")
    assert [r.id for r in recommend(graph, "ann", "stakeholder")] == ["cy"]


def test_a_closed_body_is_neither_proposed_nor_asked_to_introduce() -> None:
    dates = {"valid_to": {"old": "2019"}, "valid_from": {"p9": "2024"}}
    graph = drawn("ann-old old>n1 ann-ben ben-old p9~t1", **dates)
    assert recommend(graph, "ann") == []
    assert recommend(graph, "ann", "stakeholder") == []
    assert recommend(graph, "old") == []
    ends_later = drawn("ann-old old>n1 p9~t1", valid_to={"old": "2029"}, valid_from={"p9": "2024"})
    assert [r.id for r in recommend(ends_later, "ann")] == ["n1"]


def test_a_promoter_introduces_only_where_nobody_else_can() -> None:
    promoter = "camera-commercio-torino"
    nodes = pd.DataFrame(
        {"id": ["ann", promoter, "n1", "ben"], "kind": ["Stakeholder"] * 2 + ["Network", "Stakeholder"]}
    ).assign(scope=["", "", "global", ""])
    rows = [("ann", promoter, "PARTNER_OF"), (promoter, "n1", "MEMBER_OF")]
    alone = Graph.from_edges(pd.DataFrame(rows, columns=["source", "target", "kind"]), nodes, view=STRUCTURE)
    # a network nobody else leads to has no score of its own: only what the promoters can do
    assert [(r.id, r.score, r.introducers) for r in recommend(alone, "ann")] == [("n1", 0.0, (promoter,))]
    assert recommend(alone, "ann")[0].cautions[0] == (
        f"Non c'è un'altra via documentata: la presentate voi, attraverso {promoter}."
    )
    rows += [("ann", "ben", "PARTNER_OF"), ("ben", "n1", "MEMBER_OF")]
    other = Graph.from_edges(pd.DataFrame(rows, columns=["source", "target", "kind"]), nodes, view=STRUCTURE)
    assert [(r.introducers, r.by_you) for r in recommend(other, "ann")] == [(("ben",), False)]


def test_a_body_without_ties_is_answered_by_topic_role_and_place_and_told_so() -> None:
    graph = drawn(
        "new~t1 dee~t1 cy-eve i1$cy",
        city={"new": "Asti", "cy": "Asti", "dee": "Bra", "eve": "Bra", "i1": "Bra"},
    )
    found = recommend(graph, "new", "stakeholder", lang="en")
    assert [(r.id, r.score, r.cold_start, r.path) for r in found] == [
        ("dee", 0.0, True, ()),
        ("i1", 0.0, True, ()),
        ("cy", 0.0, True, ()),
    ]
    assert found[0].reasons == (
        "We know no ties of New yet: proposed for a shared topic.",
        "New and Dee share one topic: T1.",
    )
    assert found[2].reasons == ("We know no ties of New yet: proposed for its place.", "New and Cy are based in Asti.")
    assert found[0].cautions == ("No documented route: introduce it yourselves.",)


def test_funds_and_investors_are_told_by_the_topic_that_their_money_serves() -> None:
    graph = drawn("ann-ben i1$ben ann~t1 ben~t1")
    [answer] = recommend(graph, "ann", "investor")
    assert answer.reasons == (
        "I1 ha finanziato un partner di Ann: Ben.",
        "Ruoli che si completano: I1 finanzia iniziative su T1, tema su cui Ann lavora.",
    )


def test_wrong_words_are_answered_with_the_right_ones() -> None:
    graph = drawn("ann-ben ben>n1 ann~t1")
    with pytest.raises(NotFound, match="zoe"):
        recommend(graph, "zoe")
    with pytest.raises(Unusable, match="network, fund, investor, stakeholder"):
        recommend(graph, "ann", "friend")
    with pytest.raises(Unusable, match="local, regional, national, european, global, international"):
        recommend(graph, "ann", "network", "cosmic")
    with pytest.raises(Unusable, match="Only networks have a scope"):
        recommend(graph, "ann", "fund", "global")
    with pytest.raises(Unusable, match="at least 1"):
        recommend(graph, "ann", limit=0)
    with pytest.raises(Unusable, match="it, en"):
        recommend(graph, "ann", lang="fr")
    with pytest.raises(Unusable, match="'t1' is a Topic"):
        recommend(graph, "t1")


def shuffled(graph: Graph, seed: int) -> Graph:
    dice = np.random.default_rng(seed)
    nodes = graph.nodes.iloc[dice.permutation(len(graph))]
    return Graph.from_edges(graph.edges.iloc[dice.permutation(len(graph.edges))], nodes, view=graph.view)


@pytest.mark.parametrize("to", ["network", "fund", "investor", "stakeholder"])
def test_the_order_of_the_rows_changes_no_answer(torino: Graph, to: str) -> None:
    mixed = shuffled(torino, 7)
    for node in ("socialfare", "universita-torino", "doc-scs"):
        before, after = recommend(torino, node, to), recommend(mixed, node, to)
        assert [(r.id, r.reasons, r.introducers) for r in before] == [(r.id, r.reasons, r.introducers) for r in after]


@pytest.mark.parametrize("node", ["socialfare", "doc-scs", "universita-torino", "politecnico-torino", "hackability"])
def test_torino_reaches_international_networks_by_documented_ties(torino: Graph, node: str) -> None:
    found = [r for r in recommend(torino, node, "network", "international") if r.path and not r.by_you]
    assert found
    scope = dict(zip(torino.nodes["id"], torino.nodes["scope"], strict=True))
    for answer in found:
        assert scope[answer.id] in ("european", "global")
        chain = [answer.path[0].source, *(step.target for step in answer.path)]
        assert chain == [node, *answer.introducers, answer.id]
        assert 2 <= len(answer.path) <= 3
        for step in answer.path:
            assert step.origin
            near = {
                end: set(torino.edges["target"][torino.edges["source"] == end])
                | set(torino.edges["source"][torino.edges["target"] == end])
                for end in (step.source, step.target)
            }
            assert step.target in near[step.source] or near[step.source] & near[step.target]
        dumps(asdict(answer))


def test_socialfare_reaches_impact_europe_through_the_cottino_campus(torino: Graph) -> None:
    first = recommend(torino, "socialfare", "network", "international")[0]
    assert (first.id, first.introducers) == ("impact-europe", ("cottino-social-impact-campus",))
    assert [step.how for step in first.path] == [
        "SocialFare collabora con Cottino Social Impact Campus",
        "Cottino Social Impact Campus collabora con Impact Europe",
    ]


def test_torino_never_proposes_the_alliance_its_promoters_or_a_known_network(torino: Graph) -> None:
    for node in ("socialfare", "banca-etica", "cgm", "comune-di-torino", "fondazione-crt", "nativa"):
        names = {r.id for r in recommend(torino, node, limit=50)}
        tied = set(torino.edges["target"][torino.edges["source"] == node])
        assert not names & (tied | {"torino-social-impact", "camera-commercio-torino"})


def test_the_score_of_likeness_is_a_cosine_of_rarity() -> None:
    # 5 nodes; t1 is held by ann and dee, t2 by dee alone
    graph = drawn("ann-ben ben-dee ann~t1 dee~t1 dee~t2")
    common, rare = log(1 + 5 / 2), log(1 + 5 / 1)
    [answer] = recommend(graph, "ann", "stakeholder")
    assert answer.likeness == pytest.approx(common / sqrt(common**2 + rare**2))


def test_every_proposal_speaks_both_languages_and_names_its_reasons(torino: Graph) -> None:
    here = torino.nodes["id"][torino.kinds_of("Stakeholder") & (torino.nodes["city"] == "Torino")]
    for node in here[::9]:
        for to in ("network", "investor"):
            italian, english = (recommend(torino, node, to, limit=3, lang=lang) for lang in ("it", "en"))
            assert [(r.id, len(r.reasons), len(r.cautions)) for r in italian] == [
                (r.id, len(r.reasons), len(r.cautions)) for r in english
            ]
            for answer in (*italian, *english):
                assert 1 <= len(answer.reasons) <= 3
                assert not [text for text in (*answer.reasons, *answer.cautions) if "{" in text or "  " in text]


def test_partners_counted_in_a_reason_are_the_members_one_knows_and_closed_ones_are_not(torino: Graph) -> None:
    [answer] = [r for r in recommend(torino, "universita-torino", lang="en") if r.id == "social-value-italia"]
    assert "One partner of University of Turin is in it: Avanzi." in answer.reasons


def test_membership_of_the_alliance_ties_nobody_and_the_team_introduces(torino: Graph) -> None:
    tsi = "torino-social-impact"
    member = {"source": "cooperativa-barbara-b", "target": tsi, "kind": "MEMBER_OF", "weight": 1.0, "confidence": 3}
    whole = Graph.from_edges(
        pd.concat([torino.edges, pd.DataFrame([member])], ignore_index=True), torino.nodes, view=torino.view
    )
    for graph in (torino, whole):
        answers = {r.id: r for r in recommend(graph, "cooperativa-barbara-b", "network", "european")}
        assert answers["ensie"].cold_start
        assert (answers["ensie"].path, answers["ensie"].introducers, answers["ensie"].by_you) == ((), (tsi,), True)
        assert answers["ensie"].reasons[1] == "A Torino il solo legame documentato con ENSIE è il vostro."
        assert answers["ensie"].cautions[0] == (
            "Non c'è un'altra via documentata: la presentate voi, attraverso Torino Social Impact."
        )


def test_torino_never_goes_through_a_body_that_has_closed(torino: Graph) -> None:
    here = torino.nodes["id"][torino.kinds_of("Stakeholder") & (torino.nodes["city"] == "Torino")]
    for node in here[::3]:
        for answer in recommend(torino, node):
            named = " ".join((*answer.reasons, *answer.introducers))
            assert not {"ubi-banca", "nesta-italia"} & set(answer.introducers)
            assert "UBI Banca" not in named
