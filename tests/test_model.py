"""The records check themselves, and the words by which files name things are unambiguous."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tsi_graph.fields import CONFIDENCE, SCOPES, SECTORS, VISIBILITIES, WORDS, Headings, amount, normal, plain, strength
from tsi_graph.importers.columns import RELATION_HEADINGS, TABLES, words_of
from tsi_graph.importers.persons import about_people
from tsi_graph.model import (
    EDGE_KINDS,
    NODE_KINDS,
    RELATIONS,
    Answer,
    Edge,
    Funds,
    Investor,
    MemberOf,
    Node,
    Record,
    Stakeholder,
    edge_kind,
    is_a,
    labels,
)

CLASSES: list[type[Record]] = [*NODE_KINDS.values(), Edge]


def fields_of(record: type[Record]) -> dict[str, set[str]]:
    """Heading -> the fields that claim it."""
    found = defaultdict(set)
    for name, info in record.model_fields.items():
        aliases = [alias for one in info.metadata if isinstance(one, Headings) for alias in one.names]
        for heading in (name, *aliases):
            found[words_of(heading)].add(name)
    return found


@pytest.mark.parametrize("record", CLASSES, ids=lambda record: record.__name__)
def test_each_heading_means_one_field_of_a_record(record):
    several = {heading: fields for heading, fields in fields_of(record).items() if len(fields) > 1}
    # `columns.ENDS` decides: our own name of an end, and the usual name of where a fact comes from.
    assert several == ({"source": {"origin", "source"}} if record is Edge else {})


def test_the_headings_of_the_relation_mean_no_field_of_a_tie():
    assert set(RELATION_HEADINGS).isdisjoint(fields_of(Edge))


@pytest.mark.parametrize("record", CLASSES, ids=lambda record: record.__name__)
def test_no_heading_of_ours_is_about_people_but_contact(record):
    ours = {heading for heading, fields in fields_of(record).items() if about_people(heading)}
    assert ours == ({"contact"} if issubclass(record, Stakeholder) else set())


@pytest.mark.parametrize("kind", NODE_KINDS.values(), ids=lambda kind: kind.__name__)
def test_a_sort_of_a_kind_understands_the_headings_of_its_kind(kind):
    for base in kind.__mro__[1:]:
        if issubclass(base, Node):
            assert fields_of(base).keys() <= fields_of(kind).keys()


def test_each_kind_of_node_has_a_table():
    assert set(TABLES.values()) == {*NODE_KINDS.values(), Edge, Answer}


def test_every_word_of_files_means_a_word_of_ours():
    assert set(WORDS.values()) <= {*SECTORS, *SCOPES, *CONFIDENCE, *VISIBILITIES}
    assert set(WORDS) == {plain(word) for word in WORDS}
    for sector in SECTORS:
        assert Stakeholder(id="a", name="A", sector=sector.upper().replace(" ", "_")).sector == sector


def test_every_relation_word_means_a_kind_of_tie():
    assert set(RELATIONS.values()) == set(EDGE_KINDS)
    assert set(RELATIONS) == {plain(word) for word in RELATIONS}
    assert RELATIONS["e socio di"] == "SHAREHOLDER_OF"
    for kind, edge in EDGE_KINDS.items():
        assert kind == edge_kind(edge) == edge(source="a", target="b").kind
        assert all(edge.reads)


def test_an_investor_is_a_stakeholder_and_a_node():
    assert labels("Investor") == ("Node", "Stakeholder", "Investor")
    assert is_a("Investor", "Stakeholder")
    assert not is_a("Stakeholder", "Investor")
    assert not is_a("Stakeholder", "Nothing")


def test_records_do_not_change_and_take_no_strange_field():
    one = Stakeholder(id="a", name="A")
    with pytest.raises(ValidationError, match="frozen"):
        one.name = "B"
    with pytest.raises(ValidationError, match="Extra inputs"):
        Stakeholder(id="a", name="A", colour="red")


def test_only_what_a_row_fills_is_set():
    one = MemberOf(source="a", target="b", valid_from="2017", place="ties.csv row 2")
    assert one.model_dump(exclude_unset=True) == {"source": "a", "target": "b", "valid_from": "2017"}
    assert Investor(id="a", name="A").model_dump(exclude_unset=True) == {"id": "a", "name": "A"}


@pytest.mark.parametrize(
    ("text", "euro"),
    [
        ("1600000", 1_600_000), ("1.600.000,50", 1_600_000.5), ("1,600,000.50", 1_600_000.5), ("€ 50.000", 50_000),
        ("1 600 000 EUR", 1_600_000), ("12,5", 12.5), ("12.5", 12.5), ("100 euro", 100), ("0.125", 0.125),
        ("1.625", 1625), ("-5", -5),
    ],
)  # fmt: skip
def test_amounts_are_read_as_italians_and_english_write_them(text, euro):
    assert amount(text) == euro


@pytest.mark.parametrize("text", ["about 5", "5 milioni", "1.600,000.5", "1,2,3", "1e9", "", "nan", "٥", "0x10", "1-2"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match="an amount is a number such as"):
        amount(text)


@pytest.mark.parametrize(("given", "weight"), [("1.625", 1.625), ("0,5", 0.5), ("3", 3.0), (2.5, 2.5)])
def test_a_weight_has_no_thousands(given, weight):
    assert Funds(source="a", target="b", weight=given).weight == weight


def test_a_weight_is_a_finite_number_that_is_not_negative():
    for wrong in (-1, float("nan"), float("inf"), "1.000.000", "many"):
        with pytest.raises(ValidationError):
            Funds(source="a", target="b", weight=wrong)
    with pytest.raises(ValueError, match="a weight is a number such as 1"):
        strength("many")


@pytest.mark.parametrize("wrong", ["", "a b", "a|b", "a\tb", "a\u00a0b", "x" * 201, "\u200b", "a\x00"])
def test_an_id_is_one_word(wrong):
    with pytest.raises(ValidationError):
        Stakeholder(id=wrong, name="A")


def test_confidence_is_a_word_or_its_level():
    levels = [Stakeholder(id="a", name="A", confidence=c).confidence for c in ("high", "Media", "bassa", "3", 1)]
    assert levels == [3, 2, 1, 3, 1]
    for wrong in ("certain", "0", "4", "high!", 0, 4):
        with pytest.raises(ValidationError):
            Stakeholder(id="a", name="A", confidence=wrong)


def test_text_is_kept_composed_and_without_invisible_signs():
    assert normal(" Perche\u0301\r\nno\r ") == "Perché\nno"
    assert normal("a\u202eb\u200bc\ufeff") == "abc"
    for wrong in ("\x00", "a\x07", "\ud800"):
        with pytest.raises(ValueError, match="control characters"):
            normal(wrong)


@given(st.text())
def test_the_form_of_text_is_final(text):
    try:
        once = normal(text)
    except ValueError:
        return
    assert normal(once) == once


@given(st.text())
def test_plain_words_stay_plain(text):
    assert plain(plain(text)) == plain(text)
