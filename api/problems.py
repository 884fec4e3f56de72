"""One error body everywhere: application/problem+json (RFC 9457), titled in Italian or English."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from tsi_graph.errors import DataInvalid, TsiError

from .deps import accepted

TITLES = {
    "not-found": ("Non c'è niente a questo indirizzo", "There is nothing at this address"),
    "unusable": ("Un valore della richiesta non va bene", "A value of the request cannot be used"),
    "data-invalid": ("Alcune righe sono da correggere", "Some rows need mending"),
    "conflict": ("Com'è adesso non si può", "As things stand this cannot be done"),
    "store-unreachable": ("L'archivio non risponde", "The store does not answer"),
    "refused": ("File rifiutato", "File refused"),
    "method-not-allowed": ("Metodo non ammesso", "Method not allowed"),
    "cross-site": ("Richiesta da un altro sito", "Request from another site"),
    "bad-request": ("La richiesta non si legge", "The request cannot be read"),
    "fault": ("Errore nostro", "A fault of ours"),
}
_BY_STATUS = {
    400: "bad-request", 403: "cross-site", 404: "not-found", 405: "method-not-allowed", 409: "conflict", 413: "refused",
    422: "unusable",
}  # fmt: skip
_DETAILS = {
    404: "{path} is not known here; the API is under /v1 and described at /openapi.json.",
    405: "{path} does not take {method}; /openapi.json says what it takes.",
}
"""For what the framework says in two words."""
HEADERS = {"x-content-type-options": "nosniff", "referrer-policy": "same-origin"}
_BODY = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Stable name of the sort of problem."},
        "title": {"type": "string", "description": "In the language of the request."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was wrong, and what would be right."},
        "problems": {"type": "array", "items": {"type": "object"}, "description": "Rows to mend, or values."},
    },
}
_EXAMPLE = {
    "type": "/problems/not-found",
    "title": TITLES["not-found"][0],
    "status": 404,
    "detail": "No organisation, project, fund, network or topic has the id 'acme' in this view.",
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "What was wrong, and what would be right.",
        "content": {"application/problem+json": {"schema": _BODY, "example": _EXAMPLE}},
    }
}


def install(app: FastAPI) -> None:
    """Answer every fault of this application with a problem body, and refuse writes from other sites."""

    @app.exception_handler(TsiError)
    def ours(request: Request, fault: TsiError) -> Response:
        rows = [vars(p) for p in fault.problems] if isinstance(fault, DataInvalid) else None
        return problem(request, fault.status, str(fault), fault.slug, rows)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, fault: RequestValidationError) -> Response:
        # The offending input is not sent back: it may be no JSON at all (nan, lone surrogates).
        values = [{"field": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in fault.errors()]
        detail = "; ".join(f"{v['field']}: {v['message']}" for v in values)
        return problem(request, 422, detail, "unusable", values)

    @app.exception_handler(HTTPException)
    def http(request: Request, fault: HTTPException) -> Response:
        words = _DETAILS.get(fault.status_code, "{detail}")
        detail = words.format(method=request.method, path=request.url.path[:200], detail=fault.detail)
        return problem(request, fault.status_code, detail, headers=fault.headers)

    @app.exception_handler(Exception)
    def unexpected(request: Request, fault: Exception) -> Response:
        return problem(request, 500, "Something went wrong here; nothing was lost.", "fault")

    @app.middleware("http")
    async def same_site(request: Request, call_next: Any) -> Response:
        site = request.headers.get("sec-fetch-site", "none")
        origin = request.headers.get("origin")
        foreign = site not in ("none", "same-origin") or (
            origin is not None and urlsplit(origin).netloc != request.headers.get("host")
        )
        if request.method not in ("GET", "HEAD", "OPTIONS") and foreign:
            return problem(request, 403, "Writes are taken from this address and from programs only.", "cross-site")
        answer: Response = await call_next(request)
        answer.headers.update(HEADERS)
        return answer


def problem(
    request: Request, status: int, detail: str, slug: str | None = None, problems: Any = None, headers: Any = None
) -> JSONResponse:
    """One problem body."""
    slug = slug or _BY_STATUS.get(status, "fault")
    asked = request.query_params.get("lang") or accepted(request.headers.get("accept-language", ""))
    lang = asked or request.app.state.settings.lang
    body = {
        "type": f"/problems/{slug}",
        "title": TITLES[slug][lang == "en"],
        "status": status,
        "detail": detail.encode("utf-8", "replace").decode(),
    }
    if problems is not None:
        body["problems"] = problems
    return JSONResponse(body, status, {**HEADERS, **(headers or {})}, media_type="application/problem+json")
