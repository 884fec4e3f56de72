"""The real server in a process of its own, and raw sockets to it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from tests.conftest import ROOT
from tests.store.test_faults import free_port


class Served:
    """A server at a port of this machine, which writes its log to a file."""

    def __init__(self, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
        self.port, self.process, self.log = port, process, log
        self.url = f"http://127.0.0.1:{port}"

    def open(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def ask(self, text: bytes) -> bytes:
        """All that is answered to some bytes until the server closes, however much of them it takes."""
        with self.open() as line:
            line.sendall(text)
            return rest_of(line)

    def memory(self) -> int:
        """Bytes that the process has needed at most, so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) * 1024


def rest_of(line: socket.socket) -> bytes:
    found = b""
    try:
        while more := line.recv(65_536):
            found += more
    except ConnectionResetError:
        pass
    return found


@contextmanager
def served(store: str, folder: Path, *options: str, **settings: str) -> Iterator[Served]:
    port, log = free_port(), folder / "server.log"
    keys = str(folder / "keys.json")
    environment = {**os.environ, "TSI_STORE": store, "TSI_WARM": "false", "TSI_KEYS": keys, **settings}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tsi_graph.cli", "serve", "--port", str(port), *options],
            cwd=ROOT, env=environment, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        wait_until(lambda: urlopen(f"http://127.0.0.1:{port}/livez", timeout=5).status == 200, 40)
        yield Served(port, process, log)
    finally:
        process.terminate()
        process.wait(20)


def wait_until(true: object, seconds: float) -> float:
    """Wait until it is true, and say how long that took."""
    begun = time.monotonic()
    while True:
        try:
            if true():  # type: ignore[operator]
                return time.monotonic() - begun
        except OSError:
            pass
        assert time.monotonic() - begun < seconds, "it did not become true in time"
        time.sleep(0.1)
