"""How many requests the API answers, and how soon: 5,000 organisations and 20,000 ties, two workers, keys on.

`python -m benchmarks.load` builds the store, starts `tsi serve --workers 2` on a free port with a key, and asks it:
the same addresses again and again, as fast as wrk can; 300 a second, each counted from when it was due (open loop),
so that a request that waits behind another is late; and addresses that nobody asked for before. The client runs on
the same machine, and what it takes is taken from the server. Results in results/load.json.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import platform
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tsi_graph.batch import Batch
from tsi_graph.keys import Keys
from tsi_graph.model import MemberOf, Network, ParticipatesIn, PartnerOf, Project, Stakeholder, Topic, WorksOn
from tsi_graph.store import open_store

RESULTS = Path(__file__).parent / "results" / "load.json"
GOALS = {"cached_per_second": 2_000, "open_loop_p99_ms": 15.0, "uncached_per_second": 150}
WORKERS, CONNECTIONS, OPEN_RATE, ADDRESSES = 2, 32, 300, 200
SECTORS = ("association", "bank", "company", "cooperative", "foundation", "investor", "public body", "university")


def store(folder: Path, organisations: int = 5_000, ties: int = 20_000, seed: int = 1) -> None:
    """An ecosystem of that size: projects of many sizes, networks, topics, partners; the same each time."""
    dice = random.Random(seed)
    many = organisations // 8
    source = {"origin": "https://example.org/", "confidence": 3}
    bodies = [f"o{i}" for i in range(organisations)]
    projects, networks, topics = ([f"{sort}{i}" for i in range(n)] for sort, n in (("p", many), ("n", 60), ("t", 40)))
    nodes: list[Any] = [
        Stakeholder(
            id=b, name=f"Organisation {b}", sector=dice.choice(SECTORS), city=dice.choice(("Torino", "Asti")), **source
        )
        for b in bodies
    ]
    nodes += [Project(id=p, name=f"Project {p}", valid_from=str(dice.randint(2014, 2025)), **source) for p in projects]
    nodes += [
        Network(id=n, name=f"Network {n}", scope=dice.choice(("national", "european", "global")), **source)
        for n in networks
    ]
    nodes += [Topic(id=t, name=f"Topic {t}", **source) for t in topics]
    sizes = [1 / (1 + k % 97) for k in range(many)]
    drawn: dict[tuple[type[Any], str, str], Any] = {}
    while len(drawn) < ties:
        kind, target = dice.choices(
            [(ParticipatesIn, dice.choices(projects, sizes)[0]), (MemberOf, dice.choice(networks)),
             (WorksOn, dice.choice(topics)), (PartnerOf, dice.choice(bodies))], (14, 2, 2, 2),
        )[0]  # fmt: skip
        body = dice.choice(bodies)
        if body != target and (kind, target, body) not in drawn:
            drawn[kind, body, target] = kind(source=body, target=target, **source)
    with open_store(folder) as opened:
        opened.write(Batch(nodes=nodes, edges=list(drawn.values())), "load")


@contextmanager
def serving(folder: Path, workers: int) -> Iterator[tuple[int, str]]:
    """The port and the key of a server over that store; no limits on how often a key asks."""
    _, key = Keys(folder / "keys.json").create("load", "read", "team")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ, "TSI_STORE": str(folder / "load.db"), "TSI_KEYS": str(folder / "keys.json"), "TSI_RATE": "",
        "TSI_RATE_ADDRESS": "",
    }  # fmt: skip
    command = [str(Path(sys.executable).with_name("tsi")), "serve", "--port", str(port), "--workers", str(workers)]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10)
                break
            except OSError:
                time.sleep(0.2)
        yield port, key
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def address(node: int, **more: object) -> str:
    return f"/v1/recommendations?stakeholder=o{node}" + "".join(f"&{name}={value}" for name, value in more.items())


def wrk(port: int, key: str, seconds: float, addresses: list[str], folder: Path, threads: int = 2) -> dict[str, Any]:
    """What wrk found, asking for these addresses in turn over 32 connections; each thread from a place of its own."""
    script = folder / "wrk.lua"
    script.write_text(
        "local paths = {}\nfor line in io.lines(os.getenv('TSI_PATHS')) do paths[#paths + 1] = line end\n"
        "local threads = 0\nfunction setup(thread) thread:set('number', threads); threads = threads + 1 end\n"
        f"local i = -1\nfunction request()\n  if i < 0 then i = math.floor(number * #paths / {threads}) end\n"
        "  i = i + 1\n  return wrk.format('GET', paths[i % #paths + 1])\nend\n"
        "function done(summary, latency)\n"
        "  io.write(string.format('\\nFOUND %d %d %d %d %d %d\\n', summary.requests, summary.duration, "
        "summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write "
        "+ summary.errors.timeout, "
        "latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))\nend\n"
    )
    (folder / "paths").write_text("\n".join(addresses))
    command = [
        "wrk", f"-t{threads}", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "--timeout", "10s", "-s", str(script),
        "-H", f"Authorization: Bearer {key}", f"http://127.0.0.1:{port}",
    ]  # fmt: skip
    run = subprocess.run(
        command, env={**os.environ, "TSI_PATHS": str(folder / "paths")}, capture_output=True, text=True
    )
    found = re.search(r"FOUND (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", run.stdout)
    if not found:
        sys.exit(f"wrk: {run.stdout}{run.stderr}")
    requests, micros, errors, *late = map(int, found.groups())
    half, most, worst = (round(one / 1000, 2) for one in late)
    return {
        "per_second": round(requests / micros * 1e6),
        "errors": errors,
        "p50_ms": half,
        "p99_ms": most,
        "p999_ms": worst,
    }


async def open_loop(port: int, key: str, rate: int, seconds: float, addresses: list[str]) -> dict[str, Any]:
    """Requests when they are due, whether or not those before were answered; how late each answer is, from then on."""
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(2 * CONNECTIONS):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    late: list[float] = []
    errors = 0

    async def ask(due: float, path: str) -> None:
        nonlocal errors
        reader, writer = await free.get()
        try:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            size = re.search(rb"content-length: (\d+)", head)
            await reader.readexactly(int(size[1]) if size else 0)
            errors += not head.startswith(b"http/1.1 200")
            late.append(time.perf_counter() - due)
        except (OSError, asyncio.IncompleteReadError):
            errors += 1
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        free.put_nowait((reader, writer))

    begun, running = time.perf_counter(), set[asyncio.Task[None]]()
    for n, path in zip(range(int(rate * seconds)), itertools.cycle(addresses), strict=False):
        due = begun + n / rate
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        running.add(task := asyncio.create_task(ask(due, path)))
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)
    took = time.perf_counter() - begun
    ordered = sorted(late)
    at = {name: round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)
          for name, share in (("p50_ms", 0.5), ("p99_ms", 0.99), ("p999_ms", 0.999))}  # fmt: skip
    return {"per_second": round(len(late) / took), "errors": errors, **at}


def measured(seconds: float) -> dict[str, Any]:
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed: apt-get install wrk.")
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        store(folder / "load.db")
        with serving(folder, WORKERS) as (port, key):
            same = [address(node) for node in range(ADDRESSES)]
            fresh = [address(node, limit=limit) for limit in (10, 11, 12, 9) for node in range(5_000)]
            wrk(port, key, 10, same, folder)  # each worker has answered each address
            cached = wrk(port, key, seconds, same, folder)
            steady = asyncio.run(open_loop(port, key, OPEN_RATE, seconds, same))
            uncached = wrk(port, key, min(seconds, 30), fresh, folder)
            calm = asyncio.run(open_loop(port, key, 50, min(seconds, 20), [address(n, limit=13) for n in range(5_000)]))
    return {
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version(), "load": round(os.getloadavg()[0], 1)},
        "workers": WORKERS, "connections": CONNECTIONS, "seconds": seconds, "goals": GOALS, "cached": cached,
        "open_loop_300": steady, "uncached": uncached, "uncached_open_loop_50": calm,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args()
    found = measured(given.seconds)
    given.out.write_text(json.dumps(found, indent=1) + "\n")
    sys.stdout.write(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
