"""Tables for spreadsheets, in which nothing is ever a formula: CSV in a zip, and a workbook with filters."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from math import isinf
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tsi_graph.errors import Unusable
from tsi_graph.exports.cells import harmless, printable
from tsi_graph.exports.records import Row, columns, records
from tsi_graph.exports.scene import Look
from tsi_graph.graph import Graph

MOST_ROWS = 1_048_575
"""Rows of a sheet under its headings."""
MOST_SIGNS = 32_767
"""Signs that a cell can hold."""
EXACT = 2**53
"""From here on a spreadsheet rounds whole numbers."""
WIDEST = 60
LINE, HIGHEST = 15, 400
"""Points of a line of text, and of the highest row."""
NODES, EDGES = ("id", "name"), ("source", "target", "kind", "weight")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, headings, and rows as long as these."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]


def csv_tables(graph: Graph, look: Look) -> bytes:
    """nodes.csv and edges.csv in one zip: UTF-8, commas, full stops."""
    return _zipped(graph, look, italian=False)


def csv_italian(graph: Graph, look: Look) -> bytes:
    """The same for Excel as it stands on an Italian desk: semicolons, decimal commas, VERO and FALSO, accents kept."""
    return _zipped(graph, look, italian=True)


def _zipped(graph: Graph, look: Look, *, italian: bool) -> bytes:
    found = records(graph, look)
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, table, first in (("nodes", found.nodes, NODES), ("edges", found.edges, EDGES)):
            archive.writestr(
                _entry(f"{name}.csv"), csv_of(table, first, italian=italian).encode("utf-8-sig" if italian else "utf-8")
            )
    return out.getvalue()


def csv_of(table: Sequence[Row], first: tuple[str, ...], *, italian: bool = False) -> str:
    """One table as text; a text that a spreadsheet might take for a formula gets an apostrophe in front."""
    order, out = columns(table, first), StringIO()
    writer = csv.writer(out, delimiter=";" if italian else ",", lineterminator="\r\n")
    writer.writerow([harmless(name) for name in order])
    writer.writerows([cell(row.get(name), italian=italian) for name in order] for row in table)
    return out.getvalue()


def cell(value: object, *, italian: bool = False) -> str:
    """A value as CSV has it.

    >>> cell(1.5, italian=True), cell(True, italian=True), cell(-1), cell("=1+1"), cell("-")
    ('1,5', 'VERO', '-1', "'=1+1", "'-")
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return ("VERO" if value else "FALSO") if italian else ("true" if value else "false")
    if isinstance(value, float):
        return repr(value).replace(".", ",") if italian else repr(value)
    return harmless(value) if isinstance(value, str) else str(value)


def workbook(graph: Graph, look: Look) -> bytes:
    """The sheets Nodes and Edges with frozen headings and filters."""
    found = records(graph, look)
    sheets = []
    for name, table, first in (("Nodes", found.nodes, NODES), ("Edges", found.edges, EDGES)):
        order = columns(table, first)
        sheets.append(Sheet(name, order, [[row.get(one) for one in order] for row in table]))
    return book(sheets)


def book(sheets: Sequence[Sheet]) -> bytes:
    """A workbook of plain cells: text stays text whatever it looks like. Raises Unusable where a sheet is too small."""
    from openpyxl import Workbook  # type: ignore[import-untyped]
    from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
    from openpyxl.styles import Alignment, Font  # type: ignore[import-untyped]
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

    out, bold = Workbook(write_only=True), Font("Calibri", 11, bold=True)
    top, wrapped = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
    for sheet in sheets:
        if len(sheet.rows) > MOST_ROWS:
            raise Unusable(f"A sheet has room for {MOST_ROWS} rows, not for {len(sheet.rows)}; write .csv.zip instead.")
        page = out.create_sheet(sheet.name)
        page.freeze_panes = "A2"
        page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.headings))}{len(sheet.rows) + 1}"
        for x, heading in enumerate(sheet.headings):
            seen = max((_width(row[x]) for row in sheet.rows[:500] if row[x] is not None), default=0)
            page.column_dimensions[get_column_letter(x + 1)].width = min(max(seen, len(heading)) + 3, WIDEST)
        for first, line in ((1, [sheet.headings]), (2, sheet.rows)):
            for y, row in enumerate(line, first):
                cells, lines = [], max((value.count("\n") for value in row if isinstance(value, str)), default=0) + 1
                if lines > 1:
                    page.row_dimensions[y].height = min(lines * LINE, HIGHEST)
                for value in row:
                    one = WriteOnlyCell(page, _cell(value))
                    if isinstance(one.value, str):
                        one.data_type = "s"  # whatever it looks like
                    if row is sheet.headings:
                        one.font = bold
                    if lines > 1:
                        one.alignment = wrapped if "\n" in str(one.value) else top
                    cells.append(one)
                page.append(cells)
    file = BytesIO()
    out.save(file)
    return _timeless(file.getvalue())


def _width(value: object) -> int:
    """Signs of the longest line."""
    return max(map(len, str(value).split("\n")))


def _timeless(data: bytes) -> bytes:
    """The workbook without the moment of its making: the same graph gives the same bytes."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as made, ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name in made.namelist():
            content = made.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", content)
            archive.writestr(_entry(name), content)
    return out.getvalue()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
    return entry


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return harmless(printable(value.replace("\r", "\n")))[:MOST_SIGNS]
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) > EXACT
    # sixteen digits are written, with which the largest number of all would be infinite
    return str(value) if whole or (isinstance(value, float) and isinf(float(f"{value:.16g}"))) else value
