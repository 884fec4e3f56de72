"""The description of the API: as a file for programs, and as a page of swagger-ui, whose files come from its wheel."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

router = APIRouter(include_in_schema=False)
PAGE = Path(__file__).parents[1] / "templates" / "docs.html"


@router.get("/docs", response_class=HTMLResponse)
def docs() -> str:
    return _page()


@router.get("/openapi.json")
def openapi(request: Request) -> Response:
    """What the API is; the same for everybody."""
    text = json.dumps(request.app.openapi(), ensure_ascii=False, separators=(",", ":"))
    tag = f'"{sha256(text.encode()).hexdigest()[:16]}"'
    head = {"etag": tag, "cache-control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=head)
    return Response(text, headers=head, media_type="application/json")


@cache
def _page() -> str:
    return PAGE.read_text("utf-8")
