"""What the routes of recommendations answer, with what the ledger holds respected, and the command line beside them."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.routers import evaluation
from tsi_graph.cli import app
from tsi_graph.exports.tables import plain
from tsi_graph.graph import Graph
from tsi_graph.recommend import TO, candidates, evaluate, recommend, ways
from tsi_graph.store import open_store


@pytest.fixture(scope="module")
def served(at: str) -> TestClient:
    """The API over the starter data, with the route of evaluations."""
    api = create_app(open_store(at))
    if "/v1/evaluation" not in api.openapi()["paths"]:
        api.openapi_schema = None
        api.include_router(evaluation.router, prefix="/v1")
    return TestClient(api, raise_server_exceptions=False)


def told(at: str, command: str) -> object:
    run = CliRunner().invoke(app, [*command.split(), "--store", at, "--json"], catch_exceptions=False)
    return json.loads(run.stdout)


@pytest.mark.parametrize("to", TO)
def test_every_kind_of_proposal_is_that_of_the_library(served: TestClient, torino: Graph, to: str) -> None:
    asked = {"stakeholder": "hackability", "to": to, "limit": 4, "half_life": 2}
    found = served.get("/v1/recommendations", params=asked).json()
    assert found == plain(recommend(torino, "hackability", to, limit=4, half_life=2.0))


def test_the_table_of_all_is_that_of_the_library_and_of_the_command_line(
    served: TestClient, at: str, torino: Graph
) -> None:
    found = served.get("/v1/recommendations/all", params={"to": "network", "scope": "international", "limit": 2}).json()
    assert found == plain(candidates(torino, "network", "international", 2))
    assert told(at, "recommend --to network --scope international --limit 2") == found


def test_other_ways_are_those_of_the_library_and_of_the_command_line(
    served: TestClient, at: str, torino: Graph
) -> None:
    asked = {"source": "socialfare", "target": "impact-europe", "k": 2, "lang": "en"}
    found = served.get("/v1/recommendations/ways", params=asked).json()
    assert found == plain(ways(torino, "socialfare", "impact-europe", 2, "en"))
    assert told(at, "recommend socialfare --ways-to impact-europe --limit 2 --lang en") == found
    assert served.get("/v1/recommendations/ways", params=asked | {"target": "nobody"}).status_code == 404


def test_an_evaluation_is_that_of_the_library_and_of_the_command_line(
    served: TestClient, at: str, torino: Graph
) -> None:
    plainly = untimed(plain(evaluate(torino, "2020", months=24, seed=3)))
    assert untimed(served.get("/v1/evaluation", params={"cut": "2020", "months": 24, "seed": 3}).json()) == plainly
    assert untimed(told(at, "evaluate --cut 2020 --months 24 --seed 3")) == plainly
    refused = served.get("/v1/evaluation", params={"cut": "1850"})
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")


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
