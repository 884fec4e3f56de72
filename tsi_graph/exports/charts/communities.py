"""The communities of a network that is too large to draw body by body: how many in each, around whom, how tied."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from tsi_graph.analysis.cohesion import community
from tsi_graph.analysis.coverage import beyond_membership
from tsi_graph.exports.bodies import SECTORS
from tsi_graph.exports.charts.sheet import TEXT, Chart, Sheet, sector_mark
from tsi_graph.exports.labels import extent
from tsi_graph.exports.places import MM, fit, positions
from tsi_graph.exports.scene import view_words
from tsi_graph.exports.style import LINE, MUTED, WHITE, Mark
from tsi_graph.exports.ties import Floats, Ties, backbone, bundle
from tsi_graph.graph import Graph, one_mode
from tsi_graph.language import filled, number, short
from tsi_graph.recommend.columns import full_names, of_nodes

SIZE = (170.0, 190.0)
MOST, LEAST = 24, 3
NAMED, LINE_LONG = 2, 26
"""How many bodies stand under a circle, and how many letters a line of them has."""
WORDS = {
    "title": ("Le comunità della rete", "The communities of the network"),
    "lead": (
        "Cerchio: un gruppo di organizzazioni che lavorano soprattutto fra loro; area e numero: quante sono; nomi: "
        "quelle con più legami. Linea: coppie legate fra due gruppi. Vicino = legato.",
        "Circle: organisations that mostly work with one another; area and number: how many; names: those with most "
        "ties. Line: tied pairs between two groups. Near = tied.",
    ),
    "counted": (
        "{n} organizzazioni, {m} coppie legate; disegnate {k} comunità con {inside} organizzazioni; colore e forma: "
        "il settore più frequente; altre {rest} in gruppi più piccoli o senza legami",
        "{n} organisations, {m} tied pairs; {k} communities with {inside} organisations are drawn; colour and shape: "
        "the most frequent sector; {rest} others in smaller groups or without ties",
    ),
    "alt": (
        "{k} comunità con {inside} organizzazioni su {n}. La più grande: {x} organizzazioni intorno a {a}.",
        "{k} communities with {inside} of {n} organisations. The largest: {x} organisations around {a}.",
    ),
    "none": ("Nessuna comunità: mancano legami documentati.", "No community: documented ties are missing."),
}  # fmt: skip


@dataclass(frozen=True)
class Group:
    """A community: how many bodies, those with most ties (positions among organisations), its most frequent sector."""

    size: int
    first: tuple[int, ...]
    sector: str


@dataclass(frozen=True)
class Groups:
    """The largest communities, and how many pairs of bodies tie each two of them."""

    among: Graph
    groups: list[Group]
    ties: Ties


def groups(graph: Graph) -> Groups:
    """The communities of the organisations of a graph, the largest first."""
    among = one_mode(Graph(graph.nodes, graph.edges[beyond_membership(graph)], view=graph.view))
    if not len(among):
        return Groups(among, [], bundle(()))
    label, degree, sector = community(among), among.contacts.degrees, of_nodes(among, "sector")
    size = np.bincount(label)
    kept = [k for k in range(1, len(size)) if size[k] >= LEAST][:MOST]
    found = []
    for k in kept:
        mine = np.flatnonzero(label == k)
        best = sorted(mine.tolist(), key=lambda i: (-degree[i], str(among.ids[i])))[:NAMED]
        count = Counter(str(sector[i]) for i in mine.tolist())
        common = min(count, key=lambda one: (-count[one], one))
        found.append(Group(len(mine), tuple(best), common))
    place = {k: n for n, k in enumerate(kept)}
    i, j = among.ends
    between = (
        (place[a], place[b], 1.0, "SHARED")
        for a, b in zip(label[i].tolist(), label[j].tolist(), strict=True)
        if a != b and a in place and b in place
    )
    return Groups(among, found, bundle(between))


def chart(graph: Graph, lang: str) -> Chart:
    """A circle for each of the largest communities."""
    found = groups(graph)
    names = full_names(found.among, lang)
    inside = sum(one.size for one in found.groups)
    numbers: dict[str, object] = {
        "k": len(found.groups), "inside": number(inside, lang), "n": number(len(found.among), lang),
        "x": number(found.groups[0].size, lang) if found.groups else 0,
        "a": ", ".join(short(str(names[i])) for i in found.groups[0].first) if found.groups else "-",
    }  # fmt: skip
    words = view_words(graph, lang)
    more = {"m": number(len(found.among.edges), lang), "rest": number(len(found.among) - inside, lang)}
    counted = filled(lang, WORDS["counted"], **numbers, **more)
    return Chart(
        "communities", filled(lang, WORDS["title"]), filled(lang, WORDS["lead"]),
        " · ".join((*words[:-1], counted, words[-1])),
        filled(lang, WORDS["alt" if found.groups else "none"], **numbers),
        numbers, SIZE, lambda sheet: _draw(sheet, found, lang),
    )  # fmt: skip


def _draw(sheet: Sheet, found: Groups, lang: str) -> None:
    if not found.groups:
        sheet.text(sheet.left, sheet.high - 8 * MM, filled(lang, WORDS["none"]), TEXT)
        return
    n = len(found.groups)
    low = sheet.low + _legend(sheet, found, lang)
    size = np.array([one.size for one in found.groups], float)
    radius = 8 + 26 * np.sqrt(size / size.max())
    room = (sheet.left, low, sheet.right, sheet.high - 2 * MM)
    strong = backbone(found.ties, n) if len(found.ties) else np.zeros(0, dtype=bool)
    at = _places(n, found.ties[strong], radius, room)
    if len(found.ties):
        width = 0.4 + 4 * np.sqrt(found.ties.weight / found.ties.weight.max())
        sheet.faint(at[found.ties.pairs[~strong]])
        sheet.ties(at[found.ties.pairs[strong]], [LINE] * int(strong.sum()), width[strong])
    names = full_names(found.among, lang)
    for one, (x, y), r in zip(found.groups, at.tolist(), radius.tolist(), strict=True):
        mark = sector_mark(one.sector)
        sheet.disc(x, y, r, mark.fill, mark.outline)
        ink = "#FFFFFF" if _dark(mark) else "#1A1A1A"
        sheet.text(x, y - 3, number(one.size, lang), 8, ink, ha="center", va="center", weight="bold")
        sheet.mark(x, y + 5, replace(mark, fill=WHITE), 2.6)  # its shape says in grey what its colour says
        told = "\n".join(short(str(names[i]), LINE_LONG) for i in one.first)
        half = extent(told, 6.3)[0] / 2
        x = min(max(x, sheet.left + half), sheet.right - half)
        sheet.text(x, y - r - 2, told, 6.3, ha="center", va="top", halo=True)


def _places(n: int, ties: Ties, radius: Floats, room: tuple[float, float, float, float]) -> Floats:
    """Where each circle stands, with room for the names under it; those without ties in a row at the foot."""
    at = positions([f"{k:03}" for k in range(n)], ties)[["x", "y"]].to_numpy(float, copy=True)
    loose, names = ~np.isfinite(at[:, 0]), 18.0
    strip = 2 * radius[loose].max(initial=0) + names + 4 if loose.any() else 0.0
    area = (room[2] - room[0]) * (room[3] - room[1] - strip)
    clear = np.maximum(radius + names / 2 + 3, 38)
    clear = np.maximum(clear * min(1, np.sqrt(0.55 * area / max((np.pi * clear[~loose] ** 2).sum(), 1))), radius)
    at[~loose] = fit(at[~loose], clear[~loose], (room[0], room[1] + strip, room[2], room[3]))
    at[~loose, 1] += names / 2
    row = np.linspace(room[0], room[2], int(loose.sum()) * 2 + 1)[1::2]
    at[loose] = np.c_[row, room[1] + names + radius[loose]]
    return at


def _legend(sheet: Sheet, found: Groups, lang: str) -> float:
    """The sectors that lend their colour; gives the height it takes."""
    sectors = sorted(
        {one.sector for one in found.groups},
        key=lambda s: (s not in SECTORS, [*SECTORS].index(s) if s in SECTORS else 0),
    )
    x, y = sheet.left + 3, sheet.low + 4
    rows = 1
    for sector in sectors:
        told = filled(lang, SECTORS.get(sector, ("altro ente", "other body")))
        wide = 18 + extent(told, 6.5)[0]
        if x + wide > sheet.right:
            x, rows = sheet.left + 3, rows + 1
        height = y + (rows - 1) * 11
        sheet.mark(x, height, sector_mark(sector))
        sheet.text(x + 7, height, told, 6.5, MUTED, va="center")
        x += wide
    return rows * 11 + 8


def _dark(mark: Mark) -> bool:
    return sum(int(mark.fill[k : k + 2], 16) for k in (1, 3, 5)) < 380
