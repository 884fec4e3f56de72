"""What a delivery would do, row by row: new, changed, unchanged, refused; nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from tsi_graph.batch import Batch, Problem, Resolved
from tsi_graph.batch import Table as Read
from tsi_graph.deliveries.faults import Choice, fault_of
from tsi_graph.deliveries.grid import Cell, Removed, Rows, guesses, letter, read_rows
from tsi_graph.errors import StoreAbsent
from tsi_graph.fields import LEVELS
from tsi_graph.importers.names import Names
from tsi_graph.model import Edge, Node, Record
from tsi_graph.standing import NODE_COLUMNS, shown
from tsi_graph.statements import Statement, Table, said
from tsi_graph.store.projection import table_of
from tsi_graph.store.writing import Delivery, Outcome, plan_on

if TYPE_CHECKING:
    from tsi_graph.store import Store

TOLD = 500
"""How many rows to mend, changes and warnings of one sort are told; all are counted."""
BESIDE = frozenset({"id", "place", "seen", "contact"})
OF_TIES = ("valid_from", "valid_to", "amount", "weight", "role", "origin", "confidence")
FIELD_OF = {"source_id": "source", "target_id": "target"}
"""What the store calls the columns of a tie."""


@dataclass(frozen=True)
class Repair:
    """A cell to mend: where it stands, what is written, what is wrong, what would be right, and what to write.

    One fix is what is most likely meant; of several, or none, one chooses. column is -1 where it is the whole row.
    """

    file: str
    row: int
    column: int
    letter: str
    heading: str
    about: str
    value: str
    wrong: str
    right: tuple[str, ...]
    fixes: tuple[str, ...]
    choice: Choice


@dataclass(frozen=True)
class CellChange:
    """One field before and after; None is blank."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class RowEffect:
    """What one good row does. status: new, changed, unchanged, or beside: kept as a second source, not shown."""

    file: str
    row: int
    about: str
    status: str
    changes: tuple[CellChange, ...] = ()


@dataclass(frozen=True)
class Warn:
    """Something to know about rows that are good. sort: email, address, column, unsourced, contradicts, ignored."""

    sort: str
    file: str
    rows: tuple[int, ...]
    letter: str = ""
    heading: str = ""
    count: int = 0
    other: int = 0


@dataclass(frozen=True)
class Preview:
    """Four counts of rows, and what stands behind them; the lists hold at most `TOLD` rows each.

    unread: faults of a whole table. rows: those of the file, without headings and examples.
    """

    rows: int
    examples: int
    sheets: tuple[str, ...]
    new: int
    changed: int
    unchanged: int
    refused: int
    repairs: tuple[Repair, ...]
    unread: tuple[Repair, ...]
    effects: tuple[RowEffect, ...]
    warnings: tuple[Warn, ...]
    resolved: tuple[Resolved, ...]

    @property
    def good(self) -> int:
        return self.new + self.changed + self.unchanged

    def of(self, status: str) -> list[RowEffect]:
        return [effect for effect in self.effects if effect.status == status]


def held(store: Store) -> Table:
    """All that a store holds; nothing of one that is not there yet, which the first import makes."""
    try:
        return store.statements()
    except StoreAbsent:
        return table_of((), ())


def names_of(table: Table, lang: str = "it") -> Names:
    """What the bodies of a store are called, in both languages, also those that are not verified."""

    def known() -> Iterable[tuple[str, str]]:
        nodes, _ = shown(table, confidence=1)
        italian = nodes[nodes["name_it"].notna()]
        both = [zip(italian["id"], italian["name_it"], strict=True), zip(nodes["id"], nodes["name"], strict=True)]
        for pairs in both if lang == "it" else reversed(both):  # the first name of each is the one that is shown
            yield from pairs

    return Names(known)


def preview(
    table: Table, rows: Sequence[Rows], dataset: str, complete: bool = False, removed: Sequence[Removed] = (),
    lang: str = "it",
) -> Preview:  # fmt: skip
    """What these tables would do to a store that holds this table of statements."""
    names = names_of(table, lang)
    batch = read_rows(rows, names)
    delivery = Delivery(batch, dataset, complete=False, partial=True)
    plan = plan_on(table, delivery)
    counts = plan.answer if isinstance(plan, Outcome) else plan.counts
    after = table if isinstance(plan, Outcome) else _with(table, plan.table)
    bad = {(p.file, p.row) for p in counts.problems if p.row}
    effects = _effects(batch, bad, table, after, names)
    reads = {one.label: one for one in batch.tables}
    grid = {one.label: one.rows for one in rows}
    problems = [_repair(p, reads.get(p.file), grid.get(p.file, ()), names, lang) for p in counts.problems[:TOLD]]
    unread = [p for p in problems if not p.row or _of_heading(p, reads.get(p.file))]
    lost = sum(one.rows for one in batch.tables if any(u.file == one.label and u.row == one.first for u in unread))
    return Preview(
        rows=sum(one.rows for one in batch.tables),
        examples=sum(len(one.examples) for one in batch.tables),
        sheets=tuple(one.label for one in batch.tables if one.rows),
        new=sum(e.status == "new" for e in effects),
        changed=sum(e.status == "changed" for e in effects),
        unchanged=sum(e.status in ("unchanged", "beside") for e in effects),
        refused=len({b for b in bad if b not in {(u.file, u.row) for u in unread}}) + (lost if not effects else 0),
        repairs=tuple(sorted((p for p in problems if p not in unread), key=lambda p: (p.file, p.row, p.column))),
        unread=tuple(unread),
        effects=tuple(effects),
        warnings=(
            *(Warn(f"guessed_{table}", file, ()) for file, table in guesses(rows)),
            *_warnings(batch, bad, removed, reads),
        ),
        resolved=tuple(batch.resolved),
    )


def _of_heading(problem: Repair, read: Read | None) -> bool:
    return read is not None and problem.row == read.first


def _with(table: Table, plan: Table) -> Table:
    rows = table.rows
    if len(rows):
        rows = pd.concat([rows[~rows["id"].isin(plan.rows["id"])], plan.rows], ignore_index=True)
    else:
        rows = plan.rows
    return Table(rows.reset_index(drop=True), plan.imports)


def _effects(
    batch: Batch, bad: set[tuple[str, int]], before: Table, after: Table, names: Names
) -> list[RowEffect]:  # fmt: skip
    """What each good row changes of what is shown, also of what is not verified."""
    spoken: list[tuple[Record, Statement]] = [
        (record, said(record)) for record in (*batch.nodes, *batch.edges, *batch.answers)
    ]
    good = [(record, statement) for record, statement in spoken if _place(record) not in bad]
    facts = {statement.fact for _, statement in good}
    old, new = _shown(before, facts), _shown(after, facts)
    stood = set(before.rows["id"])
    effects, first = [], set[str]()
    for record, statement in good:
        fact, (file, row) = statement.fact, _place(record)
        changes: tuple[CellChange, ...] = ()
        if fact in first:
            status = "unchanged"
        elif fact not in new:
            status = "unchanged" if statement.id in stood else "new" if statement.answer != "value" else "beside"
        elif fact not in old:
            status = "new"
        else:
            changes = _differences(old[fact], new[fact])
            status = "changed" if changes else "unchanged" if statement.id in stood else "beside"
        first.add(fact)
        effects.append(RowEffect(file, row, _about(record, names), status, changes))
    return sorted(effects, key=lambda effect: (effect.file, effect.row))


def _place(record: Record) -> tuple[str, int]:
    file, _, row = record.place.rpartition(" row ")
    return file, int(row)


def _about(record: Record, names: Names) -> str:
    """What a row is about, by name."""
    if isinstance(record, Node):
        return record.name
    if isinstance(record, Edge):
        return f"{names.name(record.source)} → {names.name(record.target)}"
    return names.name(str(getattr(record, "id", "")))


def _shown(table: Table, facts: set[str]) -> dict[str, dict[str, Any]]:
    """What is shown of these facts, by fact."""
    nodes, edges = shown(table, confidence=1)
    columns = [name for name in ("kind", *NODE_COLUMNS) if name not in BESIDE]
    found: dict[str, dict[str, Any]] = {}
    mine = nodes[(nodes["id"] + "|row").isin(facts)]
    for node, cells in zip(mine["id"], mine[columns].to_dict("records"), strict=True):
        found[f"{node}|row"] = {str(k): v for k, v in cells.items()}
    ties = edges[edges["fact"].isin(facts)]
    for fact, cells in zip(ties["fact"], ties[list(OF_TIES)].to_dict("records"), strict=True):
        found[str(fact)] = {str(k): v for k, v in cells.items()}
    return found


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[CellChange, ...]:
    cells = ((name, _plain(name, old[name]), _plain(name, new[name])) for name in old)
    return tuple(CellChange(name, one, other) for name, one, other in cells if one != other)


def _plain(name: str, value: Any) -> Any:
    if value is None or value == "" or (isinstance(value, float) and value != value):
        return None
    if name == "confidence":
        return LEVELS.get(int(value), str(value))
    return value.item() if hasattr(value, "item") else value


def _repair(
    problem: Problem, read: Read | None, rows: Sequence[Sequence[str]], names: Names, lang: str
) -> Repair:  # fmt: skip
    """A problem at its cell: told by its heading, or where the store names a field, by that."""
    column, field = -1, FIELD_OF.get(problem.column, problem.column)
    if read:
        columns = {heading: i for i, heading in enumerate(read.headings)} | {f: i for i, f in read.fields.items()}
        # the store's own name of a field outranks a heading that happens to be spelt so
        column = columns.get(field, columns.get(problem.column, -1))
        if problem.column in read.headings:
            column = read.headings.index(problem.column)
        field = read.fields.get(column, field)
    row = rows[problem.row - 1] if 0 < problem.row <= len(rows) else ()
    value = row[column].strip() if 0 <= column < len(row) and row[column].strip() else problem.value
    # what is told apart by a source is read as it is written in the file
    fault = fault_of(_written(problem, value), field, names, lang)
    heading = read.headings[column] if read and column >= 0 else problem.column
    return Repair(
        problem.file, problem.row, column, letter(column) if column >= 0 else "", heading,
        next(filter(None, (text.strip() for text in row)), ""), value[:200], fault.wrong, fault.right, fault.fixes,
        fault.choice,
    )  # fmt: skip


def _written(problem: Problem, value: str) -> Problem:
    return Problem(problem.file, problem.row, problem.column, value, problem.message)


def _warnings(
    batch: Batch, bad: set[tuple[str, int]], removed: Sequence[Removed], reads: Mapping[str, Read]
) -> Iterable[Warn]:  # fmt: skip
    """What to know about rows that are good."""
    for one in removed:
        rows: tuple[int, ...] = () if one.sort == "column" else (one.row,)
        yield Warn(one.sort, one.file, rows, letter(one.column), one.heading, one.count)
    unsourced: dict[str, list[int]] = {}
    told: dict[str, Record] = {}
    for record in (*batch.nodes, *batch.edges):
        if _place(record) in bad:
            continue
        file, row = _place(record)
        if not record.origin:
            unsourced.setdefault(file, []).append(row)
        statement = said(record)
        other = told.setdefault(statement.fact, record)
        repeats = isinstance(record, Edge) and record.repeats
        if other is not record and not repeats and said(other).value != statement.value:
            yield Warn("contradicts", file, (row,), other=_place(other)[1])
    for file, lacking in unsourced.items():
        place = next((i for i, name in reads[file].fields.items() if name == "origin"), -1)
        heading = reads[file].headings[place] if place >= 0 else ""
        yield Warn("unsourced", file, tuple(lacking), letter(place) if place >= 0 else "", heading, len(lacking))
    for where, count in batch.ignored.items():
        file, _, heading = where.rpartition(", ")
        known = file in reads and heading in reads[file].headings
        yield Warn(
            "ignored", file if known else where, (), letter(reads[file].headings.index(heading)) if known else "",
            heading if known else "", count,
        )  # fmt: skip


__all__ = ["Cell", "CellChange", "Preview", "Repair", "RowEffect", "Warn", "held", "names_of", "preview"]
