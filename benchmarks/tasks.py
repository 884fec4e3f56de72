"""What is measured: a line for each task, with the goal that it is held to and the sizes at which it is run."""

from __future__ import annotations

from dataclasses import dataclass

ALL = ("city", "region", "nation", "continent")
SMALL, LARGE = ALL[:2], ALL[2:]
TOP = 10
"""How many recommendations are asked for."""


@dataclass(frozen=True)
class Task:
    """A task is the method of that name in each adapter of `peers/`; who lacks the method is left out.

    answer: how answers are compared (`checks.py`). needs: what an adapter makes before the clock starts;
    makes: what the task itself makes. goal: how many times faster than the best peer the product should
    be; judged: the sizes at which that counts. queries: what the adapter asks one by one, so that the
    time is told for one of them. tolerance: the difference up to which two answers agree.
    """

    name: str
    measures: str
    answer: str = "numbers"
    goal: float | None = None
    needs: str = "graph"
    makes: str = ""
    sizes: tuple[str, ...] = ALL
    judged: tuple[str, ...] = ALL
    queries: str = ""
    tolerance: float = 1e-6


TASKS = {
    task.name: task
    for task in (
        Task("build", "graph from integer arrays", "", 1.5, "", "graph"),
        Task("build_directed", "the same with direction, both ways round", "", None, "", "digraph"),
        Task("degree", "degree"),
        Task("strength", "summed weight"),
        Task("pagerank", "PageRank, undirected, error 1e-10", "shares", 2.2),
        Task("pagerank_directed", "PageRank, directed, error 1e-10", "shares", 1.5, needs="digraph"),
        Task("eigenvector", "eigenvector centrality", "shares", 1.3),
        Task("harmonic", "harmonic centrality, exact", goal=40, sizes=SMALL),
        Task("closeness", "closeness, exact", goal=40, sizes=SMALL),
        Task("harmonic_sampled", "harmonic centrality, 512 sources", goal=40, sizes=LARGE),
        Task("betweenness", "betweenness, exact", goal=2.5, sizes=SMALL),
        Task("betweenness_sampled", "betweenness, 256 sources (continent: 32)", goal=2.5, sizes=LARGE),
        Task("core", "k-core", goal=1.2),
        Task("components", "components", "parts", 4),
        Task("articulation_points", "articulation points", "nodes", 2, judged=LARGE),
        Task("bridges", "bridges", "pairs", 2, judged=LARGE),
        Task("louvain", "communities against Louvain", "communities", 1.2, tolerance=0.0005),
        Task("leiden", "communities against Leiden", "communities", 1.3, tolerance=0.0005),
        Task("constraint", "Burt's constraint, weighted", goal=7),
        Task("effective_size", "effective size", goal=5),
        Task("effective_size_weighted", "effective size, weighted", goal=50),
        Task("roles", "Gould-Fernandez, five roles", goal=4, needs="digraph", tolerance=0),
        Task("adamic_adar_all", "Adamic-Adar, top 10 of all nodes", "scores", 2),
        Task("resource_allocation_all", "resource allocation, top 10 of all nodes", "scores", 2),
        Task("adamic_adar_query", "Adamic-Adar, top 10 of one node", "scores", 5, queries="queries"),
        Task("personal_pagerank", "personalised PageRank of one node, error 1e-8", goal=1.9, queries="walkers"),
        Task(
            "walk",
            "personalised PageRank, top 10 of one node",
            "ranking",
            12,
            judged=LARGE,
            queries="walkers",
            tolerance=0.03,
        ),
        Task("project", "two-mode projection", goal=1.3, needs="memberships"),
        Task("spread", "two-mode spreading, top 10 of all nodes", "scores", 1.5, needs="memberships"),
    )
}
"""For `scores` the scores must agree, since equal ones are ranked differently; for a `ranking`, which is
approximate, 97 % of the ids. Two communities agree when their modularities do."""

SCALING = ("constraint", "roles", "adamic_adar_all", "betweenness", "betweenness_sampled", "harmonic",
           "harmonic_sampled", "pagerank")  # fmt: skip
"""What two cores should do 1.7 times as fast as one."""
SCALING_GOAL = 1.7
EXEMPT = 0.0002
"""Seconds: calls that the best peer answers sooner are not judged at city size, where only call overhead is left."""
