"""A backup put into a store: an empty one, or in the place of what is there."""

from __future__ import annotations

from functools import partial
from secrets import token_hex

from tsi_graph.errors import Conflict
from tsi_graph.standing import shown
from tsi_graph.statements import ALL, row_of_import
from tsi_graph.store import manifest, migrations, parts, queries
from tsi_graph.store.backup import Content
from tsi_graph.store.base import OURS, Engine, Row, Transaction, batches, read, write
from tsi_graph.store.projection import STEP, Known, project, ready, rows_of


def put(engine: Engine, content: Content, *, replace: bool = False) -> None:
    """Fill a store with this: all of it, or nothing. Raises Conflict if something is there and it may not be replaced.

    A server cannot exchange much at once (`engine.largest`): there what was goes first. Until what comes is whole the
    store says that it is being replaced, and nothing is read from it or written to it; a restore that is broken off
    is begun again.
    """
    shown(content.table)  # what cannot be shown is found out before anything is touched
    most = engine.largest or 0
    if engine.largest is None or (len(content.table.rows) <= most and _statements(engine) <= most):
        if replace:
            if engine.largest is not None:
                engine.transact(partial(_not_now, writer=""))
            engine.replace(partial(_fill, content=content))
        else:
            engine.transact(partial(_fill_empty, content=content, tried=[]))
    else:
        _put_in_parts(engine, content, replace=replace)


def _statements(engine: Engine) -> int:
    return engine.transact(lambda tx: manifest.counts(tx, "statements"))["statements"]


def _fill_empty(tx: Transaction, content: Content, tried: list[bool]) -> None:
    if tried and content.counts["statements"] and _is_this(tx, _total(content)):
        return  # the answer to the first attempt was lost
    tried.append(True)
    _must_be_empty(tx)
    _fill(tx, content)


def _must_be_empty(tx: Transaction) -> None:
    manifest.served(manifest.kept(tx))
    if any(manifest.counts(tx).values()):
        raise Conflict(
            "The store is not empty. Restore into another one, or say --replace: what is there is then gone."
        )


def _total(content: Content) -> int:
    rows = content.table.rows
    return manifest.of_data(content.table.imports, rows["id"], rows["changes"])


def _is_this(tx: Transaction, total: int) -> bool:
    kept = manifest.kept(tx).get(manifest.DATA)
    return kept is not None and manifest.hashed(kept, total)


def _fill(tx: Transaction, content: Content) -> None:
    write(tx, "import", map(row_of_import, content.table.imports))
    for rows in batches(rows_of(content.table.rows), STEP):
        tx.create(("Statement",), rows)
    project(content.table, Known(tx), brand_new=True)
    _enter(tx, content)


def _enter(tx: Transaction, content: Content) -> None:
    """The ledger, and what the store should hold from now on."""
    write(tx, "introduction", content.introductions)
    write(tx, "introduction_event", map(_event, content.events))
    write(tx, "introducer_mark", content.marks)
    manifest.found(tx, content.table, content.entries)
    if not migrations.applied(tx):  # lost with what was there before
        migrations.found(tx)


def _put_in_parts(engine: Engine, content: Content, *, replace: bool) -> None:
    writer, imports, total = token_hex(8), content.table.imports, _total(content)

    def know(tx: Transaction) -> Known:
        return Known(tx, lambda: content.table)

    def hold(tx: Transaction) -> None:
        _hold(tx, [one.number for one in imports], writer, replace=replace)

    def finish(tx: Transaction) -> None:
        if not _is_this(tx, total):  # else the answer to the first attempt was lost
            hold(tx)
            project(content.table, know(tx), laid=laid)
            _remove(tx, "Manifest", ALL["limit"])
            _enter(tx, content)
            write(tx, "finish_import", [{"number": one.number} for one in imports])

    if replace:
        engine.transact(partial(_shut, writer=writer))
        _clear(engine, writer)
    engine.transact(partial(_announce, content=content, writer=writer, replace=replace))
    step = parts.stepping(engine, hold)
    step("say_once", rows_of(content.table.rows))
    laid = engine.transact(lambda tx: ready(content.table, know(tx)))
    parts.stage(laid, step)
    engine.transact(finish)


def _announce(tx: Transaction, *, content: Content, writer: str, replace: bool) -> None:
    """Take the numbers of all imports, none of which is done; what is replaced loses its own at the same moment."""
    if replace:
        _beat(tx, writer)
        _remove(tx, "Import", ALL["limit"])
    elif writer in {row["writer"] for row in read(tx, "unfinished")}:
        return  # the answer to the first attempt was lost
    else:
        _must_be_empty(tx)
    parts.announce(tx, content.table.imports, writer)


def _hold(tx: Transaction, numbers: list[int], writer: str, *, replace: bool) -> None:
    """Keep all that comes to ourselves until the transaction ends."""
    if replace:
        _beat(tx, writer)
    if numbers:
        parts.hold(tx, numbers[0], writer)
        write(tx, "beat_import", [{"number": number, "writer": writer} for number in numbers[1:]])


def _not_now(tx: Transaction, *, writer: str) -> None:
    """Raises Conflict while another program replaces what is there."""
    for row in read(tx, "restoring"):
        if row["writer"] != writer and row["idle"] < parts.LEASE * 1000:
            raise Conflict("Another program is restoring into this store; try again when it is done.")


def _shut(tx: Transaction, *, writer: str) -> None:
    """From here on the store is being replaced by us; what is there is neither read nor written any more."""
    write(tx, "hold_manifest", [{"id": name, "held": writer} for name in manifest.COUNTED])
    _not_now(tx, writer=writer)
    _remove(tx, "Manifest", ALL["limit"])
    write(tx, "restoring", [{"writer": writer}])
    write(tx, "beat_import", [{"number": row["number"], "writer": writer} for row in read(tx, "unfinished")])


def _beat(tx: Transaction, writer: str) -> None:
    """Keep the replacing to ourselves until the transaction ends, and give a sign of life."""
    write(tx, "hold_manifest", [{"id": manifest.RESTORE, "held": writer}])
    if [row["writer"] for row in read(tx, "restoring")] != [writer]:
        raise Conflict("The restore took so long that another program took it for dead and began its own.")
    write(tx, "restoring", [{"writer": writer}])


def _clear(engine: Engine, writer: str) -> None:
    """Remove what was there, but for its imports: they go when those that come are announced."""

    def work(tx: Transaction, label: str) -> int:
        _beat(tx, writer)
        return _remove(tx, label, engine.largest or 1)

    for label in OURS:
        while label not in ("Import", "Manifest") and engine.transact(partial(work, label=label)):
            pass


def _remove(tx: Transaction, label: str, many: int) -> int:
    rows = tx.run(queries.text("write/clear", LABELS=label), {"many": many})
    return int(rows[0]["deleted"]) if rows else 0


def _event(row: Row) -> Row:
    return {"introduction": row["introduction"], "props": {k: v for k, v in row.items() if k != "introduction"}}
