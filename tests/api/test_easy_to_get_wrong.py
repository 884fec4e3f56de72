"""The mistakes of desk.md section 12: which test stands guard against each, and those that look at all pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.pages.addresses import MENU, PAGES
from tests.api.conftest import filled
from tests.api.test_matrix import routes
from tests.api.test_page_month import form_of
from tests.conftest import ROOT
from tsi_graph.language import LANGS, Lang
from tsi_graph.recommend.ledger.reading import read_ledger
from tsi_graph.store import Store

HERE = "api/test_easy_to_get_wrong.py"
SILLY, ORGANISATIONS, NETWORKS = (
    "recommend/test_silly.py", "api/test_page_organisations.py", "api/test_page_networks.py"
)  # fmt: skip
GUARDS: dict[str, tuple[str, ...]] = {
    "1 a network to a body that it cannot admit": (
        f"{SILLY}::test_no_network_is_proposed_to_a_body_that_it_cannot_admit",
        f"{SILLY}::test_a_network_of_those_of_one_origin_takes_only_who_says_so_of_itself",
        f"{SILLY}::test_joining_rules_that_name_sectors_decide_and_others_are_said",
    ),
    "1 a body to its own house": (
        f"{SILLY}::test_no_body_is_proposed_to_its_own_house",
        f"{SILLY}::test_who_founded_or_owns_one_house_together_is_not_introduced",
        f"{ORGANISATIONS}::test_nobody_is_introduced_within_its_house",
    ),
    "1 a closed body": (
        f"{SILLY}::test_no_closed_body_is_proposed_or_asked_to_introduce_or_answered",
        f"{ORGANISATIONS}::test_closed_bodies_are_history",
        f"{HERE}::test_a_closed_body_is_no_go_between",
    ),
    "1 a fifth port": (f"{SILLY}::test_no_network_gets_a_fifth_port",),
    "1 no joining rules, and nothing said of it": (
        f"{SILLY}::test_unknown_joining_rules_are_said_with_every_network",
        f"{NETWORKS}::test_a_next_port_has_a_route_and_rules_or_the_reason_is_told",
        f"{NETWORKS}::test_the_month_proposes_to_no_network_that_this_page_has_no_rules_of_and_names_it",
    ),
    "2 a big project as a strong tie, or its end as alive": (
        f"{SILLY}::test_a_large_or_long_ended_project_is_no_strong_tie",
        f"{SILLY}::test_no_step_of_a_route_is_faint",
        f"{NETWORKS}::test_a_large_project_and_one_that_is_over_are_told_as_such",
        f"{ORGANISATIONS}::test_a_large_project_that_is_over_is_no_solid_route",
    ),
    "3 isolated, where a project merely lists one partner": (
        "api/test_page_gaps.py::test_isolated_and_named_without_companions_are_told_apart",
    ),
    "4 membership or low confidence counted": (
        f"{NETWORKS}::test_neither_low_rows_nor_membership_of_the_alliance_count",
        f"{ORGANISATIONS}::test_membership_is_no_tie_and_low_rows_are_to_be_verified",
        f"{SILLY}::test_membership_of_the_alliance_is_no_tie_of_a_route",
        f"{SILLY}::test_what_nobody_verified_is_no_tie_even_where_it_is_shown",
    ),
    "4 a share without its base": (f"{HERE}::test_no_page_says_a_share_without_its_base",),
    "5 a write on GET": (
        f"{HERE}::test_what_writes_is_no_address_to_open",
        "api/test_page_month.py::test_reading_writes_nothing",
        "api/test_page_introductions.py::test_reading_writes_nothing_and_what_is_not_there_is_not_found",
    ),
    "5 a write sent twice": (
        "api/test_page_month.py::test_accepting_opens_the_texts_and_keeps_what_the_card_said",
        "api/test_page_introductions.py::test_a_step_is_recorded_once_with_its_day_and_undone_from_the_message",
        f"{ORGANISATIONS}::test_adding_to_the_proposals_is_one_post_and_undone_from_its_message",
        "api/test_page_gaps.py::test_both_introductions_become_proposals_and_are_taken_back",
        "api/test_page_importing.py::test_the_walk_from_the_template_to_the_import_and_back",
    ),
    "5 a card that goes with the focus": (
        "api/test_page_month.py::test_after_a_decision_the_message_has_the_focus_and_undo_comes_next",
        "api/test_walk.py::test_ten_minutes_at_the_desk",
    ),
    "6 sentences glued from halves": (
        f"{HERE}::test_numbers_and_articles_agree_on_every_page",
        "api/test_catalogue.py::test_every_text_is_translated_with_the_same_blanks",
    ),
    "7 counts that disagree": (
        f"{HERE}::test_pages_that_count_the_same_thing_say_the_same_number",
        f"{NETWORKS}::test_one_query_gives_the_figures_of_page_api_and_command",
        f"{NETWORKS}::test_a_port_is_counted_alike_everywhere",
        f"{NETWORKS}::test_the_month_counts_the_networks_with_a_single_port_alike",
        "api/test_page_introductions.py::test_the_figures_are_those_of_the_api",
    ),
}
"""Each mistake by its number, and the tests that fail where it is made."""
BODIES = ("socialfare", "sermig", "nesta-italia", "fondazione-crt", "comune-di-torino")
SHARE = re.compile(r"\d\s?%")
HELD = re.compile(r"(socia al|socio al|holds|quote:?|shares?:?) ?\d+([.,]\d+)? ?%")
"""What somebody holds of another is a fact of a source, and no count of ours."""
CLUMSY: dict[Lang, re.Pattern[str]] = {
    "it": re.compile(
        r"(?<![\d.,])\b1 (porte|presentazioni|organizzazioni|giorni|reti|legami|fonti|righe|temi|progetti|richieste|"
        r"coppie|altre|altri|dati)\b|\b(un|una) (sole|soli)\b|\b(di|a|da|in|su) (il|lo|gli) |\b(attraverso|con) di\b|"
        r"\ba voi presentate\b|\s[,.;:](?=\s)|\(\s*\)"
    ),
    "en": re.compile(
        r"(?<![\d.,])\b1 (ports|introductions|organisations|days|networks|ties|sources|rows|topics|projects|requests|"
        r"pairs|others|facts)\b|\ba [aeio]\w+|\s[,.;:](?=\s)|\(\s*\)"
    ),
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return filled(tmp_path)


def pages(lang: Lang) -> Iterator[str]:
    """Every page of the menu, each objective of the month, and a few bodies."""
    yield from (f"/{lang}/{PAGES[name][lang]}" for name in MENU)
    yield from (f"/{lang}/{PAGES['month'][lang]}?objective={key}" for key in ("periphery", "gap", "topic"))
    yield from (f"/{lang}/{PAGES['organisations'][lang]}/{one}" for one in BODIES)
    yield from (f"/{lang}/{PAGES['networks'][lang]}/{one}" for one in ("acri", "impact-europe", "iclei"))


@cache
def read(client: TestClient, at: str) -> str:
    """What a reader reads in the main part of a page, but for how it is computed; nobody writes to its store."""
    main = client.get(at).text.split("<main", 1)[1].split("</main>")[0].split(">", 1)[1]
    main = re.sub(r'(?s)<details class="calc"><summary>(Come|How).*?</details>', " ", main)
    main = re.sub(r"</?(a|b|strong|span|small|em|code)\b[^>]*>", "", main)
    return re.sub(r"[ \n]+", " ", unescape(re.sub(r"<[^>]+>", " | ", main)))


def test_each_guard_is_there() -> None:
    for tests in GUARDS.values():
        for one in tests:
            file, name = one.split("::")
            assert f"def {name}(" in (ROOT / "tests" / file).read_text("utf-8"), one


def test_a_closed_body_is_no_go_between(client: TestClient) -> None:
    page = client.get("/it/organizzazioni/nesta-italia").text
    assert "Può fare da tramite: no." in page
    assert "Non usare come tramite" not in page
    assert "Può fare da tramite: sì" in client.get("/it/organizzazioni/socialfare").text


@pytest.mark.parametrize("lang", LANGS)
def test_no_page_says_a_share_without_its_base(client: TestClient, lang: Lang) -> None:
    for at in pages(lang):
        assert not SHARE.search(HELD.sub("", read(client, at))), at


def test_what_writes_is_no_address_to_open(store: Store) -> None:
    """Neither a link nor a fetch ahead by a browser does what a button does."""
    app = create_app(store)
    client = TestClient(app, raise_server_exceptions=False)
    form = form_of(client.get("/it/questo-mese")) | {"action": "accepted", "kind": "accepted", "go": "1"}
    before, imports = read_ledger(store), len(store.statements().imports)
    writing = [path for method, path in routes(app) if method == "POST" and not path.startswith("/v1")]
    assert len(writing) > 20
    for path in writing:
        at = re.sub(r"\{\w+\}", "socialfare", path)
        assert client.get(at, params=form).status_code in (200, 404, 405, 422), at
    assert (read_ledger(store), len(store.statements().imports)) == (before, imports)


@pytest.mark.parametrize("lang", LANGS)
def test_numbers_and_articles_agree_on_every_page(client: TestClient, lang: Lang) -> None:
    wrong = {at: found for at in pages(lang) if (found := [m[0] for m in CLUMSY[lang].finditer(read(client, at))])}
    assert wrong == {}


def test_pages_that_count_the_same_thing_say_the_same_number(client: TestClient) -> None:
    month, networks, data, gaps = (
        read(client, f"/it/{PAGES[one]['it']}") for one in ("month", "networks", "data", "gaps")
    )

    def number(pattern: str, text: str) -> str:
        found = re.search(pattern, text)
        assert found, pattern
        return found[1]

    members = number(r"(\d+) aderenti a Torino Social Impact documentati", month)
    assert members == number(r"Aderenti di Torino Social Impact \(TSI\) \| \| (\d+)", data)
    outside = number(r"Tutte le (\d+) reti", month)
    assert outside == number(r"\d+ su (\d+) ?reti raggiunte", networks) == number(r"reti toccate \d+ su (\d+)", month)
    everybody = number(r"(\d+) organizzazioni dell'ecosistema", gaps)
    assert everybody == number(r"\d+ su (\d+) ?organizzazioni senza", networks)
