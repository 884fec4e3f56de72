"""A proposal of a person, filled in with what the data say: through whom, and why."""

from __future__ import annotations

from collections.abc import Sequence

from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph
from tsi_graph.model import is_a
from tsi_graph.recommend.columns import of_nodes
from tsi_graph.recommend.ledger.present import willing
from tsi_graph.recommend.ledger.reading import Considered
from tsi_graph.recommend.ledger.writing import Proposal
from tsi_graph.recommend.relevance import relevance
from tsi_graph.recommend.rules import closed, house, proposable
from tsi_graph.recommend.score import Recommendation, ask, told
from tsi_graph.recommend.steps import told_step
from tsi_graph.recommend.ties import prepare

ASKS = ("Stakeholder", "Network", "Fund")
"""Who can be introduced to somebody."""


def proposal(
    graph: Graph,
    ledger: Considered,
    source: str,
    target: str,
    *,
    through: Sequence[str] | None = None,
    objective: str = "",
    reasons: Sequence[str] | None = None,
    lang: str = "it",
) -> Proposal:
    """The introduction of two bodies, as it is to be recorded.

    What is not given is what `recommend_now` says of the target, where the rules let it be proposed to the source:
    reasons, and willing introducers with the ties of their route. Reasons of one's own leave the route in
    place, introducers of one's own do not. Raises Unusable where one of them has closed, or where one is to be
    introduced to its own house.
    """
    _sensible(graph, source, target, through or ())
    found = _recommended(graph, ledger, source, target, lang) if through is None or reasons is None else None
    way = tuple(found.introducers) if found else ()
    if ledger.not_introducers & {*way}:
        way = ()  # the alliance is named also where no documented way leads through it
    own_way = through is not None and tuple(through) != way
    return Proposal(
        source,
        target,
        through=tuple(through) if through is not None else way,
        objective=objective,
        reasons=tuple(reasons) if reasons is not None else found.reasons if found else (),
        route=tuple(map(told_step, found.path)) if found and not own_way else (),
    )


def _sensible(graph: Graph, source: str, target: str, through: Sequence[str]) -> None:
    """Refuse what no person can mean. Ids that the graph does not know are for `propose` to refuse."""
    ended = closed(graph, prepare(graph))
    named = [one for one in (source, target, *through) if one in graph.ids]
    gone = [one for one in named if ended[graph.position(one)]]
    if gone:
        raise Unusable(
            f"{', '.join(gone)}: by what is documented it has closed or is over; correct its end if not.",
            f"{', '.join(gone)}: dai dati risulta chiusa o conclusa; se non è così, correggete la data di fine.",
        )
    if {source, target} <= {*named} and house(graph, graph.position(source))[graph.position(target)]:
        raise Unusable(
            f"{source} and {target} belong to one house; they need no introduction.",
            f"{source} e {target} sono della stessa casa: non serve presentarle.",
        )


def asked_for(kind: str) -> str | None:
    """What one asks `recommend` for to be led to a node of a kind; None for what nobody is introduced to."""
    return next((name.lower() for name in ("Network", "Fund", "Stakeholder", "Project") if is_a(kind, name)), None)


def _recommended(
    graph: Graph, ledger: Considered, source: str, target: str, lang: str
) -> Recommendation | None:  # fmt: skip
    """What is to be said of this one pair, None where the rules do not let it be proposed."""
    kinds = dict(zip(graph.nodes["id"], of_nodes(graph, "kind"), strict=True))
    to = asked_for(kinds.get(target, ""))
    if to is None or not any(is_a(kinds.get(source, ""), kind) for kind in ASKS):
        return None
    asked = ask(graph, source, lang, **willing(ledger))
    if asked is None:
        return None
    case, candidate = asked.case, graph.position(target)
    if not proposable(graph, case.ties, case.node, to, ())[candidate]:
        return None
    score, likeness = relevance(case.ties, case.node, case.usable, projects=to == "project")
    return told(asked, candidate, float(score[candidate].round(12)), float(likeness[candidate].round(12)))
