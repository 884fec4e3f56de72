"""Ties that nobody has documented, but that shared contacts suggest."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from tsi_graph import kernels
from tsi_graph.analysis.base import Metric
from tsi_graph.errors import NotFound
from tsi_graph.graph import Graph
from tsi_graph.model import NODE_KINDS


def _one_by_log(degrees: np.ndarray) -> np.ndarray:
    return np.where(degrees > 1, 1 / np.log(np.maximum(degrees, 2)), 0)


# What a shared contact with k contacts of its own counts.
SHARED: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "adamic_adar": _one_by_log,
    "resource_allocation": lambda degrees: 1 / np.maximum(degrees, 1),
    "shared_contacts": lambda degrees: np.ones(len(degrees)),
}
SCORES = (*SHARED, "walk")


def likely_ties(graph: Graph, node: str | None = None, limit: int = 10, by: str = "adamic_adar") -> pd.DataFrame:
    """Pairs without a documented tie that score highest: columns source, target, score; a row a pair.

    Of one node, or of the whole network, where each pair stands once (twice by the walk, which has a
    start). `by` is how shared contacts count:
    `adamic_adar` (1 / ln k for a contact that has k: Adamic & Adar 2003), `resource_allocation` (1 / k:
    Zhou, Lü & Zhang 2009), `shared_contacts` (1), or `walk`, how often a walker who starts at the source
    and returns there 15 % of the time meets the target (personalised PageRank, at most 1e-6 times its
    strength in ties of mean weight too low). Direction is ignored, weights too but by the walk, for which
    their unit does not count. Equal scores in node order. An isolate has none. Raises NotFound for an unknown
    node or score. Costs the two-paths of the nodes asked about; the walk some million ties for each.

    >>> from tsi_graph import samples
    >>> likely_ties(samples.kite(), "Heather", limit=2).round(3).to_numpy().tolist()
    [['Heather', 'Jane', 1.443], ['Heather', 'Diane', 1.243]]
    """
    if by not in SCORES:
        raise NotFound(f"No way {by!r} to score a pair. Known: {', '.join(SCORES)}")
    asked = None if node is None else np.array([graph.position(node)])
    ties = graph.contacts
    if by == "walk":
        found = kernels.walk(ties, kernels.strength(ties), asked, limit=limit)
    else:
        found = kernels.shared_contacts(ties, SHARED[by](ties.degrees), asked, limit)
    return _pairs(graph, asked, found, limit, mutual=by != "walk")


def likely_events(graph: Graph, node: str | None = None, kind: str = "Project", limit: int = 10) -> pd.DataFrame:
    """Projects (or another kind) in which an organisation has no part, but those that share its projects have.

    Columns source, target, score; the highest of one organisation or of all. What a project is worth is
    passed on member, project, member, project, shared out equally at each step (Zhou, Ren, Medo & Zhang
    2007, Physical Review E 76:046115). Equal scores in node order. Raises NotFound for an unknown node or kind.
    """
    if kind not in NODE_KINDS:
        raise NotFound(f"No kind {kind!r}. Known: {', '.join(NODE_KINDS)}")
    ours, events = graph.kinds_of("Stakeholder"), graph.kinds_of(kind)
    i, j = graph.ends
    takes, hosts = ours[i] & events[j], events[i] & ours[j]
    seats = np.r_[i[takes], j[hosts]], np.r_[j[takes], i[hosts]]
    events_of = kernels.build(len(graph), *seats, symmetric=False, columns=len(graph))
    asked = None if node is None else np.array([graph.position(node)])
    found = kernels.spread(events_of, kernels.transpose(events_of), asked, limit)
    return _pairs(graph, asked, found, limit, mutual=False)


def _pairs(graph: Graph, asked: np.ndarray | None, found: kernels.Top, limit: int, *, mutual: bool) -> pd.DataFrame:
    source = np.repeat(np.arange(len(graph)) if asked is None else asked, limit)
    target, score = found.ids.ravel().astype(np.int64), found.scores.ravel()
    best = np.lexsort((target, source, -score))
    best = best[target[best] >= 0]
    if mutual:
        pair = np.minimum(source, target)[best] * len(graph) + np.maximum(source, target)[best]
        best = best[np.sort(np.unique(pair, return_index=True)[1])]
    best, ids = best[:limit], graph.nodes["id"].to_numpy()
    return pd.DataFrame({"source": ids[source[best]], "target": ids[target[best]], "score": score[best]})


NETWORK_METRICS = {
    "likely_ties": Metric(
        function=likely_ties,
        meaning="Organisations that share contacts but no documented tie.",
        meaning_it="Organizzazioni che hanno contatti in comune ma nessun legame documentato.",
        definition="Sum over shared contacts z of 1 / ln k_z (adamic_adar), 1 / k_z (resource_allocation) or 1 "
        "(shared_contacts); or the visits of a walker who returns to the source 15 % of the time (walk).",
        convention="Direction ignored, weights too but by the walk (personalised PageRank; each score is at most 1e-6 "
        "times the target's strength, in ties of mean weight, below the exact one, so that the unit of the weights "
        "does not count). That no tie is documented does not mean that there is none. Isolates have none.",
        cost="The ways of two steps of the nodes asked about; the walk, for each, ties that weigh up to 1 / (1e-6 * "
        "0.15) = 6.7 million times the mean.",
        cite="Adamic & Adar 2003, Social Networks 25:211-230; Zhou, Lü & Zhang 2009, European Physical Journal B "
        "71:623-630; "
        "Andersen, Chung & Lang 2006, FOCS 475-486",
        oracle="networkx, 1e-9; the kite's 2 / ln 5.",
        options=("node", "by", "limit"),
    ),
    "likely_events": Metric(
        function=likely_events,
        meaning="Projects that organisations with shared projects take part in, and this one does not.",
        meaning_it="Progetti a cui partecipano organizzazioni con progetti in comune, e questa no.",
        definition="What a project is worth, passed on member, project, member, project, shared out equally at each "
        "step.",
        convention="Two-mode network of organisations and one kind of what they share; direction and weights ignored. "
        "Isolates have none.",
        cost="The ways of three steps of the organisations asked about.",
        cite="Zhou, Ren, Medo & Zhang 2007, Physical Review E 76:046115",
        oracle="The formula as products of matrices, 1e-11.",
        options=("node", "kind", "limit"),
        modes=2,
    ),
}
