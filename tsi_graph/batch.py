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


@dataclass
class Batch:
    """The records of one delivery, in file order, and what was not taken over.

    `ignored` counts values in columns nobody knows, `persons` those in columns about people (dropped
    unless asked for); both by "file, column".
    """

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: dict[str, int] = field(default_factory=dict)
    persons: dict[str, int] = field(default_factory=dict)

    def __iadd__(self, other: Batch) -> Batch:
        self.nodes += other.nodes
        self.edges += other.edges
        self.answers += other.answers
        self.problems += other.problems
        self.ignored |= other.ignored
        self.persons |= other.persons
        return self
