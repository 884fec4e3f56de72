"""Who bridges: the organisations through which others reach one another, and what would be lost with them."""

from __future__ import annotations

from tsi_graph.analysis import gap_words
from tsi_graph.exports.bodies import body, named
from tsi_graph.language import filled, listed, number
from tsi_graph.recommend.position import Position, position
from tsi_graph.reports.content import Bullets, Paragraph, Section, Table
from tsi_graph.reports.material import Material

TOP, FRAGILE = 10, 3
WORDS = {
    "title": ("Chi fa da ponte", "Who bridges"),
    "how": (
        "Un ponte è un'organizzazione da cui passano le vie più corte fra altre che non si conoscono. Organizzazioni "
        "dell'ecosistema messe a confronto: {of}, senza l'alleanza e i promotori, che per ufficio conoscono quasi "
        "tutti.",
        "A bridge is an organisation through which the shortest ways between others lead who do not know each other. "
        "Organisations of the ecosystem that are compared: {of}, without the alliance and its promoters, who know "
        "almost everybody by their office.",
    ),
    "none": ("Nessuna organizzazione fa da ponte fra altre.", "No organisation bridges others."),
    "table": ("Chi nell'ecosistema fa più da ponte", "Who in the ecosystem bridges most"),
    "rank": ("N.", "No."),
    "name": ("Organizzazione", "Organisation"),
    "contacts": ("Organizzazioni legate", "Tied organisations"),
    "between": ("Soprattutto fra", "Mostly between"),
    "cut": ("Staccate senza di lei", "Cut off without it"),
    "fragile": ("Che cosa dipende da una sola organizzazione", "What hangs on one organisation"),
    "lost": (
        "{a}: se si fermasse, organizzazioni staccate: {n} ({names}).",
        "{a}: if it stopped, organisations cut off: {n} ({names}).",
    ),
    "picture": (
        "Fra chi fanno da ponte, con i promotori (*): coppie di organizzazioni non legate fra loro che lì si "
        "incontrano.",
        "Between whom they bridge, promoters (*) included: pairs of organisations not tied to each other that meet "
        "there.",
    ),
}  # fmt: skip


def ranked(of: Material) -> list[tuple[str, Position]]:
    """The organisations of the ecosystem through which anything passes, the first in rank first."""
    seen = [(str(node), position(of.graph, str(node), of.lang)) for node in of.graph.ids[of.here]]
    found = [(node, one) for node, one in seen if one is not None and one.rank]
    return sorted(found, key=lambda pair: (pair[1].rank or 0, pair[0]))


def section(of: Material) -> Section:
    lang, found = of.lang, ranked(of)
    if not found:
        return Section(filled(lang, WORDS["title"]), (Paragraph(filled(lang, WORDS["none"])),))
    top = found[:TOP]
    rows = tuple(_row(of, node, one) for node, one in top)
    heads = tuple(filled(lang, WORDS[key]) for key in ("rank", "name", "contacts", "between", "cut"))
    fragile = sorted(found, key=lambda pair: (-len(pair[1].cut_off), pair[0]))[:FRAGILE]
    lost = tuple(_lost(of, node, one) for node, one in fragile if one.cut_off)
    return Section(
        filled(lang, WORDS["title"]),
        (
            Paragraph(filled(lang, WORDS["how"], of=number(found[0][1].of, lang))),
            Table(filled(lang, WORDS["table"]), heads, rows, (1, 6, 3, 5, 4), numbers=(0, 2, 4)),
            *((Bullets(lost, filled(lang, WORDS["fragile"])),) if lost else ()),
            of.figure("brokerage", filled(lang, WORDS["picture"])),
        ),
        fresh=True,
    )


def _row(of: Material, node: str, one: Position) -> tuple[str, ...]:
    lang, between = of.lang, "–"
    if one.bridge:
        between = listed(lang, [gap_words.group(sector, lang) for sector in one.bridge])
    return (
        number(one.rank or 0, lang), body(of.graph, node, lang).name, number(one.contacts, lang), between,
        number(len(one.cut_off), lang),
    )  # fmt: skip


def _lost(of: Material, node: str, one: Position) -> str:
    names = listed(of.lang, [named(of.graph, other, of.lang) for other in one.cut_off])
    n = number(len(one.cut_off), of.lang)
    return filled(of.lang, WORDS["lost"], a=body(of.graph, node, of.lang).name, n=n, names=names)
