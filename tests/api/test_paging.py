"""Long lists come in pages that neither repeat nor leave out, whatever is written meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from tests.api.test_errors import assert_problem
from tsi_graph.store import open_store

PATHS = create_app(open_store("nowhere.db")).openapi()["paths"]
PAGED = sorted(
    path for path, methods in PATHS.items()
    if "get" in methods and any(p["name"] == "cursor" for p in methods["get"].get("parameters", []))
)  # fmt: skip
ASKED = {"/v1/history": {"of": "axto"}}
REAL = {
    "/v1/stakeholders": "comune-di-torino", "/v1/projects": "tonite", "/v1/funds": "fondo-innovazione-sociale",
    "/v1/topics": "social-work-inclusion", "/v1/networks": "impact-europe", "/v1/metrics": "degree",
}  # fmt: skip


def next_of(answer: Any) -> str | None:
    link = answer.headers.get("link")
    return link.removeprefix("<").removesuffix('>; rel="next"') if link else None


def walked(client: TestClient, path: str, **asked: Any) -> list[Any]:
    rows: list[Any] = []
    answer = client.get(path, params=asked)
    while True:
        assert answer.status_code == 200, answer.text
        rows += answer.json()
        at = next_of(answer)
        if at is None:
            return rows
        answer = client.get(at)


def test_every_list_that_grows_with_the_data_is_paged() -> None:
    assert {
        "/v1/stakeholders", "/v1/projects", "/v1/funds", "/v1/topics", "/v1/networks", "/v1/ties", "/v1/gaps",
        "/v1/introductions", "/v1/introducers", "/v1/imports", "/v1/metrics/{name}", "/v1/history", "/v1/conflicts",
        "/v1/coverage", "/v1/recommendations/all",
    } <= set(PAGED)  # fmt: skip


@pytest.mark.parametrize("path", PAGED)
def test_the_pages_together_are_the_list(client: TestClient, path: str) -> None:
    at = path
    for start, name in REAL.items():
        if path.startswith(start):
            at = path.replace("{id}", name).replace("{name}", name)
    asked = ASKED.get(path, {})
    size = "organisations" if path.endswith("/all") else "limit"
    first = client.get(at, params={**asked, size: 100})
    assert first.status_code == 200, first.text
    few = client.get(at, params={**asked, size: 7})
    if size == "limit":
        assert len(few.json()) == min(7, len(first.json()))
    second = client.get(next_of(few)) if next_of(few) else None
    together = [*few.json(), *(second.json() if second else [])]
    assert together == first.json()[: len(together)]


@pytest.mark.parametrize("path", ["/v1/stakeholders", "/v1/ties", "/v1/gaps"])
def test_a_whole_list_can_be_walked(client: TestClient, path: str) -> None:
    small, large = walked(client, path, limit=23), walked(client, path, limit=100)
    assert small == large
    assert len(small) > 23


def test_the_view_and_filters_go_along(client: TestClient) -> None:
    rows = walked(client, "/v1/ties", kind="SIGNATORY_OF", as_of="2017", limit=5)
    assert {row["kind"] for row in rows} == {"SIGNATORY_OF"}
    assert len(rows) > 5


def test_what_is_written_between_two_pages_neither_repeats_nor_hides_a_row(own: TestClient) -> None:
    def upload(*names: str) -> None:
        text = "id,name\n" + "".join(f"{n},{n.title()}\n" for n in names)
        files = {"files": ("organisations.csv", text.encode())}
        assert own.post("/v1/imports", files=files, data={"dataset": names[0]}).status_code == 201

    upload("cy", "eve")
    first = own.get("/v1/stakeholders", params={"limit": 2})
    assert [row["id"] for row in first.json()] == ["ann", "cy"]
    upload("ben", "dee")
    second = own.get(next_of(first) or "")
    assert [row["id"] for row in second.json()] == ["dee", "eve"]


def test_a_ranking_that_changed_meanwhile_says_so(own: TestClient) -> None:
    def upload(name: str, text: bytes) -> None:
        assert own.post("/v1/imports", files={"files": (name, text)}, data={"dataset": name}).status_code == 201

    upload("organisations.csv", b"id,name\nann,Ann\nben,Ben\ncy,Cy\n")
    first = own.get("/v1/metrics/degree", params={"limit": 1})
    assert own.get(next_of(first) or "").status_code == 200
    upload("ties.csv", b"source_id,relation,target_id\nben,partner_of,cy\n")
    answer = own.get(next_of(first) or "")
    assert_problem(answer)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conflict")


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJhIiwxXQ", "bnVsbA", "-_-"])
def test_a_cursor_of_elsewhere_is_a_conflict(client: TestClient, cursor: str) -> None:
    of_ties = (next_of(client.get("/v1/ties?limit=1")) or "").rpartition("cursor=")[2]
    for given in (cursor, of_ties):
        answer = client.get("/v1/stakeholders", params={"cursor": given})
        assert_problem(answer)
        assert answer.status_code == 409
    assert client.get("/v1/stakeholders", params={"cursor": "%00"}).status_code == 422
    assert client.get("/v1/stakeholders", params={"limit": 101}).status_code == 422
