"""Large imports: in force nowhere until they are done, whole or gone after a crash, and the same by every path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.store.test_store import ANN, BEN, JOINED, NET, PLAY, shown
from tsi_graph.batch import Batch
from tsi_graph.errors import Conflict, StoreUnreachable
from tsi_graph.graph import load_graph
from tsi_graph.history import correct, plan_correction
from tsi_graph.model import Edge, Funds, MemberOf, Network, ParticipatesIn, PartnerOf, Project, Stakeholder
from tsi_graph.statements import Import, Table, row_of, said
from tsi_graph.store import Store, arcade_transaction, parts
from tsi_graph.store.neo4j import Neo4jEngine
from tsi_graph.store.projection import Known, ready, table_of

FIRST = Batch(nodes=[ANN, NET], edges=[JOINED])
MANY = Batch(
    nodes=[ANN.model_copy(update={"city": "Torino"}), BEN, NET, PLAY],
    edges=[JOINED, Funds(source="ben", target="play", amount=5, origin="page f", confidence=3)],
)


class Crash(BaseException):
    """The program dies here."""


def in_parts(store: Store, size: int = 2) -> Store:
    store._engine.largest = size
    return store


def everything(store: Store) -> tuple[Any, ...]:
    """What each way of reading shows."""
    table, graph = store.statements(), load_graph(store)
    said = store.read("statements", limit=1000).to_dict("records")
    about = store.read("statements_about", id="ann").to_dict("records")
    return (
        shown(store), said, about, table.rows.to_dict("records"), table.imports,
        graph.nodes.astype(str).to_dict("records"), graph.edges.astype(str).to_dict("records"),
    )  # fmt: skip


def dying_at(store: Store, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let the nth transaction of the engine from here on not come about."""
    transact, calls = store._engine.transact, iter(range(1, 1000))

    def mortal(work: Callable[[object], object]) -> object:
        if next(calls) == number:
            raise Crash
        return transact(work)

    monkeypatch.setattr(store._engine, "transact", mortal)


def test_a_crash_between_parts_leaves_the_old_state_and_the_next_import_mends_it(
    fresh: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    last = 10 if fresh()._engine.relabels else 6  # the transaction that puts it in force
    for step in range(2, last + 1):
        store = fresh()
        store.write(FIRST, "first")
        before = everything(store)
        with monkeypatch.context() as patch:
            dying_at(in_parts(store), patch, step)
            with pytest.raises(Crash):
                store.write(MANY, "first")
        store._held = None, None
        assert everything(store) == before
        with pytest.raises(Conflict, match="is importing"):
            store.write(MANY, "first")
        with monkeypatch.context() as patch:
            patch.setattr(parts, "LEASE", -1.0)
            assert store.write(MANY, "first").number == 2
        mended = shown(store)
        assert [n["city"] for n in mended[0]] == ["Torino", None, None, None]
        assert len(mended[1]) == 2
        store.undo()
        assert shown(store) == before[0]


def test_a_fault_in_a_part_leaves_nothing(fresh: Callable[[], Store], monkeypatch: pytest.MonkeyPatch) -> None:
    store = fresh()
    store.write(FIRST, "first")
    before = everything(store)
    with monkeypatch.context() as patch:
        patch.setattr(parts, "_finish", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            in_parts(store).write(MANY, "first")
    assert everything(store) == before
    assert store.write(MANY, "first").number == 2


def test_an_undo_after_a_crash_mends_first(fresh: Callable[[], Store], monkeypatch: pytest.MonkeyPatch) -> None:
    store = fresh()
    store.write(FIRST, "first")
    with monkeypatch.context() as patch:
        dying_at(in_parts(store), patch, 3)
        with pytest.raises(Crash):
            store.write(MANY, "first")
    monkeypatch.setattr(parts, "LEASE", -1.0)
    assert store.undo().undoes == 1
    assert shown(store) == ([], [])
    assert store.read("statements_by_id", ids=store.statements().rows["id"].tolist()).shape[0] == 3


def layers(store: Store) -> None:
    """What waits for each other: bodies, ties of another import between them, and another word on one of them."""
    store.write(Batch(nodes=[ANN, BEN, NET, PLAY]), "bodies")
    store.write(Batch(edges=[JOINED, Funds(source="ben", target="play", amount=5, origin="f", confidence=3)]), "ties")
    store.write(Batch(nodes=[ANN.model_copy(update={"city": "Torino", "origin": "page b"})]), "other")


def test_taking_back_and_bringing_back_in_parts_is_as_at_once(
    fresh: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    for largest in (1000, 2, 1):
        store, states = in_parts(fresh(), 1000), []
        layers(store)
        in_parts(store, largest)
        for number in (1, 4, 2, 6, 3):
            store.undo(number)
            states.append(everything(store)[:3])
            held, store._held = store._held, (None, None)
            assert everything(store)[:3] == states[-1]
            store._held = held
        store.redo()
        seen.append((states, everything(store)[:3]))
        if store._engine.relabels:
            left = list(store._engine.query("MATCH (n) WHERE NOT n:Node RETURN labels(n) AS l", {}))
            assert not [row for row in left if {"Unfinished", "Discarded"} & set(row["l"])]
    assert seen[0] == seen[1] == seen[2]


@pytest.mark.parametrize("what", ["undo", "redo"])
def test_a_crash_while_taking_back_leaves_the_old_state(
    fresh: Callable[[], Store], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    for step in range(1, 20):
        store = fresh()
        layers(store)
        if what == "redo":
            store.undo(1)
        before = everything(store)
        with monkeypatch.context() as patch:
            dying_at(in_parts(store, 1), patch, step)
            try:
                store.redo() if what == "redo" else store.undo(1)
            except Crash:
                finished = False
            else:
                finished = True
        store._held = None, None
        if finished:
            break
        after = everything(store)
        if after != before:  # done, and only what is out of sight was left
            assert [i.undoes for i in after[4]][-1] == (4 if what == "redo" else 1)
            continue
        monkeypatch.setattr(parts, "LEASE", -1.0)
        in_parts(store, 1).redo() if what == "redo" else in_parts(store, 1).undo(1)
        assert [len(part) for part in shown(store)] == ([4, 2] if what == "redo" else [1, 0])
        monkeypatch.undo()
    print(f"{what}: {step - 1} moments")  # noqa: T201
    assert finished
    assert step > 3


def test_a_writer_that_was_taken_for_dead_writes_no_more(
    fresh: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = in_parts(fresh())
    transact, calls = store._engine.transact, iter(range(1, 1000))
    monkeypatch.setattr(parts, "LEASE", -1.0)

    def slow(work: Callable[[object], object]) -> object:
        if next(calls) == 3:
            parts.mend(store._engine)
        return transact(work)

    monkeypatch.setattr(store._engine, "transact", slow)
    with pytest.raises(Conflict, match="took it for dead"):
        store.write(MANY, "first")
    monkeypatch.setattr(store._engine, "transact", transact)
    assert (shown(store), len(store.statements().rows)) == (([], []), 0)


def test_a_lost_answer_to_any_part_writes_nothing_twice(
    fresh: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told_twice(store: Store) -> Store:
        transact = store._engine.transact

        def again(work: Callable[[object], object]) -> object:
            transact(work)
            return transact(work)

        monkeypatch.setattr(store._engine, "transact", again)
        return store

    whole = fresh()
    counts = whole.write(MANY, "first")
    expected = everything(whole)[:3]
    for size in (2, 1000):
        store = in_parts(told_twice(fresh()), size)
        assert store.write(MANY, "first") == counts
        assert everything(store)[:3] == expected
        assert store.undo().number == 2
        assert shown(store) == ([], [])


def test_one_transaction_several_and_the_bulk_path_leave_the_same(
    fresh: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = [Stakeholder(id=f"o{i}", name=f"Body {i}", city="Torino" if i % 2 else None) for i in range(30)]
    events = [Project(id=f"p{i}", name=f"P{i}", valid_from="2017") for i in range(10)]
    ties: list[Edge] = [
        ParticipatesIn(source=f"o{i}", target=f"p{i % 10}", amount=i / 3, role="partner") for i in range(30)
    ]
    batch = Batch(nodes=[*bodies, *events, Network(id="n", name="N")], edges=ties)
    seen = []
    for largest, many in ((None, 10**9), (None, 2), (7, 10**9)):
        monkeypatch.setattr(arcade_transaction, "MANY", many)
        store = fresh()
        store._engine.largest = largest
        counts = store.write(batch, "d")
        state = everything(store)
        store.undo()
        assert shown(store) == ([], [])
        store.redo()
        assert shown(store) == state[0]
        seen.append((counts, state[:3]))
    assert seen[0] == seen[1] == seen[2]


def test_joined_bodies_come_and_go_in_parts_as_at_once(fresh: Callable[[], Store]) -> None:
    dee = Stakeholder(id="dee", name="Dee", website="https://dee.example", origin="page d")
    later = Batch(
        nodes=[Stakeholder(id="eve", name="Eve"), dee.model_copy(update={"city": "Ivrea"})],
        edges=[MemberOf(source="eve", target="net"), PartnerOf(source="dee", target="eve"),
               PartnerOf(source="ben", target="eve")],
    )  # fmt: skip
    seen = []
    for largest in (1000, 2):
        store, states = in_parts(fresh(), 1000), []
        layers(store)
        store.write(Batch(nodes=[dee]), "dee")
        correct(store, plan_correction(store, "dee", "same_as", "ann"))
        in_parts(store, largest)
        steps: list[Callable[[], object]] = [
            partial(store.write, later, "dee"), partial(store.undo, 5), store.redo, partial(store.undo, 4),
            partial(store.undo, 1), store.redo,
        ]  # fmt: skip
        for step in steps:
            step()
            states.append(everything(store)[:3])
            assert store.check().findings == ()
        seen.append(states)
    assert seen[0] == seen[1]


def test_after_a_join_all_but_the_joined_bodies_is_laid_ready(store: Store) -> None:
    dee, eve = (Stakeholder(id=name, name=name.title(), origin="page") for name in ("dee", "eve"))
    store.write(Batch(nodes=[ANN, BEN, dee, NET], edges=[JOINED]), "first")
    correct(store, plan_correction(store, "dee", "same_as", "ben"))
    table = store.statements()
    number = len(table.imports) + 1
    here = Import(number, table.imports[-1].at + timedelta(days=1), dataset="second")
    new = [said(one) for one in (eve, MemberOf(source="eve", target="net"), PartnerOf(source="dee", target="eve"))]
    touched = table_of([{**row_of(one), "changes": [number]} for one in new], (*table.imports, here))
    laid = store._engine.look(lambda tx: ready(touched, Known(tx)))
    assert (laid.ids, laid.facts) == ({"eve"}, {"eve|MEMBER_OF|net|"})
    store.undo()
    touched = Table(touched.rows, (*store.statements().imports, replace(here, number=number + 1)))
    touched.rows["changes"] = [[number + 1]] * 3
    laid = store._engine.look(lambda tx: ready(touched, Known(tx)))
    assert laid.facts == {"eve|MEMBER_OF|net|", "dee|PARTNER_OF|eve|"}


def test_what_is_out_of_sight_is_no_damage_and_the_next_writer_removes_it(
    fresh: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = in_parts(fresh())
    store.write(Batch(nodes=[ANN, BEN, NET, PLAY], edges=[JOINED]), "first")
    with monkeypatch.context() as patch:
        patch.setattr(parts, "sweep", lambda engine: None)
        store.undo()
    assert store.check().findings == ()
    in_parts(store, 1000).write(Batch(nodes=[ANN]), "small")
    assert [row["n"] for row in store._engine.query("MATCH (n:Discarded) RETURN count(n) AS n", {})] == [0]


def test_progress_grows_to_the_whole(store: Store) -> None:
    told: list[tuple[int, int]] = []
    store.write(MANY, "first", progress=lambda done, of: told.append((done, of)))
    assert told == sorted(told)
    assert told[-1] == (12, 12)


def test_what_a_dead_program_left_beside_the_folder_is_removed(tmp_path: Path) -> None:
    from tsi_graph.store import open_store

    ruin = tmp_path / ".a.db.999999999.1.new"
    ruin.mkdir()
    (ruin / "half").write_text("x")
    open_store(tmp_path / "a.db").write(FIRST, "first")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.db", "a.db.snapshot.npz"]


def test_a_store_that_another_made_meanwhile_is_used(tmp_path: Path) -> None:
    from tsi_graph.store import open_store

    store, other = open_store(tmp_path / "a.db"), open_store(tmp_path / "a.db")
    engine: Any = store._engine
    begin = engine._begin

    def late(work: object) -> object:
        other.write(FIRST, "other")
        return begin(work)

    engine._begin = late
    assert store.write(Batch(nodes=[BEN]), "mine").number == 2
    assert [n["id"] for n in shown(store)[0]] == ["ann", "ben", "net"]


def test_a_server_that_cannot_be_reached_is_not_asked_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Neo4jEngine("bolt://127.0.0.1:1", "neo4j", "secret")
    with pytest.raises(StoreUnreachable, match="does not answer") as first:
        list(engine.query("RETURN 1 AS one", {}))
    asked: list[bool] = []
    monkeypatch.setattr(engine._driver, "verify_connectivity", lambda: asked.append(True))
    with pytest.raises(StoreUnreachable) as second:
        list(engine.query("RETURN 1 AS one", {}))
    assert (str(first.value), asked) == (str(second.value), [])
    engine._reading.circuit._open_until = 0.0
    with pytest.raises(StoreUnreachable):
        list(engine.query("RETURN 1 AS one", {}))
    assert asked == [True]
    engine.close()


@pytest.mark.neo4j
def test_an_answer_closes_the_circuit(neo4j_server: tuple[str, str]) -> None:
    url, password = neo4j_server
    engine = Neo4jEngine(url, "neo4j", password)
    engine._reading.circuit._open_until = 1.0
    assert list(engine.query("RETURN 1 AS one", {})) == [{"one": 1}]
    assert engine._reading.circuit._open_until == 0.0
    engine.close()
