"""The ledger as a workbook: everything is in it, reads back equal, and nothing in it is a formula."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tsi_graph.errors import NotFound, Unusable
from tsi_graph.exports.cells import STARTS, harmless
from tsi_graph.exports.ledger import COLUMNS, HEADINGS, SHEETS, workbook, write_workbook
from tsi_graph.exports.tabular import LINE
from tsi_graph.recommend.ledger.reading import Ledger, Mark
from tsi_graph.recommend.ledger.record import Event, Introduction

HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''=1", "=HYPERLINK(\"http://x\",\"y\")", "＝1+1",
    "_x003D_1+1", "{=1}", "<script>", "\u2028", "a\nb", "1e5", "2026-11-30", "TRUE", "#REF!",
    "' OR 1=1 --", "%00", "é\u0301",
]  # fmt: skip


def ledger_of(*texts: str) -> Ledger:
    """A ledger in which every text is one of these."""
    day = "2026-11-02"
    made = []
    for n, text in enumerate(texts):
        events = (Event(1, "proposed", day, text, at="2026-11-02T10:00:00"), Event(2, "declined", day, text))
        made.append(Introduction(f"i{n}", "ann", "ben", ("cy",), text, (text,), (text, text), 3, 1, events))
    return Ledger(tuple(made), tuple(Mark("cy", n, True, day, text) for n, text in enumerate(texts)))


def sheets(data: bytes) -> dict[str, list[dict[str, Any]]]:
    """Each sheet as rows by heading, as a program that knows nothing of us reads it."""
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    out = {}
    for name in book.sheet_names:
        head, *rows = book.get_sheet_by_name(name).to_python()
        out[name] = [dict(zip(head, row, strict=True)) for row in rows]
    return out


def original(cell: str) -> str:
    """What stood in the ledger: without the apostrophe that made it harmless."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(STARTS) else cell


@pytest.mark.parametrize("lang", ["it", "en"])
def test_hostile_texts_come_back_equal_and_none_is_a_formula(lang: str) -> None:
    data = workbook(ledger_of(*HOSTILE), {"ann": "=Ann", "ben": "@Ben"}, lang)
    at = ("it", "en").index(lang)
    introductions, events, marks = sheets(data).values()
    # a line break alone is what XML makes of a carriage return
    expected = [text.replace("\r", "\n") for text in HOSTILE]
    for column in ("objective", "reasons"):
        assert [original(row[HEADINGS[column][at]]).replace("\r", "\n") for row in introductions] == expected
    assert [original(row[HEADINGS["text"][at]]).replace("\r", "\n") for row in marks] == expected
    assert [original(row[HEADINGS["text"][at]]).replace("\r", "\n") for row in events[::2]] == expected
    assert {original(row[HEADINGS["source_name"][at]]) for row in introductions} == {"=Ann"}
    for sheet in openpyxl.load_workbook(BytesIO(data)):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
                assert not (isinstance(cell.value, str) and cell.value.startswith(STARTS)), cell.value
    with ZipFile(BytesIO(data)) as parts:
        assert all(b"<f>" not in parts.read(name) for name in parts.namelist() if "worksheets" in name)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_harmless_and_can_be_had_back(text: str) -> None:
    assert not harmless(text).startswith(STARTS)
    assert original(harmless(text)) == text


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=20), max_size=4))
def test_any_ledger_reads_back_equal(texts: list[str]) -> None:
    rows = sheets(workbook(ledger_of(*texts), {}))[SHEETS["marks"][0]]
    assert [original(row["Nota"]) for row in rows] == texts


@pytest.mark.parametrize("lang", ["it", "en"])
def test_headings_are_frozen_filtered_and_in_the_language(lang: str) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(ledger_of("a", "b"), {}, lang)))
    at = ("it", "en").index(lang)
    assert book.sheetnames == [words[at] for words in SHEETS.values()]
    for sheet, name in zip(book, SHEETS, strict=True):
        assert [cell.value for cell in sheet[1]] == [HEADINGS[column][at] for column in COLUMNS[name]]
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(cell.font.bold for cell in sheet[1])


def test_days_are_days_and_words_are_words() -> None:
    [row] = sheets(workbook(ledger_of("a"), {"ann": "Ann", "ben": "Ben"}, "en"))["Introductions"]
    assert (row["Id"], row["State"], row["Since"], row["Who"], row["To whom"], row["Through"]) == (
        "i0", "declined", date(2026, 11, 2), "Ann", "Ben", "cy",
    )  # fmt: skip
    assert (row["Proposed on"], row["Accepted on"], row["Route"], row["Import"]) == (date(2026, 11, 2), "", "a\na", 3)
    book = openpyxl.load_workbook(BytesIO(workbook(ledger_of("a"), {})))
    assert book["Eventi"]["C2"].value == datetime(2026, 11, 2)


def test_it_is_the_same_file_each_time_and_lines_stand_below_each_other() -> None:
    data = workbook(ledger_of("a"), {})
    with ZipFile(BytesIO(data)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z" in parts.read("docProps/core.xml")
    sheet = openpyxl.load_workbook(BytesIO(data))["Presentazioni"]
    route = next(cell for cell in sheet[2] if cell.value == "a\na")
    assert route.alignment.wrap_text
    assert {cell.alignment.vertical for cell in sheet[2]} == {"top"}
    assert sheet.row_dimensions[2].height == 2 * LINE
    assert sheet.column_dimensions[route.column_letter].width == len("Percorso") + 3


def test_what_xml_cannot_hold_is_marked() -> None:
    ledger = Ledger(marks=(Mark("cy", 1, True, "2026-11-02", "a\x00b\ud800\ufffe"),))
    assert sheets(workbook(ledger, {}))["Tramiti"][0]["Nota"] == "a\ufffdb\ufffd\ufffd"


def test_it_is_written_whole_where_one_says(tmp_path: Path) -> None:
    path = write_workbook(Ledger(), {}, tmp_path / "a.xlsx")
    assert sheets(path.read_bytes()) == {"Presentazioni": [], "Eventi": [], "Tramiti": []}
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]
    with pytest.raises(Unusable, match=r"as \.xlsx, not as 'a\.csv'"):
        write_workbook(Ledger(), {}, tmp_path / "a.csv")
    with pytest.raises(NotFound, match="No folder"):
        write_workbook(Ledger(), {}, tmp_path / "b" / "a.xlsx")
