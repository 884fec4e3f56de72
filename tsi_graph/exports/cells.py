"""Text in the cell of a spreadsheet: never a formula, and nothing that a workbook cannot hold."""

from __future__ import annotations

import re

STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""With these a spreadsheet may take a text for a formula, at the latest when the sheet is saved as CSV and opened."""


def harmless(text: str) -> str:
    """The text as it may stand in a cell: with an apostrophe in front if it might be taken for a formula.

    Reading back, one apostrophe goes where what follows it (after further ones) starts like a formula.

    >>> harmless("=1+1"), harmless("'=1+1"), harmless("1+1")
    ("'=1+1", "''=1+1", '1+1')
    """
    return f"'{text}" if text.lstrip("'").startswith(STARTS) else text


def printable(text: str) -> str:
    """Without what XML cannot hold, and with `_x0041_` as it stands: a workbook would read that as a letter."""
    text = re.sub(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]", "\N{REPLACEMENT CHARACTER}", text)
    return re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
