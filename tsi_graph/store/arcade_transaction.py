"""A transaction in ArcadeDB: our texts, and the engine's bulk calls where rows are many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tsi_graph.store import base, migrations, queries
from tsi_graph.store.base import Row, T, Transaction

MANY = 1_000
"""Rows from which the engine's bulk calls are worth their preparation."""


class ArcadeTransaction:
    def __init__(self, database: Any) -> None:
        self._database = database

    def run(self, text: str, parameters: Row) -> list[Row]:
        result = self._database.command("opencypher", text, parameters)
        return [] if result is None else list(result.to_list())

    def create(self, labels: Sequence[str], rows: Sequence[Row]) -> None:
        if len(labels) == 1 and len(rows) >= MANY:
            self._database.insert_many(labels[0], rows)  # within the open transaction
        else:
            base.create(self, labels, rows)

    def tie(self, kind: str, rows: Sequence[Row]) -> None:
        base.tie(self, kind, rows)


class NewTransaction(ArcadeTransaction):
    """In a store that is being built: many rows go in by the engine's bulk calls, in transactions of their own."""

    def __init__(self, database: Any) -> None:
        super().__init__(database)
        self._at: dict[str, str] = {}
        """Where nodes stand, by their ids."""

    def create(self, labels: Sequence[str], rows: Sequence[Row]) -> None:
        if len(labels) == 1 or len(rows) < MANY:
            super().create(labels, rows)
            return
        self.run(queries.text("write/create_node", LABELS=":".join(labels)), {"rows": [{"id": ""}]})
        self.run(queries.text("write/delete_node"), {"rows": [{"id": ""}]})  # the type of these labels is there now
        names = [r["name"] for r in self._database.query("sql", "SELECT name FROM schema:types").to_list()]
        [name] = [name for name in names if set(name.split("~")) == set(labels)]
        filled = [{k: v for k, v in row.items() if v is not None} for row in rows]
        with self._bulk() as bulk:
            places = bulk.create_vertices(name, filled)
        self._at |= zip((row["id"] for row in rows), places, strict=True)

    def tie(self, kind: str, rows: Sequence[Row]) -> None:
        at = self._at
        if len(rows) < MANY or not all(row["source"] in at and row["target"] in at for row in rows):
            super().tie(kind, rows)
            return
        self._database.command("sql", f"CREATE EDGE TYPE {kind} IF NOT EXISTS")
        props = [{"fact": r["fact"]} | {k: v for k, v in r["props"].items() if v is not None} for r in rows]
        with self._bulk() as bulk:
            bulk.new_edges([at[r["source"]] for r in rows], kind, [at[r["target"]] for r in rows], props)

    @contextmanager
    def _bulk(self) -> Iterator[Any]:
        self._database.commit()
        with self._database.graph_batch(use_wal=False, parallel_flush=False, commit_every=20_000) as bulk:
            yield bulk
        self._database.begin()


def within(database: Any) -> migrations.Transact:
    def transact(work: Callable[[Transaction], T], /) -> T:
        with database.transaction():
            return work(ArcadeTransaction(database))

    return transact
