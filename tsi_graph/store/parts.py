"""Imports too large for one transaction: several, of which the last puts all of it in force.

Until then the import is not done: no view knows it, the graph in the store is that of before. A writer gives
signs of life; of one that is silent for LEASE seconds the next writer removes what it left.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from secrets import token_hex

from tsi_graph.errors import Conflict
from tsi_graph.store import writing
from tsi_graph.store.base import Engine, Row, Transaction, batches, read, write
from tsi_graph.store.projection import NOTHING, Known, Progress, Ready, project, ready, rows_of
from tsi_graph.store.writing import Counts, Delivery, Outcome, Plan, import_row

LEASE = 60.0
"""Seconds without a sign of life after which a writer counts as dead."""


def write_in_parts(
    engine: Engine, delivery: Delivery, clock: datetime, know: Callable[[Transaction], Known], progress: Progress
) -> Outcome[Counts]:
    """Say a delivery in transactions of at most `engine.largest` statements; each is safe to repeat."""
    writer = token_hex(8)
    plan = engine.transact(lambda tx: _open(know(tx), delivery, clock, writer))
    if isinstance(plan, Outcome):
        return plan
    step = partial(_write_part, engine, plan.this.number, writer, progress)
    try:
        step("say_once", rows_of(plan.say))
        step("change", [{"id": i, "change": number} for i, number in plan.change.items()])
        laid = engine.transact(lambda tx: ready(plan.table, tx)) if engine.relabels else NOTHING
        for rows in laid.nodes.values():
            step("stage_node", rows)
        for (kind, source, target), rows in laid.ties.items():
            step("stage_edge", rows, KIND=kind, SOURCE=source, TARGET=target)
        engine.transact(lambda tx: _finish(know(tx), plan, writer, laid))
    except (Exception, KeyboardInterrupt):
        with suppress(Exception):  # else the next writer does it
            _clear(engine, plan.this.number, writer)
        raise
    progress(len(plan.table.rows))
    return plan.outcome


def _write_part(
    engine: Engine, number: int, writer: str, progress: Progress, statement: str, rows: list[Row], **words: str
) -> None:
    """Rows by one statement, in transactions of their own."""

    def work(tx: Transaction, part: list[Row]) -> None:
        _hold(tx, number, writer)
        write(tx, statement, part, **words)

    for part in batches(rows, engine.largest or 1):
        engine.transact(partial(work, part=part))
        progress(len(part))


def _open(known: Known, delivery: Delivery, clock: datetime, writer: str) -> Plan | Outcome[Counts]:
    """Take a number for an import that is not done."""
    tx = known.tx
    for left in read(tx, "unfinished"):
        if left["writer"] == writer:  # the answer to the first attempt was lost
            write(tx, "forget_import", [left])
    plan = writing.plan_delivery(delivery, clock, known)
    if isinstance(plan, Plan):
        write(tx, "import", [{**import_row(plan.this), "done": False, "writer": writer}])
        write(tx, "beat_import", [{"number": plan.this.number, "writer": writer}])
    return plan


def _finish(known: Known, plan: Plan, writer: str, laid: Ready) -> None:
    """The graph becomes what the statements say, and the import is in force: both at once."""
    if _hold(known.tx, plan.this.number, writer):
        return  # the answer to the first attempt was lost
    project(plan.table, known, brand_new=plan.brand_new and not laid.nodes, laid=laid)
    write(known.tx, "finish_import", [{"number": plan.this.number}])


def _hold(tx: Transaction, number: int, writer: str) -> bool:
    """Keep the import to ourselves until the transaction ends. True if it is done already."""
    mine = [{"number": number, "writer": writer}]
    write(tx, "hold_import", mine)
    found = read(tx, "import_state", number=number)
    if not found or found[0]["writer"] != writer:
        raise Conflict("The import took so long that another program took it for dead and removed it. Import it again.")
    write(tx, "beat_import", mine)
    return bool(found[0]["done"])


def mend(engine: Engine) -> None:
    """Remove what dead writers left. Raises Conflict while an import is under way."""
    for left in engine.transact(lambda tx: read(tx, "unfinished")):
        number, writer = left["number"], token_hex(8)
        if engine.transact(partial(_take_over, number=number, writer=writer)):
            _clear(engine, number, writer)


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
    if _hold(tx, number, writer):
        return  # done after all: the answer was lost
    write(tx, "unsay", (r for r in rows if {abs(c) for c in r["changes"]} == {number}))
    others = ({"id": r["id"], "changes": [c for c in r["changes"] if abs(c) != number]} for r in rows)
    write(tx, "unchange", (r for r in others if r["changes"]))


def _unstage(tx: Transaction, *, number: int, writer: str, rows: list[Row]) -> None:
    if not _hold(tx, number, writer):
        write(tx, "unstage_node", rows)


def _forget(tx: Transaction, *, number: int, writer: str) -> None:
    if not _hold(tx, number, writer):
        write(tx, "forget_import", [{"number": number}])
