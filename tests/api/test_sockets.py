"""What the server itself withstands, before any route is asked: huge bodies, sockets that say nothing or little."""

from __future__ import annotations

import json
import socket
import statistics
import time
from collections.abc import Iterator
from contextlib import suppress
from threading import Event, Thread

import pytest

from tests.api.serving import Served, rest_of, served

HUGE = 200 * 2**20
GROWTH = 30 * 2**20
SOCKETS = 900
ALIVE = b"GET /livez HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def server(at: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(at, tmp_path_factory.mktemp("server")) as found:
        yield found


def problem(answer: bytes) -> tuple[int, str]:
    """Status and type of a raw answer, which says that the connection closes and carries the headers."""
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    assert {"connection: close", "content-type: application/problem+json"} <= set(lines)
    for name in ("content-security-policy", "x-content-type-options", "referrer-policy", "cache-control"):
        assert any(line.startswith(f"{name}:") for line in lines), name
    return int(head.split()[1]), json.loads(body)["type"]


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("path", ["/v1/introductions", "/v1/imports"])
def test_a_body_of_200_mb_is_refused_and_costs_no_memory(server: Served, path: str, chunked: bool) -> None:
    before, sent = server.memory(), 0
    kind = b"multipart/form-data; boundary=x" if path == "/v1/imports" else b"application/json"
    part = b" " * 2**20
    if kind != b"application/json":
        first = b'--x\r\ncontent-disposition: form-data; name="files"; filename="a.csv"\r\n\r\n'
    else:
        first = b"["
    size = len(first) + HUGE
    framing = b"transfer-encoding: chunked" if chunked else b"content-length: %d" % size
    with server.open() as line:
        head = b"POST %b HTTP/1.1\r\nhost: localhost\r\ncontent-type: %b\r\n%b\r\n\r\n"
        line.sendall(head % (path.encode(), kind, framing))
        with suppress(ConnectionError):
            for piece in (first, *[part] * 200):
                line.sendall(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
                sent += len(piece)
        assert problem(rest_of(line)) == (413, "/problems/refused")
    growth = server.memory() - before
    print(f"{path}, chunked {chunked}: {sent / 2**20:.0f} MB sent, growth {growth / 2**20:.1f} MB")  # noqa: T201
    assert growth < GROWTH


def test_900_sockets_that_never_finish_a_request_hold_nobody_up_and_are_closed(server: Served) -> None:
    beginnings = (b"", b"GET /v1/info HTTP/1.1\r\nhost: lo", b"POST /v1/introductions HTTP/1.1\r\nhost: localhost\r\n"
                  b"content-type: application/json\r\ncontent-length: 5000\r\n\r\n{")  # fmt: skip
    lines: list[socket.socket] = []
    for i in range(SOCKETS):
        line = server.open()
        line.sendall(beginnings[i % 3])
        lines.append(line)
    opened, stop = time.monotonic(), Event()

    def trickle() -> None:
        while not stop.wait(1):
            for i in range(1, SOCKETS, 6):
                with suppress(OSError):
                    lines[i].send(b"x")

    slow = Thread(target=trickle)
    slow.start()
    taken = []
    for _ in range(200):
        begun = time.monotonic()
        assert server.ask(ALIVE).startswith(b"HTTP/1.1 200")
        taken.append(time.monotonic() - begun)
        time.sleep(0.01)
    p99 = statistics.quantiles(taken, n=100)[98]
    still = set(range(SOCKETS))
    while still and time.monotonic() - opened < 20:
        for i in list(still):
            lines[i].setblocking(False)
            with suppress(BlockingIOError):
                try:
                    if lines[i].recv(1000) == b"":
                        still.discard(i)
                except ConnectionResetError:
                    still.discard(i)
        time.sleep(0.2)
    closed = time.monotonic() - opened
    stop.set()
    slow.join()
    for line in lines:
        line.close()
    print(f"{SOCKETS} sockets: p99 of /livez {p99 * 1000:.1f} ms, all closed after {closed:.1f} s")  # noqa: T201
    assert not still
    assert closed <= 15
    assert p99 < 0.1


def test_a_connection_that_is_used_stays_open_and_one_that_idles_or_trickles_its_next_request_does_not(
    server: Served,
) -> None:
    with server.open() as line:
        for _ in range(3):
            line.sendall(b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n")
            answer = b""
            while not answer.endswith(b"}"):
                answer += line.recv(65_536)
            assert answer.startswith(b"HTTP/1.1 200")
            time.sleep(0.5)
        begun = time.monotonic()
        line.settimeout(20)
        with suppress(OSError):
            while time.monotonic() - begun < 20:
                line.send(b"G")
                line.settimeout(1)
                with suppress(TimeoutError):
                    if line.recv(1) == b"":
                        break
        assert time.monotonic() - begun < 15


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"nonsense\r\n\r\n", (400, "/problems/bad-request")),
        (b"GET /v1/info HTTP/1.1\r\nhost: localhost\r\nx: " + b"a" * 70_000 + b"\r\n\r\n", (431, "/problems/too-long")),
        (b"GET /" + b"a" * 10_000 + b" HTTP/1.1\r\nhost: localhost\r\n\r\n", (414, "/problems/too-long")),
        (b"GET /it/" + b"a" * 70_000, (431, "/problems/too-long")),
        (
            b"POST /v1/introductions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n"
            b"content-type: application/json\r\n\r\n0\r\n\r\nGET /v1/info HTTP/1.1\r\nhost: localhost\r\n\r\n",
            None,
        ),
    ],
)
def test_what_is_no_request_gets_a_problem_and_is_closed(
    server: Served, text: bytes, expected: tuple[int, str] | None
) -> None:
    answer = server.ask(text)
    if expected:
        assert problem(answer) == expected
    else:
        assert answer.count(b"HTTP/1.1 2") == 0  # two lengths: no second request is read out of the first
