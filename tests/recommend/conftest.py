"""The Torino starter facts as a graph, and small graphs drawn in words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tsi_graph.graph import HOME, MEMBERSHIP, Graph
from tsi_graph.model import CONFIDENCE

FACTS = Path(__file__).parents[2] / "tsi_graph" / "data" / "tsi-facts"
KINDS = {"funds": "Fund", "networks": "Network", "projects": "Project", "topics": "Topic"}


def facts(name: str) -> pd.DataFrame:
    return pd.read_csv(FACTS / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="session")
def torino() -> Graph:
    bodies = facts("organisations").rename(columns={"kind": "sector"})
    bodies["kind"] = (bodies["sector"] == "investor").map({True: "Investor", False: "Stakeholder"})
    projects = facts("projects").rename(columns={"type": "form", "start": "valid_from", "end": "valid_to"})
    projects["kind"] = (projects["form"] == "agreement").map({True: "Agreement", False: "Project"})
    tables = [bodies, projects]
    for name in ("networks", "funds", "topics"):
        table = facts(name).rename(columns={"founded": "valid_from"})
        tables.append(table.assign(kind=KINDS[name]))
    nodes = pd.concat(tables, ignore_index=True).fillna("")
    nodes["confidence"] = nodes["confidence"].map(CONFIDENCE)
    nodes = nodes[nodes["confidence"] >= 2].reset_index(drop=True)
    ties = facts("ties").rename(
        columns={
            "source_id": "source", "target_id": "target", "relation": "kind", "start": "valid_from",
            "end": "valid_to", "source": "origin",
        }
    )  # fmt: skip
    ties["kind"] = ties["kind"].str.upper()
    ties["confidence"] = ties["confidence"].map(CONFIDENCE)
    at_home = ties["kind"].isin(MEMBERSHIP) & ties["target"].isin(HOME)
    there = ties["source"].isin(nodes["id"]) & ties["target"].isin(nodes["id"])
    return Graph.from_edges(ties[(ties["confidence"] >= 2) & ~at_home & there], nodes)
