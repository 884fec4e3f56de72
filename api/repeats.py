"""The same write twice: a request that names a key (Idempotency-Key) is done once, and answered alike each time.

What was answered is kept for a day in a small file that all workers of a server share. Only what was done is kept: a
refusal is decided anew, since what was wrong may have been mended.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import time
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from tempfile import SpooledTemporaryFile
from threading import local
from typing import IO, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .description import LONGEST, SIGNS
from .problems import answer

KEPT = 24 * 60 * 60
"""Seconds for which an answer is kept."""
DEAD = 150
"""Seconds after which a request without an answer is taken for one whose worker died."""
HELD = 2**20
"""Bytes of a body that stay in memory until its key was looked up."""
TABLE = (
    "CREATE TABLE IF NOT EXISTS request (key TEXT PRIMARY KEY, asked TEXT, at REAL, status INTEGER, headers TEXT, "
    "body BLOB) WITHOUT ROWID"
)
WRITES = ("POST", "PUT", "PATCH", "DELETE")
Done = tuple[int, list[tuple[bytes, bytes]], bytes]


class Kept:
    """What was answered to which key."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._path, self._clock, self._mine = path, clock, local()

    def begin(self, key: str, asked: str) -> Done | str:
        """What was answered to the same request; else why it cannot be done now, or blank: it is to be done."""
        db, now = self._open(), self._clock()
        db.execute("BEGIN IMMEDIATE")
        try:
            db.execute("DELETE FROM request WHERE at < ? OR (status IS NULL AND at < ?)", (now - KEPT, now - DEAD))
            row = db.execute("SELECT asked, status, headers, body FROM request WHERE key = ?", (key,)).fetchone()
            if row is None:
                db.execute("INSERT INTO request (key, asked, at) VALUES (?, ?, ?)", (key, asked, now))
        finally:
            db.execute("COMMIT")
        if row is None:
            return ""
        if row[0] != asked:
            return "This key was used for another request; take another key."
        if row[1] is None:
            return "The same request is under way; ask again in a moment."
        return row[1], [(n.encode("latin-1"), v.encode("latin-1")) for n, v in json.loads(row[2])], row[3]

    def end(self, key: str, done: Done | None) -> None:
        """Keep what was answered, or forget that it was asked."""
        if done is None:
            self._open().execute("DELETE FROM request WHERE key = ?", (key,))
        else:
            status, heads, body = done
            told = json.dumps([(n.decode("latin-1"), v.decode("latin-1")) for n, v in heads])
            self._open().execute(
                "UPDATE request SET status = ?, headers = ?, body = ? WHERE key = ?", (status, told, body, key)
            )

    def _open(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._mine, "db", None)
        if found is None:
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), 0o600))
            found = self._mine.db = sqlite3.connect(self._path, timeout=5, isolation_level=None)
            found.execute("PRAGMA journal_mode = WAL")
            found.execute("PRAGMA synchronous = NORMAL")
            found.execute(TABLE)
        return found


class Repeats:
    """Looks a key up before the routes do anything, once the whole request is there."""

    def __init__(self, app: ASGIApp, path: Path) -> None:
        self._app, self._kept = app, Kept(path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = _given(scope)
        if given is None:
            return await self._app(scope, receive, send)
        if not 0 < len(given) <= LONGEST or not re.fullmatch(SIGNS, given):
            fault = f"An Idempotency-Key has 1 to {LONGEST} letters, digits, signs and blanks of ASCII."
            return await answer(Request(scope), 422, fault)(scope, receive, send)
        caller = getattr(Request(scope).state, "caller", None)
        key = _digest(caller.key if caller else "", given)
        with SpooledTemporaryFile(HELD) as body:
            asked = await _read(scope, receive, body)
            found = await run_in_threadpool(self._kept.begin, key, asked)
            if isinstance(found, tuple):
                return await _send(send, found)
            if found:
                head = {"retry-after": "1"}
                return await answer(Request(scope), 409, found, headers=head)(scope, receive, send)
            await self._do(key, scope, body, receive, send)
        return None

    async def _do(self, key: str, scope: Scope, body: IO[bytes], receive: Receive, send: Send) -> None:
        start: Message = {}
        parts: list[bytes] = []

        async def telling(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            else:
                parts.append(message.get("body", b""))
            if not start or not 200 <= start["status"] < 300:
                await send(message)

        done: Done | None = None
        try:
            await self._app(scope, _again(body, receive), telling)
            if start and 200 <= start["status"] < 300:
                done = start["status"], list(start["headers"]), b"".join(parts)
        finally:
            await run_in_threadpool(self._kept.end, key, done)
        if done:
            await _send(send, done)


def _given(scope: Scope) -> str | None:
    """The key of a write under /v1; None for anything else."""
    if scope["type"] != "http" or scope["method"] not in WRITES or not scope["path"].startswith("/v1/"):
        return None
    found = dict(scope["headers"]).get(b"idempotency-key")
    return None if found is None else found.decode("latin-1")


async def _read(scope: Scope, receive: Receive, body: IO[bytes]) -> str:
    """Take in the whole body; gives by what the request is known. Each client draws the border of parts by lot."""
    heads = dict(scope["headers"])
    kind = heads.get(b"content-type", b"")
    sort, _, border = kind.partition(b"boundary=")
    border = border.strip(b'" ')
    digest = blake2b(b"\0".join((scope["method"].encode(), scope["path"].encode(), scope["query_string"], sort)))
    more = True
    while more:
        message = await receive()
        body.write(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)
    body.seek(0)
    whole = body.read()
    digest.update(whole.replace(border, b"") if border else whole)
    body.seek(0)
    return digest.hexdigest()


def _again(body: IO[bytes], receive: Receive) -> Receive:
    """The body, for the routes to read."""
    ended = False

    async def read() -> Message:
        nonlocal ended
        if ended:
            return await receive()
        part = body.read(2**18)
        ended = len(part) < 2**18
        return {"type": "http.request", "body": part, "more_body": not ended}

    return read


async def _send(send: Send, done: Done) -> None:
    await send({"type": "http.response.start", "status": done[0], "headers": done[1]})
    await send({"type": "http.response.body", "body": done[2]})


def _digest(*texts: Any) -> str:
    return blake2b("\0".join(texts).encode("utf-8", "replace"), digest_size=16).hexdigest()
