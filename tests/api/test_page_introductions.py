"""Introductions: the board, the page of one, its texts and its steps, each a write that can be taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook

from api.app import create_app
from tests.api.conftest import filled
from tests.api.test_page_month import text_of
from tests.browser import browsing, serving
from tsi_graph.recommend.ledger.reading import one_of, read_ledger
from tsi_graph.recommend.ledger.record import Introduction
from tsi_graph.recommend.ledger.writing import Happening, Proposal, propose, record
from tsi_graph.store import Store

AT = {"it": "/it/presentazioni", "en": "/en/introductions"}


def ago(days: int) -> str:
    return (date.today() - timedelta(days=days)).isoformat()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return filled(tmp_path)


@pytest.fixture
def pages(store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(store), raise_server_exceptions=False) as client:
        yield client


def played(store: Store, source: str, target: str, through: tuple[str, ...], *steps: tuple[str, int]) -> str:
    """An introduction to which these things happened so many days ago; gives its id."""
    one = propose(
        store, Proposal(source, target, through, "reach", ("Un buon motivo.",)), Happening("", ago(steps[0][1]))
    )
    for kind, days in steps[1:]:
        word, _, outcome = kind.partition(":")
        record(store, one.id, Happening(word, ago(days), outcome=outcome))
    return one.id


WAYS: dict[str, tuple[str, str, tuple[str, ...], tuple[tuple[str, int], ...]]] = {
    "proposed": ("tofis", "ensie", ("torino-social-impact",), ()),
    "accepted": ("socialfare", "impact-europe", ("cottino-social-impact-campus",), (("accepted", 9),)),
    "late": (
        "volto", "diesis-network", ("fondazione-piemonte-innova",), (("accepted", 50), ("introducer_agreed", 34)),
    ),
    "made": ("homers", "social-value-italia", ("politecnico-torino",), (("accepted", 50), ("made", 20))),
    "met": ("i3p", "assifero", ("fondazione-cottino",), (("accepted", 50), ("made", 20), ("met", 10))),
    "outcome": (
        "permicro", "febea", ("banca-etica",), (("accepted", 50), ("made", 20), ("met", 10), ("outcome:exchange", 4)),
    ),
    "declined": ("2i3t", "acri", (), (("declined", 50),)),
}  # fmt: skip
"""One introduction in each column, one that waits for long, and one aside: with what happened so many days ago."""


@pytest.fixture
def ids(store: Store) -> dict[str, str]:
    days = {"proposed": 3, "accepted": 12}
    return {
        name: played(store, source, target, through, ("proposed", days.get(name, 60)), *steps)
        for name, (source, target, through, steps) in WAYS.items()
    }


def now(store: Store, which: str) -> Introduction:
    return one_of(read_ledger(store), which)


def form_of(page: str, kind: str) -> dict[str, str]:
    """The hidden fields of the form that records a kind of event."""
    forms = re.findall(r'(?s)<form[^>]*method="post"[^>]*>.*?</form>', page)
    form = next(one for one in forms if f'name="kind" value="{kind}"' in one)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def test_an_empty_ledger_says_where_to_start(client: TestClient) -> None:
    assert "Nessuna presentazione nel registro. Cominciate da Questo mese ." in text_of(client.get(AT["it"]))
    assert "No introductions in the ledger. Start from This month ." in text_of(client.get(AT["en"]))


def test_each_stands_in_its_column_with_the_one_button(pages: TestClient, ids: dict[str, str]) -> None:
    page = pages.get(AT["it"]).text
    columns = re.findall(r'(?s)<section aria-labelledby="c\d">.*?</section>', page)
    heads = [re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", c.split("</h2>")[0])).strip() for c in columns]
    assert heads == ["Proposte 1", "Accettate 2", "Fatte 1", "Incontrate 1", "Con esito 1"]
    said = [re.findall(r'class="b(?: go)?"[^>]*>([^<]+)<', column) for column in columns]
    assert said == [
        ["Accetta"], ["Ha detto sì", "Hanno detto sì"], ["Si sono incontrati"], ["Scrivi l'esito"], ["Vedi la scheda"],
    ]  # fmt: skip
    assert page.count('class="b go"') == 1, "only what waits for long has a filled button"
    assert re.search(r"Ferma da 34 giorni, (dal |dall')\d", text_of(pages.get(AT["it"])))
    assert "Rimandate e rifiutate: 1" in page


@pytest.mark.parametrize("lang", ["it", "en"])
def test_the_figures_are_those_of_the_api(pages: TestClient, ids: dict[str, str], lang: str) -> None:
    found = pages.get("/v1/introductions/summary").json()
    told = [int(n) for n in re.findall(r'<li><b class="num">(\d+)</b>', pages.get(AT[lang]).text)]
    assert told == [found["introductions"], found["stalled"], found["met"]] == [7, 1, 2]
    assert "dati insufficienti, ne servono almeno 20 con esito" in text_of(pages.get(AT["it"]))


def test_filters_narrow_the_board_the_table_and_the_workbook(pages: TestClient, ids: dict[str, str]) -> None:
    asked = {"introducer": "banca-etica"}
    assert text_of(pages.get(AT["it"], params=asked)).count("PerMicro → FEBEA") >= 1
    assert "SocialFare" not in text_of(pages.get(AT["it"], params=asked))
    table = pages.get(AT["it"], params=asked | {"view": "table"}).text
    assert (table.count("<tr>"), "<caption>" in table, 'scope="row"' in table) == (2, True, True)
    file = re.search(r'href="(/it/presentazioni\.xlsx[^"]*)"', table)
    assert file
    assert file[1].endswith("?introducer=banca-etica")
    book = CalamineWorkbook.from_filelike(BytesIO(pages.get(file[1]).content))
    assert len(book.get_sheet_by_name("Presentazioni").to_python()) == 2
    assert "SocialFare" not in text_of(pages.get(AT["it"], params={"stalled": "30"}))
    assert text_of(pages.get(AT["it"], params={"stalled": "30"})).count("Vol.To → Diesis Network") >= 1
    none = text_of(pages.get(AT["it"], params={"introducer": "zoe"}))
    assert "Nessuna con questi filtri. Togli i filtri" in none


def test_the_texts_open_one_yes_after_the_other(pages: TestClient, store: Store, ids: dict[str, str]) -> None:
    at = f"{AT['it']}/{ids['accepted']}"
    page = pages.get(at)
    texts = pages.get(f"/v1/introductions/{ids['accepted']}/letters", params={"lang": "it"}).json()
    assert texts["next"] == 1
    assert texts["letters"][0]["text"].split("\n")[2] in text_of(page)
    assert "Questi testi si aprono dopo il sì di chi presenta." in text_of(page)
    assert "vi mettiamo in contatto perché" not in text_of(page)
    after = pages.post(at, data=form_of(page.text, "introducer_agreed") | {"on": ago(0)})
    assert "Fatto: chi presenta ha detto sì, SocialFare → Impact Europe." in text_of(after)
    assert text_of(after).count("Vi interessa conoscere") >= 2
    after = pages.post(at, data=form_of(after.text, "both_agreed"))
    assert "vi mettiamo in contatto perché" in text_of(after)
    after = pages.post(at, data=form_of(after.text, "made"))
    assert "In contatto dal" in text_of(after)
    assert (now(store, ids["accepted"]).state, now(store, ids["accepted"]).agreed) == ("made", ())
    english = text_of(pages.get(f"{AT['en']}/{ids['accepted']}"))
    assert "Subject: Would you help us introduce SocialFare to Impact Europe?" in english


def test_a_step_is_recorded_once_with_its_day_and_undone_from_the_message(
    pages: TestClient, store: Store, ids: dict[str, str]
) -> None:
    form = form_of(pages.get(AT["it"]).text, "met")
    at = f"{AT['it']}/{ids['made']}"
    answers = [pages.post(at, data=form | {"on": ago(1)}, follow_redirects=False) for _ in range(2)]
    assert [a.status_code for a in answers] == [303, 303]
    assert answers[0].headers["location"].startswith("/it/presentazioni?done=met")
    one = now(store, ids["made"])
    assert (one.state, one.since, len(one.events)) == ("met", ago(1), 4)
    page = pages.get(answers[0].headers["location"]).text
    undo = re.search(r'(?s)<form class="inline" method="post" action="([^"]*)">(.*?)</form>', page)
    assert undo
    pages.post(undo[1], data=dict(re.findall(r'name="(\w+)" value="([^"]*)"', undo[2])))
    assert now(store, ids["made"]).state == "made"


def test_an_outcome_and_a_note_are_kept_without_addresses_of_people(
    pages: TestClient, store: Store, ids: dict[str, str]
) -> None:
    at = f"{AT['it']}/{ids['met']}"
    form = form_of(pages.get(at).text, "outcome")
    pages.post(at, data=form | {"outcome": "joined", "text": "da gennaio, chiedere a a.b@example.org"})
    told = text_of(pages.get(at))
    assert "esito: adesione alla rete (da gennaio, chiedere a …)" in told
    pages.post(at, data=form_of(pages.get(at).text, "note") | {"text": "secondo incontro"})
    assert "nota (secondo incontro)" in text_of(pages.get(at))


def test_whoever_saw_less_is_shown_how_it_is_now_and_nothing_is_written(
    pages: TestClient, store: Store, ids: dict[str, str]
) -> None:
    at = f"{AT['it']}/{ids['accepted']}"
    form = form_of(pages.get(at).text, "introducer_agreed")
    record(store, ids["accepted"], Happening("declined", text="non è il momento"))
    answer = pages.post(at, data=form)
    assert answer.status_code == 409
    assert "Qualcuno l'ha cambiata prima di voi. Ecco com'è adesso." in text_of(answer)
    assert "rifiutata (non è il momento)" in text_of(answer)
    assert len(now(store, ids["accepted"]).events) == 3


def test_more_moves_snoozes_declines_and_opens_again(pages: TestClient, store: Store, ids: dict[str, str]) -> None:
    def state() -> str:
        return now(store, ids["accepted"]).state

    at = f"{AT['it']}/{ids['accepted']}"
    form = form_of(pages.get(f"{at}/more").text, "snoozed")
    pages.post(at, data=form | {"until": "2999-01-01", "text": "dopo l'estate"})
    assert (state(), "Rimandata fino a: 1 gennaio 2999" in text_of(pages.get(at))) == ("snoozed", True)
    pages.post(at, data=form_of(pages.get(at).text, "reopened"))
    assert state() == "proposed"
    pages.post(at, data=form_of(pages.get(f"{at}/more").text, "declined") | {"text": "stessa casa"})
    assert (state(), "«stessa casa»" in text_of(pages.get(AT["it"]))) == ("declined", True)
    page = pages.get(f"{at}/more").text
    undo = re.search(r'(?s)<form method="post" action="([^"]*/undo)">(.*?)</form>', page)
    assert undo
    pages.post(undo[1], data=dict(re.findall(r'name="(\w+)" value="([^"]*)"', undo[2])))
    assert state() == "proposed"


def test_what_cannot_be_is_told_in_the_language_of_the_page(pages: TestClient, ids: dict[str, str]) -> None:
    at = f"{AT['it']}/{ids['accepted']}"
    form = form_of(pages.get(f"{at}/more").text, "snoozed")
    for wrong, words in (
        ({"until": "2001-01-01"}, "Si rimanda a un giorno dopo il "),
        ({"until": "2999-01-01", "on": "2998-01-01"}, "non può essere il giorno in cui è successo"),
    ):
        answer = pages.post(at, data=form | wrong)
        assert (answer.status_code, words in answer.text, "in inglese" in answer.text) == (422, True, False), words
    missing = pages.get(f"/v1/introductions/{'0' * 12}", params={"lang": "it"}).json()
    assert missing["detail"] == "Questa presentazione non è nel registro."
    assert "The ledger" in pages.get(f"/v1/introductions/{'0' * 12}", params={"lang": "en"}).json()["detail"]


def test_reading_writes_nothing_and_what_is_not_there_is_not_found(
    pages: TestClient, store: Store, ids: dict[str, str]
) -> None:
    before = read_ledger(store)
    for lang in ("it", "en"):
        for rest in (
            "",
            f"/{ids['late']}",
            f"/{ids['late']}/more",
            ".xlsx",
            f"?done=met:{ids['made']}:4",
            "?done=x:y:z",
        ):
            assert pages.get(AT[lang] + rest).status_code == 200
        assert pages.get(f"{AT[lang]}/zzz").status_code == 404
        assert pages.get(f"{AT[lang]}/{ids['declined']}/route.png").status_code == 404
        assert pages.get(f"{AT[lang]}/{ids['late']}/route.png").headers["content-type"] == "image/png"
    assert read_ledger(store) == before


@pytest.mark.browser
def test_a_text_is_copied_with_one_key(store: Store, ids: dict[str, str], chromium: str) -> None:
    with serving(create_app(store)) as url, browsing(chromium) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(f"{url}{AT['it']}/{ids['accepted']}")
        page.locator("button[data-copy]").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_function("[...document.querySelectorAll('[role=status]')].some(e => e.textContent === 'Copiato')")
        assert page.evaluate("navigator.clipboard.readText()") == page.locator("pre").first.text_content()
