"""What is wrong with a cell and what would be right, in short sentences in Italian or English."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date as day_of
from functools import cache
from typing import Literal

from tsi_graph.batch import Problem
from tsi_graph.dates import date
from tsi_graph.fields import SCOPES, SECTORS, WORDS, plain
from tsi_graph.importers.names import Names
from tsi_graph.importers.tabular import iso
from tsi_graph.language import Words, filled, month_name
from tsi_graph.model import EDGE_KINDS, RELATIONS

LEVELS: dict[str, Words] = {"high": ("alta", "high"), "medium": ("media", "medium"), "low": ("bassa", "low")}
Choice = Literal["relation", "sector", "scope", "confidence", "text"]

# Each message of the readers and of the store by what it begins with or holds, and what a page says for it. The
# readers' own texts are longer: they stand alone on a terminal.
SAID: tuple[tuple[str, str, str], ...] = (
    (r"nothing with this (?:id|name) is in", "Non è fra le organizzazioni.", "Not among the organisations."),
    (r"^relation is one of", "Non è nell'elenco delle relazioni.", "Not in the list of relations."),
    (r"^sector is one of", "Non è nell'elenco dei tipi.", "Not in the list of kinds."),
    (r"^scope is one of", "Non è nell'elenco degli ambiti.", "Not in the list of scopes."),
    (r"^confidence is one of", "Non è nell'elenco delle attendibilità.", "Not in the list of confidences."),
    (r"^there is no such month", "Il mese non esiste: vanno da 1 a 12.",
     "There is no such month: they go from 1 to 12."),
    (r"^a date is written", "Non è una data che sappiamo leggere.", "Not a date that we can read."),
    (r"it ends \(", "Finisce prima di iniziare.", "It ends before it starts."),
    (r"it was seen \(", "È stato visto fuori dalle sue date.", "It was seen outside its dates."),
    (r"^(?:an amount|a weight|a number)", "Non è un numero che sappiamo leggere.", "Not a number that we can read."),
    (r"is missing: every row", "Manca, e ogni riga deve averlo.", "Missing, and every row needs it."),
    (r"^an id is one word", "Un codice è una parola sola, senza spazi.", "An id is one word, without spaces."),
    (r"leads back to its start", "Un legame unisce due organizzazioni diverse.", "A tie joins two different bodies."),
    (r"^a name has at most ([\d,]+)", "Il nome è troppo lungo: al massimo {0} caratteri.",
     "The name is too long: at most {0} characters."),
    (r"^a formula stands here", "Era una formula senza risultato: scrivete il valore.",
     "It was a formula without a result: write the value."),
    (r"^a source is a web", "Una fonte è una pagina (https://…) o un testo semplice, non un programma o un file.",
     "A source is a page (https://…) or plain text, not a program or a file."),
    (r"^a site is a web", "Un sito è un indirizzo web.", "A site is a web address."),
    (r"^a text has at most", "Il testo è troppo lungo.", "The text is too long."),
    (r"control characters", "Ci sono segni che non si vedono.", "There are signs that cannot be seen."),
    (r"row (\d+) with other contents", "La riga {0} dice il contrario.", "Row {0} says the opposite."),
    (r"row (\d+) gives this id", "La riga {0} dà questo codice a un'altra cosa.",
     "Row {0} gives this id to another thing."),
    (r"this id is already a", "Questo codice è già di un'altra cosa.", "This id already belongs to another thing."),
    (r"(?:starts from|points to) a", "Questa relazione non va fra due cose di questo tipo.",
     "This relation does not join two things of these kinds."),
    (r"^this row has (\d+) cells", "La riga ha {0} celle, non quante le intestazioni.",
     "The row has {0} cells, not as many as there are headings."),
    (r"^no column for (\w+)", "Manca una colonna: {0}.", "A column is missing: {0}."),
    (r"^this column and", "Due colonne dicono la stessa cosa: tenetene una.", "Two columns mean the same: keep one."),
    (r"^no table of ours",
     "Il foglio non ha un nome che conosciamo: Legami, Organizzazioni, Progetti, Reti, Fondi, Temi.",
     "The sheet has no name that we know: Ties, Organisations, Projects, Networks, Funds, Topics."),
    (r"^nothing in it", "Il foglio è vuoto.", "The sheet is empty."),
    (r"^no sheet holds", "Il file è vuoto.", "The file is empty."),
    (r"quotation mark|longer than 131,072", "Le virgolette non si chiudono: da qui in poi il file non si legge.",
     "A quotation does not close: from here on the file cannot be read."),
    (r"^this is a field", "Non è un campo né una relazione.", "Neither a field nor a relation."),
)  # fmt: skip
NEAR = (
    "Non è fra le organizzazioni. Ce n'è una molto simile.",
    "Not among the organisations. There is a very similar one.",
)


@dataclass(frozen=True)
class Fault:
    """wrong: a sentence. right: what would be right, as it is shown. fixes: what to write; one, or several to choose.

    choice says from which list to choose where no fix is offered, or besides.
    """

    wrong: str
    right: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()
    choice: Choice = "text"


def fault_of(problem: Problem, field: str, names: Names, lang: str, *, similar: bool = True) -> Fault:
    """What a page says of a problem in the column of a field; similar: look for names like one that is unknown."""
    english = lang == "en"
    value, message = problem.value, problem.message
    if "nothing with this" in message:
        near = names.similar(value) if similar else []
        shown = tuple(name for _, name in near)
        # two bodies may be called alike: then only the id tells which
        fixes = tuple(name if names.resolve(name) == node else node for node, name in near)
        return Fault(NEAR[english] if near else _said(message, english), shown, fixes)
    if message.startswith("a formula stands here"):
        return Fault(_said(message, english))
    if field == "relation":
        return _of_list(value, _relations(lang), _said(message, english), "relation")
    if message.startswith("no table of ours") and problem.file.lower().endswith((".csv", ".tsv")):
        return Fault(_unnamed(english))
    if message.startswith("there is no such day"):
        return _day(value, lang)
    if message.startswith("a date is written"):
        written = iso(value)
        fixes = (written,) if written != value and _is_date(written) else ()
        return Fault(_said(message, english), fixes or ("2021, 2021-11, 2021-11-30",), fixes)
    if message.startswith(("a source is a web", "a site is a web")):
        return Fault(_said(message, english), ("https://www.example.org",))
    if field == "sector":
        return _of_list(value, choices("sector", lang), _said(message, english), "sector")
    if field == "scope":
        return _of_list(value, choices("scope", lang), _said(message, english), "scope")
    if field == "confidence":
        return _of_list(value, choices("confidence", lang), _said(message, english), "confidence")
    return Fault(_said(message, english))


def _unnamed(english: bool) -> str:
    """What to do with a CSV whose name is no table's, and whose headings do not tell either."""
    if english:
        return (
            "Name the file organisations.csv, ties.csv, projects.csv, networks.csv, funds.csv or topics.csv: "
            "its name says what its rows are."
        )
    return (
        "Chiamate il file organizzazioni.csv, legami.csv, progetti.csv, reti.csv, fondi.csv o temi.csv: "
        "il nome dice che cosa sono le sue righe."
    )


def _said(message: str, english: bool) -> str:
    for pattern, *said in SAID:
        if found := re.search(pattern, message):
            return said[english].format(*found.groups())
    return message


def _day(value: str, lang: str) -> Fault:
    """{Month} has {n} days; its last day, or the month alone, would be right."""
    year, month = map(int, iso(value).split("-")[:2])
    last = calendar.monthrange(year, month)[1]
    wrong = filled(lang, ("{m} ha {n} giorni.", "{m} has {n} days."), m=month_name(month, lang).capitalize(), n=last)
    whole = day_of(year, month, last)
    fixes = (whole.isoformat(), f"{year:04}-{month:02}")
    written = f"{whole:%d/%m/%Y}" if "/" in value else fixes[0]
    return Fault(wrong, (written, fixes[1]), fixes)


def _is_date(text: str) -> bool:
    try:
        return bool(date(text))
    except ValueError:
        return False


def _of_list(value: str, words: tuple[str, ...], wrong: str, choice: Choice) -> Fault:
    nearest = _nearest(value, words, choice)
    return Fault(wrong, (nearest,) if nearest else words[:4], (nearest,) if nearest else (), choice)


def _nearest(value: str, words: tuple[str, ...], choice: Choice) -> str:
    """The word of the list that a value most likely means, or nothing."""
    from rapidfuzz import fuzz, process

    known: dict[str, str] = dict(zip(map(plain, words), words, strict=True))
    if choice == "relation":
        italian = set(words) == set(_relations("it"))
        known |= {word: EDGE_KINDS[kind].reads[0 if italian else 1] for word, kind in RELATIONS.items()}
    elif choice == "sector":
        shown = dict(zip(SECTORS, words, strict=True))
        known |= {word: shown[ours] for word, ours in WORDS.items() if ours in shown} | shown
    found = process.extractOne(plain(value[:100]), list(known), scorer=fuzz.WRatio, score_cutoff=70)
    return known[found[0]] if found else ""


@cache
def _relations(lang: str) -> tuple[str, ...]:
    return tuple(edge.reads[lang == "en"] for edge in EDGE_KINDS.values())


@cache
def choices(of: Choice, lang: str) -> tuple[str, ...]:
    """The words of a list that may stand in a cell, in the language; none where it may be any text."""
    if of == "relation":
        return _relations(lang)
    if of == "confidence":
        return tuple(words[lang == "en"] for words in LEVELS.values())
    ours = {"sector": SECTORS, "scope": SCOPES}.get(of, ())
    if lang == "en":
        return ours
    italian = {word: text for text, word in reversed(WORDS.items())}
    accents = {"universita": "università"}
    return tuple(accents.get(italian[word], italian[word]) for word in ours)
