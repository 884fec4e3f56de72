"""`tsi query`: an analyst's own Cypher, or one of the ready questions."""

from __future__ import annotations

import json as parser
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tsi_graph.cli_options import Json, StoreOption
from tsi_graph.cli_settings import read_settings
from tsi_graph.console import answer
from tsi_graph.errors import NotFound, Unusable

if TYPE_CHECKING:
    import pandas as pd

WIDEST = 60
"""Letters of a cell that a reader sees; --json has them all."""


def query(
    what: Annotated[
        str | None,
        typer.Argument(
            help="A file of Cypher, - for standard input, or the name of a ready question. Default: list these.",
            metavar="[FILE|NAME]",
        ),
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Argument(
            help="Values of its $parameters; numbers, true, false, null and lists as in JSON, the rest is text.",
            metavar="[KEY=VALUE]...",
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many rows, at most.")] = 10_000,
    seconds: Annotated[float, typer.Option(min=0.1, max=3600, help="How long it may take.")] = 30.0,
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """A question of your own to the store, in Cypher: it can read and nothing else."""
    if what is None:
        known = questions()
        answer(known, json, lambda: "\n".join(f"{name}: {meaning}" for name, meaning in known.items()))
        return

    text, given = text_of(what), dict(map(_pair, values or []))
    with read_settings().open(store) as opened, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # said in the answer
        table = opened.cypher(text, limit=limit, seconds=seconds, **given)
    answer({"rows": table, "truncated": table.attrs["truncated"]}, json, lambda: _told(table))


def questions() -> dict[str, str]:
    """What a row of each ready question is, by its name: the first line of its file in cypher/questions."""
    return {path.stem: path.read_text(encoding="utf-8").partition("\n")[0].lstrip("/ ") for path in _ready()}


def text_of(what: str) -> str:
    """The text of a file, of standard input (-), or of a ready question. Raises NotFound."""
    if what == "-":
        return sys.stdin.read()
    ready = {path.stem: path for path in _ready()}
    path = Path(what)
    if not path.is_file():
        if what not in ready:
            raise NotFound(f"No file and no ready question {what!r}. Ready: {', '.join(ready)}.")
        path = ready[what]
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise Unusable(f"{what} cannot be read as text: {fault}.") from fault


def _ready() -> list[Path]:
    from tsi_graph.store import queries

    return sorted((queries.FOLDER / "questions").glob("*.cypher"))


def _pair(text: str) -> tuple[str, Any]:
    key, separator, value = text.partition("=")
    if not separator or not key:
        raise Unusable(f"A parameter is written KEY=VALUE, as id=socialfare; not {text!r}.")
    try:
        return key, parser.loads(value)
    except ValueError:
        return key, value


def _told(table: pd.DataFrame) -> str:
    if table.empty:
        return "no rows"
    text = table.to_string(index=False, na_rep="-", max_colwidth=WIDEST)
    cut = "\n".join([text, "", f"The first {len(table):,} rows; there are more: --limit"])
    return cut if table.attrs["truncated"] else text
