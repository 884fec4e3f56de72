"""A Neo4j server, through the official driver."""

from __future__ import annotations

import logging
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from threading import Event, Lock, Timer
from typing import Any
from urllib.parse import urlsplit

from neo4j import READ_ACCESS, Driver, GraphDatabase, ManagedTransaction, exceptions, unit_of_work

from tsi_graph.errors import Conflict, StoreUnreachable, Unusable
from tsi_graph.statements import ALL
from tsi_graph.store import base, migrations, queries
from tsi_graph.store.base import OURS, Row, T, Transaction

LOST = 1_000
"""After so many rows that a server cannot read, the rest of a damaged store is given up."""
TRIES = 5
"""How often a writer gives way to another before it gives up."""
PAUSE = 5.0
"""Seconds for which a server that could not be reached is not asked again."""
SILENCE, LONG_SILENCE = 1.0, 30.0
"""Seconds without an answer to a read, or a write, after which the server is asked whether it is still there."""
logging.getLogger("neo4j").addHandler(logging.NullHandler())  # what it would print, our errors say in words
SECRETS = (
    "for `tsi` and its server set TSI_NEO4J_USER, and TSI_NEO4J_PASSWORD_FILE (a file with the password) or "
    "TSI_NEO4J_PASSWORD; in Python, which reads no settings, give `open_store` user= and password="
)


class Neo4jEngine:
    """Managed transactions: passing faults are tried again, and every write is safe to repeat."""

    largest: int | None = 10_000
    relabels = True

    def __init__(self, url: str, user: str, password: str) -> None:
        check_address(url, password)
        self._url = url
        given: dict[str, Any] = {
            "auth": (user, password),
            "connection_timeout": 3,
            "connection_acquisition_timeout": 5,
            "max_transaction_retry_time": 5,
            "retry_delay_multiplier": 1.0,  # one second each time; waits that double would end after 8
            "notifications_min_severity": "OFF",  # an empty store lacks every property key
        }
        self._open: Callable[..., Driver] = lambda **more: GraphDatabase.driver(url, **given | more)
        # Each with a driver of its own: a read that is given up ends no import.
        self._reading, self._writing = _Line(url, self._open), _Line(url, self._open)
        self._ready = False

    @property
    def _driver(self) -> Driver:
        return self._reading.driver

    def transact(self, work: Callable[[Transaction], T]) -> T:
        with self._writing.asked(LONG_SILENCE) as driver:
            self._prepare(driver)
            with driver.session() as session:
                for _ in range(TRIES):
                    # Another writer took the same number or id, or the answer to a commit was lost: look again at
                    # what there is now.
                    with suppress(exceptions.ConstraintError, exceptions.IncompleteCommit):
                        return session.execute_write(lambda tx: work(_Neo4jTransaction(tx)))
                return session.execute_write(lambda tx: work(_Neo4jTransaction(tx)))

    def look(self, work: Callable[[Transaction], T], *, seconds: float | None = None) -> T:
        timed = unit_of_work(timeout=seconds)(lambda tx: work(_Neo4jTransaction(tx)))
        with (
            self._reading.asked(SILENCE) as driver,
            driver.session(default_access_mode=READ_ACCESS) as session,
        ):
            with suppress(exceptions.IncompleteCommit):
                first: T = session.execute_read(timed)
                return first
            again: T = session.execute_read(timed)
            return again

    def query(self, text: str, parameters: Row, *, seconds: float | None = None) -> Iterator[Row]:
        yield from self.look(lambda tx: tx.run(text, parameters), seconds=seconds)

    def replace(self, work: Callable[[Transaction], T]) -> T:
        def wiped(tx: Transaction) -> T:
            for label in OURS:
                tx.run(queries.text("write/clear", LABELS=label), {"many": ALL["limit"]})
            return work(tx)

        return self.transact(wiped)

    def salvage(self, label: str) -> tuple[list[Row], int]:
        text = queries.text({"Statement": "read/statements", "Import": "read/imports"}[label])
        found: list[Row] = []
        skip = failed = 0
        size = most = base.BATCH
        while failed < LOST:
            try:
                rows = self.look(partial(_page, text=text, skip=skip, limit=size))
            except StoreUnreachable:
                self.reach()  # else it is not there at all
                size //= 10
                if not size:
                    skip, failed, size = skip + 1, failed + 1, 1
                continue
            found += rows
            if len(rows) < size:
                break
            skip, size = skip + size, min(most, 10 * size)
        return found, failed

    def reach(self) -> None:
        """On a connection of its own, with little patience: who waits for the server to come back asks often."""
        for line in (self._reading, self._writing):
            line.circuit.close()
        with self._reading.circuit, self._open(connection_timeout=2, connection_acquisition_timeout=2.5) as second:
            second.verify_connectivity()

    def close(self) -> None:
        for line in (self._reading, self._writing):
            line.driver.close()

    def _prepare(self, driver: Driver) -> None:
        """The constraints and indexes of this version of the program, looked for once."""
        if not self._ready:
            with driver.session() as session, driver.session() as apart:

                def transact(work: Callable[[Transaction], T], /) -> T:
                    return session.execute_write(lambda tx: work(_Neo4jTransaction(tx)))

                migrations.bring(lambda text: apart.run(text).consume(), transact)
            self._ready = True


def _page(tx: Transaction, text: str, skip: int, limit: int) -> list[Row]:
    return tx.run(text, {"skip": skip, "limit": limit})


class _Line:
    """A driver and what is known of its server; once that has fallen silent the driver takes no connection any more."""

    def __init__(self, url: str, open_: Callable[..., Driver]) -> None:
        self._url, self._open = url, open_
        self.circuit = _Circuit(url)
        self._reached = False
        self._lock = Lock()
        self._connect()

    def _connect(self) -> None:
        self._silent = silent = Event()

        def resolver(address: Any) -> list[Any]:
            if silent.is_set():
                raise _Silent
            return [address]

        self.driver: Driver = self._open(resolver=resolver)

    @contextmanager
    def asked(self, silence: float) -> Iterator[Driver]:
        """Whatever goes wrong in here ends in one of our errors, and soon."""
        with self.circuit:
            with self._lock:
                if self._silent.is_set():
                    self._connect()
                driver, silent = self.driver, self._silent
            if not self._reached:  # one attempt: only a server that was there before is worth waiting for
                try:
                    driver.verify_connectivity()
                except exceptions.DriverError as fault:
                    raise exceptions.ServiceUnavailable(_seen_at(self._url)) from fault
                self._reached = True
            watch = _Watch(silence, driver, self._open, silent)
            try:
                yield driver
            except BaseException as fault:
                self._reached = not isinstance(fault, exceptions.DriverError)
                if silent.is_set():
                    raise exceptions.ServiceUnavailable from fault
                raise
            finally:
                watch.end()


class _Neo4jTransaction:
    def __init__(self, tx: ManagedTransaction) -> None:
        self._tx = tx

    def run(self, text: str, parameters: Row) -> list[Row]:
        return self._tx.run(text, parameters).data()

    def create(self, labels: Sequence[str], rows: Sequence[Row]) -> None:
        base.create(self, labels, rows)

    def tie(self, kind: str, rows: Sequence[Row]) -> None:
        base.tie(self, kind, rows)


class _Silent(Exception):
    """The server has fallen silent; not tried again."""


def _seen_at(url: str) -> str:
    """What is wrong at an address where no connection comes about: the driver does not say for all of them."""
    at = urlsplit(url)
    try:
        with socket.create_connection((at.hostname or "", at.port or 7687), timeout=1) as line:
            if at.scheme.endswith("+s"):
                ssl.create_default_context().wrap_socket(line, server_hostname=at.hostname).close()
                return ""
            line.sendall(b"GET / HTTP/1.0\r\nAccept: */*\r\n\r\n")  # 7474, the port for browsers, answers this
            return "HTTP" if line.recv(4) == b"HTTP" else ""
    except OSError as fault:
        return f"{type(fault).__name__}" if isinstance(fault, ssl.SSLError) else ""


class _Watch:
    """Ends the connections of a server that has fallen silent; the driver alone would wait for ever.

    One that works long on a question is silent too, but answers on a second connection.
    """

    def __init__(self, silence: float, driver: Driver, open_: Callable[..., Driver], silent: Event) -> None:
        self._silence, self._driver, self._open, self._silent = silence, driver, open_, silent
        self._ended = False
        self._wait()

    def end(self) -> None:
        self._ended = True
        self._timer.cancel()

    def _wait(self) -> None:
        self._timer = Timer(self._silence, self._look)
        self._timer.daemon = True
        self._timer.start()

    def _look(self) -> None:
        try:
            with self._open() as second:
                second.verify_connectivity()
        except exceptions.DriverError:
            if not self._ended:
                self._silent.set()
                self._driver.close()
        except exceptions.Neo4jError:
            pass  # also an answer
        self._silence = min(2 * self._silence, LONG_SILENCE)
        if not (self._ended or self._silent.is_set()):
            self._wait()


class _Circuit:
    """Turns the driver's faults into ours, with advice and without the password.

    After a failure to reach the server the same is said at once for a few seconds, instead of after waiting again.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._open_until, self._advice = 0.0, ""

    def close(self) -> None:
        self._open_until = 0.0

    def __enter__(self) -> None:
        if time.monotonic() < self._open_until:
            raise self._unreachable(self._advice)

    def __exit__(self, kind: Any, fault: BaseException | None, trace: Any) -> None:
        if fault is None:
            self._open_until = 0.0
        elif isinstance(fault, exceptions.ConstraintError):
            raise Conflict("Another program wrote the same at the same time; do it again.") from fault
        elif isinstance(fault, exceptions.DriverError):
            advice = _of_driver(fault)
            self._open_until, self._advice = time.monotonic() + PAUSE, advice
            raise self._unreachable(advice) from fault
        elif isinstance(fault, exceptions.Neo4jError):
            raise self._unreachable(_of_server(fault)) from fault

    def _unreachable(self, advice: str) -> StoreUnreachable:
        return StoreUnreachable(f"The server at {self._url} cannot be used; {advice}")


def _of_driver(fault: BaseException) -> str:
    """What to do about a server that could not be talked to."""
    chain: list[BaseException] = []
    at: BaseException | None = fault
    while at is not None and at not in chain:
        chain.append(at)
        at = at.__cause__ or at.__context__
    said = " ".join(f"{type(one).__name__} {one}" for one in chain)
    if "certificate" in said.lower() or "SSL" in said or "Security" in said:
        return (
            "no secure connection comes about. Is its certificate known here (SSL_CERT_FILE names a file with it), "
            "and does it speak TLS? neo4j+ssc:// takes any certificate, for tests."
        )
    if "HTTP" in said or "Handshake" in said or "Unsupported" in said:
        return "what answers there does not speak Neo4j's protocol: is it the port for Bolt, 7687 by default?"
    return "it does not answer: is it running, and is the address right?"


def _of_server(fault: exceptions.Neo4jError) -> str:
    """What to do about an error that the server reports, in our words: its own may quote the data."""
    code = fault.code or ""
    known = {word: advice for word, advice in ADVICE.items() if word in code}
    return next(iter(known.values()), f"it reports {code or 'an error without a name'}; its own log says more.")


ADVICE = {
    "CredentialsExpired": "its password must be changed first, in cypher-shell or the Neo4j Browser: "
    "`ALTER CURRENT USER SET PASSWORD FROM 'old' TO 'new'`.",
    "AuthenticationRateLimit": "there were too many attempts with a wrong password; wait some seconds.",
    "Security.Unauthorized": f"it refused the user or password: {SECRETS}.",
    "TokenExpired": f"it refused the user or password: {SECRETS}.",
    "Security.Forbidden": "this user may not do that there; another user, or more rights.",
    "DatabaseNotFound": "it has no database for this user.",
    "OutOfMemory": "it has too little memory for this transaction: give it more (server.memory.heap.max_size).",
    "DatabaseUnavailable": "its database is not available just now: is it starting, or its disk full?",
    "TransactionTimedOut": "it ended the work because it took too long.",
    "LockClientStopped": "it is being stopped; try again when it is back.",
    "Transaction.Terminated": "it ended the work: was it stopped?",
    "DeadlockDetected": "other programs are writing at the same time; try again.",
    "TransactionLogError": "it cannot write to its disk: is that full?",
}
"""What to do, by words in the code of the server's error."""


def check_address(url: str, password: str) -> None:
    """Refuse secrets in an address, which end in logs and lists of processes, and the password that everybody knows."""
    at = urlsplit(url)
    if "@" in at.netloc:
        raise Unusable(f"An address holds no user or password, since addresses are shown and logged: {SECRETS}.")
    if password == "neo4j":
        raise Unusable("The password is the one that every new server has: change it on the server, and here.")
    with suppress(ValueError):
        _ = at.port  # raises for what is no number
        if at.hostname:
            return
    raise Unusable(f"{url!r} is no address of a server; neo4j://host or bolt://host:7687 is.")
