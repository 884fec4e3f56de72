"""Every statement on a body or a fact, and when it was known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tsi_graph.errors import NotFound
from tsi_graph.history.views import table_of
from tsi_graph.standing import in_force, shown, standing, strongest, survivors, touching
from tsi_graph.statements import ROW, Import, Table

if TYPE_CHECKING:
    from tsi_graph.store import Store

COLUMNS = [
    "id", "fact", "node", "field", "target", "key", "value", "answer", "valid_from", "valid_to", "seen", "origin",
    "confidence",
]  # fmt: skip


@dataclass(frozen=True)
class Spell:
    """A time in which a statement was known: from one import to another, or still.

    by and ended_by are the numbers of these imports (0: not ended); an undo counts as one. dataset is of the
    import that says it, empty for a person's.
    """

    since: datetime
    by: int
    dataset: str
    by_hand: bool
    until: datetime | None = None
    ended_by: int = 0
    note: str = ""


def history(said: Store | Table, what: str) -> pd.DataFrame:
    """Every statement there ever was on a body (its id), a fact or of one id, with its spells of being known.

    For a body: all about it and its ties, under each id that is the same body. Columns: those of the
    statement, known (still), wins (what the widest view shows now), spells. Raises NotFound.
    """
    table = table_of(said)
    body = _ids(table, what)
    rows = table.rows
    mine = rows["node"].isin(body) | rows["target"].isin(body) | (rows["fact"] == what) | (rows["id"] == what)
    found = rows[mine]
    if found.empty:
        raise NotFound(f"Nothing was ever said about {what!r}: it is no id of a body, a fact or a statement.")
    spells = known_spells(list(found["changes"]), table.imports)
    out = found[COLUMNS].assign(
        known=[bool(s) and not s[-1].ended_by for s in spells],
        wins=found["id"].isin(_shown(table, {*found["node"], *found["target"]} - {""})),
        spells=pd.Series(spells, found.index, object),
    )
    return out.sort_values(["fact", "id"], ignore_index=True)


def _shown(table: Table, nodes: set[str]) -> set[str]:
    """The statements that the widest view shows of these nodes and their ties: the best of each fact that is there."""
    part = touching(table, nodes)
    part = touching(table, {*part.rows["node"], *part.rows["target"]} - {""})  # a tie is there if its ends are
    there, ties = shown(part, confidence=1)
    now = standing(part, confidence=1)
    best = now[now["wins"] & (now["field"] == ROW) & now["node"].isin(there["id"])]
    return {*best["id"], *ties["statement"]}


def _ids(table: Table, what: str) -> set[str]:
    """The ids of the body, as far as people said so."""
    kept = survivors(table)
    one = kept.get(what, what)
    return {one, what, *(other for other, into in kept.items() if into == one)}


def known_spells(changes: Sequence[Sequence[int]], imports: Sequence[Import]) -> list[tuple[Spell, ...]]:
    """When each statement was known, by replaying the imports that touched one of them, or took such a one back."""
    by_number = {one.number: one for one in imports}
    touched = {abs(change) for these in changes for change in these}
    spells: list[list[Spell]] = [[] for _ in changes]
    known = np.zeros(len(changes), bool)
    for one in imports:
        if _delivery(one, by_number) not in touched:
            continue
        decided = strongest(changes, in_force(i for i in imports if i.number <= one.number))
        for i in np.flatnonzero((decided > 0) != known).tolist():
            if decided[i] > 0:
                source = by_number[int(decided[i])]
                dataset = "" if source.by_hand else source.dataset
                spells[i].append(Spell(one.at, one.number, dataset, source.by_hand, note=source.note))
            else:
                spells[i][-1] = replace(spells[i][-1], until=one.at, ended_by=one.number)
        known = decided > 0
    return [tuple(these) for these in spells]


def _delivery(one: Import, by_number: dict[int, Import]) -> int:
    """The number of the delivery that an import is, takes back, or brings back."""
    while one.undoes:
        one = by_number[one.undoes]
    return one.number
