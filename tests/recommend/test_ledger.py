"""The ledger: what may follow what, what is never proposed again, and what a history says of those who introduce."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recommend.ledger_model import AFTER, Happened, History, in_memory
from tests.recommend.test_recommend import drawn
from tsi_graph.errors import Conflict, NotFound, Unusable
from tsi_graph.recommend import recommend
from tsi_graph.recommend.ledger.proposal import proposal
from tsi_graph.recommend.ledger.reading import (
    Considered,
    Ledger,
    Meeting,
    chosen,
    considered,
    introducers,
    latest,
    load,
    meetings,
    not_introducers,
    read_ledger,
    refused,
    reliability,
    taken,
)
from tsi_graph.recommend.ledger.record import (
    FOLLOWS,
    KINDS,
    OUTCOMES,
    STATES,
    Event,
    Introduction,
    admitted,
    in_force,
    pair,
    shown,
)
from tsi_graph.recommend.ledger.uplift import ENOUGH, difference, estimated, needed
from tsi_graph.recommend.ledger.words import KINDS as KIND_WORDS
from tsi_graph.recommend.ledger.words import OUTCOMES as OUTCOME_WORDS
from tsi_graph.recommend.ledger.words import SENTENCES, told, told_uplift
from tsi_graph.recommend.ledger.words import STATES as STATE_WORDS
from tsi_graph.recommend.ledger.writing import Happening, Proposal, mark, propose, record
from tsi_graph.recommend.portfolios.portfolio import portfolio
from tsi_graph.store import Store

TODAY = date.today()
DAY = TODAY.isoformat()
BODIES = {"ann": "Stakeholder", "ben": "Stakeholder", "cy": "Stakeholder", "dee": "Stakeholder", "n1": "Network"}


def days_ago(n: int) -> str:
    return (TODAY - timedelta(days=n)).isoformat()


@pytest.fixture
def store() -> Store:
    return in_memory(**BODIES, t1="Topic", f1="Fund")


def played(
    store: Store, *kinds: str, ends: tuple[str, str] = ("ann", "n1"), through: tuple[str, ...] = ("ben",)
) -> str:
    """An introduction to which these things happened today; gives its id."""
    one = propose(store, Proposal(*ends, through))
    for kind in kinds:
        word, _, what = kind.partition(":")
        record(store, one.id, Happening(word, outcome=what))
    return one.id


def test_an_introduction_keeps_what_was_said_when_it_was_proposed(store: Store) -> None:
    wanted = Proposal("n1", "ann", ("ben", "cy"), "reach", ("They share a topic.",), ("Ben works with Cy [page 1]",))
    made = propose(store, wanted, Happening("proposed", text=" seen at the fair "))
    [kept] = read_ledger(store).introductions
    assert kept == made
    [event] = shown(made).pop("events")
    assert event.pop("at") > DAY
    assert event == {
        "number": 1, "kind": "proposed", "day": DAY, "text": "seen at the fair", "outcome": "", "until": "",
        "undoes": 0, "counts": True,
    }  # fmt: skip
    assert {k: v for k, v in shown(made).items() if k != "events"} == {
        "id": made.id, "source": "n1", "target": "ann", "through": ("ben", "cy"), "objective": "reach",
        "reasons": ("They share a topic.",), "route": ("Ben works with Cy [page 1]",), "revision": 3, "nth": 1,
        "state": "proposed", "since": DAY, "possible": ("accepted", "declined", "snoozed", "note", "taken_back"),
    }  # fmt: skip


def test_the_whole_way_and_back_again(store: Store) -> None:
    which = played(store, "accepted", "made", "met", "outcome:funding")
    assert latest(read_ledger(store))["ann", "n1"].state == "outcome"
    for back in ("met", "made", "accepted", "proposed", "withdrawn"):
        assert record(store, which, Happening("taken_back")).state == back
    [one] = read_ledger(store).introductions
    assert [e.kind for e in one.events[:5]] == ["proposed", "accepted", "made", "met", "outcome"]
    assert [e.undoes for e in one.events[5:]] == [5, 4, 3, 2, 1]
    assert (one.possible, chosen(read_ledger(store))) == ((), [])
    assert record(store, which, Happening("taken_back", undoes=10)).state == "proposed"


@pytest.mark.parametrize("state", sorted(FOLLOWS))
def test_only_what_follows_may_follow_and_the_refusal_says_what_would(state: str) -> None:
    way = {
        "": (), "proposed": ("proposed",), "snoozed": ("proposed", "snoozed"), "accepted": ("proposed", "accepted"),
        "declined": ("proposed", "declined"), "made": ("proposed", "accepted", "made"),
        "met": ("proposed", "accepted", "made", "met"), "outcome": ("proposed", "accepted", "made", "met", "outcome"),
    }[state]  # fmt: skip
    events = tuple(event_of(n, kind) for n, kind in enumerate(way, 1))
    one = Introduction("x", "ann", "n1", (), "", (), (), 1, 1, events)
    for kind in KINDS:
        if kind in ("note", "taken_back"):
            continue
        event = event_of(len(way) + 1, kind, outcome="nothing" if kind == "outcome" else "")
        if kind in FOLLOWS[state]:
            assert admitted(one, event, TODAY).events[-1] == event
        elif state:
            with pytest.raises(Conflict, match=f"{kind!r} does not follow.*{', '.join(FOLLOWS[state])}"):
                admitted(one, event, TODAY)


def event_of(number: int, kind: str, **more: str) -> Event:
    extra = {"until": (TODAY + timedelta(days=30)).isoformat()} if kind == "snoozed" else {}
    extra |= {"outcome": "funding"} if kind == "outcome" else {}
    return Event(number, kind, DAY, **{**extra, **{k: v for k, v in more.items() if v}})


@pytest.mark.parametrize(
    ("happening", "fault", "words"),
    [
        (Happening("kissed"), Unusable, "'kissed'. Known: proposed, accepted"),
        (Happening("note", day="2026-13-01"), Unusable, "written 2026-11-30; not '2026-13-01'"),
        (Happening("note", day="20261101"), Unusable, "written 2026-11-01; not '20261101'"),
        (Happening("note", day=(TODAY + timedelta(days=2)).isoformat()), Unusable, "between 2000-01-01 and today"),
        (Happening("note", day="1999-12-31"), Unusable, "between 2000-01-01 and today"),
        (Happening("accepted", outcome="funding"), Unusable, "joint_project, joined"),
        (Happening("outcome", outcome="marriage"), Unusable, "not 'marriage'"),
        (Happening("outcome"), Unusable, "not ''"),
        (Happening("accepted", until="2030-01-01"), Unusable, "rests"),
        (Happening("snoozed", until=DAY), Unusable, "later day"),
        (Happening("note", undoes=1), Unusable, "taken_back"),
        (Happening("note", text="a\x00b"), Unusable, "control characters"),
        (Happening("note", text="a" * 1001), Unusable, "at most 1000 characters"),
        (Happening("taken_back", undoes=9), NotFound, "no event 9; its last is 2"),
        (Happening("made", day=days_ago(3)), Conflict, f"made on {days_ago(3)} cannot come before accepted, {DAY}"),
        (Happening("met"), Conflict, "made, declined, snoozed, note"),
        (Happening("taken_back", undoes=1), Conflict, r"event 2 \(accepted\) rests on it"),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_leaves_no_trace(
    store: Store, happening: Happening, fault: type[Exception], words: str
) -> None:
    which = played(store, "accepted")
    before = read_ledger(store)
    with pytest.raises(fault, match=words):
        record(store, which, happening)
    assert read_ledger(store) == before


def test_of_those_who_never_met_nothing_but_nothing_can_come(store: Store) -> None:
    which = played(store, "accepted", "made")
    with pytest.raises(Conflict, match="record `met` first, or the outcome `nothing`"):
        record(store, which, Happening("outcome", outcome="joined"))
    record(store, which, Happening("met"))
    record(store, which, Happening("outcome", outcome="joined"))
    with pytest.raises(Conflict, match=r"event 5 \(outcome\) rests on it"):
        record(store, which, Happening("taken_back", undoes=4))
    record(store, which, Happening("taken_back"))
    record(store, which, Happening("taken_back", undoes=4))
    assert record(store, which, Happening("outcome", outcome="nothing")).state == "outcome"


@pytest.mark.parametrize(
    ("wanted", "fault", "words"),
    [
        (Proposal("ann", "ann"), Unusable, "itself"),
        (Proposal("ann", "zoe"), NotFound, "'zoe'"),
        (Proposal("ann", "\ud800"), NotFound, "id"),
        (Proposal("ann", "ben", ("zoe",)), NotFound, "'zoe'"),
        (Proposal("ann", "ben", ("ann",)), Unusable, "others than the two"),
        (Proposal("ann", "ben", ("cy", "cy")), Unusable, "each named once"),
        (Proposal("ann", "t1"), Unusable, "'t1' is a topic"),
        (Proposal("ann", "ben", objective="x" * 201), Unusable, "at most 200"),
        (Proposal("ann", "ben", reasons=("x",) * 21), Unusable, "at most 20"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_what_cannot_be_proposed(store: Store, wanted: Proposal, fault: type[Exception], words: str) -> None:
    with pytest.raises(fault, match=words):
        propose(store, wanted)
    assert read_ledger(store) == Ledger()


def test_addresses_and_numbers_of_people_are_not_kept(store: Store) -> None:
    made = propose(
        store, Proposal("ann", "n1", reasons=("ask a.b@example.org",)), Happening("", text="call 333 1234567")
    )
    assert (made.reasons, made.events[0].text) == (("ask …",), "call …")


def test_a_pair_has_one_introduction_at_a_time_in_either_direction(store: Store) -> None:
    first = played(store, "accepted")
    for ends in (("ann", "n1"), ("n1", "ann")):
        with pytest.raises(Conflict, match=f"already: {first}, at 'accepted' since {DAY}"):
            propose(store, Proposal(*ends))
    for kind in ("made", "met"):
        record(store, first, Happening(kind))
    record(store, first, Happening("outcome", outcome="exchange"))
    second = propose(store, Proposal("n1", "ann"))
    assert (second.nth, second.id != first) == (2, True)
    with pytest.raises(Conflict, match=f"later introduction, {second.id}; {first} takes notes only"):
        record(store, first, Happening("taken_back"))
    assert record(store, first, Happening("note", text="they wrote")).state == "outcome"
    record(store, second.id, Happening("taken_back"))
    assert (latest(read_ledger(store))["ann", "n1"].id, taken(read_ledger(store), TODAY)) == (first, {("ann", "n1")})


def test_a_proposal_may_be_decided_at_once(store: Store) -> None:
    made = propose(store, Proposal("ann", "n1"), then=Happening("declined", text="competitors"))
    assert [(e.kind, e.text) for e in made.events] == [("proposed", ""), ("declined", "competitors")]
    with pytest.raises(Conflict, match=rf"declined on {DAY} \(competitors\), as introduction {made.id}; reopen"):
        propose(store, Proposal("n1", "ann"))
    assert record(store, made.id, Happening("reopened")).state == "proposed"
    with pytest.raises(Unusable, match="accepted, declined, snoozed; not 'met'"):
        propose(store, Proposal("ann", "ben"), then=Happening("met"))


def test_the_same_key_again_answers_what_it_did(store: Store) -> None:
    made = propose(store, Proposal("ann", "n1"), key="k")
    assert propose(store, Proposal("ann", "n1"), key="k") == made
    after = record(store, made.id, Happening("accepted"), key="l")
    assert record(store, made.id, Happening("accepted"), seen=1, key="l") == after
    with pytest.raises(Conflict, match="used to record 'accepted'"):
        record(store, made.id, Happening("made"), key="l")


def test_whoever_saw_less_is_told_that_it_changed(store: Store) -> None:
    which = played(store)
    record(store, which, Happening("accepted"), seen=1)
    with pytest.raises(Conflict, match=rf"saw event 1, the last is 2 \(accepted, {DAY}\).*'accepted' now"):
        record(store, which, Happening("declined"), seen=1)
    assert len(read_ledger(store).introductions[0].events) == 2


def test_what_is_snoozed_comes_back_on_its_day(store: Store) -> None:
    which = played(store)
    until = record(store, which, Happening("snoozed")).events[-1].until
    assert until == (TODAY.replace(day=1) + timedelta(days=32)).replace(day=1).isoformat()
    ledger = read_ledger(store)
    assert taken(ledger, TODAY) == {("ann", "n1")}
    assert taken(ledger, date.fromisoformat(until)) == frozenset()
    assert refused(ledger) == frozenset()


def test_load_counts_who_was_asked_since(store: Store) -> None:
    for days, ends in ((40, ("ann", "n1")), (2, ("ann", "dee")), (1, ("dee", "n1"))):
        one = propose(store, Proposal(*ends, ("ben", "cy")[: days or 1]), Happening("", days_ago(50)))
        record(store, one.id, Happening("accepted", days_ago(days)))
    played(store, ends=("cy", "n1"))
    ledger = read_ledger(store)
    assert load(ledger, days_ago(10)) == {"ben": 2, "cy": 1}
    assert load(ledger, days_ago(90)) == {"ben": 3, "cy": 2}
    record(store, ledger.introductions[0].id, Happening("taken_back"))
    assert load(read_ledger(store), days_ago(90)) == {"ben": 2, "cy": 1}


def test_reliability_shrinks_towards_one_half_and_knows_no_one_without_history(store: Store) -> None:
    played(store, "accepted", "made", "met", ends=("ann", "n1"))
    played(store, "accepted", "made", "met", "outcome:joined", ends=("cy", "n1"))
    played(store, "accepted", "declined", ends=("dee", "n1"))
    played(store, "accepted", "made", "outcome:nothing", ends=("ann", "cy"), through=("ben", "dee"))
    played(store, "declined", ends=("ann", "dee"))
    played(store, "accepted", "made", ends=("cy", "dee"))
    ben, dee = reliability(read_ledger(store))
    assert (ben.introducer, ben.tries, ben.successes, ben.share, ben.factor) == ("ben", 4, 2, 0.5, 1.0)
    assert (dee.introducer, dee.tries, dee.successes, dee.share, dee.factor) == ("dee", 1, 0, 2 / 5, 0.8)


def test_who_met_is_said_and_no_tie_is_made(store: Store) -> None:
    which = played(store, "accepted", "made", "met")
    played(store, "accepted", "made", "outcome:nothing", ends=("cy", "n1"))
    assert meetings(read_ledger(store)) == (Meeting("ann", "n1", DAY, which),)


def test_a_body_is_left_out_as_introducer_until_it_is_taken_back_in(store: Store) -> None:
    mark(store, "ben", barred=True, text="asked too often")
    assert not_introducers(read_ledger(store)) == {"ben"}
    with pytest.raises(Conflict, match=f"ben is already left out as an introducer, since {DAY}"):
        mark(store, "ben", barred=True)
    [row] = introducers(read_ledger(store))
    assert (row["introducer"], row["barred"], row["since"], row["text"]) == ("ben", True, DAY, "asked too often")
    mark(store, "ben", barred=False)
    assert not_introducers(read_ledger(store)) == frozenset()
    assert [m.barred for m in read_ledger(store).marks] == [True, False]
    with pytest.raises(Conflict, match="cy is not left out"):
        mark(store, "cy", barred=False)
    with pytest.raises(NotFound, match="'zoe'"):
        mark(store, "zoe", barred=True)


def test_all_that_the_next_proposals_need_comes_together(store: Store) -> None:
    which = played(store, "accepted", "made", "met")
    played(store, "declined", ends=("dee", "cy"))
    mark(store, "cy", barred=True)
    assert considered(store) == Considered(
        refused=frozenset({("cy", "dee")}),
        taken=frozenset({("ann", "n1"), ("cy", "dee")}),
        load={"ben": 1},
        not_introducers=frozenset({"cy"}),
        reliability={"ben": pytest.approx(1.2)},
        meetings=(Meeting("ann", "n1", DAY, which),),
    )


def test_the_list_is_filtered(store: Store) -> None:
    first = played(store, "accepted")
    propose(store, Proposal("cy", "dee", (), "gap"), Happening("", days_ago(100)))
    ledger = read_ledger(store)
    assert [one.id for one in chosen(ledger, state="accepted")] == [first]
    assert [one.id for one in chosen(ledger, introducer="ben")] == [first]
    assert [one.source for one in chosen(ledger, objective="gap")] == ["cy"]
    assert [one.source for one in chosen(ledger, stakeholder="dee")] == ["cy"]
    assert [one.id for one in chosen(ledger, since=DAY[:7])] == [first]
    with pytest.raises(Unusable, match=r"'dead'\. Known: proposed"):
        chosen(ledger, state="dead")
    with pytest.raises(Unusable, match="'2026-13' is no day"):
        chosen(ledger, since="2026-13")


def test_reasons_and_introducers_come_from_the_recommendation_unless_given() -> None:
    graph = drawn("ann-ben ben>n1 cy>n1", scope={"n1": "european"})
    [answer] = recommend(graph, "ann", lang="en")
    found = proposal(graph, "ann", "n1", objective="reach", lang="en")
    assert (found.through, found.reasons) == (("ben",), answer.reasons)
    assert found.route == ("Ann works with Ben [drawing]", "Ben is a member of N1 [drawing]")
    own = proposal(graph, "ann", "n1", through=("cy",), reasons=("we like it",))
    assert own == Proposal("ann", "n1", ("cy",), "", ("we like it",))
    assert proposal(graph, "n1", "cy") == Proposal("n1", "cy")
    assert proposal(graph, "zoe", "t1") == Proposal("zoe", "t1")


# A history: events upon introductions of a few pairs, most of which would be allowed at some time.
PAIRS = [("ann", "n1"), ("n1", "ann"), ("ann", "cy")]
STEP = st.one_of(
    st.tuples(st.just("propose"), st.sampled_from(PAIRS), st.sampled_from(["", "", "declined", "accepted", "snoozed"])),
    st.tuples(
        st.sampled_from(["accepted", "declined", "declined", "snoozed", "made", "met", "outcome", "reopened", "note"]),
        st.integers(0, 1),
        st.sampled_from(OUTCOMES),
    ),
    st.tuples(st.just("taken_back"), st.integers(0, 1), st.integers(0, 8)),
)
GRAPH = drawn("ann-ben ben-cy ben>n1 cy-ben dee-ben dee-eve eve>n1 cy-eve", scope={"n1": "european"})


def step_taken(store: Store, histories: dict[str, History], made: list[Introduction], step: tuple) -> None:
    """Take one step in the store and in the model: both admit it or both refuse it."""
    kind, where, what = step
    if kind == "propose":
        before = [histories[one.id] for one in made if one.pair == pair(*where)]
        allowed = not before or before[-1].state in ("outcome", "withdrawn")
        try:
            new = propose(store, Proposal(*where), then=Happening(what) if what else None)
        except Conflict:
            assert not allowed
            return
        assert allowed
        made.append(new)
        histories[new.id] = History([Happened("proposed"), *([Happened(what)] if what else [])])
    elif made:
        one = made[-1 - where % len(made)]
        outcome = what if kind == "outcome" else ""
        undoes = what if kind == "taken_back" else 0
        if kind == "taken_back" and not undoes:
            numbered = enumerate(histories[one.id].events, 1)
            undoes = max((n for n, e in numbered if not e.undoes and histories[one.id].counts(n)), default=0)
        last = [other.id for other in made if other.pair == one.pair][-1] == one.id
        allowed = (last or kind == "note") and histories[one.id].takes(Happened(kind, outcome, undoes))
        try:
            record(store, one.id, Happening(kind, outcome=outcome, undoes=undoes))
        except (Conflict, NotFound):
            assert not allowed
            return
        assert allowed


def refused_by_the_model(histories: dict[str, History], made: list[Introduction]) -> set[frozenset[str]]:
    return {frozenset(one.pair) for one in made if histories[one.id].state == "declined"}


@settings(max_examples=100, deadline=None)
@given(st.lists(STEP, min_size=8, max_size=25))
def test_random_histories_lose_nothing_and_a_declined_pair_never_comes_back_by_itself(steps: list[tuple]) -> None:
    store, histories, made = in_memory(**BODIES), dict[str, History](), list[Introduction]()
    for step in steps:
        was_refused = refused(read_ledger(store))
        step_taken(store, histories, made, step)
        ledger = read_ledger(store)
        kept = {one.id: [(e.kind, e.outcome, e.undoes) for e in one.events] for one in ledger.introductions}
        assert kept == {i: [(e.kind, e.outcome, e.undoes) for e in h.events] for i, h in histories.items()}
        assert {one.id: one.state for one in ledger.introductions} == {i: h.state for i, h in histories.items()}
        assert {frozenset(pair) for pair in refused(ledger)} == refused_by_the_model(histories, made)
        assert refused(ledger) <= taken(ledger, TODAY)
        if was_refused - refused(ledger):
            assert step[0] in ("reopened", "taken_back")
        for ends in refused(ledger):
            for way in (ends, ends[::-1]):
                with pytest.raises(Conflict, match="reopen that first"):
                    propose(store, Proposal(*way))


@settings(max_examples=15, deadline=None)
@given(st.lists(STEP, min_size=6, max_size=15))
def test_what_the_ledger_refuses_no_month_proposes(steps: list[tuple]) -> None:
    store, histories, made = in_memory(**BODIES), dict[str, History](), list[Introduction]()
    for step in steps:
        step_taken(store, histories, made, step)
    known = considered(store)
    for gone in (known.refused, known.taken):
        assert (("ann", "n1") in in_a_month(gone, known)) == (("ann", "n1") not in gone)
        assert not in_a_month(gone, known) & gone


def in_a_month(gone: frozenset[tuple[str, str]], known: Considered) -> set[tuple[str, str]]:
    """The pairs that a month proposes, runners-up included, once these are gone."""
    month = portfolio(GRAPH, refused=gone, not_introducers=known.not_introducers, asked=known.load, per_introducer=20)
    proposed = {pair(one.source, one.target) for one in month.introductions}
    return proposed | {pair(one.runner_up.source, one.runner_up.target) for one in month.introductions if one.runner_up}


def test_every_word_of_the_ledger_is_there_in_both_languages(store: Store) -> None:
    for words, keys in ((STATE_WORDS, STATES), (KIND_WORDS, KINDS), (OUTCOME_WORDS, OUTCOMES)):
        assert set(words) == set(keys)
    assert set(AFTER) - {None, "reopened"} == set(FOLLOWS) - {""}
    assert all(len(set(two)) == 2 for two in (*KIND_WORDS.values(), *SENTENCES.values()))
    which = played(store, "accepted", "taken_back", "snoozed")
    one = latest(read_ledger(store))["ann", "n1"]
    until = one.events[-1].until
    assert told(one, {"ann": "Anna"}, "it") == (
        f"{which}  Anna → n1: rimandata dal {DAY}\n    attraverso ben\n    1. {DAY} proposta\n"
        f"    2. {DAY} accettata [annullato]\n    3. {DAY} annullato l'evento 2\n"
        f"    4. {DAY} rimandata fino al {until}"
    )
    assert f"snoozed since {DAY}" in told(one, {}, "en")


def test_taking_back_is_as_if_it_had_not_been_and_can_itself_be_taken_back() -> None:
    events = [Event(1, "proposed", DAY), Event(2, "declined", DAY), Event(3, "taken_back", DAY, undoes=2)]
    assert [e.number for e in in_force(events)] == [1, 3]
    assert [e.number for e in in_force([*events, Event(4, "taken_back", DAY, undoes=3)])] == [1, 2, 4]


def test_the_uplift_has_an_interval_or_says_how_much_is_missing() -> None:
    few = estimated(2, ENOUGH - 1, 3, 190)
    assert (few.enough, few.needed >= ENOUGH) == (False, True)
    assert told_uplift(few, "en").startswith(f"Not enough data: it takes at least {few.needed}")
    many = estimated(9, 30, 12, 300, left_out=4)
    assert (many.share, many.comparable_share, many.left_out) == (0.3, 0.04, 4)
    assert (many.low, many.high) == difference(9, 30, 12, 300)
    assert 0 < many.low < many.difference < many.high
    assert "9 of 30 accepted introductions, 12 of 300 similar pairs" in told_uplift(many, "en")
    assert "Non si distingue dal caso" in told_uplift(estimated(2, 30, 12, 300), "it")
    assert needed(0.5) > needed(0.02)
