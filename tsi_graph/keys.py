"""Keys by which programs and people are let in: each random, kept as a hash, with what its holder may do and see."""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from threading import Lock
from typing import Literal, TypeVar, get_args

from tsi_graph.errors import NotFound, Unusable
from tsi_graph.fields import VISIBILITIES, normal

Scope = Literal["read", "propose", "admin"]
SCOPES: tuple[str, ...] = get_args(Scope)
"""What a key lets its holder do, each including those before: read; write in the ledger; import, correct, undo."""
FORMAT = 1
SHAPE = re.compile(r"tsi_([0-9a-f]{8})_[A-Za-z0-9_-]{43}", re.ASCII)
T = TypeVar("T")
NOBODY = "0" * 64
"""Compared with where there is no such key, so that this takes no less time."""


@dataclass(frozen=True)
class Key:
    """A key without its secret. hash: SHA-256 of the whole of it. Moments are UTC, `used` is a day; blank is never."""

    id: str
    name: str
    scope: str
    sees: str
    hash: str
    created: str
    expires: str = ""
    used: str = ""
    revoked: str = ""

    def valid(self, now: datetime) -> bool:
        return not self.revoked and (not self.expires or now < datetime.fromisoformat(self.expires))


class Keys:
    """The keys of one file. It is read again whenever it changes, so a revoked key is refused at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._held: tuple[object, dict[str, Key]] = None, {}
        self._lock = Lock()

    def exist(self) -> bool:
        return self.path.exists()

    def all(self) -> list[Key]:
        """Every key there ever was, oldest first. Raises Unusable for a file that is no file of keys."""
        return list(self._now().values())

    def check(self, token: str, now: datetime | None = None) -> Key | None:
        """The key that this is, if it is one and lets in today."""
        given, shape = sha256(token.encode("utf-8", "replace")).hexdigest(), SHAPE.fullmatch(token)
        key = self._now().get(shape[1]) if shape else None
        same = hmac.compare_digest(given, key.hash if key else NOBODY)
        return key if key and same and key.valid(now or datetime.now(UTC)) else None

    def by_id(self, id: str, now: datetime | None = None) -> Key | None:  # noqa: A002
        """The key of an id, if it still lets in."""
        key = self._now().get(id)
        return key if key and key.valid(now or datetime.now(UTC)) else None

    def create(self, name: str, scope: str, sees: str | None = None, days: int | None = None) -> tuple[Key, str]:
        """A new key, and the text that is shown once and kept nowhere.

        sees: public for those who read unless said; who writes is of the team and sees what it sees. Raises Unusable.
        """
        if scope not in SCOPES:
            raise Unusable(f"A key is for one of: {', '.join(SCOPES)}; not {scope!r}.")
        sees = sees or (VISIBILITIES[0] if scope == "read" else VISIBILITIES[-1])
        if sees not in VISIBILITIES:
            raise Unusable(f"A key sees what is for one of: {', '.join(VISIBILITIES)}; not {sees!r}.")
        if scope != "read" and sees != VISIBILITIES[-1]:
            raise Unusable(f"Who writes is of the team: a key for {scope} sees {VISIBILITIES[-1]}, not {sees}.")
        if days is not None and not 1 <= days <= 3650:
            raise Unusable(f"A key lasts 1 to 3,650 days, not {days}.")
        try:
            called = normal(name)
        except ValueError as fault:
            raise Unusable(f"A key cannot be called {name!r}: {fault}.") from fault
        if not called or len(called) > 100 or "\n" in called:
            raise Unusable("A key has a name of at most 100 characters on one line: who holds it.")
        now = datetime.now(UTC).replace(microsecond=0)
        expires = (now + timedelta(days=days)).isoformat() if days else ""

        def add(keys: dict[str, Key]) -> tuple[Key, str]:
            ident = next(i for i in iter(lambda: secrets.token_hex(4), "") if i not in keys)
            token = f"tsi_{ident}_{secrets.token_urlsafe(32)}"
            keys[ident] = Key(ident, called, scope, sees, sha256(token.encode()).hexdigest(), now.isoformat(), expires)
            return keys[ident], token

        return self._change(add)

    def revoke(self, ident: str) -> Key:
        """The key of an id, which is refused from now on. Raises NotFound."""

        def end(keys: dict[str, Key]) -> Key:
            if ident not in keys:
                raise NotFound(f"There is no key {ident[:80]!r}; `tsi key list` shows them.")
            if not keys[ident].revoked:
                keys[ident] = replace(keys[ident], revoked=datetime.now(UTC).isoformat(timespec="seconds"))
            return keys[ident]

        return self._change(end)

    def used(self, key: Key) -> None:
        """Keep the day on which a key was last used: once a day, and not at all where the file cannot be written."""
        day = f"{datetime.now(UTC):%Y-%m-%d}"
        held = self._held[1].get(key.id)
        if held is None or held.used == day:
            return
        self._held[1][key.id] = replace(held, used=day)  # also where it cannot be kept, so as to try once
        with suppress(OSError):
            self._change(lambda keys: keys.update({key.id: replace(keys[key.id], used=day)} if key.id in keys else {}))

    def _now(self) -> dict[str, Key]:
        stamp = _stamp(self.path)
        if stamp != self._held[0]:
            with self._lock:
                self._held = stamp, _read(self.path)
        return self._held[1]

    def _change(self, change: Callable[[dict[str, Key]], T]) -> T:
        """Change the file at once, or not at all; programs take turns."""
        with _turn(self.path):
            keys = _read(self.path)
            answer = change(keys)
            _write(self.path, keys)
        return answer


def is_loopback(host: str | None) -> bool:
    """Whether an address is of this machine alone.

    >>> is_loopback("127.0.0.1"), is_loopback("0.0.0.0"), is_loopback(None)
    (True, False, False)
    """
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def asks(keys: Keys, host: str | None) -> bool:
    """Whether a server that listens there asks for keys: always, but on this machine alone without a file of keys.

    Raises Unusable for any other address, or one that nobody named, without a key that lets in.
    """
    if is_loopback(host):
        return keys.exist()
    now = datetime.now(UTC)
    if not any(key.valid(now) for key in keys.all()):
        where = f"{host} is open to others" if host else "TSI_HOST does not say that only this machine can ask"
        how = "make one with `tsi key create NAME --scope admin`, or listen on 127.0.0.1"
        raise Unusable(f"{where}, and there is no valid key in {keys.path} (TSI_KEYS): {how}.")
    return True


def _stamp(path: Path) -> object:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def _read(path: Path) -> dict[str, Key]:
    try:
        kept = json.loads(path.read_bytes())
        if kept["format"] != FORMAT:
            raise ValueError("another format")
        return {one["id"]: Key(**one) for one in kept["keys"]}
    except FileNotFoundError:
        return {}
    except OSError as fault:
        raise Unusable(f"The keys in {path} cannot be read: {fault.strerror}.") from fault
    except (ValueError, TypeError, KeyError) as fault:
        raise Unusable(
            f"{path} is no file of keys, or is damaged; `tsi key create` begins a new one elsewhere."
        ) from fault


def _write(path: Path, keys: dict[str, Key]) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # for the owner alone: 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"format": FORMAT, "keys": [asdict(key) for key in keys.values()]}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


@contextmanager
def _turn(path: Path) -> Iterator[None]:
    try:
        import fcntl  # not on Windows, where whoever is last wins
    except ImportError:
        yield
        return
    with path.with_name(f".{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
