"""One import: what a delivery says, what it withdraws, and what the graph becomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import cache, cached_property
from hashlib import blake2b
from typing import Generic, TypeVar

import pandas as pd

from tsi_graph.batch import Batch, Problem
from tsi_graph.errors import Conflict, DataInvalid, NotFound, Unusable
from tsi_graph.model import EDGE_KINDS, SAME_AS, Answer, Edge, Node, Record, is_a, labels
from tsi_graph.standing import coded, in_force, shown
from tsi_graph.statements import (
    ALL,
    ROW,
    Import,
    Statement,
    Table,
    fact_of,
    import_of,
    problem,
    row_of_import,
    said_all,
)
from tsi_graph.store import manifest
from tsi_graph.store.base import Row, Transaction, batches, read, read_each, write
from tsi_graph.store.projection import STEP, Known, Progress, Tabled, project, rows_of, rows_said, table_of

R = TypeVar("R")


@dataclass(frozen=True)
class Counts:
    """What an import did. `number` is 0 where there was nothing to do.

    new: statements made for the first time, or again after they had been withdrawn. unchanged: those
    that stood already. withdrawn: those this dataset no longer says. problems: rows that were left out.
    """

    number: int
    new: int
    unchanged: int
    withdrawn: int
    problems: tuple[Problem, ...] = field(default=())


@dataclass(frozen=True)
class Delivery:
    """What a caller wants written, and how."""

    batch: Batch
    dataset: str
    complete: bool = False
    partial: bool = False
    note: str = ""
    by_hand: bool = False
    withdraw: frozenset[str] = frozenset()

    @cached_property
    def said(self) -> tuple[list[tuple[Statement, Record]], list[Problem]]:
        """Its statements and problems, worked out once however often its writing is tried."""
        return said_all(self.batch)


@dataclass(frozen=True)
class Outcome(Generic[R]):
    """What a piece of writing answers, and what it left in the store: the imports, and the statements it touched.

    No imports where nothing was written.
    """

    answer: R
    imports: tuple[Import, ...] = ()
    touched: pd.DataFrame | None = None


@dataclass(frozen=True)
class Plan:
    """What an import will do: statements made for the first time, those whose list grows, and what then stands."""

    this: Import
    say: pd.DataFrame
    change: dict[str, int]
    table: Table
    counts: Counts

    @property
    def brand_new(self) -> bool:
        return len(self.table.imports) == 1

    @property
    def rows(self) -> int:
        """About how many rows it writes: statements, and then nodes and ties."""
        return len(self.say) + len(self.change) + len(self.table.rows)

    @property
    def outcome(self) -> Outcome[Counts]:
        return Outcome(self.counts, self.table.imports, self.table.rows)


@dataclass(frozen=True)
class Reversal:
    """An import that takes another back, and all that is said on the facts which that one touched."""

    this: Import
    table: Table

    @property
    def outcome(self) -> Outcome[Import]:
        return Outcome(self.this, self.table.imports, self.table.rows)


class Unfinished(Exception):
    """An import is under way, or its writer died: see to that first."""


def read_imports(tx: Transaction) -> list[Import]:
    """The imports that are done, in order. Raises Unfinished if there are others, StoreDamaged if rows are lost."""
    if read(tx, "unfinished"):
        raise Unfinished
    manifest.compare(tx)
    return done_imports(tx)


def done_imports(tx: Transaction) -> list[Import]:
    return [import_of(row) for row in read(tx, "imports", **ALL) if row["done"]]


def write_delivery(delivery: Delivery, clock: datetime, known: Known, progress: Progress) -> Outcome[Counts]:
    """Say a delivery, in this transaction. Nothing is written if the dataset's last import said exactly the same."""
    plan = plan_delivery(delivery, clock, known)
    if isinstance(plan, Outcome):
        return plan
    tx = known.tx
    write(tx, "import", [row_of_import(plan.this)])
    for rows in batches(rows_of(plan.say), STEP):
        tx.create(("Statement",), rows)
        progress(len(rows))
    write(tx, "change", ({"id": i, "change": n} for i, n in plan.change.items()))
    progress(len(plan.change))
    project(plan.table, known, brand_new=plan.brand_new, progress=progress)
    manifest.renew(tx, plan.table)
    return plan.outcome


def plan_delivery(delivery: Delivery, clock: datetime, known: Known) -> Plan | Outcome[Counts]:
    """What a delivery does to what is said; an outcome at once if that is nothing.

    A dataset that says something else about a fact than before withdraws what it said; one that is
    `complete` withdraws besides what it no longer says. Rows with problems refuse the whole, unless
    `partial`: then they are left out and counted.
    """
    return _planned(delivery, clock, known, read_imports(known.tx))


def plan_on(table: Table, delivery: Delivery) -> Plan | Outcome[Counts]:
    """What a delivery would do to a store that holds this table; nothing is asked of the store, nothing written."""
    return _planned(delivery, now(), Tabled(table), table.imports)


def _planned(delivery: Delivery, clock: datetime, known: Known, imports: Sequence[Import]) -> Plan | Outcome[Counts]:
    statements, problems = delivery.said
    problems = [*delivery.batch.problems, *problems]
    mine = [i for i in imports if i.dataset == delivery.dataset and not i.undoes and not i.by_hand]
    force = in_force(imports)
    latest = next((i for i in reversed(mine) if i.number in force), None)
    if not problems and not delivery.by_hand and latest and latest.digest == _digest(delivery, statements):
        return Outcome(Counts(0, 0, len(statements), 0))

    facts = {s.fact for s, _ in statements} | _ends(statements) if imports else set()
    earlier = _earlier(known, facts, imports)
    statements, misfits = _fitting(statements, _kinds(earlier.values(), imports))
    problems += misfits
    if problems and delivery.by_hand:
        told = [replace(one, file=one.file or "correction") for one in problems]
        raise DataInvalid(f"Nothing was corrected: {'; '.join(one.message for one in told)}.", tuple(told))
    if problems and not delivery.partial:
        raise DataInvalid(f"Nothing was imported: {len(problems)} rows need mending.", tuple(problems))
    if problems and delivery.complete:
        raise Unusable("A delivery with rows left out cannot be complete: they would count as gone. Mend them first.")
    new = {s.id: s for s, _ in statements}
    digest = _digest(delivery, statements)
    if not delivery.by_hand and (not new or (latest and latest.digest == digest)):
        return Outcome(Counts(0, 0, len(new), 0, tuple(problems)))
    earlier |= _also_withdrawn(known, delivery, [i.number for i in mine], imports)
    withdrawn = _withdrawn(delivery, new, earlier, {i.number for i in mine})

    number = _next(imports)
    this = Import(
        number,
        _moment(clock, imports),
        delivery.dataset,
        digest,
        delivery.by_hand,
        complete=delivery.complete,
        note=delivery.note,
    )
    say = rows_said([s for i, s in new.items() if i not in earlier], number)
    change = dict.fromkeys(sorted(new.keys() & earlier.keys()), number) | dict.fromkeys(withdrawn, -number)
    facts = {s.fact for s in new.values()} | {earlier[i]["fact"] for i in withdrawn}
    before = [r for r in earlier.values() if r["fact"] in facts]
    grown = [{**r, "changes": [*r["changes"], change[i]]} if (i := r["id"]) in change else r for r in before]
    rows = pd.concat([say, table_of(grown, ()).rows], ignore_index=True) if grown else say
    table = Table(rows, (*imports, this))
    stood, stand = _standing_ids(table_of(earlier.values(), imports)), _standing_ids(table)
    unchanged, gone = len(new.keys() & stood), len((stood & set(rows["id"])) - stand)
    return Plan(this, say, change, table, Counts(number, len(new) - unchanged, unchanged, gone, tuple(problems)))


def _next(imports: Sequence[Import]) -> int:
    return max((one.number for one in imports), default=0) + 1


def _moment(clock: datetime, imports: Sequence[Import]) -> datetime:
    """Now, or just after the last import where the clock was set back: no two share a moment."""
    return max([clock, *(one.at + timedelta(microseconds=1) for one in imports)])


def _digest(delivery: Delivery, statements: Sequence[tuple[Statement, Record]]) -> str:
    """What a delivery says, whatever the order of its rows."""
    text = "".join([*sorted(s.id for s, _ in statements), str(delivery.complete)])
    return blake2b(text.encode(), digest_size=10).hexdigest()


def _also_withdrawn(known: Known, delivery: Delivery, mine: list[int], imports: Sequence[Import]) -> dict[str, Row]:
    """What else a delivery may take away: all that its dataset ever said, or what a person names."""
    rows: list[Row] = []
    if delivery.complete:
        rows = known.of_imports(mine)
    elif delivery.withdraw:
        rows = read_each(known.tx, "statements_by_id", "ids", sorted(delivery.withdraw))
        lacking = delivery.withdraw - {r["id"] for r in rows}
        if lacking:
            raise NotFound(f"No statement has the id {min(lacking)!r}.")
    return _earlier(known, {r["fact"] for r in rows}, imports)


def _withdrawn(delivery: Delivery, new: dict[str, Statement], earlier: dict[str, Row], mine: set[int]) -> list[str]:
    """The statements that a delivery takes away: those that a person names, or that its dataset ever said and
    no longer says. That another import took them away already does not matter: it may be undone."""
    if delivery.by_hand:
        return sorted(delivery.withdraw - new.keys())
    facts = {s.fact for s in new.values()}
    return sorted(
        i
        for i, r in earlier.items()
        if i not in new and (delivery.complete or r["fact"] in facts) and mine & set(map(abs, r["changes"]))
    )


def plan_undo(number: int | None, clock: datetime, known: Known) -> Reversal:
    """Take an import back, as if it had never come; without a number the last one that still counts.

    Undoing an undo is to redo.
    """
    imports = read_imports(known.tx)
    force = in_force(imports)
    if number is None:
        number = max((i.number for i in force.values() if not i.undoes), default=0)
    if number not in {i.number for i in imports}:
        raise NotFound(f"There is no import {number}." if number else "There is nothing to take back.")
    if number not in force:
        raise Conflict(f"Import {number} is already taken back; `tsi redo` brings back the last one taken back.")
    this = Import(_next(imports), _moment(clock, imports), undoes=number, by_hand=True)
    return Reversal(this, Table(known.touched_by(_chain(number, imports)[-1]), (*imports, this)))


def plan_redo(clock: datetime, known: Known) -> Reversal:
    """Bring back what the last undo that counts took away."""
    imports = read_imports(known.tx)
    undos = [i.number for i in in_force(imports).values() if len(_chain(i.number, imports)) % 2 == 0]
    if not undos:
        raise NotFound("There is nothing to bring back: no import was taken back.")
    return plan_undo(max(undos), clock, known)


def write_reversal(plan: Reversal, known: Known) -> Outcome[Import]:
    """Take an import back, in this transaction."""
    write(known.tx, "import", [row_of_import(plan.this)])
    project(plan.table, known)
    manifest.renew(known.tx, plan.table)
    return plan.outcome


def _chain(number: int, imports: Sequence[Import]) -> list[int]:
    """An import, the one that it takes back, the one that that takes back, down to a delivery."""
    by_number = {i.number: i for i in imports}
    chain = [number]
    while by_number[chain[-1]].undoes:
        chain.append(by_number[chain[-1]].undoes)
    return chain


def _earlier(known: Known, facts: Iterable[str], imports: Sequence[Import]) -> dict[str, Row]:
    """What was said before on these facts, by id; an empty store is not asked."""
    return {r["id"]: r for r in known.of_facts(facts)} if imports else {}


def _ends(statements: Iterable[tuple[Statement, Record]]) -> set[str]:
    """The facts that say whether the ends of a delivery's edges, and its nodes, exist."""
    return {fact_of(end, ROW) for s, _ in statements for end in (s.node, s.target) if end}


def _kinds(rows: Iterable[Row], imports: Sequence[Import]) -> dict[str, str]:
    """The kinds of the nodes that the store knows, at any confidence."""
    known, _ = shown(table_of([r for r in rows if r["field"] == ROW], imports), confidence=1)
    return dict(zip(known["id"], known["kind"], strict=True))


def _fitting(
    statements: list[tuple[Statement, Record]], known: dict[str, str]
) -> tuple[list[tuple[Statement, Record]], list[Problem]]:
    """Those whose ends exist and may be tied in this way; the others as problems."""
    problems: list[Problem] = []
    kinds = dict(known)
    for _, record in statements:
        if isinstance(record, Node):
            before = known.get(record.id, record.kind)
            if labels(before)[1] != labels(record.kind)[1]:
                message = f"this id is already a {labels(before)[1].lower()} in the store; use another"
                problems.append(problem(record, "id", record.id, message))
            else:
                kinds[record.id] = record.kind
    bad_nodes = {p.value for p in problems}
    fitting: list[tuple[Statement, Record]] = []
    for statement, record in statements:
        if isinstance(record, Node) and record.id not in bad_nodes:
            fitting.append((statement, record))
        elif isinstance(record, Edge):
            misfit = _misfit(record, kinds, suggest=len(problems) < 50)
            if misfit:
                problems.append(misfit)
            else:
                fitting.append((statement, record))
        elif isinstance(record, Answer) and record.id not in kinds:
            message = "nothing with this id is in the delivery or in the store; add it to one of the other tables"
            problems.append(problem(record, "id", record.id, message))
        elif isinstance(record, Answer):
            fitting.append((statement, record))
    return fitting, problems


def _misfit(edge: Edge, kinds: dict[str, str], *, suggest: bool) -> Problem | None:
    if _may(edge.kind, kinds.get(edge.source, ""), kinds.get(edge.target, "")):
        return None
    for column, end, allowed in (("source_id", edge.source, edge.sources), ("target_id", edge.target, edge.targets)):
        if end not in kinds:
            near = get_close_matches(end, kinds, 1) if suggest else []
            hint = f"; did you mean {near[0]!r}?" if near else "; add it to one of the other tables"
            return problem(edge, column, end, f"nothing with this id is in the delivery or in the store{hint}")
        if not any(is_a(kinds[end], kind.__name__) for kind in allowed):
            right = " or ".join(kind.__name__.lower() for kind in allowed)
            side = "starts from" if column == "source_id" else "points to"
            return problem(edge, column, end, f"{edge.kind} {side} a {right}, and this is a {kinds[end].lower()}")
    if edge.kind == SAME_AS:
        one, other = (kinds[end].lower() for end in (edge.source, edge.target))
        return problem(edge, "target_id", edge.target, f"a {one} and a {other} are not the same")
    return None


@cache
def _may(kind: str, source: str, target: str) -> bool:
    """Whether a tie of this kind may go from one kind of node to another."""
    if kind == SAME_AS:
        return bool(source and target) and labels(source)[1] == labels(target)[1]
    edge = EDGE_KINDS[kind]
    sides = ((source, edge.sources), (target, edge.targets))
    return all(any(is_a(end, allowed.__name__) for allowed in side) for end, side in sides)


def _standing_ids(table: Table) -> set[str]:
    """The ids of the statements that stand."""
    return set(table.rows["id"][coded(table).strongest(in_force(table.imports)) > 0])


def now() -> datetime:
    return datetime.now(UTC)
