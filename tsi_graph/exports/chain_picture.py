"""The picture of one route, for a document: who stands in it, top to bottom, and what ties each to the next."""

from __future__ import annotations

import numpy as np

from tsi_graph.exports.canvas import Canvas
from tsi_graph.exports.chains import WORDS, Chain
from tsi_graph.exports.picture import printed
from tsi_graph.exports.style import INK, LINE, MUTED
from tsi_graph.language import filled

WIDE, ROW, PAD, LEFT, TEXT = 300.0, 62.0, 26.0, 24.0, 46.0
RADIUS, HEAD = 8.0, 5.0


def chain_png(chain: Chain, lang: str = "it") -> bytes:
    """A route as a PNG file, readable in grey: dashed is something shared, solid a tie of their own."""
    names = " → ".join(body.name for body in chain.bodies)
    return printed(lambda: _sheet(chain, lang), "png", title=names, alt=names)


def _sheet(chain: Chain, lang: str) -> Canvas:
    tall = 2 * PAD + ROW * len(chain.links)
    canvas = Canvas(WIDE, tall)
    levels = [tall - PAD - ROW * n for n in range(len(chain.bodies))]
    for link, top, below in zip(chain.links, levels, levels[1:], strict=False):
        start, end = top - RADIUS - 5, below + RADIUS + 5
        canvas.axes.plot([LEFT, LEFT], [start, end + HEAD], lw=1.4, color=LINE, ls="--" if link.shared else "-")
        canvas.axes.fill([LEFT - HEAD, LEFT + HEAD, LEFT], [end + 2 * HEAD, end + 2 * HEAD, end], color=LINE, lw=0)
        dates = link.dates or filled(lang, WORDS["no_date"])
        told = f"{link.label}, {dates}" if link.documented else link.label
        canvas.text(TEXT, (top + below) / 2, told, 8, MUTED, va="center")
    at = np.array([(LEFT, level) for level in levels])
    canvas.marks(at, np.full(len(levels), RADIUS), [body.mark for body in chain.bodies])
    for body, level in zip(chain.bodies, levels, strict=True):
        canvas.text(TEXT, level + 1, body.name, 10.5, INK, va="bottom", weight="bold")
        canvas.text(TEXT, level - 1, body.kind, 8, MUTED, va="top")
    return canvas
