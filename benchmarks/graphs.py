"""Seeded stakeholder networks of four sizes, the same arrays on every machine.

Organisations join projects: activity falls off as (rank + 3)^-0.7 within the home region, sizes of projects
as size^-2.3. Four of five seats go to the project's own region, the others to anybody by (rank + 10)^-0.8:
these are the hubs. Two organisations are tied by the projects they share, whose number is the weight; so
weights are similarities, not lengths. With direction, a tie goes both ways (35 %) or one way, mostly
to the busier end. Who joins nothing stays, as an isolate. The eight sectors are of unequal size.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

SEED = 20260722
SECTORS = (0.3, 0.2, 0.15, 0.1, 0.1, 0.07, 0.05, 0.03)


@dataclass(frozen=True)
class Size:
    """How large a network is; edges are distinct and undirected."""

    nodes: int
    edges: int
    regions: int
    largest_project: int


SIZES = {
    "city": Size(500, 3_000, 5, 12),
    "region": Size(5_000, 50_000, 20, 20),
    "nation": Size(50_000, 500_000, 60, 30),
    "continent": Size(1_000_000, 10_000_000, 400, 40),
}


class Network:
    """The arrays of one network, each read when it is first asked for: most libraries need a few of them."""

    n: int
    source: np.ndarray
    target: np.ndarray
    weight: np.ndarray
    arc_source: np.ndarray
    arc_target: np.ndarray
    arc_weight: np.ndarray
    sector: np.ndarray
    member: np.ndarray
    project: np.ndarray
    projects: int

    def __init__(self, path: Path) -> None:
        self._arrays = np.load(path)
        self.n, self.projects = int(self._arrays["n"]), int(self._arrays["projects"])

    def __getattr__(self, name: str) -> np.ndarray:
        if name not in Network.__annotations__:
            raise AttributeError(name)
        self.__dict__[name] = self._arrays[name]
        return self.__dict__[name]

    @property
    def degree(self) -> np.ndarray:
        """How many edges each node has."""
        return np.bincount(self.source, minlength=self.n) + np.bincount(self.target, minlength=self.n)


def load(folder: Path, size: str) -> Network:
    """The network of a size, generated into the folder where it is not there yet."""
    path = folder / f"{size}-network.npz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(path, **generate(SIZES[size]))
    return Network(path)


def describe(network: Network) -> dict[str, float]:
    """What a reader wants to know of a network before reading times."""
    degree = network.degree
    return {
        "nodes": network.n,
        "edges": len(network.source),
        "arcs": len(network.arc_source),
        "projects": network.projects,
        "seats": len(network.project),
        "isolates": int((degree == 0).sum()),
        "largest_degree": int(degree.max()),
        "squared_degrees": int((degree.astype(np.int64) ** 2).sum()),
    }


def generate(size: Size, seed: int = SEED) -> dict[str, np.ndarray]:
    """The arrays of a network by name."""
    rng = np.random.default_rng(seed)
    n, crowd = size.nodes, Crowd(size, rng)
    pairs, shared = np.empty(0, np.int64), np.empty(0, np.int64)
    members: list[np.ndarray] = []
    projects: list[np.ndarray] = []
    batch = max(2000, n // 4)
    while len(pairs) < size.edges:
        project, member = crowd.join(batch, rng)
        pairs, shared = _merged(pairs, shared, _met(project, member, batch, n))
        projects.append(project + batch * len(projects))
        members.append(member)
    keep = np.sort(rng.permutation(len(pairs))[: size.edges])
    source, target, weight = pairs[keep] // n, pairs[keep] % n, shared[keep].astype(float)
    arcs = _directed(n, source, target, weight, rng)
    sector = rng.choice(len(SECTORS), size=n, p=np.array(SECTORS)).astype(np.int32)
    shuffled = rng.permutation(size.edges)  # edge lists arrive unsorted in real life
    return {
        "n": np.array(n),
        "source": source[shuffled],
        "target": target[shuffled],
        "weight": weight[shuffled],
        **arcs,
        "sector": sector,
        "member": np.concatenate(members),
        "project": np.concatenate(projects),
        "projects": np.array(batch * len(projects)),
    }


class Crowd:
    """Organisations in regions, some far busier than others."""

    def __init__(self, size: Size, rng: np.random.Generator) -> None:
        self.n, self.regions = size.nodes, size.regions
        region = rng.integers(0, size.regions, size.nodes)
        self.by_region = np.argsort(region, kind="stable")
        self.first = np.searchsorted(region[self.by_region], np.arange(size.regions + 1))
        self.at_home = [_cumulative((np.arange(count) + 3.0) ** -0.7) for count in np.diff(self.first)]
        self.anywhere = _cumulative((np.arange(size.nodes) + 10.0) ** -0.8)
        self.by_fame = rng.permutation(size.nodes)
        self.sizes = np.arange(2, size.largest_project + 1)
        likely = self.sizes.astype(float) ** -2.3
        self.likely = likely / likely.sum()

    def join(self, projects: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Project and member of each seat in new projects, sorted; nobody sits twice in one."""
        seats = rng.choice(self.sizes, size=projects, p=self.likely)
        home = rng.integers(0, self.regions, projects)
        project = np.repeat(np.arange(projects), seats)
        region = np.where(rng.random(len(project)) > 0.8, self.regions, home[project])
        drawn, member = rng.random(len(project)), np.empty(len(project), np.int64)
        seat = np.argsort(region, kind="stable")
        start = np.searchsorted(region[seat], np.arange(self.regions + 1))
        for one in range(self.regions):
            here = seat[start[one] : start[one + 1]]
            member[here] = self.by_region[self.first[one] + _pick(self.at_home[one], drawn[here])]
        elsewhere = seat[start[-1] :]
        member[elsewhere] = self.by_fame[_pick(self.anywhere, drawn[elsewhere])]
        taken = np.unique(project * self.n + member)
        return taken // self.n, taken % self.n


def _cumulative(activity: np.ndarray) -> np.ndarray:
    return np.cumsum(activity / activity.sum())


def _pick(cumulative: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    return np.minimum(np.searchsorted(cumulative, drawn), len(cumulative) - 1)


def _met(project: np.ndarray, member: np.ndarray, projects: int, n: int) -> np.ndarray:
    """Each pair of members of each project, as one number."""
    count = np.bincount(project, minlength=projects)
    first = np.r_[0, np.cumsum(count)[:-1]]
    pairs = []
    for seats in np.unique(count[count >= 2]):
        i, j = np.triu_indices(seats, 1)
        start = first[count == seats][:, None]
        a, b = member[start + i].ravel(), member[start + j].ravel()
        pairs.append(np.minimum(a, b) * n + np.maximum(a, b))
    return np.concatenate(pairs)


def _merged(pairs: np.ndarray, shared: np.ndarray, met: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct pairs and how often they met, now with these meetings."""
    new, times = np.unique(met, return_counts=True)
    merged, place = np.unique(np.r_[pairs, new], return_inverse=True)
    return merged, np.bincount(place, weights=np.r_[shared, times]).astype(np.int64)


def _directed(
    n: int, source: np.ndarray, target: np.ndarray, weight: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    degree = np.bincount(source, minlength=n) + np.bincount(target, minlength=n)
    both, to_busier = rng.random(len(source)) < 0.35, rng.random(len(source)) < 0.7
    forth = (degree[source] <= degree[target]) == to_busier
    start, end = np.where(forth, source, target), np.where(forth, target, source)
    shuffled = rng.permutation(len(source) + both.sum())
    return {
        "arc_source": np.r_[start, end[both]][shuffled],
        "arc_target": np.r_[end, start[both]][shuffled],
        "arc_weight": np.r_[weight, weight[both]][shuffled],
    }
