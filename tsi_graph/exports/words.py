"""What pictures and pages say, in Italian and English."""

from __future__ import annotations

from tsi_graph.errors import Unusable
from tsi_graph.model import EDGE_KINDS

WORDS = {
    "it": {
        "title": "Mappa delle organizzazioni",
        "title_mixed": "Organizzazioni, progetti, reti e fondi",
        "lead": "Vicino = legato. In evidenza i legami più forti di ciascuna organizzazione.",
        "lead_mixed": "Linea = legame documentato; le forme bianche sono ciò che le organizzazioni hanno in comune.",
        "degree": "legami documentati",
        "size": "Grandezza",
        "outside": "Fuori dalla parte principale: gruppi piccoli {small}, senza legami documentati {loose}",
        "strong": "legame più forte (spessore = forza)",
        "faint": "altri legami",
        "folded": "numero = partner con questo solo legame",
        "organisations": "{n} organizzazioni",
        "shared": "{n} fra progetti, reti, fondi e temi",
        "ties": "{m} legami documentati",
        "drawn": "{m} legami documentati ({k} in evidenza)",
        "confidence": {3: "attendibilità alta", 2: "attendibilità alta e media", 1: "anche dati non verificati"},
        "home": "adesione all'alleanza non contata",
        "imported": "dati {at}",
        "as_of": "legami {at}",
        "as_of_year": "legami nel {date}",
        "without": "escluse: {n}",
        "alt": "Mappa di {n} organizzazioni e {m} legami documentati; in evidenza {k}. Le più centrali: {names}.",
        "alt_mixed": "Mappa di {n} organizzazioni e {w} fra progetti, reti, fondi e temi, con {m} legami documentati. "
        "In posizione più centrale: {names}.",
        "search": "Cerca un'organizzazione",
        "all": "Tutto",
        "in": "Ingrandisci",
        "out": "Riduci",
        "list": "Elenco",
        "near": "Legata a",
        "kinds": "Tipi (premi per nascondere)",
        "skip": "Vai all'elenco",
        "found": "trovate",
        "back": "Torna a tutte",
        "vis": "mappa disegnata con vis-network (Apache-2.0 o MIT)",
        "faint_left_out": "legami più deboli non nella pagina",
        "page": "Per vedere la mappa interattiva serve JavaScript.",
    },
    "en": {
        "title": "Map of the organisations",
        "title_mixed": "Organisations, projects, networks and funds",
        "lead": "Near = tied. The strongest ties of each organisation stand out.",
        "lead_mixed": "Line = documented tie; white shapes are what the organisations have in common.",
        "degree": "documented ties",
        "size": "Size",
        "outside": "Outside the main part: small groups {small}, without documented ties {loose}",
        "strong": "stronger tie (width = strength)",
        "faint": "other ties",
        "folded": "number = partners with this tie only",
        "organisations": "{n} organisations",
        "shared": "{n} projects, networks, funds and topics",
        "ties": "{m} documented ties",
        "drawn": "{m} documented ties ({k} stand out)",
        "confidence": {3: "high confidence", 2: "high and medium confidence", 1: "unverified data included"},
        "home": "membership of the alliance not counted",
        "imported": "data of {date}",
        "as_of": "ties at {date}",
        "as_of_year": "ties in {date}",
        "without": "left out: {n}",
        "alt": "Map of {n} organisations and {m} documented ties; {k} stand out. Most central: {names}.",
        "alt_mixed": "Map of {n} organisations and {w} projects, networks, funds and topics, with {m} documented ties. "
        "Most central: {names}.",
        "search": "Find an organisation",
        "all": "All",
        "in": "Zoom in",
        "out": "Zoom out",
        "list": "List",
        "near": "Tied to",
        "kinds": "Kinds (press to hide)",
        "skip": "Skip to the list",
        "found": "found",
        "back": "Back to all",
        "vis": "map drawn with vis-network (Apache-2.0 or MIT)",
        "faint_left_out": "weaker ties are not in this page",
        "page": "The interactive map needs JavaScript.",
    },
}
_SHARED = {"it": "in comune: progetti, reti o fondi", "en": "in common: projects, networks or funds"}


def words(lang: str) -> dict[str, str]:
    """The texts of one language. Raises Unusable for one that is not spoken here."""
    if lang not in WORDS:
        raise Unusable(f"No language {lang!r}. Known: {', '.join(WORDS)}.")
    return {key: text for key, text in WORDS[lang].items() if isinstance(text, str)}


def confidence(level: int, lang: str) -> str:
    found = WORDS[lang]["confidence"]
    return found[level] if isinstance(found, dict) else ""


def relation(kind: str, lang: str) -> str:
    """How one relation reads: FUNDS is "finanzia"; a kind that is not ours stands as it is.

    >>> relation("FUNDS", "it"), relation("SHARED", "en"), relation("EDGE", "it")
    ('finanzia', 'in common: projects, networks or funds', '')
    """
    if kind in EDGE_KINDS:
        return EDGE_KINDS[kind].reads[lang != "it"]
    return {"SHARED": _SHARED[lang], "EDGE": ""}.get(kind, kind)
