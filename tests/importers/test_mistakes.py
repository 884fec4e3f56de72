"""Every mistake is named with file, row, column, value and what would be right; good rows stay."""

import csv
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsi_graph import samples
from tsi_graph.batch import Problem
from tsi_graph.errors import TsiError
from tsi_graph.fields import SECTORS
from tsi_graph.importers import read
from tsi_graph.importers.sheets import Sheet
from tsi_graph.importers.tabular import read_sheet
from tsi_graph.model import NODE_KINDS

DATA = Path(__file__).parents[1] / "data"
DATE = "a date is written 2017, 2017-11 or 2017-11-30 (or .. for still open)"
RELATIONS = (
    "relation is one of: founded, funds, hosts, invests_in, manages, member_of, part_of, participates_in, partner_of, "
    "shareholder_of, signatory_of, supports, works_on"
)

TOO_LONG = "a text has at most 10,000 characters"
LOOP = "a tie joins two different ids, this one leads back to its start"
CLASH = "keep one, or map the other onto another field"
KINDS = "this row to a project; give one a new id"
UNQUOTED = "is a separator inside a cell not quoted?"
ID_HEADINGS = "headed id, or: codice, identificativo, key, slug"


def test_a_delivery_of_twenty_kinds_of_mistakes_names_each():
    batch = read(DATA / "bad")
    assert [node.id for node in batch.nodes] == ["good-one", "good-project", "housing"]
    assert [(edge.source, edge.target) for edge in batch.edges] == [("good-one", "somebody-else")]
    tables = (
        "stakeholders, stakeholder, organisations, organizations, organizzazioni, enti, investors, investitori, "
        "projects, progetti, agreements, accordi, funds, fondi, networks, reti, topics, temi, ties, relations, legami, "
        "relazioni, answers, risposte"
    )
    named = f"name it one of: {tables}, or begin it with one"
    file = "organisations.csv"
    assert batch.problems == [
        Problem("elenco.csv", 0, "", "elenco", f"no table of ours has this name; {named}"),
        Problem("networks.csv", 1, "id", "", f"no column for id ({ID_HEADINGS}); 1 rows not read"),
        Problem(file, 3, "kind", "fundation", f"sector is one of: {', '.join(SECTORS)}; did you mean 'foundation'?"),
        Problem(file, 4, "start", "2017-11-31", "there is no such day: 2017-11 has 30 days"),
        Problem(file, 5, "start", "2017-13", "there is no such month: months go from 01 to 12"),
        Problem(file, 6, "end", "2019", "it ends (2019) before it starts (2020)"),
        Problem(file, 7, "id", "", "id is missing: every row needs one"),
        Problem(file, 8, "name", "", "name is missing: every row needs one"),
        Problem(file, 9, "id", "an id", "an id is one word without spaces or |, at most 200 characters"),
        Problem(file, 10, "confidence", "certain", "confidence is one of: high, medium, low"),
        Problem(file, 11, "", "high", f"this row has 9 cells, the headings are 8: {UNQUOTED}"),
        Problem(file, 12, "start", "30/11/2017", f"{DATE}; did you mean 2017-11-30?"),
        Problem("projects.csv", 3, "budget_eur", "about 5", "an amount is a number such as 1600000 or 1.600.000,50"),
        Problem("projects.csv", 4, "budget_eur", "-5", "a number from 0 to below 1,000,000,000,000,000 is expected"),
        Problem("ties.csv", 3, "relation", "menber_of", f"{RELATIONS}; did you mean 'member of'?"),
        Problem("ties.csv", 4, "target_id", "good-one", LOOP),
        Problem("ties.csv", 5, "relation", "", RELATIONS),
        Problem("ties.csv", 6, "target_id", "", "target is missing: every row needs one"),
        Problem("topics.csv", 1, "titolo", "", f"this column and 'nome' both mean name; {CLASH}"),
        Problem(
            "projects.csv", 5, "id", "good-one", f"organisations.csv row 2 gives this id to an organisation, {KINDS}"
        ),
    ]


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_all_faults_of_a_row_are_named_at_once(tmp_path):
    file = written(tmp_path / "organisations.csv", "id,name,kind,start,confidence\na b,,bnk,1999-99,7\n")
    assert [(p.row, p.column, p.value) for p in read(file).problems] == [
        (2, "confidence", "7"),
        (2, "start", "1999-99"),
        (2, "id", "a b"),
        (2, "name", ""),
        (2, "kind", "bnk"),
    ]


def test_a_quotation_that_never_closes_is_a_problem_at_its_row(tmp_path):
    file = written(tmp_path / "organisations.csv", 'id,name\na,A\nb,"B\nc,C\n')
    batch = read(file)
    assert [node.id for node in batch.nodes] == ["a"]
    [problem] = batch.problems
    assert (problem.row, problem.message) == (
        3,
        "a quotation mark opens and does not close, or text follows the closing one; nothing from this row on was read",
    )


def test_texts_have_a_length_limit(tmp_path):
    file = written(tmp_path / "organisations.csv", f"id,name,notes\na,A,{'x' * 10_000}\nb,B,{'x' * 10_001}\n")
    batch = read(file)
    assert [node.id for node in batch.nodes] == ["a"]
    assert batch.problems == [
        Problem("organisations.csv", 3, "notes", "x" * 200 + "…", f"{TOO_LONG}, this one has 10,001")
    ]


@pytest.mark.parametrize("text", ["", "\n , \n"])
def test_an_empty_file_is_a_problem(tmp_path, text):
    [problem] = read(written(tmp_path / "enti.csv", text)).problems
    assert problem == Problem("enti.csv", 0, "", "", "nothing in it; its first row names the columns")


def test_what_a_machine_would_run_stays_text(tmp_path):
    names = [
        "=HYPERLINK(0)",
        "@SUM(A1)",
        "<script>alert(1)</script>",
        "'; DROP TABLE x",
        "`) DETACH DELETE n //",
        "\\u0060",
    ]
    file = written(tmp_path / "organisations.csv", "id,name\n" + "".join(f'h{i},"{n}"\n' for i, n in enumerate(names)))
    assert [node.name for node in read(file).nodes] == names


def test_the_guard_before_formulas_of_our_own_exports_is_taken_off(tmp_path):
    file = written(tmp_path / "organisations.csv", "id,name\na,'=1+1\nb,'Ndrangheta no\n")
    assert [node.name for node in read(file).nodes] == ["=1+1", "'Ndrangheta no"]


def test_control_characters_are_refused_and_invisible_ones_dropped(tmp_path):
    file = written(tmp_path / "organisations.csv", "id,name\na,A\x07\nb,B\u202e\u200b\n")
    batch = read(file)
    assert [(node.id, node.name) for node in batch.nodes] == [("b", "B")]
    assert [(p.row, p.column, p.message) for p in batch.problems] == [
        (2, "name", "control characters are not allowed")
    ]  # fmt: skip


def test_people_are_dropped_and_counted():
    batch = read(DATA / "persons")
    assert [(n.id, n.notes, getattr(n, "contact", None)) for n in batch.nodes] == [
        ("uno", "scrivere a …, tel. …", None),
        ("due", "18 milioni nel 2017-2018", None),
    ]
    assert batch.persons == {
        "enti.csv, referente": 1,
        "enti.csv, E-mail": 1,
        "enti.csv, Telefono": 1,
        "enti.csv, Rappresentante legale": 1,
        "enti.csv, note": 2,
    }
    assert batch.ignored == {"enti.csv, CAP": 2}


def test_people_are_kept_in_contact_when_asked_for():
    batch = read(DATA / "persons", persons=True)
    assert [getattr(n, "contact", None) for n in batch.nodes] == [
        "Persona Inventata; persona@example.org; Altra Persona",
        "011 1234567",
    ]


CELLS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.sampled_from(["a", "b", "bank", "2017", "2017-13", "..", "funds", "member_of", "1.600,50", "high", "-1", "²"]),
)
HEADINGS = st.one_of(
    st.sampled_from(["id", "name", "kind", "start", "end", "seen", "source_id", "target_id", "relation", "amount"]),
    st.sampled_from(["weight", "confidence", "source", "referente", "from", "to", "size", "budget", "year", "lead"]),
    st.text(max_size=8),
)  # fmt: skip


@given(
    st.sampled_from(["organisations", "funds", "networks", "projects", "topics", "ties", "investors", "agreements"]),
    st.lists(HEADINGS, min_size=1, max_size=8, unique=True),
    st.lists(st.lists(CELLS, min_size=1, max_size=9), max_size=6),
    st.booleans(),
)
def test_no_row_of_any_table_is_lost(table, headings, rows, persons):
    batch = read_sheet(Sheet(f"{table}.csv", table, iter([headings, *rows])), {}, persons)
    sheet = [headings, *rows]
    filled = [n for n, row in enumerate(sheet, 1) if any(text.strip() for text in row)]
    places = {int(one.place.rpartition(" row ")[2]) for one in (*batch.nodes, *batch.edges)}
    named = {problem.row for problem in batch.problems}
    assert not places & named
    unread = [p for p in batch.problems if p.message.endswith("rows not read")]
    if unread:
        assert unread[0].message.endswith(f"; {len(filled) - 1} rows not read")
    else:
        assert places | named >= set(filled[1:])


TABLE_OF_ANYTHING = st.text(max_size=200).map(lambda text: b"id,name,kind\n" + text.encode("utf-8", "replace"))


def answer(path: Path) -> str:
    try:
        return f"{path.name}: {len(read(path).nodes)} nodes"
    except TsiError as refusal:
        return str(refusal)


@given(st.binary(max_size=400) | TABLE_OF_ANYTHING)
def test_no_file_does_more_than_be_refused(tmp_path_factory, raw):
    for name in ("organisations.csv", "ties.csv", "book.xlsx"):
        path = tmp_path_factory.getbasetemp() / name
        path.write_bytes(raw)
        assert answer(path).startswith(name)


def test_every_field_of_our_own_names_is_read_back(tmp_path):
    """The starter data written out under our field names gives the same records."""
    import csv

    batch = read(samples.torino())
    names = {
        "Stakeholder": "organisations",
        "Fund": "funds",
        "Network": "networks",
        "Project": "projects",
        "Topic": "topics",
    }
    for kind, table in names.items():
        rows = [node.model_dump() for node in batch.nodes if isinstance(node, NODE_KINDS[kind])]
        with (tmp_path / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [name for name in rows[0] if name != "contact"], extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
    again = read(tmp_path)
    assert again.problems == []
    assert {node.id: node for node in again.nodes} == {
        node.id: node.model_copy(update={"place": again.nodes[i].place}) for i, node in enumerate(batch.nodes)
    }


@pytest.mark.parametrize(
    "harmful",
    [
        "javascript:alert(1)", " JavaScript :alert(1)", "java\tscript:alert(1)", "data:text/html,<script>",
        "file:///etc/passwd", "ftp://a.it/b", "vbscript:x",
    ],
)  # fmt: skip
def test_a_source_or_a_site_that_a_browser_would_run_is_refused(tmp_path, harmful):
    path = tmp_path / "organizzazioni.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerow(["id", "name", "website", "source"])
        csv.writer(file).writerows([["a", "A", "a.it", harmful], ["b", "B", harmful, ""]])
    batch = read(path)
    assert not batch.nodes
    assert [(p.row, p.column, p.message) for p in batch.problems] == [
        (2, "source", "a source is a web address that begins with https:// or http://, or plain text"),
        (3, "website", "a site is a web address such as https://www.example.org"),
    ]


def test_plain_sources_and_sites_stay(tmp_path):
    path = tmp_path / "organizzazioni.csv"
    path.write_text("id;name;website;source\na;A;a.it:80/x;Fonte: lo statuto\nb;B;https://b.it;https://b.it/c\n")
    assert [(n.website, n.origin) for n in read(path).nodes] == [
        ("a.it:80/x", "Fonte: lo statuto"), ("https://b.it", "https://b.it/c"),
    ]  # fmt: skip


def test_words_for_nothing_are_blank_where_a_site_or_a_city_would_stand(tmp_path):
    path = tmp_path / "organizzazioni.csv"
    path.write_text("id;name;city;website\na;NA;na;n/a\nb;B;-;N/A\nc;C;Napoli;c.it\n")
    assert [(n.name, n.city, n.website) for n in read(path).nodes] == [
        ("NA", None, None), ("B", None, None), ("C", "Napoli", "c.it"),
    ]  # fmt: skip


def test_a_name_has_an_end(tmp_path):
    path = tmp_path / "organizzazioni.csv"
    path.write_text(f"id,name\na,{'x' * 512}\nb,{'x' * 513}\n")
    batch = read(path)
    assert [node.id for node in batch.nodes] == ["a"]
    assert [p.message for p in batch.problems] == ["a name has at most 512 characters, this one has 513"]


def test_a_formula_without_its_result_is_told_as_one(tmp_path):
    path, book = tmp_path / "book.xlsx", openpyxl.Workbook()
    book.active.title = "Organizzazioni & altro"
    for row in (["id", "name", "city"], ["a", "=1+1", "Torino"], ["b", "B", "Torino"], ["c", "C", '=HYPERLINK("x")']):
        book.active.append(row)
    book.save(path)
    batch = read(path)
    assert [node.id for node in batch.nodes] == ["b"]
    assert [(p.row, p.column, p.message.split(";")[0]) for p in batch.problems] == [
        (2, "name", "a formula stands here without a result"), (4, "city", "a formula stands here without a result"),
    ]  # fmt: skip
