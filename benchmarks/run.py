"""Measures the product beside its peers on one network, or prints what was measured before as a table.

python benchmarks/run.py --size region --python peers/bin/python
python benchmarks/run.py --table benchmarks/results/*.json
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

import loading
import start
from driver import Driver
from graphs import SIZES, describe, load
from peers import NAMES, OURS
from process import Setting
from table import markdown
from tasks import TASKS

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Runs what the arguments ask for."""
    options = _arguments()
    if options.table:
        results = [json.loads(path.read_text()) for path in options.table]
    else:
        results = [measure(options)]
        options.out = options.out or options.data / f"{options.size}-{options.threads}.json"
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(results[0], indent=1) + "\n")
    sys.stdout.write(markdown(results))


def measure(options: argparse.Namespace) -> dict[str, object]:
    """Everything that is measured at one size, as it is written to the results."""
    setting = Setting(options.data.resolve(), options.size, options.threads, options.timeout)
    network = load(setting.data, setting.size)
    tasks = [TASKS[name] for name in options.tasks or TASKS if options.size in TASKS[name].sizes]
    driver = Driver(setting, lambda peer: sys.executable if peer == OURS else options.python, options.slow)
    driver.run(tasks, options.peers, options.repeats)
    out = {
        "size": options.size,
        "threads": options.threads,
        "day": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "network": describe(network),
        "versions": driver.versions,
        "absent": driver.absent,
        "tasks": driver.results(tasks, network),
    }
    if not options.tasks:
        if options.size != "city":  # too small to tell what a library keeps of it
            out["loading"] = loading.measure(setting, options.python, options.repeats)
        out["start"] = start.measure(options.python, options.repeats)
    return out


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--size", choices=SIZES)
    what.add_argument("--table", nargs="+", type=Path, help="result files to print instead of measuring")
    parser.add_argument("--python", default=sys.executable, help="interpreter of the peers, if not this one")
    parser.add_argument("--peers", nargs="+", default=NAMES, choices=NAMES)
    parser.add_argument("--tasks", nargs="+", choices=TASKS, help="only these; without loading and start")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--timeout", type=float, default=60, help="seconds after which a call is given up")
    parser.add_argument("--slow", type=float, default=5, help="seconds above which a call is not repeated")
    parser.add_argument("--data", type=Path, default=ROOT / ".cache" / "bench", help="folder for generated networks")
    parser.add_argument("--out", type=Path, help="result file, by default among the data")
    return parser.parse_args()


if __name__ == "__main__":
    main()
