"""What a delivery changes of what is shown: of each good row, and of what its source no longer says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from tsi_graph.deliveries.report import CellChange, RowEffect
from tsi_graph.fields import FIELDS, LEVELS
from tsi_graph.importers.names import Names
from tsi_graph.model import Edge, Node, Record
from tsi_graph.standing import NODE_COLUMNS, coded, in_force, unified
from tsi_graph.statements import ROW, Statement, Table

BESIDE = frozenset({"id", "place", "seen", "contact"})
OF_TIES = ("valid_from", "valid_to", "amount", "weight", "role", "origin", "confidence")
View = tuple[pd.DataFrame, pd.DataFrame]
"""The nodes and the ties of a view."""
Spoken = list[tuple[Record, Statement]]
Done = list[tuple[Record, str, tuple[CellChange, ...]]]
Left = list[tuple[str, str, str, str]]
"""What a source no longer says: node, field and target of its fact, and its status."""


def done(good: Spoken, before: View, after: View, stood: set[str]) -> Done:
    """What each good row changes of what is shown, also of what is not verified: its status, and cell by cell."""
    facts = {statement.fact for _, statement in good}
    old, new = _shown(before, facts), _shown(after, facts)
    found, first = [], set[str]()
    for record, statement in good:
        fact = statement.fact
        changes: tuple[CellChange, ...] = ()
        if fact in first:
            status = "unchanged"
        elif fact not in new:
            status = "unchanged" if statement.id in stood else "new" if statement.answer != "value" else "beside"
        elif fact not in old:
            status = "new"
        else:
            changes = _differences(old[fact], new[fact])
            status = "changed" if changes else "unchanged" if statement.id in stood else "beside"
        first.add(fact)
        found.append((record, status, changes))
    return found


def left(then: Table, now: Table, before: View, after: View, good: Spoken) -> Left:
    """What is no longer said once a complete delivery is in: it goes ("withdrawn"), ties with their ends too, or stays
    since another source says it ("still")."""
    mine = {statement.fact for _, statement in good}
    rows, stand = unified(then).rows, _standing(now)
    gone = _facts(before) - _facts(after) - mine
    lost = rows["id"].isin(_standing(then) - stand) & ~rows["fact"].isin(mine)
    answers = rows["fact"][rows["id"].isin(stand) & (rows["field"] != ROW) & (rows["target"] == "")]
    stays = _facts(after) | set(answers)
    found = rows[lost | rows["fact"].isin(gone)].drop_duplicates("fact").sort_values("fact")
    told = [
        (node, field, target, "still" if fact in stays else "withdrawn")
        for node, field, target, fact in found[["node", "field", "target", "fact"]].to_numpy(str).tolist()
    ]
    return sorted(told, key=lambda one: (one[3] == "still", one[1] != ROW))


def _standing(table: Table) -> set[str]:
    """The ids of the statements that stand."""
    return set(table.rows["id"][coded(table).strongest(in_force(table.imports)) > 0])


def _facts(view: View) -> set[str]:
    nodes, edges = view
    return {*(nodes["id"] + f"|{ROW}"), *edges["fact"]}


def of_left(found: Left, names: Names, lang: str) -> list[RowEffect]:
    """The same by name. They stand in no row."""
    return [RowEffect("", 0, _named(node, field, target, names, lang), status) for node, field, target, status in found]


def _named(node: str, field: str, target: str, names: Names, lang: str) -> str:
    if target:
        return f"{names.name(node)} → {names.name(target)}"
    if field == ROW:
        return names.name(node)
    return f"{names.name(node)}: {FIELDS[field][lang == 'en'] if field in FIELDS else field}"


def place(record: Record) -> tuple[str, int]:
    file, _, row = record.place.rpartition(" row ")
    return file, int(row)


def about(record: Record, names: Names) -> str:
    """What a row is about, by name."""
    if isinstance(record, Node):
        return record.name
    if isinstance(record, Edge):
        return f"{names.name(record.source)} → {names.name(record.target)}"
    return names.name(str(getattr(record, "id", "")))


def _shown(view: View, facts: set[str]) -> dict[str, dict[str, Any]]:
    """What is shown of these facts, by fact."""
    nodes, edges = view
    columns = [name for name in ("kind", *NODE_COLUMNS) if name not in BESIDE]
    found: dict[str, dict[str, Any]] = {}
    mine = nodes[(nodes["id"] + "|row").isin(facts)]
    for node, cells in zip(mine["id"], mine[columns].to_dict("records"), strict=True):
        found[f"{node}|row"] = {str(k): v for k, v in cells.items()}
    ties = edges[edges["fact"].isin(facts)]
    for fact, cells in zip(ties["fact"], ties[list(OF_TIES)].to_dict("records"), strict=True):
        found[str(fact)] = {str(k): v for k, v in cells.items()}
    return found


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[CellChange, ...]:
    cells = ((name, _plain(name, old[name]), _plain(name, new[name])) for name in old)
    return tuple(CellChange(name, one, other) for name, one, other in cells if one != other)


def _plain(name: str, value: Any) -> Any:
    if value is None or value == "" or (isinstance(value, float) and value != value):
        return None
    if name == "confidence":
        return LEVELS.get(int(value), str(value))
    return value.item() if hasattr(value, "item") else value
