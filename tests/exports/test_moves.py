"""Readers find everybody again: 5 % of the ties come and go, and an organisation hardly moves."""

from benchmarks.pictures import moves


def test_an_organisation_moves_at_most_4_percent_of_the_diagonal(organisations):
    """1,000 and 5,000 organisations: benchmarks/pictures.py."""
    assert moves(organisations) <= 4
