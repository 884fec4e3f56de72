"""What is written for other programs is read back equal."""

import json
import re
from datetime import date
from io import BytesIO

import networkx
import numpy as np
import openpyxl
import pandas as pd
import pytest

from tsi_graph.errors import Unusable
from tsi_graph.exports import EXPORTERS, Look, export, files
from tsi_graph.graph import Graph

READERS = {
    ".graphml": lambda data: networkx.read_graphml(BytesIO(data), force_multigraph=True, edge_key_type=int),
    ".gexf": lambda data: networkx.read_gexf(BytesIO(data)),
}


def awkward() -> Graph:
    nodes = pd.DataFrame(
        {
            "id": ["a", "b", "c d<&>"],
            "name": ['Ann "<b>" & Co', "Be\x00n\u202e", "è 🙂"],
            "budget": [1.5, float("nan"), None],
            "since": [date(2020, 5, 1), None, pd.NaT],
            "mixed": [1, "two", 3.5],
            "label": ["mine", None, None],
            "public": [True, None, False],
            "count": np.array([1, 2, 3]),
        }
    )
    edges = pd.DataFrame(
        {
            "source": ["a", "a", "b"],
            "target": ["b", "b", "c d<&>"],
            "weight": [1.0, 2.5, 1.0],
            "kind": ["FUNDS", "FUNDS", "SUPPORTS"],
            "amount": [100.0, None, float("inf")],
            "start": ["2017", "2018-11", None],
        }
    )
    return Graph.from_edges(edges, nodes)


@pytest.mark.parametrize("ending", READERS)
def test_every_plain_value_is_read_back(tmp_path, ending):
    graph = READERS[ending](export(awkward(), tmp_path / f"map{ending}").read_bytes())
    assert {node: {k: v for k, v in row.items() if k != "label"} for node, row in graph.nodes(data=True)} == {
        "a": {
            "kind": "Stakeholder",
            "budget": 1.5,
            "since": "2020-05-01",
            "mixed": "1",
            "label_": "mine",
            "public": True,
            "count": 1,
        },
        "b": {"kind": "Stakeholder", "mixed": "two", "count": 2},
        "c d<&>": {"kind": "Stakeholder", "mixed": "3.5", "public": False, "count": 3},
    }
    assert [graph.nodes[n]["label"] for n in graph] == ['Ann "<b>" & Co', "Be\u006e\u202e", "è 🙂"]
    assert [
        (a, b, row["weight"], row["kind"], row.get("amount"), row.get("start_")) for a, b, row in graph.edges(data=True)
    ] == [
        ("a", "b", 1.0, "FUNDS", 100.0, "2017"),
        ("a", "b", 2.5, "FUNDS", None, "2018-11"),
        ("b", "c d<&>", 1.0, "SUPPORTS", None, None),
    ]


@pytest.mark.parametrize("ending", READERS)
def test_what_is_blank_is_left_out_as_everywhere(ending):
    nodes = pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"], "notes": ["", "x"]})
    read = READERS[ending](EXPORTERS[ending](Graph.from_edges([("a", "b")], nodes), Look()))
    assert ("notes" in read.nodes["a"], read.nodes["b"]["notes"]) == (False, "x")


@pytest.mark.parametrize("ending", READERS)
def test_two_whom_xml_makes_one_are_refused(ending):
    with pytest.raises(Unusable, match="Two ids are the same"):
        EXPORTERS[ending](Graph.from_edges([("a\x07", "a")]), Look())


def test_a_column_of_the_name_that_numbers_the_ties_stays():
    edges = pd.DataFrame({"source": ["a", "b"], "target": ["b", "a"], "number": [7, 8], "key": ["x", "y"]})
    graph = Graph.from_edges(edges, directed=True)
    script = EXPORTERS[".cypher"](graph, Look()).decode()
    assert re.findall(r"number_: (\d).* number: (\d)", script) == [("7", "0"), ("8", "1")]
    ties = json.loads(EXPORTERS[".json"](graph, Look()))["edges"]
    assert [(tie["key_"], tie["key"]) for tie in ties] == [("x", 0), ("y", 1)]


@pytest.mark.parametrize("ending", READERS)
def test_the_torino_facts_are_read_back(tmp_path, facts, ending):
    written = files.as_networkx(facts, Look())
    graph = READERS[ending](export(facts, tmp_path / f"map{ending}").read_bytes())
    assert graph.is_directed()
    assert dict(graph.nodes(data=True)) == dict(written.nodes(data=True))
    assert len(graph.edges) == len(facts.edges)
    assert sorted((a, b, row["kind"]) for a, b, row in graph.edges(data=True)) == sorted(
        zip(facts.edges["source"], facts.edges["target"], facts.edges["kind"], strict=True)
    )


def test_folded_ties_have_no_direction_and_scores_travel_along(organisations):
    score = pd.Series(1.5, index=organisations.ids, name="ponte")
    graph = files.as_networkx(organisations, Look(size=score))
    assert not graph.is_directed()
    assert (len(graph), len(graph.edges)) == (356, 1804)
    assert {row["ponte"] for _, row in graph.nodes(data=True)} == {1.5}


def test_columns_do_not_do_in_kumu_what_nobody_asked_for():
    nodes = pd.DataFrame({"id": ["a|b"], "name": ["A"], "url": ["javascript:x"], "On": [1], "Image": ["http://y"]})
    book = openpyxl.load_workbook(BytesIO(EXPORTERS[".kumu.xlsx"](Graph.from_edges([], nodes), Look())))
    head, row = book["Elements"].iter_rows(values_only=True)
    cells = dict(zip(head, row, strict=True))
    assert cells["Code"] == "a¦b"
    assert [one for one in head if one.endswith("(data)")] == ["url (data)", "On (data)", "Image (data)"]


@pytest.mark.parametrize("ending", [".gexf", ".graphml"])
def test_nobody_is_without_an_id_where_xml_can_hold_none_of_its_signs(ending):
    """Gephi leaves out who has a blank id, and all the ties."""
    graph = Graph.from_edges([("\x07", "b")], pd.DataFrame({"id": ["\x07", "b"], "name": ["A", "B"]}))
    read = READERS[ending](EXPORTERS[ending](graph, Look()))
    assert sorted(read) == ["?", "b"]
    assert {frozenset(ends[:2]) for ends in read.edges} == {frozenset("?b")}
