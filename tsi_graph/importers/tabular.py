"""Rows of text become checked records; what could not be one becomes a problem with its place."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import iadd
from pathlib import Path

from pydantic import ValidationError

from tsi_graph.batch import Batch, Problem
from tsi_graph.errors import Refused
from tsi_graph.fields import plain, word
from tsi_graph.importers.columns import (
    RELATION,
    RELATION_HEADINGS,
    TABLES,
    Columns,
    fields_by_heading,
    match,
    table_of,
    words_of,
)  # fmt: skip
from tsi_graph.importers.mistakes import mistakes, shown, unknown_relation
from tsi_graph.importers.persons import without_addresses
from tsi_graph.importers.sheets import Sheet, open_csv, open_workbook
from tsi_graph.model import (
    EDGE_KINDS,
    RELATIONS,
    Agreement,
    Answer,
    Edge,
    Investor,
    Node,
    Project,
    Record,
    Stakeholder,
)

MAX_ROWS, MAX_COLUMNS = 1_000_000, 1_000
AGREEMENTS = ("agreement", "accordo")
"""Words in the type of a project that make it an agreement."""
KEPT_AS_GIVEN = frozenset({
    "id", "source", "target", "key", "funder", "lead", "valid_from", "valid_to", "seen", "year", "confidence", "sector",
    "scope", "weight", "amount", "size", "budget", "eu_contribution", RELATION, "field", "answer",
})  # fmt: skip
"""Fields in which no address is looked for: ids, dates, amounts and words of ours."""
FORMULA = ("=", "+", "-", "@")
PROSE = frozenset({"name", "name_it", "notes", "role", "join_rules"})
"""Fields in which telephone numbers are looked for; elsewhere digits are amounts, register numbers or pages."""
REQUIRED: dict[type[Record], tuple[str, ...]] = {
    Edge: ("source", "target", RELATION),
    Answer: ("id", "field", "answer"),
}
NAMED = ("id", "name")
"""The columns that every table of nodes needs."""

Rows = Iterator[tuple[int, list[str]]]


def read_csv(path: Path, columns: Mapping[str, str], persons: bool) -> Batch:
    """The records of one CSV file; its name says which table it is."""
    return read_sheet(open_csv(path), columns, persons)


def read_workbook(path: Path, columns: Mapping[str, str], persons: bool) -> Batch:
    """The records of an XLSX workbook; each sheet's name says which table it is."""
    tables = [read_sheet(sheet, columns, persons) for sheet in open_workbook(path)]
    if not tables:
        return Batch(problems=[Problem(path.name, 0, "", "", "no sheet holds anything")])
    return reduce(iadd, tables)


def read_sheet(sheet: Sheet, columns: Mapping[str, str], persons: bool) -> Batch:
    """The records of one table. Its first filled row holds the headings; rows count as a spreadsheet shows them."""
    if sheet.ignored:
        return Batch(ignored={sheet.label: sum(bool(text.strip()) for row in sheet.rows for text in row)})
    record = table_of(sheet.name)
    if record is None:
        known = ", ".join(TABLES)
        message = f"no table of ours has this name; name it one of: {known}, or begin it with one"
        return Batch(problems=[Problem(sheet.label, 0, "", sheet.name, message)])
    batch, problems = Batch(), list[Problem]()
    rows = _filled(sheet, problems)
    number, headings = next(rows, (0, []))
    if number:
        plan = match(headings, record, columns)
        batch = _Reader(sheet.label, record, plan, persons).read(number, rows)
    elif not problems:
        problems = [Problem(sheet.label, 0, "", "", "nothing in it; its first row names the columns")]
    batch.problems += problems
    return batch


def _filled(sheet: Sheet, problems: list[Problem]) -> Rows:
    """The rows that hold anything, numbered. A broken quotation ends them and becomes a problem."""
    number = 0
    try:
        for number, row in enumerate(sheet.rows, 1):
            if number > MAX_ROWS or len(row) > MAX_COLUMNS:
                raise Refused(f"{sheet.label} has more than {MAX_ROWS:,} rows or {MAX_COLUMNS:,} columns.")
            if any(text.strip() for text in row):
                yield number, row
    except csv.Error as fault:
        long = "field limit" in str(fault)
        quote = "a quotation mark opens and does not close, or text follows the closing one"
        what = "a cell is longer than 131,072 characters" if long else quote
        problems.append(Problem(sheet.label, number + 1, "", "", f"{what}; nothing from this row on was read"))


class _Reader:
    """Reads the rows of one table into a batch."""

    def __init__(self, label: str, record: type[Record], plan: Columns, persons: bool) -> None:
        self.label, self.record, self.plan, self.persons = label, record, plan, persons
        self.batch = Batch()

    def read(self, number: int, rows: Rows) -> Batch:
        """The batch of the rows below the headings, which stand in row `number`."""
        for i, j in self.plan.clashes:
            one, other, field = self.plan.headings[i], self.plan.headings[j], self.plan.fields[i]
            message = f"this column and {one!r} both mean {field}; keep one, or map the other onto another field"
            self.problem(number, other, "", message)
        lacking = [name for name in REQUIRED.get(self.record, NAMED) if name not in self.plan.fields.values()]
        if lacking:
            message = f"{_lacking(self.record, lacking)}; {sum(1 for _ in rows)} rows not read"
            self.problem(number, lacking[0], "", message)
            return self.batch
        for n, row in rows:
            self.row(n, row)
        return self.batch

    def problem(self, row: int, column: str, value: str, message: str) -> None:
        self.batch.problems.append(Problem(self.label, row, column, shown(value), message))

    def row(self, number: int, row: Sequence[str]) -> None:
        """Adds a record, or a problem for each fault of the row."""
        width = len(self.plan.headings)
        if len(row) < width or any(text.strip() for text in row[width:]):
            message = (
                f"this row has {len(row)} cells, the headings are {width}: is a separator inside a cell not quoted?"
            )
            self.problem(number, "", row[-1], message)
            return
        cells = {}
        for i, name in self.plan.fields.items():
            if text := row[i].strip():
                cells[name], found = self.kept(name, text)
                self.tally(self.batch.persons, self.plan.headings[i], found)
        self.count(self.batch.ignored, self.plan.unknown, row)
        self.count(self.batch.persons, self.plan.persons, row)
        people = [row[i].strip() for i in self.plan.persons if row[i].strip()]
        if self.persons and people and issubclass(self.record, Stakeholder):
            cells["contact"] = "; ".join(people)
        self.check(number, cells)

    def kept(self, name: str, text: str) -> tuple[str, int]:
        """What is kept of a cell, and how many addresses of people were taken out of it."""
        # Our own CSV puts an apostrophe before what a spreadsheet would take for a formula.
        if text[0] == "'" and text[1:2] in FORMULA:
            text = text[1:]
        return (text, 0) if name in KEPT_AS_GIVEN else without_addresses(text, phones=name in PROSE)

    def check(self, number: int, cells: dict[str, str]) -> None:
        """Adds the record that the cells make, or what keeps them from being one."""
        record, faults = self.kind_of(cells)
        made = None
        try:
            made = record.model_validate(cells | {"place": f"{self.label} row {number}"})
        except ValidationError as error:
            faults += mistakes(error, cells)
        if isinstance(made, Edge) and made.source == made.target:
            faults.append(("target", made.target, "a tie joins two different ids, this one leads back to its start"))
        for field, value, message in faults:
            self.problem(number, self.plan.heading(field), value, message)
        if not faults and isinstance(made, Edge):
            self.batch.edges.append(made)
        elif not faults and isinstance(made, Node):
            self.batch.nodes.append(made)
        elif not faults and isinstance(made, Answer):
            self.batch.answers.append(made)

    def kind_of(self, cells: dict[str, str]) -> tuple[type[Record], list[tuple[str, str, str]]]:
        """The class that checks a row, told by its kind column, and the fault of a relation that nobody knows."""
        if self.record is Edge:
            said = cells.pop(RELATION, "")
            kind = RELATIONS.get(plain(said)) or RELATIONS.get(words_of(said))
            return (EDGE_KINDS[kind], []) if kind else (Edge, [(RELATION, said, unknown_relation(said))])
        if self.record is Stakeholder and word(cells.get("sector")) == "investor":
            return Investor, []
        if self.record is Project and plain(cells.get("form", "")) in AGREEMENTS:
            return Agreement, []
        return self.record, []

    def count(self, tally: dict[str, int], positions: Sequence[int], row: Sequence[str]) -> None:
        for i in positions:
            self.tally(tally, self.plan.headings[i], bool(row[i].strip()))

    def tally(self, tally: dict[str, int], heading: str, found: int) -> None:
        if found:
            where = f"{self.label}, {heading}"
            tally[where] = tally.get(where, 0) + found


def _lacking(record: type[Record], lacking: Sequence[str]) -> str:
    """What to add: the columns that every row needs, with the headings that mean them."""
    said = []
    for name in lacking:
        known = [heading for heading, field in fields_by_heading(record).items() if field == name and heading != name]
        known = list(RELATION_HEADINGS[1:]) if name == RELATION else known
        said.append(f"no column for {name} (headed {name}, or: {', '.join(known)})")
    return "; ".join(said)
