"""The command line: each command calls one function of the library and shows its answer."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tsi_graph import (
    cli_desk,
    cli_introductions,
    cli_keys,
    cli_query,
    cli_questions,
    cli_reports,
    cli_store,
    cli_time,
    cli_views,
)
from tsi_graph.cli_options import AsOf, Json, LangOption, Low, StoreOption
from tsi_graph.console import answer, refuse, working
from tsi_graph.errors import NotFound, TsiError, Unusable

if TYPE_CHECKING:
    from tsi_graph.graph import Graph
    from tsi_graph.settings import Settings
    from tsi_graph.store import Store

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Who is here, who bridges, what is missing, whom to introduce: the network of an impact ecosystem.",
)


class To(StrEnum):
    network = "network"
    fund = "fund"
    investor = "investor"
    stakeholder = "stakeholder"
    project = "project"
    member = "member"


NoPromoters = Annotated[
    bool, typer.Option("--without-promoters", help="Leave out the promoting bodies, which touch almost everybody.")
]
Explain = Annotated[
    str | None,
    typer.Option(help="The card of a metric: definition, convention, source; `all` for every one.", metavar="NAME"),
]
Limit = Annotated[int, typer.Option(min=1, help="How many, at most.")]
HalfLife = Annotated[
    float,
    typer.Option(min=0.1, max=100, help="Years after which what has ended is worth half; 2 where deals are quick."),
]
Group = Annotated[str, typer.Option(help="The attribute whose groups are compared.")]


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

    settings = _settings()
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
        _previewed(path, name, complete, columns, str(lang or _settings().lang), store, json=json)
        return
    with _settings().open(store) as opened, working(f"Importing {path}") as told:
        batch = read(path, columns, persons=persons, names=names_of(held(opened)))
        counts = opened.write(batch, name, complete, partial=keep_good, progress=told)
    report = {**plain(counts), "ignored": batch.ignored, "persons": batch.persons}
    answer(report, json, lambda: texts.imported(counts, batch, persons_kept=persons))


@app.command()
def template(
    path: Annotated[Path, typer.Argument(help="Where it goes, a name that ends in .xlsx.")],
    lang: LangOption = None,
    json: Json = False,
) -> None:
    """A workbook to fill in: drop-downs for relations, kinds and confidence, an example row; it imports as it is."""
    from tsi_graph.exports import replace_file
    from tsi_graph.exports.delivery import template as made

    if path.suffix.lower() != ".xlsx":
        raise Unusable(f"The template is written as .xlsx, not as {path.name!r}.")
    if not path.parent.is_dir():
        raise NotFound(f"No folder {str(path.parent)!r} to write {path.name} in.")
    content = made(str(lang or _settings().lang))
    replace_file(path, content)
    answer({"path": str(path), "bytes": len(content)}, json, lambda: f"{path} written")


@app.command()
def undo(
    number: Annotated[int | None, typer.Argument(help="The import to take back. Default: the last one.")] = None,
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """Take an import back, as if it had never come."""
    with _settings().open(store) as opened:
        done = opened.undo(number)
    answer(done, json, lambda: f"import {done.number}: import {done.undoes} taken back; `tsi redo` brings it back")


@app.command()
def redo(store: StoreOption = None, json: Json = False) -> None:
    """Bring back what the last undo took away."""
    with _settings().open(store) as opened:
        done = opened.redo()
    answer(done, json, lambda: f"import {done.number}: import {done.undoes} taken back, so its import is there again")


@app.command()
def info(store: StoreOption = None, low: Low = False, as_of: AsOf = None, json: Json = False) -> None:
    """What is in the store: counts, coverage, and where sources disagree. Membership of the alliance is counted."""
    from tsi_graph import texts
    from tsi_graph.analysis.summary import described

    settings = _settings()
    with settings.open(store) as opened:
        found = described(opened.statements(), settings.view(low=low, as_of=as_of))
    answer(found, json, lambda: texts.info(found))


@app.command()
def metrics(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="Which ones, and options of theirs as KEY=VALUE. Default: the usual ones.",
            metavar="[NAME|KEY=VALUE]...",
        ),
    ] = None,
    explain: Explain = None,
    group: Annotated[
        str | None, typer.Option(help="The attribute whose groups brokers stand between. Default: sector.")
    ] = None,
    sort: Annotated[str | None, typer.Option(help="The column to sort by. Default: betweenness, or the first.")] = None,
    limit: Limit = 20,
    uncertainty: Annotated[
        bool, typer.Option("--uncertainty", help="Each rank with its interval, as ties are more or less certain.")
    ] = False,
    file: Annotated[
        Path | None, typer.Option(help="A CSV or Parquet file of ties (source, target, weight) in place of the store.")
    ] = None,
    directed: Annotated[bool, typer.Option("--directed", help="In the file, ties lead from source to target.")] = False,
    lang: LangOption = None,
    store: StoreOption = None,
    low: Low = False,
    as_of: AsOf = None,
    without_promoters: NoPromoters = False,
    json: Json = False,
) -> None:
    """Positions of the organisations, the most prominent first; what they share ties them, membership does not."""
    from tsi_graph import texts
    from tsi_graph.analysis import DRAWN, USUAL, asked, compute, network_for, rank, read_options, uncertain
    from tsi_graph.analysis.uncertainty import USUAL as USUALLY_UNSURE
    from tsi_graph.graph import Graph

    language = str(lang or _settings().lang)
    if explain:
        _explained(explain, language, json)
        return
    of_store = {"--store": store, "--low": low, "--as-of": as_of, "--without-promoters": without_promoters}
    _of_one_source(file, {**of_store, "--uncertainty": uncertainty}, directed=directed)
    named, given = _named(names or [])
    chosen = asked(named or (USUALLY_UNSURE if uncertainty else USUAL))
    takers = [*chosen.values(), *([DRAWN] if uncertainty else [])]
    options = read_options(takers, [*([("group", group)] if group else []), *given])
    graph = Graph.from_file(file, directed=directed) if file else _graph(store, low, as_of, without_promoters)
    if uncertainty:
        table = uncertain(graph, chosen, **options)
    else:
        table = compute(graph if file else network_for(graph, chosen), chosen, **options)
    shown = graph.nodes.set_index("id")[["name"]].join(rank(table, sort).head(limit), how="right")
    answer(shown, json, lambda: texts.metrics(shown, list(chosen), language))


@app.command()
def network(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="Which one, and options of it as KEY=VALUE. Default: overview.", metavar="[NAME] [KEY=VALUE]..."
        ),
    ] = None,
    explain: Explain = None,
    lang: LangOption = None,
    store: StoreOption = None,
    low: Low = False,
    as_of: AsOf = None,
    without_promoters: NoPromoters = False,
    json: Json = False,
) -> None:
    """The network as a whole: how it hangs together, who mixes with whom, who holds it, what a new tie would change."""
    from tsi_graph import texts
    from tsi_graph.analysis import NETWORK_METRICS, measure, network_for, read_options

    language = str(lang or _settings().lang)
    if explain:
        _explained(explain, language, json)
        return
    chosen, given = _named(names or [])
    if len(chosen) > 1:
        raise Unusable(f"One at a time: {', '.join(chosen)}.")
    name = (chosen or ["overview"])[0]
    options = read_options([NETWORK_METRICS[name]], given) if name in NETWORK_METRICS else {}
    table = measure(network_for(_graph(store, low, as_of, without_promoters), [name]), name, **options)
    answer(table, json, lambda: texts.network(table, name, language))


@app.command()
def gaps(
    between: Group = "sector",
    limit: Limit = 20,
    lang: LangOption = None,
    store: StoreOption = None,
    low: Low = False,
    as_of: AsOf = None,
    without_promoters: NoPromoters = False,
    json: Json = False,
) -> None:
    """What is missing: groups that hardly meet, topics without funder or project, organisations without ties."""
    from tsi_graph.analysis import find_gaps
    from tsi_graph.exports.tables import plain
    from tsi_graph.recommend.ledger.gap_marks import key

    found = find_gaps(_graph(store, low, as_of, without_promoters), between)[:limit]
    language = str(lang or _settings().lang)
    rows = [{**plain(gap), "key": key(gap), "sentence": gap.sentence(language)} for gap in found]
    answer(rows, json, lambda: "\n".join(f"- {gap.sentence(language)}" for gap in found))


@app.command()
def recommend(
    stakeholder: Annotated[
        str | None, typer.Argument(help="The id of the organisation. Default: all, briefly.")
    ] = None,
    to: Annotated[To, typer.Option(help="What it should meet.")] = To.network,
    scope: Annotated[
        str | None, typer.Option(help="Networks and their members: local ... global, or international.")
    ] = None,
    ways_to: Annotated[
        str | None, typer.Option(help="Instead, the best ways to this one body, by its id.", metavar="ID")
    ] = None,
    for_network: Annotated[
        str | None,
        typer.Option(help="Instead, whom of the ecosystem this partner network should meet.", metavar="ID"),
    ] = None,
    limit: Limit = 10,
    half_life: HalfLife = 4.0,
    lang: LangOption = None,
    store: StoreOption = None,
    low: Low = False,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Whom an organisation should be introduced to, why, and through whom; what the ledger holds is respected."""
    from tsi_graph.recommend import candidates, considered, silence, told
    from tsi_graph.recommend.ledger.present import recommend_for_network, recommend_now, ways_now
    from tsi_graph.recommend.telling import told_candidates, told_ways

    settings = _settings()
    language = str(lang or settings.lang)
    nobody = "Nessuna proposta." if language == "it" else "Nobody to propose."
    with settings.open(store) as opened:
        graph = _documented(opened, settings, low, as_of)
        if for_network is not None:
            for_it = recommend_for_network(opened, graph, for_network, limit, language, half_life)
            answer(for_it, json, lambda: "\n\n".join(told(one, language) for one in for_it) or nobody)
        elif stakeholder is None:
            taken = considered(opened).taken
            table = candidates(graph, to.value, scope, limit, half_life=half_life, refused=taken)
            answer(table, json, lambda: told_candidates(table, language) or nobody)
        elif ways_to is not None:
            way = ways_now(opened, graph, stakeholder, ways_to, limit, language, half_life)
            answer(way, json, lambda: told_ways(way, language))
        else:
            asked = (graph, stakeholder, to.value, scope)
            found = recommend_now(opened, *asked, limit, language, half_life)
            taken = frozenset() if found else considered(opened).taken
            why = None if found else silence(*asked, language, half_life=half_life, refused=taken)
            answer(found, json, lambda: "\n\n".join(told(one, language) for one in found) or why or nobody)


@app.command()
def networks(
    network: Annotated[str | None, typer.Argument(help="The id of one network, for its ports. Default: all.")] = None,
    scope: Annotated[str | None, typer.Option(help="local ... global, or international.")] = None,
    lang: LangOption = None,
    store: StoreOption = None,
    low: Low = False,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Which networks are reached, through whom, and how much hangs on each of these ports."""
    from tsi_graph.recommend import ports, reached
    from tsi_graph.recommend.telling import told_ports, told_reached

    settings = _settings()
    language = str(lang or settings.lang)
    with settings.open(store) as opened:
        graph = _documented(opened, settings, low, as_of)
    if network is None:
        found = reached(graph, scope, language)
        answer(found, json, lambda: told_reached(found, language))
    else:
        doors = ports(graph, network, language)
        answer(doors, json, lambda: told_ports(doors, language))


@app.command()
def evaluate(
    cut: Annotated[str, typer.Option(help="The day up to which the data are known: 2020, 2020-06 or 2020-06-30.")],
    queries: Annotated[int, typer.Option(min=1, help="How many organisations to ask about, at most.")] = 1500,
    seed: Annotated[int, typer.Option(min=0, help="Which sample of them is drawn.")] = 0,
    months: Annotated[int, typer.Option(min=1, help="How many months after the cut count.")] = 12,
    half_life: HalfLife = 4.0,
    lang: LangOption = None,
    store: StoreOption = None,
    low: Low = False,
    json: Json = False,
) -> None:
    """How well the proposals foresee who meets whom after a day, beside five simple scores; and who gets to be seen."""
    from tsi_graph.recommend import evaluate as evaluated
    from tsi_graph.recommend.evaluation.telling import told_evaluation

    settings = _settings()
    language = str(lang or settings.lang)
    with settings.open(store) as opened:
        graph = _documented(opened, settings, low, None)
    with working("Ranking what was not known yet"):
        found = evaluated(graph, cut, queries=queries, seed=seed, months=months, half_life=half_life)
    answer(found, json, lambda: told_evaluation(found, language))


class Objective(StrEnum):
    reach = "reach"
    periphery = "periphery"
    gap = "gap"
    topic = "topic"


@app.command()
def portfolio(
    objective: Annotated[
        Objective, typer.Option(help="Reach networks, attach the periphery, close a gap of sectors, fund a topic.")
    ] = Objective.reach,
    about: Annotated[
        str | None,
        typer.Option(help="A network or a scope, two sectors as foundation,cooperative, or a topic; by id or name."),
    ] = None,
    size: Annotated[int, typer.Option(min=1, max=50, help="How many introductions, at most.")] = 12,
    per_introducer: Annotated[int, typer.Option(min=1, max=50, help="How many each introducer is asked for.")] = 2,
    per_organisation: Annotated[
        int, typer.Option(min=1, max=50, help="How many each organisation is introduced in.")
    ] = 1,
    per_target: Annotated[int, typer.Option(min=1, max=50, help="How many each network or funder takes part in.")] = 2,
    by_team: Annotated[
        int | None,
        typer.Option(min=0, max=50, help="How many you introduce. Default: as each introducer; all for the periphery."),
    ] = None,
    fair: Annotated[
        float, typer.Option(min=0, max=50, help="How many times its share a group may take; 0 for no such limit.")
    ] = 1.5,
    through_promoters: Annotated[
        bool, typer.Option("--through-promoters", help="The promoters may introduce also where there is another way.")
    ] = False,
    lang: LangOption = None,
    store: StoreOption = None,
    low: Low = False,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """This month's introductions, chosen together: whom to whom, why, through whom, what it brings, second choice."""
    from tsi_graph.recommend.portfolios.month import this_month
    from tsi_graph.recommend.portfolios.telling import told_month

    settings = _settings()
    language = str(lang or settings.lang)
    with settings.open(store) as opened, working("Weighing what could be introduced"):
        graph = _documented(opened, settings, low, as_of)
        month = this_month(
            opened, graph, objective.value, about=about, lang=language, size=size, per_introducer=per_introducer,
            per_organisation=per_organisation, per_target=per_target, by_team=by_team, fair=fair,
            through_promoters=through_promoters,
        )  # fmt: skip
    answer(month, json, lambda: told_month(month, language))


for _command in (cli_desk.find, cli_desk.show, cli_desk.doors, cli_desk.missing, cli_desk.gap):
    app.command()(_command)
app.command()(cli_questions.ask)
app.command()(cli_questions.sources)
app.command()(cli_questions.confirm)
app.command()(cli_introductions.introductions)
app.command()(cli_introductions.introducers)
app.add_typer(cli_introductions.introduction, name="introduction")
app.add_typer(cli_keys.keys, name="key")
app.command()(cli_query.query)
app.add_typer(cli_store.store, name="store")
app.add_typer(cli_views.view, name="view")
app.add_typer(cli_reports.report, name="report")
app.command()(cli_time.history)
app.command()(cli_time.compare)
app.command()(cli_time.conflicts)
app.command()(cli_time.coverage)
app.command()(cli_time.correct)


@app.command()
def export(
    path: Annotated[
        Path,
        typer.Argument(
            help="Its ending says the format: html, svg, png, pdf; graphml, gexf, net, json, kumu.json, kumu.xlsx, "
            "xlsx, csv.zip, it.csv.zip (for Italian Excel), cypher."
        ),
    ],
    view: Annotated[
        str | None, typer.Option(help="A saved view or a preset: `tsi view list`. It says all but the store.")
    ] = None,
    picture: Annotated[
        str,
        typer.Option(
            help="In place of the map: sectors, topics, routes, brokerage, timeline, communities (svg, png, pdf)."
        ),
    ] = "map",
    of: Annotated[str | None, typer.Option(help="With --picture routes: those of this one body.", metavar="ID")] = None,
    size: Annotated[str, typer.Option(help="The metric that marks grow with.")] = "betweenness",
    everything: Annotated[bool, typer.Option("--everything", help="Projects, networks and funds too.")] = False,
    lang: LangOption = None,
    store: StoreOption = None,
    low: Low = False,
    as_of: AsOf = None,
    without_promoters: NoPromoters = False,
    json: Json = False,
) -> None:
    """A map as one self-contained page, a picture, or a file for another program. Everybody stands where they stood
    in the last picture, as far as the ties allow."""
    from tsi_graph.exports import PICTURES, draw, exporter
    from tsi_graph.exports.editions import drawn_now, drawn_view
    from tsi_graph.graph import load_graph

    settings = _settings()
    if picture != "map":
        beside = {"--view": view, "--everything": everything, "--without-promoters": without_promoters}
        if given := [name for name, value in beside.items() if value]:
            raise Unusable(f"{', '.join(given)}: only the map is drawn so, not {picture}.")
        written = _chart(path, picture, of, str(lang or settings.lang), store, low, as_of)
        answer({"path": str(written), "bytes": written.stat().st_size}, json, lambda: f"{written} written")
        return
    if of is not None:
        raise Unusable("--of is for --picture routes.")
    exporter(path.name)
    language, places = str(lang or settings.lang), path.suffix.lower() in PICTURES
    with settings.open(store) as opened, working(f"Drawing {path}"):
        if view is not None:
            graph, look = drawn_view(opened, view, settings.views, settings.view(), language, places=places)
        else:
            usual = settings.view(low=low, as_of=as_of, promoters=not without_promoters)
            keep = not (low or as_of or without_promoters)
            facts = load_graph(opened, usual)
            file = opened.beside("places") if places else None
            graph, look = drawn_now(facts, size, language, file, everything=everything, keep=keep)
        written = draw(graph, path, look)
    answer({"path": str(written), "bytes": written.stat().st_size}, json, lambda: f"{written} written")


@app.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="The address to listen on. Default: TSI_HOST, else 127.0.0.1; others need a key.")
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many processes answer.")] = 1,
    store: StoreOption = None,
) -> None:
    """Offer the same over HTTP: the map at /, the API at /v1, its description at /openapi.json."""
    import os
    from importlib import import_module
    from importlib.util import find_spec

    from tsi_graph.keys import Keys, asks

    settings = _settings()
    host = host or settings.host or "127.0.0.1"
    asks(Keys(settings.keys), host)
    os.environ["TSI_HOST"] = host
    if store:
        os.environ["TSI_STORE"] = store
    installed = find_spec("tsi_graph.api") is not None
    server = import_module("tsi_graph.api.server" if installed else "api.server")
    server.run(host, port, workers=workers, metrics_port=_settings().metrics_port)


def _chart(path: Path, name: str, of: str | None, lang: str, store: str | None, low: bool, as_of: str | None) -> Path:
    from tsi_graph.exports.charts import chart, write
    from tsi_graph.recommend import considered

    settings = _settings()
    with settings.open(store) as opened, working(f"Drawing {path}"):
        ledger = considered(opened) if name == "routes" else None
        return write(chart(_documented(opened, settings, low, as_of), name, lang, of=of, ledger=ledger), path)


def _settings() -> Settings:
    from tsi_graph.settings import Settings

    return Settings.read()


def _documented(store: Store, settings: Settings, low: bool, as_of: str | None) -> Graph:
    from tsi_graph.graph import load_graph

    return load_graph(store, settings.documented(low=low, as_of=as_of))


def _graph(store: str | None, low: bool, as_of: str | None, without_promoters: bool) -> Graph:
    from tsi_graph.graph import load_graph

    settings = _settings()
    with settings.open(store) as opened:
        return load_graph(opened, settings.view(low=low, as_of=as_of, promoters=not without_promoters))


def _of_one_source(file: Path | None, of_store: dict[str, object], *, directed: bool) -> None:
    """Raises Unusable for what only a store has, such as dates, beside a file, and for arrows without a file."""
    given = [name for name, value in of_store.items() if value]
    if file and given:
        raise Unusable(f"{', '.join(given)}: a file of ties has no such thing, and no store is read beside --file.")
    if directed and not file:
        raise Unusable("--directed says how --file is read; ties of a store are looked at without direction.")


def _named(words: list[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Names, and options written KEY=VALUE."""
    pairs = [word.partition("=") for word in words if "=" in word]
    return [word for word in words if "=" not in word], [(key, value) for key, _, value in pairs]


def _explained(name: str, lang: str, json: bool) -> None:
    from tsi_graph import texts
    from tsi_graph.analysis import METRICS, NETWORK_METRICS

    known = METRICS | NETWORK_METRICS
    if name != "all" and name not in known:
        raise NotFound(f"No metric {name!r}. Known: {', '.join(known)}")
    cards = known if name == "all" else {name: known[name]}
    said = {name: metric.card(lang) for name, metric in cards.items()}
    answer(said, json, lambda: texts.cards(said, lang))


def _previewed(
    path: Path, name: str, complete: bool, columns: dict[str, str], lang: str, store: str | None, *, json: bool
) -> None:
    from tsi_graph.deliveries import held, preview
    from tsi_graph.deliveries.grid import open_rows, without_people
    from tsi_graph.deliveries.words import told_preview

    if columns:
        raise Unusable("--column is for an import; a preview reads the headings that are known.")
    if not path.exists():
        raise NotFound(f"There is no file or folder {str(path)!r}.")
    rows, removed = without_people(open_rows(path))
    with _settings().open(store) as opened:
        found = preview(held(opened), rows, name, complete, removed, lang)
    answer(found, json, lambda: told_preview(found, lang))


def _pair(text: str) -> tuple[str, str]:
    heading, separator, field = text.rpartition("=")
    if not separator:
        raise Unusable(f"--column takes a heading and a field, as 'Ente=name'; not {text!r}.")
    return heading, field


if __name__ == "__main__":
    main()
