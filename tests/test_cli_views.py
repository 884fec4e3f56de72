"""Saved views on the command line: saved, listed, shown, drawn; everybody stays in place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.test_cli import answered, tsi
from tsi_graph import samples


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("views")
    assert tsi(path, "import", str(samples.torino())).returncode == 0
    return path


def test_a_view_is_saved_listed_shown_and_drawn_with_its_places(folder: Path) -> None:
    saved = answered(tsi(folder, "view", "save", "money", "--like", "who-funds-what", "--relation", "FUNDS", "--json"))
    assert (saved["name"], saved["relations"], saved["places"]) == ("money", ["FUNDS"], 0)
    listed = answered(tsi(folder, "view", "list", "--lang", "en", "--json"))
    assert [one["name"] for one in listed][-2:] == ["who-funds-what", "money"]
    assert answered(tsi(folder, "export", "a.html", "--view", "money", "--json"))["bytes"] > 400_000
    assert answered(tsi(folder, "view", "show", "money", "--json"))["places"] > 20
    tsi(folder, "export", "b.html", "--view", "money")
    assert (folder / "a.html").read_bytes() == (folder / "b.html").read_bytes()
    told = tsi(folder, "view", "show", "money", "--lang", "it").stdout
    assert "solo legami: finanzia" in told


def test_the_usual_map_keeps_its_places_beside_the_store(folder: Path) -> None:
    for name in ("one.html", "two.html"):
        assert tsi(folder, "export", name).returncode == 0
    assert (folder / "one.html").read_bytes() == (folder / "two.html").read_bytes()
    assert "team/organisations" in json.loads((folder / "tsi.db.places").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        (("view", "show", "none"), 1, "No view 'none'. Known: board-report"),
        (("view", "save", "x", "--size", "beauty"), 1, "no metric 'beauty'"),
        (("view", "save", "../x"), 1, "name"),
        (("export", "m.docx"), 1, "No format for 'm.docx'"),
    ],
)
def test_what_cannot_be_is_said(folder: Path, command: tuple[str, ...], code: int, words: str) -> None:
    run = tsi(folder, *command)
    assert run.returncode >= code
    assert words in run.stderr
