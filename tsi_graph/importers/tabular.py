"""Rows of text become checked records; what could not be one becomes a problem with its place."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import iadd
from pathlib import Path

from pydantic import ValidationError

from tsi_graph.batch import Batch, Formulas, Problem, Resolved, Table
from tsi_graph.errors import TooLarge
from tsi_graph.fields import plain, word
from tsi_graph.importers.columns import (
    NOTES,
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
from tsi_graph.importers.names import Names, slug
from tsi_graph.importers.persons import without_addresses
from tsi_graph.importers.sheets import COMPUTED, Sheet, open_csv, open_workbook
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
    "scope", "weight", "amount", "size", "budget", "eu_contribution", RELATION, "field", "answer", "visibility",
})  # fmt: skip
"""Fields in which no address is looked for: ids, dates, amounts and words of ours."""
FORMULA = ("=", "+", "-", "@")
MAY_LACK, NOTHING = frozenset({"website", "city"}), frozenset({"na", "n/a", "n.a.", "n.d.", "nd", "-", "--", "–"})
"""Fields in which such a word says that there is nothing to say."""
NO_RESULT = "a formula stands here without a result; write the value, or save the workbook again in Excel"
PROSE = frozenset({"name", "name_it", "notes", "role", "join_rules"})
"""Fields in which telephone numbers are looked for; elsewhere digits are amounts, register numbers or pages."""
REQUIRED: dict[type[Record], tuple[str, ...]] = {
    Edge: ("source", "target", RELATION),
    Answer: ("id", "field", "answer"),
}
NAMED = ("id", "name")
"""The columns that every table of nodes needs."""

IDS = frozenset({"source", "target", "funder", "lead"})
"""Fields that hold the id of another body: there a known name is understood too."""
DATED = frozenset({"valid_from", "valid_to", "seen", "year"})
ITALIAN = frozenset({
    "inizio", "dal", "da", "data inizio", "fine", "al", "data fine", "visto il", "data fonte", "verificato il", "anno",
})  # fmt: skip
"""Headings of dates under which 3/4/2021 is the third of April."""
EXAMPLES = ("(esempio)", "(example)", "(ignore)")
"""A row whose first filled cell begins so is there to be read by people."""

Rows = Iterator[tuple[int, list[str]]]


def read_csv(path: Path, columns: Mapping[str, str], persons: bool, names: Names | None = None) -> Batch:
    """The records of one CSV file; its name says which table it is."""
    return read_sheet(open_csv(path), columns, persons, names)


def read_workbook(path: Path, columns: Mapping[str, str], persons: bool, names: Names | None = None) -> Batch:
    """The records of an XLSX workbook; each sheet's name says which table it is."""
    sheets: Iterable[Sheet] = open_workbook(path)
    if names is not None:
        sheets = nodes_first([replace(sheet, rows=iter(list(sheet.rows))) for sheet in sheets])
    tables = [read_sheet(sheet, columns, persons, names) for sheet in sheets]
    if not tables:
        return Batch(problems=[Problem(path.name, 0, "", "", "no sheet holds anything")])
    return reduce(iadd, tables)


def nodes_first(sheets: Iterable[Sheet]) -> list[Sheet]:
    """Tables of bodies before those that name them, else in their order: a tie may name a body of the same delivery."""
    return sorted(sheets, key=lambda sheet: names_others(sheet.name))


def names_others(table: str) -> bool:
    """Whether the rows of a table, by its name, are about bodies of other tables."""
    return table_of(table) in (Edge, Answer)


def read_sheet(sheet: Sheet, columns: Mapping[str, str], persons: bool, names: Names | None = None) -> Batch:
    """The records of one table. Its first filled row holds the headings; rows count as a spreadsheet shows them.

    names: understand the names of known bodies where their ids are expected, and make ids of the names of new ones.
    """
    if words_of(sheet.name) in NOTES:
        return Batch()
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
        batch = _Reader(sheet.label, record, plan, persons, names).read(number, rows)
        if read := [one for one in sheet.formulas if one[0] in plan.fields]:
            row, column = min((first, i) for i, _, first in read)
            batch.formulas[sheet.label] = Formulas(sum(count for _, count, _ in read), row, column)
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
                raise TooLarge(f"{sheet.label} has more than {MAX_ROWS:,} rows or {MAX_COLUMNS:,} columns.")
            if any(text.strip() for text in row):
                yield number, row
    except csv.Error as fault:
        long = "field limit" in str(fault)
        quote = "a quotation mark opens and does not close, or text follows the closing one"
        what = "a cell is longer than 131,072 characters" if long else quote
        problems.append(Problem(sheet.label, number + 1, "", "", f"{what}; nothing from this row on was read"))


class _Reader:
    """Reads the rows of one table into a batch."""

    def __init__(self, label: str, record: type[Record], plan: Columns, persons: bool, names: Names | None) -> None:
        self.label, self.record, self.plan, self.persons, self.names = label, record, plan, persons, names
        self.batch = Batch()

    def read(self, number: int, rows: Rows) -> Batch:
        """The batch of the rows below the headings, which stand in row `number`."""
        for i, j in self.plan.clashes:
            one, other, field = self.plan.headings[i], self.plan.headings[j], self.plan.fields[i]
            message = f"this column and {one!r} both mean {field}; keep one, or map the other onto another field"
            self.problem(number, other, "", message)
        required = REQUIRED.get(self.record, NAMED if self.names is None else NAMED[1:])
        lacking = [name for name in required if name not in self.plan.fields.values()]
        table = Table(self.label, self.record.__name__, number, tuple(self.plan.headings), dict(self.plan.fields))
        if lacking:
            unread = sum(1 for _ in rows)
            self.problem(number, lacking[0], "", f"{_lacking(self.record, lacking)}; {unread} rows not read")
            self.batch.tables.append(replace(table, rows=unread))
            return self.batch
        count, examples = 0, []
        for n, row in rows:
            if next(filter(None, map(str.strip, row)), "").lower().startswith(EXAMPLES):
                examples.append(n)
            else:
                count += 1
                self.row(n, row)
        self.batch.tables.append(replace(table, rows=count, examples=tuple(examples)))
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
            text = row[i].strip()
            if text and not (name in MAY_LACK and plain(text) in NOTHING):
                cells[name], found = self.kept(name, text)
                self.tally(self.batch.persons, self.plan.headings[i], found)
        self.count(self.batch.ignored, self.plan.unknown, row)
        self.count(self.batch.persons, self.plan.persons, row)
        people = [row[i].strip() for i in self.plan.persons if row[i].strip()]
        if self.persons and people and issubclass(self.record, Stakeholder):
            cells["contact"] = "; ".join(people)
        self.check(number, cells)

    def by_name(self, number: int, cells: dict[str, str]) -> list[tuple[str, str, str]]:
        """Puts ids where names stand, and gives the fault of each name that nobody is called by."""
        faults = []
        if self.names is None:
            return []
        ends = IDS | {"id"} if self.record is Answer else IDS
        for field in sorted(ends & cells.keys()):
            text, found = cells[field], self.names.resolve(cells[field])
            if found is not None and found != text:
                self.resolved(number, field, text, found)
                cells[field] = found
            elif found is None and " " in text:
                faults.append((field, text, "nothing with this name is in the delivery or in the store"))
                cells[field] = slug(text) or "x"
        if issubclass(self.record, Node) and "id" not in cells and cells.get("name"):
            found = self.names.resolve(cells["name"])
            cells["id"] = found or slug(cells["name"])
            self.resolved(number, "name", cells["name"], cells["id"], made=found is None)
        return faults

    def resolved(self, row: int, field: str, text: str, found: str, *, made: bool = False) -> None:
        self.batch.resolved.append(Resolved(self.label, row, self.plan.heading(field), shown(text), found, made))

    def kept(self, name: str, text: str) -> tuple[str, int]:
        """What is kept of a cell, and how many addresses of people were taken out of it."""
        # Our own CSV puts an apostrophe before what a spreadsheet would take for a formula.
        if text[0] == "'" and text[1:2] in FORMULA:
            text = text[1:]
        return (text, 0) if name in KEPT_AS_GIVEN else without_addresses(text, phones=name in PROSE)

    def check(self, number: int, cells: dict[str, str]) -> None:
        """Adds the record that the cells make, or what keeps them from being one."""
        given = dict(cells)
        record, faults = self.kind_of(cells)
        faults += self.by_name(number, cells)
        for name in DATED & cells.keys():
            if words_of(self.plan.heading(name)) in ITALIAN:
                cells[name] = iso(cells[name])
        made = None
        try:
            made = record.model_validate(cells | {"place": f"{self.label} row {number}"})
        except ValidationError as error:
            faults += mistakes(error, given)
        if isinstance(made, Edge) and made.source == made.target:
            faults.append(("target", made.target, "a tie joins two different ids, this one leads back to its start"))
        empty = {name for name, text in given.items() if text == COMPUTED}
        faults = [one for one in faults if one[0] not in empty]
        faults += [(name, given[name], NO_RESULT) for name in sorted(empty)]
        for field, value, message in faults:
            self.problem(number, self.plan.heading(field), value, message)
        if not faults and isinstance(made, Edge):
            self.batch.edges.append(made)
        elif not faults and isinstance(made, Node):
            self.batch.nodes.append(made)
            if self.names is not None:
                self.names.add(made.id, made.name)
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


def iso(text: str) -> str:
    """A date written day first, as ISO writes it; any other text as it is.

    >>> iso("3/4/2021"), iso("30.11.2021"), iso("2021-11"), iso("11/2021")
    ('2021-04-03', '2021-11-30', '2021-11', '2021-11')
    """
    found = re.fullmatch(r"(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})", text.strip(), re.ASCII)
    if not found:
        return text
    return f"{found[3]}-{found[2]:0>2}" + (f"-{found[1]:0>2}" if found[1] else "")


def _lacking(record: type[Record], lacking: Sequence[str]) -> str:
    """What to add: the columns that every row needs, with the headings that mean them."""
    said = []
    for name in lacking:
        known = [heading for heading, field in fields_by_heading(record).items() if field == name and heading != name]
        known = list(RELATION_HEADINGS[1:]) if name == RELATION else known
        said.append(f"no column for {name} (headed {name}, or: {', '.join(known)})")
    return "; ".join(said)
