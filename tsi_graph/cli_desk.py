"""The commands of the desk: finding a body, seeing it at a glance, the doors to networks, what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tsi_graph.cli_options import AsOf, Json, LangOption, Low, StoreOption
from tsi_graph.cli_settings import documented, read_settings
from tsi_graph.console import answer, working

if TYPE_CHECKING:
    from tsi_graph.graph import Graph
    from tsi_graph.settings import Settings
    from tsi_graph.store import Store


def find(
    text: Annotated[
        str, typer.Argument(help="Beginnings of words of a name; accents and capitals do not matter.")
    ] = "",
    kind: Annotated[
        str | None, typer.Option(help="Only this kind: Stakeholder, Network, Project, Fund, Topic.")
    ] = None,
    sector: Annotated[str, typer.Option(help="Only this sort of organisation.")] = "",
    city: Annotated[str, typer.Option(help="Only in this city.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many, at most.")] = 20,
    lang: LangOption = None,
    store: StoreOption = None,
    low: Low = False,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Organisations, networks, projects, funds and topics by a few letters of their name, the best first."""
    from tsi_graph.analysis.search import Wanted, browse

    settings = read_settings()
    language = str(lang or settings.lang)
    with settings.open(store) as opened:
        graph = documented(opened, settings, low=low, as_of=as_of)
    found = browse(graph, Wanted(text, (kind,) if kind else (), sector, city), language)[:limit]
    answer(found, json, lambda: "\n".join(f"{one.id}  {one.name} ({one.kind})" for one in found) or "-")


def show(
    node: Annotated[str, typer.Argument(help="The id of a body; `tsi find` finds it.", metavar="ID")],
    lang: LangOption = None,
    store: StoreOption = None,
    low: Low = False,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """One body: where it stands, which networks it reaches, what is known of it with sources, where these disagree."""
    from tsi_graph.analysis.about import about
    from tsi_graph.exports.tables import plain
    from tsi_graph.recommend import considered
    from tsi_graph.recommend.portrait import portrait
    from tsi_graph.recommend.telling import told_portrait

    settings = read_settings()
    language = str(lang or settings.lang)
    with settings.open(store) as opened:
        graph = documented(opened, settings, low=low, as_of=as_of)
        table = opened.statements()
        unverified = documented(opened, settings, low=True, as_of=as_of)
        seen = portrait(graph, node, table, language, low=unverified, ledger=considered(opened))
        fields = about(graph, table, node)
    answer({**plain(fields), **plain(seen)}, json, lambda: told_portrait(str(fields["name"]), seen, language))


def doors(
    scope: Annotated[str | None, typer.Option(help="national, european, global, or international.")] = None,
    topic: Annotated[str | None, typer.Option(help="Only networks on this topic, by its id.", metavar="ID")] = None,
    without_offices: Annotated[
        bool, typer.Option("--without-offices", help="Leave out ports that are the alliance or its promoters.")
    ] = False,
    lang: LangOption = None,
    store: StoreOption = None,
    low: Low = False,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """How national and international networks are reached: every documented port, how firm, and who could be next."""
    from tsi_graph.recommend import considered
    from tsi_graph.recommend.doors import Wanted
    from tsi_graph.recommend.doors import doors as found_doors
    from tsi_graph.recommend.telling import told_doors

    settings = read_settings()
    language = str(lang or settings.lang)
    with settings.open(store) as opened:
        graph = documented(opened, settings, low=low, as_of=as_of)
        unverified = documented(opened, settings, low=True, as_of=as_of)
        wanted = Wanted(scope, topic, not without_offices)
        found = found_doors(graph, language, wanted, unverified=unverified, ledger=considered(opened))
    answer(found, json, lambda: told_doors(found, language))


def missing(
    introductions: Annotated[
        int, typer.Option(min=0, max=20, help="For how many pairs of sectors to look for what would close them.")
    ] = 3,
    lang: LangOption = None,
    store: StoreOption = None,
    low: Low = False,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """What is missing, with two introductions that would close each gap; what was set aside as none is left out."""
    from tsi_graph.recommend.missing import missing as found_missing
    from tsi_graph.recommend.telling import told_missing

    settings = read_settings()
    language = str(lang or settings.lang)
    with settings.open(store) as opened, working("Looking for what would close the gaps"):
        views = [
            documented(opened, settings, low=low, as_of=as_of),
            documented(opened, settings, low=True, as_of=as_of),
        ]
        structure = _structure(opened, settings, low=low, as_of=as_of)
        found = found_missing(opened, views[0], structure, language, unverified=views[1], shown=introductions)
    answer(found, json, lambda: told_missing(found, language))


def gap(
    key: Annotated[str, typer.Argument(help="The key of a gap, from `tsi missing`: 'sectors|bank|company'.")],
    none: Annotated[
        bool, typer.Option("--none/--again", help="That it is none, for a year; or that it is one after all.")
    ] = True,
    text: Annotated[str, typer.Option(help="Why it is none.")] = "",
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """Say of a gap that it is none, with a reason, or that it is one after all."""
    from tsi_graph.recommend.ledger.gap_marks import back, known_key
    from tsi_graph.recommend.ledger.marking import set_aside
    from tsi_graph.recommend.missing import gap_keys

    settings = read_settings()
    with settings.open(store) as opened:
        if none:
            graph = documented(opened, settings, low=False, as_of=None)
            known_key(key, gap_keys(graph, _structure(opened, settings, low=False, as_of=None)))
        made = set_aside(opened, key, aside=none, text=text)
    told = f"{key}: set aside until {back(made)}" if none else f"{key}: a gap again"
    answer(made, json, lambda: told)


def _structure(store: Store, settings: Settings, *, low: bool, as_of: str | None) -> Graph:
    from tsi_graph.graph import load_graph

    return load_graph(store, settings.view(low=low, as_of=as_of))
