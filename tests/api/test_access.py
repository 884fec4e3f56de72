"""Who is let in: keys, scopes, sessions, and a server of this machine that no foreign page can reach."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.access import HERE, Access, Door, door
from api.app import create_app
from api.sessions import IDLE, LONGEST, Sessions
from tests.conftest import ROOT
from tsi_graph.keys import Keys
from tsi_graph.settings import Settings
from tsi_graph.store import open_store


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys.json")


@pytest.fixture
def tokens(keys: Keys) -> dict[str, str]:
    return {scope: keys.create(scope, scope)[1] for scope in ("read", "propose", "admin")}


@pytest.fixture
def guarded(at: str, keys: Keys, tokens: dict[str, str], tmp_path: Path, clock: Clock) -> Iterator[Callable[..., Any]]:
    """A client of a server that asks for keys."""
    app = create_app(open_store(at), Settings(rate="", rate_address=""), Door(keys, Sessions(tmp_path / "s.db", clock)))

    def client(token: str = "", **more: Any) -> TestClient:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return TestClient(app, base_url="https://desk.example.org", headers=headers, follow_redirects=False, **more)

    yield client
    app.state.last.close()


@pytest.fixture(autouse=True)
def untried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has tried a key yet."""
    from limits.storage import MemoryStorage
    from limits.strategies import FixedWindowRateLimiter

    monkeypatch.setattr("api.pages.enter._tried", FixedWindowRateLimiter(MemoryStorage()))


def enter(client: TestClient, token: str, **more: str) -> Any:
    return client.post("/it/entra", data={"secret": token, **more}, headers={"origin": "https://desk.example.org"})


def test_without_a_key_and_with_any_wrong_one_the_refusal_is_the_same(
    guarded: Callable[..., Any], keys: Keys, tokens: dict[str, str]
) -> None:
    keys.revoke(tokens["propose"].split("_")[1])
    wrong = [None, "", "Bearer", "Bearer x", f"Basic {tokens['read']}", f"Bearer {tokens['propose']}", tokens["read"]]
    wrong += [f"Bearer {tokens['read'][:-1]}", f"Bearer {tokens['read']} x", "Bearer " + "x" * 10_000]
    bodies = set()
    for header in wrong:
        answer = guarded().get("/v1/gaps", headers={"authorization": header} if header is not None else {})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.headers["content-type"] == "application/problem+json"
        bodies.add(repr({k: v for k, v in answer.json().items() if k != "request_id"}))
    assert len(bodies) == 1
    assert guarded(tokens["read"]).get("/v1/gaps").status_code == 200


def test_ten_thousand_random_keys_are_refused_alike_and_as_soon(
    guarded: Callable[..., Any], keys: Keys, tokens: dict[str, str]
) -> None:
    app = guarded().app
    ended, known = keys.create("ended", "read"), tokens["read"].split("_")[1]
    keys.revoke(ended[0].id)
    makers = {
        "unknown": lambda: f"tsi_{secrets.token_hex(4)}_{secrets.token_urlsafe(32)}",
        "known id": lambda: f"tsi_{known}_{secrets.token_urlsafe(32)}",
        "revoked": lambda: ended[1],
        "no key": lambda: secrets.token_urlsafe(48),
    }
    bodies, spans = set(), {name: list[float]() for name in makers}

    async def inside(*_: Any) -> None:
        raise AssertionError("let in")

    async def run() -> None:
        access = Access(inside, app.state.door)
        for _ in range(2_500):
            for name, make in makers.items():
                said: list[Any] = []

                async def send(message: Any, said: list[Any] = said) -> None:
                    said.append(message)

                scope = {
                    "type": "http", "method": "GET", "path": "/v1/gaps", "query_string": b"", "scheme": "https",
                    "app": app, "server": ("x", 443),
                    "headers": [(b"host", b"x"), (b"authorization", f"Bearer {make()}".encode())],
                }  # fmt: skip
                begun = time.perf_counter()
                await access(scope, inside, send)
                spans[name].append(time.perf_counter() - begun)
                bodies.add(repr(said))

    asyncio.run(run())
    [body] = bodies
    assert "'status': 401" in body
    medians = [median(one) for one in spans.values()]
    assert max(medians) - min(medians) < 1e-3


def test_a_key_says_what_its_holder_may_do(guarded: Callable[..., Any], tokens: dict[str, str]) -> None:
    wanted = {"source": "socialfare", "target": "nowhere"}
    statuses = {
        scope: (
            guarded(token).get("/v1/introductions").status_code,
            guarded(token).post("/v1/introductions", json=wanted).status_code,
            guarded(token).post("/v1/imports/99/undo").status_code,
        )
        for scope, token in tokens.items()
    }
    assert statuses == {"read": (200, 403, 403), "propose": (200, 404, 403), "admin": (200, 404, 404)}


def test_nothing_else_than_the_method_and_the_address_counts(
    guarded: Callable[..., Any], tokens: dict[str, str]
) -> None:
    read = guarded(tokens["read"])
    for name in ("x-http-method-override", "x-method-override", "x-original-url", "x-rewrite-url"):
        assert read.post("/v1/imports/1/undo", headers={name: "GET"}).status_code == 403
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "FOO"):
        assert guarded().request(method, "/v1/gaps").status_code == 401
        assert read.request(method, "/v1/gaps").status_code == 403
    for path in ("/v1//gaps", "/V1/gaps", "/v1/gaps/", "/v1/%67aps", "/static/../v1/gaps", "/it/entra/../../v1/gaps"):
        assert guarded().get(path).status_code in (303, 401, 404), path
        assert "kind" not in guarded().get(path).text


def test_a_page_sends_to_where_one_enters_and_back(guarded: Callable[..., Any], tokens: dict[str, str]) -> None:
    client = guarded()
    asked = client.get("/it/come-calcoliamo-altro?x=1&y=è")
    assert asked.status_code == 303
    assert asked.headers["location"].startswith("/it/entra?next=%2Fit%2Fcome-calcoliamo-altro%3Fx%3D1")
    form = client.get(asked.headers["location"])
    assert form.status_code == 200
    back = re.search(r'name="next" value="([^"]*)"', form.text)
    assert back
    entered = enter(client, f" {tokens['read']} ", next=back[1].replace("&amp;", "&"))
    assert (entered.status_code, entered.headers["location"][:26]) == (303, "/it/come-calcoliamo-altro?"[:26])
    assert client.get("/v1/gaps").status_code == 200
    assert client.post("/en/this-month/x").status_code == 403  # of this scope, with this cookie
    assert guarded().post("/en/this-month/x").headers["location"] == "/en/enter"


def test_the_cookie_is_for_this_server_alone_and_for_no_script(
    guarded: Callable[..., Any], tokens: dict[str, str], tmp_path: Path
) -> None:
    client = guarded()
    said = enter(client, tokens["read"]).headers["set-cookie"]
    assert said.startswith("__Host-tsi=")
    for part in ("HttpOnly", "SameSite=lax", "Secure", "Path=/"):
        assert part in said
    assert "domain" not in said.lower()
    token = said.partition("=")[2].partition(";")[0]
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("s.db*"))
    assert token.encode() not in stored
    assert tokens["read"].encode() not in stored


@pytest.mark.parametrize(
    "back",
    ["https://evil.example", "//evil.example", "/\\evil", "/it/\\evil", "javascript:x", "/v1/gaps", "/it/a\r\nx: y"],
)
def test_nobody_is_sent_elsewhere(guarded: Callable[..., Any], tokens: dict[str, str], back: str) -> None:
    assert enter(guarded(), tokens["read"], next=back).headers["location"] == "/it/questo-mese"


def test_a_session_ends_by_itself_by_leaving_and_with_its_key(
    guarded: Callable[..., Any], keys: Keys, tokens: dict[str, str], clock: Clock
) -> None:
    def lets_in(client: TestClient) -> bool:
        return bool(client.get("/v1/gaps").status_code == 200)

    idle, busy, left, ended = clients = [guarded() for _ in range(4)]
    for client in clients:
        enter(client, tokens["read"])
        assert lets_in(client)
    clock.now += IDLE - 1
    assert all(map(lets_in, (busy, left, ended)))
    clock.now += 2
    assert not lets_in(idle)
    stolen = dict(left.cookies)
    assert left.post("/it/entra/leave", headers={"origin": "https://desk.example.org"}).status_code == 303
    assert not lets_in(guarded(cookies=stolen))  # here too, not only in the browser
    while clock.now + IDLE - 90 <= Clock.now + LONGEST:
        clock.now += IDLE - 90
        assert lets_in(busy)
    clock.now = Clock.now + LONGEST + 1
    assert not lets_in(busy)
    enter(ended, tokens["read"])
    assert lets_in(ended)
    keys.revoke(tokens["read"].split("_")[1])
    assert not lets_in(ended)


def test_a_session_holds_in_every_worker(tmp_path: Path) -> None:
    one, other = Sessions(tmp_path / "s.db"), Sessions(tmp_path / "s.db")
    token = one.begin("abc")
    assert (other.key(token), other.key(token + "x"), other.key("")) == ("abc", None, None)
    other.end(token)
    assert one.key(token) is None
    assert (tmp_path / "s.db").stat().st_mode & 0o777 == 0o600


def test_a_write_in_a_session_comes_from_a_page_of_ours(guarded: Callable[..., Any], tokens: dict[str, str]) -> None:
    client = guarded()
    enter(client, tokens["admin"])
    for headers, status in (
        ({}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://desk.example.org.evil.example"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"origin": "https://desk.example.org"}, 404),
        ({"sec-fetch-site": "same-origin"}, 404),
    ):
        assert client.post("/v1/imports/99/undo", headers=headers).status_code == status, headers


def test_who_tries_many_keys_waits(guarded: Callable[..., Any], tokens: dict[str, str]) -> None:
    client = guarded()
    statuses = [enter(client, f"tsi_{i:08}_x").status_code for i in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    waits = enter(client, tokens["read"])
    assert (waits.status_code, waits.headers["retry-after"]) == (429, "600")
    assert guarded(tokens["read"]).get("/v1/gaps").status_code == 200  # who has a key is not held up by those


@pytest.fixture
def here(at: str) -> Iterator[TestClient]:
    """A client of a server of this machine alone, without keys."""
    app = create_app(open_store(at), Settings(), Door(hosts=HERE, loopback=True))
    yield TestClient(app, base_url="http://127.0.0.1:8000")
    app.state.last.close()


def test_on_this_machine_alone_nobody_is_asked(here: TestClient) -> None:
    for host in ("127.0.0.1:8000", "localhost", "localhost:9", "[::1]:8000", "LOCALHOST"):
        assert here.get("/v1/gaps", headers={"host": host}).status_code == 200, host
    assert here.post("/v1/imports/99/undo").status_code == 404
    assert here.get("/it/entra", follow_redirects=False).headers["location"] == "/it/questo-mese"


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"}, {"host": "127.0.0.1.evil.example:8000"}, {"host": ""}, {"host": "[::1"},
        {"host": "evil.example@127.0.0.1.x"}, {"x-forwarded-for": "203.0.113.9"}, {"forwarded": "for=203.0.113.9"},
        {"via": "1.1 proxy"}, {"x-real-ip": "127.0.0.1"},
    ],
    ids=str,
)  # fmt: skip
def test_without_keys_neither_a_foreign_name_nor_a_proxy_is_answered(here: TestClient, headers: dict[str, str]) -> None:
    for path in ("/v1/gaps", "/it/entra", "/livez"):
        answer = here.get(path, headers=headers, follow_redirects=False)
        assert answer.status_code == 421
        assert "tsi key create" in answer.text


def test_without_keys_a_server_that_listens_elsewhere_than_it_was_told_answers_nobody(at: str) -> None:
    app = create_app(open_store(at), Settings(), Door(hosts=HERE, loopback=True))
    scope = {"server": ("192.168.1.4", 8000)}

    async def moved(given: Any, receive: Any, send: Any) -> None:
        await app({**given, **scope} if given["type"] == "http" else given, receive, send)

    assert TestClient(moved, base_url="http://127.0.0.1").get("/v1/gaps").status_code == 421
    app.state.last.close()


def test_the_door_is_decided_at_the_start(keys: Keys) -> None:
    assert door(Settings(keys=keys.path, host="127.0.0.1")) == Door(hosts=HERE, loopback=True)
    keys.create("a", "read")
    for host, loopback in (("127.0.0.1", True), ("0.0.0.0", False), (None, False)):
        found = door(Settings(keys=keys.path, host=host))
        assert (found.keys is not None, found.hosts, found.loopback) == (True, None, loopback)


@pytest.mark.parametrize("command", [
    ["-m", "tsi_graph.cli", "serve", "--host", "0.0.0.0", "--port", "1"],
    ["-c", "import api.main"],
], ids=["tsi serve", "uvicorn api.main"])  # fmt: skip
def test_open_to_others_it_refuses_to_start_without_a_key(command: list[str], tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TSI_")}
    found = subprocess.run(
        [sys.executable, *command], cwd=tmp_path, env={**environment, "PYTHONPATH": str(ROOT)}, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "tsi key create NAME --scope admin" in found.stderr
    assert found.returncode == (2 if "serve" in command else 1)


def test_keys_that_cannot_be_read_let_nobody_in(
    guarded: Callable[..., Any], keys: Keys, tokens: dict[str, str]
) -> None:
    keys.path.write_text("damaged")
    answer = guarded(tokens["admin"]).get("/v1/gaps")
    assert (answer.status_code, answer.json()["status"]) == (503, 503)
