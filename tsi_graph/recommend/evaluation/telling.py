"""An evaluation as a text of two tables: how well each score foresees, and who gets to be seen."""

from __future__ import annotations

from math import isfinite

from tsi_graph.recommend.evaluation.evaluate import Evaluation
from tsi_graph.recommend.evaluation.measures import Measure
from tsi_graph.recommend.evaluation.rivals import BASELINE, OURS

NAMES = {
    "it": {
        OURS: "il nostro", "random": "a caso", "popularity": "popolarità", "common_neighbours": "partner in comune",
        BASELINE: "Adamic-Adar", "resource_allocation": "allocazione di risorse",
    },
    "en": {
        OURS: "ours", "random": "random", "popularity": "popularity", "common_neighbours": "common neighbours",
        BASELINE: "Adamic-Adar", "resource_allocation": "resource allocation",
    },
}  # fmt: skip
WORDS = {
    "it": {
        "head": "Taglio al {cut}, nuovi partner fino al {until}: {queries} organizzazioni chieste su {eligible}, seme "
        "{seed}, in media {new:.1f} nuovi partner ciascuna.",
        "known": "{organisations} organizzazioni, {pairs} coppie già partner, {hubs} nodi centrali (da {hub_partners} "
        "partner in su); legami senza data: {undated}.",
        "few": "Sono poche: le differenze qui sotto dicono quasi nulla.",
        "all": "tutti", "without": "senza nodi centrali", "ms": "ms per domanda",
        "gain": "In parentesi la differenza da Adamic-Adar con l'intervallo al 95 % (bootstrap per organizzazione\n"
        "chiesta; un solo progetto grande tocca molte di loro, perciò gli intervalli veri sono più larghi).",
        "equity": "Chi viene mostrato fra i primi dieci, rispetto alla sua quota di organizzazioni",
        "cost": "Tempo di calcolo {seconds:.1f} s, di cui {prepare:.1f} per preparare; memoria massima {memory} MB.",
    },
    "en": {
        "head": "Cut at {cut}, new partners until {until}: {queries} organisations asked of {eligible}, seed {seed}, "
        "{new:.1f} new partners each on average.",
        "known": "{organisations} organisations, {pairs} pairs already partners, {hubs} hubs (from {hub_partners} "
        "partners on); ties without a date: {undated}.",
        "few": "They are few: the differences below say next to nothing.",
        "all": "all", "without": "without hubs", "ms": "ms a query",
        "gain": "In brackets the difference to Adamic-Adar with its 95 % interval (bootstrap by organisation asked;\n"
        "one large project falls on many of them, so true intervals are wider).",
        "equity": "Who is shown among the first ten, against its share of organisations",
        "cost": "Processor time {seconds:.1f} s, {prepare:.1f} of them to prepare; most memory held {memory} MB.",
    },
}  # fmt: skip
GROUPS = {
    "it": {
        "size": "progetti", "sector": "settore", "country": "paese", "city": "città", "others": "altri",
        "not documented": "non documentato", "organisations": "organizzazioni", "share": "quota",
        "exposure": "fra i primi 10", "ratio": "rapporto", "group": "gruppo",
    },
    "en": {"size": "projects", "exposure": "in the first 10"},
}  # fmt: skip
SHOWN = {"p10": "P@10", "hit10": "hit@10", "recall50": "recall@50", "mrr": "MRR"}
FEW = 100
"""Below so many queries, differences between scores are mostly chance."""


def told_evaluation(found: Evaluation, lang: str = "it") -> str:
    """What was asked, the table of scores, the table of exposure, and what it cost."""
    words, values = WORDS[lang], {**vars(found), "new": found.new_partners, "prepare": found.prepare_seconds}
    memory = f"{found.peak_mb:.0f}" if isfinite(found.peak_mb) else "?"
    lines = [words["head"].format(**values), words["known"].format(**values)]
    lines += [words["few"]] if found.queries < FEW else []
    for hubs in (True, False):
        lines += ["", *aligned(score_rows(found, lang, hubs=hubs))]
    lines += ["", words["gain"], "", words["equity"], *aligned(equity_rows(found, lang)), ""]
    return "\n".join([*lines, words["cost"].format(**values, memory=memory)])


def score_rows(found: Evaluation, lang: str, *, hubs: bool = True) -> list[list[str]]:
    """A row for each score with its four measures, over all or without hubs, and the time of a query."""
    words = WORDS[lang]
    rows = [[words["all" if hubs else "without"], *SHOWN.values(), words["ms"]]]
    for score in found.scores:
        measures = score.all if hubs else score.without_hubs
        rows.append([NAMES[lang][score.name], *(_cell(measures[key]) for key in SHOWN), f"{score.milliseconds:.2f}"])
    return rows


def equity_rows(found: Evaluation, lang: str) -> list[list[str]]:
    """A row for each group: how many, their share, their share of the places, ratio, and what Adamic-Adar gives."""
    words = GROUPS[lang]
    head = [words.get(key, key) for key in ("group", "organisations", "share", "exposure", "ratio")]
    rows = [[*head, "Adamic-Adar"]]
    for one in found.exposure:
        group = f"{words.get(one.by, one.by)}: {words.get(one.group, one.group)}"
        numbers = [str(one.organisations), f"{one.share:.1%}", f"{one.exposure:.1%}", f"{one.ratio:.2f}"]
        rows.append([group, *numbers, f"{one.baseline:.1%}"])
    return rows


def _cell(measure: Measure) -> str:
    if not isfinite(measure.gain):
        return f"{measure.mean:.3f}"
    return f"{measure.mean:.3f} ({measure.gain:+.1%} [{measure.gain_low:+.1%}, {measure.gain_high:+.1%}])"


def aligned(rows: list[list[str]]) -> list[str]:
    """Rows of cells as lines, each column as wide as its widest cell.

    >>> aligned([["a", "bb"], ["ccc", "d"]])
    ['a    bb', 'ccc  d']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
