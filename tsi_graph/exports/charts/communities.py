"""The communities of a network that is too large to draw body by body: how many in each, around whom, how tied."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from tsi_graph.analysis.cohesion import community
from tsi_graph.analysis.coverage import beyond_membership
from tsi_graph.exports.bodies import SECTORS
from tsi_graph.exports.charts.sheet import TEXT, Chart, Sheet, sector_mark
from tsi_graph.exports.labels import extent, wrap
from tsi_graph.exports.places import MM, fit, positions
from tsi_graph.exports.scene import view_words
from tsi_graph.exports.style import LINE, MUTED, WHITE, Mark
from tsi_graph.exports.ties import Floats, Ties, backbone, bundle
from tsi_graph.graph import Graph, one_mode
from tsi_graph.language import filled, number, short
from tsi_graph.recommend.columns import full_names, of_nodes

SIZE = (170.0, 190.0)
MOST, LEAST = 24, 3
NAMED, LINE_LONG, LONGEST, NAME = 2, 22, 56, 6.3
"""How many bodies stand under a circle, from how many letters on they take two lines or are cut, and their size."""
GAP = 4.0
"""Points between a circle or its names and the next ones."""
BETWEEN = 3.5
"""Points between two names, more than between the lines of one."""
TRIES = tuple((named, scale) for named in (NAMED, 1) for scale in (1.0, 0.85, 0.7, 0.55))
"""How many names and how large circles, the first that have room."""
WORDS = {
    "title": ("Le comunità della rete", "The communities of the network"),
    "lead": (
        "Cerchio: un gruppo di organizzazioni che lavorano soprattutto fra loro; area e numero: quante sono; nomi: "
        "quelle con più legami. Linea: coppie legate fra due gruppi. Vicino = legato.",
        "Circle: organisations that mostly work with one another; area and number: how many; names: those with most "
        "ties. Line: tied pairs between two groups. Near = tied.",
    ),
    "counted": (
        "organizzazioni: {n}, coppie legate: {m}; comunità disegnate: {k}, organizzazioni in queste: {inside}; colore "
        "e forma: il settore più frequente; in gruppi più piccoli o senza legami: {rest}",
        "organisations: {n}, tied pairs: {m}; communities drawn: {k}, organisations in these: {inside}; colour and "
        "shape: the most frequent sector; in smaller groups or without ties: {rest}",
    ),
    "alt": (
        "Comunità: {k}; organizzazioni in queste: {inside} su {n}. La più grande è intorno a {a}, organizzazioni: {x}.",
        "Communities: {k}; organisations in these: {inside} of {n}. The largest is around {a}, organisations: {x}.",
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
    low = sheet.low + _legend(sheet, found, lang)
    strong = backbone(found.ties, len(found.groups)) if len(found.ties) else np.zeros(0, dtype=bool)
    blocks = arranged(found, strong, (sheet.left, low, sheet.right, sheet.high - 2 * MM), lang)
    at = np.array([(block.x, block.y) for block in blocks])
    if len(found.ties):
        width = 0.4 + 4 * np.sqrt(found.ties.weight / found.ties.weight.max())
        sheet.faint(at[found.ties.pairs[~strong]])
        sheet.ties(at[found.ties.pairs[strong]], [LINE] * int(strong.sum()), width[strong])
    for one, block in zip(found.groups, blocks, strict=True):
        mark = sector_mark(one.sector)
        sheet.disc(block.x, block.y, block.radius, mark.fill, mark.outline)
        ink = "#FFFFFF" if _dark(mark) else "#1A1A1A"
        sheet.text(block.x, block.y - 3, number(one.size, lang), 8, ink, ha="center", va="center", weight="bold")
        sheet.mark(block.x, block.y + 5, replace(mark, fill=WHITE), 2.6)  # its shape says in grey what its colour says
        y = block.y - block.radius - 2
        for name in block.names:
            wide, high = extent(name, NAME)
            sheet.rectangle(block.x - wide / 2 - 1, y - high - 1, wide + 2, high + 1, WHITE)
            sheet.text(block.x, y, name, NAME, ha="center", va="top", halo=True)
            y -= high + BETWEEN


@dataclass(frozen=True)
class Block:
    """A circle, the names under it, and the box of both (left, low, right, high)."""

    x: float
    y: float
    radius: float
    names: tuple[str, ...]
    box: tuple[float, float, float, float]


def arranged(found: Groups, strong: np.ndarray, room: tuple[float, float, float, float], lang: str) -> list[Block]:
    """The circles with their names, none over another: with fewer names and smaller circles where room is scarce."""
    size, full = np.array([one.size for one in found.groups], float), full_names(found.among, lang)
    for named, scale in TRIES:
        radius = 8 + (26 * np.sqrt(size / size.max())) * scale
        names = [tuple(_called(str(full[i])) for i in one.first[:named]) for one in found.groups]
        size_of = [[extent(name, NAME) for name in told] for told in names]
        under = np.array([2 + sum(high + BETWEEN for _, high in told) for told in size_of])
        half = np.maximum(radius, [max(wide for wide, _ in told) / 2 + 1 for told in size_of])
        sides = np.c_[half, radius + under, half, radius] + GAP / 2  # how far a block goes left, down, right and up
        at = apart(_places(len(size), found.ties[strong], radius, under, room), sides, room)
        if _overlapping(at, sides).any():
            at = in_rows(at, sides, room)
        if not _overlapping(at, sides).any():
            break
    boxes = np.c_[at - sides[:, :2], at + sides[:, 2:]]
    parts = zip(at.tolist(), radius.tolist(), names, boxes.tolist(), strict=True)
    return [Block(x, y, r, told, (box[0], box[1], box[2], box[3])) for (x, y), r, told, box in parts]


def _places(
    n: int, ties: Ties, radius: Floats, under: Floats, room: tuple[float, float, float, float]
) -> Floats:  # fmt: skip
    """About where each circle stands; those without ties in a row at the foot."""
    at = positions([f"{k:03}" for k in range(n)], ties)[["x", "y"]].to_numpy(float, copy=True)
    loose = ~np.isfinite(at[:, 0])
    strip = (2 * radius + under + GAP)[loose].max(initial=0)
    clear = radius + under / 2
    at[~loose] = fit(at[~loose], clear[~loose], (room[0], room[1] + strip, room[2], room[3]))
    at[~loose, 1] += under[~loose] / 2
    row = np.linspace(room[0], room[2], int(loose.sum()) * 2 + 1)[1::2]
    at[loose] = np.c_[row, np.full(len(row), room[1] + (under + radius)[loose].max(initial=0))]
    return at


def _called(name: str) -> str:
    """A name in two lines at most, cut later than elsewhere."""
    brief = short(name)
    return wrap(short(name, LONGEST) if brief.endswith("…") else brief, LINE_LONG)


def apart(at: Floats, sides: Floats, room: tuple[float, float, float, float], rounds: int = 400) -> Floats:
    """Places pushed until no two boxes overlap or the rounds are over, each the short way; all stay in the room."""
    least, most = np.array(room[:2]) + sides[:, :2], np.array(room[2:]) - sides[:, 2:]
    at = np.clip(at, least, most)
    for _ in range(rounds):
        boxes = np.c_[at - sides[:, :2], at + sides[:, 2:]]
        pairs = np.argwhere(np.triu(_overlapping(at, sides)))
        if not len(pairs):
            break
        for i, j in pairs.tolist():
            shared = np.minimum(boxes[i, 2:], boxes[j, 2:]) - np.maximum(boxes[i, :2], boxes[j, :2])
            way = int(np.argmin(shared))
            middle = boxes[[i, j], way] + boxes[[i, j], way + 2]
            step = (0.26 * shared[way] + 0.05) * (1 if middle[0] >= middle[1] else -1)
            at[i, way] += step
            at[j, way] -= step
        at = np.clip(at, least, most)
    return at


def in_rows(at: Floats, sides: Floats, room: tuple[float, float, float, float]) -> Floats:
    """Places in rows from above, each from the left, in about the order they had; unchanged where rows have no room."""
    wide = sides[:, 0] + sides[:, 2]
    for k in range(1, len(at) + 1):
        rows = [row[np.argsort(at[row, 0])] for row in np.array_split(np.argsort(-at[:, 1]), k)]
        high = [sides[row, 1].max() + sides[row, 3].max() for row in rows]
        free = room[3] - room[1] - sum(high)
        if free >= 0 and all(wide[row].sum() <= room[2] - room[0] for row in rows):
            break
    else:
        return at
    out, top = at.copy(), room[3]
    for row, tall in zip(rows, high, strict=True):
        space = (room[2] - room[0] - wide[row].sum()) / len(row)
        out[row, 0] = room[0] + np.cumsum(wide[row] + space) - space / 2 - sides[row, 2]
        uneven = np.arange(len(row)) % 3 * min(free / len(rows), 24) / 2  # or lines would run behind circles
        out[row, 1] = top - sides[row, 3].max() - uneven
        top -= tall + free / len(rows)
    return out


def _overlapping(at: Floats, sides: Floats) -> np.ndarray:
    """Which boxes share a place with which others."""
    low, high = (at - sides[:, :2])[:, None], (at + sides[:, 2:])[:, None]
    shared = np.minimum(high, high.transpose(1, 0, 2)) - np.maximum(low, low.transpose(1, 0, 2))
    return np.asarray((shared > 1e-6).all(axis=2) & ~np.eye(len(at), dtype=bool))


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
