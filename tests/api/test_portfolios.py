"""The month's introductions over HTTP: as on the command line, and with what the ledger holds respected."""

from __future__ import annotations

import json
from pathlib import Path

from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from tests.api.conftest import filled
from tsi_graph.cli import app
from tsi_graph.recommend.ledger.marking import mark
from tsi_graph.recommend.ledger.writing import Happening, Proposal, propose

ASKED = {"objective": "topic", "about": "social-work-inclusion"}


def test_the_command_line_answers_the_same(client: TestClient, at: str) -> None:
    command = "portfolio --objective topic --about social-work-inclusion --size 3 --per-introducer 1 --lang en --json"
    told = CliRunner().invoke(app, [*command.split(), "--store", at], catch_exceptions=False)
    limits = {"size": 3, "per_introducer": 1, "lang": "en"}
    answer = client.get("/v1/portfolios", params=ASKED | limits).json()
    assert json.loads(told.stdout) == answer
    assert 1 <= len(answer["introductions"]) <= 3
    assert {"reasons", "path", "brings", "changes", "runner_up", "gain"} <= answer["introductions"][0].keys()
    assert answer["value"] <= answer["at_most"]
    text = CliRunner().invoke(app, [*command.removesuffix(" --json").split(), "--store", at], catch_exceptions=False)
    assert "Objective: find funders for a topic, Social and work inclusion." in text.stdout


def test_what_cannot_be_is_said(client: TestClient) -> None:
    assert client.get("/v1/portfolios", params={"objective": "topic", "about": "zzz"}).status_code == 404
    assert client.get("/v1/portfolios", params={"objective": "gap", "about": "choir"}).status_code == 404
    assert client.get("/v1/portfolios", params={"objective": "fame"}).status_code == 422
    assert client.get("/v1/portfolios", params={"size": 0}).status_code == 422


def test_a_declined_pair_stays_away_and_a_barred_introducer_is_not_asked(tmp_path: Path) -> None:
    store = filled(tmp_path)
    with TestClient(create_app(store)) as client:
        before = client.get("/v1/portfolios", params=ASKED).json()["introductions"]
        first, through = before[0], next(z for one in before for z in one["introducers"])
        propose(store, Proposal(first["source"], first["target"]), then=Happening("declined"))
        mark(store, through, barred=True)
        after = client.get("/v1/portfolios", params=ASKED).json()["introductions"]
    assert after
    assert (first["source"], first["target"]) not in {(one["source"], one["target"]) for one in after}
    assert through not in {z for one in after for z in one["introducers"]}


def test_what_introducers_were_asked_for_this_month_counts(tmp_path: Path) -> None:
    store = filled(tmp_path)
    with TestClient(create_app(store)) as client:
        limits = ASKED | {"per_introducer": 1}
        before = client.get("/v1/portfolios", params=limits).json()["introductions"]
        asked = next(one for one in before if one["introducers"] and not one["by_you"])
        busy = asked["introducers"][0]
        elsewhere = Proposal("socialfare", "reves", through=(busy,))
        propose(store, elsewhere, then=Happening("accepted"))
        after = client.get("/v1/portfolios", params=limits).json()["introductions"]
    assert busy not in {z for one in after for z in one["introducers"]}


def test_the_limits_are_the_same_on_the_command_line_and_over_http(client: TestClient, at: str) -> None:
    most = {"size": 50, "per_introducer": 50, "per_organisation": 50, "per_target": 50, "by_team": 50, "fair": 50}
    for name, n in most.items():
        wrong = [-1, n + 1]
        assert [client.get("/v1/portfolios", params=ASKED | {name: one}).status_code for one in wrong] == [422, 422]
        for one in wrong:
            command = ["portfolio", f"--{name.replace('_', '-')}", str(one), "--store", at]
            assert CliRunner().invoke(app, command).exit_code == 2


def test_every_limit_is_within_reach(client: TestClient, at: str) -> None:
    limits = {"per_target": 1, "by_team": 0, "fair": 0}
    answer = client.get("/v1/portfolios", params=ASKED | limits | {"lang": "en"}).json()
    options = [word for name, n in limits.items() for word in (f"--{name.replace('_', '-')}", str(n))]
    command = ["portfolio", "--objective", "topic", "--about", ASKED["about"], "--lang", "en", "--json", *options]
    told = CliRunner().invoke(app, [*command, "--store", at], catch_exceptions=False)
    assert json.loads(told.stdout) == answer
    assert answer["limits"]["fair"] is None
    assert not any(one["by_you"] for one in answer["introductions"])
    targets = [one["target"] for one in answer["introductions"]]
    assert len(set(targets)) == len(targets)


def test_another_way_is_found_around_a_barred_introducer(tmp_path: Path) -> None:
    from tsi_graph.batch import Batch
    from tsi_graph.model import MemberOf, Network, PartnerOf, Stakeholder
    from tsi_graph.store import open_store

    bodies = [Stakeholder(id=one, name=one, sector="cooperative", confidence=3) for one in ("ann", "ben", "cy")]
    network = Network(id="n1", name="n1", scope="global", confidence=3)
    ties = [PartnerOf(source="ann", target=z, confidence=3) for z in ("ben", "cy")]
    ties += [MemberOf(source=z, target="n1", confidence=3) for z in ("ben", "cy")]
    store = open_store(tmp_path / "small.db")
    store.write(Batch(nodes=[*bodies, network], edges=ties), "drawing")
    with TestClient(create_app(store)) as client:
        [before] = client.get("/v1/portfolios").json()["introductions"]
        mark(store, before["introducers"][0], barred=True)
        [after] = client.get("/v1/portfolios").json()["introductions"]
        answer = client.get("/v1/recommendations", params={"stakeholder": "ann"}).json()
    assert {*before["introducers"], *after["introducers"]} == {"ben", "cy"}
    shown = answer["recommendations"] if isinstance(answer, dict) else answer
    assert shown[0]["introducers"] == after["introducers"]
