"""What every answer carries, whoever made it: what a browser may do with it, and of when its data are."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .last import Last
from .problems import answer

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""Each stands unless the route set it itself."""
_RAW = tuple((name.encode(), value.encode()) for name, value in HEADERS.items())
HSTS = (b"strict-transport-security", b"max-age=31536000")
READING = ("GET", "OPTIONS", "TRACE")


class Headers:
    """Adds the headers, answers HEAD as GET without the body, and refuses writes that come from other sites."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        bodiless = scope["method"] == "HEAD"
        state = scope.setdefault("state", {})
        last: Last = scope["app"].state.last
        if (seen := last.stale) is not None:
            state["stale"] = seen.date().isoformat()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _with(message.get("headers", ()), secure=scope["scheme"] == "https", of=last.stale)
            elif bodiless:
                message = {**message, "body": b""}
            await send(message)

        if bodiless:
            scope = {**scope, "method": "GET"}
        if scope["method"] not in READING and _foreign(Request(scope)):
            refusal = answer(
                Request(scope), 403, "Writes are taken from this address and from programs only.", "cross-site"
            )
            await refusal(scope, receive, sending)
            return
        await self._app(scope, receive, sending)


def _with(given: list[tuple[bytes, bytes]], *, secure: bool, of: datetime | None) -> list[tuple[bytes, bytes]]:
    there = {name.lower() for name, _ in given}
    added = [pair for pair in _RAW if pair[0] not in there]
    if secure:
        added.append(HSTS)
    if of is not None:
        age = max(0, int((datetime.now(UTC) - of).total_seconds()))
        added += [
            (b"x-data-date", format_datetime(of, usegmt=True).encode()),
            (b"age", str(age).encode()),
            (b"warning", b'110 - "Response is Stale"'),
        ]
    return [*given, *added]


def _foreign(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site", "none")
    origin = request.headers.get("origin")
    return site not in ("none", "same-origin") or (
        origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    )
