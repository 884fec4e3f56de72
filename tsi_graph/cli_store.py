"""`tsi store`: check the store, back it up, put a backup back, bring an old one to this version."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tsi_graph.cli_options import Json, LangOption, StoreOption
from tsi_graph.cli_settings import read_settings
from tsi_graph.console import answer, working

if TYPE_CHECKING:
    from tsi_graph.store.backup import Saved
    from tsi_graph.store.check import Checked
    from tsi_graph.store.migrations import Migration

store = typer.Typer(no_args_is_help=True, help="The store itself: is it whole, save it, put it back.")


File = Annotated[Path, typer.Argument(help="One line a record; packed if its name ends with .gz.")]


@store.command()
def check(where: StoreOption = None, lang: LangOption = None, json: Json = False) -> None:
    """Is the store what was written to it? Counts, hash, graph beside statements, loose ends. Exit code 3 if not."""
    settings = read_settings()
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
        bool,
        typer.Option(
            "--damaged",
            help="Also from a damaged store: what can be read, into a new file; exit code 3 if something is missing.",
        ),
    ] = False,
    where: StoreOption = None,
    lang: LangOption = None,
    json: Json = False,
) -> None:
    """Save all of the store into one file: imports, statements and ledger. The same contents give the same bytes."""
    settings = read_settings()
    with settings.open(where) as opened, working(f"Writing {file}"):
        counts = opened.backup(file, damaged=damaged)
    report = {"file": str(file), **counts}
    if counts.missing is not None:
        report["missing"] = vars(counts.missing)
    answer(report, json, lambda: _saved(counts, str(lang or settings.lang)))
    if counts.missing:
        raise typer.Exit(3)


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
    from tsi_graph.recommend.ledger.sound import ledger_is_sound

    settings = read_settings()
    with settings.open(where) as opened, working(f"Reading {file}"):
        counts = opened.restore(file, replace=replace, vouch=ledger_is_sound)
    answer({"file": str(file), **counts}, json, lambda: _counted(counts, str(lang or settings.lang)))


@store.command()
def migrate(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would take.")] = False,
    where: StoreOption = None,
    lang: LangOption = None,
    json: Json = False,
) -> None:
    """Bring a store of an earlier version to this one. Whatever writes does it too; again, it does nothing."""
    settings = read_settings()
    with settings.open(where) as opened:
        lacking = opened.migrate(dry_run=dry_run)
    rows = [{"version": one.version, "name": one.name, "statements": list(one.statements)} for one in lacking]
    report = {"applied": not dry_run, "migrations": rows}
    answer(report, json, lambda: _migrated(lacking, dry_run, str(lang or settings.lang)))


def _counted(counts: dict[str, int], lang: str) -> str:
    from tsi_graph.store.words import counted

    return counted(counts, lang)


def _saved(counts: Saved, lang: str) -> str:
    from tsi_graph.store.words import counted, missing

    lacking = missing(counts.missing, lang) if counts.missing is not None else []
    return "\n".join([counted(counts, lang), *lacking])


def _told(found: Checked, lang: str) -> str:
    from tsi_graph.store.words import counted, sentence

    lines = [counted(found.counts, lang)] if found.counts else []
    if found.graph:
        lines += [sentence("graph", lang, **found.graph), sentence("hash", lang, hash=found.hash)]
    if found.under_way:
        lines.append(sentence("under_way", lang, n=found.under_way))
    if found.counts and not found.kept:
        lines.append(sentence("not_kept", lang))
    if found.whole:
        return "\n".join([*lines, sentence("whole", lang)])
    told = (f"- {one.sentence(lang)}" for one in found.findings)
    return "\n".join([*lines, sentence("damaged", lang), *told, sentence("advice", lang)])


def _migrated(lacking: list[Migration], dry_run: bool, lang: str) -> str:
    from tsi_graph.store.words import sentence

    if not lacking:
        return sentence("current", lang)
    named = ({"version": f"{one.version:04}", "name": one.name, "n": len(one.statements)} for one in lacking)
    lines = [sentence("migration", lang, **one) for one in named]
    return "\n".join([*lines, sentence("to_apply" if dry_run else "applied", lang)])
