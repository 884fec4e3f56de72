"""One body under several ids, as people said so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import numpy as np
import pandas as pd

from tsi_graph.model import EDGE_KINDS
from tsi_graph.standing.coded import coded
from tsi_graph.standing.force import in_force, strongest
from tsi_graph.statements import Table, fact_of


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


def touching(table: Table, nodes: Iterable[str], known_at: datetime | None = None, *, ties: bool = True) -> Table:
    """The statements about some bodies, under each of their ids, with their ties or without; and all that join bodies.

    Whatever competes with one of them is among them, so they stand and win there as in the whole.
    """
    moved, c = survivors(table, known_at), coded(table)
    kept = {moved.get(one, one) for one in nodes}
    wanted = [*kept, *(one for one, other in moved.items() if other in kept)]
    mine = np.zeros(len(c.ids) + 1, bool)
    mine[c.ids.get_indexer(pd.Index(wanted))] = True
    mine[-1] = False  # where get_indexer says that there is no such id
    source, target = c.ends
    about = (mine[source] | mine[target]) if ties else mine[source] & c.about
    about[c.joins] = True
    return Table(table.rows[about].reset_index(drop=True), table.imports)


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
        new.append((fact_of(node, field, target, key), node, target, key))
    rows = rows.copy()
    rows.loc[hit, ["fact", "node", "target", "key"]] = np.array(new, object).reshape(-1, 4)
    loop = (rows["node"] == rows["target"]).to_numpy(bool)
    return rows[~loop].reset_index(drop=True)
