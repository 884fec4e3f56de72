import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.browser import launched
from tsi_graph.graph import HOME, MEMBERSHIP, STRUCTURE, Graph, one_mode

FACTS = Path(__file__).parents[2] / "tsi_graph" / "data" / "tsi-facts"
KINDS = {
    "organisations": "Stakeholder",
    "networks": "Network",
    "funds": "Fund",
    "projects": "Project",
    "topics": "Topic",
}


def rows(name: str) -> list[dict[str, str]]:
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_facts() -> Graph:
    nodes = [
        {"id": r["id"], "kind": kind, "name": r["name"], "name_it": r.get("name_it") or None}
        | ({"sector": r["kind"]} if kind == "Stakeholder" else {})
        for name, kind in KINDS.items()
        for r in rows(name)
    ]
    edges = [
        {"source": r["source_id"], "target": r["target_id"], "kind": r["relation"].upper()}
        for r in rows("ties")
        if r["confidence"] != "low" and not (r["target_id"] in HOME and r["relation"].upper() in MEMBERSHIP)
    ]
    return Graph.from_edges(pd.DataFrame(edges), pd.DataFrame(nodes), view=STRUCTURE)


@pytest.fixture(scope="session")
def facts() -> Graph:
    return read_facts()


@pytest.fixture(scope="session")
def organisations(facts: Graph) -> Graph:
    return one_mode(facts)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """One for a module: while it is open, no other can be opened and no event loop run in this thread."""
    with launched(chromium) as chrome:
        yield chrome


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a file in a window of 1400 x 900 and waits for its first drawing; the page must not complain."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    complaints: list[str] = []

    def open_page(path: Path, fragment: str = "") -> Any:
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.as_uri() + fragment)
        page.wait_for_function("document.documentElement.dataset.ready")
        return page

    yield open_page
    context.close()
    assert complaints == []
