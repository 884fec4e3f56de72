"""ArcadeDB in this process: one local folder, nothing to start."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tsi_graph.errors import StoreLocked, StoreUnreachable
from tsi_graph.store import queries
from tsi_graph.store.base import Row, T, Transaction

PATIENCE = 5.0
"""Seconds to wait for another process that holds the folder."""


class ArcadeEngine:
    """The folder is opened for each piece of work and closed after it (5 ms), so that programs can take turns."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def transact(self, work: Callable[[Transaction], T]) -> T:
        with self._opened(create=True) as database, database.transaction():
            return work(_ArcadeTransaction(database))

    def query(self, text: str, parameters: Row, *, seconds: float | None = None) -> Iterator[Row]:
        with self._opened(create=False) as database:
            yield from database.query("opencypher", text, parameters).to_list()

    def close(self) -> None:
        """Nothing stays open between calls."""

    @contextmanager
    def _opened(self, *, create: bool) -> Iterator[Any]:
        # The engine's log goes to its file; on the screen it would stand in the middle of ours.
        os.environ.setdefault("ARCADEDB_LOG_CONSOLE", "0")
        try:
            import arcadedb
        except ImportError as missing:
            raise StoreUnreachable(
                "The embedded store is not available on this platform; set TSI_STORE to a Neo4j server (neo4j://host)."
            ) from missing
        new = not self.folder.exists() or not any(self.folder.iterdir())
        if new and not create:
            raise StoreUnreachable(f"There is no store at {self.folder}: `tsi demo` or `tsi import FOLDER` makes one.")
        if not new and not (self.folder / "schema.json").is_file():
            raise StoreUnreachable(f"{self.folder} is a folder of something else, not a store; name another.")
        database = self._open(arcadedb, new)
        try:
            database.set_wal_flush("yes_full")
            if create:  # also a store of an earlier version; what is there already costs a fraction of a millisecond
                for statement in queries.schema():
                    database.command("opencypher", statement)
            yield database
        except BaseException as fault:
            if new:
                database.drop()  # what could not be begun leaves nothing behind
            if not isinstance(fault, arcadedb.ArcadeDBError):
                raise
            raise StoreUnreachable(f"The store at {self.folder} refused: {_first_line(fault)}") from fault
        finally:
            if database.is_open():
                database.close()

    def _open(self, arcadedb: Any, new: bool) -> Any:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return (arcadedb.create_database if new else arcadedb.open_database)(str(self.folder))
            except arcadedb.ArcadeDBError as fault:
                locked = any(words in str(fault) for words in ("locked by another process", "already in use"))
                if not locked:
                    raise StoreUnreachable(f"{self.folder} cannot be opened: {_first_line(fault)}") from fault
                if time.monotonic() > deadline:
                    raise StoreLocked(
                        f"{self.folder} is in use by another program; wait for it to finish, or stop it."
                    ) from fault
                time.sleep(0.05)


class _ArcadeTransaction:
    def __init__(self, database: Any) -> None:
        self._database = database

    def run(self, text: str, parameters: Row) -> list[Row]:
        result = self._database.command("opencypher", text, parameters)
        return [] if result is None else list(result.to_list())


def _first_line(fault: Exception) -> str:
    return str(fault).partition("\n")[0]
