"""This month: what the page shows is what the library says; a decision is one write, and can be taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from tests.api.conftest import filled
from tests.browser import browsing, looked_at, serving, stops
from tsi_graph.batch import Batch
from tsi_graph.language import short
from tsi_graph.model import Stakeholder
from tsi_graph.recommend.ledger.reading import read_ledger
from tsi_graph.recommend.ledger.writing import Proposal, propose
from tsi_graph.store import Store, open_store

AT = {"it": "/it/questo-mese", "en": "/en/this-month"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return filled(tmp_path)


@pytest.fixture
def pages(store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(store), raise_server_exceptions=False) as client:
        yield client


def text_of(answer: Any) -> str:
    """What a reader reads."""
    body = re.sub(r"(?s)<head>.*?</head>", "", answer.text)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).strip()


def form_of(answer: Any, place: int = 0) -> dict[str, str]:
    """The hidden fields of the first form of a proposal."""
    forms = re.findall(
        r'(?s)<form method="post" action="[^"]*"><input type="hidden" name="source".*?</form>', answer.text
    )
    return dict(re.findall(r'name="(source|target|key)" value="([^"]*)"', forms[place * 3]))


@pytest.mark.parametrize("lang", ["it", "en"])
def test_each_card_says_what_the_library_says(client: TestClient, lang: str) -> None:
    month = client.get("/v1/portfolios", params={"lang": lang}).json()
    answer = client.get(AT[lang])
    told = text_of(answer)
    n = len(month["introductions"])
    assert {"it": f"Questo mese: {n} presentazioni da proporre", "en": f"This month: {n} introductions to propose"}[
        lang
    ] in told
    for one in month["introductions"]:
        title = {"it": "Presentare {} a {}", "en": "Introduce {} to {}"}[lang]
        assert title.format(short(one["source_name"]), short(one["target_name"])) in told
        for sentence in (*one["reasons"], *one["cautions"], *one["brings"]):
            assert re.sub(r"\s+", " ", sentence) in told
        for source in (s for sources in one["reason_sources"] for s in sources if s.startswith("http")):
            assert f'href="{source}"'.replace("&", "&amp;") in answer.text
    for load in month["load"]:
        assert f"{load['asked']} {'su' if lang == 'it' else 'of'} {load['most']}" in told
    known = client.get("/v1/portfolios/known").json()
    assert f"{known['members']} {'aderenti' if lang == 'it' else 'documented members'}" in told
    assert answer.text.count('class="card-i"') == 5
    assert answer.text.count('class="row-i"') == n - 5


def test_no_word_of_the_trade_and_no_percentage_stands_outside_how_it_is_computed(client: TestClient) -> None:
    for lang, words in (("it", "grafo|nodo|arco|centralità|punteggio"), ("en", "graph|node|edge|centrality|score")):
        page = re.sub(r'(?s)<details class="calc">.*?</details>', "", client.get(AT[lang]).text)
        main = re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1].split("</main>")[0])
        assert not re.search(rf"(?i)\b({words})\b", main.replace("TSI Graph", ""))
        assert "None" not in main.replace("None.", "")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("obiettivo=margini", "avvicinare chi ha al massimo un legame"), ("objective=margin", "avvicinare chi ha"),
        ("obiettivo=settori&settore=foundation&altro=cooperative", "due settori, fondazioni e cooperative"),
        ("obiettivo=tema&tema=social-work-inclusion", "trovare finanziatori per un tema"),
        ("rete=impact-europe", "raggiungere Impact Europe"), ("rete=one-port", "che hanno una porta sola"),
        ("quante=zzz&max=-4&obiettivo=fama", "raggiungere reti nazionali"), ("quante=3", "3 presentazioni chieste"),
        ("quante=3000&max=99", "20 presentazioni chieste · al massimo 5"),
    ],
)  # fmt: skip
def test_the_address_says_what_for(client: TestClient, query: str, words: str) -> None:
    answer = client.get(f"{AT['it']}?{query}")
    assert (answer.status_code, words in text_of(answer)) == (200, True), text_of(answer)[:1500]


def test_the_other_language_keeps_the_filters(client: TestClient) -> None:
    page = client.get(f"{AT['it']}?obiettivo=tema&tema=social-work-inclusion&quante=3").text
    other = unescape(re.findall(r'href="(/en/this-month[^"]*)" hreflang="en"', page)[0])
    told = text_of(client.get(other))
    assert "find funders for a topic, Social and work inclusion" in told
    assert "3 introductions asked for" in told


def test_reading_writes_nothing(pages: TestClient, store: Store) -> None:
    pages.get(AT["it"])
    before, revision = read_ledger(store), store.revision()
    for lang in ("it", "en"):
        assert pages.get(AT[lang], params={"done": "accepted:48003febb49f:1"}).status_code == 200
    assert (read_ledger(store), store.revision()) == (before, revision)


def test_accepting_opens_the_texts_and_keeps_what_the_card_said(pages: TestClient, store: Store) -> None:
    month = pages.get("/v1/portfolios", params={"lang": "it"}).json()["introductions"][2]
    form = form_of(pages.get(AT["it"]), 2) | {"action": "accepted"}
    answers = [pages.post(AT["it"], data=form, follow_redirects=False) for _ in range(2)]
    assert {(a.status_code, a.headers["location"]) for a in answers} == {(303, answers[0].headers["location"])}
    [one] = read_ledger(store).introductions
    assert (one.source, one.target, list(one.through)) == (month["source"], month["target"], month["introducers"])
    assert (one.objective, list(one.reasons), one.state) == ("reach", month["reasons"], "accepted")
    assert (len(one.route), one.revision, len(one.events)) == (len(month["path"]), 2, 2)
    there = pages.get(answers[0].headers["location"])
    assert "Fatto: accettata, " in text_of(there)
    assert '<div class="note ok" id="done" role="status"' in there.text
    assert "Oggetto: " in there.text


@pytest.mark.parametrize(
    ("action", "state", "words"),
    [
        ("snoozed", "snoozed", "Fatto: rimandata (torna: 1 "),
        ("declined", "declined", "Fatto: non verrà più proposta, "),
        ("note", "proposed", "Fatto: nota salvata, "),
    ],
)  # fmt: skip
def test_what_was_decided_shrinks_to_a_line_in_its_place_and_comes_back_on_undo(
    pages: TestClient, store: Store, action: str, state: str, words: str
) -> None:
    before = pages.get(AT["it"], params={"quante": 6})
    form = form_of(before, 1) | {"action": action, "text": "già tentato"}
    answer = pages.post(f"{AT['it']}?quante=6", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"].startswith(f"{AT['it']}?")) == (303, True)
    [one] = read_ledger(store).introductions
    assert (one.state, "già tentato" in [e.text for e in one.events]) == (state, True)
    after = pages.get(answer.headers["location"])
    assert words in text_of(after)
    assert "Questo mese: 5 presentazioni" in text_of(after)
    first, line, second = (after.text.index(mark) for mark in ('id="p1"', 'id="done"', 'id="p2"'))
    assert first < line < second
    undo = re.search(r'(?s)<form class="inline" method="post" action="([^"]*)">(.*?)</form>', after.text)
    assert undo
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', undo[2]))
    gone = [pages.post(unescape(undo[1]), data=fields, follow_redirects=False) for _ in range(2)]
    assert [a.status_code for a in gone] == [303, 303]
    assert read_ledger(store).introductions[0].state == "withdrawn"
    again = pages.get(gone[0].headers["location"])
    assert "Fatto: annullato, " in text_of(again)
    assert "Questo mese: 6 presentazioni" in text_of(again)
    assert form_of(again, 1)["source"] == form["source"]


def test_whoever_comes_second_is_shown_how_it_is_now(pages: TestClient, store: Store) -> None:
    form = form_of(pages.get(AT["it"]))
    propose(store, Proposal(form["source"], form["target"]))
    answer = pages.post(AT["it"], data=form | {"action": "accepted"})
    assert answer.status_code == 409
    assert "Qualcuno l'ha cambiata prima di voi. Ecco com'è adesso." in text_of(answer)
    assert "Proposta" in text_of(answer)
    assert len(read_ledger(store).introductions[0].events) == 1


def test_when_all_is_decided_the_page_says_when_the_next_month_begins(pages: TestClient) -> None:
    at = f"{AT['it']}?obiettivo=tema&tema=social-work-inclusion&quante=1"
    pages.post(at, data=form_of(pages.get(at)) | {"action": "declined"})
    told = text_of(pages.get(at))
    months = ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
              "novembre", "dicembre"]  # fmt: skip
    assert "Questo mese: 0 presentazioni da proporre" in told
    assert f"Avete deciso su tutte. Prossimo calcolo: 1° {months[date.today().month % 12]}" in told


def test_nothing_solid_is_said_with_what_to_do(tmp_path: Path) -> None:
    alone = open_store(tmp_path / "alone.db")
    alone.write(Batch(nodes=[Stakeholder(id="ann", name="Ann", confidence=3)]), "alone")
    with TestClient(create_app(alone)) as pages:
        answer = pages.get(AT["it"])
        assert pages.get("/en/introductions").status_code == 200
    assert (
        "Nessuna presentazione solida per questo obiettivo. Provate un altro obiettivo, permettete di passare dai "
        "promotori, oppure aggiungete dati."
    ) in text_of(answer)


@pytest.mark.browser
def test_the_keyboard_goes_through_a_card_in_its_order_and_past_it(at: str, chromium: str) -> None:
    with serving(create_app(open_store(at))) as url, browsing(chromium) as page:
        page.goto(url + AT["it"])
        found = [one.split("\n")[0] for one in stops(page)]
        skips = [place for place, one in enumerate(found) if one == "Salta alla prossima proposta"]
        card = [one.split(":")[0] for one in found[skips[0] : skips[1]]]
        assert card[-5:] == [
            "Che cosa scrivere", "Accetta e prepara l'e-mail", "Rimanda di un mese", "Non proporre più",
            "Aggiungi una nota",
        ]  # fmt: skip
        page.evaluate("document.querySelector('.onwards').focus()")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id || document.location.hash") in ("p2", "#p2")


@pytest.mark.browser
def test_after_a_decision_the_message_has_the_focus_and_undo_comes_next(store: Store, chromium: str) -> None:
    with serving(create_app(store)) as url, browsing(chromium) as page:
        page.goto(url + AT["it"])
        page.locator("#p2 button[value=snoozed]").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("#done")
        assert page.evaluate("document.activeElement.id") == "done"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.innerText").startswith("Annulla")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.innerText") == "Salta alla prossima proposta"
        looked_at(page, "month after a decision")


@pytest.mark.browser
def test_without_a_script_nothing_is_missing_but_copying(at: str, chromium: str) -> None:
    with serving(create_app(open_store(at))) as url, browsing(chromium, javascript=False) as page:
        page.goto(url + AT["it"])
        assert page.locator("button[data-copy]").first.is_hidden()
        assert page.locator("#p1 button[value=accepted]").is_visible()
