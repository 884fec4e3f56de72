"""What is about people is told from what is about organisations."""

import time

import pytest

from tsi_graph.importers.columns import words_of
from tsi_graph.importers.persons import about_people, without_addresses


@pytest.mark.parametrize(
    "heading",
    [
        "contact", "Contact person", "REFERENTE", "persona", "e-mail", "Email 2", "phone", "Telefono/Fax", "cellulare",
        "mobile", "Legal representative", "Rappresentante legale", "Presidente", "direttore", "nome e cognome", "PEC",
        "First name",
    ],
)  # fmt: skip
def test_headings_about_people(heading):
    assert about_people(words_of(heading))


@pytest.mark.parametrize(
    "heading",
    ["nome", "denominazione", "personale", "numero soci", "sito", "contributo", "direzione", "sede", "mailing"],
)
def test_headings_about_organisations(heading):
    assert not about_people(words_of(heading))


@pytest.mark.parametrize(
    "text",
    [
        "nome.cognome+x@sub.example.org", "+39 011 123 4567", "0039-333-1234567", "+44 (0)20 7946 0000", "333 1234567",
        "3331234567", "333.123.4567", "011 1234567", "011/123.4567", "06-123 4567", "RSSMRA80A01L219M",
    ],
)  # fmt: skip
def test_addresses_of_people_are_taken_out(text):
    assert without_addresses(f"({text})", phones=True) == ("(…)", 1)


@pytest.mark.parametrize(
    "text",
    [
        "2017-11-30", "2014-2020", "18 million, 300 000 000 in all", "1.600.000,50", "P.IVA 00518460019", "n. 328/2000",
        "https://example.org/2019/06/5d0a3b5a906692.12118967/2495112", "CUP C19J21001234567", "101007834", "@handle",
        "0.125", "measure 3.3.1.A", "2021/C 123456", "10121 Torino",
    ],
)  # fmt: skip
def test_other_numbers_stay(text):
    assert without_addresses(text, phones=True) == (text, 0)


@pytest.mark.parametrize(
    "text", ["a" * 9_999 + "@", "a@" + "b." * 4_999, "+39" + " 1" * 4_998, "0" * 10_000, "+(" * 5_000]
)
def test_hostile_texts_cost_little(text):
    begin = time.perf_counter()
    without_addresses(text, phones=True)
    assert time.perf_counter() - begin < 0.5
