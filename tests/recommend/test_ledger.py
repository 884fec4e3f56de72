"""The ledger: what may follow what, what is never proposed again, and what a history says of those who introduce."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recommend.drawing import drawn
from tests.recommend.ledger_model import AFTER, Happened, History, in_memory
from tsi_graph.errors import Conflict, NotFound, Unusable
from tsi_graph.graph import Graph
from tsi_graph.recommend import candidates, recommend
from tsi_graph.recommend.ledger.listing import Filters, Summary, chosen, introducers, narrowed, summary
from tsi_graph.recommend.ledger.marking import mark
from tsi_graph.recommend.ledger.present import willing
from tsi_graph.recommend.ledger.proposal import proposal
from tsi_graph.recommend.ledger.reading import (
    Considered,
    Ledger,
    considered,
    latest,
    load,
    not_introducers,
    read_ledger,
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
from tsi_graph.recommend.ledger.words import KINDS as KIND_WORDS
from tsi_graph.recommend.ledger.words import OUTCOMES as OUTCOME_WORDS
from tsi_graph.recommend.ledger.words import SENTENCES, told
from tsi_graph.recommend.ledger.words import STATES as STATE_WORDS
from tsi_graph.recommend.ledger.writing import Happening, Proposal, propose, record, take_back
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


def declined(ledger: Ledger) -> frozenset[tuple[str, str]]:
    """The pairs that somebody declined and nobody reopened."""
    return frozenset(ends for ends, one in latest(ledger).items() if one.state == "declined")


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
        "state": "proposed", "since": DAY, "moved": DAY, "agreed": (),
        "possible": ("accepted", "declined", "snoozed", "note", "taken_back"),
    }  # fmt: skip


def test_the_whole_way_and_back_again(store: Store) -> None:
    which = played(store, "accepted", "made", "met", "outcome:funding")
    assert latest(read_ledger(store))["ann", "n1"].state == "outcome"
    for back in ("met", "made", "accepted", "proposed", "withdrawn"):
        assert record(store, which, Happening("taken_back")).state == back
    [one] = read_ledger(store).introductions
    assert [e.kind for e in one.events[:5]] == ["proposed", "accepted", "made", "met", "outcome"]
    assert [e.undoes for e in one.events[5:]] == [5, 4, 3, 2, 1]
    assert (one.possible, chosen(read_ledger(store), Filters())) == ((), [])
    assert record(store, which, Happening("taken_back", undoes=10)).state == "proposed"


@pytest.mark.parametrize("state", sorted(FOLLOWS))
def test_only_what_follows_may_follow_and_the_refusal_says_what_would(state: str) -> None:
    way = {
        "": (), "proposed": ("proposed",), "snoozed": ("proposed", "snoozed"), "accepted": ("proposed", "accepted"),
        "introducer_agreed": ("proposed", "accepted", "introducer_agreed"),
        "both_agreed": ("proposed", "accepted", "introducer_agreed", "both_agreed"),
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
        (Happening("met"), Conflict, "introducer_agreed, both_agreed, made, declined, snoozed, note"),
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


def test_each_yes_is_a_step_of_the_accepted_and_neither_comes_twice_or_backwards(store: Store) -> None:
    which = propose(store, Proposal("ann", "n1", ("ben",)), Happening("", days_ago(9))).id
    record(store, which, Happening("accepted", days_ago(8)))
    record(store, which, Happening("introducer_agreed", days_ago(5)))
    after = record(store, which, Happening("both_agreed", days_ago(2)))
    assert (after.state, after.since, after.moved) == ("accepted", days_ago(8), days_ago(2))
    assert after.agreed == ("introducer_agreed", "both_agreed")
    for kind in ("introducer_agreed", "both_agreed", "accepted"):
        with pytest.raises(Conflict, match=r"does not follow\. What can come next: made, declined, snoozed"):
            record(store, which, Happening(kind))
    with pytest.raises(Conflict, match=r"event 3 \(introducer_agreed\) rests on it"):
        record(store, which, Happening("taken_back", undoes=2))
    assert record(store, which, Happening("taken_back", undoes=4)).agreed == ("introducer_agreed",)
    assert record(store, which, Happening("snoozed")).agreed == ()
    assert record(store, which, Happening("accepted")).agreed == ()
    assert record(store, which, Happening("both_agreed")).agreed == ("both_agreed",)
    assert load(read_ledger(store), days_ago(30)) == {"ben": 1}
    assert record(store, which, Happening("made")).agreed == ()


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
    made = propose(store, Proposal("ann", "n1"), then=Happening("accepted"), key="k")
    assert propose(store, Proposal("ann", "n1"), then=Happening("accepted"), key="k") == made
    after = record(store, made.id, Happening("note", text="x"), key="l")
    assert record(store, made.id, Happening("note", text="x"), seen=1, key="l") == after
    assert propose(store, Proposal("ann", "n1"), then=Happening("accepted"), key="k") == after


def test_the_same_key_for_something_else_is_refused_and_records_nothing(store: Store) -> None:
    made = propose(store, Proposal("ann", "n1"), key="k")
    record(store, made.id, Happening("note", text="x"), key="l")
    other = propose(store, Proposal("cy", "dee"))
    before = read_ledger(store)
    for again in (
        lambda: propose(store, Proposal("ann", "n1", objective="reach"), key="k"),
        lambda: propose(store, Proposal("ann", "n1"), Happening("", text="y"), key="k"),
        lambda: propose(store, Proposal("ann", "n1"), then=Happening("accepted"), key="k"),
        lambda: propose(store, Proposal("ann", "cy"), key="k"),
        lambda: propose(store, Proposal("ann", "cy"), key="l"),
        lambda: record(store, made.id, Happening("note", text="z"), key="l"),
        lambda: record(store, made.id, Happening("accepted"), key="l"),
        lambda: record(store, other.id, Happening("note", text="x"), key="l"),
        lambda: record(store, other.id, Happening("accepted"), key="k"),
    ):
        with pytest.raises(Conflict, match=rf"used to record '(proposed|note)' of introduction {made.id} on {DAY}"):
            again()
    assert read_ledger(store) == before


def test_a_request_filled_in_otherwise_is_still_the_same_request(store: Store) -> None:
    made = propose(store, Proposal("ann", "n1", ("ben",)), key="k", asked="ann to n1")
    assert propose(store, Proposal("ann", "n1", ("cy",)), key="k", asked="ann to n1") == made


def test_all_that_one_click_did_is_taken_back_together(store: Store) -> None:
    made = propose(store, Proposal("ann", "n1"), then=Happening("accepted"))
    before = read_ledger(store)
    with pytest.raises(Conflict, match="saw event 1"):
        take_back(store, made.id, since=1, seen=1)
    assert read_ledger(store) == before
    gone = take_back(store, made.id, since=1, seen=2, key="k")
    assert (gone.state, [event.undoes for event in gone.events]) == ("withdrawn", [0, 0, 2, 1])
    assert take_back(store, made.id, since=1, seen=2, key="k") == gone
    with pytest.raises(Conflict, match="nothing"):
        take_back(store, made.id, since=1)
    assert propose(store, Proposal("ann", "n1")).nth == 2


def test_the_ledger_in_figures_and_those_that_wait(store: Store) -> None:
    assert summary(read_ledger(store)) == Summary()
    for days, kind, ends in ((60, "accepted", ("ann", "n1")), (40, "accepted", ("cy", "dee")), (3, "", ("ann", "ben"))):
        one = propose(store, Proposal(*ends), Happening("", days_ago(days)))
        if kind:
            record(store, one.id, Happening(kind, days_ago(days)))
    record(store, read_ledger(store).introductions[1].id, Happening("both_agreed", days_ago(20)))
    met = played(store, "accepted", "made", "met", ends=("dee", "n1"))
    played(store, "declined", ends=("cy", "n1"))
    played(store, "taken_back", ends=("ben", "n1"), through=())
    ledger = read_ledger(store)
    found = summary(ledger)
    assert (found.introductions, found.since, found.open, found.stalled) == (5, days_ago(60), 4, 1)
    assert (found.met, found.with_outcome) == (1, 0)
    assert [one.pair for one in chosen(ledger, Filters(stalled=30))] == [("ann", "n1")]
    assert [one.pair for one in chosen(ledger, Filters(stalled=15))] == [("ann", "n1"), ("cy", "dee")]
    record(store, met, Happening("outcome", outcome="funding"))
    assert (summary(read_ledger(store)).met, summary(read_ledger(store)).with_outcome) == (1, 1)


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
    with pytest.raises(Conflict, match="at 'snoozed'"):
        propose(store, Proposal("n1", "ann"))


def test_a_pair_whose_rest_is_over_is_proposed_anew_from_the_data_of_today(store: Store) -> None:
    first = propose(store, Proposal("ann", "n1", ("ben",)), Happening("", days_ago(40)))
    record(store, first.id, Happening("snoozed", days_ago(40), until=DAY))
    assert taken(read_ledger(store), TODAY) == frozenset()
    second = propose(store, Proposal("n1", "ann", ("cy",)), then=Happening("accepted"))
    assert (second.nth, second.through, second.state) == (2, ("cy",), "accepted")
    assert taken(read_ledger(store), TODAY) == {("ann", "n1")}
    assert load(read_ledger(store), days_ago(50)) == {"cy": 1}
    with pytest.raises(Conflict, match=f"later introduction, {second.id}"):
        record(store, first.id, Happening("accepted"))


@pytest.mark.parametrize("stop", ["declined", "snoozed"])
def test_a_reopened_pair_may_be_proposed_anew_or_accepted_as_it_is(store: Store, stop: str) -> None:
    which = played(store, stop)
    assert taken(read_ledger(store), TODAY) == {("ann", "n1")}
    assert record(store, which, Happening("reopened")).state == "proposed"
    assert taken(read_ledger(store), TODAY) == frozenset()
    again = propose(store, Proposal("ann", "n1", ("dee",)))
    assert (again.nth, taken(read_ledger(store), TODAY)) == (2, {("ann", "n1")})
    other = played(store, stop, "reopened", ends=("ann", "dee"))
    assert record(store, other, Happening("accepted")).state == "accepted"
    assert taken(read_ledger(store), TODAY) == {("ann", "n1"), ("ann", "dee")}


@pytest.mark.parametrize(
    "way", [("made",), ("made", "met"), ("made", "met", "outcome:joined"), ("made", "outcome:nothing")]
)
def test_two_who_were_put_in_touch_know_each_other_and_are_never_proposed_again(
    store: Store, way: tuple[str, ...]
) -> None:
    which = played(store, "accepted", *way)
    far = date(2999, 1, 1)
    assert taken(read_ledger(store), far) == {("ann", "n1")}
    if way[-1] == "made":
        record(store, which, Happening("declined"))
        record(store, which, Happening("reopened"))
        assert taken(read_ledger(store), far) == {("ann", "n1")}
    if way[-1].startswith("outcome"):
        again = propose(store, Proposal("n1", "ann"), then=Happening("snoozed"))
        assert again.nth == 2
        assert taken(read_ledger(store), far) == {("ann", "n1")}


def test_what_was_made_by_mistake_is_not_known_once_it_is_taken_back(store: Store) -> None:
    which = played(store, "accepted", "made", "taken_back", "snoozed")
    assert read_ledger(store).introductions[0].id == which
    assert taken(read_ledger(store), date(2999, 1, 1)) == frozenset()


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


def test_a_body_left_out_enters_no_new_introduction(store: Store) -> None:
    mark(store, "ben", barred=True, text="asked too often")
    with pytest.raises(Conflict, match=rf"ben is left out as an introducer since {DAY} \(asked too often\)"):
        propose(store, Proposal("ann", "n1", ("cy", "ben")))
    assert read_ledger(store).introductions == ()
    mark(store, "ben", barred=False)
    assert propose(store, Proposal("ann", "n1", ("cy", "ben"))).through == ("cy", "ben")


def test_all_that_the_next_proposals_need_comes_together(store: Store) -> None:
    played(store, "accepted", "made", "met")
    played(store, "declined", ends=("dee", "cy"))
    mark(store, "cy", barred=True)
    assert considered(store) == Considered(
        taken=frozenset({("ann", "n1"), ("cy", "dee")}),
        load={"ben": 1},
        not_introducers=frozenset({"cy"}),
        reliability={"ben": pytest.approx(1.2)},
    )


def test_the_list_is_filtered(store: Store) -> None:
    first = played(store, "accepted")
    propose(store, Proposal("cy", "dee", (), "gap"), Happening("", days_ago(100)))
    gone = played(store, "taken_back", ends=("ben", "dee"), through=())
    ledger = read_ledger(store)
    assert [one.id for one in chosen(ledger, Filters("accepted"))] == [first]
    assert [one.id for one in chosen(ledger, Filters(introducer="ben"))] == [first]
    assert [one.source for one in chosen(ledger, Filters(objective="gap"))] == ["cy"]
    assert [one.source for one in chosen(ledger, Filters(stakeholder="dee"))] == ["cy"]
    assert [one.id for one in chosen(ledger, Filters(since=DAY[:7]))] == [first]
    assert [one.id for one in narrowed(ledger, Filters(stakeholder="ann")).introductions] == [first]
    assert narrowed(ledger, Filters()) == ledger
    assert gone in {one.id for one in ledger.introductions}
    with pytest.raises(Unusable, match=r"'dead'\. Known: proposed"):
        chosen(ledger, Filters("dead"))
    with pytest.raises(Unusable, match="'2026-13' is no day"):
        chosen(ledger, Filters(since="2026-13"))


NOTHING = Considered(frozenset(), {}, frozenset(), {})


def test_reasons_and_introducers_come_from_the_recommendation_unless_given() -> None:
    graph = drawn("ann-ben ben>n1 cy>n1", scope={"n1": "european"})
    [answer] = recommend(graph, "ann", lang="en")
    found = proposal(graph, NOTHING, "ann", "n1", objective="reach", lang="en")
    assert (found.through, found.reasons) == (("ben",), answer.reasons)
    assert found.route == ("Ann works with Ben [drawing]", "Ben is a member of N1 [drawing]")
    own = proposal(graph, NOTHING, "ann", "n1", through=("cy",), reasons=("we like it",))
    assert own == Proposal("ann", "n1", ("cy",), "", ("we like it",))
    assert proposal(graph, NOTHING, "n1", "cy") == Proposal("n1", "cy")
    assert proposal(graph, NOTHING, "zoe", "t1") == Proposal("zoe", "t1")


def test_a_proposal_goes_through_whom_the_ledger_lets_be_asked() -> None:
    graph = drawn("ann-ben ann-cy ben>n1 cy>n1", scope={"n1": "european"})
    ways = {
        "ben": NOTHING,
        "cy": replace(NOTHING, not_introducers=frozenset({"ben"})),
        "cy ": replace(NOTHING, load={"ben": 3}),
        " cy": replace(NOTHING, reliability={"ben": 0.4, "cy": 1.4}),
    }
    for through, ledger in ways.items():
        found = proposal(graph, ledger, "ann", "n1", lang="en")
        [answer] = recommend(graph, "ann", lang="en", **willing(ledger))
        assert found.through == answer.introducers == (through.strip(),)
        assert found.reasons == answer.reasons
        assert found.route[1].startswith(f"{through.strip().title()} is a member of N1")
    nobody = replace(NOTHING, not_introducers=frozenset({"ben", "cy"}))
    assert (proposal(graph, nobody, "ann", "n1").through, proposal(graph, nobody, "ann", "n1").route) == ((), ())


def test_nobody_proposes_what_has_closed_or_what_is_one_house(torino: Graph) -> None:
    for source, target, through in (
        ("2i3t", "nesta-italia", None),
        ("i3p", "ashoka", ["nesta-italia"]),
        ("axto", "i3p", None),
        ("socialfare", "socialfare-seed", None),
    ):
        with pytest.raises(Unusable, match=r"has closed or is over|one house"):
            proposal(torino, NOTHING, source, target, through=through)


def test_each_torino_proposal_is_what_the_recommendation_says(torino: Graph) -> None:
    rows = candidates(torino, "network", limit=2)
    for node, target in rows[["node", "candidate"]].to_numpy()[::9].tolist():
        answer = next(one for one in recommend(torino, node, limit=50) if one.id == target)
        found = proposal(torino, NOTHING, node, target)
        assert (found.through, found.reasons) == (answer.introducers, answer.reasons)
        assert len(found.route) == len(answer.path)


# A history: events upon introductions of a few pairs, most of which would be allowed at some time.
PAIRS = [("ann", "n1"), ("n1", "ann"), ("ann", "cy")]
STEP = st.one_of(
    st.tuples(st.just("propose"), st.sampled_from(PAIRS), st.sampled_from(["", "", "declined", "accepted", "snoozed"])),
    st.tuples(
        st.sampled_from(
            [
                "accepted",
                "introducer_agreed",
                "both_agreed",
                "declined",
                "declined",
                "snoozed",
                "made",
                "met",
                "outcome",
                "reopened",
                "note",
            ]
        ),
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
        allowed = not before or before[-1].state in ("outcome", "withdrawn") or before[-1].reopened
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


def declined_in_the_model(histories: dict[str, History], made: list[Introduction]) -> set[tuple[str, str]]:
    return {one.pair for one in made if histories[one.id].state == "declined"}


def taken_in_the_model(histories: dict[str, History], made: list[Introduction]) -> set[tuple[str, str]]:
    """Pairs that know each other, and those whose last introduction is neither withdrawn nor reopened."""
    standing = {one.pair: histories[one.id] for one in made if histories[one.id].state != "withdrawn"}
    known = {one.pair for one in made if histories[one.id].acquainted}
    return known | {ends for ends, history in standing.items() if not history.reopened}


@settings(max_examples=100, deadline=None)
@given(st.lists(STEP, min_size=8, max_size=25))
def test_random_histories_lose_nothing_and_a_declined_pair_never_comes_back_by_itself(steps: list[tuple]) -> None:
    store, histories, made = in_memory(**BODIES), dict[str, History](), list[Introduction]()
    for step in steps:
        was_declined = declined(read_ledger(store))
        step_taken(store, histories, made, step)
        ledger = read_ledger(store)
        kept = {one.id: [(e.kind, e.outcome, e.undoes) for e in one.events] for one in ledger.introductions}
        assert kept == {i: [(e.kind, e.outcome, e.undoes) for e in h.events] for i, h in histories.items()}
        assert {one.id: one.state for one in ledger.introductions} == {i: h.state for i, h in histories.items()}
        assert {one.id: list(one.agreed) for one in ledger.introductions} == {i: h.agreed for i, h in histories.items()}
        assert declined(ledger) == declined_in_the_model(histories, made)
        assert taken(ledger, TODAY) == taken_in_the_model(histories, made)
        assert declined(ledger) <= taken(ledger, TODAY)
        if was_declined - declined(ledger):
            assert step[0] in ("reopened", "taken_back")
        for ends in declined(ledger):
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
    for gone in (declined(read_ledger(store)), known.taken):
        assert (("ann", "n1") in in_a_month(gone, known)) == (("ann", "n1") not in gone)
        assert not in_a_month(gone, known) & gone


def in_a_month(gone: frozenset[tuple[str, str]], known: Considered) -> set[tuple[str, str]]:
    """The pairs that a month proposes, runners-up included, once these are gone."""
    month = portfolio(GRAPH, refused=gone, **willing(known), per_introducer=20)
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
        f"{which}  Anna → n1: rimandata ({DAY})\n    attraverso ben\n    1. {DAY} proposta\n"
        f"    2. {DAY} accettata [annullato]\n    3. {DAY} annullato l'evento 2\n"
        f"    4. {DAY} rimandata fino al {until}"
    )
    assert f"snoozed ({DAY})" in told(one, {}, "en")


def test_taking_back_is_as_if_it_had_not_been_and_can_itself_be_taken_back() -> None:
    events = [Event(1, "proposed", DAY), Event(2, "declined", DAY), Event(3, "taken_back", DAY, undoes=2)]
    assert [e.number for e in in_force(events)] == [1, 3]
    assert [e.number for e in in_force([*events, Event(4, "taken_back", DAY, undoes=3)])] == [1, 2, 4]
