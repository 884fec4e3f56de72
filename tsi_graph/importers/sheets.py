"""Opens files that strangers made: CSV and XLSX become rows of text, harmful ones are refused."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

from tsi_graph.errors import Refused, TooLarge

MEGABYTE = 1_000_000
MAX_FILE = 100 * MEGABYTE
MAX_UNPACKED = 100 * MEGABYTE
MAX_MEMBERS = 200
MAX_RATIO, RATIO_FROM = 100, 10 * MEGABYTE
"""Real sheets of repeated words pack well too: the ratio counts from this size on."""
DECLARING = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
"""What no part of a workbook holds: by it a reader of XML is made to read elsewhere, or without end."""
MAX_CELLS = 20_000_000
"""A reader sets up the whole rectangle from A1 to the last cell, so that two cells can cost 550 GB."""
SEPARATORS = ",;\t"
COMPUTED = "=(formula)"
"""What is read where a formula stands without its result: some programs leave it to Excel to compute."""


Formulas = tuple[dict[int, set[int]], tuple[tuple[int, int, int], ...]]


@dataclass(frozen=True)
class Sheet:
    """One table as text. `label` names it in messages, `name` says which table it is."""

    label: str
    name: str
    rows: Iterator[list[str]]
    ignored: bool = False
    """Hidden, or named "(ignore) ...": counted, not read."""
    formulas: tuple[tuple[int, int, int], ...] = ()
    """Of each column that has formulas with a result: the column from 0, how many, and the row of the first."""


def open_csv(path: Path) -> Sheet:
    """The rows of a CSV file: `,` `;` or tab; UTF-8, UTF-16 with BOM, or else Windows (cp1252).

    Row n is the n-th record, as a spreadsheet program shows it: a line break inside quotes is no new row.
    """
    text = _decoded(path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text), strict=True)
    return Sheet(path.name, path.stem, reader)


def separator(text: str) -> str:
    """The sign of `,` `;` and tab that the first filled line holds most often outside quotes.

    >>> separator('id;"name, town";kind')
    ';'
    """
    quoted, counts = False, Counter[str]()
    for sign in text.lstrip()[:100_000]:
        quoted ^= sign == '"'
        if not quoted and sign in "\r\n":
            break
        if not quoted and sign in SEPARATORS:
            counts[sign] += 1
    return max(SEPARATORS, key=lambda sign: counts[sign])


def _decoded(path: Path) -> str:
    _refuse_large(path)
    raw = path.read_bytes()
    utf16 = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise Refused(f"{path.name} is not a text file in UTF-8, UTF-16 with its mark, or Windows (cp1252) letters.")


def _refuse_large(path: Path) -> None:
    size = path.stat().st_size
    if size > MAX_FILE:
        raise TooLarge(f"{path.name} has {size // MEGABYTE} MB; at most {MAX_FILE // MEGABYTE} MB are read.")


def open_workbook(path: Path) -> Iterator[Sheet]:
    """The sheets of an XLSX workbook that hold anything, in their order; the zip directory is read before."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    _refuse_bomb(path)
    try:
        formulas = _formulas(path)
        with CalamineWorkbook.from_path(path) as book:
            for about in book.sheets_metadata:
                if about.typ != SheetTypeEnum.WorkSheet:
                    continue
                sheet = book.get_sheet_by_name(about.name)
                if not sheet.total_height:
                    continue
                skipped = about.visible != SheetVisibleEnum.Visible or about.name.lower().startswith("(ignore)")
                # By default leading empty rows are dropped and every row number would be wrong.
                rows = sheet.to_python(skip_empty_area=False)
                lacking, told = formulas.get(about.name, ({}, ()))
                texts = _marked(([cell(v) for v in row] for row in rows), lacking)
                yield Sheet(f"{path.name}, {about.name}", about.name, texts, skipped, told)
    except (CalamineError, zipfile.BadZipFile, OSError) as fault:
        raise Refused(f"{path.name} cannot be read as an .xlsx workbook ({fault}); save it again.") from fault


def _marked(rows: Iterable[list[str]], formulas: dict[int, set[int]]) -> Iterator[list[str]]:
    for number, row in enumerate(rows, 1):
        for column in formulas.get(number, ()):
            if column <= len(row) and not row[column - 1]:
                row[column - 1] = COMPUTED
        yield row


def _formulas(path: Path) -> dict[str, Formulas]:
    """Where in each sheet formulas stand: those without their result by row and column, the others as `Sheet` says."""
    found: dict[str, Formulas] = {}
    with zipfile.ZipFile(path) as packed:
        parts = set(packed.namelist())
        if "xl/_rels/workbook.xml.rels" not in parts:
            return {}
        targets = {}
        for tag in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", _text(packed, "xl/_rels/workbook.xml.rels")):
            targets[_attribute(tag, "Id")] = _attribute(tag, "Target")
        for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", _text(packed, "xl/workbook.xml")):
            target = targets.get(_attribute(tag, r"\w+:id"), "")
            part = target[1:] if target.startswith("/") else f"xl/{target}"
            if part not in parts:
                continue
            found[_attribute(tag, "name")] = _formulas_of(packed.read(part))
    return found


def _formulas_of(sheet: bytes) -> Formulas:
    lacking: dict[int, set[int]] = {}
    told: dict[int, tuple[int, int]] = {}
    if not re.search(rb"<(?:\w{1,20}:)?f[\s/>]", sheet):
        return lacking, ()
    at, formula, result = None, False, False
    tags = rb"</?(?:\w{1,20}:)?(?:(c)(?=[\s/>])([^<>]{0,200})|(f)(?=[\s/>])|(v)>[^<]|(sheetData)>)"
    for tag in re.finditer(tags, sheet):
        if tag[3]:
            formula = True
        elif tag[4]:
            result = True
        else:
            if at and formula:
                row, column = int(at[2]), _column(at[1])
                if result:
                    count, first = told.get(column - 1, (0, row))
                    told[column - 1] = count + 1, first
                else:
                    lacking.setdefault(row, set()).add(column)
            formula = result = False
            at = re.search(rb"\br=[\"']([A-Za-z]{1,3})(\d{1,7})[\"']", tag[2]) if tag[1] else None
    return lacking, tuple((column, count, first) for column, (count, first) in sorted(told.items()))


def _text(packed: zipfile.ZipFile, part: str) -> str:
    return packed.read(part).decode("utf-8", "replace")


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"\s{name}\s*=\s*([\"'])(.*?)\1", tag)
    return unescape(found[2]) if found else ""


def cell(value: Any) -> str:
    """A cell as text: whole numbers without point, dates as ISO, true or false.

    A number with three decimals gets a fourth, so that 1.625 is not taken for the Italian 1.625 (1625).

    >>> [cell(v) for v in (2017.0, 1.625, 0.00001, True, datetime(2017, 11, 30), "NA")]
    ['2017', '1.6250', '0.00001', 'true', '2017-11-30', 'NA']
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f")
        return text + "0" if re.fullmatch(r"-?\d{1,3}\.\d{3}", text) else text
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    return value.isoformat() if isinstance(value, date) else str(value)


def _refuse_bomb(path: Path) -> None:
    """Raises Refused for what is no workbook or would unpack to more than a workbook of people holds."""
    _refuse_large(path)
    with path.open("rb") as file:
        old = file.read(8) == bytes.fromhex("d0cf11e0a1b11ae1")
    if old:
        raise Refused(f"{path.name} is an old .xls file or protected by a password; save it as a plain .xlsx.")
    try:
        with zipfile.ZipFile(path) as packed:
            members = packed.infolist()
            unpacked = sum(member.file_size for member in members)
            ratio = unpacked / max(1, sum(member.compress_size for member in members))
            if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or (ratio > MAX_RATIO and unpacked > RATIO_FROM):
                raise TooLarge(
                    f"{path.name} would unpack to {unpacked // MEGABYTE} MB in {len(members)} parts ({ratio:.0f} times "
                    f"its size); at most {MAX_UNPACKED // MEGABYTE} MB in {MAX_MEMBERS:,} parts are read."
                )
            if "xl/workbook.xml" not in packed.namelist():
                raise Refused(f"{path.name} is not an .xlsx workbook.")
            for member in members:
                _refuse_harmful(path, packed, member)  # the workbook decides which of them are sheets
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as fault:
        raise Refused(f"{path.name} is not an .xlsx workbook, or it is damaged ({fault}).") from fault


def _refuse_harmful(path: Path, packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Raises Refused for a part that declares entities, or is a sheet of too many cells."""
    height, width, rest = 0, 0, b""
    with packed.open(member) as part:
        while block := part.read(MEGABYTE):
            if DECLARING.search((rest + block).replace(b"\0", b"")):  # in UTF-16 every other byte is 0
                raise Refused(
                    f"{path.name} declares entities in its part {member.filename!r}, which no spreadsheet program "
                    "does; save it again as a plain .xlsx."
                )
            for letters, digits in re.findall(rb"\br\s*=\s*[\"']([A-Za-z]{1,7})(\d{1,12})[\"']", rest + block):
                height, width = max(height, int(digits)), max(width, _column(letters))
            rest = block[-50:]
    if height * width > MAX_CELLS:
        raise TooLarge(
            f"{path.name} has a sheet of {height:,} rows by {width:,} columns; at most {MAX_CELLS:,} cells are read. "
            "Often a stray cell far from the table is the cause: delete the rows and columns after it."
        )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def letter(column: int) -> str:
    """A column from 0 as a spreadsheet names it.

    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    text, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        text = chr(65 + digit) + text
    return text
