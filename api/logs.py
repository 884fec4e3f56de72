"""One line of JSON on standard error for each request: what was asked by the name of its route, how it went.

No address, no path, no value of a query, no body, no message of an error: what people type, and where they sit, is
nowhere in it, and nothing that a client sends can begin a line of its own.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
import traceback
from datetime import UTC, datetime
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import telemetry

LOG = logging.getLogger("tsi.requests")
FAULTS = logging.getLogger("tsi.faults")


class Lines(logging.Formatter):
    """A record as one line of JSON; control characters are escaped by it."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        if isinstance(record.args, dict):
            said |= record.args
        else:
            said |= {"from": record.name, "message": record.getMessage()}
            if record.exc_info and record.exc_info[1]:
                said |= fault(record.exc_info[1])
        return json.dumps(said, default=str)


CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": Lines}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "loggers": {
        name: {"handlers": ["stderr"], "level": "INFO", "propagate": False} for name in ("tsi", "uvicorn")
    },
}  # fmt: skip
"""For the server: everything that it says, as such lines."""


def fault(found: BaseException) -> dict[str, Any]:
    """The sort of an exception and where it came from; its message may quote data and is left out."""
    frames = traceback.extract_tb(found.__traceback__)[-8:]
    return {"fault": type(found).__name__, "where": [f"{f.filename}:{f.lineno} {f.name}" for f in frames]}


def template(scope: Scope) -> str:
    """The address of the route that answered, with the names of its parts; `-` where none did."""
    # FastAPI keeps the address under which a router was included apart from the route.
    found = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    return str(getattr(found, "path", "-"))


class Requests:
    """Gives each request an id, which the answer carries too, and writes its line."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        telemetry.begin()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status, size = time.perf_counter(), 500, 0
        state = scope.setdefault("state", {})
        name = state["request_id"] = secrets.token_hex(8)

        async def telling(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", name.encode())]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, telling)
        finally:
            seconds = time.perf_counter() - begun
            route, method = state.get("route", "-"), known(scope["method"])
            telemetry.request(method, route, status, seconds)
            key = getattr(state.get("caller"), "key", "") or None
            if LOG.isEnabledFor(logging.INFO):
                LOG.info("", {
                    "request": name, "method": method, "route": route, "status": status,
                    "ms": round(seconds * 1000, 1), "bytes": size, "key": key,
                })  # fmt: skip


METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}


def known(method: str) -> str:
    """The method, unless it is a word that the client made up."""
    return method if method in METHODS else "-"
