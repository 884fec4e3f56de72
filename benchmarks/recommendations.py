"""Measures recommendations: how well they foresee who meets, and how long they take.

python -m benchmarks.recommendations
python -m benchmarks.recommendations --table benchmarks/results/recommendations.json
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, diags_array

from benchmarks.process import environment
from benchmarks.recommendation_data import cordis, grants, venture_deals
from tsi_graph import samples
from tsi_graph.graph import DOCUMENTED, Graph, graph_of
from tsi_graph.importers import read
from tsi_graph.recommend import TO, candidates, evaluate, recommend
from tsi_graph.recommend.constants import HUB, LIKENESS
from tsi_graph.recommend.ties import Ties, prepare
from tsi_graph.statements import Import, row_of, said_all
from tsi_graph.store.projection import table_of

ROOT = Path(__file__).resolve().parent.parent
QUERIES, SAMPLE, REPEATS, TOP, BLOCK = 1500, 300, 3, 10, 256
DATA: dict[str, tuple[str, Callable[[Path], Graph], tuple[str, ...]]] = {
    "consortia": ("cordis-h2020", cordis, ("2018-10-01", "2017-07-01")),
    "venture deals": ("vc-investments-sample", venture_deals, ("2004-07-01", "2005-01-01", "2005-04-01", "2005-07-01")),
    "grants": ("foundation-grants", grants, ("2004-01-01", "2006-01-01", "2008-01-01")),
}
"""What is measured on: the folder, how it is read, and the days at which it is cut."""
RUNS = {name: (name, QUERIES) for name in DATA} | {"consortia, all who can be asked": ("consortia", 10**6)}
"""What is evaluated, with how many queries at most; the sample of seed 0 is a little harder than the whole."""
NAMES = {
    "ours": "this score", "adamic_adar": "Adamic-Adar", "common_neighbours": "common neighbours",
    "resource_allocation": "resource allocation", "popularity": "popularity", "random": "random",
}  # fmt: skip
Row = dict[str, Any]


def main() -> None:
    """Measures and writes the results, or prints those of a file."""
    options = _arguments()
    if options.table:
        found = json.loads(options.table.read_text())
    else:
        if os.environ.get("OMP_NUM_THREADS") != "1":
            os.execve(
                sys.executable, [sys.executable, "-m", "benchmarks.recommendations", *sys.argv[1:]], environment(1)
            )
        found = rounded(measure(options.data))
        options.out.write_text(json.dumps(found, indent=1) + "\n")
    sys.stdout.write(markdown(found))


def measure(data: Path) -> Row:
    """Everything, on one thread."""
    graphs = {name: read_graph(data / folder) for name, (folder, read_graph, _) in DATA.items()}
    return {
        "day": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "speed": {
            "Torino": one_by_one(torino(), TO),
            "consortia": one_by_one(graphs["consortia"], ("stakeholder", "project"), SAMPLE),
        },
        "all": all_at_once(graphs["consortia"]),
        "evaluations": {
            name: [asdict(evaluate(graphs[data], cut, queries=queries)) for cut in DATA[data][2]]
            for name, (data, queries) in RUNS.items()
        },
    }


def torino() -> Graph:
    """The starter data as the shells load it, without a store."""
    batch = read(samples.torino())
    batch += read(samples.additions())
    rows = [{**row_of(statement), "changes": [1]} for statement, _ in said_all(batch)[0]]
    return graph_of(table_of(rows, [Import(1, datetime.now(UTC))]), DOCUMENTED)


def one_by_one(graph: Graph, to: tuple[str, ...], sample: int | None = None) -> dict[str, Row]:
    """Milliseconds of `recommend` for one organisation, with reasons and ways; the first call, which loads, apart."""
    bodies = np.flatnonzero(graph.kinds_of("Stakeholder"))
    if sample:
        tied = bodies[prepare(graph).partners[bodies] > 0]
        bodies = np.sort(np.random.default_rng(0).choice(tied, sample, replace=False))
    names = [str(graph.ids[body]) for body in bodies]
    out = {}
    for what in to:
        first, *spent = (_spent(partial(recommend, graph, name, what)) for name in [names[0], *names])
        out[what] = {
            "organisations": len(names),
            "first": 1000 * first,
            "median": 1000 * float(np.median(spent)),
            "p95": 1000 * float(np.quantile(spent, 0.95)),
            "most": 1000 * max(spent),
        }
    return out


def _spent(call: Callable[[], object]) -> float:
    """Processor time of a call, in seconds."""
    started = time.process_time()
    call()
    return time.process_time() - started


def all_at_once(graph: Graph) -> Row:
    """Processor seconds for the best ten of every organisation, ours beside the formulas in SciPy, in turns."""
    ties = prepare(graph)
    asked = np.flatnonzero(graph.kinds_of("Stakeholder") & (ties.partners > 0))
    answers: dict[str, np.ndarray] = {}
    seconds: dict[str, list[float]] = {"ours": [], "scipy": [], "scipy_narrowed": []}

    def ours() -> None:
        answers["ours"] = _best_of(candidates(graph, limit=TOP), graph, asked)

    def scipy() -> None:
        answers["scipy"] = scipy_top(ties, asked, narrow=False)

    def scipy_narrowed() -> None:
        answers["scipy_narrowed"] = scipy_top(ties, asked, narrow=True)

    for _ in range(REPEATS):
        for call in (ours, scipy, scipy_narrowed):
            seconds[call.__name__].append(_spent(call))
    off = max(float(np.abs(answers["ours"] - answers[name]).max()) for name in ("scipy", "scipy_narrowed"))
    if off > 1e-9:
        raise SystemExit(f"The scores of the best {TOP} differ by up to {off:g}.")
    return {
        "organisations": len(asked),
        "pairs": ties.weight.nnz // 2,
        "seconds": {name: statistics.median(spent) for name, spent in seconds.items()},
        "ratio": {
            name: statistics.median(b / a for a, b in zip(seconds["ours"], seconds[name], strict=True))
            for name in ("scipy", "scipy_narrowed")
        },
        "runs": seconds,
        "largest_difference": off,
    }


def _best_of(table: pd.DataFrame, graph: Graph, asked: np.ndarray) -> np.ndarray:
    best = np.zeros((len(asked), TOP))
    row = np.searchsorted(asked, graph.ids.get_indexer(table["node"]))
    best[row, table.groupby("node").cumcount()] = table["score"]
    return best


def scipy_top(ties: Ties, asked: np.ndarray, *, narrow: bool) -> np.ndarray:
    """The best ten scores of each: products of sparse matrices in blocks of rows, argpartition for each row.

    With `narrow`, likeness is looked up for those alone that it can still bring among the ten, as ours does.
    """
    weight = csr_array(ties.weight[asked][:, asked])
    share = csr_array(weight @ diags_array(ties.partners[asked].astype(float) ** -HUB))
    profile = ties.profile[asked]
    profile = profile[:, np.unique(profile.indices)].toarray()
    least = (LIKENESS[0] / (LIKENESS[0] + 1)) ** LIKENESS[1] * (1 - 1e-9)
    best, known = np.zeros((len(asked), TOP)), np.zeros(len(asked), bool)
    for start in range(0, len(asked), BLOCK):
        paths = csr_array(share[start : start + BLOCK] @ weight)
        alike = profile[start : start + BLOCK] @ profile.T
        if not narrow:
            rows = np.repeat(np.arange(paths.shape[0]), np.diff(paths.indptr))
            paths.data *= (LIKENESS[0] + alike[rows, paths.indices]) ** LIKENESS[1]
        for row in range(paths.shape[0]):
            span = slice(paths.indptr[row], paths.indptr[row + 1])
            q = start + row
            partners = weight.indices[weight.indptr[q] : weight.indptr[q + 1]]
            known[partners] = known[q] = True
            free = ~known[paths.indices[span]]
            known[partners] = known[q] = False
            whom, value = paths.indices[span][free], paths.data[span][free]
            if narrow and len(value) > TOP:
                near = value >= np.partition(value, -TOP)[-TOP] * least
                whom, value = whom[near], value[near]
            if narrow:
                value = value * (LIKENESS[0] + alike[row, whom]) ** LIKENESS[1]
            first = np.argpartition(value, -TOP)[-TOP:] if len(value) > TOP else np.arange(len(value))
            best[q, : len(first)] = np.sort(value[first])[::-1]
    return best


def pooled(runs: list[Row], hubs: str = "all", measure: str = "p10") -> tuple[float, float, float, float, float]:
    """Ours, Adamic-Adar, and the gain with its interval over several cuts, each query counting once.

    The cuts are taken as independent, which overlapping windows are not quite.
    """
    many = np.array([run["queries"] for run in runs], float)
    ours, base = (
        np.array([score_of(run, name)[hubs][measure]["mean"] for run in runs]) for name in ("ours", "adamic_adar")
    )
    half = [score_of(run, "ours")[hubs][measure] for run in runs]
    wide = np.array([(one["difference_high"] - one["difference_low"]) / 2 for one in half])
    mean, other = float(many @ ours / many.sum()), float(many @ base / many.sum())
    error = float(np.sqrt(((many * wide) ** 2).sum()) / many.sum())
    return mean, other, mean / other - 1, (mean - other - error) / other, (mean - other + error) / other


def score_of(run: Row, name: str) -> Row:
    """What one score reached in a run."""
    return next(score for score in run["scores"] if score["name"] == name)


def markdown(found: Row) -> str:
    """All results as tables."""
    first = found["evaluations"]["consortia"][0]
    parts = [goals_table(found), scores_table(first), equity_table(first, "size"), speed_table(found)]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def goals_table(found: Row) -> list[str]:
    """A row for each cut: P@10 beside Adamic-Adar's, over all and without hubs."""
    lines = [
        "| data, cut | queries | P@10 | Adamic-Adar | difference | P@10 without hubs | Adamic-Adar | difference |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, runs in found["evaluations"].items():
        for run in runs:
            cells = " | ".join(_cells(score_of(run, "ours")[k], score_of(run, "adamic_adar")[k]) for k in HUBS)
            lines.append(f"| {name}, {run['cut']} | {run['queries']:,} | {cells} |")
        cells = " | ".join(_written(*pooled(runs, k)) for k in HUBS)
        lines.append(f"| {name}, all cuts | {sum(run['queries'] for run in runs):,} | {cells} |")
    return lines


HUBS = ("all", "without_hubs")


def _cells(ours: Row, base: Row) -> str:
    own = ours["p10"]
    return _written(own["mean"], base["p10"]["mean"], own["gain"], own["gain_low"], own["gain_high"])


def _written(mean: float, base: float, gain: float, low: float, high: float) -> str:
    gain = round(100 * gain, 1) + 0.0  # no -0.0
    return f"{mean:.4f} | {base:.4f} | {gain:+.1f} % [{100 * low:+.1f}, {100 * high:+.1f}]"


def scores_table(run: Row) -> list[str]:
    """A row for each score with its measures, over all / without hubs."""
    lines = ["| score | P@10 | hit@10 | recall@50 | MRR | ms a query |", "|---|---|---|---|---|---|"]
    for score in run["scores"]:
        keys = ("p10", "hit10", "recall50", "mrr")
        cells = [f"{score['all'][k]['mean']:.3f} / {score['without_hubs'][k]['mean']:.3f}" for k in keys]
        lines.append(f"| {NAMES[score['name']]} | {' | '.join(cells)} | {score['milliseconds']:.1f} |")
    return lines


def equity_table(run: Row, by: str) -> list[str]:
    """A row for each group: its share of organisations and of the first ten places, ours and Adamic-Adar's."""
    lines = [f"| {by} | organisations | share | in the first ten | ratio | Adamic-Adar |", "|---|---|---|---|---|---|"]
    for one in run["exposure"]:
        if one["by"] == by:
            shares = f"{one['share']:.1%} | {one['exposure']:.1%} | {one['ratio']:.2f} | {one['baseline']:.1%}"
            lines.append(f"| {one['group']} | {one['organisations']:,} | {shares} |")
    return lines


def speed_table(found: Row) -> list[str]:
    """Milliseconds for one organisation, and processor seconds for all."""
    lines = [
        "| one organisation | organisations | median ms | 95 % within ms | first call ms |",
        "|---|---|---|---|---|",
    ]
    for data, calls in found["speed"].items():
        for to, spent in calls.items():
            numbers = f"{spent['median']:.1f} | {spent['p95']:.1f} | {spent['first']:.0f}"
            lines.append(f"| {data}, `to={to!r}` | {spent['organisations']:,} | {numbers} |")
    many = found["all"]
    said = {"ours": "`candidates`", "scipy": "SciPy, sparse products and argpartition",
            "scipy_narrowed": "SciPy, likeness only where it can matter"}  # fmt: skip
    lines += [
        "",
        f"| all {many['organisations']:,} organisations, {many['pairs']:,} pairs | CPU s | times ours |",
        "|---|---|---|",
    ]
    for name, text in said.items():
        lines.append(f"| {text} | {many['seconds'][name]:.1f} | {many['ratio'].get(name, 1):.2f} |")
    return lines


def rounded(value: Any) -> Any:
    """Numbers to five digits, so that a result can be read; nan is null."""
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(one) for one in value]
    if isinstance(value, float):
        return float(f"{value:.5g}") if np.isfinite(value) else None
    return value


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the data sets")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results" / "recommendations.json")
    parser.add_argument("--table", type=Path, help="a result file to print instead of measuring")
    return parser.parse_args()


if __name__ == "__main__":
    main()
