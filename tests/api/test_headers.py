"""What every answer carries, whoever made it."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.headers import CSP, HEADERS
from api.pages.addresses import PAGES
from tests.api.conftest import filled
from tests.api.test_errors import READS, REAL
from tests.api.test_last import Moody
from tsi_graph.language import LANGS
from tsi_graph.store import open_store

PLACES = [
    *(re.sub(r"{(\w+)}", lambda part: REAL.get(part[1], "7"), path) for path in READS),
    *(f"/{lang}/{words[lang]}" for words in PAGES.values() for lang in LANGS),
    "/", "/livez", "/readyz", "/static/desk.css", "/static/nothing", "/nothing", "/it/niente", "/openapi.json",
    "/v1/stakeholders?limit=-1", "/v1/info?x=" + "a" * 9000,
]  # fmt: skip


@pytest.mark.parametrize("path", PLACES)
def test_every_answer_says_what_a_browser_may_do_with_it(client: TestClient, path: str) -> None:
    answer = client.get(path, follow_redirects=False)
    for name, value in HEADERS.items():
        assert name in answer.headers, (path, name)
        if name not in ("content-security-policy", "cache-control"):
            assert answer.headers[name] == value, (path, name)
    if "map." not in path:
        assert answer.headers["content-security-policy"] == CSP
    if not path.startswith("/static/"):
        assert "public" not in answer.headers["cache-control"]
    assert len(answer.headers["x-request-id"]) == 16
    assert "server" not in answer.headers
    assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert "strict-transport-security" not in answer.headers


def test_faults_carry_them_too(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr("api.last.Last.statements", broken)
    for status, answer in (
        (500, client.get("/v1/stakeholders?q=nobody-asked-this-before")),
        (405, client.delete("/v1/info")),
        (413, client.post("/v1/introductions", content=b" " * 2**21, headers={"content-type": "application/json"})),
        (403, client.post("/v1/introductions", json={}, headers={"origin": "https://elsewhere.example"})),
    ):
        assert answer.status_code == status
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert len(answer.json()["request_id"]) == 16
        assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_only_behind_tls_browsers_are_told_to_stay_there(at: str) -> None:
    secure = TestClient(create_app(open_store(at)), base_url="https://testserver")
    assert secure.get("/livez").headers["strict-transport-security"].startswith("max-age=31536000")


@pytest.mark.parametrize("path", ["/v1/info", "/it/come-calcoliamo", "/static/desk.css", "/livez", "/nothing"])
def test_head_is_answered_like_get_without_the_body(client: TestClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert head.status_code == got.status_code
    assert head.content == b""
    for name in ("content-type", "content-length", "etag"):
        if path != "/nothing":  # there the number of the request differs
            assert head.headers.get(name) == got.headers.get(name)


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT", "DELETE", "BREW"])
def test_other_methods_are_405(client: TestClient, method: str) -> None:
    answer = client.request(method, "/v1/info", headers={"access-control-request-method": "POST"})
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


def test_no_header_turns_one_method_into_another(client: TestClient) -> None:
    for name in ("x-http-method-override", "x-http-method", "x-method-override"):
        assert client.get("/v1/info", headers={name: "DELETE"}).status_code == 200
        assert client.post("/v1/info?_method=GET", headers={name: "GET"}).status_code == 405


def test_the_map_may_run_what_it_carries_and_nothing_else(client: TestClient) -> None:
    answer = client.get("/v1/exports/map.html")
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self'" not in policy
    for script in re.findall(r"<script>(.*?)</script>", answer.text, re.S):
        assert f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" in policy


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/it/niente", 404, "Non c'è niente a questo indirizzo, o non è visibile a voi."),
        ("/en/nothing", 404, "There is nothing at this address, or you may not see it."),
        ("/it/" + "a" * 9000, 414, "Questo indirizzo è troppo lungo."),
    ],
)
def test_a_fault_of_a_page_is_a_page(client: TestClient, path: str, status: int, text: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert f"<h1>{text}</h1>" in answer.text.replace("&#39;", "'")
    assert f'<html lang="{path[1:3]}">' in answer.text


def test_a_page_of_a_store_that_is_away_says_when_to_come_back(tmp_path: Path) -> None:
    store = Moody(filled(tmp_path))
    store.refuses = True
    answer = TestClient(create_app(store), raise_server_exceptions=False).get("/it/questo-mese")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert "Il servizio non risponde." in answer.text
    assert "Riprova fra 5 secondi. Nulla è andato perso." in answer.text
