"""A store of any earlier version becomes one of this version, once, and loses nothing on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner

from tests.store.test_store import ANN, BEN, JOINED, NET
from tsi_graph.batch import Batch
from tsi_graph.cli import app
from tsi_graph.errors import Conflict, StoreUnreachable
from tsi_graph.model import PartnerOf
from tsi_graph.store import Store, migrations, open_store
from tsi_graph.store.base import Transaction
from tsi_graph.store.migrations import Migration

NOW = migrations.known()
LAST = NOW[-1].version


def versions(store: Store) -> list[int]:
    return [int(version) for version in store.read("migrations").get("version", [])]


def of_version(patch: pytest.MonkeyPatch, *known: Migration) -> None:
    patch.setattr(migrations, "known", lambda: known)


def forget(tx: Transaction) -> None:
    tx.run("MATCH (m:Migration) DELETE m", {})
    tx.run("MATCH (m:Manifest) DELETE m", {})


def contents(store: Store) -> list[object]:
    tables = (store.read(name, limit=10**6) for name in ("nodes", "edges", "statements", "imports"))
    return [table.astype(str).to_dict("records") for table in tables]


def test_files_are_numbered_without_holes_and_hold_one_sort() -> None:
    assert [one.version for one in NOW] == list(range(len(NOW)))
    assert all(one.statements and (one.of_schema or one.version) for one in NOW)


def test_a_new_store_has_all_of_them(store: Store) -> None:
    store.write(Batch(nodes=[ANN]), "first")
    assert versions(store) == list(range(1, LAST + 1))
    assert store.migrate() == store.migrate(dry_run=True) == []


@pytest.mark.parametrize("version", range(LAST + 1))
def test_a_store_of_each_earlier_version_is_brought_to_this_one(
    store: Store, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Version 0 is of before there were migrations: it has a schema and remembers none."""
    of_version(monkeypatch, *NOW[: version + 1] if version else NOW[:2])
    store.write(Batch(nodes=[ANN, BEN, NET], edges=[JOINED]), "first")
    if not version:
        store.transact(forget)
    before = contents(store)
    assert versions(store) == list(range(1, version + 1))
    monkeypatch.undo()
    lacking = [one.version for one in store.migrate(dry_run=True)]
    assert lacking == list(range(version + 1, LAST + 1))
    assert versions(store) == list(range(1, version + 1))
    assert [one.version for one in again(store).migrate()] == lacking
    assert (versions(store), contents(store)) == (list(range(1, LAST + 1)), before)
    assert again(store).migrate() == []
    again(store).write(Batch(edges=[PartnerOf(source="ann", target="ben")]), "second")
    assert len(store.read("edges")) == 2


def again(store: Store) -> Store:
    """The same store as another program opens it, which looks at the schema anew."""
    engine = store._engine
    if hasattr(engine, "_ready"):
        engine._ready = False
    return Store(engine, store._snapshot)


def test_writing_brings_it_too(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    of_version(monkeypatch, *NOW[:2])
    store.write(Batch(nodes=[ANN]), "first")
    monkeypatch.undo()
    again(store).write(Batch(nodes=[BEN]), "second")
    assert versions(store) == list(range(1, LAST + 1))


def test_a_migration_of_data_is_applied_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.write(Batch(nodes=[ANN]), "first")
    count = "MATCH (n:Node) SET n.notes = coalesce(n.notes, '') + 'x'"
    of_version(monkeypatch, *NOW, Migration(LAST + 1, "count", (count,)))
    for _ in range(2):
        again(store).migrate()
    assert store.cypher("MATCH (n:Node) RETURN n.notes AS notes")["notes"].tolist() == ["x"]


def test_one_that_fails_leaves_nothing_and_is_tried_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.write(Batch(nodes=[ANN]), "first")
    good = "MATCH (n:Node) SET n.notes = coalesce(n.notes, '') + 'x'"
    of_version(monkeypatch, *NOW, Migration(LAST + 1, "half", (good, "MATCH (n:Node) SET n.notes = nothing_like(n)")))
    with pytest.raises(StoreUnreachable):
        again(store).migrate()
    assert LAST + 1 not in versions(store)
    assert store.cypher("MATCH (n:Node) RETURN n.notes AS notes")["notes"].isna().all()
    of_version(monkeypatch, *NOW, Migration(LAST + 1, "half", (good,)))
    assert [one.version for one in again(store).migrate()] == [LAST + 1]


def test_an_applied_file_that_was_edited_is_named(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.write(Batch(nodes=[ANN]), "first")
    edited = Migration(
        NOW[1].version, NOW[1].name, (*NOW[1].statements, "CREATE INDEX x IF NOT EXISTS FOR (n:X) ON (n.x)")
    )
    of_version(monkeypatch, NOW[0], edited, *NOW[2:])
    says = rf"V0001__{edited.name}\.cypher was edited .*then {NOW[1].checksum}, now {edited.checksum}"
    for work in (again(store).migrate, lambda: again(store).write(Batch(nodes=[BEN]), "second")):
        with pytest.raises(Conflict, match=says):
            work()
    assert len(store.read("nodes")) == 1


def test_a_store_of_a_newer_program_is_not_written(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.write(Batch(nodes=[ANN]), "first")
    of_version(monkeypatch, *NOW[:-1])
    with pytest.raises(Conflict, match=rf"newer program: it has migration {LAST} .* knows {LAST - 1}"):
        again(store).write(Batch(nodes=[BEN]), "second")
    assert store.read("nodes")["id"].tolist() == ["ann"]


def test_of_two_programs_at_once_one_applies(fresh: Callable[[], Store], monkeypatch: pytest.MonkeyPatch) -> None:
    store = fresh()
    of_version(monkeypatch, *NOW[:2])
    store.write(Batch(nodes=[ANN]), "first")
    of_version(
        monkeypatch, *NOW, Migration(LAST + 1, "count", ("MATCH (n:Node) SET n.notes = coalesce(n.notes, '') + 'x'",))
    )
    faults: list[BaseException] = []

    def work(mine: Store) -> None:
        try:
            mine._engine.transact(lambda tx: None)
        except BaseException as fault:
            faults.append(fault)

    again(store)
    threads = [Thread(target=work, args=(Store(store._engine),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert store.cypher("MATCH (n:Node) RETURN n.notes AS notes")["notes"].tolist() == ["x"]


def test_a_comment_may_be_mended_and_a_name_is_checked(tmp_path: Path) -> None:
    for folder, comment in (("a", "// One.\n"), ("b", "// One, said better.\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "V0001__one.cypher").write_text(
            f"{comment}CREATE INDEX x IF NOT EXISTS FOR (n:X) ON (n.x);\n"
        )
    one, other = (migrations.known.__wrapped__(tmp_path / folder) for folder in "ab")
    assert one[0].checksum == other[0].checksum
    (tmp_path / "a" / "V1_two.cypher").write_text("RETURN 1;")
    with pytest.raises(ValueError, match="V0001__name"):
        migrations.known.__wrapped__(tmp_path / "a")


def test_the_command_says_what_it_would_do_does_it_and_then_has_nothing_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_version(monkeypatch, *NOW[:2])
    open_store(tmp_path / "s.db").write(Batch(nodes=[ANN]), "first")
    monkeypatch.undo()
    names = [one.name for one in NOW[2:]]

    def tsi(*arguments: str) -> str:
        done = CliRunner().invoke(app, ["store", "migrate", "--store", str(tmp_path / "s.db"), *arguments])
        assert done.exit_code == 0
        return done.stdout

    for applied in (False, True):
        said = json.loads(tsi("--json", *([] if applied else ["--dry-run"])))
        assert (said["applied"], [one["name"] for one in said["migrations"]]) == (applied, names)
    assert tsi("--lang", "en") == "The store is of this version; there is nothing to do.\n"
    assert tsi("--lang", "it") == "Il magazzino è di questa versione; non c'è niente da fare.\n"


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable, match="There is no store"):
        open_store(tmp_path / "s.db").migrate()
    assert list(tmp_path.iterdir()) == []
