"""Who has entered by browser: sessions that end by themselves, kept where all workers of a server find them."""

from __future__ import annotations

import os
import secrets
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import local

IDLE = 30 * 60
"""Seconds without a request after which a session ends."""
LONGEST = 12 * 60 * 60
"""Seconds after which it ends whatever was done in it."""
NOTED = 60
"""Seconds within which a further request is not noted, so that most requests write nothing."""
TABLE = "CREATE TABLE IF NOT EXISTS session (hash TEXT PRIMARY KEY, key TEXT, begun REAL, seen REAL) WITHOUT ROWID"


class Sessions:
    """Sessions by the hash of their token: the file lets nobody in who reads it."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._path, self._clock, self._mine = path, clock, local()

    def begin(self, key: str) -> str:
        """A new session of the holder of a key; gives its token. Those that ended are forgotten."""
        token, now = secrets.token_urlsafe(32), self._clock()
        db = self._open()
        db.execute("DELETE FROM session WHERE begun < ? OR seen < ?", (now - LONGEST, now - IDLE))
        db.execute("INSERT INTO session VALUES (?, ?, ?, ?)", (_hash(token), key, now, now))
        return token

    def key(self, token: str) -> str | None:
        """The id of the key with which a session that goes on was begun."""
        db, now = self._open(), self._clock()
        row = db.execute("SELECT key, begun, seen FROM session WHERE hash = ?", (_hash(token),)).fetchone()
        if row is None or now - row[1] > LONGEST or now - row[2] > IDLE:
            return None
        if now - row[2] > NOTED:
            with suppress(sqlite3.OperationalError):  # busy: the next request notes it
                db.execute("UPDATE session SET seen = ? WHERE hash = ?", (now, _hash(token)))
        return str(row[0])

    def end(self, token: str) -> None:
        self._open().execute("DELETE FROM session WHERE hash = ?", (_hash(token),))

    def _open(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._mine, "db", None)
        if found is None:
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), 0o600))
            found = self._mine.db = sqlite3.connect(self._path, timeout=2, isolation_level=None)
            found.execute("PRAGMA journal_mode = WAL")
            found.execute("PRAGMA synchronous = NORMAL")
            found.execute(TABLE)
        return found


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
