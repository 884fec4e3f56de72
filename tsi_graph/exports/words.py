"""What pictures and pages say, in Italian and English."""

from __future__ import annotations

from tsi_graph.errors import Unusable
from tsi_graph.language import filled
from tsi_graph.model import EDGE_KINDS

WORDS = {
    "it": {
        "title": "Mappa delle organizzazioni",
        "title_mixed": "Organizzazioni, progetti, reti e fondi",
        "lead": "Vicino = legato. In evidenza i legami più forti di ciascuna organizzazione.",
        "lead_mixed": "Linea = legame documentato; le forme bianche sono ciò che le organizzazioni hanno in comune.",
        "degree": "contatti diretti",
        "size": "Grandezza",
        "outside": "Fuori dalla parte principale: gruppi piccoli {small}, senza legami documentati {loose}",
        "strong": "legame più forte (spessore = forza)",
        "faint": "altri legami",
        "folded": "numero = partner con questo solo legame",
        "organisations": "organizzazioni: {n}",
        "shared": "progetti, reti, fondi e temi: {n}",
        "ties": "coppie legate: {m}",
        "drawn": "coppie legate: {m} ({k} in evidenza)",
        "confidence": {3: "attendibilità alta", 2: "attendibilità alta e media", 1: "anche dati non verificati"},
        "home": "adesione all'alleanza non contata",
        "imported": "dati {at}",
        "as_of": "legami {at}",
        "as_of_year": "legami nel {date}",
        "without": "escluse: {n}",
        "alt": "Mappa di organizzazioni: {n}; coppie legate: {m}, in evidenza {k}. In posizione più centrale: {names}.",
        "alt_mixed": "Mappa di organizzazioni: {n}; progetti, reti, fondi e temi: {w}; coppie legate: {m}. "
        "In posizione più centrale: {names}.",
        "search": "Cerca un'organizzazione",
        "all": "Tutto",
        "in": "Ingrandisci",
        "out": "Riduci",
        "list": "Elenco",
        "near": "Legata a",
        "kinds": "Tipi (premi per nascondere)",
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
        "degree": "direct contacts",
        "size": "Size",
        "outside": "Outside the main part: small groups {small}, without documented ties {loose}",
        "strong": "stronger tie (width = strength)",
        "faint": "other ties",
        "folded": "number = partners with this tie only",
        "organisations": "organisations: {n}",
        "shared": "projects, networks, funds and topics: {n}",
        "ties": "tied pairs: {m}",
        "drawn": "tied pairs: {m} ({k} stand out)",
        "confidence": {3: "high confidence", 2: "high and medium confidence", 1: "unverified data included"},
        "home": "membership of the alliance not counted",
        "imported": "data of {date}",
        "as_of": "ties at {date}",
        "as_of_year": "ties in {date}",
        "without": "left out: {n}",
        "alt": "Map of organisations: {n}; tied pairs: {m}, {k} stand out. Most central: {names}.",
        "alt_mixed": "Map of organisations: {n}; projects, networks, funds and topics: {w}; tied pairs: {m}. "
        "Most central: {names}.",
        "search": "Find an organisation",
        "all": "All",
        "in": "Zoom in",
        "out": "Zoom out",
        "list": "List",
        "near": "Tied to",
        "kinds": "Kinds (press to hide)",
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
        return filled(lang, EDGE_KINDS[kind].reads)
    return {"SHARED": _SHARED[lang], "EDGE": ""}.get(kind, kind)
