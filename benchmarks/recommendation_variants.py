"""Measures what each constant of the score does: the same evaluation with one of them changed, at both cuts.

python -m benchmarks.recommendation_variants
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.recommendations import DATA, HUBS, QUERIES, ROOT, rounded
from tsi_graph.recommend import evaluate
from tsi_graph.recommend.constants import HALF_LIFE, HUB, LIKENESS, PART, SATURATION
from tsi_graph.recommend.evaluation import rivals

PLACES = {"SATURATION": "ties", "PART": "ties", "HUB": "relevance", "LIKENESS": "relevance"}
"""The module that reads each constant."""
Change = dict[str, Any]
VARIANTS: dict[str, Change] = {
    "as it is": {},
    "no likeness": {"LIKENESS": (1.0, 0.0)},
    "no parts of money": {"PART": (1.0, 1.0)},
    "neither likeness nor money": {"LIKENESS": (1.0, 0.0), "PART": (1.0, 1.0)},
    "saturation 0: tied or not": {"SATURATION": 0.0},
    **{f"saturation {power:g}": {"SATURATION": power} for power in (0.2, 0.4, 0.5, 1.0)},
    **{f"hub {power:g}": {"HUB": power} for power in (0.4, 0.5, 0.7, 0.8, 1.0)},
    **{f"half-life {years:g} years": {"HALF_LIFE": years} for years in (2.0, 3.0, 8.0)},
    "half-life 100 years": {"HALF_LIFE": 100.0},
    **{f"likeness to the power {power:g}": {"LIKENESS": (LIKENESS[0], power)} for power in (0.15, 0.5, 0.8, 1.0)},
    **{f"likeness from {least:g} on": {"LIKENESS": (least, LIKENESS[1])} for least in (0.02, 0.3, 1.0)},
    **{f"parts from {low:g} to {high:g}": {"PART": (low, high)} for low, high in ((0.3, 3.0), (0.01, 100.0))},
}
KEPT = ("gain", "gain_low", "gain_high", "mean")
SHIPPED = {"SATURATION": SATURATION, "PART": PART, "HUB": HUB, "LIKENESS": LIKENESS, "HALF_LIFE": HALF_LIFE}


@contextmanager
def changed(change: Change) -> Iterator[float]:
    """The score with other constants, as long as it lasts; what comes is the half-life to ask with."""
    values = {name: change.get(name, SHIPPED[name]) for name in PLACES}
    try:
        for name, value in values.items():
            setattr(_module(name), name, value)
        yield change.get("HALF_LIFE", HALF_LIFE)
    finally:
        for name in values:
            setattr(_module(name), name, SHIPPED[name])


def _module(name: str) -> Any:
    return importlib.import_module(f"tsi_graph.recommend.{PLACES[name]}")


def only_two() -> None:
    """Leaves out the other scores, which no variant changes."""
    module = importlib.import_module("tsi_graph.recommend.evaluation.evaluate")
    every = module.scores
    vars(module)["scores"] = lambda *asked: {
        name: score for name, score in every(*asked).items() if name in (rivals.OURS, rivals.BASELINE)
    }


def measure(data: Path) -> dict[str, list[dict[str, Any]]]:
    """The difference to Adamic-Adar at each cut, over all and without hubs, of each variant."""
    folder, read, cuts = DATA["consortia"]
    graph, out = read(data / folder), {}
    only_two()
    for variant, change in VARIANTS.items():
        with changed(change) as half_life:
            runs = [evaluate(graph, cut, queries=QUERIES, half_life=half_life) for cut in cuts]
        found = [vars(next(score for score in run.scores if score.name == "ours")) for run in runs]
        out[variant] = [{hubs: {key: getattr(one[hubs]["p10"], key) for key in KEPT} for hubs in HUBS} for one in found]
    return out


def markdown(found: dict[str, list[dict[str, Any]]]) -> list[str]:
    """A row for each variant: the difference of P@10 to Adamic-Adar's in per cent, over all and without hubs."""
    cuts = DATA["consortia"][2]
    head = " | ".join(f"{cut} | without hubs" for cut in cuts)
    lines = [f"| variant | {head} |", "|---" * (1 + 2 * len(cuts)) + "|"]
    for variant, runs in found.items():
        cells = [f"{100 * run[hubs]['gain']:+.1f}" for run in runs for hubs in HUBS]
        lines.append(f"| {variant} | {' | '.join(cells)} |")
    return lines


def main() -> None:
    """Measures and writes the results, or prints those of a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results" / "recommendation_variants.json")
    parser.add_argument("--table", type=Path, help="a result file to print instead of measuring")
    options = parser.parse_args()
    found = json.loads(options.table.read_text()) if options.table else rounded(measure(options.data))
    if not options.table:
        options.out.write_text(json.dumps(found, indent=1) + "\n")
    sys.stdout.write("\n".join(markdown(found)) + "\n")


if __name__ == "__main__":
    main()
