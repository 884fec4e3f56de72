"""The three files of a report say the same, can be read by everybody, and do not leave their pages."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.browser import browsing, looked_at
from tests.reports.conftest import LANGS, PROFILES, texts
from tsi_graph import reports
from tsi_graph.batch import Batch
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.graph import DOCUMENTED, Graph, load_graph
from tsi_graph.model import Stakeholder, Topic
from tsi_graph.reports import WRITERS, Report
from tsi_graph.reports.content import Bullets, Figure, Paragraph, Section, Table
from tsi_graph.reports.pdf import drawable
from tsi_graph.store import Store, open_store

Written = Callable[[str, str, str], bytes]
EVERY = [(what, lang) for what in ("observatory", *PROFILES) for lang in LANGS]


@pytest.fixture(params=EVERY, ids="-".join)
def both(
    request: pytest.FixtureRequest, board: Callable[[str], Report], profile: Callable[[str, str], Report]
) -> tuple[Report, str, str]:
    what, lang = request.param
    return (board(lang) if what == "observatory" else profile(what, lang)), what, lang


def squeezed(text: str) -> str:
    """Without spaces and hyphens, in which formats differ."""
    return re.sub(r"[\s\u00ad\u200b-]+", "", text)


def test_a_word_document_has_headings_header_rows_alternatives_and_a_language(
    both: tuple[Report, str, str], written: Written
) -> None:
    import docx
    from docx.oxml.ns import qn

    report, what, lang = both
    document = docx.Document(BytesIO(written(what, lang, "docx")))
    heads = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith(("Heading", "Title"))]
    assert heads == [("Title", report.title), *((f"Heading {n}", s.title) for n, s in report.every())]
    for table, made in zip(blocks(report, Table), document.tables, strict=True):
        first = made.rows[0]
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert tuple(cell.text for cell in first.cells) == table.headings
        assert [tuple(cell.text for cell in row.cells) for row in made.rows[1:]] == [*table.rows]
    pictures = [e.get("descr") for e in document.element.iter(qn("wp:docPr"))]
    assert pictures == [figure.alt for figure in blocks(report, Figure)]
    language = document.styles.element.find(qn("w:docDefaults")).find(".//" + qn("w:lang"))
    assert language.get(qn("w:val")) == {"it": "it-IT", "en": "en-GB"}[lang]
    assert document.core_properties.title == report.title
    room = document.sections[0].page_width - 2 * document.sections[0].left_margin
    assert all(sum(cell.width for cell in table.rows[0].cells) <= room for table in document.tables)
    assert all(shape.width <= room for shape in document.inline_shapes)
    told = {p.text for p in document.paragraphs}
    for block in report.blocks():
        if isinstance(block, Paragraph):
            assert block.text in told
        if isinstance(block, Bullets):
            assert set(block.items) <= told


def blocks(report: Report, sort: type[Any]) -> list[Any]:
    return [block for block in report.blocks() if isinstance(block, sort)]


def test_a_pdf_is_tagged_titled_and_has_its_fonts(both: tuple[Report, str, str], written: Written) -> None:
    from pypdf import PdfReader

    report, what, lang = both
    pdf = PdfReader(BytesIO(written(what, lang, "pdf")))
    root = pdf.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"], pdf.metadata.title) == (True, lang, report.title)
    assert b"pdfuaid" in root["/Metadata"].get_data()
    tags = list(walked(root["/StructTreeRoot"]))
    kinds = [str(tag["/S"]) for tag in tags]
    assert kinds.count("/H1") == 1
    assert sum(kind in ("/H2", "/H3") for kind in kinds) == len(list(report.every()))
    assert kinds.count("/Table") == len(blocks(report, Table))
    assert kinds.count("/TH") == sum(len(table.headings) for table in blocks(report, Table))
    alts = [str(tag["/Alt"]) for tag in tags if "/Alt" in tag]
    assert [alt for alt in alts if alt] == [figure.alt for figure in blocks(report, Figure)]
    for page in pdf.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            below = font.get_object()["/DescendantFonts"][0].get_object()
            described = below["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(described), font


def walked(node: Any) -> Iterator[Any]:
    """The tags below one, in reading order."""
    found = node.get("/K", [])
    for one in found if isinstance(found, list) else [found]:
        one = one.get_object() if hasattr(one, "get_object") else one
        if isinstance(one, dict) and "/S" in one:
            yield one
            yield from walked(one)


def test_no_page_of_a_pdf_overflows(both: tuple[Report, str, str], written: Written) -> None:
    """The margins stay white, and the words of the report are all there; a profile has at most two pages."""
    import pypdfium2

    report, what, lang = both
    pdf = pypdfium2.PdfDocument(written(what, lang, "pdf"))
    if report.brief:
        assert len(pdf) <= 2
    text = ""
    for page in pdf:
        text += page.get_textpage().get_text_bounded()
        seen = np.asarray(page.render(scale=1).to_pil().convert("L"))
        margin = round(18 / 25.4 * 72)
        assert seen[:, :margin].min() > 250
        assert seen[:, -margin:].min() > 250
        assert seen[: round(margin / 2)].min() > 250
        assert seen[-round(margin / 3) :].min() > 250
        assert (seen[margin:-margin] < 200).mean() > 0.002  # no page is left blank
    got = squeezed(text)
    missing = [one for one in texts(report) if squeezed(one) not in got]
    # what goes over the end of a page has a footer in its middle
    assert len(missing) <= len(pdf), missing


class Page(HTMLParser):
    """What a page holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_a_page_is_one_file_with_headings_and_alternatives(both: tuple[Report, str, str], written: Written) -> None:
    report, what, lang = both
    source = written(what, lang, "html").decode()
    page = Page(source)
    assert page.all("html") == [{"lang": lang}]
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert levels == [1, *(level + 1 for level, _ in report.every())]
    assert [image["alt"] for image in page.all("img")] == [figure.alt for figure in blocks(report, Figure)]
    assert len(page.all("thead")) == len(blocks(report, Table))
    assert all(cell["scope"] == "col" for cell in page.all("th"))
    assert page.all("script") == page.all("link") == []
    assert all(str(image["src"]).startswith("data:image/svg+xml;base64,") for image in page.all("img"))
    assert not re.search(r"(?:src|href|url)\s*[=(]\s*[\"']?(?:https?:)?//", source)
    assert len(source) <= 2_000_000
    got = squeezed("".join(page.text))
    assert [one for one in texts(report) if squeezed(one) not in got] == []


TORN = """[...document.querySelectorAll("td")].filter(cell => {
    const words = cell.textContent.trim().split(/[\\s-]+/), style = getComputedStyle(cell)
    const pen = document.createElement("canvas").getContext("2d")
    pen.font = style.font
    return words.some(word => word.length < 20 && pen.measureText(word).width > cell.clientWidth)
}).map(cell => cell.textContent)"""
"""Cells too narrow for their words, which are then broken within."""


@pytest.mark.browser
def test_a_page_fits_every_window_and_axe_finds_nothing(chromium: str, written: Written, tmp_path: Path) -> None:
    import pypdfium2

    with browsing(chromium) as page:
        for what, lang in (("observatory", "it"), ("socialfare", "en")):
            file = tmp_path / f"{what}.html"
            file.write_bytes(written(what, lang, "html"))
            for width in (320, 1280):
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(file.as_uri())
                looked_at(page, f"{what} at {width}")
                assert page.evaluate(TORN) == []
            printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
            for sheet in printed:
                seen = np.asarray(sheet.render(scale=1).to_pil().convert("L"))
                assert seen[:, -round(16 / 25.4 * 72) :].min() > 250
            loaded = "performance.getEntriesByType('resource').filter(e => !e.name.startsWith('data:')).length"
            assert page.evaluate(loaded) == 0


@pytest.mark.parametrize("form", WRITERS)
def test_the_same_report_is_the_same_bytes(
    form: str, store: Store, views: tuple[Graph, Graph], written: Written
) -> None:
    again = reports.organisation(store, *views, "socialfare", "it")
    assert reports.written(again, form) == written("socialfare", "it", form)


HOSTILE = (
    "<script>alert(1)</script> #panic() $x$ *b* _i_ `c` \\ @ref <lab> // /* {{ 7*7 }} {% raw %} \x00\u202e =1+1 "
    + "Long" * 60
)


@pytest.mark.parametrize("form", WRITERS)
def test_hostile_text_stays_text_in_every_format(form: str) -> None:
    """Markup of Typst, HTML and templates, control characters, a word longer than a line."""
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe"
        "0def46b80000000049454e44ae426082"
    )
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="5" height="5"/></svg>'
    figure = Figure(HOSTILE, HOSTILE, (40, 40), lambda asked: png if asked == "png" else svg)
    table = Table(HOSTILE, (HOSTILE, "n"), ((HOSTILE, "1"),) * 3, (2, 1), numbers=(1,))
    within = Section(HOSTILE, (Paragraph(HOSTILE), Bullets((HOSTILE,), HOSTILE), table, figure))
    report = Report(HOSTILE, HOSTILE, HOSTILE, "it", (Section(HOSTILE, (Paragraph(HOSTILE, quiet=True),), (within,)),))
    data = reports.written(report, form)
    if form == "html":
        page = Page(data.decode())
        assert page.all("script") == []
        assert "{{ 7*7 }}" in "".join(page.text)
    if form == "docx":
        with zipfile.ZipFile(BytesIO(data)) as parts:
            assert b"<script>" not in parts.read("word/document.xml")
    if form == "pdf":
        import pypdfium2

        pdf = pypdfium2.PdfDocument(data)
        told = "".join(page.get_textpage().get_text_bounded() for page in pdf)
        assert "#panic()" in told
        assert "{{ 7*7 }}" in told
        for page in pdf:
            seen = np.asarray(page.render(scale=1).to_pil().convert("L"))
            assert seen[:, -round(15 / 25.4 * 72) :].min() > 250


def test_what_there_is_not_is_named(store: Store, views: tuple[Graph, Graph], tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nobody"):
        reports.organisation(store, *views, "nobody")
    with pytest.raises(Unusable, match="tonite"):
        reports.organisation(store, *views, "tonite")
    with pytest.raises(Unusable, match="'de'"):
        reports.observatory(store, *views, "de")
    with pytest.raises(Unusable, match="'xx'"):
        reports.observatory(store, *views, "it", compare="xx")
    made = reports.organisation(store, *views, "socialfare")
    with pytest.raises(NotFound, match=r"'odt'.*html, docx, pdf"):
        reports.written(made, "odt")
    with pytest.raises(Unusable, match=r"x\.odt"):
        reports.write(made, tmp_path / "x.odt")
    assert reports.write(made, tmp_path / "x.html").stat().st_size > 1000


@pytest.mark.parametrize("nodes", [[Stakeholder(id="ann", name="Ann")], [Topic(id="sun", name="Sun")]])
def test_next_to_nothing_has_a_report_too(nodes: list[Any], tmp_path: Path) -> None:
    store = open_store(tmp_path / "small.db")
    store.write(Batch(nodes=nodes), "small")
    graph = load_graph(store, DOCUMENTED)
    for lang in LANGS:
        made = reports.observatory(store, graph, graph, lang)
        assert next(made.every())[1].title == {"it": "In breve", "en": "In short"}[lang]
        assert all(reports.written(made, form) for form in WRITERS)


LETTERS = (
    "\u200dि🏽", "i🏽", "\u0301\u200d", "a\u200db", "\ufeff", "\ufff9ि", "\ud7ff", "\ufdd0", "a\u2028b", "\u200fab",
    "多", "🙂", "\u00ad",
)  # fmt: skip


@pytest.mark.parametrize("text", LETTERS, ids=ascii)
def test_no_letter_keeps_a_pdf_from_being_written(text: str) -> None:
    """PDF/UA allows none that the font does not have, in text and in pictures."""
    svg = f"""<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20">
    <text x="1" y="10" style="font: 8px 'DejaVu Sans'">{text}</text></svg>"""
    figure = Figure(text, text, (90, 20), lambda _: svg.encode())
    table = Table(text, (text,), ((text,),), (1,))
    picture = Figure("Alone", "Alone", (90, 20), lambda _: svg.encode())
    for blocks in ((Paragraph(text), Bullets((text,), text), table, figure), (picture,)):
        said = text if picture not in blocks else "Ann"
        report = Report(said, said, said, "it", (Section(said, blocks),))
        assert reports.written(report, "pdf").startswith(b"%PDF")


def test_what_the_font_has_stays_as_it_is() -> None:
    said = "Città – «Łódź», Ελλάδα € ½ … ’\u200b"
    assert drawable(said) == said.removesuffix("\u200b")
