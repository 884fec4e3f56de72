"""Where deliveries wait: a folder beside the store, one at a time at each of them, nothing longer than its time."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from tsi_graph.batch import Problem
from tsi_graph.deliveries.grid import Removed, Rows, corrected
from tsi_graph.errors import Conflict
from tsi_graph.language import LANGS
from tsi_graph.store.kept import OURS, private, replace_file
from tsi_graph.store.writing import Counts

if TYPE_CHECKING:
    from tsi_graph.store import Store

KEPT = timedelta(days=28)
MOST = 100
"""How many deliveries wait at once. Beyond it those that were imported from go, the oldest first; of others none does,
and no further one is taken."""
_HERE = RLock()


@dataclass(frozen=True)
class Committed:
    """What became of it: the number of the import (0: nothing changed), and how many good rows there were."""

    number: int
    rows: int
    counts: Counts


@dataclass(frozen=True)
class Pending:
    """A delivery that waits, with the cells that were corrected since. done: by its key what a request already did."""

    id: str
    file: str
    dataset: str
    complete: bool
    made: str
    until: str
    tables: tuple[Rows, ...]
    removed: tuple[Removed, ...] = ()
    corrections: tuple[tuple[str, int, int, str], ...] = ()
    done: tuple[tuple[str, Committed], ...] = ()

    def rows(self) -> list[Rows]:
        """The tables with the corrections in them."""
        return corrected(self.tables, {(label, row, column): text for label, row, column, text in self.corrections})


def folder(store: Store) -> Path:
    return store.beside("pending")


def place(store: Store, pending: str) -> Path:
    return folder(store) / f"{pending}.json.gz"


@contextmanager
def turn(store: Store, what: str, sort: str = "") -> Iterator[None]:
    """One at a time reads, changes and saves a delivery, whichever worker it is in.

    Those whose ids begin alike share a file, which stays: whoever waits for one that is deleted would wait for nobody.
    Whoever has one for "all" may take that of a delivery, and then that of its "look"; never the other way about.
    """
    path = private(folder(store)) / f".{what if what == 'all' else what[0]}{sort}.lock"
    try:
        import fcntl
    except ImportError:  # Windows: one at a time in this process
        with _HERE:
            yield
        return
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def save(store: Store, pending: Pending) -> None:
    tables, removed = (list(map(vars, part)) for part in (pending.tables, pending.removed))
    done = [(key, asdict(one)) for key, one in pending.done]
    content = json.dumps({**vars(pending), "tables": tables, "removed": removed, "done": done}, ensure_ascii=False)
    path, made = place(store, pending.id), datetime.fromisoformat(pending.made).timestamp()
    replace_file(path, gzip.compress(content.encode("utf-8", "replace"), 1), OURS)
    os.utime(path, (made, made))  # so what is over is found without opening it


def load(path: Path) -> Pending | None:
    try:
        kept: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
        tables = tuple(
            Rows(**{**one, "rows": tuple(map(tuple, one["rows"])), "formulas": tuple(map(tuple, one["formulas"]))})
            for one in kept["tables"]
        )
        removed = tuple(Removed(**one) for one in kept["removed"])
        done = tuple((key, _done(one)) for key, one in kept["done"])
        corrections = tuple(map(tuple, kept["corrections"]))
        return Pending(**{**kept, "tables": tables, "removed": removed, "corrections": corrections, "done": done})
    except (OSError, EOFError, zlib.error, ValueError, TypeError, KeyError):
        return None  # half gone, or of another version: as good as not there


def _done(kept: Mapping[str, Any]) -> Committed:
    counts = kept["counts"]
    problems = tuple(Problem(**one) for one in counts["problems"])
    return Committed(kept["number"], kept["rows"], Counts(**{**counts, "problems": problems}))


def sweep(store: Store, now: datetime) -> None:
    """Forget what is over, and what a worker left that was killed: halves of files, previews of nothing."""
    for path in [*folder(store).iterdir()] if folder(store).is_dir() else ():
        name, _, rest = path.name.partition(".")
        if not name:
            if not rest.endswith(".lock") and _older(path, now, timedelta(hours=1)):
                path.unlink(missing_ok=True)
        elif _older(path, now, KEPT) if rest == "json.gz" else not place(store, name).exists():
            forget(store, name)


def _older(path: Path, now: datetime, than: timedelta) -> bool:
    try:
        return now.timestamp() - path.stat().st_mtime > than.total_seconds()
    except FileNotFoundError:
        return False  # gone meanwhile


def make_room(store: Store) -> None:
    """Where too many wait, forget the oldest that was imported from. Raises Conflict without room."""
    waits = sorted(folder(store).glob("*.json.gz"), key=lambda path: path.stat().st_mtime)
    if len(waits) < MOST:
        return
    for path in waits:
        found = load(path)
        if found is None or found.done:
            forget(store, path.name.partition(".")[0])
            return
    raise Conflict(
        f"{MOST} deliveries wait here already, none of them imported: import or drop one first. Nothing was kept."
    )


def forget(store: Store, pending: str) -> None:
    with turn(store, pending), turn(store, pending, "look"):
        for path in (place(store, pending), *(told(store, pending, lang) for lang in LANGS)):
            path.unlink(missing_ok=True)


def told(store: Store, pending: str, lang: str) -> Path:
    return folder(store) / f"{pending}.{lang}.gz"
