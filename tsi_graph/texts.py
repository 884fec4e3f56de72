"""Answers of the command line for a reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isnan
from typing import Any

import pandas as pd

from tsi_graph.analysis import METRICS, NETWORK_METRICS, Metric
from tsi_graph.analysis.uncertainty import PLACES
from tsi_graph.batch import Batch
from tsi_graph.deliveries.preview import of_formulas
from tsi_graph.deliveries.words import warned
from tsi_graph.standing import in_force
from tsi_graph.store import Counts


def imported(counts: Counts, batch: Batch, lang: str, *, persons_kept: bool) -> str:
    """What an import did, and all that it did not take over."""
    did = "kept" if persons_kept else "dropped"
    lines = [str(problem) for problem in counts.problems]
    lines += [f"{where}: {n} values about persons {did}" for where, n in batch.persons.items()]
    lines += [f"{where}: {n} values ignored, nothing of ours has this heading" for where, n in batch.ignored.items()]
    lines += [f"{one.file}: {warned(one, lang)}" for one in of_formulas(batch)]
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
    table = shown.drop(columns="name").round(3)
    for column in [name for name in map(str, shown) if f"{name}_rank_low" in shown]:
        places = [f"{column}_{place}" for place in PLACES]
        words = [rank_words(now, low, high, lang) for now, low, high in shown[places].to_numpy(float)]
        table = table.drop(columns=places[1:]).assign(**{places[0]: words})
    rows = table.rename_axis(index=None, columns="id").to_string(na_rep="-").split("\n") if len(table) else ["-"]
    return "\n".join([*(beside(shown["name"], rows) if len(table) else rows), "", *meanings])


WIDE, NARROW = 100, 16
"""How many signs a line of a terminal has, and how many of them names get at least."""


def beside(names: Iterable[str], rows: Sequence[str]) -> list[str]:
    """Rows of text, headings first, with names at their left, cut to what the line leaves them.

    >>> beside(["Ann", "Fondazione Compagnia di San Paolo"], ["degree", "     1", "     2"])
    ['name                              degree', ...]
    """
    listed = ["name", *names]
    room = min(max(map(len, listed)), max(NARROW, WIDE - 1 - max(map(len, rows))))
    cut = [name if len(name) <= room else name[: room - 1].rstrip() + "…" for name in listed]
    return [f"{name:<{room}} {row}" for name, row in zip(cut, rows, strict=True)]


def ordinal(number: int, lang: str = "en") -> str:
    """A rank in words' short form.

    >>> [ordinal(n) for n in (1, 2, 3, 11, 22, 113)], ordinal(8, "it")
    (['1st', '2nd', '3rd', '11th', '22nd', '113th'], '8ª')
    """
    if lang == "it":
        return f"{number}ª"
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def rank_words(rank: float, low: float, high: float, lang: str = "en") -> str:
    """A rank and where it may be, for a reader; the rank alone where no draw moves it.

    >>> rank_words(3, 2, 9), rank_words(3, 2, 9, "it"), rank_words(8, 8, 11, "it"), rank_words(1, 1, 1)
    ('3rd, 2nd to 9th', '3ª, dalla 2ª alla 9ª', "8ª, dall'8ª all'11ª", '1st')
    """
    if isnan(rank):
        return "senza posto" if lang == "it" else "no rank"
    first, best, worst = (ordinal(int(number), lang) for number in (rank, low, high))
    if low == high == rank:
        return first
    if lang == "it":
        return f"{first}, {_before(int(low), 'dalla')} {best} {_before(int(high), 'alla')} {worst}".replace("' ", "'")
    return f"{first}, {best} to {worst}"


def _before(number: int, article: str) -> str:
    """The article before an Italian ordinal: ottava and undicesima begin with a vowel."""
    vowel = str(number).startswith("8") or number == 11 or 11_000 <= number < 12_000
    return article[:-1] + "'" if vowel else article


def network(table: pd.DataFrame, name: str, lang: str) -> str:
    """The table of one metric of the whole network, and what it means."""
    rows = table.to_string(index=False, na_rep="-", float_format="{:.4g}".format) if len(table) else "-"
    return "\n".join([rows, "", f"{name}: {NETWORK_METRICS[name].says(lang)}"])


CARD = {
    "en": {
        "definition": "Definition", "convention": "Convention", "cost": "Cost", "cite": "Source",
        "oracle": "Checked against", "differs": "Others differ", "options": "Options",
    },
    "it": {
        "definition": "Definizione", "convention": "Convenzione", "cost": "Costo", "cite": "Fonte",
        "oracle": "Verificata con", "differs": "Altri programmi", "options": "Opzioni",
    },
}  # fmt: skip
DETAILS_IN_ENGLISH = "Le singole voci sono in inglese, la lingua delle fonti."


def card(name: str, said: Mapping[str, Any], lang: str) -> str:
    """A metric's card, as it stands in docs/metrics.md too."""
    options = ", ".join(f"{key}={_option(value)}" for key, value in said["options"].items())
    lines = [f"- {word}: {text}" for field, word in CARD[lang].items() if (text := {**said, "options": options}[field])]
    return "\n".join([f"### {name}", "", said["meaning"], "", *lines])


def cards(said: Mapping[str, Mapping[str, Any]], lang: str) -> str:
    """Several cards; in Italian with the remark that their details are in English."""
    parts = [card(name, one, lang) for name, one in said.items()]
    return "\n\n".join(parts if lang == "en" else [*parts, DETAILS_IN_ENGLISH])


def _option(value: Any) -> str:
    return ",".join(value) if isinstance(value, tuple) else "" if value is None else str(value)


def metrics_document() -> str:
    """docs/metrics.md: what each says, then every card."""
    parts = ["# Metrics", "", DOCUMENT]
    parts += ["", "| of organisations: `tsi metrics NAME` | what it says |", *meanings(METRICS)]
    parts += ["", "| of the whole network: `tsi network NAME` | what it says |", *meanings(NETWORK_METRICS)]
    parts += ["", "## Of organisations"]
    parts += ["\n" + card(name, metric.card("en"), "en") for name, metric in METRICS.items()]
    parts += ["", "## Of the whole network"]
    parts += ["\n" + card(name, metric.card("en"), "en") for name, metric in NETWORK_METRICS.items()]
    return "\n".join(parts) + "\n"


def meanings(metrics: Mapping[str, Metric]) -> list[str]:
    """A row for each, below the heading of a table."""
    return ["|---|---|", *(f"| [`{name}`](#{name}) | {metric.meaning} |" for name, metric in metrics.items())]


DOCUMENT = (
    "The card of each metric: what it says, how it is defined, which of the conventions it follows on which libraries "
    "differ, and what it was checked against. `tsi metrics --explain NAME`, `tsi network --explain NAME` and the API "
    "say "
    "the same. All are about documented ties; organisations are tied directly or by what they share, a project, "
    "network "
    "or fund of n bodies being worth 1/(n-1) to each pair (Newman 2001). Options are written "
    "`tsi network key_players size=3 goal=reach`, `tsi metrics brokerage_roles --group scope`; the card names them. "
    "Metrics called two-mode are about organisations and what they share. `--uncertainty` (`missing=0.2` for ties that "
    "nobody recorded; in the API `/v1/metrics/constraint?uncertainty=true`) adds to each rank the interval in which it "
    "stays as documented ties turn out wrong or others were missing."
)
