"""Whether a store is whole: its rows those that were written, its graph what the statements say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from tsi_graph.dates import span
from tsi_graph.errors import StoreLocked, StoreUnreachable
from tsi_graph.model import labels
from tsi_graph.standing import NODE_COLUMNS, shown
from tsi_graph.statements import ROW, Table, identity
from tsi_graph.store import manifest, snapshot
from tsi_graph.store.backup import STATED, Content, read_content
from tsi_graph.store.base import Engine, Row, Transaction, read
from tsi_graph.store.manifest import ALL, DATA, LEDGER, TRIES, Manifests
from tsi_graph.store.projection import DETAILS, rows_of

WHAT = {
    "imports": ("importazioni", "imports"),
    "statements": ("affermazioni", "statements"),
    "nodes": ("nodi", "nodes"),
    "introductions": ("presentazioni", "introductions"),
    "events": ("eventi del registro", "events of the ledger"),
    "marks": ("note sui presentatori", "marks of introducers"),
}
SAYS = {
    "count": ("{found} {what_it} invece di {expected}", "{found} {what_en} instead of {expected}"),
    "hash": (
        "le affermazioni non sono quelle scritte (impronta diversa)",
        "the statements are not those that were written (another hash)",
    ),
    "ledger_hash": (
        "il registro delle presentazioni non è quello scritto (impronta diversa)",
        "the ledger is not what was written (another hash)",
    ),
    "identity": (
        "{found} affermazioni sono cambiate da quando furono scritte: {where}",
        "{found} statements changed since they were written: {where}",
    ),
    "derived": (
        "{found} affermazioni hanno date o fatto che non seguono da ciò che dicono: {where}",
        "{found} statements have days or a fact that do not follow from what they say: {where}",
    ),
    "origin_import": (
        "{found} affermazioni sono di importazioni che non ci sono: {where}",
        "{found} statements are of imports that are not there: {where}",
    ),
    "numbers": ("mancano importazioni: {where}", "imports are missing: {where}"),
    "undescribed": (
        "{found} estremi di legami non sono descritti da alcuna affermazione: {where}",
        "{found} ends of ties are described by no statement: {where}",
    ),
    "nodes_missing": ("{found} nodi mancano nel grafo: {where}", "{found} nodes are missing from the graph: {where}"),
    "nodes_extra": (
        "{found} nodi del grafo non risultano dalle affermazioni: {where}",
        "{found} nodes of the graph do not follow from the statements: {where}",
    ),
    "nodes_differ": (
        "{found} nodi del grafo dicono altro che le affermazioni: {where}",
        "{found} nodes of the graph say something else than the statements: {where}",
    ),
    "ties_missing": ("{found} legami mancano nel grafo: {where}", "{found} ties are missing from the graph: {where}"),
    "ties_extra": (
        "{found} legami del grafo non risultano dalle affermazioni: {where}",
        "{found} ties of the graph do not follow from the statements: {where}",
    ),
    "ties_differ": (
        "{found} legami del grafo dicono altro che le affermazioni: {where}",
        "{found} ties of the graph say something else than the statements: {where}",
    ),
    "dangling": (
        "{found} legami portano a qualcosa che non è nel grafo: {where}",
        "{found} ties lead to something that is not in the graph: {where}",
    ),
    "events_alone": (
        "{found} eventi del registro non hanno la loro presentazione: {where}",
        "{found} events of the ledger lack their introduction: {where}",
    ),
    "introductions_alone": (
        "{found} presentazioni non hanno eventi: {where}",
        "{found} introductions have no events: {where}",
    ),
    "snapshot": (
        "la copia per la lettura accanto alla cartella non è uguale: cancellatela, si rifà da sola",
        "the snapshot beside the folder is not the same: delete it, it is made anew",
    ),
    "unreadable": ("non si riesce a leggere: {where}", "it cannot be read: {where}"),
}
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
        numbers = {"found": self.found, "expected": self.expected, "what_it": italian, "what_en": english}
        return SAYS[self.code][lang != "it"].format(**numbers, where=cases)


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
    manifests: Manifests
    counts: dict[str, int]
    nodes: list[Row]
    edges: list[Row]
    dangling: list[Row]


def check(engine: Engine, kept_at: Path | None = None) -> Checked:
    """Read all of a store and compare it with itself. Costs about what reading the store twice does."""
    try:
        held = engine.look(_held)
    except StoreLocked:
        raise
    except StoreUnreachable as fault:
        if not _there(engine):
            raise
        return Checked({}, {}, "", False, 0, (Finding("unreadable", 1, where=(str(fault),)),))
    content, table = held.content, held.content.table
    nodes, edges = shown(table)
    total = manifest.of_data(table.imports, table.rows["id"], table.rows["changes"])
    findings = [*_counted(held, total), *_stated(table), *_nodes(held, nodes), *_ties(held, edges), *_ledger(content)]
    findings += _snapshot(table, kept_at)
    graph = {"nodes": len(nodes), "ties": len(edges)}
    kept = DATA in held.manifests or not table.imports
    return Checked(
        content.counts, graph, manifest.as_text(total), kept, held.counts.get("unfinished", 0), tuple(findings)
    )


def _there(engine: Engine) -> bool:
    """Whether the store can be opened at all."""
    try:
        engine.look(lambda tx: tx.run("RETURN 1 AS one", {}))
    except StoreUnreachable:
        return False
    return True


def _held(tx: Transaction) -> _Held:
    for _ in range(TRIES):
        content, before = read_content(tx)
        graph = (read(tx, name, **ALL) for name in ("whole_nodes", "whole_edges", "dangling_edges"))
        held = _Held(content, before, manifest.counts(tx), *graph)
        if manifest.kept(tx) == before:
            break
    return held


def _counted(held: _Held, total: int) -> Iterator[Finding]:
    kept, content = held.manifests, held.content
    counts = held.counts | {name: n for name, n in content.counts.items() if name in ("imports", "statements")}
    for what, (found, expected) in manifest.lost(kept, counts).items():
        yield Finding("count", found, expected, what)
    if not manifest.hashed(kept.get(DATA), total):
        yield Finding("hash", 1)
    if not manifest.hashed(kept.get(LEDGER), manifest.of_ledger(**content.entries)):
        yield Finding("ledger_hash", 1)


def _stated(table: Table) -> Iterator[Finding]:
    numbers = {one.number for one in table.imports}
    yield from _some("numbers", (str(n) for n in range(1, max(numbers, default=0) + 1) if n not in numbers))
    changed, derived, orphans, described, ends = [], [], [], set(), set()
    for row in rows_of(table.rows):
        said = [row[name] for name in STATED]
        if identity(said) != row["id"]:
            changed.append(row["id"])
        elif _derived(row) != tuple(row[name] for name in ("fact", "from_min", "from_max", "to_min", "to_max")):
            derived.append(row["id"])
        if not numbers.issuperset(map(abs, row["changes"])):
            orphans.append(row["id"])
        if row["field"] == ROW:
            described.add(row["node"])
        else:
            ends |= {row["node"], row["target"]} - {""}
    yield from _some("identity", changed)
    yield from _some("derived", derived)
    yield from _some("origin_import", orphans)
    yield from _some("undescribed", sorted(ends - described))


def _derived(row: Row) -> tuple[Any, ...]:
    fact = f"{row['node']}|{row['field']}"
    try:
        days = span(row["valid_from"], row["valid_to"], row["seen"])
    except ValueError:
        return ()
    return (f"{fact}|{row['target']}|{row['key']}" if row["target"] else fact, *days)


def _nodes(held: _Held, nodes: pd.DataFrame) -> Iterator[Finding]:
    expected = {row["id"]: row for row in rows_of(nodes[["kind", *NODE_COLUMNS, "disputed"]])}
    there = {row["id"]: row for row in held.nodes}
    alike = (i for i in expected.keys() & there.keys() if not _same_node(there[i], expected[i]))
    twice = _twice(row["id"] for row in held.nodes)
    yield from _some("nodes_missing", sorted(expected.keys() - there.keys()))
    yield from _some("nodes_extra", sorted((there.keys() - expected.keys()) | twice))
    yield from _some("nodes_differ", sorted(alike))


def _same_node(found: Row, expected: Row) -> bool:
    if set(found["labels"]) != set(labels(expected["kind"])):
        return False
    return _filled(found["properties"]) == _filled(expected)


def _ties(held: _Held, edges: pd.DataFrame) -> Iterator[Finding]:
    ends = rows_of(edges[["fact", "source", "target"]])
    expected = {e["fact"]: (e, row) for e, row in zip(ends, rows_of(edges[list(DETAILS)]), strict=True)}
    there = {row["fact"]: row for row in held.edges if row["fact"] is not None}
    differ = [f for f in expected.keys() & there.keys() if not _same_tie(there[f], *expected[f])]
    twice = _twice(row["fact"] for row in held.edges)
    yield from _some("ties_missing", sorted(expected.keys() - there.keys()))
    yield from _some("ties_extra", sorted(map(str, (there.keys() - expected.keys()) | twice)))
    yield from _some("ties_differ", sorted(differ))
    yield from _some("dangling", (str(row["fact"]) for row in held.dangling))


def _same_tie(found: Row, ends: Row, expected: Row) -> bool:
    same = (found["source"], found["target"], found["kind"]) == (ends["source"], ends["target"], expected["kind"])
    return same and _filled(found["properties"]) == _filled(expected)


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
