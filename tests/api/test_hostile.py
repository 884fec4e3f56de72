"""Content made to harm, through the API: what it says stays text, and what it asks for is not done."""

from __future__ import annotations

import ast
import re
import socket
import threading
import time
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from tests.api.conftest import filled
from tests.api.test_errors import PATHS, assert_problem
from tests.conftest import ROOT

CYPHER = (
    "`", "\\u0060", "') DETACH DELETE n //", "'}) DETACH DELETE n //", "Org) DETACH DELETE n //", "$(x)",
    "*/ MATCH (n)", "x' OR '1'='1", "L" * 1000,
)  # fmt: skip
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]><x>&d;</x>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "%s">]><x>&e;</x>"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[TestClient]:
    """Over a store that the test may write to."""
    with TestClient(create_app(filled(tmp_path)), raise_server_exceptions=False) as client:
        client.get("/v1/info")
        yield client


def count(client: TestClient) -> tuple[Any, ...]:
    info = client.get("/v1/info").json()
    return info["nodes"], info["edges"], len(info.get("imports", []))


def upload(client: TestClient, name: str, content: bytes) -> Any:
    return client.post("/v1/imports", files={"files": (name, content)}, data={"dataset": "hostile"})


@pytest.mark.parametrize("text", CYPHER)
def test_what_looks_like_cypher_changes_nothing(client: TestClient, text: str) -> None:
    before = count(client)
    place = quote(text, safe="")
    for path in (
        f"/v1/stakeholders/{place}", f"/v1/stakeholders?q={place}", f"/v1/stakeholders?kind={place}",
        f"/v1/ties?kind={place}", f"/v1/recommendations?stakeholder={place}", f"/v1/metrics/{place}",
    ):  # fmt: skip
        assert client.get(path).status_code in (200, 404, 422), path
    body = {"source": text, "target": text, "objective": text}
    assert_problem(client.post("/v1/introductions", json=body))
    assert count(client) == before


def test_names_that_look_like_cypher_formulas_and_scripts_come_back_as_they_are(own: TestClient) -> None:
    names = [*CYPHER[:-1], "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "=HYPERLINK(1)", "@SUM(1)"]
    rows = "".join(f'id{i},"{name.replace(chr(34), chr(34) * 2)}"\n' for i, name in enumerate(names))
    assert upload(own, "organisations.csv", f"id,name\n{rows}".encode()).status_code == 201
    for i, name in enumerate(names):
        found = own.get(f"/v1/stakeholders/id{i}")
        assert found.json()["name"] == name
        page = own.get(f"/it/organizzazioni/id{i}")
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


def test_the_server_fetches_nothing_that_a_file_names(own: TestClient, tmp_path: Path) -> None:
    calls: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.2)
        here = f"http://127.0.0.1:{canary.getsockname()[1]}/x"
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    calls.append(canary.accept())
                except TimeoutError:
                    continue

        listening = threading.Thread(target=listen)
        listening.start()
        book = openpyxl.Workbook()
        sheet: Any = book.active
        sheet.title = "organisations"
        sheet.append(["id", "name", "website"])
        sheet.append(["a", f'=WEBSERVICE("{here}")', here])
        sheet["A2"].hyperlink = here
        file = BytesIO()
        book.save(file)
        with zipfile.ZipFile(file, "a") as packed:
            packed.writestr("xl/externalLinks/externalLink1.xml", OUTSIDE % here.encode())
            packed.writestr("xl/extra.xml", OUTSIDE % b"file:///etc/passwd")
        for name, content in (
            ("book.xlsx", file.getvalue()),
            ("organisations.csv", f"id,name,website,source\nb,{here},{here},{here}\nc,file:///etc/passwd,,\n".encode()),
            ("map.graphml", OUTSIDE % here.encode()),
        ):
            answer = upload(own, name, content)
            assert answer.status_code in (201, 413, 422)
            assert "root:" not in answer.text
        for path in ("/v1/stakeholders/b", "/v1/exports/map.html", "/v1/exports/map.svg", "/it/organizzazioni/b"):
            own.get(path)
        stop.set()
        listening.join()
    assert calls == []


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"]
)
@pytest.mark.parametrize("text", [LAUGHS, OUTSIDE % b"file:///etc/passwd"])
def test_a_workbook_with_entities_costs_nothing_and_tells_nothing(own: TestClient, part: str, text: bytes) -> None:
    book, file = openpyxl.Workbook(), BytesIO()
    book.save(file)
    made = BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, text if name == part else old.read(name))
    begun = time.process_time()
    answer = upload(own, "book.xlsx", made.getvalue())
    assert_problem(answer)
    assert answer.status_code in (413, 422)
    assert "root:" not in answer.text
    assert time.process_time() - begun < 2


def test_a_packed_bomb_is_refused_at_once(own: TestClient) -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b"<workbook/>")
        bomb.writestr("xl/worksheets/sheet1.xml", b"<row/>" * 50_000_000)
    assert len(made.getvalue()) < 2**20
    begun = time.process_time()
    answer = upload(own, "book.xlsx", made.getvalue())
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/refused")
    assert time.process_time() - begun < 2


def test_long_names_and_many_equal_ones_cost_little(own: TestClient) -> None:
    begun = time.process_time()
    answer = upload(own, "organisations.csv", b"id,name\na," + b"x" * 50_000 + b"\n")
    assert answer.status_code == 422
    assert time.process_time() - begun < 3


@pytest.mark.parametrize("path", sorted(p for p in PATHS if "get" in PATHS[p]))
def test_no_parameter_of_the_api_is_an_address_to_fetch(path: str) -> None:
    names = [p["name"] for p in PATHS[path]["get"].get("parameters", [])]
    assert not [name for name in names if re.search(r"url|uri|callback|redirect|webhook", name)]


SOURCES = [*ROOT.glob("api/**/*.py"), *(p for p in ROOT.glob("tsi_graph/**/*.py") if "interop" not in p.parts)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_source_evaluates_unpickles_or_formats_a_query(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        assert called not in ("eval", "exec", "pickle.loads", "pickle.load", "yaml.load", "marshal.loads", "os.system")
        assert not (called.startswith("subprocess.") and any(k.arg == "shell" for k in node.keywords))
        if (
            called.rpartition(".")[2] in ("run", "query", "execute_query", "command")
            and node.args
            and called != "uvicorn.run"
        ):
            assert not isinstance(node.args[0], (ast.JoinedStr, ast.BinOp)), ast.unparse(node)
