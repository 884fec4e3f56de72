"""Saved views: what a picture shows and how it looks, under a name."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from fastapi import Path as PathParameter
from fastapi.responses import Response

from tsi_graph.exports.views import NAME, SavedView, changed_view, known, named, save

from ..deps import LangDep, SettingsDep, UsualDep, as_seen, seen_alone
from .exports import Suffix, map_of

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
    """The presets and the saved views: name, title, and whether it is as it came; of a file that cannot be read its
    name and why."""
    return known(settings.views, lang)


@router.get("/{name}")
def view_of(request: Request, name: Name, settings: SettingsDep, lang: LangDep) -> dict[str, Any]:
    """What a view leaves in and how it draws, also in words; without the places."""
    found = as_seen(named(name, settings.views), request.state.audience)
    return {**_plain(found), "told": found.told(lang)}


@router.put("/{name}")
def save_view(name: Name, settings: SettingsDep, given: Given) -> dict[str, Any]:
    """Save a view, or change what is given of one that is there; its places stay."""
    found = changed_view(name, settings.views, None, {key: one for key, one in given.items() if key != "places"})
    save(found, settings.views)
    return _plain(found)


@router.get("/{name}/map.{suffix}", response_class=Response)
def picture(
    request: Request, name: Name, suffix: Suffix, usual: UsualDep, settings: SettingsDep, lang: LangDep
) -> Response:
    """The map of a view, in every format of `/v1/exports/map.{suffix}`; the view says all but who may see it."""
    return map_of(request, seen_alone(request, settings, name), usual, lang, suffix)


def _plain(view: SavedView) -> dict[str, Any]:
    return view.model_dump(mode="json", exclude={"places", "logo"})
