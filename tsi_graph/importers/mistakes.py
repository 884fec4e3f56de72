"""What was wrong with a row, in plain words, with what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from tsi_graph.dates import date
from tsi_graph.fields import CONFIDENCE, SCOPES, SECTORS, VISIBILITIES, WORDS, plain
from tsi_graph.model import RELATIONS

VOCABULARY: dict[str, tuple[str, ...]] = {
    "sector": SECTORS, "scope": SCOPES, "confidence": tuple(CONFIDENCE), "visibility": VISIBILITIES,
}  # fmt: skip
"""The fields whose cells hold one of a few words."""
NUMBERS = ("greater_than_equal", "less_than", "finite_number", "float_parsing")


def mistakes(error: ValidationError, cells: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Field, value and message of each fault that a record found in the cells of a row."""
    found = []
    for one in error.errors(include_url=False):
        field = str(one["loc"][0]) if one["loc"] else _whole_row(one["msg"])
        value = cells.get(field, "")
        found.append((field, shown(value), _said(field, value, one["type"], one["msg"], one.get("ctx", {}))))
    return found


def _whole_row(message: str) -> str:
    return "seen" if "it was seen" in message else "valid_to"


def _said(field: str, value: str, kind: str, message: str, context: Mapping[str, Any]) -> str:
    if field in VOCABULARY:
        words = VOCABULARY[field]
        return f"{field} is one of: {', '.join(words)}" + suggestion(value, [*words, *_italian(words)])
    if kind in ("missing", "string_too_short", "too_short"):
        return f"{field} is missing: every row needs one"
    if kind in ("string_too_long", "too_long"):
        what = "name" if field in ("name", "name_it") else "text"
        return f"a {what} has at most {context.get('max_length', 10_000):,} characters, this one has {len(value):,}"
    if kind in NUMBERS:
        return "a number from 0 to below 1,000,000,000,000,000 is expected"
    return str(context.get("error", message)) + (_day_first(value) if "a date is written" in message else "")


def _italian(words: Iterable[str]) -> list[str]:
    return [italian for italian, ours in WORDS.items() if ours in words]


def _day_first(value: str) -> str:
    """A hint where the date is written the Italian way; it is not taken, as 03/04 may be March or April."""
    found = re.fullmatch(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*", value, re.ASCII)
    try:
        return f"; did you mean {date(f'{found[3]}-{found[2]}-{found[1]}')}?" if found else ""
    except ValueError:
        return ""


def unknown_relation(value: str) -> str:
    known = ", ".join(sorted({kind.lower() for kind in RELATIONS.values()}))
    return f"relation is one of: {known}" + suggestion(value, RELATIONS)


def suggestion(value: str, words: Iterable[str]) -> str:
    """`; did you mean ...?` with the closest word, or nothing where none is close."""
    [*close] = get_close_matches(plain(value[:100]), list(words), 1)
    return f"; did you mean {close[0]!r}?" if close else ""


def shown(value: str) -> str:
    """A value short enough for a message."""
    return value if len(value) <= 200 else value[:200] + "…"
