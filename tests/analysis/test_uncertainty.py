"""Ranks and how far they can be trusted: the chances by hand, and that nothing but chance moves them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tsi_graph.analysis import compute
from tsi_graph.analysis import uncertainty as module
from tsi_graph.analysis.uncertainty import KEPT, NETWORK_METRICS, rank, redrawn, uncertain, uncertainty
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.graph import Graph, one_mode

EMPTY = pd.DataFrame({"source": pd.Series(dtype=object), "target": pd.Series(dtype=object)})


def graph_of(ties: str, nodes: str = "", **columns: object) -> Graph:
    """Pairs of letters; what follows a pair is its confidence."""
    rows = [(tie[0], tie[1], tie[2:]) for tie in ties.split()]
    edges = pd.DataFrame(rows, columns=["source", "target", "confidence"]).assign(**columns)
    ids = sorted(set(nodes) | {end for row in rows for end in row[:2]})
    return Graph.from_edges(edges if rows else EMPTY, pd.DataFrame({"id": ids}))


def one(table: pd.DataFrame, node: str) -> list[float]:
    """value, rank, rank_low and rank_high of a node."""
    row: list[float] = table.set_index("id").loc[node, ["value", "rank", "rank_low", "rank_high"]].tolist()
    return row


def test_ties_that_are_certain_leave_every_rank_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", {3: 1.0, 2: 1.0, 1: 1.0})
    table = uncertainty(graph_of("ab3 bc2 cd1 be3"), ["betweenness", "constraint"], draws=5)
    assert table.columns.tolist() == ["id", "metric", "value", "rank", "rank_low", "rank_high"]
    assert table["id"].tolist() == list("abcde") * 2
    assert table["metric"].tolist() == ["betweenness"] * 5 + ["constraint"] * 5
    assert table["value"].tolist() == pytest.approx([0, 5, 3, 0, 0, 1, 1 / 3, 0.5, 1, 1])
    # most betweenness is first, least constraint is first
    assert table["rank"].tolist() == [3, 1, 2, 3, 3, 3, 1, 2, 3, 3]
    assert table["rank"].equals(table["rank_low"])
    assert table["rank"].equals(table["rank_high"])


def test_each_tie_is_kept_as_often_as_its_confidence_says() -> None:
    graph = graph_of("ab3 ac2 ad1 aehigh afmedia agbassa ah")
    seen = pd.Series(0, index=list("bcdefgh"))
    for drawn in redrawn(graph, 600, seed=5):
        seen[drawn.edges["target"].tolist()] += 1
    want = [KEPT[3], KEPT[2], KEPT[1], KEPT[3], KEPT[2], KEPT[1], KEPT[3]]
    assert (seen / 600).tolist() == pytest.approx(want, abs=0.05)


def test_without_a_confidence_every_tie_counts_as_high() -> None:
    bare = Graph.from_edges([("a", str(i)) for i in range(50)])
    share = np.mean([len(drawn.edges) / 50 for drawn in redrawn(bare, 400)])
    assert share == pytest.approx(KEPT[3], abs=0.01)
    said = graph_of("ab3 bc3 bd3")
    silent = Graph.from_edges(said.edges.drop(columns="confidence"), said.nodes)
    pd.testing.assert_frame_equal(uncertainty(silent, "degree", draws=20), uncertainty(said, "degree", draws=20))


def test_ties_of_a_draw_come_and_go_by_themselves() -> None:
    """Two ties of low confidence: none, one or the other, both, each a quarter of the time."""
    count = np.bincount([len(drawn.edges) for drawn in redrawn(graph_of("ab1 cd1"), 800)]) / 800
    assert count.tolist() == pytest.approx([0.25, 0.5, 0.25], abs=0.05)


def test_the_interval_is_where_chance_puts_it() -> None:
    """a has two sure ties; b has three that are as likely as not: at least two of them half of the time."""
    graph = graph_of("ax3 ay3 bp1 bq1 br1")
    table = uncertainty(graph, "degree", draws=100)
    # b is first as documented; none of its ties, and it comes last, one time in eight
    value, place, best, worst = one(table, "b")
    assert (value, place, best) == (3, 1, 1)
    assert worst >= 4
    # nobody but b can be before a, and b is only where it keeps more
    assert one(table, "a") == [2, 2, 1, 2]


def test_the_documented_rank_is_within_though_few_draws_find_it() -> None:
    """b is first by 12 ties as likely as not, of which no draw keeps all; a has 11 that are nearly sure."""
    graph = graph_of(" ".join([f"b{other}1" for other in "cdefghijklmn"] + [f"a{other}3" for other in "opqrstuvwxy"]))
    table = uncertainty(graph, "degree", draws=60)
    assert one(table, "b") == [12, 1, 1, 2]
    assert one(table, "a") == [11, 2, 1, 2]
    assert (table["rank"] <= table["rank_high"]).all()


def test_what_is_undefined_has_no_rank_and_comes_last_where_a_draw_makes_it_so() -> None:
    graph = graph_of("ab1 bc3 cd3 de3 ef3", nodes="z")
    table = uncertainty(graph, "constraint", draws=100)
    assert np.isnan(one(table, "z")).all()
    # half of the draws leave a alone: then it stands after the five who have a tie
    assert one(table, "a")[1] == 5
    assert one(table, "a")[3] == 6
    assert one(table, "c")[1] == 1


def test_numbers_of_groups_have_no_rank() -> None:
    table = uncertainty(graph_of("ab3 bc3"), ["community", "component", "degree"], draws=3)
    assert table["rank"].isna().tolist() == [True] * 6 + [False] * 3
    assert table["value"].notna().all()


def test_a_metric_of_several_columns_gives_them_all() -> None:
    graph = graph_of("ab3 bc3 cd2")
    grouped = Graph.from_edges(graph.edges, graph.nodes.assign(sector=list("xxyy"), side=list("xyxy")))
    table = uncertainty(grouped, ["brokerage_roles", "degree"], draws=3, group="side")
    assert table["metric"].unique().tolist() == [
        "coordinator", "itinerant", "representative", "gatekeeper", "liaison", "degree",
    ]  # fmt: skip
    whole = compute(one_mode(grouped), ["brokerage_roles", "degree"], group="side")
    assert table["value"].tolist() == whole.to_numpy().T.ravel().tolist()


def test_ranks_share_and_do_not_depend_on_the_last_digit() -> None:
    values = np.array([[0.3, 5], [0.1 + 0.2, 1], [np.nan, 3], [7, 1]])
    assert rank(values, np.array([False, True])).tolist() == [[2, 4], [2, 1], [4, 3], [1, 1]]
    assert rank(np.zeros((3, 1)), np.array([False])).ravel().tolist() == [1, 1, 1]
    assert rank(np.full((2, 1), np.nan), np.array([True])).ravel().tolist() == [1, 1]


def test_the_wide_table_says_the_same_as_the_long_one() -> None:
    graph = graph_of("ab1 bc3 cd2 bd3")
    long, wide = uncertainty(graph, draws=50), uncertain(graph, draws=50)
    assert wide.columns.tolist() == [
        f"{name}{place}" for name in ("betweenness", "constraint") for place in ("", "_rank", "_rank_low", "_rank_high")
    ]
    assert (wide.index.name, wide.index.tolist()) == ("id", list("abcd"))
    for name in ("betweenness", "constraint"):
        rows = long[long["metric"] == name]
        for column, place in (("value", ""), ("rank", "_rank"), ("rank_low", "_rank_low"), ("rank_high", "_rank_high")):
            assert rows[column].tolist() == wide[f"{name}{place}"].tolist()


def test_a_seed_decides_and_the_order_of_tables_does_not() -> None:
    random = np.random.default_rng(2)
    ends = random.integers(0, 20, (2, 60))
    edges = pd.DataFrame(
        {"source": ends[0], "target": ends[1], "confidence": random.integers(1, 4, 60), "kind": "SUPPORTS"}
    )
    graph = Graph.from_edges(edges, pd.DataFrame({"id": range(20)}))
    shuffled = Graph.from_edges(edges.sample(frac=1, random_state=1), graph.nodes.sample(frac=1, random_state=2))
    first = uncertain(graph, draws=30, missing=0.3)
    pd.testing.assert_frame_equal(uncertain(graph, draws=30, missing=0.3), first)
    pd.testing.assert_frame_equal(uncertain(shuffled, draws=30, missing=0.3).loc[first.index], first)
    assert not uncertain(graph, draws=30, missing=0.3, seed=2).equals(first)


def test_what_nobody_recorded_looks_like_what_is_documented() -> None:
    """Funds goes from foundations to projects, works_on from projects to topics; ids say which is which."""
    ties = [(f"f{i % 5}", f"p{i}", "FUNDS") for i in range(20)] + [
        (f"p{i}", f"t{i % 3}", "WORKS_ON") for i in range(20)
    ]
    edges = pd.DataFrame(ties, columns=["source", "target", "kind"])
    graph = Graph.from_edges(edges, directed=True)
    documented = set(ties)
    count = []
    for drawn in redrawn(graph, 300, missing=0.5):
        rows = list(drawn.edges[["source", "target", "kind"]].itertuples(index=False, name=None))
        new = [row for row in rows if row not in documented]
        assert len(set(rows)) == len(rows)
        assert {(a[0], kind, b[0]) for a, b, kind in new} <= {("f", "FUNDS", "p"), ("p", "WORKS_ON", "t")}
        count.append(len(new))
    # Poisson with mean 0.5 * 40
    assert np.mean(count) == pytest.approx(20, abs=1)
    assert np.var(count) == pytest.approx(20, rel=0.3)
    assert all(len(drawn.edges) <= 40 for drawn in redrawn(graph, 20))


def test_what_nobody_recorded_is_no_documented_tie_the_other_way_round() -> None:
    """Of three who all know one another nothing is missing, unless ties have a direction."""
    ties = [("a", "b"), ("b", "c"), ("c", "a")]
    without, arrows = (Graph.from_edges(ties, directed=directed) for directed in (False, True))
    new = {
        directed: {
            tuple(row)
            for drawn in redrawn(graph, 40, missing=1)
            for row in drawn.edges[["source", "target"]].to_numpy().tolist()
        }
        - set(ties)
        for directed, graph in ((False, without), (True, arrows))
    }
    assert new == {False: set(), True: {("b", "a"), ("c", "b"), ("a", "c")}}


def test_who_has_many_ties_gets_more_of_those_missing_and_who_has_none_gets_none() -> None:
    """h has eight ties of twelve: two thirds of the ends on its side."""
    ties = [("h", f"x{i}") for i in range(8)] + [(f"y{i}", f"z{i}") for i in range(4)]
    graph = Graph.from_edges(ties, pd.DataFrame({"id": sorted({end for tie in ties for end in tie} | {"alone"})}))
    unrecorded, random = module.Unrecorded(graph, graph.edges), np.random.default_rng(3)
    new = [tuple(unrecorded.draw(random, 1)[["source", "target"]].iloc[0]) for _ in range(800)]
    # of the sources two thirds are h, less the two thirds of its targets that it has already
    hub = np.mean([source == "h" for source, _ in new])
    assert hub == pytest.approx((2 / 3 * 1 / 3) / (2 / 3 * 1 / 3 + 1 / 3 * 11 / 12), abs=0.05)
    assert not any("alone" in row or row in ties for row in new)


def test_missing_ties_widen_the_interval() -> None:
    graph = graph_of("ab3 bc3 cd3 de3 ef3 fg3 gh3 bf3 be3")
    sure, unsure = (uncertain(graph, "betweenness", draws=60, missing=missing) for missing in (0.0, 1.0))
    width = [(t["betweenness_rank_high"] - t["betweenness_rank_low"]).mean() for t in (sure, unsure)]
    assert width[0] < width[1]


def test_it_draws_before_it_folds() -> None:
    """a and b share two projects: with four ties, each kept with .5, they are tied 1 - (1 - 1/4)^2 of the time."""
    nodes = pd.DataFrame({"id": list("abpq"), "kind": ["Stakeholder"] * 2 + ["Project"] * 2})
    rows = [(a, p, "PARTICIPATES_IN", 1) for a in "ab" for p in "pq"]
    edges = pd.DataFrame(rows, columns=["source", "target", "kind", "confidence"])
    graph = Graph.from_edges(edges, nodes, directed=True)
    tied = np.mean([len(one_mode(drawn).edges) for drawn in redrawn(graph, 300)])
    assert tied == pytest.approx(7 / 16, abs=0.08)
    assert uncertainty(graph, "degree", draws=5)["id"].tolist() == ["a", "b"]
    # of two modes where the metric is about them; another fold, or none at all
    assert uncertain(graph, "two_mode_degree", draws=5)["two_mode_degree"].to_dict() == dict.fromkeys("abpq", 1)
    assert uncertainty(graph, "degree", draws=5, fold=lambda whole: whole)["id"].tolist() == list("abpq")


def test_two_statements_of_one_tie_count_each() -> None:
    """Parallel ties are two documents: one of them is enough."""
    graph = graph_of("ab1 ab1")
    tied = np.mean([one_mode(drawn).contacts.degrees.max() for drawn in redrawn(graph, 300)])
    assert tied == pytest.approx(3 / 4, abs=0.08)


@pytest.mark.parametrize("n", range(3))
def test_networks_without_ties(n: int) -> None:
    graph = Graph.from_edges(EMPTY, pd.DataFrame({"id": list("ab"[:n])}))
    table = uncertainty(graph, ["degree", "constraint"], draws=3, missing=0.5)
    assert table["id"].tolist() == list("ab"[:n]) * 2
    assert table["rank"].tolist() == pytest.approx([1] * n + [np.nan] * n, nan_ok=True)
    assert uncertain(graph, ["degree"], draws=3).shape == (n, 4)


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(Unusable, match="draws is at least 1, not 0"):
        uncertainty(graph_of("ab3"), draws=0)
    with pytest.raises(Unusable, match=r"from 0 to 1, not -0\.1"):
        uncertainty(graph_of("ab3"), missing=-0.1)
    with pytest.raises(NotFound, match="No metric 'fame'"):
        uncertainty(graph_of("ab3"), ["fame"])
    with pytest.raises(Unusable, match=r"No option 'group' here\. Known: none"):
        uncertainty(graph_of("ab3"), ["degree"], group="sector")
    assert uncertainty(graph_of("ab3"), [], draws=2).empty


def test_the_torino_ranking_says_who_is_surely_first(torino: Graph) -> None:
    table = uncertain(torino, ["betweenness", "constraint"], draws=30).dropna()
    assert (table["betweenness_rank_low"] <= table["betweenness_rank"]).all()
    first = table["betweenness_rank"].idxmin()
    assert table.loc[first, "betweenness_rank_high"] <= 5
    middle = table[table["betweenness_rank"].between(20, 60)]
    assert (middle["betweenness_rank_high"] - middle["betweenness_rank_low"]).median() > 5


def test_the_card_is_complete() -> None:
    [metric] = NETWORK_METRICS.values()
    for text in (metric.meaning, metric.meaning_it, metric.definition, metric.convention, metric.cost, metric.cite):
        assert text
        assert "\n" not in text
    assert "solate" in metric.convention
    assert metric.oracle
    # the card's probabilities are those that are used
    assert (KEPT[3], KEPT[2], KEPT[1]) == (0.95, 0.8, 0.5)
    for chance in (".95 (high", ".8 (medium", ".5 (low"):
        assert chance in metric.definition
