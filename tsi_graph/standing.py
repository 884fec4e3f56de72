"""Which statements stand and which of them win: what is known when, true on a day, and shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from itertools import chain, combinations, groupby
from typing import Any

import numpy as np
import pandas as pd

from tsi_graph.dates import days
from tsi_graph.model import EDGE_KINDS, NODE_KINDS, SAME_AS
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
        joins = (rows["field"] == SAME_AS).to_numpy(bool)
        self.value = (rows["answer"] == "value").to_numpy(bool) & ~joins
        self.joins = np.flatnonzero(joins)
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


def survivors(table: Table, known_at: datetime | None = None) -> dict[str, str]:
    """For each id that a person said to be another's, the id under which the whole body then stands.

    It is the one of its ids that is not said to be another; of several the first by name.
    """
    c = coded(table)
    if not len(c.joins):
        return {}
    stands = strongest([c.lists[i] for i in c.joins.tolist()], in_force(table.imports, known_at)) > 0
    said = c.rows.iloc[c.joins[stands]]
    bodies: dict[str, set[str]] = {}
    for one, other in zip(said["node"], said["target"], strict=True):
        body = bodies.get(one, {one}) | bodies.get(other, {other})
        bodies |= dict.fromkeys(body, body)
    kept = {one: min(body - set(said["node"]) or body) for one, body in bodies.items()}
    return {one: other for one, other in kept.items() if one != other}


def unified(table: Table, known_at: datetime | None = None) -> Table:
    """The statements with one id for each body: what is said about its other ids is about the surviving one.

    O(n) at first, then kept with the table. Ties between ids of one body are left out.
    """
    moved = survivors(table, known_at)
    if not moved:
        return table
    kept: dict[frozenset[tuple[str, str]], Table] = table.__dict__.setdefault("unified", {})
    key = frozenset(moved.items())
    if key not in kept:
        kept[key] = Table(_moved(table.rows, moved), table.imports)
    return kept[key]


def _moved(rows: pd.DataFrame, moved: Mapping[str, str]) -> pd.DataFrame:
    hit = (rows["node"].isin(moved) | rows["target"].isin(moved)).to_numpy(bool)
    new = []
    for old, field, towards, key in rows.loc[hit, ["node", "field", "target", "key"]].to_numpy(str).tolist():
        node, target = moved.get(old, old), moved.get(towards, towards)
        kind = EDGE_KINDS.get(field) if target else None
        if kind and kind.repeats and (not key or key.isdigit()):
            key = "@".join((key, *sorted({old, towards} & moved.keys())))  # two grants stay two grants
        if kind and kind.mutual:
            node, target = sorted((node, target))
        fact = f"{node}|{field}|{target}|{key}" if target else f"{node}|{field}"
        new.append((fact, node, target, key))
    rows = rows.copy()
    rows.loc[hit, ["fact", "node", "target", "key"]] = np.array(new, object).reshape(-1, 4)
    loop = (rows["node"] == rows["target"]).to_numpy(bool)
    return rows[~loop].reset_index(drop=True)


WHY = ("not outlived", "by hand", "confidence", "later start", "later import", "disputed")
"""What decides between two statements on one fact, in the order in which it is asked.

Where only the ids differ nothing decides, and that is disputed; the smaller id is shown so that one is."""


@dataclass(frozen=True)
class Ranked:
    """Rows of a table that a view shows, best first within each fact; `first` marks the best of each.

    `at_odds` names, by the code of a fact, the fields on which its statements differ; `rank` gives for each row
    of such a fact what it is ranked by, the smaller the better: see `WHY`.
    """

    rows: np.ndarray
    first: np.ndarray
    at_odds: dict[int, tuple[str, ...]]
    rank: dict[int, tuple[int, ...]]


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
    keep = c.value & (change > 0) & _within(c, as_of, confidence)
    if as_of and sure:
        low, high = days(as_of)
        # Of most bodies nobody stated when they began, so "certainly" is asked of ties alone.
        keep &= (c.from_max <= low) & (c.to_min >= high) | c.about
    rows = c.order[keep[c.order]]
    fact = c.fact[rows]
    first = np.r_[True, fact[1:] != fact[:-1]][: len(fact)]
    contested = np.flatnonzero(~first | np.r_[~first[1:], False][: len(first)])
    at_odds: dict[int, tuple[str, ...]] = {}
    rank: dict[int, tuple[int, ...]] = {}
    if len(contested):  # the few facts on which there is more than one statement
        of, which = rows[contested], fact[contested]
        begins = np.flatnonzero(np.r_[True, which[1:] != which[:-1]])
        latest = np.repeat(np.maximum.reduceat(c.from_min[of], begins), np.diff(np.r_[begins, len(of)]))
        by_hand = np.isin(change[of], [number for number, one in imports.items() if one.by_hand])
        outlived = c.from_max[of] < latest
        keys = np.array([outlived, ~by_hand, -c.confidence[of], -c.from_min[of], -change[of], c.id[of]], np.int64)
        best = np.lexsort((*keys[::-1], which))
        rows[contested] = of[best]
        said = records(c.rows.iloc[of[best]])
        for begin, end in zip(begins.tolist(), [*begins[1:].tolist(), len(of)], strict=True):
            found = disagreements(said[begin:end])
            at_odds[int(which[begin])] = found
            if found:
                rank |= zip(of[best[begin:end]].tolist(), map(tuple, keys[:, best[begin:end]].T.tolist()), strict=True)
    return Ranked(rows, first, at_odds, rank)


def _within(c: Coded, as_of: str | None, confidence: int) -> np.ndarray:
    """Which statements are of enough confidence and may be true on some day of a date."""
    enough: np.ndarray = c.confidence >= confidence
    if as_of:
        low, high = days(as_of)
        enough = enough & (c.from_min <= high) & (c.to_max >= low)
    return enough


def absences(
    table: Table, *, as_of: str | None = None, known_at: datetime | None = None, confidence: int = 2
) -> pd.DataFrame:
    """The statements of a view that there is no value: their `answer` is none, no_answer or not_asked."""
    table = unified(table, known_at)
    c = coded(table)
    stands = c.strongest(in_force(table.imports, known_at)) > 0
    absent = (table.rows["answer"] != "value").to_numpy(bool)
    return table.rows.take(np.flatnonzero(absent & stands & _within(c, as_of, confidence)))


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
    `disputed` names the fields on which two statements that may hold on one day differ, `rank` says what such
    statements are ranked by (`WHY`). O(n log n).
    """
    table = unified(table, known_at)
    found = ranked(table, as_of=as_of, known_at=known_at, sure=sure, confidence=confidence)
    at_odds = [found.at_odds.get(code, ()) for code in coded(table).fact[found.rows].tolist()]
    rank = [found.rank.get(i, ()) for i in found.rows.tolist()]
    index = table.rows.index.take(found.rows)
    return table.rows.take(found.rows).assign(
        wins=found.first, disputed=pd.Series(at_odds, index, object), rank=pd.Series(rank, index, object)
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
    table = unified(table, known_at)
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
