"""`tsi query`: what it prints, what it refuses, and the questions that are ready."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.test_store import ANN, BEN, JOINED, NET
from tsi_graph.batch import Batch
from tsi_graph.cli_query import questions, text_of
from tsi_graph.errors import NotFound
from tsi_graph.store import Store, open_store
from tsi_graph.store.adhoc import checked, parameters_of

Run = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small store, as the command line finds it."""
    path = tmp_path_factory.mktemp("query")
    with open_store(path / "tsi.db") as store:
        store.write(Batch(nodes=[ANN, BEN, NET], edges=[JOINED]), "first")
    return path


def tsi(folder: Path, *arguments: str, text: str = "") -> Run:
    command = [sys.executable, "-m", "tsi_graph.cli", "query", *arguments]
    env = {k: v for k, v in os.environ.items() if not k.startswith("TSI_")}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, env=env, input=text)


def test_a_ready_question_is_asked_by_its_name(folder: Path) -> None:
    done = tsi(folder, "members_of_network", "id=net")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1].split() == ["ann", "Ann", "foundation", "2017", "page", "m"]


def test_a_file_and_standard_input_are_asked_alike(folder: Path) -> None:
    text = "// Each node.\nMATCH (n:Node) WHERE n.id IN $ids RETURN n.id AS id ORDER BY id"
    (folder / "mine.cypher").write_text(text, encoding="utf-8")
    for done in (tsi(folder, "mine.cypher", 'ids=["ann", "net"]', "--json"), tsi(folder, "-", 'ids=["ann", "net"]', "--json", text=text)):  # fmt: skip  # noqa: E501
        assert done.returncode == 0
        assert json.loads(done.stdout) == {"rows": [{"id": "ann"}, {"id": "net"}], "truncated": False}


def test_a_value_is_text_unless_it_is_a_number_a_list_or_the_like(folder: Path) -> None:
    text = "RETURN $a AS a, $b AS b, $c AS c, $d AS d"
    done = tsi(folder, "-", "a=7", 'b="7"', "c=007", "d=true", "--json", text=text)
    assert json.loads(done.stdout)["rows"] == [{"a": 7, "b": "7", "c": "007", "d": True}]


def test_what_is_cut_is_said(folder: Path) -> None:
    text = "MATCH (n:Node) RETURN n.id AS id ORDER BY id"
    done = tsi(folder, "-", "--limit", "2", text=text)
    assert done.stdout.splitlines()[1:3] == ["ann", "ben"]
    assert "The first 2 rows; there are more" in done.stdout
    assert json.loads(tsi(folder, "-", "--limit", "2", "--json", text=text).stdout)["truncated"] is True
    assert tsi(folder, "-", text="MATCH (n:Nobody) RETURN n").stdout == "no rows\n"


def test_what_writes_is_refused_with_code_5(folder: Path) -> None:
    done = tsi(folder, "-", "--json", text="MATCH (n) DETACH DELETE n")
    assert (done.returncode, json.loads(done.stdout)["error"]) == (5, "refused")
    endless = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a < 0 RETURN count(*) AS n"
    done = tsi(folder, "-", "--json", "--seconds", "0.5", text=endless)
    assert (done.returncode, json.loads(done.stdout)["error"]) == (5, "query-timeout")


def test_a_mistake_in_asking_is_said_with_code_2(folder: Path) -> None:
    assert "Ready: between_sectors, cities, " in tsi(folder, "nothing_of_the_kind").stderr
    for arguments in (["nothing_of_the_kind"], ["members_of_network"], ["members_of_network", "net"]):
        done = tsi(folder, *arguments)
        assert (done.returncode, done.stdout) == (2, "")


def test_without_a_name_the_questions_are_listed(folder: Path) -> None:
    listed = json.loads(tsi(folder, "--json").stdout)
    assert listed == questions()
    assert {"cities", "members_of_network"} <= set(listed)


@pytest.mark.parametrize("name", questions())
def test_a_ready_question_says_what_a_row_is_and_reads_alone(name: str, store: Store) -> None:
    text = text_of(name)
    assert text.startswith("// ")
    assert text.partition("\n")[0].endswith((".", ":"))
    store.write(Batch(nodes=[ANN, BEN, NET], edges=[JOINED]), "first")
    values = dict.fromkeys(parameters_of(checked(text)) - {"limit"}, "net")
    if set(values) <= {"id"}:  # others say in their own tests what they are asked with
        store.cypher(text, **values)


def test_a_name_cannot_lead_elsewhere() -> None:
    with pytest.raises(NotFound):
        text_of("../read/nodes")
