"""Random histories of imports, corrections and undos, asked at random dates and moments, against the reference."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.store.model import Reference
from tsi_graph.batch import Batch
from tsi_graph.graph import View, graph_of
from tsi_graph.model import Edge, Funds, MemberOf, Network, Node, PartnerOf, Stakeholder, saying
from tsi_graph.statements import said_all
from tsi_graph.store import Store, writing

DATES = ["", "", "2015", "2017-03", "2018-06-15", ".."]
START = datetime(2026, 1, 1, tzinfo=UTC)


def some_rows(chance: random.Random) -> Batch:
    """A small delivery in which sources disagree, dates are partial and some rows are unverified."""
    nodes: dict[tuple[str, str], Node] = {}
    edges: dict[tuple[str, str, str], Edge] = {}
    for _ in range(chance.randint(1, 5)):
        origin, level = chance.choice(["p", "q"]), chance.choice([1, 2, 3, 3])
        i = chance.choice("abc")
        cells = {k: chance.choice(["x", "y"]) for k in chance.sample(["city", "country"], chance.randint(0, 2))}
        lives = {"valid_from": chance.choice(["", "2015", "2017-03"]), "valid_to": chance.choice(["", "", "2018"])}
        nodes[i, origin] = Stakeholder(
            id=i, name=chance.choice(["One", "Two"]), origin=origin, confidence=level, **cells, **lives
        )
    nodes["n", "p"] = Network(id="n", name="N", origin="p", confidence=chance.choice([2, 3]))
    for _ in range(chance.randint(0, 4)):
        begin, end = chance.choice(DATES), chance.choice(DATES)
        kind, target = chance.choice([(MemberOf, "n"), (Funds, "b"), (PartnerOf, "c")])
        origin = chance.choice(["p", "q"])
        try:
            edge = kind(
                source="a", target=target, valid_from=begin, valid_to=end, origin=origin, key=chance.choice("12"),
                confidence=chance.choice([1, 2, 3]), role=chance.choice(["lead", "guest"]),
            )  # fmt: skip
        except ValueError:
            continue
        edges[edge.kind, origin, edge.key] = edge
    needed = {"a", *(e.target for e in edges.values())} if edges else set()
    for i in sorted(needed - {i for i, _ in nodes}):
        nodes[i, "p"] = Stakeholder(id=i, name="One", origin="p", confidence=3)
    return Batch(nodes=list(nodes.values()), edges=list(edges.values()))


def play(store: Store, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance, reference, clock = random.Random(seed), Reference(), START
    for _ in range(chance.randint(3, 9)):
        clock += timedelta(hours=chance.choice([-2, 1, 3, 3]))
        monkeypatch.setattr(writing, "now", lambda at=clock: at)
        in_force = [m.number for m in reference.counting()]
        action = chance.choice(["deliver", "deliver", "deliver", "correct", "undo", "undo", "again"])
        if action == "undo" and in_force:
            number = chance.choice([in_force[-1], in_force[-1], chance.choice(in_force)])
            store.undo(number)
            reference.undo(clock, number)
        elif action == "correct" and reference.statements:
            batch = some_rows(chance)
            if chance.random() < 0.5:  # cells alone, as a person's correction says them
                batch.nodes[:] = [saying(n, n.model_fields_set - {"name"}) for n in batch.nodes]
            wrong = set(chance.sample(sorted(reference.statements), 1))
            store.correct(wrong, batch)
            reference.correct(clock, wrong, [s for s, _ in said_all(batch)[0]])
        elif action in ("deliver", "again"):
            batch, dataset = some_rows(chance), chance.choice(["one", "two"])
            complete = chance.random() < 0.3
            for _ in range(2 if action == "again" else 1):
                store.write(batch, dataset, complete)
                reference.deliver(clock, dataset, [s for s, _ in said_all(batch)[0]], complete)
        if reference.moments:
            assert_same(store, reference, chance, clock)


def assert_same(store: Store, reference: Reference, chance: random.Random, clock: datetime) -> None:
    table = store.statements()
    assert [i.number for i in table.imports] == [m.number for m in reference.moments]
    for _ in range(4):
        as_of = chance.choice([None, "2015", "2016-05", "2017-03-10", "2018-06-15"])
        known_at = chance.choice([None, START + timedelta(hours=chance.randint(-1, 25))])
        sure, confidence = chance.random() < 0.4, chance.choice([1, 2, 3])
        nodes, ties = reference.view(as_of, known_at, sure, confidence)
        graph = graph_of(table, View(confidence=confidence, as_of=as_of, known_at=known_at, sure=sure))
        shown = graph.nodes.astype(object).where(graph.nodes.notna(), None).set_index("id")
        got = {
            i: {k: row[k] for k in ("kind", "name", "city", "country", "valid_from", "valid_to") if row[k]}
            for i, row in shown.to_dict("index").items()
        }
        assert got == nodes
        assert dict(zip(graph.edges["fact"], graph.edges["statement"], strict=True)) == ties
    nodes, ties = reference.view(None, None, False, 2)
    held = store.read("nodes", limit=1000), store.read("edges", limit=1000)
    assert {n.id: n.name for n in held[0].itertuples()} == {i: cells["name"] for i, cells in nodes.items()}
    assert {e.fact: e.statement for e in held[1].itertuples()} == ties


def test_histories(fresh: Callable[[], Store], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    on_server = "neo4j" in request.node.name
    for seed in range(8 if on_server else 40):
        play(fresh(), seed, monkeypatch)
