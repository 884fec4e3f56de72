"""Deliveries that were looked at and not imported yet: kept for a while, without what is about people."""

from __future__ import annotations

import gzip
import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from tsi_graph.batch import Batch
from tsi_graph.deliveries.grid import Cell, Removed, Rows, corrected, open_rows, read_rows, without_people
from tsi_graph.deliveries.preview import held, names_of, preview
from tsi_graph.deliveries.report import TOLD, Preview, load, packed
from tsi_graph.errors import Conflict, NotFound, Refused, Unusable
from tsi_graph.fields import normal
from tsi_graph.importers.persons import without_addresses
from tsi_graph.language import LANGS
from tsi_graph.store.writing import Counts

if TYPE_CHECKING:
    from tsi_graph.statements import Table
    from tsi_graph.store import Store

KEPT = timedelta(days=28)
MOST = 100
"""How many deliveries wait at once. Beyond it those that were imported from go, the oldest first; of others none does,
and no further one is taken."""
LONGEST = 10_000
"""Characters of a corrected cell."""
ID = re.compile(r"[A-Za-z0-9_-]{22}")
FORMAT = 1
"""What is kept of a preview, and how it is worked out; another number has it worked out again."""
_HERE = Lock()


@dataclass(frozen=True)
class Pending:
    """A delivery that waits, with the cells that were corrected since. done: what a repeated request already did."""

    id: str
    file: str
    dataset: str
    complete: bool
    made: str
    until: str
    tables: tuple[Rows, ...]
    removed: tuple[Removed, ...] = ()
    corrections: tuple[tuple[str, int, int, str], ...] = ()
    done: tuple[tuple[str, int, int], ...] = ()

    def rows(self) -> list[Rows]:
        """The tables with the corrections in them."""
        return corrected(self.tables, {(label, row, column): text for label, row, column, text in self.corrections})


@dataclass(frozen=True)
class Committed:
    """What became of it: the number of the import (0: nothing changed), and how many good rows there were."""

    number: int
    rows: int
    counts: Counts


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
    with _turn(store, "all"):
        _make_room(_folder(store), now)
        _save(store, made)
    look(store, made)
    return made


def waiting(store: Store, pending: str) -> Pending:
    """A delivery that waits, by its id. Raises NotFound for one that is unknown or whose time is over."""
    path = _folder(store) / f"{pending}.json.gz"
    found = _load(path) if ID.fullmatch(pending) and path.is_file() else None
    if found is None or datetime.fromisoformat(found.until) < datetime.now(UTC):
        raise NotFound("No delivery with this id waits here: it was dropped, or its time is over. Upload it again.")
    return found


def look(
    store: Store, pending: Pending, lang: str = "it", begin: Mapping[str, int] = {}, most: int | None = TOLD
) -> Preview:  # fmt: skip
    """What it would do now. Each list (`LISTS`) holds at most so many, or all, from where it is to begin on.

    Worked out once for each state of the store and of its cells, at the latest when it is received or mended, and kept
    beside it: a later look reads a file.
    """
    path, stamp = _told(store, pending.id, lang), _stamp(held(store), pending)
    found = load(path, stamp, begin, most)
    if found is None:
        with _turn(store, f"{pending.id}.look"):  # whoever asks meanwhile waits for it
            found = load(path, stamp, begin, most)
            if found is None:
                table = held(store)
                stamp = _stamp(table, pending)
                for one, told in preview(table, pending.rows(), pending.dataset, pending.removed).items():
                    _write(store, _told(store, pending.id, one), packed(told, stamp))
                found = load(path, stamp, begin, most)
    assert found is not None
    return found


def _told(store: Store, pending: str, lang: str) -> Path:
    return _folder(store) / f"{pending}.{lang}.gz"


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
    with _turn(store, pending):
        changed = _mended(store, waiting(store, pending), cells)
    look(store, changed)
    return changed


def _mended(store: Store, found: Pending, cells: Mapping[Cell, str]) -> Pending:
    all_of_them = {(label, row, column): text for label, row, column, text in found.corrections} | dict(cells)
    corrected(found.tables, all_of_them)
    changed = replace(found, corrections=tuple((*cell, text) for cell, text in all_of_them.items()))
    _save(store, changed)
    return changed


def commit(store: Store, pending: str, key: str = "") -> Committed:
    """Import the good rows; the others go on waiting. The same key again does nothing and answers the same.

    Raises Unusable where no row is good.
    """
    waiting(store, pending)
    with _turn(store, pending):
        return _committed(store, waiting(store, pending), key)


def _committed(store: Store, found: Pending, key: str) -> Committed:
    for known, number, rows in found.done:
        if key and known == key:
            return Committed(number, rows, Counts(number, 0, rows, 0))
    batch = read_rows(found.rows(), names_of(held(store)))
    counts = store.write(batch, found.dataset, found.complete, partial=not found.complete)
    rows = _good(batch, counts)
    if not rows:
        raise Unusable("No row is good: mend them first. Nothing was imported.")
    done = (*found.done, (key, counts.number, rows))[-20:]
    _save(store, replace(found, done=done))
    return Committed(counts.number, rows, counts)


def drop(store: Store, pending: str) -> None:
    """Forget a delivery that waits."""
    waiting(store, pending)
    _forget(_folder(store) / f"{pending}.json.gz")


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)
    name = path.name.removesuffix(".json.gz")
    for beside in (*(f"{name}.{lang}.gz" for lang in LANGS), f".{name}.lock", f".{name}.look.lock"):
        with suppress(OSError):  # on Windows not while somebody has it
            path.with_name(beside).unlink()


def _good(batch: Batch, counts: Counts) -> int:
    bad = {(p.file, p.row) for p in counts.problems}
    places = (record.place.rpartition(" row ") for record in (*batch.nodes, *batch.edges, *batch.answers))
    return sum((file, int(row)) not in bad for file, _, row in places)


def _folder(store: Store) -> Path:
    return store.beside("pending")


def _ours(store: Store) -> Path:
    """The folder, there and for us alone. Raises Refused where it is somebody else's."""
    folder = _folder(store)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    me = getattr(os, "getuid", None)  # Windows has no such number: there the folder of the store says who may
    if folder.is_symlink() or (me is not None and folder.stat().st_uid != me()):
        raise Refused(f"{folder} belongs to somebody else; nothing is kept in it.")
    return folder


@contextmanager
def _turn(store: Store, what: str) -> Iterator[None]:
    """One at a time reads, changes and saves a delivery, whichever worker it is in."""
    path = _ours(store) / f".{what}.lock"
    try:
        import fcntl
    except ImportError:  # Windows: one at a time in this process
        with _HERE:
            yield
        return
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _save(store: Store, pending: Pending) -> None:
    tables, removed = (list(map(vars, part)) for part in (pending.tables, pending.removed))
    content = json.dumps({**vars(pending), "tables": tables, "removed": removed}, ensure_ascii=False)
    _write(store, _folder(store) / f"{pending.id}.json.gz", gzip.compress(content.encode("utf-8", "replace"), 1))


def _write(store: Store, path: Path, content: bytes) -> None:
    """Whole or not at all, for us alone to read."""
    handle, temporary = tempfile.mkstemp(dir=_ours(store), prefix=".")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(temporary).replace(path)


def _load(path: Path) -> Pending | None:
    try:
        kept: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
        tables = tuple(
            Rows(**{**one, "rows": tuple(map(tuple, one["rows"])), "formulas": tuple(map(tuple, one["formulas"]))})
            for one in kept["tables"]
        )
        removed = tuple(Removed(**one) for one in kept["removed"])
        lists = {name: tuple(map(tuple, kept[name])) for name in ("corrections", "done")}
        return Pending(**{**kept, "tables": tables, "removed": removed, **lists})
    except (OSError, EOFError, ValueError, TypeError, KeyError):
        return None  # half gone, or of another version: as good as not there


def _make_room(folder: Path, now: datetime) -> None:
    """Forget what is over, and where too many wait those that were imported from. Raises Conflict without room."""
    files = sorted(folder.glob("*.json.gz"), key=lambda path: path.stat().st_mtime)
    over = [path for path in files if now.timestamp() - path.stat().st_mtime > KEPT.total_seconds()]
    for path in over:
        _forget(path)
    waits = [path for path in files if path not in over]
    if len(waits) < MOST:
        return
    for path in waits:
        found = _load(path)
        if found is None or found.done or datetime.fromisoformat(found.until) < now:
            _forget(path)
            return
    raise Conflict(
        f"{MOST} deliveries wait here already, none of them imported: import or drop one first. Nothing was kept."
    )
