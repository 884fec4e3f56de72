"""ArcadeDB in this process: one local folder, nothing to start."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tsi_graph.errors import StoreAbsent, StoreLocked, StoreUnreachable
from tsi_graph.store import migrations
from tsi_graph.store.arcade_faults import BrokenFolder, explained, is_lock, page_of
from tsi_graph.store.arcade_transaction import ArcadeTransaction, NewTransaction, within
from tsi_graph.store.base import Row, T, Transaction
from tsi_graph.store.exchange import exchange

PATIENCE = 5.0
"""Seconds to wait for another process that holds the folder."""
PAUSE = 0.02
"""Seconds between two attempts to get it."""


class ArcadeEngine:
    """The folder is opened for each piece of work and closed after it (5 ms), so that programs can take turns."""

    largest: int | None = None
    relabels = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._settled = False

    def transact(self, work: Callable[[Transaction], T]) -> T:
        if self._absent() and not self._settled:
            try:
                return self._begin(work)
            except _Overtaken:
                pass
        with self._opened() as database, database.transaction():
            return work(ArcadeTransaction(database))

    def query(self, text: str, parameters: Row, *, seconds: float | None = None) -> Iterator[Row]:
        with self._opened(to_write=False) as database:
            yield from database.query("opencypher", text, parameters).to_list()

    def look(self, work: Callable[[Transaction], T]) -> T:
        with self._opened(to_write=False) as database, database.transaction():
            return work(ArcadeTransaction(database))

    def replace(self, work: Callable[[Transaction], T]) -> T:
        if self._absent():
            return self.transact(work)

        def put(building: Path) -> None:
            with explained(self.folder), self.turn(whole=False):
                exchange(building, self.folder)
                with suppress(OSError):
                    _sync(self.folder.parent)  # before the old one goes: else a loss of power could bring its name back
            shutil.rmtree(building, ignore_errors=True)

        return self._begin(work, put)

    def salvage(self, label: str) -> tuple[list[Row], int]:
        files = re.compile(rf"{label}_\d+\.(\d+)\.(\d+)\.v\d+\.bucket")
        found: list[Row] = []
        failed = 0
        with self._opened(to_write=False) as database:
            for path in sorted(self.folder.iterdir()):
                if match := files.fullmatch(path.name):
                    for page in range(-(-path.stat().st_size // int(match[2]))):
                        rows, lost = page_of(database, label, int(match[1]), page)
                        found += rows
                        failed += lost
        return found, failed

    def reach(self) -> None:
        self.look(lambda tx: None)

    def there(self, *, once: bool = False) -> bool:
        """Whether a store is in the folder. Where one was, or is said to have been, no other is begun from then on."""
        try:
            found = any(name.startswith("schema") or name.endswith(".bucket") for name in os.listdir(self.folder))
        except OSError:
            found = False
        self._settled |= found or once
        return found

    def close(self) -> None:
        """Nothing stays open between calls."""

    def _absent(self) -> bool:
        if self.folder.exists() and not self.folder.is_dir():
            raise StoreUnreachable(f"{self.folder} is a file, and a store is a folder. Name another.")
        return not self.folder.exists() or not any(self.folder.iterdir())

    def _begin(self, work: Callable[[Transaction], T], put: Callable[[Path], None] | None = None) -> T:
        """A new store is built beside its place and moved there when it is whole: all of it, or nothing.

        So its parts need no common transaction, and the engine's bulk calls, which make their own, are safe.
        """
        with explained(self.folder):
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self._clear_ruins()
            building = self._building(f"{os.getpid()}.{threading.get_ident()}")
            building.mkdir()  # the engine does not say why it cannot
            building.rmdir()
        late = [text for text in migrations.schema() if "(s:Statement)" in text]  # cheaper over all than one by one
        arcadedb, database = _arcadedb(), None
        try:
            with explained(self.folder):
                database = arcadedb.create_database(str(building))
                database.set_wal_flush("no")  # nothing of it counts before all of it is on the disk
                for text in migrations.schema():
                    if text not in late:
                        database.command("opencypher", text)
                database.command("sql", "CREATE VERTEX TYPE Statement IF NOT EXISTS")
                database.begin()
                answer = work(tx := NewTransaction(database))
                migrations.found(tx)
                database.commit()
                for text in late:
                    database.command("opencypher", text)
                database.close()
                _to_disk(building)
            put(building) if put else _move(building, self.folder)
        except BaseException:
            with suppress(arcadedb.ArcadeDBError):  # what could not be begun leaves nothing behind
                if database is not None and database.is_open():
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
        with explained(self.folder), self.turn() as deadline, self.place(to_write=to_write) as folder:
            database = self._open(arcadedb, folder, deadline)
            try:
                database.set_wal_flush("yes_full")
                if to_write:
                    migrations.bring(lambda text: database.command("opencypher", text), within(database))
                yield database
            finally:
                if database.is_open():
                    database.close()

    @contextmanager
    def place(self, *, to_write: bool = False) -> Iterator[Path]:
        """Where the folder can be opened: itself, or for reading what may not be written to a copy, for as long.

        The engine cannot open a folder without writing to it.
        """
        if to_write or os.access(self.folder, os.W_OK):
            yield self.folder
            return
        size, there = sum(path.stat().st_size for path in self.folder.iterdir()), tempfile.gettempdir()
        if size > shutil.disk_usage(there).free:
            raise StoreUnreachable(
                f"{self.folder} may not be written to, and for a copy to read from there is no room in {there} "
                f"({size >> 20:,} MB). Copy the folder to where there is, and name that."
            )
        with tempfile.TemporaryDirectory(prefix="tsi-") as copy:
            folder = Path(shutil.copytree(self.folder, Path(copy, self.folder.name), copy_function=shutil.copyfile))
            folder.chmod(0o700)
            yield folder

    @contextmanager
    def turn(self, *, whole: bool = True) -> Iterator[float]:
        """Have the folder to ourselves among the programs of this product; gives the moment to give up at.

        The engine's own lock covers its writing, not its opening and closing: who comes then may find half of either.
        whole: raise unless it can be a store that is whole.
        """
        if self._absent():
            raise StoreAbsent(f"There is no store at {self.folder}: `tsi demo` or `tsi import FOLDER` makes one.")
        if not any((self.folder / name).is_file() for name in ("schema.json", "schema.prev.json")):
            if not any(self.folder.glob("*.bucket")):
                raise StoreUnreachable(f"{self.folder} is a folder of something else, not a store; name another.")
            if whole:
                raise BrokenFolder(
                    f"{self.folder} is damaged: its schema.json is lost, without which nothing in it can be read. "
                    "`tsi store restore FILE --replace` puts a backup in its place."
                )
        deadline = time.monotonic() + PATIENCE
        handle = None if os.name == "nt" else self._ours(deadline)
        try:
            yield deadline
        finally:
            if handle is not None:
                os.close(handle)

    def _ours(self, deadline: float) -> int:
        """The folder, locked by us. Another may be under its name by then (`replace`): that one is wanted."""
        while True:
            handle = os.open(self.folder, os.O_RDONLY)
            try:
                while not _taken(handle):
                    if time.monotonic() > deadline:
                        raise self._locked()
                    time.sleep(PAUSE)
                if os.path.samestat(os.fstat(handle), os.stat(self.folder)):
                    return handle
            except BaseException:
                os.close(handle)
                raise
            os.close(handle)

    def _open(self, arcadedb: Any, folder: Path, deadline: float) -> Any:
        while True:
            try:
                return arcadedb.open_database(str(folder))
            except arcadedb.ArcadeDBError as fault:
                if not is_lock(str(fault)):
                    raise
                if time.monotonic() > deadline:
                    raise self._locked() from fault
                time.sleep(PAUSE)

    def _locked(self) -> StoreLocked:
        return StoreLocked(f"{self.folder} is in use by another program; wait for it to finish, or stop it.")


class _Overtaken(Exception):
    """Another program made the store meanwhile."""


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


def _to_disk(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        _sync(path)


def _move(building: Path, folder: Path) -> None:
    try:
        os.rename(building, folder)  # also over an empty folder, but over nothing else
    except OSError as fault:
        if fault.errno in (errno.ENOTEMPTY, errno.EEXIST):
            raise _Overtaken from fault
        with explained(folder):
            raise
    with suppress(OSError):
        _sync(folder.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    import fcntl  # not on Windows, where the engine's own lock is all there is

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
