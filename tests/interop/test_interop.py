"""What goes to another library says the same there, and comes back as it went."""

from __future__ import annotations

import json
import re
import sys
from io import BytesIO

import pandas as pd
import pytest
from hypothesis import given, settings

from tests.conftest import ROOT
from tests.interop.graphs import graphs, said
from tests.store.test_store import ANN, BEN, JOINED, NET
from tsi_graph.batch import Batch
from tsi_graph.errors import DataInvalid, Unusable
from tsi_graph.graph import Graph, load_graph, one_mode
from tsi_graph.interop import from_networkx, to_gds, to_igraph, to_networkx, to_pandas
from tsi_graph.store import Store

networkx = pytest.importorskip("networkx")


@settings(max_examples=200, deadline=None)
@given(graphs())
def test_a_graph_comes_back_from_networkx_as_it_went(graph: Graph) -> None:
    there = to_networkx(graph)
    ordered = there.is_directed()
    assert said(from_networkx(there), ordered_ends=ordered) == said(graph, ordered_ends=ordered)
    assert (there.number_of_nodes(), there.number_of_edges()) == (len(graph), len(graph.edges))


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_a_graph_comes_back_from_pandas_as_it_went(graph: Graph) -> None:
    nodes, edges = to_pandas(graph)
    assert said(Graph.from_edges(edges, nodes, directed=graph.directed)) == said(graph)
    nodes["id"] = "other"
    assert "other" not in graph.ids[:-1]


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_igraph_holds_the_same(graph: Graph) -> None:
    pytest.importorskip("igraph")
    there = to_igraph(graph)
    nodes, edges, _ = said(graph)
    kept = [{name: value for name, value in v.attributes().items() if value is not None} for v in there.vs]
    assert [{k: v for k, v in row.items() if k != "label"} | {"name": row["label"]} for row in kept] == nodes
    ids = there.vs["id"]
    found = [
        {"source": ids[e.source], "target": ids[e.target]} | {k: v for k, v in e.attributes().items() if v is not None}
        for e in there.es
    ]
    places = {node: i for i, node in enumerate(ids)}
    for row in found + edges if not there.is_directed() else []:
        row["source"], row["target"] = sorted((row["source"], row["target"]), key=places.__getitem__)
    assert found == edges


def test_the_map_of_torino_goes_round(torino: Graph) -> None:
    there = to_networkx(torino)
    assert there.is_directed()
    assert said(from_networkx(there)) == said(torino)
    assert to_igraph(torino).vcount() == len(torino)
    folded = one_mode(torino)
    assert not to_networkx(folded).is_directed()
    assert said(from_networkx(to_networkx(folded)), ordered_ends=False) == said(folded, ordered_ends=False)


def test_any_networkx_graph_can_be_read() -> None:
    simple = networkx.DiGraph()
    simple.add_node("a", label="Ada", id=7)
    simple.add_edge("b", "a", source="a page", weight=3)
    graph = from_networkx(simple)
    assert graph.directed
    assert graph.nodes[["id", "name", "kind", "id_"]].astype(object).where(
        graph.nodes.notna(), None
    ).values.tolist() == [
        ["a", "Ada", "Stakeholder", 7],
        ["b", "b", "Stakeholder", None],
    ]
    assert graph.edges[["source", "target", "weight", "source_"]].values.tolist() == [["b", "a", 3.0, "a page"]]
    assert len(from_networkx(networkx.karate_club_graph())) == 34
    assert len(from_networkx(networkx.Graph())) == 0


def test_networkx_writes_what_it_is_given(torino: Graph) -> None:
    for write in (networkx.write_graphml, networkx.write_gexf):
        write(to_networkx(one_mode(torino)), BytesIO())


def test_a_weight_that_is_none_is_refused() -> None:
    wrong = networkx.Graph()
    wrong.add_edge("a", "b", weight="heavy")
    with pytest.raises(Unusable, match="'heavy'"):
        from_networkx(wrong)
    wrong.add_edge("a", "b", weight=-1)
    with pytest.raises(DataInvalid, match="not negative"):
        from_networkx(wrong)


def test_igraph_is_asked_for_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "igraph", None)
    with pytest.raises(Unusable) as refused:
        to_igraph(Graph.from_edges([("a", "b")]))
    assert "pip install igraph" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_igraph_needs_ids_that_differ_as_text() -> None:
    pytest.importorskip("igraph")
    with pytest.raises(Unusable, match="same when written"):
        to_igraph(Graph.from_edges([(1, "1")]))


def test_a_projection_names_every_edge_and_those_alone() -> None:
    nodes = pd.DataFrame({"id": ["ann", "ben", "cy"]})
    projection = to_gds(Graph.from_edges([("ann", "ben", 2.0)], nodes), "friends")
    assert projection.parameters["rows"] == [
        {"source": "ann", "target": "ben", "kind": "EDGE", "weight": 2.0},
        {"source": "cy", "target": None, "kind": "EDGE", "weight": 0.0},
    ]
    assert projection.parameters["configuration"] == {"undirectedRelationshipTypes": ["*"]}
    assert str(projection) == projection.text
    json.dumps(projection.parameters)
    with pytest.raises(Unusable, match="has a name"):
        to_gds(Graph.from_edges([("ann", "ben")]), " ")


def test_a_store_without_gds_says_so_in_one_line(store: Store) -> None:
    store.write(Batch(nodes=[ANN, BEN, NET], edges=[JOINED]), "first")
    for source in (store, load_graph(store)):
        projection = to_gds(source, "all")
        for act in (projection.run, projection.remove):
            with pytest.raises(Unusable, match="no Graph Data Science") as refused:
                act(store)
            assert "\n" not in str(refused.value)


@pytest.mark.neo4j
def test_a_real_server_reads_the_projections_up_to_the_function_it_lacks(
    neo4j_server: tuple[str, str], torino: Graph
) -> None:
    from neo4j import GraphDatabase
    from neo4j.exceptions import ClientError

    url, password = neo4j_server
    with GraphDatabase.driver(url, auth=("neo4j", password)) as driver:
        for projection in (to_gds(one_mode(torino), "folded"), to_gds(torino, "all")):
            with pytest.raises(ClientError, match=r"Unknown function 'gds\.graph\.project'"):
                driver.execute_query(projection.text, projection.parameters)


def test_the_public_names_are_those_of_the_package() -> None:
    import tsi_graph

    for name in ("to_networkx", "from_networkx", "to_pandas", "to_igraph", "to_gds"):
        assert callable(getattr(tsi_graph, name))


def test_nothing_of_it_is_loaded_by_the_api() -> None:
    import subprocess

    code = "import sys, api.app; print(sorted({'py2neo', 'igraph', 'tsi_graph.interop.py2neo'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("library", ["py2neo", "igraph"])
def test_each_library_is_imported_in_one_module(library: str) -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for folder in ("tsi_graph", "api")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(rf"^\s*(import|from) {library}\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert found == [f"tsi_graph/interop/{library}.py"]


def with_blanks() -> Graph:
    """Columns that are blank all over, and edges whose columns stand in no usual order."""
    nodes = pd.DataFrame({"id": ["a", "b"], "kind": "Stakeholder", "name": ["A", "B"]})
    nodes = nodes.assign(city=pd.Series([None, None], dtype=object), budget=[float("nan")] * 2, note=["x", None])
    edges = pd.DataFrame({"key": ["k"], "target": ["b"], "role": pd.Series([None], dtype=object), "source": ["a"]})
    return Graph.from_edges(edges.assign(kind="FUNDS"), nodes, directed=True)


def test_blank_columns_and_their_order_survive_networkx() -> None:
    graph = with_blanks()
    there = to_networkx(graph)
    networkx.write_graphml(there, BytesIO())
    for back in (from_networkx(there), from_networkx(there.copy())):
        pd.testing.assert_frame_equal(back.nodes, graph.nodes, check_dtype=False)
        pd.testing.assert_frame_equal(back.edges, graph.edges, check_dtype=False)
        assert back.nodes["budget"].dtype == float
    there.graph["columns"] = "of somebody else"
    assert from_networkx(there).nodes["id"].tolist() == ["a", "b"]


@pytest.mark.parametrize("what", [None, "a graph", 3])
def test_what_is_no_networkx_graph_is_named(what: object) -> None:
    with pytest.raises(Unusable, match=f"not {type(what).__name__}"):
        from_networkx(what)
