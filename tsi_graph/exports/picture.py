"""The static picture: one drawing unit is one point on paper, so every size is a print size."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from io import BytesIO
from threading import Lock

import numpy as np

from tsi_graph.errors import Unusable
from tsi_graph.exports import logo
from tsi_graph.exports.canvas import Canvas
from tsi_graph.exports.labels import FIRST, extent, leader, place
from tsi_graph.exports.legend import foot, foot_height, legend, legend_height
from tsi_graph.exports.places import MM, Arranged, arrange, positions
from tsi_graph.exports.scene import Look, Scene, scene
from tsi_graph.exports.style import FAINT, INK, LINE, MUTED, TIES, tie_class
from tsi_graph.exports.ties import Ties, folded
from tsi_graph.graph import Graph

MOST = 1500
"""Nodes beyond which a sheet has no room for their marks."""
SHEET = (170.0, 205.0)
"""Millimetres: one page of a report."""
PAD, HEAD = 6 * MM, 15 * MM
FAINT_MOST = 2500
NAMES, NAMES_MIXED = 35, 28

# The same bytes each time: fixed ids, nothing that depends on fonts installed or on the clock.
STYLE = {
    "font.family": "DejaVu Sans",
    "svg.hashsalt": "tsi-graph",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "path.simplify": False,
    "text.hinting": "none",
    "text.parse_math": False,
}
METADATA: dict[str, dict[str, None]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "ModDate": None, "Producer": None, "Creator": None},
    "png": {"Software": None},
}
_drawing = Lock()  # matplotlib's settings belong to the whole process


def svg(graph: Graph, look: Look) -> bytes:
    return rendered(_printable(graph, look), "svg")


def png(graph: Graph, look: Look) -> bytes:
    return rendered(_printable(graph, look), "png")


def pdf(graph: Graph, look: Look) -> bytes:
    return rendered(_printable(graph, look), "pdf")


def fits(graph: Graph) -> None:
    """Raises Unusable for more nodes than a sheet has room for."""
    from tsi_graph.exports.html import MOST as ON_A_PAGE  # here, for a page has this picture on paper

    if len(graph) > MOST:
        page = "a page instead (a file ending in .html) or " if len(graph) <= ON_A_PAGE else ""
        raise Unusable(
            f"A sheet has no room for {len(graph)} marks; at most {MOST}. "
            f"Write {page}the picture of communities, or choose fewer kinds, sectors or years."
        )


def _printable(graph: Graph, look: Look) -> Scene:
    fits(graph)
    return scene(graph, look)


def rendered(shown: Scene, form: str) -> bytes:
    """The picture as the bytes of an SVG, PDF or PNG (200 dpi) file; equal scenes give equal bytes."""
    return printed(lambda: draw(shown), form, title=shown.title, alt=shown.alt)


def printed(drawing: Callable[[], Canvas], form: str, *, title: str, alt: str) -> bytes:
    """A sheet as the bytes of an SVG, PDF or PNG (200 dpi) file; what is drawn alike gives equal bytes."""
    import matplotlib

    with _drawing, matplotlib.rc_context(STYLE), warnings.catch_warnings():
        # signs that the font lacks are drawn as boxes; the full name stays in lists and in the text of the SVG
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = drawing().figure
        out = BytesIO()
        about = {"Title": title} if form != "png" else {"Description": alt}
        figure.savefig(out, format=form, dpi=200 if form == "png" else 72, metadata=METADATA[form] | about)
    return _rounded(out.getvalue()) if form == "svg" else out.getvalue()


def _rounded(data: bytes) -> bytes:
    """Paths to a hundredth of a point: nothing to be seen, a third of the file."""
    path = re.compile(rb'(?<= d=")[^"]*')
    return path.sub(lambda found: re.sub(rb"(\.\d\d)\d+", rb"\1", found[0]), data)


def draw(shown: Scene) -> Canvas:
    """The whole sheet: title, ties, marks, names, strip of small groups, legend, footer."""
    hidden = folded(shown.ties, shown.white) if shown.mixed else {}
    seen = ~np.isin(np.arange(len(shown.ids)), list(hidden))
    ties, drawn = shown.ties.among(seen), shown.drawn[seen[shown.ties.pairs].all(axis=1)]
    strong = ties[drawn]
    ids = [node for node, keep in zip(shown.ids, seen, strict=True) if keep]
    wide, top = (side * MM for side in SHEET)
    ground = foot_height(shown.footer, wide - 2 * PAD)
    canvas = Canvas(wide, top + logo.strip(shown.look.logo))
    logo.draw(canvas, shown.look.logo)
    low = ground + legend_height(shown, bool(hidden))
    right, high = wide - PAD, top - HEAD
    radius = shown.radius()[seen]
    sheet = arrange(positions(ids, strong, shown.look.last), radius, PAD, low, right, high)
    faint = not drawn.all() and len(ties) <= FAINT_MOST
    if faint:
        canvas.faint(sheet.at[ties[~drawn].pairs])
    _ties(canvas, shown, strong, sheet)
    canvas.marks(sheet.at, sheet.radius, [shown.marks[m] for m, keep in zip(shown.mark, seen, strict=True) if keep])
    _hidden_counts(canvas, hidden, seen, sheet)
    _names(canvas, shown, seen, sheet, strong, (PAD, low + sheet.strip, right, high))
    title, size = _title(shown.title, right - PAD)
    canvas.text(PAD, top - 6.2 * MM, title, size, weight="bold")
    canvas.text(PAD, top - 11.2 * MM, shown.lead, 7.5, MUTED)
    if sheet.strip:
        canvas.line([PAD, right], [low + sheet.strip - 1.5 * MM] * 2, 0.4, FAINT)
        outside = sheet.outside(shown.words["outside"], shown.look.lang)
        canvas.text(PAD, low + sheet.strip - 4 * MM, outside, 6.5, MUTED, va="center")
    legend(canvas, shown, PAD, low - 3 * MM, right, folds=bool(hidden), faint=faint)
    foot(canvas, shown.footer, PAD, right, ground)
    return canvas


def _title(title: str, wide: float, usual: float = 11, least: float = 7.5) -> tuple[str, float]:
    """A title and its size: smaller where it is long, its end cut where even that has no room."""
    size = min(usual, max(least, usual * wide / max(extent(title, usual, True)[0], 1)))
    while extent(title, size, True)[0] > wide:
        title = title.rstrip("…")[:-1].rstrip() + "…"
    return title, size


def _ties(canvas: Canvas, shown: Scene, ties: Ties, sheet: Arranged) -> None:
    """Width by the square root of the strength; colour by class where organisations and projects are mixed."""
    if not len(ties):
        return
    weight, colour = ties.weight, [LINE] * len(ties)
    varied = weight.max() > weight.min()
    width = 0.35 + (np.sqrt(weight / weight.max()) if varied else np.full(len(ties), 0.3))
    if shown.mixed:
        colour, width = [TIES[tie_class(kind)][0] for kind in ties.kinds], np.full(len(ties), 0.65)
    canvas.ties(sheet.at[ties.pairs], colour, width)


def _hidden_counts(canvas: Canvas, hidden: dict[int, int], seen: np.ndarray, sheet: Arranged) -> None:
    """In each project, network or fund the number of its partners that are not drawn."""
    at = np.cumsum(seen) - 1
    for hub in sorted(set(hidden.values())):
        x, y = sheet.at[at[hub]]
        canvas.text(x, y - 0.2, str(list(hidden.values()).count(hub)), 4.6, MUTED, ha="center", va="center")


def _names(
    canvas: Canvas, shown: Scene, seen: np.ndarray, sheet: Arranged, ties: Ties, room: tuple[float, float, float, float]
) -> None:
    at = np.cumsum(seen) - 1
    order = [int(at[i]) for i in shown.order if seen[i] and sheet.main[at[i]]]
    texts = [label for label, keep in zip(shown.labels, seen, strict=True) if keep]
    sizes = np.full(len(texts), 7.0)
    sizes[order[:FIRST]] = 8.0
    most = NAMES_MIXED if shown.mixed else NAMES
    for label in place(sheet.at, sheet.radius, order, texts, sizes, sheet.at[ties.pairs], room, most):
        size = float(sizes[label.node])
        if label.led:
            x, y = leader(sheet.at[label.node], sheet.radius[label.node], label).T
            canvas.line(x, y, 0.5, INK, z=5)
        weight = "bold" if size > 7 else "normal"
        canvas.text(label.x, label.y, texts[label.node], size, halo=True, ha="center", va="center", weight=weight)
