"""`tsi key`: who is let in over HTTP, to do and to see what."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tsi_graph.cli_options import Json
from tsi_graph.cli_settings import read_settings
from tsi_graph.console import answer

if TYPE_CHECKING:
    from tsi_graph.keys import Key, Keys

keys = typer.Typer(no_args_is_help=True, help="Keys to the pages and the API: make one, list them, end one.")


class Scope(StrEnum):
    read = "read"
    propose = "propose"
    admin = "admin"


class Sees(StrEnum):
    public = "public"
    members = "members"
    team = "team"


@keys.command()
def create(
    name: Annotated[str, typer.Argument(help="Who will hold it.")],
    scope: Annotated[
        Scope, typer.Option(help="read; propose: also write in the ledger; admin: also import, correct, undo.")
    ] = Scope.read,
    sees: Annotated[
        Sees | None, typer.Option(help="Whose part of the data it sees. Default: public; team for who writes.")
    ] = None,
    expires: Annotated[int | None, typer.Option(min=1, max=3650, help="After so many days.", metavar="DAYS")] = None,
    json: Json = False,
) -> None:
    """Make a key. It is shown this once: what is kept is a hash, from which it cannot be found."""
    key, secret = _file().create(name, scope.value, sees.value if sees else None, expires)
    ends = f" until {key.expires[:10]}" if key.expires else ""
    told = f"for {key.name}: {key.scope}, sees what is for {key.sees}{ends}. Note it now; nobody can show it again."
    answer({**_shown(key), "key": secret}, json, lambda: f"{secret}\n\n{told}")


@keys.command("list")
def list_(json: Json = False) -> None:
    """The keys there are and were, without what is secret."""
    found = _file().all()
    answer([_shown(key) for key in found], json, lambda: _told(found))


@keys.command()
def revoke(
    ident: Annotated[str, typer.Argument(help="The id of the key, as `tsi key list` shows it.", metavar="ID")],
    json: Json = False,
) -> None:
    """End a key, and every visit by browser that was begun with it, at once."""
    key = _file().revoke(ident)
    answer(_shown(key), json, lambda: f"{key.id} ({key.name}) lets nobody in any more.")


def _file() -> Keys:
    from tsi_graph.keys import Keys

    return Keys(read_settings().keys)


def _shown(key: Key) -> dict[str, Any]:
    return {name: value for name, value in asdict(key).items() if name != "hash"}


def _told(found: list[Key]) -> str:
    rows = [("id", "name", "scope", "sees", "created", "expires", "last used", "revoked")]
    rows += [
        (k.id, k.name, k.scope, k.sees, k.created[:10], k.expires[:10], k.used, k.revoked[:10]) for k in found
    ]  # fmt: skip
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
