"""One import, one transaction: what a delivery says, what it withdraws, and what the graph becomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from hashlib import blake2b
from typing import Generic, TypeVar

import pandas as pd

from tsi_graph.batch import Batch, Problem
from tsi_graph.errors import DataInvalid, NotFound, Unusable
from tsi_graph.model import Edge, Node, Record, is_a, labels
from tsi_graph.standing import in_force, shown_nodes, standing, strongest
from tsi_graph.statements import ROW, Import, Statement, problem, row_of, said_all
from tsi_graph.store.base import Row, Transaction, read, read_each, write
from tsi_graph.store.projection import project, table_of

R = TypeVar("R")

ALL: dict[str, int] = {"skip": 0, "limit": 1_000_000_000}


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


@dataclass(frozen=True)
class Outcome(Generic[R]):
    """What a piece of writing answers, and what it left in the store: the imports, and the statements it touched.

    No imports where nothing was written.
    """

    answer: R
    imports: tuple[Import, ...] = ()
    touched: pd.DataFrame | None = None


def read_imports(tx: Transaction) -> list[Import]:
    return [Import(**{**row, "at": datetime.fromisoformat(row["at"])}) for row in read(tx, "imports", **ALL)]


def write_delivery(tx: Transaction, delivery: Delivery, clock: datetime) -> Outcome[Counts]:
    """Say a delivery. Nothing is written if the dataset's last import said exactly the same.

    A dataset that says something else about a fact than before withdraws what it said; one that is
    `complete` withdraws besides what it no longer says. Rows with problems refuse the whole, unless
    `partial`: then they are left out and counted.
    """
    imports = read_imports(tx)
    statements, problems = said_all(delivery.batch)
    problems = [*delivery.batch.problems, *problems]
    facts = {s.fact for s, _ in statements} | _ends(statements)
    earlier = _earlier(tx, facts, imports)
    known_kinds = _kinds(earlier.values(), imports)
    statements, misfits = _fitting(statements, known_kinds)
    problems += misfits
    if problems and not delivery.partial:
        raise DataInvalid(f"Nothing was imported: {len(problems)} rows need mending.", tuple(problems))
    if problems and delivery.complete:
        raise Unusable("A delivery with rows left out cannot be complete: they would count as gone. Mend them first.")
    new = {s.id: s for s, _ in statements}
    mine = [i for i in imports if i.dataset == delivery.dataset and not i.undoes and not i.by_hand]
    force = in_force(imports)
    digest = blake2b("".join([*sorted(new), str(delivery.complete)]).encode(), digest_size=10).hexdigest()
    latest = next((i for i in reversed(mine) if i.number in force), None)
    if not delivery.by_hand and (not new or (latest and latest.digest == digest)):
        return Outcome(Counts(0, 0, len(new), 0, tuple(problems)))
    earlier |= _also_withdrawn(tx, delivery, [i.number for i in mine], imports)
    withdrawn = _withdrawn(delivery, new, earlier, {i.number for i in mine})

    number = max((i.number for i in imports), default=0) + 1
    at = max([clock, *(i.at for i in imports)])
    this = Import(
        number, at, delivery.dataset, digest, delivery.by_hand, complete=delivery.complete, note=delivery.note
    )
    after = {i: {**row_of(s), "changes": [number]} for i, s in new.items() if i not in earlier}
    write(tx, "import", [_import_row(this)])
    write(tx, "say", after.values())
    change = dict.fromkeys(sorted(new.keys() & earlier.keys()), number) | dict.fromkeys(withdrawn, -number)
    write(tx, "change", ({"id": i, "change": n} for i, n in change.items()))

    facts = {s.fact for s in new.values()} | {earlier[i]["fact"] for i in withdrawn}
    after |= {
        i: {**r, "changes": [*r["changes"], change[i]] if i in change else r["changes"]}
        for i, r in earlier.items()
        if r["fact"] in facts
    }
    table = table_of(after.values(), [*imports, this])
    project(tx, table, brand_new=not imports)
    stood, stand = _known(earlier.values(), imports), _known(after.values(), table.imports)
    unchanged = len(new.keys() & stood)
    counts = Counts(number, len(new) - unchanged, unchanged, len((stood & after.keys()) - stand), tuple(problems))
    return Outcome(counts, table.imports, table.rows)


def _also_withdrawn(tx: Transaction, delivery: Delivery, mine: list[int], imports: Sequence[Import]) -> dict[str, Row]:
    """What else a delivery may take away: all that its dataset ever said, or what a person names."""
    rows: list[Row] = []
    if delivery.complete:
        rows = read(tx, "statements_of_imports", numbers=mine)
    elif delivery.withdraw:
        rows = read_each(tx, "statements_by_id", "ids", sorted(delivery.withdraw))
        lacking = delivery.withdraw - {r["id"] for r in rows}
        if lacking:
            raise NotFound(f"No statement has the id {min(lacking)!r}.")
    return _earlier(tx, {r["fact"] for r in rows}, imports)


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


def undo(tx: Transaction, number: int | None, clock: datetime) -> Outcome[Import]:
    """Take an import back, as if it had never come; without a number the last one that still counts.

    Undoing an undo is to redo. Returns the import that does it.
    """
    imports = read_imports(tx)
    force = in_force(imports)
    if number is None:
        number = max((i.number for i in force.values() if not i.undoes), default=0)
    if number not in {i.number for i in imports}:
        raise NotFound(f"There is no import {number}." if number else "There is nothing to take back.")
    if number not in force:
        raise Unusable(f"Import {number} is already taken back; `tsi redo` brings back the last one taken back.")
    this = Import(
        max(i.number for i in imports) + 1, max([clock, *(i.at for i in imports)]), undoes=number, by_hand=True
    )
    write(tx, "import", [_import_row(this)])
    facts = {r["fact"] for r in read(tx, "statements_of_imports", numbers=_chain(number, imports)[-1:])}
    table = table_of(_earlier(tx, facts, imports).values(), [*imports, this])
    project(tx, table)
    return Outcome(this, table.imports, table.rows)


def redo(tx: Transaction, clock: datetime) -> Outcome[Import]:
    """Bring back what the last undo that counts took away."""
    imports = read_imports(tx)
    undos = [i.number for i in in_force(imports).values() if len(_chain(i.number, imports)) % 2 == 0]
    if not undos:
        raise NotFound("There is nothing to bring back: no import was taken back.")
    return undo(tx, max(undos), clock)


def _chain(number: int, imports: Sequence[Import]) -> list[int]:
    """An import, the one that it takes back, the one that that takes back, down to a delivery."""
    by_number = {i.number: i for i in imports}
    chain = [number]
    while by_number[chain[-1]].undoes:
        chain.append(by_number[chain[-1]].undoes)
    return chain


def _import_row(one: Import) -> Row:
    return {**asdict(one), "at": one.at.isoformat(timespec="microseconds")}


def _earlier(tx: Transaction, facts: Iterable[str], imports: Sequence[Import]) -> dict[str, Row]:
    """What was said before on these facts, by id; an empty store is not asked."""
    return {r["id"]: r for r in read_each(tx, "statements_of_facts", "facts", sorted(facts))} if imports else {}


def _ends(statements: Iterable[tuple[Statement, Record]]) -> set[str]:
    """The facts that say whether the ends of a delivery's edges, and its nodes, exist."""
    return {f"{end}|{ROW}" for s, _ in statements for end in (s.node, s.target) if end}


def _kinds(rows: Iterable[Row], imports: Sequence[Import]) -> dict[str, str]:
    """The kinds of the nodes that the store knows, at any confidence."""
    known = shown_nodes(standing(table_of([r for r in rows if r["field"] == ROW], imports), confidence=1))
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
    return fitting, problems


def _misfit(edge: Edge, kinds: dict[str, str], *, suggest: bool) -> Problem | None:
    for column, end, allowed in (("source_id", edge.source, edge.sources), ("target_id", edge.target, edge.targets)):
        if end not in kinds:
            near = get_close_matches(end, kinds, 1) if suggest else []
            hint = f"; did you mean {near[0]!r}?" if near else "; add it to one of the other tables"
            return problem(edge, column, end, f"nothing with this id is in the delivery or in the store{hint}")
        if not any(is_a(kinds[end], kind.__name__) for kind in allowed):
            right = " or ".join(kind.__name__.lower() for kind in allowed)
            side = "starts from" if column == "source_id" else "points to"
            return problem(edge, column, end, f"{edge.kind} {side} a {right}, and this is a {kinds[end].lower()}")
    return None


def _known(rows: Iterable[Row], imports: Iterable[Import]) -> set[str]:
    """The ids of the statements that stand."""
    listed = list(rows)
    decided = strongest((r["changes"] for r in listed), in_force(imports))
    return {r["id"] for r, change in zip(listed, decided, strict=True) if change > 0}


def now() -> datetime:
    return datetime.now(UTC)
