"""Where what is known comes from: each source with its age and confidence, what nobody verified, and confirming it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pandas as pd

from tsi_graph.batch import Batch
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.fields import LEVELS
from tsi_graph.history.corrections import _made as made
from tsi_graph.history.views import once, table_of
from tsi_graph.model import EDGE_KINDS, NODE_KINDS, saying
from tsi_graph.standing import cells, in_force, records, shown, standing
from tsi_graph.statements import DATES, ROW, Table

if TYPE_CHECKING:
    from tsi_graph.store import Store

OLD = 90
"""Days after which data are worth renewing before anything is decided on them."""


def sources(said: Store | Table, by: str = "origin", today: date | None = None) -> pd.DataFrame:
    """Each source of what stands, one row each, those first that say most.

    Columns: source (blank where none is given), statements, bodies, ties, high, medium, low (how many of these
    confidences), imported (the last day on which an import brought it), seen (the last day on which somebody looked),
    age (days since the later of both). by: `origin`, or `site` for all pages of one web site together. All but the
    age is kept with the table.
    """
    if by not in ("origin", "site"):
        raise Unusable(f"Sources are told by origin or by site, not by {by!r}.")
    table = table_of(said)
    found = once(table, f"sources by {by}", lambda: _sources(table, by)).copy()
    day = today or date.today()
    newest = found[["imported", "seen"]].max(axis=1) if len(found) else pd.Series(dtype=object)
    found["age"] = [(day - _first_day(text)).days if text else None for text in newest]
    return found


def _sources(table: Table, by: str) -> pd.DataFrame:
    now = standing(table, confidence=1)
    at = {number: one.at.date().isoformat() for number, one in in_force(table.imports).items()}
    names = now["origin"].map(site) if by == "site" else now["origin"]
    imported = [max((at[c] for c in changes if c in at), default="") for changes in now["changes"]]
    told = pd.DataFrame(
        {
            "source": names, "ties": (now["target"] != "").astype(int), "bodies": (now["field"] == ROW).astype(int),
            **{word: (now["confidence"] == level).astype(int) for level, word in LEVELS.items()},
            "imported": imported, "seen": now["seen"].where(now["seen"] != "..", ""),
        }
    )  # fmt: skip
    grouped = told.groupby("source")
    found = grouped[["bodies", "ties", "high", "medium", "low"]].sum()
    found.insert(0, "statements", grouped.size())
    found = found.join(grouped[["imported", "seen"]].max()).reset_index()
    return found.sort_values(["statements", "source"], ascending=[False, True], kind="stable", ignore_index=True)


def site(origin: str) -> str:
    """The web site of a source; what is no web address stands as it is.

    >>> site("https://www.vita.it/?p=1"), site("Statuto 2019")
    ('vita.it', 'Statuto 2019')
    """
    try:
        parts = urlsplit(origin)
    except ValueError:
        return origin
    return parts.netloc.removeprefix("www.") if parts.scheme in ("http", "https") and parts.netloc else origin


def _first_day(text: str) -> date:
    year, month, day = (*map(int, text.split("-")), 1, 1)[:3]
    return date(year, month, day)


def age(said: Store | Table, today: date | None = None) -> int | None:
    """Days since the last import that counts; None for an empty store. More than `OLD` is worth a word."""
    last = max((one.at for one in in_force(table_of(said).imports).values()), default=None)
    return ((today or date.today()) - last.date()).days if last else None


def declared(said: Store | Table) -> dict[str, str]:
    """How many members each network says it has, in its own words: what was seen last, of that the largest number."""
    table = table_of(said)
    return once(table, "declared", lambda: _declared(table)).copy()


def _declared(table: Table) -> dict[str, str]:
    now = standing(table, confidence=2)
    found: dict[str, tuple[str, int, str]] = {}
    for s in records(now[now["field"] == ROW]):
        text = str(cells(s).get("members_stated", ""))
        digits = "".join(c for c in text if c.isdigit())
        if text:
            found[s["node"]] = max(found.get(s["node"], ("", -1, "")), (s["seen"], int(digits or 0), text))
    return {node: text for node, (_, _, text) in found.items()}


def unverified(said: Store | Table) -> pd.DataFrame:
    """What is said and nobody verified: facts whose best statement has low confidence, one row each.

    Columns: statement (its id), node, name, relation (`row` for a body), target, target_name, origin, role.
    """
    table = table_of(said)
    return once(table, "unverified", lambda: _unverified(table)).copy()


def _unverified(table: Table) -> pd.DataFrame:
    now = standing(table, confidence=1)
    low = now[now["wins"] & (now["confidence"] == 1)]
    nodes, _ = shown(table, confidence=1)
    names = dict(zip(nodes["id"], nodes["name"], strict=True))
    rows = [
        {
            "statement": s["id"], "node": s["node"], "name": names.get(s["node"], s["node"]), "relation": s["field"],
            "target": s["target"], "target_name": names.get(s["target"], s["target"]), "origin": s["origin"],
            "role": cells(s).get("role"),
        }
        for s in records(low.sort_values(["field", "target", "node", "id"], kind="stable"))
    ]  # fmt: skip
    columns = ["statement", "node", "name", "relation", "target", "target_name", "origin", "role"]
    return pd.DataFrame(rows, columns=pd.Index(columns))


def confirm(store: Store, statement: str, origin: str = "", note: str = "") -> int:
    """A person vouches for what a statement says: the same is said by hand, with high confidence and a source.

    origin: the page or document that says so; that of the statement, unless given. Returns the number of the import.
    Raises NotFound for a statement that does not stand, Unusable without any source.
    """
    table = table_of(store)
    now = standing(table, confidence=1)
    these = records(now[now["id"] == statement])
    if not these:
        raise NotFound(
            f"No statement with the id {statement!r} stands here.", "Questa affermazione non è più fra i dati."
        )
    [s] = these
    source = origin.strip() or s["origin"]
    if not source:
        raise Unusable(
            "A fact is confirmed with a source: the page or document that says so.",
            "Si conferma con una fonte: la pagina o il documento che lo dice.",
        )
    beside = {name: s[name] for name in (*DATES, "seen") if s[name]} | {"origin": source, "confidence": 3}
    said = cells(s)
    if s["field"] == ROW:
        kind = NODE_KINDS[said["kind"]]
        nodes, _ = shown(table, confidence=1)
        name = said.get("name") or str(nodes["name"][nodes["id"] == s["node"]].iloc[0])
        filled = {key: value for key, value in said.items() if key != "kind"} | beside | {"id": s["node"]}
        batch = Batch(nodes=[saying(made(kind, {"name": name, **filled}), set(filled))])
    elif s["field"] in EDGE_KINDS and s["target"]:
        key = s["key"].partition("@")[0]
        given: dict[str, Any] = {"source": s["node"], "target": s["target"], "key": key, **said, **beside}
        batch = Batch(edges=[made(EDGE_KINDS[s["field"]], {k: v for k, v in given.items() if v not in ("", None)})])
    else:
        raise Unusable(
            "Only bodies and ties are confirmed; what is known not to be there is corrected.",
            "Si confermano organizzazioni e legami; quello che si sa che non c'è si corregge.",
        )
    return store.correct((), batch, note).number
