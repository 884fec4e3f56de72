"""How good the proposals are, measured: hide what came after a day, rank, and count who was foreseen."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from tsi_graph.errors import Conflict, Unusable
from tsi_graph.graph import Graph
from tsi_graph.recommend.columns import by_id, row
from tsi_graph.recommend.constants import HALF_LIFE
from tsi_graph.recommend.evaluation.cuts import LEAST, Cut, cut_at, unmet
from tsi_graph.recommend.evaluation.exposure import Exposure, exposures
from tsi_graph.recommend.evaluation.measures import DEPTH, MEASURES, Measure, compared, measured, resampled
from tsi_graph.recommend.evaluation.rivals import BASELINE, OURS, Score, scores
from tsi_graph.recommend.ranking import top
from tsi_graph.recommend.rules import introducers

RESAMPLES = 2000


@dataclass(frozen=True)
class Scored:
    """What one score reaches: each measure over all, and with the hubs left out as candidates and as hits.

    milliseconds: processor time for one query, ranking included.
    """

    name: str
    all: dict[str, Measure]
    without_hubs: dict[str, Measure]
    milliseconds: float


@dataclass(frozen=True)
class Evaluation:
    """One run: what was asked, what each score reached, who was shown, and what it cost.

    organisations could be named, pairs of them had met before the cut, hubs are those with hub_partners or
    more partners (the top 1 % of those that have any). queries were drawn from eligible, with on average
    new_partners each. undated ties count as known before the cut. seconds: processor time of all;
    prepare_seconds: of cutting and weighing ties. peak_mb: the most memory that the process ever held,
    nan where the system does not say.
    """

    cut: str
    until: str
    months: int
    seed: int
    half_life: float
    organisations: int
    pairs: int
    hubs: int
    hub_partners: int
    eligible: int
    queries: int
    new_partners: float
    undated: int
    scores: tuple[Scored, ...]
    exposure: tuple[Exposure, ...]
    prepare_seconds: float
    seconds: float
    peak_mb: float


def evaluate(
    graph: Graph,
    cut: str,
    *,
    queries: int = 1500,
    seed: int = 0,
    months: int = 12,
    half_life: float = HALF_LIFE,
) -> Evaluation:
    """How well each score foresees who meets in the months after a day, from what was documented before it.

    Asked are at most `queries` organisations, a seeded sample of those with enough to go by (LEAST: things
    they take part in, partners, new partners). For each the organisations that are no partners yet are
    ranked. What one large project brings together falls on many queries at once, so true intervals are
    wider than those drawn here. Raises Conflict where nobody can be asked.
    """
    if queries < 1 or months < 1:
        raise Unusable(f"At least 1 query over at least 1 month, not {queries} over {months}.")
    started = time.process_time()
    found = cut_at(graph, cut, months, half_life)
    if not len(found.eligible):
        raise Conflict(
            f"Nobody can be asked about: no organisation has {LEAST[0]} things it takes part in and {LEAST[1]} "
            f"partners before {found.day}, and {LEAST[2]} new partners by {found.until}."
        )
    usable, _ = introducers(found.before)
    prepared = time.process_time()
    asked = np.sort(np.random.default_rng(seed).permutation(len(found.eligible))[:queries])
    runs = {name: _run(found, score, found.eligible[asked]) for name, score in scores(found, usable, seed).items()}
    means = {name: resampled(run.values, RESAMPLES, seed) for name, run in runs.items()}
    partners = found.ties.partners[found.hub]
    return Evaluation(
        cut=found.day, until=found.until, months=months, seed=seed, half_life=half_life,
        organisations=int(found.there.sum()), pairs=_pairs(found), hubs=int(found.hub.sum()),
        hub_partners=int(partners.min()) if len(partners) else 0,
        eligible=len(found.eligible), queries=len(asked),
        new_partners=float(np.diff(found.new.indptr)[found.eligible[asked]].mean()), undated=found.undated,
        scores=tuple(_scored(name, runs, means) for name in runs),
        exposure=tuple(exposures(found, runs[OURS].tops, runs[BASELINE].tops)),
        prepare_seconds=prepared - started, seconds=time.process_time() - started, peak_mb=peak_memory(),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Run:
    """Of one score: MEASURES by query over all and without hubs, the first ten of each query, and the time taken."""

    values: np.ndarray
    tops: list[np.ndarray]
    seconds: float


def _run(cut: Cut, score: Score, asked: np.ndarray) -> _Run:
    order, values, tops, spent = by_id(cut.before), [], [], 0.0
    for q in asked.tolist():
        may, met = unmet(cut, q), row(cut.new, q)
        started = time.process_time()
        worth = score(q)
        ranked = top(worth, may, DEPTH, order)
        spent += time.process_time() - started
        small = top(worth, may & ~cut.hub, DEPTH, order)
        values.append((*measured(ranked, met), *measured(small, met[~cut.hub[met]])))
        tops.append(ranked[:10])
    return _Run(np.array(values), tops, spent)


def _scored(name: str, runs: dict[str, _Run], means: dict[str, np.ndarray]) -> Scored:
    k, run = len(MEASURES), runs[name]
    own, base = list(run.values.T), list(runs[BASELINE].values.T)
    base = own if name == BASELINE else base
    columns = zip(own, means[name].T, base, means[BASELINE].T, strict=True)
    told = [compared(*column) for column in columns]
    return Scored(
        name, dict(zip(MEASURES, told[:k], strict=True)), dict(zip(MEASURES, told[k:], strict=True)),
        1000 * run.seconds / len(run.values),
    )  # fmt: skip


def _pairs(cut: Cut) -> int:
    pairs = cut.ties.weight.tocoo()
    return int((cut.there[pairs.row] & cut.there[pairs.col]).sum()) // 2


def peak_memory() -> float:
    """The most memory that this process ever held, in MB; nan where the system does not say."""
    try:
        import resource
    except ImportError:
        return float("nan")
    import sys

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)
