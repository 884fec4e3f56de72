"""How two views of the same statements differ: who came, what was gained, what is said otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from tsi_graph.graph import DOCUMENTED, Graph, View, graph_of
from tsi_graph.history.views import table_of
from tsi_graph.model import SAME_AS
from tsi_graph.standing import NODE_COLUMNS, cells, records, standing, survivors
from tsi_graph.statements import ROW, Table

if TYPE_CHECKING:
    from tsi_graph.store import Store

BESIDE = ("id", "origin", "confidence", "seen", "contact")
"""What may change without the body being another: who says so, and how surely."""
OF_NODES = ["kind", *(name for name in NODE_COLUMNS if name not in BESIDE)]
OF_EDGES = ["weight", "amount", "role", "valid_from", "valid_to"]
CHANGED = [
    "fact", "node", "relation", "target", "field", "before", "after", "statement_before", "statement_after",
    "origin_before", "origin_after",
]  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """What differs between two views.

    came, left: nodes (id, kind, name, dates, statement, origin). gained, lost: ties (fact, source, kind, target,
    dates, role, amount, statement, origin). changed: a row for each field of a node or a tie of both views
    that is shown otherwise, with both statements; who says it, and how surely, may change unsaid.
    """

    came: pd.DataFrame
    left: pd.DataFrame
    gained: pd.DataFrame
    lost: pd.DataFrame
    changed: pd.DataFrame


def compare(said: Store | Table, before: View = DOCUMENTED, after: View = DOCUMENTED) -> Comparison:
    """How a view differs from another, by date, by moment of knowing, or both."""
    table = table_of(said)
    first, second = graph_of(table, before), graph_of(table, after)
    new, gone = (~one.nodes["id"].isin(other.nodes["id"]) for one, other in ((second, first), (first, second)))
    more, less = (~one.edges["fact"].isin(other.edges["fact"]) for one, other in ((second, first), (first, second)))
    found = _differences(first.nodes.set_index("id"), second.nodes.set_index("id"), OF_NODES)
    asked = {*second.nodes["id"][new], *first.nodes["id"][gone], *(node for node, *_ in found)}
    said_before, said_after = _about(table, before, asked), _about(table, after, asked)
    changed = [
        _change(f"{i}|{ROW}", (i, ROW, ""), name, values, (_source(said_before[i], name), _source(said_after[i], name)))
        for i, name, *values in found
    ]
    return Comparison(
        came=_nodes(second.nodes[new], said_after),
        left=_nodes(first.nodes[gone], said_before),
        gained=_ties(second.edges[more]),
        lost=_ties(first.edges[less]),
        changed=pd.DataFrame([*changed, *_ties_changed(first, second)], columns=CHANGED, dtype=object),
    )


def _about(table: Table, view: View, nodes: set[str]) -> dict[str, list[dict[str, Any]]]:
    """The statements of a view about these nodes, best first."""
    rows, moved = table.rows, survivors(table, view.known_at)
    ids = nodes | {one for one, other in moved.items() if other in nodes}
    mine = rows[(rows["field"] == ROW) & rows["node"].isin(ids) | (rows["field"] == SAME_AS)]
    part = Table(mine.reset_index(drop=True), table.imports)
    now = standing(part, as_of=view.as_of, known_at=view.known_at, sure=view.sure, confidence=view.confidence)
    out: dict[str, list[dict[str, Any]]] = {}
    for s in records(now):
        out.setdefault(s["node"], []).append({**s, "statement": s["id"]})
    return out


def _source(these: list[dict[str, Any]], field: str) -> dict[str, Any]:
    """The statement from which a field of a node is shown; of a blank one the best about the node."""
    return next((s for s in these if field in cells(s)), these[0])


def _nodes(nodes: pd.DataFrame, said: dict[str, list[dict[str, Any]]]) -> pd.DataFrame:
    best = [said[i][0] for i in nodes["id"]]
    shown = nodes[["id", "kind", "name", "valid_from", "valid_to"]].reset_index(drop=True)
    return shown.assign(statement=[s["id"] for s in best], origin=[s["origin"] for s in best])


def _ties(edges: pd.DataFrame) -> pd.DataFrame:
    names = ["fact", "source", "kind", "target", "valid_from", "valid_to", "role", "amount", "statement", "origin"]
    return edges[names].reset_index(drop=True)


def _ties_changed(first: Graph, second: Graph) -> list[dict[str, Any]]:
    left, right = (graph.edges.set_index("fact", drop=False) for graph in (first, second))
    found = _differences(left, right, OF_EDGES)
    facts = {fact for fact, *_ in found}
    one, other = ({e["fact"]: e for e in records(side[side["fact"].isin(facts)])} for side in (left, right))
    return [
        _change(fact, (e["source"], e["kind"], e["target"]), name, values, (e, other[fact]))
        for fact, name, *values in found
        for e in [one[fact]]
    ]


def _change(
    fact: str, ends: tuple[str, str, str], field: str, values: list[Any], sources: tuple[dict[str, Any], dict[str, Any]]
) -> dict[str, Any]:
    said = (fact, *ends, field, *values, *(s["statement"] for s in sources), *(s["origin"] for s in sources))
    return dict(zip(CHANGED, said, strict=True))


def _differences(before: pd.DataFrame, after: pd.DataFrame, fields: list[str]) -> list[tuple[str, str, Any, Any]]:
    """Each cell of rows in both tables that differs; a blank in both is the same."""
    both = before.index[before.index.isin(after.index)]
    out = []
    for place, field in enumerate(fields):
        one, other = (side[field].reindex(both).replace("", None).astype(object) for side in (before, after))
        blank = one.isna() & other.isna()
        for i in ((one != other) & ~blank).to_numpy().nonzero()[0].tolist():
            values = (None if pd.isna(v) else v for v in (one.iloc[i], other.iloc[i]))
            out.append((both[i], place, field, *values))
    out.sort(key=lambda row: row[:2])
    return [(key, field, one, other) for key, _, field, one, other in out]
