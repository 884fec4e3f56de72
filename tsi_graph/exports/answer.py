"""The small picture beside an answer: what was asked about on the left and right, what was found between."""

from __future__ import annotations

from html import escape

from tsi_graph.exports.bodies import Body, body
from tsi_graph.exports.style import INK, LINE, MUTED, Mark
from tsi_graph.graph import Graph
from tsi_graph.language import filled
from tsi_graph.questions import LABELS, QUESTIONS, Answer, choices

MOST = 8
"""How many found bodies are drawn; the table has all."""
WIDE, ROW, TOP = 720, 44, 22
LEFT, MIDDLE, RIGHT = 22, 280, 540
PATHS = {
    "square": "M-8 -8h16v16h-16z", "diamond": "M0 -10l10 10-10 10-10-10z", "triangle": "M0 -9l9 17h-18z",
    "hexagon": "M-5 -9h10l5 9-5 9h-10l-5-9z",
    "star": "M0 -10l2.6 6 6.4.6-4.8 4.2 1.4 6.3-5.6-3.3-5.6 3.3 1.4-6.3-4.8-4.2 6.4-.6z",
}  # fmt: skip


def picture(graph: Graph, found: Answer, lang: str = "it", *, narrow: bool = False) -> str:
    """An SVG of its own, with the answer as its title. Marks have the shape of their kind; the names stand beside.

    narrow: top to bottom, for the width of a telephone.
    """
    drawn = [body(graph, node, lang) for node in found.drawn[:MOST]]
    more = len(found.drawn) - len(drawn)
    return (_narrow if narrow else _wide)(graph, found, drawn, more, lang)


def _wide(graph: Graph, found: Answer, drawn: list[Body], more: int, lang: str) -> str:
    between = "y" in found.given
    rows = max(1, len(drawn) + (more > 0))
    tall = TOP * 2 + rows * ROW
    half = tall / 2
    at = MIDDLE if between else RIGHT - 120
    lines = "".join(
        f'<path d="M{LEFT + 186} {half:.0f}C{at - 50} {half:.0f} {at - 90} {y} {at - 16} {y}"/>'
        + (f'<path d="M{at + 200} {y}C{at + 240} {y} {RIGHT - 60} {half:.0f} {RIGHT - 16} {half:.0f}"/>' * between)
        for y in (TOP + ROW // 2 + n * ROW for n in range(len(drawn)))
    )
    marks = [_asked(graph, found, "x", LEFT, half, lang)]
    marks += [_body(one, at, TOP + ROW // 2 + n * ROW) for n, one in enumerate(drawn)]
    if between:
        marks.append(_asked(graph, found, "y", RIGHT, half, lang))
    if more > 0:
        marks.append(_text(_others(more, lang), at + 16, TOP + ROW // 2 + len(drawn) * ROW, MUTED))
    return _svg(found, WIDE, tall, lines, marks)


def _narrow(graph: Graph, found: Answer, drawn: list[Body], more: int, lang: str) -> str:
    """What was asked about at the top and the bottom, what was found between, on a line that joins them."""
    at = [TOP + (n + 1) * ROW for n in range(len(drawn) + (more > 0))]
    end = TOP + (len(at) + 1) * ROW
    between = "y" in found.given
    last = end if between else at[len(drawn) - 1] if drawn else TOP
    lines = f'<path d="M{LEFT} {TOP}V{last}"/>' + "".join(f'<path d="M{LEFT} {y}H44"/>' for y in at[: len(drawn)])
    marks = [_body(one, 54, y) for one, y in zip(drawn, at, strict=False)]
    if more > 0:
        marks.append(_text(_others(more, lang), 72, at[-1], MUTED))
    marks.append(_asked(graph, found, "x", LEFT, TOP, lang))
    if between:
        marks.append(_asked(graph, found, "y", LEFT, end, lang))
    return _svg(found, 300, (end if between else end - ROW) + TOP, lines, marks)


def _others(more: int, lang: str) -> str:
    if more == 1:
        return "e un'altra" if lang == "it" else "and one more"
    return f"e altre {more}" if lang == "it" else f"and {more} more"


def _svg(found: Answer, wide: int, tall: int, lines: str, marks: list[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{tall}" viewBox="0 0 {wide} {tall}"'
        ' role="img">'
        f"<title>{_escaped(found.asked)} {_escaped(found.said)}</title>"
        f'<rect width="{wide}" height="{tall}" fill="#FFFFFF"/>'
        f'<g fill="none" stroke="{LINE}" stroke-width="1.5">{lines}</g>'
        f'<g font-family="Titillium Web, Geneva, Tahoma, sans-serif" font-size="15">{"".join(marks)}</g></svg>'
    )


def described(graph: Graph, found: Answer, lang: str = "it") -> str:
    """The picture in words, for whoever does not see it."""
    names = [body(graph, node, lang).name for node in found.drawn[:MOST]]
    more = len(found.drawn) - len(names)
    text = f"{found.said} {', '.join(names)}"
    return text + (f" {_others(more, lang)}." if more > 0 else ".")


def _asked(graph: Graph, found: Answer, blank: str, x: float, y: float, lang: str) -> str:
    value, kind = found.given[blank], QUESTIONS[found.question].blanks[blank]
    if value in graph.ids:
        return _body(body(graph, value, lang), x, y, bold=True)
    name = dict(choices(graph, kind, lang)).get(value, filled(lang, LABELS[kind]))
    return _text(name, x + 16, y, INK, bold=True)


def _body(one: Body, x: float, y: float, *, bold: bool = False) -> str:
    return f'<g transform="translate({x} {y:.0f})">{_mark(one.mark)}</g>' + _text(one.name, x + 18, y, INK, bold=bold)


def _mark(mark: Mark) -> str:
    colours = f'fill="{mark.fill}" stroke="{mark.outline}" stroke-width="1.5"'
    return f'<path d="{PATHS[mark.shape]}" {colours}/>' if mark.shape in PATHS else f'<circle r="8" {colours}/>'


def _text(text: str, x: float, y: float, colour: str, *, bold: bool = False) -> str:
    """In two lines if it is long."""
    weight = ' font-weight="700"' if bold else ""
    lines = _lines(text)
    first = y + 5 - 8 * (len(lines) - 1)
    spans = "".join(f'<tspan x="{x}" y="{first + 17 * n:.0f}">{_escaped(line)}</tspan>' for n, line in enumerate(lines))
    return f'<text fill="{colour}" stroke="#FFFFFF" stroke-width="4" paint-order="stroke"{weight}>{spans}</text>'


def _lines(text: str, longest: int = 22) -> list[str]:
    if len(text) <= longest:
        return [text]
    head, *_ = text[: longest + 1].rpartition(" ")
    first = head or text[:longest]
    second = text[len(first) :].strip()
    return [first, second if len(second) <= longest else second[: longest - 1].rstrip() + "…"]


def _escaped(text: str) -> str:
    """Text as XML holds it: without signs that it cannot."""
    return escape("".join(c for c in text if c.isprintable() or c == " "), quote=True)
