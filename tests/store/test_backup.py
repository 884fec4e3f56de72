"""One file for a whole store: the same from either engine, whole or refused, and put back whole or not at all."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import wipe
from tests.store.test_parts import Crash, dying_at, in_parts
from tests.store.test_store import ANN, BEN, JOINED, NET, PLAY, shown
from tsi_graph import samples
from tsi_graph.batch import Batch
from tsi_graph.errors import Conflict, NotFound, Refused, TsiError, Unusable
from tsi_graph.history import correct, plan_correction
from tsi_graph.importers import read
from tsi_graph.model import Answer, Funds, Investor, PartnerOf, Stakeholder
from tsi_graph.recommend.ledger.marking import mark
from tsi_graph.recommend.ledger.reading import read_ledger
from tsi_graph.recommend.ledger.sound import ledger_is_sound
from tsi_graph.recommend.ledger.writing import Happening, Proposal, propose, record
from tsi_graph.statements import identity
from tsi_graph.store import Store, backup_reading, manifest, open_store, parts, restore
from tsi_graph.store.backup import encoded, write_file
from tsi_graph.store.backup_reading import read_file
from tsi_graph.store.base import Transaction

DEE = Stakeholder(id="dee", name="Dee", website="https://dee.example", origin="page d")
HOSTILE = "'}) DETACH DELETE n // <script>\"\\ $rows \u2028 è =1+1"


def lived_in(store: Store) -> Store:
    """A store with corrections of nodes and dates, bodies joined, an undo that was undone, entries in the ledger."""
    store.write(Batch(nodes=[ANN, BEN, NET, PLAY], edges=[JOINED]), "first", note=HOSTILE)
    richer = BEN.model_copy(update={"city": "Torino"})
    funded = Funds(source="ben", target="play", amount=0.1 + 0.2, origin="page f", confidence=3)
    store.write(Batch(nodes=[ANN, richer, NET, PLAY], edges=[JOINED, funded]), "first")
    wrong = store.statements().rows.query("node == 'ann' and field == 'row'")["id"].tolist()
    store.correct(wrong, Batch(nodes=[Stakeholder(id="ann", name=f"Anna {HOSTILE}", sector="bank")]), "told so")
    store.undo()
    store.redo()
    store.undo(2)
    asked = Answer(id="ann", field="city", answer="no_answer", seen="2020")
    store.write(Batch(nodes=[Investor(id="inv", name="Inv", confidence=1)], answers=[asked]), "second")
    store.write(Batch(nodes=[DEE]), "third")
    correct(store, plan_correction(store, "ben", fields={"city": "Ivrea"}))
    correct(store, plan_correction(store, "ann", fields={"valid_from": "2011"}))
    correct(store, plan_correction(store, "dee", "same_as", "ben"))
    store.undo()
    correct(store, plan_correction(store, "dee", "same_as", "ann"))
    made = propose(store, Proposal("ann", "net", ("ben",), HOSTILE, (HOSTILE, "two"), ("a step",)))
    record(store, made.id, Happening("accepted", text="line one\nline two"))
    record(store, made.id, Happening("taken_back"))
    propose(store, Proposal("ben", "net"), then=Happening("declined"))
    mark(store, "ben", barred=True, text=HOSTILE)
    return store


def saved(store: Store, path: Path) -> bytes:
    store.backup(path)
    return path.read_bytes()


def forged(path: Path, change: Callable[[list[dict[str, Any]]], object]) -> Path:
    """The file with its records changed and its first line made to agree."""
    records = [json.loads(line) for line in path.read_bytes().split(b"\n")[1:] if line]
    change(records)
    for one in records:
        if one["record"] == "statement" and "id" not in one:
            names = ("node", "field", "target", "key", "value", "answer", "valid_from", "valid_to", "seen", "origin")
            said = {**dict.fromkeys(names, ""), "answer": "value", **one}
            one["id"] = identity([*(said[name] for name in names), said["confidence"]])
    return sealed(path.with_name("forged.jsonl"), records)


def sealed(path: Path, records: list[dict[str, Any]], **head: Any) -> Path:
    body = b"".join(map(encoded, records))
    sorts = {"imports": "import", "statements": "statement", "introductions": "introduction", "events": "event"}
    sorts["marks"] = "mark"
    counts = {name: sum(one.get("record") == sort for one in records) for name, sort in sorts.items()}
    first = {"format": "TSI Graph store", "version": 1, **counts, "bytes": len(body)}
    path.write_bytes(encoded({**first, "sha256": sha256(body).hexdigest(), **head}) + body)
    return path


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup that nobody touched."""
    folder = tmp_path_factory.mktemp("good")
    lived_in(open_store(folder / "a.db")).backup(folder / "good.jsonl")
    return folder / "good.jsonl"


def test_a_backup_restored_is_the_same_store_and_the_same_file(fresh: Callable[[], Store], tmp_path: Path) -> None:
    store = lived_in(fresh())
    before = saved(store, tmp_path / "a.jsonl")
    graph, ledger, table = shown(store), read_ledger(store), store.statements()
    other = fresh()
    counts = other.restore(tmp_path / "a.jsonl", vouch=ledger_is_sound)
    assert counts == {"imports": 13, "statements": 15, "introductions": 2, "events": 5, "marks": 1}
    assert (shown(other), read_ledger(other)) == (graph, ledger)
    assert other.statements().rows.to_dict("records") == table.rows.to_dict("records")
    assert other.statements().imports == table.imports
    assert saved(other, tmp_path / "b.jsonl") == before
    assert other.check().whole


def test_what_was_restored_goes_on_as_before(fresh: Callable[[], Store], tmp_path: Path) -> None:
    store = lived_in(fresh())
    store.backup(tmp_path / "a.jsonl")
    steps: list[Callable[[Store], object]] = [
        lambda s: s.redo(), lambda s: s.write(Batch(nodes=[PLAY]), "first", complete=True).withdrawn,
        lambda s: s.undo(), lambda s: len(read_ledger(s).introductions),
    ]  # fmt: skip

    def taken(one: Store) -> list[Any]:
        return [(str(getattr(step(one), "undoes", "")), shown(one)) for step in steps]

    first = taken(store)
    other = fresh()
    other.restore(tmp_path / "a.jsonl")
    assert taken(other) == first
    assert other.check().whole


@pytest.mark.neo4j
def test_either_engine_gives_the_other_the_same_file_byte_for_byte(
    neo4j_server: tuple[str, str], tmp_path: Path
) -> None:
    url, password = neo4j_server
    wipe(url, password)
    embedded, server = open_store(tmp_path / "a.db"), open_store(url, password=password)
    embedded.write(read(samples.torino()), "torino")
    embedded.write(read(samples.additions()), "additions")
    lived_in(embedded)
    first = saved(embedded, tmp_path / "1.jsonl")
    server._engine.largest = 500  # so that it is restored in parts
    server.restore(tmp_path / "1.jsonl", vouch=ledger_is_sound)
    assert saved(server, tmp_path / "2.jsonl") == first
    assert server.check().findings == ()
    back = open_store(tmp_path / "b.db")
    server.backup(tmp_path / "3.jsonl.gz")
    back.restore(tmp_path / "3.jsonl.gz", vouch=ledger_is_sound)
    assert saved(back, tmp_path / "4.jsonl") == first
    assert gzip.decompress((tmp_path / "3.jsonl.gz").read_bytes()) == first
    assert shown(back) == shown(server) == shown(embedded)
    server.close()


def test_the_same_contents_are_the_same_bytes_packed_or_not(good: Path, tmp_path: Path) -> None:
    content = read_file(good)
    for name in ("1.jsonl.gz", "2.jsonl.gz", "3.jsonl"):
        write_file(content, tmp_path / name)
    one, two, plain = ((tmp_path / name).read_bytes() for name in ("1.jsonl.gz", "2.jsonl.gz", "3.jsonl"))
    assert (one == two, gzip.decompress(one) == plain == good.read_bytes()) == (True, True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["1.jsonl.gz", "2.jsonl.gz", "3.jsonl"]


def test_a_store_that_is_not_empty_is_kept_unless_it_may_be_replaced(
    fresh: Callable[[], Store], good: Path, tmp_path: Path
) -> None:
    store = fresh()
    store.write(Batch(nodes=[PLAY]), "mine")
    propose_there = shown(store)
    with pytest.raises(Conflict, match="not empty"):
        store.restore(good)
    assert shown(store) == propose_there
    store.restore(good, replace=True)
    assert saved(store, tmp_path / "after.jsonl") == good.read_bytes()
    assert store.check().findings == ()
    assert store.write(Batch(nodes=[PLAY.model_copy(update={"city": "Ivrea"})]), "mine").number == 14


def test_a_replacement_that_fails_leaves_what_was_there(
    fresh: Callable[[], Store], good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = fresh()
    store.write(Batch(nodes=[ANN, NET], edges=[JOINED]), "mine")
    before = shown(store)
    monkeypatch.setattr(restore, "_enter", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        store.restore(good, replace=True)
    monkeypatch.undo()
    assert shown(store) == before
    assert store.check().findings == ()


@pytest.mark.neo4j
def test_much_is_replaced_on_a_server_in_parts(neo4j_server: tuple[str, str], good: Path, tmp_path: Path) -> None:
    url, password = neo4j_server
    wipe(url, password)
    with open_store(url, password=password) as store:
        store.write(Batch(nodes=[ANN, NET], edges=[JOINED]), "mine")
        mark(store, "ann", barred=True)
        store._engine.largest = 2
        store.restore(good, replace=True, vouch=ledger_is_sound)
        assert saved(store, tmp_path / "after.jsonl") == good.read_bytes()
        assert store.check().findings == ()


@pytest.mark.neo4j
def test_a_replacement_that_dies_at_any_step_keeps_everybody_off_until_it_is_repeated(
    neo4j_server: tuple[str, str], good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, password = neo4j_server

    def entered(tx: Transaction) -> None:
        manifest.enter(tx, "introducer_mark", [{"id": "x"}])

    finished, kept_off = False, 0
    for step in range(1, 100):
        wipe(url, password)
        with open_store(url, password=password) as store:
            store.write(Batch(nodes=[ANN, NET], edges=[JOINED]), "mine")
            mark(store, "ann", barred=True)
            before = shown(store)
            in_parts(store, 8)
            with monkeypatch.context() as patch:
                dying_at(store, patch, step)
                try:
                    store.restore(good, replace=True)
                    finished = True
                except Crash:
                    pass
            store._held = None, None
            if finished:
                break
            if step > 1:  # it has begun: nobody reads half of it, and nobody mends or writes
                kept_off += 1
                in_the_way: list[Callable[[], object]] = [
                    store.statements, store.undo, partial(store.write, Batch(nodes=[BEN]), "mine"),
                    partial(store.transact, entered), partial(store.backup, tmp_path / "x.jsonl"),
                    partial(store.restore, good),
                ]  # fmt: skip
                with monkeypatch.context() as patch:
                    patch.setattr(parts, "LEASE", -1.0)
                    for work in in_the_way:
                        with pytest.raises(Conflict, match="restore FILE --replace"):
                            work()
                assert [one.code for one in store.check().findings] == ["restoring"]
                with pytest.raises(Conflict, match="Another program is restoring"):
                    store.restore(good, replace=True)
            else:
                assert (shown(store), store.check().findings) == (before, ())
            with monkeypatch.context() as patch:
                patch.setattr(parts, "LEASE", -1.0)
                store.restore(good, replace=True)
            assert saved(store, tmp_path / "after.jsonl") == good.read_bytes()
            assert store.check().findings == ()
    print(f"{kept_off} moments")  # noqa: T201
    assert finished
    assert kept_off > 10


@pytest.mark.neo4j
def test_a_replacement_that_was_taken_for_dead_removes_nothing_more(
    neo4j_server: tuple[str, str], good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, password = neo4j_server
    wipe(url, password)
    with open_store(url, password=password) as store, open_store(url, password=password) as other:
        store.write(Batch(nodes=[ANN, NET], edges=[JOINED]), "mine")
        transact, calls = store._engine.transact, iter(range(1, 1000))
        monkeypatch.setattr(parts, "LEASE", -1.0)

        def slow(work: Callable[[object], object]) -> object:
            if next(calls) == 5:
                in_parts(other, 8).restore(good, replace=True)
            return transact(work)

        monkeypatch.setattr(in_parts(store, 8)._engine, "transact", slow)
        with pytest.raises(Conflict, match="took it for dead"):
            store.restore(good, replace=True)
        assert saved(other, tmp_path / "after.jsonl") == good.read_bytes()
        assert other.check().findings == ()


@pytest.mark.neo4j
@pytest.mark.parametrize("step", [2, 4, 6])
def test_a_restore_in_parts_that_dies_shows_nothing_and_is_cleared(
    neo4j_server: tuple[str, str], good: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, password = neo4j_server
    wipe(url, password)
    with open_store(url, password=password) as store:
        store._engine.largest = 2
        with monkeypatch.context() as patch:
            dying_at(store, patch, step + 1)
            with pytest.raises(Crash):
                store.restore(good)
        assert (shown(store), len(store.statements().rows), store.statements().imports) == (([], []), 0, ())
        with pytest.raises(Conflict, match="is importing"):
            store.write(Batch(nodes=[ANN]), "mine")
        monkeypatch.setattr(parts, "LEASE", -1.0)
        assert store.write(Batch(nodes=[ANN]), "mine").number == 1
        assert store.check().findings == ()


def cut(data: bytes, folder: Path) -> Path:
    path = folder / "bad.jsonl"
    path.write_bytes(data)
    return path


def test_a_file_cut_or_changed_anywhere_is_refused_and_the_store_untouched(good: Path, tmp_path: Path) -> None:
    data, store = good.read_bytes(), open_store(tmp_path / "a.db")
    packed = gzip.compress(data)
    bad = [data[:n] for n in range(0, len(data), 97)] + [packed[:n] for n in range(20, len(packed), 97)]
    bad += [data[:n] + bytes([data[n] ^ 1]) + data[n + 1 :] for n in range(0, len(data), 101)]
    bad += [packed[:n] + bytes([packed[n] ^ 1]) + packed[n + 1 :] for n in range(12, len(packed), 101)]
    bad += [data + b"\n", data + data, b"", b"\x00" * 5000, b"{}", b"[" * 100_000, b"id,name\n1,A\n"]
    for one in bad:
        with pytest.raises(Refused):
            store.restore(cut(one, tmp_path))
    assert not (tmp_path / "a.db").exists()


def without_value(**cells: Any) -> dict[str, Any]:
    return {"record": "statement", "confidence": 2, "changes": [1], **cells}


FORGERIES: dict[str, Callable[[list[dict[str, Any]]], object]] = {
    "a kind that is Cypher": lambda r: r.insert(
        13, without_value(node="ann", field="X]->(b) DETACH DELETE b //", target="net", value="{}")
    ),
    "a kind of node that we lack": lambda r: r.insert(
        13, without_value(node="x", field="row", value='{"kind":"Statement","name":"X"}')
    ),
    "a cell that is an object": lambda r: r.insert(
        13, without_value(node="x", field="row", value='{"kind":"Network","name":{"a":1}}')
    ),
    "an amount that is no number": lambda r: r.insert(
        13, without_value(node="ann", field="FUNDS", target="play", value='{"amount":NaN}')
    ),
    "an id with a space": lambda r: r.insert(
        13, without_value(node="a b", field="row", value='{"kind":"Network","name":"X"}')
    ),
    "a text that turns its direction": lambda r: r.insert(
        13, without_value(node="x", field="row", value='{"kind":"Network","name":"X\u202e"}')
    ),
    "another statement under an old id": lambda r: r[14].update(origin="another page"),
    "a change by an import that is not there": lambda r: r[14].update(changes=[1, 99]),
    "a change by an undo": lambda r: r[14].update(changes=[1, 4]),
    "a change that is true": lambda r: r[14].update(changes=[True]),
    "an import twice": lambda r: r.insert(1, dict(r[0])),
    "an import that takes back a later one": lambda r: r[0].update(undoes=3),
    "a moment without a zone": lambda r: r[0].update(at="2026-01-01T00:00:00.000000"),
    "a number beyond all": lambda r: r[6].update(number=1 << 80),
    "a field of its own": lambda r: r[0].update(writer="me"),
    "an event of nothing": lambda r: r[-2].update(introduction="nobody"),
    "a sort of its own": lambda r: r.append({"record": "user", "name": "root"}),
    "records in another order": lambda r: r.reverse(),
    "an event that cannot follow": lambda r: r[-2].update(kind="met"),
    "an event without a meaning": lambda r: r[-2].update(kind="__class__"),
    "an introduction under another name": lambda r: [one.update(pair="a|b") for one in r if "pair" in one],
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_file_made_to_do_harm_is_refused(good: Path, tmp_path: Path, name: str) -> None:
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(good.read_bytes())
    forgery = forged(copy, FORGERIES[name])
    store = open_store(tmp_path / "a.db")
    with pytest.raises(Refused) as told:
        store.restore(forgery, vouch=ledger_is_sound)
    assert "\n" not in str(told.value)
    assert not (tmp_path / "a.db").exists()


def test_bombs_huge_lines_and_other_versions_are_refused(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = sealed(tmp_path / "bomb.gz", [], bytes=3_000_000_000)
    bomb.write_bytes(gzip.compress(bomb.read_bytes() + b"0" * 30_000_000))
    long = sealed(tmp_path / "long.jsonl", [{"record": "import", "note": "x" * 3_000_000}])
    deep = sealed(tmp_path / "deep.jsonl", [])
    body = b'{"a":' * 100_000 + b"\n"
    deep.write_bytes(deep.read_bytes().replace(b'"bytes":0', f'"bytes":{len(body)}'.encode()) + body)
    later = sealed(tmp_path / "later.jsonl", [], version=2)
    foreign = sealed(tmp_path / "foreign.jsonl", [], format="something else")
    less = sealed(tmp_path / "less.jsonl", [], statements=-1)
    more = sealed(tmp_path / "more.jsonl", [], statements=1)
    words = {
        bomb: "unpack", long: "longer than", deep: "not whole", later: "another version", foreign: "no backup",
        less: "first line", more: "other numbers",
    }  # fmt: skip
    for path, word in words.items():
        with pytest.raises(Refused, match=word):
            read_file(path)
    monkeypatch.setattr(backup_reading, "LARGEST", 100)
    with pytest.raises(Refused, match="unpack"):
        read_file(good)


def test_a_bomb_that_lies_about_its_size_is_read_no_further(tmp_path: Path) -> None:
    liar = sealed(tmp_path / "liar.gz", [], bytes=10)
    liar.write_bytes(gzip.compress(liar.read_bytes() + b"\n" * 100_000_000))
    with pytest.raises(Refused, match="not whole"):
        read_file(liar)


def test_what_cannot_be_written_or_found_says_so(good: Path, tmp_path: Path) -> None:
    store = open_store(tmp_path / "none.db")
    with pytest.raises(TsiError, match="no store"):
        store.backup(tmp_path / "x.jsonl")
    store.restore(good)
    with pytest.raises(Unusable, match="folder"):
        store.backup(tmp_path)
    with pytest.raises(Unusable, match="cannot be written"):
        store.backup(tmp_path / "nowhere" / "x.jsonl")
    with pytest.raises(NotFound):
        store.restore(tmp_path / "missing.jsonl")


def test_an_empty_store_and_one_of_ties_that_wait_come_back(fresh: Callable[[], Store], tmp_path: Path) -> None:
    store = fresh()
    store.write(Batch(nodes=[ANN, BEN], edges=[PartnerOf(source="ann", target="ben")]), "first")
    store.write(Batch(nodes=[ANN]), "first", complete=True)
    store.undo(1)
    before = saved(store, tmp_path / "a.jsonl")
    other = fresh()
    other.restore(tmp_path / "a.jsonl")
    assert saved(other, tmp_path / "b.jsonl") == before
    other.undo(2)
    other.undo(3)
    assert other.check().findings == ()
