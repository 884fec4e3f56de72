"""What pages say: the gettext catalogues."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import Markup

from tsi_graph.language import Lang, number

LOCALES = Path(__file__).parents[1] / "locales"


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


def counting(lang: Lang) -> Callable[..., Markup]:
    """The ngettext of the templates: each count in a sentence as its readers write it, 50.000 or 50,000.

    >>> str(counting("en")("%(n)s row", "%(n)s rows", 50_000, n=50_000))
    '50,000 rows'
    """

    class Count(int):
        def __str__(self) -> str:
            return number(int(self), lang)

    def ngettext(one: str, many: str, n: int, /, **given: Any) -> Markup:
        told = {name: Count(value) if isinstance(value, int) else value for name, value in {"num": n, **given}.items()}
        return Markup(spoken(lang).ngettext(one, many, n)) % told

    return ngettext
