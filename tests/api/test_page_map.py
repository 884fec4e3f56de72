"""From the desk to the interactive map of the same data, as the reader may see them."""

from __future__ import annotations

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.pages import desk
from tests.browser import browsing, serving
from tsi_graph.store import open_store

LINK = re.compile(r'href="(/v1/exports/[^"]+)"[^>]*>([^<]+)<')


def links(client: TestClient, path: str) -> list[tuple[str, str]]:
    return [(unescape(address), words) for address, words in LINK.findall(client.get(path).text)]


@pytest.mark.parametrize(("path", "found"), [
    ("/it/organizzazioni", [("/v1/exports/map.html?lang=it", "Mappa interattiva")]),
    ("/en/data", [("/v1/exports/map.html?lang=en", "Interactive map")]),
    ("/it/organizzazioni/socialfare", [("/v1/exports/map.html?lang=it#i=socialfare", "Vedi sulla mappa")]),
    ("/it/organizzazioni/nesta-italia", []),  # closed: history, not on the map of who is here
])  # fmt: skip
def test_pages_lead_to_the_map(client: TestClient, path: str, found: list[tuple[str, str]]) -> None:
    assert links(client, path) == found


def test_of_more_than_a_map_can_show_they_lead_to_the_communities(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(desk.environment("it").globals, "map_most", 100)
    [(address, words)] = links(client, "/it/dati")
    assert (address, words) == ("/v1/exports/communities.svg?lang=it", "Disegno delle comunità")
    assert client.get(address).headers["content-type"] == "image/svg+xml"


@pytest.mark.browser
def test_the_map_opens_on_the_body_that_was_looked_at_and_asks_nobody(at: str, chromium: str) -> None:
    with serving(create_app(open_store(at))) as url, browsing(chromium) as page:
        page.goto(f"{url}/it/organizzazioni/socialfare")
        page.get_by_role("link", name="Vedi sulla mappa").click()
        page.wait_for_function("document.documentElement.dataset.ready")
        assert page.evaluate("tsi.shown().focus") == "socialfare"
        assert page.text_content("#who") == "SocialFare - Centro per l'Innovazione Sociale"
        assert page.evaluate("performance.getEntriesByType('resource').length") == 0
        page.go_back()
        assert page.url.endswith("/it/organizzazioni/socialfare")
