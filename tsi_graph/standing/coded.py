"""A statement table as numbers, and its statements as the cells of nodes and ties, worked out once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any

import numpy as np
import pandas as pd

from tsi_graph.errors import StoreDamaged
from tsi_graph.model import NODE_KINDS, SAME_AS
from tsi_graph.standing.force import strongest
from tsi_graph.statements import DATES, ROW, Import, Table

OF_KIND = ("sector", "form")
"""Fields that follow from the kind of a node where no source gives them."""
AMOUNTS = ("size", "budget", "eu_contribution")
NODE_COLUMNS = list(dict.fromkeys(f for kind in NODE_KINDS.values() for f in kind.model_fields if f != "place"))


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
    def named(self) -> np.ndarray:
        """Which rows name a node, and so say that it is there; what a person corrected are cells alone."""
        found = self.about.copy()
        found[found] = ['"name":' in value for value in self.rows["value"].to_numpy(object)[self.about]]
        return found

    @cached_property
    def ties(self) -> tuple[pd.DataFrame, np.ndarray]:
        """Every statement about a tie as an edge, in `order`, and where in it each row of the table stands."""
        here = self.order[~self.about[self.order]]
        place = np.full(len(self.rows), -1)
        place[here] = np.arange(len(here))
        return edges_of(self.rows.take(here)), place

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
        try:
            for i, s in enumerate(zip(*(self.rows[n].take(here) for n in ("node", "value", *beside)), strict=True)):
                for name, cell in (json.loads(s[1]) | dict(zip(beside, s[2:], strict=True))).items():
                    if cell != "":
                        cells[name][i] = cell
                cells["id"][i] = s[0]
        except (ValueError, TypeError, KeyError) as fault:
            raise _altered(self.rows.iloc[here[i]]) from fault
        for i, kind in enumerate(cells["kind"]):
            if kind not in NODE_KINDS:
                raise _altered(self.rows.iloc[here[i]])
        return {name: objects(column) for name, column in cells.items()}, place

    @cached_property
    def settled(self) -> dict[str, np.ndarray | None]:
        """The columns of `bodies` for nodes of which one statement says all; None for a column of blanks."""
        cells, _ = self.bodies
        out: dict[str, np.ndarray | None] = dict(cells)
        for name, column in cells.items():
            if name in OF_KIND:
                kinds = cells["kind"].tolist()
                out[name] = objects([default(k, name) if v is None else v for v, k in zip(column, kinds, strict=True)])
            elif name in AMOUNTS:
                out[name] = column.astype(float)
            elif all(value is None for value in column):
                out[name] = None
        return out

    @property
    def ids(self) -> pd.Index:
        """Every id that is a node or a target; the numbers of `ends` are places in it."""
        return self._ends[2]

    @property
    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """For each row of the table the numbers of its node and of its target."""
        return self._ends[:2]

    @cached_property
    def _ends(self) -> tuple[np.ndarray, np.ndarray, pd.Index]:
        both = np.concatenate([self.rows[name].to_numpy(object) for name in ("node", "target")])
        codes, ids = pd.factorize(both)
        return codes[: len(self.rows)], codes[len(self.rows) :], pd.Index(ids)


def coded(table: Table) -> Coded:
    """The table as numbers, kept with it."""
    if "coded" not in table.__dict__:
        table.__dict__["coded"] = Coded(table)
    found: Coded = table.__dict__["coded"]
    return found


def edges_of(won: pd.DataFrame, disputed: np.ndarray | None = None) -> pd.DataFrame:
    cells: list[dict[str, Any]] = []
    try:
        cells += (json.loads(value) if value != "{}" else {} for value in won["value"])
    except (ValueError, TypeError) as fault:
        raise _altered(won.iloc[len(cells)]) from fault
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


def _altered(statement: pd.Series[Any]) -> StoreDamaged:
    """What to say of a statement whose cells are none that a record of ours has."""
    return StoreDamaged(
        f"The store is damaged: statement {statement['id']} about {statement['fact']} is not what was written "
        f"({str(statement['value'])[:80]!r}). `tsi store check` says what is wrong, "
        "`tsi store restore FILE --replace` puts a backup in its place."
    )


def objects(values: Sequence[Any]) -> np.ndarray:
    out = np.empty(len(values), object)
    out[:] = values
    return out


@cache
def default(kind: str, name: str) -> Any:
    field = NODE_KINDS[kind].model_fields.get(name)
    return field.default or None if field and isinstance(field.default, str) else None
