"""The graph in the store: exactly the statements that win, derived from them and from nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pandas as pd

from tsi_graph.model import NODE_KINDS, labels
from tsi_graph.standing import NODE_COLUMNS, records, shown_edges, shown_nodes, standing
from tsi_graph.statements import COLUMNS, ROW, Import, Table
from tsi_graph.store.base import Row, Transaction, read_each, write

DETAILS = (
    "kind", "weight", "amount", "role", "valid_from", "valid_to", "seen", "origin", "confidence",
    "from_min", "from_max", "to_min", "to_max", "fact", "statement", "disputed",
)  # fmt: skip


def table_of(rows: Iterable[Row], imports: Iterable[Import]) -> Table:
    """Rows of the store as a statement table."""
    return Table(pd.DataFrame(rows, columns=pd.Index([*COLUMNS, "changes"])), tuple(imports))


def project(tx: Transaction, touched: Table, *, brand_new: bool = False) -> None:
    """Bring nodes and ties of the touched facts to what the statements now say.

    `touched` holds all statements on these facts. `brand_new` promises that the store was empty.
    Nodes that come back bring the ties that wait for them.
    """
    now = standing(touched)
    nodes = {row["id"]: _filled(row) for row in records(shown_nodes(now))}
    about = {fact.rpartition("|")[0] for fact in touched.rows.loc[touched.rows["field"] == ROW, "fact"]}
    ends = set(touched.rows.loc[touched.rows["field"] != ROW, ["node", "target"]].to_numpy().ravel())
    there = {} if brand_new else {r["id"]: r["kind"] for r in read_each(tx, "present", "ids", sorted(about | ends))}
    gone = {i for i in about & there.keys() if i not in nodes or labels(nodes[i]["kind"]) != labels(there[i])}
    come = {i for i in nodes if i not in there or i in gone}

    write(tx, "delete_node", ({"id": i} for i in sorted(gone)))
    for kind in NODE_KINDS:
        rows = [nodes[i] for i in sorted(come) if nodes[i]["kind"] == kind]
        write(tx, "create_node", rows, LABELS=":".join(labels(kind)))
    write(tx, "update_node", (nodes[i] for i in sorted(nodes.keys() - come)))

    if not brand_new:
        now = pd.concat([now, standing(_waiting(tx, come, touched))], ignore_index=True)
    shown = shown_edges(now)
    exist = (there.keys() - gone) | come
    far = (set(shown["source"]) | set(shown["target"])) - exist - about
    exist |= {r["id"] for r in read_each(tx, "present", "ids", sorted(far))}
    shown = shown[shown["source"].isin(exist) & shown["target"].isin(exist)]
    if not brand_new:
        _hide(tx, touched, set(shown["fact"]))
    _show(tx, shown, "create_edge" if brand_new else "show_edge")


def _filled(row: Row) -> Row:
    """A node as the store keeps it: every field, nothing where there is no value."""
    return {k: None if pd.isna(row[k]) else row[k] for k in ("kind", *NODE_COLUMNS, "disputed")}


def _waiting(tx: Transaction, come: set[str], touched: Table) -> Table:
    """The statements on ties of nodes that came, other than those already at hand."""
    ids = sorted(come)
    rows = read_each(tx, "statements_from", "ids", ids) + read_each(tx, "statements_towards", "ids", ids)
    at_hand = set(touched.rows["fact"])
    return table_of({r["id"]: r for r in rows if r["fact"] not in at_hand}.values(), touched.imports)


def _hide(tx: Transaction, touched: Table, shown: set[str]) -> None:
    ties = touched.rows[touched.rows["field"] != ROW].drop_duplicates("fact")
    for kind, rows in ties[~ties["fact"].isin(shown)].groupby("field"):
        ends = ({"fact": r.fact, "source": r.node, "target": r.target} for r in rows.itertuples())
        write(tx, "hide_edge", ends, KIND=str(kind))


def _show(tx: Transaction, shown: pd.DataFrame, statement: str) -> None:
    by_kind: dict[str, list[Row]] = defaultdict(list)
    for row in records(shown):
        props = {k: None if pd.isna(row[k]) else row[k] for k in DETAILS}
        by_kind[row["kind"]].append({**{k: row[k] for k in ("fact", "source", "target")}, "props": props})
    for kind, rows in sorted(by_kind.items()):
        write(tx, statement, rows, KIND=kind)
