"""Search everywhere: accents ignored, the same answer on the page, over HTTP and on the command line, by keyboard."""

from __future__ import annotations

import json
import time

import numpy as np
import pandas as pd
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from tests.browser import browsing, looked_at, serving
from tsi_graph.analysis.search import search
from tsi_graph.cli import app
from tsi_graph.graph import Graph
from tsi_graph.store import open_store


def named(graph: Graph, text: str) -> list[tuple[str, str]]:
    return [(one.id, one.match) for one in search(graph, text)]


def test_names_in_both_languages_are_found_by_the_beginnings_of_their_words() -> None:
    rows = [
        ("city", "City of Turin", "Città di Torino", "Stakeholder"),
        ("net", "Turin Network", "Rete Torino", "Network"),
        ("citta", "Something", "", "Project"),
        ("alv", "L'Alveare che dice Sì!", "", "Stakeholder"),
    ]
    graph = Graph.from_edges([], pd.DataFrame(rows, columns=["id", "name", "name_it", "kind"]))
    assert named(graph, "TORINO citta") == [("city", "words")]
    assert named(graph, "città di torino") == [("city", "name")]
    assert named(graph, "citt") == [("city", "start"), ("citta", "start")]
    assert named(graph, "turin") == [("net", "start"), ("city", "words")]
    assert named(graph, "alveare si") == [("alv", "words")]
    assert named(graph, "eare") == [("alv", "part")]
    assert named(graph, "zzz") == named(graph, " ") == named(graph, "!?") == []


def test_page_api_and_command_find_the_same(client: TestClient, at: str) -> None:
    found = client.get("/v1/search", params={"q": "torino citta", "lang": "it"}).json()
    told = CliRunner().invoke(
        app, ["find", "torino citta", "--lang", "it", "--json", "--store", at], catch_exceptions=False
    )
    assert json.loads(told.stdout) == found
    assert found[0]["id"] == "citta-metropolitana-torino"
    hints = client.get("/it/cerca/suggest", params={"q": "torino citta"}).json()
    assert hints[0]["url"] == "/it/organizzazioni/citta-metropolitana-torino"
    page = client.get("/it/cerca", params={"q": "torino citta"}).text
    assert 'href="/it/organizzazioni/citta-metropolitana-torino"' in page
    assert client.get("/it/cerca/suggest", params={"q": "efus"}).json()[0]["url"] == "/it/reti/efus"
    assert "Niente di documentato ha questo nome." in client.get("/it/cerca", params={"q": "zzzz"}).text


def test_what_is_typed_is_shown_and_not_run(client: TestClient) -> None:
    page = client.get("/it/cerca", params={"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in page
    assert client.get("/it/cerca", params={"q": "x" * 201}).status_code == 422


def test_five_thousand_organisations_are_searched_in_milliseconds() -> None:
    dice = np.random.default_rng(1)
    words = np.array(
        [f"{a}{b}{c}" for a in "bcdfglmnprst" for b in ("an", "er", "io", "ul") for c in ("to", "la", "re")]
    )
    names = [" ".join(dice.choice(words, 5)) for _ in range(10_000)]
    rows = {"id": [f"o{k}" for k in range(5_000)], "name": names[:5_000], "name_it": names[5_000:]}
    graph = Graph.from_edges([], pd.DataFrame(rows))
    search(graph, "ban")
    spent = []
    for _ in range(300):
        asked = " ".join(word[: dice.integers(2, 6)] for word in dice.choice(words, dice.integers(1, 3)))
        begin = time.thread_time()
        search(graph, asked, 8)
        spent.append(time.thread_time() - begin)
    assert np.percentile(spent, 99) < 0.025


@pytest.mark.browser
def test_arrows_enter_and_escape_choose_a_suggestion(at: str, chromium: str) -> None:
    with serving(create_app(open_store(at))) as base, browsing(chromium) as page:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(base + "/it/vuoti")
        page.focus("#q")
        page.keyboard.type("torino citta")
        page.wait_for_selector("#hints li")
        looked_at(page, "search with suggestions")
        assert page.get_attribute("#q", "aria-expanded") == "true"
        assert "suggeriment" in page.inner_text(".find [role=status]")
        page.keyboard.press("ArrowDown")
        assert page.get_attribute("#q", "aria-activedescendant") == "hint-0"
        page.keyboard.press("Escape")
        assert page.get_attribute("#q", "aria-expanded") == "false"
        page.keyboard.type(" m")
        page.wait_for_selector("#hints li")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/it/organizzazioni/citta-metropolitana-torino")


@pytest.mark.browser
def test_search_works_without_script(at: str, chromium: str) -> None:
    with serving(create_app(open_store(at))) as base, browsing(chromium, javascript=False) as page:
        page.goto(base + "/en/gaps")
        page.fill("#q", "socialfare")
        page.keyboard.press("Enter")
        page.wait_for_url("**/en/search?q=socialfare")
        assert page.locator("main a", has_text="SocialFare").count()
