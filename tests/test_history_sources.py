"""What is told of sources and holes is worked out once, and nobody can change what the next one is told."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest

from tests.conftest import facts_table
from tsi_graph.analysis.holes import by_place, holes
from tsi_graph.graph import Graph
from tsi_graph.history import declared, sources, unverified


def test_sources_are_worked_out_once_for_a_table_and_aged_each_day(monkeypatch: pytest.MonkeyPatch) -> None:
    table = facts_table()
    for told in (sources(table, "site", date(2030, 1, 1)), unverified(table)):
        told.pop("origin" if "origin" in told else "source")
    assert "source" in sources(table, "site", date(2030, 1, 1))
    assert "origin" in unverified(table)
    declared(table)["x"] = "1"
    assert "x" not in declared(table)
    monkeypatch.setattr(import_module("tsi_graph.history.sources"), "standing", None)
    later, sooner = (sources(table, "site", date(2030, 1, day)) for day in (2, 1))
    assert (later["age"] - sooner["age"]).dropna().eq(1).all()


def test_holes_and_places_are_copies(torino: Graph) -> None:
    holes(torino).clear()
    assert holes(torino)
    places = by_place(torino)
    places.pop("city")
    assert "city" in by_place(torino)
