"""`tsi key`: made, shown once, listed without what is secret, ended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tsi_graph.cli import app
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.keys import Keys


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TSI_KEYS", str(tmp_path / "keys.json"))
    return tmp_path / "keys.json"


def run(*words: str) -> str:
    found = CliRunner().invoke(app, ["key", *words], catch_exceptions=False)
    assert found.exit_code == 0
    return found.stdout


def test_a_key_is_shown_once_and_ended(file: Path) -> None:
    text = run("create", "Rete Ann", "--sees", "members", "--expires", "30")
    token = text.split()[0]
    assert "for Rete Ann: read, sees what is for members until 20" in text
    key = Keys(file).check(token)
    assert key is not None
    listed = run("list") + run("list", "--json")
    assert token not in listed
    assert key.hash not in listed
    assert f"{key.id}  Rete Ann  read   members" in listed
    assert "lets nobody in" in run("revoke", key.id)
    assert Keys(file).check(token) is None
    assert json.loads(run("list", "--json"))[0]["revoked"]


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(NotFound):
        CliRunner().invoke(app, ["key", "revoke", "nobody"], catch_exceptions=False)
    with pytest.raises(Unusable, match="of the team"):
        CliRunner().invoke(
            app, ["key", "create", "a", "--scope", "propose", "--sees", "public"], catch_exceptions=False
        )
    assert CliRunner().invoke(app, ["key", "create", "a", "--scope", "root"]).exit_code == 2
