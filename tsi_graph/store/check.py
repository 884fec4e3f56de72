"""Whether a store is whole: its rows those that were written, its graph what the statements say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from tsi_graph.errors import StoreDamaged, StoreLocked, StoreUnreachable
from tsi_graph.language import filled, number
from tsi_graph.model import labels
from tsi_graph.standing import NODE_COLUMNS, shown
from tsi_graph.statements import ALL, ROW, Table, fact_of
from tsi_graph.store import manifest, snapshot, whole
from tsi_graph.store.backup import Content, read_content
from tsi_graph.store.base import Engine, Row, Transaction, read
from tsi_graph.store.manifest import DATA, LEDGER, RESTORE, State
from tsi_graph.store.projection import DETAILS, columns_of
from tsi_graph.store.whole import DAYS, STATED
from tsi_graph.store.words import SAYS, WHAT

E = TypeVar("E")

SHOWN = 5
"""How many examples a finding names."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: what, how often, how often it should be, and the first cases."""

    code: str
    found: int = 0
    expected: int = 0
    what: str = ""
    where: tuple[str, ...] = ()

    def sentence(self, lang: str) -> str:
        italian, english = WHAT.get(self.what, ("", ""))
        cases = ", ".join(self.where[:SHOWN]) + (" ..." if len(self.where) > SHOWN or self.found > SHOWN else "")
        counts = {"found": number(self.found, lang), "expected": number(self.expected, lang)}
        numbers = {**counts, "what_it": italian, "what_en": english}
        return filled(lang, SAYS[self.code], **numbers, where=cases)


@dataclass(frozen=True)
class Checked:
    """What a check counted and found. kept: whether the store has counts and a hash to compare with.

    under_way: imports that are not done. graph: nodes and ties that the statements make.
    """

    counts: dict[str, int]
    graph: dict[str, int]
    hash: str
    kept: bool
    under_way: int
    findings: tuple[Finding, ...]

    @property
    def whole(self) -> bool:
        return not self.findings


@dataclass(frozen=True)
class _Held:
    """All that is in the store, at one moment."""

    content: Content
    state: State
    counts: dict[str, int]
    gone: str
    nodes: list[Row]
    edges: list[Row]
    dangling: list[Row]


def check(engine: Engine, kept_at: Path | None = None) -> Checked:
    """Read all of a store and compare it with itself. Costs up to three times what reading its statements does."""
    try:
        held = engine.look(lambda tx: manifest.steady(tx, lambda state: _held(tx, state)))
    except StoreLocked:
        raise
    except (StoreUnreachable, StoreDamaged) as fault:
        if not isinstance(fault, StoreDamaged) and fault.exit_code != StoreDamaged.exit_code and not _there(engine):
            raise
        return Checked({}, {}, "", False, 0, (Finding("unreadable", 1, where=(str(fault),)),))
    if held is None:
        return Checked({}, {}, "", False, 0, (Finding("restoring", 1),))
    content, table = held.content, held.content.table
    total = _total(table)
    # What the rest is compared with is what can still be trusted; a value that was altered can often not be shown.
    sound = Table(whole.mended(table.rows[whole.sound(table.rows)]), table.imports)
    nodes, edges = shown(sound)
    findings = [*_counted(held, total), *_stated(table), *_nodes(held, nodes), *_ties(held, edges), *_ledger(content)]
    findings += _snapshot(table, kept_at)
    graph = {"nodes": len(nodes), "ties": len(edges)}
    kept = DATA in held.state.manifests or not table.imports
    under_way = len(held.state.unfinished)
    return Checked(content.counts, graph, manifest.as_text(total), kept, under_way, tuple(findings))


def _total(table: Table) -> int:
    """The hash of what was read, whatever stands in it."""
    changes = [c if isinstance(c, list) else [] for c in table.rows["changes"]]
    return manifest.of_data(table.imports, table.rows["id"], changes)


def _there(engine: Engine) -> bool:
    """Whether the store can be opened at all."""
    try:
        engine.look(lambda tx: tx.run("RETURN 1 AS one", {}))
    except StoreUnreachable:
        return False
    return True


def _held(tx: Transaction, state: State) -> _Held | None:
    """None while its contents are being replaced: there is nothing to compare."""
    if RESTORE in state.manifests:
        return None
    nodes, edges = read(tx, "whole_nodes"), read(tx, "whole_edges")
    dangling = read(tx, "dangling_edges", **ALL)
    gone, _ = manifest.against(tx, state)
    return _Held(read_content(tx, state.unfinished), state, manifest.counts(tx), gone, nodes, edges, dangling)


def _counted(held: _Held, total: int) -> Iterator[Finding]:
    kept, content = held.state.manifests, held.content
    counts = held.counts | {name: n for name, n in content.counts.items() if name in ("imports", "statements")}
    for what, (found, expected) in manifest.lost(kept, counts, held.state.unfinished).items():
        yield Finding("count", found, expected, what)
    if held.gone:
        yield Finding("forgotten", 1, where=(held.gone,))
    if not manifest.hashed(kept.get(DATA), total):
        yield Finding("hash", 1)
    if not manifest.hashed(kept.get(LEDGER), manifest.of_ledger(**content.entries)):
        yield Finding("ledger_hash", 1)


def _stated(table: Table) -> Iterator[Finding]:
    numbers = {one.number for one in table.imports}
    yield from _some("numbers", (str(n) for n in range(1, max(numbers, default=0) + 1) if n not in numbers))
    changed, derived, orphans, described, ends = [], [], [], set(), set()
    named = ("id", "changes", "fact", *DAYS, *STATED)
    columns = (table.rows[name].tolist() for name in named)
    for wrong, i, changes, fact, *rest in zip(whole.changed(table.rows), *columns, strict=True):
        days, said = tuple(rest[: len(DAYS)]), rest[len(DAYS) :]
        node, field, target, key = said[:4]
        if wrong:
            changed.append(f"{i} ({fact})")
            continue
        if fact != fact_of(node, field, target, key) or days != whole.days_of(*said[6:9]):
            derived.append(f"{i} ({fact})")
        if not numbers.issuperset(whole.numbers_of(changes) or [0]):
            orphans.append(i)
        if field == ROW:
            described.add(node)
        else:
            ends |= {node, target} - {""}
    yield from _some("identity", changed)
    yield from _some("derived", derived)
    yield from _some("origin_import", orphans)
    yield from _some("undescribed", sorted(ends - described))


def _nodes(held: _Held, nodes: pd.DataFrame) -> Iterator[Finding]:
    there = {row["id"]: row for row in held.nodes}
    expected = {cells["id"]: cells for cells in _cells(nodes[["kind", *NODE_COLUMNS, "disputed"]])}
    yield from _compared("nodes", there, expected, _same_node, _twice(row["id"] for row in held.nodes))


def _same_node(found: Row, expected: Row) -> bool:
    return set(found["labels"]) == set(labels(expected["kind"])) and _filled(found["properties"]) == expected


def _ties(held: _Held, edges: pd.DataFrame) -> Iterator[Finding]:
    there = {row["fact"]: row for row in held.edges if row["fact"] is not None}
    ends = zip(edges["source"].tolist(), edges["target"].tolist(), strict=True)
    expected = {cells["fact"]: (*end, cells) for end, cells in zip(ends, _cells(edges[list(DETAILS)]), strict=True)}
    yield from _compared("ties", there, expected, _same_tie, _twice(row["fact"] for row in held.edges))
    yield from _some("dangling", (str(row["fact"]) for row in held.dangling))


def _same_tie(found: Row, expected: tuple[str, str, Row]) -> bool:
    source, target, cells = expected
    same = (found["source"], found["target"], found["kind"]) == (source, target, cells["kind"])
    return same and _filled(found["properties"]) == cells


def _compared(
    what: str, there: dict[str, Row], expected: dict[str, E], same: Callable[[Row, E], bool], twice: set[str]
) -> Iterator[Finding]:
    """What is missing, what is too much or there twice, and what says something else."""
    differ = (i for i in expected.keys() & there.keys() if not same(there[i], expected[i]))
    yield from _some(f"{what}_missing", sorted(expected.keys() - there.keys()))
    yield from _some(f"{what}_extra", sorted(map(str, (there.keys() - expected.keys()) | twice)))
    yield from _some(f"{what}_differ", sorted(differ))


def _cells(table: pd.DataFrame) -> Iterator[Row]:
    """The filled cells of each row."""
    names, columns = columns_of(table)
    for row in zip(*columns, strict=True):
        yield {name: cell for name, cell in zip(names, row, strict=True) if cell is not None}


def _ledger(content: Content) -> Iterator[Finding]:
    there = {row["id"] for row in content.introductions}
    told = {row["introduction"] for row in content.events}
    yield from _some("events_alone", (row["id"] for row in content.events if row["introduction"] not in there))
    yield from _some("introductions_alone", sorted(there - told))


def _snapshot(table: Table, kept_at: Path | None) -> Iterator[Finding]:
    found = snapshot.load(kept_at) if kept_at else None
    if found is None or found.imports != table.imports:
        return  # none, or that of before: it is made anew
    same = ("id", "changes")
    if [found.rows[name].tolist() for name in same] != [table.rows[name].tolist() for name in same]:
        yield Finding("snapshot", 1)


def _filled(cells: Row) -> Row:
    return {name: cell for name, cell in cells.items() if cell is not None and not name.startswith("@")}


def _twice(values: Iterable[Any]) -> set[Any]:
    seen: set[Any] = set()
    return {value for value in values if value in seen or seen.add(value)}  # type: ignore[func-returns-value]


def _some(code: str, cases: Iterable[str]) -> Iterator[Finding]:
    if found := tuple(cases):
        yield Finding(code, len(found), where=found[: 2 * SHOWN])
