"""A file of ties, straight to a graph."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from tsi_graph import edgelist
from tsi_graph.errors import DataInvalid
from tsi_graph.graph import Graph


@pytest.fixture(params=["pandas", "arrow"], autouse=True)
def _reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "pandas":
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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("source,target,weight\na,b,1\n,c,2\n", r"ties\.csv row 3, source: is blank\."),
        (
            "source,target,weight\na,b,1\nb,c,many\n",
            r"ties\.csv row 3, weight: is many, not a number from 0 to 1e\+100\.",
        ),
        ("source,target,weight\na,b,-1\n", r"ties\.csv row 2, weight: is -1, not a number from 0 to 1e\+100\."),
        ("source,weight\na,1\n", r"ties\.csv: no column 'target'; it has 'source', 'weight'\. Expected: columns"),
        ("source;target\na;b\n", r"ties\.csv: no column 'source'; it has 'source;target'\. Expected: .* by commas"),
        ("source,target,source\na,b,c\n", r"ties\.csv: the column 'source' stands twice\."),
        ("source,target,weight\na,b,1e308\n", r"ties\.csv row 2, weight: is 1e\+308, not a number"),
        ("source,target,weight\na,b,\n", r"ties\.csv row 2, weight: is blank, not a number"),
        ("source,target\na,b,c,d\n", r"ties\.csv: "),
        ("", r"ties\.csv: "),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_cell(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DataInvalid, match=said):
        Graph.from_file(written(tmp_path, text))


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataInvalid, match=r"is a \.csv or a \.parquet"):
        Graph.from_file(tmp_path / "ties.xlsx")
    with pytest.raises(DataInvalid, match=r"nowhere\.csv: there is no such file"):
        Graph.from_file(tmp_path / "nowhere.csv")
