"""What changes whenever the statements or the ledger do, on both engines, whoever writes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.store.test_store import ANN, BEN
from tsi_graph.batch import Batch
from tsi_graph.recommend.ledger.reading import read_ledger
from tsi_graph.recommend.ledger.writing import Happening, Proposal, propose, record
from tsi_graph.store import Store, open_store, stamps


def test_every_write_changes_it_and_reading_does_not(store: Store) -> None:
    store.write(Batch(nodes=[ANN, BEN]), "first")
    seen = [store.revision()]
    one = propose(store, Proposal("ann", "ben"))
    seen.append(store.revision())
    record(store, one.id, Happening("declined"))
    seen.append(store.revision())
    store.undo()
    seen.append(store.revision())
    assert None not in seen
    assert len(set(seen)) == 4
    read_ledger(store)
    store.statements()
    assert store.revision() == seen[-1]


def test_another_program_changes_it_too(tmp_path: Path) -> None:
    ours, other = open_store(tmp_path / "a.db"), open_store(tmp_path / "a.db")
    ours.write(Batch(nodes=[ANN, BEN]), "first")
    before = ours.revision()
    assert read_ledger(ours).introductions == ()
    one = propose(other, Proposal("ann", "ben"))
    assert ours.revision() == other.revision() != before
    assert read_ledger(ours).introductions == (one,)


def test_it_is_read_without_opening_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(tmp_path / "a.db")
    store.write(Batch(nodes=[ANN, BEN]), "first")
    known = store.revision(), read_ledger(store)
    monkeypatch.setattr(store, "_engine", None)
    assert (store.revision(), read_ledger(store)) == known


def test_it_is_not_told_while_somebody_writes_or_died_writing(tmp_path: Path) -> None:
    store = open_store(tmp_path / "a.db")
    store.write(Batch(nodes=[ANN, BEN]), "first")
    stamp = tmp_path / "a.db.ledger"
    told = []
    store.transact(lambda tx: told.append(store.revision()))
    assert told == [None]
    stamp.write_bytes(b"")
    assert (store.revision(), read_ledger(store).introductions) == (None, ())
    os.utime(stamp, (0, stamp.stat().st_mtime - stamps.DEAD - 1))
    assert store.revision() is not None
    propose(store, Proposal("ann", "ben"))
    assert (store.revision() is not None, len(read_ledger(store).introductions)) == (True, 1)


def test_a_store_that_is_not_there_has_none(tmp_path: Path) -> None:
    store = open_store(tmp_path / "none.db")
    assert store.revision() is None
    assert list(tmp_path.iterdir()) == []
