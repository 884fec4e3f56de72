"""How it was worked out and from what: what is documented, the cards of the metrics in use, the sources."""

from __future__ import annotations

from tsi_graph.analysis import METRICS, NETWORK_METRICS
from tsi_graph.history import conflicts
from tsi_graph.history.sources import sources
from tsi_graph.language import filled, number
from tsi_graph.reports.content import Block, Paragraph, Section, Table
from tsi_graph.reports.material import Material

MOST = 15
USED = ("degree", "betweenness", "brokerage_roles", "community", "overview")
WORDS = {
    "title": ("Metodo e fonti", "Method and sources"),
    "ties": (
        "Un legame vale se una fonte lo dice: accordi, progetti in comune, finanziamenti, adesioni. Due organizzazioni "
        "sono legate direttamente, o da un progetto, una rete o un fondo in comune: fra n partecipanti ciascuna coppia "
        "conta 1/(n-1). L'adesione all'alleanza non lega nessuno. Restano fuori le affermazioni che nessuno ha "
        "verificato.",
        "A tie counts if a source says so: agreements, projects in common, funding, membership. Two organisations are "
        "tied directly, or by a project, network or fund in common: among n participants each pair counts 1/(n-1). "
        "Membership of the alliance ties nobody. Statements that nobody verified are left out.",
    ),
    "gaps": (
        "Quanto lavoro in comune attendersi fra due settori lo dice il caso: i legami restano dove sono e i settori si "
        "ridistribuiscono fra le organizzazioni, molte volte; si chiama vuoto ciò che ne resta lontano.",
        "How much joint work to expect between two sectors is told by chance: ties stay where they are and sectors are "
        "dealt out anew among the organisations, many times; what is far from that is called a gap.",
    ),
    "origins_table": ("Quante affermazioni vengono da ciascuna", "How many statements come from each"),
    "cards_table": ("Una riga per misura", "A row for each measure"),
    "cards": ("Schede delle misure usate", "Cards of the measures in use"),
    "measure": ("Misura", "Measure"),
    "meaning": ("Che cosa dice", "What it says"),
    "definition": ("Definizione", "Definition"),
    "cite": ("Fonte", "Source"),
    "origins": ("Fonti dei dati", "Sources of the data"),
    "site": ("Fonte", "Source"),
    "statements": ("Affermazioni", "Statements"),
    "high": ("Attendibilità alta", "High confidence"),
    "medium": ("Media", "Medium"),
    "low": ("Non verificate", "Unverified"),
    "shown": (
        "Le {k} fonti che dicono di più, di {n}; le altre sono nella mappa, fatto per fatto.",
        "The {k} sources that say most, of {n}; the others are on the map, fact by fact.",
    ),
    "conflicts": (
        "Fatti o campi su cui le fonti non sono d'accordo: {n}; la mappa mostra la versione più attendibile e "
        "conserva le altre.",
        "Facts or fields on which sources disagree: {n}; the map shows the version with most confidence and keeps the "
        "others.",
    ),
    "version": ("Prodotto con TSI Graph {version}.", "Made with TSI Graph {version}."),
}  # fmt: skip
ORIGINS = {
    "": ("nessuna indicata", "none given"),
    "general knowledge": ("conoscenza comune", "general knowledge"),
    "editorial classification from the project page cited in projects.csv": (
        "classificazione redazionale dalla pagina del progetto",
        "editorial classification from the page of the project",
    ),
}  # fmt: skip
"""What stands in the starter data where no site is the source."""
NAMES = {
    "degree": ("contatti diretti", "direct contacts"),
    "betweenness": ("passaggi (betweenness)", "betweenness"),
    "brokerage_roles": ("ruoli di mediazione", "brokerage roles"),
    "community": ("comunità", "community"),
    "overview": ("la rete in numeri", "the network in numbers"),
}

DEFINITIONS = {
    "degree": "Numero di contatti distinti; con direzione, legami inviati più legami ricevuti.",
    "betweenness": "Somma, su tutte le coppie s, t, della quota dei cammini minimi fra s e t che passano di lì.",
    "brokerage_roles": (
        "Coppie ordinate a, b con a -> v -> b e non a -> b, secondo i gruppi di a, v e b: coordinatore AAA, itinerante "
        "ABA, rappresentante AAB, guardiano ABB, collegamento ABC."
    ),
    "community": "Partizione con modularità alta.",
    "overview": (
        "densità = legami / legami possibili; distanza media fra le coppie che si raggiungono; diametro = il cammino "
        "minimo più lungo dentro una parte; efficienza = media di 1/d su tutte le coppie, 0 dove non c'è cammino; "
        "transitività = 3 triangoli / cammini di due legami; connettività algebrica = secondo autovalore più piccolo "
        "di D - A."
    ),
}
"""The definitions of USED in Italian; the cards themselves hold the English ones."""


def section(of: Material) -> Section:
    lang = of.lang
    said = (Paragraph(filled(lang, WORDS["ties"])), Paragraph(filled(lang, WORDS["gaps"])))
    cards = (_cards(of),) if len(of.organisations) else ()  # of nobody nothing is measured
    return Section(filled(lang, WORDS["title"]), said, (*cards, _sources(of)), fresh=True)


def _cards(of: Material) -> Section:
    lang, known = of.lang, METRICS | NETWORK_METRICS
    heads = tuple(filled(lang, WORDS[key]) for key in ("measure", "meaning", "definition", "cite"))
    rows = tuple(
        (filled(lang, NAMES[name]), known[name].says(lang), _definition(name, lang), known[name].cite) for name in USED
    )
    title = filled(lang, WORDS["cards"])
    return Section(title, (Table(filled(lang, WORDS["cards_table"]), heads, rows, (4, 7, 9, 6)),))


def _source(name: str, lang: str) -> str:
    return filled(lang, ORIGINS.get(name, (name, name)))


def _definition(name: str, lang: str) -> str:
    return DEFINITIONS[name] if lang == "it" else (METRICS | NETWORK_METRICS)[name].definition.replace("_", " ")


def _sources(of: Material) -> Section:
    lang, title = of.lang, filled(of.lang, WORDS["origins"])
    found = sources(of.table, "site", today=of.today)
    first = found.head(MOST)
    rows = tuple(
        (_source(str(row["source"]), lang),
         *(number(int(row[key]), lang) for key in ("statements", "high", "medium", "low")))
        for row in first.to_dict("records")
    )  # fmt: skip
    heads = tuple(filled(lang, WORDS[key]) for key in ("site", "statements", "high", "medium", "low"))
    disputed = conflicts(of.table, of.graph.view)
    n = int(disputed.groupby(["fact", "field"], sort=False).ngroups) if len(disputed) else 0
    from tsi_graph import __version__

    blocks: list[Block] = []
    if rows:
        table = Table(filled(lang, WORDS["origins_table"]), heads, rows, (8, 3, 4, 2, 3), numbers=(1, 2, 3, 4))
        blocks += (table, Paragraph(filled(lang, WORDS["conflicts"], n=number(n, lang)), quiet=True))
    if len(found) > len(rows):
        shown = filled(lang, WORDS["shown"], k=len(rows), n=number(len(found), lang))
        blocks.insert(1, Paragraph(shown, quiet=True))
    blocks.append(Paragraph(filled(lang, WORDS["version"], version=__version__), quiet=True))
    return Section(title, tuple(blocks))
