"""What the store should hold: row counts and a hash of the contents, kept in the transaction that changes them.

The hash is a sum over the rows, so a commit costs what it changes: a new row is added, a changed one exchanged.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, TypeVar

from tsi_graph.errors import Conflict, StoreDamaged
from tsi_graph.statements import ALL, Import, Table, import_of, row_of_import
from tsi_graph.store import queries
from tsi_graph.store.base import Row, Transaction, read, write

T = TypeVar("T")

DATA, LEDGER, RESTORE = "data", "ledger", "restore"
"""The manifests, and beside them the mark that the contents are being replaced."""
COUNTED = {DATA: ("imports", "statements", "nodes"), LEDGER: ("introductions", "events", "marks"), RESTORE: ()}
"""The rows that each of them counts."""
LABELS = {
    "imports": "Import", "statements": "Statement", "nodes": "Node",
    "introductions": "Introduction", "events": "IntroductionEvent", "marks": "IntroducerMark",
}  # fmt: skip
"""The label of each sort of row."""
ENTRIES = {"introduction": "introductions", "introduction_event": "events", "introducer_mark": "marks"}
"""What each writing statement of the ledger adds to."""
MODULUS = 1 << 128
TRIES = 5
SINCE = 4
"""The migration with which a store has manifests; one that is applied and none there is damage."""

Manifests = dict[str, Row]


def of_data(imports: Iterable[Import], ids: Iterable[str], changes: Iterable[Sequence[int]]) -> int:
    """The hash of imports and statements. A statement's id is a hash of what it says, so it stands for that."""
    said = sum(_of_statement(i, c) for i, c in zip(ids, changes, strict=True))
    return (sum(map(_of_import, imports)) + said) % MODULUS


def hash_of(table: Table) -> str:
    """The hash of a table, worked out once and kept with it."""
    if "hash" not in table.__dict__:
        note(table, as_text(of_data(table.imports, table.rows["id"], table.rows["changes"])))
    found: str = table.__dict__["hash"]
    return found


def note(table: Table, known: str) -> Table:
    """The table, with its hash as somebody knows it who kept it or worked it out."""
    table.__dict__["hash"] = known
    return table


def grown(known: str, touched: Table) -> str:
    """The hash after the last of these imports of what had this hash before it."""
    return as_text(int(known, 16) + _added(touched)[0])


def of_ledger(introductions: Iterable[Row], events: Iterable[Row], marks: Iterable[Row]) -> int:
    """The hash of the ledger."""
    parts = (("introductions", introductions), ("events", events), ("marks", marks))
    return sum(_of_entry(what, row) for what, rows in parts for row in rows) % MODULUS


def kept(tx: Transaction) -> Manifests:
    """The manifests by their names; a store of an earlier version has none. Raises StoreDamaged for a strange one."""
    found = {row["id"]: {k: v for k, v in row.items() if v is not None} for row in read(tx, "manifest")}
    if strange := [str(name)[:40] for name in found if name not in COUNTED]:
        raise StoreDamaged(f"The store is damaged: its counts stand under the name {strange[0]!r}. {ADVICE}")
    return found


def counts(tx: Transaction, *sorts: str) -> dict[str, int]:
    """How many rows of these sorts are there, or of every sort; imports that are not done among them. O(1) each."""
    return {
        what: sum(row["found"] for row in tx.run(queries.text("read/count", LABELS=LABELS[what]), {}))
        for what in sorts or LABELS
    }


@dataclass(frozen=True)
class State:
    """What changes whenever somebody writes: the manifests, and the numbers of imports that are not done."""

    manifests: Manifests
    unfinished: frozenset[int]


def steady(tx: Transaction, work: Callable[[State], T]) -> T:
    """What some reading gives between whose parts nobody wrote. Raises Conflict if somebody writes all the time."""
    before = _state(tx)
    for _ in range(TRIES):
        found, after = work(before), _state(tx)
        if before == after:
            return found
        before = after
    raise Conflict("The store is being written to all the time; try again when nobody imports.")


def _state(tx: Transaction) -> State:
    return State(kept(tx), frozenset(row["number"] for row in read(tx, "unfinished")))


def served(manifests: Manifests) -> None:
    """Raises Conflict if the contents are being replaced: what is there is of before, or not all of what comes."""
    if RESTORE in manifests:
        raise Conflict(
            "A restore is under way, or was broken off. If nobody is restoring: "
            "run `tsi store restore FILE --replace` again."
        )


def lost(kept: Manifests, found: dict[str, int], unfinished: Iterable[int] = ()) -> dict[str, tuple[int, int]]:
    """Sorts of rows of which the store holds another number than it should: (found, kept)."""
    odd = {
        what: (found.get(what, 0), manifest[what])
        for name, manifest in kept.items()
        for what in COUNTED[name]
        if what in manifest and found.get(what, 0) != manifest[what]
    }
    if unfinished and "statements" in odd and odd["statements"][0] > odd["statements"][1]:
        del odd["statements"]  # those of an import under way are there, and do not count yet
    return odd


def compare(tx: Transaction) -> Manifests:
    """Raises StoreDamaged if the store holds other numbers of rows than it should. Costs no reading of rows.

    Gives what it should hold.
    """

    def look(state: State) -> tuple[Manifests, str, dict[str, tuple[int, int]]]:
        served(state.manifests)
        return state.manifests, *against(tx, state)

    manifests, gone, odd = steady(tx, look)
    object_to(gone, odd)
    return manifests


def against(tx: Transaction, state: State) -> tuple[str, dict[str, tuple[int, int]]]:
    """What the store has lost of its own memory, in words, and the numbers of rows that are not as they should be."""
    found = counts(tx)
    found["imports"] -= len(state.unfinished)
    return forgotten(tx, state, found), lost(state.manifests, found, state.unfinished)


def forgotten(tx: Transaction, state: State, found: dict[str, int]) -> str:
    """What of a store's memory of itself is lost: it has manifests since a migration, and remembers that as well."""
    applied = {row["version"] for row in read(tx, "migrations", **ALL)}
    if not applied and state.manifests:
        return "the list of its migrations"
    said = found["imports"] > 0 or (found["statements"] > 0 and not state.unfinished)
    there = {DATA: said, LEDGER: any(found[what] for what in COUNTED[LEDGER])}
    if SINCE in applied and any(there[name] and name not in state.manifests for name in there):
        return "what it should hold (its manifest)"
    return ""


def object_to(gone: str, odd: dict[str, tuple[int, int]]) -> None:
    """Raises StoreDamaged for what `against` found."""
    if gone:
        raise StoreDamaged(f"The store is damaged: it has lost {gone}. {ADVICE}")
    if odd:
        raise damaged(odd)


def begin(tx: Transaction) -> None:
    """Keep what a store of an earlier version holds, from now on; all of it is read."""
    there, there_already = counts(tx), kept(tx)
    if DATA not in there_already and there["imports"]:
        hidden = {row["number"] for row in read(tx, "unfinished")}
        said = read(tx, "statements", **ALL)
        rows = [[c for c in row["changes"] if abs(c) not in hidden] for row in said]
        standing = [(row["id"], changes) for row, changes in zip(said, rows, strict=True) if changes]
        done = [import_of(row) for row in read(tx, "imports", **ALL) if row["done"]]
        total = of_data(done, (i for i, _ in standing), (changes for _, changes in standing))
        _keep_data(tx, len(done), len(standing), total)
    if LEDGER not in there_already and any(there[what] for what in COUNTED[LEDGER]):
        held = {what: there[what] for what in COUNTED[LEDGER]}
        write(tx, "manifest", [{"id": LEDGER, **held, "hash": as_text(of_ledger(**entries_of(tx)))}])


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
    if hash_of(table) != manifest["hash"]:
        raise StoreDamaged(f"The store is damaged: its statements are not those that were written. {ADVICE}")


def renew(tx: Transaction, touched: Table) -> None:
    """Keep what the store holds after the last of these imports; `touched` has the statements that it changed."""
    before = _to_be_renewed(tx, DATA).get(DATA)
    if before is None and len(touched.imports) > 1:
        object_to("what it should hold (its manifest)", {})
    before = before or {"imports": 0, "statements": 0, "hash": "0"}
    if before["imports"] != len(touched.imports) - 1:
        raise Conflict("Another program wrote at the same time; do it again.")
    total, new = _added(touched)
    _keep_data(tx, before["imports"] + 1, before["statements"] + new, int(before["hash"], 16) + total)


def _added(touched: Table) -> tuple[int, int]:
    """What the last of these imports adds to the hash, and how many statements it made."""
    this = touched.imports[-1]
    total, new = _of_import(this), 0
    for i, changes in zip(touched.rows["id"], touched.rows["changes"], strict=True):
        if abs(changes[-1]) == this.number:
            total += _of_statement(i, changes)
            if len(changes) > 1:
                total -= _of_statement(i, changes[:-1])
            else:
                new += 1
    return total, new


def _to_be_renewed(tx: Transaction, name: str) -> Manifests:
    """The manifests, of which this one is ours until the transaction ends; whoever comes second waits here.

    Where there is none yet the other is held. Raises Conflict if the contents are being replaced.
    """
    found: Manifests = {}
    for one in (name, *({DATA, LEDGER} - {name})):
        write(tx, "hold_manifest", [{"id": one, "held": secrets.token_hex(4)}])
        found = kept(tx)
        served(found)
        if one in found:
            break
    return found


def found(tx: Transaction, table: Table, entries: dict[str, list[Row]]) -> None:
    """Keep what a store holds that was just filled with all of this."""
    total = of_data(table.imports, table.rows["id"], table.rows["changes"])
    _keep_data(tx, len(table.imports), len(table.rows), total)
    held = {what: len(entries[what]) for what in COUNTED[LEDGER]}
    write(tx, "manifest", [{"id": LEDGER, **held, "hash": as_text(of_ledger(**entries))}])


def enter(tx: Transaction, statement: str, rows: list[Row]) -> None:
    """Write rows of the ledger by one of its statements, and count them in. Raises StoreDamaged if some were lost."""
    manifest, there = _to_be_renewed(tx, LEDGER).get(LEDGER), counts(tx, *COUNTED[LEDGER])
    if manifest and (odd := lost({LEDGER: manifest}, there)):
        raise damaged(odd)
    if manifest is None and any(there.values()):
        object_to("what its ledger should hold (its manifest)", {})
    total = int(manifest["hash"], 16) if manifest else 0
    write(tx, statement, rows)
    what = ENTRIES[statement]
    total += sum(_of_entry(what, {**row, **row["props"]} if "props" in row else row) for row in rows)
    held = {name: n + (len(rows) if name == what else 0) for name, n in there.items()}
    write(tx, "manifest", [{"id": LEDGER, **held, "hash": as_text(total)}])


def entries_of(tx: Transaction) -> dict[str, list[Row]]:
    """The rows of the ledger as they were written."""
    return {what: read(tx, f"ledger_{what}", **ALL) for what in COUNTED[LEDGER]}


def hashed(manifest: Row | None, total: int) -> bool:
    """Whether a manifest holds this hash; one that is not there objects to nothing."""
    return manifest is None or manifest["hash"] == as_text(total)


def _keep_data(tx: Transaction, imports: int, statements: int, total: int) -> None:
    row = {"id": DATA, "imports": imports, "statements": statements, **counts(tx, "nodes"), "hash": as_text(total)}
    write(tx, "manifest", [row])


def _of_import(one: Import) -> int:
    row = row_of_import(one)
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
