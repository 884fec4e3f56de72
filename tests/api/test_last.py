"""While the store is away: the last answers, marked; no writing; and back within seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import answers
from api import last as module
from api.app import create_app
from api.last import Last
from tests.api.conftest import filled
from tests.api.serving import served, wait_until
from tests.api.test_errors import assert_problem
from tests.conftest import neo4j_at, set_password
from tests.store.bolt_stub import Stub
from tests.store.test_faults import free_port
from tsi_graph import samples
from tsi_graph.batch import Batch
from tsi_graph.errors import StoreUnreachable
from tsi_graph.importers import read
from tsi_graph.model import Stakeholder
from tsi_graph.recommend.ledger.reading import read_ledger
from tsi_graph.recommend.ledger.writing import Proposal, propose
from tsi_graph.settings import Settings
from tsi_graph.store import Store, open_store

READING = (
    "/v1/info",
    "/v1/stakeholders",
    "/v1/gaps",
    "/v1/introductions",
    "/v1/recommendations?stakeholder=socialfare",
)
PROPOSAL = {"source": "socialfare", "target": "euclid-network"}


class Moody(Store):
    """A store that refuses, or stalls, as long as it is told to."""

    def __init__(self, store: Store) -> None:
        self.__dict__ = store.__dict__
        self.refuses, self.stalls = False, False

    local = False  # as a server: each question is asked of the store itself

    def held(self) -> None:
        return None

    def _mood(self) -> None:
        begun = time.monotonic()
        while self.stalls and time.monotonic() - begun < 20:
            time.sleep(0.05)
        if self.refuses:
            raise StoreUnreachable("The store does not answer: is it running?")

    def reach(self) -> None:
        self._mood()

    def statements(self) -> Any:
        self._mood()
        return super().statements()

    def revision(self, *, within: float = 0.0) -> str | None:
        self._mood()
        return super().revision(within=within)

    def read(self, name: str, **parameters: Any) -> Any:
        self._mood()
        return super().read(name, **parameters)

    def transact(self, work: Callable[[Any], Any]) -> Any:
        self._mood()
        return super().transact(work)


@pytest.fixture
def moody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Moody]:
    monkeypatch.setattr(module, "PROBE", 0.2)
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    monkeypatch.setattr(module, "LONGEST", 1.0)
    store = Moody(filled(tmp_path))
    yield store
    store.refuses = store.stalls = False


def over(store: Store, **settings: Any) -> TestClient:
    return TestClient(create_app(store, Settings(**settings)), raise_server_exceptions=False)


def asked(client: TestClient, path: str) -> tuple[Any, float]:
    begun = time.monotonic()
    return client.get(path), time.monotonic() - begun


def noticed(client: TestClient) -> None:
    """The next who asks the store itself finds it away; an answer that is a second old is not asked for again."""
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize("how", ["refuses", "stalls"])
def test_reading_goes_on_with_what_was_last_known_and_says_so(moody: Moody, how: str) -> None:
    client = over(moody)
    before = {path: client.get(path) for path in READING}
    assert {path: answer.status_code for path, answer in before.items()} == dict.fromkeys(READING, 200)
    assert "x-data-date" not in before["/v1/info"].headers
    setattr(moody, how, True)
    noticed(client)
    for path in READING:
        answer, taken = asked(client, path)
        assert (answer.status_code, answer.json()) == (200, before[path].json()), path
        assert taken < 1.5
        assert answer.headers["x-data-date"].endswith("GMT")
        assert int(answer.headers["age"]) < 60
        assert "Stale" in answer.headers["warning"]


@pytest.mark.parametrize("how", ["refuses", "stalls"])
def test_the_program_lives_but_is_not_ready_and_says_why(moody: Moody, how: str) -> None:
    client = over(moody)
    assert client.get("/readyz").status_code == 200
    setattr(moody, how, True)
    noticed(client)
    ready = client.get("/readyz")
    assert_problem(ready)
    assert (ready.status_code, ready.headers["retry-after"]) == (503, "5")
    assert "answer" in ready.json()["detail"]
    assert client.get("/livez").status_code == 200


def test_writing_is_refused_at_once_and_nothing_is_written(moody: Moody) -> None:
    client = over(moody)
    client.get("/v1/info")
    client.get("/v1/introductions")
    moody.refuses = True
    noticed(client)
    begun = time.monotonic()
    answer = client.post("/v1/introductions", json=PROPOSAL)
    assert_problem(answer)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/store-unreachable")
    assert time.monotonic() - begun < 0.5
    moody.refuses = False
    wait_until(lambda: client.get("/readyz").status_code == 200, 5)
    assert len(client.get("/v1/introductions").json()) == 0 or client.get("/v1/introductions").json()["items"] == []


def test_a_page_shows_the_date_of_the_data_and_offers_no_writing(moody: Moody) -> None:
    client = over(moody)
    client.get("/v1/info")
    moody.refuses = True
    noticed(client)
    page = client.get("/it/come-calcoliamo")
    assert page.status_code == 200
    assert "l&#39;archivio non risponde" in page.text or "l'archivio non risponde" in page.text


@pytest.mark.parametrize("how", ["refuses", "stalls"])
def test_it_is_noticed_within_seconds_that_the_store_is_back(moody: Moody, how: str) -> None:
    client = over(moody)
    client.get("/v1/info")
    setattr(moody, how, True)
    noticed(client)
    assert client.get("/readyz").status_code == 503
    setattr(moody, how, False)
    taken = wait_until(lambda: client.get("/readyz").status_code == 200, 5)
    print(f"{how}: back after {taken:.1f} s")  # noqa: T201
    assert "x-data-date" not in client.get("/v1/info").headers


def test_with_nothing_known_the_answer_is_503_in_time_and_then_at_once(moody: Moody) -> None:
    moody.stalls = True
    client = over(moody)
    for limit in (1.5, 0.3):
        answer, taken = asked(client, "/v1/info")
        assert_problem(answer)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert taken < limit


def test_a_store_that_stalls_holds_up_one_reader_for_a_moment_and_no_lock(moody: Moody) -> None:
    client = over(moody)
    client.get("/v1/stakeholders")
    moody.stalls = True
    begun, codes = time.monotonic(), []

    def ask() -> None:
        codes.append(client.get("/v1/stakeholders").status_code)

    threads = [threading.Thread(target=ask) for _ in range(30)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert codes == [200] * 30
    assert time.monotonic() - begun < 3


def test_an_answer_that_came_too_late_is_kept_for_the_next_who_asks(moody: Moody) -> None:
    last = Last(moody)
    moody.stalls = True
    with pytest.raises(StoreUnreachable):
        last.statements()
    moody.stalls = False
    wait_until(lambda: not last.reason, 5)
    assert len(last.statements().rows) > 100


def test_what_was_written_is_read_at_once(moody: Moody) -> None:
    client = over(moody)
    client.get("/v1/introductions")
    assert client.post("/v1/introductions", json=PROPOSAL).status_code == 201
    assert "euclid-network" in client.get("/v1/introductions").text


def test_a_restart_while_the_store_is_away_answers_from_the_kept_file(moody: Moody, tmp_path: Path) -> None:
    kept = tmp_path / "kept.npz"
    client = over(moody, kept=kept)
    assert client.post("/v1/introductions", json=PROPOSAL).status_code == 201
    before = {path: client.get(path).json() for path in READING}
    wait_until(lambda: len(list(tmp_path.glob("kept.npz*"))) == 3, 5)
    assert {file.stat().st_mode & 0o777 for file in tmp_path.glob("kept.npz*")} == {0o600}
    moody.refuses = True
    again = over(moody, kept=kept)
    for path in READING:
        answer = again.get(path)
        assert (answer.status_code, answer.json()) == (200, before[path])
        assert "x-data-date" in answer.headers


def test_a_folder_that_goes_and_comes_back(tmp_path: Path) -> None:
    client = over(filled(tmp_path))
    assert client.get("/v1/introductions").status_code == 200
    before = client.get("/v1/gaps").json()
    (tmp_path / "api.db").rename(tmp_path / "away")
    (tmp_path / "api.db.snapshot.npz").rename(tmp_path / "away.npz")
    for path in ("/v1/gaps", "/v1/introductions"):
        assert client.get(path).status_code == 200
    assert client.get("/v1/gaps").json() == before
    assert client.get("/readyz").status_code == 503
    assert client.post("/v1/introductions", json=PROPOSAL).status_code == 503
    (tmp_path / "away.npz").rename(tmp_path / "api.db.snapshot.npz")
    (tmp_path / "away").rename(tmp_path / "api.db")
    wait_until(lambda: client.get("/readyz").status_code == 200, 5)
    assert client.post("/v1/introductions", json=PROPOSAL).status_code == 201


@pytest.mark.parametrize(
    ("after", "silent"), [("", False), ("HELLO", True), ("RUN", False), ("RUN", True), ("RECORD", True)]
)
def test_a_server_that_never_answers_is_a_503_within_8_s(at: str, tmp_path: Path, after: str, silent: bool) -> None:
    """Over real sockets, from the first byte to the last: also the event loop is free meanwhile."""
    with (
        Stub(after or "HELLO", silent=silent, frozen=silent, says=None if after else b"HTTP/1.1 400\r\n\r\n") as stub,
        served(stub.url, tmp_path, TSI_NEO4J_PASSWORD="hush") as server,
    ):
        import httpx2 as httpx

        begun = time.monotonic()
        answer = httpx.get(f"{server.url}/v1/info", timeout=20)
        taken = time.monotonic() - begun
        again = time.monotonic()
        second = httpx.get(f"{server.url}/v1/info", timeout=20)
        repeated = time.monotonic() - again
        print(f"after {after or 'nothing'}, silent {silent}: {taken:.1f} s, then {repeated * 1000:.0f} ms")  # noqa: T201
        for one in (answer, second):
            assert (one.status_code, one.headers["retry-after"]) == (503, "5")
            assert one.json()["type"] == "/problems/store-unreachable"
        assert taken < 8
        assert repeated < 0.5
        assert httpx.get(f"{server.url}/livez").status_code == 200
        assert httpx.get(f"{server.url}/readyz").status_code == 503


@pytest.mark.neo4j
def test_a_server_that_is_stopped_and_started_again(tmp_path: Path) -> None:
    import httpx2 as httpx

    port, password = free_port(), "a-password-of-this-test"
    url = f"bolt://127.0.0.1:{port}"
    with neo4j_at(tmp_path / "db", port, tmp_path / "log.txt"):
        set_password(url, password)
        with open_store(url, password=password) as store:
            store.write(read(samples.torino()), "torino")
        kept = {"TSI_NEO4J_PASSWORD": password, "TSI_KEPT": str(tmp_path / "kept.npz")}
        context = served(url, tmp_path, **kept)
        server = context.__enter__()
        before = {path: httpx.get(server.url + path, timeout=30).json() for path in READING}
    try:
        for path in READING:
            begun = time.monotonic()
            answer = httpx.get(server.url + path, timeout=20)
            assert (answer.status_code, answer.json()) == (200, before[path])
            assert time.monotonic() - begun < 8
            assert "x-data-date" in answer.headers
        assert httpx.post(f"{server.url}/v1/introductions", json=PROPOSAL).status_code == 503
        with served(url, tmp_path, **kept) as restarted:
            assert httpx.get(f"{restarted.url}/v1/info", timeout=20).status_code in (200, 503)
            wait_until(lambda: httpx.get(f"{restarted.url}/v1/info", timeout=20).status_code == 200, 9)
        with neo4j_at(tmp_path / "db", port, tmp_path / "log.txt"):
            with open_store(url, password=password) as another:
                another.statements()  # from here on it answers: its first question after a start takes it seconds
            taken = wait_until(lambda: httpx.get(f"{server.url}/readyz", timeout=20).status_code == 200, 10)
            print(f"back {taken:.1f} s after the server")  # noqa: T201
            assert taken < 5
            assert httpx.post(f"{server.url}/v1/introductions", json=PROPOSAL, timeout=20).status_code == 201
    finally:
        context.__exit__(None, None, None)


def files_in(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()}


@pytest.mark.parametrize("how", ["moved", "emptied"])
def test_a_folder_that_is_gone_is_noticed_and_no_other_is_made_in_its_place(tmp_path: Path, how: str) -> None:
    """Its snapshot stays beside it, and stays as it is."""
    client, folder, kept = over(filled(tmp_path)), tmp_path / "api.db", tmp_path / "api.db.snapshot.npz"
    assert client.get("/v1/gaps").status_code == client.get("/readyz").status_code == 200
    folder.rename(tmp_path / "away")
    if how == "emptied":
        folder.mkdir()
    before, there = kept.read_bytes(), files_in(tmp_path)
    page = client.get("/it/dati").text
    assert client.get("/readyz").status_code == 503
    assert 'class="note warn"' in page
    assert 'action="/it/importa/undo"' not in page
    upload = {"files": ("organizzazioni.csv", b"name\nUna\n", "text/csv")}
    refusals = [
        client.post("/v1/imports", data={"dataset": "a"}, files=upload),
        client.post("/v1/introductions", json=PROPOSAL),
        client.post("/v1/introductions/abc/events", json={"kind": "taken_back"}),
        client.post("/v1/imports/1/undo"),
        client.post("/it/importa/undo", data={"number": "1"}),
    ]
    assert [one.status_code for one in refusals] == [503] * 5
    assert all(str(tmp_path) not in one.text for one in (*refusals, client.get("/readyz")))
    assert kept.read_bytes() == before
    assert files_in(tmp_path) == there
    if how == "emptied":
        assert not files_in(folder)
        folder.rmdir()
    (tmp_path / "away").rename(folder)
    wait_until(lambda: client.get("/readyz").status_code == 200, 5)
    assert client.post("/v1/introductions", json=PROPOSAL).status_code == 201


def test_a_restart_while_the_folder_is_away_reads_from_its_snapshot(tmp_path: Path) -> None:
    assert over(filled(tmp_path)).get("/it/organizzazioni/socialfare").status_code == 200
    wait_until(lambda: len([*tmp_path.glob("api.db.last.*.json")]) == 2, 5)
    (tmp_path / "api.db").rename(tmp_path / "away")
    client = over(open_store(tmp_path / "api.db"))
    found = client.get("/v1/gaps")
    assert found.status_code == 200
    assert "x-data-date" in found.headers
    for page in (
        "/it/dati",
        "/it/organizzazioni",
        "/it/organizzazioni/socialfare",
        "/it/vuoti",
        "/it/presentazioni",
    ):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert 'class="note warn" role="status"' in answer.text, page
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert str(tmp_path) not in ready.text
    assert client.post("/v1/introductions", json=PROPOSAL).status_code == 503
    assert not (tmp_path / "api.db").exists()
    (tmp_path / "away").rename(tmp_path / "api.db")
    wait_until(lambda: client.get("/readyz").status_code == 200, 5)


def test_where_nothing_was_the_first_import_makes_the_store(tmp_path: Path) -> None:
    client = over(open_store(tmp_path / "api.db"))
    assert client.get("/readyz").status_code == 503
    upload = {"files": ("organizzazioni.csv", b"name\nUna\n", "text/csv")}
    assert client.post("/v1/imports", data={"dataset": "a"}, files=upload).status_code == 201
    assert client.get("/readyz").status_code == 200


def test_a_slow_store_leaves_no_old_ledger_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program wrote, and the store is too slow to be asked for it: then what was last known is not the new."""
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    monkeypatch.setattr(module, "PROBE", 60.0)
    store = filled(tmp_path)
    held, read, slow = Last(store), Store.read, threading.Event()
    before = read_ledger(held.as_store())

    def stalling(self: Store, name: str, **parameters: Any) -> Any:
        if slow.is_set():
            time.sleep(0.5)
        return read(self, name, **parameters)

    monkeypatch.setattr(Store, "read", stalling)
    propose(store, Proposal("socialfare", "euclid-network"))
    slow.set()
    assert read_ledger(held.as_store()) == before
    assert (held.reason != "", held.revision()) == (True, None)
    slow.clear()
    assert held.back()
    assert len(read_ledger(held.as_store()).introductions) == len(before.introductions) + 1


def test_an_outage_is_told_by_the_revision_even_if_it_is_over(tmp_path: Path) -> None:
    held = Last(filled(tmp_path))
    before = held.revision()
    held._gone("slow")
    assert held.revision() is None
    assert held.back()
    assert held.revision() not in (None, before)


def test_no_answer_of_an_outage_of_a_folder_is_kept(tmp_path: Path) -> None:
    store = filled(tmp_path)
    client = over(store)
    last: Last = client.app.state.last  # type: ignore[attr-defined]
    before = len(client.get("/v1/stakeholders?limit=200").json())
    last._away, last._reason = True, "slow"
    with open_store(tmp_path / "api.db") as other:
        other.write(Batch(nodes=[Stakeholder(id="eve", name="Eve", confidence=3)]), "more")
    answer = client.get("/v1/stakeholders?limit=200")
    assert (len(answer.json()), "Stale" in answer.headers["warning"]) == (before, True)
    assert last.back()
    after = client.get("/v1/search?q=Eve")
    assert [one["id"] for one in after.json()][:1] == ["eve"]
    assert "warning" not in after.headers


@pytest.mark.parametrize("how", ["away", "an outage", "a write"])
def test_what_changes_while_an_answer_is_made_keeps_it_from_being_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    client = over(filled(tmp_path))
    last: Last = client.app.state.last  # type: ignore[attr-defined]
    made, asked_for = [], answers.Answers._asked

    async def meanwhile(self: Any, *given: Any) -> Any:
        found = await asked_for(self, *given)
        made.append(found)
        if how == "away":
            last._away, last._reason = True, "slow"
        elif how == "an outage":
            last.outages += 1
        elif len(made) == 1:
            with open_store(tmp_path / "api.db") as other:
                other.write(Batch(nodes=[Stakeholder(id="eve", name="Eve", confidence=3)]), "more")
        return found

    monkeypatch.setattr(answers.Answers, "_asked", meanwhile)
    for _ in range(2):
        assert client.get("/v1/info").status_code == 200
        last._away = False
    assert len(made) == 2
