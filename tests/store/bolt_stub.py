"""A server that speaks as much of Bolt 5.4 as the driver needs, and fails when told to; and a line that is slow or cut.

Every statement answers one row: one = 1. See https://neo4j.com/docs/bolt for the messages.
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

MESSAGES = {
    0x01: "HELLO", 0x6A: "LOGON", 0x6B: "LOGOFF", 0x02: "GOODBYE", 0x0F: "RESET", 0x10: "RUN", 0x2F: "DISCARD",
    0x3F: "PULL", 0x11: "BEGIN", 0x12: "COMMIT", 0x13: "ROLLBACK", 0x66: "ROUTE", 0x54: "TELEMETRY",
}  # fmt: skip
SUCCESS, RECORD, FAILURE = 0x70, 0x71, 0x7F
VERSION = b"\x00\x00\x04\x05"


def packed(value: Any) -> bytes:
    """A value in PackStream, as far as answers need it."""
    match value:
        case None:
            return b"\xc0"
        case bool():
            return b"\xc3" if value else b"\xc2"
        case int():
            return struct.pack(">b", value) if -16 <= value < 128 else b"\xcb" + struct.pack(">q", value)
        case str():
            text = value.encode()
            return (bytes([0x80 + len(text)]) if len(text) < 16 else b"\xd0" + bytes([len(text)])) + text
        case list():
            return bytes([0x90 + len(value)]) + b"".join(map(packed, value))
        case dict():
            pairs = (packed(key) + packed(one) for key, one in value.items())
            return bytes([0xA0 + len(value)]) + b"".join(pairs)
    raise TypeError(value)


def message(signature: int, field: Any) -> bytes:
    body = bytes([0xB1, signature]) + packed(field)
    return struct.pack(">H", len(body)) + body + b"\x00\x00"


class Gone(Exception):
    """The connection ends here."""


class Listener:
    """Something that accepts connections on a port of this machine, each in a thread of its own."""

    def __enter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port: int = self._socket.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        for one in (self._socket, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    @property
    def url(self) -> str:
        return f"bolt://127.0.0.1:{self.port}"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._socket.accept()
                self._open.append(client)
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError, Gone):
            self.serve(client)
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
        client.close()

    def serve(self, client: socket.socket) -> None:
        raise NotImplementedError


class Stub(Listener):
    """Dies, or falls silent, after a message: HELLO, RUN, RECORD, BEGIN, COMMIT. `times`: how often, and then never.

    frozen: once it has fallen silent no connection gets an answer. late: seconds until a silent one answers after all.
    code: reports this error instead of dying. says: all that it says, to anybody.
    """

    def __init__(
        self,
        after: str = "",
        *,
        silent: bool = False,
        frozen: bool = False,
        late: float = 1000.0,
        times: int = 1000,
        code: str = "",
        says: bytes | None = None,
    ) -> None:
        self._after, self._silent, self._frozen, self._late, self._times = after, silent, frozen, late, times
        self._code, self._says = code, says
        self._stopped = threading.Event()
        self._froze = False
        self.seen: Counter[str] = Counter()

    def serve(self, client: socket.socket) -> None:
        if self._froze:
            self._stopped.wait(self._late)
        _exactly(client, 20)
        if self._says is not None:
            client.sendall(self._says)
            raise Gone
        client.sendall(VERSION)
        failed = False
        while True:
            name = _message(client)
            failed = failed and name not in ("RESET", "GOODBYE")
            if failed:
                client.sendall(b"\x00\x02\xb0\x7e\x00\x00")  # ignored, until it is reset
                continue
            self.seen[name] += 1
            if self._froze:
                self._stopped.wait(self._late)
            if name == "GOODBYE":
                raise Gone
            if name == "PULL":
                client.sendall(message(RECORD, [1]))
                self._fail(client, "RECORD")
            failed = self._fail(client, name)
            if not failed:
                client.sendall(message(SUCCESS, self._answer(name)))

    def __exit__(self, *what: Any) -> None:
        self._stopped.set()
        super().__exit__(*what)

    def _answer(self, name: str) -> dict[str, Any]:
        if name == "HELLO":
            return {"server": "Neo4j/5.26.0", "connection_id": "stub"}
        if name == "ROUTE":
            here = [f"127.0.0.1:{self.port}"]
            servers = [{"addresses": here, "role": role} for role in ("ROUTE", "READ", "WRITE")]
            return {"rt": {"ttl": 300, "db": "neo4j", "servers": servers}}
        return {"fields": ["one"]} if name == "RUN" else {}

    def _fail(self, client: socket.socket, name: str) -> bool:
        """Fail if it is time to; True if an error was the answer."""
        if name != self._after or self._times <= 0:
            return False
        self._times -= 1
        if self._code:
            client.sendall(message(FAILURE, {"code": self._code, "message": "raw text of the server"}))
            return True
        if not self._silent:
            raise Gone
        self._froze = self._frozen
        self._stopped.wait(self._late)
        return False


class Line(Listener):
    """A connection to a server that is slow (`delay` seconds each way, `rate` bytes a second) or cut after `cut` bytes.

    times: how many connections are cut; the others are whole.
    """

    def __init__(
        self, to: int, *, delay: float = 0.0, rate: float = float("inf"), cut: int = 0, times: int = 0
    ) -> None:
        self._to, self._delay, self._rate, self._cut, self._times = to, delay, rate, cut, times
        self.cuts = 0

    def serve(self, client: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self._to))
        self._open.append(server)
        cut, self._times = (self._cut if self._times > 0 else 0), self._times - 1
        there = threading.Thread(target=self._quietly, args=(client, server, 0), daemon=True)
        there.start()
        self._quietly(server, client, cut)
        there.join()

    def _quietly(self, source: socket.socket, target: socket.socket, cut: int) -> None:
        with suppress(OSError):
            self._carry(source, target, cut)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _carry(self, source: socket.socket, target: socket.socket, cut: int) -> None:
        carried = 0
        while data := source.recv(65_536 if self._rate == float("inf") else max(1, int(self._rate / 10))):
            time.sleep(self._delay + len(data) / self._rate)
            if cut and carried + len(data) > cut:
                target.sendall(data[: cut - carried])
                self.cuts += 1
                return
            target.sendall(data)
            carried += len(data)


def seconds(work: Callable[[], object]) -> float:
    """How long some work takes."""
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


def _message(client: socket.socket) -> str:
    """The name of the next message, whatever is in it."""
    body = b""
    while size := struct.unpack(">H", _exactly(client, 2))[0]:
        body += _exactly(client, size)
    return MESSAGES[body[1]] if body else _message(client)


def _exactly(client: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = client.recv(size - len(data))
        if not more:
            raise Gone
        data += more
    return data
