"""What all pages share: their language, how a template becomes an answer, and the message after a write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tsi_graph.deliveries.words import field
from tsi_graph.exports.bodies import NETWORKS, SECTORS
from tsi_graph.exports.html import MOST
from tsi_graph.language import LANGS, Lang, filled, long_date, month, number, since, until
from tsi_graph.model import EDGE_KINDS

from .addresses import MENU, PAGES, address, elsewhere
from .words import counting, spoken

TEMPLATES = Path(__file__).parents[1] / "templates"
SHAPES = {
    "square": "M2 2h16v16H2z",
    "diamond": "M10 1l9 9-9 9-9-9z",
    "triangle": "M10 2l9 16H1z",
    "hexagon": "M5.5 2h9l4.5 8-4.5 8h-9L1 10z",
    "star": "M10 1l2.6 6 6.4.6-4.8 4.2 1.4 6.3-5.6-3.3-5.6 3.3 1.4-6.3L1 7.6l6.4-.6z",
}
"""The shapes of marks as paths; a dot is a circle."""


def page_lang(request: Request) -> Lang:
    """The language that the address names."""
    return "en" if request.url.path.startswith("/en/") else "it"


PageLang = Annotated[Lang, Depends(page_lang)]


def page(router: APIRouter, name: str, rest: str = "", method: str = "GET") -> Callable[[Any], Any]:
    """Answer at the address of a page in both languages: `/it/reti/{id}`, `/en/networks/{id}`."""

    def register(function: Any) -> Any:
        for lang in LANGS:
            at = f"/{lang}/{PAGES[name][lang]}{rest}"
            router.add_api_route(at, function, methods=[method], include_in_schema=False, response_model=None)
        return function

    return register


def render(request: Request, template: str, status: int = 200, /, **given: Any) -> HTMLResponse:
    """A page from its template, in the language of its address."""
    lang, stale = page_lang(request), _stale(request)
    common = {
        "request": request,
        "lang": lang,
        "url": partial(address, lang),
        "other_url": elsewhere(request.url.path, request.url.query)
        if request.url.path[:4] in ("/it/", "/en/")
        else "/",
        "menu": [one for one in MENU if one != "import" or getattr(request.state, "may_admin", True)],
        "settings": request.app.state.settings,
        "stale": stale,
        "signed_in": getattr(request.state, "signed_in", ""),
        "may_admin": getattr(request.state, "may_admin", True) and not stale,
        "may_write": getattr(request.state, "may_write", True) and not stale,
    }
    return HTMLResponse(environment(lang).get_template(template).render({**common, **given}), status)


def _stale(request: Request) -> str | None:
    """Of which day the data are while the store is away; this request may have been the first to notice."""
    seen = request.app.state.last.stale
    return seen.date().isoformat() if seen else getattr(request.state, "stale", None)


def see_other(lang: Lang, name: str, *parts: str, done: str, **query: Any) -> RedirectResponse:
    """The answer to a write: a page that says what was done, with the focus on it.

    done is a word that the page knows, with what it is about: `accepted:48003febb49f`; never a text.
    """
    return RedirectResponse(address(lang, name, *parts, fragment="done", done=done, **query), 303)


@cache
def environment(lang: Lang) -> Environment:
    """The templates in one language. Everything is escaped; what is missing is a fault, not a blank."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    found.install_gettext_translations(spoken(lang), newstyle=True)  # type: ignore[attr-defined]
    found.filters |= {
        "number": partial(number, lang=lang), "day": partial(long_date, lang=lang), "month": partial(month, lang=lang),
        "since": partial(since, lang=lang), "until": partial(until, lang=lang), "site": site,
        "relation": partial(of_relation, lang=lang), "sector": partial(of_words, SECTORS, lang=lang),
        "scope": partial(of_words, NETWORKS, lang=lang), "field": partial(field, lang=lang),
    }  # fmt: skip
    found.globals |= {"ngettext": counting(lang), "shapes": SHAPES, "map_most": MOST}
    return found


def of_relation(kind: str, lang: Lang) -> str:
    """How a kind of tie reads: aderisce a."""
    return filled(lang, EDGE_KINDS[kind].reads) if kind in EDGE_KINDS else kind


def of_words(table: Mapping[str, tuple[str, str]], value: str, lang: Lang) -> str:
    """A word of ours as readers know it."""
    return filled(lang, table[value]) if value in table else value


def site(origin: str) -> str:
    """The host of a source, which is how a page names it; what is no web address stands as it is.

    >>> site("https://www.torinosocialimpact.it/news/"), site("Statuto 2019")
    ('torinosocialimpact.it', 'Statuto 2019')
    """
    parts = urlsplit(origin)
    return parts.netloc.removeprefix("www.") if parts.scheme in ("http", "https") else origin
