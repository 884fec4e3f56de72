"""One text for every engine: what goes in comes out, twice changes nothing, undo restores."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from tsi_graph.batch import Batch, Problem
from tsi_graph.errors import Conflict, DataInvalid, NotFound, StoreLocked, StoreUnreachable, Unusable
from tsi_graph.graph import DOCUMENTED, View, load_graph
from tsi_graph.model import Funds, Investor, MemberOf, Network, PartnerOf, Project, Stakeholder, Topic, WorksOn
from tsi_graph.store import Store, arcade, open_store, writing
from tsi_graph.store.arcade import ArcadeEngine
from tsi_graph.store.exchange import exchange

ANN = Stakeholder(id="ann", name="Ann", sector="foundation", origin="page a", confidence=3)
BEN = Stakeholder(id="ben", name="Ben", sector="company", origin="page b", confidence=3)
NET = Network(id="net", name="Net", scope="global", origin="page n", confidence=3)
PLAY = Project(id="play", name="Play", origin="page p", confidence=3)
JOINED = MemberOf(source="ann", target="net", valid_from="2017", origin="page m", confidence=3)


def shown(store: Store) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """The graph as the database holds it, without the ids of statements."""
    nodes, edges = store.read("nodes", limit=10**6), store.read("edges", limit=10**6)
    clean = edges.drop(columns=["statement"], errors="ignore")
    return (
        nodes.astype(object).where(nodes.notna(), None).to_dict("records"),
        clean.astype(object).where(clean.notna(), None).to_dict("records"),
    )


def test_a_delivery_becomes_nodes_and_ties(store: Store) -> None:
    counts = store.write(Batch(nodes=[ANN, NET], edges=[JOINED]), "first")
    assert (counts.number, counts.new, counts.unchanged, counts.withdrawn) == (1, 3, 0, 0)
    nodes, edges = shown(store)
    assert [(n["id"], n["kind"], n["name"], n["scope"]) for n in nodes] == [
        ("ann", "Stakeholder", "Ann", None),
        ("net", "Network", "Net", "global"),
    ]
    assert [(e["source"], e["kind"], e["target"], e["valid_from"], e["confidence"]) for e in edges] == [
        ("ann", "MEMBER_OF", "net", "2017", 3)
    ]


def test_an_investor_carries_the_labels_of_what_it_is(store: Store) -> None:
    store.write(Batch(nodes=[Investor(id="inv", name="Inv")]), "first")
    [labels] = store.read("labels", id="inv")["labels"]
    assert set(labels) == {"Node", "Stakeholder", "Investor"}


def test_the_same_delivery_twice_changes_nothing(store: Store) -> None:
    store.write(Batch(nodes=[ANN, NET], edges=[JOINED]), "first")
    before = shown(store), len(store.statements().imports)
    assert store.write(Batch(nodes=[ANN, NET], edges=[JOINED]), "first").number == 0
    assert (shown(store), len(store.statements().imports)) == before


def test_another_dataset_that_says_the_same_adds_no_tie(store: Store) -> None:
    store.write(Batch(nodes=[ANN, NET], edges=[JOINED]), "first")
    before = shown(store)
    counts = store.write(Batch(nodes=[ANN, NET], edges=[JOINED]), "second")
    assert (counts.number, counts.new, counts.unchanged) == (2, 0, 3)
    assert shown(store) == before


def test_one_edited_cell_changes_that_cell_and_nothing_else(store: Store) -> None:
    store.write(Batch(nodes=[ANN, BEN, NET], edges=[JOINED]), "first")
    nodes, edges = shown(store)
    renamed = BEN.model_copy(update={"city": "Torino"})
    counts = store.write(
        Batch(nodes=[ANN, Stakeholder(**renamed.model_dump(exclude_unset=True)), NET], edges=[JOINED]), "first"
    )
    assert (counts.new, counts.unchanged, counts.withdrawn) == (1, 3, 1)
    expected = [{**n, "city": "Torino"} if n["id"] == "ben" else n for n in nodes]
    assert shown(store) == (expected, edges)


def test_undo_restores_and_redo_brings_back(store: Store) -> None:
    store.write(Batch(nodes=[ANN, NET], edges=[JOINED]), "first")
    former = shown(store)
    store.write(Batch(nodes=[BEN], edges=[PartnerOf(source="ann", target="ben")]), "second")
    later = shown(store)
    assert store.undo().undoes == 2
    assert shown(store) == former
    store.redo()
    assert shown(store) == later
    with pytest.raises(NotFound, match="nothing to bring back"):
        store.redo()


def test_undoing_what_a_later_import_ties_to_hides_the_tie_until_it_is_back(store: Store) -> None:
    store.write(Batch(nodes=[ANN]), "first")
    store.write(Batch(nodes=[NET]), "second")
    store.write(Batch(edges=[JOINED]), "third")
    all_there = shown(store)
    store.undo(2)
    assert shown(store) == (all_there[0][:1], [])
    store.redo()
    assert shown(store) == all_there


def test_an_import_cannot_be_taken_back_twice(store: Store) -> None:
    store.write(Batch(nodes=[ANN]), "first")
    store.undo()
    with pytest.raises(Conflict, match="already taken back"):
        store.undo(1)
    with pytest.raises(NotFound, match="nothing to take back"):
        store.undo()


def test_a_body_that_becomes_an_investor_keeps_its_ties(store: Store) -> None:
    store.write(Batch(nodes=[ANN, NET], edges=[JOINED]), "first")
    _, edges = shown(store)
    store.write(
        Batch(nodes=[Investor(id="ann", name="Ann", origin="page a", confidence=3), NET], edges=[JOINED]), "first"
    )
    nodes, still = shown(store)
    assert [n["kind"] for n in nodes] == ["Investor", "Network"]
    assert still == edges


def test_sources_that_disagree_stand_side_by_side(store: Store) -> None:
    twelve = Network(id="net", name="Net", members_stated="12", seen="2017-11-30", origin="page x", confidence=3)
    fifty = Network(
        id="net", name="Net", members_stated="more than 50", seen="2017-11-30", origin="page y", confidence=2
    )
    store.write(Batch(nodes=[NET, twelve, fifty]), "first")
    graph = load_graph(store)
    assert graph.nodes.loc[0, ["members_stated", "disputed"]].tolist() == ["12", "members_stated"]
    said = store.read("statements_about", id="net")
    assert sorted(said["origin"]) == ["page n", "page x", "page y"]


def test_a_person_outranks_the_next_delivery_of_the_same_error(store: Store) -> None:
    store.write(Batch(nodes=[ANN]), "first")
    [wrong] = store.statements().rows["id"]
    right = Stakeholder(id="ann", name="Anna", sector="foundation", origin="she says so", confidence=2)
    store.correct([wrong], Batch(nodes=[right]), note="the name was cut")
    assert shown(store)[0][0]["name"] == "Anna"
    store.write(Batch(nodes=[ANN]), "other file")
    assert shown(store)[0][0]["name"] == "Anna"
    store.undo(2)
    assert shown(store)[0][0]["name"] == "Ann"


def test_what_a_complete_delivery_no_longer_says_is_withdrawn(store: Store) -> None:
    store.write(Batch(nodes=[ANN, BEN, NET], edges=[JOINED]), "first")
    store.write(Batch(nodes=[BEN]), "second")
    counts = store.write(Batch(nodes=[ANN]), "first", complete=True)
    assert counts.withdrawn == 2
    nodes, edges = shown(store)
    assert ([n["id"] for n in nodes], edges) == (["ann", "ben"], [])


def test_two_grants_between_the_same_two_bodies_are_two_ties(store: Store) -> None:
    grants = [
        Funds(source="ann", target="play", amount=1_600_000, role="experiment", origin="a"),
        Funds(source="ann", target="play", amount=150_000, role="study", origin="b"),
    ]
    store.write(Batch(nodes=[ANN, PLAY], edges=grants), "first")
    assert [e["amount"] for e in shown(store)[1]] == [1_600_000, 150_000]
    edited = [grants[0], Funds(source="ann", target="play", amount=160_000, role="study", origin="b")]
    store.write(Batch(nodes=[ANN, PLAY], edges=edited), "first")
    assert [e["amount"] for e in shown(store)[1]] == [1_600_000, 160_000]


def test_unverified_rows_are_kept_and_shown_only_when_asked_for(store: Store) -> None:
    rumour = MemberOf(source="ben", target="net", origin="general knowledge", confidence=1)
    store.write(Batch(nodes=[ANN, BEN, NET], edges=[JOINED, rumour]), "first")
    assert len(shown(store)[1]) == len(load_graph(store).edges) == 1
    assert len(load_graph(store, View(confidence=1)).edges) == 2


def test_rows_that_cannot_be_leave_the_store_as_it_was(store: Store) -> None:
    store.write(Batch(nodes=[ANN, NET]), "first")
    before = shown(store)
    topic = Topic(id="t", name="T")
    batch = Batch(
        nodes=[topic, Project(id="ann", name="Ann", place="projects.csv row 2")],
        edges=[
            MemberOf(source="ann", target="nett", place="ties.csv row 2"),
            WorksOn(source="ann", target="net", place="ties.csv row 3"),
            WorksOn(source="ann", target="t", place="ties.csv row 4"),
        ],
        problems=[Problem("ties.csv", 5, "start", "2017-13", "there is no such month")],
    )
    with pytest.raises(DataInvalid) as refused:
        store.write(batch, "second")
    assert [str(p) for p in refused.value.problems] == [
        "ties.csv row 5, start: '2017-13': there is no such month",
        "projects.csv row 2, id: 'ann': this id is already a stakeholder in the store; use another",
        "ties.csv row 2, target_id: 'nett': nothing with this id is in the delivery or in the store; "
        "did you mean 'net'?",
        "ties.csv row 3, target_id: 'net': WORKS_ON points to a topic, and this is a network",
    ]
    assert shown(store) == before
    counts = store.write(batch, "second", partial=True)
    assert (counts.new, len(counts.problems)) == (2, 4)
    assert [n["id"] for n in shown(store)[0]] == ["ann", "net", "t"]


def test_the_same_fact_told_two_ways_by_one_source_is_a_problem(store: Store) -> None:
    again = MemberOf(source="ann", target="net", valid_from="2018", origin="page m", place="ties.csv row 3")
    with pytest.raises(DataInvalid) as refused:
        store.write(Batch(nodes=[ANN, NET], edges=[JOINED, again]), "first")
    [only] = refused.value.problems
    assert (only.file, only.row, only.column, only.value) == ("ties.csv", 3, "target_id", "ann → net")


def test_names_are_data_whatever_they_contain(store: Store) -> None:
    name = "'}) DETACH DELETE n // <script>\"\\ $rows \u2028 è"
    store.write(Batch(nodes=[Stakeholder(id="x'}--", name=name), ANN]), "first")
    assert [(n["id"], n["name"]) for n in shown(store)[0]] == [("ann", "Ann"), ("x'}--", name)]


def test_the_graph_in_the_store_is_the_default_view(store: Store) -> None:
    rumour = MemberOf(source="ben", target="net", confidence=1)
    store.write(Batch(nodes=[ANN, BEN, NET, PLAY], edges=[JOINED, rumour, Funds(source="ann", target="play")]), "first")
    graph = load_graph(store, DOCUMENTED)
    assert graph.edges["fact"].tolist() == [e["fact"] for e in shown(store)[1]]
    assert graph.nodes["id"].tolist() == [n["id"] for n in shown(store)[0]]


@pytest.mark.parametrize("name", ["", "  ", "a\x00b"])
def test_a_dataset_has_a_name(store: Store, name: str) -> None:
    with pytest.raises(Unusable, match="dataset"):
        store.write(Batch(nodes=[ANN]), name)


def test_what_two_datasets_said_is_gone_when_neither_says_it(store: Store) -> None:
    for name in ("d", "e"):
        store.write(Batch(nodes=[ANN, BEN]), name)
    counts = [store.write(Batch(nodes=[BEN]), name, complete=True).withdrawn for name in ("d", "e")]
    assert counts == [0, 1]
    assert [n["id"] for n in shown(store)[0]] == ["ben"]


def test_undoing_an_import_in_the_middle_is_as_if_it_had_never_come(store: Store) -> None:
    for nodes in ([ANN, BEN], [ANN], [ANN, NET]):
        store.write(Batch(nodes=nodes), "d", complete=True)
    store.undo(2)
    assert [n["id"] for n in shown(store)[0]] == ["ann", "net"]


def test_a_complete_delivery_leaves_no_row_out(store: Store) -> None:
    store.write(Batch(nodes=[ANN, BEN]), "d")
    broken = Batch(nodes=[BEN], problems=[Problem("organisations.csv", 2, "kind", "x", "no such kind")])
    with pytest.raises(Unusable, match="cannot be complete"):
        store.write(broken, "d", complete=True, partial=True)
    assert len(shown(store)[0]) == 2


def test_an_unknown_query_is_named_with_those_there_are(store: Store) -> None:
    with pytest.raises(NotFound, match=r"No query 'nobody'\. Known: .*edges, .*nodes"):
        store.read("nobody")
    with pytest.raises(NotFound):
        store.read("../write/delete_node")


def test_the_snapshot_answers_while_another_program_holds_the_folder(tmp_path: Path) -> None:
    import arcadedb

    store = open_store(tmp_path / "a.db")
    store.write(Batch(nodes=[ANN]), "first")
    with arcadedb.open_database(str(tmp_path / "a.db")):
        assert load_graph(open_store(tmp_path / "a.db")).nodes["id"].tolist() == ["ann"]


def test_a_lost_or_damaged_snapshot_is_made_anew(tmp_path: Path) -> None:
    store = open_store(tmp_path / "a.db")
    store.write(Batch(nodes=[ANN, NET], edges=[JOINED]), "first")
    snapshot = tmp_path / "a.db.snapshot.npz"
    before = store.statements()
    for damage in (b"", snapshot.read_bytes()[:100], b"PK\x03\x04 nonsense"):
        snapshot.write_bytes(damage)
        again = open_store(tmp_path / "a.db").statements()
        assert (again.rows.to_dict("list"), again.imports) == (before.rows.to_dict("list"), before.imports)


def test_a_folder_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("dear")
    with pytest.raises(StoreUnreachable, match="something else"):
        open_store(tmp_path / "letters").write(Batch(nodes=[ANN]), "first")
    assert [p.name for p in (tmp_path / "letters").iterdir()] == ["a.txt"]


def test_a_refused_first_import_leaves_no_store_behind(tmp_path: Path) -> None:
    with pytest.raises(DataInvalid):
        open_store(tmp_path / "a.db").write(Batch(edges=[JOINED]), "first")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StoreUnreachable, match="There is no store"):
        open_store(tmp_path / "a.db").statements()


@pytest.mark.parametrize("url", ["http://x", "postgres://x", "neo4jj://x"])
def test_an_address_that_is_no_store_is_explained(url: str) -> None:
    with pytest.raises(StoreUnreachable, match="neo4j://host"):
        open_store(url)


def test_a_server_that_is_not_there_is_explained_soon() -> None:
    with pytest.raises(StoreUnreachable, match="does not answer"), open_store("bolt://127.0.0.1:1") as store:
        store.statements()


def test_two_imports_never_share_a_moment_though_the_clock_is_set_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = datetime(2026, 1, 1, 12, tzinfo=UTC)
    monkeypatch.setattr(writing, "now", lambda: clock)
    store.write(Batch(nodes=[ANN]), "first")
    clock -= timedelta(hours=1)
    store.write(Batch(nodes=[ANN, BEN]), "first")
    store.undo()
    moments = [one.at for one in store.statements().imports]
    assert [(at - moments[0]).microseconds for at in moments] == [0, 1, 2]
    known = [len(load_graph(store, View(known_at=at)).nodes) for at in moments]
    assert known == [1, 2, 1]


def test_the_snapshot_serves_while_another_program_holds_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(tmp_path / "a.db").write(Batch(nodes=[ANN]), "first")
    store = open_store(tmp_path / "a.db")
    monkeypatch.setattr(arcade, "PATIENCE", 0.05)
    with ArcadeEngine(tmp_path / "a.db").turn():
        assert len(store.statements().rows) == 1
        with pytest.raises(StoreLocked):
            store.write(Batch(nodes=[BEN]), "second")


def test_who_waited_for_a_folder_that_was_exchanged_has_the_new_one_alone(tmp_path: Path) -> None:
    for name in ("a.db", "b.db"):
        open_store(tmp_path / name).write(Batch(nodes=[ANN]), "first")
    engine, told = ArcadeEngine(tmp_path / "a.db"), list[str]()

    def take(name: str, seconds: float) -> None:
        with engine.turn():
            told.append(f"{name} in")
            time.sleep(seconds)
            told.append(f"{name} out")

    with engine.turn():
        second = Thread(target=take, args=("second", 0.5))
        second.start()
        time.sleep(0.2)
        exchange(tmp_path / "b.db", tmp_path / "a.db")
    while not told:
        time.sleep(0.01)
    take("third", 0.0)
    second.join()
    assert told == ["second in", "second out", "third in", "third out"]
