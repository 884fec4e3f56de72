"""What one request may cost, and what is answered beyond it."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from api import limits
from api.app import create_app
from api.limits import Limits
from tests.api.test_errors import PATHS, REAL, assert_problem
from tsi_graph.settings import Settings
from tsi_graph.store import open_store

JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
WRITES = sorted((m, path) for path, methods in PATHS.items() for m in methods if m in ("post", "put", "patch"))
PAYLOADS = {
    "200,000 nested lists": b"[" * 200_000,
    "200,000 nested objects": b'{"a":' * 200_000,
    "nested within a field": b'{"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "NaN": b'{"seen": NaN, "kind": NaN, "source": NaN}',
    "infinite": b'{"seen": 1e999, "day": 1e999, "source": -Infinity}',
    "20,000 digits": b'{"seen": ' + b"9" * 20_000 + b"}",
    "a lone surrogate": b'{"source": "\\ud800", "target": "\\udfff", "kind": "\\ud800", "text": "\\ud800"}',
    "not UTF-8": b'{"source": "\xff\xfe"}',
    "NUL": b'{"source": "\\u0000", "target": "b", "kind": "note", "text": "\\u0000", "barred": true}',
    "no object": b'"text"',
    "cut": b'{"source": "a"',
    "nothing": b"",
    "a megabyte in a name": b'{"source": "' + b"x" * (limits.MB - 100) + b'"}',
    "a field nobody knows": b'{"role": "admin", "visibility": "public", "id": "x"}',
}


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize(("method", "path"), WRITES)
def test_a_hostile_body_is_refused_and_never_a_fault(client: TestClient, method: str, path: str, payload: str) -> None:
    place = re.sub(r"{(\w+)}", lambda part: REAL.get(part[1], "7"), path)
    answer = client.request(method, place, content=PAYLOADS[payload], headers=JSON)
    assert_problem(answer)
    assert answer.status_code in (400, 404, 409, 413, 415, 422), answer.text


@pytest.mark.parametrize("value", ["nan", "1e999", "9" * 5000, "%ED%A0%80", "%00", "[[[[", "-1", "1e3"])
def test_a_hostile_value_of_a_query_is_refused(client: TestClient, value: str) -> None:
    answer = client.get(f"/v1/stakeholders?limit={value}")
    assert_problem(answer)
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("path", "head", "size", "status"),
    [
        ("/v1/introductions", JSON, limits.MB + 1, 413),
        ("/v1/imports", {"content-type": "multipart/form-data; boundary=x"}, 20 * limits.MB + 1, 413),
        ("/v1/introductions", {"content-type": "text/plain"}, 10, 415),
        ("/v1/introductions", FORM, 10, 415),
        ("/v1/introductions", {}, 10, 415),
        ("/it/questo-mese", JSON, 10, 415),
        ("/it/importa", {"content-type": "multipart/form-data; boundary=x"}, 20 * limits.MB + 1, 413),
        ("/en/this-month", FORM, limits.MB + 1, 413),
    ],
)
@pytest.mark.parametrize("announced", [True, False])
def test_a_body_of_the_wrong_size_or_sort(
    client: TestClient, path: str, head: dict[str, str], size: int, status: int, announced: bool
) -> None:
    pieces = (b"x" * min(size - at, limits.MB) for at in range(0, size, limits.MB))
    content: Any = b"".join(pieces) if announced else pieces
    answer = client.post(path, content=content, headers=head)
    if announced or status != 413 or path.startswith("/v1/"):
        assert answer.status_code == status
    assert answer.status_code in (status, 405)  # a page that takes no form reads none
    assert ("text/html" in answer.headers["content-type"]) == (not path.startswith("/v1/"))


def test_an_address_is_at_most_8_kb(client: TestClient) -> None:
    for path, length, status in (("/v1/info?x=", 8_000, 200), ("/v1/info?x=", 9_000, 414), ("/it/", 9_000, 414)):
        assert client.get(path + "a" * length).status_code == status


class Answers:
    """Calls an application as a server does, and keeps what it answers, and when."""

    def __init__(self, app: Any, path: str = "/v1/info", method: str = "GET", body: tuple[bytes, ...] = ()) -> None:
        self._app, self.begun = app, time.monotonic()
        heads = [(b"transfer-encoding", b"chunked"), (b"content-type", b"application/json")] if body else []
        self.scope: Scope = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": heads, "scheme": "http", "state": {}, "app": create_app(open_store("nowhere.db")),
        }  # fmt: skip
        self._body = [{"type": "http.request", "body": part, "more_body": True} for part in body]
        self.status, self.headers, self.after = 0, {}, 0.0  # type: ignore[var-annotated]

    async def run(self) -> Answers:
        await self._app(self.scope, self._receive, self._send)
        return self

    async def _receive(self) -> Message:
        if self._body:
            return self._body.pop(0)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            assert not self.status, "answered twice"
            self.status, self.after = message["status"], time.monotonic() - self.begun
            self.headers = dict(message["headers"])


async def ok(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def slow(seconds: float) -> Any:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.to_thread(time.sleep, seconds)
        await ok(scope, receive, send)

    return app


def test_who_waits_too_long_is_answered_while_the_thread_runs_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.1)
    layer = Limits(slow(0.5))

    async def both() -> tuple[Answers, int]:
        asked = asyncio.create_task(Answers(layer).run())
        await asyncio.sleep(0.3)
        counted = layer.in_flight
        return await asked, counted

    answer, counted = asyncio.run(both())
    assert (answer.status, answer.headers[b"retry-after"]) == (503, b"5")
    assert answer.after < 0.3
    assert counted == 1  # its place is taken until the thread ends
    assert layer.in_flight == 0


@pytest.mark.parametrize("path", ["/v1/imports/previews/x", "/it/importa/x", "/en/import/x/notes.xlsx"])
def test_what_waits_to_be_imported_has_the_time_of_an_upload(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.1)
    assert asyncio.run(Answers(Limits(slow(0.3)), path).run()).status == 200


def test_beyond_so_many_at_once_the_answer_is_503_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "IN_FLIGHT", 3)
    layer = Limits(slow(1.0))

    async def many() -> list[Answers]:
        return await asyncio.gather(*(Answers(layer).run() for _ in range(8)))

    answers = asyncio.run(many())
    assert sorted(a.status for a in answers) == [200] * 3 + [503] * 5
    assert all(a.after < 0.8 and b"retry-after" in a.headers for a in answers if a.status == 503)
    assert layer.in_flight == 0


@pytest.mark.parametrize("path", ["/v1/exports/map.png", "/v1/views/board-report/map.png"])
def test_heavy_requests_take_turns_and_others_do_not_wait_for_them(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(limits, "HEAVY_WAITING", 2)
    layer = Limits(slow(0.6))

    async def mixed() -> tuple[list[Answers], Answers]:
        heavy = [asyncio.create_task(Answers(layer, path).run()) for _ in range(6)]
        await asyncio.sleep(0.05)
        light = await Answers(layer, "/v1/views/board-report").run()
        return await asyncio.gather(*heavy), light

    heavy, light = asyncio.run(mixed())
    assert light.after < 1.05
    assert sorted(a.status for a in heavy) == [200] * 4 + [503] * 2
    assert len([a for a in heavy if a.status == 200 and a.after > 1.05]) == 2


@pytest.mark.parametrize(
    "path",
    ["/v1/gaps", "/v1/network/overview", "/v1/metrics/betweenness", "/it/questo-mese", "/en/gaps", "/it/reti"],
)
def test_calculations_take_turns_of_their_own_so_that_no_page_waits_for_files(path: str) -> None:
    layer = Limits(slow(0.6))

    async def mixed() -> tuple[list[Answers], list[Answers]]:
        files = [asyncio.create_task(Answers(layer, "/v1/exports/map.png").run()) for _ in range(6)]
        await asyncio.sleep(0.02)
        pages = [asyncio.create_task(Answers(layer, path).run()) for _ in range(4)]
        return await asyncio.gather(*files), await asyncio.gather(*pages)

    _, pages = asyncio.run(mixed())
    assert len([one for one in pages if one.after < 1.05]) == 2
    assert all(one.after < 1.65 for one in pages)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/v1/gaps", True), ("/v1/search", True), ("/v1/exports/map.png", False), ("/v1/views", False),
        ("/it/reti", False),
    ],
)  # fmt: skip
def test_it_is_said_to_be_kept_only_where_it_is(monkeypatch: pytest.MonkeyPatch, path: str, kept: bool) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.05)
    said: list[str] = []
    usual = limits.answer
    monkeypatch.setattr(limits, "answer", lambda *a, **k: said.append(a[2]) or usual(*a, **k))
    state = SimpleNamespace(last=SimpleNamespace(reason=""))

    async def run() -> None:
        asked = Answers(Limits(slow(0.2)), path)
        asked.scope["app"] = SimpleNamespace(state=state)
        await asked.run()

    asyncio.run(run())
    assert ("is kept" in said[0]) == kept


def test_bodies_that_wait_to_be_complete_take_no_place_and_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HELD", 1000)

    async def reading(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["more_body"]:
            assert layer.in_flight == 0
        await ok(scope, receive, send)

    layer = Limits(reading)
    assert asyncio.run(Answers(layer, "/v1/introductions", "POST", (b"x" * 400, b"x" * 400)).run()).status == 200
    assert asyncio.run(Answers(layer, "/v1/introductions", "POST", (b"x" * 800, b"x" * 800)).run()).status == 503
    assert (layer.held, layer.in_flight) == (0, 0)


def test_whether_the_program_lives_is_answered_whatever_else_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "IN_FLIGHT", 0)
    assert asyncio.run(Answers(Limits(ok), "/livez").run()).status == 200
    assert asyncio.run(Answers(Limits(ok)).run()).status == 503


def limited(tmp_path: Path, address: str = "203.0.113.9", **settings: str) -> TestClient:
    app: FastAPI = create_app(open_store(tmp_path / "none.db"), Settings(**settings))  # type: ignore[arg-type]
    return TestClient(app, client=(address, 1), raise_server_exceptions=False)


def test_a_key_has_its_number_of_requests(tmp_path: Path) -> None:
    client = limited(tmp_path, rate="3/minute")
    ann, bo = {"authorization": "Bearer ann"}, {"authorization": "Bearer bo"}
    left = [client.get("/v1/nothing", headers=ann).headers["ratelimit-remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = client.get("/v1/nothing", headers=ann)
    assert_problem(refused)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit-limit"] == "3"
    assert client.get("/v1/nothing", headers=bo).status_code == 404
    assert client.get("/it/niente", headers=ann).status_code == 429
    assert "Riprova fra" in client.get("/it/niente", headers=ann).text


def test_an_address_cannot_evade_its_limit_by_making_keys_up(tmp_path: Path) -> None:
    client = limited(tmp_path, rate_address="5/minute")
    codes = [client.get("/v1/nothing", headers={"authorization": f"Bearer {i}"}).status_code for i in range(8)]
    assert codes == [404] * 5 + [429] * 3
    assert client.get("/livez").status_code == 200


@pytest.mark.parametrize(("address", "expected"), [("127.0.0.1", [404] * 4), ("203.0.113.9", [404, 404, 429, 429])])
def test_this_machine_without_a_key_is_not_counted(tmp_path: Path, address: str, expected: list[int]) -> None:
    client = limited(tmp_path, address, rate="100/minute", rate_address="2/minute")
    assert [client.get("/v1/nothing").status_code for _ in range(4)] == expected


def test_one_network_of_ipv6_is_one_client(tmp_path: Path) -> None:
    app = create_app(open_store(tmp_path / "none.db"), Settings(rate_address="2/minute"))
    found = [TestClient(app, client=(f"2001:db8::{i}", 1)).get("/v1/nothing").status_code for i in range(3)]
    assert found == [404, 404, 429]
    assert TestClient(app, client=("2001:db8:0:1::1", 1)).get("/v1/nothing").status_code == 404


def test_limits_that_are_no_limits_are_named() -> None:
    with pytest.raises(Exception, match="1200/minute"):
        TestClient(create_app(open_store("nowhere.db"), Settings(rate="many"))).get("/livez")
