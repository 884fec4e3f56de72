"""A Neo4j server, through the official driver."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from neo4j import READ_ACCESS, Driver, GraphDatabase, ManagedTransaction, Query, exceptions

from tsi_graph.errors import StoreUnreachable
from tsi_graph.store import base, queries
from tsi_graph.store.base import Row, T, Transaction

TRIES = 5
"""How often a writer gives way to another before it gives up."""
PAUSE = 5.0
"""Seconds for which a server that could not be reached is not asked again."""


class Neo4jEngine:
    """Managed transactions: passing faults are tried again, and every write is safe to repeat."""

    largest: int | None = 10_000
    relabels = True

    def __init__(self, url: str, user: str, password: str) -> None:
        self._url = url
        self._driver: Driver = GraphDatabase.driver(
            url,
            auth=(user, password),
            connection_timeout=3,
            connection_acquisition_timeout=5,
            max_transaction_retry_time=5,
            notifications_min_severity="OFF",  # an empty store lacks every property key
        )
        self._ready = False
        self._circuit = _Circuit(url)

    def transact(self, work: Callable[[Transaction], T]) -> T:
        with self._circuit:
            self._prepare()
            with self._driver.session() as session:
                for _ in range(TRIES):
                    # Another writer took the same number or id, or the answer to a commit was lost: look again at
                    # what there is now.
                    with suppress(exceptions.ConstraintError, exceptions.IncompleteCommit):
                        return session.execute_write(lambda tx: work(_Neo4jTransaction(tx)))
                return session.execute_write(lambda tx: work(_Neo4jTransaction(tx)))

    def query(self, text: str, parameters: Row, *, seconds: float | None = None) -> Iterator[Row]:
        with self._circuit:
            self._prepare()
            with self._driver.session(default_access_mode=READ_ACCESS) as session:
                yield from session.run(Query(text, timeout=seconds), parameters).data()

    def close(self) -> None:
        self._driver.close()

    def _prepare(self) -> None:
        """The constraints and indexes, once for each engine; each statement is safe to repeat."""
        if not self._ready:
            with self._driver.session() as session:
                for statement in queries.schema():
                    session.run(statement).consume()
            self._ready = True


class _Neo4jTransaction:
    def __init__(self, tx: ManagedTransaction) -> None:
        self._tx = tx

    def run(self, text: str, parameters: Row) -> list[Row]:
        return self._tx.run(text, parameters).data()

    def create(self, labels: Sequence[str], rows: Sequence[Row]) -> None:
        base.create(self, labels, rows)

    def tie(self, kind: str, rows: Sequence[Row]) -> None:
        base.tie(self, kind, rows)


class _Circuit:
    """Turns the driver's faults into ours, with advice and without the password.

    After a failure to reach the server the same is said at once for a few seconds, instead of after waiting again.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._open_until, self._advice = 0.0, ""

    def __enter__(self) -> None:
        if time.monotonic() < self._open_until:
            raise self._unreachable(self._advice)

    def __exit__(self, kind: Any, fault: BaseException | None, trace: Any) -> None:
        advice = ""
        match fault:
            case exceptions.AuthError():
                advice = "it refused the user or password: set TSI_NEO4J_USER and TSI_NEO4J_PASSWORD(_FILE)"
            case exceptions.ServiceUnavailable() | exceptions.SessionExpired():
                advice = "it does not answer: is it running, and is the address right?"
                self._open_until, self._advice = time.monotonic() + PAUSE, advice
            case exceptions.Neo4jError() | exceptions.DriverError():
                advice = str(fault).partition("\n")[0]
            case None:
                self._open_until = 0.0
        if advice:
            raise self._unreachable(advice) from fault

    def _unreachable(self, advice: str) -> StoreUnreachable:
        return StoreUnreachable(f"The server at {self._url} cannot be used; {advice}")
