"""The store: deliveries in, statements and tables out, whichever engine keeps them."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, partial
from hashlib import blake2b
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from tsi_graph.batch import Batch
from tsi_graph.errors import StoreAbsent, StoreLocked, Unusable
from tsi_graph.fields import normal
from tsi_graph.model import SAME_AS
from tsi_graph.statements import Table
from tsi_graph.store import (
    adhoc,
    adhoc_run,
    backup,
    manifest,
    migrations,
    parts,
    queries,
    snapshot,
    stamps,
    whole,
    writing,
)
from tsi_graph.store.base import Engine, Row, T, Transaction, read
from tsi_graph.store.kept import private
from tsi_graph.store.projection import JOINING, Known
from tsi_graph.store.writing import Counts, Delivery, Outcome, R, Reversal, Unfinished

if TYPE_CHECKING:
    import pandas as pd

    from tsi_graph.statements import Import
    from tsi_graph.store.backup import Content, Saved
    from tsi_graph.store.check import Checked


class Store:
    """Statements and numbered imports in a graph database, and the graph that follows from them."""

    def __init__(self, engine: Engine, snapshot_at: Path | None = None) -> None:
        self._engine = engine
        self._snapshot = snapshot_at
        self._held: tuple[Table | None, object] = None, None  # the table at hand, and of which revision it is
        self._stamp = self.beside("ledger") if snapshot_at else None
        self._answered: tuple[float, str | None] = 0.0, None
        self._found = False
        self._lock = RLock()

    def write(
        self,
        batch: Batch,
        dataset: str,
        complete: bool = False,
        *,
        partial: bool = False,
        note: str = "",
        progress: Callable[[int, int], None] | None = None,
    ) -> Counts:
        """Import a delivery: all of it or, on any problem, nothing (DataInvalid lists every one).

        The same delivery twice changes nothing; an edited one updates what its dataset said before.
        complete: what the dataset no longer says is withdrawn. partial: rows with problems are left
        out, the rest is kept. progress: told now and then how many rows of how many are written.
        """
        try:
            name = normal(dataset)
        except ValueError as fault:
            raise Unusable(f"A dataset cannot be called {dataset!r}: {fault}.") from fault
        if not name:
            raise Unusable("A dataset has a name; it says each time which source a delivery comes from.")
        return self._deliver(Delivery(batch, name, complete, partial, note), progress)

    def correct(self, withdraw: Iterable[str], say: Batch, note: str = "") -> Counts:
        """A person's decision: these statements (ids) are wrong, these records are right.

        It outranks every file, past and to come, until it is undone.
        """
        name = JOINING if any(edge.kind == SAME_AS for edge in say.edges) else "by hand"
        delivery = Delivery(say, name, by_hand=True, withdraw=frozenset(withdraw), note=note)
        return self._deliver(delivery)

    def undo(self, number: int | None = None) -> Import:
        """Take an import back (the last, if no number is given), as if it had never come. Undo that to redo."""
        return self._take_back(lambda known: writing.plan_undo(number, writing.now(), known))

    def redo(self) -> Import:
        """Bring back what the last undo took away."""
        return self._take_back(lambda known: writing.plan_redo(writing.now(), known))

    def statements(self) -> Table:
        """All statements and imports, as one table; every view, old or new, is computed from it.

        Kept in memory and, for the embedded store, in a snapshot beside it, until the next import.
        """
        held, stamp = self._held
        if held is not None and stamp == self._revision():
            return held  # without the lock: readers go on while an import runs
        with self._lock:
            self._held = self._load()
            return self._held[0]

    @property
    def local(self) -> bool:
        """Whether it is a folder here: what changed is then seen without opening it."""
        return self._snapshot is not None

    @property
    def folder(self) -> Path | None:
        """Of a store that is a folder here: which."""
        return vars(self._engine).get("folder") if self._snapshot else None

    def lost(self) -> bool:
        """Whether the folder was there, or left its snapshot, and is gone: none is begun in its place from then on."""
        if self._snapshot is None:
            return False
        engine: Any = self._engine
        there: bool = engine.there(once=self._found)
        self._found = self._found or there or self._snapshot.exists()
        if self._found and not there:
            engine.there(once=True)
        return self._found and not there

    def outlived(self) -> tuple[Table, datetime] | None:
        """What the snapshot beside a folder that is gone tells, and since when it was so."""
        table = snapshot.load(self._snapshot) if self._snapshot else None
        if table is None or self._snapshot is None:
            return None
        return table, datetime.fromtimestamp(self._snapshot.stat().st_mtime, UTC)

    def held(self) -> Table | None:
        """The table at hand, if a look beside the folder says that it is current; None where only the store can say."""
        held, stamp = self._held
        return held if self._snapshot and held is not None and stamp == self._revision() else None

    def reach(self) -> None:
        """Look whether the store answers, now, whatever was found a moment ago. Raises StoreUnreachable."""
        self._engine.reach()

    def transact(self, work: Callable[[Transaction], T]) -> T:
        """Do work on what is kept beside the statements (the ledger), in one transaction: all of it or nothing.

        It may be done again after a passing fault, so it reads all that it decides on itself.
        """
        with self._lock, stamps.changing(self._stamp):
            try:
                return self._engine.transact(work)
            finally:
                self._answered = 0.0, None

    def revision(self, *, within: float = 0.0) -> str | None:
        """What changes whenever the statements or the ledger do; None where that cannot be told just now.

        Of a folder it is read from two small files beside it, without opening it, whoever wrote. A server is asked
        one short question, unless this store asked it at most `within` seconds ago.
        """
        if self._snapshot and self._stamp:
            data, ledger = snapshot.stamp(self._snapshot), stamps.read(self._stamp)
            return f"{data[0]:x}-{data[1]:x}-{ledger}" if data and ledger is not None else None
        at, known = self._answered
        if known is None or time.monotonic() - at > within:
            at = time.monotonic()
            rows = self._engine.query(queries.text("read/manifest"), {})
            known = "-".join(str(row["hash"]) for row in rows) or None
            self._answered = at, known
        return known

    def read(self, name: str, **parameters: Any) -> pd.DataFrame:
        """The rows of cypher/read/<name>.cypher as a table; `skip` and `limit` are 0 and 1,000 unless given."""
        import pandas as pd

        rows = list(self._engine.query(queries.text(f"read/{name}"), {"skip": 0, "limit": 1000, **parameters}))
        if rows and "changes" in rows[0]:
            rows = backup.without(rows, self._unfinished())
        return pd.DataFrame(rows)

    def cypher(self, text: str, /, *, limit: int = 10_000, seconds: float = 30.0, **parameters: Any) -> pd.DataFrame:
        """The rows of an analyst's own statement, which can only read.

        Values go in as $parameters; nodes and relationships come out as dictionaries, dates as ISO text. More rows
        than `limit` are cut: a Truncated warning says so, and `.attrs["truncated"]`. Raises Refused for what writes
        or reaches outside, QueryTimeout after `seconds`, Unusable for what the engine does not understand.
        """
        adhoc.checked(text)
        if self._snapshot and not self._snapshot.exists():
            self.statements()  # nobody has looked yet whether the folder is whole; its counts alone do not tell
        return adhoc_run.run(self._engine, text, parameters, limit=limit, seconds=seconds)

    def migrate(self, *, dry_run: bool = False) -> list[migrations.Migration]:
        """Bring a store of an earlier version to this one, and say what that took; writing does it too.

        dry_run: only say. Raises Conflict for a store of a newer program, or a migration edited since.
        """
        with self._lock:
            lacking = self._engine.look(_lacking)
            if lacking and not dry_run:
                self._engine.transact(lambda tx: None)
            return lacking

    def check(self) -> Checked:
        """Whether the store holds what was written to it, and its graph is what the statements say; reads all of it."""
        from tsi_graph.store.check import check

        with self._lock:
            return check(self._engine, self._snapshot)

    def backup(self, path: Path | str, *, damaged: bool = False) -> Saved:
        """Save all of it into one file (packed if its name ends with .gz); gives how many records of each sort.

        The same contents give the same bytes, on either engine. Raises StoreDamaged rather than save less than there
        was. damaged: save what can be read, into a new file; `.missing` of the answer says what is not in it.
        """
        with self._lock:
            return backup.save(self._engine, Path(path), kept_at=self._snapshot, damaged=damaged)

    def restore(
        self, path: Path | str, *, replace: bool = False, vouch: Callable[[Content], None] = lambda content: None
    ) -> dict[str, int]:
        """Put a backup, of either engine, into this store, which is empty unless what it holds may be replaced.

        Raises Refused for a file that is cut, changed, foreign or hostile, before anything is touched; Conflict for
        a store that is not empty. vouch: raises for contents that the caller knows more about.
        """
        from tsi_graph.store import restore
        from tsi_graph.store.backup_reading import read_file

        content = read_file(Path(path))
        vouch(content)
        with self._lock, stamps.changing(self._stamp):
            restore.put(self._engine, content, replace=replace)
            if self._snapshot:
                self._snapshot.unlink(missing_ok=True)
            self._held = content.table, self._keep(content.table)
        return content.counts

    def beside(self, name: str) -> Path:
        """A place of that name beside the store, for what waits outside it; of a server, in a temporary folder of ours
        alone. Raises Refused where that is somebody else's."""
        if self._snapshot:
            return self._snapshot.with_name(self._snapshot.name.replace(".snapshot.npz", f".{name}"))
        whose = getattr(os, "getuid", int)()
        which = blake2b(f"{whose} {vars(self._engine).get('_url')}".encode(), digest_size=5).hexdigest()
        return private(Path(tempfile.gettempdir()) / f"tsi-{which}") / name

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._engine.close()

    def _deliver(self, delivery: Delivery, progress: Callable[[int, int], None] | None = None) -> Counts:
        rows = len(delivery.batch.nodes) + len(delivery.batch.edges) + len(delivery.batch.answers)
        written = 0

        def told(more: int) -> None:
            nonlocal written
            written = min(written + more, 2 * rows)  # each row as a statement, and again in the graph
            if progress:
                progress(written, 2 * rows)

        if self._engine.largest is not None and rows > self._engine.largest:
            return self._commit(lambda: parts.write_in_parts(self._engine, delivery, writing.now(), self._known, told))
        return self._commit(
            lambda: self._once(lambda known: writing.write_delivery(delivery, writing.now(), known, told))
        )

    def _take_back(self, plan: Callable[[Known], Reversal]) -> Import:
        if self._engine.largest is not None:
            return self._commit(lambda: parts.take_back(self._engine, plan, self._once, self._known))
        return self._commit(lambda: self._once(lambda known: writing.write_reversal(plan(known), known)))

    def _known(self, tx: Transaction) -> Known:
        """What is said, as the transaction sees it; from the table at hand where that is current."""

        def table() -> Table | None:
            held = self._held[0] or (snapshot.load(self._snapshot) if self._snapshot else None)
            current = held is not None and _is_current(held, _last_of(writing.done_imports(tx)[-1:]), manifest.kept(tx))
            return held if current else None

        return Known(tx, cache(table))

    def _once(self, work: Callable[[Known], Outcome[R]]) -> Outcome[R]:
        """Do the work in one transaction, also if the answer to its commit is lost and it is tried again."""
        attempts: list[Outcome[R]] = []

        def attempt(tx: Transaction) -> Outcome[R]:
            if attempts and attempts[-1].imports and attempts[-1].imports[-1] in writing.done_imports(tx):
                return attempts[-1]
            attempts.append(work(self._known(tx)))
            return attempts[-1]

        return self._engine.transact(attempt)

    def _commit(self, work: Callable[[], Outcome[R]]) -> R:
        """Do the work, and bring table and snapshot to what it left.

        What was there is looked at first, and read where no table at hand is of it: to damage nothing is added.
        """
        with self._lock:
            with suppress(StoreAbsent):
                self.statements()
            try:
                outcome = work()
            except Unfinished:
                parts.mend(self._engine)
                outcome = work()
            if outcome.imports:
                parts.sweep(self._engine)
            if outcome.touched is not None:
                before = self._held[0] or (snapshot.load(self._snapshot) if self._snapshot else None)
                table = _merged(before, outcome.touched, outcome.imports)
                # Another program may have imported since: then the store itself is read again.
                current = table is not None and self._engine.look(partial(_is_of, table=table))
                self._held = (table, self._keep(table)) if table is not None and current else self._load()
            self._answered = 0.0, None
            return outcome.answer

    def _unfinished(self) -> set[int]:
        return {row["number"] for row in self._engine.query(queries.text("read/unfinished"), {})}

    def _keep(self, table: Table) -> object:
        """Save a table for the next readers, and say which revision it is of."""
        if self._snapshot is None:
            return _last_of(table.imports)
        with suppress(OSError):  # it is safe in the store; the next reader tries again
            return snapshot.save(self._snapshot, table)
        return self._revision()

    def _revision(self) -> object:
        """What changes with each import: the snapshot file, or the last import of the server."""
        return snapshot.stamp(self._snapshot) if self._snapshot else self._last()

    def _last(self) -> tuple[int, datetime] | None:
        """The number and moment of the last import in the store itself."""
        return _last_row(self._engine.query(queries.text("read/revision"), {}))

    def _load(self) -> tuple[Table, object]:
        """From the snapshot if it is current, or if another program holds the store; else from the store."""
        stamp = self._revision() if self._snapshot else None
        kept = snapshot.load(self._snapshot) if self._snapshot else None
        try:
            table = self._engine.look(partial(_table, kept=kept))
        except StoreLocked:
            if kept is None:
                raise
            return kept, stamp
        return table, stamp if table is kept else self._keep(table)


def _table(tx: Transaction, kept: Table | None) -> Table:
    """All that was ever said by imports that are done; `kept` if that is all.

    Raises StoreDamaged if some was lost or changed: what is read is compared one by one, `kept` by its hash.
    """
    if kept is not None and _is_current(kept, _last_row(read(tx, "revision")), manifest.compare(tx)):
        return kept

    def work(state: manifest.State) -> tuple[manifest.Manifests, str, dict[str, tuple[int, int]], Table]:
        manifest.served(state.manifests)
        return state.manifests, *manifest.against(tx, state), backup.read_table(tx, state.unfinished)

    manifests, gone, odd, table = manifest.steady(tx, work)
    manifest.object_to(gone, odd)
    whole.verify(table.rows)
    manifest.verify(manifests, table)
    return table


def _is_of(tx: Transaction, table: Table) -> bool:
    return _is_current(table, _last_row(read(tx, "revision")), manifest.kept(tx))


def _is_current(table: Table, last: tuple[int, datetime] | None, manifests: manifest.Manifests) -> bool:
    """Whether a table is what the store holds after this import, by its hash where the store has one."""
    if _last_of(table.imports) != last:
        return False
    return manifest.DATA not in manifests or manifests[manifest.DATA]["hash"] == manifest.hash_of(table)


def _lacking(tx: Transaction) -> list[migrations.Migration]:
    manifest.compare(tx)
    return migrations.pending(migrations.applied(tx))


def _last_row(rows: Iterable[Row]) -> tuple[int, datetime] | None:
    return next(((row["number"], datetime.fromisoformat(row["at"])) for row in rows), None)


def _last_of(imports: Sequence[Import]) -> tuple[int, datetime] | None:
    return (imports[-1].number, imports[-1].at) if imports else None


def _merged(before: Table | None, touched: pd.DataFrame, imports: tuple[Import, ...]) -> Table | None:
    """The table after an import, if it was current before; None where it must be read anew."""
    import pandas as pd

    if _last_of(before.imports if before else ()) != _last_of(imports[:-1]):
        return None
    hashed = manifest.grown(manifest.hash_of(before) if before else "0", Table(touched, imports))
    if before and len(before.rows):
        touched = pd.concat([before.rows[~before.rows["id"].isin(touched["id"])], touched])
    return manifest.note(Table(touched.sort_values("id", ignore_index=True), imports), hashed)
