"""One content in several forms of file is one set of records."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tsi_graph.batch import Problem
from tsi_graph.errors import NotFound, Refused, Unusable
from tsi_graph.importers import read
from tsi_graph.importers.sheets import separator
from tsi_graph.model import Edge, Investor, InvestsIn, Node, PartnerOf, Stakeholder

DATA = Path(__file__).parents[1] / "data"
HEAD = ["id", "name"]


def workbook(path: Path, sheets: dict[str, list[list[Any]]], hidden: str = "") -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for n, row in enumerate(rows, 1):
            for m, value in enumerate(row, 1):
                sheet.cell(n, m, value)
        sheet.sheet_state = "hidden" if name == hidden else "visible"
    book.save(path)
    return path


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def content(path: Path) -> list[dict[str, Any]]:
    batch = read(path)
    assert batch.problems == []
    records: list[Node | Edge] = [*batch.nodes, *batch.edges]
    return [record.model_dump() | {"class": record.kind} for record in records]


def test_italian_headings_words_and_amounts_are_understood():
    batch = read(DATA / "italian")
    assert batch.problems == []
    assert batch.nodes == [
        Stakeholder(
            id="coop-città",
            name='Società Cooperativa "Perché no"; Torino',
            sector="cooperative",
            city="Torino",
            confidence=3,
            valid_from="2017-11-30",
            origin="https://example.org/a",
            place="organizzazioni.csv row 2",
        ),
        Stakeholder(
            id="ente-na",
            name="Ente di Napoli",
            sector="public body",
            city=None,  # NA is Napoli in a column of provinces alone
            confidence=2,
            valid_from="2018",
            origin="https://example.org/b",
            place="organizzazioni.csv row 3",
        ),
        Investor(
            id="fondo-impact",
            name="Impact SGR",
            sector="investor",
            city="Torino",
            confidence=1,
            origin="https://example.org/c",
            place="organizzazioni.csv row 4",
        ),
    ]
    from_page = {"origin": "https://example.org/d"}
    file = "legami-2024.csv"
    assert batch.edges == [
        InvestsIn(
            source="fondo-impact",
            target="coop-città",
            amount=50_000,
            role="equity",
            place=f"{file} row 2",
            **from_page,
        ),
        PartnerOf(source="coop-città", target="ente-na", place=f"{file} row 3", **from_page),
    ]


def test_semicolons_in_cp1252_and_tabs_in_utf8_with_bom_read_alike():
    assert content(DATA / "italian") == content(DATA / "good")


def test_a_workbook_reads_like_the_csv_files(tmp_path):
    import csv

    sheets = {}
    for name, sign in (("organisations", "\t"), ("ties", ",")):
        with (DATA / "good" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            sheets[name] = [[cell or None for cell in row] for row in csv.reader(file, delimiter=sign)]
    sheets["ties"][1][3] = 50_000
    sheets["organisations"][1][5] = date(2017, 11, 30)
    sheets["organisations"][2][5] = 2018
    assert content(workbook(tmp_path / "book.xlsx", sheets)) == content(DATA / "good")


def test_utf16_with_its_mark_is_read(tmp_path):
    file = written(tmp_path / "enti.csv", "id;nome\nuno;Perché\n".encode("utf-16"))
    assert [node.name for node in read(file).nodes] == ["Perché"]


def test_leading_zeros_and_na_are_text(tmp_path):
    file = written(tmp_path / "enti.csv", "id,nome,comune,partita iva\n007,NULL,NA,00518460019\n")
    [node] = read(file).nodes
    assert isinstance(node, Stakeholder)
    assert (node.id, node.name, node.city, node.register_id) == ("007", "NULL", None, "00518460019")


def test_numbers_of_a_workbook_keep_their_meaning(tmp_path):
    rows = [
        ["source_id", "relation", "target_id", "weight", "amount", "start"],
        ["a", "funds", "b", 1.625, 1.625, datetime(2017, 1, 2)],
        ["a", "funds", "c", 0.125, 1_600_000, 2017],
        [1, "funds", 2, 0.00001, 1234.567, "2017-11"],
    ]
    edges = read(workbook(tmp_path / "book.xlsx", {"ties": rows})).edges
    assert [(e.source, e.target, e.weight, e.amount, e.valid_from) for e in edges] == [
        ("a", "b", 1.625, 1.625, "2017-01-02"),
        ("a", "c", 0.125, 1_600_000, "2017"),
        ("1", "2", 0.00001, 1234.567, "2017-11"),
    ]


def test_rows_count_as_a_spreadsheet_shows_them(tmp_path):
    text = '\r\nid,name,notes\r\n\r\na,A,"two\r\nlines"\r\nb c,B,\r\n'
    assert read(written(tmp_path / "organisations.csv", text)).problems == [
        Problem("organisations.csv", 5, "id", "b c", "an id is one word without spaces or |, at most 200 characters")
    ]
    [node] = read(tmp_path / "organisations.csv").nodes
    assert (node.place, node.notes) == ("organisations.csv row 4", "two\nlines")
    rows = [[], [], HEAD, [], ["a", "A"], ["b c", "B"]]
    [problem] = read(workbook(tmp_path / "book.xlsx", {"organisations": rows})).problems
    assert (problem.file, problem.row, problem.column) == ("book.xlsx, organisations", 6, "id")


def test_hidden_and_ignored_sheets_are_counted_and_not_read(tmp_path):
    rows = [HEAD, ["a", "A"]]
    sheets = {"enti": rows, "(ignore) fondi": rows, "projects": [*rows, ["b", None]], "networks": []}
    batch = read(workbook(tmp_path / "book.xlsx", sheets, hidden="projects"))
    assert [node.id for node in batch.nodes] == ["a"]
    assert batch.ignored == {"book.xlsx, (ignore) fondi": 4, "book.xlsx, projects": 5}
    assert batch.problems == []


def test_a_folder_is_one_delivery_and_other_files_are_passed_over(tmp_path):
    written(tmp_path / "projects-other-sources.csv", "id,name,type\np,P,Accordo\nq,Q,event\n")
    written(tmp_path / "Fondi 2024.csv", "id\tname\nf\tF\n")
    written(tmp_path / "README.md", "about")
    written(tmp_path / ".hidden.csv", "x")
    written(tmp_path / "~$book.xlsx", "x")
    workbook(tmp_path / "book.xlsx", {"temi": [HEAD, ["t", "T"]]})
    batch = read(tmp_path)
    assert [(node.id, node.kind) for node in batch.nodes] == [
        ("f", "Fund"),
        ("t", "Topic"),
        ("p", "Agreement"),
        ("q", "Project"),
    ]
    assert batch.problems == []


def test_a_files_own_headings_can_be_mapped_and_left_out(tmp_path):
    file = written(tmp_path / "enti.csv", "Sigla,Chi,Url,Natura giuridica,Colore,€,\na,A,www.a.it,banca,blu,x,\n")
    columns = {"€": "notes", "sigla": "id", "Chi": "name", "URL": "website", "natura giuridica": "sector", "Colore": ""}
    batch = read(file, columns)
    assert [(n.id, n.name, n.website, getattr(n, "sector", "")) for n in batch.nodes] == [
        ("a", "A", "www.a.it", "bank")
    ]
    assert batch.ignored == {"enti.csv, Colore": 1}
    with pytest.raises(Unusable, match=r"There is no field 'nam'\. Known: .*name"):
        read(file, {"Chi": "nam"})


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        ("source,target,relation,origin", "a,b,funds,page"),
        ("source_id,target_id,relation,source", "a,b,funds,page"),
        ("from,to,kind,source", "a,b,FUNDS,page"),
        ("soggetto,legame,oggetto,fonte", "a,finanzia,b,page"),
        ("source,destinazione,tipo,url", "a,b,Funds,page"),
    ],
)
def test_the_ends_of_a_tie_are_found_under_the_usual_headings(tmp_path, headings, row):
    batch = read(written(tmp_path / "ties.csv", f"{headings}\n{row}\n"))
    assert batch.problems == []
    assert [(e.kind, e.source, e.target, e.origin) for e in batch.edges] == [("FUNDS", "a", "b", "page")]


def test_from_and_to_are_dates_where_other_columns_are_the_ends(tmp_path):
    file = written(tmp_path / "ties.csv", "source_id,target_id,relation,from,to\na,b,funds,2017,2018\n")
    [edge] = read(file).edges
    assert (edge.source, edge.target, edge.valid_from, edge.valid_to) == ("a", "b", "2017", "2018")


def test_quoted_separators_do_not_decide_which_one_is_used():
    assert separator('"a,b,c,d";"e\nf,g"\tx;y\n1,2,3') == ";"
    assert separator("\n\na\tb\n1,2,3,4") == "\t"
    assert separator("name") == ","


def test_what_cannot_be_opened_is_said(tmp_path):
    with pytest.raises(NotFound, match="There is no file or folder"):
        read(tmp_path / "missing.csv")
    with pytest.raises(NotFound, match=r"holds no table; organisations\.csv"):
        read(tmp_path)
    with pytest.raises(Unusable, match=r"list\.pdf cannot be read; these can: folder, \.csv, \.tsv, \.xlsx"):
        read(written(tmp_path / "list.pdf", "x"))
    with pytest.raises(Refused, match="is not a text file in UTF-8"):
        read(written(tmp_path / "enti.csv", b"id,name\x00"))
    with pytest.raises(Refused, match="is not a text file in UTF-8"):
        read(written(tmp_path / "enti.csv", b"id,name\n\x81,\x8d"))
