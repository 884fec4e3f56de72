"""The commands that write in the ledger: propose an introduction, record what came of it, whom to spare."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tsi_graph.cli_options import Json, Lang, LangOption, StoreOption
from tsi_graph.cli_settings import documented, language_of, read_settings
from tsi_graph.console import answer

if TYPE_CHECKING:
    from tsi_graph.graph import Graph
    from tsi_graph.recommend.ledger.record import Introduction

NO_PERSONS = (
    "Texts are notes about organisations: write no names, e-mails or telephone numbers of people "
    "(addresses and numbers are replaced by …)."
)
introduction = typer.Typer(
    no_args_is_help=True, help=f"Propose an introduction, and record what came of it. {NO_PERSONS}"
)


class Answer(StrEnum):
    accepted = "accepted"
    declined = "declined"
    snoozed = "snoozed"


class Outcome(StrEnum):
    joint_project = "joint_project"
    joined = "joined"
    funding = "funding"
    exchange = "exchange"
    nothing = "nothing"


Day = Annotated[str, typer.Option(help="The day it happened, as 2026-11-30. Default: today.", metavar="DAY")]
TextOption = Annotated[str, typer.Option("--text", help="A note; no names, e-mails or telephone numbers of people.")]
Seen = Annotated[int | None, typer.Option(min=1, help="The last event that you saw: refused if somebody wrote since.")]
Which = Annotated[str, typer.Argument(help="The id of the introduction; `tsi introductions` lists them.", metavar="ID")]


@introduction.command()
def propose(
    source: Annotated[str, typer.Argument(help="The id of the one who should meet somebody.")],
    target: Annotated[str, typer.Argument(help="The id of whom it should meet.")],
    through: Annotated[
        list[str] | None,
        typer.Option(help="Who introduces; again for each. Default: as `tsi recommend` says.", metavar="ID"),
    ] = None,
    objective: Annotated[str, typer.Option(help="What it is for, in a word: reach, periphery, gap, topic.")] = "",
    reason: Annotated[
        list[str] | None, typer.Option(help="Why; again for each. Default: as `tsi recommend` says.")
    ] = None,
    then: Annotated[Answer | None, typer.Option(help="What was decided with it, at once.")] = None,
    until: Annotated[str, typer.Option(help="With --then snoozed: until when.", metavar="DAY")] = "",
    day: Day = "",
    text: TextOption = "",
    lang: LangOption = None,
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """Propose an introduction: it enters the ledger with its reasons and the revision of the data."""
    from tsi_graph.recommend.ledger.proposal import proposal
    from tsi_graph.recommend.ledger.reading import considered
    from tsi_graph.recommend.ledger.writing import Happening
    from tsi_graph.recommend.ledger.writing import propose as proposed

    language = language_of(lang)
    with read_settings().open(store) as opened:
        graph = documented(opened, read_settings())
        wanted = proposal(
            graph, considered(opened), source, target,
            through=through, objective=objective, reasons=reason, lang=language,
        )  # fmt: skip
        decided = Happening(then.value, day, text, until=until) if then else None
        first = Happening("proposed", day, "" if then else text)
        made = proposed(opened, wanted, first, then=decided)
    _answer(made, graph, language, json=json)


@introduction.command()
def snooze(
    which: Which,
    until: Annotated[str, typer.Option(help="The day it comes back. Default: the 1st of next month.")] = "",
    day: Day = "",
    text: TextOption = "",
    seen: Seen = None,
    lang: LangOption = None,
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """Put it off: the pair is not proposed again until then."""
    _record(which, {"kind": "snoozed", "until": until, "day": day, "text": text}, seen, lang, store, json)


@introduction.command()
def outcome(
    which: Which,
    what: Annotated[Outcome, typer.Argument(help="What came of it.")],
    day: Day = "",
    text: TextOption = "",
    seen: Seen = None,
    lang: LangOption = None,
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """What came of it; a later one may follow."""
    _record(which, {"kind": "outcome", "outcome": what.value, "day": day, "text": text}, seen, lang, store, json)


@introduction.command("undo")
def take_back(
    which: Which,
    event: Annotated[int | None, typer.Option(min=1, help="Which event, by its number. Default: the last.")] = None,
    text: TextOption = "",
    seen: Seen = None,
    lang: LangOption = None,
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """Take a wrong event back; it stays in the history. Undo the undo's number to bring it back."""
    _record(which, {"kind": "taken_back", "undoes": event or 0, "text": text}, seen, lang, store, json)


def _moving(kind: str, meaning: str) -> Callable[..., None]:
    """A command that records one kind of event."""

    def move(
        which: Which,
        day: Day = "",
        text: TextOption = "",
        seen: Seen = None,
        lang: LangOption = None,
        store: StoreOption = None,
        json: Json = False,
    ) -> None:
        _record(which, {"kind": kind, "day": day, "text": text}, seen, lang, store, json)

    move.__doc__ = meaning
    return move


for _name, _kind, _meaning in (
    ("accept", "accepted", "You go ahead with it: the introducer is asked."),
    ("decline", "declined", "Do not propose this pair again, in either direction, until somebody reopens it."),
    ("introducer-agreed", "introducer_agreed", "The introducer said yes: ask the two."),
    ("both-agreed", "both_agreed", "Both said yes: put them in touch."),
    ("made", "made", "They were put in touch."),
    ("met", "met", "They met."),
    ("note", "note", "A note; the state stays."),
    ("reopen", "reopened", "A declined or snoozed one is open again: accept it, or propose the pair anew."),
):
    introduction.command(_name)(_moving(_kind, _meaning))


@introduction.command()
def letter(
    which: Which,
    step: Annotated[
        int | None,
        typer.Option(min=1, max=3, help="1 to who introduces, 2 to each of the two, 3 to both. Default: all."),
    ] = None,
    lang: LangOption = None,
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """The texts to send: to whoever introduces, to each of the two alone, then to both together."""
    from tsi_graph.exports.letters import letters_of
    from tsi_graph.recommend.ledger.reading import one_of, read_ledger

    with read_settings().open(store) as opened:
        found = letters_of(documented(opened, read_settings()), one_of(read_ledger(opened), which), language_of(lang))
    texts = [one for one in found if step in (None, one.step)]
    shown = (f"! {one.caution}\n\n{one.whole}" if one.caution else one.whole for one in texts)
    answer(texts, json, lambda: "\n\n---\n\n".join(shown))


@introduction.command()
def spare(
    body: Annotated[str, typer.Argument(help="The id of the organisation.")],
    again: Annotated[bool, typer.Option("--again", help="Use it as an introducer again.")] = False,
    day: Day = "",
    text: TextOption = "",
    lang: LangOption = None,
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """Do not use an organisation as an introducer any more, or (--again) lift that."""
    from tsi_graph.language import filled
    from tsi_graph.recommend.ledger import words
    from tsi_graph.recommend.ledger.marking import mark

    language = language_of(lang)
    with read_settings().open(store) as opened:
        made, names = (
            mark(opened, body, barred=not again, day=day, text=text),
            words.names(documented(opened, read_settings()), language),
        )
    sentence = words.SENTENCES["unmarked" if again else "marked"]
    answer(made, json, lambda: filled(language, sentence, name=names.get(body, body)))


def _record(
    which: str, said: dict[str, object], seen: int | None, lang: Lang | None, store: str | None, json: bool
) -> None:
    from tsi_graph.recommend.ledger.writing import Happening, record

    with read_settings().open(store) as opened:
        made = record(opened, which, Happening(**said), seen=seen)  # type: ignore[arg-type]
        graph = documented(opened, read_settings())
    _answer(made, graph, language_of(lang), json=json)


def _answer(made: Introduction, graph: Graph, lang: str, *, json: bool) -> None:
    from tsi_graph.recommend.ledger.record import shown
    from tsi_graph.recommend.ledger.words import names, told

    answer(shown(made), json, lambda: told(made, names(graph, lang), lang))
