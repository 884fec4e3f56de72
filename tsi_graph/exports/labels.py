"""Names on the picture: cleaned, shortened, broken in two lines, and placed where they cover least."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tsi_graph.exports.ties import Floats

FIRST = 8
"""How many names always get a place, in bold."""
FINE = 100
"""Times as large as drawn texts are measured, since a font is measured in whole 64ths of a point."""

_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFFFE, 0xFFFF])
_SIDES = (
    (1, 0), (-1, 0), (0.75, 0.75), (0.75, -0.75), (-0.75, 0.75), (-0.75, -0.75), (0, 1), (0, -1),
    (0.95, 0.4), (0.95, -0.4), (-0.95, 0.4), (-0.95, -0.4), (0.4, 0.95), (0.4, -0.95), (-0.4, 0.95), (-0.4, -0.95),
)  # fmt: skip
APART = 3.0
"""Points between two names, more than between the lines of one."""
FAR = (1.5, 6.0, 14.0, 24.0, 36.0, 50.0, 66.0, 84.0)
"""How far a name stands from its mark; the last three for better known ones only."""
COVERED, GIVEN = 12.0, 5.0
"""What a name pays for each mark that it covers, and what a minor name is given to pay."""


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


@lru_cache(maxsize=16_384)
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
    """The names that find room, most important first; no two are near each other and none leaves the room.

    Each takes the cheapest of sixteen sides at growing distance, with a line to its mark from the second on. Only
    twice as many as asked are tried: names of minor nodes must not fill the gaps that better known ones leave.
    """
    taken = _Taken(at, radius, segments, order[:FIRST])
    for rank, i in enumerate(order[: 2 * most]):
        if len(taken.labels) >= most:
            break
        first = rank < FIRST
        width, height = extent(texts[i], sizes[i], first)
        best, least = None, np.inf if first else GIVEN
        for ring, distance in enumerate(FAR if rank < 2 * FIRST else FAR[:5]):
            for side, (dx, dy) in enumerate(_SIDES):
                x = at[i, 0] + dx * (radius[i] + distance) + _towards(dx) * width / 2
                y = at[i, 1] + dy * (radius[i] + distance) + _towards(dy) * height / 2
                box = (float(x - width / 2), float(y - height / 2), float(x + width / 2), float(y + height / 2))
                if box[0] < room[0] or box[1] < room[1] or box[2] > room[2] or box[3] > room[3]:
                    continue
                label = Label(i, float(x), float(y), box, ring > 0)
                cost = 0.05 * side + 0.6 * ring
                if cost < least and (cost := cost + taken.cost(label, distance)) < least:
                    best, least = label, cost
        if best is not None:
            taken.add(best)
    return taken.labels


class _Taken:
    """What stands on the sheet: marks, lines, the names placed so far and the lines that lead to them."""

    def __init__(self, at: Floats, radius: Floats, segments: Floats, first: Sequence[int]) -> None:
        steps = np.linspace(0.1, 0.9, 9)
        mids = [segments[:, 0] * (1 - t) + segments[:, 1] * t for t in steps] if len(segments) else [at[:0]]
        self.at, self.radius, self.mids = at, radius, np.ascontiguousarray(np.concatenate(mids).T)
        self.body = np.c_[at - radius[:, None], at + radius[:, None]]
        self.named = np.isin(np.arange(len(at)), first)
        self.labels: list[Label] = []
        self.boxes, self.leaders = np.empty((0, 4)), np.empty((0, 2, 2))

    def add(self, label: Label) -> None:
        self.labels.append(label)
        self.named[label.node] = True
        self.boxes = np.r_[self.boxes, [label.box]]
        if label.led:
            self.leaders = np.r_[self.leaders, [self.leader(label)]]

    def leader(self, label: Label) -> Floats:
        return leader(self.at[label.node], self.radius[label.node], label)

    def cost(self, label: Label, distance: float) -> float:
        """What a name covers and is near to; endless where it touches a name, its line or the mark of a named node.

        Covering a mark costs more than a minor name is given. Lying near to another mark than its own costs, and so
        does lying so near to a name that the two read as one.
        """
        if _hits(label.box, self.boxes, APART).any() or _crossed(self.leaders, np.array([label.box])).any():
            return np.inf
        over = _hits(label.box, self.body)
        over[label.node] = False
        if (over & self.named).any():
            return np.inf
        left, down, right, up = label.box
        x, y = self.mids
        lines = np.count_nonzero((x > left) & (x < right) & (y > down) & (y < up))
        cost = (COVERED + self.radius[over] ** 2 / 6).sum() + 0.1 * lines
        cost += 1.5 * _hits(label.box, self.boxes, 3 * APART).any()
        near = np.flatnonzero(_hits(label.box, self.body, min(distance, APART)))
        return float(cost + (near != label.node).any() + (self._way(label) if label.led else 0))

    def _way(self, label: Label) -> float:
        """What the line to a name costs: it may not pass over a name, another such line or the mark of a named node."""
        way = self.leader(label)[None]
        over = _crossed(way, self.body)
        over[label.node] = False
        if (over & self.named).any() or _crossed(way, self.boxes).any() or _crossing(way[0], self.leaders).any():
            return np.inf
        return float(over.sum())


def leader(mark: Floats, radius: float, label: Label) -> Floats:
    """The two ends of the line from the edge of a mark to that of its name's box."""
    way = np.array([label.x, label.y]) - mark
    half = np.array([label.box[2] - label.box[0], label.box[3] - label.box[1]]) / 2
    ends = min(1, 0.9 * radius / np.hypot(*way)), 1 - min(*(half / np.maximum(np.abs(way), 1e-9)), 1)
    return np.asarray(mark + np.outer(ends, way))


def _towards(share: float) -> float:
    """To which side of its middle a box hangs on its mark: fully beside it, or a little off."""
    return float(np.sign(share)) * (1.0 if abs(share) > 0.5 else 0.5)


def _crossed(lines: Floats, boxes: Floats) -> np.ndarray:
    """Which of several lines pass over a box, or which of several boxes a single line passes over.

    Liang and Barsky (1984): where a line is between the two edges of a box, both across and up; its end may touch one.
    """
    start, way = lines[:, 0], lines[:, 1] - lines[:, 0]
    way = np.where(way == 0, 1e-9, way)
    one, other = (boxes[:, :2] - start) / way, (boxes[:, 2:] - start) / way
    enters, leaves = np.minimum(one, other), np.maximum(one, other)
    low, high = np.maximum(enters[:, 0], enters[:, 1]), np.minimum(leaves[:, 0], leaves[:, 1])
    return np.asarray(np.maximum(low, 0) < np.minimum(high, 0.98))


def _crossing(line: Floats, others: Floats) -> np.ndarray:
    """Which of some lines cross a line."""

    def side(a: Floats, b: Floats, c: Floats) -> Floats:
        u, v = b - a, c - a
        return np.asarray(np.sign(u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]))

    apart = side(line[0], line[1], others[:, 0]) != side(line[0], line[1], others[:, 1])
    return np.asarray(apart & (side(others[:, 0], others[:, 1], line[0]) != side(others[:, 0], others[:, 1], line[1])))


def _hits(box: tuple[float, float, float, float], others: Floats, pad: float = 0.0) -> np.ndarray:
    return np.asarray(
        (box[0] - pad < others[:, 2])
        & (box[2] + pad > others[:, 0])
        & (box[1] - pad < others[:, 3])
        & (box[3] + pad > others[:, 1])
    )
