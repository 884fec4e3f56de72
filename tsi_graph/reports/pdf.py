"""A report as a PDF: tagged (PDF/UA-1), fonts embedded, set by Typst from data that never become markup."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tsi_graph.exports import logo
from tsi_graph.exports.labels import clean
from tsi_graph.reports.content import Block, Bullets, Figure, Paragraph, Report, Section, Table

LONGEST = 16
"""Letters after which a word of more than twice as many may break."""


def pdf(report: Report) -> bytes:
    """The report on A4 sheets, the same bytes each time."""
    import typst

    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(_fonts())])
    data = {"data": json.dumps(_plain(report))}
    return typst.compile(
        _template(), format="pdf", sys_inputs=data, font_paths=fonts, pdf_standards="ua-1", timestamp=0
    )  # fmt: skip


@cache
def _template() -> bytes:
    return (files("tsi_graph.reports") / "templates" / "report.typ").read_bytes()


@cache
def _letters() -> frozenset[int]:
    """What DejaVu Sans draws, in bold as well: PDF/UA allows no letter that the font does not have."""
    from matplotlib.ft2font import FT2Font

    normal, bold = (FT2Font(str(_fonts() / name)) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"))
    return frozenset(normal.get_charmap().keys() & bold.get_charmap().keys())


def drawable(text: str) -> str:
    """The text without marks that nobody sees, and with a sign for each letter that the font does not have; one for a
    text of which nothing is left, since no heading may be blank.

    >>> drawable("Città di 多"), drawable("🙂\\ufeff")
    ('Città di \ufffd', '\ufffd')
    """
    if text.isascii():
        return text
    known = _letters()
    seen = (c for c in text if c.isascii() or unicodedata.category(c) != "Cf")
    return "".join(c if c.isascii() or ord(c) in known else "\ufffd" for c in seen).strip() or "\ufffd"


def _fonts() -> Path:
    """The folder of DejaVu Sans, in which the pictures are lettered; it comes with matplotlib."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def _plain(report: Report) -> dict[str, Any]:
    about = {name: _text(getattr(report, name)) for name in ("title", "lead", "note")}
    sections = [_section(one) for one in report.sections]
    return {**about, "lang": report.lang, "brief": report.brief, "logo": _logo(report.logo), "sections": sections}


def _logo(address: str) -> dict[str, Any] | None:
    if not address:
        return None
    png, (width, height) = logo.printed(address)
    return {"png": list(png), "width": width, "height": height}


def _text(text: str) -> str:
    """Text that can be set: clean, and with places to break words that no line would hold."""
    return " ".join(
        "\u200b".join(word[k : k + LONGEST] for k in range(0, len(word), LONGEST)) if len(word) > 2 * LONGEST else word
        for word in drawable(clean(text)).split()
    )


def _texts(cells: Iterable[str]) -> list[str]:
    return [_text(cell) for cell in cells]


def _section(one: Section) -> dict[str, Any]:
    return {
        "title": _text(one.title), "fresh": one.fresh, "blocks": [_block(block) for block in one.blocks],
        "sections": [_section(inner) for inner in one.sections],
    }  # fmt: skip


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph(text, quiet):
            return {"sort": "paragraph", "text": _text(text), "quiet": quiet}
        case Bullets(items, title):
            return {"sort": "bullets", "items": _texts(items), "title": _text(title)}
        case Table():
            return {
                "sort": "table", "caption": _text(block.caption), "headings": _texts(block.headings),
                "rows": [_texts(row) for row in block.rows], "widths": block.widths, "numbers": block.numbers,
            }  # fmt: skip
        case Figure():
            return {
                "sort": "figure", "caption": _text(block.caption), "alt": drawable(clean(block.alt)),
                "width": block.size[0], "svg": drawable(block.draw("svg").decode()),
            }  # fmt: skip
