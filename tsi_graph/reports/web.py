"""A report as one HTML file: nothing fetched, nothing run, and fit to be printed."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from typing import TYPE_CHECKING, Any

from tsi_graph.exports.labels import clean
from tsi_graph.reports.content import Bullets, Figure, Paragraph, Report, Table

if TYPE_CHECKING:
    from jinja2 import Template

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def html(report: Report) -> bytes:
    """The report as a page in UTF-8; pictures stand in it as SVG."""
    page = _template().render(report=report, policy=POLICY, picture=_picture, sort=_sort)
    return page.encode()


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("tsi_graph.reports", "templates")
    made = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_said
    )  # fmt: skip
    return made.get_template("report.html")


def _said(value: Any) -> Any:
    """Texts without signs that cannot be shown; what the template made itself stays as it is."""
    return clean(value) if type(value) is str else value


def _picture(figure: Figure) -> str:
    return "data:image/svg+xml;base64," + b64encode(figure.draw("svg")).decode()


def _sort(block: Any) -> str:
    return {Paragraph: "paragraph", Bullets: "bullets", Table: "table", Figure: "figure"}[type(block)]
