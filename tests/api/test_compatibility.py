"""A change that breaks a program is found, and one that breaks none is not."""

from __future__ import annotations

import json
import os
import subprocess
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from api.compatibility import breaking
from tsi_graph.store import open_store

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "openapi.json"
OLD: dict[str, Any] = {
    "paths": {
        "/v1/things": {
            "get": {
                "parameters": [
                    {"in": "query", "name": "limit", "schema": {"type": "integer", "maximum": 100}},
                    {"in": "query", "name": "kind",
                     "schema": {"anyOf": [{"enum": ["a", "b"], "type": "string"}, {"type": "null"}]}},
                ],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
                },
            },
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {
                    "type": "object", "required": ["id"], "additionalProperties": False,
                    "properties": {"id": {"type": "string", "maxLength": 9}, "note": {"type": "string"}},
                }}}},
                "responses": {"201": {}},
            },
        }
    },
    "components": {"schemas": {"Thing": {
        "type": "object", "required": ["id"],
        "properties": {
            "id": {"type": "string"},
            "ties": {"type": "array", "items": {"type": "object", "properties": {"to": {"type": "string"}}}},
        },
    }}},
}  # fmt: skip
GET, POST = ("paths", "/v1/things", "get"), ("paths", "/v1/things", "post")
BODY = (*POST, "requestBody", "content", "application/json", "schema")
THING = ("components", "schemas", "Thing")


def changed(at: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The old description with one part exchanged, or left out (...)."""
    new = deepcopy(OLD)
    part: Any = new
    for step in at[:-1]:
        part = part[step]
    if value is ...:
        del part[at[-1]]
    else:
        part[at[-1]] = value
    return new


@pytest.mark.parametrize(
    ("at", "value", "said"),
    [
        (GET, ..., "GET /v1/things is gone"),
        ((*GET, "parameters", 0), ..., "GET /v1/things: the query parameter limit is gone"),
        ((*GET, "parameters", 0, "required"), True, "GET /v1/things: the query parameter limit must be sent now"),
        ((*GET, "parameters", 0, "schema", "maximum"), 50, "GET /v1/things: limit: maximum is 50 now"),
        ((*GET, "parameters", 0, "schema", "minimum"), 1, "GET /v1/things: limit: minimum is 1 now"),
        ((*GET, "parameters", 0, "schema", "type"), "string", "GET /v1/things: limit: integer is not taken any more"),
        ((*GET, "parameters", 1, "schema", "anyOf", 0, "enum"), ["a"], "GET /v1/things: kind: b is not taken any more"),
        ((*GET, "parameters", 1, "schema", "anyOf", 1), ..., "GET /v1/things: kind: null is not taken any more"),
        ((*BODY, "required"), ["id", "note"], "POST /v1/things: body.note must be sent now"),
        ((*BODY, "properties", "note"), ..., "POST /v1/things: body.note is not taken any more"),
        ((*BODY, "properties", "id", "maxLength"), 8, "POST /v1/things: body.id: maxLength is 8 now"),
        ((*BODY, "properties", "note", "pattern"), "^a", "POST /v1/things: body.note: another pattern"),
        ((*POST, "requestBody", "required"), True, "POST /v1/things: a body must be sent now"),
        ((*THING, "properties", "id"), ..., "GET /v1/things: 200.id is gone"),
        ((*THING, "required"), [], "GET /v1/things: 200.id may be absent now"),
        ((*THING, "properties", "id", "type"), ["string", "null"], "GET /v1/things: 200.id may be null now"),
        ((*THING, "properties", "ties", "items", "properties", "to"), ..., "GET /v1/things: 200.ties[].to is gone"),
        ((*POST, "responses"), {"204": {}}, "POST /v1/things: 201 is not answered any more"),
    ],
)  # fmt: skip
def test_what_breaks_a_program_is_named(at: tuple[Any, ...], value: Any, said: str) -> None:
    assert breaking(OLD, changed(at, value)) == [said]


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (("paths", "/v1/others"), {"get": {"responses": {}}}),
        ((*GET, "parameters", 0, "schema", "maximum"), 200),
        ((*GET, "parameters", 1, "schema", "anyOf", 0, "enum"), ["a", "b", "c"]),
        ((*BODY, "required"), []),
        ((*BODY, "properties", "colour"), {"type": "string"}),
        ((*THING, "properties", "name"), {"type": "string"}),
        ((*THING, "required"), ["id", "ties"]),
    ],
)
def test_what_breaks_none_is_not_named(at: tuple[Any, ...], value: Any) -> None:
    assert breaking(OLD, changed(at, value)) == []


def test_the_committed_description_is_the_one_that_is_answered() -> None:
    """`make openapi.json` writes it anew."""
    answered = create_app(open_store("nowhere.db")).openapi()
    assert json.loads(COMMITTED.read_text("utf-8")) == json.loads(json.dumps(answered))


def test_nothing_breaks_against_the_one_before() -> None:
    """TSI_OPENAPI_BASE says with which: `origin/main` where a change is reviewed; else the last commit."""
    base = os.environ.get("TSI_OPENAPI_BASE", "HEAD")
    shown = subprocess.run(["git", "show", f"{base}:openapi.json"], cwd=ROOT, capture_output=True, check=False)
    if shown.returncode:
        pytest.skip(f"{base} has no openapi.json to compare with")
    before, now = json.loads(shown.stdout), json.loads(COMMITTED.read_text("utf-8"))
    if before["info"]["version"].split(".")[0] == now["info"]["version"].split(".")[0]:
        assert breaking(before, now) == []
