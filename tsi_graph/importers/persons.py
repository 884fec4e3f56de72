"""What is about people rather than organisations: such columns are told by their headings, addresses by their form."""

from __future__ import annotations

import re

from tsi_graph.fields import plain

WORDS = frozenset({
    "contact", "contacts", "contatto", "contatti", "referente", "referenti", "persona", "person", "cognome", "surname",
    "firstname", "lastname", "email", "mail", "pec", "phone", "telephone", "telefono", "tel", "fax", "cell",
    "cellulare", "mobile", "whatsapp", "presidente", "president", "direttore", "direttrice", "director", "ceo",
    "rappresentante", "representative", "responsabile",
})  # fmt: skip
PHRASES = ("e mail", "first name", "last name", "nome e cognome", "full name")

EMAILS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+", re.ASCII)
TAX_CODES = re.compile(r"\b[A-Za-z]{6}\d{2}[A-EHLMPR-Ta-ehlmpr-t]\d{2}[A-Za-z]\d{3}[A-Za-z]\b", re.ASCII)
"""The tax codes of natural persons; those of bodies are eleven figures."""
# A telephone number needs a country code, or the shape of an Italian mobile or land line: other rows of digits
# may be an amount or a register number.
PHONES = re.compile(
    r"""(?<![\w./-])(?:\+|00(?=[1-9]\d{1,2}[ ./()-]))[1-9]\d{1,2}(?:[ ./()-]{0,2}\d){7,11}(?![\w-])
    | (?<![\w./,-])3[2-9]\d[ ./-]?(?:\d{3}[ ./-]?\d{4}|\d{6})(?![\w-])
    | (?<![\w./,-])0\d{1,3}[ /-]\d{3}[ .-]?\d{2,5}(?![\w-])""",
    re.VERBOSE | re.ASCII,
)


def about_people(heading: str) -> bool:
    """Whether a heading, its signs dropped, names people or how to reach them.

    >>> about_people("referente tecnico"), about_people("e mail"), about_people("personale")
    (True, True, False)
    """
    words = plain(heading)
    return not WORDS.isdisjoint(words.split()) or any(phrase in words for phrase in PHRASES)


def without_addresses(text: str, *, phones: bool) -> tuple[str, int]:
    """The text with each address and tax code of a person, and telephone number, as "…", and how many there were.

    >>> without_addresses("ask ada@example.org or 333 1234567; 18 million since 2017-11-30", phones=True)
    ('ask … or …; 18 million since 2017-11-30', 2)
    """
    text, found = EMAILS.subn("…", text) if "@" in text else (text, 0)
    text, more = TAX_CODES.subn("…", text)
    text, rest = PHONES.subn("…", text) if phones else (text, 0)
    return text, found + more + rest
