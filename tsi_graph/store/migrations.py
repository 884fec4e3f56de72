"""The schema, file by file: what each version of this program added, applied once and remembered in the store.

A file cypher/migrations/V0001__name.cypher holds statements that end in a semicolon, all of the schema or all on
data, each safe to repeat: one that was interrupted is applied again. A file that was applied never changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

from tsi_graph.errors import Conflict
from tsi_graph.store import manifest, queries
from tsi_graph.store.base import Row, T, Transaction, read, write

FOLDER = queries.FOLDER / "migrations"
_FILE = re.compile(r"V(\d{4})__([a-z0-9_]+)\.cypher")
_SCHEMA = re.compile(r"(CREATE|DROP) (CONSTRAINT|INDEX|FULLTEXT INDEX)\b")


@dataclass(frozen=True)
class Migration:
    """One file: its number and name, and its statements without comments."""

    version: int
    name: str
    statements: tuple[str, ...]

    @property
    def checksum(self) -> str:
        """What changes with any statement; comments may be mended."""
        return blake2b("\n".join(self.statements).encode(), digest_size=10).hexdigest()

    @property
    def of_schema(self) -> bool:
        """Whether it declares constraints and indexes; otherwise it changes data."""
        return all(_SCHEMA.match(text) for text in self.statements)

    @property
    def row(self) -> Row:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        return {"version": self.version, "name": self.name, "checksum": self.checksum, "at": at}


class Transact(Protocol):
    """One transaction around some work, in a store whose schema may be old."""

    def __call__(self, work: Callable[[Transaction], T], /) -> T: ...


@cache
def known(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """All migrations by number, from 0, which only makes the memory of the others."""
    return tuple(_read(path) for path in sorted(folder.glob("V*.cypher")))


def pending(applied: Sequence[Row]) -> list[Migration]:
    """Those that a store lacks. Raises Conflict if one of its was edited since, or is not known here."""
    here = {one.version: one for one in known() if one.version}
    for row in applied:
        one = here.get(row["version"])
        if one is None:
            raise Conflict(
                f"This store is of a newer program: it has migration {row['version']} ({row['name']}), "
                f"and this one knows {max(here)}. Update the program."
            )
        if one.checksum != row["checksum"]:
            raise Conflict(
                f"V{one.version:04}__{one.name}.cypher was edited after it was applied to this store on "
                f"{row['at'][:10]} (then {row['checksum']}, now {one.checksum}). Put the file back as it was, and "
                "what is to change into a new file."
            )
    there = {row["version"] for row in applied}
    return [one for version, one in here.items() if version not in there]


def bring(define: Callable[[str], Any], transact: Transact) -> list[Migration]:
    """Apply what a store lacks and say what that was; of several programs at once one does it, the others wait.

    define: runs a statement of the schema in a transaction of its own, also while another is open.
    """
    if not transact(_lacking):
        return []
    for text in known()[0].statements:
        define(text)
    done: list[Migration] = []
    while one := transact(lambda tx: _step(tx, define)):
        done.append(one)
    return done


def found(tx: Transaction) -> None:
    """Record that a new store has all of them: its schema was made at once, and it has no data to change.

    Also where the list of them was lost, and all that is there was just put there anew.
    """
    _hold(tx)
    write(tx, "migration", (one.row for one in known() if one.version))


def schema() -> list[str]:
    """The statements that make the schema of a new store."""
    return [text for one in known() if one.of_schema for text in one.statements]


def applied(tx: Transaction) -> list[Row]:
    """The migrations that the store remembers, oldest first."""
    return read(tx, "migrations", skip=0, limit=10_000)


def _lacking(tx: Transaction) -> list[Migration]:
    """Those to apply; none where a store has lost its list of them, which is refused further on, not made anew."""
    there = applied(tx)
    return pending(there) if there or not manifest.kept(tx) else []


def _step(tx: Transaction, define: Callable[[str], Any]) -> Migration | None:
    """Apply and record the next one in this transaction, which holds the store's memory of them until it ends."""
    _hold(tx)
    one = next(iter(_lacking(tx)), None)
    if one:
        for text in one.statements:
            if one.of_schema:
                define(text)
            else:
                tx.run(text, {})
        write(tx, "migration", [one.row])
        if one.version == manifest.SINCE:
            manifest.begin(tx)
    return one


def _hold(tx: Transaction) -> None:
    write(tx, "hold_migrations", [{"at": datetime.now(UTC).isoformat()}])


def _read(path: Path) -> Migration:
    match = _FILE.fullmatch(path.name)
    if match is None:
        raise ValueError(f"{path.name} is no name of a migration; V0001__name.cypher is.")
    lines = path.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line.strip() for line in lines if not line.startswith("//"))
    statements = (part.strip() for part in re.split(r";\s*$", text, flags=re.MULTILINE))
    return Migration(int(match[1]), match[2], tuple(filter(None, statements)))
