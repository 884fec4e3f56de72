"""What a database must offer to keep statements: a schema, one transaction, reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Protocol, TypeVar

from tsi_graph.store import queries

OURS = (
    "Manifest", "Node", "Unfinished", "Discarded", "Introduction", "IntroductionEvent", "IntroducerMark", "Statement",
    "Import",
)  # fmt: skip
"""The labels of all that a store holds: first what every writer holds, last what each begins with."""

T = TypeVar("T")
Row = dict[str, Any]

BATCH = 5_000
"""Rows a statement carries; larger ones gain nothing and cost memory on both engines."""


class Transaction(Protocol):
    """Statements that take effect together or not at all."""

    def run(self, text: str, parameters: Row) -> list[Row]: ...

    def create(self, labels: Sequence[str], rows: Sequence[Row]) -> None:
        """New nodes; all rows have the same keys."""
        ...

    def tie(self, kind: str, rows: Sequence[Row]) -> None:
        """New ties between nodes that are there: rows of source, target, fact and props."""
        ...


class Engine(Protocol):
    """A database that speaks the house dialect."""

    largest: int | None
    """How many statements one transaction can carry; None if any number. Larger imports take several."""

    relabels: bool
    """Whether nodes can be laid ready out of sight and shown later by their labels."""

    def transact(self, work: Callable[[Transaction], T]) -> T:
        """Do the work in one transaction and commit; on any exception nothing has happened.

        The work may be called again after a passing fault, so it reads all that it needs itself.
        """
        ...

    def replace(self, work: Callable[[Transaction], T]) -> T:
        """Do work in an empty store that then takes the place of this one, at once: all of it, or nothing."""
        ...

    def look(self, work: Callable[[Transaction], T]) -> T:
        """Do work that only reads, in one transaction that cannot write."""
        ...

    def query(self, text: str, parameters: Row, *, seconds: float | None = None) -> Iterator[Row]:
        """The rows of a read, in a transaction that cannot write, ended after `seconds`."""
        ...

    def salvage(self, label: str) -> tuple[list[Row], int]:
        """Statements or imports of a damaged store as far as they can be read, and how many places cannot."""
        ...

    def reach(self) -> None:
        """Raise StoreUnreachable unless it answers now."""
        ...

    def close(self) -> None: ...


def read(tx: Transaction, name: str, **parameters: Any) -> list[Row]:
    """The rows of cypher/read/<name>.cypher."""
    return tx.run(queries.text(f"read/{name}"), parameters)


def read_each(tx: Transaction, name: str, parameter: str, values: Iterable[Any]) -> list[Row]:
    """The rows of a read whose list parameter is given in batches; no values, no query."""
    return [row for part in batches(values) for row in read(tx, name, **{parameter: part})]


def write(tx: Transaction, name: str, rows: Iterable[Row], **words: str) -> None:
    """Run cypher/write/<name>.cypher over all rows, in batches; no rows, no query."""
    for part in batches(rows):
        tx.run(queries.text(f"write/{name}", **words), {"rows": part})


def create(tx: Transaction, labels: Sequence[str], rows: Sequence[Row]) -> None:
    """New nodes in the house dialect, in batches."""
    write(tx, "create_node", rows, LABELS=":".join(labels))


def tie(tx: Transaction, kind: str, rows: Sequence[Row]) -> None:
    """New ties in the house dialect, in batches."""
    write(tx, "create_edge", rows, KIND=kind)


def batches(values: Iterable[Any], size: int = BATCH) -> Iterator[list[Any]]:
    """The values, so many at a time."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part
