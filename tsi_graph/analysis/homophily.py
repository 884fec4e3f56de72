"""Whether like is tied to like: within groups or across them, and by number of contacts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from tsi_graph.analysis.base import Metric
from tsi_graph.analysis.cohesion import by_id
from tsi_graph.analysis.roles import NOT_STATED, group_codes, group_values
from tsi_graph.errors import Unusable
from tsi_graph.graph import Graph

WHOLE = "whole network"
DRAWS, SEED = 1000, 1
MOST_GROUPS = 1000
"""More are names rather than groups, and a table of their pairs is of no use."""


class Ties(NamedTuple):
    """The ties among nodes whose group is stated, each once; ends are positions in `code`, nodes in order of id."""

    names: np.ndarray
    code: np.ndarray
    i: np.ndarray
    j: np.ndarray
    weight: np.ndarray


def ei_index(
    graph: Graph, group: str = "sector", draws: int = DRAWS, seed: int = SEED, weighted: bool = False
) -> pd.DataFrame:
    """How far ties lead out of the groups: a row for the whole network, then one for each group.

    Columns: group, internal, external (ties, or their weight), index, expected, p. The index is (external -
    internal) / (external + internal): -1 all within, 1 all across, nan without a tie. It depends on the sizes
    of the groups, so the groups are dealt out anew among the nodes: expected is its mean then, p how often it
    is at least as far from that mean. Nodes whose group is blank are left out. NotFound for an unknown
    attribute. Costs `draws` passes over the ties.

    >>> people = pd.DataFrame({"id": list("abcd"), "side": list("xxyy")})
    >>> ei_index(Graph.from_edges(["ab", "cd", "bc"], people), "side")["index"].round(3).tolist()
    [-0.333, 0.0, 0.0]
    """
    ties = _among_stated(graph, group, weighted)
    internal, external = _within_and_across(ties, ties.code)
    index, random = _index(internal, external), np.random.default_rng(seed)
    sample = np.empty((draws, len(index)))
    for row in sample:
        row[:] = _index(*_within_and_across(ties, random.permutation(ties.code)))
    # a small group may get no tie in a deal: that deal says nothing about it
    known = np.isfinite(sample) & np.isfinite(index)
    count = np.where(known.any(axis=0), known.sum(axis=0), np.nan)
    mean = np.where(known, sample, 0).sum(axis=0) / count
    as_far = known & (np.abs(sample - mean) >= np.abs(index - mean) - 1e-9)
    p = (1 + as_far.sum(axis=0)) / (1 + count)
    columns = {"internal": internal, "external": external, "index": index, "expected": mean, "p": p}
    return pd.DataFrame({"group": [WHOLE, *ties.names.tolist()], **columns})


def _within_and_across(ties: Ties, code: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The ties within and out of the whole and each group."""
    a, b = code[ties.i], code[ties.j]
    same, groups = a == b, len(ties.names)
    internal = np.bincount(a[same], ties.weight[same], minlength=groups)
    out = ties.weight[~same]
    external = np.bincount(a[~same], out, minlength=groups) + np.bincount(b[~same], out, minlength=groups)
    return np.r_[internal.sum(), internal].astype(float), np.r_[external.sum() / 2, external]


def _index(internal: np.ndarray, external: np.ndarray) -> np.ndarray:
    total = internal + external
    index: np.ndarray = np.divide(external - internal, total, out=np.full(len(total), np.nan), where=total > 0)
    return index


def assortativity(graph: Graph, group: str = "sector") -> pd.DataFrame:
    """How much more than by chance like is tied to like: a row for the attribute, one for the number of contacts.

    Columns: by, r (1 only alike, 0 as chance has it, below 0 rather unlike), error (jackknife over the ties),
    ties. nan where all ends are alike, so that nothing can be told. For the attribute, nodes whose group is
    blank are left out; with direction the second row compares what the source sends with what the target
    receives. NotFound for an unknown attribute. Linear.

    >>> people = pd.DataFrame({"id": list("abcd"), "side": list("xxyy")})
    >>> assortativity(Graph.from_edges(["ab", "cd", "bc"], people), "side")["r"].round(3).tolist()
    [0.333, -0.5]
    """
    among = _among_stated(graph, group)
    a, b = among.code[among.i], among.code[among.j]
    rows = [
        (group, *_alike(a, b, graph.directed), len(a)),
        ("degree", *degree_assortativity(graph), len(_once(graph)[0])),
    ]
    return pd.DataFrame(rows, columns=["by", "r", "error", "ties"])


def degree_assortativity(graph: Graph) -> tuple[float, float]:
    """The correlation between the numbers of contacts at the two ends of ties, and its jackknife error.

    >>> degree_assortativity(Graph.from_edges(["ab", "bc", "cd"]))[0].__round__(9)
    -0.5
    """
    i, j, _ = _once(graph)
    return _correlated(graph.sent.degrees[i].astype(float), graph.received.degrees[j].astype(float), graph.directed)


def _alike(a: np.ndarray, b: np.ndarray, directed: bool) -> tuple[float, float]:
    """Newman's r for groups, and its error: sum over ties of (r without the tie - r) squared, rooted."""
    a, b, ways = _both_ways(a, b, directed)
    groups = int(max(a.max(initial=-1), b.max(initial=-1))) + 1
    out, into = np.bincount(a, minlength=groups), np.bincount(b, minlength=groups)
    same, chance, ends = int((a == b).sum()), int(out @ into), len(a)

    def r(same: np.ndarray, chance: np.ndarray, ends: int) -> np.ndarray:
        expected = chance / max(ends, 1) ** 2
        possible = np.where(chance < ends**2, 1 - expected, np.nan)
        return np.asarray((same / max(ends, 1) - expected) / possible)

    whole = r(np.array(same), np.array(chance), ends)
    first, second = a[: ends // ways], b[: ends // ways]
    equal = first == second
    # out @ into when each tie leaves in turn: once with direction, from both sides without
    if directed:
        left = chance - into[first] - out[second] + equal
    else:
        left = chance - 2 * (out[first] + out[second]) + np.where(equal, 4, 2)
    without = r(same - ways * equal, left, ends - ways)
    return float(whole), _jackknife(whole, without)


def _correlated(x: np.ndarray, y: np.ndarray, directed: bool) -> tuple[float, float]:
    """Pearson's correlation over the ends of ties, and its error; each tie leaves, degrees stay as they are."""
    m = len(x)
    x, y, ways = _both_ways(x, y, directed)
    x, y = x - (x.mean() if m else 0), y - (y.mean() if m else 0)
    terms = np.array([x, y, x * x, y * y, x * y, np.ones(len(x))]).reshape(6, ways, m).sum(axis=1)

    def r(sums: np.ndarray) -> np.ndarray:
        sx, sy, sxx, syy, sxy, ends = sums
        n = np.where(ends > 0, ends, np.nan)
        spread = (sxx - sx * sx / n) * (syy - sy * sy / n)
        # what rounding leaves of equal numbers is no spread
        spread = np.where(spread > 1e-18 * (1 + sxx * syy), spread, np.nan)
        return np.asarray((sxy - sx * sy / n) / np.sqrt(spread))

    sums = terms.sum(axis=1)
    whole = r(sums)
    return float(whole), _jackknife(whole, r(sums[:, None] - terms))


def _both_ways(x: np.ndarray, y: np.ndarray, directed: bool) -> tuple[np.ndarray, np.ndarray, int]:
    """Both ends of each tie; without direction from both sides."""
    return (x, y, 1) if directed else (np.r_[x, y], np.r_[y, x], 2)


def _jackknife(whole: np.ndarray, without: np.ndarray) -> float:
    return float(np.sqrt(((without - whole) ** 2).sum())) if len(without) > 1 else np.nan


def mixing_matrix(graph: Graph, group: str = "sector") -> pd.DataFrame:
    """How many ties each two groups have, and how many their activity leads one to expect: a row per ordered pair.

    Columns: group_a, group_b, ties, expected, ratio, log2 (of the ratio, with half a tie where there is none);
    nan where nothing is expected. Without direction a pair stands in both orders with the same numbers;
    with direction ties lead from a to b. Nodes whose group is blank are left out. NotFound for an unknown
    attribute, Unusable for one of more than 1,000 values. Linear in the ties, plus the pairs.

    >>> people = pd.DataFrame({"id": list("abcd"), "side": list("xxyy")})
    >>> mixing_matrix(Graph.from_edges(["ab", "cd", "bc"], people), "side")[["ties", "expected"]].to_numpy().tolist()
    [[1.0, 0.75], [1.0, 1.5], [1.0, 1.5], [1.0, 0.75]]
    """
    among = _among_stated(graph, group)
    names, n, m = among.names, len(among.names), len(among.i)
    if n > MOST_GROUPS:
        raise Unusable(f"{group!r} has {n:,} values: as groups at most {MOST_GROUPS:,} can be compared pair by pair.")
    a, b = among.code[among.i], among.code[among.j]
    ties = np.bincount(a * n + b, minlength=n * n).reshape(n, n).astype(float)
    out, into = ties.sum(axis=1), ties.sum(axis=0)
    if graph.directed:
        expected = np.outer(out, into) / max(m, 1)
    else:
        ends, twice = out + into, 1 + np.eye(n)
        ties, expected = (ties + ties.T) / twice, np.outer(ends, ends) / (2 * max(m, 1) * twice)
    hoped = np.where(expected > 0, expected, np.nan)
    return pd.DataFrame(
        {
            "group_a": np.repeat(names, n),
            "group_b": np.tile(names, n),
            "ties": ties.ravel().astype(np.int64),
            "expected": expected.ravel(),
            "ratio": (ties / hoped).ravel(),
            "log2": np.log2(np.maximum(ties, 0.5) / hoped).ravel(),
        }
    )


def _once(graph: Graph) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each distinct tie: its ends and its weight."""
    i, j, weight = graph.sent.rows, graph.sent.indices, graph.sent.values
    keep = np.full(len(i), True) if graph.directed else i < j
    return i[keep], j[keep], weight[keep]


def _among_stated(graph: Graph, group: str, weighted: bool = False) -> Ties:
    """The ties whose both ends have a group; none where nodes have no attributes at all. Raises NotFound."""
    i, j, weight = _once(graph)
    place = np.full(len(graph), -1)
    names, code = np.zeros(0, dtype=str), np.zeros(0, dtype=np.int64)
    if group_codes(graph, group) is not None:
        value, order = group_values(graph, group), by_id(graph)
        stated = order[value[order] != NOT_STATED]
        place[stated] = np.arange(len(stated))
        names, code = np.unique(value[stated], return_inverse=True)
    keep = (place[i] >= 0) & (place[j] >= 0)
    return Ties(names, code, place[i][keep], place[j][keep], weight[keep] if weighted else np.ones(int(keep.sum())))


BLANK = "Nodes whose group is blank are left out with their ties; "
NETWORK_METRICS = {
    "ei_index": Metric(
        function=ei_index,
        meaning="Whether organisations work with others (towards 1) or with their own kind (towards -1).",
        meaning_it="Se le organizzazioni lavorano con altre (verso 1) o con i propri simili (verso -1).",
        definition="(E - I) / (E + I), with E ties between groups and I within them.",
        convention=f"{BLANK}each distinct tie once, and each arrow with direction; weights ignored unless `weighted`. "
        "A group's external ties are those with one end in it. p two-sided: groups dealt out anew over all these "
        "nodes, isolates among them, sizes kept (1,000 times, seed 1).",
        cost="1,000 passes over the ties.",
        cite="Krackhardt & Stern 1988, Social Psychology Quarterly 51:123-140",
        oracle="netrics on the EIES networkers by discipline, .1704 with weights; the karate club's 11 and 67 ties.",
        differs="netrics counts weights; the EIES networkers have .3455 without.",
        options=("group", "draws", "seed", "weighted"),
    ),
    "assortativity": Metric(
        function=assortativity,
        meaning="Whether like is tied to like: 1 only, 0 as by chance, below 0 rather to the unlike.",
        meaning_it="Se i simili si legano fra loro: 1 soltanto, 0 come per caso, sotto 0 piuttosto ai diversi.",
        definition="(sum of e_gg - sum of a_g b_g) / (1 - sum of a_g b_g), with e_gh the share of ties from g to h and "
        "a, b its margins; for degree Pearson's correlation over the two ends of ties.",
        convention=f"{BLANK}weights ignored, each distinct tie once, from both sides without direction; with direction "
        "what the source sends against what the target receives. Error: jackknife over the ties, degrees kept as they "
        "are. Isolates have no ends.",
        cost="Linear.",
        cite="Newman 2003, Physical Review E 67:026126",
        oracle="networkx and igraph, 1e-9; Newman's table of couples, .623.",
        options=("group",),
    ),
    "mixing_matrix": Metric(
        function=mixing_matrix,
        meaning="Which groups work together more, and which less, than how active they are would suggest.",
        meaning_it="Quali gruppi lavorano insieme più, e quali meno, di quanto la loro attività farebbe attendere.",
        definition="Ties between g and h beside k_g k_h / 2m, within a group k_g^2 / 4m, with direction sent_g "
        "received_h / m; k counts the ends of ties in a group, m the ties.",
        convention=f"{BLANK}weights ignored, each distinct tie once, a pair of groups in both orders. log2 of observed "
        "by expected, with half a tie where there is none; what is expected includes pairs of a node with itself. "
        "Isolates have no ends.",
        cost="Linear in the ties, plus the pairs of groups.",
        cite="Newman 2003, Physical Review E 67:026126; Karrer & Newman 2011, Physical Review E 83:016107",
        oracle="networkx `attribute_mixing_matrix`, exact; what is expected by hand.",
        options=("group",),
    ),
}
