"""Who works with whom: tied pairs between each two sectors beside what re-dealt sectors would have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tsi_graph.analysis import gap_words
from tsi_graph.analysis.gaps import DRAWS, LEAST, UNSORTED, GroupTies, group_ties, judged, significant
from tsi_graph.exports.bodies import SECTORS
from tsi_graph.exports.charts.sheet import TEXT, Chart, Sheet, fitted, readable, sector_mark
from tsi_graph.exports.places import MM
from tsi_graph.exports.scene import view_words
from tsi_graph.exports.style import LINE
from tsi_graph.graph import Graph
from tsi_graph.language import filled, listed, number

SIZE = (170.0, 138.0)
DIVERGING = ("#1F4E8C", "#6E93C4", "#C5D5EA", "#F7F7F7", "#F6CFA6", "#D98A3D", "#A85C00")
"""From a third of what is expected to three times as much."""
FEW = "#E6E6E6"
HEADS = 17 * MM
"""Room for the head of the last column, right of it."""
MOST = 14
"""Sectors that have room; the largest."""
TOLD = 3
"""How many differences beyond chance are named either way to those who do not see the picture."""
WORDS = {
    "title": ("Chi lavora con chi: legami osservati e attesi", "Who works with whom: observed and expected ties"),
    "lead": (
        "Numero grande: coppie di organizzazioni legate; sotto, se sono meno (<) o più (>) di quante sarebbero con i "
        "settori distribuiti a caso. ▲ più, ▼ meno di quanto il caso spiegherebbe.",
        "Large: tied pairs of organisations; below, if these are fewer (<) or more (>) than with sectors dealt out at "
        "random. ▲ more, ▼ fewer than chance would explain.",
    ),
    "method": (
        "{draws} ridistribuzioni, Benjamini-Hochberg al 5 %; grigio: meno di {least} coppie attese",
        "{draws} re-dealings, Benjamini-Hochberg at 5 %; grey: fewer than {least} pairs expected",
    ),
    "counts": ("organizzazioni: {n}, coppie legate: {m}", "organisations: {n}, tied pairs: {m}"),
    "rest": (
        "di altro settore, non mostrate: {n}, coppie: {m}", "of other sectors, not shown: {n}, pairs: {m}",
    ),
    "fewer": ("meno dell'atteso (÷ 3)", "fewer than expected (÷ 3)"),
    "more": ("più dell'atteso (× 3)", "more than expected (× 3)"),
    "alt": (
        "Settori a confronto: {k}. Scarti che il caso non spiega: {sure}. Più coppie legate dell'atteso: {high}. Meno: "
        "{low}.",
        "Sectors compared: {k}. Differences beyond chance: {sure}. More tied pairs than expected: {high}. Fewer: "
        "{low}.",
    ),
    "hint": ("{told} (non provato)", "{told} (not proven)"),
    "pair": ("{names}, {o} contro {e}", "{names}, {o} against {e}"),
    "own": ("{names} fra loro, {o} contro {e}", "{names} among themselves, {o} against {e}"),
    "nothing": ("nessuna coppia", "no pair"),
    "empty": ("Nessun settore da confrontare.", "No sectors to compare."),
}  # fmt: skip


@dataclass(frozen=True)
class Matrix:
    """The sectors that are shown, as places in `ties`, and which pairs differ by more than chance."""

    ties: GroupTies
    shown: list[int]
    sure: np.ndarray

    @property
    def rest(self) -> tuple[int, int]:
        """How many organisations are of sectors that are not shown, and how many tied pairs these are in."""
        there = np.isin(self.ties.code, self.shown)
        return int((~there).sum()), int((~(there[self.ties.i] & there[self.ties.j])).sum())

    def log2(self, a: int, b: int) -> float:
        return float(np.log2(max(self.ties.observed[a, b], 0.5) / self.ties.expected[a, b]))


def matrix(graph: Graph) -> Matrix | None:
    """The comparison that is drawn. Pairs of sectors are judged together, as `sector_gaps` does, and so are sectors
    within themselves."""
    ties = group_ties(graph)
    if ties is None:
        return None
    sure = np.zeros_like(ties.expected, dtype=bool)
    for within in (False, True):
        pairs = judged(ties.names, ties.expected, within=within)
        for (a, b), stands in zip(pairs, significant(np.array([ties.p[pair] for pair in pairs])), strict=True):
            sure[a, b] = sure[b, a] = stands
    size = np.bincount(ties.code, minlength=len(ties.names))
    named = [k for k, name in enumerate(ties.names.tolist()) if name not in UNSORTED]
    order = [*SECTORS]
    rank = {k: order.index(name) if (name := str(ties.names[k])) in order else len(order) for k in named}
    largest = sorted(named, key=lambda k: (-size[k], k))[:MOST]
    return Matrix(ties, sorted(largest, key=lambda k: (rank[k], k)), sure)


def chart(graph: Graph, lang: str) -> Chart:
    """Sectors by sectors, the lower triangle."""
    found = matrix(graph)
    pairs = [] if found is None else [(a, b) for r, a in enumerate(found.shown) for b in found.shown[: r + 1]]
    seen = [] if found is None else [pair for pair in pairs if found.ties.expected[pair] >= LEAST]
    ranked = sorted(seen, key=lambda pair: (-found.log2(*pair), pair)) if found else []
    high = _foremost(found, [pair for pair in ranked if found and found.log2(*pair) > 0])
    low = _foremost(found, [pair for pair in reversed(ranked) if found and found.log2(*pair) < 0])
    numbers: dict[str, object] = {
        "k": len(found.shown) if found else 0,
        "high": "; ".join(_told(found, pair, lang) for pair in high) if found and high else _say("nothing", lang),
        "low": "; ".join(_told(found, pair, lang) for pair in low) if found and low else _say("nothing", lang),
        "sure": sum(bool(found.sure[pair]) for pair in pairs) if found else 0,
    }
    parts = [*view_words(graph, lang)]
    if found:
        counts = {"n": number(len(found.ties.code), lang), "m": number(len(found.ties.i), lang)}
        beyond = dict(zip("nm", (number(n, lang) for n in found.rest), strict=True))
        parts[-1:] = [
            filled(lang, WORDS["counts"], **counts),
            *((filled(lang, WORDS["rest"], **beyond),) if found.rest[0] else ()),
            filled(lang, WORDS["method"], draws=number(DRAWS, lang), least=number(LEAST, lang)), parts[-1],
        ]  # fmt: skip
    return Chart(
        "sectors", _say("title", lang), _say("lead", lang), " · ".join(parts),
        filled(lang, WORDS["alt" if found else "empty"], **numbers), numbers, SIZE,
        lambda sheet: _draw(sheet, found, lang),
    )  # fmt: skip


def _foremost(found: Matrix | None, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The first few of those that chance does not explain; where there are none, the first of all."""
    return [pair for pair in pairs if found and found.sure[pair]][:TOLD] or pairs[:1]


def _say(key: str, lang: str) -> str:
    return filled(lang, WORDS[key])


def _told(found: Matrix, pair: tuple[int, int], lang: str) -> str:
    names = listed(lang, [gap_words.group(str(found.ties.names[one]), lang) for one in dict.fromkeys(pair)])
    expected = number(round(float(found.ties.expected[pair])), lang)
    key = "own" if len(set(pair)) == 1 else "pair"
    told = filled(lang, WORDS[key], o=number(int(found.ties.observed[pair]), lang), e=expected, names=names)
    return told if found.sure[pair] else filled(lang, WORDS["hint"], told=told)


def _draw(sheet: Sheet, found: Matrix | None, lang: str) -> None:
    if found is None:
        sheet.text(sheet.left, sheet.high - 10 * MM, _say("empty", lang), TEXT)
        return
    left, top, low = sheet.left + 34 * MM, sheet.high - 5 * MM, sheet.low + 8 * MM
    wide, tall = (sheet.right - HEADS - left) / len(found.shown), (top - low) / len(found.shown)
    for r, a in enumerate(found.shown):
        name, mark = gap_words.group(str(found.ties.names[a]), lang), sector_mark(str(found.ties.names[a]))
        x, y = left + (r + 0.5) * wide, top - (r + 0.5) * tall
        sheet.mark(sheet.left + 3, y, mark)
        sheet.text(sheet.left + 10, y, fitted(name, TEXT, 33 * MM), TEXT, va="center")
        # the head of a column stands on its first cell, where the triangle leaves room to its right
        at = x - wide / 2
        sheet.mark(at + 4, y + tall / 2 + 6, mark)
        sheet.text(at + 10, y + tall / 2 + 6, fitted(name, TEXT, sheet.right - at - 10), TEXT, va="center")
        for c, b in enumerate(found.shown[: r + 1]):
            _cell(sheet, found, (a, b), left + c * wide, y - tall / 2, wide, tall, lang)
    for k, colour in enumerate(DIVERGING):
        sheet.rectangle(left + k * 22, sheet.low, 22, 8, colour, LINE)
    sheet.text(left - 4, sheet.low + 4, _say("fewer", lang), 6.5, ha="right", va="center")
    sheet.text(left + len(DIVERGING) * 22 + 4, sheet.low + 4, _say("more", lang), 6.5, va="center")


def _cell(
    sheet: Sheet, found: Matrix, pair: tuple[int, int], x: float, y: float, wide: float, tall: float, lang: str
) -> None:
    seen, hoped = int(found.ties.observed[pair]), float(found.ties.expected[pair])
    few = hoped < LEAST
    step = 0.0 if few else min(max(found.log2(*pair) / np.log2(3), -1), 1)
    fill = FEW if few else DIVERGING[round((step + 1) * (len(DIVERGING) - 1) / 2)]
    ink = readable(fill)
    sheet.rectangle(x + 0.6, y + 0.6, wide - 1.2, tall - 1.2, fill)
    middle = x + wide * (0.4 if found.sure[pair] else 0.5)
    sheet.text(middle, y + tall * 0.58, number(seen, lang), 8, ink, ha="center", va="center", weight="bold")
    # colours far from the middle are alike in grey: the sign tells which end it is
    shown = round(hoped, 1) if hoped < 10 else round(hoped)
    sign = "" if few or seen == shown else "< " if seen < shown else "> "
    sheet.text(x + wide / 2, y + tall * 0.24, f"{sign}{number(shown, lang)}", 6, ink, ha="center", va="center")
    if found.sure[pair]:
        sheet.text(x + wide - 2, y + tall - 2, "▲" if seen > hoped else "▼", 5, ink, ha="right", va="top")
