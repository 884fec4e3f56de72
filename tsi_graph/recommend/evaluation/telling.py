"""An evaluation as a text of two tables: how well each score foresees, and who gets to be seen."""

from __future__ import annotations

from math import isfinite

from tsi_graph.language import Words, filled, marked
from tsi_graph.recommend.evaluation.evaluate import Evaluation
from tsi_graph.recommend.evaluation.measures import Measure
from tsi_graph.recommend.evaluation.rivals import BASELINE, OURS

WORDS: dict[str, Words] = {
    OURS: ("il nostro", "ours"),
    "random": ("a caso", "random"),
    "popularity": ("popolarità", "popularity"),
    "common_neighbours": ("partner in comune", "common neighbours"),
    BASELINE: ("Adamic-Adar", "Adamic-Adar"),
    "resource_allocation": ("allocazione di risorse", "resource allocation"),
    "head": (
        "Taglio al {cut}, nuovi partner fino al {until}: {queries} organizzazioni chieste su {eligible}, seme {seed}, "
        "in media {new} nuovi partner ciascuna.",
        "Cut at {cut}, new partners until {until}: {queries} organisations asked of {eligible}, seed {seed}, "
        "{new} new partners each on average.",
    ),
    "known": (
        "{organisations} organizzazioni, {pairs} coppie già partner, {hubs} fra le più collegate (da {hub_partners} "
        "partner in su); legami senza data: {undated}.",
        "{organisations} organisations, {pairs} pairs already partners, {hubs} hubs (from {hub_partners} "
        "partners on); ties without a date: {undated}.",
    ),
    "few": (
        "Sono poche: le differenze qui sotto dicono quasi nulla.",
        "They are few: the differences below say next to nothing.",
    ),
    "all": ("tutte", "all"),
    "without": ("senza le più collegate", "without hubs"),
    "ms": ("ms per domanda", "ms a query"),
    "gain": (
        "In parentesi la differenza da Adamic-Adar con l'intervallo al 95 % (bootstrap per organizzazione\n"
        "chiesta; un solo progetto grande tocca molte di loro, perciò gli intervalli veri sono più larghi).",
        "In brackets the difference to Adamic-Adar with its 95 % interval (bootstrap by organisation asked;\n"
        "one large project falls on many of them, so true intervals are wider).",
    ),
    "equity": (
        "Chi viene mostrato fra i primi dieci, rispetto alla sua quota di organizzazioni",
        "Who is shown among the first ten, against its share of organisations",
    ),
    "cost": (
        "Tempo di calcolo {seconds} s, di cui {prepare} per preparare; memoria massima {memory} MB.",
        "Processor time {seconds} s, {prepare} of them to prepare; most memory held {memory} MB.",
    ),
    "group": ("gruppo", "group"),
    "organisations": ("organizzazioni", "organisations"),
    "share": ("quota", "share"),
    "exposure": ("fra i primi 10", "in the first 10"),
    "ratio": ("rapporto", "ratio"),
    "size": ("progetti", "projects"),
    "sector": ("settore", "sector"),
    "country": ("paese", "country"),
    "city": ("città", "city"),
    "others": ("altri", "others"),
    "not documented": ("non documentato", "not documented"),
}
SHOWN = {"p10": "P@10", "hit10": "hit@10", "recall50": "recall@50", "mrr": "MRR"}
FEW = 100
"""Below so many queries, differences between scores are mostly chance."""


def told_evaluation(found: Evaluation, lang: str = "it") -> str:
    """What was asked, the table of scores, the table of exposure, and what it cost."""

    def say(key: str, **values: object) -> str:
        return filled(lang, WORDS[key], **{**vars(found), **values})

    cost = {"seconds": f"{found.seconds:.1f}", "prepare": f"{found.prepare_seconds:.1f}"}
    memory = f"{found.peak_mb:.0f}" if isfinite(found.peak_mb) else "?"
    lines = [say("head", new=marked(f"{found.new_partners:.1f}", lang)), say("known")]
    lines += [say("few")] if found.queries < FEW else []
    for hubs in (True, False):
        lines += ["", *aligned(score_rows(found, lang, hubs=hubs))]
    lines += ["", say("gain"), "", say("equity"), *aligned(equity_rows(found, lang)), ""]
    return "\n".join([*lines, say("cost", memory=memory, **{k: marked(v, lang) for k, v in cost.items()})])


def score_rows(found: Evaluation, lang: str, *, hubs: bool = True) -> list[list[str]]:
    """A row for each score with its four measures, over all or without hubs, and the time of a query."""
    rows = [[filled(lang, WORDS["all" if hubs else "without"]), *SHOWN.values(), filled(lang, WORDS["ms"])]]
    for score in found.scores:
        measures = score.all if hubs else score.without_hubs
        cells = [*(_cell(measures[key]) for key in SHOWN), f"{score.milliseconds:.2f}"]
        rows.append([filled(lang, WORDS[score.name]), *(marked(cell, lang) for cell in cells)])
    return rows


def equity_rows(found: Evaluation, lang: str) -> list[list[str]]:
    """A row for each group: how many, their share, their share of the places, ratio, and what Adamic-Adar gives."""
    head = ("group", "organisations", "share", "exposure", "ratio", BASELINE)
    rows = [[filled(lang, WORDS[key]) for key in head]]
    for one in found.exposure:
        group = filled(lang, WORDS[one.group]) if one.group in ("others", "not documented") else one.group
        shares = [f"{one.share:.1%}", f"{one.exposure:.1%}", f"{one.ratio:.2f}", f"{one.baseline:.1%}"]
        cells = [str(one.organisations), *(marked(cell, lang) for cell in shares)]
        rows.append([f"{filled(lang, WORDS[one.by])}: {group}", *cells])
    return rows


def _cell(measure: Measure) -> str:
    if not isfinite(measure.gain):
        return f"{measure.mean:.3f}"
    return f"{measure.mean:.3f} ({measure.gain:+.1%} [{measure.gain_low:+.1%}; {measure.gain_high:+.1%}])"


def aligned(rows: list[list[str]]) -> list[str]:
    """Rows of cells as lines, each column as wide as its widest cell.

    >>> aligned([["a", "bb"], ["ccc", "d"]])
    ['a    bb', 'ccc  d']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
