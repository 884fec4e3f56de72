"""Gaps that the team set aside as none: by which key each is known, and until when.

They are marks of the ledger like those of introducers: kept, counted, hashed, backed up and put back with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tsi_graph.analysis import Gap
from tsi_graph.errors import NotFound
from tsi_graph.recommend.ledger.reading import Ledger, Mark


def key(gap: Gap) -> str:
    """What a gap is known by, whatever its numbers are: its kind and its ids.

    >>> from tsi_graph.analysis.gaps import Gap
    >>> key(Gap("sectors", ("bank", "company"), ("banks", "companies"), 0, (1, 2), {}))
    'sectors|bank|company'
    """
    return "|".join((gap.kind, *gap.ids))


def known_key(gap: str, known: Sequence[str]) -> None:
    """Raises NotFound for a key of no gap."""
    if gap not in known:
        raise NotFound(f"There is no gap {gap[:200]!r} in these data. Known: {', '.join(known[:20]) or 'none'}.")


def back(mark: Mark) -> str:
    """The day on which a gap that was set aside is looked at again: a year later."""
    day = date.fromisoformat(mark.day)
    try:
        return day.replace(year=day.year + 1).isoformat()
    except ValueError:  # 29 February
        return date(day.year + 1, 3, 1).isoformat()


def stands(mark: Mark, today: date) -> bool:
    """Whether what a mark sets aside is still set aside."""
    return mark.barred and today.isoformat() < back(mark)


def aside(ledger: Ledger, today: date | None = None) -> dict[str, Mark]:
    """The gaps that are set aside now, by key, with their marks."""
    last = {mark.body: mark for mark in ledger.gaps}
    return {gap: mark for gap, mark in last.items() if stands(mark, today or date.today())}
