"""The page that brings files in: nothing before it is confirmed, each fault at its cell, all of it back by undo."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from tests.api.conftest import filled
from tests.browser import browsing, serving
from tsi_graph.deliveries import grid, shelf
from tsi_graph.store import Store, open_store

GOOD = [
    ("Fondazione CRT", "aderisce a", "Torino Social Impact", "", "alta", "", "elenco partner TSI, nov 2026"),
    ("Banca Etica", "aderisce a", "Torino Social Impact", "", "alta", "", "elenco partner TSI, nov 2026"),
    ("PerMicro", "aderisce a", "Torino Social Impact", "", "alta", "chiedere a ada@example.org", "elenco partner TSI"),
    ("UniCredit", "aderisce a", "Torino Social Impact", "", "alta", "", "elenco partner TSI, nov 2026"),
    ("Consorzio TOP-IX", "aderisce a", "Torino Social Impact", "", "alta", "", "elenco partner TSI, nov 2026"),
    ("OGR Torino", "aderisce a", "Torino Social Impact", "", "alta", "", "elenco partner TSI, nov 2026"),
    ("SocialFare", "collabora con", "Hackability", "2020-05", "media", "", "una pagina"),
]
BAD = [
    ("Intesa San Paolo", "aderisce a", "Torino Social Impact", "", "alta", "", "elenco partner TSI, nov 2026"),
    ("Toolbox Coworking", "aderisce a", "Torino Social Impact", "31/11/2021", "alta", "", "elenco partner TSI"),
    ("Human Foundation", "è membro", "Torino Social Impact", "", "alta", "", "elenco partner TSI, nov 2026"),
]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return filled(tmp_path)


@pytest.fixture
def client(store: Store) -> TestClient:
    return TestClient(create_app(store), raise_server_exceptions=False)


def words(text: str) -> str:
    """What a reader sees of the page, without what is for screen readers only."""
    main = re.sub(r'<span class="vh">.*?</span>', "", text.split("<main")[1].split("</main")[0])
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def fill(template: bytes, rows: list[tuple[str, ...]]) -> bytes:
    """The template as somebody fills it in: each row below the example."""
    book = openpyxl.load_workbook(BytesIO(template))
    sheet = book["Legami"]
    for y, row in enumerate(rows, 3):
        for x, text in zip((1, 2, 3, 4, 6, 7, 8), row, strict=True):
            if text:
                sheet.cell(y, x, text)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def upload(client: TestClient, content: bytes, name: str = "aderenti.xlsx") -> str:
    answer = client.post("/it/importa", files={"files": (name, content)}, follow_redirects=False)
    assert answer.status_code == 303, words(answer.text)
    return answer.headers["location"].split("#")[0]


def test_the_template_has_lists_to_choose_from_and_one_example_row(client: TestClient) -> None:
    answer = client.get("/it/importa/template.xlsx")
    assert answer.headers["content-disposition"] == 'attachment; filename="legami.xlsx"'
    book = openpyxl.load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["Legami", "Organizzazioni", "Istruzioni", "Elenchi"]
    sheet = book["Legami"]
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert sorted(str(rule.sqref)[0] for rule in lists) == ["B", "F"]
    assert [str(r.sqref)[0] for r in book["Organizzazioni"].data_validations.dataValidation if r.type == "list"] == [
        "B", "G",
    ]  # fmt: skip
    assert sheet.freeze_panes == "A2"
    assert sheet.max_row == 2
    assert sheet["A2"].value == "(esempio) Fondazione CRT"
    assert [cell.value for cell in book["Elenchi"]["A"]][:2] == ["partecipa a", "aderisce a"]
    english = openpyxl.load_workbook(BytesIO(client.get("/en/import/template.xlsx").content))
    assert [cell.value for cell in english["Ties"][1]][:3] == ["Organisation", "Relation", "With whom"]


def test_the_walk_from_the_template_to_the_import_and_back(client: TestClient, store: Store) -> None:
    """desk.md 11, steps 1 to 3."""
    template = client.get("/it/importa/template.xlsx").content
    at = upload(client, fill(template, [*GOOD, *BAD]))
    shown = words(client.get(at).text)
    assert "aderenti.xlsx , 10 righe. Non è ancora stato scritto nulla." in shown
    assert "3 righe da correggere" in shown
    assert "1 avviso Riga 5, colonna G · Note: c'era un indirizzo e-mail. Non lo importiamo" in shown
    assert "Novembre ha 30 giorni. 30/11/2021 oppure 2021-11" in shown
    cells = {"file": "aderenti.xlsx, Legami"}
    for row, column, text in ((10, 0, "Intesa Sanpaolo"), (11, 3, "2021-11-30")):
        found = client.post(f"{at}/mend", data=cells | {"row": row, "column": column, "text": text})
        assert f"Fatto: la riga {row} è corretta qui" in words(found.text)
    page = client.get(at).text
    assert "1 riga da correggere" in words(page)
    assert "Importa le 9 righe buone" in words(page)
    assert len(store.statements().imports) == 2
    key = re.search(r'name="key" value="([^"]+)"', page)[1]  # type: ignore[index]
    done = client.post(f"{at}/commit", data={"key": key, "what": "good"})
    assert "Importate 9 righe." in words(done.text)
    assert 'id="done" role="status" tabindex="-1" autofocus' in done.text
    again = client.post(f"{at}/commit", data={"key": key, "what": "good"})
    assert "Importate 9 righe." in words(again.text)
    assert len(store.statements().imports) == 3, "sent twice, it is done once"
    back = {"number": 3, "pending": at.rsplit("/", 1)[1]}
    for _ in range(2):
        undone = client.post("/it/importa/undo", data=back)
        assert "l'importazione è annullata" in words(undone.text)
        assert "Importa le 9 righe buone" in words(undone.text)
    assert len(store.statements().imports) == 4
    client.post(f"{at}/commit", data={"key": "another", "what": "good"})
    assert "0 nuove 0 cambiano quello che si sa 9 uguali a prima 1 rifiutata" in words(client.get(at).text)


def test_all_or_nothing_waits(client: TestClient, store: Store) -> None:
    at = upload(client, fill(client.get("/it/importa/template.xlsx").content, [*GOOD, *BAD]))
    said = client.post(f"{at}/commit", data={"key": "x", "what": "all"})
    assert "Non è stato importato nulla: 3 righe sono ancora da correggere." in words(said.text)
    assert len(store.statements().imports) == 2


def test_where_all_is_refused_there_is_no_button_to_import(client: TestClient) -> None:
    at = upload(client, fill(client.get("/it/importa/template.xlsx").content, BAD))
    page = client.get(at).text
    assert "Nessuna riga si può importare così com'è" in words(page)
    assert f'action="{at}/commit"' not in page


def test_the_file_with_the_notes_comes_back_in(client: TestClient) -> None:
    at = upload(client, fill(client.get("/it/importa/template.xlsx").content, [*GOOD, *BAD]))
    notes = client.get(f"{at}/notes.xlsx")
    assert notes.headers["content-disposition"] == 'attachment; filename="aderenti-note.xlsx"'
    assert b"ada@example.org" not in notes.content
    again = words(client.get(upload(client, notes.content)).text)
    assert "10 righe" in again
    assert "3 righe da correggere" in again


@pytest.mark.parametrize(
    ("name", "content", "status", "said"),
    [
        ("elenco.pdf", b"%PDF-1.4", 422, "Non riesco a leggere questo file. Servono .xlsx o .csv; il vostro è .pdf."),
        ("elenco", b"x", 422, "Servono .xlsx o .csv; il vostro è senza tipo."),
        ("legami.xlsx", b"no workbook", 413, "Questo foglio non si apre"),
        ("legami.csv", b"Organizzazione\n" + b"a\n" * 200_001, 413, "Questo file è troppo grande"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_form(
    client: TestClient, name: str, content: bytes, status: int, said: str
) -> None:
    answer = client.post("/it/importa", files={"files": (name, content)})
    assert answer.status_code == status
    assert said in words(answer.text)
    assert 'type="file"' in answer.text


def test_a_sheet_of_unknown_name_and_a_missing_column_are_told(client: TestClient) -> None:
    at = upload(client, b"Organizzazione;Relazione\na;b\n", "legami.csv")
    assert "Manca una colonna: target." in words(client.get(at).text)
    at = upload(client, b"a;b\nc;d\n", "boh.csv")
    assert "Chiamate il file organizzazioni.csv" in words(client.get(at).text)


def test_hostile_names_and_cells_stand_as_text(client: TestClient) -> None:
    text = 'Organizzazione;Relazione;Con chi\n<script>alert(1)</script> x;aderisce a;=cmd|"/c calc"!A1\n'
    page = client.get(upload(client, text.encode(), "legami.csv")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("path", ["/it/importa/aaaaaaaaaaaaaaaaaaaaaa", "/it/importa/..%2f..%2fetc", "/en/import/x"])
def test_what_does_not_wait_here_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_api_looks_mends_and_imports_in_the_same_way(client: TestClient, store: Store) -> None:
    content = fill(client.get("/v1/imports/template.xlsx?lang=it").content, [*GOOD, *BAD])
    made = client.post("/v1/imports/previews", files={"files": ("a.xlsx", content)}, data={"dataset": "november"})
    assert made.status_code == 201
    found = made.json()
    assert made.headers["location"] == f"/v1/imports/previews/{found['id']}"
    assert (found["rows"], found["refused"], found["dataset"]) == (10, 3, "november")
    at = made.headers["location"]
    assert client.get(at).json()["refused"] == 3
    cell = {"file": "a.xlsx, Legami", "row": 10, "column": 0, "text": "Intesa Sanpaolo"}
    assert client.patch(at, json={"cells": [cell]}).json()["refused"] == 2
    first, second = (client.post(f"{at}/commit", headers={"Idempotency-Key": "k"}).json() for _ in range(2))
    assert (first["number"], first["rows"]) == (second["number"], second["rows"]) == (3, 8)
    assert client.get(f"{at}/annotated.xlsx").status_code == 200
    assert client.delete(at).status_code == 204
    assert client.get(at).status_code == 404
    assert client.patch(at, json={"cells": [cell]}).status_code == 404


def test_many_rows_are_paged_and_each_is_there_once(client: TestClient) -> None:
    head = "Organizzazione,Relazione,Con chi,Fonte\n"
    text = head + "".join(f"SocialFare,collabora con,Nessuno {n},una pagina\n" for n in range(230))
    text += "".join(f"Hackability,collabora con,SocialFare,pagina {n}\n" for n in range(3))
    at = upload(client, text.encode(), "legami.csv")
    page = client.get(at).text
    assert page.count('<code class="v">Nessuno ') == 100
    assert "Da 1 a 100 di 230. Le 100 successive" in words(page)
    [further] = re.findall(r'href="(/it/importa/[^"]*begin=repairs[^"]*)"', page)
    rest = client.get(unescape(further)).text
    assert "Da 101 a 200 di 230. Le 100 precedenti Le 30 successive" in words(rest)
    last = client.get(unescape(re.findall(r'href="([^"]*begin=repairs[^"]*200[^"]*)"', rest)[0])).text
    told = [n for one in (page, rest, last) for n in re.findall(r'<code class="v">Nessuno (\d+)</code>', one)]
    assert told == [str(n) for n in range(230)]
    api = f"/v1/imports/previews/{at.split('/')[3].split('?')[0]}"
    assert (client.get(api).json()["to_mend"], len(client.get(api, params={"begin": 225}).json()["repairs"])) == (
        230,
        5,
    )
    assert client.get(f"{at.split('?')[0]}?begin=all:1").status_code == 422


def test_a_file_of_too_many_rows_is_refused_with_the_limit_and_the_way_without_it(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "MOST", 5)
    content = ("Organizzazione,Relazione,Con chi\n" + "a,collabora con,b\n" * 6).encode()
    answer = client.post("/it/importa", files={"files": ("legami.csv", content)})
    assert answer.status_code == 413
    assert "righe. Uno più grande si importa sul server, senza questi limiti: tsi import FILE." in words(answer.text)
    assert "up to 20 MB and 100,000 rows" in words(client.get("/en/import").text)
    whole = client.post("/v1/imports", files={"files": ("legami.csv", content)}, data={"dataset": "d"})
    assert whole.status_code == 413
    assert "`tsi import FILE`" in whole.json()["detail"]


def test_one_step_still_imports_and_understands_names(client: TestClient) -> None:
    text = "Organizzazione,Relazione,Con chi,Fonte\nSocialFare,collabora con,Hackability,una pagina\n"
    done = client.post("/v1/imports", files={"files": ("legami.csv", text)}, data={"dataset": "one"})
    assert done.status_code == 201
    assert [one["id"] for one in done.json()["resolved"]] == ["socialfare", "hackability"]


@pytest.mark.browser
def test_the_import_is_made_with_the_keyboard_and_the_focus_is_on_what_was_done(
    store: Store, tmp_path: Path, chromium: str
) -> None:
    content = fill(TestClient(create_app(store)).get("/it/importa/template.xlsx").content, [*GOOD, *BAD])
    (tmp_path / "aderenti.xlsx").write_bytes(content)
    with serving(create_app(store)) as url, browsing(chromium, javascript=False) as page:
        page.goto(f"{url}/it/importa")
        page.set_input_files("#files", str(tmp_path / "aderenti.xlsx"))
        page.press("main button.go", "Enter")
        page.wait_for_url("**/importa/**")
        page.get_by_role("button", name=re.compile(r"Correggi così ?, riga 10")).press("Enter")
        page.wait_for_url("**done=mended**")
        assert page.evaluate("document.activeElement.id") == "done"
        page.locator("details.pick summary").first.press("Enter")
        page.get_by_role("button", name=re.compile(r"Correggi così ?, riga 11")).press("Enter")
        page.wait_for_url("**done=mended%3A11**")
        page.get_by_role("button", name="Importa le 9 righe buone").press("Enter")
        page.wait_for_url("**done=imported**")
        assert "Importate 9 righe." in page.inner_text("#done")
        page.get_by_role("link", name="Annulla l'importazione").press("Enter")
        page.wait_for_url("**/undo?**")
        page.get_by_role("button", name="Annulla questa importazione").press("Enter")
        page.wait_for_url("**done=undone**")
        assert "annullata" in page.inner_text("#done")


def test_an_import_is_undone_after_a_page_that_says_what_goes_and_comes_back(client: TestClient, store: Store) -> None:
    def offered(text: str) -> list[str]:
        return re.findall(r"/it/importa/undo\?number=(\d+)", text)

    [last] = offered(client.get("/it/importa").text)
    asked = client.get("/it/importa/undo", params={"number": last})
    known = len(store.statements().imports)
    assert "andrebbe via" in words(asked.text) or "Dopo cont" in words(asked.text)
    assert re.search(r"«.+», del .+: \d+ righe", words(asked.text))
    undone = client.post("/it/importa/undo", data={"number": last})
    assert not offered(undone.text), "one click after another takes nothing more back"
    assert "Ripristina" in undone.text
    for _ in range(2):
        assert "l'importazione conta di nuovo" in words(client.post("/it/importa/redo", data={"number": last}).text)
    assert len(store.statements().imports) == known + 2
    assert offered(client.get("/it/importa").text) == [last]
    assert "già annullata" in words(client.get("/it/importa/undo", params={"number": 999}).text)


def test_no_file_and_too_many_waiting_are_said_in_words(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    none = client.post("/it/importa", data={"dataset": "x"})
    assert (none.status_code, "Scegliete" in words(none.text)) == (422, True)
    monkeypatch.setattr(shelf, "MOST", 0)
    full = client.post("/it/importa", files={"files": ("legami.csv", b"Organizzazione\na\n")})
    assert (full.status_code, "troppi file in attesa" in words(full.text)) == (409, True)


def test_a_file_is_not_too_large_because_its_name_says_so(client: TestClient) -> None:
    named = client.post("/it/importa", files={"files": ("at most 3, more than 2.xlsx", b"no workbook")})
    assert "Questo foglio non si apre" in words(named.text)


def test_rows_of_two_sheets_are_told_apart_and_without_rows_nothing_is_to_be_mended_here(client: TestClient) -> None:
    book, out = openpyxl.Workbook(), BytesIO()
    book.active.title = "Organizzazioni"
    other = book.create_sheet("Reti")
    for sheet, name in ((book.active, "Prima Nuova"), (other, "Seconda Nuova")):
        sheet.append(["id", "name"])
        sheet.append([name.split()[0].lower(), name])
    book.save(out)
    page = words(client.get(upload(client, out.getvalue(), "due.xlsx")).text)
    assert "due.xlsx, Organizzazioni, Riga 2: Prima Nuova" in page
    assert "due.xlsx, Reti, Riga 2: Seconda Nuova" in page
    page = words(client.get(upload(client, b"a,b\n1,2\n", "elenco.csv")).text)
    assert "Chiamate il file organizzazioni.csv" in page
    assert "Correggete le righe qui" not in page
    assert "Correggete il vostro file" in page


def test_where_there_are_no_data_yet_the_pages_say_so_and_lead_to_the_import_which_makes_the_store(
    tmp_path: Path,
) -> None:
    with TestClient(create_app(open_store(tmp_path / "new.db")), raise_server_exceptions=False) as client:
        page = client.get("/it/questo-mese")
        assert (page.status_code, "Non ci sono ancora dati." in page.text) == (503, True)
        assert "There are no data yet." in client.get("/en/networks").text
        assert client.get("/v1/info").json()["type"] == "/problems/store-absent"
        assert '<a href="/it/importa">Aggiungi dati</a>' in page.text
        checked = client.get(upload(client, b"id,name,city\nx,X,Torino\n", "organisations.csv")).text
        form = re.search(r'(?s)<form method="post" action="([^"]*/commit)">(.*?)</form>', checked)
        assert form
        client.post(form[1], data=dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2])))
        assert client.get("/it/organizzazioni/x").status_code == 200


def whole(client: TestClient, text: str) -> str:
    """A complete delivery of the dataset "ours", by the API; its id."""
    made = client.post(
        "/v1/imports/previews",
        files={"files": ("organisations.csv", text)},
        data={"dataset": "ours", "complete": "true"},
    )
    assert (made.status_code, made.json()["complete"]) == (201, True)
    return str(made.json()["id"])


def test_what_a_complete_delivery_withdraws_is_on_its_page_and_in_the_api(client: TestClient) -> None:
    made = whole(client, "id,name\nuna,Una\ndue,Due\n")
    client.post(f"/v1/imports/previews/{made}/commit")
    made = whole(client, "id,name\nuna,Una\n")
    told = client.get(f"/v1/imports/previews/{made}").json()
    assert (told["withdrawn"], told["still"], told["unchanged"]) == (1, 0, 1)
    assert [one["about"] for one in told["effects"] if one["status"] == "withdrawn"] == ["Due"]
    page = client.get(f"/it/importa/{made}").text
    assert "1 uguale a prima 1 ritirata 0 rifiutate" in words(page)
    assert (
        "1 voce viene ritirata La consegna è completa: quello che la sua fonte diceva e non dice più va via"
        in words(page)
    )
    assert "Importa la riga buona" in words(page)
    english = words(client.get(f"/en/import/{made}").text)
    assert "1 entry is withdrawn The delivery is complete" in english
    done = client.post(f"/v1/imports/previews/{made}/commit").json()
    assert done["counts"]["withdrawn"] == told["withdrawn"]


def test_a_complete_delivery_with_rows_to_mend_has_no_button_to_import_a_part(client: TestClient, store: Store) -> None:
    made = whole(client, "id,name,kind\nuna,Una,bank\ndue,Due,bankk\n")
    page = client.get(f"/it/importa/{made}").text
    assert "Una consegna completa si importa tutta insieme" in words(page)
    assert "finché qualcosa è da correggere non si importa nulla" in words(page)
    assert f"{made}/commit" not in page
    said = client.post(f"/it/importa/{made}/commit", data={"key": "x", "what": "good"})
    assert "Non è stato importato nulla: 1 riga è ancora da correggere." in words(said.text)
    assert len(store.statements().imports) == 2


def test_counts_in_sentences_have_the_marks_of_their_language(client: TestClient) -> None:
    text = "id,name\n" + "".join(f"n{n},Nuova {n}\n" for n in range(1_234))
    at = upload(client, text.encode(), "organisations.csv")
    shown = words(client.get(at).text)
    assert "organisations.csv , 1.234 righe." in shown
    assert "1.234 righe sono nuove" in shown
    assert "Importa le 1.234 righe buone" in shown
    assert "1,234 rows are new" in words(client.get(at.replace("/it/importa", "/en/import")).text)
