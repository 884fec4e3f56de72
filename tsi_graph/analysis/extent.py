"""How much is known at all: documented members of the alliance, and ties with a source and with a date."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tsi_graph.analysis.coverage import beyond_membership
from tsi_graph.graph import MEMBERSHIP, Graph


@dataclass(frozen=True)
class Extent:
    """members: of the alliance, documented; to_verify: those of whom that is only said. ties: beyond membership of the
    alliance; sourced, dated: those of them with a source, with any date."""

    members: int
    to_verify: int
    ties: int
    sourced: int
    dated: int


def extent(documented: Graph, unverified: Graph) -> Extent:
    """How much is known, from the documented view and from the one that shows unverified statements too."""
    ties = documented.edges[beyond_membership(documented)]
    members = _members(documented)
    return Extent(
        members=len(members),
        to_verify=len(_members(unverified) - members),
        ties=len(ties),
        sourced=int(_filled(ties, "origin").sum()),
        dated=int((_filled(ties, "valid_from") | _filled(ties, "valid_to")).sum()),
    )


def _members(graph: Graph) -> set[str]:
    edges = graph.edges
    ours = edges["kind"].isin(MEMBERSHIP) & edges["target"].isin(graph.view.home)
    return set(edges["source"][ours])


def _filled(ties: pd.DataFrame, column: str) -> np.ndarray:
    found: np.ndarray = (ties[column].fillna("").astype(str) != "").to_numpy(bool)
    return found
