"""`tsi store`: check the store, back it up, put a backup back."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tsi_graph.console import answer, working
from tsi_graph.errors import Refused

if TYPE_CHECKING:
    from tsi_graph.settings import Settings
    from tsi_graph.store.backup import Content
    from tsi_graph.store.check import Checked

store = typer.Typer(no_args_is_help=True, help="The store itself: is it whole, save it, put it back.")


class Lang(StrEnum):
    it = "it"
    en = "en"


StoreOption = Annotated[
    str | None,
    typer.Option("--store", help="A folder, or neo4j://host. Default: TSI_STORE, else tsi.db here.", metavar="STORE"),
]
Json = Annotated[bool, typer.Option("--json", help="JSON on standard output, and nothing else there.")]
LangOption = Annotated[Lang | None, typer.Option("--lang", help="Italian or English. Default: TSI_LANG, else it.")]
File = Annotated[Path, typer.Argument(help="One line a record; packed if its name ends with .gz.")]


@store.command()
def check(where: StoreOption = None, lang: LangOption = None, json: Json = False) -> None:
    """Is the store what was written to it? Counts, hash, graph beside statements, loose ends. Exit code 3 if not."""
    settings = _settings()
    with settings.open(where) as opened, working("Checking"):
        found = opened.check()
    report = {**vars(found), "whole": found.whole, "findings": [vars(one) for one in found.findings]}
    answer(report, json, lambda: _told(found, str(lang or settings.lang)))
    if not found.whole:
        raise typer.Exit(3)


@store.command()
def backup(
    file: File,
    damaged: Annotated[
        bool, typer.Option("--damaged", help="Also from a damaged store: what is left of it, and say how much.")
    ] = False,
    where: StoreOption = None,
    lang: LangOption = None,
    json: Json = False,
) -> None:
    """Save all of the store into one file: imports, statements and ledger. The same contents give the same bytes."""
    settings = _settings()
    with settings.open(where) as opened, working(f"Writing {file}"):
        counts = opened.backup(file, damaged=damaged)
    answer({"file": str(file), **counts}, json, lambda: _counted(counts, str(lang or settings.lang)))


store.command("export", help="The same as backup, by the name that version control knows it under.")(backup)


@store.command()
def restore(
    file: File,
    replace: Annotated[bool, typer.Option("--replace", help="In the place of what the store holds.")] = False,
    where: StoreOption = None,
    lang: LangOption = None,
    json: Json = False,
) -> None:
    """Put a backup into an empty store, of either engine; the file is checked from end to end first."""
    settings = _settings()
    with settings.open(where) as opened, working(f"Reading {file}"):
        counts = opened.restore(file, replace=replace, vouch=ledger_is_sound)
    answer({"file": str(file), **counts}, json, lambda: _counted(counts, str(lang or settings.lang)))


def ledger_is_sound(content: Content) -> None:
    """Raises Refused for a ledger whose events do not follow from each other."""
    from tsi_graph.recommend.ledger.reading import as_introduction
    from tsi_graph.recommend.ledger.record import KINDS, broken, course, identity

    events: dict[str, list[dict[str, object]]] = {row["id"]: [] for row in content.introductions}
    for row in content.events:
        events[row["introduction"]].append({k: v for k, v in row.items() if k not in ("introduction", "request")})
    for row in content.introductions:
        one = as_introduction({**{k: v for k, v in row.items() if k != "pair"}, "events": events[row["id"]]})
        sound = one.events and {event.kind for event in one.events} <= set(KINDS) and broken(course(one.events)) is None
        named = row["pair"] == "|".join(one.pair) and one.id == identity(*one.pair, one.nth)
        if not sound or not named or [e.number for e in one.events] != list(range(1, len(one.events) + 1)):
            raise Refused(f"Introduction {one.id[:40]!r} in this file is none that the ledger could hold.")


WORDS = {
    "it": ("importazioni", "affermazioni", "presentazioni", "eventi", "note sui presentatori"),
    "en": ("imports", "statements", "introductions", "events", "marks of introducers"),
}


def _counted(counts: dict[str, int], lang: str) -> str:
    return ", ".join(f"{n:,} {word}" for n, word in zip(counts.values(), WORDS[lang], strict=True))


def _told(found: Checked, lang: str) -> str:
    italian = lang == "it"
    lines = [_counted(found.counts, lang)] if found.counts else []
    if found.graph:
        nodes, ties = found.graph.values()
        lines.append(f"{nodes:,} nodi, {ties:,} legami" if italian else f"{nodes:,} nodes, {ties:,} ties")
        lines.append(f"{'impronta' if italian else 'hash'} {found.hash}")
    if found.under_way:
        n = found.under_way
        lines.append(f"{n} importazioni in corso o interrotte" if italian else f"{n} imports under way or broken off")
    if not found.kept:
        lines.append(NOT_KEPT[lang])
    if found.whole:
        return "\n".join([*lines, "Il magazzino è integro." if italian else "The store is whole."])
    lines.append("Il magazzino è danneggiato:" if italian else "The store is damaged:")
    return "\n".join([*lines, *(f"- {one.sentence(lang)}" for one in found.findings), ADVICE[lang]])


NOT_KEPT = {
    "it": "Di una versione precedente: conteggi e impronta si conservano dalla prossima scrittura.",
    "en": "Of an earlier version: counts and hash are kept from the next writing on.",
}
ADVICE = {
    "it": "Rimedio: `tsi store restore FILE --replace` con l'ultima copia; senza copia, prima "
    "`tsi store backup FILE --damaged`, che salva ciò che resta.",
    "en": "What helps: `tsi store restore FILE --replace` with the last backup; without one, first "
    "`tsi store backup FILE --damaged`, which saves what is left.",
}


def _settings() -> Settings:
    from tsi_graph.settings import Settings

    return Settings.read()
