"""The style sheets, fonts and the one script: ours from `static/`, bootstrap-italia's from its installed wheel."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

router = APIRouter(prefix="/static", include_in_schema=False)

OURS = Path(__file__).parents[1] / "static"
FACES = {
    f"titillium-{weight}.woff2": f"titillium-web-v10-latin-ext_latin-{weight}.woff2"
    for weight in ("regular", "600", "700")
}
SORTS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".woff2": "font/woff2"}


SWAGGER = ("swagger-ui.css", "swagger-ui-bundle.js")
"""What the page of the API is made of."""


@cache
def _files() -> dict[str, Path]:
    wheel, offline = _wheel("bootstrap_italia_template"), _wheel("fastapi_offline")
    fonts = {name: wheel / "fonts" / "Titillium_Web" / file for name, file in FACES.items()}
    return {"bootstrap-italia.css": wheel / "css" / "bootstrap-italia.min.css", **fonts,
            **{name: offline / name for name in SWAGGER}, **{file.name: file for file in OURS.iterdir()}}  # fmt: skip


def _wheel(package: str) -> Path:
    """The files that a package carries; it is looked for, not imported."""
    found = find_spec(package)
    if found is None or found.origin is None:
        raise RuntimeError(f"{package} is not installed, though it is a dependency.")
    return Path(found.origin).parent / "static"


@cache
def _read(name: str) -> tuple[bytes, str]:
    content = _files()[name].read_bytes()
    if name in ("bootstrap-italia.css", "swagger-ui.css"):
        content = content.rsplit(b"/*# sourceMappingURL", 1)[0]
        content = re.sub(rb"@font-face\{font-family:VideoJS[^}]*\}", b"", content)  # a data: address; no film here
    return content, f'"{sha256(content).hexdigest()[:16]}"'


@router.get("/{name}")
def asset(request: Request, name: str) -> Response:
    if name not in _files():
        raise HTTPException(404)
    content, tag = _read(name)
    head = {"etag": tag, "cache-control": "public, max-age=3600"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=head)
    return Response(content, headers=head, media_type=SORTS[Path(name).suffix])
