"""Every exchange file, read back by a reader that is not ours, says what the graph says; hostile text stays text."""

from __future__ import annotations

import csv
import json
import re
import xml.etree.ElementTree as ET
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import networkx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, note, settings

from tests.exports.hostile import graphs
from tsi_graph.analysis import scale
from tsi_graph.exports import EXPORTERS, Look
from tsi_graph.exports.cells import STARTS
from tsi_graph.exports.files import identity
from tsi_graph.exports.files import text as xml_text
from tsi_graph.exports.kumu import kumu_rows
from tsi_graph.exports.pajek import labelled, word
from tsi_graph.exports.records import Records, columns, records
from tsi_graph.graph import Graph

KUMU = {"label", "type", "tags", "description", "direction", "from", "to"}


def back(cell: str) -> str:
    """What stood in a cell before it was made harmless."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(STARTS) else cell


def written(ending: str, graph: Graph) -> bytes:
    return EXPORTERS[ending](graph, Look())


# ---- one reader for each format: what it finds must equal what the records say


def check_node_link(graph: Graph, found: Records) -> None:
    data = json.loads(written(".json", graph).decode("utf-8"))
    read = networkx.node_link_graph(data, edges="edges")
    assert read.is_directed() == found.directed
    said = {row["id"]: {k: v for k, v in row.items() if k != "id"} for row in found.nodes}
    assert dict(read.nodes(data=True)) == said
    edges = sorted(read.edges(keys=True, data=True), key=lambda edge: edge[2])
    assert len(edges) == len(found.edges)
    for (a, b, _, row), edge in zip(edges, found.edges, strict=True):
        assert {a, b} == {edge["source"], edge["target"]}
        assert {k.removesuffix("_") if k == "key_" else k: v for k, v in row.items()} == {
            k: v for k, v in edge.items() if k not in ("source", "target")
        }


def check_csv(graph: Graph, found: Records, *, italian: bool) -> None:
    archive = ZipFile(BytesIO(written(".it.csv.zip" if italian else ".csv.zip", graph)))
    assert archive.namelist() == ["nodes.csv", "edges.csv"]
    for name, rows in (("nodes.csv", found.nodes), ("edges.csv", found.edges)):
        raw = archive.read(name)
        assert raw.startswith(b"\xef\xbb\xbf") == italian
        text = raw.decode("utf-8-sig")
        table = list(csv.reader(StringIO(text, newline=""), delimiter=";" if italian else ","))
        assert not any(cell.startswith(STARTS) and not _number(cell) for line in table for cell in line)
        head = [back(cell) for cell in table[0]]
        assert len(table) == len(rows) + 1
        for line, row in zip(table[1:], rows, strict=True):
            cells = {name: cell for name, cell in zip(head, line, strict=True) if cell != ""}
            expected = {k: v for k, v in row.items() if v != ""}
            assert cells.keys() == expected.keys()
            for key, value in expected.items():
                assert _same(cells[key], value, italian=italian), (key, cells[key], value)


def _number(cell: str) -> bool:
    return bool(re.fullmatch(r"-?\d+([.,]\d+)?(e[+-]?\d+)?", cell))


def _same(cell: str, value: object, *, italian: bool) -> bool:
    if isinstance(value, bool):
        return cell == (("VERO" if value else "FALSO") if italian else str(value).lower())
    if isinstance(value, float):
        return float(cell.replace(",", ".") if italian else cell) == value
    return back(cell) == value if isinstance(value, str) else cell == str(value)


def check_workbook(graph: Graph, found: Records) -> None:
    data = written(".xlsx", graph)
    _no_formula(data)
    book = openpyxl.load_workbook(BytesIO(data))
    assert book.sheetnames == ["Nodes", "Edges"]
    for sheet, rows, first in zip(
        book, (found.nodes, found.edges), (("id", "name"), ("source", "target", "kind", "weight")), strict=True
    ):
        assert sheet.freeze_panes == "A2"
        order = columns(rows, first)
        assert sheet.auto_filter.ref.startswith("A1:")
        assert _line(sheet[1], len(order)) == [_sheet_text(name) for name in order]
        assert sheet.max_row == len(rows) + 1
        for y, row in enumerate(rows, 2):
            expected = [row.get(name) for name in order]
            for cell, value in zip(_line(sheet[y], len(order)), expected, strict=True):
                _cell_is(cell, value)


def _line(cells: Any, width: int) -> list[Any]:
    return [cell.value for cell in cells][:width]


def _sheet_text(value: str) -> str:
    """As Excel shows it: signs that XML cannot hold as a mark, `_x005F_` as the underscore that it stands for."""
    text = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", value.replace("\r", "\n"))
    escaped = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    return f"'{escaped}" if text.lstrip("'").startswith(STARTS) else escaped


def _cell_is(cell: Any, value: Any) -> None:
    if isinstance(value, str):
        assert (cell or "") == _sheet_text(value)
    elif (isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53) or (
        isinstance(value, float) and abs(value) > 1.7976e308
    ):
        assert cell == str(value)
    else:
        assert cell == (pytest.approx(value, rel=1e-15, abs=0) if isinstance(value, float) else value)
        assert isinstance(cell, bool) == isinstance(value, bool)


def _no_formula(data: bytes) -> None:
    archive = ZipFile(BytesIO(data))
    for name in archive.namelist():
        if name.startswith("xl/worksheets"):
            xml = archive.read(name)
            assert b"<f>" not in xml
            assert b"<f " not in xml
            assert b"hyperlink" not in xml.split(b"<sheetData>")[0]


def check_kumu(graph: Graph, found: Records) -> None:
    """Kumu's column rules, as its documentation has them (kumu/docs).

    guides/import/import.md: Label in A1, From and To in A1 and B1, a bar parts values, headings in the first row, no
    sheet but those meant for it. guides/fields.md: what each core field does, and names that no field may have.
    faq/how-do-I-avoid-duplicating-data.md: an element is its label and type, unless there are ids, which the ends of
    connections then are; each row of connections is one. guides/import/blueprints.md: the same keys in JSON.
    """
    data = json.loads(written(".kumu.json", graph))
    assert set(data) == {"elements", "connections"}
    elements, connections = kumu_rows(found)
    assert data["elements"] == elements
    labels = [one["label"] for one in data["elements"]]
    assert len({label.strip().lower() for label in labels}) == len(labels) == len(found.nodes)
    assert [one["code"] for one in elements] == [row["id"] for row in found.nodes]
    assert all(label and label == label.strip() and "|" not in label and "\n" not in label for label in labels)
    at = dict(zip(labels, (row["id"] for row in found.nodes), strict=True))
    assert [(at[c["from"]], at[c["to"]], c["weight"]) for c in data["connections"]] == [
        (row["source"], row["target"], row["weight"]) for row in found.edges
    ]
    assert {c["direction"] for c in data["connections"]} <= {"directed" if found.directed else "undirected"}
    for one, row in zip(data["elements"], found.nodes, strict=True):
        assert not {"image", "email", "Image", "Email"} & one.keys()
        assert re.sub(r"\\(.)", r"\1", one.get("description", ""), flags=re.S) == str(row.get("notes", ""))
    sheets = written(".kumu.xlsx", graph)
    _no_formula(sheets)
    book = openpyxl.load_workbook(BytesIO(sheets))
    assert book.sheetnames == ["Elements", "Connections"]
    assert book["Elements"]["A1"].value == "Label"
    for sheet, ours in (("Elements", {"label", "type", "description", "code"}), ("Connections", {"from", "to", *KUMU})):
        heads = [str(cell.value).strip().lower() for cell in book[sheet][1]]
        assert not {*heads} & ({"image", "url", "email", "id", "yes", "no", "on", "off", "true", "false"} - ours)
        assert all(heads.count(one) == 1 for one in heads if one in KUMU)
        for row in book[sheet].iter_rows(min_row=2, values_only=True):
            cells = dict(zip(heads, row, strict=True))
            assert not any("|" in str(cells[one]) for one in heads if one not in ("tags", "description"))
    assert [book["Connections"][cell].value for cell in ("A1", "B1")] == ["From", "To"]
    assert [_unescaped(row[0]) for row in book["Elements"].iter_rows(min_row=2, values_only=True)] == labels
    assert [tuple(map(_unescaped, row[:2])) for row in book["Connections"].iter_rows(min_row=2, values_only=True)] == [
        (c["from"], c["to"]) for c in connections
    ]


def _unescaped(cell: Any) -> str:
    return back(re.sub("_x005F_", "_", str(cell)))


def check_pajek(graph: Graph, found: Records) -> None:
    read = networkx.parse_pajek(written(".net", graph).decode("utf-8-sig").replace("\r\n", "\n"))
    labels = labelled(found)
    assert list(read) == labels
    assert read.is_directed() == found.directed
    at = dict(zip((row["id"] for row in found.nodes), labels, strict=True))
    key = (lambda a, b: (a, b)) if found.directed else (lambda a, b: tuple(sorted((a, b))))
    assert sorted((*key(a, b), row["weight"], row.get("l", "")) for a, b, row in read.edges(data=True)) == sorted(
        (*key(at[row["source"]], at[row["target"]]), row["weight"], word(str(row["kind"]))) for row in found.edges
    )


def check_graphml(graph: Graph, found: Records) -> None:
    data = written(".graphml", graph)
    read = networkx.read_graphml(BytesIO(data), force_multigraph=True, edge_key_type=int)
    _check_xml(read, found)
    root = ET.fromstring(data)
    space = "{http://graphml.graphdrawing.org/xmlns}"
    keys = {key.get("id") for key in root.iter(f"{space}key")}
    assert {one.get("key") for one in root.iter(f"{space}data")} <= keys


def check_gexf(graph: Graph, found: Records) -> None:
    """Gephi's rules: values are of declared attributes and of their type, ids stand once, ends are there."""
    data = written(".gexf", graph)
    read = networkx.read_gexf(BytesIO(data))
    assert len(read) == len(found.nodes)
    assert read.number_of_edges() == len(found.edges)
    root = ET.fromstring(data)
    space = root.tag.partition("}")[0] + "}"
    nodes = [node.get("id") for node in root.iter(f"{space}node")]
    edges = [(edge.get("id"), edge.get("source"), edge.get("target")) for edge in root.iter(f"{space}edge")]
    assert len(set(nodes)) == len(nodes) == len(found.nodes)
    assert len({edge for edge, *_ in edges}) == len(edges) == len(found.edges)
    assert {end for _, *ends in edges for end in ends} <= set(nodes)
    for group in root.iter(f"{space}attributes"):
        declared = {one.get("id"): one.get("type") for one in group.iter(f"{space}attribute")}
        for item in root.iter(f"{space}{group.get('class')}"):
            for value in item.iter(f"{space}attvalue"):
                kind, said = declared[value.get("for")], value.get("value")
                assert kind in ("string", "integer", "long", "float", "double", "boolean")
                if kind in ("float", "double"):
                    float(said)
                elif kind in ("integer", "long"):
                    int(said)
                elif kind == "boolean":
                    assert said in ("true", "false")
    _check_xml(read, found)


def _check_xml(read: Any, found: Records) -> None:
    """Every value, as XML can carry it: a column of mixed sorts is text, carriage returns and forbidden signs go."""
    assert sorted(read) == sorted(identity(row["id"]) for row in found.nodes)
    sorts: dict[str, set[type]] = {}
    for row in found.nodes:
        for name, value in row.items():
            sorts.setdefault(name, set()).add(type(value))
    for row in found.nodes:
        said = read.nodes[identity(row["id"])]
        assert said.get("label", "") == xml_text(str(row.get("name", row["id"])))
        for name, value in row.items():
            if name in ("id", "name"):
                continue
            got = next((said[one] for one in (f"{xml_text(name)}_", xml_text(name)) if one in said), "")
            assert _alike(got, value, sorts[name]), (name, got, value)
    ends = sorted((*sorted((a, b)), row["kind"], row["weight"]) for a, b, row in read.edges(data=True))
    assert ends == sorted(
        (*sorted((identity(row["source"]), identity(row["target"]))), xml_text(str(row["kind"])), row["weight"])
        for row in found.edges
    )


def _alike(got: Any, value: Any, sorts: set[type]) -> bool:
    if len(sorts) == 1 or sorts == {int, float}:
        if isinstance(value, str):
            return str(got) == xml_text(value)
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) < 2**53:
            return bool(got == value) or str(got) == str(value)  # beside a number that no reader holds, text
    return str(got) in (xml_text(str(value)), str(float(value)) if isinstance(value, int | float) else "")


CHECKS = {
    ".json": check_node_link,
    ".csv.zip": lambda graph, found: check_csv(graph, found, italian=False),
    ".it.csv.zip": lambda graph, found: check_csv(graph, found, italian=True),
    ".xlsx": check_workbook,
    ".kumu.json": check_kumu,
    ".net": check_pajek,
    ".graphml": check_graphml,
    ".gexf": check_gexf,
}


@pytest.mark.parametrize("ending", CHECKS)
@pytest.mark.parametrize("which", ["facts", "organisations"])
def test_the_torino_data_are_read_back_equal(ending, which, request):
    graph = request.getfixturevalue(which)
    CHECKS[ending](graph, records(graph, Look()))


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
@given(graph=graphs())
def test_200_graphs_of_hostile_values_are_read_back_equal(graph):
    found = records(graph, Look())
    for ending, check in CHECKS.items():
        note(ending)
        check(graph, found)


@pytest.mark.parametrize("lang", ["it", "en"])
def test_a_measure_is_a_column_under_its_key_whatever_the_language(lang):
    """A script that asks for it finds it; what people read has the sentence."""
    graph = Graph.from_edges([("a", "b"), ("b", "c")])
    look = Look(size=scale(graph, "betweenness", lang), lang=lang)
    assert [row["betweenness"] for row in records(graph, look).nodes] == [0.0, 1.0, 0.0]
    for ending in (".gexf", ".graphml", ".json", ".kumu.json", ".cypher"):
        text = EXPORTERS[ending](graph, look).decode()
        assert ("betweenness" in text, look.size.name in text) == (True, False), ending
    for ending in (".xlsx", ".kumu.xlsx", ".csv.zip", ".it.csv.zip"):
        with ZipFile(BytesIO(EXPORTERS[ending](graph, look))) as packed:
            text = "".join(packed.read(one).decode() for one in packed.namelist())
        assert ("betweenness" in text, look.size.name in text) == (True, False), ending
    assert look.size.name in EXPORTERS[".html"](graph, look).decode()
