"""Pictures and reports over HTTP: each format, what a browser may do with it, and what there is not."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from tsi_graph.exports.charts import CHARTS

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def patient(client: TestClient, path: str, **params: str) -> Response:
    """The answer, asked for again where a busy machine says to come back: what was worked out is kept."""
    for _ in range(10):
        answer = client.get(path, params=params or None)
        if answer.status_code != 503:
            break
    return answer


@pytest.mark.parametrize("name", CHARTS)
def test_every_picture_is_drawn(client: TestClient, name: str) -> None:
    answer = patient(client, f"/v1/exports/{name}.svg", lang="en")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert "sandbox" in answer.headers["content-security-policy"]


def test_routes_of_one_body_in_other_formats(client: TestClient) -> None:
    for form, start in (("png", b"\x89PNG"), ("pdf", b"%PDF")):
        answer = patient(client, f"/v1/exports/routes.{form}", of="socialfare")
        assert answer.content.startswith(start)


def test_the_profile_comes_in_three_formats(client: TestClient) -> None:
    for form, kind, start in (("docx", WORD, b"PK"), ("pdf", "application/pdf", b"%PDF"), ("html", "text/html", b"<!")):
        answer = patient(client, f"/v1/reports/organisations/socialfare.{form}", lang="it")
        assert answer.headers["content-type"].startswith(kind)
        assert answer.content.startswith(start)
        if form == "html":
            assert "default-src 'none'" in answer.headers["content-security-policy"]
        else:
            assert answer.headers["content-disposition"] == f'attachment; filename="socialfare-it.{form}"'


def test_the_report_of_an_earlier_day_says_so(client: TestClient) -> None:
    answer = patient(client, "/v1/reports/observatory.html", lang="en", as_of="2019", compare="2016")
    assert answer.status_code == 200
    assert "as it may have been: 2019" in answer.text
    assert "Compared with 2016" in answer.text


def test_a_saved_view_is_the_same_in_pictures_and_reports(client: TestClient) -> None:
    """Also after it was changed: what hangs on a view is not kept."""
    for sector, told in (("bank", "solo banca"), ("foundation", "solo fondazione")):
        given = {"sectors": [sector], "lang": "it"}
        assert client.put("/v1/views/mine", json=given).status_code == 200
        for path in ("/v1/exports/brokerage.svg", "/v1/reports/observatory.html"):
            answer = patient(client, path, view="mine", lang="en")
            assert answer.status_code == 200
            assert told in answer.text
    answer = patient(client, "/v1/reports/organisations/fondazione-crt.docx", view="mine", lang="en")
    assert answer.headers["content-disposition"] == 'attachment; filename="fondazione-crt-it.docx"'


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/exports/pie.svg", 404), ("/v1/exports/sectors.html", 404), ("/v1/exports/sectors.svg?of=socialfare", 422),
        ("/v1/exports/routes.svg?of=nobody", 404), ("/v1/reports/observatory.odt", 404),
        ("/v1/reports/observatory.pdf?compare=xx", 422), ("/v1/reports/organisations/nobody.pdf", 404),
        ("/v1/reports/organisations/tonite.pdf", 422), ("/v1/exports/sectors.svg?view=none", 404),
        ("/v1/exports/sectors.svg?view=../x", 422), ("/v1/reports/observatory.pdf?view=board-report&as_of=2020", 422),
    ],
)  # fmt: skip
def test_what_there_is_not_is_a_problem(client: TestClient, path: str, status: int) -> None:
    answer = patient(client, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_the_page_of_an_organisation_has_its_profile_to_take_along(client: TestClient) -> None:
    page = patient(client, "/it/organizzazioni/socialfare").text
    assert 'href="/v1/reports/organisations/socialfare.docx?lang=it"' in page
    assert "Scarica la scheda (Word)" in page
