"""The commands of measuring: positions of bodies, the network as a whole, what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tsi_graph.cli_options import AsOf, Json, LangOption, Limit, Low, NoPromoters, StoreOption
from tsi_graph.cli_settings import read_settings
from tsi_graph.console import answer
from tsi_graph.errors import NotFound, Unusable

if TYPE_CHECKING:
    from tsi_graph.graph import Graph

Explain = Annotated[
    str | None,
    typer.Option(help="The card of a metric: definition, convention, source; `all` for every one.", metavar="NAME"),
]
Group = Annotated[str, typer.Option(help="The attribute whose groups are compared.")]


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

    language = str(lang or read_settings().lang)
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

    language = str(lang or read_settings().lang)
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
    language = str(lang or read_settings().lang)
    rows = [{**plain(gap), "key": key(gap), "sentence": gap.sentence(language)} for gap in found]
    answer(rows, json, lambda: "\n".join(f"- {gap.sentence(language)}" for gap in found))


def _graph(store: str | None, low: bool, as_of: str | None, without_promoters: bool) -> Graph:
    from tsi_graph.graph import load_graph

    settings = read_settings()
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
