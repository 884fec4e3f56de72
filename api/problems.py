"""One error body everywhere: application/problem+json (RFC 9457), titled in Italian or English."""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from tsi_graph.errors import DataInvalid, StoreAbsent, StoreDamaged, StoreUnreachable, TsiError

from .deps import accepted
from .description import methods_at
from .pages.faults import page

PAGES = ("/it/", "/en/")
TITLES = {
    "not-found": ("Non c'è niente a questo indirizzo", "There is nothing at this address"),
    "unusable": ("Un valore della richiesta non va bene", "A value of the request cannot be used"),
    "data-invalid": ("Alcune righe sono da correggere", "Some rows need mending"),
    "conflict": ("Com'è adesso non si può", "As things stand this cannot be done"),
    "store-unreachable": ("L'archivio non risponde", "The store does not answer"),
    "store-absent": ("Non ci sono ancora dati", "There are no data yet"),
    "refused": ("File rifiutato", "File refused"),
    "method-not-allowed": ("Metodo non ammesso", "Method not allowed"),
    "cross-site": ("Richiesta da un altro sito", "Request from another site"),
    "bad-request": ("La richiesta non si legge", "The request cannot be read"),
    "unauthorized": ("Serve una chiave", "A key is needed"),
    "forbidden": ("Questa chiave non basta", "This key does not suffice"),
    "not-acceptable": ("In questa forma non c'è", "Not available in that form"),
    "too-long": ("La richiesta è troppo lunga", "The request is too long"),
    "unsupported": ("Questo formato non è ammesso qui", "This format is not taken here"),
    "too-many": ("Troppe richieste", "Too many requests"),
    "too-slow": ("Ci vuole troppo tempo", "This takes too long"),
    "busy": ("Troppo lavoro in questo momento", "Too much to do just now"),
    "store-damaged": ("L'archivio è danneggiato", "The store is damaged"),
    "fault": ("Errore nostro", "A fault of ours"),
}
_BY_STATUS = {
    400: "bad-request", 401: "unauthorized", 403: "forbidden", 404: "not-found", 405: "method-not-allowed",
    406: "not-acceptable", 409: "conflict", 413: "refused", 414: "too-long", 415: "unsupported", 422: "unusable",
    429: "too-many", 503: "store-unreachable",
}  # fmt: skip
_DETAILS = {
    404: "{path} is not known here; the API is under /v1 and described at /openapi.json.",
    405: "{path} does not take {method}; /openapi.json says what it takes.",
}
"""For what the framework says in two words."""
AGAIN = 5
"""Seconds after which a store that did not answer may be asked again."""
_BODY = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Stable name of the sort of problem."},
        "title": {"type": "string", "description": "In the language of the request."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was wrong, and what would be right."},
        "request_id": {"type": "string", "description": "Names this request in the log of the server."},
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
    """Answer every fault of this application with a problem body, or with a page where a page was asked for."""

    @app.exception_handler(TsiError)
    def ours(request: Request, fault: TsiError) -> Response:
        rows = [vars(p) for p in fault.problems] if isinstance(fault, DataInvalid) else None
        detail = placeless(str(fault)) if isinstance(fault, StoreUnreachable | StoreDamaged) else str(fault)
        return answer(request, fault.status, detail, fault.slug, rows, italian=fault.italian)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, fault: RequestValidationError) -> Response:
        # The offending input is not sent back: it may be no JSON at all (nan, lone surrogates).
        values = [{"field": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in fault.errors()]
        detail = "; ".join(f"{v['field']}: {v['message']}" for v in values)
        return answer(request, 422, detail, "unusable", values)

    @app.exception_handler(HTTPException)
    def http(request: Request, fault: HTTPException) -> Response:
        words = _DETAILS.get(fault.status_code, "{detail}")
        detail = words.format(method=request.method, path=request.url.path[:200], detail=fault.detail)
        headers = {name.lower(): value for name, value in (fault.headers or {}).items()}
        if fault.status_code == 405 and (methods := methods_at(request.app.openapi(), request.url.path)):
            headers["allow"] = methods  # the framework names those of the first route alone
        return answer(request, fault.status_code, detail, headers=headers)

    @app.exception_handler(Exception)
    def unexpected(request: Request, fault: Exception) -> Response:
        return answer(request, 500, "Something went wrong here; nothing was lost.", "fault")


def placeless(text: str) -> str:
    """A message about the store without the folders of this machine, which are nobody's business.

    >>> placeless("There is no store at /srv/our data/x.db: neo4j://host:7687 is one, /v1 is none.")
    'There is no store at x.db: neo4j://host:7687 is one, /v1 is none.'
    """
    return re.sub(r"(?<![\w:/.])(?:/[^/\n:;,'\"]+)+/(?=[^\s/])", "", text)


def answer(
    request: Request, status: int, detail: str, slug: str | None = None, problems: Any = None, headers: Any = None,
    italian: str = "",
) -> Response:  # fmt: skip
    """A fault in the form that fits the address: a page under /it/ and /en/, a problem body elsewhere."""
    if status == 503:
        headers = {"retry-after": str(AGAIN), **(headers or {})}
    if request.url.path.startswith(PAGES):
        return page(request, status, detail, headers, italian, absent=slug == StoreAbsent.slug)
    return problem(request, status, detail, slug, problems, headers, italian)


def problem(
    request: Request, status: int, detail: str, slug: str | None = None, problems: Any = None, headers: Any = None,
    italian: str = "",
) -> JSONResponse:  # fmt: skip
    """One problem body."""
    slug = slug or _BY_STATUS.get(status, "fault")
    asked = request.query_params.get("lang") or accepted(request.headers.get("accept-language", ""))
    english = (asked or request.app.state.settings.lang) == "en"
    said = detail if english or not italian else italian
    body = {
        "type": f"/problems/{slug}",
        "title": TITLES[slug][english],
        "status": status,
        "detail": said.encode("utf-8", "replace").decode(),
        "request_id": getattr(request.state, "request_id", ""),
    }
    if problems is not None:
        body["problems"] = problems
    return JSONResponse(body, status, headers, media_type="application/problem+json")
