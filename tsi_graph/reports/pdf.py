"""A report as a PDF: tagged (PDF/UA-1), fonts embedded, set by Typst from data that never become markup."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tsi_graph.reports.content import Block, Bullets, Figure, Paragraph, Report, Section, Table


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


def _fonts() -> Path:
    """The folder of DejaVu Sans, in which the pictures are lettered; it comes with matplotlib."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def _plain(report: Report) -> dict[str, Any]:
    about = {name: getattr(report, name) for name in ("title", "lead", "note", "lang", "brief")}
    return {**about, "sections": [_section(one) for one in report.sections]}


def _section(one: Section) -> dict[str, Any]:
    return {
        "title": one.title, "fresh": one.fresh, "blocks": [_block(block) for block in one.blocks],
        "sections": [_section(inner) for inner in one.sections],
    }  # fmt: skip


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph(text, quiet):
            return {"sort": "paragraph", "text": text, "quiet": quiet}
        case Bullets(items, title):
            return {"sort": "bullets", "items": items, "title": title}
        case Table():
            return {
                "sort": "table", "caption": block.caption, "headings": block.headings, "rows": block.rows,
                "widths": block.widths, "numbers": block.numbers,
            }  # fmt: skip
        case Figure():
            return {
                "sort": "figure", "caption": block.caption, "alt": block.alt, "width": block.size[0],
                "height": block.size[1], "svg": block.draw("svg").decode(),
            }  # fmt: skip
