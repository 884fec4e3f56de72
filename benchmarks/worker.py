"""One peer in a process of its own: reads a JSON request a line, answers each with a JSON line.

{"make": "graph"} makes a structure and answers nothing of it. {"run": task} times the task; with "save", the answer
goes into that file for the comparison. Only the library's own call is timed, of which quick ones are
called several times: their median counts.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from graphs import load
from peers import adapter
from peers.base import Measured, Peer
from tasks import TASKS, TOP, Task

LONG_ENOUGH = 0.05
"""Seconds for which a quick call is repeated."""


def main() -> None:
    """Answers requests until the input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer")
    parser.add_argument("data", type=Path)
    parser.add_argument("size")
    options = parser.parse_args()
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what libraries print goes to the log
    peer = adapter(options.peer, load(options.data, options.size))
    can = [name for name in TASKS if hasattr(peer, name)]
    answers.write(json.dumps({"version": peer.version(), "tasks": can}) + "\n")
    for line in sys.stdin:
        try:
            reply = respond(peer, json.loads(line))
        except Exception as error:
            traceback.print_exc()
            reply = {"error": type(error).__name__}
        answers.write(json.dumps(reply) + "\n")


def respond(peer: Peer, request: dict[str, str]) -> dict[str, Any]:
    """What a request asks for."""
    if "make" in request:
        getattr(peer, request["make"])
        return {}
    task = TASKS[request["run"]]
    prepare(peer, task)
    answer, wall, cpu = measured(getattr(peer, task.name))
    if "save" in request and (arrays := tidy(peer, task, answer)):
        np.savez(request["save"], **arrays)
    if task.makes:
        peer.__dict__[task.makes] = answer
    queries = len(getattr(peer, task.queries)) if task.queries else 1
    return {clock: float(f"{seconds / queries:.4g}") for clock, seconds in (("wall", wall), ("cpu", cpu))}


def prepare(peer: Peer, task: Task) -> None:
    """Does once, before the clock starts, what a graph keeps for later calls."""
    if task.makes:
        peer.__dict__.pop(task.makes, None)  # two of the largest would not fit
    once = getattr(peer, f"prepare_{task.name}", None)
    done = peer.__dict__.setdefault("prepared", set())
    if once and task.name not in done:
        once()
        done.add(task.name)


def measured(call: Callable[[], Any]) -> Measured:
    """What a call answers and its median seconds, elapsed and of all threads."""
    walls: list[float] = []
    cpus: list[float] = []
    while sum(walls) < LONG_ENOUGH:
        cpu, wall = time.process_time(), time.perf_counter()
        answer = call()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        if isinstance(answer, Measured):
            return answer
        walls.append(wall)
        cpus.append(cpu)
    return Measured(answer, statistics.median(walls), statistics.median(cpus))


def tidy(peer: Peer, task: Task, answer: Any) -> dict[str, np.ndarray]:
    """An answer as plain arrays; none where it is not to be compared."""
    mend = getattr(peer, f"tidy_{task.name}", None)
    answer = mend(answer) if mend else answer
    if answer is None or not task.answer:
        return {}
    if task.answer in ("parts", "communities"):
        return {"label": peer.labels(answer)}
    if task.answer == "nodes":
        return {"key": np.sort(np.asarray(list(answer), dtype=np.int64))}
    if task.answer == "pairs":
        ends = np.sort(np.asarray(list(answer), dtype=np.int64).reshape(-1, 2), axis=1)
        return {"key": np.sort(ends[:, 0] * peer.n + ends[:, 1])}
    if task.answer in ("scores", "ranking"):
        return _tops(answer)
    return {"value": peer.values(answer)}


def _tops(answer: list[tuple[Any, Any]]) -> dict[str, np.ndarray]:
    ids, scores = np.full((len(answer), TOP), -1, np.int64), np.zeros((len(answer), TOP))
    for row, (found, score) in enumerate(answer):
        found, score = np.asarray(found), np.asarray(score)
        real = np.flatnonzero(score > 0)
        ids[row, : len(real)], scores[row, : len(real)] = found[real], score[real]
    return {"ids": ids, "scores": scores}


if __name__ == "__main__":
    main()
