"""Asking a ready question: what stands in its blanks is understood, the answer is a sentence and a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import signature
from typing import Any

from tsi_graph.errors import NotFound, Unusable
from tsi_graph.fields import SECTORS, WORDS, plain
from tsi_graph.graph import Graph
from tsi_graph.importers.names import COMPANY, Names
from tsi_graph.language import Words, filled
from tsi_graph.questions.ready import QUESTIONS, Blank, Column, Question
from tsi_graph.recommend.columns import full_names, of_nodes
from tsi_graph.recommend.ledger.reading import Considered
from tsi_graph.remembered import once_per_graph
from tsi_graph.store import queries

KINDS: dict[Blank, str] = {
    "organisation": "Stakeholder", "network": "Network", "topic": "Topic", "project": "Project", "anybody": "",
}  # fmt: skip
"""Of which kind a body in a blank is; any for the last."""
SECTOR_WORDS: dict[str, Words] = {
    "public body": ("enti pubblici", "public bodies"), "foundation": ("fondazioni", "foundations"),
    "bank": ("banche", "banks"), "investor": ("investitori", "investors"), "university": ("università", "universities"),
    "research": ("enti di ricerca", "research bodies"), "incubator": ("incubatori", "incubators"),
    "cooperative": ("cooperative", "cooperatives"), "association": ("associazioni", "associations"),
    "social enterprise": ("imprese sociali", "social enterprises"), "company": ("imprese", "companies"),
    "other": ("altri enti", "other bodies"),
}  # fmt: skip
LABELS: dict[Blank, Words] = {
    "organisation": ("Organizzazione", "Organisation"), "network": ("Rete", "Network"), "topic": ("Tema", "Topic"),
    "project": ("Progetto", "Project"), "sector": ("Tipo di organizzazione", "Kind of organisation"),
    "city": ("Comune", "City"), "anybody": ("Organizzazione, rete o progetto", "Organisation, network or project"),
}  # fmt: skip
NOTHING: Words = ("Nessuna risposta documentata.", "No documented answer.")


@dataclass(frozen=True)
class Answer:
    """What a question found.

    said: one sentence. columns: name, heading and sort, as they are shown. rows: the table, in whole. drawn: the ids
    of what the picture shows beside what was asked about. add: what to document, where nothing was found. cypher:
    the text that gives the same rows, with its parameters; how: how they were computed, where there is none.
    """

    question: str
    asked: str
    given: dict[str, str]
    said: str
    columns: tuple[dict[str, str], ...]
    rows: tuple[dict[str, Any], ...]
    drawn: tuple[str, ...]
    add: str
    cypher: str
    parameters: dict[str, str]
    how: str
    metric: str

    @property
    def cypher_name(self) -> str:
        return QUESTIONS[self.question].cypher

    @property
    def empty(self) -> bool:
        return not self.rows


def ready(lang: str = "it") -> list[dict[str, Any]]:
    """The questions, each with its sentence and its blanks."""
    return [
        {
            "id": q.id,
            "sentence": blanked(q, lang),
            "blanks": [
                {"name": name, "kind": kind, "label": filled(lang, LABELS[kind])} for name, kind in q.blanks.items()
            ],
            "cypher": q.cypher,
        }
        for q in QUESTIONS.values()
    ]  # fmt: skip


def blanked(q: Question, lang: str) -> str:
    """The sentence with what is asked for in its blanks: Chi aderisce a [rete]?"""
    words = {name: f"[{filled(lang, LABELS[kind]).lower()}]" for name, kind in q.blanks.items()}
    return filled(lang, q.sentence, **words)


def question(name: str) -> Question:
    if name not in QUESTIONS:
        raise NotFound(f"No question {name!r}. Known: {', '.join(QUESTIONS)}.")
    return QUESTIONS[name]


@once_per_graph
def choices(graph: Graph, kind: Blank, lang: str) -> tuple[tuple[str, str], ...]:
    """What may stand in a blank: value and name, by name."""
    if kind == "sector":
        there = set(of_nodes(graph, "sector")[graph.kinds_of("Stakeholder")])
        return tuple((s, filled(lang, SECTOR_WORDS[s])) for s in SECTORS if s in there)
    if kind == "city":
        found = set(of_nodes(graph, "city")[graph.kinds_of("Stakeholder")]) - {""}
        return tuple((city, city) for city in sorted(found, key=plain))
    mine = graph.kinds_of(KINDS[kind]) if KINDS[kind] else ~graph.kinds_of("Topic")
    pairs = zip(graph.nodes["id"][mine], full_names(graph, lang)[mine], strict=True)
    return tuple(sorted(((str(i), str(n)) for i, n in pairs), key=lambda pair: (plain(pair[1]), pair[0])))


def understood(graph: Graph, kind: Blank, text: str, lang: str = "it") -> tuple[str, list[tuple[str, str]]]:
    """The value that a text in a blank means, or blank and those that are very similar: id and name."""
    known = choices(graph, kind, lang)
    if kind in ("sector", "city"):
        flat = plain(text)
        # a word of either language, and in one or many
        words = {plain(w): value for value, name in known for w in (value, name)}
        if kind == "sector":
            words |= {w: s for w, s in WORDS.items() if s in SECTOR_WORDS}
            words |= {plain(w): s for s, both in SECTOR_WORDS.items() for w in both}
        return (words.get(flat, ""), [] if flat in words else [(v, n) for v, n in known][:12])
    names = _names(graph, kind)
    found = names.resolve(text[:200])
    return (found, []) if found else ("", names.similar(text))


@once_per_graph
def _names(graph: Graph, kind: Blank) -> Names:
    pairs = [pair for lang in ("it", "en") for pair in choices(graph, kind, lang)]
    return Names(lambda: pairs)


def ask(
    graph: Graph, name: str, given: Mapping[str, str], lang: str = "it", *, ledger: Considered | None = None
) -> Answer:
    """The answer to a ready question. Blanks take ids or names, and words in either language.

    Raises NotFound for a question or a body that is not there, Unusable for a blank that is missing or not of it.
    """
    q = question(name)
    strange = [key for key in given if key not in q.blanks]
    if strange:
        raise Unusable(f"{name} has no blank {strange[0]!r}. It has: {', '.join(q.blanks)}.")
    values: dict[str, str] = {}
    for key, kind in q.blanks.items():
        if not given.get(key, "").strip():
            raise Unusable(f"{name} asks for {key}: {LABELS[kind][1].lower()}.")
        value, near = understood(graph, kind, given[key].strip(), lang)
        if not value:
            hint = f" Did you mean {', '.join(repr(text) for _, text in near[:3])}?" if near else ""
            raise NotFound(f"{key}: nothing here is called {given[key]!r} ({LABELS[kind][1].lower()}).{hint}")
        values[key] = value
    further: dict[str, Any] = {"ledger": ledger, "lang": lang}
    takes = signature(q.rows).parameters
    table = q.rows(graph, **values, **{key: value for key, value in further.items() if key in takes})
    found = [_plain(row) for row in table.to_dict("records")]
    rows = tuple(_in_language(graph, q, row, lang) for row in found)
    names = {key: _name(graph, q.blanks[key], value, lang) for key, value in values.items()}
    bodies = len({row["id"] for row in rows}) if rows and "id" in rows[0] and q.id != "joins" else len(rows)
    words = (q.one if bodies == 1 else q.many) if rows else NOTHING
    drawn = dict.fromkeys(node for row in found for node in str(row.get(q.drawn, "")).split("|") if node in graph.ids)
    return Answer(
        name, filled(lang, q.sentence, **names), values, filled(lang, words, n=bodies, **names),
        tuple(_column(one, names, lang) for one in q.columns), rows,
        tuple(node for node in drawn if node not in values.values()),
        "" if rows else filled(lang, q.add, **names),
        queries.text(f"questions/{q.cypher}") if q.cypher else "",
        {q.named.get(key, key): value for key, value in values.items()} if q.cypher else {},
        filled(lang, q.how), q.metric,
    )  # fmt: skip


def _column(one: Column, names: Mapping[str, str], lang: str) -> dict[str, str]:
    heading = filled(lang, one.heading, **names)
    return {"name": one.name, "heading": heading, "sort": one.sort, "id": one.id}


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    def value(found: Any) -> Any:
        if found is None or (isinstance(found, float) and found != found):
            return None
        return found.item() if hasattr(found, "item") else found

    return {str(key): value(found) for key, found in row.items()}


def _name(graph: Graph, kind: Blank, value: str, lang: str) -> str:
    if kind in ("sector", "city"):
        return filled(lang, SECTOR_WORDS[value]) if kind == "sector" else value
    return COMPANY.split(_called(graph, value, lang))[0]


def _called(graph: Graph, node: str, lang: str) -> str:
    return str(full_names(graph, lang)[graph.position(node)])


def _in_language(graph: Graph, q: Question, row: dict[str, Any], lang: str) -> dict[str, Any]:
    """A row with the names of its bodies as they are called in the language."""
    said = {
        one.name: _called(graph, row[one.id], lang)
        for one in q.columns
        if one.sort == "body" and row[one.id] in graph.ids
    }
    for one in q.columns:
        if one.sort == "bodies":
            said[one.name] = " → ".join(_called(graph, node, lang) for node in str(row[one.name]).split("|") if node)
    return row | said
