"""The ledger over HTTP and on the command line: the same functions, the same answers, the same refusals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from api.app import create_app
from tests.api.test_errors import assert_problem
from tsi_graph.batch import Batch
from tsi_graph.cli import app
from tsi_graph.errors import Conflict, Unusable
from tsi_graph.model import MemberOf, Network, PartnerOf, Stakeholder
from tsi_graph.store import open_store

TODAY = date.today().isoformat()


@pytest.fixture
def place(tmp_path: Path) -> str:
    """Where a store is in which Ann reaches a network through Ben."""
    store = open_store(tmp_path / "l.db")
    nodes = [*(Stakeholder(id=i, name=i.title(), confidence=3) for i in ("ann", "ben", "cy"))]
    edges = [
        PartnerOf(source="ann", target="ben", origin="page 1", confidence=3),
        MemberOf(source="ben", target="n1", origin="page 2", confidence=3),
    ]
    store.write(Batch(nodes=[*nodes, Network(id="n1", name="=N1", name_it="Rete N1", confidence=3)], edges=edges), "d")
    return str(tmp_path / "l.db")


@pytest.fixture
def api(place: str) -> Iterator[TestClient]:
    with TestClient(create_app(open_store(place)), raise_server_exceptions=False) as client:
        yield client


def proposed(api: TestClient, **more: Any) -> dict[str, Any]:
    answer = api.post("/v1/introductions", json={"source": "ann", "target": "n1", **more}, params={"lang": "en"})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def happened(api: TestClient, which: str, kind: str, **more: Any) -> Any:
    return api.post(f"/v1/introductions/{which}/events", json={"kind": kind, **more})


def test_a_proposal_takes_reasons_and_introducers_from_the_recommendation(api: TestClient) -> None:
    one = proposed(api, objective="reach", text="seen at the fair")
    assert (one["through"], one["route"]) == (
        ["ben"],
        ["Ann works with Ben [page 1]", "Ben is a member of =N1 [page 2]"],
    )
    assert "One partner of Ann is in it: Ben." in one["reasons"]
    assert (one["state"], one["since"], one["revision"]) == ("proposed", TODAY, 1)
    assert api.get("/v1/introductions").json() == [one]


def test_it_moves_on_step_by_step_and_wrong_steps_are_conflicts(api: TestClient) -> None:
    which = proposed(api)["id"]
    wrong = happened(api, which, "met")
    assert_problem(wrong)
    assert (wrong.status_code, wrong.json()["type"]) == (409, "/problems/conflict")
    assert "accepted, declined, snoozed" in wrong.json()["detail"]
    assert wrong.json()["title"] == "Com'è adesso non si può"
    for kind in ("accepted", "made", "met"):
        assert happened(api, which, kind).status_code == 201
    after = happened(api, which, "outcome", outcome="joined", text="from January").json()
    assert (after["state"], after["events"][-1]["outcome"], len(after["events"])) == ("outcome", "joined", 5)
    assert happened(api, which, "taken_back").json()["state"] == "met"
    late = happened(api, which, "outcome", outcome="joined", seen=5)
    assert (late.status_code, "you saw event 5, the last is 6" in late.json()["detail"]) == (409, True)


def test_a_declined_pair_is_refused_until_it_is_reopened(api: TestClient) -> None:
    one = proposed(api, then={"kind": "declined", "text": "competitors"})
    assert one["state"] == "declined"
    for ends in (("ann", "n1"), ("n1", "ann")):
        again = api.post("/v1/introductions", json={"source": ends[0], "target": ends[1]})
        assert_problem(again)
        assert (again.status_code, one["id"] in again.json()["detail"]) == (409, True)
    assert happened(api, one["id"], "reopened").json()["state"] == "proposed"


def test_the_same_idempotency_key_writes_once(api: TestClient) -> None:
    head = {"Idempotency-Key": "a click"}
    answers = [api.post("/v1/introductions", json={"source": "ann", "target": "n1"}, headers=head) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    which = answers[0].json()["id"]
    for _ in range(2):
        accepted = api.post(
            f"/v1/introductions/{which}/events", json={"kind": "accepted"}, headers={"Idempotency-Key": "b"}
        )
    assert len(accepted.json()["events"]) == 2


def test_an_idempotency_key_stands_for_one_request_alone(api: TestClient) -> None:
    head = {"Idempotency-Key": "a click"}
    first = api.post("/v1/introductions", json={"source": "ann", "target": "n1"}, headers=head)
    which = first.json()["id"]
    for path, body in (
        ("/v1/introductions", {"source": "cy", "target": "n1"}),
        ("/v1/introductions", {"source": "ann", "target": "n1", "objective": "reach"}),
        (f"/v1/introductions/{which}/events", {"kind": "accepted"}),
    ):
        again = api.post(path, json=body, headers=head)
        assert_problem(again)
        assert (again.status_code, "This key was used" in again.json()["detail"]) == (409, True)
    assert api.get("/v1/introductions").json() == [first.json()]
    # What the proposal is filled in with may be different by now; the request is the same.
    api.post("/v1/introducers/ben/marks", json={"barred": True})
    assert api.post("/v1/introductions", json={"source": "ann", "target": "n1"}, headers=head).json() == first.json()


def test_an_introducer_who_is_left_out_is_neither_proposed_nor_taken(api: TestClient, place: str) -> None:
    api.post("/v1/introducers/ben/marks", json={"barred": True, "text": "too often"})
    refused = api.post("/v1/introductions?lang=en", json={"source": "ann", "target": "n1", "through": ["ben"]})
    assert (refused.status_code, "ben is left out as an introducer" in refused.json()["detail"]) == (409, True)
    one = proposed(api)
    assert (one["through"], one["route"]) == ([], [])
    assert tsi(place, "introduction", "propose", "cy", "n1")["through"] == []


def test_a_reopened_pair_is_recommended_again_and_can_be_proposed_anew(api: TestClient) -> None:
    def recommended() -> list[str]:
        return [row["id"] for row in api.get("/v1/recommendations", params={"stakeholder": "ann"}).json()]

    assert recommended() == ["n1"]
    one = proposed(api, then={"kind": "declined"})
    assert recommended() == []
    happened(api, one["id"], "reopened")
    assert recommended() == ["n1"]
    again = proposed(api)
    assert (again["nth"], recommended()) == (2, [])


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/introductions", {"source": "ann"}, 422),
        ("/v1/introductions", {"source": "ann", "target": "nobody"}, 404),
        ("/v1/introductions", {"source": "ann", "target": "ann"}, 422),
        ("/v1/introductions", {"source": "ann", "target": "n1", "colour": "red"}, 422),
        ("/v1/introductions", {"source": "ann", "target": "n1", "day": "2026-13-01"}, 422),
        ("/v1/introductions", {"source": "ann", "target": "n1", "then": {"kind": "met"}}, 422),
        ("/v1/introductions", {"source": "ann", "target": "n1", "through": ["nobody"]}, 404),
        ("/v1/introductions", {"source": "ann", "target": "n1", "reasons": ["x" * 1001]}, 422),
        ("/v1/introductions", {"source": "\x00", "target": "'}) DELETE n //"}, 404),
        ("/v1/introductions/48003febb49f/events", {"kind": "accepted"}, 404),
        ("/v1/introductions/%ED%A0%80/events", {"kind": "accepted"}, 404),
        ("/v1/introductions/48003febb49f/events", {"kind": "kissed"}, 422),
        ("/v1/introductions/48003febb49f/events", {"kind": "taken_back", "undoes": 2**40}, 422),
        ("/v1/introductions/48003febb49f/events", "accepted", 422),
        ("/v1/introducers/nobody/marks", {"barred": True}, 404),
        ("/v1/introducers/ben/marks", {"barred": "perhaps"}, 422),
        ("/v1/introducers/ben/marks", {"barred": False}, 409),
    ],
)
def test_wrong_bodies_are_problems_and_write_nothing(api: TestClient, path: str, body: Any, status: int) -> None:
    answer = api.post(path, json=body)
    assert_problem(answer)
    assert answer.status_code == status, answer.text
    assert api.get("/v1/introductions").json() == api.get("/v1/introducers").json() == []


def test_a_lone_surrogate_is_a_problem_not_a_fault(api: TestClient) -> None:
    head = {"content-type": "application/json"}
    answer = api.post("/v1/introductions", content=b'{"source": "\\ud800", "target": "n1"}', headers=head)
    assert_problem(answer)
    assert answer.status_code in (404, 422)


def test_a_write_from_another_site_is_refused(api: TestClient) -> None:
    answer = api.post("/v1/introductions", json={"source": "ann", "target": "n1"}, headers={"origin": "http://evil"})
    assert answer.status_code == 403
    assert api.get("/v1/introductions").json() == []


def test_filters_narrow_and_wrong_ones_are_told(api: TestClient) -> None:
    one = proposed(api, objective="reach")
    for query, found in (
        ("state=proposed", 1), ("state=met", 0), ("introducer=ben", 1), ("introducer=cy", 0), ("objective=reach", 1),
        ("objective=gap", 0), ("stakeholder=n1", 1), ("since=2020", 1), (f"since={TODAY}", 1), ("since=2199", 0),
    ):  # fmt: skip
        assert [row["id"] for row in api.get(f"/v1/introductions?{query}").json()] == [one["id"]] * found, query
    for query in ("state=dead", "since=2026-13"):
        assert api.get(f"/v1/introductions?{query}").status_code == 422


def test_the_workbook_is_a_file_to_keep(api: TestClient) -> None:
    proposed(api)
    for lang, file, head in (("it", "presentazioni.xlsx", "Chi"), ("en", "introductions.xlsx", "Who")):
        answer = api.get("/v1/introductions.xlsx", params={"lang": lang})
        assert answer.headers["content-disposition"] == f'attachment; filename="{file}"'
        rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert head in rows[0]
        assert rows[1][4] == {"it": "Rete N1", "en": "'=N1"}[lang]


def test_a_filtered_workbook_holds_what_the_filters_choose(api: TestClient, place: str) -> None:
    one = proposed(api, objective="reach")
    gone = api.post("/v1/introductions", json={"source": "cy", "target": "n1", "then": {"kind": "declined"}}).json()
    file = Path(place).with_name("some.xlsx")

    def ids(data: bytes) -> set[Any]:
        return {row[0] for row in CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()[1:]}

    for query, option, found in (
        ({}, (), {one["id"], gone["id"]}),
        ({"state": "declined"}, ("--state", "declined"), {gone["id"]}),
        ({"objective": "reach"}, ("--objective", "reach"), {one["id"]}),
        ({"stakeholder": "cy"}, ("--stakeholder", "cy"), {gone["id"]}),
        ({"since": "2199"}, ("--since", "2199"), set()),
    ):
        assert ids(api.get("/v1/introductions.xlsx", params=query).content) == found
        tsi(place, "introductions", "--export", str(file), *option)
        assert ids(file.read_bytes()) == found
    assert api.get("/v1/introductions.xlsx", params={"since": "2026-13"}).status_code == 422


@pytest.mark.parametrize("more", [("--export", "x.xlsx"), ("--state", "met"), ("--stakeholder", "ann")])
def test_the_uplift_takes_neither_an_export_nor_filters(place: str, more: tuple[str, str]) -> None:
    with pytest.raises(Unusable, match="--uplift looks at the whole ledger"):
        CliRunner().invoke(app, ["introductions", "--uplift", *more, "--store", place], catch_exceptions=False)
    assert not Path("x.xlsx").exists()


def test_the_uplift_of_an_empty_ledger_is_not_enough_data(api: TestClient) -> None:
    found = api.get("/v1/introductions/uplift", params={"lang": "en"}).json()
    assert (found["enough"], found["introduced"], found["difference"], found["needed"]) == (False, 0, None, None)
    assert found["sentence"].startswith("Not enough data: it takes at least 20 accepted")
    assert found["sentence"].endswith("so far 0 and 0.")


def test_introducers_are_listed_and_left_out(api: TestClient) -> None:
    happened(api, proposed(api)["id"], "accepted")
    assert api.post("/v1/introducers/ben/marks", json={"barred": True, "text": "too often"}).status_code == 201
    assert api.get("/v1/introducers").json() == [
        {
            "introducer": "ben", "tries": 0, "successes": 0, "share": 0.5, "factor": 1.0, "load": 1, "barred": True,
            "since": TODAY, "text": "too often",
        }
    ]  # fmt: skip


def test_a_store_that_is_not_there_is_a_503(tmp_path: Path) -> None:
    with TestClient(create_app(open_store(tmp_path / "none.db")), raise_server_exceptions=False) as client:
        for path in ("/v1/introductions", "/v1/introductions.xlsx", "/v1/introductions/uplift", "/v1/introducers"):
            answer = client.get(path)
            assert_problem(answer)
            assert answer.status_code == 503


def tsi(place: str, *words: str) -> Any:
    run = CliRunner().invoke(app, [*words, "--store", place, "--json"], catch_exceptions=False)
    assert run.exit_code == 0, run.output
    return json.loads(run.stdout)


def test_the_command_line_does_and_answers_the_same(api: TestClient, place: str) -> None:
    made = tsi(place, "introduction", "propose", "ann", "n1", "--objective", "reach", "--lang", "en")
    assert made["reasons"][-1] == "One partner of Ann is in it: Ben."
    assert tsi(place, "introductions") == api.get("/v1/introductions").json() == [made]
    which = made["id"]
    for words in (
        ("accept",), ("snooze", "--until", "2999-01-01"), ("accept", "--text", "x"), ("made",), ("met",),
        ("note", "--text", "n"), ("undo",), ("undo", "--event", "6"),
    ):  # fmt: skip
        tsi(place, "introduction", words[0], which, *words[1:])
    after = tsi(place, "introduction", "outcome", which, "nothing", "--seen", "9")
    assert after == api.get("/v1/introductions", params={"state": "outcome"}).json()[0]
    assert [(e["kind"], e["undoes"]) for e in after["events"][-3:]] == [
        ("taken_back", 7),
        ("taken_back", 6),
        ("outcome", 0),
    ]
    other = tsi(place, "introduction", "propose", "cy", "n1", "--then", "declined", "--text", "no", "--through", "ben")
    assert tsi(place, "introduction", "reopen", other["id"])["state"] == "proposed"
    assert tsi(place, "introduction", "decline", other["id"])["state"] == "declined"
    tsi(place, "introduction", "spare", "ben", "--text", "too often")
    assert tsi(place, "introducers") == api.get("/v1/introducers").json()
    assert tsi(place, "introduction", "spare", "ben", "--again")["barred"] is False
    uplift = api.get("/v1/introductions/uplift").json()
    del uplift["sentence"]
    assert tsi(place, "introductions", "--uplift") == uplift
    file = str(Path(place).with_name("out.xlsx"))
    assert tsi(place, "introductions", "--export", file)["path"] == file


@pytest.mark.parametrize("lang", ["it", "en"])
def test_the_command_line_tells_it_in_words(place: str, lang: str) -> None:
    def told(*words: str) -> str:
        return CliRunner().invoke(app, [*words, "--store", place, "--lang", lang], catch_exceptions=False).stdout

    empty = {"it": "Nessuna presentazione nel registro.\n", "en": "No introductions in the ledger.\n"}
    assert told("introductions") == empty[lang]
    which = told("introduction", "propose", "ann", "n1").split()[0]
    standing = {"it": f"Ann → Rete N1: proposta ({TODAY})", "en": f"Ann → =N1: proposed ({TODAY})"}
    assert f"{which}  {standing[lang]}\n" in told("introductions")
    narrow = {"it": "Nessuna con questi filtri.\n", "en": "None with these filters.\n"}
    assert told("introductions", "--state", "met") == narrow[lang]
    assert ("Dati insufficienti", "Not enough data")[lang == "en"] in told("introductions", "--uplift")
    assert ("non più usata", "no longer used")[lang == "en"] in told("introduction", "spare", "ben")
    assert ("richieste in questo periodo: 0", "requests in this period: 0")[lang == "en"] in told("introducers")


def test_the_command_line_refuses_with_what_would_be_right(place: str) -> None:
    def run(*words: str) -> None:
        CliRunner().invoke(app, [*words, "--store", place], catch_exceptions=False)

    which = tsi(place, "introduction", "propose", "ann", "n1")["id"]
    with pytest.raises(Conflict, match="accepted, declined, snoozed") as fault:
        run("introduction", "made", which)
    assert fault.value.exit_code == 6
    with pytest.raises(Unusable, match="at most 1000"):
        run("introduction", "note", which, "--text", "x" * 1001)


def test_the_help_says_that_persons_are_not_recorded() -> None:
    told = " ".join(CliRunner().invoke(app, ["introduction", "--help"]).stdout.split())
    assert "no names, e-mails or telephone numbers of people" in told


def test_the_texts_and_the_figures_are_the_same_on_the_command_line(api: TestClient, place: str) -> None:
    which = proposed(api, then={"kind": "accepted"})["id"]
    assert happened(api, which, "introducer_agreed").json()["agreed"] == ["introducer_agreed"]
    answer = api.get(f"/v1/introductions/{which}/letters", params={"lang": "en"}).json()
    assert (answer["next"], [one["step"] for one in answer["letters"]]) == (2, [1, 2, 2, 3])
    command = ["introduction", "letter", which, "--step", "1", "--lang", "en", "--json", "--store", place]
    [first] = json.loads(CliRunner().invoke(app, command, catch_exceptions=False).stdout)
    assert first == {key: value for key, value in answer["letters"][0].items() if key != "mailto"}
    assert "As far as we know you know Ann (collaboration) and can reach =N1 (member)." in first["text"]
    told = CliRunner().invoke(app, ["introductions", "--summary", "--json", "--store", place], catch_exceptions=False)
    assert json.loads(told.stdout) == api.get("/v1/introductions/summary").json()
    assert api.get("/v1/introductions", params={"stalled": 0}).json() == []
    assert api.get("/v1/introductions/zzz/letters").status_code == 404


def test_a_key_of_signs_that_the_description_does_not_allow_is_refused(api: TestClient) -> None:
    head = {"Idempotency-Key": "clé".encode("latin-1")}
    answer = api.post("/v1/introductions", json={"source": "ann", "target": "n1"}, headers=head)
    assert (answer.status_code, api.get("/v1/introductions").json()) == (422, [])
