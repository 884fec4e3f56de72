"""The rows of each ready question, computed on the tables of a graph; the same rows as its Cypher gives."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tsi_graph.analysis.cut_off import cut_off
from tsi_graph.fields import leads
from tsi_graph.graph import Graph
from tsi_graph.recommend.columns import of_nodes
from tsi_graph.recommend.ledger.reading import Considered
from tsi_graph.recommend.position import organisations
from tsi_graph.recommend.routes import routes
from tsi_graph.recommend.rules import closed, office, purses
from tsi_graph.recommend.ties import fabric
from tsi_graph.remembered import once_per_graph

MONEY = ("FUNDS", "INVESTS_IN")
DATED = {"valid_from": "since", "valid_to": "until"}


def ordered(table: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """By keys; one that begins with - falls."""
    found: pd.DataFrame = table.sort_values(
        [key.lstrip("-") for key in keys], ascending=[key[0] != "-" for key in keys], kind="stable", ignore_index=True
    )
    return found


def edges_of(graph: Graph, *kinds: str) -> pd.DataFrame:
    found = graph.edges[graph.edges["kind"].isin(kinds)]
    return found.rename(columns=DATED)


def named(graph: Graph, table: pd.DataFrame, key: str, **columns: str) -> pd.DataFrame:
    """The table with columns of the nodes that `key` names: new column = column of the nodes."""
    nodes = graph.nodes.set_index("id")
    return table.assign(**{new: table[key].map(nodes[old]) for new, old in columns.items()})


def ids_of(graph: Graph, base: str) -> pd.Series:
    found: pd.Series = graph.nodes["id"][graph.kinds_of(base)]
    return found


def what_joins(graph: Graph, x: str, y: str) -> pd.DataFrame:
    mine = both_ways(graph)
    near = set(mine["other"][mine["end"] == y]) | {y}
    found = mine[(mine["end"] == x) & mine["other"].isin(near - {x})].rename(columns={"other": "id"})
    return ordered(named(graph, found, "id", what="kind", name="name"), "id", "kind", "fact")[
        ["kind", "id", "what", "name", "since", "until", "origin", "fact"]
    ]


def both_ways(graph: Graph) -> pd.DataFrame:
    """Each edge from either of its ends: end, other, direction."""
    edges = graph.edges.rename(columns=DATED)
    to = edges.assign(end=edges["source"], other=edges["target"], direction="to")
    back = edges.assign(end=edges["target"], other=edges["source"], direction="from")
    return pd.concat([to, back[back["end"] != back["other"]]], ignore_index=True)


def worked_on_topic(graph: Graph, x: str) -> pd.DataFrame:
    works = edges_of(graph, "WORKS_ON")
    works = works[works["target"] == x]
    bodies = ids_of(graph, "Stakeholder")
    alone = works[works["source"].isin(bodies)].assign(id=lambda t: t["source"], project="", through="")
    on = works["source"][~works["source"].isin(bodies)]
    parts = edges_of(graph, "PARTICIPATES_IN")
    parts = parts[parts["target"].isin(on) & parts["source"].isin(bodies)]
    parts = named(graph, parts.assign(id=parts["source"], project=parts["target"]), "project", through="name")
    both = named(graph, pd.concat([alone, parts], ignore_index=True), "id", name="name", city="city")
    return ordered(both, "name", "id", "project", "fact")[
        ["id", "name", "city", "project", "through", "since", "until", "origin", "fact"]
    ]


def funders_of_topic(graph: Graph, x: str) -> pd.DataFrame:
    works = edges_of(graph, "WORKS_ON")
    money = edges_of(graph, *MONEY)
    money = money[money["target"].isin(works["source"][works["target"] == x])]
    table = named(graph, money.assign(id=money["source"], funded=money["target"]), "funded", through="name")
    table = named(graph, table, "id", name="name")
    return ordered(table, "name", "id", "funded", "fact")[
        ["id", "name", "funded", "through", "amount", "since", "origin", "fact"]
    ]


def led_on_topic(graph: Graph, x: str) -> pd.DataFrame:
    works, parts = edges_of(graph, "WORKS_ON"), edges_of(graph, "PARTICIPATES_IN")
    on = works["source"][works["target"] == x]
    parts = parts[parts["target"].isin(on) & parts["target"].isin(ids_of(graph, "Project"))]
    lead = parts["target"].map(graph.nodes.set_index("id")["lead"]) if "lead" in graph.nodes else None
    told = parts["role"].fillna("").astype(str).map(leads).astype(bool)
    parts = parts[told | (lead == parts["source"] if lead is not None else False)]
    table = named(graph, parts.assign(id=parts["source"], project=parts["target"]), "project", through="name")
    table = named(graph, table, "id", name="name", city="city")
    return ordered(table, "name", "id", "project", "fact")[
        ["id", "name", "city", "project", "through", "since", "until", "origin", "fact"]
    ]


def worked_with(graph: Graph, x: str) -> pd.DataFrame:
    parts = edges_of(graph, "PARTICIPATES_IN")
    return _shared(graph, parts[parts["target"].isin(ids_of(graph, "Project"))], x, "projects")


def funded_with(graph: Graph, x: str) -> pd.DataFrame:
    return _shared(graph, edges_of(graph, *MONEY), x, "shared")


def _shared(graph: Graph, ties: pd.DataFrame, x: str, count: str) -> pd.DataFrame:
    mine = ties[ties["target"].isin(ties["target"][ties["source"] == x]) & (ties["source"] != x)]
    table = mine.groupby("source")["target"].nunique().rename(count).rename_axis("id").reset_index()
    table = named(graph, table, "id", name="name", sector="sector")
    return ordered(table, f"-{count}", "id")[["id", "name", "sector", count]]


def took_part_in(graph: Graph, x: str) -> pd.DataFrame:
    parts = edges_of(graph, "PARTICIPATES_IN", "SIGNATORY_OF")
    parts = parts[parts["target"] == x]
    table = named(graph, parts.assign(id=parts["source"]), "id", name="name", city="city")
    return ordered(table, "name", "id", "fact")[
        ["id", "name", "city", "kind", "role", "since", "until", "origin", "fact"]
    ]


def who_is_there(graph: Graph, x: str, y: str) -> pd.DataFrame:
    mine = graph.nodes[graph.kinds_of("Stakeholder") & (graph.nodes["sector"] == x) & (graph.nodes["city"] == y)]
    counts = both_ways(graph).groupby("end")["fact"].nunique()
    table = mine[["id", "name", "website"]].assign(ties=mine["id"].map(counts).fillna(0).astype(int))
    return ordered(table, "name", "id")


def members_of_network(graph: Graph, x: str) -> pd.DataFrame:
    ties = edges_of(graph, "MEMBER_OF")
    ties = ties[ties["target"] == x]
    table = named(graph, ties.assign(id=ties["source"]), "id", name="name", sector="sector")
    return ordered(table, "name", "id")[["id", "name", "sector", "since", "origin"]]


def ties_of(graph: Graph, x: str) -> pd.DataFrame:
    mine = both_ways(graph)
    table = named(graph, mine[mine["end"] == x], "other", name="name")
    return ordered(table, "kind", "other", "fact")[
        ["kind", "role", "direction", "other", "name", "since", "until", "origin", "fact"]
    ]


def networks_reached(graph: Graph, x: str, ledger: Considered | None = None) -> pd.DataFrame:
    """The national and international networks that a body reaches, by how many ties and through whom: its `routes`."""
    rows = [(one.id, one.steps, "|".join(one.through)) for one in routes(graph, x, ledger=ledger)]
    table = pd.DataFrame(rows, columns=pd.Index(["id", "steps", "through"]))
    table = named(graph, table, "id", name="name", scope="scope")
    return ordered(table, "steps", "name", "id")[["id", "name", "scope", "steps", "through"]]


@once_per_graph
def _folded(graph: Graph) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The organisations that `organisations` ties, and its ties by row and column."""
    folded = organisations(graph)
    return folded.nodes["id"].to_numpy(object), folded.contacts.rows, folded.contacts.indices


def bridges_between(graph: Graph, x: str, y: str) -> pd.DataFrame:
    """Who knows somebody in both of two sectors, those first who know most in the thinner one; promoters left out."""
    who, i, j = _folded(graph)
    at = graph.ids.get_indexer(pd.Index(who))
    sector = of_nodes(graph, "sector")[at]
    left_out = (office(graph) | purses(graph) | closed(graph, fabric(graph)))[at]
    one, other = (np.bincount(i[(sector[j] == s) & ~left_out[j]], minlength=len(who)) for s in (x, y))
    keep = np.flatnonzero((one > 0) & (other > 0) & ~left_out)
    table = pd.DataFrame({"id": who[keep], "of_x": one[keep], "of_y": other[keep]})
    table["least"] = table[["of_x", "of_y"]].min(axis=1)
    table = named(graph, table, "id", name="name", sector="sector")
    return ordered(table, "-least", "-of_x", "-of_y", "id")[["id", "name", "sector", "of_x", "of_y"]]


def cut_off_without(graph: Graph, x: str) -> pd.DataFrame:
    """Who could no longer reach the rest if one organisation stopped; nobody where there is another way for all.

    As its page tells it: promoters are left out, and of who has closed nobody is cut off.
    """
    among = organisations(graph)
    gone = x not in among.ids or closed(graph, fabric(graph))[graph.position(x)]
    lost, size = (np.array([], int),) * 2 if gone else cut_off(among, among.position(x))
    table = named(
        graph, pd.DataFrame({"id": among.ids.to_numpy(object)[lost], "part": size}), "id", name="name", sector="sector"
    )
    return ordered(table, "-part", "name", "id")[["id", "name", "sector", "part"]]
