"""What pages say: gettext catalogues, and numbers and dates as readers of the language write them."""

from __future__ import annotations

from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from .addresses import Lang

LOCALES = Path(__file__).parents[1] / "locales"
_PATTERNS = {"it": ("d MMMM y", "MMM y"), "en": ("d MMMM y", "MMM y")}


@cache
def spoken(lang: Lang) -> NullTranslations:
    """The catalogue of a language. English is what the texts are written in."""
    file = LOCALES / lang / "LC_MESSAGES" / "desk.po"
    if lang == "en":
        return NullTranslations()
    with file.open("rb") as source:
        catalogue = read_po(source, locale=lang)
    packed = BytesIO()
    write_mo(packed, catalogue)
    packed.seek(0)
    return GNUTranslations(packed)


def number(value: float, lang: Lang) -> str:
    """A number, to three digits after the comma at most.

    >>> number(1804, "it"), number(0.25, "en")
    ('1.804', '0.25')
    """
    return str(format_decimal(value, locale=lang))


def day(value: str | date | None, lang: Lang) -> str:
    """A date as precise as it is known; blank where there is none.

    >>> day("2017-11-30", "it"), day("2017-11", "en"), day("2017", "it"), day(None, "it")
    ('30 novembre 2017', 'Nov 2017', '2017', '')
    """
    if not value:
        return ""
    text = value.isoformat() if isinstance(value, date) else value
    if len(text) < 7:
        return text
    whole, month = _PATTERNS[lang]
    return str(
        format_date(
            date.fromisoformat(text if len(text) > 7 else f"{text}-01"), whole if len(text) > 7 else month, locale=lang
        )
    )


def since(value: str | date, lang: Lang) -> str:
    """Since a date, with the preposition that Italian puts before it.

    >>> since("2026-11-08", "it"), since("2026-10-20", "it"), since("2017-11", "it"), since("2017", "it")
    ("dall'8 novembre 2026", 'dal 20 ottobre 2026', 'da nov 2017', 'dal 2017')
    """
    told = day(value, lang)
    return f"since {told}" if lang == "en" else _before(told, ("dall'", "dal ", "da "))


def until(value: str | date, lang: Lang) -> str:
    """Until a date, likewise.

    >>> until("2026-11-11", "it"), until("2026-10-01", "it"), until("2017-11", "it"), until("2017", "en")
    ("fino all'11 novembre 2026", 'fino al 1 ottobre 2026', 'fino a nov 2017', 'until 2017')
    """
    told = day(value, lang)
    return f"until {told}" if lang == "en" else _before(told, ("fino all'", "fino al ", "fino a "))


def _before(told: str, prepositions: tuple[str, str, str]) -> str:
    """The preposition that fits: elided before eight and eleven, without article before a month."""
    first = told.split(" ")[0]
    return prepositions[0 if first in ("8", "11") else 1 if first.isdigit() else 2] + told


def month(value: date, lang: Lang) -> str:
    """A month and its year.

    >>> month(date(2026, 11, 2), "it")
    'novembre 2026'
    """
    return str(format_date(value, "MMMM y", locale=lang))
