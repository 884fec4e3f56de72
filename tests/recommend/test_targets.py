"""The goals of the score on open data, on the queries and constants that the documents tell of; all is seeded."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from benchmarks.recommendation_data import cordis, grants, venture_deals
from benchmarks.recommendations import DATA, equity_table, goals_table, pooled, scores_table, speed_table
from tests.conftest import ROOT
from tsi_graph.graph import Graph
from tsi_graph.recommend import evaluate
from tsi_graph.recommend.evaluation import rivals

Run = dict[str, Any]


@pytest.fixture
def only_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ours and Adamic-Adar, without the scores that no goal asks for."""
    every: Callable[..., dict[str, rivals.Score]] = rivals.scores
    module = importlib.import_module("tsi_graph.recommend.evaluation.evaluate")
    two = (rivals.OURS, rivals.BASELINE)
    monkeypatch.setattr(module, "scores", lambda *asked: {k: v for k, v in every(*asked).items() if k in two})


def gain(run: Run, hubs: str) -> tuple[float, float]:
    """The gain in P@10 over Adamic-Adar, and the least of its interval."""
    found = next(score for score in run["scores"] if score["name"] == rivals.OURS)[hubs]["p10"]
    return found["gain"], found["gain_low"]


@pytest.fixture(scope="module")
def horizon(shared: Path) -> Graph:
    return cordis(shared / "cordis-h2020")


@pytest.mark.usefixtures("only_two")
@pytest.mark.parametrize(("cut", "least", "without_hubs"), [("2018-10-01", 0.07, 0.13), ("2017-07-01", 0.05, 0.12)])
def test_on_consortia_it_beats_adamic_adar_by_the_goal(
    horizon: Graph, cut: str, least: float, without_hubs: float
) -> None:
    run = asdict(evaluate(horizon, cut, queries=1500))
    assert run["queries"] == 1500
    for hubs, goal in (("all", least), ("without_hubs", without_hubs)):
        found, low = gain(run, hubs)
        assert found >= goal
        assert low > 0


@pytest.mark.usefixtures("only_two")
def test_on_grants_the_same_constants_beat_adamic_adar(shared: Path) -> None:
    run = asdict(evaluate(grants(shared / "foundation-grants"), "2004-01-01", queries=300))
    for hubs in ("all", "without_hubs"):
        found, low = gain(run, hubs)
        assert found > 0.1
        assert low > 0


@pytest.mark.usefixtures("only_two")
def test_on_venture_deals_the_same_constants_are_not_told_from_adamic_adar_or_better(shared: Path) -> None:
    """245 queries over four cuts are too few for more: the interval is 7 % to either side."""
    graph = venture_deals(shared / "vc-investments-sample")
    runs = [asdict(evaluate(graph, cut)) for cut in DATA["venture deals"][2]]
    assert sum(run["queries"] for run in runs) == 245
    _, _, found, low, high = pooled(runs)
    assert low < 0 < high
    assert found > -0.03
    _, _, found, _, _ = pooled(runs, "without_hubs")
    assert found > 0


def test_the_document_tells_what_was_measured() -> None:
    """`python -m benchmarks.recommendations` measures and prints the tables."""
    found = json.loads((ROOT / "benchmarks" / "results" / "recommendations.json").read_text(encoding="utf-8"))
    text = (ROOT / "docs" / "recommendation.md").read_text(encoding="utf-8")
    first = found["evaluations"]["consortia"][0]
    tables = [equity_table(first, "size"), goals_table(found), scores_table(first), speed_table(found)]
    assert [line for table in tables for line in table if line not in text] == []
