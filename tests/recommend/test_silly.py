"""What would be silly to a person is never proposed on the Torino data: a test for each such thing."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import pytest

from tests.conftest import facts_table
from tests.recommend.drawing import drawn
from tests.recommend.facts import Facts
from tsi_graph.graph import Graph, View, graph_of
from tsi_graph.recommend import TO, Recommendation, ports, recommend
from tsi_graph.recommend.portfolios.portfolio import portfolio

Proposal = tuple[str, Recommendation]
# Whom each network unites, by its name and its documented members; read by a person, for this test alone.
UNITES = {
    "gabv": {"bank", "investor"},
    "febea": {"bank", "investor"},
    "iclei": {"public body"},
    "atlantic-cities": {"public body"},
    "efus": {"public body"},
    "acri": set(),
    "assifero": {"foundation"},
    "impact-hub-network": set(),
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


def test_a_network_of_those_of_one_origin_takes_only_who_says_so_of_itself(
    facts: Facts, proposals: list[Proposal]
) -> None:
    assert "acri" not in {one.id for _, one in proposals}
    names = {"n1": "Association of foundations of banking origin", "cy": "Cy, a foundation of banking origin"}
    sector = dict.fromkeys(("ann", "ben", "cy"), "foundation")
    graph = named(drawn("ann-ben ben>n1 cy-ben", sector=sector), names)
    assert recommend(graph, "ann") == []
    assert [r.id for r in recommend(graph, "cy")] == ["n1"]
    ruled = named(drawn("ann-ben ben>n1", sector=sector, join_rules={"n1": "All foundations"}), names)
    assert [r.id for r in recommend(ruled, "ann")] == ["n1"]


def test_a_network_whose_members_all_carry_its_name_takes_no_other(proposals: list[Proposal]) -> None:
    assert "impact-hub-network" not in {one.id for _, one in proposals}
    names = {"n1": "Impact Hub Network", "ben": "Impact Hub Torino", "cy": "Impact Hub Bari", "ann": "SocialFare"}
    graph = named(drawn("ann-ben ben>n1 cy-ben"), names)
    assert recommend(graph, "ann") == []
    assert [r.id for r in recommend(graph, "cy")] == ["n1"]
    mixed = named(drawn("ann-ben ben>n1 dee>n1"), names)
    assert [r.id for r in recommend(mixed, "ann")] == ["n1"]


def named(graph: Graph, names: dict[str, str]) -> Graph:
    nodes = graph.nodes.assign(name=[names.get(one, name) for one, name in graph.nodes[["id", "name"]].to_numpy()])
    return Graph.from_edges(graph.edges, nodes)


def test_patronage_of_a_network_opens_no_door(torino: Graph, proposals: list[Proposal]) -> None:
    """Acri backed the tenth anniversary of Social Value Italia."""
    assert "acri" not in {port.id for port in ports(torino, "social-value-italia")}
    for _, one in proposals:
        assert not [s for s in one.path if s.kind == "SUPPORTS" and {s.source, s.target} & {"acri"}]
    graph = drawn("ann-ben ben-n1")
    backed = Graph.from_edges(graph.edges.assign(kind=["PARTNER_OF", "SUPPORTS"]), graph.nodes)
    assert [r.id for r in recommend(graph, "ann")] == ["n1"]
    assert recommend(backed, "ann") == []
    assert ports(backed, "n1") == []


def test_a_local_network_is_proposed_in_its_own_city_only(facts: Facts, proposals: list[Proposal]) -> None:
    local = [(a, one.id) for a, one in to_networks(proposals) if facts.node[one.id]["scope"] == "local"]
    assert local
    city = {one: row["city"] for one, row in facts.node.items()}
    assert [(a, b) for a, b in local if city[a] and city[b] and city[a] != city[b]] == []
    for home, found in (("Asti", ["n1"]), ("Bari", []), ("", ["n1"])):
        graph = drawn("ann-ben ben>n1", city={"ann": home, "n1": "Asti"}, scope={"n1": "local"})
        assert [r.id for r in recommend(graph, "ann")] == found


def test_what_is_over_today_is_no_project_to_join(torino: Graph, proposals: list[Proposal]) -> None:
    """Past events, and calls that closed, whether or not an end is written down."""
    joined = {one.id for _, one in proposals if one.kind == "Project"}
    form = dict(zip(torino.nodes["id"], torino.nodes["form"], strict=True))
    over = {"gsg-leadership-meeting-2022", "social-value-matters-2022", "biennale-prossimita-2026"}
    over |= {"digital-factory-2025", "pn-metro-plus-circular-call-2025", "tonite-call-2021", "evpa-conference-2011"}
    assert over <= form.keys()
    assert joined & over == set()
    assert {form[one] for one in joined} & {"event", "award"} == set()


@pytest.mark.parametrize(
    ("form", "start", "end", "joinable"),
    [
        ("event", "2026-03-01", "", False), ("evento", "2026-07-01", "", True), ("event", "2026", "", True),
        ("Call", "2025-11-01", "", False), ("bando", "2026-02-01", "", True),
        ("call", "2026-02-01", "2026-05-01", False),
        ("project", "2025-11-01", "", True), ("project", "2020", "", False), ("", "2020", "2027", True),
    ],
)  # fmt: skip
def test_how_long_one_can_join_hangs_on_what_it_is(form: str, start: str, end: str, joinable: bool) -> None:
    graph = drawn("ann-ben ben-p1", form={"p1": form}, valid_from={"p1": start}, valid_to={"p1": end})
    today = Graph(graph.nodes, graph.edges, graph.directed, replace(graph.view, today="2026-06-01"))
    assert [r.id for r in recommend(today, "ann", "project")] == (["p1"] if joinable else [])


def test_only_funds_that_an_organisation_can_ask_are_proposed(torino: Graph, proposals: list[Proposal]) -> None:
    asked = {one.id for _, one in proposals if one.kind == "Fund"}
    kind = dict(zip(torino.nodes["id"], torino.nodes["instrument"], strict=True))
    closed = {"easi-guarantee-unicredit", "investeu-guarantee-banca-etica", "fia-fondo-investimenti-abitare"}
    closed |= {"social-impact-accelerator", "torino-outcome-fund"}
    assert asked
    assert closed <= kind.keys()
    assert asked & closed == set()
    words = {"f1": "Guarantee", "f2": "fondo di fondi", "f3": "impact fund", "f4": ""}
    graph = drawn("ann-ben ben-f1 ben-f2 ben-f3 ben-f4", instrument=words)
    assert {r.id for r in recommend(graph, "ann", "fund")} == {"f3", "f4"}


def test_who_founded_or_owns_one_house_together_is_not_introduced(
    torino: Graph, facts: Facts, proposals: list[Proposal]
) -> None:
    owned: dict[str, set[str]] = {}
    for edge in torino.edges.to_dict("records"):
        if edge["kind"] in ("FOUNDED", "SHAREHOLDER_OF"):
            owned.setdefault(edge["target"], set()).add(edge["source"])
    together = {(a, b) for owners in owned.values() for a in owners for b in owners if a != b}
    assert ("acra", "altromercato") in together
    assert [(a, one.id) for a, one in proposals if (a, one.id) in together] == []
    graph = drawn("ann-home ben-home cy-home ann-dee dee-ben", sector={"home": "company"})
    kinds = ["FOUNDED", "FOUNDED", "PARTNER_OF", "PARTNER_OF", "PARTNER_OF"]
    house = Graph.from_edges(graph.edges.assign(kind=kinds), graph.nodes)
    assert [r.id for r in recommend(house, "ann", "stakeholder")] == ["cy"]


def test_no_step_of_a_route_is_faint(proposals: list[Proposal]) -> None:
    """desk.md 12.2: twenty participants of 2020 acquaint nobody."""
    steps = [step for _, one in proposals for step in one.path]
    assert steps
    assert min(step.strength for step in steps) >= 0.1
    assert not [step for step in steps if "Borsa dell'Impatto Sociale" in step.how and not step.kind]


def test_no_caution_contradicts_another(proposals: list[Proposal]) -> None:
    for _, one in proposals:
        heads = ("Nessun percorso documentato", "La sola via documentata", "Non c'è un'altra via documentata")
        assert sum(caution.startswith(heads) for caution in one.cautions) == (one.by_you or not one.path)


def test_nothing_is_proposed_without_a_reason(torino: Graph, proposals: list[Proposal]) -> None:
    assert [(a, one.id) for a, one in proposals if not one.reasons] == []
    pair = recommend(torino, "algoritmo-associates", "stakeholder", limit=10)
    assert "fondazione-links" not in {one.id for one in pair if not one.reasons}


def test_two_companies_are_not_of_one_sector() -> None:
    columns = {"sector": {"ann": "company", "cy": "company", "ben": "bank"}}
    [one] = recommend(drawn("ann-ben ben>n1 cy>n1", **columns), "ann", lang="en")
    assert not any("same sector" in reason for reason in one.reasons)
    columns = {"sector": {"ann": "university", "cy": "university", "ben": "bank"}}
    [one] = recommend(drawn("ann-ben ben>n1 cy>n1", **columns), "ann", lang="en")
    assert any("same sector" in reason for reason in one.reasons)


def test_shares_are_held_without_a_gender(torino: Graph) -> None:
    bodies = torino.nodes["id"][torino.kinds_of("Stakeholder")][::4]
    steps = [step for a in bodies for one in recommend(torino, a, "investor", limit=5) for step in one.path]
    told = [step.how for step in steps if step.kind == "SHAREHOLDER_OF"]
    assert told
    assert all("detiene quote di" in how for how in told)


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


@pytest.mark.parametrize(("rules", "in_", "out"), [
    ("Solo imprese sociali", "social enterprise", "company"),
    ("Imprese sociali e cooperative sociali", "cooperative", "company"),
    ("Foundations and non-profit organisations", "foundation", "company"),
    ("Solo fondazioni e associazioni non profit", "association", "company"),
    ("Enti senza scopo di lucro", "association", "bank"),
    ("Organizzazioni non governative", "association", "bank"),
    ("No companies", "association", "company"),
    ("Tutti tranne le banche", "company", "bank"),
    ("Universities and research centres", "university", "company"),
])  # fmt: skip
def test_joining_rules_are_read_as_they_are_written(rules: str, in_: str, out: str) -> None:
    for sector, proposed in ((in_, ["n1"]), (out, [])):
        ruled = drawn("ann-ben ben>n1", sector={"ann": sector, "ben": in_}, join_rules={"n1": rules})
        assert [r.id for r in recommend(ruled, "ann")] == proposed, (rules, sector)


def test_rules_that_only_a_person_can_read_bar_nobody_and_the_month_leaves_the_network_out() -> None:
    """A denial may stand before or after what it denies."""
    scope, sector = {"n1": "european"}, {"ann": "company", "ben": "foundation"}
    for rules, left in (("Le imprese non possono aderire", ["n1"]), ("Quota annua 500 €", [])):
        ruled = drawn("ann-ben ben>n1", sector=sector, scope=scope, join_rules={"n1": rules})
        [one] = recommend(ruled, "ann")
        assert any(rules in caution for caution in one.cautions)
        assert list(portfolio(ruled).unspoken) == left


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
                and min(1 - exp(-facts.evidence(a, z)), 1 - exp(-facts.evidence(z, one.id))) >= 0.1
            ]  # fmt: skip
            assert strong == [], (a, one.id)
