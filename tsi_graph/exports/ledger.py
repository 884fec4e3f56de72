"""The ledger as a workbook: three sheets to filter, in which no cell is ever a formula."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tsi_graph.errors import Unusable
from tsi_graph.exports import hand_over
from tsi_graph.exports.tabular import Sheet, book
from tsi_graph.language import Words, filled
from tsi_graph.recommend.ledger.reading import Ledger
from tsi_graph.recommend.ledger.record import Introduction, shown
from tsi_graph.recommend.ledger.words import KINDS, OUTCOMES, STATES

SHEETS: dict[str, Words] = {
    "introductions": ("Presentazioni", "Introductions"),
    "events": ("Eventi", "Events"),
    "marks": ("Tramiti", "Introducers"),
}
HEADINGS: dict[str, Words] = {
    "id": ("Codice", "Id"),
    "state": ("Stato", "State"),
    "since": ("Dal", "Since"),
    "source": ("Chi (codice)", "Who (id)"),
    "source_name": ("Chi", "Who"),
    "target": ("A chi (codice)", "To whom (id)"),
    "target_name": ("A chi", "To whom"),
    "through": ("Attraverso (codici)", "Through (ids)"),
    "through_names": ("Attraverso", "Through"),
    "objective": ("Obiettivo", "Objective"),
    "reasons": ("Perché", "Why"),
    "route": ("Percorso", "Route"),
    "revision": ("Importazione", "Import"),
    "proposed": ("Proposta il", "Proposed on"),
    "accepted": ("Accettata il", "Accepted on"),
    "introducer_agreed": ("Sì di chi presenta", "Yes of the introducer"),
    "both_agreed": ("Sì delle due parti", "Yes of both"),
    "made": ("Fatta il", "Made on"),
    "met": ("Incontro il", "Met on"),
    "outcome": ("Esito", "Outcome"),
    "introduction": ("Presentazione", "Introduction"),
    "number": ("Numero", "Number"),
    "day": ("Giorno", "Day"),
    "kind": ("Che cosa", "What"),
    "text": ("Nota", "Note"),
    "until": ("Fino al", "Until"),
    "undoes": ("Annulla l'evento", "Takes back event"),
    "counts": ("Vale", "Counts"),
    "at": ("Registrato (UTC)", "Recorded (UTC)"),
    "body": ("Chi (codice)", "Who (id)"),
    "name": ("Chi", "Who"),
    "barred": ("Non usare", "Do not use"),
    "yes": ("sì", "yes"),
    "no": ("no", "no"),
}


def workbook(ledger: Ledger, names: Mapping[str, str], lang: str = "it") -> bytes:
    """The introductions with their events, and the marks of introducers, as an XLSX file.

    Headings and words are in the language, the ids beside the names; frozen headings with filters. A text
    that a spreadsheet might take for a formula gets an apostrophe in front (`tabular.book`).
    """
    tables = {
        "introductions": [_introduction(one, names, lang) for one in ledger.introductions],
        "events": [row for one in ledger.introductions for row in _events(one, lang)],
        "marks": [
            {**vars(mark), "name": names.get(mark.body, mark.body), "day": _day(mark.day)} for mark in ledger.marks
        ],
    }
    return book([
        Sheet(
            filled(lang, SHEETS[name]), [filled(lang, HEADINGS[column]) for column in COLUMNS[name]],
            [[_value(row.get(column), lang) for column in COLUMNS[name]] for row in rows],
        )
        for name, rows in tables.items()
    ])  # fmt: skip


def write_workbook(ledger: Ledger, names: Mapping[str, str], path: Path | str, lang: str = "it") -> Path:
    """Writes the workbook, whole or not at all; gives the path. Raises Unusable for another ending than .xlsx."""
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        raise Unusable(f"The ledger is written as .xlsx, not as {path.name!r}.")
    return hand_over(path, lambda: workbook(ledger, names, lang))


COLUMNS: dict[str, tuple[str, ...]] = {
    "introductions": (
        "id", "state", "since", "source_name", "target_name", "through_names", "objective", "reasons", "route",
        "proposed", "accepted", "introducer_agreed", "both_agreed", "made", "met", "outcome",
        "revision", "source", "target", "through",
    ),
    "events": ("introduction", "number", "day", "kind", "outcome", "text", "until", "undoes", "counts", "at"),
    "marks": ("body", "name", "barred", "day", "text", "number", "at"),
}  # fmt: skip


WITH_DAYS = ("proposed", "accepted", "introducer_agreed", "both_agreed", "made", "met", "outcome")
"""The kinds of event that have a column of their own."""


def _introduction(one: Introduction, names: Mapping[str, str], lang: str) -> dict[str, Any]:
    first = {kind: one.last(kind) for kind in WITH_DAYS}
    outcome = first.pop("outcome")
    return {
        **shown(one),
        **{kind: _day(event.day) for kind, event in first.items() if event},
        "state": filled(lang, STATES[one.state]),
        "since": _day(one.since),
        "source_name": names.get(one.source, one.source),
        "target_name": names.get(one.target, one.target),
        "through_names": "\n".join(names.get(i, i) for i in one.through),
        "through": "\n".join(one.through),
        "reasons": "\n".join(one.reasons),
        "route": "\n".join(one.route),
        "outcome": filled(lang, OUTCOMES[outcome.outcome]) if outcome else None,
    }


def _events(one: Introduction, lang: str) -> Iterable[dict[str, Any]]:
    for event in shown(one)["events"]:
        yield {
            **event,
            "introduction": one.id,
            "day": _day(event["day"]),
            "until": _day(event["until"]),
            "kind": filled(lang, KINDS[event["kind"]]),
            "outcome": filled(lang, OUTCOMES[event["outcome"]]) if event["outcome"] else None,
            "undoes": event["undoes"] or None,
        }


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _value(value: Any, lang: str) -> Any:
    return filled(lang, HEADINGS["yes" if value else "no"]) if isinstance(value, bool) else value
