"""What pages say: the gettext catalogues."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tsi_graph.language import Lang

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
