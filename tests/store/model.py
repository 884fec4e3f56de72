"""The reference: what a store must answer, in plain Python, straight from the rules and slow.

It keeps the whole history and replays it for every question; it shares no code with the product but
the records, the id of a statement and the days of a partial date.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tsi_graph.dates import days
from tsi_graph.statements import Statement


@dataclass
class Moment:
    number: int
    at: datetime
    dataset: str
    by_hand: bool = False
    undoes: int = 0
    complete: bool = False
    said: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)


@dataclass
class Reference:
    moments: list[Moment] = field(default_factory=list)
    statements: dict[str, Statement] = field(default_factory=dict)

    def counting(self, known_at: datetime | None = None) -> list[Moment]:
        """The imports that count then, oldest first."""
        there = [m for m in self.moments if known_at is None or m.at <= known_at]
        counts: dict[int, bool] = {}
        for m in reversed(there):
            counts[m.number] = not any(o.undoes == m.number and counts[o.number] for o in there if o.number > m.number)
        return [m for m in there if counts[m.number]]

    def says(self, dataset: str, known_at: datetime | None = None) -> dict[str, Moment]:
        """What a dataset says, by replaying its files that count, each with the last that said it."""
        now: dict[str, Moment] = {}
        for m in self.counting(known_at):
            if m.dataset != dataset or m.by_hand:
                continue
            about = {self.statements[i].fact for i in m.said}
            now = {} if m.complete else {i: o for i, o in now.items() if self.statements[i].fact not in about}
            now |= dict.fromkeys(m.said, m)
        return now

    def deliver(self, at: datetime, dataset: str, new: list[Statement], complete: bool) -> None:
        ids = {s.id for s in new}
        last = [m for m in self.counting() if m.dataset == dataset and not m.by_hand][-1:]
        if not ids or (last and last[0].said == ids and last[0].complete == complete):
            return
        self._add(at, dataset, said=ids, complete=complete, statements=new)

    def correct(self, at: datetime, withdraw: set[str], new: list[Statement]) -> None:
        ids = {s.id for s in new}
        self._add(at, "by hand", by_hand=True, said=ids, withdrawn=withdraw - ids, statements=new)

    def undo(self, at: datetime, number: int) -> None:
        self._add(at, "", by_hand=True, undoes=number)

    def _add(self, at: datetime, dataset: str, *, statements: list[Statement] = [], **what: object) -> Moment:  # noqa: B006
        at = max([at, *(m.at + timedelta(microseconds=1) for m in self.moments)])
        self.statements |= {s.id: s for s in statements}
        self.moments.append(Moment(len(self.moments) + 1, at, dataset, **what))  # type: ignore[arg-type]
        return self.moments[-1]

    def known(self, known_at: datetime | None) -> dict[str, Moment]:
        """The statements known then, each with the import that decided."""
        out: dict[str, Moment] = {}
        for dataset in {m.dataset for m in self.moments if not m.by_hand}:
            for i, m in self.says(dataset, known_at).items():
                out[i] = max(m, out.get(i, m), key=lambda moment: moment.number)
        for m in self.counting(known_at):
            if m.by_hand:
                out |= dict.fromkeys(m.said, m)
                out = {i: o for i, o in out.items() if i not in m.withdrawn}
        return out

    def view(
        self, as_of: str | None, known_at: datetime | None, sure: bool, confidence: int
    ) -> tuple[dict[str, dict[str, object]], dict[str, str]]:
        """Nodes with their cells by id, and the winning statement of each tie by fact."""
        known = {i: (self.statements[i], decisive) for i, decisive in self.known(known_at).items()}
        ranked: dict[str, list[tuple[Statement, Moment]]] = {}
        for s, decisive in known.values():
            lives = _life(s, [pair for pair in known.values() if pair[0].fact == s.fact])
            if s.confidence >= confidence and (as_of is None or _holds(s, lives, as_of, sure)):
                ranked.setdefault(s.fact, []).append((s, decisive))
        nodes: dict[str, dict[str, object]] = {}
        ties: dict[str, str] = {}
        for fact, these in sorted(ranked.items()):
            node = fact.endswith("|row")
            if node and not any("name" in json.loads(s.value) for s, _ in these):
                continue  # cells alone
            latest = max(s.from_min for s, _ in these)
            these.sort(key=lambda p: p[0].id)
            these.sort(key=lambda p: p[1].number, reverse=True)
            if not node:
                these.sort(key=lambda p: p[0].from_min, reverse=True)
            these.sort(key=lambda p: p[0].confidence, reverse=True)
            these.sort(key=lambda p: p[1].number if p[1].by_hand else 0, reverse=True)
            these.sort(key=lambda p: p[1].by_hand, reverse=True)
            these.sort(key=lambda p: (p[0].to_max if node else p[0].from_max) < latest)
            if fact.endswith("|row"):
                cells: dict[str, object] = {}
                for s, _ in reversed(these):
                    cells |= json.loads(s.value) | {
                        d: getattr(s, d) for d in ("valid_from", "valid_to") if getattr(s, d)
                    }
                nodes[these[0][0].node] = cells
            else:
                ties[fact] = these[0][0].id
        ends = {f: f.split("|") for f in ties}
        return nodes, {f: i for f, i in ties.items() if ends[f][0] in nodes and ends[f][2] in nodes}


def _life(s: Statement, beside: list[tuple[Statement, Moment]]) -> tuple[int, int]:
    """The days on which it may be true: of a node those that a person gave last, if one did."""
    first, last = s.from_min, s.to_max
    if s.field == "row":
        by_hand = sorted((m.number, o) for o, m in beside if m.by_hand)
        first = next((o.from_min for _, o in reversed(by_hand) if o.valid_from), first)
        last = next((o.to_max for _, o in reversed(by_hand) if o.valid_to), last)
    return first, last


def _holds(s: Statement, lives: tuple[int, int], on: str, sure: bool) -> bool:
    low, high = days(on)
    possible = lives[0] <= high and low <= lives[1]
    certain = s.field == "row" or (s.from_max <= low and high <= s.to_min)
    return possible and certain if sure else possible
