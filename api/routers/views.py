"""Saved views: what a picture shows and how it looks, under a name."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from fastapi import Path as PathParameter
from fastapi.responses import Response

from tsi_graph.exports import PICTURES
from tsi_graph.exports.views import NAME, PRESETS, SavedView, changed_view, named, names, pictured, save

from ..deps import LangDep, SettingsDep, ViewDep, as_seen
from .exports import Suffix, as_file, known_ending

router = APIRouter(prefix="/views", tags=["views"])
Name = Annotated[str, PathParameter(pattern=NAME, description="The name of a view.", examples=["board-report"])]
Given = Annotated[
    dict[str, Any],
    Body(
        description="What it says otherwise than now, or than the usual.",
        examples=[{"size": "degree", "between": "sector"}],
    ),
]


@router.get("")
def known_views(settings: SettingsDep, lang: LangDep) -> list[dict[str, Any]]:
    """The presets and the saved views: name, title, and whether it is as it came."""
    found = [named(name, settings.views) for name in names(settings.views)]
    return [
        {"name": one.name, "title": one.title.get(lang) or one.name, "preset": one == PRESETS.get(one.name)}
        for one in found
    ]


@router.get("/{name}")
def view_of(name: Name, settings: SettingsDep, lang: LangDep) -> dict[str, Any]:
    """What a view leaves in and how it draws, also in words; without the places."""
    found = named(name, settings.views)
    return {**_plain(found), "told": found.told(lang)}


@router.put("/{name}")
def save_view(name: Name, settings: SettingsDep, given: Given) -> dict[str, Any]:
    """Save a view, or change what is given of one that is there; its places stay."""
    found = changed_view(name, settings.views, None, {key: one for key, one in given.items() if key != "places"})
    save(found, settings.views)
    return _plain(found)


@router.get("/{name}/map.{suffix}", response_class=Response)
def picture(
    request: Request, name: Name, suffix: Suffix, seen: ViewDep, settings: SettingsDep, lang: LangDep
) -> Response:
    """The map of a view, in every format of `/v1/exports/map.{suffix}`; the view says all but who may see it."""
    ending, saved = known_ending(suffix), as_seen(named(name, settings.views), seen.audience)
    facts = request.app.state.graphs.get(saved.view(seen), folded=False)
    return as_file(ending, *pictured(saved, facts, lang, places=ending in PICTURES))


def _plain(view: SavedView) -> dict[str, Any]:
    return view.model_dump(mode="json", exclude={"places", "logo"})
