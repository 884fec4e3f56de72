"""Partial dates: a date is the set of days it may be.

Days are whole numbers, yyyymmdd, so that one comparison works in Cypher, in NumPy and here.
"""

from __future__ import annotations

import calendar
import re
from functools import lru_cache
from typing import Any, NamedTuple

OPEN = ".."
"""An end that is known not to have come (ISO 8601-2); a blank is unknown."""

FIRST, LAST = 1_01_01, 9999_12_31
"""The first and the last day there is."""

_MONTH = r"(0[1-9]|1[0-2])"
_IN_MONTH = r"((0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
_LEAP = r"([12]\d(0[48]|[2468][048]|[13579][26])|(12|16|20|24|28)00)-02-29"
DAY = rf"^([12]\d{{3}}-{_IN_MONTH}|{_LEAP})$"
"""A day that there is."""
DATE = rf"^([12]\d{{3}}(-({_MONTH}|{_IN_MONTH}))?|{_LEAP})$"
"""A year, a month or a day that there is."""


class Span(NamedTuple):
    """When something may have begun and ended: four days, both ends inclusive.

    Possibly true on day D: from_min <= D <= to_max. Certainly true: from_max <= D <= to_min.
    """

    from_min: int
    from_max: int
    to_min: int
    to_max: int


def date(value: Any) -> str:
    """A date as the source gives it, checked against the calendar.

    >>> date("2017-1"), date(".."), date(" ")
    ('2017-01', '..', '')
    """
    return _date(str(value).strip() if value is not None else "")


@lru_cache(maxsize=65_536)
def _date(text: str) -> str:
    if text in ("", OPEN):
        return text
    found = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", text, re.ASCII)
    if not found or found[1] == "0000":
        raise ValueError("a date is written 2017, 2017-11 or 2017-11-30 (or .. for still open)")
    year, month, day = (int(part) if part else None for part in found.groups())
    if month is not None and not 1 <= month <= 12:
        raise ValueError("there is no such month: months go from 01 to 12")
    if month is not None and day is not None:
        last = calendar.monthrange(year or 1, month)[1]
        if not 1 <= day <= last:
            raise ValueError(f"there is no such day: {year:04}-{month:02} has {last} days")
    parts = [f"{year:04}"] + [f"{part:02}" for part in (month, day) if part is not None]
    return "-".join(parts)


def days(text: str) -> tuple[int, int]:
    """The first and the last day that a date may be; a blank may be any.

    >>> days("2017-02")
    (20170201, 20170228)
    """
    if not text:
        return FIRST, LAST
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    low = year * 10000 + (month or 1) * 100 + (day or 1)
    high = year * 10000 + (month or 12) * 100 + (day or calendar.monthrange(year, month or 12)[1])
    return low, high


@lru_cache(maxsize=65_536)
def span(valid_from: str, valid_to: str, seen: str = "") -> Span:
    """The days on which something may have begun and ended.

    It began before it ended, and was true on some day of `seen`. Raises ValueError where no days fit.

    >>> span("2017-11", "", "2020")
    Span(from_min=20171101, from_max=20171130, to_min=20200101, to_max=99991231)
    """
    from_min, from_max = (FIRST, FIRST) if valid_from == OPEN else days(valid_from)
    to_min, to_max = (LAST, LAST) if valid_to == OPEN else days(valid_to)
    seen_min, seen_max = (FIRST, LAST) if seen in ("", OPEN) else days(seen)
    if from_min > to_max:
        raise ValueError(f"it ends ({valid_to}) before it starts ({valid_from})")
    if from_min > seen_max or to_max < seen_min:
        raise ValueError(f"it was seen ({seen}) outside its dates ({valid_from or '?'} to {valid_to or '?'})")
    # A date without `seen` was true on no particular day: its two ends bound each other only.
    if seen in ("", OPEN):
        seen_min, seen_max = from_min, to_max
    return Span(from_min, min(from_max, to_max, seen_max), max(to_min, from_min, seen_min), to_max)
