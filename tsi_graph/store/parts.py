"""Imports too large for one transaction, and taking them back: several, of which the last puts all of it in force.

Until then the import is not done: no view knows it, the graph in the store is that of before. What is to be shown
lies ready out of sight, and what is to be hidden is put out of sight and deleted after. A writer gives signs of life;
of one that is silent for LEASE seconds the next writer removes what it left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial
from secrets import token_hex
from typing import Protocol, TypeVar

from tsi_graph.errors import Conflict
from tsi_graph.statements import Import, row_of_import
from tsi_graph.store import manifest, queries, writing
from tsi_graph.store.base import Engine, Row, Transaction, batches, read, write
from tsi_graph.store.projection import NOTHING, Known, Progress, Ready, project, ready, rows_of
from tsi_graph.store.writing import Counts, Delivery, Outcome, Plan, Reversal

P = TypeVar("P")

LEASE = 60.0
"""Seconds without a sign of life after which a writer counts as dead."""


def write_in_parts(
    engine: Engine, delivery: Delivery, clock: datetime, know: Callable[[Transaction], Known], progress: Progress
) -> Outcome[Counts]:
    """Say a delivery in transactions of at most `engine.largest` statements; each is safe to repeat."""
    writer = token_hex(8)
    plan_of = partial(writing.plan_delivery, delivery, clock)
    plan = engine.transact(lambda tx: _open(know(tx), plan_of, writer))
    if isinstance(plan, Outcome):
        return plan

    def say(step: Step) -> None:
        step("say_once", rows_of(plan.say))
        step("change", [{"id": i, "change": number} for i, number in plan.change.items()])

    _put_in_force(engine, plan, know, writer, progress, say)
    progress(len(plan.table.rows))
    return plan.outcome


class Once(Protocol):
    """Work in one transaction, done once also if the answer to its commit is lost."""

    def __call__(self, work: Callable[[Known], Outcome[Import]], /) -> Outcome[Import]: ...


def take_back(
    engine: Engine, plan_of: Callable[[Known], Reversal], once: Once, know: Callable[[Transaction], Known]
) -> Outcome[Import]:
    """Take an import back; one of more than `engine.largest` statements in several transactions, as it came."""
    writer = token_hex(8)
    try:
        return once(partial(_take_back_at_once, plan_of=plan_of, largest=engine.largest or 0))
    except _TooLarge:
        plan = engine.transact(lambda tx: _open(know(tx), plan_of, writer))
    _put_in_force(engine, plan, know, writer)
    return plan.outcome


class _TooLarge(Exception):
    """More than one transaction can carry."""


def _take_back_at_once(known: Known, *, plan_of: Callable[[Known], Reversal], largest: int) -> Outcome[Import]:
    plan = plan_of(known)
    if len(plan.table.rows) > largest:
        raise _TooLarge
    return writing.write_reversal(plan, known)


def _put_in_force(
    engine: Engine,
    plan: Plan | Reversal,
    know: Callable[[Transaction], Known],
    writer: str,
    progress: Progress = lambda rows: None,
    say: Callable[[Step], None] = lambda step: None,
) -> None:
    """Say what there is to say and lay ready what comes; then show it, and hide what goes, in the transaction that
    makes the import done. On any fault all of it is removed, if not here then by the next writer."""
    step = stepping(engine, partial(hold, number=plan.this.number, writer=writer), progress)
    try:
        say(step)
        laid = engine.transact(lambda tx: ready(plan.table, know(tx))) if engine.relabels else NOTHING
        stage(laid, step)
        engine.transact(lambda tx: _finish(know(tx), plan, writer, laid, engine.relabels))
    except (Exception, KeyboardInterrupt):
        with suppress(Exception):
            _clear(engine, plan.this.number, writer)
        raise


class Step(Protocol):
    """Rows written by one statement, in transactions of their own."""

    def __call__(self, statement: str, rows: list[Row], **words: str) -> None: ...


def stepping(engine: Engine, hold: Callable[[Transaction], object], progress: Progress = lambda rows: None) -> Step:
    """A Step whose transactions carry at most `engine.largest` rows and hold first what is being written."""

    def step(statement: str, rows: list[Row], **words: str) -> None:
        def work(tx: Transaction, part: list[Row]) -> None:
            hold(tx)
            write(tx, statement, part, **words)

        for part in batches(rows, engine.largest or 1):
            engine.transact(partial(work, part=part))
            progress(len(part))

    return step


def stage(laid: Ready, step: Step) -> None:
    """Lay nodes and ties ready, out of sight."""
    for rows in laid.nodes.values():
        step("stage_node", rows)
    for (kind, source, target), rows in laid.ties.items():
        step("stage_edge", rows, KIND=kind, SOURCE=source, TARGET=target)


def sweep(engine: Engine) -> None:
    """Delete what was put out of sight. Nothing shows it, so what is left by a fault waits for the next import."""
    text, few = queries.text("write/sweep_nodes"), {"limit": engine.largest or 0}
    with suppress(Exception):
        while engine.relabels and engine.transact(lambda tx: tx.run(text, few))[0]["deleted"]:
            pass


def _open(known: Known, plan_of: Callable[[Known], P], writer: str) -> P:
    """Take a number for an import that is not done; none if there is nothing to do."""
    # What we announced is forgotten, if the answer to the first attempt was lost.
    write(known.tx, "forget_import", (left for left in read(known.tx, "unfinished") if left["writer"] == writer))
    plan = plan_of(known)
    if isinstance(plan, Plan | Reversal):
        announce(known.tx, [plan.this], writer)
    return plan


def announce(tx: Transaction, imports: Iterable[Import], writer: str) -> None:
    """Take the numbers of imports that are not done."""
    rows = [{**row_of_import(one), "done": False, "writer": writer} for one in imports]
    write(tx, "import", rows)
    write(tx, "beat_import", [{"number": row["number"], "writer": writer} for row in rows])


def _finish(known: Known, plan: Plan | Reversal, writer: str, laid: Ready, aside: bool) -> None:
    """The graph becomes what the statements say, and the import is in force: both at once."""
    if hold(known.tx, plan.this.number, writer):
        return  # the answer to the first attempt was lost
    brand_new = len(plan.table.imports) == 1 and not laid.nodes
    project(plan.table, known, brand_new=brand_new, laid=laid, aside=aside)
    manifest.renew(known.tx, plan.table)
    write(known.tx, "finish_import", [{"number": plan.this.number}])


def hold(tx: Transaction, number: int, writer: str) -> bool:
    """Keep the import to ourselves until the transaction ends. True if it is done already."""
    mine = [{"number": number, "writer": writer}]
    write(tx, "hold_import", mine)
    found = read(tx, "import_state", number=number)
    if not found or found[0]["writer"] != writer:
        raise Conflict("The import took so long that another program took it for dead and removed it. Import it again.")
    write(tx, "beat_import", mine)
    return bool(found[0]["done"])


def mend(engine: Engine) -> None:
    """Remove what dead writers left. Raises Conflict while an import is under way, or if a restore was broken off."""
    for left in engine.transact(_left):
        number, writer = left["number"], token_hex(8)
        if engine.transact(partial(_take_over, number=number, writer=writer)):
            _clear(engine, number, writer)


def _left(tx: Transaction) -> list[Row]:
    manifest.served(manifest.kept(tx))
    return read(tx, "unfinished")


def _clear(engine: Engine, number: int, writer: str) -> None:
    """Remove an import of ours that is not done, and all that it wrote."""
    staged = engine.transact(lambda tx: read(tx, "unfinished_nodes"))
    for part in batches(staged, engine.largest or 20_000):
        engine.transact(partial(_unstage, number=number, writer=writer, rows=part))
    rows = engine.transact(lambda tx: read(tx, "changes_of_import", number=number))
    for part in batches(rows, engine.largest or 20_000):
        engine.transact(partial(_remove, number=number, writer=writer, rows=part))
    engine.transact(partial(_forget, number=number, writer=writer))


def _take_over(tx: Transaction, *, number: int, writer: str) -> bool:
    mine = [{"number": number, "writer": writer}]
    write(tx, "hold_import", mine)
    found = read(tx, "import_state", number=number)
    if not found or found[0]["done"]:
        return False
    if found[0]["idle"] < LEASE * 1000:
        raise Conflict(f"Another program is importing (import {number}); try again when it is done.")
    write(tx, "beat_import", mine)
    return True


def _remove(tx: Transaction, *, number: int, writer: str, rows: list[Row]) -> None:
    if hold(tx, number, writer):
        return  # done after all: the answer was lost
    write(tx, "unsay", (r for r in rows if {abs(c) for c in r["changes"]} == {number}))
    others = ({"id": r["id"], "changes": [c for c in r["changes"] if abs(c) != number]} for r in rows)
    write(tx, "unchange", (r for r in others if r["changes"]))


def _unstage(tx: Transaction, *, number: int, writer: str, rows: list[Row]) -> None:
    if not hold(tx, number, writer):
        write(tx, "unstage_node", rows)


def _forget(tx: Transaction, *, number: int, writer: str) -> None:
    if not hold(tx, number, writer):
        write(tx, "forget_import", [{"number": number}])
