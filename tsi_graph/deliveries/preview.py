"""What a delivery would do, row by row: new, changed, unchanged, refused; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from tsi_graph.batch import Batch, Problem
from tsi_graph.batch import Table as Read
from tsi_graph.deliveries.effects import Done, Spoken, about, done, left, of_left, place
from tsi_graph.deliveries.faults import Fault, fault_of
from tsi_graph.deliveries.grid import Cell, Removed, Rows, guesses, read_rows
from tsi_graph.deliveries.report import TOLD, Preview, Repair, RowEffect, Warn
from tsi_graph.errors import DataInvalid, StoreAbsent
from tsi_graph.importers.names import Names
from tsi_graph.importers.sheets import letter
from tsi_graph.language import LANGS
from tsi_graph.model import Answer, Edge, Record
from tsi_graph.standing import shown
from tsi_graph.statements import Statement, Table, said
from tsi_graph.store.projection import table_of
from tsi_graph.store.writing import Counts, Delivery, Outcome, Plan, plan_on

if TYPE_CHECKING:
    from tsi_graph.store import Store

SUGGESTED = 500
"""For how many names that nobody is called by similar ones are looked for; further ones are told as unknown."""
FIELD_OF = {"source_id": "source", "target_id": "target"}
"""What the store calls the columns of a tie."""


def held(store: Store) -> Table:
    """All that a store holds; nothing of one that is not there yet, which the first import makes."""
    try:
        return store.statements()
    except StoreAbsent:
        return table_of((), ())


def names_of(table: Table) -> Names:
    """What the bodies of a store are called, in both languages, also those that are not verified."""
    return Names(lambda: _called(shown(table, confidence=1)[0], LANGS[0]))


def _called(nodes: pd.DataFrame, lang: str) -> Iterable[tuple[str, str]]:
    italian = nodes[nodes["name_it"].notna()]
    both = [zip(italian["id"], italian["name_it"], strict=True), zip(nodes["id"], nodes["name"], strict=True)]
    for pairs in both if lang == "it" else reversed(both):  # the first name of each is the one that is shown
        yield from pairs


def preview(
    table: Table, rows: Sequence[Rows], dataset: str, removed: Sequence[Removed] = (), langs: Sequence[str] = LANGS,
    *, complete: bool = False,
) -> dict[str, Preview]:  # fmt: skip
    """What these tables would do to a store that holds this table of statements, all of it, in each language.

    What a complete delivery withdraws is known once no row is to be mended.
    """
    before = shown(table, confidence=1)
    names = {lang: Names(partial(_called, before[0], lang)) for lang in langs}
    batch = read_rows(rows, names[langs[0]])
    for lang in langs[1:]:
        for node in batch.nodes:
            names[lang].add(node.id, node.name)
    plan = _plan(table, Delivery(batch, dataset, complete, partial=not complete))
    counts = plan.answer if isinstance(plan, Outcome) else plan.counts
    then = table if isinstance(plan, Outcome) else _with(table, plan.table)
    after = before if isinstance(plan, Outcome) else shown(then, confidence=1)
    bad = {(p.file, p.row) for p in counts.problems if p.row}
    good: Spoken = [(record, said(record)) for record in (*batch.nodes, *batch.edges, *batch.answers)
                    if place(record) not in bad]  # fmt: skip
    effects = done(good, before, after, set(table.rows["id"]))
    whole = complete and not isinstance(plan, Outcome) and not counts.problems
    gone = left(table, then, before, after, good) if whole else []
    warnings = (
        *(Warn("waits", "", ()) for _ in counts.problems[: int(complete)]),
        *(Warn(f"guessed_{name}", file, ()) for file, name in guesses(rows)),
        *_warnings(batch, good, removed),
    )
    return {
        lang: _told(
            batch, rows, counts.problems, bad, effects, of_left(gone, names[lang], lang), warnings, names[lang], lang
        )
        for lang in langs
    }


def _plan(table: Table, delivery: Delivery) -> Plan | Outcome[Counts]:
    with suppress(DataInvalid):  # a complete one with rows to mend is refused as a whole
        return plan_on(table, delivery)
    return plan_on(table, replace(delivery, complete=False, partial=True))


def _told(
    batch: Batch, rows: Sequence[Rows], problems: Sequence[Problem], bad: set[tuple[str, int]], effects: Done,
    gone: list[RowEffect], warnings: tuple[Warn, ...], names: Names, lang: str,
) -> Preview:  # fmt: skip
    reads = {one.label: one for one in batch.tables}
    told = _repairs(problems, reads, {one.label: one.rows for one in rows}, names, lang)
    unread = [p for p in told if not p.row or _of_heading(p, reads.get(p.file))]
    apart = {(u.file, u.row) for u in unread}
    lost = sum(one.rows for one in batch.tables if (one.label, one.first) in apart)
    repairs = sorted((p for p in told if (p.file, p.row) not in apart), key=lambda p: (p.file, p.row, p.column))
    told_rows = [RowEffect(*place(r), about(r, names), status, changes) for r, status, changes in effects]
    count = Counter(effect.status for effect in (*told_rows, *gone))
    return Preview(
        rows=sum(one.rows for one in batch.tables),
        examples=sum(len(one.examples) for one in batch.tables),
        sheets=tuple(one.label for one in batch.tables if one.rows),
        new=count["new"],
        changed=count["changed"],
        unchanged=count["unchanged"] + count["beside"],
        beside=count["beside"],
        withdrawn=count["withdrawn"],
        still=count["still"],
        refused=len(bad - apart) + (lost if not told_rows else 0),
        to_mend=len(repairs),
        warned=len(warnings),
        understood=len(batch.resolved),
        unread=tuple(unread),
        repairs=tuple(repairs),
        effects=tuple(sorted((*told_rows, *gone), key=lambda effect: (effect.file, effect.row))),
        warnings=warnings,
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


def _repairs(
    problems: Sequence[Problem], reads: Mapping[str, Read], grid: Mapping[str, Sequence[Sequence[str]]], names: Names,
    lang: str,
) -> list[Repair]:  # fmt: skip
    """Each problem at its cell: told by its heading, or where the store names a field, by that."""
    headings = {label: {name: i for i, name in reversed([*enumerate(one.headings)])} for label, one in reads.items()}
    fields = {label: headings[label] | {name: i for i, name in one.fields.items()} for label, one in reads.items()}
    known: dict[tuple[str, str, str], Fault] = {}
    found = []
    for problem in problems:
        field, read = FIELD_OF.get(problem.column, problem.column), reads.get(problem.file)
        column = -1
        if read:
            # the store's own name of a field outranks a heading that happens to be spelt so
            column = headings[problem.file].get(problem.column, fields[problem.file].get(field, -1))
            field = read.fields.get(column, field)
        rows = grid.get(problem.file, ())
        row = rows[problem.row - 1] if 0 < problem.row <= len(rows) else ()
        value = row[column].strip() if 0 <= column < len(row) and row[column].strip() else problem.value
        key = (problem.message, field, value)
        if key not in known:
            # what is told apart by a source is read as it is written in the file
            asked = replace(problem, value=value)
            known[key] = fault_of(asked, field, names, lang, similar=len(known) < SUGGESTED)
        fault, heading = known[key], read.headings[column] if read and column >= 0 else problem.column
        found.append(
            Repair(
                problem.file, problem.row, column, letter(column) if column >= 0 else "", heading,
                next(filter(None, (text.strip() for text in row)), ""), value[:200], fault.wrong, fault.right,
                fault.fixes, fault.choice,
            )
        )  # fmt: skip
    return found


def of_formulas(batch: Batch) -> Iterable[Warn]:
    """The tables in which formulas were read as their results."""
    for file, found in batch.formulas.items():
        yield Warn("formula", file, (found.row,), letter(found.column), count=found.count)


def _warnings(batch: Batch, good: Spoken, removed: Sequence[Removed]) -> Iterable[Warn]:
    """What to know about rows that are good."""
    reads = {one.label: one for one in batch.tables}
    for one in removed:
        rows: tuple[int, ...] = () if one.sort == "column" else (one.row,)
        yield Warn(one.sort, one.file, rows, letter(one.column), one.heading, one.count)
    yield from of_formulas(batch)
    unsourced: dict[str, list[int]] = {}
    told: dict[str, tuple[Record, Statement]] = {}
    for record, statement in good:
        if isinstance(record, Answer):
            continue
        file, row = place(record)
        if not record.origin:
            unsourced.setdefault(file, []).append(row)
        other, before = told.setdefault(statement.fact, (record, statement))
        repeats = isinstance(record, Edge) and record.repeats
        if other is not record and not repeats and before.value != statement.value:
            yield Warn("contradicts", file, (row,), other=place(other)[1])
    for file, lacking in unsourced.items():
        column = next((i for i, name in reads[file].fields.items() if name == "origin"), -1)
        heading = reads[file].headings[column] if column >= 0 else ""
        at = letter(column) if column >= 0 else ""
        yield Warn("unsourced", file, tuple(lacking[:TOLD]), at, heading, len(lacking))
    for where, count in batch.ignored.items():
        file, _, heading = where.rpartition(", ")
        known = file in reads and heading in reads[file].headings
        yield Warn(
            "ignored", file if known else where, (), letter(reads[file].headings.index(heading)) if known else "",
            heading if known else "", count,
        )  # fmt: skip


__all__ = ["Cell", "held", "names_of", "of_formulas", "preview"]
