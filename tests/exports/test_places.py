"""Everybody has a place, nobody stands on another, and the next edition looks like the last."""

import numpy as np
from scipy.spatial.distance import pdist

from tsi_graph.exports import Look, positions
from tsi_graph.exports.labels import place, wrap
from tsi_graph.exports.places import arrange
from tsi_graph.exports.scene import scene
from tsi_graph.exports.ties import backbone, bundle, folded
from tsi_graph.language import short


def ties_of(text):
    return bundle((ord(t[0]) - 97, ord(t[1]) - 97, float(t[2:] or 1), "EDGE") for t in text.split())


def test_parallel_ties_are_one():
    ties = ties_of("ab ba2 aa cb")
    assert (ties.pairs.tolist(), ties.weight.tolist()) == ([[0, 1], [1, 2]], [3.0, 1.0])


def test_the_backbone_keeps_the_two_strongest_and_tears_nothing_apart():
    ties = ties_of("ab9 ac9 bc9 ad1 bd1 cd1 de9 df9 ef9")
    kept = [tuple(pair) for pair in ties.pairs[backbone(ties, 6)].tolist()]
    assert kept == [(0, 1), (0, 2), (0, 3), (1, 2), (3, 4), (3, 5), (4, 5)]


def test_who_has_only_one_shared_thing_is_folded_into_it():
    white = np.array([True, False, False, False])
    assert folded(ties_of("ab ac bd"), white) == {2: 0}


def test_no_two_marks_touch_on_the_torino_sheet(organisations):
    shown = scene(organisations, Look())
    sheet = arrange(positions(shown.ids, shown.ties[shown.drawn]), shown.radius(), 0, 0, 480, 500)
    at, radius = sheet.at[sheet.main], sheet.radius[sheet.main]
    i, j = np.triu_indices(len(at), 1)
    assert (pdist(at) < (radius[i] + radius[j]) * 0.98).sum() == 0
    assert (sheet.small, sheet.loose) == (7, 15)
    assert (at >= 0).all()
    assert (at <= [480, 500]).all()


def test_names_on_the_torino_sheet_do_not_overlap(organisations):
    shown = scene(organisations, Look())
    sheet = arrange(positions(shown.ids, shown.ties[shown.drawn]), shown.radius(), 0, 0, 480, 500)
    order = [i for i in shown.order if sheet.main[i]]
    segments = sheet.at[shown.ties[shown.drawn].pairs]
    sizes = np.full(len(shown.ids), 7.0)
    labels = place(sheet.at, sheet.radius, order, shown.labels, sizes, segments, (0, sheet.strip, 480, 500), 35)
    assert len(labels) == 35
    assert {label.node for label in labels} >= set(order[:8])
    for k, a in enumerate(label.box for label in labels):
        for b in (label.box for label in labels[:k]):
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_the_next_edition_keeps_everybody_near_the_old_place(organisations):
    shown = scene(organisations, Look())
    strong = shown.ties[shown.drawn]
    old = positions(shown.ids, strong)
    fewer = strong[np.arange(len(strong)) % 20 != 0]
    diagonal = np.hypot(*np.ptp(old[["x", "y"]].dropna().to_numpy(), axis=0))

    def moved(new):
        both = (old["part"] == 0) & (new["part"] == 0)
        return float(np.hypot(*(new - old)[both][["x", "y"]].to_numpy().T).mean() / diagonal)

    assert moved(positions(shown.ids, fewer, last=old)) < 0.06 < moved(positions(shown.ids, fewer))


def test_a_newcomer_starts_beside_its_neighbours():
    old = positions(list("abcdef"), ties_of("ab bc cd de ef"))
    new = positions(list("abcdefg"), ties_of("ab bc cd de ef ag"), last=old)
    place_of = new[["x", "y"]].to_numpy()
    assert np.hypot(*(place_of - place_of[6]).T)[:6].argmin() == 0
    assert new["group"]["g"] == old["group"]["a"]


def test_short_names_keep_the_telling_part():
    assert [short(name) for name in ("Homes4All Srl", "TOFIS (ETS)", "(x)", " - x", "x" * 300)] == [
        "Homes4All", "TOFIS", "(x)", " - x", "x" * 39 + "…",
    ]  # fmt: skip
    assert short("Società Cooperativa Sociale Educazione Progetto di Torino") == "Educazione Progetto di Torino"
    assert wrap("Fondazione Compagnia di San Paolo") == "Fondazione Compagnia\ndi San Paolo"
