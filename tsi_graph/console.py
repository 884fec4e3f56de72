"""What the command line writes: answers on standard output, the rest on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer

from tsi_graph.errors import TsiError


@contextmanager
def working(what: str) -> Iterator[Callable[[int, int], None]]:
    """A line on the terminal while something takes long; nothing where nobody looks.

    Gives a function that is told how much of how much is done; the line then says so.
    """
    seen = sys.stderr.isatty()

    def told(done: int, of: int) -> None:
        if seen and of:
            typer.echo(f"\r{what} ... {100 * done // of} %", nl=done >= of, err=True)

    if seen:
        typer.echo(f"{what} ...", err=True)
    yield told


def answer(value: Any, json: bool, text: Callable[[], str]) -> None:
    """The answer as JSON, or as text for a reader."""
    if json:
        print_json(value)
    else:
        typer.echo(text())


def refuse(fault: TsiError, *, json: bool) -> None:
    """Say what was wrong, row by row where there are rows."""
    problems = getattr(fault, "problems", ())
    for problem in problems:
        typer.echo(str(problem), err=True)
    typer.echo(str(fault), err=True)
    if json:
        print_json({"error": fault.slug, "detail": str(fault), "problems": problems})


def print_json(value: Any) -> None:
    """One JSON document; what is undefined is null."""
    import json

    from tsi_graph.exports.tables import plain

    typer.echo(json.dumps(plain(value), ensure_ascii=False, allow_nan=False, indent=1))
