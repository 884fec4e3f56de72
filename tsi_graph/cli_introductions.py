"""The commands of the ledger: what was proposed, what came of it, who introduces."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tsi_graph.cli_options import Json, Lang, LangOption, StoreOption
from tsi_graph.console import answer

if TYPE_CHECKING:
    from tsi_graph.graph import Graph
    from tsi_graph.recommend.ledger.record import Introduction
    from tsi_graph.store import Store

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


class State(StrEnum):
    proposed = "proposed"
    snoozed = "snoozed"
    accepted = "accepted"
    declined = "declined"
    made = "made"
    met = "met"
    outcome = "outcome"
    withdrawn = "withdrawn"


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
Since = Annotated[
    str | None, typer.Option(help="Only those to which something happened on that day or later.", metavar="DATE")
]


def introductions(
    state: Annotated[State | None, typer.Option(help="Only those in this state. Default: all but withdrawn.")] = None,
    introducer: Annotated[str | None, typer.Option(help="Only those through this organisation.", metavar="ID")] = None,
    objective: Annotated[str | None, typer.Option(help="Only those for this objective.")] = None,
    stakeholder: Annotated[str | None, typer.Option(help="Only those of this organisation.", metavar="ID")] = None,
    since: Since = None,
    export: Annotated[
        Path | None,
        typer.Option(help="Write them to an Excel workbook instead; unfiltered all.", metavar="FILE.xlsx"),
    ] = None,
    stalled: Annotated[
        int | None, typer.Option(min=0, help="Only those that nobody moved on for more than so many days.")
    ] = None,
    summary: Annotated[bool, typer.Option("--summary", help="The ledger in figures instead; on its own.")] = False,
    uplift: Annotated[
        bool,
        typer.Option("--uplift", help="Whether introducing helped: accepted ones beside similar pairs; on its own."),
    ] = False,
    lang: LangOption = None,
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """The ledger: who was introduced to whom, through whom, in which state, and what happened."""
    from tsi_graph.errors import Unusable
    from tsi_graph.recommend.ledger import words
    from tsi_graph.recommend.ledger.reading import Filters, chosen, narrowed, read_ledger
    from tsi_graph.recommend.ledger.reading import summary as in_figures
    from tsi_graph.recommend.ledger.record import shown
    from tsi_graph.recommend.ledger.uplift import uplift as measured

    language = _language(lang)
    filters = Filters(state.value if state else None, introducer, objective, stakeholder, since, stalled)
    some = filters != Filters()
    if (uplift or summary) and (export or some or (uplift and summary)):
        raise Unusable("--uplift looks at the whole ledger and answers in words or --json: no filter, no --export.")
    with _open(store) as opened:
        ledger, graph = read_ledger(opened), _graph(opened)
        if summary:
            figures = in_figures(ledger)
            answer(figures, json, lambda: words.told_summary(figures, language))
            return
        if uplift:
            found = measured(opened, graph)
            answer(found, json, lambda: words.told_uplift(found, language))
            return
    if export:
        from tsi_graph.exports.ledger import write_workbook

        written = write_workbook(narrowed(ledger, filters), words.names(graph, language), export, language)
        answer({"path": str(written), "bytes": written.stat().st_size}, json, lambda: f"{written} written")
        return
    rows = chosen(ledger, filters)
    answer(
        [shown(one) for one in rows],
        json,
        lambda: words.told_all(rows, words.names(graph, language), language, filtered=some),
    )


def introducers(
    since: Annotated[
        str | None, typer.Option(help="Count requests from this day on. Default: this month.", metavar="DATE")
    ] = None,
    lang: LangOption = None,
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """Who introduces: how often each was asked, how it went, and who is not to be used as an introducer."""
    from tsi_graph.recommend.ledger import words
    from tsi_graph.recommend.ledger.reading import introducers as found
    from tsi_graph.recommend.ledger.reading import read_ledger

    language = _language(lang)
    with _open(store) as opened:
        rows, graph = found(read_ledger(opened), since), _graph(opened)
    answer(rows, json, lambda: words.told_introducers(rows, words.names(graph, language), language))


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

    language = _language(lang)
    with _open(store) as opened:
        graph = _graph(opened)
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

    with _open(store) as opened:
        found = letters_of(_graph(opened), one_of(read_ledger(opened), which), _language(lang))
    texts = [one for one in found if step in (None, one.step)]
    answer(texts, json, lambda: "\n\n---\n\n".join(one.whole for one in texts))


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
    from tsi_graph.recommend.ledger import words
    from tsi_graph.recommend.ledger.writing import mark
    from tsi_graph.recommend.sentences import filled

    language = _language(lang)
    with _open(store) as opened:
        made, names = mark(opened, body, barred=not again, day=day, text=text), words.names(_graph(opened), language)
    sentence = words.SENTENCES["unmarked" if again else "marked"]
    answer(made, json, lambda: filled(language, sentence, name=names.get(body, body)))


def _record(
    which: str, said: dict[str, object], seen: int | None, lang: Lang | None, store: str | None, json: bool
) -> None:
    from tsi_graph.recommend.ledger.writing import Happening, record

    with _open(store) as opened:
        made = record(opened, which, Happening(**said), seen=seen)  # type: ignore[arg-type]
        graph = _graph(opened)
    _answer(made, graph, _language(lang), json=json)


def _answer(made: Introduction, graph: Graph, lang: str, *, json: bool) -> None:
    from tsi_graph.recommend.ledger.record import shown
    from tsi_graph.recommend.ledger.words import names, told

    answer(shown(made), json, lambda: told(made, names(graph, lang), lang))


def _open(store: str | None) -> Store:
    from tsi_graph.settings import Settings

    return Settings.read().open(store)


def _language(lang: Lang | None) -> str:
    from tsi_graph.settings import Settings

    return str(lang or Settings.read().lang)


def _graph(store: Store) -> Graph:
    from tsi_graph.graph import load_graph
    from tsi_graph.settings import Settings

    return load_graph(store, Settings.read().documented())
