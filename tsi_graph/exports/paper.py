"""What of the page comes out of a printer, and what a browser without scripts shows: the static picture."""

from __future__ import annotations

import re
from html import escape

from tsi_graph.exports import picture
from tsi_graph.exports.page_words import page_words
from tsi_graph.exports.scene import Scene
from tsi_graph.graph import Graph
from tsi_graph.language import number

NAMES = 60
"""Names on paper where a sheet has no room for all."""


def on_paper(graph: Graph, shown: Scene) -> str:
    """The map as it is drawn on a sheet; where that has no room for all, their communities and the first by name."""
    if len(shown.ids) <= picture.MOST:
        return _inline(picture.rendered(shown, "svg"), shown.alt)
    # of the charts some know reports and ledger, which a small map has no use for
    from tsi_graph.exports.charts import chart, drawn

    lang = shown.look.lang
    groups = chart(graph if shown.look.facts is None else shown.look.facts, "communities", lang)
    counts = {"n": number(len(shown.ids), lang), "k": number(NAMES, lang), "by": shown.value_name}
    rows = (f"<li>{escape(shown.names[i])} ({number(float(shown.value[i]), lang)})</li>" for i in shown.order[:NAMES])
    return (
        f"<h2>{escape(shown.title)}</h2><p>{escape(page_words(lang)['too_many_to_print'].format(**counts))}</p>"
        f"{_inline(drawn(groups, 'svg'), groups.alt)}<ol>{''.join(rows)}</ol><p>{escape(shown.footer)}</p>"
    )


def _inline(drawing: bytes, alt: str) -> str:
    """An SVG within the page; its own style element would need a hash, and map.css says the same."""
    svg = drawing.decode("utf-8")
    svg = re.sub(r"<style.*?</style>", "", svg[svg.index("<svg") :], count=1, flags=re.S)
    return f'<div role="img" aria-label="{escape(alt)}">{svg}</div>'
