"""The Torino data read in plain Python, as an oracle: nothing here calls the code under test."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from functools import cached_property
from typing import Any

from tsi_graph.graph import Graph

LASTING = {"MEMBER_OF", "PART_OF", "FOUNDED", "MANAGES", "SHAREHOLDER_OF"}
OUTSIDE = {"SUPPORTS", "PARTNER_OF", "FUNDS", "INVESTS_IN", "HOSTS"}
LEGAL = (" srl", " s.p.a.", " s.c.s.", " onlus", " ets", " società cooperativa sociale")
HANGING = re.compile(
    r"(\s+(e|ed|o|di|a|da|in|con|su|per|il|lo|la|i|gli|le|del|della|dei|degli|delle|of|for|and|the))+$", re.I
)
MONEY = {"FUNDS", "INVESTS_IN"}
Row = dict[str, Any]


class Facts:
    """Nodes and documented edges of a graph as dictionaries, and what follows from them by definition."""

    def __init__(self, graph: Graph) -> None:
        self.today = graph.view.today
        self.home, self.promoters = set(graph.view.home), set(graph.view.promoters)
        self.node: dict[str, Row] = {row["id"]: row for row in rows(graph.nodes)}
        self.edges = [row for row in rows(graph.edges) if row["confidence"] >= 2]
        self.at: dict[str, list[Row]] = defaultdict(list)
        for edge in self.edges:
            for end in {edge["source"], edge["target"]}:
                self.at[end].append(edge)

    def kind(self, one: str) -> str:
        return {"Investor": "Stakeholder", "Agreement": "Project"}.get(self.node[one]["kind"], self.node[one]["kind"])

    def name(self, one: str, lang: str) -> str:
        row = self.node[one]
        return str(row["name_it"] if lang == "it" and row["name_it"] else row["name"])

    def short(self, one: str, lang: str) -> str:
        name = re.split(r" [-–/] ", self.name(one, lang))[0]
        if name.endswith("group"):
            name = self.name(one, lang)
        said = re.sub(r" \([^()]*\)", "", name)
        said = next((said[: -len(form)] for form in LEGAL if said.lower().endswith(form)), said)
        if len(said) > 40:
            said = re.sub("^(Associazione|Consorzio|Società Cooperativa) ", "", said)
        if len(said) <= 40:
            return said
        cut = HANGING.sub("", said[:39].rsplit(" ", 1)[0])
        return cut.rstrip(" ,'’") + "…"

    def party(self, one: str) -> bool:
        return self.kind(one) in ("Stakeholder", "Network", "Fund")

    def between(self, a: str, b: str) -> list[Row]:
        return [e for e in self.at[a] if {e["source"], e["target"]} == {a, b}]

    @cached_property
    def now(self) -> float:
        """The day looked from, else the newest day on which anything began."""
        starts = [row["valid_from"] for row in [*self.node.values(), *self.edges] if row["valid_from"]]
        return year(self.today) if self.today else max(map(year, starts))

    def closed(self, one: str) -> bool:
        end = self.node[one]["valid_to"]
        return bool(end) and year(end) < self.now

    @cached_property
    def office(self) -> set[str]:
        """The alliance, the promoters and their units."""
        units = {e["source"] for e in self.edges if e["kind"] == "PART_OF" and e["target"] in self.promoters}
        return self.home | self.promoters | {one for one in units if self.kind(one) == "Stakeholder"}

    @cached_property
    def purses(self) -> set[str]:
        """Public bodies that do nothing documented but pay or back others."""
        public = {one for one, row in self.node.items() if row["sector"] == "public body"}
        does = {e["source"] for e in self.edges if e["kind"] not in MONEY | {"SUPPORTS"}}
        return public - does - {e["target"] for e in self.edges}

    def introduces(self, one: str) -> bool:
        """Whether a body may introduce without being the team."""
        bodies = self.kind(one) in ("Stakeholder", "Network")
        return bodies and not self.closed(one) and one not in self.office and one not in self.purses

    @cached_property
    def events(self) -> dict[str, dict[str, list[Row]]]:
        """Who takes part in which project, network or fund, by which edges."""
        found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for edge in self.edges:
            for one, event in ((edge["source"], edge["target"]), (edge["target"], edge["source"])):
                shared = self.kind(event) in ("Project", "Network", "Fund") and event not in self.home
                outside = edge["kind"] in OUTSIDE and self.kind(event) == "Network"
                if one != event and self.party(one) and shared and not outside:
                    found[event][one].append(edge)
        return found

    @cached_property
    def takes_part(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for event, people in self.events.items():
            for one in people:
                found[one].add(event)
        return found

    def stated(self, a: str, b: str) -> list[Row]:
        """The ties of their own, membership of the alliance and patronage of networks apart."""
        return [
            e for e in self.between(a, b)
            if a != b and self.party(a) and self.party(b)
            and not (e["kind"] in ("MEMBER_OF", "SIGNATORY_OF") and e["target"] in self.home)
            and not (e["kind"] == "SUPPORTS" and self.kind(e["target"]) == "Network")
        ]  # fmt: skip

    def last(self, edge: Row) -> float | None:
        if edge["valid_to"]:
            return year(edge["valid_to"])
        return year(edge["valid_from"]) if edge["valid_from"] and edge["kind"] not in LASTING else None

    def left(self, when: float | None) -> float:
        """What is left of something that last held at some time."""
        return 1.0 if when is None else 2.0 ** (-max(self.now - when, 0.0) / 4)

    def fading(self, event: str) -> float:
        row = self.node[event]
        if row["valid_to"]:
            return self.left(year(row["valid_to"]))
        if self.kind(event) != "Project":
            return 1.0
        if row["valid_from"]:
            return self.left(year(row["valid_from"]))
        seen = [self.last(e) for edges in self.events[event].values() for e in edges]
        return self.left(max((s for s in seen if s is not None), default=None))

    def evidence(self, a: str, b: str) -> float:
        shared = self.takes_part[a] & self.takes_part[b]
        direct = sum(self.left(self.last(e)) for e in self.stated(a, b))
        return direct + sum(self.fading(e) / max(len(self.events[e]) - 1, 1) ** 0.5 for e in shared)

    @cached_property
    def tied(self) -> dict[str, set[str]]:
        """Who has a documented tie to whom, of their own or by what they share."""
        found: dict[str, set[str]] = defaultdict(set)
        for edge in self.edges:
            if self.stated(edge["source"], edge["target"]):
                found[edge["source"]].add(edge["target"])
                found[edge["target"]].add(edge["source"])
        for people in self.events.values():
            for one in people:
                found[one] |= people.keys() - {one}
        return found

    def partners(self, one: str) -> set[str]:
        """Partners in the sense of a reason: the team and closed bodies apart."""
        return {z for z in self.tied[one] if self.introduces(z)}

    def members(self, network: str) -> set[str]:
        inside = {e["source"] for e in self.at[network] if e["kind"] == "MEMBER_OF" and e["target"] == network}
        return {one for one in inside if not self.closed(one)}

    def member_of(self, one: str) -> set[str]:
        return {e["target"] for e in self.at[one] if e["kind"] == "MEMBER_OF" and e["source"] == one}

    def pays(self, one: str) -> set[str]:
        return {e["target"] for e in self.at[one] if e["kind"] in MONEY and e["source"] == one}

    def paying(self, one: str) -> bool:
        return bool(self.pays(one)) or self.node[one]["kind"] in ("Fund", "Investor")

    def own_topics(self, one: str, *, sourced: bool = False) -> set[str]:
        return {
            e["target"] for e in self.at[one]
            if e["kind"] == "WORKS_ON" and e["source"] == one and not (sourced and "editorial" in e["origin"].lower())
        }  # fmt: skip

    def topics(self, one: str, *, sourced: bool = False) -> set[str]:
        """Topics of a body and of what it takes part in."""
        return set().union(*(self.own_topics(x, sourced=sourced) for x in (one, *self.takes_part[one])))

    @cached_property
    def ecosystem(self) -> set[str]:
        cities = {self.node[h]["city"] for h in self.home if h in self.node} - {""}
        inside = {
            e["source"] for e in self.edges if e["kind"] in ("MEMBER_OF", "SIGNATORY_OF") and e["target"] in self.home
        }
        bodies = {one for one in self.node if self.kind(one) == "Stakeholder"}
        return {one for one in bodies if self.node[one]["city"] in cities or one in inside}

    def open_ports(self, network: str) -> set[str]:
        """Who of the ecosystem, or the alliance, has a tie that stands, or runs a project with a network."""
        ours = {one for one in self.ecosystem | (self.home & self.node.keys()) if not self.closed(one)}
        stated = {
            one for one in ours
            if any(not (e["valid_to"] and year(e["valid_to"]) < self.now) for e in self.stated(one, network))
        }  # fmt: skip
        runs = {
            e for e in self.takes_part[network]
            if self.kind(e) == "Project" and self.node[e]["valid_to"] and year(self.node[e]["valid_to"]) >= self.now
        }  # fmt: skip
        return (stated | {one for e in runs for one in self.events[e]} & ours) - {network}

    @cached_property
    def inside(self) -> list[Row]:
        """The ties inside houses."""
        return [e for e in self.edges if e["kind"] in LASTING - {"MEMBER_OF"}]

    def house(self, one: str) -> set[str]:
        """Parents and units, and whatever one of them founded, owns, runs or belongs to."""
        family, before = {one}, set()
        while family != before:
            before = set(family)
            for e in self.inside:
                bodies = self.kind(e["source"]) == self.kind(e["target"]) == "Stakeholder"
                if e["kind"] == "PART_OF" and bodies and {e["source"], e["target"]} & family:
                    family |= {e["source"], e["target"]}
        return family | {
            end for e in self.inside for end in (e["source"], e["target"]) if {e["source"], e["target"]} & family
        }  # fmt: skip


def rows(table: Any) -> list[Row]:
    """The rows of a table, what is missing as blank text."""
    clean = table.astype(object).where(table.notna(), "")
    return [{str(k): v for k, v in row.items()} for row in clean.to_dict("records")]


def year(text: str) -> float:
    """The last day that a date may be, in years."""
    if text == "..":
        return 9999.0
    y, m, d = (*map(int, text.split("-")), 0, 0)[:3]
    month = m or 12
    last = (date(y + month // 12, month % 12 + 1, 1) - date(y, month, 1)).days
    return y + (month - 1) / 12 + ((d or last) - 1) / 372
