"""Organisations: the list, and one at a glance; correcting, leaving out as go-between, proposing, each undone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from tests.api.conftest import filled
from tsi_graph.cli import app


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(filled(tmp_path))) as client:
        yield client


def text_of(answer: object) -> str:
    plain = re.sub(r"<[^>]+>", " ", getattr(answer, "text"))  # noqa: B009
    return " ".join(plain.replace("&#39;", "'").split())


def test_page_api_and_command_say_the_same_of_a_body(client: TestClient, at: str) -> None:
    found = client.get("/v1/stakeholders/socialfare", params={"lang": "it"}).json()
    told = CliRunner().invoke(
        app, ["show", "socialfare", "--lang", "it", "--json", "--store", at], catch_exceptions=False
    )
    assert json.loads(told.stdout) == found
    page = text_of(client.get("/it/organizzazioni/socialfare"))
    assert all(sentence in page for sentence in found["position"]["sentences"])
    assert found["routes"][0]["words"] in page
    assert f"8 legami su {len(found['known']['facts'])}" in page
    assert "Due versioni. ToNite, fine:" in page
    assert "Usiamo la prima." in page


def test_a_bridge_is_told_with_rank_and_who_would_be_cut_off(client: TestClient) -> None:
    seen = client.get("/v1/stakeholders/socialfare", params={"lang": "en"}).json()["position"]
    assert seen["rank"] == 2
    assert len(seen["cut_off"]) == 9
    assert seen["sentences"][0] == "It is a bridge between companies and public bodies."
    assert seen["sentences"][2].startswith("If it stopped, 9 organisations would be cut off: ")
    passed = client.get("/v1/stakeholders/patchanka", params={"lang": "it"}).json()["position"]
    assert passed["sentences"] == [
        "Non è un punto di passaggio: si può raggiungere chiunque anche senza di lei."
    ]  # fmt: skip


def test_closed_bodies_are_history(client: TestClient) -> None:
    page = text_of(client.get("/it/organizzazioni/nesta-italia"))
    assert "Non è più attiva: resta nella storia" in page
    assert "Metti fra le proposte" not in page
    assert client.get("/v1/stakeholders/nesta-italia").json()["routes"] == []
    through = {z for route in client.get("/v1/stakeholders/socialfare").json()["routes"] for z in route["through"]}
    assert "nesta-italia" not in through


def test_nobody_is_introduced_within_its_house(client: TestClient) -> None:
    for sort in ("network", "stakeholder"):
        page = client.get("/it/organizzazioni/fondazione-cottino", params={"to": sort}).text
        assert 'name="target" value="cottino-social-impact-campus"' not in page


def test_a_large_project_that_is_over_is_no_solid_route(client: TestClient) -> None:
    routes = {one["id"]: one for one in client.get("/v1/stakeholders/fondazione-links").json()["routes"]}
    assert routes["iclei"]["steps"] == 1
    assert routes["iclei"]["solidity"] == "weak"
    assert routes["iclei"]["words"] == "debole: proGIreg è finito nel 2023"
    assert routes["diesis-network"]["words"] == "media: DO Impact ha 10 partecipanti"


def test_membership_is_no_tie_and_low_rows_are_to_be_verified(client: TestClient) -> None:
    found = client.get("/v1/stakeholders/sermig").json()["known"]
    assert (found["facts"], found["complete"]["ties"]) == ([], 0)
    assert [one["other"] for one in found["unverified"]] == ["torino-social-impact"]
    page = text_of(client.get("/it/organizzazioni/sermig"))
    assert "1 dato da verificare" in page
    assert "Di SERMIG non è documentato alcun legame." in page
    known = client.get("/v1/stakeholders/socialfare").json()["known"]
    assert {one["other"] for one in known["membership"]} == {"torino-social-impact", "tsi-mou-2017"}
    assert not {one["other"] for one in known["facts"]} & {"torino-social-impact", "tsi-mou-2017"}


def test_nothing_to_recommend_is_told_with_the_reason(client: TestClient) -> None:
    why = client.get("/v1/recommendations/why-none", params={"stakeholder": "nesta-italia", "lang": "it"}).json()["why"]
    assert why in text_of(client.get("/it/organizzazioni/nesta-italia"))


def test_a_network_has_its_page_among_the_networks(client: TestClient) -> None:
    moved = client.get("/it/organizzazioni/acri", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (307, "/it/reti/acri")
    assert "Senza Fondazione CRT non resta nessuna porta documentata." in text_of(client.get("/it/reti/acri"))
    assert client.get("/it/organizzazioni/nobody").status_code == 404


def test_the_list_is_narrowed_by_kind_place_and_letters_and_paged(client: TestClient) -> None:
    page = text_of(client.get("/it/organizzazioni", params={"sector": "foundation", "city": "Torino", "q": "cottino"}))
    assert "1 organizzazione su " in page
    assert "Fondazione Cottino" in page
    first, second = (client.get("/it/organizzazioni", params={"after": n}).text for n in (0, 50))
    named = [re.findall(r'<a href="(/it/organizzazioni/[^"?]+)"', page) for page in (first, second)]
    assert len(named[0]) == 50
    assert not {*named[0]} & {*named[1]}
    assert "Nessuna con questi filtri." in client.get("/it/organizzazioni", params={"q": "zzzz"}).text


def test_adding_to_the_proposals_is_one_post_and_undone_from_its_message(mine: TestClient) -> None:
    page = mine.get("/it/organizzazioni/socialfare").text
    target = re.search(r'name="target" value="([^"]+)"', page)[1]  # type: ignore[index]
    form = {"target": target, "objective": "reach", "key": "k1"}
    moved = mine.post("/it/organizzazioni/socialfare/propose", data=form, follow_redirects=False)
    assert moved.status_code == 303
    again = mine.post("/it/organizzazioni/socialfare/propose", data=form, follow_redirects=False)
    assert again.headers["location"] == moved.headers["location"]
    [held] = mine.get("/v1/introductions").json()
    assert (held["source"], held["target"], held["state"], held["objective"]) == (
        "socialfare",
        target,
        "proposed",
        "reach",
    )
    shown = mine.get(moved.headers["location"]).text
    assert "Fatto: è fra le proposte." in shown
    assert f'name="target" value="{target}"' not in shown
    undo = {"undo": re.search(r'name="undo" value="([^"]+)"', shown)[1], "key": "k2"}  # type: ignore[index]
    assert mine.post("/it/organizzazioni/socialfare/propose", data=undo, follow_redirects=False).status_code == 303
    assert mine.get("/v1/introductions").json() == []


def test_a_body_that_refused_is_no_go_between_until_it_is_reactivated(mine: TestClient) -> None:
    campus = "/it/organizzazioni/cottino-social-impact-campus"
    before = mine.get("/v1/stakeholders/socialfare").json()["routes"]
    assert any("cottino-social-impact-campus" in one["through"] for one in before)
    for _ in range(2):  # sent twice, it is said twice
        moved = mine.post(f"{campus}/introducer", data={"barred": "true"}, follow_redirects=False)
        assert moved.status_code == 303
    assert "Non si usa come tramite dal " in mine.get(moved.headers["location"]).text
    after = mine.get("/v1/stakeholders/socialfare").json()["routes"]
    assert not any("cottino-social-impact-campus" in one["through"] for one in after)
    mine.post(f"{campus}/introducer", data={"barred": "false"})
    assert mine.get("/v1/stakeholders/socialfare").json()["routes"] == before


def test_a_correction_needs_a_source_is_seen_first_and_undone(mine: TestClient) -> None:
    at = "/it/organizzazioni/socialfare/correct"
    asked = {"what": "field", "field": "website", "value": "https://example.org", "go": "1"}
    assert mine.get(at, params=asked).status_code == 422
    asked |= {"origin": "https://socialfare.org/chi-siamo"}
    seen = text_of(mine.get(at, params=asked))
    assert "Che cosa cambierebbe" in seen
    assert "https://example.org" in seen
    imports = mine.get("/v1/info").json()["imports"]
    moved = mine.post(at, data=asked, follow_redirects=False)
    assert moved.status_code == 303
    assert mine.get("/v1/stakeholders/socialfare").json()["website"] == "https://example.org"
    assert len(mine.get("/v1/info").json()["imports"]) == len(imports) + 1
    page = mine.get(moved.headers["location"]).text
    number = re.search(r'name="undo" value="(\d+)"', page)[1]  # type: ignore[index]
    mine.post(at, data={"undo": number})
    assert mine.get("/v1/stakeholders/socialfare").json()["website"] != "https://example.org"


def test_what_cannot_be_corrected_is_told_in_the_language_of_the_page(client: TestClient) -> None:
    said = {"what": "field", "field": "website", "value": "https://example.org", "origin": "https://a.org", "go": "1"}
    tie = said | {"what": "tie", "field": "", "value": "", "relation": "PARTNER_OF", "other": "socialfare"}
    for wrong, words in (
        (said | {"origin": " "}, "Una correzione dice la sua fonte"),
        (said | {"value": ""}, "sito: un valore vuoto non dice nulla"),
        (said | {"field": "nonsense"}, "Qui non si corregge nonsense. Si correggono: inizio, fine, nome, "),
        (said | {"field": "sector", "value": "zzz"}, "che ente è: questo valore non va bene."),
        (tie | {"other": "nessuno così"}, "non indica nessuno con certezza"),
        (tie | {"other": "sermig"}, "Un legame unisce due organizzazioni diverse."),
        (tie | {"relation": "LOVES"}, "Nessun legame &#39;LOVES&#39;. Si conoscono: "),
        (tie | {"relation": "FUNDS", "what": "wrong"}, "Nulla dice che sermig finanzia socialfare."),
    ):
        answer = client.get("/it/organizzazioni/sermig/correct", params=wrong)
        assert (answer.status_code, words in answer.text) == (422, True), words
        assert '<span lang="en">' not in answer.text
        assert words not in client.get("/en/organisations/sermig/correct", params=wrong).text


def test_a_tie_is_added_by_name_and_two_versions_are_settled(mine: TestClient) -> None:
    at = "/it/organizzazioni/sermig/correct"
    form = {"what": "tie", "relation": "PARTNER_OF", "other": "socialfare", "origin": "https://sermig.org/chi-siamo"}
    assert mine.post(at, data=form, follow_redirects=False).status_code == 303
    facts = mine.get("/v1/stakeholders/sermig").json()["known"]["facts"]
    assert [(one["kind"], one["other"]) for one in facts] == [("PARTNER_OF", "socialfare")]
    link = re.search(r'href="([^"]+/tonite/correct[^"]+)"', mine.get("/it/organizzazioni/socialfare").text)[1]  # type: ignore[index]
    assert "field=valid_to" in link
    settled = {"what": "field", "field": "valid_to", "value": "2023-08", "origin": "https://torinoeuprojects.it/tonite"}
    assert mine.post("/it/organizzazioni/tonite/correct", data=settled, follow_redirects=False).status_code == 303
    disputes = mine.get("/v1/stakeholders/socialfare").json()["known"]["disputes"]
    assert all(one["decided"] for one in disputes)
