"""Where statements about one fact differ, and what decides which of them is shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import combinations, groupby
from typing import Any

import pandas as pd

from tsi_graph.dates import days
from tsi_graph.statements import DATES, ROW

WHY = ("not outlived", "by hand", "later by hand", "confidence", "later start", "later import", "disputed")
"""What decides between two statements on one fact, in the order in which it is asked.

Where only the ids differ nothing decides, and that is disputed; the smaller id is shown so that one is."""


def disagreements(statements: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The fields on which statements about one fact differ, where some day may be true for both.

    A blank disagrees with nothing; dates disagree if they can be no common day.
    """
    told = [(s, cells(s)) for s in statements]
    found: set[str] = set()
    for (a, left), (b, right) in combinations(told, 2):
        if meet(a, b):
            found |= {name for name in left.keys() & right.keys() if _differ(name, left[name], right[name])}
    return tuple(sorted(found))


def cells(statement: Mapping[str, Any]) -> dict[str, Any]:
    """All that a statement says, by field, its dates included."""
    said: dict[str, Any] = json.loads(statement["value"])
    return said | {name: statement[name] for name in DATES if statement[name]}


def meet(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    """Whether some day may be true for both of two statements: 12 in 2017 and 70 in 2020 are a series."""
    return bool(a["from_min"] <= b["to_max"] and b["from_min"] <= a["to_max"])


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as mappings from column to value."""
    names = [str(name) for name in table.columns]
    columns = (table.iloc[:, at].tolist() for at in range(len(names)))
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def versions(disputed: pd.DataFrame) -> pd.DataFrame:
    """One row for each statement that disagrees with another on a field, the best first; of facts at odds.

    `wins` marks what is shown: of a node the best that fills the field, of a tie the best statement, whole.
    `why` is what decides (`WHY`) between a row and the one that wins, or between what wins and what it contradicts.
    """
    rows: list[dict[str, Any]] = []
    for _, group in groupby(records(disputed), key=lambda s: s["fact"]):
        these = list(group)
        told = [cells(s) for s in these]
        for name in these[0]["disputed"]:
            filled = [i for i, said in enumerate(told) if name in said]
            against = {
                i: [j for j in filled if meet(these[i], these[j]) and _differ(name, told[i][name], told[j][name])]
                for i in filled
            }
            shown = filled[0] if these[0]["field"] == ROW else 0
            for i in filter(against.__getitem__, filled):
                # A row that says what is shown is shown for the same reason.
                one = shown if shown not in against[i] and against.get(shown) else i
                other = shown if shown in against[i] else against[one][0]
                why = _decides(these[one], these[other])
                rows.append(_version(these[i], name, told[i][name], wins=i == shown, why=why))
    names = ["fact", "node", "target", "relation", "field", "value", "wins", "why", "origin", "confidence", "statement"]
    table = pd.DataFrame(rows, columns=pd.Index(names)).sort_values(["fact", "field"], kind="stable")
    return table.reset_index(drop=True)


def _decides(s: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    return WHY[next(i for i, (a, b) in enumerate(zip(s["rank"], other["rank"], strict=True)) if a != b)]


def _version(s: Mapping[str, Any], name: str, value: Any, *, wins: bool, why: str) -> dict[str, Any]:
    return {
        **{k: s[k] for k in ("fact", "node", "target")},
        "relation": s["field"], "field": name, "value": value, "wins": wins, "why": why,
        **{k: s[k] for k in ("origin", "confidence")},
        "statement": s["id"],
    }  # fmt: skip


def _differ(name: str, a: Any, b: Any) -> bool:
    if name not in DATES or ".." in (a, b):
        return bool(a != b)
    (a_min, a_max), (b_min, b_max) = days(a), days(b)
    return a_min > b_max or b_min > a_max
