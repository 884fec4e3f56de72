"""The commands that look into the ledger: what was proposed, what came of it, who introduces."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tsi_graph.cli_options import Json, LangOption, StoreOption
from tsi_graph.cli_settings import documented, language_of, read_settings
from tsi_graph.console import answer

Since = Annotated[
    str | None, typer.Option(help="Only those to which something happened on that day or later.", metavar="DATE")
]


class State(StrEnum):
    proposed = "proposed"
    snoozed = "snoozed"
    accepted = "accepted"
    declined = "declined"
    made = "made"
    met = "met"
    outcome = "outcome"
    withdrawn = "withdrawn"


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
    from tsi_graph.recommend.ledger.listing import Filters, chosen, narrowed
    from tsi_graph.recommend.ledger.listing import summary as in_figures
    from tsi_graph.recommend.ledger.reading import read_ledger
    from tsi_graph.recommend.ledger.record import shown
    from tsi_graph.recommend.ledger.uplift import uplift as measured

    language = language_of(lang)
    filters = Filters(state.value if state else None, introducer, objective, stakeholder, since, stalled)
    some = filters != Filters()
    if (uplift or summary) and (export or some or (uplift and summary)):
        raise Unusable("--uplift looks at the whole ledger and answers in words or --json: no filter, no --export.")
    with read_settings().open(store) as opened:
        ledger, graph = read_ledger(opened), documented(opened, read_settings())
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
    from tsi_graph.recommend.ledger.listing import introducers as found
    from tsi_graph.recommend.ledger.reading import read_ledger

    language = language_of(lang)
    with read_settings().open(store) as opened:
        rows, graph = found(read_ledger(opened), since), documented(opened, read_settings())
    answer(rows, json, lambda: words.told_introducers(rows, words.names(graph, language), language))
