"""The description at /openapi.json: what FastAPI knows of the routes, with the shape and an example of every answer.

The examples are answers about the starter data, written to examples.json by `make openapi.json`; shapes come from the
records and dataclasses that are answered, and where there are none, from the example.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter

from tsi_graph.recommend import Port, Reached, Recommendation
from tsi_graph.recommend.alternatives import Way

LONGEST, SIGNS = 200, "[!-~]([ -~]*[!-~])?"
"""How many characters an Idempotency-Key has at most, and which."""
EXAMPLES = Path(__file__).with_name("examples.json")
Schema = dict[str, Any]
JSON = "application/json"
LINK: Schema = {
    "description": 'Where the next page is: <address>; rel="next". Absent on the last one.',
    "schema": {"type": "string"},
}
ETAG: Schema = {"description": "Changes when the answer does; send it as If-None-Match.", "schema": {"type": "string"}}
UNCHANGED: Schema = {"description": "As the client has it, by its If-None-Match.", "headers": {"ETag": ETAG}}
IF_NONE_MATCH: Schema = {
    "name": "If-None-Match", "in": "header", "required": False,
    "description": "The ETag of an answer that the client has: 304 if it would get the same.",
    "schema": {"type": "string"},
}  # fmt: skip
IDEMPOTENCY: Schema = {
    "name": "Idempotency-Key", "in": "header", "required": False,
    "description": "The same key again answers what was done first; with another request it is refused (409).",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": f"^{SIGNS}$"},
}  # fmt: skip
KEY: Schema = {
    "type": "http", "scheme": "bearer",
    "description": "A key of `tsi key create`; none is asked for where the server listens on its own machine alone.",
}  # fmt: skip
ROWS: dict[str, Any] = {
    "/v1/recommendations": list[Recommendation],
    "/v1/recommendations/ways": list[Way],
    "/v1/networks": list[Reached],
    "/v1/networks/{id}/ports": list[Port],
}
"""What is answered, where a dataclass says it."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAPS = (
    "text/html", "image/svg+xml", "image/png", "application/pdf", "application/graphml+xml", "application/gexf+xml",
    "application/json", "application/zip", "text/plain", "application/octet-stream", XLSX,
)  # fmt: skip
CHARTS = ("image/svg+xml", "image/png", "application/pdf")
REPORTS = (
    "text/html", "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)  # fmt: skip
FILES = {"/v1/exports/map": MAPS, "/v1/views/": MAPS, "/v1/exports/": CHARTS, "/v1/reports/": REPORTS}
"""What is answered at which addresses, the longer ones first."""
BYTES = {"schema": {"type": "string", "format": "binary"}}
FILE_OF_JSON = {"schema": {"type": "object"}, "example": {"elements": [], "connections": []}}
ANY = ("value", "before", "after")
"""Cells: of whatever sort the field is."""
OPEN = ("/v1/metrics/{name}", "/v1/network/{name}", "/v1/coverage", "/v1/coverage/places", "/v1/network", "/v1/metrics")
"""Rows whose columns hang on what was asked for."""


def describe(app: FastAPI) -> Callable[[], Schema]:
    """What is to take the place of `app.openapi`: the description, made once."""
    plain = app.openapi

    def openapi() -> Schema:
        if not app.openapi_schema or "x-described" not in app.openapi_schema:
            app.openapi_schema = described(plain())
        return app.openapi_schema

    return openapi


def described(found: Schema) -> Schema:
    """The description with all that FastAPI cannot know of it."""
    found = deepcopy(found)
    found["x-described"] = True
    found.setdefault("components", {})["securitySchemes"] = {"key": KEY}
    found["security"] = [{"key": []}, {}]
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            _describe(path, method, operation)
    return found


def methods_at(found: Schema, path: str) -> str:
    """The methods that an address takes, as the description has them; blank for one that is not described."""
    return next((methods for address, methods in _addresses(id(found), found) if address.fullmatch(path)), "")


_KNOWN: dict[int, list[tuple[re.Pattern[str], str]]] = {}


def _addresses(which: int, found: Schema) -> list[tuple[re.Pattern[str], str]]:
    if which not in _KNOWN:
        _KNOWN.clear()
        _KNOWN[which] = [
            (
                re.compile(re.sub(r"{\w+}", ".+" if "{fact}" in path else "[^/]+", path)),
                ", ".join(map(str.upper, found["paths"][path])),
            )
            for path in sorted(found["paths"], key=lambda one: one.count("{"))
        ]
    return _KNOWN[which]


def _describe(path: str, method: str, operation: Schema) -> None:
    parameters = operation.setdefault("parameters", [])
    given = {parameter["name"] for parameter in parameters}
    if method == "get":
        parameters.append(IF_NONE_MATCH)
        operation["responses"]["304"] = UNCHANGED
    else:
        operation["parameters"] = [p for p in parameters if p["name"] != "Idempotency-Key"] + [IDEMPOTENCY]
    for status, response in operation["responses"].items():
        if not status.startswith("2"):
            continue
        if method == "get":
            response.setdefault("headers", {})["ETag"] = ETAG
        if "cursor" in given:
            response["headers"]["Link"] = LINK
        if JSON not in response.get("content", {}) and status == "200":
            kinds = next((kinds for start, kinds in FILES.items() if path.startswith(start)), (XLSX,))
            response["content"] = {kind: FILE_OF_JSON if kind == JSON else BYTES for kind in kinds}
        content = response.get("content", {}).get(JSON)
        example = examples().get(f"{method} {path}")
        if content is not None and example is not None:
            content["schema"] = _schema(path, example)
            content["example"] = example


def _schema(path: str, example: Any) -> Schema:
    if path in ROWS:
        return _of_type(ROWS[path])
    return shape(example, required=path not in OPEN, depth=2 if isinstance(example, list) else 1)


@cache
def examples() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(EXAMPLES.read_text("utf-8")) if EXAMPLES.exists() else {}
    return found


@cache
def _of_type(answered: Any) -> Schema:
    """The schema of dataclasses as they are answered: without references, and a number may be undefined."""
    whole = TypeAdapter(answered).json_schema(mode="serialization")
    parts = whole.pop("$defs", {})

    def resolved(value: Any) -> Any:
        if isinstance(value, list):
            return [resolved(one) for one in value]
        if not isinstance(value, dict):
            return value
        if "$ref" in value:
            return resolved(parts[value["$ref"].rpartition("/")[2]])
        found = {k: resolved(v) for k, v in value.items() if k not in ("default", "title") or isinstance(v, dict)}
        return found | {"type": ["number", "null"]} if value.get("type") == "number" else found

    found: Schema = resolved(whole)
    return found


def shape(example: Any, *, required: bool = True, depth: int = 1) -> Schema:
    """What has the form of an example: any text or number may be undefined, and lists are of what is in them.

    depth: down to which level the names in an object are certain.

    >>> shape([{"id": "ann", "share": 0.5}], depth=2)["items"]["required"]
    ['id', 'share']
    """
    if isinstance(example, bool):
        return {"type": ["boolean", "null"]}
    if isinstance(example, int | float):
        return {"type": ["number", "null"]}
    if isinstance(example, str):
        return {"type": ["string", "null"]}
    if isinstance(example, list):
        each = [shape(one, required=required, depth=depth - 1) for one in example]
        return (
            {"type": ["array", "null"], "items": merged(each)}
            if depth < 1
            else {"type": "array", "items": merged(each)}
        )
    if isinstance(example, dict):
        inner = {
            name: {} if name in ANY else shape(value, required=required, depth=depth - 1)
            for name, value in example.items()
        }
        sure = {"required": sorted(inner)} if required and depth > 0 and inner else {}
        return {"type": "object" if depth > 0 else ["object", "null"], "properties": inner, **sure}
    return {}


def merged(shapes: list[Schema]) -> Schema:
    """What all of some shapes fit."""
    known = [one for one in shapes if one]
    if not known:
        return {}
    first, *others = known
    for other in others:
        first = _both(first, other)
    return first


def _both(a: Schema, b: Schema) -> Schema:
    if a.get("type") != b.get("type"):
        return {}
    if "properties" in a:
        names = [*a["properties"], *(n for n in b["properties"] if n not in a["properties"])]
        inner = {n: merged([side["properties"].get(n, {}) for side in (a, b)]) for n in names}
        sure = sorted(set(a.get("required", ())) & set(b.get("required", ())))
        return {**a, "properties": inner} | ({"required": sure} if sure else {})
    return {**a, "items": merged([a["items"], b["items"]])} if "items" in a else a
