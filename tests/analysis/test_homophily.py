"""Homophily: published values, networkx and igraph on random networks, and edge cases drawn by hand."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tsi_graph import samples
from tsi_graph.analysis.homophily import NETWORK_METRICS, assortativity, ei_index, mixing_matrix
from tsi_graph.errors import NotFound, Unusable
from tsi_graph.graph import Graph, one_mode

CLASSICS = Path(__file__).parents[2] / ".." / "shared" / "data" / "sna-classics"
beside = pytest.mark.skipif(not CLASSICS.is_dir(), reason="needs the folder shared/data beside the repository")
EMPTY = pd.DataFrame({"source": pd.Series(dtype=object), "target": pd.Series(dtype=object)})
both_ways = pytest.mark.parametrize("directed", [False, True], ids=["pairs", "arrows"])


def graph_of(ties: str, side: dict[str, str], *, directed: bool = False) -> Graph:
    """Pairs of letters; what follows a pair is its weight."""
    nodes = pd.DataFrame({"id": list(side), "side": list(side.values())})
    edges = [(tie[0], tie[1], float(tie[2:] or 1)) for tie in ties.split()]
    return Graph.from_edges(edges or EMPTY, nodes, directed=directed)


def random_case(seed: int, *, directed: bool) -> tuple[Graph, nx.Graph]:
    net = nx.gnp_random_graph(12 + seed % 20, 0.15, seed=seed, directed=directed)
    side = np.random.default_rng(seed).choice(list("xyz"), len(net))
    nx.set_node_attributes(net, dict(enumerate(side)), "side")
    nodes = pd.DataFrame({"id": list(net), "side": side})
    return Graph.from_edges(list(net.edges) or EMPTY, nodes, directed=directed), net


def eies() -> Graph:
    nodes = pd.read_csv(CLASSICS / "ison_networkers" / "nodes.csv")
    return Graph.from_edges(pd.read_csv(CLASSICS / "ison_networkers" / "edges.csv"), nodes, directed=True)


def test_the_karate_club_has_11_ties_across_and_67_within() -> None:
    """specs/metrics.md 2.6."""
    table = ei_index(samples.karate(), "club")
    assert table["group"].tolist() == ["whole network", "Mr. Hi", "Officer"]
    assert table[["internal", "external"]].to_numpy().tolist() == [[67, 11], [35, 11], [32, 11]]
    assert table["index"].tolist() == pytest.approx([-56 / 78, -24 / 46, -21 / 43])
    assert table["index"][0] == pytest.approx(-0.7179, abs=5e-5)
    # two groups of 17: a tie leads across with the chance 17 * 17 / (34 * 33 / 2)
    assert table["expected"][0] == pytest.approx(2 * 289 / 561 - 1, abs=0.02)
    assert table["p"].tolist() == pytest.approx([1 / 1001] * 3)


@beside
def test_the_eies_networkers_by_discipline_with_and_without_weights() -> None:
    """netrics `net_by_heterophily`, .1704, counts weights; specs/metrics.md 2.6."""
    assert ei_index(eies(), "Discipline", weighted=True)["index"][0] == pytest.approx(0.1704, abs=5e-5)
    plain = ei_index(eies(), "Discipline")
    assert plain["index"][0] == pytest.approx(0.3455, abs=5e-5)
    assert plain.loc[0, ["internal", "external"]].tolist() == [144, 296]
    # no more across than sizes lead one to expect: the index alone says little
    assert plain["p"][0] > 0.5


def test_p_is_the_share_of_all_deals_that_are_as_far_from_the_mean() -> None:
    """Two pairs of two: of the three ways to deal them out, one has both ties within and two have none."""
    table = ei_index(graph_of("ab cd", {"a": "x", "b": "x", "c": "y", "d": "y"}), "side", draws=5000)
    assert table["index"].tolist() == [-1, -1, -1]
    assert table["expected"][0] == pytest.approx(1 / 3, abs=0.03)
    assert table["p"][0] == pytest.approx(1 / 3, abs=0.03)
    even = ei_index(graph_of("ac bd", {"a": "x", "b": "x", "c": "y", "d": "y"}), "side", draws=2000)
    assert even["index"].tolist() == [1, 1, 1]
    # 1 is 2/3 from the mean, -1 is 4/3 from it: all deals are as far
    assert even["p"][0] == 1


def test_a_group_of_one_has_no_tie_within_and_nothing_to_tell() -> None:
    table = ei_index(graph_of("ab bc ca cd", {"a": "x", "b": "x", "c": "x", "d": "y"}), "side").set_index("group")
    assert table.loc["y"].tolist() == [0, 1, 1, 1, 1]
    assert table.loc["whole network", ["internal", "external"]].tolist() == [3, 1]


def test_nodes_whose_group_is_blank_are_left_out_with_their_ties() -> None:
    blank = graph_of("ab bc cd", {"a": "x", "b": "y", "c": " ", "d": ""})
    table = ei_index(blank, "side")
    assert table[["group", "internal", "external"]].to_numpy().tolist() == [
        ["whole network", 0, 1], ["x", 0, 1], ["y", 0, 1],
    ]  # fmt: skip
    assert mixing_matrix(blank, "side")["ties"].tolist() == [0, 1, 1, 0]
    assert assortativity(blank, "side")["ties"].tolist() == [1, 3]


def test_parallel_ties_and_loops_and_ties_of_weight_0_count_once_or_not() -> None:
    side = {"a": "x", "b": "x", "c": "y"}
    plain, noisy = graph_of("ab bc", side), graph_of("ab ab2 ba bc aa5 ac0", side)
    assert ei_index(noisy, "side").equals(ei_index(plain, "side"))
    assert assortativity(noisy, "side").equals(assortativity(plain, "side"))
    assert mixing_matrix(noisy, "side").equals(mixing_matrix(plain, "side"))
    assert ei_index(noisy, "side", weighted=True).loc[0, ["internal", "external"]].tolist() == [4, 1]


def test_with_direction_each_arrow_counts() -> None:
    table = ei_index(graph_of("ab ba ac", {"a": "x", "b": "x", "c": "y"}, directed=True), "side")
    assert table[["internal", "external"]].to_numpy().tolist() == [[2, 1], [2, 1], [0, 1]]


def test_assortativity_of_the_karate_club() -> None:
    """specs/metrics.md 2.6: .717531 by club, -.475613 by degree."""
    table = assortativity(samples.karate(), "club")
    assert table["by"].tolist() == ["club", "degree"]
    assert table["r"].tolist() == pytest.approx([0.717531, -0.475613], abs=5e-7)
    assert table["ties"].tolist() == [78, 78]


def test_assortativity_of_newmans_couples() -> None:
    """Newman 2003, table I, as in networkx's tests: .623. Each entry of the table as so many couples."""
    counts = [[258, 16, 35, 13], [12, 157, 58, 19], [13, 23, 306, 35], [5, 7, 24, 16]]
    pairs = [(g, h) for g, row in enumerate(counts) for h, count in enumerate(row) for _ in range(count)]
    nodes = pd.DataFrame({"id": range(2 * len(pairs)), "group": [str(end) for pair in pairs for end in pair]})
    graph = Graph.from_edges([(2 * i, 2 * i + 1) for i in range(len(pairs))], nodes, directed=True)
    row = assortativity(graph, "group").iloc[0]
    # published as 0.623; from its rounded table 0.6214
    assert row["r"] == pytest.approx(0.623, abs=2e-3)
    e = np.array(counts) / np.sum(counts)
    chance = e.sum(axis=0) @ e.sum(axis=1)
    assert row["r"] == pytest.approx((e.trace() - chance) / (1 - chance), abs=1e-12)


@both_ways
@pytest.mark.parametrize("seed", range(30))
def test_assortativity_is_that_of_networkx_and_igraph(seed: int, directed: bool) -> None:
    graph, net = random_case(seed, directed=directed)
    got = assortativity(graph, "side")["r"].tolist()
    by_side = nx.attribute_assortativity_coefficient(net, "side")
    h = igraph.Graph.from_networkx(net)
    assert got[0] == pytest.approx(by_side, abs=1e-9, nan_ok=True)
    assert got[1] == pytest.approx(h.assortativity_degree(directed=directed), abs=1e-9, nan_ok=True)


@both_ways
@pytest.mark.parametrize("seed", range(5))
def test_the_error_is_the_jackknife_over_the_ties(seed: int, directed: bool) -> None:
    graph, net = random_case(seed, directed=directed)
    table = assortativity(graph, "side")
    without = []
    for edge in net.edges:
        less = net.copy()
        less.remove_edge(*edge)
        without.append(nx.attribute_assortativity_coefficient(less, "side"))
    assert table["error"][0] == pytest.approx(np.sqrt(((np.array(without) - table["r"][0]) ** 2).sum()), abs=1e-9)
    x = np.array(
        [(net.out_degree(a), net.in_degree(b)) if directed else (net.degree(a), net.degree(b)) for a, b in net.edges]
    )
    ends = [x] if directed else [x, x[:, ::-1]]
    without = [np.corrcoef(np.vstack([np.delete(way, i, axis=0) for way in ends]).T)[0, 1] for i in range(len(x))]
    assert table["error"][1] == pytest.approx(np.sqrt(((np.array(without) - table["r"][1]) ** 2).sum()), abs=1e-9)


def test_where_all_ends_are_alike_nothing_can_be_told() -> None:
    ring = graph_of("ab bc ca", {"a": "x", "b": "x", "c": "x"})
    assert assortativity(ring, "side")[["r", "error"]].isna().all(axis=None)
    one = graph_of("ab", {"a": "x", "b": "y"})
    assert assortativity(one, "side")["r"].tolist() == pytest.approx([-1, np.nan], nan_ok=True)
    assert assortativity(one, "side")["error"].isna().all()


def test_mixing_by_hand() -> None:
    """Ends: x has 4 (ab twice, bc, ad), y has 2 (c, d); 3 ties."""
    got = mixing_matrix(graph_of("ab bc ad", {"a": "x", "b": "x", "c": "y", "d": "y"}), "side")
    assert got[["group_a", "group_b", "ties"]].to_numpy().tolist() == [
        ["x", "x", 1], ["x", "y", 2], ["y", "x", 2], ["y", "y", 0],
    ]  # fmt: skip
    expected = [4 * 4 / 12, 4 * 2 / 6, 4 * 2 / 6, 2 * 2 / 12]
    assert got["expected"].tolist() == pytest.approx(expected)
    assert got["ratio"].tolist() == pytest.approx([1 / expected[0], 2 / expected[1], 2 / expected[2], 0])
    assert got["log2"].tolist() == pytest.approx(np.log2([1 / (4 / 3), 1.5, 1.5, 0.5 * 3]))
    # each unordered pair once, all ties are there, and as many are expected
    once = got[got["group_a"] <= got["group_b"]]
    assert (once["ties"].sum(), once["expected"].sum()) == (3, pytest.approx(3))


def test_mixing_with_direction_counts_arrows_from_a_to_b() -> None:
    got = mixing_matrix(graph_of("ab ac bc", {"a": "x", "b": "x", "c": "y"}, directed=True), "side")
    assert got["ties"].tolist() == [1, 2, 0, 0]
    assert got["expected"].tolist() == pytest.approx([3 * 1 / 3, 3 * 2 / 3, 0, 0])
    assert got["ratio"].tolist() == pytest.approx([1, 1, np.nan, np.nan], nan_ok=True)
    assert got["log2"].tolist() == pytest.approx([0, 0, np.nan, np.nan], nan_ok=True)


@both_ways
@pytest.mark.parametrize("seed", range(200))
def test_mixing_counts_what_networkx_counts(seed: int, directed: bool) -> None:
    graph, net = random_case(seed, directed=directed)
    got = mixing_matrix(graph, "side").set_index(["group_a", "group_b"])["ties"]
    place = {side: number for number, side in enumerate("xyz")}
    want = nx.attribute_mixing_matrix(net, "side", normalized=False, mapping=place)
    for a, b in product(sorted({str(side) for side in graph.nodes["side"]}), repeat=2):
        assert got[a, b] == want[place[a], place[b]] / (2 if a == b and not directed else 1)


@both_ways
def test_the_order_of_nodes_and_edges_does_not_matter(directed: bool) -> None:
    graph, _ = random_case(17, directed=directed)
    shuffled = Graph.from_edges(
        graph.edges.sample(frac=1, random_state=1), graph.nodes.sample(frac=1, random_state=2), directed=directed
    )
    for measure in (ei_index, assortativity, mixing_matrix):
        pd.testing.assert_frame_equal(measure(shuffled, "side"), measure(graph, "side"), rtol=1e-12)


@pytest.mark.parametrize("nodes", [{}, {"a": "x"}, {"a": "x", "b": "y"}], ids=["empty", "one", "isolates"])
def test_without_ties_there_is_no_index(nodes: dict[str, str]) -> None:
    graph = graph_of("", nodes)
    table = ei_index(graph, "side")
    assert table["group"].tolist() == ["whole network", *sorted(nodes.values())]
    assert (table[["internal", "external"]] == 0).all(axis=None)
    assert table[["index", "expected", "p"]].isna().all(axis=None)
    assert assortativity(graph, "side")[["r", "error"]].isna().all(axis=None)
    mixing = mixing_matrix(graph, "side")
    assert (mixing["ties"].tolist(), len(mixing)) == ([0] * len(nodes) ** 2, len(nodes) ** 2)
    assert mixing[["ratio", "log2"]].isna().all(axis=None)


def test_without_attributes_there_are_no_groups_and_an_unknown_one_is_answered_with_those_known() -> None:
    bare = Graph.from_edges(["ab", "bc", "bd"])
    assert ei_index(bare)["group"].tolist() == ["whole network"]
    assert assortativity(bare)["r"].tolist() == pytest.approx([np.nan, -1], nan_ok=True)
    assert mixing_matrix(bare).empty
    for measure in (ei_index, assortativity, mixing_matrix):
        with pytest.raises(NotFound, match=r"no attribute 'town' .* Known: side"):
            measure(graph_of("ab", {"a": "x", "b": "y"}), "town")


def test_names_are_no_groups() -> None:
    nodes = pd.DataFrame({"id": range(1001), "street": [f"s{i}" for i in range(1001)]})
    graph = Graph.from_edges([(0, 1), (1, 2)], nodes)
    with pytest.raises(Unusable, match="'street' has 1,001 values"):
        mixing_matrix(graph, "street")
    # the other two need no table of pairs
    assert assortativity(graph, "street")["r"][0] == pytest.approx((0 - 6 / 16) / (1 - 6 / 16))


def test_on_the_torino_network_sectors_mix_less_than_by_chance(torino: Graph) -> None:
    row = ei_index(one_mode(torino), draws=200).iloc[0]
    assert row["index"] < row["expected"]
    assert row["p"] == pytest.approx(1 / 201)


@pytest.mark.parametrize("name", NETWORK_METRICS)
def test_every_card_is_complete(name: str) -> None:
    metric = NETWORK_METRICS[name]
    for text in (metric.meaning, metric.meaning_it, metric.definition, metric.convention, metric.cost, metric.cite):
        assert text
        assert "\n" not in text
    assert "solate" in metric.convention
    assert metric.oracle
