"""The script for Neo4j, split as cypher-shell splits it and run on each engine: what is there then is the graph."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.conftest import wipe
from tests.exports.hostile import HOSTILE, graphs
from tsi_graph.exports import EXPORTERS, Look
from tsi_graph.exports.cypher import literal, safe
from tsi_graph.exports.records import columns, records
from tsi_graph.graph import Graph
from tsi_graph.model import EDGE_KINDS, NODE_KINDS, labels

Run = Callable[[str], list[dict[str, Any]]]
LABELS = {"Node", *(label for kind in NODE_KINDS for label in labels(kind))}
# ShellStatementParser of neo4j/neo4j, community/cypher-shell: a statement ends at the first semicolon outside of quotes
# and comments; a backslash takes the next sign with it, within quotes and outside of them.
_STATEMENT = re.compile(
    r"""(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`|//[^\n]*\n|/\*.*?\*/|\\.|[^;'"`\\])*;""", re.DOTALL
)


def shell_statements(script: str) -> list[str]:
    found = list(_STATEMENT.finditer(script))
    assert "".join(one[0] for one in found).strip() == script.strip()
    return [one[0].strip() for one in found]


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    import arcadedb

    database = arcadedb.create_database(str(tmp_path_factory.mktemp("script") / "db"))

    def run(statement: str) -> list[dict[str, Any]]:
        if "CREATE CONSTRAINT" in statement:  # only Neo4j has such; the rest is the same text for both
            return []
        with database.transaction():
            found = database.command("opencypher", statement.removesuffix(";"))
            return found.to_list() if found is not None else []

    yield run
    database.close()


@pytest.fixture(scope="module")
def server(neo4j_server: tuple[str, str]) -> Iterator[Run]:
    from neo4j import GraphDatabase

    url, password = neo4j_server
    wipe(url, password)
    with GraphDatabase.driver(url, auth=("neo4j", password)) as driver, driver.session() as session:
        # cypher-shell sends each statement without its semicolon, in a transaction of its own
        yield lambda statement: session.run(statement.removesuffix(";")).data()
        session.run("DROP CONSTRAINT tsi_node_id IF EXISTS").consume()
    wipe(url, password)


@pytest.fixture(params=["embedded", pytest.param("server", marks=pytest.mark.neo4j)], scope="module")
def run(request: pytest.FixtureRequest) -> Run:
    found: Run = request.getfixturevalue(request.param)
    return found


def check(run: Run, graph: Graph) -> None:
    """Runs the script twice and reads back what is there."""
    script = EXPORTERS[".cypher"](graph, Look()).decode("utf-8")
    found = records(graph, Look())
    statements = shell_statements(script)
    run("MATCH (n) DETACH DELETE n")
    for statement in (*statements, *statements):
        run(statement)
    nodes = run("MATCH (n) RETURN properties(n) AS row, labels(n) AS labels")
    edges = run("MATCH (a)-[r]->(b) RETURN a.id AS a, b.id AS b, type(r) AS t, properties(r) AS row")
    names = safe(columns(found.nodes))
    assert _by(nodes, "id") == {row["id"]: {names[k]: _held(v) for k, v in row.items()} for row in found.nodes}
    numbered = [{**row, "number": i} for i, row in enumerate(found.edges)]
    names = safe(columns(numbered))
    assert _by(edges, "number") == {row["number"]: {names[k]: _held(v) for k, v in row.items()} for row in numbered}
    assert all((e["a"], e["b"]) == (e["row"]["source"], e["row"]["target"]) for e in edges)
    assert {e["t"] for e in edges} <= {*EDGE_KINDS, "EDGE"}
    assert {label for n in nodes for label in n["labels"]} <= LABELS


def _by(rows: list[dict[str, Any]], key: str) -> dict[Any, dict[str, Any]]:
    table = [{k: v for k, v in row["row"].items() if not k.startswith("@")} for row in rows]
    out = {row[key]: row for row in table}
    assert len(out) == len(table)
    return out


def _held(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63 else value


@pytest.mark.parametrize("which", ["facts", "organisations"])
def test_the_script_of_the_torino_data_fills_a_database(run, which, request):
    check(run, request.getfixturevalue(which))


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
@given(graph=graphs())
def test_200_graphs_of_hostile_values_fill_a_database(run, graph):
    check(run, graph)


def test_statements_end_where_the_shell_ends_them():
    script = "// a; b\nCREATE (:X {a: 'it\\'s; \\\\', b: \"'; \"});\nRETURN `;` /* ; */ AS x;\n"
    first, second = shell_statements(script)
    assert first.endswith("it\\'s; \\\\', b: \"'; \"});")
    assert second == "RETURN `;` /* ; */ AS x;"


@pytest.mark.parametrize("value", HOSTILE)
def test_a_literal_is_one_string_whatever_it_holds(value):
    text = literal(value)
    assert "\\u" not in text
    assert "\n" not in text
    assert _read_literal(text) == value


def _read_literal(text: str) -> str:
    """A Cypher string expression as its grammar reads it: quoted pieces joined by plus."""
    pieces = re.findall(r"'((?:[^'\\]|\\.)*)'(?: \+ |$)", text)
    assert " + ".join(f"'{piece}'" for piece in pieces) == text
    signs = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
    return re.sub(r"\\(.)", lambda found: signs.get(found[1], found[1]), "".join(pieces))


def test_property_names_are_safe():
    names = safe(["a b", "a`b", "a\\u0060b", "città", "}) DETACH DELETE n //"])
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) for name in names.values())
    assert len(set(names.values())) == len(names)
