"""How a cell is read: the words, ids, dates, amounts and texts that a field takes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field

from tsi_graph.dates import date
from tsi_graph.language import Words

CONFIDENCE = {"high": 3, "medium": 2, "low": 1}
LEVELS = {level: word for word, level in CONFIDENCE.items()}

Sector = Literal[
    "public body", "foundation", "bank", "investor", "university", "research", "incubator",
    "cooperative", "association", "social enterprise", "company", "other",
]  # fmt: skip
Scope = Literal["local", "regional", "national", "european", "global"]
Visibility = Literal["public", "members", "team"]
SECTORS: tuple[str, ...] = get_args(Sector)
SCOPES: tuple[str, ...] = get_args(Scope)
VISIBILITIES: tuple[str, ...] = get_args(Visibility)
"""Who may see a node or a tie, the widest audience first."""
FIELDS: dict[str, Words] = {
    "name": ("nome", "name"), "name_it": ("nome italiano", "Italian name"), "city": ("città", "city"),
    "country": ("paese", "country"), "website": ("sito", "site"), "notes": ("note", "notes"),
    "sector": ("che ente è", "sort of body"), "register_id": ("codice di registro", "register id"),
    "instrument": ("strumento", "instrument"), "size": ("dimensione", "size"), "year": ("anno", "year"),
    "scope": ("ambito", "scope"), "join_rules": ("regole di adesione", "joining rules"),
    "members_stated": ("aderenti dichiarati", "declared members"), "form": ("forma", "form"),
    "programme": ("programma", "programme"), "funder": ("ente finanziatore", "funder"),
    "lead": ("capofila", "lead partner"), "budget": ("costo", "budget"), "area": ("territorio", "area"),
    "eu_contribution": ("contributo europeo", "EU contribution"), "scheme": ("schema", "scheme"),
    "kind": ("tipo", "kind"), "weight": ("peso", "weight"), "amount": ("importo", "amount"), "role": ("ruolo", "role"),
    "valid_from": ("inizio", "start"), "valid_to": ("fine", "end"), "seen": ("visto il", "seen on"),
    "origin": ("fonte", "source"), "confidence": ("attendibilità", "confidence"),
    "visibility": ("visibile a", "visible to"),
}  # fmt: skip
"""What the fields of a record are called, in Italian and English."""

# Words that files use for a value of ours, after `plain`.
WORDS = {
    "alta": "high", "media": "medium", "bassa": "low",
    "ente pubblico": "public body", "fondazione": "foundation", "banca": "bank", "investitore": "investor",
    "universita": "university", "ricerca": "research", "ente di ricerca": "research", "incubatore": "incubator",
    "acceleratore": "incubator", "cooperativa": "cooperative", "cooperativa sociale": "cooperative",
    "associazione": "association", "impresa sociale": "social enterprise", "impresa": "company",
    "azienda": "company", "altro": "other",
    "locale": "local", "regionale": "regional", "nazionale": "national", "europea": "european",
    "europeo": "european", "globale": "global", "internazionale": "global", "international": "global",
    "pubblica": "public", "pubblico": "public", "tutti": "public", "aderenti": "members", "soci": "members",
    "gruppo": "team", "coordinamento": "team", "riservata": "team", "riservato": "team",
}  # fmt: skip


def plain(text: str) -> str:
    """Lower case without accents, with single spaces: how words are compared.

    >>> plain(" Università_degli  STUDI ")
    'universita degli studi'
    """
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(text.lower().replace("_", " ").split())


def leads(role: str) -> bool:
    """Whether a role in a project means leading it; cypher/questions/led_on_topic.cypher says the same.

    >>> leads("Lead partner"), leads("Coordinatore"), leads("partner")
    (True, True, False)
    """
    return any(word in role.lower() for word in ("lead", "coordinat", "capofila"))


def normal(value: Any) -> Any:
    """Text in the one form that is kept: composed (NFC), stripped, one kind of line break, nothing invisible.

    Invisible are the signs that turn the direction of writing or join letters; they make two names look one.
    Raises ValueError at control characters.
    """
    if not isinstance(value, str):
        return value
    text = unicodedata.normalize("NFC", value).strip()
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if unicodedata.category(c) != "Cf").strip()
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text):
        raise ValueError("control characters are not allowed")
    return text


def identifier(value: Any) -> Any:
    value = normal(value)
    if isinstance(value, str) and (not value or re.search(r"[|\s]", value) or len(value) > 200):
        raise ValueError("an id is one word without spaces or |, at most 200 characters")
    return value


def source(value: Any) -> Any:
    """Where a fact comes from: a page, or words; no program and no file.

    >>> source("https://a.it/b"), source("Statuto, art. 3"), source("data: 3 marzo")
    ('https://a.it/b', 'Statuto, art. 3', 'data: 3 marzo')
    """
    if isinstance(value, str):
        flat = re.sub(r"[\s\0-\x1f]", "", value).lower()  # browsers pass over them, too
        if re.match(r"(?:javascript|vbscript|blob|about|view-source):|(?!https?://)[a-z][a-z0-9+.-]*://", flat) or (
            re.match(r"\s*data:\S*[,;/]", value, re.IGNORECASE)
        ):
            raise ValueError("a source is a web address that begins with https:// or http://, or plain text")
    return value


def site(value: Any) -> Any:
    """The address of a site, with https:// or without.

    >>> site("www.a.it"), site("a.it:8080/b"), site("https://a.it")
    ('www.a.it', 'a.it:8080/b', 'https://a.it')
    """
    flat = re.sub(r"[\s\0-\x1f]", "", value).lower() if isinstance(value, str) else ""
    if re.match(r"(?!https?://)[a-z][a-z0-9+.-]*:(?!\d)", flat):
        raise ValueError("a site is a web address such as https://www.example.org")
    return value


def amount(value: Any) -> Any:
    """A plain number of euro; thousands and decimals as Italians or English write them are told apart.

    >>> amount("1.600.000,50 €"), amount("1,600"), amount("1.600"), amount("0.125")
    (1600000.5, 1600.0, 1600.0, 0.125)
    """
    if not isinstance(value, str):
        return value
    text = re.sub(r"(?i)euros?|eur|€|\s", "", value)
    if re.fullmatch(r"-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?", text, re.A) or re.fullmatch(r"-?\d+,\d{1,2}", text, re.A):
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", text, re.A):
        text = text.replace(",", "")
    if not re.fullmatch(r"-?\d+(\.\d+)?", text, re.A):
        raise ValueError("an amount is a number such as 1600000 or 1.600.000,50")
    return float(text)


def strength(value: Any) -> Any:
    """A plain number without thousands: unlike money, 1.625 is a weight between 1 and 2."""
    text = value.strip().replace(",", ".") if isinstance(value, str) else value
    if isinstance(text, str) and not re.fullmatch(r"-?\d+(\.\d+)?", text, re.A):
        raise ValueError("a weight is a number such as 1 or 0.5")
    return text


def confidence(value: Any) -> Any:
    word = plain(value) if isinstance(value, str) else value
    word = WORDS.get(word, word) if isinstance(word, str) else word
    if isinstance(word, str) and not word.isdigit():
        if word not in CONFIDENCE:
            raise ValueError(f"confidence is one of: {', '.join(CONFIDENCE)}")
        return CONFIDENCE[word]
    return word


def word(value: Any) -> Any:
    """One of our words, in English or Italian, however it is capitalised."""
    if not isinstance(value, str):
        return value
    flat = plain(value)
    return WORDS.get(flat, flat)


@dataclass(frozen=True)
class Headings:
    """Column headings, besides the field's own name, under which files carry a field."""

    names: tuple[str, ...]


def headings(*names: str) -> Headings:
    return Headings(names)


SectorWord = Annotated[Sector, BeforeValidator(word)]
VisibilityWord = Annotated[Visibility, BeforeValidator(word)]
Text = Annotated[str, BeforeValidator(normal), Field(max_length=10_000)]
Name = Annotated[str, BeforeValidator(normal), Field(max_length=512)]
Source = Annotated[Text, BeforeValidator(source)]
Site = Annotated[Text, BeforeValidator(site)]
Id = Annotated[str, BeforeValidator(identifier)]
Date = Annotated[str, BeforeValidator(date)]
Money = Annotated[float, BeforeValidator(amount), Field(ge=0, lt=1e15)]
Weight = Annotated[float, BeforeValidator(strength), Field(ge=0, lt=1e15)]
Confidence = Annotated[int, BeforeValidator(confidence), Field(ge=1, le=3)]
