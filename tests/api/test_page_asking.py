"""The page of questions: the same answer as the API and the command line, a picture, and how it was found."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from html import unescape

import pytest
from fastapi.testclient import TestClient

from tests.api.test_page_importing import words
from tsi_graph.questions import QUESTIONS

ASKED = {
    "introducers": {"x": "fondazione-crt", "y": "impact-europe"}, "bridges": {"x": "bank", "y": "cooperative"},
    "worked_on": {"x": "social-procurement"}, "could_fund": {"x": "social-procurement"},
    "led": {"x": "civic-technologies"}, "networks": {"x": "socialfare"}, "members": {"x": "acri"},
    "joins": {"x": "socialfare", "y": "comune-di-torino"}, "cut_off": {"x": "socialfare"},
    "worked_with": {"x": "comune-di-torino"}, "funded_with": {"x": "fondazione-compagnia-san-paolo"},
    "took_part": {"x": "tonite"}, "who_is_there": {"x": "foundation", "y": "Torino"}, "evidence": {"x": "socialfare"},
}  # fmt: skip


def test_every_question_is_on_the_page_in_both_languages(client: TestClient) -> None:
    for path, lang in (("/it/domande", 0), ("/en/questions", 1)):
        page = client.get(path).text
        for q in QUESTIONS.values():
            assert f'href="{path}/{q.id}"' in page
            assert unescape(page).count(q.sentence[lang].split("{")[0]) >= 1
    assert ASKED.keys() == QUESTIONS.keys()


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("lang", ["it", "en"])
def test_the_page_says_what_the_api_says(client: TestClient, name: str, lang: str) -> None:
    answer = client.get(f"/v1/questions/{name}", params=ASKED[name] | {"lang": lang}).json()
    assert answer["rows"], "asked about what is documented"
    path = f"/it/domande/{name}" if lang == "it" else f"/en/questions/{name}"
    page = client.get(path, params=ASKED[name]).text
    assert f"<h1>{answer['asked']}</h1>" in unescape(page)
    assert answer["said"] in words(page)
    assert page.count("<tr>") == min(len(answer["rows"]), 200) + 1
    for one in answer["columns"]:
        assert f">{one['heading']}</th>" in unescape(page)
    assert unescape(page).count(answer["cypher"] or answer["how"]) == 1


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_picture_is_small_stands_alone_and_says_its_answer(client: TestClient, name: str) -> None:
    for narrow in ("", "1"):
        drawn = client.get(f"/it/domande/{name}/picture.svg", params=ASKED[name] | ({"narrow": 1} if narrow else {}))
        assert drawn.headers["content-type"] == "image/svg+xml"
        root = ElementTree.fromstring(drawn.content)
        answer = client.get(f"/v1/questions/{name}", params=ASKED[name] | {"lang": "it"}).json()
        assert root.find("{*}title").text == f"{answer['asked']} {answer['said']}"  # type: ignore[union-attr]
        assert len(drawn.content) < 8_000
        assert not re.search(rb"style=|<script|href=|<image", drawn.content)


def test_the_picture_is_told_in_words(client: TestClient) -> None:
    page = client.get("/it/domande/cut_off?x=socialfare").text
    alt = unescape(re.search(r'alt="([^"]+)"', page)[1])  # type: ignore[index]
    assert alt.startswith("Senza SocialFare resterebbero isolate 9 organizzazioni. ")
    assert "Apical" in alt


def test_names_and_words_of_either_language_fill_the_blanks(client: TestClient) -> None:
    by_id = client.get("/v1/questions/bridges?x=bank&y=cooperative&lang=en").json()
    assert client.get("/v1/questions/bridges?x=banche&y=Cooperativa&lang=en").json() == by_id
    assert client.get("/v1/questions/cut_off?x=SOCIALFARE").json()["given"] == {"x": "socialfare"}


def test_what_is_not_found_is_said_with_what_is_similar(client: TestClient) -> None:
    page = client.get("/it/domande/cut_off?x=Intesa San Paolo").text
    assert "«Intesa San Paolo» qui non si trova. Intendevate: Intesa Sanpaolo" in words(page)
    assert client.get("/v1/questions/cut_off?x=Intesa San Paolo").status_code == 404
    assert client.get("/v1/questions/nothing").status_code == 404
    assert client.get("/it/domande/nothing").status_code == 404
    assert client.get("/v1/questions/members").status_code == 422
    assert client.get("/v1/questions/members?x=acri&y=acri").status_code == 422


def test_an_empty_answer_says_what_to_add(client: TestClient) -> None:
    page = words(client.get("/it/domande/funded_with?x=fondazione-crt").text)
    assert "Nessuna risposta documentata. Che cosa aggiungere. Aggiungete chi altro" in page
    found = client.get("/v1/questions/funded_with?x=fondazione-crt").json()
    assert (found["rows"], found["said"]) == ([], "Nessuna risposta documentata.")


def test_nobody_of_the_alliance_or_its_promoters_bridges_or_opens_a_network(client: TestClient) -> None:
    bridges = client.get("/v1/questions/bridges?x=foundation&y=cooperative").json()["rows"]
    assert not {"torino-social-impact", "camera-commercio-torino", "fondazione-compagnia-san-paolo"} & {
        row["id"] for row in bridges
    }
    reached = client.get("/v1/questions/networks?x=fondazione-crt").json()["rows"]
    assert "torino-social-impact" not in {row["id"] for row in reached}
