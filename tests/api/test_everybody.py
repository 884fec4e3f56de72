"""Every page for everybody: nothing that axe finds, no sideways scrolling, both languages, three widths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi import HTTPException
from fastapi.testclient import TestClient

from api.access import Door
from api.app import create_app
from api.pages.addresses import MENU, PAGES
from api.sessions import Sessions
from tests.api.conftest import filled
from tests.api.test_last import Moody
from tests.api.test_matrix import routes, told
from tests.api.test_page_importing import BAD, GOOD, fill, upload
from tests.api.test_page_introductions import WAYS, played
from tests.browser import WIDTHS, browsing, checked, looked_at, serving
from tsi_graph.batch import Batch
from tsi_graph.keys import Keys
from tsi_graph.language import LANGS, Lang
from tsi_graph.model import Stakeholder
from tsi_graph.store import open_store

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGES_SHOWN: dict[str, tuple[str, ...]] = {
    "accessibility": ("",),
    "data": ("",),
    "enter": ("",),
    "gaps": ("",),
    "import": ("",),
    "import/{pending}": ("/{pending}", "/{whole}"),
    "import/undo": ("/undo?number=2",),
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
FAULTS = (400, 401, 403, 404, 409, 413, 422, 429, 500, 503)


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
    for lang in LANGS:
        app.add_api_route(f"/{lang}/{PAGES['month'][lang]}/fault/{{status}}", broken)
    client = TestClient(app)
    template = client.get("/it/importa/template.xlsx").content
    names["pending"] = upload(client, fill(template, [*GOOD, *BAD])).rsplit("/", 1)[1]
    names["whole"] = upload(client, fill(template, GOOD)).rsplit("/", 1)[1]
    with serving(app) as url, browsing(chromium) as page:
        yield Desk(url, page, names)


def broken(status: int) -> None:
    raise HTTPException(status, "What only the library can say.", {"retry-after": "5"})


def test_every_page_of_the_application_is_looked_at() -> None:
    there = [path for method, path in routes(create_app(open_store("nowhere.db"))) if method == "GET"]
    here = {told("GET", path).removeprefix("GET ") for path in there if not path.startswith("/v1")}
    assert {"not looked at": here - PAGES_SHOWN.keys() - FILES, "gone": (PAGES_SHOWN.keys() | FILES) - here} == {
        "not looked at": set(), "gone": set(),
    }  # fmt: skip


def cases() -> list[tuple[Lang, str, str]]:
    """Each page in both languages, and what else is shown of it in one of them, by turns."""
    firsts = [(lang, name, rests[0]) for name, rests in PAGES_SHOWN.items() for lang in LANGS]
    others = [(name, rest) for name, rests in PAGES_SHOWN.items() for rest in rests[1:]]
    return firsts + [(LANGS[place % 2], name, rest) for place, (name, rest) in enumerate(others)]


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "name", "rest"), cases())
def test_everybody_can_use_it_at_every_width(desk: Desk, lang: Lang, name: str, rest: str) -> None:
    checked(desk.page, desk.at(lang, name, rest))


@pytest.mark.browser
@pytest.mark.parametrize("status", FAULTS)
def test_everybody_can_use_the_page_of_a_fault(desk: Desk, status: int) -> None:
    checked(desk.page, desk.at(LANGS[status % 2], "month", f"/fault/{status}"))
    assert desk.page.locator("h1").count() == 1


@pytest.mark.browser
def test_everybody_can_enter(desk: Desk, tmp_path: Path) -> None:
    """A key that lets nobody in, too."""
    door = Door(Keys(tmp_path / "keys.json"), Sessions(tmp_path / "sessions.db"))
    with serving(create_app(filled(tmp_path), door=door)) as url:
        for lang in LANGS:
            checked(desk.page, f"{url}/{lang}/{PAGES['enter'][lang]}")
            desk.page.fill("#secret", "tsi_nobody")
            desk.page.press("#secret", "Enter")
            desk.page.wait_for_selector("#fault")
            looked_at(desk.page, f"{lang} enter, refused")


@pytest.mark.browser
def test_everybody_can_use_them_while_nothing_is_known_yet(desk: Desk, tmp_path: Path) -> None:
    store = open_store(tmp_path / "alone.db")
    store.write(Batch(nodes=[Stakeholder(id="ann", name="Ann", confidence=3)]), "alone")
    with serving(create_app(store)) as url:
        for name in MENU:
            checked(desk.page, f"{url}/it/{PAGES[name]['it']}", WIDTHS[:1])


@pytest.mark.browser
def test_everybody_can_use_them_while_the_store_is_away(desk: Desk, tmp_path: Path) -> None:
    """They say of when the data are, and no button that writes works."""
    store = Moody(filled(tmp_path))
    with serving(create_app(store)) as url:
        desk.page.goto(f"{url}/en/{PAGES['introductions']['en']}")
        store.refuses = True
        for name in MENU:
            checked(desk.page, f"{url}/en/{PAGES[name]['en']}", WIDTHS[:1])
            assert "the store is not answering" in desk.page.inner_text("main")
            assert desk.page.locator("main form[method=post] button:not([disabled])").count() == 0
        store.refuses = False
