"""Who says what, for which days, and since when we know: pure functions over statements and imports."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from itertools import chain
from json.encoder import encode_basestring
from typing import Any, NamedTuple

import pandas as pd

from tsi_graph.batch import Batch, Problem
from tsi_graph.model import Answer, Edge, Node, Record

IDENTITY = "1"
"""The version of the rule by which a statement gets its id; changing the rule renames every statement."""
ALL: dict[str, int] = {"skip": 0, "limit": 1_000_000_000}
"""The page of a list that is all of it."""
ROW = "row"
"""The field of a statement about a node: its whole row, cell by cell."""
DATES = ("valid_from", "valid_to")
BESIDE = frozenset((*DATES, "seen", "origin", "confidence", "place"))
"""Fields of a record that are no cells of its statement's value."""
_encode = json.JSONEncoder(ensure_ascii=False).encode


class Statement(NamedTuple):
    """What one row of one source says about one fact. It never changes; imports come and go around it."""

    id: str
    fact: str
    node: str
    field: str
    target: str
    key: str
    value: str
    answer: str
    valid_from: str
    valid_to: str
    seen: str
    origin: str
    confidence: int
    from_min: int
    from_max: int
    to_min: int
    to_max: int


@dataclass(frozen=True)
class Import:
    """A numbered moment at which statements came or went, or an earlier import was taken back."""

    number: int
    at: datetime
    dataset: str = ""
    digest: str = ""
    by_hand: bool = False
    undoes: int = 0
    done: bool = True
    complete: bool = False
    note: str = ""


COLUMNS = list(Statement._fields)


def row_of(statement: Statement) -> dict[str, Any]:
    """A statement as a row: its fields by name."""
    return statement._asdict()


def row_of_import(one: Import) -> dict[str, Any]:
    """An import as a row of plain values, the moment as ISO text to the microsecond."""
    return {**vars(one), "at": one.at.isoformat(timespec="microseconds")}


def import_of(row: Mapping[str, Any]) -> Import:
    """The import that a row says: `row_of_import` back."""
    return Import(**{**row, "at": datetime.fromisoformat(row["at"])})


def fact_of(node: str, field: str, target: str = "", key: str = "") -> str:
    """What statements compete about: a node's row or one cell of it, or one tie.

    >>> fact_of("ann", "row"), fact_of("ann", "MEMBER_OF", "net")
    ('ann|row', 'ann|MEMBER_OF|net|')
    """
    return f"{node}|{field}|{target}|{key}" if target else f"{node}|{field}"


@dataclass(frozen=True)
class Table:
    """All that was ever said: one row a statement, with `changes`, the imports that said (+) or withdrew (-) it."""

    rows: pd.DataFrame
    imports: tuple[Import, ...]


def identity(content: Sequence[str | int]) -> str:
    """The id of a statement: a hash of what it says, not of when or in which file.

    >>> identity(["x", "MEMBER_OF", "y", "", "{}", "value", "2017", "", "", "", 3])
    'fca78b1759ca28cc1447'
    """
    # The JSON of the list, put together by hand: a general encoder takes three times as long.
    text = ",".join([encode_basestring(part) if isinstance(part, str) else str(part) for part in (IDENTITY, *content)])
    return blake2b(f"[{text}]".encode(), digest_size=10).hexdigest()


def said(record: Record) -> Statement:
    """The statement that a record makes: all its filled cells, and nothing for the blank ones."""
    if isinstance(record, Answer):
        return _absent(record)
    filled = vars(record)
    cells = {k: filled[k] for k in record.model_fields_set if k not in BESIDE and filled[k] not in (None, "")}
    if isinstance(record, Edge):
        node, target = cells.pop("source"), cells.pop("target")
        if record.mutual:
            node, target = sorted((node, target))
        field, key = record.kind, cells.pop("key", "")
    else:
        node, target, field, key = cells.pop("id"), "", ROW, ""
        cells["kind"] = record.kind
    value = ",".join([f'"{name}":{_json(cells[name])}' for name in sorted(cells)])
    when = (record.valid_from, record.valid_to, record.seen)
    content = (node, field, target, key, f"{{{value}}}", "value", *when, record.origin, record.confidence)
    return Statement(identity(content), fact_of(node, field, target, key), *content, *record.span)


def _absent(record: Answer) -> Statement:
    """The statement that there is no value, or none that anybody found."""
    when = (record.valid_from, record.valid_to, record.seen)
    content = (record.id, record.field, "", "", "{}", record.answer, *when, record.origin, record.confidence)
    return Statement(identity(content), fact_of(record.id, record.field), *content, *record.span)


def _json(value: Any) -> str:
    """A cell as canonical JSON: numbers written one way."""
    if isinstance(value, str):
        return encode_basestring(value)
    return _encode(int(value) if isinstance(value, float) and value.is_integer() else value)


def said_all(batch: Batch) -> tuple[list[tuple[Statement, Record]], list[Problem]]:
    """The statements of a delivery with their records, and the rows that contradict another of the same source.

    The same row twice is said once. Kinds of edge that may be true several times between the same two
    ends (grants) and carry no key are numbered in file order, so that an edited cell stays the same fact.
    """
    out: dict[str, tuple[Statement, Record]] = {}
    first: dict[tuple[str, str], Record] = {}
    nth: dict[str, int] = {}
    problems = []
    records: Iterable[Node | Edge | Answer] = chain(batch.nodes, batch.edges, batch.answers)
    seen_rows: set[str] = set()
    for record in records:
        statement = said(record)
        if statement.id in seen_rows:
            continue
        seen_rows.add(statement.id)
        if isinstance(record, Edge) and record.repeats and not record.key:
            nth[statement.fact] = nth.get(statement.fact, 0) + 1
            if nth[statement.fact] > 1:
                statement = said(record.model_copy(update={"key": str(nth[statement.fact])}))
        earlier = first.setdefault((statement.fact, statement.origin), record)
        if earlier is not record:
            problems.append(_contradiction(record, earlier))
        else:
            out[statement.id] = (statement, record)
    return list(out.values()), problems


def _contradiction(record: Record, earlier: Record) -> Problem:
    statement = said(record)
    tie = bool(statement.target)
    what = f"{statement.node} → {statement.target}" if tie else statement.node
    message = (
        f"the same {'tie' if tie else 'id'} stands in {earlier.place or 'another row'} with other "
        "contents and the same source; keep one, name another source, or tell them apart by a `key` column"
    )
    return problem(record, "target_id" if tie else "id", what, message)


def problem(record: Record, column: str, value: str, message: str) -> Problem:
    """A problem at the row that a record came from."""
    file, _, row = record.place.rpartition(" row ")
    return Problem(file or record.place, int(row) if row.isdigit() else 0, column, value, message)
