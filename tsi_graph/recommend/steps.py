"""The ties of a chain in words: what joins two bodies, since when, and who says so."""

from __future__ import annotations

from itertools import pairwise

from tsi_graph.language import LANGS
from tsi_graph.model import EDGE_KINDS
from tsi_graph.recommend.case import Case
from tsi_graph.recommend.columns import ids, is_kind, of_edges
from tsi_graph.recommend.path import Step
from tsi_graph.recommend.sentences import say


def steps_of(case: Case, chain: tuple[int, ...], strengths: list[float]) -> tuple[Step, ...]:
    """The ties of a chain, each told by its strongest evidence."""
    return tuple(_step(case, a, b, s) for (a, b), s in zip(pairwise(chain), strengths, strict=True))


def told_step(step: Step) -> str:
    """One tie of a route with its source, as the ledger keeps it."""
    return f"{step.how} [{step.origin}]" if step.origin else step.how


def _step(case: Case, a: int, b: int, strength: float) -> Step:
    found = case.evidence(a, b)
    at = ids(case.graph)
    kind, how = "", ""
    if found.edge is not None:
        kind, how = str(of_edges(case.graph, "kind")[found.edge]), _stated(case, found.edge, a, b)
    elif found.event is not None:
        how = _together(case, found.event, found.year)
    return Step(
        source=str(at[a]), source_name=case.name(a), target=str(at[b]), target_name=case.name(b),
        kind=kind, how=how, origin=found.origin, confidence=found.confidence, strength=strength, year=found.year,
    )  # fmt: skip


def _stated(case: Case, edge: int, a: int, b: int) -> str:
    kind = str(of_edges(case.graph, "kind")[edge])
    known = EDGE_KINDS.get(kind)
    i, j = (a, b) if known and known.mutual else (int(end[edge]) for end in case.graph.ends)
    reads = known.reads[LANGS.index(case.lang)] if known else "–"
    return f"{case.name(i)} {reads} {case.name(j)}"


def _together(case: Case, event: int, year: int | None) -> str:
    name = case.name(event)
    if is_kind(case.graph, "Network")[event]:
        return say(case.lang, "both_members", event=name)
    if is_kind(case.graph, "Fund")[event]:
        return say(case.lang, "both_fund", event=name)
    key = "together" if year is None else "together_year"
    return say(case.lang, key, event=name, n=int(case.ties.size[event]), year=year)
