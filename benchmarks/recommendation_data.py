"""The open data on which recommendations are measured, as graphs: what `load_graph` would give, without a store."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tsi_graph.graph import Graph

ACTIVITY = {"HES": "university", "REC": "research", "PRC": "company", "PUB": "public body", "OTH": "other"}


def cordis(folder: Path) -> Graph:
    """Organisations in projects of Horizon 2020: dates of the projects, programme parts as topics, money of each."""
    bodies = pd.read_csv(folder / "organisations.csv.gz", dtype=str, keep_default_na=False)
    projects = pd.read_csv(folder / "projects.csv.gz", dtype=str, keep_default_na=False)
    takes_part = pd.read_csv(folder / "participations.csv.gz", dtype=str, keep_default_na=False)
    parts = projects["programme_parts"].str.split("|")
    topics = sorted({part for row in parts for part in row if part})
    nodes = pd.concat(
        [
            pd.DataFrame(
                {
                    "id": "o" + bodies["pic"],
                    "kind": "Stakeholder",
                    "name": bodies["name"].where(bodies["name"] != "", bodies["pic"]),
                    "sector": bodies["activity_type"].map(ACTIVITY),
                    "country": bodies["country"],
                    "city": bodies["city"],
                }
            ),
            pd.DataFrame(
                {
                    "id": "p" + projects["project_rcn"],
                    "kind": "Project",
                    "name": "p" + projects["project_rcn"],
                    "valid_from": projects["start_date"],
                    "valid_to": projects["end_date"],
                }
            ),
            pd.DataFrame({"id": [topic_id(topic) for topic in topics], "kind": "Topic", "name": topics}),
        ],
        ignore_index=True,
    )
    works_on = pd.DataFrame({"source": "p" + projects["project_rcn"], "target": parts}).explode("target")
    works_on = works_on[works_on["target"].notna() & (works_on["target"] != "")]
    edges = pd.concat(
        [
            pd.DataFrame(
                {
                    "source": "o" + takes_part["pic"],
                    "target": "p" + takes_part["project_rcn"],
                    "kind": "PARTICIPATES_IN",
                    "role": takes_part["role"],
                    "amount": pd.to_numeric(takes_part["ec_contribution"]),
                }
            ),
            works_on.assign(kind="WORKS_ON", target=works_on["target"].map(topic_id)),
        ],
        ignore_index=True,
    )
    return Graph.from_edges(edges, nodes)


def topic_id(topic: str) -> str:
    return "t" + topic.replace(" ", "-")


def venture_deals(folder: Path) -> Graph:
    """Investors in rounds: a company's round of one day is what its investors share."""
    deals = pd.read_csv(folder / "investments.csv.gz", dtype=str, keep_default_na=False)
    edges = pd.DataFrame(
        {
            "source": "i " + deals["investor_name"],
            "target": "d " + deals["company_name"] + " " + deals["funded_when"],
            "kind": "PARTICIPATES_IN",
            "valid_from": deals["funded_when"],
        }
    )
    edges = edges.drop_duplicates(["source", "target"])
    return Graph.from_edges(edges, _two_sorts(edges, "Investor"))


def grants(folder: Path) -> Graph:
    """Recipients of grants: a funder's grants of one day for one cause are what their recipients share."""
    rows = pd.read_csv(folder / "grants.csv.gz", dtype=str, keep_default_na=False)
    rounds = "r " + rows["funder"] + " " + rows["date"] + " " + rows["cause_area"]
    edges = pd.DataFrame(
        {
            "source": "b " + rows["recipient"],
            "target": rounds,
            "kind": "PARTICIPATES_IN",
            "valid_from": rows["date"],
            "amount": pd.to_numeric(rows["amount_usd"]),
        }
    )
    edges = edges.groupby(["source", "target", "kind"], as_index=False).agg({"valid_from": "min", "amount": "sum"})
    nodes = _two_sorts(edges, "Stakeholder")
    cause = dict(zip(rounds, rows["cause_area"], strict=True))
    return Graph.from_edges(edges, nodes.assign(programme=nodes["id"].map(cause).fillna("")))


def _two_sorts(edges: pd.DataFrame, kind: str) -> pd.DataFrame:
    bodies, events = edges["source"].unique(), edges["target"].unique()
    ids = pd.Series([*bodies, *events])
    return pd.DataFrame({"id": ids, "kind": [kind] * len(bodies) + ["Project"] * len(events), "name": ids.str[2:]})
