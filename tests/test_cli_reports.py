"""`tsi report` and `tsi export --picture` write the files that the library makes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tsi_graph import samples
from tsi_graph.batch import Batch
from tsi_graph.cli import app
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.importers import read
from tsi_graph.model import Stakeholder
from tsi_graph.store import open_store


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    store = open_store(folder / "c.db")
    store.write(read(samples.torino()), "tsi-facts")
    store.close()
    return folder / "c.db"


def run(*words: str) -> str:
    answer = CliRunner().invoke(app, [*words], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_a_report_goes_where_it_is_told(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = ("--store", str(filled))
    told = json.loads(run("report", "organisation", "socialfare", "--lang", "it", "--json", *store))
    assert told == {"path": "socialfare-it.docx", "bytes": (tmp_path / "socialfare-it.docx").stat().st_size}
    run("report", "observatory", "--format", "html", "--as-of", "2021", "--compare", "2019", "--out", "r.html", *store)
    assert "2021" in (tmp_path / "r.html").read_text()
    with pytest.raises(NotFound, match="nobody"):
        run("report", "organisation", "nobody", *store)


def test_an_id_is_no_path_for_a_file_without_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = ("../../etc", "x/y", "=1+1")
    store = open_store(tmp_path / "h.db")
    store.write(Batch([Stakeholder(id=one, name="Ann Ltd") for one in ids], []), "tests")
    store.close()
    here = tmp_path / "a" / "b"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    for one in ids:
        run("report", "organisation", one, "--format", "html", "--lang", "en", "--store", str(tmp_path / "h.db"))
    assert sorted(path.name for path in here.iterdir()) == ["1-1-en.html", "etc-en.html", "x-y-en.html"]
    assert [*tmp_path.glob("*.html"), *here.parent.glob("*.html")] == []


def test_a_format_and_a_name_that_says_another_are_refused(filled: Path) -> None:
    with pytest.raises(Unusable, match=r"--format pdf: the name 'x\.docx' says something else"):
        run("report", "observatory", "--out", "x.docx", "--format", "pdf", "--store", str(filled))


def test_a_picture_goes_where_it_is_told(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = ("--store", str(filled))
    run("export", str(tmp_path / "s.svg"), "--picture", "sectors", "--lang", "en", *store)
    assert "Who works with whom" in (tmp_path / "s.svg").read_text()
    run("export", str(tmp_path / "r.png"), "--picture", "routes", "--of", "socialfare", *store)
    assert (tmp_path / "r.png").read_bytes().startswith(b"\x89PNG")
    views = tmp_path / "views"
    monkeypatch.setenv("TSI_VIEWS", str(views))
    run("view", "save", "banks", "--sector", "bank", "--lang", "en")
    for named in ("banks", str(views / "banks.json")):
        run("export", str(tmp_path / "v.svg"), "--picture", "brokerage", "--view", named, *store)
        assert "only bank" in (tmp_path / "v.svg").read_text()
    monkeypatch.chdir(tmp_path)
    told = json.loads(run("report", "observatory", "--format", "html", "--view", "banks", "--json", *store))
    assert told["path"] == "observatory-en.html"
    assert "only bank" in (tmp_path / "observatory-en.html").read_text()
    for command in (("report", "observatory"), ("export", "m.svg"), ("export", "m.svg", "--picture", "sectors")):
        with pytest.raises(Unusable, match=r"--as-of: the view 'banks' says that"):
            run(*command, "--view", "banks", "--as-of", "2020", *store)
    with pytest.raises(Unusable, match="--everything"):
        run("export", str(tmp_path / "x.svg"), "--picture", "sectors", "--everything", *store)
    with pytest.raises(Unusable, match="--of"):
        run("export", str(tmp_path / "x.svg"), "--of", "socialfare", *store)
