"""The limits of a month: per introducer, per organisation, per network or fund, and no group of organisations first."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from scipy.sparse import coo_array, csr_array

from tsi_graph.recommend.columns import of_nodes
from tsi_graph.recommend.constants import ENOUGH_PORTS
from tsi_graph.recommend.portfolios.candidates import Candidate
from tsi_graph.recommend.portfolios.choice import Task
from tsi_graph.recommend.portfolios.ground import MANY, Ground
from tsi_graph.recommend.portfolios.objectives import Plan

FAIR = 1.5
"""How many times its share a sector, a size or a place may take."""
SIZES = ((1, "0-1"), (MANY - 1, f"2-{MANY - 1}"), (np.inf, f"{MANY}+"))
"""Organisations by how many ties are documented: the data do not say how large they are."""
GROUPS = ("sector", "size", "city")


@dataclass(frozen=True)
class Limits:
    """How many introductions a month has, and how many each may take part in.

    per_target: each network, fund or financier. by_team: those that the team makes itself. fair: how many
    times its share of the organisations that can be introduced a sector, a size or a place may take
    (rounded up); None for no such limit.
    """

    size: int = 12
    per_introducer: int = 2
    per_organisation: int = 1
    per_target: int = 2
    by_team: int = 2
    fair: float | None = FAIR


def task(ground: Ground, plan: Plan, limits: Limits, found: Sequence[Candidate]) -> Task:
    """The candidates as rows: each node that has little is worth 2 * 2^-has, and half of a chance covers it.

    So a first sure door counts 1, a second one half, a third a quarter; two doubtful ones less than their sum.
    """
    m = len(found)
    rows = np.repeat(np.arange(m), 2)
    ends = np.array([(c.source, c.target) for c in found], int).reshape(-1)
    likely = np.repeat(np.array([c.likely for c in found], float) / 2, 2)
    keep = plan.worth[ends] > 0
    # columns in the order of ids: nothing may depend on the order of rows
    cover = coo_array((likely[keep], (rows[keep], ground.order[ends[keep]])), shape=(m, len(ground.graph))).tocsr()
    worth = np.zeros(len(ground.graph))
    worth[ground.order] = plan.worth
    counted, most = _counted(ground, plan, limits, found)
    return Task(csr_array(cover), worth, counted, most, limits.size)


def _counted(ground: Ground, plan: Plan, limits: Limits, found: Sequence[Candidate]) -> tuple[csr_array, np.ndarray]:
    """Which candidate counts against which limit, and how many each allows."""
    quota = quotas(ground, limits, found)
    names: dict[Hashable, int] = {}
    most: list[int] = []
    entries: set[tuple[int, int]] = set()
    for row, c in enumerate(found):
        for name, allowed in (*_of(ground, plan, limits, c), *_fair(ground, quota, c)):
            if names.setdefault(name, len(most)) == len(most):
                most.append(allowed)
            entries.add((row, names[name]))
    rows, columns = np.array(sorted(entries), int).reshape(-1, 2).T
    shape = (len(found), max(len(most), 1))
    matrix = coo_array((np.ones(len(rows)), (rows, columns)), shape=shape).tocsr()
    return csr_array(matrix), np.array(most or [0], float)


def _of(ground: Ground, plan: Plan, limits: Limits, c: Candidate) -> Iterator[tuple[Hashable, int]]:
    yield ("organisation", c.source), limits.per_organisation
    if limits.per_organisation > 1:
        # a pair meets once, by one of its ways
        yield ("pair", c.source, c.target), 1
    if ground.here[c.target] and plan.objective in ("periphery", "gap"):
        yield ("organisation", c.target), limits.per_organisation
    else:
        yield ("target", c.target), min(limits.per_target, _doors_left(plan, c.target))
    for house in sorted({int(ground.house[z]) for z in c.between if not ground.team[z]}):
        yield ("introducer", house), max(limits.per_introducer - ground.earlier(house), 0)
    if c.by_team:
        yield "team", limits.by_team


def _doors_left(plan: Plan, target: int) -> int:
    """How many doors a network still lacks until it has ENOUGH_PORTS."""
    has = plan.has[target]
    return int(ENOUGH_PORTS - has) if plan.objective == "reach" and np.isfinite(has) else ENOUGH_PORTS**9


def _fair(ground: Ground, quota: dict[tuple[str, str], int], c: Candidate) -> Iterator[tuple[Hashable, int]]:
    for column in GROUPS:
        group = (column, group_of(ground, column, c.source))
        if group in quota:
            yield group, quota[group]


def quotas(ground: Ground, limits: Limits, found: Sequence[Candidate]) -> dict[tuple[str, str], int]:
    """How many introductions each sector, size and place may take; nothing where fairness is not asked for."""
    if limits.fair is None:
        return {}
    sources = sorted({c.source for c in found})
    out = {}
    for column in GROUPS:
        groups = [group_of(ground, column, a) for a in sources]
        for group in sorted(set(groups)):
            out[column, group] = max(1, ceil(limits.fair * groups.count(group) / len(sources) * limits.size - 1e-9))
    return out


def group_of(ground: Ground, column: str, node: int) -> str:
    """The sector, size or place of an organisation; blank where it is not stated."""
    if column == "size":
        ties = int(ground.count[node])
        return next(name for most, name in SIZES if ties <= most)
    return str(of_nodes(ground.graph, column)[node])
