"""Every file of cypher/ keeps the house dialect: by a small linter of ours, by Neo4j's own, and by the server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.store.dialect import RULES, Text, faults, files
from tsi_graph.cli_query import questions
from tsi_graph.model import EDGE_KINDS, NODE_KINDS, labels
from tsi_graph.store import migrations, queries
from tsi_graph.store.adhoc import checked

README = (queries.FOLDER / "README.md").read_text(encoding="utf-8")
LINTER = ROOT / ".cache" / "cypher-lint" / "node_modules" / "@neo4j-cypher" / "language-support"
WORDS = {"LABELS": "Node:Stakeholder", "KIND": "FUNDS", "SOURCE": "Node", "TARGET": "Unfinished"}
VALUES = {"text": "1", "ids": [1], "facts": [1], "numbers": [1], "rows": [{}]}
GOOD = "// Each node, one row each.\nMATCH (n:Node)\nRETURN n.id AS id\nORDER BY id\nSKIP $skip LIMIT $limit"
BAD = {
    "ONE-COMMENT": "MATCH (n:Node)\nRETURN n.id AS id\nORDER BY id\nSKIP $skip LIMIT $limit",
    "NO-APOSTROPHE": GOOD.replace("Each node", "Everybody's node"),
    "ONE-STATEMENT": GOOD + ";\nMATCH (n)\nDETACH DELETE n",
    "ONE-CLAUSE": GOOD.replace("(n:Node)\n", "(n:Node) "),
    "NAMES-APART": GOOD.replace("n.id AS", "n.type AS"),
    "OWN-ID": GOOD.replace("n.id AS", "id(n) AS"),
    "MAPS-OUT": GOOD.replace("n.id AS id", "n.id AS id, n"),
    "ISO-OUT": GOOD.replace("n.id AS id", "n.id AS id, date(n.valid_from) AS since"),
    "PARTIAL-DATES": GOOD.replace("\nRETURN", "\nWHERE n.valid_from <= $on\nRETURN"),
    "SCOPED-CALL": GOOD.replace("\nRETURN", "\nCALL { WITH n MATCH (n)--(o) }\nRETURN"),
    "BOUNDED": GOOD.replace("(n:Node)", "(n:Node)-[:PART_OF*]->(o:Node)"),
    "FULLTEXT-FILE": "// Names.\nCREATE FULLTEXT INDEX names IF NOT EXISTS FOR (n:Node) ON EACH [n.name]",
    "NO-APOC": GOOD.replace("n.id AS", "apoc.text.clean(n.id) AS"),
    "PLAN-B-ONLY": GOOD.replace("(n:Node)", "(n:Node WHERE n.kind = 'Fund')"),
    "APPLIED-AGAIN": "// Names.\nCREATE INDEX names FOR (n:Node) ON (n.name);",
}


def names(paths: list[Path]) -> list[str]:
    return [f"{path.parent.name}/{path.stem}" for path in paths]


def statements(path: Path) -> list[str]:
    """What is sent to an engine, with one word of the model in each place for one."""
    if path.parent.name == "migrations":
        return [text for one in migrations.known() if path.stem.endswith(f"__{one.name}") for text in one.statements]
    text = queries.text(f"{path.parent.name}/{path.stem}")
    return [re.sub(r":(LABELS|KIND|SOURCE|TARGET)\b", lambda match: f":{WORDS[match[1]]}", text)]


@pytest.mark.parametrize("path", files(), ids=names(files()))
def test_a_file_keeps_every_rule(path: Path) -> None:
    assert faults(Text.of(path)) == []


def test_the_linter_lets_a_good_text_pass() -> None:
    assert faults(Text(GOOD)) == []


@pytest.mark.parametrize("rule", RULES)
def test_the_linter_sees_what_breaks_a_rule(rule: str) -> None:
    folder = "migrations" if rule == "APPLIED-AGAIN" else "read"
    assert [fault for fault in faults(Text(BAD[rule], folder=folder)) if fault.startswith(f"{rule}: ")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\nORDER BY id", ""),
        ("ORDER BY id", "ORDER BY n.name"),
        ("\nSKIP $skip LIMIT $limit", ""),
        ("(n:Node)", "(n:Node)-[:PART_OF*2..]->(o:Node)"),
    ],
)
def test_a_list_without_order_page_or_bound_is_seen(before: str, after: str) -> None:
    assert any(fault.startswith("BOUNDED: ") for fault in faults(Text(GOOD.replace(before, after))))


def test_no_label_is_also_a_kind_of_tie() -> None:
    assert not {label for kind in NODE_KINDS for label in labels(kind)} & EDGE_KINDS.keys()


def test_there_is_a_line_for_every_file_and_every_rule() -> None:
    """The line is the first of the file; `tsi query` shows the same for the questions."""
    lines = README.splitlines()
    said = (path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("// ") for path in files())
    wanted = [f"| `{path.parent.name}/{path.name}` | {meaning} |" for path, meaning in zip(files(), said, strict=True)]
    assert [line for line in lines if line.startswith("| `")] == wanted
    assert [rule for rule in RULES if f"**{rule}**" not in README] == []


def test_a_dozen_questions_are_ready_and_each_may_be_asked() -> None:
    assert len(questions()) >= 12
    for path in (queries.FOLDER / "questions").glob("*.cypher"):
        checked(path.read_text(encoding="utf-8"))


@pytest.mark.neo4j
def test_the_server_plans_every_file_and_calls_nothing_in_it_deprecated(neo4j_server: tuple[str, str]) -> None:
    from neo4j import GraphDatabase

    url, password = neo4j_server
    old = []
    server = GraphDatabase.driver(
        url,
        auth=("neo4j", password),
        notifications_disabled_classifications=["UNRECOGNIZED"],  # an empty store lacks every name
    )
    with server as driver, driver.session() as session:
        for path in files():
            for text in statements(path):
                given = {name: VALUES.get(name, 1) for name in re.findall(r"\$(\w+)", text)}
                if not text.startswith(("CREATE CONSTRAINT", "CREATE INDEX")):
                    text = f"EXPLAIN {text}"
                notes = session.run(text, given).consume().gql_status_objects
                old += [(path.stem, n.status_description) for n in notes if n.raw_classification == "DEPRECATION"]
    assert old == []


@pytest.fixture(scope="module")
def linter() -> str:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node.js on this machine")
    if not LINTER.is_dir():
        pytest.skip("Neo4j's linter is not in .cache/cypher-lint: `make cypher-lint` (with npm) puts it there")
    return node


def lint(node: str, texts: dict[str, str]) -> list[list[object]]:
    command = [node, str(Path(__file__).with_name("lint.cjs")), str(LINTER)]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True, timeout=120)
    found: list[list[object]] = json.loads(done.stdout)
    return found


def test_the_linter_of_neo4j_finds_nothing(linter: str) -> None:
    texts = {f"{name} {i}": text for name, path in zip(names(files()), files(), strict=True)
             for i, text in enumerate(statements(path))}  # fmt: skip
    assert lint(linter, texts) == []


def test_the_linter_of_neo4j_would_find_something(linter: str) -> None:
    found = lint(linter, {"bad": "MATCH (n:Node) RETRN n", "old": "MATCH (n:Node) RETURN id(n) AS id"})
    assert {str(name) for name, *_ in found} == {"bad", "old"}
