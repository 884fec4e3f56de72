"""A month is chosen once: decisions leave the rest as it is, and what introducers were asked for is told."""

from __future__ import annotations

from datetime import date

import pytest

from tests.recommend.ledger_model import in_memory
from tsi_graph.graph import Graph
from tsi_graph.recommend.ledger.record import pair
from tsi_graph.recommend.ledger.writing import Happening, propose, take_back
from tsi_graph.recommend.portfolios.choices import choices
from tsi_graph.recommend.portfolios.month import as_proposal, next_month, this_month
from tsi_graph.recommend.portfolios.portfolio import Portfolio
from tsi_graph.recommend.portfolios.telling import told_month
from tsi_graph.store import Store


@pytest.fixture
def store(torino: Graph) -> Store:
    return in_memory(**dict(zip(torino.nodes["id"], torino.nodes["kind"], strict=True)))


def pairs(month: Portfolio) -> list[tuple[str, str]]:
    return [pair(one.source, one.target) for one in month.introductions]


def test_decisions_leave_the_others_and_their_order_as_they_are(store: Store, torino: Graph) -> None:
    before = this_month(store, torino)
    for place, then in ((3, "declined"), (0, "accepted"), (1, "snoozed")):
        one = before.introductions[place]
        wanted = as_proposal(before, one.source, one.target)
        assert wanted is not None
        assert (wanted.through, wanted.reasons, len(wanted.route)) == (one.introducers, one.reasons, len(one.path))
        propose(store, wanted, then=Happening(then))
    after = this_month(store, torino)
    kept = [two for place, two in enumerate(pairs(before)) if place not in (0, 1, 3)]
    assert (pairs(after), [one.rank for one in after.introductions]) == (kept, list(range(1, len(kept) + 1)))
    assert [(one.state, one.place) for one in after.decided] == [("accepted", 0), ("snoozed", 0), ("declined", 1)]
    assert as_proposal(after, before.introductions[0].source, before.introductions[0].target) is None
    assert "Già decise questo mese: " in told_month(after, "it")


def test_who_was_asked_already_is_told_and_who_is_not_asked_any_more_is_not_counted(
    store: Store, torino: Graph
) -> None:
    before = this_month(store, torino)
    one = next(one for one in before.introductions if len(one.introducers) == 1 and not one.by_you)
    [asked] = [load for load in before.load if one.introducers[0] in load.ids]
    made = propose(store, as_proposal(before, one.source, one.target), then=Happening("accepted"))  # type: ignore[arg-type]
    [after] = [load for load in this_month(store, torino).load if one.introducers[0] in load.ids]
    assert (after.asked, after.accepted) == (asked.asked, asked.accepted + 1)
    take_back(store, made.id, since=1)
    assert this_month(store, torino) == before
    propose(store, as_proposal(before, one.source, one.target), then=Happening("declined"))  # type: ignore[arg-type]
    left = [load for load in this_month(store, torino).load if one.introducers[0] in load.ids]
    assert sum(load.asked for load in left) == asked.asked - 1


def test_what_the_team_introduces_itself_is_counted_as_asked_of_the_team(store: Store, torino: Graph) -> None:
    before = this_month(store, torino)
    one = next(one for one in before.introductions if one.by_you and one.introducers)
    propose(store, as_proposal(before, one.source, one.target), then=Happening("accepted"))  # type: ignore[arg-type]
    [was], [now] = ([load for load in month.load if not load.ids] for month in (before, this_month(store, torino)))
    assert (now.asked, now.accepted) == (was.asked, was.accepted + 1)


def test_what_was_decided_for_another_objective_is_no_part_of_this_month(store: Store, torino: Graph) -> None:
    one = this_month(store, torino).introductions[0]
    propose(store, as_proposal(this_month(store, torino), one.source, one.target), then=Happening("accepted"))  # type: ignore[arg-type]
    other = this_month(store, torino, "gap")
    assert other.decided == ()
    small = this_month(store, torino, about="one-port")
    assert pair(one.source, one.target) not in pairs(small)


def test_through_the_promoters_only_where_they_are_allowed(store: Store, torino: Graph) -> None:
    usual, allowed = (this_month(store, torino, "gap", through_promoters=asked, by_team=12) for asked in (False, True))
    assert sum(one.by_you for one in allowed.introductions) >= sum(one.by_you for one in usual.introductions)
    assert usual != allowed


def test_one_port_asks_for_the_networks_that_hang_on_one(store: Store, torino: Graph) -> None:
    found = this_month(store, torino, about="one-port")
    assert found.introductions
    assert {one.doors for one in found.introductions} == {(1, 2)}
    assert found.aim == "Obiettivo: mettere al sicuro le reti nazionali e internazionali che hanno una porta sola."


def test_every_reason_that_says_that_something_is_documented_has_a_source(store: Store, torino: Graph) -> None:
    for objective in ("reach", "periphery", "gap", "topic"):
        for one in this_month(store, torino, objective).introductions:
            assert len(one.reasons) == len(one.reason_sources)
            for text, sources in zip(one.reasons, one.reason_sources, strict=True):
                absence = ("Nessun", "Non conosciamo", f"{one.source_name} non ha ancora")
                assert sources or text.startswith(absence), text
                assert not any("editorial" in source for source in sources)


def test_the_form_offers_what_there_is(torino: Graph) -> None:
    found = choices(torino, "it")
    assert len(found.each) == found.networks
    assert [key for key, _ in found.scopes] == ["one-port", "national", "european", "global"]
    assert all(this for this, _ in (*found.each, *found.sectors, *found.topics))


def test_the_next_month_is_chosen_on_its_first_day() -> None:
    assert [next_month(day) for day in (date(2026, 11, 29), date(2026, 12, 1))] == [date(2026, 12, 1), date(2027, 1, 1)]
