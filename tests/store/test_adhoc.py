"""A person's own Cypher: it reads, within limits, and nothing that it says does more."""

from __future__ import annotations

import os
import time
import warnings
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.test_store import ANN, BEN, JOINED, NET
from tsi_graph.batch import Batch
from tsi_graph.errors import Refused, StoreUnreachable, Unusable
from tsi_graph.model import PartnerOf
from tsi_graph.store import Store, open_store
from tsi_graph.store.adhoc import FORBIDDEN, LONGEST, PROCEDURES, checked, parameters_of
from tsi_graph.store.adhoc_run import QueryTimeout, Truncated, within

ESCAPED = "\\u00"
HOSTILE = {
    "a clause that creates": "CREATE (n:Node {id: 'evil'}) RETURN n",
    "one after a match": "MATCH (n:Node) SET n.name = 'evil' RETURN n",
    "in small letters": "match (n:Node) detach delete n",
    "in mixed letters": "MATCH (n:Node) ReMoVe n.name RETURN n",
    "with a merge": "MERGE (n:Node {id: 'evil'}) RETURN n.id",
    "in a loop": "MATCH (n:Node) FOREACH (x IN [1] | SET n.name = 'evil')",
    "in a subquery": "MATCH (n:Node) CALL (n) { SET n.name = 'evil' } RETURN n",
    "in an old subquery": "CALL { CREATE (n:Node {id: 'evil'}) RETURN n } RETURN n",
    "in transactions": "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10 ROWS",
    "behind a comment": "RETURN 1 AS x // one\nUNION MATCH (n) DELETE n",
    "behind a comment that a carriage return ends": "MATCH (n) // all\rDETACH DELETE n",
    "between comments": "MATCH (n) /* a */DELETE/* b */ n",
    "after a comment within a comment": "MATCH (n) /* /* */ DELETE n // */",
    "with an escaped letter": f"MATCH (n) {ESCAPED}53ET n.name = 'evil'",
    "behind an escaped quotation mark": f"MATCH (n {{id: 'a{ESCAPED}27}}) SET n.name = 'evil' //'}}) RETURN n",
    "with an old letter": "MATCH (n) ſet n.name = 'evil'",
    "in wide letters": "MATCH (n) ＤＥＬＥＴＥ n",
    "after a non-breaking space": "MATCH (n)\u00a0DELETE\u00a0n",
    "right after a number": "MATCH (n) WHERE n.weight > 1e5SET n.name = 'evil'",
    "after a text that ends in a backslash": "MATCH (n {id: 'a\\\\'}) SET n.name = 'evil' //'",
    "after a quoted name": "MATCH (`a``b`) DELETE `a``b`",
    "within an open comment": "MATCH (n) RETURN n /* DELETE n",
    "behind very many open comments": "MATCH (n) " + "/*" * 40_000,
    "within an open text": "MATCH (n {id: 'a) RETURN n",
    "with a character nobody sees": "MATCH (n) DEL\u200bETE n",
    "a change of the schema": "DROP CONSTRAINT node_id",
    "an index": "CREATE INDEX evil FOR (n:Node) ON (n.name)",
    "a user": "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'",
    "rights": "GRANT ROLE admin TO neo4j",
    "a file of this machine": "LOAD CSV FROM 'file:///etc/hostname' AS row RETURN row",
    "a file within a match": "MATCH (n) LOAD CSV FROM 'file:///etc/hostname' AS row RETURN row",
    "the network": "LOAD CSV FROM 'http://127.0.0.1:1/' AS row RETURN row",
    "a file through a procedure": "CALL apoc.load.json('file:///etc/hostname') YIELD value RETURN value",
    "a procedure with spaces": "CALL apoc . load . /* */ json('file:///etc/hostname')",
    "a quoted procedure": "CALL `apoc`.`load`.`json`('file:///etc/hostname')",
    "a procedure after a match": "MATCH (n) CALL dbms.listConfig() YIELD name RETURN name",
    "an index through a procedure": "CALL db.index.fulltext.drop('names')",
    "the users": "CALL dbms.security.listUsers()",
    "a graph algorithm of the server": "CALL gds.graph.drop('g')",
    "a function of an extension": "RETURN apoc.cypher.runFirstColumn('MATCH (n) DELETE n', {}) AS x",
    "a quoted function": "RETURN `apoc.load.json`('file:///etc/hostname') AS x",
    "two statements": "RETURN 1 AS x; MATCH (n) DETACH DELETE n",
    "two that read": "RETURN 1 AS x; RETURN 2 AS y",
    "SQL that reads": "SELECT FROM Node",
    "SQL that writes": "INSERT INTO Node SET id = 'evil'",
    "an SQL block": "BEGIN; UPDATE Node SET name = 'evil'; COMMIT",
    "the server's settings": "SHOW SETTINGS",
    "another database": "USE system MATCH (n) RETURN n",
    "a client command": ":auto MATCH (n) DELETE n",
    "a plan that runs": "PROFILE MATCH (n) DELETE n",
    "a procedure of no name": "MATCH (n) CALL",
    "the escape of a clause in quotation marks": "CALL `db.labels`() YIELD label CREATE (n) RETURN n",
    "far too much text": "RETURN '" + "a" * LONGEST + "' AS x",
}
INNOCENT = [
    "MATCH (n:Node) RETURN n.id AS id ORDER BY id",
    "// CREATE nothing\nMATCH (n) /* DELETE */ RETURN n.id",
    "MATCH (n {name: 'SET \\' it // \"'}) RETURN n.`set` AS `create`;",
    'MATCH (n) WHERE n.name CONTAINS "DROP; DELETE" RETURN count(*) AS n',
    "MATCH (n) CALL (n) { MATCH (n)-->(m) RETURN count(m) AS k } RETURN n.id, k",
    "MATCH (n) CALL { WITH n MATCH (n)-->(m) RETURN count(m) AS k } RETURN n.id, k",
    "CALL db.labels() YIELD label RETURN label ORDER BY label",
    "call DB.relationshipTypes() yield relationshipType return relationshipType",
    "MATCH (n) WHERE EXISTS { (n)-->() } RETURN COUNT { (n)--() } AS k",
    "UNWIND [1, 2.5, .5, 1e3, 0xFF] AS x RETURN x, [x IN range(1, 3) WHERE x > 1 | x * 2][0..1] AS y",
    "RETURN date.truncate('year', date('2020-05-01')) AS d, duration.between(date('2020-01-01'), date()) AS e",
    "MATCH (a)-[:MEMBER_OF|FUNDS*1..3]->(b) RETURN DISTINCT a.id, reduce(s = 0, x IN [1, 2] | s + x) AS offset",
    "OPTIONAL MATCH (reset:Settings) RETURN reset.created_at, reset.dataset, reset.loader AS deleted",
    "WITH 1 AS x RETURN x UNION ALL WITH 2 AS x RETURN x",
    "RETURN 'Società à côté 🙂' AS x",
]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_writes_or_reaches_outside_is_refused_before_any_engine_sees_it(text: str) -> None:
    with pytest.raises((Refused, Unusable)):
        checked(text)


@pytest.mark.parametrize("text", INNOCENT)
def test_what_reads_passes(text: str) -> None:
    assert checked(text)


def test_what_is_sent_holds_no_comment_and_no_second_reading() -> None:
    sent = checked("MATCH (n) // all\r\nWHERE n.x = '//' /* a\nb */ RETURN n.x\u00a0AS x ; ")
    assert sent == "MATCH (n)  \nWHERE n.x = '//' \n RETURN n.x AS x"


def test_the_message_says_how_to_use_such_a_word_as_a_name() -> None:
    with pytest.raises(Refused, match="write it as `set`"):
        checked("MATCH (set) RETURN set.id")


@pytest.mark.parametrize("word", sorted(FORBIDDEN))
def test_each_word_is_refused_wherever_it_stands_and_passes_in_quotes(word: str) -> None:
    for text in (f"MATCH (n) {word.lower()} n RETURN n", f"CALL {{ {word} (n) }} RETURN 1", f"RETURN n.{word}"):
        with pytest.raises(Refused):
            checked(text)
    assert checked(f"MATCH (n) RETURN n.`{word}` AS x, '{word}' AS y")


@settings(deadline=None)
@given(st.text(st.sampled_from("aE'\"`/*\\\n\r ;.$(){}:1é\u2028 \u00a0SETset"), max_size=40))
def test_no_text_around_it_hides_a_clause(noise: str) -> None:
    """What is accepted has the clause inside a text or a quoted name, by a second, slow reading."""
    text = f"MATCH (n) {noise} DELETE n"
    try:
        sent = checked(text)
    except (Refused, Unusable):
        return
    assert "DELETE" not in _outside(sent)
    assert checked(sent) == sent


def _outside(text: str) -> str:
    """The text without what stands in quotation marks, read letter by letter."""
    out, quote, i = [], "", 0
    while i < len(text):
        letter = text[i]
        if quote:
            i += 1 if letter == "\\" and quote != "`" else 0
            quote = "" if letter == quote else quote
        elif letter in "'\"`":
            quote = letter
        else:
            out.append(letter)
        i += 1
    return "".join(out)


@pytest.mark.parametrize("part", ["'a',", "a.b+", "a ", ".a", "(", "`a`,", "/**/", "$a,"])
def test_a_long_text_is_read_in_a_moment(part: str) -> None:
    began = time.monotonic()
    checked("RETURN a" + part * (90_000 // len(part)))
    assert time.monotonic() - began < 5


def test_parameters_are_those_outside_texts() -> None:
    assert parameters_of("RETURN $a, '$b', $`c d`, n.`$e` // $f") == {"a", "c d"}


@pytest.fixture
def filled(store: Store) -> Store:
    store.write(Batch(nodes=[ANN, BEN, NET], edges=[JOINED, PartnerOf(source="ann", target="ben")]), "first")
    return store


def test_rows_come_as_a_table_with_nodes_as_dictionaries(filled: Store) -> None:
    table = filled.cypher("MATCH (a:Node {id: $id})-[r:MEMBER_OF]->(b) RETURN a, r, b.id AS id, [a, 1] AS l", id="ann")
    [row] = table.to_dict("records")
    assert (row["a"]["name"], row["r"]["valid_from"], row["id"]) == ("Ann", "2017", "net")
    assert (row["l"][0]["id"], row["l"][1]) == ("ann", 1)
    assert not [key for key in (*row["a"], *row["r"]) if key.startswith("@")]
    assert table.attrs["truncated"] is False


def test_nothing_found_is_an_empty_table(filled: Store) -> None:
    assert filled.cypher("MATCH (n:Node {id: 'nobody'}) RETURN n.id AS id").empty


def test_days_and_moments_go_in_as_python_and_come_out_as_iso_text(filled: Store) -> None:
    text = "RETURN $day AS day, $day < date('2022-01-01') AS before, $at < datetime('2022-01-01T00:00:00Z') AS earlier"
    table = filled.cypher(text, day=date(2021, 5, 1), at=datetime(2021, 5, 1, 12, 30, 15, tzinfo=UTC))
    assert table.to_dict("records") == [{"day": "2021-05-01", "before": True, "earlier": True}]
    [made] = filled.cypher("RETURN duration('P1Y2M') AS d, localdatetime('2020-01-01T10:11:12') AS l").to_dict(
        "records"
    )
    assert made["d"] == "P1Y2M"
    assert made["l"].startswith("2020-01-01T10:11:12")


def test_parameters_are_values_and_never_text(filled: Store) -> None:
    evil = "ann'}) DETACH DELETE n //"
    assert filled.cypher("MATCH (n:Node {id: $id}) RETURN n.id AS id", id=evil).empty
    assert filled.cypher("RETURN $x AS x", x={"a": [1, None, "è"]})["x"][0] == {"a": [1, None, "è"]}


def test_parameters_that_do_not_fit_are_named(filled: Store) -> None:
    with pytest.raises(Unusable, match=r"no value for \$id; the query has no \$di"):
        filled.cypher("MATCH (n {id: $id}) RETURN n", di="ann")
    with pytest.raises(Unusable, match=r"\$x: a parameter is"):
        filled.cypher("RETURN $x AS x", x=object())
    with pytest.raises(Unusable, match="larger"):
        filled.cypher("RETURN $x AS x", x=2**63)


def test_more_rows_than_the_limit_are_cut_and_it_is_said(filled: Store) -> None:
    with pytest.warns(Truncated, match="first 3 rows"):
        table = filled.cypher("UNWIND range(1, 100) AS x RETURN x ORDER BY x", limit=3)
    assert (list(table["x"]), table.attrs["truncated"]) == ([1, 2, 3], True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(filled.cypher("UNWIND range(1, 3) AS x RETURN x", limit=3)) == 3


def test_a_limit_in_the_text_is_that_of_the_call(filled: Store) -> None:
    with pytest.warns(Truncated):
        assert len(filled.cypher("UNWIND range(1, 100) AS x RETURN x LIMIT $limit", limit=3)) == 3


def test_a_path_is_asked_for_in_parts(filled: Store) -> None:
    with pytest.raises(Unusable, match=r"nodes\(p\)"):
        filled.cypher("MATCH p = (a:Node {id: 'ann'})-[:MEMBER_OF]->(b) RETURN p")
    [found] = filled.cypher("MATCH p = (a {id: 'ann'})-[:MEMBER_OF]->(b) RETURN [n IN nodes(p) | n.id] AS ids")["ids"]
    assert found == ["ann", "net"]


def test_what_the_engine_does_not_understand_is_said(filled: Store) -> None:
    with pytest.raises(Unusable, match="does not understand"):
        filled.cypher("MATCH (n) RETURN nothing_of_the_kind(n) AS x")


@pytest.mark.parametrize("seconds", [0.5, 2])
def test_a_query_that_takes_too_long_ends_in_time(filled: Store, seconds: float) -> None:
    filled.cypher("RETURN 1 AS x")
    endless = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a + b < 0 RETURN count(*) AS n"
    began = time.monotonic()
    with pytest.raises(QueryTimeout, match=f"after {seconds:g} seconds"):
        filled.cypher(endless, seconds=seconds)
    took = time.monotonic() - began
    assert took < seconds + 1
    assert filled.cypher("MATCH (n:Node) RETURN count(n) AS n")["n"][0] == 3
    assert filled.write(Batch(nodes=[ANN]), "second").number == 2


def test_a_huge_text_ends_the_query_and_not_the_program(tmp_path: Path) -> None:
    with open_store(tmp_path / "s.db") as store:
        store.write(Batch(nodes=[ANN]), "first")
        long = "reduce(s = 'a', x IN range(1, 40) | s + s)"
        with pytest.raises(Refused):
            store.cypher(f"RETURN size({long}) AS n", seconds=10)
        assert store.cypher("RETURN 1 AS x")["x"][0] == 1


def test_a_limit_makes_sense(filled: Store) -> None:
    for wrong in ({"limit": 0}, {"seconds": 0}, {"seconds": 1e9}):
        with pytest.raises(Unusable, match="at least one row"):
            filled.cypher("RETURN 1 AS x", **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "write",
    [
        "CREATE (n:Node {id: 'evil'}) RETURN n.id AS id",
        "MATCH (n:Node {id: 'ann'}) SET n.name = 'evil' RETURN n.id AS id",
        "MATCH (n:Node {id: 'ann'}) DETACH DELETE n",
        "MATCH (n:Node {id: 'ann'}) CALL (n) { SET n.name = 'evil' } RETURN n.id AS id",
        "CREATE INDEX evil FOR (n:Node) ON (n.name)",
    ],
)
def test_a_write_that_slipped_through_the_guard_would_fail_in_the_engine(
    filled: Store, write: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tsi_graph.store.adhoc_run.checked", lambda text: text)
    with pytest.raises((Refused, Unusable, StoreUnreachable)):
        filled.cypher(write)
    found = filled.cypher("MATCH (n:Node) RETURN n.id AS id, n.name AS name ORDER BY id")
    assert found.to_dict("list") == {"id": ["ann", "ben", "net"], "name": ["Ann", "Ben", "Net"]}


def test_the_procedures_of_the_list_are_there_or_refused_with_a_reason(filled: Store) -> None:
    for name in PROCEDURES[:3]:
        filled.cypher(f"CALL {name}()")
    assert "Stakeholder" in set(filled.cypher("CALL db.labels() YIELD label RETURN label")["label"])


def test_a_store_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable, match="There is no store"):
        open_store(tmp_path / "none.db").cypher("RETURN 1 AS x")


def test_a_program_that_was_killed_is_no_obstacle(tmp_path: Path) -> None:
    """The folder is opened for reading only, which refuses one that needs recovery: it is recovered first."""
    import subprocess
    import sys

    store = open_store(tmp_path / "s.db")
    store.write(Batch(nodes=[ANN]), "first")
    died = (
        "import arcadedb, os, sys\ndatabase = arcadedb.open_database(sys.argv[1])\ndatabase.begin()\n"
        "database.command('opencypher', \"CREATE (n:Node {id: 'half'})\")\nos.kill(os.getpid(), 9)"
    )
    environment = {**os.environ, "ARCADEDB_LOG_CONSOLE": "0"}
    done = subprocess.run([sys.executable, "-c", died, str(tmp_path / "s.db")], env=environment, check=False)
    assert done.returncode == -9
    assert list(store.cypher("MATCH (n:Node) RETURN n.id AS id")["id"]) == ["ann"]


def test_work_that_hangs_is_left_behind() -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        within(0.1, lambda: time.sleep(5))
    assert time.monotonic() - began < 1
    assert within(5, lambda: 7) == 7
