"""The page of the data: the largest hole first, what to settle, what to verify, and vouching for it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from tests.api.conftest import filled
from tests.api.test_page_importing import words
from tsi_graph.history import age, sources
from tsi_graph.store import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return filled(tmp_path)


def test_the_first_row_is_the_members_documented_against_declared(client: TestClient) -> None:
    holes = client.get("/v1/coverage/holes").json()
    assert holes[0] == {
        "about": "members", "documented": 26, "of": 50, "id": "torino-social-impact",
        "name": "Torino Social Impact (TSI)", "stated": "more than 50", "missing": 24,
    }  # fmt: skip
    assert [one["missing"] for one in holes[1:]] == sorted((one["missing"] for one in holes[1:]), reverse=True)
    page = words(client.get("/it/dati").text)
    assert "Aderenti di Torino Social Impact (TSI) 26 dichiarati: more than 50 24" in page


def test_sources_are_told_by_how_much_they_say_how_sure_and_how_old(client: TestClient, at: str) -> None:
    found = client.get("/v1/sources?limit=3").json()
    assert found[0]["source"] == "torinosocialimpact.it"
    assert found[0]["statements"] == found[0]["bodies"] + found[0]["ties"]
    assert found[0]["statements"] == found[0]["high"] + found[0]["medium"] + found[0]["low"]
    table = sources(open_store(at), "site", date(2030, 1, 1))
    assert table["statements"].sum() == sources(open_store(at), "origin")["statements"].sum()
    assert (table["age"] > 90).all()


def test_data_that_are_old_are_said_to_be(own: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "giorni. Aggiungete" not in words(own.get("/it/dati").text)
    monkeypatch.setattr("api.pages.data.age", lambda table: 91)
    assert "I dati hanno 91 giorni. Aggiungete quelli nuovi prima di decidere." in words(own.get("/it/dati").text)


def test_age_counts_from_the_last_import(store: Store) -> None:
    assert age(store, store.statements().imports[-1].at.date()) == 0


def test_what_nobody_verified_is_vouched_for_with_a_source_and_taken_back(store: Store) -> None:
    client = TestClient(create_app(store), raise_server_exceptions=False)
    low = client.get("/v1/sources/unverified?limit=100").json()
    one = next(row for row in low if row["relation"] == "MEMBER_OF")
    page = client.get("/it/dati").text
    assert f'value="{one["statement"]}"' in page
    done = client.post("/it/dati/confirm", data={"statement": one["statement"], "origin": "https://example.org/elenco"})
    assert "Fatto: il dato è confermato" in words(done.text)
    after = client.get("/v1/sources/unverified?limit=100").json()
    assert one["statement"] not in {row["statement"] for row in after}
    assert len(after) == len(low) - 1
    said = client.get(f"/v1/history?of={one['node']}").json()
    [mine] = [s for s in said if s["target"] == one["target"] and s["wins"]]
    assert (mine["origin"], mine["confidence"]) == ("https://example.org/elenco", 3)
    number = int(re.search(r'name="number" value="(\d+)"', done.text)[1])  # type: ignore[index]
    for _ in range(2):
        assert "tutto è com'era prima" in words(client.post("/it/dati/undo", data={"number": number}).text)
    assert client.get("/v1/sources/unverified?limit=100").json() == low


def test_a_fact_without_any_source_is_not_vouched_for(own: TestClient) -> None:
    upload = {"files": ("networks.csv", "id,name,confidence\nnet,Net,low\n")}
    assert own.post("/v1/imports", files=upload, data={"dataset": "n"}).status_code == 201
    [low] = own.get("/v1/sources/unverified?limit=100").json()
    refused = own.post("/v1/confirmations?lang=en", json={"statement": low["statement"]})
    assert (refused.status_code, "with a source" in refused.json()["detail"]) == (422, True)
    done = own.post("/v1/confirmations", json={"statement": low["statement"], "origin": "a page"})
    assert done.status_code == 201
    assert own.get("/v1/sources/unverified?limit=100").json() == []
    assert own.post("/v1/confirmations", json={"statement": "nothing"}).status_code == 404


def test_conflicts_lead_to_where_they_are_settled(client: TestClient) -> None:
    page = client.get("/it/dati").text
    assert "Torino Social Impact (TSI): aderenti dichiarati" in words(page)
    assert "6 dati da decidere: le fonti non concordano" in words(page)


def test_places_and_kinds_add_up(client: TestClient) -> None:
    places = client.get("/v1/coverage/places").json()
    sectors = client.get("/v1/coverage/places?of=sector").json()
    assert sum(one["organisations"] for one in places) == sum(one["organisations"] for one in sectors)
    assert places[0]["city"] == "Torino"
