"""What is documented at all: no tie found is not the same as no tie."""

from __future__ import annotations

import numpy as np

from tsi_graph.graph import MEMBERSHIP, Graph


def beyond_membership(graph: Graph) -> np.ndarray:
    """Which edges tie two bodies beyond being in the alliance whose map this is.

    Left out: membership of the home alliance (the view's, else Torino Social Impact), loops, and edges to a
    topic, which say what a body does and not with whom.
    """
    source, target = graph.ends
    topic = graph.kinds_of("Topic")
    at_home = graph.edges["kind"].isin(MEMBERSHIP) & graph.edges["target"].isin(graph.view.home)
    beyond: np.ndarray = ~at_home.to_numpy(bool) & (source != target) & ~topic[source] & ~topic[target]
    return beyond


def tie_counts(graph: Graph) -> np.ndarray:
    """How many documented ties beyond membership each node has; parallel ones count each."""
    keep = beyond_membership(graph)
    source, target = graph.ends
    return np.bincount(np.r_[source[keep], target[keep]], minlength=len(graph))
