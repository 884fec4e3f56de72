"""The ready questions, computed a second time: from the tables that pandas makes of the statements, without Cypher."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import pandas as pd

from tsi_graph.graph import Graph
from tsi_graph.questions import tables

LIBRARY = (
    "funded_with", "funders_of_topic", "led_on_topic", "took_part_in", "what_joins", "who_is_there", "worked_on_topic",
    "worked_with",
)  # fmt: skip
Row = dict[str, Any]
Answer = Callable[..., pd.DataFrame]

BODIES = ("Stakeholder", "Investor")
PROJECTS = ("Project", "Agreement")
JOIN = ("MEMBER_OF", "PARTICIPATES_IN", "SIGNATORY_OF")


class Tables:
    """Nodes and ties of the default view, each tie twice (`both`: from either of its ends), and all statements."""

    def __init__(self, nodes: pd.DataFrame, edges: pd.DataFrame, statements: pd.DataFrame) -> None:
        self.nodes, self.edges, self.statements = nodes, edges, statements
        self.bodies = nodes[nodes["kind"].isin(BODIES)]
        self.name = nodes.set_index("id")["name"]
        to = edges.assign(end=edges["source"], other=edges["target"], direction="to")
        back = edges.assign(end=edges["target"], other=edges["source"], direction="from")
        self.both = pd.concat([to, back[back["end"] != back["other"]]], ignore_index=True)

    def named(self, table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(name=table["id"].map(self.name))


def plain(text: object) -> str:
    text = unicodedata.normalize("NFD", str(text).lower().replace("’", "'"))
    return "".join(letter for letter in text if not unicodedata.combining(letter))


def ordered(table: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """By keys; one that begins with - falls."""
    return table.sort_values([k.lstrip("-") for k in keys], ascending=[k[0] != "-" for k in keys], kind="stable")


def between_sectors(t: Tables) -> pd.DataFrame:
    sector = t.bodies.set_index("id")["sector"]
    pairs = pd.DataFrame({"a": t.edges["source"].map(sector), "b": t.edges["target"].map(sector)}).dropna()
    pairs = pd.DataFrame({"one": pairs.min(axis=1), "other": pairs.max(axis=1)})
    return ordered(pairs.value_counts().rename("ties").reset_index(), "-ties", "one", "other")


def cities(t: Tables) -> pd.DataFrame:
    mine = t.bodies.assign(city=t.bodies["city"].fillna(""))
    organisations = mine.groupby("city").size().rename("organisations")
    ties = mine[["id", "city"]].merge(t.both, left_on="id", right_on="end").groupby("city")["fact"].nunique()
    table = pd.concat([organisations, ties.rename("ties")], axis=1).fillna(0).astype(int)
    return ordered(table.reset_index(), "-organisations", "city")


def contacts_in_common(t: Tables, source: str, target: str) -> pd.DataFrame:
    both = set(t.both["other"][t.both["end"] == source]) & set(t.both["other"][t.both["end"] == target])
    return ordered(t.nodes[t.nodes["id"].isin(both - {source, target})][["id", "kind", "name"]], "id")


def disputed(t: Tables) -> pd.DataFrame:
    odd = t.nodes[t.nodes["disputed"] != ""]
    counts = t.statements[t.statements["target"] == ""].groupby("node").size()
    table = odd[["id", "name"]].assign(fields=odd["disputed"], statements=odd["id"].map(counts))
    return ordered(table, "id")


def funders(t: Tables) -> pd.DataFrame:
    grants = t.edges[t.edges["kind"] == "FUNDS"].groupby("source")
    table = grants.agg(
        grants=("fact", "size"),
        recipients=("target", "nunique"),
        stated=("amount", "sum"),
        unstated=("amount", lambda amounts: amounts.isna().sum()),
    )
    return ordered(t.named(table.rename_axis("id").reset_index()), "-stated", "-grants", "id")


def members_of_network(t: Tables, of: str) -> pd.DataFrame:
    ties = t.edges[(t.edges["kind"] == "MEMBER_OF") & (t.edges["target"] == of)]
    table = t.nodes[["id", "name", "sector"]].merge(
        ties[["source", "valid_from", "origin"]], left_on="id", right_on="source"
    )
    return ordered(table.rename(columns={"valid_from": "since"}).drop(columns="source"), "name", "id")


def most_connected(t: Tables) -> pd.DataFrame:
    ends = t.both.groupby("end")
    table = t.bodies[["id", "name", "sector"]].assign(
        contacts=t.bodies["id"].map(ends["other"].nunique()).fillna(0).astype(int),
        ties=t.bodies["id"].map(ends["fact"].nunique()).fillna(0).astype(int),
    )
    return ordered(table, "-contacts", "-ties", "id")


def projects(t: Tables) -> pd.DataFrame:
    def arrive(*kinds: str) -> pd.Series:
        return t.edges[t.edges["kind"].isin(kinds)].groupby("target")["source"].nunique()

    mine = t.nodes[t.nodes["kind"].isin(PROJECTS)]
    table = mine[["id", "name", "budget"]].assign(
        participants=mine["id"].map(arrive("PARTICIPATES_IN", "SIGNATORY_OF")).fillna(0).astype(int),
        funders=mine["id"].map(arrive("FUNDS")).fillna(0).astype(int),
    )
    return ordered(table, "-participants", "id")


def said_of(t: Tables, of: str) -> pd.DataFrame:
    mine = t.statements[(t.statements["node"] == of) | (t.statements["target"] == of)]
    return ordered(mine.rename(columns={"node": "source", "valid_from": "since", "valid_to": "until"}), "field", "id")


def search_by_name(t: Tables, text: str) -> pd.DataFrame:
    names = t.nodes["name"] + " | " + t.nodes["name_it"].fillna("")
    return ordered(t.nodes[[plain(text) in plain(name) for name in names]], "id")


def shared_with(t: Tables, of: str) -> pd.DataFrame:
    joins = t.edges[t.edges["kind"].isin(JOIN)][["source", "target"]].drop_duplicates()
    mine = joins[joins["target"].isin(joins["target"][joins["source"] == of]) & (joins["source"] != of)]
    table = mine.groupby("source").size().rename("shared").rename_axis("id").reset_index()
    return ordered(t.named(table), "-shared", "id")


def sources(t: Tables) -> pd.DataFrame:
    table = t.edges.groupby("origin").agg(ties=("fact", "size"), weakest=("confidence", "min")).reset_index()
    return ordered(table, "-ties", "origin")


def ties_of(t: Tables, of: str) -> pd.DataFrame:
    mine = t.both[t.both["end"] == of]
    mine = mine.assign(name=mine["other"].map(t.name)).rename(columns={"valid_from": "since", "valid_to": "until"})
    return ordered(mine, "kind", "other", "fact")


def ties_on_day(t: Tables, on: int) -> pd.DataFrame:
    held = t.edges[(t.edges["from_min"] <= on) & (t.edges["to_max"] >= on)]
    sure = (held["from_max"] <= on) & (held["to_min"] >= on)
    return held.assign(sure=sure).groupby("kind").agg(possible=("fact", "size"), sure=("sure", "sum")).reset_index()


def topics(t: Tables) -> pd.DataFrame:
    works = t.edges[t.edges["kind"] == "WORKS_ON"]
    ours = works[works["source"].isin(t.bodies["id"])]
    mine = t.nodes[t.nodes["kind"] == "Topic"]
    table = mine[["id", "name"]].assign(
        workers=mine["id"].map(works.groupby("target")["source"].nunique()).fillna(0).astype(int),
        organisations=mine["id"].map(ours.groupby("target")["source"].nunique()).fillna(0).astype(int),
    )
    return ordered(table, "-workers", "id")


def unverified(t: Tables) -> pd.DataFrame:
    low = t.statements[(t.statements["confidence"] == 1) & (t.statements["target"] != "")]
    low = low[[changes[-1] > 0 for changes in low["changes"]]]
    return ordered(low.rename(columns={"node": "source", "field": "kind"}), "source", "kind", "target", "id")


def without_ties(t: Tables) -> pd.DataFrame:
    return ordered(t.bodies[~t.bodies["id"].isin(t.both["end"])], "id")


def _of_the_library(name: str) -> Answer:
    """Questions that pages answer too: what the library computes on the graph is what Cypher says."""

    def rows(t: Tables, *given: str) -> pd.DataFrame:
        found: pd.DataFrame = getattr(tables, name)(Graph(t.nodes, t.edges), *given)
        return found

    return rows


ANSWERS: dict[str, Answer] = {
    f.__name__: f
    for f in (
        between_sectors, cities, contacts_in_common, disputed, funders, members_of_network, most_connected, projects,
        said_of, search_by_name, shared_with, sources, ties_of, ties_on_day, topics, unverified, without_ties,
    )
} | {name: _of_the_library(name) for name in LIBRARY}  # fmt: skip
