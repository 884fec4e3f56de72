"""The report of the observatory, for a board: who is here, who bridges, what is missing, routes abroad, outcomes."""

from __future__ import annotations

from tsi_graph.analysis.summary import summary as described
from tsi_graph.exports.bodies import named
from tsi_graph.exports.scene import view_words
from tsi_graph.language import at, filled, listed, long_date, number
from tsi_graph.recommend.ledger.listing import summary
from tsi_graph.recommend.ledger.words import told_summary
from tsi_graph.reports.content import Bullets, Paragraph, Report, Section
from tsi_graph.reports.material import Material
from tsi_graph.reports.parts import abroad, bridges, changes, gaps, here, method, outcomes

WORDS = {
    "title": ("Rapporto dell'osservatorio", "Report of the observatory"),
    "of": ("Rapporto dell'osservatorio di {name}", "Report of the observatory of {name}"),
    "lead": (
        "L'ecosistema nei legami documentati di ogni anno, anche conclusi; dati {at}",
        "The ecosystem in documented ties of every year, those that are over included; data of {day}",
    ),
    "lead_as_of": ("L'ecosistema come poteva essere: {day}", "The ecosystem as it may have been: {day}"),
    "seen": ("{lead} · vista «{title}»", "{lead} · view “{title}”"),
    "brief": ("In breve", "In short"),
    "here": (
        "Organizzazioni attive dell'ecosistema: {e}; partner e altri: {n}. Legami documentati di ogni anno, anche "
        "conclusi: {m}.",
        "Active organisations of the ecosystem: {e}; partners and others: {n}. Documented ties of every year, those "
        "that are over included: {m}.",
    ),
    "here_as_of": (
        "Organizzazioni attive dell'ecosistema: {e}; partner e altri: {n}. Legami che allora potevano esserci: {m}, di "
        "cui senza alcuna data, e perciò contati in ogni anno: {u}.",
        "Active organisations of the ecosystem: {e}; partners and others: {n}. Ties that there may have been then: "
        "{m}; of these without any date, and therefore counted in every year: {u}.",
    ),
    "ahead": (
        "Il giorno da cui si guarda viene dopo l'ultima importazione ({day}): ciò che accade dopo di essa non è nei "
        "dati.",
        "The day looked from is after the last import ({day}): what happens after that is not in the data.",
    ),
    "bridge": (
        "Il ponte più forte è {a}, seguito da {names}; promotori esclusi.",
        "The strongest bridge is {a}, followed by {names}; promoters left out.",
    ),
    "gap": (
        "Il vuoto più netto: {pair}. {told}", "The clearest gap: {pair}. {told}",
    ),
    "doors": (
        "Reti nazionali e internazionali con una porta aperta: {k} su {n}; con una sola: {one}.",
        "National and international networks with an open port: {k} of {n}; with one only: {one}.",
    ),
    "changed": (
        "Confronto con {before}: legami nuovi {gained}, conclusi {lost}.",
        "Compared with {before}: ties gained {gained}, ended {lost}.",
    ),
    "day": ("il {day}", "{day}"),
    "month": ("{day}", "{day}"),
    "read": (
        "Come leggere: ogni numero viene da legami con una fonte. Dove i dati sono pochi il rapporto lo dice; nessuna "
        "misura è un giudizio su un'organizzazione.",
        "How to read: every number comes from ties with a source. Where data are few the report says so; no measure "
        "is a verdict on an organisation.",
    ),
    "empty": ("La mappa è vuota: manca un'importazione.", "The map is empty: nothing was imported."),
}  # fmt: skip


def board(of: Material) -> Report:
    """The whole report."""
    lang, day = of.lang, long_date(of.day, of.lang)
    names = [str(name) for name in of.graph.nodes["name"][of.graph.nodes["id"].isin(of.graph.view.home[:1])]]
    title = filled(lang, WORDS["of"], name=names[0].split(" (")[0]) if names else filled(lang, WORDS["title"])
    lead = filled(lang, WORDS["lead_as_of" if of.graph.view.as_of else "lead"], day=day, at=at(of.day, lang))
    note = " · ".join((title, *of.filters, *view_words(of.graph, lang)))
    if of.saved and (seen := of.saved.title.get(of.saved.language(lang))):
        lead = filled(lang, WORDS["seen"], lead=lead, title=seen)
    if not len(of.organisations):
        empty = Section(filled(lang, WORDS["brief"]), (Paragraph(filled(lang, WORDS["empty"])),))
        return Report(title, lead, note, lang, (empty, method.section(of)), logo=of.logo)
    parts = (here, bridges, gaps, abroad, outcomes, changes, method)
    return Report(title, lead, note, lang, (in_short(of), *(part.section(of) for part in parts)), logo=of.logo)


def in_short(of: Material) -> Section:
    """The report in a few sentences."""
    read = Paragraph(filled(of.lang, WORDS["read"]), quiet=True)
    return Section(filled(of.lang, WORDS["brief"]), (Bullets(tuple(sentences(of))), read))


def sentences(of: Material) -> list[str]:
    """One for each part, as far as there is anything to say."""
    lang = of.lang
    bodies, ours = int(of.graph.kinds_of("Stakeholder").sum()), int(of.here.sum())
    undated = len(of.graph.edges) - described(of.graph)["dated"]
    counts = {"e": ours, "n": bodies - ours, "m": len(of.graph.edges), "u": undated}
    day, last = of.graph.view.as_of, of.graph.imported
    words = WORDS["here_as_of" if day else "here"]
    told = [filled(lang, words, **{key: number(n, lang) for key, n in counts.items()})]
    if day and last and day > last[: len(day)]:
        told.append(filled(lang, WORDS["ahead"], day=long_date(last, lang)))
    first = [named(of.graph, node, lang) for node, _ in bridges.ranked(of)[:3]]
    if len(first) > 1:
        told.append(filled(lang, WORDS["bridge"], a=first[0], names=listed(lang, first[1:])))
    if of.missing.sectors:
        gap = of.missing.sectors[0]
        pair = gap.title[:1].lower() + gap.title[1:]
        told.append(filled(lang, WORDS["gap"], pair=pair, told=gap.sentence))
    seen = of.doors
    if seen.networks:
        ports = {"k": seen.reached, "n": seen.networks, "one": seen.single}
        told.append(filled(lang, WORDS["doors"], **{key: number(n, lang) for key, n in ports.items()}))
    told.append(told_summary(summary(of.ledger, of.today), lang))
    moved = changes.change(of)
    ends = {"gained": number(len(moved.found.gained), lang), "lost": number(len(moved.found.lost), lang)}
    before = moved.before
    if moved.dated:
        before = filled(lang, WORDS["month" if len(before) == 7 else "day"], day=long_date(before, lang))
    told.append(filled(lang, WORDS["changed"], before=before, **ends))
    return told
