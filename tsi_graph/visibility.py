"""Who may see what: the one rule by which an audience gets its part of all that was ever said.

Everything else is computed from the table of statements, so what is narrowed here is in no list, count, path, reason,
picture or file further on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tsi_graph.errors import Forbidden, Unusable
from tsi_graph.fields import VISIBILITIES
from tsi_graph.standing import Coded, coded, in_force, survivors, unified
from tsi_graph.statements import ALL, COLUMNS, Import, Table, identity

if TYPE_CHECKING:
    from tsi_graph.store import Store

TEAM = VISIBILITIES[-1]
"""The audience that sees everything: whoever sits at the machine, and the coordination team."""
NAMES_ANOTHER = ("funder", "lead")
"""Cells of a node that hold the id of another."""
CONTENT = COLUMNS[2:13]
"""What the id of a statement is a hash of."""
OF_THE_TEAM = ("contact",)
"""Cells of a node that the team alone sees."""


def narrowed(table: Table, audience: str = TEAM) -> Table:
    """The part of all statements and imports that an audience sees; kept with the table.

    Left out are statements about hidden nodes and ties, under any of their ids, at any time; ties that touch a hidden
    node; ids of hidden nodes in other nodes' cells; imports that touched nothing else. Below the team also
    contacts, and the notes and digests of imports. O(n) at first.
    """
    if audience not in VISIBILITIES:
        raise Unusable(f"An audience is one of: {', '.join(VISIBILITIES)}; not {audience!r}.")
    if audience == TEAM or table.__dict__.get("audience") == audience:
        return table
    kept: dict[str, Table] = table.__dict__.setdefault("narrowed", {})
    if audience not in kept:
        kept[audience] = _narrowed(table, VISIBILITIES.index(audience))
        kept[audience].__dict__["audience"] = audience
    return kept[audience]


def visibilities(table: Table) -> dict[str, str]:
    """Who may see each node and tie that not everybody may: by the id of a node, by the fact of a tie.

    What a person decided last counts, else the strictest that stands, and where nothing stands the strictest there
    ever was. A body with several ids is seen by those who may see all of them; its ids stand here one by one.
    """
    if "visibilities" not in table.__dict__:
        table.__dict__["visibilities"] = {what: VISIBILITIES[level] for what, level in _levels(table).items()}
    found: dict[str, str] = table.__dict__["visibilities"]
    return found


def strictest(said: Iterable[str | None]) -> str | None:
    """The narrowest of several audiences, None where none is named."""
    return max(filter(None, said), key=VISIBILITIES.index, default=None)


def _levels(table: Table) -> dict[str, int]:
    rows, c = table.rows, coded(table)
    mentions = np.flatnonzero([('"visibility"' in value) for value in rows["value"]])
    said = [VISIBILITIES.index(json.loads(value)["visibility"]) for value in rows["value"].iloc[mentions]]
    if not any(said):
        return {}
    moved, imports = survivors(table), in_force(table.imports)
    change, subject = c.strongest(imports), _subjects(table, c)
    stands = change > 0
    by_hand = np.isin(change, [number for number, one in imports.items() if one.by_hand])
    there = set(subject[stands])
    told = pd.DataFrame({"subject": subject[mentions], "level": said})
    told["rank"] = np.where(stands[mentions], 1 + by_hand[mentions] * change[mentions], 0)
    told = told[(told["rank"] > 0) | ~told["subject"].isin(there)]
    best = told[told["rank"] == told.groupby("subject")["rank"].transform("max")]
    levels = best.groupby("subject")["level"].max()
    found = {str(what): int(level) for what, level in levels[levels > 0].items()}
    return found | {one: found[into] for one, into in moved.items() if into in found}


def _subjects(table: Table, c: Coded) -> np.ndarray:
    """What each statement is about, with one id for each body: the id of a node, or the fact of a tie."""
    moved, rows = survivors(table), table.rows
    facts = rows["fact"]
    if moved:
        joined = unified(table).rows
        facts = rows["id"].map(dict(zip(joined["id"], joined["fact"], strict=True))).fillna(facts)
    node = rows["node"].map(lambda one: moved.get(one, one)) if moved else rows["node"]
    return np.where(c.about, node.to_numpy(object), facts.to_numpy(object))


def _narrowed(table: Table, clearance: int) -> Table:
    hidden = {what for what, who in visibilities(table).items() if VISIBILITIES.index(who) > clearance}
    rows, imports = table.rows, table.imports
    if hidden:
        gone = (
            rows["node"].isin(hidden) | rows["target"].isin(hidden) | np.isin(_subjects(table, coded(table)), [*hidden])
        )
        seen = rows[~gone].reset_index(drop=True)
        imports = _imports(table, seen)
    else:
        seen = rows
    before = seen["value"].tolist()
    values = [_value(value, hidden) for value in before]
    same = not hidden and values == before
    found = Table(seen if same else _said_so(seen, values), tuple(replace(i, note="", digest="") for i in imports))
    if same:  # the same rows need not be turned into numbers again
        found.__dict__["coded"] = coded(table)
    return found


def _said_so(rows: pd.DataFrame, values: list[str]) -> pd.DataFrame:
    """The statements with these values, each with the id of what then stands in it.

    An id is a hash of all that a statement says: that of the whole would confirm a guess of what is left out.
    """
    changed = np.flatnonzero([value != before for value, before in zip(values, rows["value"], strict=True)])
    rows, ids = rows.assign(value=values), rows["id"].tolist()
    for at, content in zip(changed.tolist(), rows[CONTENT].take(changed).itertuples(index=False), strict=True):
        ids[at] = identity(content)
    return rows.assign(id=ids).drop_duplicates("id", ignore_index=True)


def _value(value: str, hidden: set[str]) -> str:
    """The cells of a statement without those that this audience does not see."""
    if not any(f'"{name}"' in value for name in (*NAMES_ANOTHER, *OF_THE_TEAM)):
        return value
    said = json.loads(value)
    kept = {k: v for k, v in said.items() if k not in OF_THE_TEAM and not (k in NAMES_ANOTHER and v in hidden)}
    return value if kept == said else json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _imports(table: Table, seen: pd.DataFrame) -> tuple[Import, ...]:
    """The imports without those that touched hidden things only, and without the undoing of these."""
    touched = {abs(change) for changes in table.rows["changes"] for change in changes}
    gone = touched - {abs(change) for changes in seen["changes"] for change in changes}
    for one in table.imports:
        if one.undoes in gone:
            gone.add(one.number)
    return tuple(one for one in table.imports if one.number not in gone)


class Seen:
    """A store as an audience below the team sees it: statements and ledger, and nothing that writes."""

    def __init__(self, store: Store, audience: str) -> None:
        self._store, self.audience = store, audience
        self._known: tuple[str, str] = "", ""

    def statements(self) -> Table:
        return narrowed(self._store.statements(), self.audience)

    def revision(self, *, within: float = 0.0) -> str | None:
        """What changes whenever what it sees does, and with nothing that is hidden from it; O(n) after a write."""
        now = self._store.revision(within=within)
        if now is not None and now != self._known[0]:
            self._known = now, self._digest()
        return self._known[1] if now is not None else None

    def _digest(self) -> str:
        table, found = self.statements(), blake2b(self.audience.encode(), digest_size=10)
        for column in ("id", "value", "changes"):
            found.update(json.dumps(table.rows[column].tolist()).encode())
        found.update(repr(table.imports).encode())
        for name in LEDGER:
            found.update(repr(self.read(name, **ALL).to_dict("records")).encode())
        return found.hexdigest()

    def read(self, name: str, **parameters: Any) -> pd.DataFrame:
        """The rows of the ledger that it sees. Raises Forbidden for any other reading."""
        rows = LEDGER.get(name)
        if rows is None:
            raise Forbidden("Only the coordination team sees this.")
        who = visibilities(self._store.statements())
        clearance = VISIBILITIES.index(self.audience)
        hidden = {what for what, level in who.items() if VISIBILITIES.index(level) > clearance}
        found = self._store.read(name, **parameters)
        return rows(found, hidden) if len(found) else found

    def __getattr__(self, name: str) -> Any:
        raise Forbidden("Only the coordination team does this.")


def _introductions(rows: pd.DataFrame, hidden: set[str]) -> pd.DataFrame:
    """Without those of hidden bodies, and without a word that somebody wrote: it may name what is hidden."""

    def told(row: pd.Series[Any]) -> bool:
        return hidden.isdisjoint((row["source"], row["target"], *row["through"])) and not any(
            one in str(row["objective"]) for one in hidden
        )

    rows = rows[[told(row) for _, row in rows.iterrows()]].reset_index(drop=True)
    events = [[{**event, "text": ""} for event in these] for these in rows["events"]]
    bare = rows.assign(events=pd.Series(events, dtype=object))
    return bare.assign(**{name: pd.Series([[] for _ in events], dtype=object) for name in ("reasons", "route")})


def _marks(rows: pd.DataFrame, hidden: set[str]) -> pd.DataFrame:
    # A gap is marked too, by a key made of its ids.
    return rows[[hidden.isdisjoint(what.split("|")) for what in rows["body"]]].reset_index(drop=True).assign(text="")


LEDGER: dict[str, Callable[[pd.DataFrame, set[str]], pd.DataFrame]] = {
    "introductions": _introductions,
    "introducer_marks": _marks,
}
"""How each reading of the ledger is narrowed."""
