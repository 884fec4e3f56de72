"""A report as a Word document: real headings, header rows, alternative texts, a language: all can read it."""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any

from tsi_graph.exports import logo
from tsi_graph.exports.labels import clean
from tsi_graph.reports.content import Block, Bullets, Figure, Paragraph, Report, Section, Table

FONT = "Arial"
BLUE, GREY, RULE = "16365F", "595959", "D9DCE1"
MARGIN, LINE = 20, 170
"""Millimetres."""
CELL, TWIPS = 108, 1440 / 25.4
"""The margin within a cell, in twentieths of a point, and how many of these a millimetre has."""
LONGEST = 255
"""Letters that a property of a document may have."""
MOMENT = (1980, 1, 1, 0, 0, 0)
"""The date of each part, so that the same report is the same bytes."""


def docx(report: Report) -> bytes:
    """The report on A4 sheets, pictures as PNG of 200 dpi."""
    from docx import Document

    document = Document()
    _about(document, report)
    _styles(document, report)
    _page(document, report)
    _logo(document, report.logo)
    document.add_heading(clean(report.title), 0)
    document.add_paragraph(clean(report.lead), style="Subtitle")
    for section in report.sections:
        _section(document, section, 1, brief=report.brief)
    out = BytesIO()
    document.save(out)
    return _dateless(out.getvalue())


def _logo(document: Any, address: str) -> None:
    """Above the title; a screen reader passes it by, since it says nothing that the text does not."""
    if not address:
        return
    from docx.shared import Mm

    png, (width, _) = logo.printed(address)
    shape = document.add_paragraph().add_run().add_picture(BytesIO(png), width=Mm(width))
    shape._inline.docPr.set("descr", "")


def _about(document: Any, report: Report) -> None:
    about = document.core_properties
    about.title, about.subject = clean(report.title)[:LONGEST], clean(report.lead)[:LONGEST]
    about.language = _tag(report.lang)
    about.author = about.last_modified_by = "TSI Graph"
    about.comments = ""
    about.created = about.modified = datetime(*MOMENT)


def _tag(lang: str) -> str:
    return {"it": "it-IT", "en": "en-GB"}[lang]


def _styles(document: Any, report: Report) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    size = 9.0 if report.brief else 10.5
    styles = document.styles
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    for name in ("w:val", "w:eastAsia"):
        language.set(qn(name), _tag(report.lang))
    looks = {
        "Normal": (size, None, False, 0, 4), "Title": (18, BLUE, True, 0, 4), "Subtitle": (9.5, GREY, False, 0, 8),
        "Heading 1": (12 if report.brief else 15, BLUE, True, 8 if report.brief else 16, 4),
        "Heading 2": (11.5, BLUE, True, 12, 4), "Heading 3": (10.5, BLUE, True, 10, 3),
        "Caption": (8.5, "404040", True, 6, 3), "List Bullet": (size, None, False, 0, 2),
        "Footer": (7, GREY, False, 0, 0), "Body Text": (8.5, GREY, False, 0, 4), "Body Text 2": (9, None, True, 6, 2),
    }  # fmt: skip
    for name, (points, colour, bold, before, after) in looks.items():
        style = styles[name]
        style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(points), bold, False
        for spacing in style.element.get_or_add_rPr().findall(qn("w:spacing")):
            style.element.rPr.remove(spacing)  # the template sets some of them wide
        style.font.color.rgb = RGBColor.from_string(colour or "1A1A1A")
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)
        for kind in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            fonts.set(qn(kind), FONT)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.line_spacing = 1.0 if report.brief else 1.1
    for name in ("Caption", "Body Text 2"):
        styles[name].paragraph_format.keep_with_next = True


def _page(document: Any, report: Report) -> None:
    """A4, and at the foot of each page the note and its number."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Mm

    [section] = document.sections
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin = section.bottom_margin = Mm(15 if report.brief else MARGIN)
    section.header_distance = section.footer_distance = Mm(8)
    line = section.footer.paragraphs[0]
    document.styles["Footer"].paragraph_format.tab_stops.clear_all()
    line.paragraph_format.tab_stops.add_tab_stop(Mm(LINE), WD_TAB_ALIGNMENT.RIGHT)
    line.add_run(f"{clean(report.note)}\t")
    _field(line, "PAGE")
    line.add_run(" / ")
    _field(line, "NUMPAGES")


def _field(paragraph: Any, code: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run = paragraph.add_run()._r
    for kind in ("begin", "", "separate", "text", "end"):
        if not kind:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = f" {code} "
        elif kind == "text":
            part = OxmlElement("w:t")
            part.text = "1"
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run.append(part)


def _section(document: Any, section: Section, level: int, *, brief: bool) -> None:
    heading = document.add_heading(clean(section.title), level)
    heading.paragraph_format.page_break_before = section.fresh
    for block in section.blocks:
        _block(document, block, brief=brief)
    for inner in section.sections:
        _section(document, inner, level + 1, brief=brief)


def _block(document: Any, block: Block, *, brief: bool) -> None:
    match block:
        case Paragraph(text, quiet):
            document.add_paragraph(clean(text), style="Body Text" if quiet else "Normal")
        case Bullets(items, title):
            if title:
                document.add_paragraph(clean(title), style="Body Text 2")
            for item in items:
                document.add_paragraph(clean(item), style="List Bullet")
        case Table():
            _table(document, block, 7.5 if brief else 8.0)
        case Figure():
            _figure(document, block)


def _figure(document: Any, figure: Figure) -> None:
    """The picture in its printed size, its caption below, its words where a screen reader finds them."""
    from docx.shared import Mm

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(BytesIO(figure.draw("png")), width=Mm(min(figure.size[0], LINE)))
    about = shape._inline.docPr
    about.set("descr", clean(figure.alt))
    about.set("title", clean(figure.caption))
    caption = document.add_paragraph(clean(figure.caption), style="Caption")
    caption.paragraph_format.keep_with_next = False


def _table(document: Any, table: Table, size: float) -> None:
    """A caption, a header row that comes again on each page, rows that stay whole."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    document.add_paragraph(clean(table.caption), style="Caption")
    made = document.add_table(rows=0, cols=len(table.headings))
    made.autofit = False
    properties = made._tbl.tblPr
    described = OxmlElement("w:tblCaption")
    described.set(qn("w:val"), clean(table.caption))
    indent = OxmlElement("w:tblInd")
    for name, value in (("w", str(CELL)), ("type", "dxa")):
        indent.set(qn(f"w:{name}"), value)
    properties.append(indent)
    properties.append(described)
    widths = [Mm((LINE - 2 * CELL / TWIPS) * width / sum(table.widths)) for width in table.widths]
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    for n, row in enumerate((table.headings, *table.rows)):
        cells = made.add_row()
        _row(cells, head=n == 0)
        for k, (cell, text) in enumerate(zip(cells.cells, row, strict=True)):
            cell.width = widths[k]
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(1)
            if k in table.numbers:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            run = paragraph.add_run(clean(text))
            run.font.size, run.font.bold = Pt(size), n == 0
            _rule(cell, BLUE if n == 0 else RULE, 8 if n == 0 else 4)
    gap = document.add_paragraph().paragraph_format
    gap.space_after, gap.line_spacing = Pt(0), Pt(7)


def _row(row: Any, *, head: bool) -> None:
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))


def _rule(cell: Any, colour: str, eighths: int) -> None:
    """A line under a cell, in eighths of a point."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders, bottom = OxmlElement("w:tcBorders"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "0"), ("color", colour)):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    cell._tc.get_or_add_tcPr().append(borders)


def _dateless(data: bytes) -> bytes:
    """The same file with the same moment in each part."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, MOMENT), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
