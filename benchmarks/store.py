"""What keeping statements costs: CORDIS through `Store.write`, beside the plain graph by hand on the same store.

    python benchmarks/store.py [--engines arcade neo4j] [--rounds 3] [--data ../shared/data/cordis-h2020]

By hand: a unique id, nodes by UNWIND and CREATE, ties by UNWIND, MATCH and CREATE, 5,000 rows a statement; nothing
about who said it, when or how sure. Each measurement is a process of its own on an empty store; they take turns.
CPU time is that of the process and, for Neo4j, of its server.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
JARS = ROOT / ".cache" / "neo4j"
GOALS = {"import / by hand": 2.5, "undo / import": 1.0, "view, ms": 50.0}
TICK = os.sysconf("SC_CLK_TCK")


def write_tables(data: Path, out: Path) -> None:
    """CORDIS as our four CSV tables."""
    import pandas as pd

    from benchmarks.recommendation_data import ACTIVITY, topic_id

    out.mkdir(parents=True, exist_ok=True)
    bodies, projects, seats = (
        pd.read_csv(data / f"{name}.csv.gz", dtype=str, keep_default_na=False)
        for name in ("organisations", "projects", "participations")
    )
    known: dict[str, Any] = {"source": "CORDIS", "confidence": "high"}
    name = bodies["name"].where(bodies["name"] != "", bodies["pic"])
    sector = bodies["activity_type"].map(ACTIVITY)
    table: dict[str, Any] = {"id": "o" + bodies["pic"], "name": name, "kind": sector, "country": bodies["country"]}
    pd.DataFrame({**table, "city": bodies["city"], **known}).to_csv(out / "organisations.csv", index=False)
    ids = "p" + projects["project_rcn"]
    dates = {"start": projects["start_date"], "end": projects["end_date"]}
    table = {"id": ids, "name": ids, **dates, "budget_eur": projects["total_cost"], **known}
    pd.DataFrame(table).to_csv(out / "projects.csv", index=False)
    parts = pd.DataFrame({"source_id": ids, "part": projects["programme_parts"].str.split("|")}).explode("part")
    parts = parts[parts["part"].fillna("") != ""]
    topics = sorted(parts["part"].unique())
    table = {"id": [topic_id(topic) for topic in topics], "name": topics, **known}
    pd.DataFrame(table).to_csv(out / "topics.csv", index=False)
    ends = {"source_id": "o" + seats["pic"], "target_id": "p" + seats["project_rcn"]}
    table = {**ends, "relation": "PARTICIPATES_IN", "role": seats["role"], "amount": seats["ec_contribution"]}
    works_on: dict[str, Any] = {
        "source_id": parts["source_id"],
        "target_id": parts["part"].map(topic_id),
        "relation": "WORKS_ON",
    }
    ties = pd.concat([pd.DataFrame({**table, **known}), pd.DataFrame({**works_on, **known})])
    ties.to_csv(out / "ties.csv", index=False)


class Clock:
    """CPU and wall time of steps, here and in the server."""

    def __init__(self, server: int) -> None:
        self.server = server
        self.steps: dict[str, dict[str, float]] = {}

    def time(self, name: str, step: Callable[[], Any]) -> Any:
        wall, cpu = time.perf_counter(), self._cpu()
        answer = step()
        self.steps[name] = {"cpu": self._cpu() - cpu, "wall": time.perf_counter() - wall}
        return answer

    def _cpu(self) -> float:
        if not self.server:
            return time.process_time()
        fields = Path(f"/proc/{self.server}/stat").read_text().rpartition(")")[2].split()
        return time.process_time() + (int(fields[11]) + int(fields[12])) / TICK


def ours(url: str, password: str, tables: Path, server: int) -> dict[str, Any]:
    """Import, the same again, undo, redo, and the graph at a date and a moment."""
    from tsi_graph.graph import View, graph_of
    from tsi_graph.importers import read
    from tsi_graph.store import open_store

    clock = Clock(server)
    batch = clock.time("read the files", lambda: read(tables))
    with open_store(url, password=password) as store:
        clock.time("import", lambda: store.write(batch, "cordis"))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        clock.time("import again", lambda: store.write(batch, "cordis"))
        table = store.statements()
        clock.time("first view", lambda: graph_of(table, View(as_of="2017-06")))
        moments = [table.imports[0].at, datetime.now(UTC)]
        views = [View(as_of=day, known_at=at) for day in ("2015", "2016-06-30", "2017-06", None) for at in moments]
        for i, view in enumerate(views):
            clock.time(f"view {i}", partial(graph_of, table, view))
        clock.time("undo", store.undo)
        clock.time("redo", store.redo)
    return {"steps": clock.steps, "memory": memory, "rows": [len(batch.nodes), len(batch.edges)]}


def by_hand(url: str, password: str, tables: Path, server: int) -> dict[str, Any]:
    """The plain graph, as its author would write it."""
    import csv

    def rows(name: str) -> list[dict[str, Any]]:
        with (tables / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    nodes = {
        label: rows(n) for label, n in (("Stakeholder", "organisations"), ("Project", "projects"), ("Topic", "topics"))
    }
    ties: dict[str, list[dict[str, Any]]] = {}
    for r in rows("ties"):
        props = {"role": r["role"], "amount": float(r["amount"]) if r["amount"] else None, "origin": r["source"]}
        ties.setdefault(r["relation"], []).append({"source": r["source_id"], "target": r["target_id"], "props": props})

    def load(run: Callable[[str, list[dict[str, Any]]], Any]) -> None:
        for label, these in nodes.items():
            for i in range(0, len(these), 5000):
                run(f"UNWIND $rows AS row CREATE (n:Node:{label}) SET n += row", these[i : i + 5000])
        for kind, these in ties.items():
            text = (
                "UNWIND $rows AS row MATCH (a:Node {id: row.source}) MATCH (b:Node {id: row.target}) "
                f"CREATE (a)-[r:{kind}]->(b) SET r += row.props"
            )
            for i in range(0, len(these), 5000):
                run(text, these[i : i + 5000])

    constraint = "CREATE CONSTRAINT node_id IF NOT EXISTS FOR (n:Node) REQUIRE n.id IS UNIQUE"
    clock = Clock(server)
    if server:
        from neo4j import GraphDatabase

        def on_server() -> None:
            with GraphDatabase.driver(url, auth=("neo4j", password)) as driver, driver.session() as session:
                session.run(constraint).consume()
                load(lambda text, part: session.execute_write(lambda tx: tx.run(text, rows=part).consume()))

        clock.time("by hand", on_server)
    else:
        import arcadedb

        def in_folder() -> None:
            database = arcadedb.create_database(url)
            database.set_wal_flush("yes_full")
            database.command("opencypher", constraint)

            def run(text: str, part: list[dict[str, Any]]) -> None:
                with database.transaction():
                    database.command("opencypher", text, {"rows": part})

            load(run)
            database.close()

        clock.time("by hand", in_folder)
    return {"steps": clock.steps, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


@contextmanager
def place(engine: str, folder: Path) -> Iterator[tuple[str, str, int]]:
    """An empty store: its address, its password, and the process id of its server."""
    if engine == "arcade":
        os.environ["ARCADEDB_LOG_CONSOLE"] = "0"
        yield str(folder / "store.db"), "", 0
        return
    from neo4j import GraphDatabase

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        "java",
        "-Xmx1g",
        "-cp",
        f"{JARS}/*",
        str(ROOT / "tests/neo4j/Server.java"),
        str(folder / "neo4j"),
        str(port),
    ]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout is not None
        while "ready" not in (line := server.stdout.readline()):
            if not line:
                raise SystemExit("Neo4j did not start; `make neo4j` puts it into .cache/neo4j.")
        url, password = f"bolt://127.0.0.1:{port}", secrets.token_urlsafe(16)
        with GraphDatabase.driver(url, auth=("neo4j", "neo4j")) as driver, driver.session(database="system") as session:
            session.run("ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $p", p=password).consume()
        yield url, password, server.pid
    finally:
        server.terminate()
        server.wait(60)


def measure(engine: str, who: str, tables: Path) -> dict[str, Any]:
    """One measurement in a process of its own."""
    folder = Path(tempfile.mkdtemp(prefix="tsi-store-"))
    try:
        with place(engine, folder) as (url, password, server):
            command = [sys.executable, str(Path(__file__).resolve()), "--one", who, url, str(tables), str(server)]
            done = subprocess.run(command, input=password, capture_output=True, text=True, check=False)
        if done.returncode:
            return {"error": (done.stderr.strip().splitlines() or ["died"])[-1]}
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def summary(runs: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Medians of all steps of an engine, and how they stand to the goals."""
    good = [run for these in runs.values() for run in these if "steps" in run]
    steps: dict[str, dict[str, float]] = {}
    for name in dict.fromkeys(name for run in good for name in run["steps"]):
        these = [run["steps"][name] for run in good if name in run["steps"]]
        steps[name] = {key: round(statistics.median(s[key] for s in these), 4) for key in ("cpu", "wall")}
    views = [s["cpu"] * 1000 for name, s in steps.items() if name.startswith("view ")]
    ratios: dict[str, float] = {}
    if {"import", "by hand", "undo"} <= steps.keys():
        ratios["import / by hand"] = round(steps["import"]["cpu"] / steps["by hand"]["cpu"], 2)
        ratios["undo / import"] = round(steps["undo"]["cpu"] / steps["import"]["cpu"], 2)
        ratios["view, ms"] = round(max(views), 1)
    memory = {who: max((r["memory"] for r in these if "memory" in r), default=0) for who, these in runs.items()}
    errors = [run["error"] for these in runs.values() for run in these if "error" in run]
    return {"steps": steps, "ratios": ratios, "memory, MB": memory, "errors": errors}


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def show(results: dict[str, Any]) -> None:
    for engine, found in results["engines"].items():
        say(f"\n{engine}\n| step | CPU s | wall s |\n|---|---|---|")
        for name, s in found["steps"].items():
            say(f"| {name} | {s['cpu']:.2f} | {s['wall']:.2f} |")
        say("| goal | at most | reached |\n|---|---|---|")
        for name, ratio in found["ratios"].items():
            say(f"| {name} | {GOALS[name]:g} | {ratio:g}{'' if ratio <= GOALS[name] else ' (missed)'} |")
        say("\n".join([f"memory, MB: {found['memory, MB']}", *found["errors"]]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engines", nargs="+", default=["arcade", "neo4j"], choices=["arcade", "neo4j"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data/cordis-h2020")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/store.json")
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        who, url, tables, server = given.one
        found = {"ours": ours, "by hand": by_hand}[who](url, sys.stdin.read(), Path(tables), int(server))
        say(json.dumps(found))
        return
    results: dict[str, Any] = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "rounds": given.rounds, "engines": {}}
    with tempfile.TemporaryDirectory() as folder:
        write_tables(given.data, Path(folder))
        runs: dict[str, dict[str, list[dict[str, Any]]]] = {e: {"ours": [], "by hand": []} for e in given.engines}
        for _ in range(given.rounds):
            for engine in given.engines:
                for who in ("by hand", "ours"):
                    runs[engine][who].append(measure(engine, who, Path(folder)))
                    results["engines"][engine] = summary(runs[engine])
                    given.out.parent.mkdir(parents=True, exist_ok=True)
                    given.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    show(results)


if __name__ == "__main__":
    main()
