"""Whether introducing helped, on a made-up ecosystem in which we know by how much."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from scipy.special import stdtrit

from benchmarks.uplift import WORLDS, Stratum, made_up, tried
from tsi_graph.batch import Batch
from tsi_graph.graph import Graph, load_graph
from tsi_graph.model import PartnerOf, Stakeholder
from tsi_graph.recommend import candidates
from tsi_graph.recommend.ledger import uplift as module
from tsi_graph.recommend.ledger.proposal import asked_for
from tsi_graph.recommend.ledger.reading import read_ledger
from tsi_graph.recommend.ledger.record import Introduction, pair
from tsi_graph.recommend.ledger.twins import TWINS, Matched, Tied, matched
from tsi_graph.recommend.ledger.uplift import EFFECT, ENOUGH, Uplift, estimated, interval, needed, uplift
from tsi_graph.recommend.ledger.words import told_uplift
from tsi_graph.recommend.ledger.writing import Happening, Proposal, propose, record
from tsi_graph.recommend.rules import proposable
from tsi_graph.recommend.ties import prepare
from tsi_graph.store import Store, open_store

NAMES = [f"b{n:02}" for n in range(60)]
BY_ITSELF = 0.05
"""How often a pair that nobody introduced becomes a tie."""


def ecosystem(folder: Path, share: float, asked: int = 40) -> Store:
    """Bodies with ties, introductions of some that had none, and later ties: of this share of the introductions."""
    dice = np.random.default_rng(7)
    everybody = list(combinations(NAMES, 2))
    tied = dice.random(len(everybody)) < 0.08
    store = open_store(folder / "u.db")
    first = [PartnerOf(source=a, target=b, confidence=3) for (a, b), t in zip(everybody, tied, strict=True) if t]
    store.write(Batch(nodes=[Stakeholder(id=n, name=n, confidence=3) for n in NAMES], edges=first), "first")
    apart = [ends for ends, t in zip(everybody, tied, strict=True) if not t]
    introduced = {apart[k] for k in dice.permutation(len(apart))[:asked]}
    for ends in sorted(introduced):
        propose(store, Proposal(*ends), then=Happening("accepted"))
    chance = np.array([share if ends in introduced else BY_ITSELF for ends in apart])
    came = dice.random(len(apart)) < chance
    later = [PartnerOf(source=a, target=b, confidence=3) for (a, b), t in zip(apart, came, strict=True) if t]
    store.write(Batch(edges=later), "later")
    return store


@pytest.mark.parametrize(("share", "tells"), [(0.5, True), (BY_ITSELF, False)])
def test_the_interval_holds_what_introducing_does_here(tmp_path: Path, share: float, tells: bool) -> None:
    store = ecosystem(tmp_path, share)
    graph = load_graph(store)
    found = uplift(store, graph)
    assert found == uplift(store, graph)
    assert (found.enough, found.introduced, found.left_out) == (True, 40, 0)
    pairs = set(zip(graph.edges["source"], graph.edges["target"], strict=True))
    assert found.tied == sum(one.pair in pairs for one in read_ledger(store).introductions)
    assert ENOUGH < found.worth <= found.comparable <= 40 * TWINS
    assert found.difference == pytest.approx(found.share - found.comparable_share)
    assert found.low <= share - BY_ITSELF <= found.high
    assert (found.low > 0) == tells


@pytest.mark.parametrize("effect", [0.0, 0.2])
@pytest.mark.parametrize("world", ["one rate", "two strata, ten twins and one", "ten of 50 shared twins"])
def test_the_interval_holds_the_truth_in_worlds_unlike_each_other(world: str, effect: float) -> None:
    """`python -m benchmarks.uplift` tries more of each, and more of them."""
    holds, _, mean = tried(WORLDS[world], 60, effect, 300, seed=3)
    assert holds >= 0.91
    assert mean == pytest.approx(effect, abs=0.03)


def test_these_worlds_tell_it_from_pooling_and_from_taking_shared_twins_for_independent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dice = np.random.default_rng(1)
    found = [estimated(made_up(WORLDS["two strata, ten twins and one"], 60, 0, dice)) for _ in range(100)]
    assert np.mean([one.share - one.comparable_tied / one.comparable for one in found]) < -0.1
    assert abs(np.mean([one.difference for one in found])) < 0.03
    monkeypatch.setattr(module, "_shared", lambda *_: 0.0)
    assert tried(WORLDS["ten of 50 shared twins"], 100, 0, 200)[0] < 0.88


@pytest.mark.parametrize("by_itself", [0.05, 0.3])
def test_as_many_as_are_needed_notice_ten_in_a_hundred_four_times_in_five(by_itself: float) -> None:
    n = needed(by_itself)
    assert 0.73 < tried((Stratum(1, by_itself, TWINS),), n, EFFECT, 200)[1] < 0.9
    assert tried((Stratum(1, by_itself, TWINS),), n // 2, EFFECT, 200)[1] < 0.7


def test_the_interval_of_hand_made_introductions() -> None:
    """Two introductions with a twin in common, of a variance reckoned by hand: the mean of (1, 0) less (1/2, 1/2)."""
    a, b, c = ("a", "b"), ("a", "c"), ("b", "c")
    found = [Matched(True, {a: True, b: False}), Matched(False, {b: False, c: True})]
    one = estimated(found)
    assert (one.enough, one.introduced, one.tied, one.comparable, one.comparable_tied) == (False, 2, 1, 3, 2)
    assert one.worth == int(1 / (0.25**2 + 0.5**2 + 0.25**2))
    assert (one.share, one.comparable_share) == (0.5, 0.5)
    worth, near = 8 / 3, 0.5
    spread, shared = 0.25 + 0.25 + 1, (1 - 0.5) * near * (1 - near)
    half = stdtrit(2 - 1, 0.975) * np.sqrt((spread + shared) / (3 * 2))
    assert worth > 2
    assert interval(found) == (pytest.approx(max(-half, -1)), pytest.approx(min(half, 1)))


@pytest.mark.parametrize(("n", "pool"), [(ENOUGH - 1, None), (200, 15)])
def test_too_few_introductions_or_twins_say_so_in_the_same_words(n: int, pool: int | None) -> None:
    one = estimated(made_up((Stratum(1, 0.3, TWINS, pool),), n, 0, np.random.default_rng(0)))
    assert not one.enough
    assert np.isnan([one.difference, one.low, one.high]).all()
    assert told_uplift(one, "en") == (
        f"Not enough data: it takes at least {ENOUGH} accepted introductions with newer data, and {ENOUGH} similar "
        f"pairs that nobody proposed; so far {n} and {one.worth}."
    )
    assert told_uplift(one, "it").startswith(f"Dati insufficienti: servono almeno {ENOUGH} presentazioni")


def test_it_is_told_with_the_figures_that_it_comes_from() -> None:
    one = estimated(made_up((Stratum(1, 0.1, TWINS),), 100, 0.3, np.random.default_rng(0)))
    told = told_uplift(one, "en")
    assert f"{one.tied} of 100 accepted introductions, {one.tied} in 100" in told
    assert f"Difference: {100 * one.difference:+.0f} in 100 ({100 * one.low:+.0f} to {100 * one.high:+.0f})" in told
    assert "chance" not in told
    none = estimated(made_up((Stratum(1, 0.1, TWINS),), 30, 0.0, np.random.default_rng(0)))
    assert f"servono circa {none.needed} presentazioni" in told_uplift(none, "it")


def test_twins_are_pairs_that_nobody_proposed_without_a_tie_and_alike(tmp_path: Path) -> None:
    store = ecosystem(tmp_path, 0.5, asked=5)
    before, ledger = load_graph(store), read_ledger(store).introductions
    known = frozenset(one.pair for one in ledger)
    tied = set(zip(before.edges["source"], before.edges["target"], strict=True))
    # As if all had been proposed from what came later: those that became ties are out.
    found = matched(before, ledger, known, Tied(before), np.random.default_rng(1))
    assert len(found) == sum(one.pair not in tied for one in ledger)
    for one in found:
        assert not one.tied
        assert len(one.twins) == TWINS
        assert all(a < b for a, b in one.twins)
        assert not one.twins.keys() & (known | tied)


def test_twins_on_the_torino_data_could_all_have_been_proposed(torino: Graph) -> None:
    ties, place = prepare(torino), {i: k for k, i in enumerate(torino.ids)}
    rows = candidates(torino, "network", limit=1)[["node", "candidate"]].to_numpy()[::4].tolist()
    rows += candidates(torino, "stakeholder", limit=1)[["node", "candidate"]].to_numpy()[::4].tolist()
    group = [Introduction(str(k), a, b, (), "", (), (), 1, 1, ()) for k, (a, b) in enumerate(rows)]
    found = matched(torino, group, frozenset(), Tied(torino), np.random.default_rng(0))
    assert len(found) > 0.9 * len(group)
    may: dict[tuple[str, str], np.ndarray] = {}
    for twin in {twin for one in found for twin in one.twins}:
        ways = [(a, b) for a, b in (twin, twin[::-1]) if torino.nodes["kind"].iat[place[a]] != "Network"]
        for a, b in ways:
            to = asked_for(torino.nodes["kind"].iat[place[b]])
            assert to
            if (a, to) not in may:
                may[a, to] = proposable(torino, ties, place[a], to, ())
        assert any(may[a, asked_for(torino.nodes["kind"].iat[place[b]])][place[b]] for a, b in ways), twin


def test_an_introduction_that_the_rules_would_not_make_has_no_twins(torino: Graph) -> None:
    ends = torino.edges[torino.edges["kind"] == "PART_OF"][["source", "target"]].to_numpy().tolist()
    group = [Introduction("x", a, b, (), "", (), (), 1, 1, ()) for a, b in ends]
    assert group
    assert matched(torino, group, frozenset(), Tied(torino), np.random.default_rng(0)) == []


def test_without_newer_data_nothing_can_be_said(tmp_path: Path) -> None:
    store = ecosystem(tmp_path, 0.5, asked=2)
    one = propose(store, Proposal(*next(c for c in combinations(NAMES, 2) if c not in _pairs(store))))
    record(store, one.id, Happening("accepted"))
    found = uplift(store, load_graph(store))
    assert isinstance(found, Uplift)
    assert (found.enough, found.introduced, found.left_out) == (False, 2, 1)
    assert np.isnan([found.difference, found.low, found.high]).all()
    assert found.needed is not None
    assert found.needed >= ENOUGH
    assert "so far 2 and" in told_uplift(found, "en")
    assert estimated([]).needed is None


def _pairs(store: Store) -> set[tuple[str, str]]:
    edges = load_graph(store).edges
    return {one.pair for one in read_ledger(store).introductions} | {
        pair(*ends) for ends in zip(edges["source"], edges["target"], strict=True)
    }
