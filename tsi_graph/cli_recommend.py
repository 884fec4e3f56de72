"""The commands of introducing: whom to introduce, through whom, how well that foresees, a month of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from tsi_graph.cli_options import AsOf, Json, LangOption, Limit, Low, StoreOption
from tsi_graph.cli_settings import documented, read_settings
from tsi_graph.console import answer, working

HalfLife = Annotated[
    float,
    typer.Option(min=0.1, max=100, help="Years after which what has ended is worth half; 2 where deals are quick."),
]


class To(StrEnum):
    network = "network"
    fund = "fund"
    investor = "investor"
    stakeholder = "stakeholder"
    project = "project"
    member = "member"


class Objective(StrEnum):
    reach = "reach"
    periphery = "periphery"
    gap = "gap"
    topic = "topic"


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

    settings = read_settings()
    language = str(lang or settings.lang)
    nobody = "Nessuna proposta." if language == "it" else "Nobody to propose."
    with settings.open(store) as opened:
        graph = documented(opened, settings, low=low, as_of=as_of)
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

    settings = read_settings()
    language = str(lang or settings.lang)
    with settings.open(store) as opened:
        graph = documented(opened, settings, low=low, as_of=as_of)
    if network is None:
        found = reached(graph, scope, language)
        answer(found, json, lambda: told_reached(found, language))
    else:
        doors = ports(graph, network, language)
        answer(doors, json, lambda: told_ports(doors, language))


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

    settings = read_settings()
    language = str(lang or settings.lang)
    with settings.open(store) as opened:
        graph = documented(opened, settings, low=low, as_of=None)
    with working("Ranking what was not known yet"):
        found = evaluated(graph, cut, queries=queries, seed=seed, months=months, half_life=half_life)
    answer(found, json, lambda: told_evaluation(found, language))


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

    settings = read_settings()
    language = str(lang or settings.lang)
    with settings.open(store) as opened, working("Weighing what could be introduced"):
        graph = documented(opened, settings, low=low, as_of=as_of)
        month = this_month(
            opened, graph, objective.value, about=about, lang=language, size=size, per_introducer=per_introducer,
            per_organisation=per_organisation, per_target=per_target, by_team=by_team, fair=fair,
            through_promoters=through_promoters,
        )  # fmt: skip
    answer(month, json, lambda: told_month(month, language))
