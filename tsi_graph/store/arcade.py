"""ArcadeDB in this process: one local folder, nothing to start."""

from __future__ import annotations

import errno
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tsi_graph.errors import StoreLocked, StoreUnreachable
from tsi_graph.store import base, queries
from tsi_graph.store.base import Row, T, Transaction

PATIENCE = 5.0
"""Seconds to wait for another process that holds the folder."""
MANY = 1_000
"""Rows from which the engine's bulk calls are worth their preparation."""


class ArcadeEngine:
    """The folder is opened for each piece of work and closed after it (5 ms), so that programs can take turns."""

    largest: int | None = None
    relabels = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def transact(self, work: Callable[[Transaction], T]) -> T:
        if self._absent():
            try:
                return self._begin(work)
            except _Overtaken:
                pass
        with self._opened() as database, database.transaction():
            return work(_ArcadeTransaction(database))

    def query(self, text: str, parameters: Row, *, seconds: float | None = None) -> Iterator[Row]:
        if self._absent():
            raise StoreUnreachable(f"There is no store at {self.folder}: `tsi demo` or `tsi import FOLDER` makes one.")
        with self._opened(to_write=False) as database:
            yield from database.query("opencypher", text, parameters).to_list()

    def close(self) -> None:
        """Nothing stays open between calls."""

    def _absent(self) -> bool:
        return not self.folder.exists() or not any(self.folder.iterdir())

    def _begin(self, work: Callable[[Transaction], T]) -> T:
        """A new store is built beside its place and moved there when it is whole: all of it, or nothing.

        So its parts need no common transaction, and the engine's bulk calls, which make their own, are safe.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self._clear_ruins()
        building = self._building(f"{os.getpid()}.{threading.get_ident()}")
        late = [text for text in queries.schema() if "(s:Statement)" in text]  # cheaper over all than one by one
        database = self._open(_arcadedb(), building, new=True)
        try:
            with _explained(self.folder):
                database.set_wal_flush("no")  # nothing of it counts before all of it is on the disk
                for text in queries.schema():
                    if text not in late:
                        database.command("opencypher", text)
                database.command("sql", "CREATE VERTEX TYPE Statement IF NOT EXISTS")
                database.begin()
                answer = work(_NewTransaction(database))
                database.commit()
                for text in late:
                    database.command("opencypher", text)
                database.close()
            _to_disk(building)
            _move(building, self.folder)
        except BaseException:
            with suppress(_arcadedb().ArcadeDBError):  # what could not be begun leaves nothing behind
                if database.is_open():
                    if database.is_transaction_active():
                        database.rollback()
                    database.close()
            shutil.rmtree(building, ignore_errors=True)
            raise
        return answer

    def _building(self, whose: str) -> Path:
        return self.folder.parent / f".{self.folder.name}.{whose}.new"

    def _clear_ruins(self) -> None:
        """Remove what programs that died left unfinished."""
        for ruin in self.folder.parent.glob(self._building("*").name):
            pid = ruin.name.removeprefix(f".{self.folder.name}.").partition(".")[0]
            if pid.isdigit() and not _alive(int(pid)):
                shutil.rmtree(ruin, ignore_errors=True)

    @contextmanager
    def _opened(self, *, to_write: bool = True) -> Iterator[Any]:
        arcadedb = _arcadedb()
        if not (self.folder / "schema.json").is_file():
            raise StoreUnreachable(f"{self.folder} is a folder of something else, not a store; name another.")
        database = self._open(arcadedb, self.folder, new=False)
        try:
            with _explained(self.folder):
                database.set_wal_flush("yes_full")
                if to_write:  # also a store of an earlier version; what is there costs a fraction of a millisecond
                    for statement in queries.schema():
                        database.command("opencypher", statement)
                yield database
        finally:
            if database.is_open():
                database.close()

    def _open(self, arcadedb: Any, folder: Path, *, new: bool) -> Any:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return (arcadedb.create_database if new else arcadedb.open_database)(str(folder))
            except arcadedb.ArcadeDBError as fault:
                locked = any(words in str(fault) for words in ("locked by another process", "already in use"))
                if not locked:
                    raise StoreUnreachable(f"{self.folder} cannot be opened: {_first_line(fault)}") from fault
                if time.monotonic() > deadline:
                    raise StoreLocked(
                        f"{self.folder} is in use by another program; wait for it to finish, or stop it."
                    ) from fault
                time.sleep(0.05)


class _Overtaken(Exception):
    """Another program made the store meanwhile."""


class _ArcadeTransaction:
    def __init__(self, database: Any) -> None:
        self._database = database

    def run(self, text: str, parameters: Row) -> list[Row]:
        result = self._database.command("opencypher", text, parameters)
        return [] if result is None else list(result.to_list())

    def create(self, labels: Sequence[str], rows: Sequence[Row]) -> None:
        if len(labels) == 1 and len(rows) >= MANY:
            self._database.insert_many(labels[0], rows)  # within the open transaction
        else:
            base.create(self, labels, rows)

    def tie(self, kind: str, rows: Sequence[Row]) -> None:
        base.tie(self, kind, rows)


class _NewTransaction(_ArcadeTransaction):
    """In a store that is being built: many rows go in by the engine's bulk calls, in transactions of their own."""

    def __init__(self, database: Any) -> None:
        super().__init__(database)
        self._at: dict[str, str] = {}
        """Where nodes stand, by their ids."""

    def create(self, labels: Sequence[str], rows: Sequence[Row]) -> None:
        if len(labels) == 1 or len(rows) < MANY:
            super().create(labels, rows)
            return
        self.run(queries.text("write/create_node", LABELS=":".join(labels)), {"rows": [{"id": ""}]})
        self.run(queries.text("write/delete_node"), {"rows": [{"id": ""}]})  # the type of these labels is there now
        names = [r["name"] for r in self._database.query("sql", "SELECT name FROM schema:types").to_list()]
        [name] = [name for name in names if set(name.split("~")) == set(labels)]
        filled = [{k: v for k, v in row.items() if v is not None} for row in rows]
        with self._bulk() as bulk:
            places = bulk.create_vertices(name, filled)
        self._at |= zip((row["id"] for row in rows), places, strict=True)

    def tie(self, kind: str, rows: Sequence[Row]) -> None:
        at = self._at
        if len(rows) < MANY or not all(row["source"] in at and row["target"] in at for row in rows):
            super().tie(kind, rows)
            return
        self._database.command("sql", f"CREATE EDGE TYPE {kind} IF NOT EXISTS")
        props = [{"fact": r["fact"]} | {k: v for k, v in r["props"].items() if v is not None} for r in rows]
        with self._bulk() as bulk:
            bulk.new_edges([at[r["source"]] for r in rows], kind, [at[r["target"]] for r in rows], props)

    @contextmanager
    def _bulk(self) -> Iterator[Any]:
        self._database.commit()
        with self._database.graph_batch(use_wal=False, parallel_flush=False, commit_every=20_000) as bulk:
            yield bulk
        self._database.begin()


def _arcadedb() -> Any:
    # The engine's log goes to its file; on the screen it would stand in the middle of ours.
    os.environ.setdefault("ARCADEDB_LOG_CONSOLE", "0")
    try:
        import arcadedb
    except ImportError as missing:
        raise StoreUnreachable(
            "The embedded store is not available on this platform; set TSI_STORE to a Neo4j server (neo4j://host)."
        ) from missing
    return arcadedb


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    import arcadedb

    try:
        yield
    except arcadedb.ArcadeDBError as fault:
        raise StoreUnreachable(f"The store at {folder} refused: {_first_line(fault)}") from fault


def _to_disk(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        _sync(path)


def _move(building: Path, folder: Path) -> None:
    try:
        os.rename(building, folder)  # also over an empty folder, but over nothing else
    except OSError as fault:
        if fault.errno in (errno.ENOTEMPTY, errno.EEXIST):
            raise _Overtaken from fault
        raise StoreUnreachable(f"{folder} cannot be made: {fault.strerror}.") from fault
    with suppress(OSError):
        _sync(folder.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _first_line(fault: Exception) -> str:
    return str(fault).partition("\n")[0]
