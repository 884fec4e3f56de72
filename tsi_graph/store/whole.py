"""Which statements are still what was written: an id is a hash of what its statement says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from tsi_graph.dates import span
from tsi_graph.errors import StoreDamaged
from tsi_graph.statements import COLUMNS, fact_of, identity
from tsi_graph.store.base import Row
from tsi_graph.store.manifest import ADVICE

STATED = ("node", "field", "target", "key", "value", "answer", "valid_from", "valid_to", "seen", "origin", "confidence")
"""What a statement says; its id is made of that, and all its other columns follow from it."""
DAYS = ("from_min", "from_max", "to_min", "to_max")
NAMED = 3
"""How many statements a message names."""


def verify(rows: pd.DataFrame | list[Row]) -> None:
    """Raises StoreDamaged, with id and fact, for statements that are not what was written. 3 µs each."""
    columns = (
        {name: [row[name] for row in rows] for name in COLUMNS}
        if isinstance(rows, list)
        else {name: rows[name].tolist() for name in COLUMNS}
    )
    wrong = [
        (i, fact)
        for i, fact, days, said in _each(columns)
        if identity(said) != i or fact != fact_of(*said[:4]) or days != days_of(*said[6:9])
    ]
    if wrong:
        raise StoreDamaged(f"The store is damaged: {named(wrong)} changed since written. {ADVICE}")


def named(statements: list[tuple[Any, Any]]) -> str:
    """Some statements in words, by id and fact."""
    told = ", ".join(f"{i} about {fact}" for i, fact in statements[:NAMED])
    more = f" and {len(statements) - NAMED:,} more" if len(statements) > NAMED else ""
    return f"{'statement' if len(statements) == 1 else 'statements'} {told}{more}"


def changed(rows: pd.DataFrame) -> np.ndarray:
    """For each statement whether its id is no longer that of what it says."""
    columns = {name: rows[name].tolist() for name in COLUMNS}
    return np.array([identity(said) != i for i, _, _, said in _each(columns)], dtype=bool)


def sound(rows: pd.DataFrame) -> np.ndarray:
    """For each statement whether it is what was written, with a list of imports that can be one."""
    listed = [numbers_of(changes) is not None for changes in rows["changes"]]
    found: np.ndarray = np.array(listed, dtype=bool) & ~changed(rows)
    return found


def mended(rows: pd.DataFrame) -> pd.DataFrame:
    """Statements whose ids are right, with all that follows from what they say worked out again."""
    rows = rows.reset_index(drop=True)
    columns = {name: rows[name].tolist() for name in COLUMNS}
    said = [said for _, _, _, said in _each(columns)]
    columns["confidence"] = [one[-1] for one in said]
    columns["fact"] = [fact_of(*one[:4]) for one in said]
    days = [days_of(*one[6:9]) for one in said]
    columns |= {name: [one[k] for one in days] for k, name in enumerate(DAYS)}
    return pd.DataFrame({**columns, "changes": rows["changes"]}, columns=pd.Index([*COLUMNS, "changes"]))


def numbers_of(changes: object) -> list[int] | None:
    """The imports in a list of changes; None where it is no list of rising numbers."""
    if not isinstance(changes, (list, tuple)) or not all(type(c) is int and c for c in changes):
        return None
    numbers = [abs(c) for c in changes]
    return numbers if numbers and sorted(set(numbers)) == numbers else None


def _each(columns: dict[str, list[Any]]) -> Iterator[tuple[Any, Any, tuple[Any, ...], list[Any]]]:
    """The id, fact, days and what is said of each statement."""
    columns = {**columns, "confidence": _whole(columns["confidence"])}
    days = zip(*(columns[name] for name in DAYS), strict=True)
    said = map(list, zip(*(columns[name] for name in STATED), strict=True))
    return zip(columns["id"], columns["fact"], days, said, strict=True)


def _whole(numbers: Iterable[Any]) -> list[Any]:
    """Numbers that pandas made floats of because one of them is missing, as they were."""
    return [int(n) if isinstance(n, float) and n.is_integer() else n for n in numbers]


@lru_cache(maxsize=100_000)
def days_of(valid_from: Any, valid_to: Any, seen: Any) -> tuple[int, ...]:
    """The days that follow from what a statement says of them; none where nothing can follow."""
    try:
        return tuple(span(valid_from, valid_to, seen))
    except (ValueError, TypeError, AttributeError):
        return ()
