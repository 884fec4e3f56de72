"""What a month can be about: the networks, sectors and topics that a form offers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tsi_graph.analysis.gap_words import group
from tsi_graph.graph import Graph
from tsi_graph.language import short
from tsi_graph.recommend.columns import full_names, is_kind, of_nodes
from tsi_graph.recommend.portfolios.ground import Ground
from tsi_graph.recommend.portfolios.objectives import ONE_PORT, OUTSIDE, networks_of
from tsi_graph.recommend.portfolios.words import tell

Choice = tuple[str, str]
"""What to ask for, and what it is called."""


@dataclass(frozen=True)
class Choices:
    """networks: how many of them there are outside; scopes: parts of those; each, sectors and topics one by one."""

    networks: int
    scopes: tuple[Choice, ...]
    each: tuple[Choice, ...]
    sectors: tuple[Choice, ...]
    topics: tuple[Choice, ...]


def choices(graph: Graph, lang: str) -> Choices:
    """What can be asked for in these data, by name."""
    outside = is_kind(graph, "Network") & np.isin(of_nodes(graph, "scope"), OUTSIDE)
    ground = Ground(graph, lang)
    lonely = int(networks_of(ground, ONE_PORT)[0].sum())
    there = set(of_nodes(graph, "sector")[ground.others]) - {""}
    return Choices(
        int(outside.sum()),
        (
            (ONE_PORT, tell(lang, "only_one_port", n=lonely)),
            *((scope, tell(lang, f"all_{scope}")) for scope in OUTSIDE),
        ),
        _named(graph, outside, lang),
        tuple(sorted(((sector, group(sector, lang)) for sector in there), key=lambda one: one[1].casefold())),
        _named(graph, is_kind(graph, "Topic"), lang),
    )


def _named(graph: Graph, which: np.ndarray, lang: str) -> tuple[Choice, ...]:
    names = full_names(graph, lang)
    found = [(str(graph.ids[k]), short(str(names[k]))) for k in np.flatnonzero(which).tolist()]
    return tuple(sorted(found, key=lambda one: one[1].casefold()))
