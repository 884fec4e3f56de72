"""The graphs of a worker: the views of today stay, of the others few; one that takes long holds up nobody else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import deps, warm
from api.app import create_app
from api.deps import OTHERS, Graphs
from tests.api.conftest import filled
from tests.api.serving import wait_until
from tsi_graph.batch import Batch
from tsi_graph.model import Stakeholder
from tsi_graph.settings import Settings
from tsi_graph.store import Store

SETTINGS = Settings()


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with filled(tmp_path_factory.mktemp("graphs")) as store:
        yield store


def test_old_views_come_and_go_and_those_of_today_stay(there: Store) -> None:
    graphs = Graphs(there, SETTINGS)
    usual = [SETTINGS.view(), SETTINGS.documented(), replace(SETTINGS.documented(low=True), audience="public")]
    pinned = [graphs.get(view, folded=False) for view in usual]
    old = [SETTINGS.view(as_of=str(year)) for year in range(2000, 2030)]
    made = [graphs.get(view, folded=False) for view in old]
    assert [graphs.get(view, folded=False) for view in usual] == pinned
    assert len(graphs._kept) == len(usual) + OTHERS
    assert graphs.get(old[-OTHERS], folded=False) is made[-OTHERS]
    graphs.get(old[0], folded=False)  # the one that was asked for least lately goes
    assert graphs.get(old[-OTHERS], folded=False) is made[-OTHERS]
    assert graphs.get(old[-OTHERS + 1], folded=False) is not made[-OTHERS + 1]


def test_a_view_that_takes_long_holds_up_no_other(there: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    go, begun, usual = threading.Event(), threading.Event(), deps.graph_of

    def slow(table: Any, view: Any) -> Any:
        if view.as_of:
            begun.set()
            assert go.wait(20)
        return usual(table, view)

    monkeypatch.setattr(deps, "graph_of", slow)
    graphs = Graphs(there, SETTINGS)
    waiting = threading.Thread(target=lambda: graphs.get(SETTINGS.view(as_of="2001"), folded=False))
    waiting.start()
    assert begun.wait(20)
    assert len(graphs.get(SETTINGS.view(), folded=False)) > 0
    assert waiting.is_alive()
    go.set()
    waiting.join(20)


def test_what_the_first_pages_need_is_computed_ahead_one_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, at_once = [], threading.Semaphore(1)

    def noting(name: str) -> Any:
        def step(self: Any) -> None:
            assert at_once.acquire(blocking=False)
            self._documented()
            done.append(name)
            at_once.release()

        return step

    for name in ("positions", "gaps", "networks", "month"):
        monkeypatch.setattr(warm.Warm, f"_{name}", noting(name))
    store = filled(tmp_path)
    client = TestClient(create_app(store))
    client.get("/v1/recommendations?stakeholder=socialfare")
    assert done == []
    client = TestClient(create_app(store, warm=True))
    wait_until(lambda: done[-4:] == ["positions", "gaps", "networks", "month"], 20)
    done.clear()
    store.write(Batch(nodes=[Stakeholder(id="eve", name="Eve", confidence=3)]), "more")
    assert client.get("/v1/recommendations?stakeholder=socialfare").status_code == 200
    wait_until(lambda: done[-4:] == ["positions", "gaps", "networks", "month"], 20)


def test_each_step_computes_what_a_page_asks_for(there: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="tsi.warm")
    ahead = warm.Warm(there, SETTINGS)
    ahead._graphs = Graphs(there, SETTINGS)
    ahead.once()
    assert caplog.messages == []


def test_who_read_the_store_before_it_changed_and_comes_late_puts_nothing_old_back(
    there: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, begun = threading.Event(), threading.Event()
    old = there.statements()
    with filled(tmp_path) as other:
        other.write(Batch(nodes=[Stakeholder(id="late", name="Late")]), "late")
        new = other.statements()

    class Two:
        """A store whose first answer is on the way for long."""

        def statements(self) -> Any:
            if not begun.is_set():
                begun.set()
                assert go.wait(20)
                return old
            return new

    graphs, found = Graphs(Two(), SETTINGS), []  # type: ignore[arg-type]
    late = threading.Thread(target=lambda: found.append(graphs.get(SETTINGS.view(), folded=False)))
    late.start()
    assert begun.wait(20)
    now = graphs.get(SETTINGS.view(), folded=False)
    go.set()
    late.join(20)
    assert ("late" in now.ids, "late" in found[0].ids) == (True, False)
    assert graphs.get(SETTINGS.view(), folded=False) is now
