"""A sheet that every chart stands on: a title, what the picture says, the drawing, and a footer with its limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tsi_graph.exports.canvas import Canvas
from tsi_graph.exports.labels import balanced, clean, extent, notes, wrap
from tsi_graph.exports.logo import draw as logo
from tsi_graph.exports.logo import strip
from tsi_graph.exports.places import MM
from tsi_graph.exports.style import FAINT, INK, MARKS, MUTED, SECTOR_MARKS, Mark

PAD, HEAD = 6 * MM, 15 * MM
TITLE, LEAD, TEXT, NOTE = 11.0, 7.5, 7.0, 6.0


@dataclass(frozen=True)
class Chart:
    """A picture that is worked out and not yet drawn; size in millimetres.

    alt says in numbers what it shows, for those who do not see it; numbers are those, by name.
    """

    name: str
    title: str
    lead: str
    footer: str
    alt: str
    numbers: dict[str, object]
    size: tuple[float, float]
    draw: Callable[[Sheet], None]
    logo: str = ""
    """At the head of the sheet, which it makes higher; a data: address."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw; alt then says so."""
        return not self.numbers.get("k", self.numbers.get("p"))


class Sheet(Canvas):
    """A canvas with a head and a foot; `left`, `right`, `low` and `high` bound what is left for the drawing."""

    def __init__(self, chart: Chart) -> None:
        wide, high = (side * MM for side in chart.size)
        super().__init__(wide, high + strip(chart.logo))
        logo(self, chart.logo)
        self.left, self.right = PAD, self.width - PAD
        lead = balanced(chart.lead, LEAD, self.right - self.left)
        extra = (len(lead) - 1) * LEAD * 1.2
        foot = notes(chart.footer, NOTE, self.right - self.left)
        rule = 3 * MM + len(foot) * NOTE * 1.2
        self.low, self.high = rule + 1.5 * MM, high - HEAD - extra
        self.text(PAD, high - 6.2 * MM, chart.title, TITLE, weight="bold")
        self.text(PAD, high - 9.2 * MM, "\n".join(lead), LEAD, MUTED, va="top")
        self.line([self.left, self.right], [rule, rule], 0.4, FAINT)
        self.text(PAD, rule - 1.6 * MM, "\n".join(foot), NOTE, MUTED, va="top")

    def mark(self, x: float, y: float, mark: Mark, radius: float = 3.2) -> None:
        self.marks(np.array([[x, y]]), np.array([radius]), [mark])


def sheet(chart: Chart) -> Sheet:
    """The chart, drawn."""
    drawn = Sheet(chart)
    chart.draw(drawn)
    return drawn


def sector_mark(sector: str) -> Mark:
    """The mark of a sort of organisation; the grey one for sorts that are not ours."""
    return MARKS[SECTOR_MARKS.get(sector, "other")]


def fitted(name: str, size: float, width: float, *, bold: bool = False) -> str:
    """A name in at most two lines and so many points; its end is cut where even that has no room."""
    text = clean(name)
    if extent(text, size, bold)[0] <= width:
        return text
    while extent(two := wrap(text, 8), size, bold)[0] > width and len(text) > 6:
        text = text[:-2].rstrip(" ,'’…") + "…"
    return two


def spread(n: int, top: float, low: float) -> list[float]:
    """The middles of n rows between two heights, the first at the top."""
    return [top - (k + 0.5) * (top - low) / max(n, 1) for k in range(n)]


def readable(fill: str) -> str:
    """White or ink, whichever is read on a colour.

    >>> readable("#1F4E8C"), readable("#FBD38A")
    ('#FFFFFF', '#1A1A1A')
    """
    return "#FFFFFF" if contrast("#FFFFFF", fill) > 4.5 else INK


def contrast(one: str, other: str) -> float:
    """How much lighter one colour is than the other, from 1 to 21 (WCAG 2.2).

    >>> round(contrast("#FFFFFF", "#000000"))
    21
    """
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))
