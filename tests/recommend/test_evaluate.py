"""The evaluation: what it hides, whom it asks, what it counts, each against a plain recomputation."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from math import isnan, log
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from benchmarks.recommendation_data import cordis
from tests.recommend.drawing import drawn
from tsi_graph.errors import Conflict, Unusable
from tsi_graph.graph import Graph, graph_of
from tsi_graph.importers import read
from tsi_graph.recommend import evaluate
from tsi_graph.recommend.evaluation.cuts import begins, cut_at, months_later, unmet
from tsi_graph.recommend.evaluation.measures import compared, measured, resampled
from tsi_graph.recommend.evaluation.rivals import scores
from tsi_graph.recommend.evaluation.telling import told_evaluation
from tsi_graph.statements import Import, row_of, said_all
from tsi_graph.store.projection import table_of

CUT = "2018-10-01"


def consortia(seed: int = 0, bodies: int = 120, projects: int = 150) -> Graph:
    """Bodies of three circles in projects of four years, half of them with an end."""
    dice = np.random.default_rng(seed)
    names = [f"b{chr(97 + k // 26)}{chr(97 + k % 26)}" for k in range(bodies)]
    words, start, end, programme = [], {}, {}, {}
    for k in range(1, projects + 1):
        year, circle = int(dice.integers(2015, 2020)), k % 3
        inside = names[circle::3] if dice.random() < 0.8 else names[:40]
        words += [f"{one}-p{k}" for one in dice.choice(inside, int(dice.integers(2, 8)), replace=False)]
        start[f"p{k}"], programme[f"p{k}"] = f"{year}-{dice.integers(1, 13):02}-15", f"P{circle}"
        end |= {f"p{k}": f"{year + 2}"} if k % 2 else {}
    sector = {one: "university" if k % 2 else "company" for k, one in enumerate(names)}
    return drawn(" ".join(words), valid_from=start, valid_to=end, programme=programme, sector=sector)


def test_scores_and_measures_are_those_of_a_plain_recomputation() -> None:
    graph = consortia()
    found = cut_at(graph, CUT, 12, 4.0)
    begun = dict(zip(graph.nodes["id"], graph.nodes["valid_from"], strict=True))
    before, after = nx.Graph(), nx.Graph()
    for network, limit in ((before, CUT), (after, "2019-10-01")):
        for project, group in graph.edges.groupby("target"):
            if begun[project] < limit:
                people = group["source"].tolist()
                network.add_nodes_from(people)
                network.add_edges_from((a, b) for n, a in enumerate(people) for b in people[n + 1 :])
    ids = graph.nodes["id"].tolist()
    assert {ids[k] for k in np.flatnonzero(found.there)} == set(before)
    degree = dict(before.degree())
    formulas = {
        "common_neighbours": lambda z: 1.0,
        "adamic_adar": lambda z: 1 / log(degree[z]),
        "resource_allocation": lambda z: 1 / degree[z],
    }
    rivals = scores(found, np.ones(len(graph), bool), 0)
    tops: dict[str, list[float]] = {name: [] for name in formulas}
    assert len(found.eligible) > 10
    for q in found.eligible.tolist():
        a = ids[q]
        may = set(before) - set(before[a]) - {a}
        assert {ids[k] for k in np.flatnonzero(unmet(found, q))} == may
        met = (set(after[a]) & set(before)) - set(before[a])
        assert {ids[k] for k in found.new.indices[found.new.indptr[q] : found.new.indptr[q + 1]]} == met
        for name, value in formulas.items():
            plain = {b: sum(value(z) for z in nx.common_neighbors(before, a, b)) for b in may}
            ours = rivals[name](q)
            assert {b: pytest.approx(ours[ids.index(b)]) for b in may} == plain
            ranked = sorted((b for b in may if plain[b] > 0), key=lambda b: (-round(plain[b], 12), b))
            tops[name].append(len(set(ranked[:10]) & met) / 10)
        assert rivals["popularity"](q)[[ids.index(b) for b in may]].tolist() == [degree[b] for b in may]
    run = evaluate(graph, CUT, queries=10_000)
    assert run.queries == run.eligible == len(found.eligible)
    for score in run.scores:
        if score.name in tops:
            assert score.all["p10"].mean == pytest.approx(np.mean(tops[score.name]))


def test_nothing_of_what_came_after_the_cut_is_known_to_a_score() -> None:
    graph = consortia()
    start = graph.nodes.set_index("id")["valid_from"]
    early = graph.edges[graph.edges["target"].map(start) < CUT]
    later = graph.edges[graph.edges["target"].map(start) >= CUT]
    stranger = later.assign(target=later["target"].sample(frac=1, random_state=3).to_numpy())
    future = graph.nodes["valid_from"] >= CUT
    # what the projects to come are about, and when they end, is not known either
    nodes = graph.nodes.assign(
        programme=graph.nodes["programme"].where(~future, "P0"), valid_to=graph.nodes["valid_to"].where(~future, "2031")
    )
    other = Graph.from_edges(pd.concat([early, stranger]), nodes)
    one, two = (cut_at(g, CUT, 12, 4.0) for g in (graph, other))
    everybody = np.ones(len(graph), bool)
    for name, score in scores(one, everybody, 0).items():
        same = scores(two, everybody, 0)[name]
        for q in range(0, len(graph), 7):
            assert score(q).tolist() == same(q).tolist()
    assert (one.new != two.new).nnz > 0


def test_when_a_tie_begins() -> None:
    graph = drawn("ann-p1 ben-p1 ann-p2 ann-ben ben-cy cy>n1", valid_from={"p1": "2018-10"}, valid_to={"p2": "2019"})
    dates = graph.edges.assign(
        valid_from=["", "2019-05-01", "", "2017", "..", ""], valid_to=["", "", "2020", "", "", ""]
    )
    assert begins(Graph.from_edges(dates, graph.nodes)).tolist() == [20181031, 20190501, 20201231, 20171231, 0, 0]


def test_what_is_undated_counts_as_known_before_and_is_counted() -> None:
    graph = consortia()
    tie = {"source": "baa", "target": "bab", "kind": "PARTNER_OF", "weight": 1.0, "confidence": 3}
    undated = Graph.from_edges(pd.concat([graph.edges, pd.DataFrame([tie])]), graph.nodes)
    plain, more = evaluate(graph, CUT), evaluate(undated, CUT)
    assert (plain.undated, more.undated) == (0, 1)
    assert more.pairs - plain.pairs in (0, 1)


def test_without_hubs_no_hub_is_named_and_none_counts() -> None:
    graph = consortia()
    found = cut_at(graph, CUT, 12, 4.0)
    hub = int(np.flatnonzero(found.hub)[0])
    assert found.ties.partners[hub] == found.ties.partners[found.there].max()
    run = evaluate(graph, CUT)
    assert run.hubs == found.hub.sum()
    [ours] = [score for score in run.scores if score.name == "ours"]
    assert ours.all["p10"].mean != ours.without_hubs["p10"].mean


def test_the_same_seed_draws_the_same_and_another_another() -> None:
    graph = consortia()
    first, again, other = (plain_of(graph, seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def plain_of(graph: Graph, seed: int) -> object:
    run = evaluate(graph, CUT, queries=12, seed=seed)
    untimed = replace(
        run, seconds=0.0, prepare_seconds=0.0, peak_mb=0.0, scores=tuple(replace(s, milliseconds=0) for s in run.scores)
    )
    return repr(asdict(untimed))


def test_the_order_of_the_rows_changes_no_figure() -> None:
    graph = consortia()
    dice = np.random.default_rng(5)
    mixed = Graph.from_edges(
        graph.edges.iloc[dice.permutation(len(graph.edges))], graph.nodes.iloc[dice.permutation(len(graph))]
    )
    one, two = ({s.name: s.all["p10"].mean for s in evaluate(g, CUT).scores} for g in (graph, mixed))
    assert one == pytest.approx(two)


def test_measures_by_hand() -> None:
    met = np.arange(100, 160)
    ranked = np.array([1, 2, 100, 101, *range(3, 60)])
    assert measured(ranked, met) == (0.2, 1.0, 2 / 50, 1 / 3)
    p10, hit10, recall, mrr = measured(np.array([], int), np.array([], int))
    assert (p10, hit10, mrr) == (0.0, 0.0, 0.0)
    assert isnan(recall)


def test_the_interval_of_a_difference_is_that_of_paired_draws() -> None:
    dice = np.random.default_rng(0)
    base = dice.random(400)
    better = base + 0.1 + 0.01 * dice.standard_normal(400)
    ours, theirs = resampled(np.c_[better, base], 1000, 0).T
    found = compared(better, ours, base, theirs)
    # the two move together, so their difference is known far better than either
    assert found.difference == pytest.approx(0.1, abs=0.002)
    assert found.difference_high - found.difference_low < 0.003 < found.high - found.low
    assert found.gain == pytest.approx(found.difference / base.mean())
    assert isnan(compared(base, theirs, base, theirs).gain)


def test_the_interval_of_a_gain_is_that_of_the_ratio_and_not_of_the_difference() -> None:
    dice = np.random.default_rng(1)
    base = (dice.random(300) < 0.1).astype(float)
    ours, theirs = resampled(np.c_[3 * base, base], 1000, 0).T
    found = compared(3 * base, ours, base, theirs)
    assert (found.gain_low, found.gain_high) == (pytest.approx(2), pytest.approx(2))
    assert found.difference_high - found.difference_low > 0.05
    nothing = np.zeros(300)
    assert isnan(compared(base, theirs, nothing, nothing[:1].repeat(1000)).gain_low)


def test_bootstrap_means_leave_out_what_is_not_defined_and_are_drawn_in_blocks() -> None:
    values = np.array([[1.0, np.nan], [3.0, 4.0]])
    means = resampled(values, 120, 0)
    assert set(means[:, 0]) == {1.0, 2.0, 3.0}
    assert set(means[:, 1]) <= {0.0, 4.0}
    assert means.shape == (120, 2)
    assert (means[:60] == resampled(values, 60, 0)).all()


def test_a_month_later_is_a_day_of_the_calendar() -> None:
    assert months_later("2018-08-31", 6) == "2019-02-28"
    assert evaluate(consortia(), "2018-08-31", months=6).until == "2019-02-28"


def test_exposure_adds_up_and_names_each_group() -> None:
    run = evaluate(consortia(), CUT)
    for by in ("size", "sector"):
        rows = [row for row in run.exposure if row.by == by]
        assert sum(row.organisations for row in rows) == run.organisations
        assert sum(row.share for row in rows) == pytest.approx(1)
        assert sum(row.exposure for row in rows) == pytest.approx(1)
        assert all(row.ratio == pytest.approx(row.exposure / row.share) for row in rows)
    assert {row.group for row in run.exposure if row.by == "sector"} == {"university", "company"}
    assert {row.by for row in run.exposure} == {"size", "sector"}


@pytest.mark.parametrize("lang", ["it", "en"])
def test_the_text_shows_every_score_twice_and_says_when_they_are_few(lang: str) -> None:
    text = told_evaluation(evaluate(consortia(), CUT), lang)
    assert text.count("\nAdamic-Adar ") == 2
    assert bool(re.search(r"\d\.\d", text)) == (lang == "en")
    assert bool(re.search(r"\d,\d", text)) == (lang == "it")
    assert not re.search(r"\bnod[oi]\b|\bgraf|central", text)
    assert ("Sono poche" if lang == "it" else "They are few") in text
    assert "{" not in text


def test_wrong_questions_are_answered_with_words() -> None:
    graph = consortia()
    with pytest.raises(Unusable, match="no day to cut at"):
        evaluate(graph, "2018-13")
    with pytest.raises(Unusable, match="is written 2018"):
        evaluate(graph, "..")
    with pytest.raises(Conflict, match="nothing to foresee"):
        evaluate(graph, "2031")
    with pytest.raises(Conflict, match="Nobody can be asked"):
        evaluate(drawn("ann-p1 ben-p1", valid_from={"p1": "2019-03"}), "2018-10")
    with pytest.raises(Unusable, match="At least 1 query"):
        evaluate(graph, CUT, queries=0)


@pytest.fixture(scope="module")
def horizon(shared: Path) -> Graph:
    return cordis(shared / "cordis-h2020")


def test_on_real_consortia_the_score_foresees_better_than_its_rivals(horizon: Graph) -> None:
    run = evaluate(horizon, CUT, queries=400)
    assert (run.organisations, run.pairs, run.eligible, run.undated) == (26357, 496214, 2703, 0)
    found = {score.name: score for score in run.scores}
    for part in ("all", "without_hubs"):
        measures = {name: getattr(score, part) for name, score in found.items()}
        for key in ("p10", "recall50"):
            assert max(measures, key=lambda name: measures[name][key].mean) == "ours"
        assert measures["ours"]["p10"].difference_low > 0
        assert measures["random"]["p10"].mean < 0.01


def test_the_store_gives_the_same_figures_on_a_sample_of_real_consortia(horizon: Graph, tmp_path: Path) -> None:
    part = horizon.edges[horizon.edges["target"] == "tSC7"]["source"]
    works_on = horizon.edges["kind"] == "WORKS_ON"
    edges = horizon.edges[horizon.edges["target"].isin(part) | (works_on & horizon.edges["source"].isin(part))]
    nodes = horizon.nodes[horizon.nodes["id"].isin({*edges["source"], *edges["target"]})]
    direct = evaluate(Graph.from_edges(edges, nodes), "2018-01-01", months=18)
    stored = evaluate(through_files(nodes, edges, tmp_path), "2018-01-01", months=18)
    assert direct.queries > 20
    assert (direct.pairs, direct.eligible, direct.hubs) == (stored.pairs, stored.eligible, stored.hubs)
    for one, two in zip(direct.scores, stored.scores, strict=True):
        assert one.all["p10"].mean == pytest.approx(two.all["p10"].mean)
        assert one.without_hubs["mrr"].mean == pytest.approx(two.without_hubs["mrr"].mean)


def through_files(nodes: pd.DataFrame, edges: pd.DataFrame, folder: Path) -> Graph:
    """The same as a delivery of CSV files, read and checked and made statements, as an import does."""
    bodies, projects, topics = (nodes[nodes["kind"] == kind] for kind in ("Stakeholder", "Project", "Topic"))
    bodies[["id", "name", "sector", "country"]].rename(columns={"sector": "kind"}).to_csv(
        folder / "organisations.csv", index=False
    )
    projects[["id", "name", "valid_from", "valid_to"]].rename(
        columns={"valid_from": "start", "valid_to": "end"}
    ).to_csv(folder / "projects.csv", index=False)
    topics[["id", "name"]].to_csv(folder / "topics.csv", index=False)
    ties = edges.rename(
        columns={"source": "source_id", "kind": "relation", "target": "target_id", "amount": "amount_eur"}
    )
    ties[["source_id", "relation", "target_id", "amount_eur"]].to_csv(folder / "ties.csv", index=False)
    batch = read(folder)
    assert batch.problems == []
    moment = pd.Timestamp("2026-01-01", tz="UTC").to_pydatetime()
    rows = [{**row_of(statement), "changes": [1]} for statement, _ in said_all(batch)[0]]
    return graph_of(table_of(rows, [Import(1, moment)]))
