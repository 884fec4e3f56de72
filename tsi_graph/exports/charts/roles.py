"""Who bridges, and between whom: brokerage roles of the bodies of the ecosystem through whom most pairs pass."""

from __future__ import annotations

import numpy as np

from tsi_graph.analysis.coverage import beyond_membership
from tsi_graph.analysis.roles import ROLES, brokerage_roles
from tsi_graph.exports.charts.sheet import TEXT, Chart, Sheet, fitted, readable, sector_mark, spread
from tsi_graph.exports.labels import extent
from tsi_graph.exports.places import MM
from tsi_graph.exports.scene import view_words
from tsi_graph.exports.style import INK, MUTED
from tsi_graph.graph import Graph, one_mode
from tsi_graph.language import filled, number, short
from tsi_graph.recommend.columns import full_names, of_nodes
from tsi_graph.recommend.ports import ecosystem
from tsi_graph.recommend.rules import closed, office
from tsi_graph.recommend.ties import fabric
from tsi_graph.remembered import once_per_graph

SIZE = (170.0, 120.0)
MOST = 15
PARTS: tuple[tuple[str, tuple[str, ...], str, tuple[str, str]], ...] = (
    ("own", ("coordinator",), "#F4F6F9", ("dentro il proprio settore", "within the own sector")),
    (
        "border", ("representative", "gatekeeper"), "#C5D5EA",
        ("fra il proprio e un altro", "between the own and another"),
    ),
    ("other", ("itinerant",), "#D98A3D", ("dentro un settore altrui", "within another sector")),
    ("others", ("liaison",), "#1F4E8C", ("fra due settori altrui", "between two other sectors")),
)  # fmt: skip
"""Our words for the roles of Gould and Fernandez, from light to dark, so that grey tells them apart too."""
WORDS = {
    "title": ("Chi fa da ponte, e fra chi", "Who bridges, and between whom"),
    "lead": (
        "Coppie di organizzazioni, non legate fra loro, che si incontrano qui; a destra quante in tutto. "
        "* = per ufficio conosce quasi tutti (promotori).",
        "Pairs of organisations, not tied to each other, that meet here; at the right how many in all. "
        "* = knows almost everybody by its office (promoters).",
    ),
    "counted": (
        "organizzazioni attive dell'ecosistema: {of}, mostrate quelle che più fanno da ponte: {k}; coppie fra "
        "tutte le organizzazioni ({n})",
        "active organisations of the ecosystem: {of}, shown those that bridge most: {k}; pairs among all "
        "organisations ({n})",
    ),
    "alt": (
        "Chi nell'ecosistema fa più da ponte, organizzazioni mostrate: {k}. Prima {a}; coppie: {x}, fra settori altrui "
        "il {y} %.",
        "Who in the ecosystem bridges most, organisations shown: {k}. First {a}; pairs: {x}, between other sectors "
        "{y} %.",
    ),
    "none": ("Nessuna organizzazione fa da ponte.", "No organisation bridges."),
}  # fmt: skip


@once_per_graph
def bridged(graph: Graph) -> np.ndarray:
    """How many pairs meet at each node, one column for each of PARTS; 0 for what is no organisation.

    Without direction a pair is counted once, whichever end one looks from.
    """
    among = one_mode(Graph(graph.nodes, graph.edges[beyond_membership(graph)], view=graph.view))
    counts = np.zeros((len(graph), len(PARTS)))
    if "sector" in among.nodes:
        found = brokerage_roles(among, "sector")
        columns = [sum(found[:, ROLES.index(role)] for role in roles) for _, roles, _, _ in PARTS]
        counts[graph.ids.get_indexer(among.ids)] = np.array(columns).T / 2
    return counts


def first(graph: Graph, most: int = MOST) -> list[int]:
    """The active bodies of the ecosystem at which most pairs meet, as positions."""
    total = bridged(graph).sum(axis=1)
    here = np.flatnonzero(ecosystem(graph) & ~closed(graph, fabric(graph)) & (total > 0))
    return sorted(here.tolist(), key=lambda i: (-total[i], str(graph.ids[i])))[:most]


def chart(graph: Graph, lang: str) -> Chart:
    """Bars of four parts, one for each body."""
    found, counts, names = first(graph), bridged(graph), full_names(graph, lang)
    at = ecosystem(graph) & ~closed(graph, fabric(graph))
    top = counts[found[0]] if found else np.zeros(len(PARTS))
    numbers: dict[str, object] = {
        "k": len(found), "a": short(str(names[found[0]])) if found else "-", "x": number(top.sum(), lang),
        "y": number(round(100 * top[-1] / max(top.sum(), 1)), lang),
    }  # fmt: skip
    counted = {"k": len(found), "of": number(int(at.sum()), lang), "n": number(int(_bodies(graph).sum()), lang)}
    words = view_words(graph, lang)
    parts = (*words[:-1], filled(lang, WORDS["counted"], **counted), words[-1])
    alt = filled(lang, WORDS["alt" if found else "none"], **numbers)
    size = (SIZE[0], 38.0 + 5.4 * max(len(found), 2))
    return Chart(
        "brokerage", filled(lang, WORDS["title"]), filled(lang, WORDS["lead"]), " · ".join(parts), alt, numbers, size,
        lambda sheet: _draw(sheet, graph, found, lang),
    )  # fmt: skip


def _bodies(graph: Graph) -> np.ndarray:
    return graph.kinds_of("Stakeholder")


def _draw(sheet: Sheet, graph: Graph, found: list[int], lang: str) -> None:
    if not found:
        sheet.text(sheet.left, sheet.high - 8 * MM, filled(lang, WORDS["none"]), TEXT)
        return
    x, top = sheet.left, sheet.high - 4 * MM
    for _, _, colour, words in PARTS:
        sheet.rectangle(x, top - 3.5, 7, 7, colour, INK)
        sheet.text(x + 10, top, filled(lang, words), 6.5, va="center")
        x += 22 + extent(filled(lang, words), 6.5)[0]
    counts, names, sector = bridged(graph), full_names(graph, lang), of_nodes(graph, "sector")
    left, full = sheet.left + 58 * MM, sheet.right - sheet.left - 58 * MM - 32 * MM
    most = counts[found[0]].sum()
    rows = spread(len(found), sheet.high - 8 * MM, sheet.low)
    tall = rows[0] - rows[1] if len(rows) > 1 else 14
    for node, y in zip(found, rows, strict=True):
        name = short(str(names[node])) + (" *" if office(graph)[node] else "")
        sheet.text(left - 14, y, fitted(name, TEXT, left - sheet.left - 16), TEXT, ha="right", va="center")
        sheet.mark(left - 7, y, sector_mark(str(sector[node])))
        _bar(sheet, counts[node], left, y, full, min(tall * 0.66, 12))
        every = counts[node].sum()
        length = every / most * 13 * MM
        sheet.rectangle(left + full + 6, y - tall * 0.16, length, tall * 0.32, MUTED)
        sheet.text(left + full + 9 + length, y, number(every, lang), TEXT, va="center", weight="bold")


def _bar(sheet: Sheet, counts: np.ndarray, x: float, y: float, full: float, tall: float) -> None:
    for value, (_, _, colour, _) in zip(counts.tolist(), PARTS, strict=True):
        width = value / counts.sum() * full
        sheet.rectangle(x, y - tall / 2, width, tall, colour, INK)
        if width > 20:
            share = f"{100 * value / counts.sum():.0f} %"
            sheet.text(x + width / 2, y - 0.3, share, 6, readable(colour), ha="center", va="center")
        x += width
