"""Names on the picture: cleaned, shortened, broken in two lines, and placed where they cover least."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from tsi_graph.exports.ties import Floats

FIRST = 8
"""How many names always get a place, in bold."""
FINE = 100
"""Times as large as drawn texts are measured, since a font is measured in whole 64ths of a point."""

_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFFFE, 0xFFFF])
_SIDES = ((1, 0), (-1, 0), (0.75, 0.75), (0.75, -0.75), (-0.75, 0.75), (-0.75, -0.75), (0, 1), (0, -1))


def clean(text: object) -> str:
    """Text that can be drawn: no control characters, nothing that turns the reading direction, single spaces.

    >>> clean("Ann\\u202e\\x00\\u2028 Ltd")
    'Ann Ltd'
    """
    plain = str(text).translate(_BIDI)
    return " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in plain).split())


def wrap(name: str, line: int = 20) -> str:
    """Two lines at most, broken at the space nearest to the middle."""
    if len(name) <= line or " " not in name:
        return name
    cut = min((i for i, c in enumerate(name) if c == " "), key=lambda i: abs(i - len(name) / 2))
    return name[:cut] + "\n" + name[cut + 1 :]


@cache
def _line_width(text: str, size: float, bold: bool) -> float:
    from matplotlib.font_manager import FontProperties, findfont, get_font
    from matplotlib.ft2font import LoadFlags

    if not text.strip():
        return 0.0
    font = get_font(findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")))
    font.set_size(size, 72 * FINE)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / 64 / FINE


def extent(text: str, size: float, bold: bool = False) -> tuple[float, float]:
    """Width and height of a text in points."""
    lines = text.split("\n")
    return max(_line_width(line, size, bold) for line in lines), size * (1.18 * len(lines) - 0.18)


def broken(text: str, size: float, width: float) -> list[str]:
    """A text in lines that are no wider than so many points."""
    lines, room = [""], 0.0
    for word in clean(text).split():
        needed = extent(word, size)[0] + 0.32 * size
        if lines[-1] and needed > room:
            lines.append(word)
            room = width - needed
        else:
            lines[-1], room = f"{lines[-1]} {word}".strip(), (room if lines[-1] else width) - needed
    return lines


def balanced(text: str, size: float, width: float) -> list[str]:
    """The same in as few lines, of about the same length: no last line of a single word."""
    lines = broken(text, size, width)
    while len(closer := broken(text, size, width := width * 0.97)) == len(lines) > 1:
        lines = closer
    return lines


def notes(footer: str, size: float, width: float) -> list[str]:
    """The parts of a footer in lines, broken between parts, and within one only where it is longer than a line."""
    lines = [""]
    for part in footer.split(" · "):
        longer = f"{lines[-1]} · {part}" if lines[-1] else part
        if 1.03 * extent(longer, size)[0] <= width:
            lines[-1] = longer
        else:
            lines += broken(part, size, width)
    return [line for line in lines if line]


@dataclass(frozen=True)
class Label:
    """A placed name: which node, the middle of its box, the box (left, low, right, high), and if a line leads to it."""

    node: int
    x: float
    y: float
    box: tuple[float, float, float, float]
    led: bool


def place(
    at: Floats,
    radius: Floats,
    order: Sequence[int],
    texts: Sequence[str],
    sizes: Floats,
    segments: Floats,
    room: tuple[float, float, float, float],
    most: int,
) -> list[Label]:
    """The names that find room, most important first; no two overlap and none leaves the room.

    Each takes the cheapest of eight sides at growing distance; covering marks and lines costs, covering the
    mark of a named node is not allowed. Only twice as many as asked are tried: names of minor nodes must not
    fill the gaps that better known ones leave.
    """
    steps = np.linspace(0.1, 0.9, 9)
    mids = np.concatenate([segments[:, 0] * (1 - t) + segments[:, 1] * t for t in steps]) if len(segments) else at[:0]
    body = np.c_[at - radius[:, None], at + radius[:, None]]
    heavy = np.zeros(len(at), dtype=bool)
    heavy[list(order[:FIRST])] = True
    placed: list[Label] = []
    boxes = np.empty((0, 4))
    for rank, i in enumerate(order[: 2 * most]):
        if len(placed) >= most:
            break
        width, height = extent(texts[i], sizes[i], rank < FIRST)
        best: tuple[float, Label] | None = None
        for ring, distance in enumerate((1.5, 6, 14, 24, 36) if rank < FIRST else (1.5, 6)):
            for side, (dx, dy) in enumerate(_SIDES):
                x = at[i, 0] + dx * (radius[i] + distance) + np.sign(dx) * width / 2
                y = at[i, 1] + dy * (radius[i] + distance) + np.sign(dy) * height / 2
                box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
                outside = box[0] < room[0] or box[1] < room[1] or box[2] > room[2] or box[3] > room[3]
                if outside or _hits(box, boxes, 1.0).any():
                    continue
                over = _hits(box, body)
                over[i] = False
                if (over & heavy).any():
                    continue
                lines = ((mids > box[:2]) & (mids < box[2:])).all(axis=1).sum()
                cost = (radius[over] ** 2).sum() / 6 + 0.1 * lines + 0.05 * side + 0.8 * ring
                if best is None or cost < best[0]:
                    best = (float(cost), Label(i, float(x), float(y), box, ring > 0))
        if best is None or (best[0] > 4 and rank >= FIRST):
            continue
        heavy[i] = True
        placed.append(best[1])
        boxes = np.r_[boxes, [best[1].box]]
    return placed


def _hits(box: tuple[float, float, float, float], others: Floats, pad: float = 0.0) -> np.ndarray:
    return np.asarray(
        (box[0] - pad < others[:, 2])
        & (box[2] + pad > others[:, 0])
        & (box[1] - pad < others[:, 3])
        & (box[3] + pad > others[:, 1])
    )
