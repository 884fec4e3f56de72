"""What a reader of a printed map needs: names apart, on no mark, each told from its neighbours; no mark on another."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from tests.conftest import facts_table
from tsi_graph.exports import picture, places
from tsi_graph.exports.labels import APART, leader
from tsi_graph.exports.scene import scene
from tsi_graph.exports.views import PRESETS, SavedView, pictured
from tsi_graph.graph import View, graph_of

SOME = SavedView(name="some", sectors=("association", "company"))


@pytest.fixture(scope="module", params=PRESETS)
def named(request, torino):
    """The marks of a preset (middles and radii), and the names on it."""
    return drawn(PRESETS[request.param], torino)


def drawn(saved, facts):
    found = []

    def placed(at, radius, *rest):
        found.extend((at, radius, place(at, radius, *rest)))
        return found[-1]

    place = picture.place
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picture, "place", placed)
        picture.draw(scene(*pictured(saved, facts, form=".png")))
    return found


def test_two_names_do_not_read_as_one(named):
    _, _, labels = named
    assert len(labels) >= 20
    assert min(between(a.box, b.box) for a, b in combinations(labels, 2)) >= APART


def test_names_lie_on_no_mark_but_their_own(named):
    at, radius, labels = named
    body = np.c_[at - radius[:, None], at + radius[:, None]]
    covered = [
        (label.node, i)
        for label in labels
        for i, box in enumerate(body.tolist())
        if i != label.node and between(label.box, box) < 0
    ]
    assert len(covered) <= 1


def test_a_name_away_from_its_mark_has_a_line_that_passes_over_no_name(named):
    at, radius, labels = named
    for label in labels:
        one = at[label.node], radius[label.node]
        gap = np.hypot(*np.maximum([0, 0], np.abs(one[0] - [label.x, label.y]) - half(label.box))) - one[1]
        assert label.led or gap < 6
        if label.led:
            way = leader(*one, label)
            points = way[0] + np.outer(np.linspace(0, 0.99, 200), way[1] - way[0])
            for other in labels:
                assert not ((points > other.box[:2]) & (points < other.box[2:])).all(axis=1).any()


def half(box):
    return np.array([box[2] - box[0], box[3] - box[1]]) / 2


def between(a, b):
    """How far two boxes are apart; below zero, how much they share."""
    return max(max(a[0], b[0]) - min(a[2], b[2]), max(a[1], b[1]) - min(a[3], b[3]))


@pytest.mark.parametrize(("saved", "year"), [(SOME, "2021"), (PRESETS["who-funds-what"], None)])
def test_no_two_marks_of_small_groups_touch(saved, year, monkeypatch):
    found = []
    arrange = places.arrange
    monkeypatch.setattr(picture, "arrange", lambda *given: found.append(arrange(*given)) or found[-1])
    facts = graph_of(facts_table(), View(as_of=year))
    canvas = picture.draw(scene(*pictured(saved, facts, form=".png")))
    (sheet,) = found
    at = sheet.at[~sheet.main]
    assert len(at) > 10
    apart = np.hypot(*(at[:, None] - at[None]).T) + np.eye(len(at)) * 99
    assert apart.min() >= 2 * places.STRIP_APART
    assert (at >= [0, 0]).all()
    assert (at[:, 0] < canvas.width).all()
