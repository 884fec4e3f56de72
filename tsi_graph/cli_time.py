"""The commands of time: what was said when, how two views differ, where sources disagree, and putting it right."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tsi_graph.cli_options import AsOf, Json, LangOption, Low, StoreOption
from tsi_graph.cli_settings import read_settings
from tsi_graph.console import answer
from tsi_graph.errors import Unusable

if TYPE_CHECKING:
    from tsi_graph.graph import View
    from tsi_graph.settings import Settings


class Level(StrEnum):
    high = "high"
    medium = "medium"
    low = "low"


VIEW = "now, a date, or as_of=DATE,known_at=MOMENT,import=NUMBER,sure=true,confidence=low, any of these"


def history(
    what: Annotated[str, typer.Argument(help="The id of a body, a fact, or the id of a statement.", metavar="ID")],
    lang: LangOption = None,
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """Every statement on a body or a fact: what it says, since when it is known and by which import."""
    from tsi_graph.history import history as found_history
    from tsi_graph.history.words import told_history

    settings = read_settings()
    with settings.open(store) as opened:
        found = found_history(opened, what)
    answer(found, json, lambda: told_history(found, lang or settings.lang))


def compare(
    before: Annotated[str, typer.Option("--from", help=f"The first view: {VIEW}.", metavar="VIEW")],
    after: Annotated[str, typer.Option("--to", help="The second view, written likewise.", metavar="VIEW")] = "now",
    lang: LangOption = None,
    store: StoreOption = None,
    low: Low = False,
    json: Json = False,
) -> None:
    """How two views differ: who came and left, which ties were gained and lost, what is said otherwise."""
    from tsi_graph.history import compare as compared
    from tsi_graph.history import view_of
    from tsi_graph.history.words import told_comparison

    settings = read_settings()
    with settings.open(store) as opened:
        table = opened.statements()
    base = _view(settings, low=low)
    found = compared(table, *(view_of(text, base, table.imports) for text in (before, after)))
    answer(found, json, lambda: told_comparison(found, lang or settings.lang))


def conflicts(
    lang: LangOption = None,
    store: StoreOption = None,
    low: Low = False,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Where sources disagree: each version with its source, which is shown, and why that one."""
    from tsi_graph.history import conflicts as found_conflicts
    from tsi_graph.history.words import told_conflicts

    settings = read_settings()
    with settings.open(store) as opened:
        found = found_conflicts(opened, _view(settings, low=low, as_of=as_of))
    answer(found, json, lambda: told_conflicts(found, lang or settings.lang))


def coverage(
    field: Annotated[
        str | None, typer.Argument(help="One field or relation, node by node. Default: counts of all.")
    ] = None,
    kind: Annotated[str, typer.Option(help="The kind of node: Stakeholder, Project, Network ...")] = "Stakeholder",
    lang: LangOption = None,
    store: StoreOption = None,
    low: Low = False,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """What is known of each field, what is known not to be there, what was asked in vain, what nobody looked for."""
    from tsi_graph.history import coverage as covered
    from tsi_graph.history.words import told_coverage

    settings = read_settings()
    with settings.open(store) as opened:
        found = covered(opened, _view(settings, low=low, as_of=as_of), kind, field)
    answer(found, json, lambda: told_coverage(found, lang or settings.lang))


def correct(
    node: Annotated[str, typer.Argument(help="The id of a body, or of that from which a tie starts.", metavar="ID")],
    words: Annotated[
        list[str] | None,
        typer.Argument(
            help="What is right: FIELD=VALUE; before it, for a tie, its relation and the id at its other end. "
            "`same_as ID`: both are one body, which then stands under that id.",
            metavar="[RELATION ID] [FIELD=VALUE]...",
        ),
    ] = None,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="That there is such a body or tie is wrong: withdraw it.")
    ] = False,
    origin: Annotated[str, typer.Option(help="The page or document that says so.")] = "",
    confidence: Annotated[Level, typer.Option(help="How sure that is.")] = Level.high,
    note: Annotated[str, typer.Option(help="Why, for whoever reads the history.")] = "",
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it without asking. Without a terminal it is not done.")
    ] = False,
    lang: LangOption = None,
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """Put right what is shown, by hand: it says what it will do and asks. It stands against every file, and
    `tsi undo` takes it back."""
    from tsi_graph.fields import CONFIDENCE
    from tsi_graph.history import correct as corrected
    from tsi_graph.history import plan_correction
    from tsi_graph.history.words import told_correction, word

    settings = read_settings()
    language = str(lang or settings.lang)
    relation, target, fields = _said(words or [])
    with settings.open(store) as opened:
        found = plan_correction(
            opened, node, relation, target,
            fields=fields, withdraw=withdraw, origin=origin, confidence=CONFIDENCE[confidence.value],
        )  # fmt: skip
        asks = not yes and not json and sys.stdin.isatty()
        if asks:
            typer.echo(told_correction(found.shown(), language))
        if yes or (asks and typer.confirm("Lo faccio?" if language == "it" else "Do it?")):
            found = corrected(opened, found, note)
    shown = found.shown()
    left = "" if found.number else f"\n{word('not done', language)}"
    answer(shown, json, lambda: told_correction(shown, language) + left)


def _said(words: list[str]) -> tuple[str, str, dict[str, str]]:
    """The relation and the other end, if there are any, and the fields."""
    ends = words[:2] if words and "=" not in words[0] else []
    pairs = [word.partition("=") for word in words[len(ends) :]]
    wrong = [key for key, given, _ in pairs if not given]
    names = [key.strip() for key, *_ in pairs]
    if len(set(names)) < len(names):
        raise Unusable(f"Each field once: {', '.join(names)}.")
    if len(ends) == 1 or wrong:
        raise Unusable("A correction is written ID FIELD=VALUE ..., or ID RELATION ID FIELD=VALUE ...")
    relation, target = ends or ("", "")
    return relation, target, {key.strip(): value for key, _, value in pairs}


def _view(settings: Settings, *, low: bool, as_of: str | None = None) -> View:
    return settings.view(low=low, as_of=as_of, membership=True)
