"""The starter data is read whole, and the versions it leaves out stand beside it."""

import csv
from collections import Counter

from tsi_graph import samples
from tsi_graph.importers import read
from tsi_graph.statements import said_all


def base(kind: str) -> str:
    return {"Investor": "Stakeholder", "Agreement": "Project"}.get(kind, kind)


def test_every_row_of_the_starter_data_becomes_a_record():
    batch = read(samples.torino())
    assert (batch.problems, batch.ignored, batch.persons) == ([], {}, {})
    assert Counter(base(node.kind) for node in batch.nodes) == {
        "Stakeholder": 356,
        "Network": 38,
        "Fund": 17,
        "Project": 86,
        "Topic": 13,
    }
    assert Counter(node.kind for node in batch.nodes if node.kind in ("Investor", "Agreement")) == {
        "Investor": 11,
        "Agreement": 3,
    }
    assert len(batch.edges) == 899


def test_confidence_and_relations_count_as_the_readme_says():
    batch = read(samples.torino())
    levels = Counter((base(node.kind), node.confidence) for node in batch.nodes)
    assert [levels["Stakeholder", n] for n in (3, 2, 1)] == [310, 45, 1]
    assert [levels["Network", n] for n in (3, 2, 1)] == [30, 2, 6]
    assert [levels["Fund", n] for n in (3, 2, 1)] == [9, 8, 0]
    assert [levels["Project", n] for n in (3, 2, 1)] == [75, 11, 0]
    assert Counter(edge.confidence for edge in batch.edges) == {3: 663, 2: 199, 1: 37}
    assert Counter(edge.kind for edge in batch.edges) == {
        "PARTICIPATES_IN": 364, "MEMBER_OF": 103, "WORKS_ON": 103, "FUNDS": 56, "SUPPORTS": 49, "PART_OF": 45,
        "FOUNDED": 40, "MANAGES": 26, "INVESTS_IN": 25, "PARTNER_OF": 25, "SIGNATORY_OF": 23, "SHAREHOLDER_OF": 22,
        "HOSTS": 18,
    }  # fmt: skip
    assert sum(bool(edge.valid_from or edge.valid_to) for edge in batch.edges) == 503
    assert sum(edge.amount is not None for edge in batch.edges) == 35


def test_each_cell_of_the_starter_ties_arrives_as_it_stands():
    with (samples.torino() / "ties.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [
        (e.source, e.kind.lower(), e.target, e.valid_from, e.valid_to, e.role or "", e.origin)
        for e in read(samples.torino()).edges
    ] == [(r["source_id"], r["relation"], r["target_id"], r["start"], r["end"], r["role"], r["source"]) for r in rows]


def test_the_shipped_starter_data_is_the_shared_one(shared):
    for file in (shared / "tsi-facts").iterdir():
        assert (samples.torino() / file.name).read_bytes() == file.read_bytes(), file.name


def test_the_other_versions_stand_beside_the_starter_data():
    batch = read(samples.torino())
    known = {node.id: node for node in batch.nodes}
    others = read(samples.additions())
    assert (others.problems, others.ignored, others.persons) == ([], {}, {})
    assert [(n.id, n.valid_to, getattr(n, "budget", None), getattr(n, "lead", None)) for n in others.nodes[2:]] == [
        ("nesta-italia", "2021", None, None),
        ("ubi-banca", "2021", None, None),
        ("respondet", "", None, "generalitat-catalunya"),
        ("respondet", "", None, "reves"),
        ("tonite", "2022-08", None, None),
        ("axto", "", 18_000_000, None),
        ("axto", "", 41_000_000, None),
        ("axto", "", 45_800_000, None),
        ("torino-social-factory", "", 1_500_000, None),
        ("progireg", "2023-05", None, None),
    ]
    assert [(n.id, n.seen, getattr(n, "members_stated", "")) for n in others.nodes[:2]] == [
        ("torino-social-impact", "2017-11-30", "12"),
        ("torino-social-impact", "2017-11-30", "more than 50"),
    ]
    for node in others.nodes:
        assert node.name == known[node.id].name
        assert getattr(node, "lead", None) in (None, *known)
    batch += others
    statements, problems = said_all(batch)
    assert problems == []
    assert len(statements) == 510 + 899 + 12
