"""`tsi store migrate`: bring a store that an earlier version made to this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tsi_graph.console import answer

if TYPE_CHECKING:
    from tsi_graph.store.migrations import Migration


def migrate(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would take.")] = False,
    where: Annotated[
        str | None,
        typer.Option(
            "--store", help="A folder, or neo4j://host. Default: TSI_STORE, else tsi.db here.", metavar="STORE"
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="JSON on standard output, and nothing else there.")] = False,
) -> None:
    """Bring a store of an earlier version to this one. Whatever writes does it too; again, it does nothing."""
    from tsi_graph.settings import Settings

    with Settings.read().open(where) as opened:
        lacking = opened.migrate(dry_run=dry_run)
    rows = [{"version": one.version, "name": one.name, "statements": list(one.statements)} for one in lacking]
    answer({"applied": not dry_run, "migrations": rows}, json, lambda: _told(lacking, dry_run))


def _told(lacking: list[Migration], dry_run: bool) -> str:
    if not lacking:
        return "The store is of this version; there is nothing to do."
    lines = [f"V{one.version:04} {one.name}: {len(one.statements)} statements" for one in lacking]
    return "\n".join([*lines, "To be applied: the same without --dry-run." if dry_run else "Applied."])
