"""Metrics equal R sna, igraph, networkx and the published values of classic networks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tsi_graph.analysis import METRICS, compute
from tsi_graph.analysis.roles import ROLES
from tsi_graph.graph import Graph

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"
ORACLES = DATA / "oracles" / "brokerage_constraint.json"
CLASSICS = DATA / "sna-classics"
beside = pytest.mark.skipif(not DATA.is_dir(), reason="needs the folder shared/data beside the repository")

CASES: list[dict[str, Any]] = json.loads(ORACLES.read_text())["cases"] if ORACLES.is_file() else []
EXPECTED = (
    pd.read_csv(CLASSICS / "expected_values.csv", keep_default_na=False)
    if CLASSICS.is_dir()
    else pd.DataFrame(columns=["network", "relation", "measure", "node", "value", "tolerance", "source"])
)

# measure in the table -> our metric, whether the weights count, and what the table's number is of ours
MEASURES = {
    "constraint (unweighted)": ("constraint", False, 1.0),
    "constraint (weight)": ("constraint", True, 1.0),
    "constraint (igraph)": ("constraint", False, 1.0),
    "constraint": ("constraint", False, 1.0),
    "effective size (unweighted)": ("effective_size", False, 1.0),
    "effective size (weight)": ("effective_size", True, 1.0),
    "effective size (influenceR ens)": ("effective_size", False, 1.0),
    "betweenness (undirected, raw)": ("betweenness", False, 1.0),
    "betweenness (raw)": ("betweenness", False, 1.0),
    "betweenness (two-mode, raw)": ("betweenness", False, 1.0),
    "betweenness x2 (raw, both directions)": ("betweenness", False, 2.0),
    "betweenness (normalised, Pucci isolate removed)": ("betweenness", False, 2 / (14 * 13)),
    "degree": ("degree", False, 1.0),
    "degree (two-mode)": ("degree", False, 1.0),
    "bridging (Valente-Fujimoto)": ("bridging", False, 1.0),
    "closeness (two-mode, normalised)": ("two_mode_closeness", False, 1.0),
    "constraint, two-mode (netrics definition)": ("two_mode_constraint", False, 1.0),
    "effective size, two-mode (netrics definition)": ("two_mode_effective_size", False, 1.0),
    "in-degree (unweighted)": ("in_degree", False, 1.0),
    "in-strength (weight)": ("in_strength", True, 1.0),
    "brokering activity by Discipline (netrics definition)": ("brokering_activity", False, 1.0),
    "brokering exclusivity by Discipline (netrics definition)": ("brokering_exclusivity", False, 1.0),
}
ARROWS = ("in_degree", "in_strength", "brokering_activity", "brokering_exclusivity")
# influenceR gives the isolate 0, where nothing can be measured.
UNDEFINED = EXPECTED["measure"].isin(["effective size (influenceR ens)", "bridging (Valente-Fujimoto)"])
IS_PUCCI = (EXPECTED["node"] == "Pucci") & UNDEFINED


def classic(network: str, relation: str = "", *, weighted: bool = False, directed: bool = False) -> Graph:
    nodes = pd.read_csv(CLASSICS / network / "nodes.csv", dtype={"id": str})
    if "type" in nodes:
        nodes["kind"] = np.where(nodes["type"], "Project", "Stakeholder")
    edges = pd.read_csv(CLASSICS / network / "edges.csv", dtype={"source": str, "target": str})
    edges = edges[edges["relation"] == relation] if relation else edges
    return Graph.from_edges(edges if weighted else edges[["source", "target"]], nodes, directed=directed)


def numbers(values: list[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


@beside
@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{c['n']}-nodes" for n, c in enumerate(CASES)])
def test_every_random_network_gives_what_sna_and_igraph_give(case: dict[str, Any]) -> None:
    nodes = pd.DataFrame({"id": range(case["n"]), "sector": case["groups"]})
    strongest: dict[tuple[int, int], float] = {}
    for a, b, weight in case["edges"]:
        pair = (min(a, b), max(a, b))
        strongest[pair] = max(weight, strongest.get(pair, 0))
    arrows = Graph.from_edges(case["edges"], nodes, directed=True)
    plain = Graph.from_edges([edge[:2] for edge in case["edges"]], nodes, directed=True)
    pairs = Graph.from_edges(strongest, nodes)
    strong = Graph.from_edges([(a, b, weight) for (a, b), weight in strongest.items()], nodes)

    roles = compute(plain, ["brokerage_roles"])
    assert case["brokerage"]["columns"] == [*ROLES, "total"]
    assert roles.to_numpy().tolist() == [row[:5] for row in case["brokerage"]["raw"]]
    assert roles.sum(axis=1).tolist() == [row[5] for row in case["brokerage"]["raw"]]
    for name, graph, metric in (
        ("directed_weighted_constraint", arrows, "constraint"),
        ("undirected_max_weight_constraint", strong, "constraint"),
        ("undirected_binary_constraint", pairs, "constraint"),
        ("undirected_binary_betweenness", pairs, "betweenness"),
        ("directed_binary_betweenness", plain, "betweenness"),
        ("undirected_binary_harmonic", pairs, "harmonic"),
    ):
        got = compute(graph, [metric])[metric].to_numpy()
        np.testing.assert_allclose(got, numbers(case[name]), rtol=0, atol=1e-9, err_msg=name)


@beside
def test_there_are_24_oracle_cases_and_149_published_values() -> None:
    assert (len(CASES), len(EXPECTED), int(IS_PUCCI.sum())) == (24, 149, 2)
    assert set(EXPECTED["measure"]) == set(MEASURES)


@beside
@pytest.mark.parametrize(
    "row",
    EXPECTED[~IS_PUCCI].to_dict("records"),
    ids=[f"{r.network}-{r.measure}-{r.node}" for r in EXPECTED[~IS_PUCCI].itertuples()],
)
def test_published_value(row: dict[str, Any]) -> None:
    metric, weighted, factor = MEASURES[row["measure"]]
    graph = classic(row["network"], row["relation"], weighted=weighted, directed=metric in ARROWS)
    options = {"group": "Discipline"} if "group" in METRICS[metric].options else {}
    got = factor * float(compute(graph, [metric], **options).loc[row["node"], metric])
    want = float(row["value"]) if row["value"] != "" else np.nan
    # a published number is rounded: 0.005 for the tolerance 0.01 of 4.67, and so on
    assert got == pytest.approx(want, abs=max(float(row["tolerance"]), 1e-9), nan_ok=True)


@beside
@pytest.mark.parametrize("metric", ["effective_size", "bridging"])
def test_an_isolate_is_undefined_where_influencer_says_0(metric: str) -> None:
    assert np.isnan(compute(classic("florentine", "marriage"), [metric]).loc["Pucci", metric])


@beside
def test_roles_of_the_eies_networkers_by_discipline() -> None:
    """Totals of specs/metrics.md 2.3, computed there with R sna."""
    nodes = pd.read_csv(CLASSICS / "ison_networkers" / "nodes.csv")
    edges = pd.read_csv(CLASSICS / "ison_networkers" / "edges.csv")[["source", "target"]]
    roles = compute(Graph.from_edges(edges, nodes, directed=True), ["brokerage_roles"], group="Discipline")
    assert roles.sum().to_dict() == dict(zip(ROLES, (385, 463, 498, 548, 703), strict=True))
