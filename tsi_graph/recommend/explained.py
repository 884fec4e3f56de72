"""The score taken apart: what each common partner and the likeness of topics bring, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tsi_graph.language import figures
from tsi_graph.recommend.case import Case
from tsi_graph.recommend.columns import row, values
from tsi_graph.recommend.relevance import lift
from tsi_graph.recommend.sentences import say

NAMED = 3
"""How many common partners are named one by one."""


@dataclass(frozen=True)
class Part:
    """A part of a score: the sum of those called `partner` and `partners`, times the one called `topics`, is it all."""

    name: str
    value: float
    sentence: str


def parts(case: Case, candidate: int, alike: float) -> tuple[Part, ...]:
    """What the score of a candidate is made of, the largest first; one part of 0 where no partner is in common."""
    names = {"a": case.a, "b": case.name(candidate)}
    through = list(_through(case, candidate, names))
    if not through:
        return (Part("partners", 0.0, say(case.lang, "part_none", **names)),)
    factor = float(lift(np.array(alike)))
    values = {"x": figures(alike, case.lang), "value": figures(factor, case.lang)}
    topics = say(case.lang, "part_alike" if round(alike, 12) > 0 else "part_unlike", **names, **values)
    return (*through, Part("topics", factor, topics))


def _through(case: Case, candidate: int, names: dict[str, str]) -> Iterator[Part]:
    matrix = case.ties.welcomes if case.project[candidate] else case.ties.weight
    near = row(matrix, candidate)
    common = case.share[near] > 0
    between, onwards = near[common], values(matrix, candidate)[common]
    each = case.share[between] * onwards
    ranked = np.lexsort((case.order[between], -each.round(12)))
    # one who stands alone is named like the others
    named = ranked if len(ranked) == NAMED + 1 else ranked[:NAMED]
    for k in named.tolist():
        z = int(between[k])
        told = {
            "x": figures(float(case.bond[z]), case.lang),
            "y": figures(float(onwards[k]), case.lang),
            "value": figures(float(each[k]), case.lang),
        }
        sentence = say(case.lang, "part_partner", z=case.name(z), n=int(case.ties.partners[z]), **told, **names)
        yield Part("partner", float(each[k]), sentence)
    rest = ranked[len(named) :]
    if len(rest):
        value = float(each[rest].sum())
        told = {"n": str(len(rest)), "value": figures(value, case.lang)}
        yield Part("partners", value, say(case.lang, "part_others", **told))
