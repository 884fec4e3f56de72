"""Files made to harm are refused before they cost anything."""

import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tsi_graph.errors import Refused
from tsi_graph.importers import read, sheets


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    made = openpyxl.Workbook()
    made.active.title = "organisations"
    made.active.append(["id", "name"])
    made.active.append(["a", "A"])
    made.save(path)
    return path


def swapped(book: Path, old: bytes, new: bytes) -> Path:
    """The workbook with another text in its sheet."""
    with zipfile.ZipFile(book) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, raw in parts.items():
            packed.writestr(name, raw.replace(old, new) if "sheet1" in name else raw)
    return book


def refused(path: Path) -> str:
    begin = time.perf_counter()
    with pytest.raises(Refused) as fault:
        read(path)
    assert time.perf_counter() - begin < 0.5
    return str(fault.value)


def test_a_plain_workbook_is_read(book):
    assert [node.id for node in read(book).nodes] == ["a"]


def test_a_packed_bomb_is_refused_by_its_directory(book):
    blow = swapped(book, b"</sheetData>", b'<row r="3"><c r="A3"/></row>' * 8_000_000 + b"</sheetData>")
    assert blow.stat().st_size < 2_000_000
    assert refused(blow).startswith("book.xlsx would unpack to 224 MB in 9 parts")


def test_a_few_cells_far_apart_are_refused(book):
    far = swapped(book, b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    assert refused(far).startswith(
        "book.xlsx has a sheet of 1,048,576 rows by 16,384 columns; at most 20,000,000 cells"
    )


@pytest.mark.parametrize(
    "declared", ["<!DOCTYPE a [<!ENTITY b 'c'>]>", "<!doctype a>", "<!ENTITY b SYSTEM '/etc/passwd'>"]
)
@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml", "docProps/core.xml"]
)
@pytest.mark.parametrize("letters", ["utf-8", "utf-16"])
def test_a_workbook_that_declares_entities_is_refused(book, declared, part, letters):
    with zipfile.ZipFile(book) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    head, mark, rest = parts[part].decode().partition("?>")
    text = head + mark + declared + rest if mark else declared + head
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, raw in parts.items():
            packed.writestr(name, text.encode(letters) if name == part else raw)
    assert refused(book).startswith(f"book.xlsx declares entities in its part {part!r}")


def test_the_limits_are_those_of_the_security_page():
    page = (Path(__file__).parents[2] / "docs" / "security.md").read_text("utf-8")
    said = f"{sheets.MAX_MEMBERS} parts, {sheets.MAX_UNPACKED // sheets.MEGABYTE} MB unpacked, {sheets.MAX_RATIO} times"
    assert said in page
    assert (sheets.MAX_MEMBERS, sheets.MAX_UNPACKED, sheets.MAX_RATIO) == (200, 100_000_000, 100)


def test_many_parts_are_refused(book, monkeypatch):
    monkeypatch.setattr(sheets, "MAX_MEMBERS", 5)
    assert "in 9 parts" in refused(book)


def test_a_high_ratio_is_refused_from_a_size_on(book, monkeypatch):
    wide = swapped(book, b"</sheetData>", b'<row r="3"><c r="A3"/></row>' * 100_000 + b"</sheetData>")
    assert [node.id for node in read(wide).nodes] == ["a"]
    monkeypatch.setattr(sheets, "RATIO_FROM", 1_000_000)
    assert "would unpack to 2 MB" in refused(wide)


def test_large_files_are_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "MAX_FILE", 10)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("it was read"))
    for name in ("enti.csv", "book.xlsx"):
        (tmp_path / name).write_text("id,name\na,A\n")
        assert "at most 0 MB are read" in refused(tmp_path / name)


def test_what_only_calls_itself_a_workbook_is_refused(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_text("id,name\n")
    assert refused(path) == "book.xlsx is not an .xlsx workbook, or it is damaged (File is not a zip file)."
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600)
    assert refused(path) == "book.xlsx is an old .xls file or protected by a password; save it as a plain .xlsx."
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a.txt", "hello")
    assert refused(path) == "book.xlsx is not an .xlsx workbook."


def test_a_damaged_workbook_is_refused(book):
    raw = book.read_bytes()
    book.write_bytes(raw[: len(raw) // 2])
    assert refused(book).startswith("book.xlsx is not an .xlsx workbook, or it is damaged")
