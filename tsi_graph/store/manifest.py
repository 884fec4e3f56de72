"""What the store should hold: row counts and a hash of the contents, kept in the transaction that changes them.

The hash is a sum over the rows, so a commit costs what it changes: a new row is added, a changed one exchanged.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from hashlib import blake2b
from typing import Any

from tsi_graph.errors import StoreDamaged
from tsi_graph.statements import Import, Table
from tsi_graph.store.base import Row, Transaction, read, write

DATA, LEDGER = "data", "ledger"
COUNTED = {DATA: ("imports", "statements", "nodes"), LEDGER: ("introductions", "events", "marks")}
"""The rows that each of the two manifests counts."""
ENTRIES = {"introduction": "introductions", "introduction_event": "events", "introducer_mark": "marks"}
"""What each writing statement of the ledger adds to."""
MODULUS = 1 << 128
ALL = {"skip": 0, "limit": 1_000_000_000}
TRIES = 5

Manifests = dict[str, Row]


def of_data(imports: Iterable[Import], ids: Iterable[str], changes: Iterable[Sequence[int]]) -> int:
    """The hash of imports and statements. A statement's id is a hash of what it says, so it stands for that."""
    said = sum(_of_statement(i, c) for i, c in zip(ids, changes, strict=True))
    return (sum(map(_of_import, imports)) + said) % MODULUS


def of_ledger(introductions: Iterable[Row], events: Iterable[Row], marks: Iterable[Row]) -> int:
    """The hash of the ledger."""
    parts = (("introductions", introductions), ("events", events), ("marks", marks))
    return sum(_of_entry(what, row) for what, rows in parts for row in rows) % MODULUS


def kept(tx: Transaction) -> Manifests:
    """The manifests by their names; a store of an earlier version has none."""
    return {row["id"]: {k: v for k, v in row.items() if v is not None} for row in read(tx, "manifest")}


def counts(tx: Transaction) -> dict[str, int]:
    """How many rows of each sort are there."""
    return {row["what"]: row["found"] for row in read(tx, "counts")}


def lost(kept: Manifests, found: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Sorts of rows of which the store holds another number than it should: (found, kept)."""
    odd = {
        what: (found.get(what, 0), manifest[what])
        for name, manifest in kept.items()
        for what in COUNTED[name]
        if what in manifest and found.get(what, 0) != manifest[what]
    }
    if found.get("unfinished") and "statements" in odd and odd["statements"][0] > odd["statements"][1]:
        del odd["statements"]  # those of an import under way are there, and do not count yet
    return odd


def compare(tx: Transaction) -> None:
    """Raises StoreDamaged if the store holds other numbers of rows than it should. Costs no reading of rows."""
    before = kept(tx)
    for _ in range(TRIES):
        odd, after = lost(before, counts(tx)), kept(tx)
        if before == after:
            if odd:
                raise damaged(odd)
            return
        before = after  # somebody wrote meanwhile


def damaged(odd: dict[str, tuple[int, int]]) -> StoreDamaged:
    told = ", ".join(f"{found:,} {what} instead of {expected:,}" for what, (found, expected) in odd.items())
    return StoreDamaged(f"The store is damaged: it holds {told}. {ADVICE}")


ADVICE = (
    "Nothing is read from it or written to it. `tsi store check` says what is wrong, "
    "`tsi store restore FILE --replace` puts a backup in its place, "
    "and `tsi store backup FILE --damaged` saves what is left."
)


def verify(manifests: Manifests, table: Table) -> None:
    """Raises StoreDamaged if these are not the imports and statements that the store should hold."""
    if DATA not in manifests:
        return
    manifest, found = manifests[DATA], {"imports": len(table.imports), "statements": len(table.rows)}
    odd = {what: (n, manifest[what]) for what, n in found.items() if n != manifest[what]}
    if odd:
        raise damaged(odd)
    if as_text(of_data(table.imports, table.rows["id"], table.rows["changes"])) != manifest["hash"]:
        raise StoreDamaged(f"The store is damaged: its statements are not those that were written. {ADVICE}")


def renew(tx: Transaction, touched: Table) -> None:
    """Keep what the store holds after the last of these imports; `touched` has the statements that it changed.

    The first time in a store of an earlier version all is read.
    """
    this, before = touched.imports[-1], kept(tx).get(DATA)
    if before is None and len(touched.imports) > 1:
        rows = read(tx, "statements", **ALL)
        _keep_data(tx, len(touched.imports), len(rows), _whole(touched.imports, rows))
        return
    before = before or {"imports": 0, "statements": 0, "hash": "0"}
    total, new = int(before["hash"], 16) + _of_import(this), 0
    for i, changes in zip(touched.rows["id"], touched.rows["changes"], strict=True):
        if abs(changes[-1]) == this.number:
            total += _of_statement(i, changes)
            if len(changes) > 1:
                total -= _of_statement(i, changes[:-1])
            else:
                new += 1
    _keep_data(tx, before["imports"] + 1, before["statements"] + new, total)


def found(tx: Transaction, table: Table, entries: dict[str, list[Row]]) -> None:
    """Keep what a store holds that was just filled with all of this."""
    total = of_data(table.imports, table.rows["id"], table.rows["changes"])
    _keep_data(tx, len(table.imports), len(table.rows), total)
    held = {what: len(entries[what]) for what in COUNTED[LEDGER]}
    write(tx, "manifest", [{"id": LEDGER, **held, "hash": as_text(of_ledger(**entries))}])


def enter(tx: Transaction, statement: str, rows: list[Row]) -> None:
    """Write rows of the ledger by one of its statements, and count them in. Raises StoreDamaged if some were lost."""
    write(tx, "hold_manifest", [{"id": LEDGER, "held": secrets.token_hex(4)}])
    manifest, there = kept(tx).get(LEDGER), counts(tx)
    if manifest and (odd := lost({LEDGER: manifest}, there)):
        raise damaged(odd)
    total = int(manifest["hash"], 16) if manifest else of_ledger(**entries_of(tx))
    write(tx, statement, rows)
    what = ENTRIES[statement]
    total += sum(_of_entry(what, {**row, **row["props"]} if "props" in row else row) for row in rows)
    held = {name: there.get(name, 0) + (len(rows) if name == what else 0) for name in COUNTED[LEDGER]}
    write(tx, "manifest", [{"id": LEDGER, **held, "hash": as_text(total)}])


def entries_of(tx: Transaction) -> dict[str, list[Row]]:
    """The rows of the ledger as they were written."""
    return {what: read(tx, f"ledger_{what}", **ALL) for what in COUNTED[LEDGER]}


def hashed(manifest: Row | None, total: int) -> bool:
    """Whether a manifest holds this hash; one that is not there objects to nothing."""
    return manifest is None or manifest["hash"] == as_text(total)


def _whole(imports: Sequence[Import], rows: Sequence[Row]) -> int:
    return of_data(imports, (row["id"] for row in rows), (row["changes"] for row in rows))


def _keep_data(tx: Transaction, imports: int, statements: int, total: int) -> None:
    nodes = counts(tx).get("nodes", 0)
    row = {"id": DATA, "imports": imports, "statements": statements, "nodes": nodes, "hash": as_text(total)}
    write(tx, "manifest", [row])


def _of_import(one: Import) -> int:
    row = {**asdict(one), "at": one.at.isoformat(timespec="microseconds")}
    del row["done"]
    return _digest(["import", row])


def _of_statement(identity: str, changes: Sequence[int]) -> int:
    text = f"{identity} {','.join(map(str, changes))}"
    return int.from_bytes(blake2b(text.encode(), digest_size=16).digest())


def _of_entry(what: str, row: Row) -> int:
    return _digest([what, {key: value for key, value in row.items() if key != "props"}])


def _digest(value: Any) -> int:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return int.from_bytes(blake2b(text.encode(), digest_size=16).digest())


def as_text(total: int) -> str:
    """A hash as it is kept."""
    return f"{total % MODULUS:032x}"
