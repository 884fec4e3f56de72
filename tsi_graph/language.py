"""Words, names, numbers and dates as readers of Italian and of English write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from math import floor, log10
from typing import Literal, get_args

from tsi_graph.dates import OPEN

Lang = Literal["it", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)
Words = tuple[str, str]
"""The same in each of LANGS."""
LISTED = 4
"""How many names a sentence lists in full."""

_LEGAL = re.compile(
    r"[,\s]+(s\.?r\.?l\.?|s\.?p\.?a\.?|s\.?c\.?s?\.?|onlus|ets|aps|odv|soc(ietà)? coop(erativa)?( sociale)?)\.?$", re.I
)
_SORT = re.compile(r"(?i)\b(group|gruppo di lavoro|gruppo)$")
_GENERIC = re.compile(
    r"^(società cooperativa( sociale)?|cooperativa sociale|associazione( di promozione sociale)?|consorzio)\s+", re.I
)
_HANGING = re.compile(
    r"(\s+(e|ed|o|di|a|da|in|con|su|per|fra|tra|il|lo|la|i|gli|le|del|dello|della|dei|degli|delle|al|alla|ai|dal|dalla|"
    r"nel|nella|sul|sulla|and|or|of|for|the|to|on))+$", re.I
)  # fmt: skip
"""Small words that say nothing at the end of a name that is cut."""


def filled(lang: str, words: Words, **values: object) -> str:
    """Words given in each language, in one of them, their blanks filled."""
    return words[LANGS.index(lang)].format(**values)


def listed(lang: str, names: Sequence[str]) -> str:
    """Names in a row; past LISTED the first three and how many others. Before an e, Italian says "ed".

    >>> listed("it", ["a", "b", "c", "d", "e"]), listed("it", ["Torino", "Europa"]), listed("en", ["a", "e"])
    ('a, b, c e altri 2', 'Torino ed Europa', 'a and e')
    """
    if len(names) > LISTED:
        others = filled(lang, ("altri {n}", "{n} others"), n=len(names) - LISTED + 1)
        names = [*names[: LISTED - 1], others]
    if len(names) < 2:
        return "".join(names)
    joint = filled(lang, ("ed" if names[-1][:1].casefold() in ("e", "è", "é") else "e", "and"))
    return f"{', '.join(names[:-1])} {joint} {names[-1]}"


def short(name: str, limit: int = 40) -> str:
    """A name as people say it: its first part, no brackets, no legal form; the end is cut only as a last resort.

    A first part that is a sort of thing, as `working group`, is no name.

    >>> short("SocialFare - Centro per l'Innovazione Sociale"), short("Avanzi (Milano) SpA")
    ('SocialFare', 'Avanzi')
    """
    first = re.split(r"\s[-–]\s|\s/\s", name)[0]
    if _SORT.search(first):  # it says what one is, and the rest which
        first = name
    out = _LEGAL.sub("", re.sub(r"\s*\([^()]*\)", "", first)).strip() or name
    if len(out) > limit:
        out = _GENERIC.sub("", out)
    if len(out) > limit:
        out = _HANGING.sub("", out[: limit - 1].rsplit(" ", 1)[0]).rstrip(" ,'’") + "…"
    return out


def number(value: float, lang: str, digits: int | None = None) -> str:
    """A number with so many digits after the mark; by default as it stands, with six at most.

    >>> number(1804, "it"), number(0.25, "it"), number(1234.56, "en", 1), number(2, "it", 2)
    ('1.804', '0,25', '1,234.6', '2,00')
    """
    written = f"{value:,.{6 if digits is None else digits}f}"
    return marked(written.rstrip("0").rstrip(".") if digits is None else written, lang)


def figures(value: float, lang: str, count: int = 2) -> str:
    """A number with so many digits that count, and all those before the mark.

    >>> figures(0.4567, "it"), figures(0.0123, "en"), figures(12.3, "en"), figures(0, "en")
    ('0,46', '0.012', '12', '0.00')
    """
    return number(value, lang, count if value == 0 else max(0, count - 1 - floor(log10(abs(value)))))


def marked(written: str, lang: str) -> str:
    """Numbers that Python wrote, with the marks of a language.

    >>> marked("+1,222.2%", "it"), marked("0.45", "en")
    ('+1.222,2%', '0.45')
    """
    return written.translate(str.maketrans(",.", ".,")) if lang == "it" else written


def long_date(value: str | date | None, lang: str) -> str:
    """A date as precise as it is known; blank where there is none.

    >>> long_date("2017-11-30", "it"), long_date("2017-11", "en"), long_date("2017", "it"), long_date(None, "it")
    ('30 novembre 2017', 'November 2017', '2017', '')
    """
    return _date(value, "wide", lang)


def short_date(value: str | date | None, lang: str) -> str:
    """The same with the month in few letters, for tables and lists.

    >>> short_date("2026-11-29", "it"), short_date("2026-11", "en"), short_date("2026", "it")
    ('29 nov 2026', 'Nov 2026', '2026')
    """
    return _date(value, "abbreviated", lang)


def month(value: date, lang: str) -> str:
    """A month and its year.

    >>> month(date(2026, 11, 2), "it")
    'novembre 2026'
    """
    return long_date(f"{value:%Y-%m}", lang)


def month_name(which: int, lang: str, width: Literal["wide", "abbreviated"] = "wide") -> str:
    """The name of a month, from 1, as it stands in a date.

    >>> month_name(1, "it"), month_name(1, "en", "abbreviated")
    ('gennaio', 'Jan')
    """
    from babel.dates import get_month_names

    return str(get_month_names(width, locale=lang)[which])


def since(value: str | date, lang: str) -> str:
    """Since a date, with the preposition that Italian puts before it.

    >>> since("2026-11-08", "it"), since("2026-10-20", "it"), since("2017-11", "it"), since("2017", "it")
    ("dall'8 novembre 2026", 'dal 20 ottobre 2026', 'da novembre 2017', 'dal 2017')
    """
    return _since(long_date(value, lang), lang)


def until(value: str | date, lang: str) -> str:
    """Until a date, likewise.

    >>> until("2026-11-11", "it"), until("2026-10-01", "it"), until("2017-11", "it"), until("2017", "en")
    ("fino all'11 novembre 2026", 'fino al 1 ottobre 2026', 'fino a novembre 2017', 'until 2017')
    """
    return _until(long_date(value, lang), lang)


def at(value: str | date, lang: str) -> str:
    """On a date, as Italian says of which day data or ties are.

    >>> at("2026-11-08", "it"), at("2026-11-29", "it"), at("2017-11", "it"), at("2017", "it"), at("2017", "en")
    ("all'8 novembre 2026", 'al 29 novembre 2026', 'a novembre 2017', 'al 2017', 'at 2017')
    """
    told = long_date(value, lang)
    return f"at {told}" if lang == "en" else _before(told, ("all'", "al ", "a "))


def spell(start: str, end: str, lang: str) -> str:
    """From when to when something was, as far as it is known; blank where nothing is.

    >>> spell("2019", "2021-06", "it"), spell("2019", "2019-06", "en"), spell("2019-03-02", "", "it")
    ('2019 – giu 2021', 'Jun 2019', 'dal 2 mar 2019')
    >>> spell("2023-11-22", "2023-11-24", "en")
    '22–24 Nov 2023'
    """
    start, end = ("" if day == OPEN else day for day in (start, end))
    first, last = short_date(start, lang), short_date(end, lang)
    if len(start) == len(end) == len("2023-11-22") and start[:7] == end[:7] and start != end:
        return f"{int(start[8:])}–{last}"
    if start and end:
        return last if end.startswith(start) else f"{first} – {last}"
    return _since(first, lang) if start else _until(last, lang) if end else ""


def _date(value: str | date | None, width: Literal["wide", "abbreviated"], lang: str) -> str:
    if not value:
        return ""
    year, *more = (value.isoformat() if isinstance(value, date) else value).split("-")
    named = [month_name(int(one), lang, width) for one in more[:1]]
    return " ".join([*(str(int(day)) for day in more[1:]), *named, year])


def _since(told: str, lang: str) -> str:
    return f"since {told}" if lang == "en" else _before(told, ("dall'", "dal ", "da "))


def _until(told: str, lang: str) -> str:
    return f"until {told}" if lang == "en" else _before(told, ("fino all'", "fino al ", "fino a "))


def _before(told: str, prepositions: tuple[str, str, str]) -> str:
    """The preposition that fits: elided before eight and eleven, without article before a month."""
    first = told.split(" ")[0]
    return prepositions[0 if first in ("8", "11") else 1 if first.isdigit() else 2] + told
