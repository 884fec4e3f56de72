"""What can still be read of a damaged store, record by record, and what of it is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from tsi_graph.errors import StoreAbsent, StoreDamaged, StoreLocked, StoreUnreachable
from tsi_graph.statements import ALL, COLUMNS, Import, Table, import_of
from tsi_graph.store import manifest, snapshot, whole
from tsi_graph.store.base import Engine, Row, T, read
from tsi_graph.store.manifest import COUNTED, DATA, LEDGER, Manifests

RECOVERED = "recovered"
"""The dataset of an import of which the number alone is left."""


@dataclass(frozen=True)
class Missing:
    """What of a store is not in the file. counts: of each sort (saved, kept once) where it is less than it was.

    changed: statements (id, fact) left out because they are no longer what was written. imports: numbers of which
    nothing else is left. Nothing is missing where all is blank.
    """

    counts: dict[str, tuple[int, int]]
    changed: tuple[tuple[str, str], ...]
    imports: tuple[int, ...]
    unreadable: int

    def __bool__(self) -> bool:
        return bool(self.counts or self.changed or self.imports or self.unreadable)


def rescued(engine: Engine, kept_at: Path | None) -> tuple[Table, dict[str, list[Row]], Missing]:
    """Statements and imports, the ledger, and what is missing; the statements from the snapshot if that has them all.

    Raises StoreDamaged if nothing can be read.
    """
    manifests: Manifests = _tried(lambda: engine.look(manifest.kept), {})
    manifest.served(manifests)
    table, changed, imports, unreadable = _statements(engine)
    kept = snapshot.load(kept_at) if kept_at else None
    if kept is not None and _better(kept, table, manifests):
        table, changed, imports, unreadable = kept, (), (), 0
    entries: dict[str, list[Row]] = {
        what: _tried(lambda what=what: engine.look(lambda tx: read(tx, f"ledger_{what}", **ALL)), [])  # type: ignore[misc]
        for what in COUNTED[LEDGER]
    }
    there = {row["id"] for row in entries["introductions"]}
    entries["events"] = [row for row in entries["events"] if row["introduction"] in there]
    told = {row["introduction"] for row in entries["events"]}
    entries["introductions"] = [row for row in entries["introductions"] if row["id"] in told]
    saved = {"imports": len(table.imports), "statements": len(table.rows)}
    saved |= {what: len(rows) for what, rows in entries.items()}
    if not saved["statements"] and not any(entries.values()):
        raise StoreDamaged(
            "The store is damaged, and nothing of it can be read: no statement, no entry of the ledger. No file was "
            "written. `tsi store restore FILE --replace` puts an earlier backup in its place."
        )
    once = {what: row[what] for row in manifests.values() for what in saved if what in row}
    counts = {what: (n, once[what]) for what, n in saved.items() if once.get(what, n) != n}
    return table, entries, Missing(counts, changed, imports, unreadable)


def _statements(engine: Engine) -> tuple[Table, tuple[tuple[str, str], ...], tuple[int, ...], int]:
    """The readable statements that are still what was written, with their imports; those left out; what is lost."""
    nothing: tuple[list[Row], int] = [], 1
    found, unreadable = _tried(lambda: engine.salvage("Statement"), nothing)
    known, under_way, imports_unreadable = _imports(engine)
    rows: dict[Any, Row] = {}
    for row in found:
        numbers = whole.numbers_of(row.get("changes"))
        if numbers is not None and not under_way.isdisjoint(numbers):
            row["changes"] = [c for c in row["changes"] if abs(c) not in under_way]
        if row.get("changes"):
            rows[str(row.get("id"))] = {name: row.get(name) for name in (*COLUMNS, "changes")}
    all_rows = pd.DataFrame(list(rows.values()), columns=pd.Index([*COLUMNS, "changes"]))
    sound = whole.sound(all_rows)
    changed = all_rows[~sound]
    kept = whole.mended(all_rows[sound]).sort_values("id", ignore_index=True)
    needed = {abs(c) for changes in kept["changes"] for c in changes} | {one.undoes for one in known.values()} - {0}
    lost = tuple(sorted(needed - known.keys()))
    table = Table(kept, tuple(_filled(known, lost)))
    left_out = tuple(zip(map(str, changed["id"]), map(str, changed["fact"]), strict=True))
    return table, left_out, lost, unreadable + imports_unreadable


def _imports(engine: Engine) -> tuple[dict[int, Import], set[int], int]:
    """The imports that are done, by number; the numbers of the others; how many places could not be read."""
    nothing: tuple[list[Row], int] = [], 1
    found, unreadable = _tried(lambda: engine.salvage("Import"), nothing)
    names = [field.name for field in fields(Import)]
    known: dict[int, Import] = {}
    under_way: set[int] = set()
    for row in found:
        try:
            one = import_of({name: row[name] for name in names if row.get(name) is not None})
        except (TypeError, ValueError):
            unreadable += 1
            continue
        if one.done:
            known[one.number] = one
        else:
            under_way.add(one.number)
    return known, under_way, unreadable


def _filled(known: dict[int, Import], lost: Iterable[int]) -> list[Import]:
    """The imports in order; those that are lost take the moment of the one before them."""
    first = next((known[n].at for n in sorted(known)), datetime.now(UTC))
    out: list[Import] = []
    for number in sorted({*known, *lost}):
        at = out[-1].at if out else first
        out.append(known.get(number) or Import(number, at, RECOVERED))
    return out


def _better(kept: Table, table: Table, manifests: Manifests) -> bool:
    """Whether the snapshot holds all there was, or as far as one can still know no less than was found."""
    if DATA in manifests:
        row = manifests[DATA]
        return bool(
            (len(kept.imports), len(kept.rows), manifest.hash_of(kept))
            == (row["imports"], row["statements"], row["hash"])
        )
    last = [max((one.number for one in one_table.imports), default=0) for one_table in (kept, table)]
    return last[0] >= last[1] and len(kept.rows) >= len(table.rows)


def _tried(work: Callable[[], T], otherwise: T) -> T:
    """What the work gives, or this if the store cannot be read there."""
    try:
        return work()
    except (StoreAbsent, StoreLocked):
        raise
    except (StoreUnreachable, StoreDamaged):
        return otherwise
