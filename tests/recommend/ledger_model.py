"""What the ledger must answer, in plain Python and slow; and a store in memory, to try thousands of histories."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tsi_graph.store import Store, queries
from tsi_graph.store.base import Row, T, Transaction
from tsi_graph.store.manifest import LABELS

AFTER = {
    None: {"proposed"},
    "proposed": {"accepted", "declined", "snoozed"},
    "reopened": {"accepted", "declined", "snoozed"},
    "snoozed": {"accepted", "declined", "snoozed", "reopened"},
    "accepted": {"introducer_agreed", "both_agreed", "made", "declined", "snoozed"},
    "introducer_agreed": {"both_agreed", "made", "declined", "snoozed"},
    "both_agreed": {"made", "declined", "snoozed"},
    "declined": {"reopened"},
    "made": {"met", "declined", "outcome"},
    "met": {"outcome"},
    "outcome": {"outcome"},
}


@dataclass
class Happened:
    kind: str
    outcome: str = ""
    undoes: int = 0


@dataclass
class History:
    """The events of one introduction, by number from 1."""

    events: list[Happened] = field(default_factory=list)

    def counts(self, number: int) -> bool:
        later = range(number + 1, len(self.events) + 1)
        return not any(self.events[n - 1].undoes == number and self.counts(n) for n in later)

    def moves(self) -> list[Happened]:
        told = enumerate(self.events, 1)
        return [e for n, e in told if e.kind not in ("note", "taken_back") and self.counts(n)]

    @property
    def reopened(self) -> bool:
        moves = self.moves()
        return bool(moves) and moves[-1].kind == "reopened"

    @property
    def acquainted(self) -> bool:
        return any(move.kind in ("made", "met") for move in self.moves())

    @property
    def state(self) -> str:
        moves = self.moves()
        last = moves[-1].kind if moves else "withdrawn"
        return {"reopened": "proposed", "introducer_agreed": "accepted", "both_agreed": "accepted"}.get(last, last)

    @property
    def agreed(self) -> list[str]:
        """Who said yes, as long as nothing else came since."""
        found: list[str] = []
        for move in reversed(self.moves()):
            if not move.kind.endswith("_agreed"):
                break
            found.insert(0, move.kind)
        return found

    def legal(self) -> bool:
        last = None
        for move in self.moves():
            unmet = last == "made" and move.kind == "outcome" and move.outcome != "nothing"
            if move.kind not in AFTER[last] or unmet:
                return False
            last = move.kind
        return True

    def takes(self, event: Happened) -> bool:
        """Whether the event may come next; if so it is there."""
        there = 1 <= event.undoes <= len(self.events) and self.counts(event.undoes)
        if (event.kind == "taken_back") != there or (event.kind == "note" and self.state == "withdrawn"):
            return False
        self.events.append(event)
        if self.legal():
            return True
        self.events.pop()
        return False


class Memory:
    """An engine that knows the ledger's texts and nothing else; a fault leaves everything as it was."""

    def __init__(self, kinds: dict[str, str]) -> None:
        self.kinds = kinds
        self.introductions: dict[str, Row] = {}
        self.events: dict[str, Row] = {}
        self.marks: dict[str, Row] = {}
        known = ("read/introductions", "read/introductions_of_pair", "read/introduction_pair", "read/present")
        known += (
            "read/introduction_event",
            "read/introducer_marks",
            "read/introducer_marks_of",
            "read/revision",
            "write/introduction",
        )
        known += ("write/introduction_event", "write/hold_introductions", "write/introducer_mark")
        known += ("read/manifest", "read/unfinished", "write/manifest", "write/hold_manifest")
        known += ("read/ledger_introductions", "read/ledger_events", "read/ledger_marks")
        self._counts = {queries.text("read/count", LABELS=label) for label in LABELS.values()}
        self._names = {queries.text(name): name.replace("/", "_") for name in known}

    def transact(self, work: Callable[[Transaction], T]) -> T:
        before = copy.deepcopy((self.introductions, self.events, self.marks))
        try:
            return work(self)
        except BaseException:
            self.introductions, self.events, self.marks = before
            raise

    def query(self, text: str, parameters: Row, *, seconds: float | None = None) -> Iterator[Row]:
        yield from self.run(text, parameters)

    def close(self) -> None: ...

    def run(self, text: str, parameters: Row) -> list[Row]:
        if text in self._counts:
            return [{"found": 0}]
        found: list[Row] = copy.deepcopy(getattr(self, self._names[text])(**parameters))
        return found

    def read_introductions(self, **_: Any) -> list[Row]:
        rows = []
        for one in self.introductions.values():
            of_it = [e["props"] for e in self.events.values() if e["introduction"] == one["id"]]
            events = [{k: v for k, v in props.items() if k != "request"} for props in of_it]
            rows.append({**{k: v for k, v in one.items() if k != "pair"}, "events": events[::-1]})
        return sorted(rows, key=lambda row: row["id"])

    def read_introductions_of_pair(self, pair: str) -> list[Row]:
        rows = [row for row in self.read_introductions() if self.introductions[row["id"]]["pair"] == pair]
        return sorted(rows, key=lambda row: row["nth"])

    def read_introduction_pair(self, id: str) -> list[Row]:  # noqa: A002
        return [{"pair": self.introductions[id]["pair"]}] if id in self.introductions else []

    def read_introduction_event(self, id: str) -> list[Row]:  # noqa: A002
        if id not in self.events:
            return []
        found = self.events[id]
        return [{"introduction": found["introduction"], **{k: found["props"][k] for k in ("kind", "day", "request")}}]

    def read_present(self, ids: list[str]) -> list[Row]:
        return [{"id": i, "kind": self.kinds[i]} for i in ids if i in self.kinds]

    def read_introducer_marks(self, **_: Any) -> list[Row]:
        rows = [{k: v for k, v in mark.items() if k != "id"} for mark in self.marks.values()]
        return sorted(rows, key=lambda row: (row["body"], row["number"]))

    def read_introducer_marks_of(self, body: str) -> list[Row]:
        return [mark for mark in self.read_introducer_marks() if mark["body"] == body]

    def read_revision(self) -> list[Row]:
        return [{"number": 3}]

    def write_introduction(self, rows: list[Row]) -> list[Row]:
        assert not self.introductions.keys() & {row["id"] for row in rows}
        self.introductions |= {row["id"]: row for row in rows}
        return []

    def write_introduction_event(self, rows: list[Row]) -> list[Row]:
        assert not self.events.keys() & {row["props"]["id"] for row in rows}
        assert {row["introduction"] for row in rows} <= self.introductions.keys()
        self.events |= {row["props"]["id"]: row for row in rows}
        return []

    def nothing(self, **_: Any) -> list[Row]:
        """The manifest is the store's affair."""
        return []

    read_manifest = read_unfinished = write_manifest = write_hold_manifest = nothing
    read_ledger_introductions = read_ledger_events = read_ledger_marks = nothing

    def write_hold_introductions(self, rows: list[Row]) -> list[Row]:
        return []

    def write_introducer_mark(self, rows: list[Row]) -> list[Row]:
        assert not self.marks.keys() & {row["id"] for row in rows}
        self.marks |= {row["id"]: row for row in rows}
        return []


def in_memory(**kinds: str) -> Store:
    """An empty ledger over bodies of these kinds."""
    return Store(Memory(kinds))
