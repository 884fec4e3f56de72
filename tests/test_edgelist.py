"""A file of ties, straight to a graph."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

from tsi_graph import edgelist
from tsi_graph.errors import DataInvalid
from tsi_graph.graph import Graph


@pytest.fixture(params=["plain", "arrow"], autouse=True)
def _reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "plain":
        monkeypatch.setattr(edgelist, "find_spec", lambda name: None)
    elif not find_spec("pyarrow"):
        pytest.skip("pyarrow is not installed: pip install 'tsi-graph[arrow]'")


def written(folder: Path, text: str) -> Path:
    path = folder / "ties.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_ties_become_rows_in_order_of_first_mention(tmp_path: Path) -> None:
    graph = Graph.from_file(written(tmp_path, "source,target,weight\nb,a,2\na,c,0.5\nb,a,1\nc,c,9\n"))
    assert graph.ids.tolist() == ["b", "a", "c"]
    assert graph.edges.to_numpy().tolist() == [["b", "a", "EDGE", 3.0], ["a", "c", "EDGE", 0.5]]
    assert graph.nodes["name"].tolist() == ["b", "a", "c"]


def test_without_weights_each_tie_counts_one_and_arrows_stay(tmp_path: Path) -> None:
    graph = Graph.from_file(written(tmp_path, "target,source\nx,y\nx,y\n"), directed=True)
    assert graph.edges.to_numpy().tolist() == [["y", "x", "EDGE", 2.0]]


def test_ids_are_text_whatever_they_look_like(tmp_path: Path) -> None:
    graph = Graph.from_file(written(tmp_path, "source,target\n01,NA\nnull,1\n"))
    assert graph.ids.tolist() == ["01", "null", "NA", "1"]


def test_an_empty_file_of_ties_is_an_empty_graph(tmp_path: Path) -> None:
    assert len(Graph.from_file(written(tmp_path, "source,target\n"))) == 0


NUMBER = r"a weight is 0 or a number from 1e-180 to 1e\+100, such as 1 or 0\.5\.$"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("source,target,weight\na,b,1\n,c,2\n", r"ties\.csv row 3, source: an id is missing: every row needs one\.$"),
        ("source,target\na,b\n  ,c\n", r"ties\.csv row 3, source: '  ': an id is missing: every row needs one\.$"),
        ("source,target,weight\na,b,1\nb,c,many\n", r"ties\.csv row 3, weight: 'many': " + NUMBER),
        ("source,target,weight\na,b,-1\n", r"ties\.csv row 2, weight: '-1': " + NUMBER),
        ("source,weight\na,1\n", r"ties\.csv: no column 'target'; it has 'source', 'weight'\. Expected: columns"),
        ("source;target\na;b\n", r"ties\.csv: no column 'source'; it has 'source;target'\. Expected: .* by commas"),
        ("source,target,source\na,b,c\n", r"ties\.csv: the column 'source' stands twice\."),
        ("source,target,weight\na,b,1e308\n", r"ties\.csv row 2, weight: '1e308': " + NUMBER),
        ("source,target,weight\na,b,\n", r"ties\.csv row 2, weight: " + NUMBER),
        ("source,target\na,b\n\na,b,c,d\n", r"ties\.csv row 4: 'a,b,c,d': this row has 4 cells, the headings are 2"),
        ("source,target,note\na,b,x\na,b\n", r"ties\.csv row 3: 'a,b': this row has 2 cells, the headings are 3"),
        ('source,target\na,b\n"c,d\n', r"ties\.csv row 3: a quotation mark opens and does not close"),
        ("source,target\na,b\na,b\0c\n", r"ties\.csv row 3, target: 'b\\x00c': control characters are not allowed\.$"),
        ("source,target\n\x1b[31ma,b\n", r"row 2, source: '\\x1b\[31ma': control characters are not allowed\.$"),
        ('source,target\n"a\nz",b\n', r"row 2, source: 'a\\nz': control characters are not allowed\.$"),
        ("", r"ties\.csv: no column 'source'; it has nothing\."),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_cell(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DataInvalid, match=said):
        Graph.from_file(written(tmp_path, text))


@pytest.mark.parametrize("cell", ["0x10", "0x1p3", "1_000", "1e", "true", "2020-01-01", "nan", "inf", "1,5", "١"])
def test_a_weight_is_a_decimal_number_and_nothing_else(tmp_path: Path, cell: str) -> None:
    with pytest.raises(DataInvalid, match=rf"row 2, weight: '{cell}': {NUMBER}"):
        Graph.from_file(written(tmp_path, f'source,target,weight\na,b,"{cell}"\n'))


@pytest.mark.parametrize(("cell", "number"), [("007", 7), (" 1.5 ", 1.5), ("+2", 2), (".5", 0.5), ("1E2", 100)])
def test_a_weight_may_be_written_in_several_ways(tmp_path: Path, cell: str, number: float) -> None:
    graph = Graph.from_file(written(tmp_path, f"source,target,weight\na,b,{cell}\n"))
    assert graph.edges["weight"].tolist() == [number]


def test_ids_are_kept_as_imports_keep_them(tmp_path: Path) -> None:
    """Stripped, composed, without signs that nobody sees: what looks alike is one."""
    graph = Graph.from_file(written(tmp_path, "source , target\n a ,caffe\u0300\na\u200b,caff\u00e8\n"))
    assert graph.ids.tolist() == ["a", "caffè"]
    assert graph.edges["weight"].tolist() == [2]


def test_text_that_is_not_utf_8_is_refused_with_its_row(tmp_path: Path) -> None:
    (tmp_path / "ties.csv").write_bytes("source,target\na,b\nc,caffè\n".encode("cp1252"))
    with pytest.raises(DataInvalid, match=r"ties\.csv row 3, target: 'caff\\udce8': this is not written in UTF-8"):
        Graph.from_file(tmp_path / "ties.csv")


def test_blank_rows_are_no_ties_and_a_cell_may_hold_lines(tmp_path: Path) -> None:
    graph = Graph.from_file(written(tmp_path, 'source,target,note\n\na,b,"one\ntwo"\n , ,\nb,c,\n'))
    assert graph.edges[["source", "target"]].to_numpy().tolist() == [["a", "b"], ["b", "c"]]


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("weight", [1.5, None], r"ties\.parquet row 2, weight: a weight is 0 or a number"),
        ("weight", [True, False], r"ties\.parquet row 1, weight: 'true': a weight is 0 or a number"),
        (
            "weight",
            [pd.Timestamp(2020, 1, 1)] * 2,
            r"ties\.parquet row 1, weight: '2020-01-01 .*': a weight is 0 or a number",
        ),
        ("source", ["a", ""], r"ties\.parquet row 2, source: an id is missing"),
        ("target", ["b", "c\0"], r"ties\.parquet row 2, target: 'c\\x00': control characters are not allowed"),
        ("target", [["b"], ["c"]], r"ties\.parquet: .*Expected: columns"),
        ("weight", ["2", "0.5"], ""),
        ("note", [["b"], ["c"]], ""),
    ],
    ids=repr,
)
def test_a_parquet_is_held_to_the_same(tmp_path: Path, column: str, values: list[object], said: str) -> None:
    if not find_spec("pyarrow"):
        pytest.skip("pyarrow is not installed: pip install 'tsi-graph[arrow]'")
    path = tmp_path / "ties.parquet"
    pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "weight": [2.0, 0.5], column: values}).to_parquet(path)
    if not edgelist.find_spec("pyarrow"):
        said = "a Parquet file needs pyarrow"
    if said:
        with pytest.raises(DataInvalid, match=said):
            Graph.from_file(path)
    else:
        assert Graph.from_file(path).edges["weight"].tolist() == [2, 0.5]


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataInvalid, match=r"is a \.csv or a \.parquet"):
        Graph.from_file(tmp_path / "ties.xlsx")
    with pytest.raises(DataInvalid, match=r"nowhere\.csv: there is no such file"):
        Graph.from_file(tmp_path / "nowhere.csv")
