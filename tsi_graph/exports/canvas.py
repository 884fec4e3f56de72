"""A sheet of paper in points, on which matplotlib draws what a network picture needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tsi_graph.exports.style import DASHES, FAINT, INK, Mark
from tsi_graph.exports.ties import Floats

SHAPES = {
    "square": ("s", 0.90),
    "dot": ("o", 1.0),
    "diamond": ("D", 0.86),
    "triangle": ("^", 1.08),
    "hexagon": ("h", 1.08),
    "star": ("*", 1.25),
}
"""vis-network's word -> matplotlib's sign, and the factor that makes shapes look equally large."""


class Canvas:
    """A figure whose coordinates are points, (0, 0) at the lower left."""

    def __init__(self, width: float, height: float) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.width, self.height = width, height
        self.figure: Any = Figure(figsize=(width / 72, height / 72), dpi=72)
        FigureCanvasAgg(self.figure)
        self.axes: Any = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_xlim(0, width)
        self.axes.set_ylim(0, height)
        self.axes.axis("off")

    def text(
        self, x: float, y: float, text: str, size: float, color: str = INK, *, halo: bool = False, **how: Any
    ) -> None:
        how = {"fontsize": size, "linespacing": 1.15, "parse_math": False, **how}
        if halo:
            from matplotlib.patheffects import Stroke

            # an artist of its own: a path effect on the text itself would turn it into outlines in the SVG
            edge = self.axes.text(x, y, text, color="white", zorder=5.5, **how)
            edge.set_path_effects([Stroke(linewidth=1.8, foreground="white", alpha=0.9)])
        self.axes.text(x, y, text, color=color, zorder=6, **how)

    def line(self, x: Sequence[float], y: Sequence[float], width: float, color: str, z: float = 2) -> None:
        self.axes.plot(x, y, lw=width, color=color, zorder=z, ls=DASHES.get(color, "-"), dash_capstyle="butt")

    def circle(self, x: float, y: float, radius: float, color: str) -> None:
        from matplotlib.patches import Circle

        self.axes.add_patch(Circle((x, y), radius, fc="none", ec=color, lw=0.6))

    def rectangle(
        self, x: float, y: float, width: float, height: float, fill: str, edge: str = "none", alpha: float = 1
    ) -> None:
        """From its lower left corner."""
        from matplotlib.patches import Rectangle

        self.axes.add_patch(Rectangle((x, y), width, height, fc=fill, ec=edge, lw=0.4, alpha=alpha, zorder=2))

    def disc(self, x: float, y: float, radius: float, fill: str, edge: str = "none") -> None:
        from matplotlib.patches import Circle

        self.axes.add_patch(Circle((x, y), radius, fc=fill, ec=edge, lw=0.6, zorder=3))

    def curve(
        self, start: tuple[float, float], end: tuple[float, float], width: float, color: str, *,
        dashed: bool = False, alpha: float = 1,
    ) -> None:  # fmt: skip
        """A line that leaves and arrives level."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        (x0, y0), (x1, y1) = start, end
        bend = (x1 - x0) * 0.45
        path = Path(
            [(x0, y0), (x0 + bend, y0), (x1 - bend, y1), (x1, y1)],
            [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4],
        )
        style = (0, (3, 2)) if dashed else "-"
        self.axes.add_patch(PathPatch(path, fc="none", ec=color, lw=width, ls=style, alpha=alpha, zorder=1))

    def picture(self, png: bytes, left: float, low: float, width: float, height: float) -> None:
        """A picture of dots in its own sharpness, from its lower left corner."""
        from io import BytesIO

        from matplotlib.image import imread

        place = (left, left + width, low, low + height)
        self.axes.imshow(imread(BytesIO(png)), extent=place, aspect="auto", interpolation="none", zorder=4)

    def faint(self, segments: Floats) -> None:
        """Many thin lines as one path: a fifth of the file, and an even grey."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        path = Path(segments.reshape(-1, 2), [Path.MOVETO, Path.LINETO] * len(segments))
        self.axes.add_patch(PathPatch(path, fc="none", ec=FAINT, lw=0.25, alpha=0.6, zorder=1))

    def ties(self, segments: Floats, colors: list[str], widths: Floats) -> None:
        from matplotlib.collections import LineCollection

        self.axes.add_collection(
            LineCollection(
                list(segments),
                colors=colors,
                linewidths=widths,
                linestyles=[DASHES[one] for one in colors],
                alpha=0.7,
                capstyle="butt",
                zorder=2,
            )
        )

    def marks(self, at: Floats, radius: Floats, marks: Sequence[Mark]) -> None:
        from matplotlib.collections import PathCollection
        from matplotlib.markers import MarkerStyle
        from matplotlib.transforms import Affine2D

        for mark in dict.fromkeys(marks):
            who = [i for i, one in enumerate(marks) if one == mark]
            sign, factor = SHAPES[mark.shape]
            style = MarkerStyle(sign)
            collection = PathCollection(
                [style.get_path().transformed(style.get_transform())],
                sizes=np.square(2 * radius[who] * factor),
                offsets=at[who],
                offset_transform=self.axes.transData,
                facecolors=mark.fill,
                edgecolors=mark.outline,
                linewidths=1.0 if mark.white else 0.6,
                zorder=3,
            )
            collection.set_transform(Affine2D().scale(self.figure.dpi / 72))
            self.axes.add_collection(collection)
