"""The interactive map beside raw pyvis and gravis, in one run: built, as large, ready, asked for, executed, axe.

    python -m benchmarks.pictures [--sizes 400 1000 5000] [--patience 60] [--out benchmarks/results/pictures.json]
    python -m benchmarks.pictures --table benchmarks/results/pictures.json

Organisations of Horizon 2020 that meet in projects, from ../shared/data/cordis-h2020. The peers get the ties that our
page draws: with all of them pyvis does not end. gravis is measured where it can be imported.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import networkx
import numpy as np
import pandas as pd

from tsi_graph.analysis import scale
from tsi_graph.exports import Look, export
from tsi_graph.exports.scene import scene
from tsi_graph.exports.ties import Ties, bundle
from tsi_graph.graph import Graph

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "cordis-h2020"
SECTORS = {"HES": "university", "REC": "research", "PRC": "company", "PUB": "public body", "OTH": "association"}
HOSTILE = (
    "<script>window.__pwn=1</script>", '<img src=x onerror="window.__pwn=2">', '"><svg onload=window.__pwn=3>',
    "</script><script>window.__pwn=4</script>", '<a href="javascript:window.__pwn=5">href</a>',
    "{{7*7}} ${window.__pwn=6}", "line\u2028separator", "x" * 300, "Ann\u202egnp.exe", "Onlus 🙂",
)  # fmt: skip
DRAWN = """() => {
  const bar = document.getElementById('loadingBar');
  if (bar && getComputedStyle(bar).display !== 'none' && getComputedStyle(bar).opacity !== '0') return false;
  return [...document.querySelectorAll('canvas')].some(c => c.width && c.height &&
    new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer).some(p => p !== 0))
    || !!document.querySelector('svg circle');
}"""


def organisations(n: int, most: int = 20) -> Graph:
    """The n with most participations in projects of 2 to `most`, tied by those they share."""
    project: dict[str, set[str]] = defaultdict(set)
    for row in _rows("participations"):
        project[row["project_rcn"]].add(row["pic"])
    project = {p: m for p, m in project.items() if 2 <= len(m) <= most}
    count = Counter(one for members in project.values() for one in members)
    keep = set(sorted(count, key=lambda one: (-count[one], one))[:n])
    ends = [
        (a, b, 1 / (len(members) - 1), "SHARED")
        for _, members in sorted(project.items())
        for a, b in combinations(sorted(members & keep), 2)
    ]
    info = {row["pic"]: row for row in _rows("organisations")}
    ids = sorted(keep)
    nodes = pd.DataFrame({
        "id": ids, "name": [info[one]["short_name"] or info[one]["name"] or one for one in ids],
        "sector": [SECTORS.get(info[one]["activity_type"], "other") for one in ids],
    })  # fmt: skip
    at = {one: i for i, one in enumerate(ids)}
    ties = bundle((at[a], at[b], w, kind) for a, b, w, kind in ends)
    pairs = np.array(ids, dtype=object)[ties.pairs]
    edges = pd.DataFrame({"source": pairs[:, 0], "target": pairs[:, 1], "weight": ties.weight, "kind": "SHARED"})
    return Graph.from_edges(edges, nodes)


def _rows(name: str) -> list[dict[str, str]]:
    with gzip.open(DATA / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ---- who draws


def ours(graph: Graph, path: Path) -> None:
    export(graph, path, size=scale(graph, "betweenness"))


def raw_pyvis(graph: Graph, path: Path) -> None:
    """As its documentation shows it."""
    from pyvis.network import Network

    names, ties = _drawn(graph)
    net = Network(cdn_resources="in_line", select_menu=len(names) <= len(HOSTILE))
    for i, name in enumerate(names):
        net.add_node(i if len(names) > len(HOSTILE) else name, label=name, title=name)
    key = list(range(len(names))) if len(names) > len(HOSTILE) else names
    for a, b in ties.pairs.tolist():
        net.add_edge(key[a], key[b], title="SHARED")
    path.write_text(net.generate_html(notebook=False), encoding="utf-8")


def gravis(graph: Graph, path: Path) -> None:
    import gravis as gv

    names, ties = _drawn(graph)
    net = networkx.Graph()
    for i, name in enumerate(names):
        net.add_node(i, label=name, hover=name, click=name)
    net.add_edges_from(ties.pairs.tolist())
    gv.vis(net, node_label_data_source="label").export_html(str(path), overwrite=True)


def _drawn(graph: Graph) -> tuple[list[str], Ties]:
    shown = scene(graph, Look())
    return list(graph.nodes.set_index("id")["name"].reindex(list(shown.ids))), shown.ties[shown.drawn]


def peers() -> dict[str, Callable[[Graph, Path], None]]:
    found: dict[str, Callable[[Graph, Path], None]] = {"TSI Graph": ours, "pyvis 0.3.2": raw_pyvis}
    try:
        import gravis as _  # noqa: F401

        found["gravis 0.1.0"] = gravis
    except ImportError:
        print("gravis is not installed and left out")
    return found


# ---- what is measured


def measured(browser: Any, draw: Callable[[Graph, Path], None], graph: Graph, patience: float) -> dict[str, Any]:
    """Seconds of elapsed and of processor time to build, size, seconds until something is drawn, requests, axe."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.html"
        began, busy = time.perf_counter(), time.process_time()
        draw(graph, path)
        built, cpu = time.perf_counter() - began, time.process_time() - busy
        out = {"built": built, "cpu": cpu, "kilobytes": path.stat().st_size / 1000}
        ready = [_ready(browser, path, patience) for _ in range(3)]
        return out | {
            "ready": statistics.median(one["ready"] for one in ready), "requests": ready[0]["requests"],
            "axe": _axe(browser, path, patience),
        }  # fmt: skip


def _ready(browser: Any, path: Path, patience: float) -> dict[str, Any]:
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page, asked = context.new_page(), []
    page.route("http**", lambda route: (asked.append(route.request.url), route.abort()))
    began = time.perf_counter()
    try:
        page.goto(path.as_uri(), wait_until="commit")
        page.wait_for_function(DRAWN, timeout=patience * 1000)
        ready = time.perf_counter() - began
    except Exception:
        ready = float("inf")
    context.close()
    return {"ready": ready, "requests": len(asked)}


def _axe(browser: Any, path: Path, patience: float) -> int | None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(bypass_csp=True)
    page.route("http**", lambda route: route.abort())
    try:
        page.goto(path.as_uri(), wait_until="domcontentloaded", timeout=patience * 1000)
        return len(Axe().run(page).response["violations"])
    except Exception:
        return None
    finally:
        page.close()


def executed(browser: Any, draw: Callable[[Graph, Path], None]) -> bool:
    """Whether a name with a script in it ran when the page was opened and every mark passed over."""
    nodes = pd.DataFrame({"id": [f"n{i}" for i in range(len(HOSTILE))], "name": HOSTILE})
    graph = Graph.from_edges([(f"n{i}", f"n{(i + 1) % len(HOSTILE)}") for i in range(len(HOSTILE))], nodes)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.html"
        draw(graph, path)
        page = browser.new_page(viewport={"width": 1000, "height": 800})
        page.route("http**", lambda route: route.abort())
        page.goto(path.as_uri())
        page.wait_for_timeout(1500)
        for y in range(60, 760, 20):
            for x in range(20, 980, 40):
                page.mouse.move(x, y)
        page.wait_for_timeout(300)
        found = bool(page.evaluate("window.__pwn !== undefined"))
        page.close()
        return found


def moves(graph: Graph, draws: int = 3) -> float:
    """How far an organisation moves on average, in % of the diagonal, where 5 % of the ties came and went."""
    shown = scene(graph, Look())
    old = shown.places
    diagonal = np.hypot(*np.ptp(old[["x", "y"]][old["part"] == 0].to_numpy(), axis=0))
    found = []
    for seed in range(draws):
        ties = changed(shown.ties, len(shown.ids), np.random.default_rng(seed))
        new_graph = Graph.from_edges(
            pd.DataFrame({
                "source": [shown.ids[a] for a, _ in ties.pairs], "target": [shown.ids[b] for _, b in ties.pairs],
                "weight": ties.weight, "kind": list(ties.kinds),
            }), graph.nodes,
        )  # fmt: skip
        new = scene(new_graph, Look(last=old)).places
        both = (old["part"] == 0) & (new["part"] == 0)
        found.append(float(np.hypot(*(new - old)[both][["x", "y"]].to_numpy().T).mean() / diagonal))
    return 100 * statistics.mean(found)


def changed(ties: Ties, n: int, dice: np.random.Generator) -> Ties:
    """5 % of the ties out; as many in, half of them closing a triangle, half anywhere."""
    few = max(1, round(0.05 * len(ties)))
    stays = np.ones(len(ties), dtype=bool)
    stays[dice.choice(len(ties), few, replace=False)] = False
    near: dict[int, list[int]] = defaultdict(list)
    for a, b in ties.pairs.tolist():
        near[a].append(b)
        near[b].append(a)
    kept = ties[stays]
    rows = [(a, b, w, k) for (a, b), w, k in zip(kept.pairs.tolist(), kept.weight.tolist(), kept.kinds, strict=True)]
    for number in range(few):
        a = int(dice.choice(list(near)))
        if number % 2:
            b = int(dice.integers(n))
        else:
            middle = int(dice.choice(near[a]))
            b = int(dice.choice(near[middle]))
        rows.append((a, b, float(dice.choice(ties.weight)), "SHARED"))
    return bundle(rows)


GOALS = {400: (1.5, 1.5), 1000: (3, 1.5), 5000: (12, 4)}
"""Seconds to build and until ready that are allowed."""


def table(results: dict[str, Any]) -> str:
    lines = [
        "| organisations | ties | drawn by | built, s (processor) | kB | ready, s | requests | axe violations |",
        "|---:|---:|---|---:|---:|---:|---:|---:|",
    ]
    for one in results["sizes"]:
        for name, row in one["peers"].items():
            ready = "never" if row["ready"] is None else f"{row['ready']:.2f}"
            lines.append(
                f"| {one['n']:,} | {one['ties']:,} | {name} | {row['built']:.2f} ({row['cpu']:.2f}) | "
                f"{row['kilobytes']:,.0f} | {ready} | {row['requests']} | {'-' if row['axe'] is None else row['axe']} |"
            )
    ran = ", ".join(f"{name} {'yes' if hit else 'no'}" for name, hit in results["executed"].items())
    lines += ["", f"A script in a name ran: {ran}."]
    moved = ", ".join(f"{one['n']:,}: {one['moves']:.1f} %" for one in results["sizes"])
    return "\n".join([*lines, f"An organisation moves, of the diagonal, where 5 % of the ties changed: {moved}."])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[400, 1000, 5000])
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait for a page")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "pictures.json")
    parser.add_argument("--table", type=Path)
    given = parser.parse_args()
    if given.table:
        print(table(json.loads(given.table.read_text())))
        return
    from playwright.sync_api import sync_playwright

    results: dict[str, Any] = {"sizes": [], "executed": {}}
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        known = peers()
        results["executed"] = {name: executed(browser, draw) for name, draw in known.items()}
        for n in given.sizes:
            graph = organisations(n)
            found = {name: measured(browser, draw, graph, given.patience) for name, draw in known.items()}
            for row in found.values():
                row["ready"] = None if row["ready"] == float("inf") else round(row["ready"], 2)
            results["sizes"].append({"n": len(graph), "ties": len(graph.edges), "peers": found, "moves": moves(graph)})
            print(json.dumps(results["sizes"][-1]), flush=True)
        browser.close()
    given.out.write_text(json.dumps(results, indent=1) + "\n")
    print(table(results))


if __name__ == "__main__":
    main()
