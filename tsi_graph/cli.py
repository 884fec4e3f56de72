"""The command line: each command calls one function of the library and shows its answer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tsi_graph import (
    cli_desk,
    cli_export,
    cli_introductions,
    cli_keys,
    cli_ledger,
    cli_metrics,
    cli_query,
    cli_questions,
    cli_recommend,
    cli_reports,
    cli_store,
    cli_time,
    cli_views,
)
from tsi_graph.cli_options import AsOf, Json, LangOption, Low, StoreOption
from tsi_graph.cli_settings import read_settings
from tsi_graph.console import answer, refuse, working
from tsi_graph.errors import NotFound, TsiError, Unusable

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Who is here, who bridges, what is missing, whom to introduce: the network of an impact ecosystem.",
)


def main() -> None:
    """Run a command. Exit codes: 0 done, 1 fault of ours, 2 usage, 3 data invalid, 4 store not reachable, 5 refused,
    6 changed meanwhile or not possible as things stand."""
    try:
        app()
    except TsiError as fault:
        refuse(fault, json="--json" in sys.argv)
        raise SystemExit(fault.exit_code) from None


@app.command()
def demo(
    store: StoreOption = None,
    out: Annotated[Path, typer.Option(help="Where the pictures go.")] = Path("tsi-demo"),
    lang: LangOption = None,
    json: Json = False,
) -> None:
    """Load the Torino starter data and show what the product answers about it."""
    from tsi_graph import demo as shown

    settings = read_settings()
    language = lang or settings.lang
    with settings.open(store) as opened, working("Reading, computing, drawing"):
        found = shown.run(opened, settings.view(), out, language)
    answer(found, json, lambda: shown.text(found, language))


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="A folder of CSV files, one CSV file, or an XLSX workbook.")],
    dataset: Annotated[
        str | None, typer.Option(help="What this source is called, each time. Default: its file name.")
    ] = None,
    complete: Annotated[bool, typer.Option("--complete", help="Withdraw what the dataset no longer says.")] = False,
    keep_good: Annotated[bool, typer.Option("--keep-good", help="Keep the good rows, leave out the others.")] = False,
    persons: Annotated[bool, typer.Option("--persons", help="Keep columns about persons; else they go.")] = False,
    column: Annotated[
        list[str] | None, typer.Option(help="A heading and our field: 'Ente=name'.", metavar="HEADING=FIELD")
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Only say what it would do and what is wrong in which cell.")
    ] = False,
    lang: LangOption = None,
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """Import a delivery: all of it, or nothing and the list of rows to mend. Twice changes nothing. Names of known
    bodies are understood where ids are expected."""
    from tsi_graph import texts
    from tsi_graph.deliveries import held, names_of
    from tsi_graph.exports.tables import plain
    from tsi_graph.importers import read

    columns = dict(_pair(text) for text in column or [])
    name = dataset or (path.resolve().name if path.is_dir() else path.stem)
    if preview:
        for option, given in (("--column", columns), ("--keep-good", keep_good), ("--persons", persons)):
            if given:
                raise Unusable(
                    f"{option} is for an import; a preview says what would come of all rows, without people."
                )
        _previewed(path, name, str(lang or read_settings().lang), store, complete=complete, json=json)
        return
    with read_settings().open(store) as opened, working(f"Importing {path}") as told:
        batch = read(path, columns, persons=persons, names=names_of(held(opened)))
        counts = opened.write(batch, name, complete, partial=keep_good, progress=told)
    said = str(lang or read_settings().lang)
    report = {**plain(counts), "ignored": batch.ignored, "persons": batch.persons, "formulas": plain(batch.formulas)}
    answer(report, json, lambda: texts.imported(counts, batch, said, persons_kept=persons))


app.command()(cli_export.template)


@app.command()
def undo(
    number: Annotated[int | None, typer.Argument(help="The import to take back. Default: the last one.")] = None,
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """Take an import back, as if it had never come."""
    with read_settings().open(store) as opened:
        done = opened.undo(number)
    answer(done, json, lambda: f"import {done.number}: import {done.undoes} taken back; `tsi redo` brings it back")


@app.command()
def redo(store: StoreOption = None, json: Json = False) -> None:
    """Bring back what the last undo took away."""
    with read_settings().open(store) as opened:
        done = opened.redo()
    answer(done, json, lambda: f"import {done.number}: import {done.undoes} taken back, so its import is there again")


@app.command()
def info(store: StoreOption = None, low: Low = False, as_of: AsOf = None, json: Json = False) -> None:
    """What is in the store: counts, coverage, and where sources disagree. Membership of the alliance is counted."""
    from tsi_graph import texts
    from tsi_graph.analysis.summary import described

    settings = read_settings()
    with settings.open(store) as opened:
        found = described(opened.statements(), settings.view(low=low, as_of=as_of))
    answer(found, json, lambda: texts.info(found))


for _command in (
    cli_metrics.metrics, cli_metrics.network, cli_metrics.gaps,
    cli_recommend.recommend, cli_recommend.networks, cli_recommend.evaluate, cli_recommend.portfolio,
    cli_desk.find, cli_desk.show, cli_desk.doors, cli_desk.missing, cli_desk.gap,
    cli_questions.ask, cli_questions.sources, cli_questions.confirm,
    cli_ledger.introductions, cli_ledger.introducers,
    cli_query.query,
    cli_time.history, cli_time.compare, cli_time.conflicts, cli_time.coverage, cli_time.correct,
    cli_export.export,
):  # fmt: skip
    app.command()(_command)
app.add_typer(cli_introductions.introduction, name="introduction")
app.add_typer(cli_keys.keys, name="key")
app.add_typer(cli_store.store, name="store")
app.add_typer(cli_views.view, name="view")
app.add_typer(cli_reports.report, name="report")


@app.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="The address to listen on. Default: TSI_HOST, else 127.0.0.1; others need a key.")
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many processes answer.")] = 1,
    store: StoreOption = None,
) -> None:
    """Offer the same over HTTP: the desk at /, the API at /v1, its description at /docs."""
    import os
    from importlib import import_module
    from importlib.util import find_spec

    from tsi_graph.keys import Keys, asks

    settings = read_settings()
    host = host or settings.host or "127.0.0.1"
    asks(Keys(settings.keys), host)
    os.environ["TSI_HOST"] = host
    if store:
        os.environ["TSI_STORE"] = store
    installed = find_spec("tsi_graph.api") is not None
    server = import_module("tsi_graph.api.server" if installed else "api.server")
    server.run(host, port, workers=workers, metrics_port=read_settings().metrics_port)


def _previewed(path: Path, name: str, lang: str, store: str | None, *, complete: bool, json: bool) -> None:
    from tsi_graph.deliveries import held, preview
    from tsi_graph.deliveries.grid import open_rows, without_people
    from tsi_graph.deliveries.words import told_preview

    if not path.exists():
        raise NotFound(f"There is no file or folder {str(path)!r}.")
    rows, removed = without_people(open_rows(path))
    with read_settings().open(store) as opened:
        found = preview(held(opened), rows, name, removed, [lang], complete=complete)[lang]
    answer(found, json, lambda: told_preview(found, lang))


def _pair(text: str) -> tuple[str, str]:
    heading, separator, field = text.rpartition("=")
    if not separator:
        raise Unusable(f"--column takes a heading and a field, as 'Ente=name'; not {text!r}.")
    return heading, field


if __name__ == "__main__":
    main()
