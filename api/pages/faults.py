"""The page that is shown where no other can be: what went wrong, in a sentence, and where to go on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse

from .addresses import PAGES, address
from .desk import page_lang, render
from .words import spoken

Translate = Callable[[str], str]


def page(
    request: Request,
    status: int,
    detail: str,
    headers: Mapping[str, str] | None,
    italian: str = "",
    *,
    absent: bool = False,
) -> HTMLResponse:
    """The page of a fault, in the language of its address. What is said in English alone is marked as such.

    absent: there are no data yet, and the import is where to begin.
    """
    lang = page_lang(request)
    gettext = spoken(lang).gettext
    title, advice = _absent(gettext) if absent else _texts(gettext, status)
    seconds = int((headers or {}).get("retry-after", 0))
    found = render(
        request, "fault.html", status, here="", title=title, absent=absent,
        back=address(lang, "import") if absent else _section(request),
        advice=advice % {"seconds": seconds} if seconds else advice,
        detail=detail if status in (409, 413, 422) else "", italian=italian if status in (409, 413, 422) else "",
    )  # fmt: skip
    found.headers.update(headers or {})
    return found


def _section(request: Request) -> str:
    """The page to which an address belongs; this month's where it belongs to none."""
    lang, part = page_lang(request), [*request.url.path.split("/"), ""][2]
    return address(lang, next((name for name, words in PAGES.items() if words[lang] == part), "month"))


def _absent(gettext: Translate) -> tuple[str, str]:
    return gettext("There are no data yet."), gettext("Begin with an import: a file of organisations is enough.")


def _texts(gettext: Translate, status: int) -> tuple[str, str]:
    """What happened, and what to do."""
    texts = {
        400: (gettext("The request cannot be read."), gettext("Go back and try again.")),
        401: (gettext("This page asks for a key."), gettext("Enter with the key that the coordination team gave you.")),
        403: (
            gettext("This is not for you to do."),
            gettext("Open the page anew here and try again, or ask for more rights."),
        ),
        404: (
            gettext("There is nothing at this address, or you may not see it."),
            gettext("Search for it, or use the menu."),
        ),
        409: (gettext("Somebody changed it before you."), gettext("Nothing of yours was saved.")),
        413: (
            gettext("This is too large."),
            gettext("Nothing was imported. Divide it, or have it imported on the server."),
        ),
        414: (gettext("This address is too long."), gettext("Use the menu, or a shorter search.")),
        422: (gettext("A value cannot be used."), gettext("Go back, mend it and send it again.")),
        429: (gettext("Too many requests."), gettext("Try again in %(seconds)d seconds.")),
        500: (
            gettext("A fault of ours."),
            gettext("Nothing was lost. Try again; if it comes back, tell the coordination team."),
        ),
        503: (gettext("The service is not answering."), gettext("Try again in %(seconds)d seconds. Nothing was lost.")),
    }
    return texts.get(status, texts[500 if status >= 500 else 400])
