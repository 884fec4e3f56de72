"""Saved views over HTTP: what cannot be is refused in words, one broken file hides no other, a logo is seen."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import limits
from api.app import create_app
from tests.api.test_errors import assert_problem
from tests.browser import browsing, serving
from tsi_graph.exports.views import PRESETS, SavedView, save
from tsi_graph.settings import Settings
from tsi_graph.store import open_store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "views"


@pytest.fixture
def views(at: str, folder: Path) -> Iterator[TestClient]:
    """Over the starter data, with a folder of views of the test's own."""
    app = create_app(open_store(at), Settings(store=at, views=folder))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"title": "x"}, "title"), ({"title": None}, "title"), ({"lead": 3}, "lead"), ({"title": {"de": "x"}}, "title"),
        ({"as_of": "2020-13"}, "as_of"), ({"as_of": "2021-02-29"}, "as_of"), ({"between": "id"}, "no groups"),
        ({"logo": "image/png;base64,AAAA"}, "logo"),
    ],
)  # fmt: skip
def test_what_no_view_can_say_is_refused_when_it_is_saved(
    views: TestClient, folder: Path, given: dict[str, Any], words: str
) -> None:
    answer = views.put("/v1/views/mine", json=given)
    assert_problem(answer)
    assert (answer.status_code, words in answer.json()["detail"]) == (422, True)
    assert not folder.exists()


@pytest.mark.parametrize("text", ["{", '{"name": "broken", "as_of": "2020-13"}', '{"name": "board-report"}'])
def test_one_broken_file_is_named_in_the_list_and_hides_no_other(views: TestClient, folder: Path, text: str) -> None:
    save(SavedView(name="mine", title={"it": "La mia"}), folder)
    (folder / "broken.json").write_text(text)
    answer = views.get("/v1/views", params={"lang": "it"})
    assert answer.status_code == 200
    listed = {one["name"]: one for one in answer.json()}
    assert list(listed) == [*PRESETS, "broken", "mine"]
    assert listed["broken"]["fault"].startswith("broken.json, ")
    assert listed["mine"] == {"name": "mine", "title": "La mia", "preset": False}
    assert views.get("/v1/views/broken").status_code == 422


def test_places_make_a_preset_no_other_one(views: TestClient, folder: Path) -> None:
    from tsi_graph.exports.views import Places

    places = Places(nodes=(("a", 0.0, 0.0, 0, 0),))
    save(PRESETS["board-report"].model_copy(update={"places": places}), folder)
    assert views.get("/v1/views").json()[0]["preset"] is True


def test_the_map_of_a_view_is_the_same_from_either_address(views: TestClient) -> None:
    params = {"view": "who-funds-what", "lang": "it"}
    one, other = (
        views.get("/v1/exports/map.json", params=params),
        views.get("/v1/views/who-funds-what/map.json?lang=it"),
    )
    assert one.content == other.content
    assert 0 < len(one.json()["nodes"]) < len(views.get("/v1/exports/map.json").json()["nodes"])


@pytest.mark.parametrize("said", [{"as_of": "2015"}, {"low": "true", "promoters": "true"}, {"everything": "true"}])
def test_what_a_view_says_is_not_said_beside_it(views: TestClient, said: dict[str, str]) -> None:
    """And where a route could not listen to it, it is not described."""
    for path, view in (
        ("/v1/exports/map.json", {"view": "who-funds-what"}), ("/v1/exports/sectors.svg", {"view": "who-funds-what"}),
        ("/v1/views/who-funds-what/map.json", {}),
    ):  # fmt: skip
        answer = views.get(path, params={**said, **view})
        assert_problem(answer)
        assert (answer.status_code, f"{', '.join(said)}: the view" in answer.json()["detail"]) == (422, True)
    described = views.get("/openapi.json").json()["paths"]["/v1/views/{name}/map.{suffix}"]["get"]["parameters"]
    assert {one["name"] for one in described if one["in"] != "header"} == {"name", "suffix", "lang"}


def test_a_map_that_has_no_room_is_refused_before_it_is_worked_out(
    views: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tsi_graph.exports import editions, html, picture
    from tsi_graph.exports import views as saved_views

    for module in (html, picture):
        monkeypatch.setattr(module, "MOST", 3)
    for module in (editions, saved_views):
        monkeypatch.delattr(module, "scale")
        monkeypatch.delattr(module, "placed")
    for start in ("/v1/exports/map", "/v1/views/board-report/map"):
        for form in ("html", "svg", "png", "pdf"):
            answer = views.get(f"{start}.{form}")
            assert answer.status_code == 422, (start, form)  # and not a fault: neither measured nor laid out
            assert "at most 3" in answer.json()["detail"]


def test_the_logo_of_a_picture_is_seen_in_a_browser(
    at: str, folder: Path, chromium: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A browser that honours the policy of the picture shows what the picture carries within."""
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (90, 22), (255, 0, 255)).save(out, "PNG")
    save(SavedView(name="mine", logo=f"data:image/png;base64,{b64encode(out.getvalue()).decode()}"), folder)
    monkeypatch.setattr(limits, "SECONDS", 120.0)  # what is asked here is no matter of time
    app = create_app(open_store(at), Settings(store=at, views=folder, rate="", rate_address=""))
    with serving(app) as url, browsing(chromium) as page:
        answer = page.goto(f"{url}/v1/views/mine/map.svg", timeout=120_000)
        assert answer is not None
        assert answer.status == 200
        shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
    colours = shot.getcolors(1_000_000) or []
    assert sum(n for n, colour in colours if colour == (255, 0, 255)) > 500
