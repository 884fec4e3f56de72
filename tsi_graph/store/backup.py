"""A whole store as one file of text, the same for the same contents whichever engine keeps them.

The first line says what the file is, how many records of each sort follow and the SHA-256 of all the rest; then comes
one record a line: imports by number, statements by what they are about, the ledger by pair. Blank fields are left out.
"""

from __future__ import annotations

import gzip
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, cast

from tsi_graph.errors import StoreAbsent, StoreDamaged, StoreLocked, StoreUnreachable, Unusable
from tsi_graph.statements import ALL, Import, Table, import_of, row_of_import
from tsi_graph.store import manifest, rescue, whole
from tsi_graph.store.base import Engine, Row, Transaction, read
from tsi_graph.store.manifest import Manifests, State
from tsi_graph.store.projection import table_of
from tsi_graph.store.whole import STATED

NAME, VERSION = "TSI Graph store", 1
BLANK: dict[str, Any] = {**dict.fromkeys(STATED, ""), "answer": "value", **{f.name: f.default for f in fields(Import)}}
"""What a field is that is left out."""


@dataclass(frozen=True)
class Content:
    """All that a store holds: imports and statements, and the ledger. The graph follows from the statements."""

    table: Table
    introductions: list[Row]
    events: list[Row]
    marks: list[Row]

    @property
    def entries(self) -> dict[str, list[Row]]:
        return {"introductions": self.introductions, "events": self.events, "marks": self.marks}

    @property
    def counts(self) -> dict[str, int]:
        said = {"imports": len(self.table.imports), "statements": len(self.table.rows)}
        return said | {what: len(rows) for what, rows in self.entries.items()}


class Saved(dict[str, int]):
    """How many records of each sort are in a file, and what of a damaged store is `missing` from it."""

    missing: rescue.Missing | None = None


def content_of(engine: Engine) -> tuple[Content, Manifests]:
    """What a store holds and what it should hold, at one moment."""

    def look(tx: Transaction) -> tuple[Content, Manifests]:
        def work(state: State) -> tuple[Content, Manifests, str, dict[str, tuple[int, int]]]:
            manifest.served(state.manifests)
            return read_content(tx, state.unfinished), state.manifests, *manifest.against(tx, state)

        content, manifests, gone, odd = manifest.steady(tx, work)
        manifest.object_to(gone, odd)  # only now: somebody may have written between the counts
        return content, manifests

    return engine.look(look)


def read_content(tx: Transaction, unfinished: Iterable[int]) -> Content:
    """What a store holds but for what these imports did, in a transaction at hand."""
    return Content(read_table(tx, unfinished), **manifest.entries_of(tx))


def read_table(tx: Transaction, unfinished: Iterable[int]) -> Table:
    """Its imports and statements but for these imports."""
    hidden = set(unfinished)
    imports = []
    for row in read(tx, "imports", **ALL):
        try:
            if row["done"] and row["number"] not in hidden:
                imports.append(import_of(row))
        except (TypeError, ValueError) as fault:
            raise StoreDamaged(
                f"The store is damaged: import {row['number']} cannot be read. {manifest.ADVICE}"
            ) from fault
    return table_of(without(read(tx, "statements", **ALL), hidden), imports)


def without(rows: list[Row], unfinished: Iterable[int]) -> list[Row]:
    """Rows of statements without what these imports did."""
    hidden = set(unfinished)
    if hidden:
        rows = [{**r, "changes": [c for c in r["changes"] or () if abs(c) not in hidden]} for r in rows]
    return [r for r in rows if r["changes"]]


def save(engine: Engine, path: Path, *, kept_at: Path | None = None, damaged: bool = False) -> Saved:
    """Write the store into a file (packed if its name ends with .gz), replacing it at once; gives how many records.

    Raises StoreDamaged rather than save less than there was. damaged: save what can be read, the statements from the
    snapshot beside the store (`kept_at`) if that still has all of them, and say what is missing; into no file that is
    there already, for that may hold more.
    """
    try:
        content, manifests = content_of(engine)
        _vouch(content, manifests)
        missing = None
    except (StoreAbsent, StoreLocked):
        raise
    except (StoreDamaged, StoreUnreachable) as fault:
        if not damaged:
            raise
        if path.exists():
            raise StoreDamaged(
                f"The store is damaged, and {path} is there already: it may hold more than is left. Name another file."
            ) from fault
        table, entries, missing = rescue.rescued(engine, kept_at)
        content = Content(table, **entries)
    write_file(content, path)
    saved = Saved(content.counts)
    saved.missing = missing
    return saved


def _vouch(content: Content, manifests: Manifests) -> None:
    whole.verify(content.table.rows)
    manifest.verify(manifests, content.table)
    if not manifest.hashed(manifests.get(manifest.LEDGER), manifest.of_ledger(**content.entries)):
        raise StoreDamaged(f"The store is damaged: its ledger changed since it was written. {manifest.ADVICE}")


def write_file(content: Content, path: Path) -> None:
    """The contents as a file; beside it first, then moved, so that an old one is there until the new one is whole."""
    if path.is_dir():
        raise Unusable(f"{path} is a folder; name a file.")
    digest, size, temporary = sha256(), 0, ""
    try:
        with tempfile.TemporaryFile(dir=path.parent) as body:
            for line in lines(content):
                body.write(line)
                digest.update(line)
                size += len(line)
            body.seek(0)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            with os.fdopen(handle, "wb") as raw:
                os.fchmod(raw.fileno(), 0o600)  # what a ledger says is for few
                with _packed(raw, path) as file:
                    head = {"format": NAME, "version": VERSION, **content.counts, "bytes": size}
                    file.write(encoded({**head, "sha256": digest.hexdigest()}))
                    while part := body.read(1 << 20):
                        file.write(part)
                raw.flush()
                os.fsync(raw.fileno())
        os.replace(temporary, path)
    except OSError as fault:
        raise Unusable(f"{path} cannot be written: {fault.strerror or fault}.") from fault
    finally:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)


def _packed(raw: IO[bytes], path: Path) -> IO[bytes]:
    if path.suffix != ".gz":
        return open(raw.fileno(), "wb", closefd=False)
    return cast(IO[bytes], gzip.GzipFile("", "wb", fileobj=raw, mtime=0))  # no name, no time: the same bytes each time


def lines(content: Content) -> Iterator[bytes]:
    """Every record as a line, in an order that follows from the contents alone."""
    for one in sorted(content.table.imports, key=lambda one: one.number):
        yield _record("import", row_of_import(one), omit=("done",))
    rows = content.table.rows
    columns = ("fact", "id", *STATED, "changes")
    for _, *row in sorted(zip(*(rows[name].tolist() for name in columns), strict=True), key=lambda r: (r[0], r[1])):
        said = dict(zip(columns[1:], row, strict=True))
        yield _record("statement", said | {"changes": [int(c) for c in said["changes"]]})
    yield from _entries("introduction", content.introductions, ("pair", "nth", "id"))
    yield from _entries("event", content.events, ("introduction", "number", "id"))
    yield from _entries("mark", content.marks, ("body", "number", "id"))


def _entries(sort: str, rows: Iterable[Row], by: tuple[str, ...]) -> Iterator[bytes]:
    for row in sorted(rows, key=lambda row: tuple(row[name] for name in by)):
        yield encoded({"record": sort, **dict(sorted(row.items()))})


def _record(sort: str, row: Row, omit: tuple[str, ...] = ()) -> bytes:
    filled = {k: v for k, v in row.items() if k not in omit and (k not in BLANK or v != BLANK[k])}
    return encoded({"record": sort, **filled})


def encoded(record: Row) -> bytes:
    """A record as a line: the one way in which it is written."""
    return json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"
