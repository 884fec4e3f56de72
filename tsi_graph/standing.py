"""Which statements stand and which of them win: what is known when, true on a day, and shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
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


class Coded:
    """A statement table as numbers, worked out once: every view of it is then comparisons of numbers.

    Arrays are in the order of the table's rows. `order` sorts them by fact, then by id.
    """

    def __init__(self, table: Table) -> None:
        rows = table.rows
        self.rows = rows
        self.fact = pd.factorize(rows["fact"].to_numpy(object), sort=True)[0]
        ids = rows["id"]
        self.id = np.arange(len(rows)) if ids.is_monotonic_increasing else ids.argsort().argsort().to_numpy()
        self.order = np.lexsort((self.id, self.fact))
        self.about = (rows["field"] == ROW).to_numpy(bool)
        self.value = (rows["answer"] == "value").to_numpy(bool)
        self.confidence, self.from_min, self.from_max, self.to_min, self.to_max = (
            rows[name].to_numpy(np.int64) for name in ("confidence", "from_min", "from_max", "to_min", "to_max")
        )
        self.lists: list[Sequence[int]] = list(rows["changes"])
        lengths = np.fromiter(map(len, self.lists), np.int64, len(self.lists))
        self.several = np.flatnonzero(lengths > 1)
        self.first = np.fromiter((changes[0] if changes else 0 for changes in self.lists), np.int64, len(self.lists))

    def strongest(self, imports: dict[int, Import]) -> np.ndarray:
        """`strongest` of all; most statements were touched once, and then it is that or nothing."""
        counts = np.zeros(max([*imports, int(np.abs(self.first).max(initial=0))]) + 1, bool)
        counts[list(imports)] = True
        change = np.where(counts[np.abs(self.first)], self.first, 0)
        if len(self.several):
            change[self.several] = strongest([self.lists[i] for i in self.several.tolist()], imports)
        return change

    @cached_property
    def ties(self) -> tuple[pd.DataFrame, np.ndarray]:
        """Every statement about a tie as an edge, in `order`, and where in it each row of the table stands."""
        here = self.order[~self.about[self.order]]
        place = np.full(len(self.rows), -1)
        place[here] = np.arange(len(here))
        return _edges(self.rows.take(here)), place

    @cached_property
    def bodies(self) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Every statement about a node as the cells of a node, by the id of the node, and where each row stands."""
        here = self.order[self.about[self.order]]
        # By fact and by node differ where one id begins with another.
        here = here[np.argsort(self.rows["node"].to_numpy(object)[here], kind="stable")]
        place = np.full(len(self.rows), -1)
        place[here] = np.arange(len(here))
        cells: dict[str, list[Any]] = {name: [None] * len(here) for name in ("kind", *NODE_COLUMNS)}
        beside = (*DATES, "seen", "origin", "confidence")
        for i, s in enumerate(zip(*(self.rows[n].take(here) for n in ("node", "value", *beside)), strict=True)):
            for name, cell in (json.loads(s[1]) | dict(zip(beside, s[2:], strict=True))).items():
                if cell != "":
                    cells[name][i] = cell
            cells["id"][i] = s[0]
        return {name: _objects(column) for name, column in cells.items()}, place

    @cached_property
    def settled(self) -> dict[str, np.ndarray | None]:
        """The columns of `bodies` for nodes of which one statement says all; None for a column of blanks."""
        cells, _ = self.bodies
        out: dict[str, np.ndarray | None] = dict(cells)
        for name, column in cells.items():
            if name in OF_KIND:
                kinds = cells["kind"].tolist()
                out[name] = _objects(
                    [_default(k, name) if v is None else v for v, k in zip(column, kinds, strict=True)]
                )
            elif name in AMOUNTS:
                out[name] = column.astype(float)
            elif all(value is None for value in column):
                out[name] = None
        return out

    @cached_property
    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """For each row of the table the numbers of its node and of its target; -1 where there is none."""
        codes, _ = pd.factorize(
            np.concatenate([self.rows["node"].to_numpy(object), self.rows["target"].to_numpy(object)])
        )
        return codes[: len(self.rows)], codes[len(self.rows) :]


def _objects(values: Sequence[Any]) -> np.ndarray:
    out = np.empty(len(values), object)
    out[:] = values
    return out


@cache
def _default(kind: str, name: str) -> Any:
    field = NODE_KINDS[kind].model_fields.get(name)
    return field.default or None if field and isinstance(field.default, str) else None


def coded(table: Table) -> Coded:
    """The table as numbers, kept with it."""
    if "coded" not in table.__dict__:
        table.__dict__["coded"] = Coded(table)
    found: Coded = table.__dict__["coded"]
    return found


@dataclass(frozen=True)
class Ranked:
    """Rows of a table that a view shows, best first within each fact; `first` marks the best of each.

    `at_odds` names, by the code of a fact, the fields on which its statements differ.
    """

    rows: np.ndarray
    first: np.ndarray
    at_odds: dict[int, tuple[str, ...]]


def ranked(
    table: Table,
    *,
    as_of: str | None = None,
    known_at: datetime | None = None,
    sure: bool = False,
    confidence: int = 2,
) -> Ranked:
    """Which statements a view shows and how they rank, as positions in the table: see `standing`."""
    c, imports = coded(table), in_force(table.imports, known_at)
    change = c.strongest(imports)
    keep = (change > 0) & c.value & (c.confidence >= confidence)
    if as_of:
        low, high = days(as_of)
        keep &= (c.from_min <= high) & (c.to_max >= low)
        if sure:  # Of most bodies nobody stated when they began, so "certainly" is asked of ties alone.
            keep &= (c.from_max <= low) & (c.to_min >= high) | c.about
    rows = c.order[keep[c.order]]
    fact = c.fact[rows]
    first = np.r_[True, fact[1:] != fact[:-1]][: len(fact)]
    contested = np.flatnonzero(~first | np.r_[~first[1:], False][: len(first)])
    at_odds: dict[int, tuple[str, ...]] = {}
    if len(contested):  # the few facts on which there is more than one statement
        of, which = rows[contested], fact[contested]
        begins = np.flatnonzero(np.r_[True, which[1:] != which[:-1]])
        latest = np.repeat(np.maximum.reduceat(c.from_min[of], begins), np.diff(np.r_[begins, len(of)]))
        by_hand = np.isin(change[of], [number for number, one in imports.items() if one.by_hand])
        outlived = c.from_max[of] < latest
        best = np.lexsort((c.id[of], -change[of], -c.from_min[of], -c.confidence[of], ~by_hand, outlived, which))
        rows[contested] = of[best]
        said = records(c.rows.iloc[of[best]])
        for begin, end in zip(begins.tolist(), [*begins[1:].tolist(), len(of)], strict=True):
            at_odds[int(which[begin])] = disagreements(said[begin:end])
    return Ranked(rows, first, at_odds)


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
    found = ranked(table, as_of=as_of, known_at=known_at, sure=sure, confidence=confidence)
    at_odds = [found.at_odds.get(code, ()) for code in coded(table).fact[found.rows].tolist()]
    return table.rows.take(found.rows).assign(
        wins=found.first, disputed=pd.Series(at_odds, table.rows.index.take(found.rows), object)
    )


def shown(
    table: Table,
    *,
    as_of: str | None = None,
    known_at: datetime | None = None,
    sure: bool = False,
    confidence: int = 2,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The nodes of a view, and its edges whose both ends are among them: what `shown_nodes` and `shown_edges` say.

    O(n) once the table is coded.
    """
    c = coded(table)
    found = ranked(table, as_of=as_of, known_at=known_at, sure=sure, confidence=confidence)
    about = c.about[found.rows]
    nodes = _nodes(c, found, about)
    won = found.rows[found.first & ~about]
    source, target = c.ends
    there = np.zeros(max(source.max(initial=-1), target.max(initial=-1)) + 1, bool)
    there[source[found.rows[about]]] = True
    won = won[there[source[won]] & there[target[won]]]
    edges, place = c.ties
    edges = edges.copy(deep=False) if len(won) == len(edges) else edges.take(place[won]).reset_index(drop=True)
    if found.at_odds:
        odd = np.fromiter((bool(found.at_odds.get(code)) for code in c.fact[won].tolist()), bool, len(won))
        edges["disputed"] = odd
    return nodes, edges


def _nodes(c: Coded, found: Ranked, about: np.ndarray) -> pd.DataFrame:
    """The table of nodes: each field from the best statement that fills it."""
    cells, place = c.bodies
    rows, first = found.rows[about], found.first[about]
    best = place[rows[first]]
    into = np.argsort(best, kind="stable")  # in the order of the ids
    best = best[into]
    taken = {name: np.full(len(best), None) if column is None else column[best] for name, column in c.settled.items()}
    taken["disputed"] = np.full(len(best), "", object)
    if not first.all():
        where = np.empty(len(best), np.int64)
        where[into] = np.arange(len(best))
        node = where[np.cumsum(first) - 1]
        others: dict[int, list[int]] = {}
        for i in np.flatnonzero(~first).tolist():
            others.setdefault(int(node[i]), []).append(i)
        for at, these in others.items():
            taken["disputed"][at] = ",".join(found.at_odds.get(int(c.fact[rows[these[0]]]), ()))
            said = [int(best[at]), *place[rows[these]].tolist()]
            for name, column in cells.items():
                taken[name][at] = next((column[i] for i in said if column[i] is not None), None)
            for name in OF_KIND:
                if taken[name][at] is None:
                    taken[name][at] = _default(taken["kind"][at], name)
    return _node_table(taken)


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
AMOUNTS = ("size", "budget", "eu_contribution")
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
        for name in OF_KIND:
            if mine.get(name) is None:
                mine[name] = _default(mine["kind"], name)
    names = ("kind", *NODE_COLUMNS, "disputed")
    return _node_table({name: _objects([mine.get(name) for mine in rows.values()]) for name in names})


def _node_table(cells: dict[str, np.ndarray]) -> pd.DataFrame:
    columns = ("kind", *NODE_COLUMNS, "disputed")
    return pd.DataFrame(
        {n: cells[n].astype(float) if n in AMOUNTS else pd.Series(cells[n], dtype=object) for n in columns}, copy=False
    )


def shown_edges(standing: pd.DataFrame) -> pd.DataFrame:
    """The edges of a view, by fact: the winning statement of each, whole.

    Columns: source, target, kind, weight (1 if not given), amount, role, dates, origin, confidence,
    the four day numbers, fact, statement (its id), disputed (true or false).
    """
    won = standing[standing["wins"] & (standing["field"] != ROW)].sort_values("fact", kind="stable")
    return _edges(won, won["disputed"].map(bool).to_numpy(bool))


def _edges(won: pd.DataFrame, disputed: np.ndarray | None = None) -> pd.DataFrame:
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
            "disputed": np.zeros(len(won), bool) if disputed is None else disputed,
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
