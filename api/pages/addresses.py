"""Where each page stands, in each language."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from tsi_graph.language import Lang

PAGES: dict[str, dict[Lang, str]] = {
    "month": {"it": "questo-mese", "en": "this-month"},
    "introductions": {"it": "presentazioni", "en": "introductions"},
    "networks": {"it": "reti", "en": "networks"},
    "gaps": {"it": "vuoti", "en": "gaps"},
    "organisations": {"it": "organizzazioni", "en": "organisations"},
    "questions": {"it": "domande", "en": "questions"},
    "import": {"it": "importa", "en": "import"},
    "data": {"it": "dati", "en": "data"},
    "search": {"it": "cerca", "en": "search"},
    "method": {"it": "come-calcoliamo", "en": "how-we-compute"},
    "accessibility": {"it": "accessibilita", "en": "accessibility"},
    "enter": {"it": "entra", "en": "enter"},
}
"""The first eight are the menu, in its order."""
MENU = tuple(PAGES)[:8]


def address(lang: Lang, page: str, *parts: str, fragment: str = "", **query: Any) -> str:
    """The address of a page; parts are what follows it, blank values of the query are left out.

    >>> address("en", "organisations", "fondazione crt", tie=2, q="")
    '/en/organisations/fondazione%20crt?tie=2'
    """
    path = "/".join(("", lang, PAGES[page][lang], *(quote(part, safe="") for part in parts)))
    asked = urlencode([(key, value) for key, value in query.items() if value not in ("", None)])
    return path + (f"?{asked}" if asked else "") + (f"#{fragment}" if fragment else "")


def other(lang: Lang) -> Lang:
    return "en" if lang == "it" else "it"


def elsewhere(path: str, query: str) -> str:
    """The same page in the other language, with its filters."""
    _, lang, page, *rest = path.split("/")
    into = other("en" if lang == "en" else "it")
    name = next((name for name, words in PAGES.items() if words["en" if lang == "en" else "it"] == page), "month")
    return "/".join(("", into, PAGES[name][into], *(quote(part, safe="") for part in rest))) + (
        f"?{query}" if query else ""
    )
