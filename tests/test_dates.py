"""A partial date is the set of days it may be; the four days of a span say exactly what follows."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tsi_graph.dates import FIRST, LAST, OPEN, Span, date, days, span

PARTIAL = st.one_of(
    st.just(""),
    st.sampled_from(["2016", "2017", "2018"]),
    st.builds("{}-{:02}".format, st.integers(2016, 2018), st.integers(1, 12)),
    st.builds("{}-{:02}-{:02}".format, st.integers(2016, 2018), st.integers(1, 12), st.integers(1, 28)),
)


def may_be(text: str, end: int) -> tuple[int, int]:
    return (end, end) if text == OPEN else days(text)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2017", "2017"), (" 2017-1 ", "2017-01"), ("2017-11-3", "2017-11-03"), ("2016-02-29", "2016-02-29"), ("", ""),
        ("  ", ""), (None, ""), (2017, "2017"), ("..", ".."),
    ],
)  # fmt: skip
def test_a_date_is_kept_as_given_with_full_figures(given, kept):
    assert date(given) == kept


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("2017-11-31", "no such day: 2017-11 has 30 days"), ("2017-02-29", "no such day: 2017-02 has 28 days"),
        ("2017-13", "no such month"), ("2017-00", "no such month"), ("2017-01-00", "no such day"),
        ("0000", "a date is written 2017"), ("17", "a date is written 2017"), ("30/11/2017", "a date is written 2017"),
        ("2017-", "a date is written 2017"), ("٢٠١٧", "a date is written 2017"), ("2017\n18", "a date is written 2017"),
    ],
)  # fmt: skip
def test_what_is_no_date_is_said(given, says):
    with pytest.raises(ValueError, match=says):
        date(given)


def test_days_bound_what_a_date_may_be():
    assert days("2016-02") == (20160201, 20160229)
    assert days("2017") == (20170101, 20171231)
    assert days("2017-11-30") == (20171130, 20171130)
    assert days("") == (FIRST, LAST)


def test_blank_is_unknown_and_two_dots_are_open():
    assert span("2017", "") == Span(20170101, 20171231, 20170101, LAST)
    assert span("2017", OPEN) == Span(20170101, 20171231, LAST, LAST)
    assert span(OPEN, "2017") == Span(FIRST, FIRST, 20170101, 20171231)
    assert span("", "") == Span(FIRST, LAST, FIRST, LAST)


def test_ends_within_one_year_bound_each_other():
    assert span("2017", "2017-03") == Span(20170101, 20170331, 20170301, 20170331)
    assert span("2017-06", "2017") == Span(20170601, 20170630, 20170601, 20171231)


@pytest.mark.parametrize(
    ("dates", "says"),
    [
        (("2020", "2019", ""), r"it ends \(2019\) before it starts \(2020\)"),
        (("2020", "", "2019-05"), r"it was seen \(2019-05\) outside its dates \(2020 to \?\)"),
        (("", "2017", "2018"), r"it was seen \(2018\) outside its dates \(\? to 2017\)"),
    ],
)
def test_dates_that_no_days_fit_are_said(dates, says):
    with pytest.raises(ValueError, match=says):
        span(*dates)


@settings(max_examples=300)
@given(PARTIAL | st.just(OPEN), PARTIAL | st.just(OPEN), PARTIAL, st.integers(2016, 2018), st.integers(1, 12))
def test_a_span_says_what_enumeration_says(start, end, seen, year, month):
    """Only the order of days matters, so the first and last days of all ranges stand for every day."""
    on = year * 10000 + month * 100 + 15
    ranges = [may_be(start, FIRST), may_be(end, LAST), days(seen)]
    grid = sorted({day for low_high in ranges for day in low_high} | {FIRST, on, LAST})
    fits = [[day for day in grid if low <= day <= high] for low, high in ranges]
    cases = [(a, z) for a, z, s in product(*fits) if a <= s <= z]
    if not cases:
        with pytest.raises(ValueError, match=r"it ends|it was seen"):
            span(start, end, seen)
        return
    found = span(start, end, seen)
    starts, ends = zip(*cases, strict=True)
    assert found == (min(starts), max(starts), min(ends), max(ends))
    assert (found.from_min <= on <= found.to_max) == any(a <= on <= z for a, z in cases)
    assert (found.from_max <= on <= found.to_min) == all(a <= on <= z for a, z in cases)
