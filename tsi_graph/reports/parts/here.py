"""Who is here: how many of each sort, how much of them is documented, the map, their topics and their projects."""

from __future__ import annotations

from collections.abc import Mapping
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
from tsi_graph.language import at, filled, long_date, number
from tsi_graph.recommend.columns import of_nodes
from tsi_graph.reports.content import Figure, Paragraph, Section, Table
from tsi_graph.reports.material import Material, once

WORDS = {
    "title": ("Chi c'è", "Who is here"),
    "counts": (
        "Organizzazioni nella mappa: {n}; progetti e accordi: {p}; reti: {r}; fondi: {f}; temi: {t}. Legami con una "
        "fonte, di ogni anno e anche conclusi: {m}. Organizzazioni attive dell'ecosistema, cioè con sede nella sua "
        "città o aderenti all'alleanza: {e}; le altre sono partner di fuori.",
        "Organisations on the map: {n}; projects and agreements: {p}; networks: {r}; funds: {f}; topics: {t}. Ties "
        "with a source, of every year and those that are over included: {m}. Active organisations of the ecosystem, "
        "those based in its city or members of the alliance: {e}; the others are partners from elsewhere.",
    ),
    "counts_as_of": (
        "Organizzazioni nella mappa: {n}; progetti e accordi: {p}; reti: {r}; fondi: {f}; temi: {t}. Legami con una "
        "fonte che allora potevano esserci: {m}. Organizzazioni attive dell'ecosistema, cioè con sede nella sua città "
        "o aderenti all'alleanza: {e}; le altre sono partner di fuori.",
        "Organisations on the map: {n}; projects and agreements: {p}; networks: {r}; funds: {f}; topics: {t}. Ties "
        "with a source that there may have been then: {m}. Active organisations of the ecosystem, those based in its "
        "city or members of the alliance: {e}; the others are partners from elsewhere.",
    ),
    "covered": (
        "Organizzazioni con qualche legame documentato, oltre all'adesione e ai temi: {k} su {n}. Legami con una data: "
        "{d} su {m}; con un importo: {a}. Che un legame non sia documentato non vuol dire che non esista.",
        "Organisations with some documented tie, beyond membership and topics: {k} of {n}. Ties with a date: {d} of "
        "{m}; with an amount: {a}. That a tie is not documented does not mean that it does not exist.",
    ),
    "whole": (
        "Organizzazioni in un'unica parte connessa: {share} su 100. Passi da una all'altra, in media: {steps}. "
        "Organizzazioni senza legami con altre: {alone}.",
        "Organisations in one connected part: {share} in 100. Steps from one to another, on average: {steps}. "
        "Organisations without ties with others: {alone}.",
    ),
    "apart": ("Nessuna organizzazione è legata a un'altra.", "No organisation is tied to another."),
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
        "Mappa di organizzazioni: {n}; coppie legate: {m}, in evidenza {d}; dati {at}. In posizione più centrale: "
        "{names}. Gruppi: {g}; organizzazioni senza legami documentati: {i}. Esclusa l'adesione all'alleanza.",
        "Map of organisations: {n}; tied pairs: {m}, {d} highlighted; data of {day}. Most central: {names}. Groups: "
        "{g}; organisations without documented ties: {i}. Membership of the alliance left out.",
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
    return (
        filled(lang, WORDS["counts_as_of" if of.graph.view.as_of else "counts"], **_numbers(counts, lang)),
        filled(lang, WORDS["covered"], **_numbers(covered, lang)),
        _whole(of),
    )


def _whole(of: Material) -> str:
    if not len(of.organisations.edges):
        return filled(of.lang, WORDS["apart"])
    whole = measure(of.organisations, "overview").set_index("measure")["value"]
    numbers = {
        "share": _round(100 * whole["largest_part"]), "steps": _round(whole["mean_distance"], 1),
        "alone": whole["isolates"],
    }  # fmt: skip
    return filled(of.lang, WORDS["whole"], **_numbers(numbers, of.lang))


def _round(value: float, digits: int = 0) -> float:
    return 0.0 if value != value else round(float(value), digits)


def _numbers(values: Mapping[str, float], lang: str) -> dict[str, str]:
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
    told = {"day": long_date(of.day, lang), "at": at(of.day, lang), "names": ", ".join(named)}
    alt = filled(lang, WORDS["map_alt"], **told, **_numbers(numbers, lang))
    return Figure(filled(lang, WORDS["map"]), alt, SHEET, once(lambda form: rendered(shown, form)), "map")


def _of_view(of: Material, saved: SavedView) -> Figure:
    """The map as the view draws it everywhere; its logo stands on the first page."""
    graph, look = pictured(saved, of.structure, of.lang)
    shown = scene(graph, replace(look, logo=""))
    size = METRICS[saved.size].says(of.lang).rstrip(".")
    caption = filled(of.lang, WORDS["map_view"], size=size[:1].lower() + size[1:])
    return Figure(caption, shown.alt, SHEET, once(lambda form: rendered(shown, form)), "map")
