"""What each body works on: its topics and programmes, the rare ones counting more."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array, diags_array, hstack

from tsi_graph.graph import Graph
from tsi_graph.recommend.columns import is_kind, of_nodes


def profiles(graph: Graph, shares: csr_array, held: csr_array, sure: np.ndarray) -> tuple[csr_array, csr_array]:
    """TF-IDF over topics and programmes, rows of unit length; and who works on which topic (0 or more).

    A body has its own topics and those of what it takes part in, once for each; in the first, by its
    part in it. Several programmes of one project are written with | between them. Rare is what few of
    those nodes have that any edge names: a project that nobody takes part in yet says nothing.
    """
    n = len(graph)
    i, j = graph.ends
    there_is = np.zeros(n, bool)
    there_is[np.r_[i[sure], j[sure]]] = True
    topic = is_kind(graph, "Topic")
    there = topic[j] & ~topic[i] & sure
    own = coo_array((np.ones(there.sum()), (i[there], j[there])), shape=(n, n)).tocsr()
    own.sum_duplicates()
    own.data[:] = 1.0
    under = csr_array(diags_array(there_is.astype(float)) @ _programmes(graph))
    under.eliminate_zeros()
    counts = csr_array(hstack([own + held @ own, under + held @ under]))
    holders = np.bincount(counts.indices, minlength=counts.shape[1])
    scored = csr_array(counts @ diags_array(np.log(1 + there_is.sum() / np.maximum(holders, 1))))
    length = np.sqrt(scored.multiply(scored).sum(axis=1))
    return csr_array(diags_array(1 / np.where(length > 0, length, 1)) @ scored), csr_array(own + shares @ own)


def programmes_of(written: str) -> list[str]:
    """The programmes that a cell names.

    >>> programmes_of("SC4|LEIT"), programmes_of("Interreg Alpine Space"), programmes_of("")
    (['SC4', 'LEIT'], ['Interreg Alpine Space'], [])
    """
    return [name for name in (part.strip() for part in re.split(r"\|", written)) if name]


def _programmes(graph: Graph) -> csr_array:
    """Which project belongs to which programme."""
    cells = of_nodes(graph, "programme")
    named = np.flatnonzero(cells != "")
    pairs = [(node, name) for node in named.tolist() for name in programmes_of(str(cells[node]))]
    code, words = pd.factorize(np.array([name for _, name in pairs], dtype=object))
    rows = np.array([node for node, _ in pairs], dtype=np.int64)
    return coo_array((np.ones(len(pairs)), (rows, code)), shape=(len(graph), max(len(words), 1))).tocsr()
