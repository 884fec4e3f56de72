"""The store: deliveries in, statements and tables out, whichever engine keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from tsi_graph.batch import Batch
from tsi_graph.errors import StoreLocked, Unusable
from tsi_graph.fields import normal
from tsi_graph.statements import Table
from tsi_graph.store import queries, snapshot, writing
from tsi_graph.store.base import Engine, T, Transaction, read
from tsi_graph.store.projection import table_of
from tsi_graph.store.writing import ALL, Counts, Delivery, Outcome, R

if TYPE_CHECKING:
    import pandas as pd

    from tsi_graph.statements import Import


class Store:
    """Statements and numbered imports in a graph database, and the graph that follows from them."""

    def __init__(self, engine: Engine, snapshot_at: Path | None = None) -> None:
        self._engine = engine
        self._snapshot = snapshot_at
        self._held: tuple[Table | None, object] = None, None
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
        try:
            name = normal(dataset)
        except ValueError as fault:
            raise Unusable(f"A dataset cannot be called {dataset!r}: {fault}.") from fault
        if not name:
            raise Unusable("A dataset has a name; it says each time which source a delivery comes from.")
        delivery = Delivery(batch, name, complete, partial, note)
        return self._commit(lambda tx: writing.write_delivery(tx, delivery, writing.now()))

    def correct(self, withdraw: Iterable[str], say: Batch, note: str = "") -> Counts:
        """A person's decision: these statements (ids) are wrong, these records are right.

        It outranks every file, past and to come, until it is undone.
        """
        delivery = Delivery(say, "by hand", by_hand=True, withdraw=frozenset(withdraw), note=note)
        return self._commit(lambda tx: writing.write_delivery(tx, delivery, writing.now()))

    def undo(self, number: int | None = None) -> Import:
        """Take an import back (the last, if no number is given), as if it had never come. Undo that to redo."""
        return self._commit(lambda tx: writing.undo(tx, number, writing.now()))

    def redo(self) -> Import:
        """Bring back what the last undo took away."""
        return self._commit(lambda tx: writing.redo(tx, writing.now()))

    def statements(self) -> Table:
        """All statements and imports, as one table; every view, old or new, is computed from it.

        Kept in memory and, for the embedded store, in a snapshot beside it, until the next import.
        """
        held, stamp = self._held
        if held is not None and stamp == self._revision():
            return held  # without the lock: readers go on while an import runs
        with self._lock:
            return self._hold(self._load())

    def transact(self, work: Callable[[Transaction], T]) -> T:
        """Do work on what is kept beside the statements (the ledger), in one transaction: all of it or nothing.

        It may be done again after a passing fault, so it reads all that it decides on itself.
        """
        with self._lock:
            return self._engine.transact(work)

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

    def _commit(self, work: Callable[[Transaction], Outcome[R]]) -> R:
        """Do the work in one transaction, and bring table and snapshot to what it left."""
        with self._lock:
            outcome = self._engine.transact(work)
            if outcome.touched is not None:
                before = self._held[0] or (snapshot.load(self._snapshot) if self._snapshot else None)
                table = _merged(before, outcome.touched, outcome.imports)
                # Another program may have imported since: then the store itself is read again.
                current = table is not None and self._last() == _last_of(table.imports)
                self._hold(table if table is not None and current else self._load(), fresh=current)
            return outcome.answer

    def _hold(self, table: Table, *, fresh: bool = False) -> Table:
        """Keep a table until the next import; one that is newer than the snapshot replaces it."""
        if self._snapshot and fresh:
            with suppress(OSError):  # the import is safe in the store; the next reader tries again
                snapshot.save(self._snapshot, table)
        self._held = table, self._revision() if self._snapshot else _last_of(table.imports)
        return table

    def _revision(self) -> object:
        """What changes with each import: the snapshot file, or the last import of the server."""
        return snapshot.stamp(self._snapshot) if self._snapshot else self._last()

    def _last(self) -> tuple[int, datetime] | None:
        """The number and moment of the last import in the store itself."""
        found = next(self._engine.query(queries.text("read/revision"), {}), None)
        return (found["number"], datetime.fromisoformat(found["at"])) if found else None

    def _load(self) -> Table:
        """From the snapshot if it is current, or if another program holds the store; else from the store."""
        kept = snapshot.load(self._snapshot) if self._snapshot else None
        try:
            last = self._last()
        except StoreLocked:
            if kept is None:
                raise
            return kept
        if kept is not None and _last_of(kept.imports) == last:
            return kept
        table = self._engine.transact(lambda tx: table_of(read(tx, "statements", **ALL), writing.read_imports(tx)))
        if self._snapshot:
            with suppress(OSError):
                snapshot.save(self._snapshot, table)
        return table


def _last_of(imports: Sequence[Import]) -> tuple[int, datetime] | None:
    return (imports[-1].number, imports[-1].at) if imports else None


def _merged(before: Table | None, touched: pd.DataFrame, imports: tuple[Import, ...]) -> Table | None:
    """The table after an import, if it was current before; None where it must be read anew."""
    import pandas as pd

    if _last_of(before.imports if before else ()) != _last_of(imports[:-1]):
        return None
    if before:
        touched = pd.concat([before.rows[~before.rows["id"].isin(touched["id"])], touched])
    return Table(touched.sort_values("id", ignore_index=True), imports)
