"""Gaps: the page says what the library says; what closes a gap is proposed, what is none is set aside; both undone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from tests.api.conftest import filled
from tsi_graph.cli import app
from tsi_graph.recommend.ledger.gap_marks import aside, back, stands
from tsi_graph.recommend.ledger.reading import Ledger, Mark, read_ledger
from tsi_graph.store import Store


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[tuple[TestClient, Store]]:
    store = filled(tmp_path)
    with TestClient(create_app(store)) as client:
        yield client, store


def test_page_api_and_command_say_the_same(client: TestClient, at: str) -> None:
    found = client.get("/v1/gaps/overview", params={"lang": "it"}).json()
    told = CliRunner().invoke(app, ["missing", "--lang", "it", "--json", "--store", at], catch_exceptions=False)
    assert json.loads(told.stdout) == found
    page = client.get("/it/vuoti").text.replace("&#39;", "'")
    assert all(gap["sentence"] in page for gap in found["sectors"][:3])
    members = sum(one["membership"] == "documented" for one in found["bare"])
    unknown = len(found["bare"]) - members
    assert f"Di queste {members} organizzazioni non si sa altro" in page
    assert f"Prepara la richiesta alle {members} organizzazioni<" in page.replace("</", "<")
    assert f"Di {unknown} organizzazioni non si sa nulla" in page
    assert f"Prepara la richiesta alle {unknown} organizzazioni di cui non si sa nulla" in page
    gaps = [gap for gap in client.get("/v1/gaps", params={"limit": 100}).json() if gap["kind"] == "sectors"]
    assert [gap["key"] for gap in gaps] == [gap["key"] for gap in found["sectors"]]


def test_isolated_and_named_without_companions_are_told_apart(client: TestClient) -> None:
    found = client.get("/v1/gaps/overview").json()
    assert {one["id"] for one in found["bare"]} >= {"sermig", "fondazione-pudens", "consorzio-abele-lavoro"}
    assert {one["id"] for one in found["alone"]} >= {"altramente", "zenith-scs"}
    assert all(one["facts"] == 0 for one in found["bare"])
    assert all(one["facts"] > 0 and "senza compagni" in one["sentence"] for one in found["alone"])
    sermig = next(one for one in found["bare"] if one["id"] == "sermig")
    assert sermig["membership"] == "unverified"
    assert "nessuna adesione documentat" in sermig["sentence"]
    page = client.get("/it/organizzazioni/sermig").text.replace("&#39;", "'")
    assert "di voi non si sa ancora nulla" in page
    assert "risulta solo l'adesione" not in page


def test_what_closes_a_gap_is_of_its_two_sectors_and_never_twice(client: TestClient) -> None:
    for gap in client.get("/v1/gaps/overview").json()["sectors"]:
        if not gap["introductions"]:
            continue
        pairs = [(one["source"], one["target"]) for one in gap["introductions"]]
        sectors = [{client.get(f"/v1/stakeholders/{z}").json()["sector"] for z in pair} for pair in pairs]
        assert all(found == {*gap["ids"]} for found in sectors)
        assert len({*pairs}) == len(pairs) <= 2


def test_a_plan_is_no_project_of_its_areas_and_other_schemes_are_looked_at(client: TestClient) -> None:
    plan = next(one for one in client.get("/v1/gaps/overview").json()["schemes"] if one["name"] == "plan-2030-area")
    topics = {one["id"]: one for one in plan["topics"]}
    finance = topics["social-impact-finance"]
    assert finance["projects"] == []
    assert finance["lacking"] == f"{len(finance['funds'])} fondi, nessun progetto"
    assert finance["kin"] == "finance-impact-assessment"
    assert "forse manca l'etichetta, non l'attività." in finance["remark"]
    assert not any("metropolitan-plan-social-economy" in one["projects"] for one in plan["topics"])


def test_both_introductions_become_proposals_and_are_taken_back(kept: tuple[TestClient, Store]) -> None:
    client, _ = kept
    page = client.get("/it/vuoti").text
    form = re.search(r'action="/it/vuoti/propose">(.*?)</form>', page, re.S)[1]  # type: ignore[index]
    pairs = re.findall(r'name="pair" value="([^"]+)"', form)
    assert len(pairs) == 2
    for _ in range(2):  # sent twice, done once
        moved = client.post("/it/vuoti/propose", data={"pair": pairs, "key": "k"}, follow_redirects=False)
        assert moved.status_code == 303
    held = client.get("/v1/introductions").json()
    assert [f"{one['source']}|{one['target']}" for one in held] == pairs
    assert {one["state"] for one in held} == {"proposed"}
    after = client.get(moved.headers["location"]).text
    assert "Fatto: 2 presentazioni sono fra le proposte." in after
    assert not any(f'value="{pair}"' in after for pair in pairs)
    undo = re.findall(r'name="undo" value="([^"]+)"', after)
    client.post("/it/vuoti/propose", data={"undo": undo, "key": "u"})
    assert client.get("/v1/introductions").json() == []


def test_a_gap_that_is_none_goes_with_a_reason_and_comes_back(kept: tuple[TestClient, Store]) -> None:
    client, store = kept
    gap = client.get("/v1/gaps/overview").json()["sectors"][0]["key"]
    assert client.post("/it/vuoti/aside", data={"gap": gap}, follow_redirects=False).status_code == 422
    why = {"gap": gap, "text": "Si incontrano altrove"}
    moved = client.post("/it/vuoti/aside", data=why, follow_redirects=False)
    assert moved.status_code == 303
    found = client.get("/v1/gaps/overview").json()
    assert gap not in {one["key"] for one in found["sectors"]}
    assert [(one["key"], one["aside"]["text"]) for one in found["set_aside"]] == [(gap, "Si incontrano altrove")]
    assert client.post(f"/v1/gaps/{gap}/marks", json={"aside": True, "text": "x"}).status_code == 409
    mark = aside(read_ledger(store))[gap]
    in_a_year = date.fromisoformat(back(mark))
    assert stands(mark, date.today())
    assert not stands(mark, in_a_year)
    assert client.get("/v1/introducers").json() == []
    client.post("/it/vuoti/aside", data={"gap": gap, "aside": "false"})
    assert client.get("/v1/gaps/overview").json()["sectors"][0]["key"] == gap


def test_the_api_and_the_command_set_aside_too(kept: tuple[TestClient, Store], tmp_path: Path) -> None:
    client, store = kept
    made = client.post("/v1/gaps/isolated|sermig/marks", json={"aside": True, "text": "lo sappiamo"})
    assert made.status_code == 201
    assert made.json()["back"] == back(aside(read_ledger(store))["isolated|sermig"])
    assert "sermig" not in {one["id"] for one in client.get("/v1/gaps/overview").json()["bare"]}
    assert client.post("/v1/gaps/isolated|nobody/marks", json={"aside": True, "text": "x"}).status_code == 404
    command = ["gap", "isolated|sermig", "--again", "--store", str(tmp_path / "api.db")]
    assert CliRunner().invoke(app, command, catch_exceptions=False).exit_code == 0
    assert "sermig" in {one["id"] for one in client.get("/v1/gaps/overview").json()["bare"]}


def test_a_mark_on_29_february_comes_back_on_1_march() -> None:
    mark = Mark("sectors|a|b", 1, barred=True, day="2024-02-29", text="x")
    assert back(mark) == "2025-03-01"
    assert aside(Ledger(gaps=(mark,)), date(2025, 2, 28)) == {"sectors|a|b": mark}
    assert aside(Ledger(gaps=(mark,)), date(2025, 3, 1)) == {}


def test_nothing_missing_is_told(own: TestClient) -> None:
    page = own.get("/en/gaps").text
    assert "No gap larger than chance would explain." in page
    assert "No topic lacks actors, projects or funders." in page
