"""What was known when, and how two views differ: against a plain reference on random histories."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.store.model import Reference
from tests.store.test_history import START, some_rows
from tsi_graph import compare, history
from tsi_graph.batch import Batch
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.graph import View
from tsi_graph.history import view_of
from tsi_graph.model import MemberOf, Network, Stakeholder
from tsi_graph.statements import Import, Table, row_of, said_all
from tsi_graph.store.projection import table_of

MOMENTS = [None, *(START + timedelta(hours=h) for h in range(0, 30, 4))]


def said(batch: Batch) -> list[Any]:
    return [s for s, _ in said_all(batch)[0]]


def played(seed: int) -> tuple[Reference, Table]:
    """A random history, as the reference keeps it, and the table that a store would hold of it."""
    chance, reference, clock = random.Random(seed), Reference(), START
    for _ in range(chance.randint(2, 8)):
        clock += timedelta(hours=chance.choice([-2, 1, 3, 3]))
        in_force = [m.number for m in reference.counting()]
        action = chance.choice(["deliver", "deliver", "deliver", "correct", "undo", "undo"])
        if action == "undo" and in_force:
            reference.undo(clock, chance.choice([in_force[-1], in_force[-1], chance.choice(in_force)]))
        elif action == "correct" and reference.statements:
            wrong = {chance.choice(sorted(reference.statements))}
            reference.correct(clock, wrong, said(some_rows(chance)))
        elif action == "deliver":
            reference.deliver(clock, chance.choice(["one", "two"]), said(some_rows(chance)), chance.random() < 0.3)
    return reference, table_from(reference)


def table_from(reference: Reference) -> Table:
    """The statements of a reference with the changes that its moments made, as the rules of a delivery say."""
    changes: dict[str, list[int]] = {i: [] for i in reference.statements}
    mine: dict[str, set[str]] = {}
    for m in reference.moments:
        if m.undoes:
            continue
        gone = set(m.withdrawn)
        if not m.by_hand:
            before, facts = mine.setdefault(m.dataset, set()), {reference.statements[i].fact for i in m.said}
            gone = {i for i in before - m.said if m.complete or reference.statements[i].fact in facts}
            before |= m.said
        for i in m.said:
            changes[i].append(m.number)
        for i in gone:
            changes[i].append(-m.number)
    rows = [{**row_of(reference.statements[i]), "changes": changes[i]} for i in sorted(changes) if changes[i]]
    imports = [
        Import(m.number, m.at, m.dataset, by_hand=m.by_hand, undoes=m.undoes, complete=m.complete)
        for m in reference.moments
    ]
    return table_of(rows, imports)


def test_two_views_differ_as_a_plain_reference_says() -> None:
    compared = 0
    for seed in range(90):
        reference, table = played(seed)
        if table.rows.empty:
            continue
        chance = random.Random(seed)
        for _ in range(3):
            asked = [
                (
                    chance.choice([None, "2015", "2017-03-10", "2018-06-15"]),
                    chance.choice(MOMENTS),
                    chance.random() < 0.3,
                )
                for _ in range(2)
            ]
            (n0, t0), (n1, t1) = (reference.view(day, moment, sure, 2) for day, moment, sure in asked)
            views = [View(as_of=day, known_at=moment, sure=sure) for day, moment, sure in asked]
            found = compare(table, *views)
            assert set(found.came["id"]) == n1.keys() - n0.keys()
            assert set(found.left["id"]) == n0.keys() - n1.keys()
            assert dict(zip(found.gained["fact"], found.gained["statement"], strict=True)) == {
                f: t1[f] for f in t1.keys() - t0.keys()
            }
            assert dict(zip(found.lost["fact"], found.lost["statement"], strict=True)) == {
                f: t0[f] for f in t0.keys() - t1.keys()
            }
            assert changes_found(found.changed) == changes_plain(reference, n0, n1, t0, t1)
            for c in found.changed.to_dict("records"):
                for side in ("before", "after"):
                    value = c[side]
                    assert value is None or full(reference, c[f"statement_{side}"])[c["field"]] == value
            compared += len(found.changed)
    assert compared > 120


def changes_found(changed: Any) -> set[tuple[Any, ...]]:
    return {(c.fact, c.field, c.before, c.after) for c in changed.itertuples() if c.field not in ("sector", "weight")}


def changes_plain(reference: Reference, n0: Any, n1: Any, t0: Any, t1: Any) -> set[tuple[Any, ...]]:
    out = set()
    for i in n0.keys() & n1.keys():
        for name in ("kind", "name", "city", "country", "scope", "valid_from", "valid_to"):
            if n0[i].get(name) != n1[i].get(name):
                out.add((f"{i}|row", name, n0[i].get(name), n1[i].get(name)))
    for fact in t0.keys() & t1.keys():
        one, other = full(reference, t0[fact]), full(reference, t1[fact])
        out |= {(fact, k, one.get(k), other.get(k)) for k in one.keys() | other.keys() if one.get(k) != other.get(k)}
    return out


def full(reference: Reference, i: str) -> dict[str, Any]:
    s = reference.statements[i]
    return json.loads(s.value) | {d: getattr(s, d) for d in ("valid_from", "valid_to") if getattr(s, d)}


def test_a_statement_is_known_exactly_in_its_spells() -> None:
    ended = 0
    for seed in range(40):
        reference, table = played(seed)
        bodies = sorted(set(table.rows["node"]))
        for body in bodies:
            found = history(table, body)
            mine = {i for i, s in reference.statements.items() if body in (s.node, s.target)}
            assert set(found["id"]) == mine & set(table.rows["id"])
            for moment in MOMENTS[1:]:
                known = reference.known(moment).keys() & mine
                got = {
                    s.id
                    for s in found.itertuples()
                    if any(p.since <= moment and (p.until is None or moment < p.until) for p in s.spells)
                }
                assert got == known
            assert set(found["id"][found["known"]]) == reference.known(None).keys() & mine
            for one in found["spells"]:
                assert all(a.until <= b.since for a, b in pairwise(one))
                ended += sum(bool(p.ended_by) for p in one)
    assert ended > 30


def net(year: str, role: str = "guest", city: str = "x", name: str = "Ann") -> Batch:
    return Batch(
        nodes=[Stakeholder(id="a", name=name, city=city, origin="p"), Network(id="n", name="N")],
        edges=[MemberOf(source="a", target="n", valid_from=year, valid_to="2020", role=role, origin="q")],
    )


def test_a_comparison_shows_both_statements() -> None:
    reference = Reference()
    reference.deliver(START, "one", said(net("2017")), False)
    reference.deliver(START + timedelta(hours=1), "one", said(net("2018", city="y")), False)
    table = table_from(reference)
    found = compare(table, View(known_at=START), View())
    assert [len(t) for t in (found.came, found.left, found.gained, found.lost)] == [0, 0, 0, 0]
    assert found.changed[
        ["node", "relation", "target", "field", "before", "after", "origin_after"]
    ].values.tolist() == [
        ["a", "row", "", "city", "x", "y", "p"],
        ["a", "MEMBER_OF", "n", "valid_from", "2017", "2018", "q"],
    ]
    assert (found.changed["statement_before"] != found.changed["statement_after"]).all()
    gone = compare(table, View(as_of="2019"), View(as_of="2021"))
    assert gone.lost[["source", "kind", "target"]].values.tolist() == [["a", "MEMBER_OF", "n"]]


def test_views_are_written_in_one_line() -> None:
    imports = [Import(3, START)]
    base = View(membership=True)
    assert view_of("now", base) == base
    assert view_of("2020-6", base).as_of == "2020-06"
    assert view_of("import=3,sure=true", base, imports) == View(membership=True, known_at=START, sure=True)
    assert view_of("as_of=2018, confidence=low", base) == View(membership=True, as_of="2018", confidence=1)
    assert view_of("known_at=2026-11-30", base).known_at == datetime(2026, 11, 30, 23, 59, 59, 999999, UTC)
    for wrong in (
        "soon",
        "asof=2018",
        "known_at=soon",
        "sure=maybe",
        "confidence=9",
        "confidence=wild",
        "",
        "as_of=",
        "2018,2019",
        "sure=true,sure=false",
    ):
        with pytest.raises(Unusable):
            view_of(wrong, base)
    with pytest.raises(NotFound, match="no import 4"):
        view_of("import=4", base, imports)


def test_nothing_known_of_an_id_is_not_found() -> None:
    with pytest.raises(NotFound, match="'z'"):
        history(table_of([], []), "z")
