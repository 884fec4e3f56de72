"""What a delivery would do, as it is told and kept: counts, and a line for each row; a page reads those it shows."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import Any

from tsi_graph.batch import Resolved
from tsi_graph.deliveries.faults import Choice

TOLD = 500
"""How many rows to mend, warnings, names and rows of each status are told at once; all are counted and kept."""
STATUSES = ("changed", "new", "beside", "unchanged", "withdrawn", "still")
LISTS = ("repairs", "warnings", *STATUSES, "resolved")
"""What is told piece by piece, each by the letter under which its lines are kept."""
LETTERS = dict(zip(LISTS, "rwcnbugks", strict=True))


@dataclass(frozen=True)
class Repair:
    """A cell to mend: where it stands, what is written, what is wrong, what would be right, and what to write.

    One fix is what is most likely meant; of several, or none, one chooses. column is -1 where it is the whole row.
    """

    file: str
    row: int
    column: int
    letter: str
    heading: str
    about: str
    value: str
    wrong: str
    right: tuple[str, ...]
    fixes: tuple[str, ...]
    choice: Choice


@dataclass(frozen=True)
class CellChange:
    """One field before and after; None is blank."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class RowEffect:
    """What one good row does. status: new, changed, unchanged, or beside: kept as a second source, not shown.

    Of a complete delivery also what it no longer says, in no file and row 0: withdrawn, or still: another source says
    it.
    """

    file: str
    row: int
    about: str
    status: str
    changes: tuple[CellChange, ...] = ()


@dataclass(frozen=True)
class Warn:
    """Something to know about rows that are good. sort: email, address, column, formula, unsourced, contradicts,
    ignored, guessed, waits: complete, with rows to mend."""

    sort: str
    file: str
    rows: tuple[int, ...]
    letter: str = ""
    heading: str = ""
    count: int = 0
    other: int = 0


@dataclass(frozen=True)
class Preview:
    """Counts of rows, and what stands behind them: the lists hold all of it, or of a delivery that waits a part.

    unread: faults of a whole table. rows: those of the file, without headings and examples. unchanged: with those that
    are kept beside. withdrawn, still: what a complete delivery no longer says, as it goes or another source says it;
    known once nothing is to be mended. to_mend, warned, understood: how long the lists of repairs, warnings and
    resolved names are.
    """

    rows: int
    examples: int
    sheets: tuple[str, ...]
    new: int
    changed: int
    unchanged: int
    beside: int
    withdrawn: int
    still: int
    refused: int
    to_mend: int
    warned: int
    understood: int
    unread: tuple[Repair, ...]
    repairs: tuple[Repair, ...]
    effects: tuple[RowEffect, ...]
    warnings: tuple[Warn, ...]
    resolved: tuple[Resolved, ...]

    @property
    def good(self) -> int:
        return self.new + self.changed + self.unchanged

    @property
    def faulty(self) -> bool:
        """Whether anything is to be mended, in a cell or a whole table: a complete delivery is then refused."""
        return bool(self.to_mend or self.unread)

    def of(self, status: str) -> list[RowEffect]:
        return [effect for effect in self.effects if effect.status == status]


def packed(found: Preview, stamp: str) -> bytes:
    """All of it as it is kept: the counts in the first line, then a line for each row under the letter of its list."""
    lists = {"repairs", "effects", "warnings", "resolved"}
    head = {one.name: getattr(found, one.name) for one in fields(found) if one.name not in lists}
    head = {**head, "unread": [_cells(one) for one in found.unread]}
    lines = [json.dumps([stamp, head], ensure_ascii=False)]
    for name in sorted(lists - {"effects"}):
        lines += (LETTERS[name] + _line(one) for one in getattr(found, name))
    lines += (LETTERS[one.status] + _line(one) for one in found.effects)
    return gzip.compress("\n".join(lines).encode("utf-8", "replace"), 1)


def load(path: Path, stamp: str, begin: Mapping[str, int], most: int | None) -> Preview | None:
    """Of each list so many, or all, from where it is to begin on; None where nothing is kept, or of something else."""
    try:
        first, *lines = gzip.decompress(path.read_bytes()).decode().split("\n")
        known, head = json.loads(first)
        if known != stamp:
            return None
        part = {name: _part(lines, name, begin.get(name, 0), most) for name in LISTS}
        head |= {"sheets": tuple(head["sheets"]), "unread": tuple(Repair(**_repair(one)) for one in head["unread"])}
        effects = merge(*(map(_effect, part[name]) for name in STATUSES), key=lambda one: (one.file, one.row))
        return Preview(
            **head, repairs=tuple(Repair(**_repair(one)) for one in part["repairs"]), effects=tuple(effects),
            warnings=tuple(Warn(one[0], one[1], tuple(one[2]), *one[3:]) for one in part["warnings"]),
            resolved=tuple(Resolved(*one) for one in part["resolved"]),
        )  # fmt: skip
    except (OSError, EOFError, zlib.error, ValueError, TypeError, KeyError, IndexError):
        return None  # half gone, or of another version: worked out again


def _part(lines: list[str], name: str, begin: int, most: int | None) -> list[Any]:
    mine = (line for line in lines if line[0] == LETTERS[name])
    return [json.loads(line[1:]) for line in islice(mine, begin, None if most is None else begin + most)]


def _line(one: Any) -> str:
    return json.dumps(_cells(one), ensure_ascii=False)


def _cells(one: Any) -> list[Any]:
    """Its fields in their order; the changes of a row likewise."""
    cells = list(vars(one).values())
    return [*cells[:-1], [_cells(change) for change in one.changes]] if isinstance(one, RowEffect) else cells


def _repair(cells: list[Any]) -> dict[str, Any]:
    found = dict(zip((one.name for one in fields(Repair)), cells, strict=True))
    return {**found, "right": tuple(found["right"]), "fixes": tuple(found["fixes"])}


def _effect(cells: list[Any]) -> RowEffect:
    file, row, about, status, changes = cells
    return RowEffect(file, row, about, status, tuple(CellChange(*one) for one in changes))
