"""Results as Markdown: the product beside the best peer, the goal, and whether it is met."""

from __future__ import annotations

import statistics
from itertools import groupby
from typing import Any

import loading
import start
from peers import OURS
from tasks import EXEMPT, LARGE, SCALING, SCALING_GOAL, TASKS, Task

Result = dict[str, Any]


def markdown(results: list[Result]) -> str:
    """A table for each size and number of threads, of all results of that kind together.

    Peers may have been measured in several runs, each beside the product: a peer's ratio is the median over
    its runs of its seconds divided by those of the product in the same run.
    """
    lines: list[str] = []
    kinds = groupby(sorted(results, key=_kind), key=_kind)
    for (_, threads), group in kinds:
        runs = list(group)
        lines += [_heading(runs[0]), "", *_tasks(runs, "cpu" if threads == 1 else "wall")]
        for run in runs:
            lines += _loading(run["loading"], run["size"]) if "loading" in run else []
            lines += _start(run["start"]) if "start" in run else []
        lines.append("")
    return "\n".join(lines + _scaling(results)) + "\n"


def _kind(result: Result) -> tuple[int, int]:
    return result["network"]["nodes"], result["threads"]


def _heading(result: Result) -> str:
    network, threads = result["network"], result["threads"]
    said = "one thread, CPU" if threads == 1 else f"{threads} threads, elapsed"
    return f"### {result['size']}: {network['nodes']:,} nodes, {network['edges']:,} edges; {said} ms"


def _tasks(runs: list[Result], clock: str) -> list[str]:
    head = "| task | goal | tsi_graph | best peer | ratio | | other peers, times tsi_graph |"
    rows = [_row(task, runs, clock) for task in TASKS.values() if any(task.name in run["tasks"] for run in runs)]
    return [head, "|---|---|---|---|---|---|---|", *rows]


def _row(task: Task, runs: list[Result], clock: str) -> str:
    found = [run["tasks"][task.name] for run in runs if task.name in run["tasks"]]
    seconds = _seconds(found, f"{clock}_median")
    ratios = _ratios(found, f"{clock}_median")
    odd = {peer: check["difference"] for one in found for peer, check in one["check"].items() if not check["agrees"]}
    fair = {peer: ratio for peer, ratio in ratios.items() if peer not in odd}
    best = min(fair, key=lambda peer: fair[peer], default="")
    rest = [f"{peer} {fair[peer]:.1f}" for peer in sorted(fair, key=lambda peer: fair[peer]) if peer != best]
    rest += [f"{peer} {ratio:.1f} (differs by {odd[peer]:.0e})" for peer, ratio in ratios.items() if peer in odd]
    rest += sorted({f"{peer} {why}" for one in found for peer, why in one["failed"].items()})
    cells = [
        task.measures,
        f"{task.goal:g}" if task.goal else "",
        _ms(seconds[OURS]) if OURS in seconds else "",
        f"{best} {_ms(seconds[best])}" if best else "",
        f"{fair[best]:.2f}" if best else "",
        _verdict(task, runs[0], fair.get(best), seconds.get(best), odd.get(OURS)),
        ", ".join(rest),
    ]
    return f"| {' | '.join(cells)} |"


def _seconds(found: list[Result], clock: str) -> dict[str, float]:
    taken: dict[str, list[float]] = {}
    for one in found:
        for peer, sample in one["peers"].items():
            taken.setdefault(peer, []).append(sample[clock])
    return {peer: statistics.median(seconds) for peer, seconds in taken.items()}


def _ratios(found: list[Result], clock: str) -> dict[str, float]:
    ratios: dict[str, list[float]] = {}
    for peers in (one["peers"] for one in found if OURS in one["peers"]):
        for peer in peers.keys() - {OURS}:
            ratios.setdefault(peer, []).append(peers[peer][clock] / peers[OURS][clock])
    return {peer: statistics.median(taken) for peer, taken in sorted(ratios.items())}


def _verdict(task: Task, run: Result, ratio: float | None, peer: float | None, odd: float | None) -> str:
    """Empty where there is no goal, no peer to hold it against, or more than the one thread that goals are for."""
    if odd is not None:
        return f"differs by {odd:.0e}"
    judged = task.goal and run["size"] in task.judged and run["threads"] == 1
    if not judged or ratio is None or peer is None:
        return ""
    if run["size"] == "city" and peer < EXEMPT and ratio < task.goal:
        return "exempt"
    return _met(ratio >= task.goal)


def _ms(seconds: float) -> str:
    ms = seconds * 1e3
    return f"{ms:,.0f}" if ms >= 100 else f"{ms:.3g}"


def _loading(found: Result, size: str) -> list[str]:
    """Like beside like: CSV beside the best peer with CSV."""
    routes, names = found["routes"], found["names"]
    head = "| file of ties to graph | CPU ms | best peer / this | bytes kept an edge | at most | |"
    rows = ["", head, "|---|---|---|---|---|---|"]
    for name, taken in routes.items():
        library, kind = name.split()
        peers = [routes[peer]["cpu"] for peer in routes if peer.endswith(kind) and not peer.startswith(OURS)]
        ratio, kept = min(peers, default=float("nan")) / taken["cpu"], taken["kept"] - names
        cells = [name, _ms(taken["cpu"]), f"{ratio:.2f}", f"{kept:.0f} + {names:.0f} names", f"{taken['peak']:.0f}"]
        judged = f"{_met(ratio >= loading.GOAL)}, memory {_met(kept <= loading.KEPT_GOAL)}"
        cells.append(judged if library == OURS and size in LARGE else "")
        rows.append(f"| {' | '.join(cells)} |")
    return rows + [f"| {name} | {why} | | | | |" for name, why in found["failed"].items()]


def _start(found: dict[str, float]) -> list[str]:
    rows = ["", "| fresh interpreter | ms | goal, at most | |", "|---|---|---|---|"]
    for name, seconds in found.items():
        goal = start.GOALS.get(name)
        judged = f"{_ms(goal)} | {_met(seconds <= goal)}" if goal else " | "
        rows.append(f"| {name} | {_ms(seconds)} | {judged} |")
    return rows


def _scaling(results: list[Result]) -> list[str]:
    """How much faster the product is on two threads, where a large size was measured on one and on two."""
    elapsed = {
        (run["size"], run["threads"], name): task["peers"][OURS]["wall_median"]
        for run in results
        for name, task in run["tasks"].items()
        if name in SCALING and run["size"] in LARGE and OURS in task["peers"]
    }
    pairs = {(size, name): elapsed[size, 1, name] / both for (size, threads, name), both in elapsed.items()
             if threads == 2 and (size, 1, name) in elapsed}  # fmt: skip
    if not pairs:
        return []
    head = [
        f"### two threads against one, elapsed; goal {SCALING_GOAL}",
        "",
        "| size | task | ratio | |",
        "|---|---|---|---|",
    ]
    return head + [
        f"| {size} | {TASKS[name].measures} | {ratio:.2f} | {_met(ratio >= SCALING_GOAL)} |"
        for (size, name), ratio in pairs.items()
    ]


def _met(true: bool) -> str:
    return "met" if true else "missed"
