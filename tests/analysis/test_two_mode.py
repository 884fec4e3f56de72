"""Two-mode measures equal networkx.bipartite and netrics; two_mode keeps what belongs to the two modes."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tsi_graph.analysis.two_mode import (
    METRICS,
    two_mode,
    two_mode_betweenness,
    two_mode_closeness,
    two_mode_constraint,
    two_mode_degree,
    two_mode_effective_size,
)
from tsi_graph.errors import Unusable
from tsi_graph.graph import STRUCTURE, Graph

CLASSICS = Path(__file__).parents[2] / ".." / "shared" / "data" / "sna-classics"
beside = pytest.mark.skipif(not CLASSICS.is_dir(), reason="needs the folder shared/data beside the repository")
every_metric = pytest.mark.parametrize("name", METRICS)


def shared(ties: str, *, alone: str = "", directed: bool = False) -> Graph:
    """Organisations a, b, ... and projects p, q, ..., each pair of letters a tie; what follows it is its weight."""
    edges = [(tie[0], tie[1], float(tie[2:] or 1)) for tie in ties.split()]
    ids = sorted({end for edge in edges for end in edge[:2]} | set(alone))
    nodes = pd.DataFrame({"id": ids, "kind": ["Project" if name >= "p" else "Stakeholder" for name in ids]})
    return Graph.from_edges(edges, nodes, directed=directed)


def southern_women() -> Graph:
    nodes = pd.read_csv(CLASSICS / "ison_southern_women" / "nodes.csv")
    edges = pd.read_csv(CLASSICS / "ison_southern_women" / "edges.csv")[["source", "target"]]
    return Graph.from_edges(edges, nodes.assign(kind=np.where(nodes["type"], "Project", "Stakeholder")))


def random_net(seed: int) -> tuple[nx.Graph, Graph, int]:
    """Up to 10 organisations and 8 projects, weighted, in parts, some of them alone."""
    random = np.random.default_rng(seed)
    own, other = int(random.integers(2, 11)), int(random.integers(2, 9))
    net = nx.bipartite.random_graph(own, other, random.uniform(0.1, 0.7), seed=seed)
    for _, _, data in net.edges(data=True):
        data["weight"] = float(random.integers(1, 7)) / 2
    nodes = pd.DataFrame({"id": list(net), "kind": ["Stakeholder"] * own + ["Project"] * other})
    edges = [(a, b, weight) for a, b, weight in net.edges(data="weight")]
    return net, Graph.from_edges(edges, nodes), own


def test_two_hundred_random_networks_give_what_networkx_gives() -> None:
    for seed in range(200):
        net, graph, own = random_net(seed)
        for function, oracle in (
            (two_mode_degree, nx.bipartite.degree_centrality),
            (two_mode_closeness, nx.bipartite.closeness_centrality),
            (two_mode_betweenness, nx.bipartite.betweenness_centrality),
        ):
            want = oracle(net, range(own))
            got = dict(zip(graph.ids, function(graph), strict=True))
            assert got == pytest.approx(want, abs=1e-9), f"{function.__name__}, seed {seed}"


@beside
def test_southern_women_published_with_networkx() -> None:
    """specs/metrics.md 2.8: degree, betweenness and closeness."""
    graph = southern_women()
    table = pd.DataFrame({name: METRICS[name].function(graph) for name in METRICS}, graph.ids)
    want = {
        "E8": (0.78, 0.24, 0.85),
        "E9": (0.67, 0.23, 0.79),
        "E7": (0.56, 0.13, 0.73),
        "Nora": (0.57, 0.11, 0.80),
        "Evelyn": (0.57, 0.10, 0.80),
        "Theresa": (0.57, 0.09, 0.80),
    }
    for name, values in want.items():
        got = table.loc[name, ["two_mode_degree", "two_mode_betweenness", "two_mode_closeness"]].tolist()
        assert got == pytest.approx(values, abs=5e-3)


@beside
@pytest.mark.parametrize(
    ("measure", "name"),
    [
        ("effective size, two-mode (netrics definition)", "two_mode_effective_size"),
        ("constraint, two-mode (netrics definition)", "two_mode_constraint"),
        ("closeness (two-mode, normalised)", "two_mode_closeness"),
    ],
)
def test_southern_women_published_with_netrics(measure: str, name: str) -> None:
    table = pd.read_csv(CLASSICS / "expected_values.csv")
    rows = table[table["measure"] == measure]
    graph = southern_women()
    got = pd.Series(METRICS[name].function(graph), graph.ids)
    assert len(rows) in (3, 5)
    for row in rows.itertuples():
        assert got[row.node] == pytest.approx(float(str(row.value)), abs=float(str(row.tolerance)) / 2)


def effective_sizes(matrix: np.ndarray) -> list[float]:
    """Of the rows, as netrics reckons without weights: alters less the mean number of others that each shares with."""
    shares = (matrix > 0).astype(float) @ (matrix.T > 0)
    np.fill_diagonal(shares, 0)
    sizes = []
    for row in shares:
        alters = np.flatnonzero(row)
        beside_it = [np.count_nonzero(shares[j, alters]) * row[j] for j in alters]
        sizes.append(len(alters) - sum(beside_it) / row.sum() if len(alters) else 0.0)
    return sizes


def constraints(matrix: np.ndarray) -> list[float]:
    """Of the rows, as netrics' loops go: each contact, the other contacts, and what these lead to."""
    by_row = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1e-300)
    by_column = matrix / np.maximum(matrix.sum(axis=0, keepdims=True), 1e-300)
    scores = []
    for i in range(len(matrix)):
        contacts, score = np.flatnonzero(matrix[i]), 0.0
        for a in contacts:
            invested = by_row[i, a]
            for b in contacts[contacts != a]:
                for j in range(len(matrix)):
                    if j != i:
                        invested += by_row[i, b] * by_column[j, b] * by_row[j, a]
            score += invested**2
        scores.append(score)
    return scores


@pytest.mark.parametrize("name", ["two_mode_effective_size", "two_mode_constraint"])
def test_two_hundred_random_networks_give_what_the_loops_of_netrics_give(name: str) -> None:
    formula = {"two_mode_effective_size": effective_sizes, "two_mode_constraint": constraints}[name]
    for seed in range(200):
        _, graph, own = random_net(seed)
        matrix = graph.adjacency.toarray()[:own, own:]
        want = np.array(formula(matrix) + formula(matrix.T))
        want[graph.contacts.degrees == 0] = np.nan
        np.testing.assert_allclose(METRICS[name].function(graph), want, rtol=0, atol=1e-9, err_msg=f"seed {seed}")


def test_constraint_goes_on_past_one_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = random_net(8)[1]
    whole = two_mode_constraint(graph)
    monkeypatch.setattr("tsi_graph.analysis.two_mode.BATCH", 5)
    np.testing.assert_allclose(two_mode_constraint(graph), whole, rtol=1e-12)


def test_four_in_a_ring_by_hand() -> None:
    """a and b share p and q: half goes to each, an eighth more comes to it through the other."""
    graph = shared("ap aq bp bq")
    assert two_mode_constraint(graph).tolist() == pytest.approx([2 * (1 / 2 + 1 / 8) ** 2] * 4)
    assert two_mode_effective_size(graph).tolist() == [1, 1, 1, 1]
    assert two_mode_degree(graph).tolist() == [1, 1, 1, 1]
    assert two_mode_closeness(graph).tolist() == [1, 1, 1, 1]


def test_who_meets_the_same_twice_gains_less_than_who_meets_two_apart() -> None:
    together, apart = shared("ap bp cp"), shared("ap bp aq cq")
    assert two_mode_effective_size(together)[0] == 1
    assert two_mode_effective_size(apart)[0] == 2


def test_only_weights_of_constraint_count() -> None:
    light, heavy = shared("ap aq bp bq"), shared("ap9 aq bp bq")
    same = {name: np.array_equal(m.function(light), m.function(heavy)) for name, m in METRICS.items()}
    assert same == {name: name != "two_mode_constraint" for name in METRICS}


@every_metric
def test_nobody_and_nobody_else(name: str) -> None:
    function = METRICS[name].function
    empty = pd.DataFrame({"id": pd.Series(dtype=object), "kind": pd.Series(dtype=object)})
    assert function(Graph.from_edges([], empty)).shape == (0,)
    lonely = function(shared("ap bp", alone="cq"))[[2, 4]]
    want = {"two_mode_effective_size": np.nan, "two_mode_constraint": np.nan}.get(name, 0)
    np.testing.assert_equal(lonely, [want, want])
    only_organisations = function(shared("", alone="ab"))
    want = 0 if name == "two_mode_closeness" else np.nan
    np.testing.assert_equal(only_organisations, [want, want])
    one_of_each = function(shared("ap"))
    want = {"two_mode_betweenness": np.nan, "two_mode_effective_size": 0}.get(name, 1)
    np.testing.assert_equal(one_of_each, [want, want])


@every_metric
def test_order_direction_loops_and_parallel_ties_do_not_matter(name: str) -> None:
    graph = random_net(12)[1]
    halves = graph.edges[["source", "target"]].assign(weight=graph.edges["weight"] / 2)
    loops = pd.DataFrame({"source": graph.ids, "target": graph.ids, "weight": 3.0})
    edges = pd.concat([halves, halves.set_axis(["target", "source", "weight"], axis=1), loops])
    nodes = graph.nodes.sample(frac=1, random_state=2)
    other = Graph.from_edges(edges.sample(frac=1, random_state=1), nodes, directed=True)
    want = pd.Series(METRICS[name].function(graph), graph.ids)
    got = pd.Series(METRICS[name].function(other), other.ids)
    pd.testing.assert_series_equal(got[want.index], want, rtol=1e-12)


@every_metric
def test_a_tie_inside_one_mode_is_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(Unusable, match=r"'a' and 'b' are tied and both organisations.*Measure two_mode\(graph\)"):
        METRICS[name].function(shared("ap bp ab"))
    with pytest.raises(Unusable, match=r"'p' and 'q' are tied and both no organisations"):
        METRICS[name].function(shared("ap bp pq"))


def test_two_mode_keeps_what_belongs_to_the_two_modes() -> None:
    nodes = pd.DataFrame(
        {
            "id": ["a", "i", "p", "n", "t", "z"],
            "kind": ["Stakeholder", "Investor", "Project", "Network", "Topic", "Stakeholder"],
            "city": list("TTMMRR"),
        }
    )
    edges = pd.DataFrame(
        [
            ("a", "p", "PARTNER_IN", 1.0),
            ("p", "a", "LEADS", 2.0),
            ("a", "p", "PARTNER_IN", 1.0),
            ("a", "i", "FUNDS", 5.0),
            ("p", "n", "PART_OF", 5.0),
            ("i", "n", "MEMBER_OF", 1.0),
            ("i", "t", "WORKS_ON", 1.0),
        ],
        columns=["source", "target", "kind", "weight"],
    )
    graph = Graph.from_edges(edges, nodes, directed=True, view=STRUCTURE)
    graph.imported = "2024-05-01"
    folded = two_mode(graph)
    assert folded.edges.to_dict("records") == [
        {"source": "a", "target": "p", "kind": "LEADS|PARTNER_IN", "weight": 4.0},
        {"source": "i", "target": "n", "kind": "MEMBER_OF", "weight": 1.0},
    ]
    assert folded.nodes.to_dict("list") == {
        "id": ["a", "i", "p", "n", "z"],
        "kind": ["Stakeholder", "Investor", "Project", "Network", "Stakeholder"],
        "city": list("TTMMR"),
        "name": ["a", "i", "p", "n", "z"],
    }
    assert (folded.directed, folded.view, folded.imported) == (False, STRUCTURE, "2024-05-01")
    assert two_mode(graph, "Topic").edges["target"].tolist() == ["t"]
    assert two_mode(graph, ("Topic", "Network")).ids.tolist() == ["a", "i", "n", "t", "z"]
    assert graph.directed


def test_two_mode_of_nothing_and_of_organisations_alone_is_usable() -> None:
    for graph in (Graph.from_edges([], pd.DataFrame({"id": pd.Series(dtype=object)})), Graph.from_edges(["ab", "bc"])):
        folded = two_mode(graph)
        assert (len(folded), len(folded.edges)) == (len(graph), 0)
        for metric in METRICS.values():
            assert metric.function(folded).shape == (len(graph),)


def test_two_mode_of_rows_of_ties_is_that_of_their_table() -> None:
    table = shared("ap bp bq ab")
    rows = Graph(table.nodes, table.sent)
    assert two_mode(rows).edges.to_dict("records") == two_mode(table).edges.to_dict("records")
