"""The bridge to py2neo: what goes comes back, a server that stalls is left, and what py2neo cannot do is said."""

from __future__ import annotations

import gc
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from threading import Event, Thread

import pandas as pd
import pytest
from hypothesis import given, settings

from tests.conftest import wipe
from tests.interop.graphs import graphs, said
from tests.interop.test_interop import with_blanks
from tests.store.test_store import ANN, BEN, JOINED, NET
from tsi_graph.batch import Batch
from tsi_graph.errors import DataInvalid, Refused, StoreUnreachable, Unusable
from tsi_graph.graph import Graph
from tsi_graph.interop import py2neo as bridge
from tsi_graph.store import open_store
from tsi_graph.store.adhoc_run import QueryTimeout

py2neo = pytest.importorskip("py2neo", reason="py2neo is not installed: pip install 'tsi-graph[py2neo]'")
# py2neo closes no socket of its own
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


@pytest.fixture(autouse=True)
def _tidy() -> Iterator[None]:
    yield
    gc.collect()


@settings(max_examples=200, deadline=None)
@given(graphs())
def test_a_graph_comes_back_as_it_went(graph: Graph) -> None:
    there = bridge.to_subgraph(graph)
    assert (len(there.nodes), len(there.relationships)) == (len(graph), len(graph.edges))
    assert said(bridge.from_subgraph(there)) == said(graph)


def test_blank_columns_and_their_order_survive() -> None:
    graph = with_blanks()
    back = bridge.from_subgraph(bridge.to_subgraph(graph))
    pd.testing.assert_frame_equal(back.nodes, graph.nodes, check_dtype=False)
    pd.testing.assert_frame_equal(back.edges, graph.edges, check_dtype=False)


def test_labels_and_types_are_those_of_the_store() -> None:
    nodes = pd.DataFrame({"id": ["inv", "sun"], "kind": ["Investor", "Sundial"], "city": ["Torino", None]})
    edges = pd.DataFrame({"source": ["inv"], "target": ["sun"], "kind": ["INVESTS_IN"], "amount": [5.0]})
    there = bridge.to_subgraph(Graph.from_edges(edges, nodes, directed=True))
    [inv] = [node for node in there.nodes if node["id"] == "inv"]
    [sun] = [node for node in there.nodes if node["id"] == "sun"]
    assert (set(inv.labels), set(sun.labels)) == ({"Node", "Stakeholder", "Investor"}, {"Sundial"})
    assert "city" not in sun
    [tie] = there.relationships
    assert (type(tie).__name__, tie["amount"], tie.start_node["id"]) == ("INVESTS_IN", 5.0, "inv")


def test_a_subgraph_made_by_hand_becomes_a_graph() -> None:
    ann, play = py2neo.Node("Stakeholder", "Investor", "Node", id="ann"), py2neo.Node("Project", id="play", name="Play")
    graph = bridge.from_subgraph(py2neo.Relationship(ann, "FUNDS", play, weight=2.0))
    assert graph.nodes[["id", "kind"]].values.tolist() == [["ann", "Investor"], ["play", "Project"]]
    assert graph.edges[["source", "target", "kind", "weight"]].values.tolist() == [["ann", "play", "FUNDS", 2.0]]
    with pytest.raises(DataInvalid, match="property id"):
        bridge.from_subgraph(py2neo.Node("Stakeholder", name="nameless"))


def test_the_first_node_of_a_database_is_one_node() -> None:
    """py2neo takes the node with the number 0 for another one each time."""
    first = [py2neo.Node("Project", id="play") for _ in range(2)]
    for node in first:
        node.graph, node.identity = "a graph", 0
        node._stale.clear()
    assert len(bridge.from_subgraph(py2neo.Subgraph(first))) == 1


def test_what_neo4j_cannot_hold_is_refused() -> None:
    for kind in ("", "a\0b"):
        edges = pd.DataFrame({"source": ["a"], "target": ["b"], "kind": [kind]})
        with pytest.raises(Unusable, match="label or a type"):
            bridge.to_subgraph(Graph.from_edges(edges))
    edges = pd.DataFrame({"source": ["a"], "target": ["b"], "_copy": [1]})
    with pytest.raises(Unusable, match="_copy"):
        bridge.to_subgraph(Graph.from_edges(edges))


def test_it_is_asked_for_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py2neo", None)
    for act in (lambda: bridge.to_subgraph(Graph.from_edges([("a", "b")])), lambda: bridge.connect("bolt://nowhere")):
        with pytest.raises(Unusable) as refused:
            act()
        assert str(refused.value) == "py2neo is not installed here: pip install 'tsi-graph[py2neo]'"


def test_the_api_and_the_command_line_never_load_it() -> None:
    code = "import sys, api.app, tsi_graph.cli; print([name for name in sys.modules if 'py2neo' in name])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture
def stalled() -> Iterator[int]:
    """The port of a server that accepts and says nothing."""
    stop, kept = Event(), []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)

        def accept() -> None:
            while not stop.is_set():
                try:
                    kept.append(server.accept()[0])
                except TimeoutError:
                    continue

        worker = Thread(target=accept, daemon=True)
        worker.start()
        yield server.getsockname()[1]
        stop.set()
        worker.join()
    for one in kept:
        one.close()


@pytest.mark.parametrize("deadline", [0.5, 2.0])
def test_a_server_that_stalls_is_left_within_the_deadline(stalled: int, deadline: float) -> None:
    began = time.monotonic()
    with pytest.raises(StoreUnreachable), quiet():
        bridge.connect(f"bolt://127.0.0.1:{stalled}", password="x", deadline=deadline)
    assert time.monotonic() - began < deadline + 1


@pytest.mark.parametrize("deadline", [0.5, 2.0])
def test_one_that_stalls_py2neo_alone_is_left_too(
    stalled: int, deadline: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridge, "_verify", lambda *_: None)
    began = time.monotonic()
    with pytest.raises(StoreUnreachable, match="did not answer within"), quiet():
        bridge.connect(f"bolt://127.0.0.1:{stalled}", password="x", deadline=deadline)
    assert time.monotonic() - began < deadline + 1


def test_a_server_that_is_not_there_is_said_so() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(StoreUnreachable, match="cannot be used"), quiet():
        bridge.connect(f"bolt://127.0.0.1:{port}", password="x", deadline=5)


class quiet(warnings.catch_warnings):  # type: ignore[type-arg]  # noqa: N801
    """Without the warning that py2neo has ended, which has its own test."""

    def __enter__(self) -> None:
        super().__enter__()
        warnings.simplefilter("ignore")


@pytest.fixture
def connected(neo4j_server: tuple[str, str]) -> Iterator[object]:
    url, password = neo4j_server
    wipe(url, password)
    with quiet():
        graph = bridge.connect(url, password=password)
    yield graph
    graph.service.connector.close()
    wipe(url, password)


@pytest.mark.neo4j
@pytest.mark.parametrize(("lang", "words"), [("it", "fuori manutenzione"), ("en", "out of maintenance")])
def test_it_is_said_once_that_it_has_ended(
    neo4j_server: tuple[str, str], lang: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridge, "_said", set())
    url, password = neo4j_server
    with pytest.warns(UserWarning, match=words):
        bridge.connect(url, password=password, lang=lang)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        bridge.connect(url, password=password, lang=lang)


@pytest.mark.neo4j
def test_a_wrong_password_is_said_so(neo4j_server: tuple[str, str]) -> None:
    with pytest.raises(StoreUnreachable, match="refused the user or password"), quiet():
        bridge.connect(neo4j_server[0], password="certainly wrong")


@pytest.mark.neo4j
def test_a_frame_of_what_the_store_wrote(connected: object, neo4j_server: tuple[str, str]) -> None:
    with open_store(neo4j_server[0], password=neo4j_server[1]) as store:
        store.write(Batch(nodes=[ANN, BEN, NET], edges=[JOINED]), "first")
        text = "MATCH (n:Node) WHERE n.id IN $ids RETURN n.id AS id, n.name AS name ORDER BY id"
        table = bridge.run_frame(connected, text, ids=["ann", "net"])
        assert table.to_dict("list") == {"id": ["ann", "net"], "name": ["Ann", "Net"]}
        pd.testing.assert_frame_equal(table, store.cypher(text, ids=["ann", "net"]), check_flags=False)
        for write in ("MATCH (n) DETACH DELETE n", "LOAD CSV FROM 'file:///etc/hostname' AS row RETURN row"):
            with pytest.raises(Refused):
                bridge.run_frame(connected, write)
        with pytest.raises(Unusable, match="could not run it"):
            bridge.run_frame(connected, "RETURN nothing_of_the_kind() AS x")
        with pytest.raises(QueryTimeout):
            bridge.run_frame(connected, "UNWIND range(1, 30000) AS a UNWIND range(1, 30000) AS b WITH a, b WHERE a < 0 RETURN count(*) AS n", seconds=0.5)  # fmt: skip  # noqa: E501


@pytest.mark.neo4j
def test_a_graph_written_with_py2neo_to_a_real_server_comes_back(connected: object) -> None:
    nodes = pd.DataFrame({"id": ["ann", "ben", "cy"], "kind": ["Investor", "Project", "Stakeholder"], "città": "Asti"})
    edges = pd.DataFrame({"source": ["ann", "cy"], "target": ["ben", "ann"], "kind": ["FUNDS", "PARTNER_OF"]})
    graph = Graph.from_edges(edges.assign(amount=[5.5, None]), nodes, directed=True)
    connected.create(bridge.to_subgraph(graph))  # type: ignore[attr-defined]
    found = connected.query("MATCH (n:Node) OPTIONAL MATCH (n)-[r]->() RETURN collect(n), collect(r)")  # type: ignore[attr-defined]
    [[got, ties]] = [list(record.values()) for record in found]
    back = bridge.from_subgraph(py2neo.Subgraph(got, ties), directed=True)
    sources, sent = said(graph)[:2]
    assert said(back)[0] == sources
    assert sorted(said(back)[1], key=repr) == sorted(sent, key=repr)


@pytest.mark.neo4j
def test_py2neo_itself_folds_parallel_edges_which_the_store_keeps(connected: object) -> None:
    """Said in docs/py2neo.md: its `create` merges relationships by their type."""
    two = Graph.from_edges(
        pd.DataFrame({"source": ["a", "a"], "target": ["b", "b"], "kind": "FUNDS", "amount": [1, 2]})
    )
    connected.create(bridge.to_subgraph(two))  # type: ignore[attr-defined]
    assert bridge.run_frame(connected, "MATCH ()-[r:FUNDS]->() RETURN count(r) AS n")["n"][0] == 1


@pytest.mark.neo4j
def test_what_py2neo_cannot_do_on_neo4j_5_is_as_the_document_says(connected: object) -> None:
    with pytest.raises(py2neo.errors.ClientError):
        connected.schema.create_index("Stakeholder", "name")  # type: ignore[attr-defined]
    with pytest.raises(py2neo.errors.ClientError):
        connected.schema.create_uniqueness_constraint("Stakeholder", "name")  # type: ignore[attr-defined]
    with pytest.raises(py2neo.errors.ClientError):
        connected.schema.get_indexes("Stakeholder")  # type: ignore[attr-defined]
