"""What is missing: groups that hardly work together, topics nobody funds, organisations nobody documented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from tsi_graph.analysis import gap_words
from tsi_graph.analysis.coverage import beyond_membership, tie_counts
from tsi_graph.analysis.roles import NOT_STATED, group_values
from tsi_graph.errors import NotFound
from tsi_graph.graph import Graph, one_mode
from tsi_graph.remembered import remembering

DRAWS, SEED = 2000, 1
TOGETHER = 8
"""How many re-dealings are counted in one product."""
WORDS = 4
"""Into how many numbers the counts of a node may go; more cost more than counting tie by tie."""
LEAST = 3.0
"""Expected ties under which a pair of groups is not judged."""
RATE = 0.05
"""The share of false finds allowed among the pairs called significant."""
HALF = -1.0
"""log2(observed / expected) from which a pair is worth showing even where it may be chance."""
UNSORTED = ("other", NOT_STATED)
"""Groups that are no group: they are dealt out like the rest, but no gap is about them."""


@dataclass(frozen=True)
class Gap:
    """Something one would expect and that is not documented, with its reasons in both languages.

    kind: "sectors" (ids are two groups), "topic" or "isolated" (one id). observed and expected count
    documented ties (for a topic: the bodies and projects that work on it); score is log2(observed /
    expected), with half a tie where there is none; p is its two-sided chance, significant whether p stands
    among all pairs judged; nan where that has no meaning. lacks: "funder" or "project", for a topic.
    coverage: for how many of the organisations concerned (for a topic: of the projects, a topic) anything
    is documented, and how many there are: where that is little, the gap may be one of the data.
    """

    kind: Literal["sectors", "topic", "isolated"]
    ids: tuple[str, ...]
    names: tuple[str, ...]
    observed: int
    coverage: tuple[int, int]
    reasons: Mapping[str, str]
    expected: float = np.nan
    score: float = np.nan
    p: float = np.nan
    significant: bool = False
    lacks: tuple[str, ...] = ()

    def sentence(self, lang: str = "en") -> str:
        """The evidence in words, `it` or `en`."""
        return self.reasons[lang]


def find_gaps(graph: Graph, between: str = "sector") -> list[Gap]:
    """Pairs of groups, then topics, then organisations; in each family the strongest evidence first.

    `graph` is the whole graph, with its projects, funds, networks and topics. `between` names the node
    attribute whose values are the groups; NotFound where nodes have attributes, but not this one.
    """
    return [*sector_gaps(graph, between), *topic_gaps(graph), *isolated_gaps(graph)]


def sector_gaps(graph: Graph, between: str = "sector") -> list[Gap]:
    """Pairs of groups with fewer tied pairs of organisations than their sizes and activity lead one to expect.

    Ties stay where they are and the groups are dealt out anew among the organisations: the mean of 2,000
    re-dealings (seed 1) is expected, p is two-sided, Benjamini-Hochberg at 5 % says which are significant.
    Consortia thus stay whole, which a reference of single random ties would take for evidence. A pair that
    is quiet only because one group has few ties with anybody is left out: observed must also be under
    k_g k_h / 2m. Pairs with fewer than 3 expected ties are not judged; those that are not significant are
    told only where at most half of the expected ties are there. Costs 2,000 passes over the ties, once for each graph.
    """
    found_ties = group_ties(graph, between)
    if found_ties is None:
        return []
    names, code, observed, expected, p, i, j = found_ties
    activity = np.bincount(code[np.r_[i, j]], minlength=len(names))
    for_activity = np.outer(activity, activity) / (2 * len(i))
    pairs = judged(names, expected)
    stands = significant(np.array([p[pair] for pair in pairs]))
    documented = tie_counts(graph)[graph.kinds_of("Stakeholder")] > 0
    found = []
    for (a, b), sure in zip(pairs, stands.tolist(), strict=True):
        seen, hoped, chance = int(observed[a, b]), float(expected[a, b]), float(p[a, b])
        score = float(np.log2(max(seen, 0.5) / hoped))
        if seen >= min(hoped, for_activity[a, b]) or not (sure or score <= HALF):
            continue
        concerned = np.isin(code, (a, b))
        coverage = (int(documented[concerned].sum()), int(concerned.sum()))
        first, second = str(names[a]), str(names[b])
        words = gap_words.sectors(
            first,
            second,
            seen,
            expected=hoped,
            for_activity=float(for_activity[a, b]),
            p=chance,
            significant=sure,
            coverage=coverage,
        )
        shown = (gap_words.group(first, "en"), gap_words.group(second, "en"))
        found.append(Gap("sectors", (first, second), shown, seen, coverage, words, hoped, score, chance, sure))
    return sorted(found, key=lambda gap: (not gap.significant, gap.score, gap.ids))


class GroupTies(NamedTuple):
    """Tied pairs of organisations between each two groups: how many there are, how many re-dealt groups would have.

    names: the groups; code: that of each organisation; p two-sided; i, j: the ends of the ties.
    """

    names: np.ndarray
    code: np.ndarray
    observed: np.ndarray
    expected: np.ndarray
    p: np.ndarray
    i: np.ndarray
    j: np.ndarray


def group_ties(graph: Graph, between: str = "sector") -> GroupTies | None:
    """Who works with whom beyond membership, as `sector_gaps` counts it; None with fewer than two groups or no tie.

    Raises NotFound where nodes have attributes, but not this one. Worked out once for each graph.
    """
    if between not in graph.nodes:
        known = [str(name) for name in graph.nodes.columns if name not in ("id", "kind", "name")]
        if known:
            raise NotFound(f"Nodes have no attribute {between!r} to group them by. Known: {', '.join(known)}")
        return None
    return _group_ties(graph, between)


@remembering(4)
def _group_ties(graph: Graph, between: str) -> GroupTies | None:
    folded = one_mode(Graph(graph.nodes, graph.edges[beyond_membership(graph)], view=graph.view))
    names, code = np.unique(group_values(folded, between), return_inverse=True)
    i, j = folded.ends
    if len(names) < 2 or not len(i):
        return None
    return GroupTies(names, code, *redeal(code, i, j, len(names)), i, j)


def judged(names: np.ndarray, expected: np.ndarray, *, within: bool = False) -> list[tuple[int, int]]:
    """The pairs of groups, or the groups for themselves, of which enough is expected to judge them."""
    pairs = [(a, a) for a in range(len(names))] if within else [(a, b) for b in range(len(names)) for a in range(b)]
    return [(a, b) for a, b in pairs if expected[a, b] >= LEAST and not {names[a], names[b]} & set(UNSORTED)]


def redeal(
    code: np.ndarray, i: np.ndarray, j: np.ndarray, groups: int, *, draws: int = DRAWS, seed: int = SEED
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ties between each two groups: observed, mean when groups are dealt out anew, and two-sided p."""
    random = np.random.default_rng(seed)
    dealt = [code, *(random.permutation(code) for _ in range(draws))]
    counts = _counts(dealt, i, j, groups)
    seen, sample = counts[0], counts[1:]
    mean = sample.mean(axis=0)
    as_far = np.abs(sample - mean) >= np.abs(seen - mean) - 1e-9
    return seen, mean, (1 + as_far.sum(axis=0)) / (draws + 1)


def _counts(dealt: list[np.ndarray], i: np.ndarray, j: np.ndarray, groups: int) -> np.ndarray:
    """Ties between each two groups, for each way in which the groups are dealt out.

    Each tie is counted at that end which has fewer, so that several counts of a node fit into one whole number: one
    sparse product adds up those of all groups but the last.
    """
    n, degree = len(dealt[0]), np.bincount(np.r_[i, j], minlength=len(dealt[0]))
    place = np.argsort(np.argsort(degree, kind="stable"))
    at, other = np.where(place[i] < place[j], (i, j), (j, i))
    most = np.bincount(at, minlength=n)
    bits = max(int(most.max()).bit_length(), 1)
    word, shift = np.divmod(np.arange(groups - 1), 63 // bits)
    if word.max(initial=0) >= WORDS:
        return np.array([_count(code, i, j, groups) for code in dealt])
    ties = csr_array((np.ones(len(at), np.int64), (at, other)), shape=(n, n))
    one = np.zeros((groups, int(word.max(initial=0)) + 1), np.int64)
    one[np.arange(groups - 1), word] = 1 << shift * bits
    found, mask, which = np.empty((len(dealt), groups, groups), np.int64), (1 << bits) - 1, np.eye(groups)
    for first in range(0, len(dealt), TOGETHER):
        some = np.array(dealt[first : first + TOGETHER])
        packed = np.ascontiguousarray((ties @ one[some.T].reshape(n, -1)).T).reshape(len(some), -1, n)
        for k, code in enumerate(some):
            cells = np.empty((groups, n))
            cells[:-1] = packed[k, word] >> (shift * bits)[:, np.newaxis] & mask
            cells[-1] = most - cells[:-1].sum(axis=0)
            found[first + k] = _both_ways(cells @ which[code])
    return found


def _count(code: np.ndarray, i: np.ndarray, j: np.ndarray, groups: int) -> np.ndarray:
    """The same of one way, for more groups than fit into a few numbers."""
    return _both_ways(np.bincount(code[i] * groups + code[j], minlength=groups * groups).reshape(groups, groups))


def _both_ways(one_way: np.ndarray) -> np.ndarray:
    both: np.ndarray = one_way + one_way.T - np.diag(one_way.diagonal())
    return both


def significant(p: np.ndarray, rate: float = RATE) -> np.ndarray:
    """Which of several p-values stand at a false discovery rate (Benjamini & Hochberg 1995).

    >>> significant(np.array([0.04, 0.01, 0.9]))
    array([False,  True, False])
    """
    order = np.argsort(p, kind="stable")
    under = np.flatnonzero(p[order] <= rate * np.arange(1, len(p) + 1) / max(len(p), 1))
    out = np.zeros(len(p), dtype=bool)
    out[order[: under[-1] + 1 if under.size else 0]] = True
    return out


def topic_gaps(graph: Graph) -> list[Gap]:
    """Topics without a documented funder, without a project, or without both; those that lack more come first.

    A topic has a funder where money flows (FUNDS, INVESTS_IN) into something that works on it, where a
    project that works on it names its funder, or where a fund, an investor or a funder itself works on it.
    """
    source, target = graph.ends
    on = graph.edges["kind"].eq("WORKS_ON").to_numpy(bool)
    project, money = graph.kinds_of("Project"), _with_money(graph)
    coverage = (len(np.intersect1d(source[on], np.flatnonzero(project))), int(project.sum()))
    found = []
    for node in np.flatnonzero(graph.kinds_of("Topic")).tolist():
        workers = np.unique(source[on & (target == node)])
        parts = {"funder": money[workers].any(), "project": project[workers].any()}
        lacks = tuple(part for part, there in parts.items() if not there)
        if lacks:
            words = gap_words.topic(_names(graph, node), lacks, len(workers), coverage)
            who = (str(graph.nodes["id"].iloc[node]),), (_names(graph, node)[1],)
            found.append(Gap("topic", *who, len(workers), coverage, words, lacks=lacks))
    return sorted(found, key=lambda gap: (-len(gap.lacks), gap.observed, gap.ids))


def _with_money(graph: Graph) -> np.ndarray:
    """Which nodes give or get documented money."""
    paid = graph.edges["kind"].isin(("FUNDS", "INVESTS_IN")).to_numpy(bool)
    source, target = graph.ends
    out: np.ndarray = graph.kinds_of("Fund") | graph.kinds_of("Investor")
    out[source[paid]] = out[target[paid]] = True
    if "funder" in graph.nodes:
        out |= graph.kinds_of("Project") & (group_values(graph, "funder") != NOT_STATED)
    return out


def isolated_gaps(graph: Graph) -> list[Gap]:
    """Organisations without any documented tie beyond membership of the home alliance, then those in one project only.

    `observed` is 0 or 1. Working on a topic is no tie with anybody. Coverage is that of its sector.
    """
    count, ours, project = tie_counts(graph), graph.kinds_of("Stakeholder"), graph.kinds_of("Project")
    source, target = graph.ends
    listing = beyond_membership(graph) & project[target]
    listed_by = np.full(len(graph), -1)
    listed_by[source[listing]] = target[listing]
    sectors = group_values(graph, "sector") if "sector" in graph.nodes else np.full(len(graph), NOT_STATED)
    found = []
    for node in np.flatnonzero(ours & ((count == 0) | ((count == 1) & (listed_by >= 0)))).tolist():
        peers = ours & (sectors == sectors[node])
        coverage = (int((count[peers] > 0).sum()), int(peers.sum()))
        by = _names(graph, int(listed_by[node])) if count[node] else None
        words = gap_words.isolated(_names(graph, node), by, str(sectors[node]), coverage)
        who = (str(graph.nodes["id"].iloc[node]),), (_names(graph, node)[1],)
        found.append(Gap("isolated", *who, int(count[node]), coverage, words))
    return sorted(found, key=lambda gap: (gap.observed, gap.ids))


def _names(graph: Graph, node: int) -> tuple[str, str]:
    """What a node is called in Italian and in English."""
    row = graph.nodes.iloc[node]
    italian = row.get("name_it")
    return (italian if isinstance(italian, str) and italian else str(row["name"])), str(row["name"])
