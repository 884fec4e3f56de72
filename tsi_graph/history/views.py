"""Views as a person writes them, and what a view is taken of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from tsi_graph.errors import NotFound, Unusable
from tsi_graph.fields import CONFIDENCE
from tsi_graph.graph import View
from tsi_graph.statements import Import, Table

if TYPE_CHECKING:
    from tsi_graph.store import Store

T = TypeVar("T")
KEYS = ("as_of", "known_at", "import", "sure", "confidence")


def table_of(said: Store | Table) -> Table:
    """All that was ever said, of a store or as it stands."""
    return said if isinstance(said, Table) else said.statements()


def once(table: Table, what: str, work: Callable[[], T]) -> T:
    """An answer about a table, worked out once and kept with it; it must not be changed."""
    kept: dict[str, T] = table.__dict__.setdefault("told", {})
    if what not in kept:
        kept[what] = work()
    return kept[what]


def view_of(text: str, base: View, imports: Iterable[Import] = ()) -> View:
    """A view in one line: `now`, a date, or any of as_of, known_at, import (a number), sure and confidence.

    A day as known_at means its end, so that all that came on it is known. Raises Unusable, NotFound.

    >>> view_of("2020", View()).as_of, view_of("as_of=2018-06,known_at=2026-11-30", View()).known_at.hour
    ('2020', 23)
    """
    told: set[str] = set()
    for part in (part.strip() for part in text.split(",")):
        key, given, value = (word.strip() for word in part.partition("="))
        if part == "now":
            continue
        if not given:
            key, value = "as_of", part
        if not value or key in told:
            raise Unusable(f"A view says each thing once, as in as_of=2020; not {text[:80]!r}.")
        told.add(key)
        if key == "as_of":
            base = replace(base, as_of=value)
        elif key == "known_at":
            base = replace(base, known_at=_moment(value))
        elif key == "import":
            base = replace(base, known_at=_came(value, imports))
        elif key == "sure" and value in ("true", "false"):
            base = replace(base, sure=value == "true")
        elif key == "confidence":
            base = replace(base, confidence=_level(value))
        else:
            raise Unusable(f"A view is written now, 2020, or KEY=VALUE with KEY of {', '.join(KEYS)}; not {part!r}.")
    return base


def _level(word: str) -> int:
    found = CONFIDENCE.get(word) or {str(level): level for level in CONFIDENCE.values()}.get(word)
    if not found:
        raise Unusable(f"A confidence is one of {', '.join(CONFIDENCE)}; not {word[:40]!r}.")
    return found


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as fault:
        raise Unusable(f"A moment is written 2026-11-30 or 2026-11-30T14:00 (UTC); not {text!r}.") from fault
    if len(text) == 10:
        found += timedelta(days=1, microseconds=-1)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _came(number: str, imports: Iterable[Import]) -> datetime:
    found = next((one.at for one in imports if str(one.number) == number), None)
    if found is None:
        raise NotFound(f"There is no import {number}.")
    return found
