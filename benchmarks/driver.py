"""All peers in one run, interleaved: a round asks each task of each peer before the next round begins."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from checks import compare
from graphs import Network
from process import Process, Setting
from tasks import Task


class Driver:
    """Holds one process for each peer, what it measured and what failed."""

    def __init__(self, setting: Setting, python: Callable[[str], str], slow: float) -> None:
        self.setting, self.python, self.slow = setting, python, slow
        self.answers = setting.data / f"answers-{setting.size}"
        self.answers.mkdir(parents=True, exist_ok=True)
        self.versions: dict[str, str] = {}
        self._processes: dict[str, Process] = {}
        self._made: set[tuple[str, str]] = set()
        self._samples: dict[tuple[str, str], list[dict[str, float]]] = {}
        self._failed: dict[tuple[str, str], str] = {}
        self._lacking: set[tuple[str, str]] = set()

    def run(self, tasks: list[Task], peers: list[str], repeats: int) -> None:
        """Asks every task of every peer so often; a call longer than `slow` seconds only once."""
        for round_ in range(repeats):
            for task in tasks:
                for peer in peers:
                    if self._worth_asking(task, peer):
                        self._ask(task, peer, first=round_ == 0)
        for process in self._processes.values():
            process.stop()

    def results(self, tasks: list[Task], network: Network) -> dict[str, Any]:
        """By task: the seconds of each call of each peer, their medians, who failed and why, and who agrees."""
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

    def _worth_asking(self, task: Task, peer: str) -> bool:
        key = (task.name, peer)
        quick = all(sample["wall"] <= self.slow for sample in self._samples.get(key, []))
        return quick and key not in self._failed and key not in self._lacking and ("start", peer) not in self._failed

    def _ask(self, task: Task, peer: str, first: bool) -> None:
        process = self._process(peer)
        if process is None:
            return
        request = {"run": task.name}
        if first:
            self._path(task, peer).unlink(missing_ok=True)
            request["save"] = str(self._path(task, peer))
        reply = {} if not task.needs else self._make(process, peer, task)
        reply = reply if "error" in reply or "lacks" in reply else process.ask(**request)
        if "wall" in reply:
            self._samples.setdefault((task.name, peer), []).append(reply)
        elif "lacks" in reply:
            self._lacking.add((task.name, peer))
        else:
            self._fail(task.name, peer, reply)
        if first and "lacks" not in reply:
            said = reply.get("error") or f"{reply['wall'] * 1e3:12.3f} ms wall {reply['cpu'] * 1e3:12.3f} ms CPU"
            sys.stderr.write(f"{self.setting.size:9s} {task.name:24s} {peer:18s} {said}\n")

    def _process(self, peer: str) -> Process | None:
        if peer not in self._processes:
            process = Process(self.python(peer), peer, self.setting)
            if "version" not in process.hello:
                process.stop()
                self._fail("start", peer, process.hello)
                sys.stderr.write(f"{peer} did not start: see {peer}.log among the data\n")
                return None
            self._processes[peer], self.versions[peer] = process, process.hello["version"]
        return self._processes[peer]

    def _make(self, process: Process, peer: str, task: Task) -> dict[str, Any]:
        """Has the structure made that a task needs, once."""
        if (peer, task.needs) in self._made:
            return {}
        reply = process.ask(run=task.name, only="") if False else process.ask(make=task.needs, **{"for": task.name})
        if not reply:
            self._made.add((peer, task.needs))
        return reply

    def _fail(self, name: str, peer: str, reply: dict[str, Any]) -> None:
        self._failed[name, peer] = reply["error"]
        if reply.get("lost") and peer in self._processes:
            self._processes.pop(peer).stop()
            self._made = {(made, what) for made, what in self._made if made != peer}
