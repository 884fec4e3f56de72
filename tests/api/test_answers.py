"""Answers are kept while they are right and no longer, told apart by all they hang on, and written once under a key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import answers
from api.app import create_app
from api.repeats import DEAD, KEPT, Kept
from tests.api.test_errors import assert_problem
from tsi_graph.batch import Batch
from tsi_graph.model import MemberOf, Network, PartnerOf, Stakeholder
from tsi_graph.store import open_store

UPLOAD = {"files": {"files": ("organisations.csv", b"id,name\ndee,Dee\n", "text/csv")}, "data": {"dataset": "more"}}


@pytest.fixture
def place(tmp_path: Path) -> str:
    """Where a store is in which Ann reaches a network through Ben."""
    nodes = [Stakeholder(id=i, name=i.title(), city="Torino", confidence=3) for i in ("ann", "ben", "cy")]
    edges = [PartnerOf(source="ann", target="ben", confidence=3), MemberOf(source="ben", target="n1", confidence=3)]
    with open_store(tmp_path / "a.db") as store:
        store.write(Batch(nodes=[*nodes, Network(id="n1", name="N1", confidence=3)], edges=edges), "d")
    return str(tmp_path / "a.db")


@pytest.fixture
def api(place: str) -> Iterator[TestClient]:
    with TestClient(create_app(open_store(place)), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the routes that computed an answer."""
    names: list[str] = []
    asked = answers.Answers._asked

    async def noting(self: Any, scope: Any, receive: Any, send: Any) -> Any:
        names.append(scope["path"])
        return await asked(self, scope, receive, send)

    monkeypatch.setattr(answers.Answers, "_asked", noting)
    return names


def test_the_same_question_is_computed_once_until_somebody_writes(
    api: TestClient, place: str, computed: list[str]
) -> None:
    first, again = (api.get("/v1/recommendations?stakeholder=ann") for _ in range(2))
    assert (first.text, first.headers["etag"]) == (again.text, again.headers["etag"])
    assert len(computed) == 1
    with open_store(place) as other:  # the command line, or another worker
        other.write(Batch(nodes=[Stakeholder(id="eve", name="Eve")]), "more")
    assert [one["id"] for one in api.get("/v1/stakeholders").json()] == ["ann", "ben", "cy", "eve"]
    assert (
        api.get("/v1/recommendations?stakeholder=ann").headers["etag"] == first.headers["etag"]
    )  # nothing else changed
    assert len(computed) == 3
    assert api.post("/v1/introductions", json={"source": "ann", "target": "n1"}).status_code == 201
    after = api.get("/v1/recommendations?stakeholder=ann")
    assert (after.json(), after.headers["etag"] == first.headers["etag"]) == ([], False)


def test_the_ledger_is_seen_at_once_by_another_server(api: TestClient, place: str) -> None:
    with TestClient(create_app(open_store(place))) as other:
        assert other.get("/v1/introductions").json() == []
        made = api.post("/v1/introductions", json={"source": "ann", "target": "n1"}).json()
        assert [one["id"] for one in other.get("/v1/introductions").json()] == [made["id"]]


def test_language_and_query_are_told_apart(api: TestClient, computed: list[str]) -> None:
    italian = api.get("/v1/recommendations?stakeholder=ann")
    english = api.get("/v1/recommendations?stakeholder=ann", headers={"accept-language": "en"})
    assert italian.text != english.text
    assert italian.headers["etag"] != english.headers["etag"]
    assert "accept-language" in italian.headers["vary"]
    assert len(computed) == 2


def test_who_has_the_answer_gets_no_body(api: TestClient) -> None:
    for path in ("/v1/info", "/v1/stakeholders?limit=1", "/v1/exports/map.graphml", "/openapi.json"):
        full = api.get(path)
        tag = full.headers["etag"]
        assert (full.status_code, tag[0], tag[-1]) == (200, '"', '"'), path
        for asked in (tag, f'"other", {tag}', f"W/{tag}"[2:] if path == "/openapi.json" else f"W/{tag}"):
            if path == "/openapi.json" and asked != tag:
                continue
            kept = api.get(path, headers={"if-none-match": asked})
            assert (kept.status_code, kept.content, kept.headers["etag"]) == (304, b"", tag), (path, asked)
        assert api.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_refusals_are_not_kept(api: TestClient, computed: list[str]) -> None:
    for _ in range(2):
        assert api.get("/v1/stakeholders/dee").status_code == 404
    assert len(computed) == 2
    api.post("/v1/imports", **UPLOAD)
    assert api.get("/v1/stakeholders/dee").status_code == 200


def test_what_is_kept_has_an_end(api: TestClient, monkeypatch: pytest.MonkeyPatch, computed: list[str]) -> None:
    monkeypatch.setattr(answers, "ROOM", 2_000)
    for limit in (1, 2, 3, 1):
        api.get(f"/v1/stakeholders?limit={limit}")
    assert len(computed) == 4  # the first had to go


@pytest.mark.parametrize(
    ("accept", "status"),
    [("application/json", 200), ("*/*", 200), ("application/*;q=0.2, text/html", 200), ("text/html", 406),
     ("application/json;q=0", 406), ("", 200)],
)  # fmt: skip
def test_an_answer_comes_in_the_form_that_is_asked_for(api: TestClient, accept: str, status: int) -> None:
    answer = api.get("/v1/info", headers={"accept": accept})
    assert answer.status_code == status
    if status == 406:
        assert_problem(answer)


def test_a_write_that_could_not_be_answered_is_not_done(api: TestClient) -> None:
    head = {"accept": "text/html"}
    assert api.post("/v1/introductions", json={"source": "ann", "target": "n1"}, headers=head).status_code == 406
    assert api.get("/v1/introductions").json() == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_bodies_of_another_sort_are_refused(api: TestClient, kind: str) -> None:
    answer = api.post("/v1/introductions", content=b'{"source": "ann"}', headers={"content-type": kind})
    assert_problem(answer)
    assert answer.status_code == 415


def test_other_methods_are_refused_with_those_that_are_taken(api: TestClient) -> None:
    for method, path, allowed in (
        ("PUT", "/v1/introductions", "GET, POST"), ("TRACE", "/v1/info", "GET"), ("OPTIONS", "/v1/ties/a|B|c|", "GET"),
        ("DELETE", "/v1/introductions/x/events", "POST"), ("GET", "/v1/introductions/x/events", "POST"),
    ):  # fmt: skip
        answer = api.request(method, path)
        assert_problem(answer)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed), (method, path)


@pytest.mark.parametrize(
    ("path", "body", "other"),
    [
        ("/v1/introducers/ben/marks", {"json": {"barred": True}}, {"json": {"barred": False}}),
        ("/v1/introductions", {"json": {"source": "ann", "target": "n1"}}, {"json": {"source": "cy", "target": "n1"}}),
        ("/v1/corrections", {"json": {"node": "ann", "fields": {"city": "Asti"}}}, {"json": {"node": "ben"}}),
        ("/v1/imports", UPLOAD, {**UPLOAD, "data": {"dataset": "other"}}),
        ("/v1/imports/1/undo", {}, {"json": {}}),
    ],
)  # fmt: skip
def test_every_write_is_done_once_under_a_key(api: TestClient, path: str, body: Any, other: Any) -> None:
    head = {"Idempotency-Key": "a click"}
    first, again = (api.post(path, headers=head, **body) for _ in range(2))
    assert first.status_code in (200, 201), first.text
    assert (again.status_code, again.content) == (first.status_code, first.content)
    refused = api.post(path, headers=head, **other)
    assert_problem(refused)
    assert (refused.status_code, "used for another request" in refused.json()["detail"]) == (409, True)


def test_a_refusal_is_decided_anew_under_the_same_key(api: TestClient) -> None:
    head = {"Idempotency-Key": "a click"}
    wanted = {"source": "dee", "target": "n1"}
    assert api.post("/v1/introductions", json=wanted, headers=head).status_code == 404
    api.post("/v1/imports", **UPLOAD)
    assert api.post("/v1/introductions", json=wanted, headers=head).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_has_a_length(api: TestClient, key: str) -> None:
    answer = api.post("/v1/introducers/ben/marks", json={"barred": True}, headers={"Idempotency-Key": key})
    assert_problem(answer)
    assert answer.status_code == 422


def test_a_request_under_way_is_not_done_twice_and_one_that_died_is_taken_over(tmp_path: Path) -> None:
    clock = iter((0.0, 1.0, DEAD + 1.0, DEAD + 2.0, DEAD + KEPT + 2.0))
    kept = Kept(tmp_path / "requests", lambda: next(clock))
    assert kept.begin("key", "asked") == ""
    assert "under way" in kept.begin("key", "asked")
    assert kept.begin("key", "asked") == ""
    kept.end("key", (201, [(b"a", b"b")], b"done"))
    assert kept.begin("key", "asked") == (201, [(b"a", b"b")], b"done")
    assert kept.begin("key", "something else") == ""  # a day later


def test_padded_addresses_are_not_kept(api: TestClient, computed: list[str]) -> None:
    for path in ("/v1/stakeholders?limit=2&pad=", "/v1/stakeholders?limit=2&pad=1", "/v1/info?x=" + "y" * 5_000):
        for _ in range(2):
            assert api.get(path).status_code == 200
    assert len(computed) == 6
    for _ in range(2):
        api.get("/v1/stakeholders?limit=2&low=true")
    assert len(computed) == 7


def test_keys_and_headers_take_room_and_entries_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = answers.Answers(None)  # type: ignore[arg-type]
    one = answers.Answer([(b"x", b"y" * 1_000)], b"[]", b"", "application/json", "/v1/info", True)
    for k in range(50):
        kept._keep(("r", "/v1/info", b"q" * 7_000 + str(k).encode()), one)
    assert kept._size > 50 * (7_000 + 1_000)
    monkeypatch.setattr(answers, "MOST", 10)
    kept._keep(("r", "/v1/info", b""), one)
    assert (len(kept._kept), kept._size < 10 * 12_000) == (10, True)
    monkeypatch.setattr(answers, "ROOM", 0)
    kept._keep(("r", "/v1/info", b""), one)
    assert (len(kept._kept), kept._size) == (0, 0)
