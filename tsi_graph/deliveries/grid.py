"""A delivery as its cells, without what is about people: what waits to be mended is kept in this form."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import iadd
from pathlib import Path
from typing import Literal

from tsi_graph.batch import Batch, Problem
from tsi_graph.errors import NotFound, TooLarge, Unusable
from tsi_graph.importers import FILES, one_kind_each
from tsi_graph.importers.columns import RELATION, match, table_of
from tsi_graph.importers.names import Names
from tsi_graph.importers.persons import EMAILS, without_addresses
from tsi_graph.importers.sheets import Sheet, letter, open_csv, open_workbook
from tsi_graph.importers.tabular import KEPT_AS_GIVEN, PROSE, nodes_first, read_sheet
from tsi_graph.model import Edge, Fund, Network, Project, Record, Stakeholder, Topic

MOST = 100_000
"""Rows of a delivery that is taken over the web: more would not be looked at, or written, within its time. `tsi import`
takes a million of each table."""

Cell = tuple[str, int, int]
"""Where a cell stands: the label of its table, its row as a spreadsheet shows it, its column from 0."""


@dataclass(frozen=True)
class Rows:
    """One table: its label and name, all its rows as text. broken: what ended them too early."""

    label: str
    name: str
    rows: tuple[tuple[str, ...], ...]
    ignored: bool = False
    broken: str = ""
    formulas: tuple[tuple[int, int, int], ...] = ()

    def sheet(self) -> Sheet:
        return Sheet(self.label, self.name, self._again(), self.ignored, self.formulas)

    def _again(self) -> Iterator[list[str]]:
        yield from map(list, self.rows)
        if self.broken:
            raise csv.Error(self.broken)


@dataclass(frozen=True)
class Removed:
    """What was taken out because it is about people: a whole column, or addresses inside a text.

    row is 0 for a column; count says in how many cells, or how many addresses.
    """

    file: str
    row: int
    column: int
    heading: str
    count: int
    sort: Literal["column", "email", "address"]


def open_rows(path: Path) -> list[Rows]:
    """The tables of a folder of files, a CSV file or a workbook. Raises NotFound, Unusable, Refused."""
    if path.is_dir():
        files = [
            f for f in sorted(path.iterdir()) if f.is_file() and f.suffix.lower() in FILES and f.name[0] not in ".~"
        ]
        if not files:
            raise NotFound(
                f"The folder {path.name} holds no table; organisations.csv, ties.csv or a workbook would be."
            )
        return _few([rows for file in files for rows in open_rows(file)])
    suffix = path.suffix.lower()
    if suffix not in FILES:
        raise Unusable(f"{path.name} cannot be read; these can: {', '.join(FILES)}.")
    if suffix == ".xlsx":
        return _few([_rows(sheet) for sheet in open_workbook(path)])
    return _few([_guessed(_rows(open_csv(path)))])


def _guessed(one: Rows) -> Rows:
    """A CSV whose name is no table's, under the name of the table that its headings are of; else as it is."""
    headings = next((row for row in one.rows if any(text.strip() for text in row)), ())
    if table_of(one.name) or not headings:
        return one

    def told(record: type[Record]) -> set[str]:
        return set(match(headings, record, {}).fields.values())

    if {"source", "target", RELATION} <= told(Edge):
        return replace(one, name="ties")
    bodies = told(Stakeholder)
    if {"id", "name"} <= bodies and len(bodies) >= max(len(told(other)) for other in (Project, Network, Fund, Topic)):
        return replace(one, name="organisations")
    return one


def guesses(tables: Iterable[Rows]) -> Iterator[tuple[str, str]]:
    """The files whose table was told by their headings, and which it is."""
    for one in tables:
        stem, dot, suffix = one.label.rpartition(".")
        if dot and suffix.lower() in ("csv", "tsv") and one.name != stem and not table_of(stem):
            yield one.label, one.name


def _rows(sheet: Sheet) -> Rows:
    rows, broken = [], ""
    try:
        for row in sheet.rows:
            rows.append(tuple(row))
            if len(rows) > 5 * MOST:
                refuse_many(len(rows))
    except csv.Error as fault:
        broken = str(fault)
    while rows and not any(text.strip() for text in rows[-1]):
        rows.pop()
    return Rows(sheet.label, sheet.name, tuple(rows), sheet.ignored, broken, sheet.formulas)


def _few(tables: list[Rows]) -> list[Rows]:
    refuse_many(sum(max(0, len(one.rows) - 1) for one in tables))  # the first names the columns
    return tables


def refuse_many(rows: int) -> None:
    """Raises TooLarge for a delivery of more rows than are taken over the web, or looked at first."""
    if rows > MOST:
        raise TooLarge(
            f"The delivery has {rows:,} rows; at most {MOST:,} are taken here, or looked at before they are imported. "
            "`tsi import FILE` on the machine of the store, without --preview, takes a million of each table."
        )


def without_people(tables: Iterable[Rows]) -> tuple[list[Rows], list[Removed]]:
    """The tables with blank cells in columns about people, and … for addresses in texts; and what was taken out."""
    kept, removed = [], list[Removed]()
    for one in tables:
        record = table_of(one.name)
        at = next((n for n, row in enumerate(one.rows) if any(text.strip() for text in row)), None)
        if record is None or at is None or one.ignored:
            kept.append(replace(one, rows=() if one.ignored else one.rows))
            continue
        headings = one.rows[at]
        plan = match(headings, record, {})
        people = dict.fromkeys(plan.persons, 0)
        rows = [list(row) for row in one.rows]
        for n, row in enumerate(rows[at + 1 :], at + 2):
            for i, text in enumerate(row):
                name = plan.fields.get(i, "")
                if i in people:
                    people[i] += bool(text.strip())
                    row[i] = ""
                elif name not in KEPT_AS_GIVEN and text:
                    row[i], found = without_addresses(text, phones=not name or name in PROSE)
                    if found:
                        sort: Literal["email", "address"] = "email" if EMAILS.search(text) else "address"
                        removed.append(Removed(one.label, n, i, _heading(headings, i), found, sort))
        kept.append(replace(one, rows=tuple(map(tuple, rows))))
        removed += [Removed(one.label, 0, i, _heading(headings, i), n, "column") for i, n in people.items() if n]
    return kept, removed


def _heading(headings: tuple[str, ...], i: int) -> str:
    return headings[i].strip() if i < len(headings) and headings[i].strip() else letter(i)


def corrected(tables: Iterable[Rows], cells: Mapping[Cell, str]) -> list[Rows]:
    """The tables with these cells in place of what stood there. Raises NotFound for a cell that is not there."""
    given = {one.label: {n: list(row) for n, row in enumerate(one.rows, 1)} for one in tables}
    for (label, row, column), text in cells.items():
        if label not in given or row not in given[label] or not 0 <= column < len(given[label][row]):
            raise NotFound(f"There is no cell {letter(column)}{row} in {label!r}.")
        given[label][row][column] = text
    return [replace(one, rows=tuple(map(tuple, given[one.label].values()))) for one in tables]


def read_rows(tables: Iterable[Rows], names: Names) -> Batch:
    """The records of tables, with a problem for each bad row; names are understood where ids are expected."""
    sheets = nodes_first(one.sheet() for one in tables if one.rows or one.broken)
    if not sheets:
        return Batch(problems=[Problem("", 0, "", "", "no sheet holds anything")])
    return one_kind_each(reduce(iadd, (read_sheet(sheet, {}, False, names) for sheet in sheets)))
