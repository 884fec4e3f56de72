"""Writes openapi.json, and the examples in it: answers about the starter data, shortened. `make openapi.json`."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from tsi_graph import samples
from tsi_graph.importers import read
from tsi_graph.settings import Settings
from tsi_graph.store import open_store

from . import description
from .app import create_app

FEW = 2
"""Rows of a list in an example."""
UPLOAD = {"files": {"files": ("organisations.csv", b"id,name\nann,Ann\n", "text/csv")}, "data": {"dataset": "ours"}}
BROKEN = {"files": {"files": ("organisations.csv", b"id,name,kind\nben,Ben,bankk\n", "text/csv")}}
ALSO = (("/v1/recommendations", "stakeholder"), ("/v1/questions/{question}", "x"))
"""Parameters without which there is no answer to show, though they are not required."""
Asked = tuple[str, str, str, dict[str, Any]]
WRITES: tuple[Asked, ...] = (
    ("post /v1/introductions", "post", "/v1/introductions",
     {"json": {"source": "hackability", "target": "impact-europe"}}),
    ("post /v1/introductions/{id}/events", "post", "/v1/introductions/{id}/events", {"json": {"kind": "accepted"}}),
    ("get /v1/introductions/{id}", "get", "/v1/introductions/{id}", {}),
    ("post /v1/introducers/{id}/marks", "post", "/v1/introducers/socialfare/marks", {"json": {"barred": True}}),
    ("post /v1/gaps/{key}/marks", "post", "/v1/gaps/sectors|cooperative|incubator/marks",
     {"json": {"aside": True, "text": "They meet elsewhere"}}),
    ("post /v1/corrections", "post", "/v1/corrections",
     {"json": {"node": "tonite", "fields": {"city": "Torino"}, "dry_run": True}}),
    ("post /v1/confirmations", "post", "/v1/confirmations", {}),
    ("post /v1/imports", "post", "/v1/imports", UPLOAD),
    ("post /v1/imports/{number}/undo", "post", "/v1/imports/{number}/undo", {}),
    ("post /v1/imports/previews", "post", "/v1/imports/previews", BROKEN),
    ("get /v1/imports/previews/{preview}", "get", "/v1/imports/previews/{preview}", {}),
    ("patch /v1/imports/previews/{preview}", "patch", "/v1/imports/previews/{preview}",
     {"json": {"cells": [{"file": "organisations.csv", "row": 2, "column": 2, "text": "bank"}]}}),
    ("post /v1/imports/previews/{preview}/commit", "post", "/v1/imports/previews/{preview}/commit", {}),
    ("put /v1/views/{name}", "put", "/v1/views/bridges", {"json": {"size": "degree"}}),
)  # fmt: skip
"""Operation, method, address and body; what the answers name is filled in later addresses."""


def recorded(client: TestClient, paths: dict[str, Any]) -> dict[str, Any]:
    """An answer of each operation that answers JSON. Stops at the first that does not work."""
    found: dict[str, Any] = {}
    [unsure, *_] = client.get("/v1/sources/unverified").json()
    named = {"statement": unsure["statement"]}
    for operation, method, address, body in WRITES:
        if operation.partition(" ")[2] not in paths:
            continue
        if operation == "post /v1/confirmations":
            body = {"json": {"statement": named["statement"]}}
        answer = client.request(method, address.format(**named), params={"lang": "en"}, **body)
        if answer.status_code // 100 != 2:
            sys.exit(f"{operation}: {answer.status_code} {answer.text}")
        found[operation] = told = answer.json()
        for part, field, at in (
            ("id", "id", "/introductions"),
            ("number", "number", "/v1/imports"),
            ("preview", "id", "previews"),
        ):
            if operation.endswith(at):
                named[part] = str(told[field])
    for path, methods in paths.items():
        operation = methods.get("get")
        if operation is None or f"get {path}" in found:
            continue
        answered = operation["responses"]["200"].get("content", {})
        if "application/json" not in answered or "text/html" in answered:  # a file, in one format of many
            continue
        parameters = operation.get("parameters", [])
        asked, address = {"lang": "en"} if any(p["name"] == "lang" for p in parameters) else {}, path
        for part, value in named.items():
            if part != "id" or path.startswith("/v1/introductions/"):
                address = address.replace(f"{{{part}}}", value)
        for parameter in parameters:
            example = next(iter(parameter["schema"].get("examples", [])), None)
            needed = parameter.get("required") or (path, parameter["name"]) in ALSO
            if example is not None and needed:
                address = address.replace(f"{{{parameter['name']}}}", str(example))
                asked |= {parameter["name"]: str(example)} if parameter["in"] == "query" else {}
        answer = client.get(address, params=asked)
        if answer.status_code != 200:
            sys.exit(f"get {path}: {answer.status_code} {answer.text}")
        found[f"get {path}"] = answer.json()
    return {operation: shortened(told) for operation, told in sorted(found.items())}


def shortened(value: Any) -> Any:
    """The same with few rows in each list."""
    if isinstance(value, list):
        return [shortened(one) for one in value[:FEW]]
    return {name: shortened(one) for name, one in value.items()} if isinstance(value, dict) else value


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "api.db")
        store.write(read(samples.torino()), "tsi-facts")
        store.write(read(samples.additions()), "tsi-additions")
        app = create_app(store, Settings(views=Path(folder) / "views"))
        with TestClient(app) as client:
            found = recorded(client, app.openapi()["paths"])
        description.EXAMPLES.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
        description.examples.cache_clear()
        text = json.dumps(create_app(store).openapi(), ensure_ascii=False, indent=1)
        (Path(__file__).parents[1] / "openapi.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
