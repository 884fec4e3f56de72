"""Workbooks for people who fill in rows: an empty one with drop-downs, and their own with what is wrong beside it."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import cache
from io import BytesIO
from typing import Any

from tsi_graph.deliveries import Preview
from tsi_graph.deliveries.faults import choices
from tsi_graph.deliveries.grid import Rows
from tsi_graph.exports.cells import harmless, printable
from tsi_graph.language import Words, filled

Column = tuple[Words, Words, str, Words, int]
"""Heading, example, list (blank for free text), note, width; in Italian and English."""

DATE: Words = ("Anno, anno-mese o anno-mese-giorno: 2021, 2021-11, 2021-11-30. Va bene anche 30/11/2021.",
               "Year, year-month or year-month-day: 2021, 2021-11, 2021-11-30.")  # fmt: skip
SOURCE: Words = ("La pagina o il documento che lo dice. Senza fonte un dato resta da confermare.",
                 "The page or document that says so. Without a source a fact waits to be confirmed.")  # fmt: skip
NOTE: Words = ("Niente nomi, e-mail o telefoni di persone: non si importano.",
               "No names, e-mails or telephone numbers of people: they are not imported.")  # fmt: skip
SURE: Words = ("alta: c'è un documento; media: lo dice una fonte buona; bassa: da verificare.",
               "high: there is a document; medium: a good source says so; low: to be verified.")  # fmt: skip
SHEETS: tuple[tuple[Words, tuple[Column, ...]], ...] = (
    (("Legami", "Ties"), (
        (("Organizzazione", "Organisation"), ("(esempio) Fondazione CRT", "(example) Fondazione CRT"), "",
         ("Il nome come sta nel sito, o il codice.", "The name as the site has it, or the id."), 34),
        (("Relazione", "Relation"), ("aderisce a", "is a member of"), "relation",
         ("Sceglietela dall'elenco.", "Choose it from the list."), 22),
        (("Con chi", "With whom"), ("Torino Social Impact", "Torino Social Impact"), "",
         ("L'altra organizzazione, rete, progetto o tema.", "The other organisation, network, project or topic."), 34),
        (("Inizio", "Start"), ("2021-11-30", "2021-11-30"), "", DATE, 14),
        (("Fine", "End"), ("", ""), "", DATE, 14),
        (("Attendibilità", "Confidence"), ("alta", "high"), "confidence", SURE, 14),
        (("Note", "Notes"), ("", ""), "", NOTE, 30),
        (("Fonte", "Source"), ("https://www.torinosocialimpact.it/",
         "https://www.torinosocialimpact.it/"), "", SOURCE, 40),
    )),
    (("Organizzazioni", "Organisations"), (
        (("Nome", "Name"), ("(esempio) Fondazione CRT", "(example) Fondazione CRT"), "",
         ("Il nome ufficiale.", "The official name."), 34),
        (("Tipo", "Kind"), ("fondazione", "foundation"), "sector",
         ("Sceglietelo dall'elenco.", "Choose it from the list."), 20),
        (("Comune", "City"), ("Torino", "Torino"), "", ("Dove ha sede.", "Where it has its seat."), 18),
        (("Sito", "Website"), ("www.fondazionecrt.it", "www.fondazionecrt.it"), "", ("", ""), 28),
        (("Inizio", "Start"), ("1991", "1991"), "", DATE, 14),
        (("Fine", "End"), ("", ""), "", DATE, 14),
        (("Attendibilità", "Confidence"), ("alta", "high"), "confidence", SURE, 14),
        (("Note", "Notes"), ("", ""), "", NOTE, 30),
        (("Fonte", "Source"), ("https://www.fondazionecrt.it/", "https://www.fondazionecrt.it/"), "", SOURCE, 40),
        (("Codice", "Id"), ("", ""), "",
         ("Lasciatelo vuoto: lo facciamo noi dal nome.", "Leave it blank: it is made of the name."), 20),
    )),
)  # fmt: skip
LISTS: Words = ("Elenchi", "Lists")
NOTES: tuple[Words, tuple[Words, ...]] = (
    ("Istruzioni", "Instructions"),
    (
        ("Una riga per ogni legame nel foglio Legami. Le organizzazioni nuove vanno anche nel foglio Organizzazioni.",
         "One row for each tie in the sheet Ties. New organisations go into the sheet Organisations too."),
        ("La riga di esempio non viene importata: potete lasciarla o cancellarla.",
         "The example row is not imported: leave it or delete it."),
        ("Relazione, Tipo e Attendibilità si scelgono dall'elenco che si apre nella cella.",
         "Relation, Kind and Confidence are chosen from the list that opens in the cell."),
        ("Non cambiate i nomi dei fogli né le intestazioni; colonne in più non vengono lette.",
         "Do not change the names of the sheets or the headings; other columns are not read."),
        ("Niente nomi, e-mail o telefoni di persone: qui stanno solo organizzazioni.",
         "No names, e-mails or telephone numbers of people: only organisations here."),
        ("Prima di scrivere qualcosa vi mostriamo che cosa cambia. Ogni importazione si può annullare.",
         "Before anything is written you see what changes. Each import can be undone."),
    ),
)  # fmt: skip
REMARKS: tuple[Words, Words] = (
    ("Che cosa non va", "What is wrong"), ("Così andrebbe bene", "What would be right"),
)  # fmt: skip
ROWS = 2_000
"""As far down as the drop-downs of the template go."""


@cache
def template(lang: str = "it") -> bytes:
    """An XLSX workbook to fill in. Its example rows are passed over when it is imported."""
    from openpyxl import Workbook  # type: ignore[import-untyped]
    from openpyxl.worksheet.datavalidation import DataValidation  # type: ignore[import-untyped]

    en, book = lang == "en", Workbook()
    book.remove(book.active)
    lists = _lists(book, lang)
    for title, columns in SHEETS:
        sheet = book.create_sheet(title[en], len(book.sheetnames) - 1)
        _row(sheet, 1, [heading[en] for heading, *_ in columns], bold=True)
        _row(sheet, 2, [example[en] for _, example, *_ in columns], italic=True)
        for x, (heading, _, words, note, width) in enumerate(columns, 1):
            letter = sheet.cell(1, x).column_letter
            sheet.column_dimensions[letter].width = width
            sheet.column_dimensions[letter].number_format = "@"  # so that a code or a date stays as it is typed
            if not words and not note[en]:
                continue
            # a drop-down for what is chosen from a list; else a note that opens with the cell
            rule = DataValidation(type="list", formula1=lists[words], allow_blank=True) if words else DataValidation()
            rule.promptTitle, rule.prompt, rule.showInputMessage = heading[en], note[en], True
            if words:
                rule.errorTitle, rule.error = heading[en], note[en]
                rule.showErrorMessage = True
            rule.add(f"{letter}2:{letter}{ROWS}")
            sheet.add_data_validation(rule)
        sheet.freeze_panes = "A2"
    notes = book.create_sheet(NOTES[0][en], len(book.sheetnames) - 1)
    for y, line in enumerate(NOTES[1], 1):
        _row(notes, y, [line[en]])
    notes.column_dimensions["A"].width = 110
    return _saved(book)


def _lists(book: Any, lang: str) -> dict[str, str]:
    """A hidden sheet with the words to choose from; where each list stands."""
    sheet = book.create_sheet(filled(lang, LISTS))
    sheet.sheet_state = "hidden"
    found = {}
    for x, of in enumerate(("relation", "sector", "confidence"), 1):
        words = choices(of, lang)
        for y, word in enumerate(words, 1):
            sheet.cell(y, x, word)
        letter = sheet.cell(1, x).column_letter
        found[of] = f"'{sheet.title}'!${letter}$1:${letter}${len(words)}"
    return found


def annotated(tables: Sequence[Rows], found: Preview, lang: str = "it") -> bytes:
    """The rows of a delivery, each where it stood, with what is wrong and what would be right in two more columns.

    These columns are passed over when the workbook is imported again; what was taken out (people) is not in it.
    """
    from openpyxl import Workbook
    from openpyxl.styles import PatternFill  # type: ignore[import-untyped]

    en, book = lang == "en", Workbook()
    book.remove(book.active)
    amiss = PatternFill("solid", fgColor="FDF0F1")
    wrong: dict[tuple[str, int], list[Any]] = {}
    for one in (*found.repairs, *found.unread):
        wrong.setdefault((one.file, one.row), []).append(one)
    for table in tables:
        if table.ignored or not table.rows:
            continue
        sheet = book.create_sheet(_title(table.name, book.sheetnames))
        width, first = max(map(len, table.rows)), True
        for y, cells in enumerate(table.rows, 1):
            if not any(text.strip() for text in cells):
                continue
            faults = wrong.get((table.label, y), [])
            beside = [words[en] for words in REMARKS] if first else _remarks(faults)
            _row(sheet, y, [*cells, *[""] * (width - len(cells)), *beside], bold=first)
            for fault in faults if not first else ():
                sheet.cell(y, max(fault.column, 0) + 1).fill = amiss
            first = False
        for x in range(1, width + 3):
            letter = sheet.cell(1, x).column_letter
            sheet.column_dimensions[letter].width = 46 if x > width else 24
        sheet.freeze_panes = "A2"
    if not book.sheetnames:
        book.create_sheet(SHEETS[0][0][en])
    return _saved(book)


def _remarks(faults: Sequence[Any]) -> list[str]:
    where = (f"{one.letter} · {one.heading}: " if one.heading else "" for one in faults)
    wrong = "\n".join(f"{place}{one.wrong}" for place, one in zip(where, faults, strict=True))
    return [wrong, "\n".join(" / ".join(one.right) for one in faults)]


def _title(name: str, taken: Sequence[str]) -> str:
    """A name that a sheet may have; what the table is called stays in front."""
    base = "".join(" " if c in "[]:*?/\\'" or not c.isprintable() else c for c in name)[:27] or "Legami"
    title, n = base, 1
    while title.lower() in map(str.lower, taken):
        n += 1
        title = f"{base} {n}"
    return title


def _row(sheet: Any, y: int, values: Sequence[str], *, bold: bool = False, italic: bool = False) -> None:
    """Texts in one row, whatever they look like: no cell is ever a formula."""
    for x, value in enumerate(values, 1):
        cell = sheet.cell(y, x)
        cell._style = _style(sheet.parent, bold, italic, "\n" in value)
        if value:
            cell.value = harmless(printable(value))
            cell.data_type = "s"


def _style(book: Any, bold: bool, italic: bool, wrap: bool) -> Any:
    """How a text stands in its cell, set up once for all cells of a book that are alike: else it takes most time."""
    from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
    from openpyxl.styles import Alignment, Font

    known: dict[tuple[bool, bool, bool], Any] = vars(book).setdefault("_texts", {})
    if (bold, italic, wrap) not in known:
        cell = WriteOnlyCell(book.worksheets[0])
        cell.number_format = "@"
        cell.font, cell.alignment = Font(bold=bold, italic=italic), Alignment(vertical="top", wrap_text=wrap)
        known[bold, italic, wrap] = cell._style
    return copy(known[bold, italic, wrap])


def _saved(book: Any) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()
