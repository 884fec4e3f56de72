"""All peers in one run, interleaved: a round asks each task of each peer before the next round begins."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from checks import compare
from graphs import Network
from peers import OURS
from process import Process, Setting
from tasks import Task


class Driver:
    """Holds a process for each peer, what it measured and what failed.

    `python` names the interpreter of a peer. A call longer than `slow` seconds is asked for only once.
    """

    def __init__(self, setting: Setting, python: Callable[[str], str], slow: float) -> None:
        self.setting, self.python, self.slow = setting, python, slow
        self.answers = setting.data / f"answers-{setting.size}"
        self.answers.mkdir(parents=True, exist_ok=True)
        self.versions: dict[str, str] = {}
        self.absent: dict[str, str] = {}
        self._processes: dict[str, Process] = {}
        self._made: set[tuple[str, str]] = set()
        self._samples: dict[tuple[str, str], list[dict[str, float]]] = {}
        self._failed: dict[tuple[str, str], str] = {}

    def run(self, tasks: list[Task], peers: list[str], repeats: int) -> None:
        """Asks every task of every peer so many times."""
        for round_ in range(repeats):
            for task in tasks:
                for peer in peers:
                    if process := self._process(peer):
                        self._ask(process, task, peer, first=round_ == 0)
        for process in self._processes.values():
            process.stop()

    def results(self, tasks: list[Task], network: Network) -> dict[str, Any]:
        """By task: the seconds of each call of each peer and their medians, who failed and why, and who agrees."""
        return {task.name: self._result(task, network) for task in tasks}

    def _result(self, task: Task, network: Network) -> dict[str, Any]:
        peers = {}
        for (name, peer), samples in self._samples.items():
            if name == task.name:
                seconds = {clock: [sample[clock] for sample in samples] for clock in ("wall", "cpu")}
                medians = {f"{clock}_median": statistics.median(taken) for clock, taken in seconds.items()}
                peers[peer] = {**seconds, **medians}
        failed = {peer: why for (name, peer), why in self._failed.items() if name == task.name}
        files = {peer: path for peer in peers if (path := self._path(task, peer)).exists()}
        return {"peers": peers, "failed": failed, "check": compare(task, files, network)}

    def _path(self, task: Task, peer: str) -> Path:
        return self.answers / f"{task.name}-{peer}.npz"

    def _process(self, peer: str) -> Process | None:
        """The process of a peer, started where it is not running; None for one that cannot be started."""
        if peer not in self._processes and peer not in self.absent:
            process = Process(self.python(peer), peer, self.setting)
            if "error" in process.hello:
                process.stop()
                self.absent[peer] = process.hello["error"]
                said = f"{peer} did not start; its log among the data says why\n"
                if peer == OURS:
                    raise SystemExit(said)
                sys.stderr.write(said)
            else:
                self._processes[peer], self.versions[peer] = process, process.hello["version"]
        return self._processes.get(peer)

    def _ask(self, process: Process, task: Task, peer: str, first: bool) -> None:
        samples = self._samples.get((task.name, peer), [])
        if task.name not in process.hello["tasks"] or (task.name, peer) in self._failed:
            return
        if any(sample["wall"] > self.slow for sample in samples):
            return
        reply = self._made_ready(process, task, peer)
        if "error" not in reply:
            reply = process.ask(run=task.name, **self._saving(task, peer) if first else {})
        if "error" in reply:
            self._fail(task, peer, reply)
        else:
            self._samples[task.name, peer] = [*samples, reply]
        if first:
            told = reply.get("error") or f"{reply['wall'] * 1e3:11.3f} ms, CPU {reply['cpu'] * 1e3:11.3f} ms"
            sys.stderr.write(f"{self.setting.size:9s} {task.name:23s} {peer:17s} {told}\n")

    def _saving(self, task: Task, peer: str) -> dict[str, str]:
        self._path(task, peer).unlink(missing_ok=True)
        return {"save": str(self._path(task, peer))}

    def _made_ready(self, process: Process, task: Task, peer: str) -> dict[str, Any]:
        """Has the structure made, once, that a task needs; what cannot be made is not tried again."""
        if not task.needs or (peer, task.needs) in self._made:
            return {}
        if why := self._failed.get((task.needs, peer)):
            return {"error": why}
        reply = process.ask(make=task.needs)
        if "error" in reply:
            self._failed[task.needs, peer] = reply["error"]
        else:
            self._made.add((peer, task.needs))
        return reply

    def _fail(self, task: Task, peer: str, reply: dict[str, Any]) -> None:
        self._failed[task.name, peer] = reply["error"]
        if reply.get("lost"):
            self._processes.pop(peer).stop()
            self._made = {(owner, what) for owner, what in self._made if owner != peer}
