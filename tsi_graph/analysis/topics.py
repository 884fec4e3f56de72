"""How far each topic is covered: who works on it, with which money, and what is missing."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from tsi_graph.analysis.roles import group_values
from tsi_graph.fields import plain
from tsi_graph.graph import Graph
from tsi_graph.language import Words, filled
from tsi_graph.remembered import once_per_graph

WORDS: dict[str, Words] = {
    "nothing": ("Nessuno documentato", "Nobody documented"),
    "funds_no_project": ("{funds}, nessun progetto", "{funds}, no project"),
    "projects_no_funder": (
        "{projects}, nessun finanziatore dell'ecosistema",
        "{projects}, no funder of the ecosystem",
    ),
    "projects_no_body": ("{projects}, nessuna organizzazione", "{projects}, no organisation"),
    "one_body": ("Un attore solo: {name}", "One actor only: {name}"),
    "bodies_no_project": ("{bodies}, nessun progetto", "{bodies}, no project"),
    "fund": ("1 fondo", "1 fund"),
    "funds": ("{n} fondi", "{n} funds"),
    "project": ("1 progetto", "1 project"),
    "projects": ("{n} progetti", "{n} projects"),
    "body": ("1 organizzazione", "1 organisation"),
    "bodies": ("{n} organizzazioni", "{n} organisations"),
    "label": ("Forse manca l'etichetta, non l'attività.", "Perhaps the label is missing, not the activity."),
    "kin": (
        "In un altro schema, «{name}» ha {projects}: forse manca l'etichetta, non l'attività.",
        "In another scheme, “{name}” has {projects}: perhaps the label is missing, not the activity.",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Covered:
    """One topic, with what is documented of it.

    projects, funds, bodies and funders are ids; funders are bodies of `within` that pay into one of its projects or
    work on it as a funder. kin is the topic of another scheme that is about the same, if one is. lacking says in
    words what is missing, blank where nothing is; remark what else to know.
    """

    id: str
    name: str
    scheme: str
    projects: tuple[str, ...]
    funds: tuple[str, ...]
    bodies: tuple[str, ...]
    funders: tuple[str, ...]
    kin: str
    lacking: str
    remark: str


@dataclass(frozen=True)
class Scheme:
    """A scheme of topics: of its projects how many have one of its topics, and its topics, the poorest first.

    uncovered counts the topics that lack something.
    """

    name: str
    labelled: int
    projects: int
    uncovered: int
    topics: tuple[Covered, ...]


def schemes(graph: Graph, within: np.ndarray, lang: str = "it") -> list[Scheme]:
    """Each scheme of topics with what is documented of each of its topics; the scheme with most topics first.

    within: the organisations that count as those of the ecosystem. A project that works on every topic of a scheme,
    as its plan does, is a project of none of them. Costs the ties of the topics.
    """
    on, project = _on(graph), graph.kinds_of("Project")
    found: dict[str, list[int]] = {}
    for node in np.flatnonzero(graph.kinds_of("Topic")).tolist():
        found.setdefault(str(_text(graph, "scheme")[node]), []).append(node)
    plans = {plan for topics in found.values() for plan in _plans(on, topics)}
    workers = {topic: [w for w in on.get(topic, ()) if w not in plans] for topic in _all(found)}
    out = []
    for name, topics in found.items():
        labelled = {w for topic in topics for w in workers[topic] if project[w]}
        rows = [_covered(graph, topic, workers, found, within, lang) for topic in topics]
        rows.sort(key=lambda one: (not one.lacking, len(one.projects) + len(one.bodies), one.id))
        uncovered = sum(bool(one.lacking) for one in rows)
        out.append(Scheme(name, len(labelled), int(project.sum()) - len(plans), uncovered, tuple(rows)))
    return sorted(out, key=lambda one: (-len(one.topics), one.name))


def _all(found: dict[str, list[int]]) -> list[int]:
    return [topic for topics in found.values() for topic in topics]


@once_per_graph
def _on(graph: Graph) -> dict[int, tuple[int, ...]]:
    """Who and what works on each topic."""
    i, j = graph.ends
    at = graph.edges["kind"].eq("WORKS_ON").to_numpy(bool)
    found: dict[int, set[int]] = {}
    for worker, topic in zip(i[at].tolist(), j[at].tolist(), strict=True):
        found.setdefault(topic, set()).add(worker)
    return {topic: tuple(sorted(who)) for topic, who in found.items()}


def _plans(on: dict[int, tuple[int, ...]], topics: list[int]) -> set[int]:
    """What works on every topic of a scheme that has anybody at work, and there are more than two."""
    worked = [set(on[topic]) for topic in topics if topic in on]
    return set.intersection(*worked) if len(worked) > 2 else set()


def _covered(
    graph: Graph, topic: int, workers: dict[int, list[int]], found: dict[str, list[int]], within: np.ndarray, lang: str
) -> Covered:
    project, fund, ids = graph.kinds_of("Project"), graph.kinds_of("Fund"), graph.nodes["id"].to_numpy(object)
    at_work = workers[topic]
    projects, funds = [w for w in at_work if project[w]], [w for w in at_work if fund[w]]
    takers, payers = _people(graph, projects)
    bodies = sorted({w for w in at_work if within[w]} | {w for w in takers if within[w]})
    funders = sorted({w for w in payers if within[w]})
    kin = _kin(graph, topic, workers, found)
    lacking = _lacking(graph, projects, funds, bodies, funders, lang)
    remark = ""
    if lacking and not projects:
        n = sum(bool(project[w]) for w in workers[kin]) if kin is not None else 0
        told = _count("project", n, lang)
        remark = _say("kin", lang, name=_name(graph, kin, lang), projects=told) if kin is not None and n else ""
        remark = remark or (_say("label", lang) if bodies or funds else "")
    return Covered(
        id=str(ids[topic]), name=_name(graph, topic, lang), scheme=str(_text(graph, "scheme")[topic]),
        projects=tuple(map(str, ids[projects])), funds=tuple(map(str, ids[funds])),
        bodies=tuple(map(str, ids[bodies])), funders=tuple(map(str, ids[funders])),
        kin="" if kin is None else str(ids[kin]), lacking=lacking, remark=remark,
    )  # fmt: skip


def _people(graph: Graph, projects: list[int]) -> tuple[set[int], set[int]]:
    """Who takes part in some projects, and who pays for them."""
    i, j = graph.ends
    kind = graph.edges["kind"].to_numpy(object)
    into = np.isin(j, projects)
    pays = np.isin(kind, ("FUNDS", "INVESTS_IN"))
    takers = set(i[into & (kind == "PARTICIPATES_IN")].tolist()) | set(
        j[np.isin(i, projects) & (kind == "HOSTS")].tolist()
    )
    payers = set(i[into & pays].tolist())
    if "funder" in graph.nodes:
        at = {str(one): k for k, one in enumerate(graph.nodes["id"])}
        named = (str(one) for one in _text(graph, "funder")[projects])
        payers |= {at[one] for one in named if one in at}
    return takers, payers


def _lacking(
    graph: Graph, projects: list[int], funds: list[int], bodies: list[int], funders: list[int], lang: str
) -> str:
    told = {what: _count(what, len(those), lang) for what, those in (("fund", funds), ("project", projects))}
    if not projects and not bodies and not funds:
        return _say("nothing", lang)
    if not projects and funds:
        return _say("funds_no_project", lang, funds=told["fund"])
    if len(bodies) == 1 and not projects:
        return _say("one_body", lang, name=_name(graph, bodies[0], lang))
    if not projects:
        return _say("bodies_no_project", lang, bodies=_count("body", len(bodies), lang))
    if not bodies:
        return _say("projects_no_body", lang, projects=told["project"])
    if not funders:
        return _say("projects_no_funder", lang, projects=told["project"])
    return ""


def _kin(graph: Graph, topic: int, workers: dict[int, list[int]], found: dict[str, list[int]]) -> int | None:
    """The topic of another scheme whose name has the beginning of a long word in common; the most worked on of several.

    The schemes name no topic of one another, so names are all there is to go by.
    """
    scheme = _text(graph, "scheme")
    mine = _stems(graph, topic)
    others = [t for t in _all(found) if scheme[t] != scheme[topic] and _stems(graph, t) & mine]
    return max(others, key=lambda t: (len(_stems(graph, t) & mine), len(workers[t]), -t), default=None)


def _stems(graph: Graph, topic: int) -> set[str]:
    words = re.findall(r"[a-z]{6,}", plain(f"{_name(graph, topic, 'en')} {_name(graph, topic, 'it')}"))
    return {word[:6] for word in words} - VAGUE


VAGUE = {"social", "innova", "action", "azioni", "econom", "topics", "commun", "comuni", "svilup", "develo"}
"""Beginnings of words that half of all topics have."""


def _name(graph: Graph, node: int, lang: str) -> str:
    row = graph.nodes.iloc[node]
    italian = row.get("name_it")
    return str(italian) if lang == "it" and isinstance(italian, str) and italian else str(row["name"])


def _text(graph: Graph, column: str) -> np.ndarray:
    return (
        np.where((values := group_values(graph, column)) == "not stated", "", values)
        if column in graph.nodes
        else np.full(len(graph), "", dtype=object)
    )


def _count(what: str, n: int, lang: str) -> str:
    many = {"fund": "funds", "project": "projects", "body": "bodies"}[what]
    return _say(what if n == 1 else many, lang, n=n)


def _say(key: str, lang: str, **values: object) -> str:
    return filled(lang, WORDS[key], **values)
