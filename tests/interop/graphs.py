"""Graphs as hypothesis makes them: odd ids, blanks, parallel edges, loops, bodies alone, any letter."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from tsi_graph.graph import Graph
from tsi_graph.interop.rows import Row, rows

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)
BLANK = st.sampled_from([None, float("nan")])
CELLS = st.one_of(BLANK, WORDS, st.integers(-(2**53), 2**53), st.booleans(), st.floats(-1e9, 1e9, allow_nan=False))
NUMBERS = st.one_of(BLANK, st.floats(-1e9, 1e9, allow_nan=False), st.integers(-1000, 1000))
NODE_WORDS = ("Stakeholder", "Investor", "Project", "Network", "Fondazione è")
EDGE_WORDS = ("FUNDS", "MEMBER_OF", "PARTNER_OF", "SHARED|FUNDS", "dà a")


@st.composite
def graphs(draw: st.DrawFn, *, numbers: bool = True) -> Graph:
    """Up to 8 nodes and 16 edges, directed or not; ids are texts, and with `numbers` integers too."""
    ids = st.one_of(WORDS, st.integers(0, 99)) if numbers else WORDS
    nodes = draw(st.lists(ids, min_size=1, max_size=8, unique_by=str))
    table = pd.DataFrame({"id": pd.Series(nodes, dtype=object)})
    n = len(nodes)
    table["kind"] = draw(st.lists(st.sampled_from(NODE_WORDS), min_size=n, max_size=n))
    table["name"] = draw(st.lists(WORDS, min_size=n, max_size=n))
    table["città"] = pd.Series(draw(st.lists(CELLS, min_size=n, max_size=n)), dtype=object)
    table["size"] = pd.Series(draw(st.lists(NUMBERS, min_size=n, max_size=n)), dtype=float)
    ends = draw(st.lists(st.tuples(st.sampled_from(nodes), st.sampled_from(nodes)), max_size=16))
    m = len(ends)
    edges = pd.DataFrame(
        {
            "source": pd.Series([a for a, _ in ends], dtype=object),
            "target": pd.Series([b for _, b in ends], dtype=object),
            "kind": pd.Series(draw(st.lists(st.sampled_from(EDGE_WORDS), min_size=m, max_size=m)), dtype=object),
            "weight": np.array(draw(st.lists(st.sampled_from([0.5, 1.0, 2.0]), min_size=m, max_size=m)), dtype=float),
            "key": pd.Series(draw(st.lists(st.sampled_from(["", "a", "b"]), min_size=m, max_size=m)), dtype=object),
            "role": pd.Series(draw(st.lists(CELLS, min_size=m, max_size=m)), dtype=object),
        }
    )
    return Graph.from_edges(edges, table, directed=draw(st.booleans()))


def said(graph: Graph, *, ordered_ends: bool = True) -> tuple[list[Row], list[Row], bool]:
    """All that a graph says, row by row, blanks left out; without `ordered_ends`, each edge from its earlier node."""
    edges = rows(graph.edges)
    if not ordered_ends:
        place = {node: i for i, node in enumerate(graph.nodes["id"].tolist())}
        for edge in edges:
            edge["source"], edge["target"] = sorted((edge["source"], edge["target"]), key=place.__getitem__)
    return rows(graph.nodes), edges, graph.directed
