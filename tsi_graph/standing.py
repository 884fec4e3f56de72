"""Which statements stand and which of them win: what is known when, true on a day, and shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain, combinations
from typing import Any

import numpy as np
import pandas as pd

from tsi_graph.dates import days
from tsi_graph.model import NODE_KINDS
from tsi_graph.statements import DATES, ROW, Import, Table


def in_force(imports: Iterable[Import], known_at: datetime | None = None) -> dict[int, Import]:
    """The imports that count, by number: done, come by then, and not taken back by one that counts."""
    out: dict[int, Import] = {}
    taken_back: set[int] = set()
    for one in sorted(imports, key=lambda i: -i.number):
        if one.number in taken_back or not one.done or (known_at is not None and one.at > known_at):
            continue
        out[one.number] = one
        if one.undoes:
            taken_back.add(one.undoes)
    return out


def strongest(changes: Iterable[Sequence[int]], imports: dict[int, Import]) -> np.ndarray:
    """The change that decides about each statement: its signed import number, or 0 if none is in force.

    The last change by hand outranks any file. Without one, a statement stands while any dataset says it,
    each dataset by its own last change; of several the later import decides.
    """
    lists = list(changes)
    flat = np.fromiter(chain.from_iterable(lists), np.int64)
    owner = np.repeat(np.arange(len(lists)), np.fromiter(map(len, lists), np.int64))
    voice = {number: "" if one.by_hand else f"file {one.dataset}" for number, one in imports.items()}
    said = pd.DataFrame({"owner": owner, "change": flat, "number": np.abs(flat)})
    said = said[said["number"].isin(list(voice))]
    said["voice"] = said["number"].map(voice)
    last = said.sort_values("number").drop_duplicates(["owner", "voice"], keep="last")
    # Best last: by hand, then who still says it, then the later import.
    last = last.assign(by_hand=last["voice"] == "", stands=last["change"] > 0)
    best = last.sort_values(["by_hand", "stands", "number"]).drop_duplicates("owner", keep="last")
    decided = np.zeros(len(lists), np.int64)
    decided[best["owner"].to_numpy()] = best["change"].to_numpy()
    return decided


def standing(
    table: Table,
    *,
    as_of: str | None = None,
    known_at: datetime | None = None,
    sure: bool = False,
    confidence: int = 2,
) -> pd.DataFrame:
    """The statements of a view, best first within each fact; `wins` marks the best, `disputed` the facts at odds.

    `as_of` keeps what may hold on some day of it; with `sure`, only ties that certainly hold on all of it.
    Best is: not certainly outlived, endorsed by hand, confidence, later start, later import, smaller id.
    `disputed` names the fields on which two statements that may hold on one day differ. O(n log n).
    """
    imports = in_force(table.imports, known_at)
    rows = table.rows
    change = strongest(rows["changes"], imports)
    keep = (change > 0) & (rows["answer"] == "value").to_numpy() & (rows["confidence"] >= confidence).to_numpy()
    if as_of:
        low, high = days(as_of)
        possible = (rows["from_min"] <= high) & (rows["to_max"] >= low)
        # Of most bodies nobody stated when they began, so "certainly" is asked of ties alone.
        certain = (rows["from_max"] <= low) & (rows["to_min"] >= high) | (rows["field"] == ROW)
        keep &= (possible & certain if sure else possible).to_numpy()
    rows, change = rows[keep], change[keep]
    by_hand = np.isin(change, [number for number, one in imports.items() if one.by_hand])
    latest = rows.groupby("fact")["from_min"].transform("max")
    rank = pd.DataFrame(
        {
            "fact": rows["fact"],
            "outlived": rows["from_max"] < latest,
            "by_hand": ~by_hand,
            "confidence": -rows["confidence"],
            "from_min": -rows["from_min"],
            "number": -change,
            "id": rows["id"],
        }
    )
    rows = rows.loc[rank.sort_values(list(rank.columns)).index]
    wins = ~rows["fact"].duplicated()
    several = rows[rows["fact"].duplicated(keep=False)]
    at_odds = {fact: disagreements(records(group)) for fact, group in several.groupby("fact", sort=False)}
    return rows.assign(wins=wins, disputed=rows["fact"].map(lambda fact: at_odds.get(fact, ())))


def disagreements(statements: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """The fields on which statements about one fact differ, where some day may be true for both.

    A blank disagrees with nothing; dates disagree if they can be no common day.
    """
    cells = [(s, json.loads(s["value"]) | {d: s[d] for d in DATES if s[d]}) for s in statements]
    found = set()
    for (a, left), (b, right) in combinations(cells, 2):
        if a["from_min"] > b["to_max"] or b["from_min"] > a["to_max"]:
            continue
        for name in left.keys() & right.keys():
            found |= {name} if _differ(name, left[name], right[name]) else set()
    return tuple(sorted(found))


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as mappings from column to value."""
    columns = [str(name) for name in table.columns]
    return [dict(zip(columns, row, strict=True)) for row in table.itertuples(index=False, name=None)]


def _differ(name: str, a: Any, b: Any) -> bool:
    if name not in DATES or ".." in (a, b):
        return bool(a != b)
    (a_min, a_max), (b_min, b_max) = days(a), days(b)
    return a_min > b_max or b_min > a_max


OF_KIND = ("sector", "form")
"""Fields that follow from the kind of a node where no source gives them."""
NODE_COLUMNS = list(dict.fromkeys(f for kind in NODE_KINDS.values() for f in kind.model_fields if f != "place"))


def shown_nodes(standing: pd.DataFrame) -> pd.DataFrame:
    """The nodes of a view, by id: each field from the best statement that fills it.

    Columns: id, kind, every field of every kind, disputed (fields at odds, comma-separated).
    """
    rows: dict[str, dict[str, Any]] = {}
    about = standing[standing["field"] == ROW]
    for s in about.sort_values("node", kind="stable").to_dict("records"):
        mine = rows.setdefault(s["node"], {"id": s["node"], "disputed": ",".join(s["disputed"])})
        for name, cell in (
            json.loads(s["value"]) | {n: s[n] for n in (*DATES, "seen", "origin", "confidence")}
        ).items():
            if cell != "":
                mine.setdefault(name, cell)
    for mine in rows.values():
        for name, field in NODE_KINDS[mine["kind"]].model_fields.items():
            if field.default and name in OF_KIND:
                mine.setdefault(name, field.default)
    table = pd.DataFrame(rows.values(), columns=pd.Index(["kind", *NODE_COLUMNS, "disputed"]))
    numbers = ("size", "budget", "eu_contribution")
    return pd.DataFrame(
        {
            name: column.astype(float) if name in numbers else column.astype(object).where(column.notna(), None)
            for name, column in table.items()
        }
    )


def shown_edges(standing: pd.DataFrame) -> pd.DataFrame:
    """The edges of a view, by fact: the winning statement of each, whole.

    Columns: source, target, kind, weight (1 if not given), amount, role, dates, origin, confidence,
    the four day numbers, fact, statement (its id), disputed (true or false).
    """
    won = standing[standing["wins"] & (standing["field"] != ROW)].sort_values("fact", kind="stable")
    cells = [json.loads(value) if value != "{}" else {} for value in won["value"]]
    return pd.DataFrame(
        {
            "source": won["node"].to_numpy(),
            "target": won["target"].to_numpy(),
            "kind": won["field"].to_numpy(),
            "weight": [float(c.get("weight", 1.0)) for c in cells],
            "amount": [float(c.get("amount", np.nan)) for c in cells],
            "role": [c.get("role") for c in cells],
            **{name: won[name].to_numpy() for name in (*DATES, "seen", "origin", "confidence")},
            **{name: won[name].to_numpy() for name in ("from_min", "from_max", "to_min", "to_max")},
            "fact": won["fact"].to_numpy(),
            "statement": won["id"].to_numpy(),
            "disputed": won["disputed"].map(bool).to_numpy(),
        }
    )


def versions(disputed: pd.DataFrame) -> pd.DataFrame:
    """One row for each version of each field at odds; of several statements with one value the best stands first."""
    rows = []
    for s in records(disputed):
        cells = json.loads(s["value"]) | {d: s[d] for d in DATES if s[d]}
        for name in s["disputed"]:
            if name in cells:
                rows.append(
                    {
                        **{k: s[k] for k in ("fact", "node", "target")},
                        "relation": s["field"],
                        "field": name,
                        "value": cells[name],
                        **{k: s[k] for k in ("origin", "confidence")},
                        "statement": s["id"],
                    }
                )
    names = ["fact", "node", "target", "relation", "field", "value", "origin", "confidence", "statement"]
    table = pd.DataFrame(rows, columns=pd.Index(names)).sort_values(["fact", "field"], kind="stable")
    table.insert(6, "wins", ~table.duplicated(["fact", "field"]))
    return table.reset_index(drop=True)
