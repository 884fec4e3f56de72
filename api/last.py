"""The store as the API sees it: it answers from what was last known while the store itself does not."""

from __future__ import annotations

import json
import os
import time
import weakref
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, TypeVar, cast

from tsi_graph.errors import StoreAbsent, StoreUnreachable
from tsi_graph.store import Store, snapshot

from . import telemetry

if TYPE_CHECKING:
    import pandas as pd

    from tsi_graph.statements import Table

T = TypeVar("T")

PATIENCE, LONGEST = 2.0, 6.5
"""Seconds for which a reader waits for the store: where the last answer is known, and where none is."""
PROBE = 0.5
"""Seconds between two looks whether a store that went away is back."""
THREADS = 8
"""How many questions to the store are under way at once; one that stalls holds one of them, and no reader."""
LOST = "The folder of the store is not where it was. Put it back: nothing is written until it is there again."
LEDGER = ("introductions", "introducer_marks")
"""What is read of the ledger, and kept."""


class Last:
    """The same surface as the `Store` behind it.

    Reading asks the store in a thread of its own and waits for it `PATIENCE` long; then, and until the store is
    back, it answers at once what it answered last, and `stale` says of when that is. Writing is refused at once
    while the store is away. A thread looks each `PROBE` seconds whether it is back.

    A folder is looked for each time. One that was there, or left its snapshot, and is not there now is away: no new
    store is made in its place.

    kept: a file in which the last answers of a server stay, so that a restart during its outage has them too. An
    embedded store has its snapshot beside it anyway, and its ledger is kept there.
    """

    def __init__(self, store: Store, kept: Path | None = None) -> None:
        self._store, self._file = store, store.beside("last") if store.local else kept
        self._pool = ThreadPoolExecutor(THREADS, "store")
        self._lock = Lock()
        self._known: dict[Hashable, Any] = {}
        self._revision: tuple[float, str | None] = 0.0, None
        self._reason = ""
        self._away = False
        self.outages = 0
        self.seen: datetime | None = None
        if kept and not store.local:
            self._recall(kept)
        self._look()

    @property
    def stale(self) -> datetime | None:
        """Of when the answers are, while the store is away; None while it answers, or if nothing is known."""
        self._look()
        return self.seen if self._away and "statements" in self._known else None

    @property
    def reason(self) -> str:
        """Why the store is away; blank while it answers."""
        self._look()
        return self._reason if self._away else ""

    def statements(self) -> Table:
        self._look()
        held = None if self._away else self._store.held()
        if held is not None:
            self._note("statements", held)
            return held
        return self._ask("statements", self._store.statements)

    def revision(self, *, within: float = 0.0) -> str | None:
        """What changes whenever the statements or the ledger do; None while the store is away.

        It changes with each outage as well, so that what was answered meanwhile is not taken for what is there now.
        """
        self._look()
        outages, (at, known) = self.outages, self._revision
        if self._away:
            return None
        if known is None or time.monotonic() - at >= within:
            try:
                known = self._store.revision() if self._store.local else self._ask("revision", self._store.revision)
            except StoreUnreachable:
                return None
            if self._away or outages != self.outages:
                return None
            self._revision = time.monotonic(), known
        return f"{known}.{outages}" if known and outages else known

    def read(self, name: str, **parameters: Any) -> pd.DataFrame:
        key = (name, *sorted(parameters.items())) if name in LEDGER else None
        return self._ask(key, lambda: self._store.read(name, **parameters))

    def cypher(self, *given: Any, **named: Any) -> pd.DataFrame:
        return self._ask(None, lambda: self._store.cypher(*given, **named))

    def beside(self, name: str) -> Path:
        return self._store.beside(name)

    def write(self, *given: Any, **named: Any) -> Any:
        return self._change(lambda: self._store.write(*given, **named))

    def correct(self, *given: Any, **named: Any) -> Any:
        return self._change(lambda: self._store.correct(*given, **named))

    def undo(self, number: int | None = None) -> Any:
        return self._change(lambda: self._store.undo(number))

    def redo(self) -> Any:
        return self._change(self._store.redo)

    def transact(self, work: Callable[[Any], T]) -> T:
        return self._change(lambda: self._store.transact(work))

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._store.close()

    def as_store(self) -> Store:
        """Itself, for those who ask for a store: routes and calculations use nothing but the surface above."""
        return cast(Store, self)

    def _ask(self, key: Hashable | None, ask: Callable[[], T]) -> T:
        """What the store answers in time, else what it answered last. Raises StoreUnreachable without either."""
        self._look()
        known = key in self._known
        if not self._away:
            begun = time.monotonic()
            future = self._pool.submit(ask)
            try:
                found = future.result(PATIENCE if known else LONGEST)
            except StoreUnreachable as fault:
                if isinstance(fault, StoreAbsent) and "statements" not in self._known:
                    raise  # not away: it has yet to be made, by writing
                self._gone(str(fault))
            except TimeoutError:
                # Its answer is still welcome when it comes: a first reading of much data takes longer than a request.
                future.add_done_callback(lambda late: self._arrived(key, late))
                self._gone("The store has not answered in time.")
            else:
                telemetry.store(time.monotonic() - begun)
                self._note(key, found)
                return found
        if key is None or key not in self._known:
            raise StoreUnreachable(self._reason or "The store does not answer.")
        return cast(T, self._known[key])

    def _look(self) -> None:
        """Notice that a folder which was there is not there now."""
        if self._away or not self._store.local or not self._store.lost():
            return
        if "statements" not in self._known and (outlived := self._store.outlived()):
            self._known["statements"], self.seen = outlived
            self._recall_ledger(self._store.beside("last"))
        self._gone(LOST)

    def _change(self, work: Callable[[], T]) -> T:
        self._look()
        if self._away:
            raise StoreUnreachable(f"Nothing was written: {self._reason}")
        begun = time.monotonic()
        try:
            return work()
        except StoreUnreachable as fault:
            self._gone(str(fault))
            raise
        finally:
            self._revision = 0.0, self._revision[1]
            telemetry.store(time.monotonic() - begun)

    def _note(self, key: Hashable | None, found: Any) -> None:
        self.seen = datetime.now(UTC)
        before = self._known.get(key)
        if key is None or before is found:
            return
        self._known[key] = found
        same = isinstance(key, tuple) and before is not None and found.equals(before)
        if self._file and not same and key != "revision" and not (self._store.local and key == "statements"):
            self._pool.submit(self._remember, self._file, key, found)

    def _arrived(self, key: Hashable | None, late: Future[Any]) -> None:
        if not late.cancelled() and late.exception() is None:
            self._note(key, late.result())

    def _gone(self, reason: str) -> None:
        telemetry.store(None)
        with self._lock:
            self._reason = reason
            if not self._away:
                self._away = True
                self.outages += 1
                Thread(target=_watch, args=(weakref.ref(self),), name="store-watch", daemon=True).start()

    def back(self) -> bool:
        """Look whether the store answers again, and take in what it says."""
        try:
            self._store.reach()
            self._note("statements", self._store.statements())
        except Exception as fault:  # whatever it is, the store is not back
            lost = self._store.local and self._store.lost()
            self._reason = LOST if lost else str(fault) if isinstance(fault, StoreUnreachable) else self._reason
            return False
        with self._lock:
            self._revision = 0.0, None
            self._away = False
        return True

    def _remember(self, file: Path, key: Hashable, found: Any) -> None:
        with suppress(OSError):  # no place to keep it: it stays in memory
            if key == "statements":
                snapshot.save(file, found)
                os.chmod(file, 0o600)
            elif isinstance(key, tuple):
                place = _beside(file, str(key[0]))
                place.write_text(json.dumps([key[1:], found.to_dict("records")], default=str), "utf-8")
                place.chmod(0o600)

    def _recall(self, file: Path) -> None:
        table = snapshot.load(file)
        if table is None:
            return
        self._known["statements"] = table
        self.seen = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        self._recall_ledger(file)

    def _recall_ledger(self, file: Path) -> None:
        import pandas as pd

        for name in LEDGER:
            with suppress(OSError, ValueError):
                parameters, rows = json.loads(_beside(file, name).read_text("utf-8"))
                self._known[name, *map(tuple, parameters)] = pd.DataFrame(rows)


def _beside(file: Path, name: str) -> Path:
    return file.with_name(f"{file.name}.{name}.json")


def _watch(about: weakref.ref[Last]) -> None:
    """Look until the store is back, or nobody asks any more."""
    while True:
        time.sleep(PROBE)
        last = about()
        if last is None or last.back():
            return
        del last
