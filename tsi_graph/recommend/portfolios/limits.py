"""The limits of a month: per introducer, per organisation, per network or fund, and no group of organisations first."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil

import numpy as np
from scipy.sparse import coo_array, csr_array

from tsi_graph.recommend.portfolios.candidates import MANY, Candidate, Ground
from tsi_graph.recommend.portfolios.choice import Task
from tsi_graph.recommend.portfolios.objectives import ENOUGH, Plan
from tsi_graph.recommend.ties import of_nodes

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
    (rounded up); None for no such limit. asked: how many each introducer was asked for before.
    """

    size: int = 12
    per_introducer: int = 2
    per_organisation: int = 1
    per_target: int = 2
    by_team: int = 2
    fair: float | None = FAIR
    asked: Mapping[str, int] = field(default_factory=dict)

    def earlier(self, ground: Ground, house: int) -> int:
        """How many introductions a house was asked for before."""
        known = [(body, n) for body, n in self.asked.items() if body in ground.graph.ids]
        return sum(n for body, n in known if ground.house[ground.graph.position(body)] == house)


def task(ground: Ground, plan: Plan, limits: Limits) -> Task:
    """The plan as rows: each node that has little is worth 2 * 2^-has, and half of an introduction's chance covers it.

    So a first sure door counts 1, a second one half, a third a quarter; two doubtful ones less than their sum.
    """
    found, m = plan.candidates, len(plan.candidates)
    rows = np.repeat(np.arange(m), 2)
    # columns in the order of ids: nothing may depend on the order of rows
    nodes = ground.order[np.array([(c.source, c.target) for c in found], int).reshape(-1)]
    worth = np.zeros(len(plan.has))
    worth[ground.order] = 2.0 ** (1 - plan.has)
    keep = worth[nodes] > 0
    likely = np.repeat(plan.likely / 2, 2)
    cover = coo_array((likely[keep], (rows[keep], nodes[keep])), shape=(m, len(worth))).tocsr()
    counted, most = _counted(ground, plan, limits)
    return Task(csr_array(cover), worth, counted, most, limits.size)


def _counted(ground: Ground, plan: Plan, limits: Limits) -> tuple[csr_array, np.ndarray]:
    """Which candidate counts against which limit, and how many each allows."""
    quota = quotas(ground, plan, limits)
    names: dict[Hashable, int] = {}
    most: list[int] = []
    entries: set[tuple[int, int]] = set()
    for row, c in enumerate(plan.candidates):
        for name, allowed in (*_of(ground, plan, limits, c), *_fair(ground, quota, c)):
            if names.setdefault(name, len(most)) == len(most):
                most.append(allowed)
            entries.add((row, names[name]))
    rows, columns = np.array(sorted(entries), int).reshape(-1, 2).T
    shape = (len(plan.candidates), max(len(most), 1))
    matrix = coo_array((np.ones(len(rows)), (rows, columns)), shape=shape).tocsr()
    return csr_array(matrix), np.array(most or [0], float)


def _of(ground: Ground, plan: Plan, limits: Limits, c: Candidate) -> Iterator[tuple[Hashable, int]]:
    yield ("organisation", c.source), limits.per_organisation
    if ground.here[c.target] and plan.objective in ("periphery", "gap"):
        yield ("organisation", c.target), limits.per_organisation
    else:
        yield ("target", c.target), min(limits.per_target, _doors_left(plan, c.target))
    for house in sorted({int(ground.house[z]) for z in c.between if not ground.team[z]}):
        yield ("introducer", house), max(limits.per_introducer - limits.earlier(ground, house), 0)
    if c.by_team:
        yield "team", limits.by_team


def _doors_left(plan: Plan, target: int) -> int:
    """How many doors a network still lacks until it has ENOUGH."""
    has = plan.has[target]
    return int(ENOUGH - has) if plan.objective == "reach" and np.isfinite(has) else ENOUGH**9


def _fair(ground: Ground, quota: dict[tuple[str, str], int], c: Candidate) -> Iterator[tuple[Hashable, int]]:
    for column in GROUPS:
        group = (column, group_of(ground, column, c.source))
        if group in quota:
            yield group, quota[group]


def quotas(ground: Ground, plan: Plan, limits: Limits) -> dict[tuple[str, str], int]:
    """How many introductions each sector, size and place may take; nothing where fairness is not asked for."""
    if limits.fair is None:
        return {}
    sources = sorted({c.source for c in plan.candidates})
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
