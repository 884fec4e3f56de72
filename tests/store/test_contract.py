"""The contract of a store: each method and each file of cypher/, on both engines, equal row by row.

What is asked is asked of both once, and kept; the tests compare.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import asdict, is_dataclass
from functools import partial
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
import pytest

from tests.conftest import wipe
from tests.store.dialect import UNORDERED, Text
from tests.store.questions import ANSWERS, Tables
from tests.store.test_store import ANN, BEN, JOINED, NET, PLAY
from tsi_graph import samples
from tsi_graph.batch import Batch
from tsi_graph.cli_query import questions, text_of
from tsi_graph.errors import StoreUnreachable, TsiError
from tsi_graph.graph import DOCUMENTED, load_graph
from tsi_graph.importers import read
from tsi_graph.model import EDGE_KINDS, NODE_KINDS, Funds, Investor, MemberOf, PartnerOf, Stakeholder, labels
from tsi_graph.recommend.ledger.marking import mark
from tsi_graph.recommend.ledger.writing import Happening, Proposal, propose
from tsi_graph.store import Store, open_store, queries, stamps
from tsi_graph.store.base import Transaction, write

pytestmark = pytest.mark.neo4j

ENGINES = ("arcade", "neo4j")
MOMENTS = ("at", "idle", "beat", "hash")
"""Columns that tell the time or hang on it: no two runs are alike."""
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT")
Each = tuple[str, Store]

VERIFIED = BEN.model_copy(update={"city": "Torino"})
GRANT = Funds(source="ann", target="play", amount=1_600_000, role="study", valid_from="2018-03", origin="page g")
RUMOUR = MemberOf(source="ben", target="net", origin="general knowledge", confidence=1)


def ann_is(store: Store) -> str:
    """The statement that Ann exists."""
    rows = store.statements().rows
    return str(rows["id"][rows["node"].eq("ann") & rows["target"].eq("")].iloc[0])


NOWHERE = "read where there is nothing"
STEPS: dict[str, Callable[[Store], object]] = {
    NOWHERE: lambda s: s.read("nodes"),
    "write": lambda s: s.write(Batch(nodes=[ANN, BEN, NET], edges=[JOINED, RUMOUR]), "first"),
    "write the same": lambda s: s.write(Batch(nodes=[ANN, BEN, NET], edges=[JOINED, RUMOUR]), "first"),
    "write an edited row": lambda s: s.write(Batch(nodes=[ANN, VERIFIED, NET], edges=[JOINED, RUMOUR]), "first"),
    "write from elsewhere": lambda s: s.write(Batch(nodes=[PLAY], edges=[GRANT]), "second", note="by post"),
    "write a body that becomes an investor": lambda s: s.write(Batch(nodes=[Investor(id="ben", name="Ben")]), "third"),
    "write what cannot be": lambda s: s.write(Batch(edges=[MemberOf(source="ann", target="nett")]), "fourth"),
    "write part of it": lambda s: s.write(
        Batch(nodes=[Stakeholder(id="dee", name="Déè ’x")], edges=[MemberOf(source="ann", target="nett")]),
        "fourth", partial=True,
    ),
    "write without a name": lambda s: s.write(Batch(nodes=[ANN]), " "),
    "write all there is": lambda s: s.write(Batch(nodes=[ANN, NET]), "first", complete=True),
    "undo": lambda s: s.undo(),
    "undo a number": lambda s: s.undo(1),
    "undo a number again": lambda s: s.undo(1),
    "undo what is not there": lambda s: s.undo(99),
    "redo": lambda s: s.redo(),
    "redo once more": lambda s: s.redo(),
    "redo too often": lambda s: s.redo(),
    "correct": lambda s: s.correct([ann_is(s)], Batch(nodes=[Stakeholder(id="ann", name="Anna")]), "typo"),
    "correct what is not there": lambda s: s.correct(["nothing"], Batch()),
    "undo the correction": lambda s: s.undo(),
    "reach": lambda s: s.reach(),
    "transact": lambda s: propose(s, Proposal("ann", "ben"), Happening("", text="l'una")).id,
    "transact without effect": lambda s: s.transact(lambda tx: 7),
    "statements": lambda s: s.statements().rows,
    "read": lambda s: s.read("edges", skip=1, limit=1),
    "read what is not there": lambda s: s.read("nobody"),
    "cypher": lambda s: s.cypher("MATCH (n:Node) WHERE n.id <> $id RETURN n, n.id AS id ORDER BY id", id="ann"),
    "cypher that writes": lambda s: s.cypher("MATCH (n) DELETE n"),
    "cypher without a value": lambda s: s.cypher("RETURN $x AS x"),
    "migrate": lambda s: s.migrate(),
    "migrate, dry": lambda s: s.migrate(dry_run=True),
}  # fmt: skip

FAILS = {
    "write what cannot be": "DataInvalid", "write without a name": "Unusable", "undo a number again": "Conflict",
    "undo what is not there": "NotFound", "redo too often": "NotFound", "correct what is not there": "NotFound",
    "read what is not there": "NotFound", "cypher that writes": "Refused", "cypher without a value": "Unusable",
}  # fmt: skip
"""The steps that are to end in a fault, and in which."""
APART = {"close", "backup", "check", "restore", "held", "revision", "beside", "lost", "outlived"}
"""Methods that are compared elsewhere: a backup of one engine, restored into the other, is the same to the byte; and
those that are about a folder or a server."""
READS: dict[str, Any] = {
    "id": "comune-di-torino", "ids": ["comune-di-torino", "nobody", "axto"], "number": 1, "numbers": [1, 2],
    "facts": ["axto|exists", "comune-di-torino|FUNDS|axto|"], "pair": "", "body": "axto", "skip": 0, "limit": 50,
}  # fmt: skip
"""Values for the parameters of reads; those of the ledger and of statements are filled in from the store."""
ASKED: dict[str, dict[str, Any]] = {
    "contacts_in_common": {"source": "universita-torino", "target": "comune-di-torino"},
    "members_of_network": {"id": "torino-social-impact"}, "said_of": {"id": "axto"},
    "search_by_name": {"text": "UNIVERSITÀ"}, "shared_with": {"id": "universita-torino"},
    "ties_of": {"id": "comune-di-torino"}, "ties_on_day": {"on": 20180630},
    "what_joins": {"x": "socialfare", "y": "comune-di-torino"}, "worked_on_topic": {"x": "civic-technologies"},
    "funders_of_topic": {"x": "social-impact-finance"}, "led_on_topic": {"x": "civic-technologies"},
    "worked_with": {"x": "comune-di-torino"}, "funded_with": {"x": "fondazione-compagnia-san-paolo"},
    "took_part_in": {"x": "tonite"}, "who_is_there": {"x": "foundation", "y": "Torino"},
}  # fmt: skip


def names(folder: str) -> list[str]:
    return sorted(path.stem for path in queries.FOLDER.glob(f"{folder}/*.cypher"))


@pytest.fixture(scope="module")
def each(neo4j_server: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Iterator[Each]]:
    """A function that gives an empty store on each engine in turn, and closes it; chance is the same for both."""
    url, password = neo4j_server

    def in_turn() -> Iterator[Each]:
        wipe(url, password)
        folder = tmp_path_factory.mktemp("contract")
        for engine, store in (("arcade", open_store(folder / "s.db")), ("neo4j", open_store(url, password=password))):
            with store, pytest.MonkeyPatch.context() as patch:
                patch.setattr(secrets, "token_hex", _counted())
                patch.setattr(stamps, "changing", nullcontext)  # which takes numbers for a folder alone
                yield engine, store

    return in_turn


def _counted() -> Callable[[int], str]:
    numbers = count()
    return lambda size: f"{next(numbers):016x}"


def plain(value: Any) -> Any:
    """An answer as it can be compared: tables as rows, times left out, faults as what they say."""
    if isinstance(value, pd.DataFrame):
        rows = value.astype(object).where(value.notna(), None).to_dict("records")
        return [plain(row) for row in rows]
    if isinstance(value, dict):
        kept = {k: plain(v) for k, v in sorted(value.items()) if k not in MOMENTS and v is not None}
        return kept | ({"labels": sorted(kept["labels"])} if "labels" in kept else {})
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return "a moment" if isinstance(value, str) and MOMENT.match(value) else value


def answered(work: Callable[[], object]) -> Any:
    """What it answers, or which of our faults it ends in; the tests say where a fault is right."""
    try:
        return plain(work())
    except TsiError as fault:
        return type(fault).__name__, re.sub(r"The server at \S+|\S+/s\.db", "it", str(fault))


def whole(store: Store) -> Any:
    """All that a store shows of itself."""
    with suppress(StoreUnreachable):
        kept = store.statements()
        tables = [store.read(name, limit=10**6) for name in ("nodes", "edges", "statements", "introductions")]
        return plain([*tables, kept.rows, kept.imports, load_graph(store).edges])
    return "nothing there"


@pytest.fixture(scope="module")
def told(each: Callable[[], Iterator[Each]]) -> dict[str, dict[str, Any]]:
    """What each step answered, and what the store then was."""
    found: dict[str, dict[str, Any]] = {}
    for engine, store in each():
        found[engine] = {step: (answered(partial(work, store)), whole(store)) for step, work in STEPS.items()}
    return found


@pytest.mark.parametrize("step", STEPS)
def test_each_method_answers_alike_and_leaves_the_same(told: dict[str, dict[str, Any]], step: str) -> None:
    (one, after), (other, then) = (told[engine][step] for engine in ENGINES)
    if step == NOWHERE:  # a folder is not there yet, a server is there and empty
        assert (one[0], after, other) == ("StoreAbsent", "nothing there", [])
    else:
        assert (one, after) == (other, then)
        assert after != "nothing there"
        assert (one[0] if isinstance(one, (list, tuple)) and one and isinstance(one[0], str) else "") == FAILS.get(
            step, ""
        )


def test_every_method_has_a_step() -> None:
    methods = {name for name, value in vars(Store).items() if callable(value) and name[0] != "_"}
    assert methods - {step.partition(" ")[0].rstrip(",") for step in STEPS} - APART == set()


@pytest.fixture(scope="module")
def demo(each: Callable[[], Iterator[Each]]) -> dict[str, dict[str, Any]]:
    """What each read and each question answers about the starter data, with a ledger and an import under way."""
    found: dict[str, dict[str, Any]] = {}
    for engine, store in each():
        store.write(read(samples.torino()), "facts", partial=True)
        store.write(read(samples.additions()), "additions", partial=True)
        values = READS | {"statement": store.statements().rows["id"].tolist()[::50]}
        made = propose(store, Proposal("axto", "comune-di-torino"))
        propose(store, Proposal("universita-torino", "axto"))
        mark(store, "axto", barred=True)
        values |= {"introduction": made.id, "pair": store.read("introduction_pair", id=made.id)["pair"][0]}
        values["event"] = store.read("introductions", limit=1)["events"][0][0]["id"]
        mine = found[engine] = {"tables": Tables(*_graph(store), store.statements().rows)}
        for name in names("questions"):
            text = text_of(str(queries.FOLDER / "questions" / f"{name}.cypher"))
            mine[f"questions/{name}"] = answered(partial(store.cypher, text, **ASKED.get(name, {})))
        store.transact(_under_way)
        for name in names("read"):
            given = {p: values[p] for p in set(re.findall(r"\$(\w+)", queries.text(f"read/{name}")))}
            given |= {"introduction_event": {"id": values["event"]}, "introduction_pair": {"id": made.id},
                      "statements_by_id": {"ids": values["statement"]}, "import_state": {"number": 99},
                      "labels": {"id": "comune-di-torino"}}.get(name, {})  # fmt: skip
            mine[f"read/{name}"] = answered(partial(store.read, name, **given))
    return found


def _graph(store: Store) -> tuple[pd.DataFrame, pd.DataFrame]:
    graph = load_graph(store, DOCUMENTED)
    return graph.nodes, graph.edges


def _under_way(tx: Transaction) -> None:
    write(tx, "import", [{"number": 99, "at": "2026-01-01T00:00:00+00:00", "done": False, "writer": "w"}])
    write(tx, "stage_node", [{"id": "u1", "name": "U", "kind": "Stakeholder"}])
    write(tx, "restoring", [{"writer": "w"}])
    tx.run("CREATE (n:Discarded {id: $id})", {"id": "d1"})


@pytest.mark.parametrize("name", [f"{folder}/{name}" for folder in ("read", "questions") for name in names(folder)])
def test_each_read_gives_the_same_rows_in_the_same_order(demo: dict[str, dict[str, Any]], name: str) -> None:
    rows = demo["arcade"][name]
    if Path(name).name in UNORDERED:
        assert sorted(map(_key, rows)) == sorted(map(_key, demo["neo4j"][name]))
    else:
        assert rows == demo["neo4j"][name]
    assert isinstance(rows, list), rows
    assert rows or name in ("read/changes_of_import", "read/dangling_edges", "read/statements_joining")
    order = re.findall(r"^ORDER BY (.*)$", _text(name), re.MULTILINE)
    if order and rows:
        keys = [key.strip().removesuffix(" DESC") for key in order[-1].split(",")]
        assert len({json.dumps([row.get(key) for key in keys]) for row in rows}) == len(rows), "the order is not one"


def _key(row: Any) -> str:
    return json.dumps(row, sort_keys=True)


def _text(name: str) -> str:
    return (queries.FOLDER / f"{name}.cypher").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", names("questions"))
def test_each_question_equals_what_pandas_makes_of_the_tables(demo: dict[str, dict[str, Any]], name: str) -> None:
    for engine in ENGINES:
        rows = demo[engine][f"questions/{name}"]
        table = ANSWERS[name](demo[engine]["tables"], *ASKED.get(name, {}).values())
        assert rows == plain(table[Text.of(queries.FOLDER / "questions" / f"{name}.cypher").columns])


def test_every_question_has_its_second_computation() -> None:
    assert list(questions()) == sorted(ANSWERS)


class _Back(Exception):
    """Ends a transaction without effect."""


def cases() -> dict[str, tuple[str, dict[str, str]]]:
    """Each file of cypher/write with each word of the model in its place."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for name in names("write"):
        text = queries.text(f"write/{name}")
        if ":KIND" in text:
            ends = {"SOURCE": "Node", "TARGET": "Unfinished"} if ":SOURCE" in text else {}
            found |= {f"{name} {kind}": (name, {"KIND": kind, **ends}) for kind in EDGE_KINDS}
        elif "SET n:LABELS" in text or "CREATE (n:LABELS" in text:
            found |= {f"{name} {kind}": (name, {"LABELS": ":".join(labels(kind))}) for kind in NODE_KINDS}
        elif ":LABELS" in text:
            found[name] = name, {"LABELS": "Unfinished" if "MATCH (n:LABELS)" in text else "Node:Stakeholder"}
        else:
            found[name] = name, {}
    return found


@pytest.fixture(scope="module")
def written(each: Callable[[], Iterator[Each]]) -> dict[str, dict[str, Any]]:
    """What each write leaves of a small store, taken back each time."""
    found: dict[str, dict[str, Any]] = {}
    for engine, store in each():
        store.write(
            Batch(nodes=[ANN, BEN, NET, PLAY], edges=[JOINED, GRANT, PartnerOf(source="ann", target="ben")]), "d"
        )
        made = propose(store, Proposal("ann", "ben"))
        pair_of = store.read("introduction_pair", id=made.id)["pair"][0]
        store.transact(_under_way)
        known = {"Statement": ann_is(store), "Node": "ann", "Unfinished": "u1", "Introduction": made.id,
                 "Manifest": (list(store.read("manifest").get("id", [])) or ["new"])[0]}  # fmt: skip
        found[engine] = {"before": _after(store)}
        for case, (name, words) in cases().items():
            row = {"number": 99, "change": 99, "changes": [1, -99], "source": "ann", "target": "net", "writer": "w2",
                   "fact": "ann|MEMBER_OF|net|", "props": {"id": "new", "weight": 2.0}, "pair": pair_of,
                   "introduction": made.id, "at": "now", "held": "h", "version": 99, "id": "new"}  # fmt: skip
            text = queries.text(f"write/{name}", **words)
            if match := re.search(r":(\w+) \{id: row\.id\}", text):
                row["id"] = known.get(match[1], "new") if not text.count("MERGE (s:Statement") else "new"
            if "TARGET" in words:
                row["target"] = "u1"
            if name == "import":
                row["number"] = 100
            if "row.props" not in text:
                del row["props"]
            given = {"rows": [row], "many": 1, "limit": 1}
            given = {p: given[p] for p in set(re.findall(r"\$(\w+)", text))}
            found[engine][case] = _after(store, text, given)
    return found


def _after(store: Store, text: str = "RETURN 1 AS one", given: Mapping[str, Any] = MappingProxyType({})) -> Any:
    """All nodes and ties after a statement, which is then taken back."""
    left: list[Any] = []

    def attempt(tx: Transaction) -> None:
        tx.run(text, dict(given))
        nodes = tx.run("MATCH (n) RETURN labels(n) AS labels, properties(n) AS props", {})
        ties = tx.run("MATCH (a)-[r]->(b) RETURN type(r) AS kind, a.id AS a, b.id AS b, properties(r) AS props", {})
        rows = [*({**r, "labels": sorted(r["labels"])} for r in nodes), *ties]
        left[:] = sorted(json.dumps(plain(row), sort_keys=True) for row in rows)
        raise _Back

    with suppress(_Back):
        store.transact(attempt)
    return left


@pytest.mark.parametrize("case", cases())
def test_each_write_leaves_the_same(written: dict[str, dict[str, Any]], case: str) -> None:
    assert written["arcade"][case] == written["neo4j"][case]


@pytest.mark.parametrize("name", names("write"))
def test_each_write_does_something(written: dict[str, dict[str, Any]], name: str) -> None:
    before = written["neo4j"]["before"]
    assert any(written["neo4j"][case] != before for case, (one, _) in cases().items() if one == name)


def test_what_was_tried_is_taken_back(written: dict[str, dict[str, Any]]) -> None:
    assert written["arcade"]["before"] == written["neo4j"]["before"]


def test_the_files_are_those_of_the_checkout() -> None:
    assert Path(queries.FOLDER).name == "cypher"
    assert len(names("read")) + len(names("write")) + len(names("questions")) > 60
