"""Who is here: how many of each sort, how much of them is documented, the map, their topics and their projects."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tsi_graph.analysis import METRICS, gap_words, measure
from tsi_graph.analysis.cohesion import community
from tsi_graph.analysis.coverage import tie_counts
from tsi_graph.analysis.summary import summary
from tsi_graph.exports.bodies import SECTORS
from tsi_graph.exports.editions import drawn_now
from tsi_graph.exports.picture import MOST, SHEET, rendered
from tsi_graph.exports.scene import scene
from tsi_graph.exports.views import SavedView, pictured
from tsi_graph.language import filled, long_date, number
from tsi_graph.recommend.columns import of_nodes
from tsi_graph.reports.content import Figure, Paragraph, Section, Table
from tsi_graph.reports.material import Material, once

WORDS = {
    "title": ("Chi c'è", "Who is here"),
    "counts": (
        "La mappa documenta {n} organizzazioni, {p} progetti e accordi, {r} reti, {f} fondi e {t} temi, uniti da {m} "
        "legami con una fonte. Le organizzazioni attive dell'ecosistema, cioè con sede nella sua città o aderenti "
        "all'alleanza, sono {e}; le altre sono partner di fuori.",
        "The map documents {n} organisations, {p} projects and agreements, {r} networks, {f} funds and {t} topics, "
        "joined by {m} ties with a source. The active organisations of the ecosystem, those based in its city or "
        "members of the alliance, are {e}; the others are partners from elsewhere.",
    ),
    "covered": (
        "Qualche legame oltre all'adesione è documentato per {k} organizzazioni su {n}; {d} legami su {m} hanno una "
        "data e {a} un importo. Che un legame non sia documentato non vuol dire che non esista.",
        "Some tie beyond membership is documented for {k} of {n} organisations; {d} of {m} ties have a date and {a} an "
        "amount. That a tie is not documented does not mean that it does not exist.",
    ),
    "whole": (
        "{share} organizzazioni su 100 stanno in un'unica parte connessa. Chi vi sta raggiunge le altre in {steps} "
        "passi in media; {alone} organizzazioni non hanno legami con altre.",
        "{share} organisations in 100 are in one connected part. From there the others are {steps} steps away on "
        "average; {alone} organisations have no ties with others.",
    ),
    "table": ("Organizzazioni per settore", "Organisations by sector"),
    "sector": ("Settore", "Sector"),
    "all": ("In tutto", "In all"),
    "ours": ("Dell'ecosistema", "Of the ecosystem"),
    "tied": ("Con un legame documentato", "With a documented tie"),
    "sum": ("Totale", "Total"),
    "map": (
        "Mappa delle organizzazioni: vicino vuol dire legato; grandezza: quante vie più corte passano di lì.",
        "Map of the organisations: near means tied; size: how many shortest ways pass there.",
    ),
    "map_view": (
        "Mappa della vista: vicino vuol dire legato; grandezza: {size}.",
        "Map of the view: near means tied; size: {size}.",
    ),
    "map_alt": (
        "Mappa di {n} organizzazioni e {m} legami documentati al {day}; {d} in evidenza. Le più centrali: {names}. "
        "{g} gruppi; {i} organizzazioni senza legami documentati. Esclusa l'adesione all'alleanza.",
        "Map of {n} organisations and {m} documented ties at {day}; {d} highlighted. Most central: {names}. {g} "
        "groups; {i} organisations without documented ties. Membership of the alliance left out.",
    ),
    "topics": (
        "Organizzazioni dell'ecosistema e temi su cui lavorano, dai progetti e dalle attività documentate.",
        "Organisations of the ecosystem and the topics they work on, from documented projects and activities.",
    ),
    "timeline": (
        "I progetti con più partecipanti, dall'inizio alla fine documentata, e le adesioni datate.",
        "The projects with most participants, from their start to their documented end, and the dated memberships.",
    ),
    "communities": (
        "I gruppi in cui le organizzazioni lavorano soprattutto fra loro.",
        "The groups in which organisations mostly work with one another.",
    ),
    "maps": ("La mappa", "The map"),
    "work": ("Temi e progetti", "Topics and projects"),
}  # fmt: skip


def section(of: Material) -> Section:
    """Counts, coverage, sectors; then the pictures."""
    return Section(
        filled(of.lang, WORDS["title"]),
        (*(Paragraph(text) for text in sentences(of)), _sectors(of)),
        (
            Section(filled(of.lang, WORDS["maps"]), (the_map(of),), fresh=True),
            Section(
                filled(of.lang, WORDS["work"]),
                (
                    of.figure("topics", filled(of.lang, WORDS["topics"])),
                    of.figure("timeline", filled(of.lang, WORDS["timeline"])),
                ),
                fresh=True,
            ),
        ),
    )


def sentences(of: Material) -> tuple[str, str, str]:
    """How many, how well known, how they hang together."""
    lang, found = of.lang, summary(of.graph)
    kinds, (tied, bodies) = found["kinds"], found["coverage"]["organisations with a documented tie"]
    counts = {
        "n": bodies, "p": kinds["Project"], "r": kinds["Network"], "f": kinds["Fund"], "t": kinds["Topic"],
        "m": found["edges"], "e": int(of.here.sum()),
    }  # fmt: skip
    covered = {"k": tied, "n": bodies, "d": found["dated"], "m": found["edges"], "a": found["with_amount"]}
    whole = measure(of.organisations, "overview").set_index("measure")["value"]
    return (
        filled(lang, WORDS["counts"], **_numbers(counts, lang)),
        filled(lang, WORDS["covered"], **_numbers(covered, lang)),
        filled(
            lang, WORDS["whole"], share=number(_round(100 * whole["largest_part"]), lang),
            steps=number(_round(whole["mean_distance"], 1), lang), alone=number(whole["isolates"], lang),
        ),
    )  # fmt: skip


def _round(value: float, digits: int = 0) -> float:
    return 0.0 if value != value else round(float(value), digits)


def _numbers(values: dict[str, int], lang: str) -> dict[str, str]:
    return {name: number(value, lang) for name, value in values.items()}


def _sectors(of: Material) -> Table:
    """One row a sector, ours first; at the foot the sum."""
    graph, lang = of.graph, of.lang
    body, sector = graph.kinds_of("Stakeholder"), of_nodes(graph, "sector")
    tied = tie_counts(graph) > 0
    order = [*SECTORS, *sorted(set(sector[body]) - set(SECTORS))]
    rows = []
    for name in order:
        mine = body & (sector == name)
        if mine.any():
            told = gap_words.group(name or "not stated", lang)
            rows.append((told, *(number(int(part.sum()), lang) for part in (mine, mine & of.here, mine & tied))))
    every = (number(int(part.sum()), lang) for part in (body, body & of.here, body & tied))
    heads = tuple(filled(lang, WORDS[key]) for key in ("sector", "all", "ours", "tied"))
    caption, total = filled(lang, WORDS["table"]), filled(lang, WORDS["sum"])
    return Table(caption, heads, (*rows, (total, *every)), (5, 2, 3, 4), numbers=(1, 2, 3))


def the_map(of: Material) -> Figure | Paragraph:
    """The map of the organisations; of more than a sheet has room for, that of their communities."""
    lang = of.lang
    if len(of.organisations) > MOST:
        return of.figure("communities", filled(lang, WORDS["communities"]))
    if of.saved:
        return _of_view(of, of.saved)
    graph, look = drawn_now(of.structure, "betweenness", lang, of.places, keep=False, who=of.graph.view.audience)
    shown = scene(graph, look)
    named = [shown.labels[i].replace("\n", " ") for i in shown.order[:3]]
    alone = int((of.organisations.contacts.degrees == 0).sum())
    groups = np.bincount(community(of.organisations))
    numbers = {
        "n": len(shown.ids), "m": len(shown.ties), "d": int(shown.drawn.sum()),
        "g": int((groups > 1).sum()), "i": alone,
    }  # fmt: skip
    alt = filled(lang, WORDS["map_alt"], day=long_date(of.day, lang), names=", ".join(named), **_numbers(numbers, lang))
    return Figure(filled(lang, WORDS["map"]), alt, SHEET, once(lambda form: rendered(shown, form)), "map")


def _of_view(of: Material, saved: SavedView) -> Figure:
    """The map as the view draws it everywhere; its logo stands on the first page."""
    graph, look = pictured(saved, of.structure, of.lang)
    shown = scene(graph, replace(look, logo=""))
    size = METRICS[saved.size].says(of.lang).rstrip(".")
    caption = filled(of.lang, WORDS["map_view"], size=size[:1].lower() + size[1:])
    return Figure(caption, shown.alt, SHEET, once(lambda form: rendered(shown, form)), "map")
