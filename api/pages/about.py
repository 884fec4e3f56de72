"""The first address, and the two pages that say how things are done: how numbers are computed, accessibility."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from tsi_graph.analysis import METRICS

from ..deps import SettingsDep, accepted
from .addresses import address
from .desk import PageLang, page, render

router = APIRouter()


@router.get("/", include_in_schema=False)
def home(request: Request, settings: SettingsDep) -> RedirectResponse:
    lang = accepted(request.headers.get("accept-language", "")) or settings.lang
    return RedirectResponse(address(lang, "month"), headers={"vary": "accept-language"})


@page(router, "method")
def method(request: Request, lang: PageLang) -> HTMLResponse:
    cards = [(name, metric.says(lang), metric.card(lang)) for name, metric in METRICS.items()]
    return render(request, "method.html", here="method", cards=cards)


@page(router, "accessibility")
def accessibility(request: Request, lang: PageLang) -> HTMLResponse:
    return render(request, "accessibility.html", here="accessibility")
