"""Where the statements of a view disagree, which is shown, and why that one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from tsi_graph.graph import DOCUMENTED, View
from tsi_graph.history.views import table_of
from tsi_graph.model import EDGE_KINDS
from tsi_graph.standing import absences, cells, meet, records, standing, versions
from tsi_graph.statements import ROW, Table

if TYPE_CHECKING:
    from tsi_graph.store import Store

SAID = "a value stands"
"""Why a value is shown although another source looked and found none."""


def conflicts(said: Store | Table, view: View = DOCUMENTED) -> pd.DataFrame:
    """Where sources disagree on what may be true on one day: a row for each statement that another contradicts.

    Columns: fact, node, target, relation (row, for a field of a node), field, value, wins (what the graph
    shows), why (what decides: not outlived, by hand, later by hand, confidence, later start, later import; `disputed`
    where nothing does), origin, confidence, statement. "There is none" beside a value of another source is
    listed too, with the field `answer`.
    """
    table = table_of(said)
    now = standing(table, as_of=view.as_of, known_at=view.known_at, sure=view.sure, confidence=view.confidence)
    found = versions(now[now["disputed"].map(bool)])
    absent = absences(table, as_of=view.as_of, known_at=view.known_at, confidence=view.confidence)
    nothing = absent[absent["answer"] == "none"].sort_values(["node", "field", "id"])
    denied = [row for none in records(nothing) for row in _denied(none, now)]
    return pd.concat([found, pd.DataFrame(denied, columns=found.columns)], ignore_index=True) if denied else found


def _denied(none: dict[str, Any], now: pd.DataFrame) -> list[dict[str, Any]]:
    """What contradicts that there is none, best first, and then that statement itself."""
    field, node = none["field"], none["node"]
    if field in EDGE_KINDS:
        mine = now["node"] == node
        if EDGE_KINDS[field].mutual:
            mine |= now["target"] == node
        said = records(now[mine & (now["field"] == field)])
    else:
        about = records(now[(now["node"] == node) & (now["field"] == ROW)])
        said = [s for s in about if field in cells(s)]
        said = [s | {"wins": s is said[0]} for s in said]  # of a node each field is shown from the best that fills it
    against = [s for s in said if meet(s, none)]
    if not against:
        return []
    told = [_row(none, s, value=_value(s, node, field), wins=s["wins"]) for s in against]
    return [*told, _row(none, none, value="none", wins=False)]


def _value(s: dict[str, Any], node: str, field: str) -> Any:
    """The cell of a node, or who is at the other end of a tie."""
    if not s["target"]:
        return cells(s)[field]
    return s["target"] if s["node"] == node else s["node"]


def _row(none: dict[str, Any], s: dict[str, Any], *, value: Any, wins: bool) -> dict[str, Any]:
    relation = none["field"] if none["field"] in EDGE_KINDS else ROW
    return {
        "fact": none["fact"], "node": none["node"], "target": "", "relation": relation,
        "field": "answer" if relation != ROW else none["field"], "value": value, "wins": wins, "why": SAID,
        "origin": s["origin"], "confidence": s["confidence"], "statement": s["id"],
    }  # fmt: skip
