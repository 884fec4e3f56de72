"""Whether the ledger of a backup is one that ours could be; the store, which restores it, does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tsi_graph.errors import Refused
from tsi_graph.recommend.ledger.reading import as_introduction
from tsi_graph.recommend.ledger.record import KINDS, broken, course, identity

if TYPE_CHECKING:
    from tsi_graph.store.backup import Content


def ledger_is_sound(content: Content) -> None:
    """Raises Refused for a ledger whose events do not follow from each other."""
    events: dict[str, list[dict[str, Any]]] = {row["id"]: [] for row in content.introductions}
    for row in content.events:
        events[row["introduction"]].append({k: v for k, v in row.items() if k not in ("introduction", "request")})
    for row in content.introductions:
        one = as_introduction({**{k: v for k, v in row.items() if k != "pair"}, "events": events[row["id"]]})
        sound = one.events and {event.kind for event in one.events} <= set(KINDS) and broken(course(one.events)) is None
        named = row["pair"] == "|".join(one.pair) and one.id == identity(*one.pair, one.nth)
        if not sound or not named or [e.number for e in one.events] != list(range(1, len(one.events) + 1)):
            raise Refused(f"Introduction {one.id[:40]!r} in this file is none that the ledger could hold.")
