"""Projects as bars in time, and below them how many memberships began in each year."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tsi_graph.dates import OPEN
from tsi_graph.exports.charts.sheet import TEXT, Chart, Sheet, spread
from tsi_graph.exports.labels import extent
from tsi_graph.exports.places import MM
from tsi_graph.exports.scene import view_words
from tsi_graph.exports.style import FAINT, MARKS, MUTED
from tsi_graph.graph import MEMBERSHIP, Graph
from tsi_graph.language import filled, number, short
from tsi_graph.recommend.columns import as_year, full_names, of_edges, of_nodes

SIZE = (170.0, 205.0)
MOST = 45
BAR, EDGE = "#6E93C4", "#1F4E8C"
FADE = 26.0
NAME, YEAR = 6.3, 6.5
STEPS = (5, 10, 20, 50, 100, 200, 500, 1000)
"""How many years may lie between two that are written."""
Across = Callable[[float], float]
"""From a year to its place on the sheet."""
WORDS = {
    "title": ("Progetti e adesioni nel tempo", "Projects and memberships over time"),
    "lead": (
        "Spessore della barra e numero: partecipanti documentati. Barra che sfuma: fine non documentata. "
        "Rombo: evento o atto di un solo giorno.",
        "Thickness of the bar and number: documented participants. Fading bar: end not documented. "
        "Diamond: an event or act of one day.",
    ),
    "counted": (
        "progetti disegnati, quelli con più partecipanti: {k}, con una data: {dated}; senza, non disegnati: {u}",
        "projects drawn, those with most participants: {k}, with a date: {dated}; without, not drawn: {u}",
    ),
    "joins": (
        "Adesioni a reti e alleanze, per anno d'inizio. Disegnate: {n}; senza data: {u}",
        "Memberships of networks and alliances by first year. Drawn: {n}; without a date: {u}",
    ),
    "joins_beyond": (
        "Adesioni a reti e alleanze, per anno d'inizio. Disegnate: {n}; prima del {y0} o dopo il {y1}: {o}; senza "
        "data: {u}",
        "Memberships of networks and alliances by first year. Drawn: {n}; before {y0} or after {y1}: {o}; without a "
        "date: {u}",
    ),
    "alt": (
        "Progetti dal {y0} al {y1}: {k}; il più partecipato è {a}, partecipanti {x}. Senza data, non disegnati: {u}.",
        "Projects from {y0} to {y1}: {k}; the largest is {a}, participants {x}. Without a date, not drawn: {u}.",
    ),
    "none": ("Nessun progetto con una data.", "No project with a date."),
}  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """A project: when it began and ended, in years (nan: not documented), and how many take part."""

    node: int
    start: float
    end: float
    one_day: bool
    participants: int


def bars(graph: Graph) -> tuple[list[Bar], int]:
    """The dated projects, most participants first, and how many have no date."""
    _, j = graph.ends
    part = np.isin(of_edges(graph, "kind"), ("PARTICIPATES_IN", "SIGNATORY_OF"))
    size = Counter(j[part].tolist())
    starts, ends = of_nodes(graph, "valid_from"), of_nodes(graph, "valid_to")
    found, undated = [], 0
    for node in np.flatnonzero(graph.kinds_of("Project")).tolist():
        start, end = str(starts[node]), str(ends[node])
        if not start or start == OPEN:
            undated += 1
            continue
        until = as_year(end) if end and end != OPEN else float("nan")
        found.append(Bar(node, _begin(start), until, len(start) > 7 and start == end, size[node]))
    return sorted(found, key=lambda bar: (-bar.participants, str(graph.ids[bar.node]))), undated


def _begin(text: str) -> float:
    year, month, day = (*map(int, text.split("-")), 1, 1)[:3]
    return year + (month - 1) / 12 + (day - 1) / 372


def joined(graph: Graph) -> tuple[Counter[int], int]:
    """How many memberships began in each year, and how many have no date."""
    starts = of_edges(graph, "valid_from")[np.isin(of_edges(graph, "kind"), MEMBERSHIP)]
    years = [int(str(day)[:4]) for day in starts if str(day)[:4].isdigit()]
    return Counter(years), len(starts) - len(years)


def chart(graph: Graph, lang: str) -> Chart:
    """The largest dated projects, in the order of their start."""
    dated, undated = bars(graph)
    shown = sorted(dated[:MOST], key=lambda bar: (bar.start, str(graph.ids[bar.node])))
    names = full_names(graph, lang)
    numbers: dict[str, object] = {"k": len(shown), "u": undated}
    if shown:
        last = max(bar.end if bar.end == bar.end else bar.start for bar in shown)
        numbers |= {
            "y0": int(min(bar.start for bar in shown)), "y1": int(last), "a": short(str(names[dated[0].node])),
            "x": dated[0].participants,
        }  # fmt: skip
    words = view_words(graph, lang)
    counted = filled(lang, WORDS["counted"], k=len(shown), dated=len(dated), u=undated)
    size = (SIZE[0], 70.0 + max(len(shown), 2) * (SIZE[1] - 70.0) / MOST)
    return Chart(
        "timeline", filled(lang, WORDS["title"]), filled(lang, WORDS["lead"]),
        " · ".join((*words[:-1], counted, words[-1])),
        filled(lang, WORDS["alt" if shown else "none"], **numbers), numbers, size,
        lambda sheet: _draw(sheet, graph, shown, lang),
    )  # fmt: skip


def _draw(sheet: Sheet, graph: Graph, shown: list[Bar], lang: str) -> None:
    if not shown:
        sheet.text(sheet.left, sheet.high - 8 * MM, filled(lang, WORDS["none"]), TEXT)
        return
    first = int(min(bar.start for bar in shown))
    last = int(max(bar.end if bar.end == bar.end else bar.start + 1 for bar in shown)) + 1
    top, low = sheet.high - 5 * MM, sheet.low + 26 * MM

    def across(year: float) -> float:
        return sheet.left + (year - first) / (last - first) * (sheet.right - sheet.left)

    lines, told_years, step = axis(first, last, sheet.right - sheet.left)
    for year in lines:
        sheet.line([across(year)] * 2, [sheet.low, top], 0.6 if year % step == 0 else 0.3, FAINT, z=0)
    for year in told_years:
        sheet.text(across(year) + 1, top + 2, str(year), YEAR, MUTED)
    rows = spread(len(shown), top, low)
    tall = (top - low) / len(shown)
    names = _names(graph, shown, lang)
    for bar, name, y in zip(shown, names, rows, strict=True):
        thick = tall * (0.25 + 0.6 * min(1, bar.participants / 20))
        end = _bar(sheet, bar, across, y, thick)
        told = f"{name} ({bar.participants})"
        wide = extent(told, NAME)[0]
        if end + 4 + wide < sheet.right:
            sheet.text(end + 4, y, told, NAME, va="center")
        elif across(bar.start) - 4 - wide > sheet.left:
            sheet.text(across(bar.start) - 4, y, told, NAME, va="center", ha="right")
        else:  # in its bar
            x = max(min(across(bar.start) + 4, sheet.right - wide), sheet.left)
            sheet.text(x, y, told, NAME, va="center", halo=thick < NAME)
    _joins(sheet, graph, across, (first, last), low, lang)


def axis(first: int, last: int, wide: float) -> tuple[list[int], list[int], int]:
    """The years with a line, those that are written, and how many lie between two of these: as many as have room.

    >>> axis(1900, 2100, 465)[1]
    [1900, 1920, 1940, 1960, 1980, 2000, 2020, 2040, 2060, 2080]
    """
    one = wide / (last - first)
    needed = (extent(str(last), YEAR)[0] + 12) / one
    step = next((k for k in STEPS if k >= needed), STEPS[-1])
    written = [year for year in range(first, last) if year % step == 0 and year + needed <= last + 12 / one]
    if not written or first + needed <= written[0]:
        written = [first, *written]
    each = 1 if one >= 4 else step
    return [year for year in range(first, last + 1) if year % each == 0], written, step


def _names(graph: Graph, shown: list[Bar], lang: str) -> list[str]:
    """Short ones; where two would be alike, as much of the whole as there is room for."""
    full = [str(name) for name in full_names(graph, lang)[[bar.node for bar in shown]]]
    brief = Counter(map(short, full))
    return [short(name) if brief[short(name)] == 1 else short(re.sub(r"\s[-–/]\s", ": ", name)) for name in full]


def _bar(sheet: Sheet, bar: Bar, across: Across, y: float, thick: float) -> float:
    """Draws it; gives where it ends."""
    x = across(bar.start)
    if bar.one_day:
        sheet.marks(np.array([[x, y]]), np.array([2.6]), [MARKS["foundation"]])
        return float(x) + 3
    if bar.end == bar.end:
        end = max(across(bar.end), x + 1.5)
        sheet.rectangle(x, y - thick / 2, end - x, thick, BAR, EDGE)
        return float(end)
    fade = min(FADE, sheet.right - x)
    for k in range(12):
        sheet.rectangle(x + k * fade / 12, y - thick / 2, fade / 12, thick, BAR, alpha=1 - k / 12)
    return float(x) + fade


def _joins(sheet: Sheet, graph: Graph, across: Across, span: tuple[int, int], top: float, lang: str) -> None:
    count, undated = joined(graph)
    drawn = Counter({year: n for year, n in count.items() if span[0] <= year < span[1]})
    beyond = count.total() - drawn.total()
    counts = {key: number(n, lang) for key, n in (("n", drawn.total()), ("u", undated), ("o", beyond))}
    told = filled(lang, WORDS["joins_beyond" if beyond else "joins"], y0=span[0], y1=span[1] - 1, **counts)
    sheet.text(sheet.left, top - 5 * MM, told, TEXT, weight="bold", halo=True)
    most, room = max(drawn.values(), default=1), 14 * MM
    one, told_at = across(1) - across(0), list[float]()
    edge = min(1.0, one / 10)
    for year, n in sorted(drawn.items(), key=lambda of: (-of[1], of[0])):
        x, wide, tall = across(year) + edge, one - 2 * edge, n / most * room
        sheet.rectangle(x, sheet.low, wide, tall, MARKS["network"].outline)
        middle, needed = x + wide / 2, extent(number(n, lang), 6)[0] + 3
        if all(abs(middle - other) >= needed for other in told_at):  # the larger ones where years are narrow
            sheet.text(middle, sheet.low + tall + 1.5, number(n, lang), 6, ha="center", halo=True)
            told_at.append(middle)
