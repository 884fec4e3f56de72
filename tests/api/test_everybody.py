"""Every page for everybody: nothing that axe finds, no sideways scrolling, both languages, three widths."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.pages.addresses import LANGS, PAGES, Lang
from tests.api.browser import WIDTHS, browsing, looked_at, serving
from tests.api.conftest import filled
from tests.api.test_matrix import routes, told
from tests.api.test_page_importing import BAD, GOOD, fill, upload
from tests.api.test_page_introductions import WAYS, played
from tsi_graph.batch import Batch
from tsi_graph.model import Stakeholder
from tsi_graph.store import open_store

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGES_SHOWN: dict[str, tuple[str, ...]] = {
    "accessibility": ("",),
    "data": ("",),
    "enter": ("", "?next=/it/dati"),
    "gaps": ("",),
    "import": ("",),
    "import/{pending}": ("/{pending}", "/{whole}"),
    "introductions": ("", "?view=table", "?introducer=nobody", "?done=met:{met}:4"),
    "introductions/{which}": ("/{proposed}", "/{accepted}", "/{late}", "/{met}", "/{outcome}", "/{declined}"),
    "introductions/{which}/more": ("/{accepted}/more",),
    "method": ("",),
    "month": ("", "?objective=periphery&size=3", "?objective=gap&size=3", "?objective=topic", "?network=one-port"),
    "networks": ("", "?topic=communication"),
    "networks/{node}": ("/impact-europe", "/acri"),
    "organisations": ("", "?q=zzz"),
    "organisations/{node}": ("/socialfare", "/sermig", "/tonite", "/nesta-italia"),
    "organisations/{node}/correct": (
        "/socialfare/correct", "/socialfare/correct?go=1&field=city&value=Roma&origin=https://a.it",
    ),
    "questions": ("",),
    "questions/{name}": (
        "/introducers?x=fondazione-crt&y=impact-europe", "/cut_off?x=Intesa San Paolo", "/funded_with?x=fondazione-crt",
    ),
    "search": ("?q=torino", "?q=zzzz"),
}  # fmt: skip
"""What is looked at of each page: what follows its address. `{...}` is an introduction or a delivery of the desk below.
A page that is not here fails."""
FILES = {
    "/", "/docs", "/openapi.json", "/livez", "/readyz", "/static/{name}", "/it/presentazioni.xlsx",
    "/en/introductions.xlsx", "import/template.xlsx", "import/{pending}/notes.xlsx", "introductions/{which}/route.png",
    "networks/table.xlsx", "questions/{name}/picture.svg", "search/suggest",
}  # fmt: skip
"""What is answered to a reader and is no page of the desk."""
FAULTS = {404: "/nowhere/at/all", 405: "/undo"}


@dataclass
class Desk:
    """The pages over a store in which things were decided, and a browser in front of them."""

    url: str
    page: Page
    names: dict[str, str]

    def at(self, lang: Lang, name: str, rest: str) -> str:
        return f"{self.url}/{lang}/{PAGES[name.split('/')[0]][lang]}{rest.format(**self.names)}"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Desk]:
    store = filled(tmp_path_factory.mktemp("desk"))
    days = {"proposed": 3, "accepted": 12}
    names = {
        name: played(store, source, target, through, ("proposed", days.get(name, 60)), *steps)
        for name, (source, target, through, steps) in WAYS.items()
    }
    app = create_app(store)
    client = TestClient(app)
    template = client.get("/it/importa/template.xlsx").content
    names["pending"] = upload(client, fill(template, [*GOOD, *BAD])).rsplit("/", 1)[1]
    names["whole"] = upload(client, fill(template, GOOD)).rsplit("/", 1)[1]
    with serving(app) as url, browsing(chromium) as page:
        yield Desk(url, page, names)


def test_every_page_of_the_application_is_looked_at() -> None:
    here = {told("GET", path).removeprefix("GET ") for method, path in routes(create_app(open_store("nowhere.db"))) if method == "GET" and not path.startswith("/v1")}
    assert {"not looked at": here - PAGES_SHOWN.keys() - FILES, "gone": (PAGES_SHOWN.keys() | FILES) - here} == {
        "not looked at": set(), "gone": set(),
    }  # fmt: skip


@pytest.mark.browser
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("name", "rest"), [(name, rest) for name, rests in PAGES_SHOWN.items() for rest in rests])
def test_everybody_can_use_it_at_every_width(desk: Desk, name: str, rest: str, lang: Lang) -> None:
    """As it comes, and with everything on it open."""
    at, page = desk.at(lang, name, rest), desk.page
    page.goto(at)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        looked_at(page, f"{at} at {width}")
    if page.locator("main details:not([open])").count():
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        for width in (WIDTHS[0], WIDTHS[-1]):
            page.set_viewport_size({"width": width, "height": 900})
            looked_at(page, f"{at}, everything open, at {width}")
