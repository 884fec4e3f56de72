"""What the marks, sizes and lines mean, with counts of the whole data, and the line at the foot of the sheet."""

from __future__ import annotations

import math

import numpy as np

from tsi_graph.exports.canvas import Canvas
from tsi_graph.exports.labels import extent, notes
from tsi_graph.exports.places import MM
from tsi_graph.exports.scene import Scene
from tsi_graph.exports.style import FAINT, LINE, MUTED, TIES, tie_class
from tsi_graph.language import figures, number

ROW = 4.6 * MM
COLUMNS = 3
TEXT = 6.5


def legend_height(shown: Scene, folds: bool) -> float:
    return ROW * (math.ceil(len(shown.legend) / COLUMNS) + 2 + folds) + 5 * MM


def legend(canvas: Canvas, shown: Scene, left: float, top: float, right: float, *, folds: bool, faint: bool) -> None:
    """Marks in three columns, then sizes, then lines; `folds` adds what a number inside a mark means."""
    lang = shown.look.lang
    for n, (name, count) in enumerate(shown.legend):
        x, y = left + (n % COLUMNS) * (right - left) / COLUMNS + 3, top - n // COLUMNS * ROW
        canvas.marks(np.array([[x, y]]), np.array([3.2]), [shown.marks[name]])
        words = _cut(f"{shown.marks[name].word(lang)}", (right - left) / COLUMNS - 40)
        canvas.text(x + 7, y, f"{words} ({number(count, lang)})", TEXT, va="center")
    y = top - math.ceil(len(shown.legend) / COLUMNS) * ROW - 2
    if shown.value.max(initial=0) > 0:
        _sizes(canvas, shown, left, y)
    y -= ROW + 1
    _lines(canvas, shown, left, y, faint)
    if folds:
        canvas.text(left, y - ROW, shown.words["folded"], TEXT, va="center")


def _cut(text: str, width: float) -> str:
    while len(text) > 1 and extent(text, TEXT)[0] > width:
        text = text[:-2].rstrip() + "…"
    return text


def _sizes(canvas: Canvas, shown: Scene, left: float, y: float) -> None:
    """Three open circles at round values, drawn as large as an organisation with that value."""
    name = shown.value_name
    name = name if name[1:2].isupper() else name[:1].lower() + name[1:]
    words = _cut(f"{shown.words['size']}: {name}", 300)
    canvas.text(left, y, words, TEXT, va="center")
    x, top = left + 8 + extent(words, TEXT)[0], float(shown.value.max())
    for value in dict.fromkeys(nice(top * share) for share in (1, 0.35, 0.08)):
        radius = 2.0 + 6.0 * math.sqrt(value / top)
        x += radius + 5
        canvas.circle(x, y, radius, MUTED)
        x += radius + 3
        text = figures(value, shown.look.lang, 1)
        canvas.text(x, y, text, TEXT, va="center")
        x += extent(text, TEXT)[0] + 8


def nice(value: float) -> float:
    """The largest of 1, 2, 5, 10, 20, 50 ... that is not above a positive value.

    >>> nice(137), nice(0.35)
    (100.0, 0.2)
    """
    unit = 10.0 ** math.floor(math.log10(value))
    return round(max(step for step in (1, 2, 5, 10) if step * unit <= value * 1.0001) * unit, 12)


def legend_lines(shown: Scene) -> list[tuple[str, str]]:
    """The colours of ties in use and what they mean."""
    if not shown.mixed:
        return [(LINE, shown.words["strong"])] if len(shown.ties) else []
    found = {tie_class(kind) for kind in shown.ties.kinds}
    return [(TIES[c][0], TIES[c][1 if shown.look.lang == "it" else 2]) for c in TIES if c in found]


def _lines(canvas: Canvas, shown: Scene, left: float, y: float, faint: bool) -> None:
    lines = [(color, 1.2, words) for color, words in legend_lines(shown)]
    lines += [(FAINT, 0.5, shown.words["faint"])] if faint else []
    x = left
    for color, width, words in lines:
        canvas.line([x, x + 14], [y, y], width, color)
        canvas.text(x + 17, y, words, TEXT, va="center")
        x += 29 + extent(words, TEXT)[0]


NOTE = 6.0


def foot_height(footer: str, width: float) -> float:
    return 3 * MM + len(notes(footer, NOTE, width)) * NOTE * 1.2


def foot(canvas: Canvas, footer: str, left: float, right: float, height: float) -> None:
    """A rule and under it the footer, broken between its parts where it is too long for a line."""
    canvas.line([left, right], [height, height], 0.4, FAINT)
    canvas.text(left, height - 1.6 * MM, "\n".join(notes(footer, NOTE, right - left)), NOTE, MUTED, va="top")
