"""Ways to the international networks: of the whole ecosystem through its ports, or of one body."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from tsi_graph.analysis import gap_words
from tsi_graph.exports.bodies import Body, body
from tsi_graph.exports.charts.sheet import TEXT, Chart, Sheet, fitted, sector_mark, spread
from tsi_graph.exports.labels import extent
from tsi_graph.exports.places import MM
from tsi_graph.exports.scene import view_words
from tsi_graph.exports.style import LINE, MARKS
from tsi_graph.graph import Graph
from tsi_graph.language import filled, number, short
from tsi_graph.recommend.columns import full_names, of_nodes
from tsi_graph.recommend.doors import Gateway, Wanted, doors
from tsi_graph.recommend.ports import ecosystem
from tsi_graph.recommend.routes import Route, routes
from tsi_graph.recommend.rules import closed
from tsi_graph.recommend.ties import fabric

if TYPE_CHECKING:
    from tsi_graph.recommend.ledger.reading import Considered

WIDE, ROW = 170.0, 7.2
INTERNATIONAL = "international"
MOST = 12
"""Routes of one body that are drawn."""
RED = MARKS["network"].outline
WORDS = {
    "title": ("Porte verso le reti internazionali", "Ports to international networks"),
    "lead": (
        "Da sinistra: organizzazioni dell'ecosistema legate a ogni porta; la porta, con il loro numero; la rete. "
        "Linea continua: aderisce. Tratteggio: collabora, o un progetto in corso.",
        "From the left: bodies of the ecosystem tied to each port; the port, with their number; the network. "
        "Solid line: a member. Dashed: works with it, or a project that runs.",
    ),
    "left": ("Organizzazioni dell'ecosistema", "Bodies of the ecosystem"),
    "port": ("Porta", "Port"),
    "network": ("Rete europea o mondiale", "European or global network"),
    "closed": ("reti senza porta aperta: {n}", "networks without an open port: {n}"),
    "alt": (
        "Reti internazionali: {of}; con una porta aperta: {r}, senza: {n}. Porte: {p}; la più vicina all'ecosistema è "
        "{a}, organizzazioni a cui è legata: {x}.",
        "International networks: {of}; with an open port: {r}, without: {n}. Ports: {p}; the one closest to the "
        "ecosystem is {a}, bodies that it is tied to: {x}.",
    ),
    "none": ("Nessuna porta aperta. Reti internazionali: {of}.", "No open port. International networks: {of}."),
    "none_drawn": ("Nessuna porta aperta.", "No open port."),
    "own_title": ("Vie verso le reti: {a}", "Ways to networks: {a}"),
    "own_lead": (
        "Le vie più corte e solide su legami documentati. Linea spessa: buona; sottile: media; tratteggio: debole.",
        "The shortest and firmest ways over documented ties. Thick line: good; thin: fair; dashed: weak.",
    ),
    "own_counted": (
        "reti raggiunte in al più tre passi: {of}, disegnate: {k}",
        "networks reached in three steps at most: {of}, drawn: {k}",
    ),
    "own_alt": (
        "Reti nazionali e internazionali che {a} raggiunge in al più tre passi: {of}, disegnate: {k}. La più vicina: "
        "{b}, passi {s}.",
        "National and international networks that {a} reaches in three steps at most: {of}, drawn: {k}. The nearest: "
        "{b}, steps {s}.",
    ),
    "own_none": (
        "Nessuna via documentata di {a} verso reti nazionali o internazionali.",
        "No documented way of {a} to a national or international network.",
    ),
    "you": ("voi", "you"),
}  # fmt: skip


@dataclass(frozen=True)
class Ports:
    """The open doors of international networks: who holds them, and which sorts of bodies are tied to each."""

    gateways: tuple[Gateway, ...]
    columns: tuple[list[str], list[str], list[str]]
    flow: Mapping[tuple[str, str], int]
    firm: Mapping[tuple[str, str], bool]
    known_by: Mapping[str, int]
    sizes: Mapping[str, int]


def ports(graph: Graph, lang: str = "it", ledger: Considered | None = None) -> Ports:
    """What is drawn of the whole ecosystem; ids of networks and ports, sorts of bodies as `sector:`."""
    gateways = doors(graph, lang, Wanted(INTERNATIONAL), ledger=ledger).gateways
    firm = {(door.id, one.id): door.level == "member" for one in gateways for door in one.doors if door.open}
    here = ecosystem(graph) & ~closed(graph, fabric(graph))
    sector = of_nodes(graph, "sector")
    flow: Counter[tuple[str, str]] = Counter()
    around: dict[str, set[int]] = {}
    for port in {port for port, _ in firm}:
        near = fabric(graph).near(graph.position(port))
        around[port] = set(near[here[near]].tolist())
        flow.update((f"sector:{sector[at] or 'not stated'}", port) for at in around[port])
    reached = set[int]().union(*around.values())
    sizes = Counter(f"sector:{sector[at] or 'not stated'}" for at in reached)
    columns = (sorted({a for a, _ in flow}), sorted(around), sorted({b for _, b in firm}))
    ordered = _swept(columns, {**flow, **dict.fromkeys(firm, 1)})
    return Ports(gateways, ordered, flow, firm, {port: len(who) for port, who in around.items()}, sizes)


def _swept(
    columns: tuple[list[str], list[str], list[str]], links: Mapping[tuple[str, str], int], rounds: int = 12
) -> tuple[list[str], list[str], list[str]]:
    """Each column in the order of the mean place of its neighbours, back and forth: few lines cross."""
    order = [list(column) for column in columns]
    near: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for (a, b), weight in sorted(links.items()):
        near[a].append((b, weight))
        near[b].append((a, weight))
    for turn in range(rounds):
        steps = ((1, 0), (2, 1)) if turn % 2 == 0 else ((1, 2), (0, 1))
        for c, other in steps:
            at = {key: n / max(len(order[other]) - 1, 1) for n, key in enumerate(order[other])}
            mean = {}
            for key in order[c]:
                pull = [(at[o], w) for o, w in near[key] if o in at]
                mean[key] = sum(p * w for p, w in pull) / sum(w for _, w in pull) if pull else 0.5
            order[c] = sorted(order[c], key=lambda key: (round(mean[key], 9), key))
    return order[0], order[1], order[2]


def chart(graph: Graph, lang: str, ledger: Considered | None = None) -> Chart:
    """Sorts of bodies, ports, networks."""
    found = ports(graph, lang, ledger)
    names = full_names(graph, lang)
    closest = min(found.known_by, key=lambda port: (-found.known_by[port], port), default="")
    without = [one.name for one in found.gateways if not one.open_doors]
    numbers: dict[str, object] = {
        "p": len(found.columns[1]), "r": len(found.columns[2]), "of": len(found.gateways),
        "a": short(str(names[graph.position(closest)])) if closest else "-", "x": found.known_by.get(closest, 0),
        "n": len(without),
    }  # fmt: skip
    words = view_words(graph, lang)
    parts = [*words[:-1], filled(lang, WORDS["closed"], n=number(len(without), lang))]
    tall = 38.0 + ROW * max(*map(len, found.columns), 4) + 6
    return Chart(
        "routes", filled(lang, WORDS["title"]), filled(lang, WORDS["lead"]), " · ".join((*parts, words[-1])),
        filled(lang, WORDS["alt" if closest else "none"], **_told(numbers, lang)), numbers,
        (WIDE, min(max(tall, 70.0), 205.0)),
        lambda sheet: _draw(sheet, graph, found, lang),
    )  # fmt: skip


def _draw(sheet: Sheet, graph: Graph, found: Ports, lang: str) -> None:
    if not found.columns[1]:
        sheet.text(sheet.left, sheet.high - 8 * MM, filled(lang, WORDS["none_drawn"]), TEXT)
        return
    xs = (sheet.left + 40 * MM, sheet.left + 86 * MM, sheet.right - 44 * MM)
    top, place = sheet.high - 8 * MM, dict[str, tuple[float, float]]()
    for x, column in zip(xs, found.columns, strict=True):
        place |= {key: (x, y) for key, y in zip(column, spread(len(column), top, sheet.low), strict=True)}
    for words, x in ((WORDS["left"], sheet.left), (WORDS["port"], xs[1] - 8), (WORDS["network"], xs[2] - 4)):
        sheet.text(x, sheet.high - 4 * MM, filled(lang, words), 7.5, weight="bold")
    for (a, b), n in sorted(found.flow.items()):
        (x0, y0), (x1, y1) = place[a], place[b]
        colour = sector_mark(a.partition(":")[2]).outline
        sheet.curve((x0 + 5, y0), (x1 - 7, y1), min(0.5 * n, 9), colour, alpha=0.45)
    for (a, b), member in sorted(found.firm.items()):
        (x0, y0), (x1, y1) = place[a], place[b]
        sheet.curve((x0 + 7, y0), (x1 - 6, y1), 1.3, RED, dashed=not member, alpha=0.9)
    for key in found.columns[0]:
        (x, y), sector = place[key], key.partition(":")[2]
        sheet.mark(x, y, sector_mark(sector), 4)
        told = f"{gap_words.group(sector, lang)} ({found.sizes[key]})"
        sheet.text(x - 7, y, fitted(told, TEXT, x - sheet.left - 9), TEXT, ha="right", va="center")
    for key in found.columns[1]:
        x, y = place[key]
        sheet.mark(x, y, body(graph, key, lang).mark, 4.4)
        count = f" · {found.known_by[key]}"
        room = 46 * MM - extent(count, 6.8, True)[0]
        told = fitted(body(graph, key, lang).name, 6.8, room, bold=True) + count
        sheet.text(x + 9, y - 6, told, 6.8, ha="right", va="top", weight="bold", halo=True)
    for key in found.columns[2]:
        x, y = place[key]
        sheet.mark(x, y, MARKS["network"], 3.8)
        sheet.text(x + 7, y, fitted(body(graph, key, lang).name, TEXT, 40 * MM), TEXT, va="center")


def _told(numbers: Mapping[str, object], lang: str) -> dict[str, object]:
    return {key: number(said, lang) if isinstance(said, int) else said for key, said in numbers.items()}


def of_body(graph: Graph, node: str, lang: str, ledger: Considered | None = None, most: int = MOST) -> Chart:
    """The ways of one body: itself, those in between, the networks. Raises NotFound."""
    me = body(graph, node, lang)
    every = routes(graph, node, lang, ledger)
    shown = every[:most]
    numbers: dict[str, object] = {
        "a": me.name, "of": len(every), "k": len(shown), "b": shown[0].name if shown else "-",
        "s": shown[0].steps if shown else 0,
    }  # fmt: skip
    words = view_words(graph, lang)
    counted = filled(lang, WORDS["own_counted"], **_told(numbers, lang))
    return Chart(
        "routes", filled(lang, WORDS["own_title"], a=me.name), filled(lang, WORDS["own_lead"]),
        " · ".join((*words[:-1], counted, words[-1])),
        filled(lang, WORDS["own_alt" if shown else "own_none"], **_told(numbers, lang)),
        numbers, (WIDE, 34.0 + ROW * max(len(shown), 3)),
        lambda sheet: _draw_own(sheet, graph, me, shown, lang),
    )  # fmt: skip


def _draw_own(sheet: Sheet, graph: Graph, me: Body, shown: Sequence[Route], lang: str) -> None:
    if not shown:
        told = filled(lang, WORDS["own_none"], a=me.name)
        sheet.text(sheet.left, sheet.high - 8 * MM, fitted(told, TEXT, sheet.right - sheet.left), TEXT)
        return
    ends = [one.id for one in shown]
    rows = dict(zip(ends, spread(len(shown), sheet.high - 2 * MM, sheet.low), strict=True))
    xs = (sheet.left + 34 * MM, sheet.left + 62 * MM, sheet.left + 92 * MM, sheet.right - 48 * MM)
    columns = _between(shown, rows)
    place = {(0, me.id): (xs[0], float(np.mean(list(rows.values()))))}
    for level, column in enumerate(columns, 1):
        heights = spread(len(column), sheet.high - 2 * MM, sheet.low)
        place |= {(level, key): (xs[level], y) for key, y in zip(column, heights, strict=True)}
    for one in shown:
        chain = [(0, me.id), *((level, z) for level, z in enumerate(one.through, 1))]
        points = [place[step] for step in chain] + [(xs[3], rows[one.id])]
        width = {"good": 2.0, "fair": 1.1, "weak": 0.9}[one.solidity]
        for start, end in pairwise(points):
            sheet.curve((start[0] + 5, start[1]), (end[0] - 5, end[1]), width, LINE, dashed=one.solidity == "weak")
    sheet.mark(*place[0, me.id], me.mark, 5)
    sheet.text(
        xs[0] - 8, place[0, me.id][1], fitted(me.name, 8, 30 * MM, bold=True), 8, ha="right", va="center", weight="bold"
    )
    for (level, key), (x, y) in place.items():
        if level:
            between = body(graph, key, lang)
            sheet.mark(x, y, between.mark, 4)
            sheet.text(x, y - 5.5, fitted(between.name, 6.5, 29 * MM), 6.5, ha="center", va="top", halo=True)
    for one in shown:
        sheet.mark(xs[3], rows[one.id], MARKS["network"], 3.8)
        sheet.text(xs[3] + 7, rows[one.id], fitted(one.name, TEXT, 43 * MM), TEXT, va="center")


def _between(shown: Sequence[Route], rows: Mapping[str, float]) -> list[list[str]]:
    """Those in between by how many steps away they are, at the mean height of the networks they lead to."""
    heights: dict[tuple[int, str], list[float]] = defaultdict(list)
    for one in shown:
        for level, z in enumerate(one.through, 1):
            heights[level, z].append(rows[one.id])
    keys = sorted(heights, key=lambda key: (key[0], -float(np.mean(heights[key])), key[1]))
    return [[z for level, z in keys if level == wanted] for wanted in (1, 2)]
