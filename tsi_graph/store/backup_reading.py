"""A backup read back: all of it checked, line by line, before anything is done with it."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, cast

from tsi_graph.dates import span
from tsi_graph.errors import NotFound, Refused
from tsi_graph.fields import normal
from tsi_graph.model import ANSWERS, EDGE_KINDS, NODE_KINDS, SAME_AS, Answer, Edge, Node, Record, SameAs, saying
from tsi_graph.statements import ROW, Import, Table, fact_of, identity, import_of, said
from tsi_graph.store.backup import BLANK, NAME, VERSION, Content
from tsi_graph.store.projection import table_of
from tsi_graph.store.whole import STATED

MEGABYTE = 1 << 20
LONGEST, LARGEST = 2 * MEGABYTE, 4_096 * MEGABYTE
"""Bytes of a line, and of a file unpacked."""
MAX_RATIO, RATIO_FROM = 200, 50 * MEGABYTE
"""Beyond this many times its packed size, a file of more than so many bytes is a bomb."""
BESIDE = ("valid_from", "valid_to", "seen", "origin", "confidence")
"""What any record may have besides what it is about."""
HEAD = {
    "format": str, "version": int, "imports": int, "statements": int, "introductions": int, "events": int,
    "marks": int, "bytes": int, "sha256": str,
}  # fmt: skip
SHAPES: dict[str, dict[str, type]] = {
    "import": {
        "number": int, "at": str, "dataset": str, "digest": str, "by_hand": bool, "undoes": int, "complete": bool,
        "note": str,
    },
    "statement": {"id": str, **dict.fromkeys(STATED, str), "confidence": int, "changes": list},
    "introduction": {
        "id": str, "source": str, "target": str, "through": list, "objective": str, "reasons": list, "route": list,
        "revision": int, "nth": int, "pair": str,
    },
    "event": {
        "introduction": str, "id": str, "number": int, "kind": str, "day": str, "text": str, "outcome": str,
        "until": str, "undoes": int, "at": str, "request": str,
    },
    "mark": {"id": str, "body": str, "number": int, "barred": bool, "day": str, "text": str, "at": str},
}  # fmt: skip
"""The fields of each sort of record, in the order of the file."""
COUNTED = dict(zip(SHAPES, ("imports", "statements", "introductions", "events", "marks"), strict=True))


class _Bad(Exception):
    """What is wrong with a record."""


def read_file(path: Path) -> Content:
    """The contents of a backup. Raises Refused for one that is cut, changed, foreign or made to do harm."""
    if not path.is_file():
        raise NotFound(f"There is no file {path}.")
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            file = cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if packed else raw
            return _read(file, path, path.stat().st_size)
    except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
        raise Refused(f"{path} is cut off or damaged: it cannot be unpacked to its end.") from fault
    except OSError as fault:
        raise NotFound(f"{path} cannot be read: {fault.strerror or fault}.") from fault


def _read(file: IO[bytes], path: Path, packed: int) -> Content:
    head = _head(file.readline(4_096), path)
    size = head["bytes"]
    if size > LARGEST or (size > RATIO_FROM and size > MAX_RATIO * packed):
        raise Refused(f"{path} would unpack to {size:,} bytes, which no backup of ours does.")
    digest, left, number = sha256(), size, 1
    reading, fault = _Reading(), ""
    while left > 0 and (line := file.readline(min(left, LONGEST) + 1)):
        number += 1
        digest.update(line)
        left -= len(line)
        if len(line) > LONGEST:
            raise Refused(f"{path}, line {number}: no line of ours is longer than {LONGEST:,} bytes.")
        if not fault:
            try:
                reading.take(line)
            except (_Bad, ValueError, TypeError, RecursionError) as wrong:
                fault = f"line {number}: {_short(wrong)}"
    if left or file.read(1) or digest.hexdigest() != head["sha256"]:
        raise Refused(f"{path} is not whole: it was cut off or changed after it was written. Take another copy.")
    content = reading.content
    if not fault and content.counts != {name: head[name] for name in COUNTED.values()}:
        fault = "it holds other numbers of records than its first line says"
    if fault:
        raise Refused(f"{path} is no backup that can be trusted: {fault}.")
    return content


def _head(line: bytes, path: Path) -> dict[str, Any]:
    try:
        head = _object(line)
    except (ValueError, RecursionError, _Bad):
        head = {}
    if head.get("format") != NAME:
        raise Refused(f"{path} is no backup of a store: its first line does not say so.")
    if head.get("version") != VERSION:
        raise Refused(
            f"{path} was written by another version (format {head.get('version')!r}); this one reads {VERSION}."
        )
    if not _fits(head, HEAD) or min(head[name] for name, kind in HEAD.items() if kind is int) < 0:
        raise Refused(f"{path} is not whole: its first line was changed.")
    return head


class _Reading:
    """What was read so far; each record is checked against those before it."""

    def __init__(self) -> None:
        self._imports: dict[int, Import] = {}
        self._rows: dict[str, dict[str, Any]] = {}
        self._entries: dict[str, dict[str, dict[str, Any]]] = {"introduction": {}, "event": {}, "mark": {}}
        self._stage = 0

    @property
    def content(self) -> Content:
        rows = sorted(self._rows.values(), key=lambda row: row["id"])
        ledger = (list(entries.values()) for entries in self._entries.values())
        return Content(Table(table_of(rows, ()).rows, tuple(self._imports.values())), *ledger)

    def take(self, line: bytes) -> None:
        record = _object(line)
        sort = record.pop("record", None)
        if sort not in SHAPES:
            raise _Bad("there is no such sort of record")
        if list(SHAPES).index(sort) < self._stage:
            raise _Bad(f"a record of the sort {sort} stands too late")
        self._stage = list(SHAPES).index(sort)
        shape = SHAPES[sort]
        if sort in ("import", "statement"):
            record = {
                **{name: BLANK[name] for name in shape if name in BLANK and name not in ("number", "at")},
                **record,
            }
        if not _fits(record, shape):
            raise _Bad(f"these are not the fields of the sort {sort}")
        take: Callable[[dict[str, Any]], None] = {"import": self._import, "statement": self._statement}.get(
            sort, lambda entry: self._entry(sort, entry)
        )
        take(record)

    def _import(self, row: dict[str, Any]) -> None:
        at = datetime.fromisoformat(row["at"])
        last = next(reversed(self._imports.values()), None)
        if at.utcoffset() is None or at.astimezone(UTC).isoformat(timespec="microseconds") != row["at"]:
            raise _Bad("a moment is written in UTC with microseconds")
        if row["number"] <= (last.number if last else 0) or (last and at < last.at):
            raise _Bad("imports come in the order of their numbers and moments")
        if row["undoes"] and row["undoes"] not in self._imports:
            raise _Bad("it takes back an import that is not there")
        _texts(row.values())
        self._imports[row["number"]] = import_of(row)

    def _statement(self, row: dict[str, Any]) -> None:
        content = [row[name] for name in STATED]
        if identity(content) != row["id"] or row["id"] in self._rows:
            raise _Bad("its id is not that of what it says, or stands twice")
        changes = row["changes"]
        numbers = [abs(c) for c in changes if type(c) is int]
        if not changes or len(numbers) != len(changes) or sorted(set(numbers)) != numbers:
            raise _Bad("its changes are not a list of rising import numbers")
        if any(n not in self._imports or self._imports[n].undoes for n in numbers):
            raise _Bad("it is of an import that is not there")
        _texts(content)
        _means_something(row)
        days = span(row["valid_from"], row["valid_to"], row["seen"])._asdict()
        self._rows[row["id"]] = {**row, "fact": fact_of(*content[:4]), **days}

    def _entry(self, sort: str, row: dict[str, Any]) -> None:
        _texts(row.values())
        if row["id"] in self._entries[sort]:
            raise _Bad("its id stands twice")
        if sort == "event" and row["introduction"] not in self._entries["introduction"]:
            raise _Bad("it happened to an introduction that is not there")
        self._entries[sort][row["id"]] = row


def _means_something(row: dict[str, Any]) -> None:
    """Whether a statement is one that a record of ours makes: its kind, its ids and each of its cells."""
    cells = _object(row["value"].encode()) if row["value"] else {}
    if row["answer"] not in ("value", *ANSWERS) or not 1 <= row["confidence"] <= 3:
        raise _Bad("it gives no answer of ours")
    if row["answer"] != "value":
        about = {"id": row["node"], "field": row["field"], "answer": row["answer"]}
        _as_we_write(Answer.model_validate({**about, **{name: row[name] for name in BESIDE}}), row)
        return
    beside = {name: row[name] for name in BESIDE}
    if row["field"] == ROW:
        kinds: dict[str, type[Node]] | dict[str, type[Edge]] = NODE_KINDS
        kind, ends = cells.pop("kind", ""), {"id": row["node"]}
    else:
        kinds, kind = EDGE_KINDS | {SAME_AS: SameAs}, row["field"]
        ends = {"source": row["node"], "target": row["target"], **({"key": row["key"]} if row["key"] else {})}
    if not isinstance(kind, str) or kind not in kinds or cells.keys() & {*beside, *ends, "place"}:
        raise _Bad("there is no such kind of node or tie")
    filled = {**cells, **ends, **beside}
    # What a person corrected of a node is said cell by cell, often without its name.
    record = kinds[kind].model_validate(filled if row["field"] != ROW else {"name": "?", **filled})
    _as_we_write(saying(record, filled), row)


def _as_we_write(record: Record, row: dict[str, Any]) -> None:
    if said(record).id != row["id"]:
        raise _Bad("it is not written as we write it")


def _texts(values: Any) -> None:
    """Texts are in the one form that is kept."""
    for value in values:
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and normal(text) != text:
                raise _Bad("a text has signs that we do not keep")


def _fits(record: dict[str, Any], shape: dict[str, type]) -> bool:
    if record.keys() != shape.keys() or any(type(record[name]) is not kind for name, kind in shape.items()):
        return False
    lists = (record[name] for name, kind in shape.items() if kind is list)
    numbers = (record[name] for name, kind in shape.items() if kind is int)
    return all(type(v) in (str, int) for values in lists for v in values) and all(abs(n) < 1 << 62 for n in numbers)


def _object(line: bytes) -> dict[str, Any]:
    found = json.loads(line, object_pairs_hook=_unique, parse_constant=_no_number)
    if not isinstance(found, dict):
        raise _Bad("it is no record")
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(pairs)) != len(pairs):
        raise _Bad("a field stands twice")
    return found


def _no_number(text: str) -> Iterator[Any]:
    raise _Bad(f"{text} is no number")


def _short(fault: Exception) -> str:
    if isinstance(fault, _Bad):
        return str(fault)
    return f"it breaks the rules of our records ({str(fault).partition(chr(10))[0][:120]})"
