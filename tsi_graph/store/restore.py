"""A backup put into a store: an empty one, or in the place of what is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from functools import partial
from secrets import token_hex

from tsi_graph.errors import Conflict
from tsi_graph.standing import shown
from tsi_graph.statements import Import
from tsi_graph.store import manifest, parts, queries
from tsi_graph.store.backup import Content
from tsi_graph.store.base import OURS, Engine, Row, Transaction, batches, read, write
from tsi_graph.store.projection import STEP, Known, project, ready, rows_of


def put(engine: Engine, content: Content, *, replace: bool = False) -> None:
    """Fill a store with this: all of it, or nothing. Raises Conflict if something is there and it may not be replaced.

    A server cannot exchange much at once (`engine.largest`): there what was goes first, and a restore that is
    interrupted is begun again.
    """
    shown(content.table)  # what cannot be shown is found out before anything is touched
    most = engine.largest or 0
    if engine.largest is None or (len(content.table.rows) <= most and _statements(engine) <= most):
        if replace:
            engine.replace(partial(_fill, content=content))
        else:
            engine.transact(partial(_fill_empty, content=content, tried=[]))
    else:
        _put_in_parts(engine, content, replace=replace)


def _statements(engine: Engine) -> int:
    return engine.transact(manifest.counts).get("statements", 0)


def _fill_empty(tx: Transaction, content: Content, tried: list[bool]) -> None:
    if tried and _is_this(tx, content):
        return  # the answer to the first attempt was lost
    tried.append(True)
    if any(manifest.counts(tx).values()):
        raise Conflict(
            "The store is not empty. Restore into another one, or say --replace: what is there is then gone."
        )
    _fill(tx, content)


def _is_this(tx: Transaction, content: Content) -> bool:
    kept = manifest.kept(tx).get(manifest.DATA)
    rows = content.table.rows
    total = manifest.of_data(content.table.imports, rows["id"], rows["changes"])
    return kept is not None and content.counts["statements"] > 0 and manifest.hashed(kept, total)


def _fill(tx: Transaction, content: Content) -> None:
    write(tx, "import", map(_import, content.table.imports))
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


def _put_in_parts(engine: Engine, content: Content, *, replace: bool) -> None:
    writer, imports = token_hex(8), content.table.imports
    begin = partial(_announce, imports=imports, writer=writer)
    if not replace:
        engine.transact(partial(_announce_in_empty, begin=begin))
    else:
        engine.transact(partial(_hide, writer=writer))
        _clear(engine, writer)
        engine.transact(partial(_exchange, begin=begin))
    hold = partial(_hold, imports=imports, writer=writer)

    def step(statement: str, rows: list[Row], **words: str) -> None:
        def work(tx: Transaction, part: list[Row]) -> None:
            hold(tx)
            write(tx, statement, part, **words)

        for part in batches(rows, engine.largest or 1):
            engine.transact(partial(work, part=part))

    def finish(tx: Transaction) -> None:
        if not hold(tx):
            project(content.table, Known(tx), laid=laid)
            _enter(tx, content)
            write(tx, "finish_import", [{"number": one.number} for one in imports])

    step("say_once", rows_of(content.table.rows))
    laid = engine.transact(lambda tx: ready(content.table, Known(tx)))
    for rows in laid.nodes.values():
        step("stage_node", rows)
    for (kind, source, target), rows in laid.ties.items():
        step("stage_edge", rows, KIND=kind, SOURCE=source, TARGET=target)
    engine.transact(finish)


def _announce(tx: Transaction, *, imports: Iterable[Import], writer: str) -> None:
    """Take the numbers of all imports, none of which is done."""
    rows = [{**_import(one), "done": False, "writer": writer} for one in imports]
    write(tx, "import", rows)
    write(tx, "beat_import", [{"number": row["number"], "writer": writer} for row in rows])


def _announce_in_empty(tx: Transaction, *, begin: partial[None]) -> None:
    writer = begin.keywords["writer"]
    if writer in {row["writer"] for row in read(tx, "unfinished")}:
        return  # the answer to the first attempt was lost
    if any(manifest.counts(tx).values()):
        raise Conflict(
            "The store is not empty. Restore into another one, or say --replace: what is there is then gone."
        )
    begin(tx)


def _hold(tx: Transaction, *, imports: tuple[Import, ...], writer: str) -> bool:
    """Keep all imports to ourselves until the transaction ends. True if they are done already."""
    if not imports:
        return False
    done = parts._hold(tx, imports[0].number, writer)
    write(tx, "beat_import", [{"number": one.number, "writer": writer} for one in imports[1:]])
    return done


def _hide(tx: Transaction, *, writer: str) -> None:
    """Put all that is there out of force: no reading meets half of it."""
    rows = [{"number": row["number"], "writer": writer} for row in read(tx, "imports", **manifest.ALL)]
    write(tx, "undo_done", rows or [{"number": 0, "writer": writer}])
    _remove(tx, "Manifest", 10)


def _clear(engine: Engine, writer: str) -> None:
    for label in OURS[:-1]:
        left = 1
        while left:
            left = engine.transact(partial(_remove, label=label, many=engine.largest or 1))


def _remove(tx: Transaction, label: str, many: int) -> int:
    rows = tx.run(queries.text("write/clear", LABELS=label), {"many": many})
    return int(rows[0]["deleted"]) if rows else 0


def _exchange(tx: Transaction, *, begin: partial[None]) -> None:
    """The imports that were there for those that come, at once: there is never a moment without."""
    _remove(tx, "Import", 1_000_000_000)
    begin(tx)


def _import(one: Import) -> Row:
    return {**asdict(one), "at": one.at.isoformat(timespec="microseconds")}


def _event(row: Row) -> Row:
    return {"introduction": row["introduction"], "props": {k: v for k, v in row.items() if k != "introduction"}}
