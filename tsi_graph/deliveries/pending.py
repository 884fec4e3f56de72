"""Deliveries that were looked at and not imported yet: kept for a while, without what is about people."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from tsi_graph.batch import Batch
from tsi_graph.deliveries import shelf
from tsi_graph.deliveries.grid import Cell, corrected, open_rows, read_rows, without_people
from tsi_graph.deliveries.preview import held, names_of, preview
from tsi_graph.deliveries.report import TOLD, Preview, load, packed
from tsi_graph.deliveries.shelf import KEPT, Committed, Pending
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.fields import normal
from tsi_graph.importers.persons import without_addresses
from tsi_graph.store.kept import OURS, replace_file
from tsi_graph.store.writing import Counts

if TYPE_CHECKING:
    from tsi_graph.statements import Table
    from tsi_graph.store import Store

REPEATED = 5
"""How many of the last imports from one delivery are remembered, each by the key of its request."""
LONGEST = 10_000
"""Characters of a corrected cell."""
ID = re.compile(r"[A-Za-z0-9_-]{22}")
FORMAT = 2
"""What is kept of a preview, and how it is worked out; another number has it worked out again."""


def receive(store: Store, path: Path, dataset: str = "", complete: bool = False, file: str = "") -> Pending:
    """Read a delivery and keep it until it is imported or `KEPT` is over; nothing is written to the store.

    Raises NotFound, Unusable or Refused for what cannot be read, Conflict where too many wait already.
    """
    tables, removed = without_people(open_rows(path))
    if not tables:
        raise Unusable("The file is empty.")
    try:
        name = normal(dataset or path.stem)
    except ValueError as fault:
        raise Unusable(f"A dataset cannot be called {dataset!r}: {fault}.") from fault
    now = datetime.now(UTC)
    made = Pending(
        secrets.token_urlsafe(16), file or path.name, name, complete, now.isoformat(timespec="seconds"),
        (now + KEPT).isoformat(timespec="seconds"), tuple(tables), tuple(removed),
    )  # fmt: skip
    shelf.sweep(store, now)
    with shelf.turn(store, "all"):
        shelf.make_room(store)
        shelf.save(store, made)
    look(store, made)
    return made


def waiting(store: Store, pending: str) -> Pending:
    """A delivery that waits, by its id. Raises NotFound for one that is unknown or whose time is over."""
    shelf.sweep(store, datetime.now(UTC))
    return _found(store, pending)


def _found(store: Store, pending: str) -> Pending:
    found = shelf.load(shelf.place(store, pending)) if ID.fullmatch(pending) else None
    if found is None or datetime.fromisoformat(found.until) < datetime.now(UTC):
        raise _gone()
    return found


def _gone() -> NotFound:
    return NotFound("No delivery with this id waits here: it was dropped, or its time is over. Upload it again.")


def look(
    store: Store, pending: Pending, lang: str = "it", begin: Mapping[str, int] = {}, most: int | None = TOLD
) -> Preview:  # fmt: skip
    """What it would do now. Each list (`LISTS`) holds at most so many, or all, from where it is to begin on.

    Worked out once for each state of the store and of its cells, at the latest when it is received or mended, and kept
    beside it: a later look reads a file. Raises NotFound where it was dropped meanwhile.
    """
    path, stamp = shelf.told(store, pending.id, lang), _stamp(held(store), pending)
    found = load(path, stamp, begin, most)
    if found is None:
        with shelf.turn(store, pending.id, "look"):  # whoever asks meanwhile waits for it
            found = load(path, stamp, begin, most)
            if found is None and shelf.place(store, pending.id).is_file():
                found = load(path, _work_out(store, pending), begin, most)
    if found is None:
        raise _gone()
    return found


def _work_out(store: Store, pending: Pending) -> str:
    """Keep what it would do in each language; the stamp under which it is kept."""
    table = held(store)
    stamp = _stamp(table, pending)
    told = preview(table, pending.rows(), pending.dataset, pending.removed, complete=pending.complete)
    for lang, one in told.items():
        replace_file(shelf.told(store, pending.id, lang), packed(one, stamp), OURS)
    return stamp


def _stamp(table: Table, pending: Pending) -> str:
    """What changes whenever what a delivery would do does."""
    last = table.imports[-1] if table.imports else None
    text = repr((FORMAT, len(table.imports), last, pending.corrections))
    return blake2b(text.encode("utf-8", "replace"), digest_size=10).hexdigest()


def mend(store: Store, pending: str, cells: Mapping[Cell, str]) -> Pending:
    """Correct cells of a delivery that waits; the file of the user is not touched. Raises NotFound, Unusable."""
    for text in cells.values():
        if len(text) > LONGEST:
            raise Unusable(f"A cell has at most {LONGEST:,} characters.")
        if without_addresses(text, phones=False)[1]:
            raise Unusable("Only organisations here: the address of a person is not written in.")
    waiting(store, pending)
    with shelf.turn(store, pending):
        changed = _mended(store, _found(store, pending), cells)
    look(store, changed)
    return changed


def _mended(store: Store, found: Pending, cells: Mapping[Cell, str]) -> Pending:
    all_of_them = {(label, row, column): text for label, row, column, text in found.corrections} | dict(cells)
    corrected(found.tables, all_of_them)
    changed = replace(found, corrections=tuple((*cell, text) for cell, text in all_of_them.items()))
    shelf.save(store, changed)
    return changed


def commit(store: Store, pending: str, key: str = "") -> Committed:
    """Import the good rows; the others go on waiting. The same key again does nothing and answers the same.

    Raises Unusable where no row is good.
    """
    waiting(store, pending)
    with shelf.turn(store, pending):
        return _committed(store, _found(store, pending), key)


def _committed(store: Store, found: Pending, key: str) -> Committed:
    if key and key in (before := dict(found.done)):
        return before[key]
    batch = read_rows(found.rows(), names_of(held(store)))
    counts = store.write(batch, found.dataset, found.complete, partial=not found.complete)
    rows = _good(batch, counts)
    if not rows:
        raise Unusable("No row is good: mend them first. Nothing was imported.")
    done = Committed(counts.number, rows, counts)
    shelf.save(store, replace(found, done=(*found.done, (key, done))[-REPEATED:]))
    return done


def drop(store: Store, pending: str) -> None:
    """Forget a delivery that waits, once nobody is at work on it."""
    waiting(store, pending)
    shelf.forget(store, pending)


def _good(batch: Batch, counts: Counts) -> int:
    bad = {(p.file, p.row) for p in counts.problems}
    places = (record.place.rpartition(" row ") for record in (*batch.nodes, *batch.edges, *batch.answers))
    return sum((file, int(row)) not in bad for file, _, row in places)
