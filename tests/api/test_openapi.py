"""The description of the API is one that programs and people can work from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from tsi_graph.store import open_store

DESCRIPTION = create_app(open_store("nowhere.db")).openapi()


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in DESCRIPTION["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def parameters() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, operation in operations():
        for parameter in operation.get("parameters", []):
            yield f"{name} {parameter['name']}", parameter


def test_every_reference_and_every_schema_is_sound() -> None:
    def walk(value: Any) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            yield value
            value = list(value.values())
        if isinstance(value, list):
            for inner in value:
                yield from walk(inner)

    assert DESCRIPTION["openapi"].startswith("3.1")
    for part in walk(DESCRIPTION):
        if isinstance(part.get("schema"), dict):
            jsonschema.Draft202012Validator.check_schema(part["schema"])
        if "$ref" in part:
            found: Any = DESCRIPTION
            for step in part["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            jsonschema.Draft202012Validator.check_schema(found)


def test_operations_have_names_of_their_own_and_words() -> None:
    ids = [operation["operationId"] for _, operation in operations()]
    assert len(ids) == len(set(ids)) > 8
    assert [name for name, operation in operations() if not operation["summary"] or not operation["description"]] == []


def test_parameters_are_described_and_what_cannot_be_guessed_has_an_example() -> None:
    assert [name for name, parameter in parameters() if not parameter.get("description")] == []
    lacking = {
        parameter["name"]
        for _, parameter in parameters()
        if "examples" not in str(parameter)
        and (parameter["in"] == "path" or parameter["name"] in ("stakeholder", "scope", "between", "size", "as_of"))
    }
    assert lacking == set()


@pytest.mark.parametrize("place", ["path", "query"])
def test_examples_work(client: TestClient, place: str) -> None:
    tried = []
    for path, methods in DESCRIPTION["paths"].items():
        if "get" not in methods or "/introductions/{" in path or "/previews/{" in path:  # what is written first
            continue
        examples = {
            p["name"]: (p["in"], p["schema"]["examples"][0])
            for p in methods["get"].get("parameters", [])
            if "examples" in p["schema"]
        }
        filled = path
        for name, (where, value) in examples.items():
            filled = filled.replace(f"{{{name}}}", value) if where == "path" else filled
        asked = {name: value for name, (where, value) in examples.items() if where == "query"}
        if (place == "path") == ("{" in path):
            tried.append(path)
            assert client.get(filled, params=asked).status_code == 200, (filled, asked)
    assert len(tried) >= 3


def test_errors_are_described_as_they_come(client: TestClient) -> None:
    came = client.get("/v1/gaps?limit=0").json()
    for name, operation in operations():
        assert "422" not in operation["responses"], name
        documented = operation["responses"]["default"]["content"]["application/problem+json"]
        jsonschema.validate(documented["example"], documented["schema"])
        jsonschema.validate(came, documented["schema"])


def test_nothing_comes_from_elsewhere(client: TestClient) -> None:
    assert client.get("/redoc").status_code == 404
    page = client.get("/docs").text
    assert re.findall(r'(?:src|href)="([^"]+)"', page) == [
        "data:,", "/static/swagger-ui.css", "/static/docs.css", "/static/swagger-ui-bundle.js", "/static/docs.js",
        "/openapi.json", "/", "/openapi.json",
    ]  # fmt: skip
    assert "style=" not in page
    assert all(client.get(f"/static/{name}").status_code == 200 for name in ("swagger-ui.css", "swagger-ui-bundle.js"))
    assert "http" not in str(DESCRIPTION.get("servers", ""))
    assert client.get("/openapi.json").json() == DESCRIPTION


def test_every_answer_is_described_with_an_example_of_its_shape() -> None:
    lacking = []
    for name, operation in operations():
        for status, answer in operation["responses"].items():
            content = answer.get("content", {}).get("application/json")
            if status.startswith("2") and content is not None:
                if "example" not in content:
                    lacking.append(f"{name} {status}")
                else:
                    jsonschema.validate(content["example"], content["schema"])
    assert lacking == [], "`make openapi.json` asks each for one"


def test_what_all_answers_have_in_common_is_described() -> None:
    for name, operation in operations():
        given = {parameter["name"] for parameter in operation["parameters"]}
        if name.startswith("get"):
            assert "If-None-Match" in given, name
            assert "304" in operation["responses"], name
            assert "ETag" in operation["responses"]["200"]["headers"], name
            assert ("cursor" in given) == ("Link" in operation["responses"]["200"]["headers"]), name
        else:
            assert "Idempotency-Key" in given, name
