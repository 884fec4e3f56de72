"""How two views of the same statements differ: who came, what was gained, what is said otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tsi_graph.graph import DOCUMENTED, View, graph_of
from tsi_graph.history.views import table_of
from tsi_graph.standing import NODE_COLUMNS, cells, records, standing, touching
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
    """How a view differs from another, by date, by moment of knowing, or both. O(n), some graphs' worth of time."""
    table = table_of(said)
    first, second = graph_of(table, before), graph_of(table, after)
    nodes = _paired(first.nodes["id"], second.nodes["id"])
    ties = _paired(first.edges["fact"], second.edges["fact"])
    new, gone = second.nodes.take(nodes.new), first.nodes.take(nodes.gone)
    found = _differences(first.nodes, second.nodes, "id", OF_NODES, nodes)
    asked = {*new["id"], *gone["id"], *(node for node, *_ in found)}
    said_before, said_after = _about(table, before, asked), _about(table, after, asked)
    changed = [
        _change(f"{i}|{ROW}", (i, ROW, ""), name, values, (_source(said_before[i], name), _source(said_after[i], name)))
        for i, name, *values in found
    ]
    return Comparison(
        came=_nodes(new, said_after),
        left=_nodes(gone, said_before),
        gained=_ties(second.edges.take(ties.new)),
        lost=_ties(first.edges.take(ties.gone)),
        changed=pd.DataFrame(
            [*changed, *_ties_changed(first.edges, second.edges, ties)], columns=CHANGED, dtype=object
        ),
    )


@dataclass(frozen=True)
class _Paired:
    """Rows of two tables by a key: pairs that are in both, those only in the first, those only in the second."""

    before: np.ndarray
    after: np.ndarray
    gone: np.ndarray
    new: np.ndarray


def _paired(one: pd.Series, other: pd.Series) -> _Paired:
    at = pd.Index(one.to_numpy(object)).get_indexer(pd.Index(other.to_numpy(object)))
    gone = np.ones(len(one), bool)
    gone[at[at >= 0]] = False
    after = np.flatnonzero(at >= 0)
    return _Paired(at[after], after, np.flatnonzero(gone), np.flatnonzero(at < 0))


def _about(table: Table, view: View, nodes: set[str]) -> dict[str, list[dict[str, Any]]]:
    """The statements of a view about these nodes, best first."""
    part = touching(table, nodes, view.known_at, ties=False)
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


def _ties_changed(first: pd.DataFrame, second: pd.DataFrame, ties: _Paired) -> list[dict[str, Any]]:
    said = (side["statement"].to_numpy(object) for side in (first, second))
    other = np.flatnonzero(np.not_equal(*(s[at] for s, at in zip(said, (ties.before, ties.after), strict=True))))
    ties = replace(ties, before=ties.before[other], after=ties.after[other])  # the same statement says the same
    found = _differences(first, second, "fact", OF_EDGES, ties)
    one, two = (
        {e["fact"]: e for e in records(side.take(at))} for side, at in ((first, ties.before), (second, ties.after))
    )
    return [
        _change(fact, (e["source"], e["kind"], e["target"]), name, values, (e, two[fact]))
        for fact, name, *values in found
        for e in [one[fact]]
    ]


def _change(
    fact: str, ends: tuple[str, str, str], field: str, values: list[Any], sources: tuple[dict[str, Any], dict[str, Any]]
) -> dict[str, Any]:
    said = (fact, *ends, field, *values, *(s["statement"] for s in sources), *(s["origin"] for s in sources))
    return dict(zip(CHANGED, said, strict=True))


def _differences(
    before: pd.DataFrame, after: pd.DataFrame, key: str, fields: list[str], pairs: _Paired
) -> list[tuple[str, str, Any, Any]]:
    """Each cell of rows in both tables that differs; a blank in both is the same."""
    keys = before[key].to_numpy(object)[pairs.before]
    out = []
    for place, field in enumerate(fields):
        one, other = (side[field].to_numpy(object)[at] for side, at in ((before, pairs.before), (after, pairs.after)))
        blank = [(side == "") | pd.isna(side) for side in (one, other)]
        for i in np.flatnonzero((one != other) & ~(blank[0] & blank[1])).tolist():
            values = (None if none[i] else side[i] for side, none in zip((one, other), blank, strict=True))
            out.append((keys[i], place, field, *values))
    out.sort(key=lambda row: row[:2])
    return [(key, field, one, other) for key, _, field, one, other in out]
