"""What the page says beside the words of every picture, and the short names of metrics, in Italian and English."""

from __future__ import annotations

from tsi_graph.language import LANGS, Words, filled

WORDS: dict[str, Words] = {
    "skip": ("Vai alla ricerca", "Skip to the search"),
    "keys": (
        "Frecce: da un segno al vicino. Invio: guarda da vicino. Più e meno: ingrandisci e riduci. Zero o Esc: tutto. "
        "Maiuscole e frecce: sposta la mappa. Gli stessi contenuti sono nell'elenco, che si scorre con le frecce.",
        "Arrows: from mark to mark. Enter: look closer. Plus and minus: zoom. Zero or Escape: everything. "
        "Shift and arrows: move the map. The list holds the same; arrows go through it.",
    ),
    "tools": ("Mappa", "Map"),
    "side": ("Ricerca, legenda ed elenco", "Search, legend and list"),
    "save": ("Salva immagine", "Save picture"),
    "steps": ("Passi", "Steps"),
    "look": ("Legenda, misure e anni", "Legend, measures and years"),
    "kind": ("tipo", "kind"),
    "color": ("Colore", "Colour"),
    "size": ("Grandezza", "Size"),
    "time": ("Nel tempo", "Through time"),
    "every": ("tutti gli anni", "all years"),
    "year": ("Anno", "Year"),
    "inYear": (
        "Coppie legate che nel {year} ci sono, o possono esserci: {n}; senza data, e restano sempre: {undated}.",
        "Tied pairs that there are, or may be, in {year}: {n}; without a date, which always stay: {undated}.",
    ),
    "allYears": (
        "Coppie legate, di ogni anno: {n}; senza data: {undated}.",
        "Tied pairs, of all years: {n}; without a date: {undated}.",
    ),
    "through": ("a {steps} passi, attraverso {name}", "{steps} steps away, through {name}"),
    "first": ("le prime {n} qui sotto", "the first {n} below"),
    "part": ("in questa pagina i più forti: {n} su {m}", "in this page the strongest: {n} of {m}"),
    "by": ("in ordine di {name}", "ordered by {name}"),
    "byEver": ("in ordine di {name}, contando tutti gli anni", "ordered by {name}, all years counted"),
    "below": ("meno di {high}", "below {high}"),
    "between": ("da {low} a meno di {high}", "from {low} to below {high}"),
    "from": ("da {low} in su", "{low} and more"),
    "file": ("mappa", "map"),
    "ties_says": ("Quante altre organizzazioni o iniziative le sono legate.", "How many others it is tied to."),
    "dated": ("coppie legate con una data {n} su {m}", "{n} of {m} tied pairs with a date"),
    "tied": ("con legami documentati {n} su {m}", "{n} of {m} with documented ties"),
    "again": (
        "posizioni dell'edizione precedente, ritoccate",
        "places of the last edition, adjusted",
    ),
    "anew": (
        "posizioni nuove: oltre un quinto dei legami è cambiato",
        "new places: more than a fifth of the ties changed",
    ),
    "made": ("fatto con TSI Graph (EUPL-1.2)", "made with TSI Graph (EUPL-1.2)"),
    "too_many_to_print": (
        "La mappa ha {n} segni: troppi per un foglio. Qui ci sono le loro comunità e i primi {k} nomi, per {by}; per "
        "il resto filtrate nella pagina interattiva, poi «Salva immagine».",
        "The map has {n} marks: too many for a sheet. Here are their communities and the first {k} names, by {by}; for "
        "the rest filter in the interactive page, then “Save picture”.",
    ),
}
METRICS: dict[str, Words] = {
    "degree": ("contatti diretti", "direct contacts"),
    "strength": ("forza dei legami", "strength of ties"),
    "betweenness": ("intermediazione", "betweenness"),
    "harmonic": ("vicinanza a tutti", "closeness to all"),
    "closeness": ("vicinanza", "closeness"),
    "eigenvector": ("legami con i ben collegati", "ties to the well connected"),
    "pagerank": ("attenzione ricevuta", "attention received"),
    "core": ("cerchia fitta", "dense circle"),
    "constraint": ("vincolo (basso = ponte)", "constraint (low = bridge)"),
    "effective_size": ("contatti non ridondanti", "non-redundant contacts"),
    "brokering_activity": ("ponti fra settori", "bridges between sectors"),
    "brokering_exclusivity": ("ponti esclusivi fra settori", "exclusive bridges between sectors"),
    "bridging": ("quanto avvicina gli altri", "how much it brings others together"),
    "community": ("comunità", "community"),
}
"""Names short enough for a choice; another metric goes by its own name."""


def page_words(lang: str) -> dict[str, str]:
    return {key: text[LANGS.index(lang)] for key, text in WORDS.items()}


def metric_name(key: str, lang: str) -> str:
    return filled(lang, METRICS[key]) if key in METRICS else key
