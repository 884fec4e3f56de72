"""The API over the starter data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from tsi_graph import samples
from tsi_graph.importers import read
from tsi_graph.store import Store, open_store


def filled(folder: Path) -> Store:
    store = open_store(folder / "api.db")
    store.write(read(samples.torino()), "tsi-facts")
    store.write(read(samples.additions()), "tsi-additions")
    return store


@pytest.fixture(scope="session")
def at(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where a store is that nobody writes to."""
    folder = tmp_path_factory.mktemp("api")
    filled(folder).close()
    return str(folder / "api.db")


@pytest.fixture(scope="session")
def client(at: str) -> Iterator[TestClient]:
    """Over that store."""
    with TestClient(create_app(open_store(at)), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def own(tmp_path: Path) -> Iterator[TestClient]:
    """Over a store of the test's own, empty but for one organisation."""
    store = open_store(tmp_path / "own.db")
    with TestClient(create_app(store), raise_server_exceptions=False) as client:
        files = {"files": ("organisations.csv", b"id,name\nann,Ann\n", "text/csv")}
        assert client.post("/v1/imports", files=files, data={"dataset": "first"}).status_code == 201
        yield client
