"""What is known of each field, what is known not to be there, and what nobody looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tsi_graph.errors import NotFound
from tsi_graph.fields import plain
from tsi_graph.graph import DOCUMENTED, View, graph_of
from tsi_graph.history.views import table_of
from tsi_graph.model import ANSWERS, EDGE_KINDS, NODE_KINDS, NOT_ASKED, RELATIONS, is_a
from tsi_graph.standing import OF_KIND, absences, cells, records, standing
from tsi_graph.statements import ROW, Table

if TYPE_CHECKING:
    from tsi_graph.graph import Graph
    from tsi_graph.store import Store

LEVELS = ("value", *ANSWERS, "unknown")
"""The best that is known of a field; unknown: nobody looked, or nobody wrote it down."""


def coverage(
    said: Store | Table, view: View = DOCUMENTED, kind: str = "Stakeholder", field: str | None = None
) -> pd.DataFrame:
    """How much is known about the nodes of a kind: for each field and relation how many have a value, are known
    to have none, gave no answer, were not asked, or are unknown. With a `field` a row for each node instead.

    A relation counts for the node from which it starts, for a mutual one for both. Raises NotFound.
    """
    kind = {plain(name): name for name in NODE_KINDS}.get(plain(kind), kind)
    field = RELATIONS.get(plain(field), field) if field else field
    if kind not in NODE_KINDS:
        raise NotFound(f"No kind {kind!r}. Known: {', '.join(NODE_KINDS)}.")
    table = table_of(said)
    graph = graph_of(table, view)
    fields = fields_of(kind)
    if field is not None and field not in fields:
        raise NotFound(f"No field or relation {field!r} of a {kind.lower()}. Known: {', '.join(fields)}.")
    absent = absences(table, as_of=view.as_of, known_at=view.known_at, confidence=view.confidence)
    said_of = _said(table, view, [name for name in ([field] if field else fields) if name in OF_KIND])
    ours = graph.kinds_of(kind)
    ids, names = graph.nodes.loc[ours, "id"], graph.nodes.loc[ours, "name"]
    known = {name: _known(graph, absent, name, said_of.get(name))[ours] for name in ([field] if field else fields)}
    if field:
        return pd.DataFrame({"id": ids, "name": names, "field": field, "known": known[field]}).reset_index(drop=True)
    rows = [{"field": name, **{level: int((best == level).sum()) for level in LEVELS}} for name, best in known.items()]
    return pd.DataFrame(rows, columns=pd.Index(["field", *LEVELS]))


def fields_of(kind: str) -> list[str]:
    """What may be asked about nodes of a kind: its fields, and the relations that may start from it."""
    fields = [name for name in NODE_KINDS[kind].model_fields if name not in NOT_ASKED and name != "contact"]
    starts = [name for name, edge in EDGE_KINDS.items() if any(is_a(kind, base.__name__) for base in edge.sources)]
    return fields + starts


def _said(table: Table, view: View, fields: list[str]) -> dict[str, set[str]]:
    """The nodes for which a source gives these fields: what follows from the kind of a node is not said."""
    if not fields:
        return {}
    now = standing(table, as_of=view.as_of, known_at=view.known_at, sure=view.sure, confidence=view.confidence)
    told = [(s["node"], cells(s)) for s in records(now[now["field"] == ROW])]
    return {name: {node for node, said in told if name in said} for name in fields}


def _known(graph: Graph, absent: pd.DataFrame, field: str, said: set[str] | None) -> np.ndarray:
    """The best that is known of a field, in node order."""
    best = np.full(len(graph), "unknown", object)
    for answer in reversed(ANSWERS):  # the strongest last
        best[graph.nodes["id"].isin(absent["node"][(absent["field"] == field) & (absent["answer"] == answer)])] = answer
    if field in EDGE_KINDS:
        ties = (graph.edges["kind"] == field).to_numpy(bool)
        source, target = graph.ends
        best[source[ties]] = "value"
        if EDGE_KINDS[field].mutual:
            best[target[ties]] = "value"
    elif said is not None:
        best[graph.nodes["id"].isin(said)] = "value"
    else:
        column = graph.nodes[field]
        best[(column.notna() & (column.astype(str) != "")).to_numpy(bool)] = "value"
    return best
