"""Answers of the command line for a reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from tsi_graph.analysis import METRICS, NETWORK_METRICS
from tsi_graph.analysis.uncertainty import PLACES, rank_words
from tsi_graph.batch import Batch
from tsi_graph.standing import in_force
from tsi_graph.store import Counts


def imported(counts: Counts, batch: Batch, *, persons_kept: bool) -> str:
    """What an import did, and all that it did not take over."""
    did = "kept" if persons_kept else "dropped"
    lines = [str(problem) for problem in counts.problems]
    lines += [f"{where}: {n} values about persons {did}" for where, n in batch.persons.items()]
    lines += [f"{where}: {n} values ignored, nothing of ours has this heading" for where, n in batch.ignored.items()]
    which = f"import {counts.number}" if counts.number else "nothing to do"
    counted = f"{counts.new} new, {counts.unchanged} unchanged, {counts.withdrawn} withdrawn"
    return "\n".join([*lines, f"{which}: {counted}, {len(counts.problems)} rows left out"])


def info(counted: Mapping[str, Any]) -> str:
    """Counts, coverage, and each version of what sources disagree on; * is the version shown."""
    disputed, imports = counted["conflicts"], counted["imports"]
    lines = [f"{n:>7,}  {kind}" for kind, n in counted["kinds"].items()]
    lines += ["", f"{counted['edges']:>7,}  documented ties"]
    lines += [f"{n:>7,}  {kind}" for kind, n in counted["edge_kinds"].items()]
    lines += ["", *(f"{n:>7,}  ties of confidence {level}" for level, n in counted["confidence"].items())]
    lines += ["", *(f"{k:>7,}  of {n:,} {what}" for what, (k, n) in counted["coverage"].items())]
    lines += ["", f"{disputed['fact'].nunique():>7,}  facts on which sources disagree"]
    for version in disputed.itertuples():
        mark = "*" if version.wins else " "
        lines.append(f"       {mark} {version.node}, {version.field}: {version.value} ({version.origin})")
    lines += ["", f"{len(imports):>7,}  imports"]
    counts = in_force(imports)
    for one in imports:
        what = f"takes back {one.undoes}" if one.undoes else one.dataset
        lines.append(
            f"{one.number:>9}  {one.at:%Y-%m-%d %H:%M}  {what}{'' if one.number in counts else ' (taken back)'}"
        )
    return "\n".join(lines)


def metrics(shown: pd.DataFrame, names: Sequence[str], lang: str) -> str:
    """The table, and under it what each metric means; a rank and its interval in words, where they are there."""
    meanings = [f"{name}: {METRICS[name].says(lang)}" for name in names]
    table = shown.round(3)
    for column in [name for name in map(str, shown) if f"{name}_rank_low" in shown]:
        places = [f"{column}_{place}" for place in PLACES]
        words = [rank_words(now, low, high, lang) for now, low, high in shown[places].to_numpy(float)]
        table = table.drop(columns=places[1:]).assign(**{places[0]: words})
    return "\n".join([table.to_string(na_rep="-"), "", *meanings])


def network(table: pd.DataFrame, name: str, lang: str) -> str:
    """The table of one metric of the whole network, and what it means."""
    rows = table.to_string(index=False, na_rep="-", float_format="{:.4g}".format) if len(table) else "-"
    return "\n".join([rows, "", f"{name}: {NETWORK_METRICS[name].says(lang)}"])


CARD = {
    "definition": "Definition", "convention": "Convention", "cost": "Cost", "cite": "Source",
    "oracle": "Checked against", "differs": "Others differ",
}  # fmt: skip


def card(name: str, said: Mapping[str, Any]) -> str:
    """A metric's card, as it stands in docs/metrics.md too."""
    lines = [f"### {name}", "", said["meaning"], ""]
    lines += [f"- {word}: {said[field]}" for field, word in CARD.items() if said[field]]
    options = [f"{key}={_option(value)}" for key, value in said["options"].items()]
    return "\n".join([*lines, *([f"- Options: {', '.join(options)}"] if options else [])])


def _option(value: Any) -> str:
    return ",".join(value) if isinstance(value, tuple) else "" if value is None else str(value)


def metrics_document() -> str:
    """docs/metrics.md: every card."""
    parts = ["# Metrics", "", DOCUMENT, "", "## Of organisations"]
    parts += ["\n" + card(name, metric.card("en")) for name, metric in METRICS.items()]
    parts += ["", "## Of the whole network"]
    parts += ["\n" + card(name, metric.card("en")) for name, metric in NETWORK_METRICS.items()]
    return "\n".join(parts) + "\n"


DOCUMENT = (
    "The card of each metric: what it says, how it is defined, which of the conventions it follows on which libraries "
    "differ, and what it was checked against. `tsi metrics --explain NAME`, `tsi network --explain NAME` and the API "
    "say "
    "the same. All are about documented ties; organisations are tied directly or by what they share, a project, "
    "network "
    "or fund of n bodies being worth 1/(n-1) to each pair (Newman 2001)."
)
