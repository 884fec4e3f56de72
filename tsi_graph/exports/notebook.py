"""How a graph, a view and a recommendation show themselves in a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from tsi_graph.exports.html import MOST, page
from tsi_graph.exports.scene import Look, documented
from tsi_graph.exports.words import confidence
from tsi_graph.graph import Graph, View
from tsi_graph.language import filled

if TYPE_CHECKING:
    from tsi_graph.exports.views import SavedView
    from tsi_graph.recommend import Recommendation

HEIGHT = 640
_CARD = (
    "border:1px solid #c9cdd3;border-radius:4px;padding:10px 14px;max-width:46em;font:15px/1.45 system-ui,sans-serif"
)


@dataclass(frozen=True)
class Shown:
    """A piece of a page; a notebook shows it as the last line of a cell."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


def show(graph: Graph, saved: SavedView | None = None, *, lang: str = "it", height: int = HEIGHT, **how: Any) -> Shown:
    """The interactive map of a graph, as the view says, or with what `export` takes: size, color, title, facts."""
    if saved is None:
        return Shown(frame(page(graph, Look(lang=lang, **how)), height))
    from tsi_graph.exports.views import pictured

    return Shown(frame(page(*pictured(saved, graph, lang)), height))


def frame(content: bytes, height: int = HEIGHT) -> str:
    """A page within a page: it may run its own script and reach nothing around it."""
    return (
        f'<iframe sandbox="allow-scripts" srcdoc="{escape(content.decode("utf-8"))}" title="Mappa / Map" '
        f'style="width:100%;height:{int(height)}px;border:1px solid #c9cdd3"></iframe>'
    )


def of_graph(graph: Graph) -> str:
    """The map, or the counts where a map would be too much or has nothing on it."""
    if 0 < len(graph) <= MOST:
        return frame(page(graph, Look(facts=graph if documented(graph) else None)))
    kinds: dict[str, int] = dict(graph.nodes["kind"].value_counts()) if len(graph) else {}
    ties = len(graph.sent.indices) // (1 if graph.directed else 2)
    return _table({str(kind): f"{n:,}" for kind, n in kinds.items()} | {"ties": f"{ties:,}"})


def of_view(view: View, lang: str = "it") -> str:
    """What it looks at, in words."""
    counted = ("contata", "counted") if view.membership else ("non contata", "not counted")
    rows = {
        ("fatti", "facts"): confidence(view.confidence, lang),
        ("data", "date"): view.as_of or filled(lang, ("tutte", "all")),
        ("come si sapeva il", "as known at"): f"{view.known_at:%Y-%m-%d %H:%M}" if view.known_at else "",
        ("tipi", "kinds"): ", ".join(view.kinds),
        ("escluse", "left out"): ", ".join(view.without),
        ("adesione all'alleanza", "membership of the alliance"): filled(lang, counted),
        ("visibile a", "visible to"): view.audience,
    }
    return _table({filled(lang, heading): text for heading, text in rows.items() if text})


def of_recommendation(found: Recommendation) -> str:
    """Whom to meet, why, through whom, what to watch."""
    way = [found.path[0].source_name, *(step.target_name for step in found.path)] if found.path else []
    parts = [
        f'<p style="margin:0 0 4px;font-size:17px;font-weight:600">{escape(found.name)}</p>',
        f'<p style="margin:0 0 6px;color:#595959">{escape(found.kind)} · {found.score:.2f}</p>',
        _list(found.reasons),
        f'<p style="margin:8px 0;line-height:2">{_chain(way)}</p>' if way else "",
        f'<div style="color:#7a4300">{_list(found.cautions, "! ")}</div>' if found.cautions else "",
    ]
    return f'<div style="{_CARD}">{"".join(parts)}</div>'


def _chain(names: list[str]) -> str:
    """Who leads to whom, each in a box that no line parts where there is room."""
    box = "border:1px solid #6b6f76;border-radius:4px;padding:2px 8px;display:inline-block;line-height:1.4"
    return " → ".join(f'<span style="{box}">{escape(one)}</span>' for one in names)


def _list(lines: tuple[str, ...], before: str = "") -> str:
    """before: what marks them for those who do not see the colour."""
    rows = "".join(f"<li>{before}{escape(one)}</li>" for one in lines)
    return f'<ul style="margin:4px 0;padding-left:20px">{rows}</ul>'


def _table(rows: dict[str, str]) -> str:
    lines = "".join(
        f'<tr><th scope="row" style="text-align:left;padding:2px 16px 2px 0">{escape(heading)}</th>'
        f'<td style="text-align:left">{escape(text)}</td></tr>'
        for heading, text in rows.items()
    )
    return f'<div style="{_CARD}"><table>{lines}</table></div>'
