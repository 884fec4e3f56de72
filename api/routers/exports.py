"""Pictures and files to take along."""

from __future__ import annotations

import mimetypes
import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as PathParameter
from fastapi.responses import Response

from tsi_graph.analysis import scale
from tsi_graph.errors import NotFound
from tsi_graph.exports import EXPORTERS, export
from tsi_graph.exports.html import policy_of

from ..deps import GraphDep, LangDep, OrganisationsDep

router = APIRouter(prefix="/exports", tags=["exports"])
_TYPES = {".graphml": "application/graphml+xml", ".gexf": "application/gexf+xml"}


@router.get("/map.{suffix}", response_class=Response)
def picture(
    graph: GraphDep,
    organisations: OrganisationsDep,
    lang: LangDep,
    suffix: Annotated[str, PathParameter(description="The format.", examples=["html", "svg", "graphml"])],
    everything: Annotated[bool, Query(description="Projects, networks and funds too.")] = False,
    size: Annotated[str, Query(description="The metric that marks grow with.", examples=["degree"])] = "betweenness",
) -> Response:
    """The map as one self-contained file: html, svg, png, pdf, or graphml and gexf for other programs."""
    if f".{suffix}" not in EXPORTERS:
        raise NotFound(f"No format {suffix!r}. Known: {', '.join(s.removeprefix('.') for s in EXPORTERS)}.")
    drawn = graph if everything else organisations
    with tempfile.TemporaryDirectory() as folder:
        path = export(drawn, Path(folder) / f"map.{suffix}", size=scale(drawn, size, lang), lang=lang)
        content = path.read_bytes()
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Response(content, headers=_policy(path.suffix, content), media_type=kind)


def _policy(suffix: str, content: bytes) -> dict[str, str]:
    """What a file may do when a browser opens it from here: its own script and style, and nothing else."""
    if suffix == ".html":
        return {"content-security-policy": f"{policy_of(content)}; frame-ancestors 'none'"}
    if suffix == ".svg":
        return {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
    return {}
