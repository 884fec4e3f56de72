"""Whether introducing helped, on a made-up ecosystem in which we know by how much."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from tsi_graph.batch import Batch
from tsi_graph.graph import load_graph
from tsi_graph.model import PartnerOf, Stakeholder
from tsi_graph.recommend.ledger.reading import read_ledger
from tsi_graph.recommend.ledger.record import pair
from tsi_graph.recommend.ledger.uplift import TWINS, Uplift, _matched, _Tied, needed, uplift
from tsi_graph.recommend.ledger.writing import Happening, Proposal, propose, record
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
    assert 40 * TWINS - 20 <= found.comparable <= 40 * TWINS
    assert found.low <= share - BY_ITSELF <= found.high
    assert (found.low > 0) == tells


def test_twins_are_pairs_that_nobody_proposed_without_a_tie_and_alike(tmp_path: Path) -> None:
    store = ecosystem(tmp_path, 0.5, asked=5)
    before, ledger = load_graph(store), read_ledger(store).introductions
    known = {one.pair for one in ledger}
    tied = set(zip(before.edges["source"], before.edges["target"], strict=True))
    found = _matched(before, list(ledger), known, _Tied(before), np.random.default_rng(1))
    assert found
    for _, twins in found:
        assert len({pair(*twin) for twin in twins}) >= len(twins) / 2
        assert not {pair(*twin) for twin in twins} & (known | tied)
        assert all(a != b for a, b in twins)


def test_without_newer_data_nothing_can_be_said(tmp_path: Path) -> None:
    store = ecosystem(tmp_path, 0.5, asked=2)
    one = propose(store, Proposal(*next(c for c in combinations(NAMES, 2) if c not in _pairs(store))))
    record(store, one.id, Happening("accepted"))
    found = uplift(store, load_graph(store))
    assert isinstance(found, Uplift)
    assert (found.enough, found.introduced, found.left_out) == (False, 2, 1)
    assert np.isnan([found.difference, found.low, found.high]).all()
    assert found.needed == needed(found.comparable_share)


def _pairs(store: Store) -> set[tuple[str, str]]:
    edges = load_graph(store).edges
    return {one.pair for one in read_ledger(store).introductions} | {
        pair(*ends) for ends in zip(edges["source"], edges["target"], strict=True)
    }
