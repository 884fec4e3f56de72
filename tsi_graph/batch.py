"""What reading a file yields: checked records, and a problem for each row that could not be one."""

from __future__ import annotations

from dataclasses import dataclass, field

from tsi_graph.model import Answer, Edge, Node


@dataclass(frozen=True)
class Problem:
    """A row that was left out: where it stands, what it said, and what would be right."""

    file: str
    row: int
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file} row {self.row}" if self.row else self.file
        column = f", {self.column}" if self.column else ""
        value = f": {self.value!r}" if self.value else ""
        return f"{where}{column}{value}: {self.message}"


@dataclass(frozen=True)
class Table:
    """One table of a delivery: where its headings stand, and which field of ours each of its columns carries.

    rows counts those below the headings, without examples.
    """

    label: str
    record: str
    first: int
    headings: tuple[str, ...]
    fields: dict[int, str]
    rows: int = 0
    examples: tuple[int, ...] = ()


@dataclass(frozen=True)
class Resolved:
    """A name that stood where an id is expected, and the id that it was understood as; `made` if it is a new one."""

    file: str
    row: int
    column: str
    value: str
    id: str
    made: bool = False


@dataclass(frozen=True)
class Formulas:
    """How many cells of a table that were read hold a formula, and where the first stands: row, and column from 0.

    What was taken over is the result that the workbook shows.
    """

    count: int
    row: int
    column: int


@dataclass
class Batch:
    """The records of one delivery, in file order, and what was not taken over.

    `ignored` counts values in columns nobody knows, `persons` those in columns about people (dropped
    unless asked for); both by "file, column". `resolved` are names that were understood as ids. `formulas` tells of
    each table in which formulas were read as their results.
    """

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: dict[str, int] = field(default_factory=dict)
    persons: dict[str, int] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    resolved: list[Resolved] = field(default_factory=list)
    formulas: dict[str, Formulas] = field(default_factory=dict)

    def __iadd__(self, other: Batch) -> Batch:
        self.nodes += other.nodes
        self.edges += other.edges
        self.answers += other.answers
        self.problems += other.problems
        self.ignored |= other.ignored
        self.persons |= other.persons
        self.tables += other.tables
        self.resolved += other.resolved
        self.formulas |= other.formulas
        return self
