"""Marks in the ledger: who is left out as an introducer, which gap is none; and what any writing there needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from tsi_graph.errors import Conflict, NotFound, Unusable
from tsi_graph.fields import normal
from tsi_graph.importers.persons import without_addresses
from tsi_graph.recommend.ledger.gap_marks import stands
from tsi_graph.recommend.ledger.reading import Mark
from tsi_graph.recommend.ledger.record import Event, checked, identity
from tsi_graph.store.base import Transaction, read, read_each
from tsi_graph.store.manifest import enter

if TYPE_CHECKING:
    from tsi_graph.store import Store

LONGEST = 1_000
"""Characters of a note, a reason or a step."""


def mark(store: Store, body: str, *, barred: bool, day: str = "", text: str = "") -> Mark:
    """Leave a body out as an introducer from now on, or take it back in; gives the mark.

    Raises NotFound for a body the graph lacks (one marked before may always be taken back in),
    Conflict where it is so already.
    """

    def fits(tx: Transaction, before: list[Mark]) -> None:
        if not before:
            present(tx, [body])
        if (before[-1].barred if before else False) == barred:
            already = "already left out" if barred else "not left out"
            raise Conflict(f"{body} is {already} as an introducer{f', since {before[-1].day}' if before else ''}.")

    return _mark(store, body, barred, day, text, fits)


def set_aside(store: Store, gap: str, *, aside: bool, day: str = "", text: str = "") -> Mark:
    """Say of a gap, by its key (`gap_marks.key`), that it is none, or that it is one after all; gives the mark.

    It comes back by itself a year after (`gap_marks.aside`). Raises Unusable for one set aside without a reason,
    Conflict where it is so already.
    """
    if aside and not text.strip():
        raise Unusable(
            "A gap is set aside for a reason: say in a line why it is none.",
            "Un vuoto si mette da parte con un motivo: dite in una riga perché non lo è.",
        )

    def fits(tx: Transaction, before: list[Mark]) -> None:
        last = before[-1] if before else None
        if (last is not None and stands(last, date.today())) == aside:
            already = "already set aside" if aside else "not set aside"
            raise Conflict(f"{gap} is {already}{f', since {last.day}' if last else ''}.")

    return _mark(store, gap, aside, day, text, fits)


def _mark(
    store: Store, what: str, barred: bool, day: str, text: str, fits: Callable[[Transaction, list[Mark]], None]
) -> Mark:
    today, note = date.today(), cleaned(text, "text")
    checked(Event(0, "note", day or today.isoformat()), today)

    def work(tx: Transaction) -> Mark:
        before = marks_of(tx, what)
        fits(tx, before)
        made = Mark(what, len(before) + 1, barred, day or today.isoformat(), note, moment())
        enter(tx, "introducer_mark", [{**asdict(made), "id": identity("mark", what, made.number)}])
        return made

    return store.transact(work)


def marks_of(tx: Transaction, body: str) -> list[Mark]:
    return [Mark(**row) for row in read(tx, "introducer_marks_of", body=body)]


def present(tx: Transaction, ids: list[str]) -> dict[str, str]:
    kinds = {row["id"]: row["kind"] for row in read_each(tx, "present", "ids", sorted(filter(str.isprintable, {*ids})))}
    lacking = [body for body in ids if body not in kinds]
    if lacking:
        raise NotFound(
            f"Nothing in the graph has the id {lacking[0][:80]!r}.",
            f"Fra i dati nessuno ha il codice {lacking[0][:80]!r}.",
        )
    return kinds


def cleaned(text: str, name: str, longest: int = LONGEST) -> str:
    """A text in the one form that is kept, without addresses and telephone numbers of people."""
    try:
        kept: str = without_addresses(normal(text), phones=True)[0]
    except ValueError as fault:
        raise Unusable(f"{name}: {fault}.") from fault
    if len(kept) > longest:
        raise Unusable(
            f"{name} has at most {longest} characters, not {len(kept)}.",
            f"Il testo è troppo lungo: al massimo {longest} caratteri, non {len(kept)}.",
        )
    return kept


def moment() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
