"""Where the data are thin: what is documented against what there should be, the members of the alliance first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tsi_graph.analysis.coverage import tie_counts
from tsi_graph.graph import MEMBERSHIP, Graph
from tsi_graph.remembered import remembering


@dataclass(frozen=True)
class Hole:
    """How many of how many. about: what is counted; id and name: the network, where it is the members of one.

    stated is the number of members as it was declared, in words.
    """

    about: str
    documented: int
    of: int
    id: str = ""
    name: str = ""
    stated: str = ""

    @property
    def missing(self) -> int:
        return max(self.of - self.documented, 0)


def holes(graph: Graph, declared: Mapping[str, str] | None = None) -> list[Hole]:
    """The members of the alliance first, documented against declared, then those of other networks that declare a
    number and what is known of organisations, projects and ties: the largest holes first.

    declared: how many members each network says it has (`history.declared`), rather than what wins of it. Worked out
    once for each graph.
    """
    return list(_holes(graph, tuple(sorted((declared or {}).items()))))


@remembering(2)
def _holes(graph: Graph, told: tuple[tuple[str, str], ...]) -> tuple[Hole, ...]:
    declared = dict(told)
    nodes, edges = graph.nodes, graph.edges
    ours, project = graph.kinds_of("Stakeholder"), graph.kinds_of("Project")
    i, j = graph.ends
    members = edges["kind"].isin(MEMBERSHIP).to_numpy(bool)
    found = []
    for at in np.flatnonzero(graph.kinds_of("Network")).tolist():
        stated = declared.get(str(nodes["id"].iat[at])) or str(_text(nodes, "members_stated").iat[at])
        home = nodes["id"].iat[at] in graph.view.home
        documented = len(np.unique(i[members & (j == at)]))
        if stated or home:
            of = number(stated)
            found.append(Hole("members", documented, of, str(nodes["id"].iat[at]), str(nodes["name"].iat[at]), stated))
    topics = np.intersect1d(i[edges["kind"].eq("WORKS_ON").to_numpy(bool)], np.flatnonzero(project))
    money = edges["kind"].isin(("FUNDS", "INVESTS_IN")).to_numpy(bool)
    dated = (_text(edges, "valid_from") != "") | (_text(edges, "valid_to") != "")
    bodies = int(ours.sum())
    found += [
        Hole("tied", int((tie_counts(graph)[ours] > 0).sum()), bodies),
        Hole("city", int((_text(nodes, "city")[ours] != "").sum()), bodies),
        Hole("website", int((_text(nodes, "website")[ours] != "").sum()), bodies),
        Hole("topic", len(topics), int(project.sum())),
        Hole("dated", int(dated.sum()), len(edges)),
        Hole("amount", int((money & edges["amount"].notna().to_numpy(bool)).sum()) if "amount" in edges else 0,
             int(money.sum())),
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.id not in graph.view.home, -one.missing, one.about, one.id)))


def by_place(graph: Graph, of: str = "city") -> pd.DataFrame:
    """Each place, or each sector, one row each: how many organisations, and how many with a tie beyond membership."""
    return _by_place(graph, of).copy()


@remembering(8)
def _by_place(graph: Graph, of: str) -> pd.DataFrame:
    ours = graph.kinds_of("Stakeholder")
    tied = tie_counts(graph)[ours] > 0
    table = pd.DataFrame({of: _text(graph.nodes, of)[ours].to_numpy(object), "tied": tied.astype(int)})
    found = table.groupby(of)["tied"].agg(["size", "sum"]).reset_index()
    found = found.rename(columns={"size": "organisations", "sum": "tied"})
    return found.sort_values(["organisations", of], ascending=[False, True], kind="stable", ignore_index=True)


def _text(table: pd.DataFrame, column: str) -> pd.Series:
    if column not in table:
        return pd.Series("", index=table.index, dtype=object)
    return table[column].astype(object).where(table[column].notna(), "").astype(str)


def number(stated: str) -> int:
    """The first number of a text; more than 50 is 50.

    >>> number("over 1.400 partners"), number("")
    (1400, 0)
    """
    found = re.search(r"\d[\d.,]*", stated)
    return int(re.sub(r"\D", "", found[0])) if found else 0
