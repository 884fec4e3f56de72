"""The store: deliveries in, statements and tables out, whichever engine keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from tsi_graph.batch import Batch
from tsi_graph.errors import StoreUnreachable
from tsi_graph.store import queries, snapshot, writing
from tsi_graph.store.base import Engine, read
from tsi_graph.store.projection import table_of
from tsi_graph.store.writing import ALL, Counts, Delivery

if TYPE_CHECKING:
    import pandas as pd

    from tsi_graph.statements import Import, Table


class Store:
    """Statements and numbered imports in a graph database, and the graph that follows from them."""

    def __init__(self, engine: Engine, snapshot_at: Path | None = None) -> None:
        self._engine = engine
        self._snapshot = snapshot_at
        self._table: Table | None = None
        self._stamp: object = None
        self._lock = RLock()

    def write(
        self,
        batch: Batch,
        dataset: str,
        complete: bool = False,
        *,
        partial: bool = False,
        note: str = "",
    ) -> Counts:
        """Import a delivery: all of it or, on any problem, nothing (DataInvalid lists every one).

        The same delivery twice changes nothing; an edited one updates what its dataset said before.
        complete: what the dataset no longer says is withdrawn. partial: rows with problems are left
        out, the rest is kept.
        """
        delivery = Delivery(batch, dataset, complete, partial, note)
        with self._writing():
            return self._engine.transact(lambda tx: writing.write_delivery(tx, delivery, writing.now()))

    def correct(self, withdraw: Iterable[str], say: Batch, note: str = "") -> Counts:
        """A person's decision: these statements (ids) are wrong, these records are right.

        It outranks every file, past and to come, until it is undone.
        """
        delivery = Delivery(say, "by hand", by_hand=True, withdraw=frozenset(withdraw), note=note)
        with self._writing():
            return self._engine.transact(lambda tx: writing.write_delivery(tx, delivery, writing.now()))

    def undo(self, number: int | None = None) -> Import:
        """Take an import back (the last, if no number is given), as if it had never come. Undo that to redo."""
        with self._writing():
            return self._engine.transact(lambda tx: writing.undo(tx, number, writing.now()))

    def redo(self) -> Import:
        """Bring back what the last undo took away."""
        with self._writing():
            return self._engine.transact(lambda tx: writing.redo(tx, writing.now()))

    def statements(self) -> Table:
        """All statements and imports, as one table; every view, old or new, is computed from it.

        Kept in memory and, for the embedded store, in a snapshot beside it, until the next import.
        """
        with self._lock:
            stamp = self._revision()
            if self._table is None or stamp != self._stamp:
                self._table = self._load()
                self._stamp = self._revision()
            return self._table

    def read(self, name: str, **parameters: Any) -> pd.DataFrame:
        """The rows of cypher/read/<name>.cypher as a table; `skip` and `limit` are 0 and 1,000 unless given."""
        import pandas as pd

        rows = self._engine.query(queries.text(f"read/{name}"), {"skip": 0, "limit": 1000, **parameters})
        return pd.DataFrame(list(rows))

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._engine.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock:
            yield
            self._table = None
            if self._snapshot:
                self.statements()

    def _revision(self) -> object:
        if self._snapshot:
            return snapshot.stamp(self._snapshot)
        return next(self._engine.query(queries.text("read/revision"), {}))["revision"]

    def _load(self) -> Table:
        """From the snapshot if it is current, or if another process holds the store; else from the store."""
        kept = snapshot.load(self._snapshot) if self._snapshot else None
        try:
            revision = next(self._engine.query(queries.text("read/revision"), {}))["revision"]
        except StoreUnreachable:
            if kept is None:
                raise
            return kept
        if kept is not None and max((i.number for i in kept.imports), default=0) == revision:
            return kept
        table = self._engine.transact(lambda tx: table_of(read(tx, "statements", **ALL), writing.read_imports(tx)))
        if self._snapshot:
            snapshot.save(self._snapshot, table)
        return table
