"""A damaged store says so: what it should hold is kept with every commit and compared."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.store.test_backup import lived_in, saved
from tests.store.test_store import ANN, BEN, JOINED, NET, shown
from tsi_graph.batch import Batch
from tsi_graph.errors import Conflict, StoreDamaged, TsiError
from tsi_graph.recommend.ledger.writing import Proposal, propose
from tsi_graph.store import Store, manifest, open_store
from tsi_graph.store.base import Transaction, write

DAMAGE = {
    "count": "MATCH (s:Statement {node: 'ann', field: 'row'}) DETACH DELETE s",
    "hash": "MATCH (s:Statement {node: 'ben'}) SET s.changes = [1]",
    "identity": "MATCH (s:Statement {node: 'ann'}) SET s.origin = 'elsewhere'",
    "derived": "MATCH (s:Statement {node: 'ben'}) SET s.from_min = 20990101",
    "numbers": "MATCH (i:Import {number: 3}) DELETE i",
    "origin_import": "MATCH (i:Import {number: 2}) DELETE i",
    "nodes_missing": "MATCH (n:Node {id: 'play'}) DETACH DELETE n",
    "nodes_extra": "CREATE (n:Node:Stakeholder {id: 'mallory', kind: 'Stakeholder'})",
    "nodes_differ": "MATCH (n:Node {id: 'ben'}) SET n.website = 'http://evil'",
    "ties_missing": "MATCH (:Node)-[r:MEMBER_OF]->(:Node) DELETE r",
    "ties_extra": "MATCH (a:Node {id: 'ben'}) MATCH (b:Node {id: 'net'}) CREATE (a)-[:SUPPORTS {fact: 'made up'}]->(b)",
    "ties_differ": "MATCH (:Node)-[r:MEMBER_OF]->(:Node) SET r.weight = 9.0",
    "dangling": "MATCH (a:Node {id: 'ann'}) CREATE (a)-[:SUPPORTS {fact: 'loose'}]->(:Elsewhere {id: 'q'})",
    "ledger_hash": "MATCH (e:IntroductionEvent {number: 1}) SET e.day = '2020-01-01'",
    "events_alone": "MATCH (:Introduction)-[r:HAS_EVENT]->(:IntroductionEvent) DELETE r",
    "introductions_alone": "MATCH (e:IntroductionEvent) DETACH DELETE e",
}


def harmed(store: Store, text: str) -> Store:
    """The store after somebody, or a fault, changed it past us; with nothing held in memory."""
    store._engine.transact(lambda tx: tx.run(text, {}))
    store._held = None, None
    return store


@pytest.mark.parametrize("code", DAMAGE)
def test_each_sort_of_damage_is_found_and_told_in_both_languages(store: Store, code: str) -> None:
    found = harmed(lived_in(store), DAMAGE[code]).check()
    assert code in {finding.code for finding in found.findings}
    for finding in found.findings:
        assert len({finding.sentence("it"), finding.sentence("en")}) == 2
        assert "{" not in finding.sentence("it") + finding.sentence("en")


def test_a_whole_store_is_whole_after_everything(store: Store) -> None:
    lived_in(store)
    found = store.check()
    assert (found.findings, found.kept, found.under_way) == ((), True, 0)
    assert found.counts == {"imports": 13, "statements": 15, "introductions": 2, "events": 5, "marks": 1}
    assert store._engine.look(manifest.kept)["data"]["hash"] == found.hash


def test_lost_rows_stop_reading_and_writing(store: Store) -> None:
    lived_in(store)
    if store._snapshot:
        store._snapshot.unlink()
    harmed(store, DAMAGE["count"])
    with pytest.raises(StoreDamaged, match="statements instead of"):
        store.statements()
    with pytest.raises(StoreDamaged):
        store.write(Batch(nodes=[NET]), "third")
    with pytest.raises(StoreDamaged):
        store.undo()


def test_lost_rows_are_noticed_though_the_snapshot_is_current(store: Store) -> None:
    harmed(lived_in(store), DAMAGE["count"])
    with pytest.raises(StoreDamaged):
        store.statements()


def test_a_changed_list_of_changes_stops_reading(store: Store) -> None:
    lived_in(store)
    if store._snapshot:
        store._snapshot.unlink()
    harmed(store, DAMAGE["hash"])
    with pytest.raises(StoreDamaged, match="not those"):
        store.statements()


def test_lost_events_stop_the_ledger(store: Store) -> None:
    harmed(lived_in(store), DAMAGE["introductions_alone"])
    with pytest.raises(StoreDamaged, match="events instead of"):
        propose(store, Proposal("ann", "play"))


def test_a_damaged_store_is_not_saved_as_if_it_were_whole(store: Store, tmp_path: Path) -> None:
    lived_in(store)
    whole = saved(store, tmp_path / "whole.jsonl")
    harmed(store, DAMAGE["count"])
    for code in ("count", "identity", "ledger_hash"):
        harmed(store, DAMAGE[code])
        with pytest.raises(StoreDamaged):
            store.backup(tmp_path / "x.jsonl")
        assert not (tmp_path / "x.jsonl").exists()
    with pytest.raises(StoreDamaged, match="there already"):
        store.backup(tmp_path / "whole.jsonl", damaged=True)
    left = store.backup(tmp_path / "left.jsonl", damaged=True)
    assert left["statements"] == (15 if store._snapshot else 10)
    store.restore(tmp_path / "left.jsonl", replace=True)
    # Without the snapshot all that was said of ann is lost, but for that dee is the same.
    assert [one.code for one in store.check().findings] == ([] if store._snapshot else ["undescribed"])
    store.restore(tmp_path / "whole.jsonl", replace=True)
    assert saved(store, tmp_path / "again.jsonl") == whole


def test_a_store_of_an_earlier_version_gets_its_manifest_with_the_next_import(store: Store) -> None:
    lived_in(store)
    harmed(store, "MATCH (m:Manifest) DELETE m")
    harmed(store, "MATCH (m:Migration) WHERE m.version > 3 DELETE m")
    if hasattr(store._engine, "_ready"):
        store._engine._ready = False
    assert not store.check().kept
    store.write(Batch(nodes=[BEN]), "third")
    propose(store, Proposal("ann", "play"))
    found = store.check()
    assert (found.kept, found.findings) == (True, ())
    assert store._engine.look(manifest.kept)["data"]["hash"] == found.hash


def test_a_file_of_the_store_with_zeros_in_it_is_never_read_as_less(tmp_path: Path) -> None:
    store = open_store(tmp_path / "a.db")
    bodies = [ANN.model_copy(update={"id": f"b{i}", "name": f"Body {i}"}) for i in range(3000)]
    store.write(Batch(nodes=[*bodies, ANN, NET], edges=[JOINED]), "first")
    whole = saved(store, tmp_path / "whole.jsonl")
    files = sorted((tmp_path / "a.db").glob("Statement_0.*.bucket"))
    silent = []
    for place in range(0, files[0].stat().st_size, 65536):
        before = files[0].read_bytes()
        with files[0].open("r+b") as file:
            file.seek(place)
            file.write(bytes(30_000))
        (tmp_path / "a.db.snapshot.npz").unlink(missing_ok=True)
        try:
            table = open_store(tmp_path / "a.db").statements()
            silent.append((place, len(table.rows)))
        except TsiError:
            pass
        files[0].write_bytes(before)
    assert silent == []
    store.restore(tmp_path / "whole.jsonl", replace=True)
    assert saved(store, tmp_path / "again.jsonl") == whole


def test_the_manifest_changes_with_what_is_written_and_with_nothing_else(fresh: Callable[[], Store]) -> None:
    store = fresh()
    seen = []
    for batch in (Batch(nodes=[ANN]), Batch(nodes=[ANN, BEN]), Batch(nodes=[ANN, BEN])):
        store.write(batch, "first")
        seen.append(store._engine.look(manifest.kept)["data"])
    assert seen[0] != seen[1] == seen[2]
    assert [(one["imports"], one["statements"], one["nodes"]) for one in seen] == [(1, 1, 1), (2, 2, 2), (2, 2, 2)]


def tsi(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tsi_graph.cli", "store", *arguments]
    env = {k: v for k, v in os.environ.items() if not k.startswith("TSI_")}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, env=env)


def test_the_command_line_checks_saves_and_restores(tmp_path: Path) -> None:
    store = lived_in(open_store(tmp_path / "tsi.db"))
    done = tsi(tmp_path, "check")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Il magazzino è integro.")
    assert tsi(tmp_path, "backup", "b.jsonl.gz").returncode == 0
    assert tsi(tmp_path, "export", "b.jsonl").returncode == 0
    assert tsi(tmp_path, "restore", "b.jsonl").returncode == 6
    again = tsi(tmp_path, "restore", "b.jsonl.gz", "--store", "other.db", "--json")
    counts: dict[str, Any] = json.loads(again.stdout)
    assert (again.returncode, counts["statements"]) == (0, 15)
    assert shown(open_store(tmp_path / "other.db")) == shown(store)
    harmed(store, DAMAGE["nodes_missing"])
    for lang, words in (("it", "1 nodi mancano nel grafo: play"), ("en", "1 nodes are missing from the graph: play")):
        told = tsi(tmp_path, "check", "--lang", lang)
        assert (told.returncode, words in told.stdout) == (3, True)
    report = json.loads(tsi(tmp_path, "check", "--json").stdout)
    assert (report["whole"], "nodes_missing" in {one["code"] for one in report["findings"]}) == (False, True)
    (tmp_path / "bad.jsonl").write_text("id,name\n")
    refused = tsi(tmp_path, "restore", "bad.jsonl", "--store", "third.db")
    assert (refused.returncode, (tmp_path / "third.db").exists()) == (5, False)


@pytest.mark.parametrize("how", ["statements", "write", "check", "backup"])
def test_what_is_written_to_all_the_time_is_not_read_as_if_nobody_wrote(
    store: Store, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived_in(store)
    if store._snapshot:
        store._snapshot.unlink()
    store._held = None, None
    numbers, state = count(), manifest._state
    monkeypatch.setattr(manifest, "_state", lambda tx: replace(state(tx), unfinished=frozenset([next(numbers)])))
    work: dict[str, Callable[[], object]] = {
        "statements": store.statements, "write": lambda: store.write(Batch(nodes=[NET]), "fourth"),
        "check": store.check, "backup": lambda: store.backup(tmp_path / "x.jsonl"),
    }  # fmt: skip
    with pytest.raises(Conflict, match="all the time"):
        work[how]()
    assert store._held == (None, None)


def test_an_import_that_begins_while_all_is_read_is_left_out(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.write(Batch(nodes=[ANN]), "first")
    if store._snapshot:
        store._snapshot.unlink()
    store._held = None, None
    state, asked = manifest._state, iter([True, False, False])

    def before(tx: Transaction) -> manifest.State:
        found = state(tx)  # what is read after the first look holds an import that this did not see
        return replace(found, unfinished=frozenset()) if next(asked) else found

    store.transact(lambda tx: write(tx, "import", [{"number": 2, "done": False, "writer": "w"}]))
    said = {"id": "x", "fact": "x|row", "node": "x", "field": "row", "changes": [2]}
    store.transact(lambda tx: write(tx, "say_once", [said]))
    monkeypatch.setattr(manifest, "_state", before)
    table = store.statements()
    assert (table.rows["node"].tolist(), [one.number for one in table.imports]) == (["ann"], [1])


def test_rows_are_counted_as_the_transaction_sees_them(store: Store) -> None:
    lived_in(store)

    def work(tx: Transaction) -> None:
        tx.run("CREATE (n:Node:Network {id: 'made'})", {})
        tx.run("MATCH (s:Statement {node: 'ann'}) DELETE s", {})
        for what, label in manifest.LABELS.items():
            seen = tx.run(f"MATCH (n:{label}) RETURN n.id AS id", {})
            assert manifest.counts(tx, what) == {what: len(seen)}
        raise KeyError

    with pytest.raises(KeyError):
        store.transact(work)
