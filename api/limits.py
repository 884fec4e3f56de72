"""What one request may cost: the length of its address, the size of its body, its time, and its place among others."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tsi_graph.language import LANGS

from .answers import keeps
from .logs import template
from .pages.addresses import PAGES
from .problems import answer

MB = 2**20
ADDRESS = 8_192
"""Bytes of an address with its query."""
HEADS = 16_384
"""Bytes of all headers."""
BODY, UPLOAD = MB, 20 * MB
"""Bytes of a body, and of one that brings files."""
HELD = 64 * MB
"""Bytes of all bodies that are being read, together."""
SECONDS, UPLOAD_SECONDS = 8.0, 120.0
"""Until a request has its answer, counted from the last byte of its body; and one about an upload or one that waits,
where the first to look after the store has changed works out again what all its rows would do."""
IN_FLIGHT = 200
"""Requests under way in one worker, those included whose client was told to come back. 40 of them run, in threads."""
HEAVY_AT_ONCE, HEAVY_WAITING = 2, 8
"""Of those that keep a processor busy for seconds: how many run, and how many may wait for their turn. Files and
calculations each have their own turns, so that no page waits for reports."""
UPLOADS_AT_ONCE = 4
LINGER = 2.0
"""Seconds for which a body that was refused is still read, so that the refusal arrives: a socket closed on unread
data takes its answer with it."""
AGAIN = 5
"""Seconds after which a client that was turned away may come back."""

UPLOADS = ("/v1/imports", "/v1/imports/previews", *(f"/{lang}/{PAGES['import'][lang]}" for lang in LANGS))
FILES = r"/v1/(exports/|evaluation|reports/|views/[^/]+/map\.)"
CALCULATED = "|".join((
    "/v1/(gaps|network/|metrics/)",
    *(f"/{lang}/{PAGES[page][lang]}" for page in ("month", "networks", "gaps") for lang in LANGS),
))  # fmt: skip
REPORTS, REPORT_SECONDS = "/v1/reports/", 60.0
"""A whole report is pictures, tables and pages: some seconds of work where nothing else is done."""
ALWAYS = ("/livez",)
BODIED = ("POST", "PUT", "PATCH", "DELETE")
FORMS = {b"application/x-www-form-urlencoded", b"multipart/form-data"}
LOG = logging.getLogger("tsi.faults")


class Limits:
    """Keeps requests within these limits. What it refuses, it says in the form that was asked for.

    A deadline cannot stop a thread. It gives the client its answer in time; what runs on keeps its place in the
    count until it ends, so that the threads stay as few as they are.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.in_flight, self.held, self.uploads = 0, 0, 0
        self.waiting = dict.fromkeys((FILES, CALCULATED), 0)
        self._turns = {which: asyncio.Semaphore(HEAVY_AT_ONCE) for which in self.waiting}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in ALWAYS:
            await self._app(scope, receive, send)
            return
        call = _Call(self, scope, receive, send)
        if refusal := call.refusal():
            await call.turn_away(refusal)
        else:
            await call.run(self._app)

    @asynccontextmanager
    async def turn(self, which: str) -> AsyncIterator[None]:
        self.waiting[which] += 1
        try:
            await self._turns[which].acquire()
        finally:
            self.waiting[which] -= 1
        try:
            yield
        finally:
            self._turns[which].release()


class _Refused(Exception):
    """The body is not read on; what is answered is decided already."""


class _Call:
    """One request on its way through."""

    def __init__(self, limits: Limits, scope: Scope, receive: Receive, send: Send) -> None:
        self._limits, self._scope, self._receive, self._send = limits, scope, receive, send
        importing = scope["path"].startswith(UPLOADS)
        self._upload = scope["method"] == "POST" and importing
        asked = scope["path"] if scope["method"] == "GET" else ""
        self._heavy = next((which for which in (FILES, CALCULATED) if re.match(which, asked)), None)
        self._most = UPLOAD if self._upload else BODY
        self._seconds = UPLOAD_SECONDS if importing else SECONDS
        if self._heavy and scope["path"].startswith(REPORTS):
            self._seconds = REPORT_SECONDS
        heads = dict(scope["headers"])
        self._announced = heads.get(b"content-length", b"0")
        self._chunked = b"transfer-encoding" in heads
        self._kind: bytes = heads.get(b"content-type", b"").split(b";")[0].strip().lower()
        self._read, self._placed, self._started, self._begun = 0, False, False, False
        self._refusal: Response | None = None
        self._late: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def refusal(self) -> Response | None:
        """Why it is turned away before anything of it is done; None if it is not."""
        scope = self._scope
        if len(scope.get("raw_path", b"")) + len(scope["query_string"]) > ADDRESS:
            return self._says(414, f"An address is at most {ADDRESS} bytes with its query.", "too-long")
        if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADS:
            return self._says(431, f"Headers are at most {HEADS} bytes together.", "too-long")
        announced = int(self._announced) if self._announced.isdigit() else 0
        if announced > self._most:
            return self._too_large()
        if scope["method"] not in BODIED or not (announced or self._chunked):
            return self._place()
        if not self._fits():
            return self._says(415, f"A body of the sort {self._kind.decode('latin-1')[:80]!r} is not taken here.")
        return self._busy() if self._upload and self._limits.uploads >= UPLOADS_AT_ONCE else None

    async def run(self, app: ASGIApp) -> None:
        limits = self._limits
        limits.uploads += self._upload
        self._arm()
        try:
            if self._heavy:
                async with limits.turn(self._heavy):
                    if self._late is None:
                        self._begun = True
                        await app(self._scope, self.receive, self.send)
            else:
                self._begun = True
                await app(self._scope, self.receive, self.send)
        except _Refused:
            pass
        except Exception as fault:
            LOG.error("a fault of ours", exc_info=fault)
            if not self._started and self._late is None:
                await self._answer(self._says(500, "Something went wrong here; nothing was lost.", "fault"))
        finally:
            assert self._timer
            self._timer.cancel()
            limits.uploads -= self._upload
            limits.held -= self._weight(self._read)
            limits.in_flight -= self._placed
            self._scope["state"].setdefault("route", template(self._scope))
        if self._refusal:
            await self.turn_away(self._refusal)
        if self._late:
            await self._late

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] != "http.request" or self._placed:
            return message
        before, self._read = self._read, self._read + len(message.get("body", b""))
        self._limits.held += self._weight(self._read) - self._weight(before)
        self._arm()
        if self._read > self._most:
            self._refusal = self._too_large()
        elif self._limits.held > HELD:
            self._refusal = self._busy()
        elif not message.get("more_body"):
            self._refusal = self._place()
        if self._refusal:
            raise _Refused
        return message

    async def send(self, message: Message) -> None:
        if self._refusal or self._late:
            return  # what the routes say to a body that ended early, or after the client was answered
        self._started = True
        await self._send(message)

    async def turn_away(self, refusal: Response) -> None:
        """Answer, and close: what else the client sends is read for a moment and thrown away."""
        refusal.headers["connection"] = "close"
        await self._send({"type": "http.response.start", "status": refusal.status_code, "headers": refusal.raw_headers})
        await self._send({"type": "http.response.body", "body": refusal.body, "more_body": True})
        try:
            async with asyncio.timeout(LINGER):
                while (self._chunked or self._announced not in (b"0", b"")) and (await self._receive()).get(
                    "more_body"
                ):
                    pass
        except TimeoutError:
            pass
        await self._send({"type": "http.response.body", "body": b""})

    def _arm(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._too_late)

    def _too_late(self) -> None:
        if self._started or self._refusal:
            return
        detail = f"This takes longer than {self._seconds:.0f} s. "
        if self._scope["method"] == "GET":
            kept = self._begun and keeps(self._scope) and self._heavy != FILES
            detail += "Ask again: what was computed meanwhile is kept." if kept else "Ask again in a while."
        else:
            detail += "It may yet be done: look before you repeat it, or repeat it with the same Idempotency-Key."
        response = self._says(503, detail, "too-slow", {"retry-after": str(AGAIN)})
        self._late = asyncio.get_running_loop().create_task(self._answer(response))

    async def _answer(self, response: Response) -> None:
        await response(self._scope, self._receive, self._send)

    def _place(self) -> Response | None:
        """A place among the requests under way, once all of it is there; or that there is none."""
        limits = self._limits
        if limits.in_flight >= IN_FLIGHT or (self._heavy and limits.waiting[self._heavy] >= HEAVY_WAITING):
            return self._busy()
        limits.in_flight += 1
        self._placed = True
        return None

    def _weight(self, size: int) -> int:
        """What a body of that size takes of the memory: files are laid on the disk from 1 MB on."""
        return min(size, MB)

    def _fits(self) -> bool:
        if self._scope["path"].startswith("/v1/"):
            return self._kind.endswith(b"json") or (self._upload and self._kind == b"multipart/form-data")
        return self._kind in FORMS

    def _too_large(self) -> Response:
        return self._says(413, f"A body is at most {self._most // MB} MB here.", "refused")

    def _busy(self) -> Response:
        return self._says(503, f"Too much to do just now: ask again in {AGAIN} s.", "busy", {"retry-after": str(AGAIN)})

    def _says(
        self, status: int, detail: str, slug: str | None = None, headers: dict[str, str] | None = None
    ) -> Response:
        return answer(Request(self._scope), status, detail, slug, headers=headers)
