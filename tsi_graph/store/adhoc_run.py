"""A person's own Cypher, run: on either engine in a transaction that cannot write, no longer and no more than asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from tsi_graph.errors import Refused, StoreLocked, StoreUnreachable, TsiError, Unusable
from tsi_graph.store import manifest
from tsi_graph.store.adhoc import checked, encodable, parameters_of
from tsi_graph.store.base import Engine, Row, T

if TYPE_CHECKING:
    import pandas as pd

LIMIT = 10_000
SECONDS = 30.0
GRACE = 0.6
"""Seconds after the limit in which the engine itself may say so; then it is not waited for."""
MEMORY = "1g"
"""What the embedded engine may take for one query."""
NO_PATHS = "A path is no value of a table; return nodes(p) and relationships(p)."
RUNNING = "Reading the result set failed"
"""How the embedded engine begins to tell of a query that it understood."""
NOT_UNDERSTOOD = (
    "Neo.ClientError.Statement.SyntaxError", "Neo.ClientError.Statement.SemanticError",
    "Neo.ClientError.Statement.ParameterMissing", "Neo.ClientError.Procedure",
)  # fmt: skip
"""How codes of the server begin for one that it did not."""
_APART = Path(__file__).with_name("adhoc_apart.py")


class QueryTimeout(Refused):
    """A query that took longer than it was given."""

    status = 504
    slug = "query-timeout"


class Truncated(UserWarning):
    """There were more rows than asked for."""


def run(engine: Engine, text: str, parameters: Row, *, limit: int = LIMIT, seconds: float = SECONDS) -> pd.DataFrame:
    """The rows of a statement that reads, as `Store.cypher` promises them."""
    import pandas as pd

    if limit < 1 or not 0 < seconds <= 3600:
        raise Unusable("A query has a limit of at least one row, and between 0 and 3,600 seconds.")
    statement = checked(text)
    values = _bound(statement, parameters, limit)
    folder = getattr(engine, "folder", None)
    if folder is None:
        columns, rows = _on_server(engine, statement, values, limit + 1, seconds)
    else:
        columns, rows = _on_folder(engine, folder, statement, values, limit + 1, seconds)
    table = pd.DataFrame(rows[:limit], columns=columns)
    table.attrs["truncated"] = len(rows) > limit
    if table.attrs["truncated"]:
        warnings.warn(f"Only the first {limit:,} rows are here; there are more.", Truncated, stacklevel=3)
    return table


def _bound(statement: str, given: Mapping[str, Any], limit: int) -> Row:
    """The value of each parameter; `$limit` is the limit of the call and one more, which shows that there is more."""
    wanted = parameters_of(statement)
    values = {**given, **({"limit": limit + 1} if "limit" in wanted else {})}
    if wanted != set(values):
        lacking, unknown = sorted(wanted - set(values)), sorted(set(values) - wanted)
        said = [f"no value for ${', $'.join(lacking)}"] * bool(lacking)
        said += [f"the query has no ${', $'.join(unknown)}"] * bool(unknown)
        raise Unusable(f"The parameters do not fit: {'; '.join(said)}.")
    return {name: _value(name, value) for name, value in values.items()}


def _value(name: str, value: Any) -> Any:
    """A parameter as both engines take it."""
    if hasattr(value, "tolist"):  # of NumPy: a number or an array
        value = value.tolist()
    if hasattr(value, "to_pydatetime"):
        value = value.to_pydatetime()
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(UTC)  # the embedded engine drops the zone
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise Unusable(f"${name}: {value} is larger than a database's numbers.")
    if isinstance(value, str):
        encodable(value, f"${name}")
    if value is None or isinstance(value, (bool, int, float, str, date, datetime)):
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_value(name, one) for one in value]
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {_value(name, key): _value(name, one) for key, one in value.items()}
    raise Unusable(f"${name}: a parameter is text, a number, a date, a list or a mapping of these, not {value!r}.")


def _on_folder(
    engine: Any, folder: Path, statement: str, values: Row, rows: int, seconds: float
) -> tuple[list[str], list[list[Any]]]:
    """On the embedded store, in a process of its own on a folder opened for reading: that one can be ended.

    An engine in this process cannot: a thread in it runs on, and holds the folder for everybody.
    """
    engine.look(manifest.compare)  # says what is wrong with a folder, and recovers it after a crash
    with engine.place() as place:
        return _apart(place, folder, statement, values, rows, seconds)


def _apart(
    place: Path, folder: Path, statement: str, values: Row, rows: int, seconds: float
) -> tuple[list[str], list[list[Any]]]:
    deadline = time.monotonic() + seconds + GRACE
    asked = {"folder": str(place), "text": statement, "parameters": _packed(values), "rows": rows, "seconds": seconds}
    options = f"-Darcadedb.command.timeout={max(1, int(seconds * 1000))} -Xmx{MEMORY}"
    environment = {**os.environ, "ARCADEDB_NATIVE_ISOLATE_ARGS": options, "ARCADEDB_LOG_CONSOLE": "0"}
    # -P: its own folder is not searched for modules; neo4j.py there is not the driver
    command = [sys.executable, "-P", str(_APART)]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=max(0.1, deadline - time.monotonic()),
            env=environment,
        )
    except subprocess.TimeoutExpired as fault:
        raise _too_slow(seconds) from fault
    try:
        answer = json.loads(done.stdout)
    except ValueError as fault:
        raise Refused(f"The query ended the process it ran in ({done.returncode}): did it ask for too much?") from fault
    if "fault" in answer:
        raise _said(answer["fault"], seconds, folder)
    return answer["columns"], answer["rows"]


def _said(fault: str, seconds: float, folder: Path) -> TsiError:
    """What the embedded engine said, as one of our errors."""
    if fault == "path":
        return Unusable(NO_PATHS)
    message = fault.rpartition("Exception: ")[2].partition("\n")[0][:500]
    if "TimeoutException" in fault:
        return _too_slow(seconds)
    if "OutOfMemory" in fault or "out of memory" in fault.lower():
        return Refused(f"The query needs more memory than it may take ({MEMORY}).")
    if any(words in fault for words in ("another process", "already in use", "LockException")):
        return StoreLocked(f"{folder} is in use by another program; wait for it to finish, or stop it.")
    if "NotIdempotent" in fault or "ReadOnly" in fault:
        return Refused(f"The database does not run it for reading: {message}")
    return _unusable(message, understood=fault.startswith(RUNNING))


def _unusable(message: str, *, understood: bool) -> Unusable:
    said = "The query failed while running" if understood else "The database does not understand the query"
    return Unusable(f"{said}: {message}")


def _on_server(
    engine: Any, statement: str, values: Row, rows: int, seconds: float
) -> tuple[list[str], list[list[Any]]]:
    def ask() -> tuple[list[str], list[list[Any]]]:
        engine.look(manifest.compare)  # says what is wrong with a server, or with what it holds
        with (
            engine._driver.session(default_access_mode="READ") as session,
            session.begin_transaction(timeout=seconds) as tx,
        ):
            result = tx.run(statement, values)
            return list(result.keys()), [[_plain(value) for value in row.values()] for row in islice(result, rows)]

    try:
        return within(seconds + GRACE, ask)
    except TimeoutError as fault:
        raise _too_slow(seconds) from fault
    except TsiError:
        raise
    except Exception as fault:
        code, message = str(getattr(fault, "code", "")), str(getattr(fault, "message", fault)).partition("\n")[0][:500]
        if "TransactionTimedOut" in code or "Terminated" in code:
            raise _too_slow(seconds) from fault
        if code.startswith(("Neo.ClientError.Statement.AccessMode", "Neo.ClientError.Security")):
            raise Refused(f"The database does not run it for reading: {message}") from fault
        if code.startswith("Neo.ClientError"):
            raise _unusable(message, understood=not code.startswith(NOT_UNDERSTOOD)) from fault
        raise StoreUnreachable(f"The server did not answer the query: {message}") from fault


def within(seconds: float, work: Callable[[], T]) -> T:
    """What the work gives; TimeoutError if it has given nothing by then, and it is left behind."""
    given: list[T] = []
    failed: list[BaseException] = []

    def do() -> None:
        try:
            given.append(work())
        except BaseException as fault:
            failed.append(fault)

    worker = Thread(target=do, daemon=True)
    worker.start()
    worker.join(seconds)
    if failed:
        raise failed[0]
    if not given:
        raise TimeoutError
    return given[0]


def _plain(value: Any) -> Any:
    """A value of the driver: nodes and relationships as their fields, dates as ISO text."""
    if hasattr(value, "relationships"):
        raise Unusable(NO_PATHS)
    if hasattr(value, "element_id"):
        return {key: _plain(one) for key, one in value.items()}
    if hasattr(value, "iso_format"):
        return value.iso_format()
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def _packed(value: Any) -> Any:
    """A parameter as JSON, with days and moments marked."""
    if isinstance(value, (date, datetime)):
        return {"": [type(value).__name__, value.isoformat()]}
    if isinstance(value, dict):
        return {key: _packed(one) for key, one in value.items()}
    return [_packed(one) for one in value] if isinstance(value, list) else value


def _too_slow(seconds: float) -> QueryTimeout:
    return QueryTimeout(f"The query was ended after {seconds:g} seconds; ask for less, or give it more time.")
