"""What is known of a body, tie by tie in words with date and source, and where sources do not agree."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from tsi_graph.analysis.coverage import beyond_membership
from tsi_graph.fields import FIELDS, LEVELS, leads
from tsi_graph.graph import MEMBERSHIP, Graph
from tsi_graph.language import filled, short
from tsi_graph.recommend.columns import alliance, full_names, ids, is_kind, last_days, of_edges, of_nodes
from tsi_graph.recommend.constants import SMALL_GROUP
from tsi_graph.recommend.doors import outside_networks
from tsi_graph.recommend.ties import LASTING, fabric
from tsi_graph.standing import records, standing, versions
from tsi_graph.statements import ROW, Table

# Whole sentences without their subject: the body itself, first as the start of a tie, then as its other end.
SAYS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "PARTICIPATES_IN": (("Partecipa a {b}", "Takes part in {b}"), ("Vi partecipa {b}", "{b} takes part in it")),
    "MEMBER_OF": (("Aderisce a {b}", "Is a member of {b}"), ("Vi aderisce {b}", "{b} is a member of it")),
    "WORKS_ON": (("Lavora su {b}", "Works on {b}"), ("Ci lavora {b}", "{b} works on it")),
    "FUNDS": (("Finanzia {b}", "Funds {b}"), ("È fra i soggetti finanziati da {b}", "Is funded by {b}")),
    "INVESTS_IN": (("Investe in {b}", "Invests in {b}"), ("Riceve un investimento da {b}", "{b} invests in it")),
    "SUPPORTS": (("Sostiene {b}", "Supports {b}"), ("Ha il sostegno di {b}", "Is supported by {b}")),
    "PART_OF": (("Fa parte di {b}", "Is part of {b}"), ("Ne fa parte {b}", "{b} is part of it")),
    "FOUNDED": (("Ha fondato {b}", "Founded {b}"), ("È nata per iniziativa di {b}", "Was set up by {b}")),
    "MANAGES": (("Gestisce {b}", "Manages {b}"), ("Ha la gestione di {b}", "Is managed by {b}")),
    "PARTNER_OF": (("Collabora con {b}", "Works with {b}"), ("Collabora con {b}", "Works with {b}")),
    "SIGNATORY_OF": (("Ha firmato {b}", "Signed {b}"), ("Lo ha firmato {b}", "{b} signed it")),
    "SHAREHOLDER_OF": (("Detiene quote di {b}", "Holds shares of {b}"), ("Ha fra i soci {b}", "Is owned by {b}")),
    "HOSTS": (("Ospita {b}", "Hosts {b}"), ("È presso {b}", "Is hosted by {b}")),
}  # fmt: skip
LEADING = ("È capofila di {b}", "Leads {b}")
OTHER = (("Ha un legame con {b}", "Has a tie with {b}"), ("Ha un legame con {b}", "Has a tie with {b}"))


@dataclass(frozen=True)
class Fact:
    """One tie of a body: before, the other end and after read as a sentence without its subject.

    participants counts those of a project of more than eight, else 0: all of those do not know one another. last is
    the last documented year, for the order.
    """

    fact: str
    kind: str
    before: str
    other: str
    other_name: str
    after: str
    role: str
    valid_from: str
    valid_to: str
    participants: int
    origin: str
    confidence: str
    last: int | None
    row: int = field(repr=False, compare=False)

    @property
    def sentence(self) -> str:
        return f"{self.before}{self.other_name}{self.after}"


@dataclass(frozen=True)
class Version:
    """What one source says of a disputed fact; `used` marks the one that is shown."""

    value: Any
    origin: str
    confidence: str
    used: bool
    statement: str


@dataclass(frozen=True)
class Dispute:
    """A fact on which sources disagree: of a node (no relation) or of a tie, and its versions, the best first."""

    fact: str
    node: str
    node_name: str
    relation: str
    target: str
    target_name: str
    field: str
    field_name: str
    versions: tuple[Version, ...]
    decided: bool

    @property
    def used(self) -> int:
        """The place of the version that is used, from 0."""
        return next((place for place, one in enumerate(self.versions) if one.used), 0)


@dataclass(frozen=True)
class Completeness:
    """How many ties are known, how many have a date and high confidence; the last fact, and which fields are blank."""

    ties: int
    dated: int
    high: int
    last: str
    blank: tuple[str, ...]
    blank_words: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """All that is known of a body.

    facts are its ties; that it belongs to the alliance or signed its memorandum is none and stands in membership,
    and so do topics, which say what it does and not with whom. partners counts the organisations and networks tied
    to it, promoters apart; international the European and global networks among them. unverified are ties that
    somebody claims and nobody verified: no facts.
    """

    facts: tuple[Fact, ...]
    unverified: tuple[Fact, ...]
    disputes: tuple[Dispute, ...]
    complete: Completeness
    partners: int
    international: int
    membership: tuple[Fact, ...]
    topics: tuple[str, ...]


def known(graph: Graph, node: str, table: Table, lang: str = "it", *, low: Graph | None = None) -> Known:
    """What is known of a body, the newest and strongest ties first. Raises NotFound.

    low: the same view with what nobody verified.
    """
    at = graph.position(node)
    every = sorted(_facts(graph, node, lang), key=_newest)
    sure = {one.fact for one in every}
    about = beyond_membership(graph)
    facts = [one for one in every if about[one.row]]
    unverified = [one for one in _facts(low, node, lang) if one.fact not in sure] if low and node in low.ids else []
    near = fabric(graph).near(at)
    apart = graph.ids.isin(graph.view.promoters) | alliance(graph)
    party = is_kind(graph, "Stakeholder") | is_kind(graph, "Network")
    far = outside_networks(graph) & (of_nodes(graph, "scope") != "national")
    home = [one for one in every if one.other in graph.view.home and one.kind in MEMBERSHIP]
    topics = [one.other for one in every if is_kind(graph, "Topic")[graph.position(one.other)]]
    return Known(
        facts=tuple(facts), unverified=tuple(sorted(unverified, key=_newest)),
        disputes=tuple(disputes(graph, node, table, lang)), complete=_complete(graph, at, facts, lang),
        partners=int((party & ~apart)[near].sum()), international=int(far[near].sum()),
        membership=tuple(home), topics=tuple(topics),
    )  # fmt: skip


def _facts(graph: Graph, node: str, lang: str) -> Iterator[Fact]:
    mine = (graph.edges["source"] == node) | (graph.edges["target"] == node)
    names, now = full_names(graph, lang), fabric(graph).now
    levels = graph.edges["confidence"].to_numpy(int) if "confidence" in graph.edges else np.full(len(mine), 2)
    for k in np.flatnonzero(mine.to_numpy(bool)).tolist():
        starts = str(graph.edges["source"].iat[k]) == node
        i, j = (int(end[k]) for end in graph.ends)
        b = j if starts else i
        kind = str(of_edges(graph, "kind")[k])
        led = starts and kind == "PARTICIPATES_IN" and leads(str(of_edges(graph, "role")[k]))
        said = LEADING if led else SAYS.get(kind, OTHER)[0 if starts else 1]
        name = short(str(names[b]))
        before, after = filled(lang, said, b="\0").split("\0")
        project, n = is_kind(graph, "Project")[b], int(fabric(graph).size[b])
        start, end = (str(of_edges(graph, column)[k]) for column in ("valid_from", "valid_to"))
        if project:  # of an undated part in a project, the project's own days
            start, end = (start or str(of_nodes(graph, "valid_from")[b]), end or str(of_nodes(graph, "valid_to")[b]))
        years = [int(day[:4]) for day in (end, start) if day[:4].isdigit()]
        lasting = kind in LASTING and not end and not (last_days(graph)[b] < now)
        level = int(levels[k])
        yield Fact(
            fact=str(graph.edges["fact"].iat[k]) if "fact" in graph.edges else f"{node}|{kind}|{ids(graph)[b]}",
            kind=kind, before=before, other=str(ids(graph)[b]), other_name=name, after=after,
            role=str(of_edges(graph, "role")[k]), valid_from=start, valid_to=end,
            participants=n if project and n > SMALL_GROUP else 0, origin=str(of_edges(graph, "origin")[k]),
            confidence=LEVELS[level], last=int(now) if lasting and years else max(years, default=None), row=k,
        )  # fmt: skip


STRONG = ("FOUNDED", "SHAREHOLDER_OF", "MANAGES", "PART_OF", "MEMBER_OF", "PARTNER_OF", "INVESTS_IN", "FUNDS", "HOSTS")


def _newest(one: Fact) -> tuple[object, ...]:
    """The most recent first, undated ones after; of a year the stronger relation, small groups before large ones."""
    strength = STRONG.index(one.kind) if one.kind in STRONG else len(STRONG)
    sure = tuple(LEVELS.values()).index(one.confidence)
    return (-(one.last or 0), bool(one.participants), strength, sure, one.fact)


def _complete(graph: Graph, at: int, facts: list[Fact], lang: str) -> Completeness:
    dates = [day for one in facts for day in (one.valid_to, one.valid_from) if day[:4].isdigit()]
    blank = [name for name in ("city", "website", "register_id") if not of_nodes(graph, name)[at]]
    return Completeness(
        ties=len(facts), dated=sum(bool(one.valid_from or one.valid_to) for one in facts),
        high=sum(one.confidence == "high" for one in facts), last=max(dates, default=""), blank=tuple(blank),
        blank_words=tuple(filled(lang, FIELDS[name]) for name in blank),
    )  # fmt: skip


def disputes(graph: Graph, node: str, table: Table, lang: str = "it") -> list[Dispute]:
    """Where statements disagree about a body, one of its ties, or a project that it takes part in."""
    about = {node} | _projects(graph, node)
    now = standing(table, as_of=graph.view.as_of, confidence=graph.view.confidence)
    mine = (now["node"] == node) | (now["target"] == node) | (now["node"].isin(about) & (now["field"] == ROW))
    found = versions(now[mine & now["disputed"].map(bool)])
    return [
        _dispute(graph, records(pd.DataFrame(these)), lang) for _, these in found.groupby(["fact", "field"], sort=False)
    ]


def _projects(graph: Graph, node: str) -> set[str]:
    i, j = graph.ends
    at, project = graph.position(node), is_kind(graph, "Project")
    return set(ids(graph)[np.unique(np.r_[j[(i == at) & project[j]], i[(j == at) & project[i]]])])


def _dispute(graph: Graph, rows: list[dict[str, Any]], lang: str) -> Dispute:
    names = full_names(graph, lang)

    def name(one: str) -> str:
        return short(str(names[graph.position(one)])) if one in graph.ids else one

    first = rows[0]
    seen: dict[str, Version] = {}
    for row in rows:  # of those who say the same, the best speaks for all
        key = json.dumps(row["value"], sort_keys=True, default=str)
        used = bool(row["wins"]) or (key in seen and seen[key].used)
        version = seen.get(key) or Version(
            row["value"], row["origin"], LEVELS[int(row["confidence"])], used, row["statement"]
        )
        seen[key] = Version(version.value, version.origin, version.confidence, used, version.statement)
    tie = bool(first["target"])
    return Dispute(
        fact=first["fact"], node=first["node"], node_name=name(first["node"]),
        relation=first["relation"] if tie else "", target=first["target"],
        target_name=name(first["target"]) if tie else "", field=first["field"],
        field_name=filled(lang, FIELDS.get(first["field"], (first["field"],) * 2)), versions=tuple(seen.values()),
        decided=all(row["why"] != "disputed" for row in rows),
    )  # fmt: skip
