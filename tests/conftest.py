"""What the tests share: the data beside the repository, both engines, and what a laptop may skip."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tsi_graph import samples
from tsi_graph.graph import Graph, graph_of
from tsi_graph.importers import read
from tsi_graph.statements import Import, Table, row_of, said_all
from tsi_graph.store import Store, open_store
from tsi_graph.store.projection import table_of

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
NEO4J = ROOT / "tests" / "neo4j"
JARS = ROOT / ".cache" / "neo4j"


def missing(reason: str) -> None:
    """Skip on a laptop; fail where everything is required."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"required in CI: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real data beside the repository, which it does not ship."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared/data with the data sets for tests is not here")
    return SHARED


def facts_table() -> Table:
    """The starter data and its additions, one import after the other, without a store."""
    rows: dict[str, dict[str, Any]] = {}
    for number, folder in enumerate((samples.torino(), samples.additions()), 1):
        for statement, _ in said_all(read(folder))[0]:
            rows.setdefault(statement.id, {**row_of(statement), "changes": []})["changes"].append(number)
    now = datetime.now(UTC)
    return table_of(list(rows.values()), [Import(1, now, "tsi-facts"), Import(2, now, "tsi-additions")])


@pytest.fixture(scope="session")
def torino() -> Graph:
    """The default view of them."""
    return graph_of(facts_table())


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser that pages are looked at with."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        missing("no Chromium on this machine")
    return str(found)


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address and password of a Neo4j server: the one named by the environment, or one started here."""
    if url := os.environ.get("TSI_TEST_NEO4J"):
        if "PYTEST_XDIST_WORKER" in os.environ:
            pytest.fail("TSI_TEST_NEO4J names one server, which is wiped between tests: run with -n 0")
        yield url, os.environ.get("TSI_TEST_NEO4J_PASSWORD", "")
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder, log = tmp_path_factory.mktemp("neo4j"), tmp_path_factory.mktemp("neo4j-log") / "log.txt"
    with neo4j_at(folder, port, log):
        url, password = f"bolt://127.0.0.1:{port}", secrets.token_urlsafe(16)
        set_password(url, password)
        yield url, password


@contextmanager
def neo4j_at(folder: Path, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Neo4j server that keeps its data in the folder, from the moment when it is ready."""
    if not shutil.which("java"):
        missing("no Java on this machine, and TSI_TEST_NEO4J names no server")
    if not any(JARS.glob("neo4j-5.26*.jar")):
        missing("the Neo4j server is not in .cache/neo4j: `make neo4j` (with Maven) puts it there")
    with log.open("w") as out:
        command = ["java", "-Xmx1g", "-cp", f"{JARS}/*", str(NEO4J / "Server.java"), str(folder), str(port)]
        server = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 120
        while "ready" not in log.read_text() and server.poll() is None and time.monotonic() < deadline:
            time.sleep(0.2)
        if "ready" not in log.read_text():
            missing(f"Neo4j did not start: {log.read_text()[-500:]}")
        yield server
    finally:
        if server.poll() is None:
            server.terminate()
        server.wait(60)


def set_password(url: str, password: str) -> None:
    from neo4j import GraphDatabase

    with (
        GraphDatabase.driver(url, auth=("neo4j", "neo4j")) as driver,
        driver.session(database="system") as session,
    ):
        session.run("ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $p", p=password).consume()


@pytest.fixture(params=["arcade", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """A function that gives an empty store, on each engine in turn."""
    opened: list[Store] = []

    def arcade() -> Store:
        opened.append(open_store(tmp_path / f"{len(opened)}.db"))
        return opened[-1]

    def neo4j() -> Store:
        url, password = request.getfixturevalue("neo4j_server")
        wipe(url, password)
        opened.append(open_store(url, password=password))
        return opened[-1]

    yield {"arcade": arcade, "neo4j": neo4j}[request.param]
    for one in opened:
        one.close()


def wipe(url: str, password: str) -> None:
    from neo4j import GraphDatabase

    with GraphDatabase.driver(url, auth=("neo4j", password)) as driver, driver.session() as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS").consume()


@pytest.fixture
def store(fresh: Callable[[], Store]) -> Store:
    """An empty store."""
    return fresh()
