"""Networks and ports: the page says what the library says, counts as the other pages count, and its table opens."""

from __future__ import annotations

import json
import re
from html import unescape
from io import BytesIO
from pathlib import Path

from fastapi.testclient import TestClient
from openpyxl import load_workbook
from typer.testing import CliRunner

from api.app import create_app
from tests.api.conftest import filled
from tsi_graph.cli import app


def test_one_query_gives_the_figures_of_page_api_and_command(client: TestClient, at: str) -> None:
    found = client.get("/v1/doors", params={"lang": "it"}).json()
    told = CliRunner().invoke(app, ["doors", "--lang", "it", "--json", "--store", at], catch_exceptions=False)
    assert json.loads(told.stdout) == found
    page = client.get("/it/reti").text
    for figure in (
        f"{found['reached']} su {found['networks']}", f"{found['unconnected']} su {found['organisations']}",
        f"Da mettere al sicuro: una porta sola ({found['single']})",
    ):  # fmt: skip
        assert figure in page


def test_a_port_is_counted_alike_everywhere(client: TestClient) -> None:
    gateways = {one["id"]: one for one in client.get("/v1/doors").json()["gateways"]}
    reached = client.get("/v1/networks", params={"limit": 100, "include": "ports"}).json()
    outside = [row for row in reached if row["gateway"]]
    assert {row["id"] for row in outside} == gateways.keys()
    for row in outside:
        one = gateways[row["id"]]
        assert one["open_doors"] == row["open_ports"]
        assert one["section"] == ("one" if row["fragile"] else "several" if row["open_ports"] else "none")


def test_neither_low_rows_nor_membership_of_the_alliance_count(client: TestClient) -> None:
    found = client.get("/v1/doors").json()
    low = client.get("/v1/doors", params={"low": True}).json()
    assert found["networks"] < low["networks"]
    assert len(found["unrecorded"]) == low["networks"] - found["networks"]
    acri = next(one for one in found["gateways"] if one["id"] == "acri")
    assert [door["id"] for door in acri["doors"]] == ["fondazione-crt"]
    assert acri["unverified"] == ["fondazione-compagnia-san-paolo"]
    assert any(sentence.startswith("Da verificare: ") for sentence in acri["sentences"])
    assert "torino-social-impact" not in {one["id"] for one in found["gateways"]}


def test_a_large_project_and_one_that_is_over_are_told_as_such(client: TestClient) -> None:
    iclei = next(one for one in client.get("/v1/doors").json()["gateways"] if one["id"] == "iclei")
    assert iclei["section"] == "none"
    assert all("20 partecipanti" in door["how"] and not door["open"] for door in iclei["doors"])
    assert "Solo eventi o progetti conclusi: nessuno è aderente." in iclei["sentences"]


def test_a_next_port_has_a_route_and_rules_or_the_reason_is_told(client: TestClient) -> None:
    gateways = client.get("/v1/doors", params={"lang": "en"}).json()["gateways"]
    assert any(one["next"] for one in gateways)
    for one in gateways:
        if one["next"]:
            assert one["next"]["introducers"]
            assert one["open_doors"] < 4
            assert one["next"]["id"] not in {door["id"] for door in one["doors"]}
        else:
            assert one["why_none"].startswith(("No proposal: ", "Not needed now"))


def test_the_month_proposes_to_no_network_that_this_page_has_no_rules_of_and_names_it(client: TestClient) -> None:
    gateways = client.get("/v1/doors", params={"lang": "en"}).json()["gateways"]
    silent = {one["id"]: one["name"] for one in gateways if one["why_none"].startswith("No proposal: joining rules")}
    assert len(silent) > 2
    page = re.sub("<[^>]+>", "", unescape(client.get("/en/this-month?size=50").text))
    named = re.search(r"says whom they admit: (.*?)\. Write their joining rules", page)
    assert named
    assert sorted(named[1].split(", ")) == sorted(silent.values())
    month = client.get("/v1/portfolios", params={"objective": "reach", "size": 50, "lang": "en"}).json()
    assert silent.keys() & {one["target"] for one in month["introductions"]} == set()
    following = {one["id"]: one["next"] for one in gateways if one["open_doors"] < 4}
    assert all(following[one["target"]] for one in month["introductions"] if one["path"])
    network, name = next(iter(silent.items()))
    alone = client.get("/v1/portfolios", params={"about": network, "lang": "en"}).json()
    assert (alone["introductions"], alone["unspoken"]) == ([], {network: name})


def test_what_the_ledger_refuses_is_no_next_port(tmp_path: Path) -> None:
    with TestClient(create_app(filled(tmp_path))) as client:
        before = next(one for one in client.get("/v1/doors").json()["gateways"] if one["next"])
        pair = {"source": before["next"]["id"], "target": before["id"], "then": {"kind": "declined"}}
        assert client.post("/v1/introductions", json=pair).status_code == 201
        after = next(one for one in client.get("/v1/doors").json()["gateways"] if one["id"] == before["id"])
    assert after["next"] is None or after["next"]["id"] != before["next"]["id"]


def test_the_month_counts_the_networks_with_a_single_port_alike(client: TestClient) -> None:
    single = client.get("/v1/doors").json()["single"]
    assert 'href="/it/questo-mese?rete=one-port"' in client.get("/it/reti").text
    assert f"Solo le reti con una porta sola ({single})" in client.get("/it/questo-mese?rete=one-port").text


def test_filters_narrow_the_page_and_none_is_told(client: TestClient) -> None:
    national = client.get("/it/reti", params={"scope": "national"}).text
    assert "rete europea</span>" not in national
    without = client.get("/v1/doors", params={"offices": False}).json()
    assert without["yours"] == 0
    assert "<strong>voi</strong>" not in client.get("/it/reti", params={"offices": "no"}).text
    assert client.get("/it/reti", params={"scope": "lunar"}).status_code == 422
    assert client.get("/it/reti", params={"topic": "zzz"}).status_code == 404
    empty = client.get("/en/networks", params={"topic": "communication"})
    assert "None with these filters." in empty.text


def test_the_table_is_a_workbook_without_formulas(client: TestClient) -> None:
    answer = client.get("/it/reti/table.xlsx", params={"scope": "european"})
    sheet = load_workbook(BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(min_row=2))
    european = client.get("/v1/doors", params={"scope": "european"}).json()["gateways"]
    assert sorted(row[1].value for row in rows) == sorted(one["name"] for one in european)
    assert all(cell.data_type != "f" for row in rows for cell in row)
