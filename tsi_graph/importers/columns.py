"""Which table a file is, and which field of ours each of its columns carries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from tsi_graph.errors import Unusable
from tsi_graph.fields import Headings, plain
from tsi_graph.importers.persons import about_people
from tsi_graph.model import (
    NODE_KINDS,
    Agreement,
    Answer,
    Edge,
    Fund,
    Investor,
    Network,
    Project,
    Record,
    Stakeholder,
    Topic,
)

TABLES: dict[str, type[Record]] = {
    word: record
    for words, record in (
        ("stakeholders stakeholder organisations organizations organizzazioni enti", Stakeholder),
        ("investors investitori", Investor),
        ("projects progetti", Project),
        ("agreements accordi", Agreement),
        ("funds fondi", Fund),
        ("networks reti", Network),
        ("topics temi", Topic),
        ("ties relations legami relazioni", Edge),
        ("answers risposte", Answer),
    )
    for word in words.split()
}
"""The first word of a file's or a sheet's name -> what its rows are."""

RELATION = "relation"
"""The column of a ties table that says which kind of tie a row is."""
RELATION_HEADINGS = ("relation", "relazione", "tipo", "type", "kind", "legame", "tipo relazione", "tipo legame")
ENDS = (("source", "target"), ("from", "to"), ("da", "a"))
"""Pairs of headings that name the two ends of a tie, unless other columns do."""
NOTES = ("istruzioni", "instructions", "elenchi", "lists")
"""Sheets of the template that are there to be read by people."""
REMARKS = ("che cosa non va", "what is wrong", "cosi andrebbe bene", "what would be right")
"""Columns that we add to a workbook which goes back to be mended."""
OURS = ("place", "contact")
"""Fields that no heading fills: we do, from where a row stands and from person columns."""


def words_of(text: str) -> str:
    """A heading or a name as its words, without signs: how both are compared.

    >>> words_of("Città (sede)*"), words_of("P.IVA"), words_of("wikidata_or_ror"), words_of(" € ")
    ('citta sede', 'p iva', 'wikidata or ror', '€')
    """
    return " ".join(re.findall(r"[^\W_]+", plain(text))) or plain(text)


def table_of(name: str) -> type[Record] | None:
    """What the rows of a file or sheet of that name are, if it is a table of ours.

    >>> table_of("projects-other-sources").__name__, table_of("check")
    ('Project', None)
    """
    first, *_ = [*words_of(name).split(), ""]
    return TABLES.get(first.rstrip("0123456789"))


@cache
def fields_by_heading(record: type[Record]) -> dict[str, str]:
    """Every heading that is understood for a kind of record -> its field.

    In a ties table `source` is where a fact comes from; `ENDS` says when it is an end of the tie.
    """
    found: dict[str, str] = {}
    for name, info in record.model_fields.items():
        if name not in OURS:
            aliases = [alias for one in info.metadata if isinstance(one, Headings) for alias in one.names]
            for heading in (name, *aliases):
                found[words_of(heading)] = name
    if record is Edge:
        found |= {words_of(heading): RELATION for heading in RELATION_HEADINGS} | {"source": "origin"}
    return found


@dataclass
class Columns:
    """What to do with each column of a file, by position. `clashes` are pairs of columns for one field."""

    headings: list[str]
    fields: dict[int, str] = field(default_factory=dict)
    persons: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)
    clashes: list[tuple[int, int]] = field(default_factory=list)

    def heading(self, name: str) -> str:
        """The file's own heading of a field, or the field's name where the file has none."""
        return next((self.headings[i] for i, mine in self.fields.items() if mine == name), name)


def known_fields() -> set[str]:
    """Every field that a column may be mapped onto."""
    records: list[type[Record]] = [*NODE_KINDS.values(), Edge, Answer]
    return {name for record in records for name in record.model_fields} - {"place"} | {RELATION}


def match(headings: Sequence[str], record: type[Record], columns: Mapping[str, str]) -> Columns:
    """The columns of a file; `columns` maps headings onto fields and outranks our aliases ("" leaves one out)."""
    strange = sorted(set(columns.values()) - known_fields() - {""})
    if strange:
        raise Unusable(f"There is no field {strange[0]!r}. Known: {', '.join(sorted(known_fields()))}.")
    aliases, mine = fields_by_heading(record), set(record.model_fields) | ({RELATION} if record is Edge else set())
    asked = {words_of(heading): name for heading, name in columns.items() if name in mine or not name}
    plan = Columns([text.strip() or f"column {i}" for i, text in enumerate(headings, 1)])
    words = [words_of(text) for text in headings]
    first: dict[str, int] = {}
    ends = _ends(words, aliases, asked) if record is Edge else {}
    for i, word in enumerate(words):
        name = asked[word] if word in asked else ends.get(word, aliases.get(word, ""))
        if name == "contact" or (word not in asked and not name and about_people(word)):
            plan.persons.append(i)
        elif not name and word in REMARKS:
            continue
        elif not name:
            plan.unknown.append(i)
        elif name in first:
            plan.clashes.append((first[name], i))
        else:
            first[name] = i
            plan.fields[i] = name
    return plan


def _ends(words: Sequence[str], aliases: Mapping[str, str], asked: Mapping[str, str]) -> dict[str, str]:
    """Headings that name the ends of a tie here, though they usually mean a source or a date."""
    named = {asked.get(word, aliases.get(word, "")) for word in words if word not in ("source", "target")}
    if "source" in named:
        return {}
    if "target" in named:
        return {"source": "source"}
    pairs = (pair for pair in ENDS if set(pair) <= set(words) - set(asked))
    return dict(zip(next(pairs, ()), ("source", "target"), strict=False))
