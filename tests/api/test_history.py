"""Time over HTTP, and that the command line says the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from tests.api.test_routes import upload
from tsi_graph.cli import app


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("history tonite", "/v1/history?of=tonite&limit=100"),
        ("compare --from 2018 --to as_of=2024", "/v1/compare?from=2018&to=as_of=2024"),
        ("compare --from import=1 --low", "/v1/compare?from=import=1&low=true"),
        ("conflicts", "/v1/conflicts?limit=100"),
        ("conflicts --as-of 2020 --low", "/v1/conflicts?as_of=2020&low=true&limit=100"),
        ("coverage", "/v1/coverage?limit=100"),
        ("coverage city --kind Network", "/v1/coverage?kind=Network&field=city&limit=100"),
    ],
)
def test_the_command_line_answers_the_same(client: TestClient, at: str, command: str, path: str) -> None:
    told = CliRunner().invoke(app, [*command.split(), "--store", at, "--json"], catch_exceptions=False)
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert json.loads(told.stdout) == answer.json()


@pytest.mark.parametrize("lang", ["it", "en"])
@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("history tonite", {"it": "noto dal", "en": "known from"}),
        ("compare --from 2018 --to 2024", {"it": "legami nuovi", "en": "ties gained"}),
        ("compare --from now", {"it": "nessuna differenza", "en": "no difference"}),
        ("conflicts", {"it": "mostrato", "en": "shown"}),
        ("coverage", {"it": "nessuno ha guardato", "en": "nobody looked"}),
        ("coverage city", {"it": "un valore", "en": "a value"}),
        ("correct tonite city=Torino", {"it": "Non è stato scritto", "en": "Nothing was written"}),
    ],
)
def test_answers_are_told_in_both_languages(at: str, lang: str, command: str, words: dict[str, str]) -> None:
    told = CliRunner().invoke(app, [*command.split(), "--store", at, "--lang", lang], catch_exceptions=False)
    assert words[lang] in told.stdout


def test_the_starter_data_disagree_on_when_tonite_ended(client: TestClient) -> None:
    rows = [c for c in client.get("/v1/conflicts").json() if c["node"] == "tonite"]
    assert [(c["field"], c["value"], c["wins"]) for c in rows] == [
        ("valid_to", "2023-08", True),
        ("valid_to", "2022-08", False),
    ]
    assert len({c["why"] for c in rows}) == 1


def test_a_correction_is_planned_done_and_taken_back(own: TestClient) -> None:
    wanted = {"node": "ann", "fields": {"city": "Torino"}, "origin": "called", "note": "moved"}
    plan = own.post("/v1/corrections", json={**wanted, "dry_run": True})
    assert (plan.status_code, plan.json()["done"]) == (200, False)
    assert plan.json()["changes"] == [{"field": "city", "before": None, "after": "Torino"}]
    assert own.get("/v1/stakeholders/ann").json()["city"] is None
    done = own.post("/v1/corrections", json=wanted)
    assert (done.status_code, done.json()["number"], done.json()["done"]) == (201, 2, True)
    assert own.get("/v1/stakeholders/ann").json()["city"] == "Torino"
    upload(own, b"id,name,city\nann,Ann,Roma\n")
    assert own.get("/v1/stakeholders/ann").json()["city"] == "Torino"
    [mine] = [s for s in own.get("/v1/history", params={"of": "ann"}).json() if s["origin"] == "called"]
    assert (mine["spells"][0]["by"], mine["spells"][0]["note"], mine["known"], mine["wins"]) == (2, "moved", True, True)
    own.post("/v1/imports/2/undo")
    assert own.get("/v1/stakeholders/ann").json()["city"] == "Roma"


def test_two_ids_become_one_body_and_part_again(own: TestClient) -> None:
    upload(own, b"id,name,city\nanna,Anna,Roma\n")
    join = {"node": "anna", "relation": "same_as", "target": "ann"}
    assert own.post("/v1/corrections", json=join).status_code == 201
    assert [n["id"] for n in own.get("/v1/stakeholders").json()] == ["ann"]
    assert own.get("/v1/stakeholders/ann").json()["city"] == "Roma"
    assert own.post("/v1/corrections", json={**join, "withdraw": True}).status_code == 201
    assert [n["id"] for n in own.get("/v1/stakeholders").json()] == ["ann", "anna"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"node": "nobody", "fields": {"city": "x"}}, 404),
        ({"node": "ann", "fields": {"mood": "x"}}, 422),
        ({"node": "ann"}, 409),
        ({"node": "ann", "relation": "member_of"}, 422),
        ({"node": "ann", "what": "x"}, 422),
        ({"fields": {}}, 422),
    ],
)
def test_corrections_that_cannot_be_are_refused(own: TestClient, body: dict[str, object], status: int) -> None:
    answer = own.post("/v1/corrections", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert len(own.get("/v1/imports").json()) == 1


@pytest.mark.parametrize(
    "path", ["/v1/compare?from=soon", "/v1/compare", "/v1/coverage?field=mood", "/v1/history?of=x"]
)
def test_faults_are_problems(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (404, 422)


def test_the_command_corrects_only_when_told_to(own: TestClient, tmp_path: Path) -> None:
    at = ["--store", str(tmp_path / "mine.db"), "--json"]
    (tmp_path / "organisations.csv").write_text("id,name\nann,Ann\nben,Ben\n")
    run = CliRunner()
    run.invoke(app, ["import", str(tmp_path / "organisations.csv"), *at], catch_exceptions=False)
    for yes, done in (([], False), (["--yes"], True)):
        told = run.invoke(
            app, ["correct", "ann", "partner_of", "ben", "valid_from=2020", *yes, *at], catch_exceptions=False
        )
        assert json.loads(told.stdout)["done"] is done
    told = run.invoke(app, ["compare", "--from", "import=1", *at], catch_exceptions=False)
    assert [(t["source"], t["kind"], t["target"], t["valid_from"]) for t in json.loads(told.stdout)["gained"]] == [
        ("ann", "PARTNER_OF", "ben", "2020")
    ]
