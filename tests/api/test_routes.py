"""What each route answers about the starter data, and that the command line says the same."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from tsi_graph.analysis import METRICS, compute, find_gaps
from tsi_graph.cli import app
from tsi_graph.exports.tables import plain
from tsi_graph.graph import Graph, one_mode
from tsi_graph.recommend import recommend


def test_info_counts_the_starter_data(client: TestClient) -> None:
    every, verified = (client.get("/v1/info", params={"low": low}).json() for low in (True, False))
    assert (every["nodes"], every["edges"]) == (510, 899)
    assert (verified["nodes"], verified["edges"]) == (503, 862)
    assert {c["node"] for c in verified["conflicts"]} >= {"tonite", "axto"}
    assert [one["dataset"] for one in verified["imports"]] == ["tsi-facts", "tsi-additions"]


def test_metrics_are_those_of_the_library(client: TestClient, torino: Graph) -> None:
    assert [m["name"] for m in client.get("/v1/metrics").json()] == list(METRICS)
    table = compute(one_mode(torino), ["constraint"])
    for row in client.get("/v1/metrics/constraint", params={"limit": 100}).json():
        assert row["constraint"] == table["constraint"][row["id"]]


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("info --low", "/v1/info?low=true"),
        ("info --as-of 2018", "/v1/info?as_of=2018"),
        ("metrics degree --limit 7", "/v1/metrics/degree?limit=7"),
        ("network", "/v1/network/overview"),
        ("network ei_index group=sector draws=50", "/v1/network/ei_index?group=sector&draws=50"),
        ("network key_players size=2 goal=reach", "/v1/network/key_players?size=2&goal=reach"),
        ("network likely_events node=socialfare limit=3", "/v1/network/likely_events?node=socialfare&limit=3"),
        ("network uncertainty names=constraint draws=5", "/v1/network/uncertainty?names=constraint&draws=5"),
        ("metrics constraint --without-promoters", "/v1/metrics/constraint?promoters=false"),
        (
            "metrics constraint --uncertainty draws=5 missing=0.1",
            "/v1/metrics/constraint?uncertainty=true&draws=5&missing=0.1",
        ),
        ("metrics two_mode_degree --uncertainty draws=2", "/v1/metrics/two_mode_degree?uncertainty=true&draws=2"),
        ("metrics brokerage_roles --group scope", "/v1/metrics/brokerage_roles?group=scope"),
        ("gaps --limit 9", "/v1/gaps?limit=9"),
        (
            "recommend hackability --to investor --lang en",
            "/v1/recommendations?stakeholder=hackability&to=investor&lang=en",
        ),
    ],
)
def test_the_command_line_answers_the_same(client: TestClient, at: str, command: str, path: str) -> None:
    told = CliRunner().invoke(app, [*command.split(), "--store", at, "--json"], catch_exceptions=False)
    for row in (answers := client.get(path).json()):
        if isinstance(row, dict):
            row.pop("name_it" if "/metrics/" in path else "", None)
    assert json.loads(told.stdout) == answers


def test_the_most_prominent_comes_first_and_what_is_undefined_last(client: TestClient) -> None:
    """Low constraint marks a bridge."""
    rows = client.get("/v1/metrics/constraint", params={"limit": 100}).json()
    assert rows[0]["constraint"] <= rows[1]["constraint"]
    rows = client.get("/v1/metrics/betweenness", params={"limit": 100}).json()
    assert rows[0]["betweenness"] >= rows[1]["betweenness"]
    assert client.get("/v1/metrics/brokerage_roles", params={"limit": 1}).json()[0].keys() >= {"liaison", "gatekeeper"}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/v1/metrics/degree?depth=3", "No option 'depth'"),
        ("/v1/metrics/degree?group=sector", "No option 'group'"),
        ("/v1/metrics/degree?draws=3", "No option 'draws'"),
        ("/v1/metrics/constraint?uncertainty=true&draws=3&draws=4", "draws is given twice"),
        ("/v1/metrics/constraint?uncertainty=true&draws=1000000", "at most 2,000 here"),
        ("/v1/network/bridges?draws=3", "No option 'draws'"),
        ("/v1/network/ei_index?draws=many", "draws is a whole number"),
        ("/v1/network/ei_index?draws=1000000", "at most 2,000 here"),
        ("/v1/network/ei_index?draws=-1", "draws is at least 1, not -1"),
        ("/v1/network/likely_ties?limit=0", "limit is at least 1, not 0"),
        ("/v1/network/community_stability?runs=0", "runs is at least 1"),
        ("/v1/metrics/betweenness_sampled?samples=-1", "samples is at least 1"),
        ("/v1/metrics/community?seed=-1", "seed is from 0 to"),
        ("/v1/network/uncertainty?missing=2", "missing is a share from 0 to 1"),
        ("/v1/network/ei_index?weighted=perhaps", "weighted is true or false"),
    ],
)
def test_options_that_no_metric_takes_are_refused(client: TestClient, path: str, words: str) -> None:
    answer = client.get(path, headers={"accept-language": "en"})
    assert answer.status_code == 422
    assert words in answer.json()["detail"]


def test_gaps_are_those_of_the_library_with_their_evidence(client: TestClient, torino: Graph) -> None:
    told = client.get("/v1/gaps", params={"lang": "en", "limit": 5}).json()
    assert [gap["sentence"] for gap in told] == [gap.sentence("en") for gap in find_gaps(torino)[:5]]
    topics = client.get("/v1/gaps", params={"kind": "topic"}).json()
    assert {gap["kind"] for gap in topics} == {"topic"}


def test_recommendations_are_those_of_the_library_in_both_languages(client: TestClient, torino: Graph) -> None:
    asked = {"stakeholder": "socialfare", "scope": "international", "limit": 3}
    italian = client.get("/v1/recommendations", params=asked).json()
    english = client.get("/v1/recommendations", params=asked, headers={"accept-language": "en-GB,it;q=0.5"}).json()
    assert italian == plain(recommend(torino, "socialfare", scope="international", limit=3, lang="it"))
    assert english == plain(recommend(torino, "socialfare", scope="international", limit=3, lang="en"))
    assert italian[0]["path"][0]["how"] == "SocialFare collabora con Cottino Social Impact Campus"


def test_search_ignores_accents_and_capitals(client: TestClient) -> None:
    found = client.get("/v1/stakeholders", params={"q": "UNIVERSITA degli studi di torino"}).json()
    assert [node["id"] for node in found] == ["universita-torino"]
    networks = client.get("/v1/stakeholders", params={"kind": "Network", "limit": 100}).json()
    assert len(networks) == 32


def test_a_page_shows_ties_and_every_statement_with_its_source(client: TestClient) -> None:
    page = client.get("/v1/stakeholders/tonite").json()
    assert (page["name"], page["valid_to"], page["disputed"]) == (
        "ToNite - community-based urban security",
        "2023-08",
        "valid_to",
    )
    rows = [s for s in page["statements"] if s["field"] == "row"]
    assert {s["valid_to"] for s in rows} == {"2023-08", "2022-08"}
    assert all(s["origin"] for s in page["statements"])
    assert all("tonite" in (tie["source"], tie["target"]) for tie in page["ties"])
    assert [(v["field"], v["value"], v["wins"]) for v in page["conflicts"]] == [
        ("valid_to", "2023-08", True),
        ("valid_to", "2022-08", False),
    ]


def test_a_page_shows_what_is_not_verified_only_when_asked(client: TestClient) -> None:
    shown, every = (
        client.get("/v1/stakeholders/torino-social-impact", params={"low": low}).json() for low in (False, True)
    )
    assert {s["confidence"] for s in shown["statements"]} == {2, 3}
    members = [
        [t for t in page["ties"] if (t["kind"], t["target"]) == ("MEMBER_OF", page["id"])] for page in (shown, every)
    ]
    assert [len(ties) for ties in members] == [18 + 8, 18 + 8 + 15]


def test_ties_by_relation(client: TestClient) -> None:
    signed = client.get("/v1/ties", params={"kind": "SIGNATORY_OF", "limit": 100}).json()
    assert len(signed) == 23


def test_the_map_comes_in_every_format(client: TestClient) -> None:
    page = client.get("/v1/exports/map.html", params={"lang": "en"})
    assert page.headers["content-type"].startswith("text/html")
    assert "Content-Security-Policy" in page.text
    drawing = client.get("/v1/exports/map.svg", params={"size": "degree"})
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert ET.fromstring(drawing.content).tag.endswith("svg")
    network = client.get("/v1/exports/map.graphml", params={"everything": True})
    assert network.headers["content-type"] == "application/graphml+xml"


def test_views_of_another_time_are_smaller(client: TestClient) -> None:
    then = client.get("/v1/info", params={"as_of": "2005"}).json()
    assert then["edges"] < client.get("/v1/info").json()["edges"]


def upload(client: TestClient, text: bytes, name: str = "organisations.csv", **form: object):
    return client.post("/v1/imports", files={"files": (name, text)}, data={"dataset": "own", **form})


def test_the_same_upload_twice_changes_nothing_and_undo_takes_it_back(own: TestClient) -> None:
    first = upload(own, b"id;nome;tipo\nben;Ben;banca\n", "organizzazioni.csv")
    assert (first.status_code, first.json()["new"]) == (201, 1)
    assert upload(own, b"id;nome;tipo\nben;Ben;banca\n", "organizzazioni.csv").json()["number"] == 0
    assert [node["id"] for node in own.get("/v1/stakeholders").json()] == ["ann", "ben"]
    own.post(f"/v1/imports/{first.json()['number']}/undo")
    assert [node["id"] for node in own.get("/v1/stakeholders").json()] == ["ann"]
    assert [one["number"] for one in own.get("/v1/imports").json()] == [1, 2, 3]


def test_a_page_leaves_out_what_was_taken_back(own: TestClient) -> None:
    second = upload(own, b"id,name,city\nann,Ann,Torino\n").json()
    assert len(own.get("/v1/stakeholders/ann").json()["statements"]) == 2
    own.post(f"/v1/imports/{second['number']}/undo")
    page = own.get("/v1/stakeholders/ann").json()
    assert ([s["value"] for s in page["statements"]], page["city"]) == ([{"kind": "Stakeholder", "name": "Ann"}], None)


def test_no_file_of_an_upload_is_passed_over_in_silence(own: TestClient) -> None:
    good = ("files", ("organisations.csv", b"id,name\nben,Ben\n"))
    for name in (
        "other/organisations.csv",
        ".organisations.csv",
        "~organisations.csv",
        f"organisations{'x' * 300}.csv",
    ):
        files = [good, ("files", (name, b"id,name\ncy,Cy\n"))]
        refused = own.post("/v1/imports", files=files, data={"dataset": "two"})
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/unusable"), name
    assert len(own.get("/v1/imports").json()) == 1


def test_an_upload_is_weighed_whole(own: TestClient) -> None:
    half = b"id,name\n" + b" " * (11 * 2**20)
    files = [("files", (f"organisations-{i}.csv", half)) for i in (1, 2)]
    assert own.post("/v1/imports", files=files, data={"dataset": "two"}).status_code == 413


def test_several_files_are_one_delivery(own: TestClient) -> None:
    files = [
        ("files", ("organisations.csv", b"id,name\nben,Ben\n")),
        ("files", ("ties.csv", b"source_id,relation,target_id\nann,partner_of,ben\n")),
    ]
    assert own.post("/v1/imports", files=files, data={"dataset": "two"}).json()["new"] == 2
    assert len(own.get("/v1/ties").json()) == 1


def test_bad_rows_are_listed_and_nothing_is_kept_unless_asked_for(own: TestClient) -> None:
    bad = b"id,name,kind\nben,Ben,bank\ncy,Cy,bankk\n"
    refused = upload(own, bad)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    [row] = refused.json()["problems"]
    assert (row["file"], row["row"], row["column"], row["value"]) == ("organisations.csv", 3, "kind", "bankk")
    assert len(own.get("/v1/stakeholders").json()) == 1
    assert upload(own, bad, partial="true").json()["new"] == 1


def test_names_of_uploads_are_only_names(own: TestClient) -> None:
    for name in ("../../organisations.csv", "C:\\x\\organisations.csv", "/etc/organisations.csv"):
        assert upload(own, b"id,name\nann,Ann\n", name).status_code == 201


def test_uploads_that_could_do_harm_are_refused(own: TestClient) -> None:
    assert upload(own, b"MZ", "x.exe").status_code == 422
    assert upload(own, b"id,name\n" + b"x" * (21 * 2**20)).status_code == 413
    assert upload(own, b"not a zip", "book.xlsx").status_code == 413
    cross = own.post(
        "/v1/imports",
        files={"files": ("organisations.csv", b"id,name\nx,X\n")},
        data={"dataset": "x"},
        headers={"sec-fetch-site": "cross-site"},
    )
    assert cross.status_code == 403
    assert len(own.get("/v1/imports").json()) == 1
