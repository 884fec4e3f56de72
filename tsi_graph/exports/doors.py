"""The table of networks and their doors as a workbook, in which no cell is ever a formula."""

from __future__ import annotations

from tsi_graph.exports.bodies import NETWORKS
from tsi_graph.exports.tabular import Sheet, book
from tsi_graph.language import Words, filled
from tsi_graph.recommend.doors import Door, Doors, Gateway

HEADINGS: tuple[Words, ...] = (
    ("Sezione", "Section"),
    ("Rete", "Network"),
    ("Che rete è", "Sort of network"),
    ("Porte documentate", "Documented ports"),
    ("Documentate", "Documented"),
    ("Aperte", "Open"),
    ("Tenuta", "How firm"),
    ("Che cosa si sa", "What is known"),
    ("Prossima porta possibile", "Possible next port"),
    ("Attraverso chi", "Through whom"),
    ("Codice", "Id"),
)
SECTIONS: dict[str, Words] = {
    "one": ("Da mettere al sicuro: una porta sola", "Keep safe: one port only"),
    "none": ("Da aprire: nessuna porta diretta", "Open up: no direct port"),
    "several": ("Più porte", "Several ports"),
}
DATED: Words = ("datato", "dated")
OVER: Words = ("concluso", "over")
SHEET: Words = ("Reti e porte", "Networks and ports")


def doors_workbook(found: Doors, lang: str = "it") -> bytes:
    """One row for each network, in the order of the page, with headings that filter."""
    rows = [_row(one, lang) for section in SECTIONS for one in found.of(section)]  # type: ignore[arg-type]
    return book([Sheet(filled(lang, SHEET), [filled(lang, heading) for heading in HEADINGS], rows)])


def _row(one: Gateway, lang: str) -> list[str | int]:
    coming = one.next
    return [
        filled(lang, SECTIONS[one.section]), one.name, filled(lang, NETWORKS[one.scope]),
        "\n".join(_told(door, lang) for door in one.doors), len(one.doors), one.open_doors, one.firm,
        "\n".join(one.sentences), coming.name if coming else one.why_none, coming.through if coming else "", one.id,
    ]  # fmt: skip


def _told(door: Door, lang: str) -> str:
    notes = [filled(lang, words) for words, so in ((OVER, not door.open), (DATED, door.dated)) if so]
    return f"{door.name}: {door.how}" + (f" ({', '.join(notes)})" if notes else "")
