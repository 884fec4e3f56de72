"""One error body everywhere, for every route that the description lists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from tsi_graph.settings import Settings
from tsi_graph.store import open_store

PATHS = create_app(open_store("nowhere.db")).openapi()["paths"]
ABSENT = ("Non c'è niente a questo indirizzo", "There is nothing at this address")
UNFIT = ("Un valore della richiesta non va bene", "A value of the request cannot be used")
READS = sorted(path for path, methods in PATHS.items() if "get" in methods)
WRONG = [
    "nan",
    "1e999",
    "-1",
    "0",
    "999999999999999999999",
    "\x00",
    "x" * 5000,
    "%ED%A0%80",
    "<script>",
    "'}) DELETE n //",
]

REAL = {
    "id": "socialfare", "name": "degree", "suffix": "graphml", "preview": "0" * 32, "question": "cut_off", "key": "x",
    "fact": "socialfare|MEMBER_OF|torino-social-impact|", "picture": "sectors",
}  # fmt: skip
"""A value that is known for each part of a path, so that the other values of a request are reached."""


def told(wrong: str) -> str:
    """As it stands in an address; what is already encoded (a lone surrogate) stays."""
    return wrong if wrong.startswith("%") else quote(wrong, safe="")


def assert_problem(answer: Any, lang: str = "it") -> None:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert {"type", "title", "status", "detail"} <= body.keys()
    assert body["status"] == answer.status_code
    assert 400 <= answer.status_code < 600
    assert body["type"].startswith("/problems/")
    assert "Traceback" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_values_are_answered_with_a_problem_or_an_answer(client: TestClient, path: str, wrong: str) -> None:
    method = PATHS[path]["get"]
    names = [p["name"] for p in method.get("parameters", []) if p["in"] == "query"]
    for part in re.findall(r"{(\w+)}", path):
        place = path.replace(f"{{{part}}}", told(wrong))
        answer = client.get(place)
        assert_problem(answer)
        assert answer.status_code in (404, 422), (place, answer.text)
    place = re.sub(r"{(\w+)}", lambda part: REAL[part[1]], path)
    for name in names:
        asked = f"{name}={told(wrong)}" + ("" if name == "stakeholder" else "&stakeholder=socialfare")
        answer = client.get(f"{place}?{asked}")
        if answer.status_code != 200:
            assert_problem(answer)
            assert answer.status_code in (404, 409, 422), (place, name, answer.text)


@pytest.mark.parametrize(
    ("path", "status", "italian", "english"),
    [
        ("/v1/nothing", 404, *ABSENT),
        ("/v1/stakeholders/nobody", 404, *ABSENT),
        ("/v1/metrics/nope", 404, *ABSENT),
        ("/v1/network/nope", 404, *ABSENT),
        ("/v1/exports/map.bmp", 404, *ABSENT),
        ("/v1/recommendations/ways", 422, *UNFIT),
        (
            "/v1/info?as_of=2020-13",
            422,
            "Un valore della richiesta non va bene",
            "A value of the request cannot be used",
        ),
        ("/v1/gaps?limit=101", 422, *UNFIT),
    ],
)
def test_titles_are_in_the_language_asked_for(
    client: TestClient, path: str, status: int, italian: str, english: str
) -> None:
    for headers, title in (({}, italian), ({"accept-language": "en"}, english), ({"accept-language": "fr"}, italian)):
        answer = client.get(path, headers=headers)
        assert answer.status_code == status
        assert_problem(answer)
        assert answer.json()["title"] == title


def test_titles_are_in_the_language_of_the_settings_unless_asked(tmp_path: Path) -> None:
    english = create_app(open_store(tmp_path / "none.db"), Settings(lang="en"))
    with TestClient(english) as client:
        assert client.get("/v1/nothing").json()["title"] == ABSENT[1]
        assert client.get("/v1/nothing?lang=it").json()["title"] == ABSENT[0]


def test_an_unknown_relation_is_named_not_answered_with_nothing(client: TestClient) -> None:
    answer = client.get("/v1/ties?kind=LOVES")
    assert_problem(answer)
    assert (answer.status_code, "MEMBER_OF" in answer.json()["detail"]) == (404, True)


def test_other_methods_and_other_forms_are_problems(client: TestClient) -> None:
    answer = client.delete("/v1/info")
    assert_problem(answer)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert "DELETE" in answer.json()["detail"]
    assert_problem(client.post("/v1/imports", content=b"{", headers={"content-type": "application/json"}))
    assert_problem(
        client.post("/v1/imports", content=b"--x", headers={"content-type": "multipart/form-data; boundary=x"})
    )
    assert_problem(client.post("/v1/imports/0/undo"))
    assert_problem(client.post("/v1/imports/77/undo"))


def test_a_store_that_is_not_there_is_a_503(tmp_path: Path) -> None:
    with TestClient(create_app(open_store(tmp_path / "none.db")), raise_server_exceptions=False) as client:
        for path in ("/v1/info", "/v1/gaps", "/v1/imports", "/readyz"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert_problem(answer)
        assert client.get("/livez").json() == {"status": "ok"}


def test_a_fault_of_ours_says_nothing_of_its_inside(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr("api.routers.gaps.find_gaps", broken)
    answer = client.get("/v1/gaps")
    assert answer.status_code == 500
    assert_problem(answer)
    assert "secret" not in answer.text


def test_every_operation_is_described_for_someone_who_has_not_seen_the_code() -> None:
    for path, methods in PATHS.items():
        for method in methods.values():
            assert len(method["description"]) > 30, path
            assert "default" in method["responses"], path
            for parameter in method.get("parameters", []):
                assert parameter.get("description"), (path, parameter["name"])
    examples = [p for m in PATHS.values() for o in m.values() for p in o.get("parameters", []) if "examples" in str(p)]
    assert len(examples) >= 4


def test_nothing_is_fetched_from_elsewhere_and_types_are_not_guessed(client: TestClient) -> None:
    assert client.get("/v1/info").headers["x-content-type-options"] == "nosniff"
