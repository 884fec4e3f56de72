"""What is kept of a graph: once for all threads, no more than is of use, and seen from the day that was asked for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import sleep

import numpy as np
import pandas as pd
import pytest

from tests.recommend.drawing import drawn
from tsi_graph.errors import Unusable
from tsi_graph.graph import DOCUMENTED, Graph, View
from tsi_graph.recommend import recommend
from tsi_graph.recommend.columns import as_year, clock
from tsi_graph.recommend.evidence import evidence
from tsi_graph.recommend.ties import fabric, prepare
from tsi_graph.remembered import once_per_graph, two_per_graph


def test_threads_that_ask_for_the_same_wait_for_the_one_that_computes() -> None:
    asked: list[str] = []

    @once_per_graph
    def slow(graph: Graph, word: str = "a") -> str:
        asked.append(word)
        sleep(0.05)
        return word * len(graph)

    graph = drawn("ann-ben")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda word: slow(graph, word), ["a", "b"] * 8))
    assert sorted(asked) == ["a", "b"]
    assert set(found) == {"aa", "bb"}
    assert slow(graph) == "aa"
    assert len(asked) == 2


def test_what_failed_is_tried_again_and_only_the_newest_are_kept() -> None:
    asked: list[int] = []

    @two_per_graph
    def halved(graph: Graph, n: int) -> float:
        asked.append(n)
        if n == 0 and len(asked) == 1:
            raise Unusable("not yet")
        return n / 2

    graph = drawn("ann-ben")
    with pytest.raises(Unusable):
        halved(graph, 0)
    assert [halved(graph, n) for n in (0, 1, 2, 2, 1, 0)] == [0, 0.5, 1, 1, 0.5, 0]
    assert asked == [0, 0, 1, 2, 0]


def test_any_number_of_half_lives_costs_the_memory_of_two_and_what_does_not_fade_is_shared() -> None:
    import gc
    import weakref

    graph = drawn("ann-p1 ben-p1 ben>n1", valid_from={"p1": "2010", "p2": "2026"}, valid_to={"p1": "2012"})
    left = []
    for half_life in (1.0, 2.0, 3.0, 5.0, 100.0):
        recommend(graph, "ann", half_life=half_life)
        left.append(weakref.ref(prepare(graph, half_life)))
    gc.collect()
    assert [one() is not None for one in left] == [False, False, False, False, True]  # beside the usual one
    assert prepare(graph, 3.0).fabric is prepare(graph, 5.0).fabric is fabric(graph)
    assert prepare(graph) is prepare(graph, 4.0)


def test_who_is_tied_to_whom_does_not_hang_on_the_half_life() -> None:
    graph = drawn("ann-p1 ben-p1 p2~t1", valid_from={"p1": "1800", "p2": "2026"}, valid_to={"p1": "1801"})
    assert prepare(graph, 0.1).weight.nnz == prepare(graph, 100.0).weight.nnz == 2
    for half_life in (0.01, 101, 0.0, float("nan")):
        with pytest.raises(Unusable, match="half-life"):
            prepare(graph, half_life)


def seen_from(graph: Graph, view: View, imported: str = "") -> Graph:
    return Graph(graph.nodes, graph.edges, graph.directed, view, imported)


def test_the_day_is_that_of_the_view_or_of_the_import_and_no_start_to_come_moves_it() -> None:
    drawing = drawn("ann-ben ben-cy p1~t1", valid_from={"p1": "2029"}, valid_to={"cy": "2027"})
    today = seen_from(drawing, replace(drawing.view, today="2026-11-25"))
    assert clock(today) == as_year("2026-11-25")
    assert [r.id for r in recommend(today, "ann", "stakeholder")] == ["cy"]
    then = seen_from(drawing, replace(drawing.view, today="2026-11-25", as_of="2019-03"))
    assert clock(then) == as_year("2019-03")
    assert clock(seen_from(drawing, drawing.view, "2026-11-20")) == as_year("2026-11-20")
    assert clock(drawing) == as_year("2029")
    later = seen_from(drawing, replace(drawing.view, today="2028-01-01"))
    assert recommend(later, "ann", "stakeholder") == []
    for word in ("..", "2026-13"):
        with pytest.raises(Unusable, match="no date to look at"):
            replace(DOCUMENTED, today=word)


def test_of_two_statements_of_one_tie_the_same_is_told_whatever_their_order() -> None:
    rows = [
        ("ann", "p1", "PARTICIPATES_IN", "2019", "b", 3), ("ann", "p1", "PARTICIPATES_IN", "2019", "a", 3),
        ("ben", "p1", "PARTICIPATES_IN", "2018", "c", 2), ("ben", "p1", "PARTICIPATES_IN", "2018", "d", 3),
        ("ann", "cy", "FUNDS", "", "x", 3), ("cy", "ann", "FUNDS", "", "x", 3),
    ]  # fmt: skip
    edges = pd.DataFrame(rows, columns=["source", "target", "kind", "valid_from", "origin", "confidence"])
    nodes = pd.DataFrame({"id": ["ann", "ben", "cy", "p1"], "kind": [*["Stakeholder"] * 3, "Project"]})
    told = set()
    for seed in range(8):
        mixed = edges.iloc[np.random.default_rng(seed).permutation(len(edges))].reset_index(drop=True)
        graph = Graph.from_edges(mixed, nodes)
        ann, ben, cy = (graph.position(one) for one in ("ann", "ben", "cy"))
        shared, direct = (evidence(graph, prepare(graph), ann, other) for other in (ben, cy))
        assert direct.edge is not None
        told.add((shared.origin, shared.confidence, graph.edges["source"].iat[direct.edge]))
    assert told == {("b ; d", "high", "cy")}


def test_amounts_that_say_nothing_are_unknown() -> None:
    graph = drawn("ann-p1 ben-p1 ben-p2 cy-p2 dee-p2")
    plain = prepare(graph).evidence.toarray()
    for amounts in ([0.0, 0.0, 0.0, 0.0, 0.0], [-5.0, -1.0, 0.0, 0.0, -3.0]):
        paid = Graph.from_edges(graph.edges.assign(amount=amounts), graph.nodes)
        assert (prepare(paid).evidence.toarray() == plain).all()
