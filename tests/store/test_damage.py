"""What a fault or a hand has changed in a store: it is refused, named, and what is left of it is saved."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.store.test_backup import lived_in
from tests.store.test_manifest import harmed, tsi
from tests.store.test_store import ANN, BEN, JOINED, NET
from tsi_graph.batch import Batch
from tsi_graph.errors import DataInvalid, StoreDamaged, StoreUnreachable, TsiError, Unusable
from tsi_graph.graph import graph_of, load_graph
from tsi_graph.model import Network, Node, SameAs, Stakeholder
from tsi_graph.statements import Table
from tsi_graph.store import Store, open_store
from tsi_graph.store.arcade import ArcadeEngine
from tsi_graph.store.backup_reading import read_file
from tsi_graph.store.rescue import RECOVERED

ALTERED = ["{}", "{not json", '{"kind":"Investos","name":"Ann"}', "[]"]


def small(store: Store) -> Store:
    store.write(Batch(nodes=[ANN, BEN, NET], edges=[JOINED]), "first")
    return store


def unread(store: Store) -> Store:
    """The same store as a program finds it that has nothing at hand."""
    store._held = None, None
    if store._snapshot:
        store._snapshot.unlink(missing_ok=True)
    return store


def of_ann(store: Store) -> tuple[str, str]:
    [row] = store.statements().rows.query("node == 'ann' and field == 'row'").to_dict("records")
    return row["id"], row["fact"]


@pytest.mark.parametrize("value", ALTERED)
def test_an_altered_value_is_named_and_refused_for_reading_and_writing(
    store: Store, value: str, tmp_path: Path
) -> None:
    i, fact = of_ann(small(store))
    harmed(unread(store), f"MATCH (s:Statement {{id: '{i}'}}) SET s.value = '{value}'")
    works: list[Callable[[], object]] = [
        store.statements, lambda: load_graph(store), lambda: store.write(Batch(nodes=[NET]), "second"), store.undo,
        lambda: store.backup(tmp_path / "x.jsonl"),
    ]  # fmt: skip
    for work in works:
        with pytest.raises(StoreDamaged, match=re.escape(f"{i} about {fact}")) as fault:
            work()
        assert fault.value.exit_code == 3
    [finding] = [one for one in store.check().findings if one.code == "identity"]
    assert finding.where == (f"{i} ({fact})",)
    left = store.backup(tmp_path / "left.jsonl", damaged=True)
    assert left.missing is not None
    assert left.missing.changed == ((i, fact),)
    assert left.missing.counts == {"statements": (3, 4)}
    assert left["statements"] == len(read_file(tmp_path / "left.jsonl").table.rows) == 3


@pytest.mark.parametrize("value", ALTERED)
def test_an_altered_value_in_a_table_at_hand_is_named_too(store: Store, value: str) -> None:
    table = small(store).statements()
    rows = table.rows.assign(value=[value if n == "ann" and f == "row" else v for n, f, v in zip(
        table.rows["node"], table.rows["field"], table.rows["value"], strict=True)])  # fmt: skip
    with pytest.raises(StoreDamaged, match=r"statement .* about ann\|row"):
        graph_of(Table(rows, table.imports))
    ties = table.rows.assign(value=[value if f != "row" else v for f, v in zip(
        table.rows["field"], table.rows["value"], strict=True)])  # fmt: skip
    if value == "{not json":
        with pytest.raises(StoreDamaged, match="MEMBER_OF"):
            graph_of(Table(ties, table.imports))


def test_a_change_that_a_write_touches_is_refused_though_the_snapshot_is_current(store: Store) -> None:
    i, _ = of_ann(small(store))
    harmed(store, f"MATCH (s:Statement {{id: '{i}'}}) SET s.value = '{{}}'")
    with pytest.raises(StoreDamaged, match=i):
        store.write(Batch(nodes=[ANN.model_copy(update={"city": "Ivrea"})]), "second")


def test_a_snapshot_of_other_contents_with_the_same_last_import_is_not_taken(tmp_path: Path) -> None:
    store = small(open_store(tmp_path / "a.db"))
    assert store._snapshot
    harmed(store, "MATCH (m:Manifest {id: 'data'}) SET m.hash = '1'")
    with pytest.raises(StoreDamaged, match="not those"):
        open_store(tmp_path / "a.db").statements()


def test_the_hash_of_the_table_at_hand_follows_each_import(store: Store) -> None:
    from tsi_graph.store import manifest

    lived_in(store)
    table = store.statements()
    assert manifest.hash_of(table) == manifest.hash_of(Table(table.rows, table.imports))
    assert store._engine.look(manifest.kept)["data"]["hash"] == manifest.hash_of(table)


def test_a_query_is_not_answered_from_a_store_that_lost_nodes(store: Store, tmp_path: Path) -> None:
    harmed(unread(small(store)), "MATCH (n:Node {id: 'ann'}) DETACH DELETE n")
    works: list[Callable[[], object]] = [
        lambda: store.cypher("MATCH (n:Node) RETURN count(n) AS n"), store.statements,
        lambda: store.backup(tmp_path / "x.jsonl"),
    ]  # fmt: skip
    for work in works:
        with pytest.raises(StoreDamaged, match="2 nodes instead of 3"):
            work()
    assert not (store._snapshot and store._snapshot.exists())
    left = store.backup(tmp_path / "x.jsonl", damaged=True)
    assert (left["statements"], bool(left.missing)) == (4, False)


@pytest.mark.parametrize("label", ["Manifest", "Migration"])
def test_a_store_that_lost_its_memory_is_damaged_and_gets_no_new_one(store: Store, label: str, tmp_path: Path) -> None:
    small(store).backup(tmp_path / "good.jsonl")
    harmed(unread(store), f"MATCH (m:{label}) DELETE m")
    if hasattr(store._engine, "_ready"):
        store._engine._ready = False
    for work in (store.statements, lambda: store.write(Batch(nodes=[NET]), "second"), store.undo):
        with pytest.raises(StoreDamaged, match="it has lost"):
            work()
    assert "forgotten" in {one.code for one in store.check().findings}
    store.restore(tmp_path / "good.jsonl", replace=True)
    assert store.check().whole
    store.write(Batch(nodes=[NET.model_copy(update={"city": "Ivrea"})]), "second")
    assert store.check().whole


def bucket(folder: Path, name: str) -> Path:
    [path] = [
        p for p in folder.glob(f"{name}_0.*.bucket") if re.fullmatch(rf"{name}_0\.\d+\.65536\.v0\.bucket", p.name)
    ]
    return path


def large(folder: Path) -> Store:
    store = open_store(folder)
    bodies: list[Node] = [Stakeholder(id=f"b{i}", name=f"Body {i}", website="https://b.example") for i in range(1500)]
    store.write(Batch(nodes=bodies), "first")
    return store


def hurt(path: Path, how: str) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        if how == "half":
            file.truncate(size // 2)
        elif how == "a page":
            file.seek(65536)
            file.write(os.urandom(65536))
        elif how == "zeroed":
            file.write(bytes(size))
        else:
            file.truncate(0)


@pytest.mark.parametrize(("how", "least"), [("half", 500), ("a page", 1000), ("zeroed", 0), ("emptied", 0)])
def test_what_can_be_read_of_statements_is_saved_and_the_rest_is_said(tmp_path: Path, how: str, least: int) -> None:
    unread(large(tmp_path / "tsi.db"))
    hurt(bucket(tmp_path / "tsi.db", "Statement"), how)
    (tmp_path / "old.jsonl").write_text("an earlier backup")
    kept = tsi(tmp_path, "backup", "old.jsonl", "--damaged")
    assert (kept.returncode, (tmp_path / "old.jsonl").read_text()) == (3, "an earlier backup")
    done = tsi(tmp_path, "backup", "left.jsonl", "--damaged", "--lang", "en")
    assert done.returncode == 3
    if not least:
        assert "nothing of it can be read" in done.stderr
        assert not (tmp_path / "left.jsonl").exists()
        return
    content = read_file(tmp_path / "left.jsonl")
    assert least <= len(content.table.rows) < 1500
    assert f"{len(content.table.rows):,} statements instead of 1,500" in done.stdout
    assert "THE STORE IS DAMAGED" in done.stdout
    other = open_store(tmp_path / "b.db")
    other.restore(tmp_path / "left.jsonl")
    assert other.check().whole


@pytest.mark.parametrize("how", ["emptied", "zeroed"])
def test_statements_whose_imports_are_lost_are_saved_with_their_numbers(tmp_path: Path, how: str) -> None:
    unread(small(open_store(tmp_path / "tsi.db")))
    hurt(bucket(tmp_path / "tsi.db", "Import"), how)
    done = tsi(tmp_path, "backup", "left.jsonl", "--damaged", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["statements"], report["missing"]["imports"]) == (3, 4, [1])
    assert [one.dataset for one in read_file(tmp_path / "left.jsonl").table.imports] == [RECOVERED]


@pytest.mark.parametrize("how", ["Statement emptied", "Statement half", "Import emptied", "Node lost", "schema lost"])
def test_a_damaged_folder_ends_with_the_same_exit_code_whatever_is_asked(tmp_path: Path, how: str) -> None:
    what, _, way = how.partition(" ")
    unread(large(tmp_path / "tsi.db"))
    if what == "schema":
        for path in (tmp_path / "tsi.db").glob("schema*.json"):
            path.unlink()
    elif what == "Node":
        [path] = (tmp_path / "tsi.db").glob("Node%7EStakeholder_0.*.bucket")
        path.unlink()
    else:
        hurt(bucket(tmp_path / "tsi.db", what), way)
    env = {k: v for k, v in os.environ.items() if not k.startswith("TSI_")}
    codes = {
        " ".join(command): subprocess.run(
            [sys.executable, "-m", "tsi_graph.cli", *command],
            cwd=tmp_path, capture_output=True, text=True, timeout=120, env=env,
        )
        for command in (["info"], ["store", "check"], ["store", "backup", "x.jsonl"], ["query", "topics"], ["undo"])
    }  # fmt: skip
    assert {name: done.returncode for name, done in codes.items()} == dict.fromkeys(codes, 3)
    assert not any("Traceback" in done.stderr for done in codes.values())
    if what == "schema":
        assert "store restore FILE --replace" in codes["info"].stderr


def test_a_store_without_its_schema_is_put_back(tmp_path: Path) -> None:
    store = small(open_store(tmp_path / "a.db"))
    store.backup(tmp_path / "good.jsonl")
    for path in (tmp_path / "a.db").glob("schema*.json"):
        path.unlink()
    store.restore(tmp_path / "good.jsonl", replace=True)
    assert store.check().whole


def test_a_folder_that_may_not_be_written_is_read_from_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = unread(small(open_store(tmp_path / "a.db")))
    access, opened = os.access, list[Path]()

    def read_only(path: Path, mode: int) -> bool:
        return access(path, mode) and not (mode == os.W_OK and Path(path) == tmp_path / "a.db")

    def told(engine: ArcadeEngine, arcadedb: object, folder: Path, deadline: float) -> object:
        opened.append(folder)
        return open_(engine, arcadedb, folder, deadline)

    open_ = ArcadeEngine._open
    monkeypatch.setattr(ArcadeEngine, "_open", told)
    monkeypatch.setattr(os, "access", read_only)
    assert len(store.statements().rows) == 4
    assert store.check().whole
    assert store.backup(tmp_path / "b.jsonl")["statements"] == 4
    assert store.cypher("MATCH (n:Node) RETURN count(n) AS n")["n"].tolist() == [3]
    assert tmp_path / "a.db" not in opened
    assert not any(folder.exists() for folder in opened)
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Disk", (), {"free": 0}))
    with pytest.raises(StoreUnreachable, match="Copy the folder"):
        store.check()


def test_half_a_character_is_refused_before_anything_is_asked() -> None:
    store = Store(None)  # type: ignore[arg-type]
    with pytest.raises(Unusable, match=r"half a character \(U\+D800\)"):
        store.cypher("RETURN '\ud800' AS x")
    with pytest.raises(Unusable, match=r"\$a holds half"):
        store.cypher("RETURN $a AS x", a="\udfff")


@pytest.mark.parametrize("text", ["RETURN 1/0 AS x", "UNWIND [0] AS n RETURN 1 % n AS x"])
def test_a_query_that_fails_while_it_runs_is_not_called_misunderstood(store: Store, text: str) -> None:
    small(store)
    with pytest.raises(Unusable, match=r"^The query failed while running: .*zero"):
        store.cypher(text)
    with pytest.raises(Unusable, match="does not understand"):
        store.cypher("MATCH (n RETURN n")


def test_python_is_told_how_python_gives_a_password() -> None:
    with pytest.raises(Unusable, match="give `open_store` user= and password="):
        open_store("bolt://ann:secret@host")


def test_a_correction_that_cannot_be_says_so_in_its_own_words(store: Store) -> None:
    store.write(Batch(nodes=[ANN, Network(id="net", name="Net")]), "first")
    with pytest.raises(DataInvalid, match=r"^Nothing was corrected: .* are not the same\.$") as fault:
        store.correct((), Batch(edges=[SameAs(source="ann", target="net")]))
    assert all(str(one).startswith("correction, ") for one in fault.value.problems)


def test_numbers_are_told_as_the_language_writes_them(tmp_path: Path) -> None:
    large(tmp_path / "tsi.db")
    for lang, words in (("it", "1.500 affermazioni"), ("en", "1,500 statements")):
        assert words in tsi(tmp_path, "check", "--lang", lang).stdout
        assert words in tsi(tmp_path, "backup", f"{lang}.jsonl", "--lang", lang).stdout


def test_nothing_of_the_engines_own_is_said(tmp_path: Path) -> None:
    unread(large(tmp_path / "a.db"))
    hurt(bucket(tmp_path / "a.db", "Statement"), "a page")
    with pytest.raises(TsiError) as fault:
        open_store(tmp_path / "a.db").statements()
    assert "com.arcadedb" not in str(fault.value)
