"""A proposal of a person, filled in with what the data say: through whom, and why."""

from __future__ import annotations

from collections.abc import Sequence

from tsi_graph.graph import Graph
from tsi_graph.model import is_a
from tsi_graph.recommend.ledger.writing import Proposal
from tsi_graph.recommend.path import Step
from tsi_graph.recommend.score import Recommendation, recommend

BODIES = ("Stakeholder", "Network", "Fund")


def proposal(
    graph: Graph,
    source: str,
    target: str,
    *,
    through: Sequence[str] | None = None,
    objective: str = "",
    reasons: Sequence[str] | None = None,
    lang: str = "it",
) -> Proposal:
    """The introduction of two bodies, as it is to be recorded.

    What is not given comes from `recommend`, where it proposes the target to the source: reasons, and
    the introducers with the ties of their route. Reasons of one's own leave the route in place, introducers
    of one's own do not.
    """
    found = _recommended(graph, source, target, lang) if through is None or reasons is None else None
    own_way = through is not None and tuple(through) != (found.introducers if found else ())
    return Proposal(
        source,
        target,
        through=tuple(through) if through is not None else found.introducers if found else (),
        objective=objective,
        reasons=tuple(reasons) if reasons is not None else found.reasons if found else (),
        route=tuple(map(_told, found.path)) if found and not own_way else (),
    )


def _recommended(graph: Graph, source: str, target: str, lang: str) -> Recommendation | None:
    """What `recommend` says of this one pair, None where it does not propose it."""
    kinds = dict(zip(graph.nodes["id"], graph.nodes["kind"], strict=True))
    if not all(end in kinds and any(is_a(kinds[end], body) for body in BODIES) for end in (source, target)):
        return None
    to = next((kind for kind in ("Network", "Fund") if is_a(kinds[target], kind)), "Stakeholder").lower()
    answers = recommend(graph, source, to=to, limit=len(graph), lang=lang)
    return next((one for one in answers if one.id == target), None)


def _told(step: Step) -> str:
    return f"{step.how} [{step.origin}]" if step.origin else step.how
