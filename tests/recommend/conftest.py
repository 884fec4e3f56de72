"""What the shells recommend from: all that is documented, membership of the alliance with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.conftest import facts_table
from tsi_graph.graph import DOCUMENTED, Graph, graph_of


@pytest.fixture(scope="session")
def torino() -> Graph:
    return graph_of(facts_table(), replace(DOCUMENTED, today=TODAY))


TODAY = "2026-11-25"
