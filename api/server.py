"""The server in front of the application: uvicorn, which sends away who takes too long to say what he wants.

Uvicorn has one timer, for a connection that is idle after an answer. A socket that is opened and says nothing, or
says it byte by byte, it keeps for ever. Here every connection has a moment by which its request is complete.
"""

from __future__ import annotations

import json
import time
from typing import Any

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from . import logs, telemetry

SLOWEST, RATE = 8.0, 32_768
"""A request is complete after so many seconds, and one more for each so many bytes of it."""
LONGEST = 700.0
"""Seconds after which it is complete whatever its size: as long as the largest upload takes at that rate."""
HEAD = 16_384
"""Bytes of the line and the headers of a request."""
UNREAD = 30.0
"""Seconds for which a client may leave an answer unread."""
LOOK = 1.0
"""Seconds between two looks at a connection."""
MOST = 2_000
"""Connections at a time; one more, and the one that has said nothing for longest goes."""
IDLE = 5
"""Seconds for which a connection stays open after an answer."""


class Protocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # h11, or httptools where that is installed
    """One connection."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._await_request()
        self._unread: float | None = None
        self._timer = self.loop.call_later(LOOK, self._look)
        if len(self.connections) > _most():
            waiting = [one for one in self.connections if isinstance(one, Protocol) and one.incomplete]
            if waiting:
                min(waiting, key=lambda one: one.since).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        super().data_received(data)
        if self._received > HEAD and not self._begun and not self.transport.is_closing():
            self.send_400_response("")

    def on_response_complete(self) -> None:
        self._await_request()
        super().on_response_complete()

    def pause_writing(self) -> None:
        self._unread = time.monotonic()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._unread = None
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP gets a problem too, though no application ever sees it."""
        if self._begun and self.cycle.response_started:
            self.transport.close()  # in the middle of an answer there is no place for another
            return
        large = self._received > HEAD and not self._begun
        status, reason, slug, title = FAULTS[large]
        body = json.dumps({"type": f"/problems/{slug}", "title": title, "status": status, "detail": DETAILS[large]})
        head = (
            f"HTTP/1.1 {status} {reason}\r\ncontent-type: application/problem+json\r\ncontent-length: {len(body)}\r\n"
            "x-content-type-options: nosniff\r\nreferrer-policy: same-origin\r\ncache-control: no-store\r\n"
            "content-security-policy: default-src 'none'; frame-ancestors 'none'\r\nconnection: close\r\n\r\n"
        )
        self.transport.write((head + body).encode())
        self.transport.close()

    @property
    def incomplete(self) -> bool:
        """Whether the client has yet to say what he wants, or all of it."""
        return not self._begun or bool(self.cycle.more_body)

    @property
    def _begun(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _await_request(self) -> None:
        self.since, self._received = time.monotonic(), 0

    def _look(self) -> None:
        now = time.monotonic()
        late = self.incomplete and now - self.since > min(SLOWEST + self._received / RATE, LONGEST)
        unread = self._unread is not None and now - self._unread > UNREAD
        if late or unread:
            self.transport.abort()
        else:
            self._timer = self.loop.call_later(LOOK, self._look)


FAULTS = {
    False: (400, "Bad Request", "bad-request", "La richiesta non si legge / The request cannot be read"),
    True: (431, "Request Header Fields Too Large", "too-long", "La richiesta è troppo lunga / The request is too long"),
}
DETAILS = {False: "This is not HTTP/1.1.", True: f"Address and headers are at most {HEAD} bytes."}


def _most() -> int:
    """As many connections as the system gives this process files for, less some for itself."""
    try:
        import resource
    except ImportError:  # Windows, which counts otherwise
        return MOST
    return min(MOST, max(50, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 100))


def run(host: str, port: int, *, workers: int = 1, metrics_port: int | None = None) -> None:
    """Serve until told to stop: requests under way have 10 s to end."""
    if metrics_port:
        telemetry.serving(metrics_port)
    package = __package__ or "api"
    uvicorn.run(
        f"{package}.main:app", host=host, port=port, workers=workers, http=Protocol, ws="none", access_log=False,
        log_config=logs.CONFIG, server_header=False, timeout_keep_alive=IDLE, timeout_graceful_shutdown=10,
    )  # fmt: skip
