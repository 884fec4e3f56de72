"""One line for each request, without a word that somebody typed; and figures for the operator alone."""

from __future__ import annotations

import json
import logging
import random
import re
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from fastapi.testclient import TestClient

from api.logs import CONFIG, Lines
from tests.api.serving import served
from tests.store.test_faults import free_port

FIRST = ("Ada", "Bruno", "Carla", "Dario", "Elena", "Franco", "Giulia", "Hugo", "Irene", "Luca")
LAST = ("Rossi", "Ferrari", "Esposito", "Bianchi", "Romano", "Colombo", "Ricci", "Marino", "Greco", "Bruni")


def persons(count: int = 500) -> list[str]:
    """Names, addresses, telephone numbers and tax codes of people that there are not."""
    chance, found = random.Random(4), []
    while len(found) < count:
        first, last, n = chance.choice(FIRST), chance.choice(LAST), chance.randrange(10_000, 99_999)
        found += [f"{first} {last} {n}", f"{first}.{last}{n}@example.org".lower(), f"+39 011 5{n}", f"RSSMRA{n}A01L"]
    return found[:count]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "tsi")
    caplog.handler.setFormatter(Lines())
    return caplog


def said(lines: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines.text.splitlines()]


def test_a_line_names_the_route_and_how_it_went(client: TestClient, lines: pytest.LogCaptureFixture) -> None:
    answer = client.get("/v1/stakeholders/socialfare?lang=it")
    [line] = said(lines)
    assert line.keys() == {"at", "level", "request", "method", "route", "status", "ms", "bytes", "key"}
    assert line["request"] == answer.headers["x-request-id"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/v1/stakeholders/{id}", 200)
    assert line["bytes"] == len(answer.content)
    assert line["key"] is None


def test_what_answers_before_a_route_has_a_line_too(client: TestClient, lines: pytest.LogCaptureFixture) -> None:
    client.get("/nothing/there")
    client.head("/v1/info")
    client.request("BREW", "/v1/info")
    client.post("/v1/introductions", content=b" " * 2**21, headers={"content-type": "application/json"})
    assert [(line["method"], line["status"]) for line in said(lines)] == [
        ("GET", 404), ("HEAD", 200), ("-", 405), ("POST", 413),
    ]  # fmt: skip


def test_500_strings_about_people_are_in_no_line(client: TestClient, lines: pytest.LogCaptureFixture) -> None:
    seeded = persons()
    for i, text in enumerate(seeded):
        if i % 5 == 0:
            client.get(f"/v1/stakeholders?q={quote(text)}")
        elif i % 5 == 1:
            client.get(f"/v1/stakeholders/{quote(text)}")
        elif i % 5 == 2:
            client.post("/v1/introductions", json={"source": text, "target": text, "text": text})
        elif i % 5 == 3:
            client.get(
                f"/it/cerca?q={quote(text)}", headers={"referer": text, "user-agent": text, "cookie": quote(text)}
            )
        else:
            client.get("/v1/info", headers={"authorization": f"Bearer {quote(text)}", "x-request-id": quote(text)})
    text = lines.text
    assert text.count("\n") >= len(seeded)
    assert not [one for one in seeded if one in text or quote(one) in text]


def test_nobody_forges_a_line(client: TestClient, lines: pytest.LogCaptureFixture) -> None:
    forged = '\n{"at": "2026", "status": 200, "key": "admin"}\r\n'
    client.get(f"/v1/stakeholders/{quote(forged, safe='')}?q={quote(forged)}")
    client.request("GET", "/v1/info", headers={"x-forwarded-for": quote(forged)})
    assert len(said(lines)) == 2
    assert "admin" not in lines.text


def test_a_fault_of_ours_is_told_by_its_sort_and_place(
    client: TestClient, lines: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Ada Rossi, ada@example.org\nforged")

    monkeypatch.setattr("api.last.Last.statements", broken)
    assert client.get("/v1/stakeholders?q=nor-this").status_code == 500
    fault, request = said(lines)
    assert (fault["fault"], request["status"]) == ("RuntimeError", 500)
    assert "broken" in str(fault["where"])
    assert "Ada" not in lines.text


def test_the_server_writes_such_lines_and_no_others(at: str, tmp_path: Path) -> None:
    port = free_port()
    with served(at, tmp_path, "--workers", "2", TSI_METRICS_PORT=str(port)) as server:
        for _ in range(20):
            urlopen(f"{server.url}/v1/info?secret=hush", timeout=20).read()
        told = urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5).read().decode()
    counted = {
        m[1]: float(m[2]) for m in re.finditer(r'^(tsi_requests_total{.*route="/v1/info".*}) (\S+)$', told, re.M)
    }
    assert sum(counted.values()) == 20  # whichever worker answered
    for name in ("tsi_request_seconds_bucket", "tsi_requests_total", "tsi_store_failures_total"):
        assert name in told
    found = [json.loads(line) for line in server.log.read_text().splitlines()]
    assert len([line for line in found if line.get("route") == "/v1/info"]) == 20
    assert "hush" not in server.log.read_text()


def test_figures_are_nowhere_unless_asked_for(client: TestClient) -> None:
    assert client.get("/metrics").status_code == 404


def test_all_loggers_of_the_server_write_lines() -> None:
    assert CONFIG["loggers"].keys() == {"tsi", "uvicorn"}
