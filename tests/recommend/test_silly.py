"""What would be silly to a person is never proposed on the Torino data: a test for each such thing."""

from __future__ import annotations

from math import exp

import pytest

from tests.conftest import facts_table
from tests.recommend.drawing import drawn
from tests.recommend.facts import Facts
from tsi_graph.graph import Graph, View, graph_of
from tsi_graph.recommend import TO, Recommendation, recommend

Proposal = tuple[str, Recommendation]
# Whom each network unites, by its name and its documented members; read by a person, for this test alone.
UNITES = {
    "gabv": {"bank", "investor"},
    "febea": {"bank", "investor"},
    "iclei": {"public body"},
    "atlantic-cities": {"public body"},
    "efus": {"public body"},
    "acri": {"foundation"},
    "assifero": {"foundation"},
    "impact-hub-network": {"incubator"},
    "cooperatives-europe": {"cooperative", "association"},
    "ensie": {"association", "cooperative", "social enterprise", "foundation", "other"},
    "gsg-impact": set(),
    "b-global-network": set(),
    "social-economy-europe": set(),
    "social-value-international": set(),
    "cepes": set(),
}
BANK_OWNED = {("permicro", "gabv"), ("permicro", "febea")}
"""A microcredit company whose owner, a bank, is a member."""


@pytest.fixture(scope="module")
def facts(torino: Graph) -> Facts:
    return Facts(torino)


@pytest.fixture(scope="module")
def proposals(torino: Graph, facts: Facts) -> list[Proposal]:
    """All that is proposed to any organisation, of every kind."""
    bodies = [one for one in facts.node if facts.kind(one) == "Stakeholder"]
    return [(a, one) for a in bodies for to in TO for one in recommend(torino, a, to, limit=8)]


def to_networks(proposals: list[Proposal]) -> list[Proposal]:
    return [(a, one) for a, one in proposals if one.kind == "Network"]


def test_no_network_is_proposed_to_a_body_that_it_cannot_admit(facts: Facts, proposals: list[Proposal]) -> None:
    wrong = {
        (a, one.id)
        for a, one in to_networks(proposals)
        if one.id in UNITES and facts.node[a]["sector"] not in UNITES[one.id] | {""}
    }
    abroad = {
        (a, one.id) for a, one in to_networks(proposals) if one.id == "cepes" and facts.node[a]["country"] in ("ES", "")
    }
    assert wrong - BANK_OWNED - abroad == set()


def test_joining_rules_that_name_sectors_decide_and_others_are_said() -> None:
    ties = "ann-ben ben>n1 cy-ben"
    sector = {"ann": "bank", "cy": "association", "ben": "bank"}
    ruled = drawn(ties, sector=sector, join_rules={"n1": "Solo banche"})
    assert [r.id for r in recommend(ruled, "ann")] == ["n1"]
    assert recommend(ruled, "cy") == []
    owned = drawn(f"{ties} ben=boss boss>n1 cy=boss", sector=sector, join_rules={"n1": "Solo banche"})
    assert [r.id for r in recommend(owned, "cy")] == ["n1"]
    unread = drawn(ties, sector=sector, join_rules={"n1": "Chi ha tre anni di bilanci"})
    [answer] = recommend(unread, "cy", lang="en")
    assert "Joining rules to check: Chi ha tre anni di bilanci" in answer.cautions


def test_unknown_joining_rules_are_said_with_every_network(facts: Facts, proposals: list[Proposal]) -> None:
    for _, one in to_networks(proposals):
        assert any(c.startswith("Le regole di adesione a") for c in one.cautions) == (
            facts.node[one.id]["join_rules"] == ""
        )


def test_no_body_is_proposed_to_its_own_house(facts: Facts, proposals: list[Proposal]) -> None:
    houses = {a: facts.house(a) for a, _ in proposals}
    assert [(a, one.id) for a, one in proposals if one.id in houses[a]] == []


def test_no_closed_body_is_proposed_or_asked_to_introduce_or_answered(facts: Facts, proposals: list[Proposal]) -> None:
    closed = {one for one in facts.node if facts.closed(one)}
    assert {"nesta-italia", "ubi-banca"} <= closed
    assert [(a, one.id) for a, one in proposals if closed & {a, one.id, *one.introducers}] == []


def test_no_network_gets_a_fifth_port(facts: Facts, proposals: list[Proposal]) -> None:
    far = {one.id for _, one in to_networks(proposals) if facts.node[one.id]["scope"] not in ("local", "regional")}
    assert far
    assert {network: len(facts.open_ports(network)) for network in far if len(facts.open_ports(network)) >= 4} == {}
    four = drawn("ann-ben ben>n1 cy>n1 dee>n1 eve>n1")
    assert recommend(four, "ann") == []
    assert [r.id for r in recommend(drawn("ann-ben ben>n1 cy>n1 dee>n1"), "ann")] == ["n1"]


def test_no_body_is_proposed_that_it_knows_already(facts: Facts, proposals: list[Proposal]) -> None:
    assert [(a, one.id) for a, one in proposals if one.id in facts.tied[a] or facts.between(a, one.id)] == []


def test_no_route_is_weak_and_none_leads_over_what_nobody_verified(proposals: list[Proposal]) -> None:
    for _, one in proposals:
        assert not one.path or one.strength >= 0.01
        assert {step.confidence for step in one.path} <= {"high", "medium"}


def test_what_nobody_verified_is_no_tie_even_where_it_is_shown() -> None:
    graph = graph_of(facts_table(), View(confidence=1))
    low = {(e["source"], e["target"]) for e in graph.edges.to_dict("records") if e["confidence"] == 1}
    assert len(low) > 20
    for a in ("fondazione-crt", "banca-etica", "socialfare", "fondazione-compagnia-san-paolo", "avanzi"):
        for one in recommend(graph, a, limit=30):
            assert (a, one.id) not in low
            assert {step.confidence for step in one.path} <= {"high", "medium"}
    doubtful = drawn("ann-ben ben>n1", confidence={"ben>n1": 1})
    assert recommend(doubtful, "ann") == []
    perhaps = drawn("ann-ben ben>n1 ann>n1", confidence={"ann>n1": 1})
    assert recommend(perhaps, "ann") == []


def test_a_large_or_long_ended_project_is_no_strong_tie(facts: Facts, proposals: list[Proposal]) -> None:
    seen = 0
    for _, one in proposals:
        for step in one.path:
            if facts.kind(step.target) == "Project":
                continue
            evidence = facts.evidence(step.source, step.target)
            assert step.strength == pytest.approx(1 - exp(-evidence), abs=1e-9)
            shared = facts.takes_part[step.source] & facts.takes_part[step.target]
            if len(shared) == 1 and not facts.stated(step.source, step.target):
                [event] = shared
                if len(facts.events[event]) >= 15:
                    seen += 1
                    assert step.strength < 0.25
    assert seen


def test_membership_of_the_alliance_is_no_tie_of_a_route(facts: Facts, proposals: list[Proposal]) -> None:
    through_us = 0
    for step in (step for _, one in proposals for step in one.path):
        through_us += bool(facts.home & {step.source, step.target})
        told = [e for e in facts.between(step.source, step.target) if e["kind"] == step.kind]
        assert not step.kind or {e["target"] for e in told if e["kind"] in ("MEMBER_OF", "SIGNATORY_OF")}.isdisjoint(
            facts.home
        )
        assert facts.kind(step.target) == "Project" or facts.evidence(step.source, step.target) > 0
    assert through_us


def test_a_project_that_is_over_is_not_proposed_to_join(facts: Facts, proposals: list[Proposal]) -> None:
    joined = {one.id for _, one in proposals if one.kind == "Project"}
    assert joined
    assert {p for p in joined if facts.closed(p)} == set()


def test_the_promoters_introduce_only_where_nobody_else_can(facts: Facts, proposals: list[Proposal]) -> None:
    for a, one in proposals:
        if one.by_you and one.path:
            near = facts.events[one.id].keys() if facts.kind(one.id) == "Project" else facts.tied[one.id]
            direct = facts.partners(a) & set(near)
            strong = [
                z for z in direct
                if facts.kind(one.id) != "Project"
                and (1 - exp(-facts.evidence(a, z))) * (1 - exp(-facts.evidence(z, one.id))) >= 0.01
            ]  # fmt: skip
            assert strong == [], (a, one.id)
