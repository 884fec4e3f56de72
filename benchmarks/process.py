"""The driver's end of a worker: asks, waits so long and no longer, and ends it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WORKER = Path(__file__).with_name("worker.py")
THREAD_SETTINGS = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS",
)  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """On what and how everything is run."""

    data: Path
    size: str
    threads: int
    timeout: float


def environment(threads: int) -> dict[str, str]:
    """Held to so many threads; those that wait do not burn the time of others."""
    return {
        **os.environ,
        **dict.fromkeys(THREAD_SETTINGS, str(threads)),
        "OMP_WAIT_POLICY": "passive",
        "PYTHONWARNINGS": "ignore",
    }


class Process:
    """One peer's worker."""

    def __init__(self, python: str, peer: str, setting: Setting) -> None:
        self.timeout, self._pending = setting.timeout, b""
        with open(setting.data / f"{peer}.log", "a") as log:
            self._process = subprocess.Popen(
                [python, str(WORKER), peer, str(setting.data), setting.size],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment(setting.threads),
                start_new_session=True,
            )
        self.hello = self._read()

    def ask(self, **request: str) -> dict[str, Any]:
        """The answer; {"error": ...} when the worker died or is late, after which it is of no more use."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            return {"error": "died", "lost": True}
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        stream, end = self._process.stdout.fileno(), time.monotonic() + self.timeout
        while b"\n" not in self._pending:
            left = end - time.monotonic()
            if left <= 0 or not select.select([stream], [], [], left)[0]:
                return {"error": f"over {self.timeout:.0f} s", "lost": True}
            read = os.read(stream, 65536)
            if not read:
                return {"error": "died", "lost": True}
            self._pending += read
        line, self._pending = self._pending.split(b"\n", 1)
        reply: dict[str, Any] = json.loads(line)
        return reply

    def stop(self) -> None:
        """Ends the worker with all that it started."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
