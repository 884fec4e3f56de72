"""The notebooks run from empty on the shipped data, and are kept without outputs beside their text twin."""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import jupytext
import nbclient
import nbformat
import pytest

from tests.conftest import ROOT, wipe

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
YOURS = ROOT / "notebooks" / "06_your_data.ipynb"
quiet = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)


def executed(path: Path, folder: Path) -> Any:
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(folder)}}).execute()
    return notebook


@cache
def run(path: Path, folder: Path) -> Any:
    """Once, as on a machine without a Neo4j server."""
    (folder / path.stem).mkdir()
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("TSI_TEST_NEO4J", raising=False)
        return executed(path, folder / path.stem)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notebooks")


def shown(cell: Any) -> str:
    """What a person sees below a cell, as text."""
    return "\n".join(out.get("text") or "\n".join(map(str, out["data"].values())) for out in cell.outputs)


@quiet
@each
def test_a_notebook_runs_and_shows_answers(path: Path, folder: Path) -> None:
    code = [cell for cell in run(path, folder).cells if cell.cell_type == "code"]
    assert [cell.source for cell in code[2:] if not cell.outputs] == []
    assert not [out for cell in code for out in cell.outputs if out.get("name") == "stderr"]


@quiet
@each
def test_what_an_answer_says_in_bold_stands_in_the_output_above_it(path: Path, folder: Path) -> None:
    said = 0
    cells = run(path, folder).cells
    for before, cell in pairwise(cells):
        if before.cell_type == "code" and cell.cell_type == "markdown":
            bold = re.findall(r"\*\*(.+?)\*\*", cell.source)
            said += len(bold)
            assert [word for word in bold if word not in shown(before)] == [], cell.source
    assert said >= 8


@each
def test_a_notebook_asks_in_words_and_answers_in_words(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    titles = [line for cell in cells if cell.cell_type == "markdown" for line in re.findall("(?m)^#+ .*", cell.source)]
    assert [title for title in titles if " · " not in title] == []
    assert titles[0].startswith("# ")
    assert all(title.startswith("## ") and title.count("?") == 2 for title in titles[1:])


@each
def test_a_notebook_uses_public_names_and_holds_no_logic(path: Path) -> None:
    tree = ast.parse(jupytext.writes(nbformat.read(path, as_version=4), fmt="py:percent"))
    for node in ast.walk(tree):
        assert not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.While, ast.Try))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("tsi_graph"):
            public = vars(import_module(str(node.module))).get("__all__")
            names = [name.name for name in node.names]
            assert public is None or set(names) <= set(public), names
            assert not [name for name in names if name.startswith("_")]


@each
def test_a_notebook_is_kept_without_outputs_and_equals_its_text(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)
    text = jupytext.read(path.with_suffix(".py"))
    assert [(c.cell_type, c.source) for c in text.cells] == [(c.cell_type, c.source) for c in notebook.cells]


@quiet
@pytest.mark.neo4j
def test_the_part_about_neo4j_runs_where_there_is_a_server(
    tmp_path: Path, neo4j_server: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, password = neo4j_server
    wipe(url, password)
    monkeypatch.setenv("TSI_TEST_NEO4J", url)
    monkeypatch.setenv("TSI_TEST_NEO4J_PASSWORD", password)
    text = "\n".join(shown(cell) for cell in executed(YOURS, tmp_path).cells if cell.cell_type == "code")
    assert "['aurora', 'barriera', 'comune']" in text
    assert "Skipped" not in text


def test_there_are_six_notebooks() -> None:
    assert [path.stem[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05", "06"]
