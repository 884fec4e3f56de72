"""GEXF, GraphML and Pajek as Gephi itself reads them, its own importers, without its windows."""

from __future__ import annotations

import shutil
import subprocess
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from hypothesis import HealthCheck, given, settings

from tests.conftest import ROOT
from tests.exports.hostile import graphs
from tsi_graph.exports import EXPORTERS, Look
from tsi_graph.exports.files import identity, text
from tsi_graph.exports.pajek import labelled
from tsi_graph.exports.records import Records, Row, records
from tsi_graph.graph import Graph

GEPHI = ROOT / ".cache" / "gephi"
READER = ROOT / "tests" / "gephi" / "Read.java"


@dataclass
class Read:
    """What Gephi found in one file: columns as {title: (type, value)}."""

    issues: list[tuple[str, str]] = field(default_factory=list)
    nodes: dict[str, tuple[str, dict[str, tuple[str, str]]]] = field(default_factory=dict)
    edges: list[tuple[str, str, float, str, dict[str, tuple[str, str]]]] = field(default_factory=list)
    directed: bool = False


@pytest.fixture(scope="module")
def gephi() -> Callable[[Path], dict[str, Read]]:
    java = shutil.which("java")
    if java is None:
        pytest.skip("no Java on this machine")
    if not any(GEPHI.glob("gephi-toolkit-*.jar")):
        pytest.skip("Gephi's importers are not in .cache/gephi: `make gephi` (with Maven) puts them there")

    def read(folder: Path) -> dict[str, Read]:
        command = [java, "-Djava.awt.headless=true", "-cp", f"{GEPHI}/*", str(READER), str(folder)]
        done = subprocess.run(command, capture_output=True, check=True, timeout=300)
        return parsed(done.stdout.decode("utf-8"))

    return read


def parsed(said: str) -> dict[str, Read]:
    found: dict[str, Read] = {}
    for line in said.splitlines():
        what, *words = [unquote_plus(word) for word in line.split(" ")]
        if what == "file":
            last = found.setdefault(words[0], Read(directed=words[1] == "DIRECTED"))
        elif what == "issue":
            last.issues.append((words[0], words[1]))
        elif what == "node":
            last.nodes[words[0]] = words[1], _columns(words[2:])
        elif what == "edge":
            last.edges.append((words[1], words[2], float(words[3]), words[4], _columns(words[5:])))
    return found


def _columns(words: list[str]) -> dict[str, tuple[str, str]]:
    return {title: (kind, value) for title, kind, value in zip(words[::3], words[1::3], words[2::3], strict=True)}


def check(found: Records, read: Read, ending: str) -> None:
    """Everybody with their name, every tie with its strength; but for Pajek, every value under its heading."""
    assert [issue for issue in read.issues if issue[0] != "INFO"] == []
    pajek = ending == ".net"  # there Gephi reads numbers, names and strengths
    ids = {row["id"]: str(i) if pajek else identity(row["id"]) for i, row in enumerate(found.nodes, 1)}
    names = labelled(found) if pajek else [text(row.get("name", row["id"])) for row in found.nodes]
    # of a name of blanks alone Gephi keeps nothing
    said_names = {node: name if name.strip() else "" for node, (name, _) in read.nodes.items()}
    assert said_names == dict(zip(ids.values(), [name if name.strip() else "" for name in names], strict=True))
    if not pajek:
        for row in found.nodes:
            assert different(row, read.nodes[ids[row["id"]]][1]) == {}
    said: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in found.edges:
        said[_pair(ids[row["source"]], ids[row["target"]], found)].append(row)
    for source, target, weight, direction, columns in read.edges:
        assert direction in ("", "DIRECTED" if found.directed else "UNDIRECTED")
        rows = said[_pair(source, target, found)]
        same = [row for row in rows if row["weight"] == approx(weight) and (pajek or not different(row, columns))]
        rows.remove(same[0])
    assert not any(said.values())
    if ending == ".gexf":
        assert read.directed == found.directed


def approx(weight: float) -> object:
    """Gephi keeps the strength of a tie as a float of four bytes."""
    return pytest.approx(weight, rel=1e-6)


def _pair(source: str, target: str, found: Records) -> tuple[str, ...]:
    return (source, target) if found.directed else tuple(sorted((source, target)))


def different(row: Row, columns: dict[str, tuple[str, str]]) -> dict[str, object]:
    """What does not stand under its heading as it was, but for what a format says by itself."""
    out: dict[str, object] = {}
    for name, value in row.items():
        kind, said = next((columns[one] for one in (f"{text(name)}_", text(name)) if one in columns), ("", ""))
        if name not in ("id", "name", "source", "target", "weight") and not alike(kind, said, value):
            out[name] = (kind, said, value)
    return out


def alike(kind: str, said: str, value: object) -> bool:
    """A column of mixed sorts is text; one of whole and broken numbers is broken ones."""
    if kind == "Double":
        return float(said) == value
    if kind in ("Long", "Integer"):
        return int(said) == value
    if kind == "Boolean":
        return said == str(value).lower()
    return said in (text(value), str(float(value)) if isinstance(value, int) else "")


def written(folder: Path, named: dict[str, Graph]) -> None:
    for name, graph in named.items():
        for ending in (".gexf", ".graphml", ".net"):
            (folder / f"{name}{ending}").write_bytes(EXPORTERS[ending](graph, Look()))


def test_the_torino_data_are_read_by_gephi_as_they_are(gephi, facts, organisations, tmp_path):
    named = {"facts": facts, "organisations": organisations}
    written(tmp_path, named)
    found = gephi(tmp_path)
    assert len(found) == 6
    for file, read in found.items():
        name, dot, ending = file.partition(".")
        check(records(named[name], Look()), read, dot + ending)


def test_200_graphs_of_hostile_values_are_read_by_gephi_as_they_are(gephi, tmp_path):
    drawn: list[Graph] = []

    @settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
    @given(graph=graphs())
    def draw(graph: Graph) -> None:
        drawn.append(graph)

    draw()
    named = {f"{i:03}": graph for i, graph in enumerate(drawn)}
    written(tmp_path, named)
    read = gephi(tmp_path)
    assert len(read) == 3 * len(named)
    for file, one in read.items():
        name, dot, ending = file.partition(".")
        check(records(named[name], Look()), one, dot + ending)
