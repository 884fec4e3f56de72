"""The ledger in the store, on each engine: durable, whole, apart from imports, and shared by several writers."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, wipe
from tests.recommend.ledger_model import in_memory
from tsi_graph.batch import Batch
from tsi_graph.errors import Conflict, TsiError
from tsi_graph.model import MemberOf, Network, PartnerOf, Stakeholder
from tsi_graph.recommend.ledger.marking import mark
from tsi_graph.recommend.ledger.reading import considered, read_ledger
from tsi_graph.recommend.ledger.record import KINDS, Introduction, pair
from tsi_graph.recommend.ledger.writing import Happening, Proposal, propose, record
from tsi_graph.store import Store, migrations, open_store

BODIES = Batch(
    nodes=[*(Stakeholder(id=i, name=i.title()) for i in ("ann", "ben", "cy", "dee")), Network(id="n1", name="N")]
)
HOSTILE = "'}) DETACH DELETE n // <script>\"\\ $rows \u2028 è =1+1"


@pytest.fixture
def filled(store: Store) -> Store:
    store.write(BODIES, "first")
    return store


def graph_in(store: Store) -> tuple[list[Any], list[Any]]:
    return [row["id"] for row in store.read("nodes").to_dict("records")], store.read("edges").to_dict("records")


def test_what_is_written_is_read_back_by_another_opening(filled: Store) -> None:
    wanted = Proposal("ann", "n1", ("ben", "cy"), HOSTILE, (HOSTILE, "a second reason"), ("Ann works with Ben [page]",))
    made = propose(filled, wanted, Happening("", text=HOSTILE))
    after = record(filled, made.id, Happening("accepted", text="line one\nline two"))
    mark(filled, "ben", barred=True, text=HOSTILE)
    ledger = read_ledger(filled)
    assert ledger.introductions == (after,)
    assert (after.objective, after.reasons[0], after.events[0].text) == (HOSTILE,) * 3
    assert [(m.body, m.number, m.barred, m.text) for m in ledger.marks] == [("ben", 1, True, HOSTILE)]
    assert after.revision == 1


def test_an_empty_ledger_is_empty_also_in_a_store_of_before(filled: Store) -> None:
    known = considered(filled)
    assert not any((known.taken, known.load, known.not_introducers, known.reliability))


def test_a_store_made_before_the_ledger_gets_its_constraints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = migrations.known()[:2]
    monkeypatch.setattr(migrations, "known", lambda: before)
    store = open_store(tmp_path / "old.db")
    store.write(BODIES, "first")
    monkeypatch.undo()
    propose(store, Proposal("ann", "n1"))
    kept = (tmp_path / "old.db" / "schema.json").read_text(encoding="utf-8")
    assert all(f'"{label}"' in kept for label in ("Introduction", "IntroductionEvent", "IntroducerMark"))
    assert '"unique":true' in kept.split('"IntroductionEvent"')[1].replace(" ", "")


def test_imports_and_undo_do_not_touch_it_and_it_touches_no_graph(filled: Store) -> None:
    graph, statements = graph_in(filled), filled.statements()
    made = propose(filled, Proposal("ann", "n1", ("ben",)), then=Happening("declined"))
    assert graph_in(filled) == graph
    assert filled.statements() is statements
    filled.write(Batch(nodes=BODIES.nodes[1:], edges=[MemberOf(source="ben", target="n1")]), "first", complete=True)
    assert "ann" not in graph_in(filled)[0]
    assert read_ledger(filled).introductions == (made,)
    filled.undo()
    filled.undo(1)
    assert graph_in(filled)[0] == []
    assert considered(filled).taken == {("ann", "n1")}
    with pytest.raises(Conflict, match="reopen that first"):
        propose(filled, Proposal("n1", "ann"))
    assert record(filled, made.id, Happening("reopened")).state == "proposed"


def test_a_proposal_knows_the_last_import(filled: Store) -> None:
    filled.write(Batch(edges=[PartnerOf(source="ann", target="ben")]), "second")
    assert propose(filled, Proposal("ann", "n1")).revision == 2


def test_random_histories_go_as_in_memory(fresh: Callable[[], Store]) -> None:
    for seed in range(2):
        chance, store = random.Random(seed), fresh()
        store.write(BODIES, "first")
        twin = in_memory(**{node.id: node.kind for node in BODIES.nodes})
        for _ in range(30):
            known = read_ledger(twin).introductions
            one = chance.choice(known) if known and chance.random() < 0.8 else None
            likely = one.possible if one and chance.random() < 0.7 else KINDS[1:]
            kind, which = (chance.choice(likely or KINDS), one.id) if one else ("propose", "")
            ends = chance.sample(["ann", "cy", "n1"], 2)
            real, memory = (stepped(one, kind, ends, which) for one in (store, twin))
            assert real == memory
        real, memory = (sorted(map(timeless, read_ledger(one).introductions), key=str) for one in (store, twin))
        assert real == memory
        assert len({event["kind"] for one in real for event in one["events"]}) > 5


def stepped(store: Store, kind: str, ends: list[str], which: str) -> Any:
    """The introduction after a step, without its moments, or the refusal."""
    try:
        if kind == "propose":
            return timeless(propose(store, Proposal(*ends, ("ben",))))
        return timeless(record(store, which, Happening(kind, outcome="nothing" if kind == "outcome" else "")))
    except TsiError as fault:
        return type(fault), str(fault)


def timeless(one: Introduction) -> dict[str, Any]:
    """Without what differs between two stores: moments, tokens, and the last import."""
    events = [{k: v for k, v in vars(event).items() if k not in ("at", "id")} for event in one.events]
    return {**vars(one), "revision": 0, "events": events}


def together(store: Store, *works: Callable[[Store], Any]) -> list[Any]:
    """What each of several writers at once was answered."""

    def answered(work: Callable[[Store], Any]) -> Any:
        try:
            return work(store)
        except Conflict as fault:
            return fault

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(answered, works))


def test_of_many_who_propose_the_same_pair_at_once_one_does_and_the_others_are_told(filled: Store) -> None:
    both = [lambda s: propose(s, Proposal("ann", "n1")), lambda s: propose(s, Proposal("n1", "ann"))] * 4
    answers = together(filled, *both)
    [made] = [answer for answer in answers if isinstance(answer, Introduction)]
    assert [str(a) for a in answers if isinstance(a, Conflict)] == [
        f"The pair has an introduction already: {made.id}, at 'proposed' since {made.since}."
    ] * 7
    assert read_ledger(filled).introductions == (made,)


def test_of_many_who_use_one_key_at_once_one_does_and_the_others_get_its_answer_or_are_refused(filled: Store) -> None:
    alike = [lambda s: propose(s, Proposal("ann", "n1"), key="k")] * 4
    others = [lambda s, ends=ends: propose(s, Proposal(*ends), key="k") for ends in (("ben", "cy"), ("cy", "dee"))]
    answers = together(filled, *alike, *others)
    made = [answer for answer in answers if isinstance(answer, Introduction)]
    assert len({one.id for one in made}) == len(read_ledger(filled).introductions) == 1
    told = {str(answer) for answer in answers if isinstance(answer, Conflict)}
    assert told == {
        f"This key was used to record 'proposed' of introduction {made[0].id} on {made[0].since}, "
        "not what is asked now; take another key."
    }


def test_of_many_who_decide_at_once_one_does_and_no_note_is_lost(filled: Store) -> None:
    made = propose(filled, Proposal("ann", "n1"))
    decide = [lambda s: record(s, made.id, Happening("accepted"), seen=1)] * 4
    assert sum(isinstance(answer, Introduction) for answer in together(filled, *decide)) == 1
    notes = [lambda s, n=n: record(s, made.id, Happening("note", text=f"note {n}")) for n in range(8)]
    assert all(isinstance(answer, Introduction) for answer in together(filled, *notes))
    [one] = read_ledger(filled).introductions
    assert [event.number for event in one.events] == list(range(1, 11))
    assert sorted(event.text for event in one.events[2:]) == [f"note {n}" for n in range(8)]


def test_of_many_who_mark_at_once_one_does(filled: Store) -> None:
    answers = together(filled, *[lambda s: mark(s, "ben", barred=True)] * 6)
    assert sum(isinstance(answer, Conflict) for answer in answers) == 5
    assert [m.number for m in read_ledger(filled).marks] == [1]


WRITER = """
import sys
from tsi_graph.store import open_store
from tsi_graph.recommend.ledger.reading import read_ledger
from tsi_graph.recommend.ledger.writing import Happening, Proposal, propose, record
store = open_store(sys.argv[1], password=sys.argv[2])
bodies, n = sys.argv[4].split(), int(sys.argv[3])
for k in range(n, len(bodies)):
    one = propose(store, Proposal("hub", bodies[k], ("go",), "reach", ("why " * 200,)), key=f"k{k}")
    print(one.id, 1, flush=True)
    for number, kind in enumerate(("accepted", "made", "met", "outcome"), 2):
        record(store, one.id, Happening(kind, text="x" * 900, outcome="exchange" if kind == "outcome" else ""))
        print(one.id, number, flush=True)
"""
WAY = ["proposed", "accepted", "made", "met", "outcome"]


def killed(url: str, password: str, chance: random.Random, rounds: int) -> tuple[int, int]:
    """Kill a writer at random moments; after each, all that it was answered is there, and nothing is half there."""
    names = [f"b{k:03}" for k in range(400)]
    store = open_store(url, password=password)
    store.write(Batch(nodes=[Stakeholder(id=i, name=i) for i in ("hub", "go", *names)]), "first")
    acknowledged: dict[str, int] = {}
    unanswered = 0
    for _ in range(rounds):
        known = {one.target for one in read_ledger(store).introductions}
        start = next(k for k, name in enumerate(names) if name not in known)
        command = [sys.executable, "-c", WRITER, url, password, str(start), " ".join(names)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert writer.stdout
        for _ in range(chance.randint(1, 12)):
            which, number = writer.stdout.readline().split()
            acknowledged[which] = int(number)
        signal.sigtimedwait([], chance.random() * 0.05)
        writer.send_signal(signal.SIGKILL)
        rest, _ = writer.communicate(timeout=20)
        acknowledged |= {line.split()[0]: int(line.split()[1]) for line in rest.splitlines() if len(line.split()) == 2}
        with open_store(url, password=password) as again:
            found = {one.id: one for one in read_ledger(again).introductions}
        assert acknowledged.keys() <= found.keys()
        for one in found.values():
            written = len(one.events)
            assert [event.kind for event in one.events] == WAY[:written]
            assert [event.number for event in one.events] == list(range(1, written + 1))
            assert (one.through, one.reasons, one.pair) == (("go",), (("why " * 200).strip(),), pair("hub", one.target))
            assert all(event.text == "x" * 900 for event in one.events[1:])
            assert 0 <= written - acknowledged.get(one.id, 0) <= 1
            unanswered += written - acknowledged.get(one.id, 0)
            acknowledged[one.id] = written
    # The ledger goes on from where it stands.
    open_ones = [one for one in read_ledger(store).introductions if one.state != "outcome"]
    for one in open_ones:
        assert record(store, one.id, Happening("note", text="after the kill")).events[-1].kind == "note"
    store.close()
    return len(acknowledged), unanswered


def test_kill_9_between_proposal_and_outcome_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    rounds = int(os.environ.get("TSI_TEST_KILLS", "4"))
    kept, _ = killed(str(tmp_path / "k.db"), "", random.Random(5), rounds)
    assert kept >= rounds


@pytest.mark.neo4j
def test_kill_9_of_a_client_of_the_server_loses_nothing_either(neo4j_server: tuple[str, str]) -> None:
    url, password = neo4j_server
    wipe(url, password)
    kept, _ = killed(url, password, random.Random(6), 2)
    assert kept >= 2
