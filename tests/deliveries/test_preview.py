"""What a delivery would do, before it does it: counts, cells before and after, faults with what would be right."""

from __future__ import annotations

import gzip
import json
import os
import re
import sys
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from threading import Event
from typing import Any

import openpyxl
import pytest

from tests.conftest import ROOT
from tsi_graph.batch import Problem
from tsi_graph.deliveries import Pending, Preview, commit, drop, look, mend, pending, receive, shelf, waiting
from tsi_graph.deliveries.faults import fault_of
from tsi_graph.deliveries.report import Warn, load
from tsi_graph.deliveries.words import told_preview, warned
from tsi_graph.errors import Conflict, DataInvalid, NotFound, Refused, Unusable
from tsi_graph.exports.delivery import annotated, template
from tsi_graph.importers import read
from tsi_graph.importers.names import CANDIDATES, Names, _threes, folded
from tsi_graph.standing import shown
from tsi_graph.store import Store, open_store
from tsi_graph.texts import imported

HEAD = "Organizzazione;Relazione;Con chi;Inizio;Attendibilità;Note;Fonte;Referente\n"
BODIES = (
    "id,name,name_it,city,confidence\n"
    "banca,Intesa Sanpaolo,,Torino,high\ncrt,CRT Foundation,Fondazione CRT,Torino,high\n"
    "citta,City of Turin,Città di Torino,,high\n"
)
TIES = "source,relation,target,origin,confidence\ncrt,member of,rete,general knowledge,low\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "first").mkdir()
    for name, text in (("organisations", BODIES), ("networks", "id,name\nrete,Rete Buona\n"), ("ties", TIES)):
        (tmp_path / "first" / f"{name}.csv").write_text(text, encoding="utf-8")
    with open_store(tmp_path / "x.db") as store:
        store.write(read(tmp_path / "first"), "first")
        yield store


def seen(store: Store, folder: Path, text: str, lang: str = "it") -> Preview:
    (folder / "legami.csv").write_text(HEAD + text, encoding="utf-8")
    return look(store, receive(store, folder / "legami.csv"), lang)


def test_a_name_stands_for_its_id_whatever_its_accents_and_capitals(store: Store, tmp_path: Path) -> None:
    found = seen(store, tmp_path, "CITTA DI TORINO;aderisce a;rete buona;;alta;;pagina;\n")
    assert (found.new, found.refused) == (1, 0)
    assert [(one.value, one.id) for one in found.resolved] == [("CITTA DI TORINO", "citta"), ("rete buona", "rete")]
    assert found.effects[0].about == "Città di Torino → Rete Buona"


def test_what_changes_is_told_cell_by_cell(store: Store, tmp_path: Path) -> None:
    found = seen(store, tmp_path, "Fondazione CRT;aderisce a;Rete Buona;30/11/2021;alta;;elenco 2026;\n")
    [effect] = found.of("changed")
    assert [(c.field, c.before, c.after) for c in effect.changes] == [
        ("valid_from", None, "2021-11-30"),
        ("origin", "general knowledge", "elenco 2026"),
        ("confidence", "low", "high"),
    ]


def test_each_mistake_is_told_with_what_would_be_right(store: Store, tmp_path: Path) -> None:
    found = seen(
        store, tmp_path,
        "Intesa San Paolo;aderisce a;Rete Buona;;alta;;x;\n"
        "Fondazione CRT;aderisce a;Rete Buona;31/11/2021;alta;;x;\n"
        "Fondazione CRT;è membro;Rete Buona;;alta;;x;\n"
        "Qwerty;aderisce a;Rete Buona;;alta;;x;\n",
    )  # fmt: skip
    by_row = {r.row: r for r in found.repairs}
    assert [(n, by_row[n].letter, by_row[n].heading, by_row[n].value) for n in sorted(by_row)] == [
        (2, "A", "Organizzazione", "Intesa San Paolo"),
        (3, "D", "Inizio", "31/11/2021"),
        (4, "B", "Relazione", "è membro"),
        (5, "A", "Organizzazione", "Qwerty"),
    ]
    assert by_row[2].wrong == "Non è fra le organizzazioni. Ce n'è una molto simile."
    assert by_row[2].fixes == ("Intesa Sanpaolo",)
    assert by_row[3].right == ("30/11/2021", "2021-11")
    assert by_row[4].fixes == ("aderisce a",)
    assert (by_row[5].fixes, found.refused, found.good) == ((), 4, 0)
    english = seen(store, tmp_path, "Fondazione CRT;aderisce a;Rete Buona;31/11/2021;alta;;x;\n", "en")
    assert english.repairs[0].wrong == "November has 30 days."


def test_nothing_is_written_by_looking(store: Store, tmp_path: Path) -> None:
    seen(store, tmp_path, "Fondazione CRT;aderisce a;Rete Buona;;alta;;x;\n")
    assert len(store.statements().imports) == 1


def test_people_are_warned_of_dropped_and_kept_nowhere(store: Store, tmp_path: Path) -> None:
    found = seen(
        store, tmp_path, "Fondazione CRT;aderisce a;Rete Buona;;alta;ada@example.org o 333 1234567;;Ada Neri\n"
    )
    said = [warned(one, "it") for one in found.warnings]
    assert said[0].startswith("Riga 2, colonna F · Note: c'era un indirizzo e-mail. Non lo importiamo")
    assert said[1:] == [
        "Colonna H · Referente: parla di persone. Non l'abbiamo letta (1 cella).",
        "Manca la fonte nella riga 2. La importiamo, ma va confermata.",
    ]
    text = b"".join(gzip.decompress(path.read_bytes()) for path in store.beside("pending").iterdir())
    assert b"Fondazione CRT" in text
    assert not any(secret in text for secret in (b"ada@example.org", b"333 1234567", b"Ada Neri"))


def test_a_row_that_says_the_opposite_is_told_by_its_number(store: Store, tmp_path: Path) -> None:
    same = seen(store, tmp_path, "crt;aderisce a;rete;2019;alta;;x;\ncrt;aderisce a;rete;2020;alta;;x;\n")
    assert [(r.row, r.wrong) for r in same.repairs] == [(3, "La riga 2 dice il contrario.")]
    other = seen(store, tmp_path, "crt;aderisce a;rete;;alta;uno;x;\ncrt;aderisce a;rete;;alta;due;y;\n")
    assert other.refused == 0
    assert [one.sort for one in other.warnings] == ["contradicts"]


def test_corrected_here_and_imported_and_undone_and_imported_again(store: Store, tmp_path: Path) -> None:
    (tmp_path / "legami.csv").write_text(
        HEAD + "Intesa San Paolo;aderisce a;Rete Buona;;alta;;x;\nFondazione CRT;aderisce a;Rete Buona;;alta;;x;\n"
        "Fondazione CRT;boh;Rete Buona;;alta;;x;\n",
        encoding="utf-8",
    )
    kept = receive(store, tmp_path / "legami.csv")
    assert look(store, kept).refused == 2
    kept = mend(store, kept.id, {("legami.csv", 2, 0): "Intesa Sanpaolo"})
    before = look(store, kept)
    assert (before.new, before.changed, before.refused) == (1, 1, 1)
    first = commit(store, kept.id, "once")
    assert (first.number, first.rows) == (2, 2)
    assert commit(store, kept.id, "once").number == 2
    assert commit(store, kept.id, "twice").number == 0
    assert len(store.statements().imports) == 2
    store.undo(2)
    again = look(store, waiting(store, kept.id))
    assert (again.new, again.changed, again.refused) == (1, 1, 1)
    assert commit(store, kept.id, "after").rows == 2
    assert look(store, waiting(store, kept.id)).unchanged == 2


def test_where_no_row_is_good_nothing_is_imported(store: Store, tmp_path: Path) -> None:
    (tmp_path / "legami.csv").write_text(HEAD + "Qwerty spa;aderisce a;Rete Buona;;alta;;x;\n", encoding="utf-8")
    kept = receive(store, tmp_path / "legami.csv")
    with pytest.raises(Unusable, match="No row is good"):
        commit(store, kept.id)
    assert len(store.statements().imports) == 1


def test_a_delivery_waits_for_some_weeks_and_is_ours_alone(store: Store, tmp_path: Path) -> None:
    (tmp_path / "legami.csv").write_text(HEAD + "crt;aderisce a;rete;;alta;;x;\n", encoding="utf-8")
    kept = receive(store, tmp_path / "legami.csv")
    folder = store.beside("pending")
    assert folder.stat().st_mode & 0o077 == 0
    assert {path.stat().st_mode & 0o077 for path in folder.iterdir()} == {0}
    shelf.save(store, replace(kept, until=(datetime.now(UTC) - timedelta(days=1)).isoformat()))
    for name in (kept.id, "../../x", "A" * 22, ""):
        with pytest.raises(NotFound):
            waiting(store, name)
    (folder / f"{kept.id}.json.gz").write_bytes(b"half")
    assert shelf.load(folder / f"{kept.id}.json.gz") is None
    another = receive(store, tmp_path / "legami.csv")
    drop(store, another.id)
    with pytest.raises(NotFound):
        waiting(store, another.id)


def test_what_is_not_a_cell_or_about_people_is_not_written_in(store: Store, tmp_path: Path) -> None:
    (tmp_path / "legami.csv").write_text(HEAD + "crt;aderisce a;rete;;alta;;x;\n", encoding="utf-8")
    kept = receive(store, tmp_path / "legami.csv")
    with pytest.raises(NotFound, match="no cell D9"):
        mend(store, kept.id, {("legami.csv", 9, 3): "x"})
    with pytest.raises(Unusable, match="Only organisations"):
        mend(store, kept.id, {("legami.csv", 2, 5): "ada@example.org"})
    with pytest.raises(Unusable, match="at most"):
        mend(store, kept.id, {("legami.csv", 2, 5): "x" * 10_001})


def test_too_many_rows_are_refused_before_they_are_read(store: Store, tmp_path: Path) -> None:
    (tmp_path / "legami.csv").write_text(HEAD + "a;b;c;;;;;\n" * 200_001, encoding="utf-8")
    with pytest.raises(Refused, match=r"at most 100,000 are taken here.*`tsi import FILE`"):
        receive(store, tmp_path / "legami.csv")


@pytest.mark.parametrize("lang", ["it", "en"])
def test_the_template_imports_back_cleanly_and_its_examples_are_passed_over(
    store: Store, tmp_path: Path, lang: str
) -> None:
    (tmp_path / "t.xlsx").write_bytes(template(lang))
    found = look(store, receive(store, tmp_path / "t.xlsx"))
    assert (found.rows, found.examples, found.repairs, found.unread, found.warnings) == (0, 2, (), (), ())


def test_the_file_with_the_notes_says_what_is_wrong_and_imports_as_the_first_did(store: Store, tmp_path: Path) -> None:
    (tmp_path / "legami.csv").write_text(
        HEAD + "\nFondazione CRT;è membro;Rete Buona;;alta;=1+1;x;Ada\ncitta;aderisce a;rete;;alta;;x;\n",
        encoding="utf-8",
    )
    kept = receive(store, tmp_path / "legami.csv")
    first = look(store, kept)
    (tmp_path / "note.xlsx").write_bytes(annotated(kept.rows(), first, "it"))
    import openpyxl

    [sheet] = openpyxl.load_workbook(tmp_path / "note.xlsx").worksheets
    assert [cell.value for cell in sheet[1]][-2:] == ["Che cosa non va", "Così andrebbe bene"]
    assert [cell.value for cell in sheet[3]][-2:] == [
        "B · Relazione: Non è nell'elenco delle relazioni.", "aderisce a",
    ]  # fmt: skip
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    again = look(store, receive(store, tmp_path / "note.xlsx"))
    assert [(r.row, r.letter, r.value) for r in again.repairs] == [(3, "B", "è membro")]
    assert (again.new, again.refused, again.warnings) == (first.new, first.refused, ())


def test_every_message_of_the_readers_has_a_sentence_in_both_languages() -> None:
    """What nobody translated would stand in English on an Italian page."""
    batch = read(ROOT / "tests" / "data" / "bad")
    assert len(batch.problems) >= 20
    for problem in batch.problems:
        for lang in ("it", "en"):
            said = fault_of(problem, problem.column, Names(), lang).wrong
            assert said != problem.message, problem
            assert said[0].isupper(), said
            assert said.endswith("."), said


def test_similar_names_are_found_among_many_and_long_texts_cost_little() -> None:
    names = Names(lambda: [(f"b{n}", f"Cooperativa Sociale Numero {n}") for n in range(5_000)])
    assert names.similar("Cooperativa Sociale Numero 4711")[0] == ("b4711", "Cooperativa Sociale Numero 4711")
    assert names.similar("coperativa sociale numero 4711")[0][0] == "b4711"
    assert names.similar("x" * 50_000) == []
    assert names.resolve("COOPERATIVA SOCIALE NUMERO 12") == "b12"


def test_two_bodies_of_one_name_are_not_guessed_at() -> None:
    names = Names(lambda: [("a", "Casa - Torino"), ("b", "Casa - Milano"), ("c", "Ponte (Torino)")])
    assert (names.resolve("Casa"), names.resolve("ponte"), names.resolve("Casa - Milano")) == (None, "c", "b")


def test_a_preview_for_a_terminal_is_whole(store: Store, tmp_path: Path) -> None:
    found = seen(store, tmp_path, "Fondazione CRT;aderisce a;Rete Buona;;alta;;elenco;\nQ q;aderisce a;rete;;;;x;\n")
    assert told_preview(found, "it").splitlines() == [
        "0 nuove, 1 cambiano, 0 uguali, 1 rifiutate",
        "! legami.csv A3 (Organizzazione) 'Q q': Non è fra le organizzazioni.",
        "~ legami.csv 2: Fondazione CRT → Rete Buona: fonte: general knowledge → elenco; "
        "attendibilità: da verificare → alta",
        "Non è stato scritto nulla.",
    ]


def test_problems_and_their_json_stay_as_they_were() -> None:
    assert json.dumps(vars(Problem("f", 1, "c", "v", "m"))) == (
        '{"file": "f", "row": 1, "column": "c", "value": "v", "message": "m"}'
    )


def test_two_who_mend_at_once_lose_nothing(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "legami.csv").write_text(HEAD + "crt;aderisce a;rete;;alta;;x;\n" * 6, encoding="utf-8")
    kept = receive(store, tmp_path / "legami.csv")
    load = shelf.load

    def slow(path: Path) -> Pending | None:
        found = load(path)
        time.sleep(0.05)
        return found

    monkeypatch.setattr(shelf, "load", slow)
    cells = [("legami.csv", row, 5) for row in range(2, 8)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda cell: mend(store, kept.id, {cell: "said"}), cells))
    assert sorted(one[:3] for one in waiting(store, kept.id).corrections) == cells


def test_the_same_key_twice_at_once_imports_once(store: Store, tmp_path: Path) -> None:
    (tmp_path / "legami.csv").write_text(HEAD + "crt;aderisce a;rete;;alta;;x;\n", encoding="utf-8")
    kept = receive(store, tmp_path / "legami.csv")
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: commit(store, kept.id, "k"), range(2))
    assert first.number == second.number
    assert len(store.statements().imports) == 2


def test_where_too_many_wait_a_further_one_is_refused_in_words(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "MOST", 2)
    (tmp_path / "legami.csv").write_text(HEAD + "crt;aderisce a;rete;;alta;;x;\n", encoding="utf-8")
    first, second = (receive(store, tmp_path / "legami.csv") for _ in range(2))
    with pytest.raises(Conflict, match="2 deliveries wait here already"):
        receive(store, tmp_path / "legami.csv")
    assert [waiting(store, one.id).id for one in (first, second)] == [first.id, second.id]
    commit(store, second.id)
    third = receive(store, tmp_path / "legami.csv")  # what was imported makes room, whoever waits stays
    with pytest.raises(NotFound):
        waiting(store, second.id)
    drop(store, first.id)
    fourth = receive(store, tmp_path / "legami.csv")
    names = {path.name.split(".")[0] for path in store.beside("pending").glob("[!.]*")}
    assert names == {third.id, fourth.id}


def test_it_works_where_users_have_no_numbers(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "getuid")
    monkeypatch.setitem(sys.modules, "fcntl", None)
    (tmp_path / "legami.csv").write_text(HEAD + "crt;aderisce a;rete;;alta;;x;\n", encoding="utf-8")
    kept = receive(store, tmp_path / "legami.csv")
    assert mend(store, kept.id, {("legami.csv", 2, 5): "said"}).corrections == (("legami.csv", 2, 5, "said"),)


def told(store: Store, folder: Path, name: str, text: str, lang: str = "it") -> Preview:
    (folder / name).write_text(text, encoding="utf-8")
    return look(store, receive(store, folder / name), lang)


def test_a_file_with_another_name_is_understood_by_its_headings_and_that_is_said(store: Store, tmp_path: Path) -> None:
    found = told(store, tmp_path, "elenco.csv", "id,name,city,contatto\nuna,Una,Torino,Anna Rossi\n")
    assert (found.new, found.refused, found.unread) == (1, 0, ())
    said = [warned(one, "it") for one in found.warnings]
    assert said[0] == (
        "Il nome elenco.csv non dice che cosa contiene: dalle intestazioni l'abbiamo letto come organizzazioni."
    )
    found = told(store, tmp_path, "export.csv", "source,relation,target\nbanca,member of,rete\n")
    assert (found.new, next(one.sort for one in found.warnings)) == (1, "guessed_ties")


def test_a_file_that_nothing_tells_is_to_be_renamed(store: Store, tmp_path: Path) -> None:
    for lang, begin in (("it", "Chiamate il file organizzazioni.csv"), ("en", "Name the file organisations.csv")):
        found = told(store, tmp_path, "elenco.csv", "a,b\n1,2\n", lang)
        assert [one.wrong.startswith(begin) for one in found.unread] == [True]


MANY = "".join(
    f"Nuova {n};aderisce a;rete;;alta;;x;\nFondazione CRT;collabora con;citta;;alta;;fonte {n};\n" for n in range(700)
)


def test_what_it_would_do_is_worked_out_once_for_each_state_of_store_and_cells(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked: list[int] = []
    counted = pending.preview
    monkeypatch.setattr(pending, "preview", lambda *told, **how: worked.append(1) or counted(*told, **how))
    (tmp_path / "legami.csv").write_text(HEAD + "Qwerty;aderisce a;rete;;alta;;x;\n", encoding="utf-8")
    made = receive(store, tmp_path / "legami.csv")
    first = [look(store, waiting(store, made.id), lang) for lang in ("it", "en")]
    assert (len(worked), [one.repairs[0].wrong for one in first]) == (
        1, ["Non è fra le organizzazioni.", "Not among the organisations."],
    )  # fmt: skip
    changed = mend(store, made.id, {("legami.csv", 2, 0): "crt"})
    assert (look(store, changed).changed, len(worked)) == (1, 2)
    store.write(read(tmp_path / "legami.csv"), "another", partial=True)
    (tmp_path / "organisations.csv").write_text("id,name\nqwerty,Qwerty\n", encoding="utf-8")
    store.write(read(tmp_path / "organisations.csv"), "more")
    assert look(store, waiting(store, made.id)).refused == 0
    assert len(worked) == 3
    kept = next(store.beside("pending").glob("*.it.gz"))
    whole = look(store, changed)
    kept.write_bytes(kept.read_bytes()[:20])  # half gone: worked out again
    assert (look(store, changed), len(worked)) == (whole, 4)
    drop(store, made.id)
    assert not [*store.beside("pending").glob(f"*{made.id}*")]


def test_of_many_rows_a_part_is_told_and_all_are_counted(store: Store, tmp_path: Path) -> None:
    (tmp_path / "legami.csv").write_text(HEAD + MANY, encoding="utf-8")
    made = receive(store, tmp_path / "legami.csv")
    found = look(store, made)
    assert (found.rows, found.to_mend, found.refused, len(found.repairs)) == (1400, 700, 700, 500)
    further = look(store, made, begin={"repairs": 690, "resolved": 3}, most=20)
    assert [one.row for one in further.repairs] == list(range(1382, 1402, 2))
    whole = look(store, made, most=None)
    assert (len(whole.repairs), len(whole.effects), len(whole.resolved)) == (700, 700, whole.understood)
    assert whole.repairs[690:] == further.repairs
    assert whole.resolved[3:23] == further.resolved
    assert not any(one.wrong != "Non è fra le organizzazioni." for one in whole.repairs)
    notes = openpyxl.load_workbook(BytesIO(annotated(made.rows(), whole, "it"))).active
    assert notes is not None
    assert notes.cell(1400, 9).value == "A · Organizzazione: Non è fra le organizzazioni."


def test_names_that_share_most_pieces_are_compared_the_first_of_the_alphabet_among_equals() -> None:
    known = [(f"b{n}", f"Ente {n % 37} di {n % 11} e {n}") for n in range(900)]
    names = Names(lambda: known)
    pieces: dict[str, list[str]] = {}
    for name in {folded(one) for _, one in known}:
        for piece in _threes(name.replace(" ", "")):
            pieces.setdefault(piece, []).append(name)
    for text in ("ente 3 di 4 e 5", "Etne 36", "di 9", "zzz"):
        close = folded(text).replace(" ", "")
        shared = Counter(name for piece in _threes(close) for name in pieces.get(piece, ()))
        ranked = sorted(shared.items(), key=lambda item: (-item[1], item[0]))
        assert names._sharing(close) == [name for name, _ in ranked[:CANDIDATES]]


def with_formulas(folder: Path) -> Path:
    """A workbook of ties with three formulas and their results, two of them in columns that are read."""
    book = openpyxl.Workbook()
    book.active.title = "Legami"
    rows = (("Organizzazione", "Relazione", "Con chi", "Fonte", "Altro"), ("crt", "aderisce a", "rete", "x", "=1+1"),
            ("banca", "aderisce a", '="re"&"te"', '="y"', ""))  # fmt: skip
    for row in rows:
        book.active.append(row)
    book.save(folder / "plain.xlsx")
    with zipfile.ZipFile(folder / "plain.xlsx") as plain, zipfile.ZipFile(folder / "f.xlsx", "w") as made:
        for part in plain.namelist():
            text = plain.read(part)
            if part.endswith("sheet1.xml"):
                for cell, result in ((b"E2", b"2"), (b"C3", b"rete"), (b"D3", b"y")):
                    text = re.sub(
                        rb'<c r="%s"[^>]*>(<f>[^<]*</f>)<v ?/?>(?:</v>)?</c>' % cell,
                        rb'<c r="%s" t="str">\1<v>%s</v></c>' % (cell, result), text,
                    )  # fmt: skip
            made.writestr(part, text)
    return folder / "f.xlsx"


def test_formulas_are_imported_as_their_results_and_that_is_said(store: Store, tmp_path: Path) -> None:
    path = with_formulas(tmp_path)
    found = look(store, receive(store, path))
    assert (found.changed, found.new, found.refused) == (1, 1, 0)
    [told] = [one for one in found.warnings if one.sort == "formula"]
    assert (told.file, told.count, told.letter, told.rows) == ("f.xlsx, Legami", 2, "C", (3,))
    assert warned(told, "it") == "2 celle sono formule, la prima è C3: ne importiamo il risultato."
    assert warned(told, "en") == "2 cells are formulas, the first is C3: their results are imported."
    assert warned(replace(told, count=1), "it") == "1 cella è una formula (C3): ne importiamo il risultato."
    batch = read(path)
    said = imported(store.write(batch, "f"), batch, "en", persons_kept=False)
    assert "f.xlsx, Legami: 2 cells are formulas, the first is C3: their results are imported." in said.splitlines()


OURS = BODIES.replace("Città di Torino,,", "Città di Torino,Torino,") + "altra,Altra Voce,,Torino,high\n"


def complete(store: Store, folder: Path, bodies: str, ties: str = "") -> Pending:
    """A complete delivery of the dataset "ours"."""
    (folder / "ours").mkdir(exist_ok=True)
    (folder / "ours" / "organisations.csv").write_text(bodies, encoding="utf-8")
    (folder / "ours" / "ties.csv").write_text("source,relation,target\n" + ties, encoding="utf-8")
    return receive(store, folder / "ours", "ours", complete=True)


def test_what_a_complete_delivery_withdraws_is_told_before_it_does(store: Store, tmp_path: Path) -> None:
    made = complete(store, tmp_path, OURS, "altra,member of,rete\nbanca,member of,rete\n")
    assert commit(store, made.id).counts.withdrawn == 0
    (tmp_path / "ties.csv").write_text("source,relation,target\naltra,partner of,crt\n", encoding="utf-8")
    store.write(read(tmp_path / "ties.csv"), "another")
    made = complete(store, tmp_path, "id,name,name_it,city,confidence\nbanca,Intesa Sanpaolo,,Torino,high\n")
    found = look(store, made)
    assert (found.new, found.changed, found.unchanged, found.refused) == (0, 0, 1, 0)
    gone = ["Altra Voce", "Altra Voce → Rete Buona", "Altra Voce → Fondazione CRT", "Intesa Sanpaolo → Rete Buona"]
    assert [one.about for one in found.of("withdrawn")] == gone
    assert [one.about for one in found.of("still")] == ["Città di Torino"], "as the first says too"
    assert (found.withdrawn, found.still) == (4, 1)
    said = told_preview(found, "it").splitlines()
    assert said[0] == "0 nuove, 0 cambiano, 1 uguali, 0 rifiutate, 4 ritirate"
    assert said[2:6] == [f"- {about}" for about in gone]
    nodes, edges = shown(store.statements(), confidence=1)
    commit(store, made.id)
    left = shown(store.statements(), confidence=1)
    assert (len(nodes) - len(left[0]), len(edges) - len(left[1])) == (1, 3), "as told"
    again = look(store, waiting(store, made.id))
    assert (again.withdrawn, again.still) == (0, 0)


def test_an_answer_that_a_complete_delivery_no_longer_gives_is_told_by_its_field(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "answers.csv").write_text("id,field,answer\ncrt,website,none\ncitta,website,none\n")
    commit(store, receive(store, tmp_path / "a", "answers", complete=True).id)
    (tmp_path / "a" / "answers.csv").write_text("id,field,answer\ncrt,website,none\n")
    found = look(store, receive(store, tmp_path / "a", "answers", complete=True), "en")
    assert [one.about for one in found.of("withdrawn")] == ["City of Turin: site"]


def test_a_complete_delivery_with_rows_to_mend_says_that_it_waits_as_a_whole(store: Store, tmp_path: Path) -> None:
    made = complete(store, tmp_path, OURS, "boh,member of,rete\n")
    found = look(store, made, "en")
    assert (found.refused, found.withdrawn, found.faulty) == (1, 0, True)
    assert warned(found.warnings[0], "en").startswith("The delivery is complete: while anything is to be corrected")
    with pytest.raises(DataInvalid, match="Nothing was imported"):
        commit(store, made.id)


def test_the_same_key_again_answers_the_same_in_full(store: Store, tmp_path: Path) -> None:
    commit(store, complete(store, tmp_path, OURS).id)
    made = complete(store, tmp_path, OURS.partition("altra")[0])
    first = commit(store, made.id, "k")
    assert (first.counts.unchanged, first.counts.withdrawn) == (3, 1)
    assert commit(store, made.id, "k") == first
    (tmp_path / "legami.csv").write_text(
        HEAD + "boh;aderisce a;rete;;alta;;x;\ncrt;aderisce a;rete;;alta;;x;\n", encoding="utf-8"
    )
    made = receive(store, tmp_path / "legami.csv")
    first = commit(store, made.id, "k")
    assert len(first.counts.problems) == 1
    assert commit(store, made.id, "k") == first


@pytest.fixture
def made(store: Store, tmp_path: Path) -> Pending:
    (tmp_path / "legami.csv").write_text(HEAD + "crt;aderisce a;rete;;alta;;x;\n", encoding="utf-8")
    return receive(store, tmp_path / "legami.csv")


def left_of(store: Store) -> list[str]:
    """The files of deliveries, without those by which workers take turns."""
    return sorted(path.name for path in store.beside("pending").iterdir() if not path.name.endswith(".lock"))


def test_what_is_dropped_while_it_is_mended_stays_dropped(
    store: Store, made: Pending, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, under_way = shelf.save, Event()

    def slow(*told: object) -> None:
        under_way.set()
        time.sleep(0.2)
        save(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(shelf, "save", slow)
    with ThreadPoolExecutor(1) as pool:
        mending = pool.submit(mend, store, made.id, {("legami.csv", 2, 5): "said"})
        assert under_way.wait(5)
        drop(store, made.id)
        assert isinstance(mending.exception(), NotFound | None)
    assert left_of(store) == []


def test_what_is_dropped_while_it_is_looked_at_leaves_nothing(
    store: Store, made: Pending, monkeypatch: pytest.MonkeyPatch
) -> None:
    work_out, under_way = pending.preview, Event()

    def slow(*told: Any, **how: Any) -> dict[str, Preview]:
        under_way.set()
        time.sleep(0.2)
        return work_out(*told, **how)

    monkeypatch.setattr(pending, "preview", slow)
    shelf.told(store, made.id, "it").unlink()
    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look, store, made)
        assert under_way.wait(5)
        drop(store, made.id)
        assert looking.result().changed == 1
    assert left_of(store) == []
    with pytest.raises(NotFound):
        look(store, made)


def test_whoever_waits_for_a_turn_waits_for_the_same_as_whoever_comes_later(store: Store, made: Pending) -> None:
    lock = store.beside("pending") / f".{made.id[0]}.lock"
    mend(store, made.id, {("legami.csv", 2, 5): "said"})
    first = lock.stat().st_ino
    drop(store, made.id)
    assert lock.stat().st_ino == first


def test_what_is_over_goes_at_the_next_look_at_any_other_also_if_it_was_mended_lately(
    store: Store, made: Pending, tmp_path: Path
) -> None:
    other = receive(store, tmp_path / "legami.csv")
    long_ago = (datetime.now(UTC) - shelf.KEPT - timedelta(minutes=1)).isoformat()
    shelf.save(store, replace(made, made=long_ago))
    mend(store, other.id, {("legami.csv", 2, 5): "said"})
    assert [name for name in left_of(store) if made.id in name] == []
    assert waiting(store, other.id).corrections


def test_what_a_killed_worker_left_is_swept(store: Store, made: Pending) -> None:
    folder = store.beside("pending")
    for name in (".half.json.gz.ab12", ".now.json.gz.cd34", f"{'B' * 22}.it.gz"):
        (folder / name).write_bytes(b"half")
    os.utime(folder / ".half.json.gz.ab12", (0, 0))
    waiting(store, made.id)
    assert left_of(store) == sorted([".now.json.gz.cd34", *(f"{made.id}.{end}.gz" for end in ("json", "it", "en"))])


def test_a_write_that_fails_leaves_nothing(store: Store, made: Pending, monkeypatch: pytest.MonkeyPatch) -> None:
    before = left_of(store)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        mend(store, made.id, {("legami.csv", 2, 5): "said"})
    monkeypatch.undo()
    assert left_of(store) == before


def refused(packed: bytes) -> Exception | None:
    try:
        gzip.decompress(packed)
    except Exception as fault:
        return fault
    return None


def test_a_kept_file_with_any_byte_changed_is_no_fault_of_ours(store: Store, made: Pending) -> None:
    preview = shelf.told(store, made.id, "it")
    good, stamp = preview.read_bytes(), pending._stamp(store.statements(), made)
    whole = load(preview, stamp, {}, None)
    assert whole is not None
    damaged = [good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 :] for at in range(len(good))]
    assert any(isinstance(refused(one), zlib.error) for one in damaged), "neither OSError nor ValueError"
    for one in damaged:
        preview.write_bytes(one)
        assert load(preview, stamp, {}, None) in (None, whole)
    path = shelf.place(store, made.id)
    kept = path.read_bytes()
    for at in range(len(kept)):
        path.write_bytes(kept[:at] + bytes([kept[at] ^ 0xFF]) + kept[at + 1 :])
        assert shelf.load(path) in (None, made)
    path.write_bytes(kept)
    assert look(store, made).changed == 1


def test_counts_are_written_as_readers_write_them() -> None:
    many = Warn("ignored", "f", (), "H", "Altro", count=50_000)
    assert "(50.000 celle)" in warned(many, "it")
    assert "(50,000 cells)" in warned(many, "en")
