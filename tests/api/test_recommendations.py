"""What the routes of recommendations answer, with what the ledger holds respected, and the command line beside them."""

from __future__ import annotations

import json
import re

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from tests.conftest import facts_table
from tsi_graph.cli import app
from tsi_graph.exports.tables import plain
from tsi_graph.graph import DOCUMENTED, Graph, graph_of
from tsi_graph.recommend import TO, candidates, evaluate, ports, reached, silence, ways
from tsi_graph.recommend.doors import outside_networks
from tsi_graph.recommend.ledger.present import recommend_now
from tsi_graph.store import open_store


@pytest.fixture(scope="module")
def torino() -> Graph:
    return graph_of(facts_table(), DOCUMENTED)


def told(at: str, command: str) -> object:
    run = CliRunner().invoke(app, [*command.split(), "--store", at, "--json"], catch_exceptions=False)
    return json.loads(run.stdout)


@pytest.mark.parametrize("to", TO)
def test_every_kind_of_proposal_is_that_of_the_library(client: TestClient, at: str, torino: Graph, to: str) -> None:
    asked = {"stakeholder": "hackability", "to": to, "limit": 4, "half_life": 2}
    found = client.get("/v1/recommendations", params=asked).json()
    with open_store(at) as store:
        assert found == plain(recommend_now(store, torino, "hackability", to, limit=4, half_life=2.0))


def test_the_table_of_all_is_that_of_the_library_and_of_the_command_line(
    client: TestClient, at: str, torino: Graph
) -> None:
    found = client.get("/v1/recommendations/all", params={"to": "network", "scope": "international", "limit": 2}).json()
    assert found == plain(candidates(torino, "network", "international", 2))
    assert told(at, "recommend --to network --scope international --limit 2") == found


def test_the_table_of_all_comes_in_pages(client: TestClient) -> None:
    asked: dict[str, str | int] = {"to": "network", "limit": 1}
    whole = client.get("/v1/recommendations/all", params=asked).json()
    first = client.get("/v1/recommendations/all", params=asked | {"organisations": 150})
    pages = [first.json()]
    while link := first.headers.get("link"):
        first = client.get(link[1:].partition(">")[0])
        pages.append(first.json())
    assert all(pages[:2])
    assert [row for page in pages for row in page] == whole


def test_an_empty_answer_says_why_in_both_shells(client: TestClient, at: str, torino: Graph) -> None:
    asked = {"stakeholder": "nesta-italia", "lang": "it"}
    assert client.get("/v1/recommendations", params=asked).json() == []
    why = client.get("/v1/recommendations/why-none", params=asked).json()
    assert why == {"why": silence(torino, "nesta-italia")}
    spoken = CliRunner().invoke(app, ["recommend", "nesta-italia", "--store", at, "--lang", "it"])
    assert spoken.stdout.strip() == why["why"]
    assert client.get("/v1/recommendations/why-none", params={"stakeholder": "socialfare"}).json() == {"why": None}


@pytest.mark.parametrize("half_life", ["0.01", "101", "nan"])
def test_both_shells_refuse_the_same_half_lives(client: TestClient, at: str, half_life: str) -> None:
    for route, more in (("recommendations", {"stakeholder": "socialfare"}), ("evaluation", {"cut": "2020"})):
        refused = client.get(f"/v1/{route}", params={"half_life": half_life, **more})
        assert refused.status_code == 422
    for command in ("recommend socialfare", "evaluate --cut 2020"):
        run = CliRunner().invoke(app, [*command.split(), "--half-life", half_life, "--store", at])
        assert run.exit_code != 0


def test_numbers_in_italian_text_have_a_decimal_comma(at: str) -> None:
    for command in ("recommend socialfare", "recommend --to network", "recommend socialfare --ways-to impact-europe"):
        spoken = (
            CliRunner().invoke(app, [*command.split(), "--store", at, "--lang", "it"], catch_exceptions=False).stdout
        )
        assert re.search(r"\d,\d", spoken)
        assert not re.search(r"\(\D*\d\.\d", spoken)


def test_other_ways_are_those_of_the_library_and_of_the_command_line(
    client: TestClient, at: str, torino: Graph
) -> None:
    asked = {"source": "socialfare", "target": "impact-europe", "k": 2, "lang": "en"}
    found = client.get("/v1/recommendations/ways", params=asked).json()
    assert found == plain(ways(torino, "socialfare", "impact-europe", 2, "en"))
    assert told(at, "recommend socialfare --ways-to impact-europe --limit 2 --lang en") == found
    assert client.get("/v1/recommendations/ways", params=asked | {"target": "nobody"}).status_code == 404


def test_an_evaluation_is_that_of_the_library_and_of_the_command_line(
    client: TestClient, at: str, torino: Graph
) -> None:
    plainly = untimed(plain(evaluate(torino, "2020", months=24, seed=3)))
    assert untimed(client.get("/v1/evaluation", params={"cut": "2020", "months": 24, "seed": 3}).json()) == plainly
    assert untimed(told(at, "evaluate --cut 2020 --months 24 --seed 3")) == plainly
    refused = client.get("/v1/evaluation", params={"cut": "1850"})
    assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")


def test_networks_and_their_ports_are_those_of_the_library_and_of_the_command_line(
    client: TestClient, at: str, torino: Graph
) -> None:
    found = client.get("/v1/networks", params={"scope": "international", "lang": "en"}).json()
    assert found == plain(reached(torino, "international", "en"))
    assert told(at, "networks --scope international --lang en") == found
    for one in found:
        doors = client.get(f"/v1/networks/{one['id']}/ports", params={"lang": "en"}).json()
        assert doors == plain(ports(torino, one["id"], "en"))
        assert one["ports"] == [door["id"] for door in doors if door["open"]]
        assert one["fragile"] == (len(one["ports"]) == 1)
    assert told(at, "networks impact-europe --lang en") == plain(ports(torino, "impact-europe", "en"))
    assert client.get("/v1/networks/socialfare/ports").status_code == 404
    assert client.get("/v1/networks", params={"scope": "galactic"}).status_code == 422
    spoken = CliRunner().invoke(app, ["networks", "--store", at, "--lang", "it"], catch_exceptions=False).stdout
    assert "(rete europea): 1 porta, dipende da una sola: Cottino Social Impact Campus" in spoken


def untimed(run: object) -> object:
    assert isinstance(run, dict)
    same = {key: value for key, value in run.items() if key not in ("seconds", "prepare_seconds", "peak_mb", "scores")}
    return same | {"scores": [{**score, "milliseconds": 0} for score in run["scores"]]}


def test_a_declined_pair_and_a_barred_introducer_are_respected(own: TestClient) -> None:
    files = {
        "organisations.csv": b"id,name\nann,Ann\nben,Ben\ncy,Cy\n",
        "networks.csv": b"id,name\nn1,N1\nn2,N2\n",
        "ties.csv": b"source_id,relation,target_id\nann,partner_of,ben\nben,member_of,n1\nben,member_of,n2\n"
        b"ann,partner_of,cy\ncy,member_of,n1\n",
    }
    upload = [("files", (name, text, "text/csv")) for name, text in files.items()]
    assert own.post("/v1/imports", files=upload, data={"dataset": "more"}).status_code == 201
    asked = {"stakeholder": "ann", "lang": "en"}
    first = own.get("/v1/recommendations", params=asked).json()
    assert {(r["id"], *r["introducers"]) for r in first} == {("n1", "ben"), ("n2", "ben")}
    made = own.post("/v1/introductions", json={"source": "ann", "target": "n2"})
    assert made.status_code == 201
    again = own.get("/v1/recommendations", params=asked).json()
    assert [r["id"] for r in again] == ["n1"]
    assert {row["candidate"] for row in own.get("/v1/recommendations/all", params={"to": "network"}).json()
            if row["node"] == "ann"} == {"n1"}  # fmt: skip


def test_networks_far_away_come_first_in_every_shell_however_many_are_asked_for(
    client: TestClient, at: str, torino: Graph
) -> None:
    asked = {"stakeholder": "hackability", "limit": 12, "lang": "it"}
    found = [one["id"] for one in client.get("/v1/recommendations", params=asked).json()]
    far = set(torino.ids[outside_networks(torino)])
    assert [one in far for one in found] == sorted((one in far for one in found), reverse=True)
    assert any(one in far for one in found)
    three = [one["id"] for one in client.get("/v1/recommendations", params={**asked, "limit": 3}).json()]
    assert three == found[:3]
    page = client.get("/it/organizzazioni/hackability").text.split("<main")[1]
    places = [page.find(f'name="target" value="{one}"') for one in three]
    assert places == sorted(places)
    assert places[0] > 0
    with open_store(at) as store:
        said = [one.id for one in recommend_now(store, torino, "hackability", limit=3)]
    assert said == three
