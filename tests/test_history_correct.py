"""Putting right by hand: what is done, what it stands against, and ids that are one body."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.store.test_store import shown
from tsi_graph.batch import Batch
from tsi_graph.errors import Conflict, DataInvalid, NotFound, Unusable
from tsi_graph.graph import DOCUMENTED, View, graph_of, load_graph
from tsi_graph.history import conflicts, correct, history, plan_correction
from tsi_graph.model import Funds, MemberOf, Network, PartnerOf, Project, Stakeholder
from tsi_graph.store import Store

ANN = Stakeholder(id="ann", name="Ann", city="Roma", website="a.it", origin="page a", valid_from="2010")
BEN = Stakeholder(id="ben", name="Ben", origin="page b")
NET = Network(id="net", name="Net")
JOINED = MemberOf(source="ann", target="net", valid_from="2017", role="guest", origin="page m", confidence=3)
FILE = Batch(nodes=[ANN, BEN, NET], edges=[JOINED, PartnerOf(source="ben", target="ann")])


def put(store: Store, *words: str, note: str = "", **fields: str) -> Any:
    more = {k: fields.pop(k) for k in ("origin",) if k in fields}
    return correct(store, plan_correction(store, *words, fields=fields, **more), note)


def node(store: Store, i: str = "ann") -> dict[str, Any]:
    nodes = load_graph(store).nodes.set_index("id", drop=False)
    return dict(nodes.loc[i])


def consistent(store: Store) -> None:
    """What the database holds is what the default view shows."""
    graph = load_graph(store, View(membership=True))
    nodes, edges = shown(store)
    assert [n["id"] for n in nodes] == graph.nodes["id"].tolist()
    assert [n["city"] for n in nodes] == graph.nodes["city"].astype(object).where(
        graph.nodes["city"].notna(), None
    ).tolist()
    ends = ["fact", "source", "kind", "target"]
    assert sorted(tuple(e[k] for k in ends) for e in edges) == sorted(
        graph.edges[ends].itertuples(index=False, name=None)
    )


def test_a_cell_is_put_right_against_the_next_delivery_of_the_same_file(store: Store) -> None:
    store.write(FILE, "file")
    plan = plan_correction(store, "ann", fields={"city": "Torino"}, origin="called them")
    assert [vars(c) for c in plan.changes] == [{"field": "city", "before": "Roma", "after": "Torino"}]
    assert plan.withdraw == ()
    assert len(store.statements().imports) == 1  # nothing is written by planning
    done = correct(store, plan, "moved")
    assert (node(store)["city"], node(store)["website"], done.number) == ("Torino", "a.it", 2)
    store.write(FILE, "file")
    new = ANN.model_copy(update={"city": "Milano", "website": "new.it"})
    store.write(Batch(nodes=[new, BEN, NET], edges=FILE.edges), "file")
    assert (node(store)["city"], node(store)["website"]) == ("Torino", "new.it")
    assert {(c.value, c.wins, c.why) for c in conflicts(store).itertuples()} == {
        ("Torino", True, "by hand"),
        ("Milano", False, "by hand"),
    }
    store.undo(2)
    assert node(store)["city"] == "Milano"
    store.redo()
    assert node(store)["city"] == "Torino"
    consistent(store)


def test_corrections_stand_one_by_one_and_each_is_undone_alone(store: Store) -> None:
    store.write(FILE, "file")
    put(store, "ann", city="Torino", country="IT")
    again = put(store, "ann", city="Ivrea", note="again")
    assert again.withdraw == ()
    assert (node(store)["city"], node(store)["country"]) == ("Ivrea", "IT")
    assert {(c.value, c.wins, c.why) for c in conflicts(store).itertuples()} == {
        ("Ivrea", True, "later by hand"),
        ("Torino", False, "later by hand"),
        ("Roma", False, "by hand"),
    }
    store.undo(2)
    assert (node(store)["city"], node(store)["country"]) == ("Ivrea", None)
    store.redo()
    store.undo(3)
    assert (node(store)["city"], node(store)["country"]) == ("Torino", "IT")
    put(store, "ann", city="Asti", origin="heard of it")
    assert node(store)["city"] == "Asti"
    consistent(store)


def test_dates_of_a_node_are_put_right_on_every_day_and_nothing_else_is(store: Store) -> None:
    store.write(FILE, "file")
    put(store, "ann", valid_from="2015")
    assert "ann" not in load_graph(store, View(as_of="2012")).nodes["id"].tolist()
    now = node(store)
    assert (now["valid_from"], now["city"], now["website"]) == ("2015", "Roma", "a.it")
    moved = ANN.model_copy(update={"city": "Milano", "name": "Anna"})
    store.write(Batch(nodes=[moved, BEN, NET], edges=FILE.edges), "file")
    assert "ann" not in load_graph(store, View(as_of="2012")).nodes["id"].tolist()
    assert (node(store)["name"], node(store)["city"], node(store)["valid_from"]) == ("Anna", "Milano", "2015")
    put(store, "ann", valid_from="1990")
    assert "ann" in load_graph(store, View(as_of="1995")).nodes["id"].tolist()
    store.undo(2)
    assert node(store)["valid_from"] == "1990"
    store.undo(4)
    assert node(store)["valid_from"] == "2010"


def test_cells_put_right_say_nothing_of_a_node_that_nobody_says_is_there(store: Store) -> None:
    store.write(FILE, "file")
    put(store, "ben", city="Asti")
    store.undo(1)
    assert load_graph(store, DOCUMENTED).nodes.empty
    assert shown(store) == ([], [])


def test_a_tie_is_said_anew_and_what_was_said_is_withdrawn(store: Store) -> None:
    store.write(FILE, "file")
    plan = plan_correction(store, "ann", "aderisce a", "net", fields={"valid_to": "2020", "role": ""}, origin="minutes")
    assert [(c.field, c.before, c.after) for c in plan.changes] == [("valid_to", None, "2020"), ("role", "guest", None)]
    correct(store, plan)
    [tie] = [e for e in shown(store)[1] if e["kind"] == "MEMBER_OF"]
    assert (tie["valid_from"], tie["valid_to"], tie["role"], tie["origin"]) == ("2017", "2020", None, "minutes")
    more = Batch(nodes=[ANN, BEN, NET, Project(id="p", name="P")], edges=FILE.edges)
    store.write(more, "file")  # the same wrong row again
    assert [e["valid_to"] for e in shown(store)[1] if e["kind"] == "MEMBER_OF"] == ["2020"]
    assert conflicts(store).empty
    store.undo(2)
    assert [e["valid_to"] or "" for e in shown(store)[1] if e["kind"] == "MEMBER_OF"] == [""]
    consistent(store)


def test_a_tie_is_added_withdrawn_and_told_apart_by_its_key(store: Store) -> None:
    grants = [Funds(source="ann", target="ben", amount=n, key=k) for n, k in ((10, "x"), (20, "y"))]
    store.write(Batch(nodes=FILE.nodes, edges=[*FILE.edges, *grants]), "file")
    with pytest.raises(Unusable, match="say which by key="):
        plan_correction(store, "ann", "funds", "ben", fields={"amount": "30"})
    put(store, "ann", "funds", "ben", key="y", amount="30")
    assert sorted(e["amount"] for e in shown(store)[1] if e["kind"] == "FUNDS") == [10, 30]
    put(store, "ben", "member_of", "net", valid_from="2020")
    assert sum(e["kind"] == "MEMBER_OF" for e in shown(store)[1]) == 2
    correct(store, plan_correction(store, "ann", "partner_of", "ben", withdraw=True))
    store.write(Batch(nodes=[*FILE.nodes, Project(id="p", name="P")], edges=[*FILE.edges, *grants]), "file")
    assert not [e for e in shown(store)[1] if e["kind"] == "PARTNER_OF"]
    consistent(store)


def test_a_person_may_settle_what_sources_dispute(store: Store) -> None:
    store.write(Batch(nodes=[ANN, ANN.model_copy(update={"city": "Asti", "origin": "page z"})]), "file")
    put(store, "ann", city=node(store)["city"])
    assert set(conflicts(store)["why"]) == {"by hand"}


@pytest.mark.parametrize(
    ("words", "fields", "fault", "says"),
    [
        (("nobody",), {"city": "x"}, NotFound, "'nobody'"),
        (("ann",), {"mood": "x"}, Unusable, "no field 'mood'"),
        (("ann",), {"city": " "}, Unusable, "a blank says nothing"),
        (("ann",), {"city": "Roma"}, Conflict, "Nothing to correct"),
        (("ann",), {"valid_to": "2005"}, Unusable, "before it starts"),
        (("ann",), {"valid_from": "soon"}, Unusable, "a date is written"),
        (("ann", "likes", "ben"), {}, NotFound, "No relation 'likes'"),
        (("ann", "member_of", "nobody"), {}, NotFound, "'nobody'"),
        (("ann", "member_of", "net"), {"budget": "3"}, Unusable, "no field 'budget'"),
        (("ann", "member_of", "net"), {"role": "guest"}, Conflict, "Nothing to correct"),
        (("ann", "same_as", "ann"), {}, Unusable, "one id"),
        (("ann", "same_as", "ben"), {"city": "x"}, Unusable, "No field"),
    ],
)
def test_what_cannot_be_said_is_refused(
    store: Store, words: tuple[str, ...], fields: dict[str, str], fault: type[Exception], says: str
) -> None:
    store.write(FILE, "file")
    with pytest.raises(fault, match=says):
        plan_correction(store, *words, fields=fields)


def test_two_ids_are_one_body_whose_ties_move_to_the_surviving_one(store: Store) -> None:
    store.write(FILE, "file")
    twin = Stakeholder(id="ann2", name="Ann Srl", country="IT", origin="page t")
    store.write(
        Batch(
            nodes=[twin], edges=[MemberOf(source="ann2", target="net"), Funds(source="ann2", target="ben", amount=5)]
        ),
        "two",
    )
    before = shown(store)
    done = put(store, "ann2", "same_as", "ann")
    assert [n["id"] for n in shown(store)[0]] == ["ann", "ben", "net"]
    assert (node(store)["country"], node(store)["city"]) == ("IT", "Roma")
    ties = {(e["source"], e["kind"], e["target"]) for e in shown(store)[1]}
    assert ties == {("ann", "MEMBER_OF", "net"), ("ann", "PARTNER_OF", "ben"), ("ann", "FUNDS", "ben")}
    assert "ann2" in load_graph(store, View(known_at=store.statements().imports[1].at)).nodes["id"].tolist()
    consistent(store)
    assert set(history(store, "ann")["node"]) == set(history(store, "ann2")["node"]) == {"ann", "ann2"}
    with pytest.raises(NotFound, match="same body as 'ann'"):
        plan_correction(store, "ann2", fields={"city": "x"})
    # Files go on saying the old id, and it goes on meaning the body.
    store.write(
        Batch(nodes=[twin.model_copy(update={"country": "FR"})], edges=[MemberOf(source="ann2", target="net")]), "two"
    )
    assert node(store)["country"] == "FR"
    consistent(store)
    store.undo()
    store.undo(done.number)
    assert shown(store) == before
    store.redo()
    correct(store, plan_correction(store, "ann2", "same_as", "ann", withdraw=True))
    assert shown(store) == before


def test_a_body_is_not_two_sorts_of_thing(store: Store) -> None:
    store.write(FILE, "file")
    with pytest.raises(DataInvalid) as found:
        put(store, "ann", "same_as", "net")
    assert "a stakeholder and a network are not the same" in str(found.value.problems[0])


def test_ids_joined_and_parted_at_random_leave_the_store_as_its_view(
    fresh: Callable[[], Store], request: pytest.FixtureRequest
) -> None:
    ids = [f"s{i}" for i in range(6)]
    for seed in range(2 if "neo4j" in request.node.name else 8):
        chance, store = random.Random(seed), fresh()

        def delivery(chance: random.Random = chance) -> Batch:
            nodes = [
                Stakeholder(
                    id=i,
                    name=i.upper(),
                    city=chance.choice(["x", "y", None]),
                    origin="p",
                    confidence=chance.choice([2, 3]),
                )
                for i in ids
            ]
            pairs = {tuple(chance.sample(ids, 2)) for _ in range(5)}
            edges = [
                chance.choice([PartnerOf, Funds])(source=a, target=b, amount=chance.randint(1, 9)) for a, b in pairs
            ]
            net = [MemberOf(source=i, target="net", role=chance.choice("ab")) for i in chance.sample(ids, 2)]
            unique = {(e.kind, *sorted((e.source, e.target))): e for e in edges}
            return Batch(nodes=[*nodes, NET], edges=[*unique.values(), *net])

        store.write(delivery(), "one")
        for _ in range(7):
            action = chance.choice(["join", "join", "undo", "write", "withdraw"])
            a, b = chance.sample(ids, 2)
            try:
                if action == "join":
                    put(store, a, "same_as", b)
                elif action == "undo":
                    store.undo()
                elif action == "write":
                    store.write(delivery(), chance.choice(["one", "two"]), chance.random() < 0.4)
                else:
                    correct(store, plan_correction(store, a, "same_as", b, withdraw=True))
            except (NotFound, Unusable):
                continue
            consistent(store)
            if not store.statements().imports:
                break


def test_views_of_joined_ids_add_nothing_and_lose_no_tie_to_others() -> None:
    from tests.test_history_conflicts import told
    from tsi_graph.model import SameAs

    batch = Batch(
        nodes=[Stakeholder(id=i, name=i) for i in "abcd"],
        edges=[
            PartnerOf(source="a", target="c"),
            PartnerOf(source="b", target="c"),
            PartnerOf(source="a", target="b"),
            Funds(source="a", target="d", amount=1),
            Funds(source="b", target="d", amount=2),
        ],
    )
    joined = Batch(edges=[SameAs(source="b", target="a"), SameAs(source="c", target="b")])
    graph = graph_of(told(batch, Batch(edges=joined.edges[:1]), by_hand=(2,)), DOCUMENTED)
    assert graph.nodes["id"].tolist() == ["a", "c", "d"]
    ties = [(e.source, e.kind, e.target, e.weight) for e in graph.edges.itertuples()]
    assert ties == [("a", "FUNDS", "d", 1.0), ("a", "FUNDS", "d", 1.0), ("a", "PARTNER_OF", "c", 1.0)]
    assert graph.edges["amount"].tolist()[:2] == [1, 2]  # two grants stay two grants
    chained = graph_of(told(batch, joined, by_hand=(2,)), DOCUMENTED)
    assert chained.nodes["id"].tolist() == ["a", "d"]
    assert set(chained.edges["kind"]) == {"FUNDS"}
