"""What happens when the server or the disk fails: a clear error in time, and all of an import or nothing.

Each prints a figure (`pytest -s`). TSI_TEST_KILLS says how often an import is killed: `make kills` for 100.
"""

from __future__ import annotations

import logging
import os
import random
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from neo4j import exceptions

from tests.conftest import ROOT, missing, neo4j_at, set_password, wipe
from tests.store.bolt_stub import Line, Listener, Stub
from tests.store.test_parts import FIRST, MANY, everything, in_parts
from tests.store.test_store import shown
from tsi_graph import samples
from tsi_graph.errors import Conflict, StoreLocked, StoreUnreachable, TsiError, Unusable
from tsi_graph.graph import DOCUMENTED, load_graph
from tsi_graph.importers import read
from tsi_graph.store import Store, arcade, neo4j, open_store, parts
from tsi_graph.store.neo4j import Neo4jEngine

KILLS = int(os.environ.get("TSI_TEST_KILLS", "12"))
LIMIT = 8.5
"""Seconds until a request has its answer: 3 to connect, 5 for a connection or for trying again; and a little."""
ONE = [{"one": 1}]
PASSWORD = "hush-hush"
RAW = ("com.arcadedb", "Exception", "IPv4Address", "defunct", "{code", "Traceback", "raw text", PASSWORD)


def ask(engine: Neo4jEngine, how: str) -> Any:
    if how == "read":
        return list(engine.query("RETURN 1 AS one", {}))
    return engine.transact(lambda tx: tx.run("RETURN 1 AS one", {}))


def engine_at(listener: Listener, scheme: str = "bolt") -> Neo4jEngine:
    engine = Neo4jEngine(f"{scheme}://127.0.0.1:{listener.port}", "neo4j", PASSWORD)
    engine._ready = True  # the stub keeps no schema
    return engine


def fails(work: Callable[[], Any], what: str, limit: float = LIMIT) -> TsiError:
    """The error, which is one of ours and comes in time."""
    begun = time.monotonic()
    with pytest.raises(TsiError) as fault:
        work()
    taken = time.monotonic() - begun
    print(f"{what}: {taken:.1f} s, {type(fault.value).__name__}: {fault.value}")  # noqa: T201
    assert taken < limit
    assert not any(word in str(fault.value) for word in RAW)
    assert "\n" not in str(fault.value)
    return fault.value


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
@pytest.mark.parametrize("how", ["read", "write"])
@pytest.mark.parametrize("after", ["HELLO", "RUN", "RECORD", "BEGIN", "COMMIT"])
def test_a_server_that_dies_ends_in_an_error_in_time(after: str, how: str, scheme: str) -> None:
    with Stub(after) as stub:
        engine = engine_at(stub, scheme)
        fault = fails(lambda: ask(engine, how), f"dies after {after}, {how}, {scheme}")
        assert "does not answer" in str(fault)
        again = fails(lambda: ask(engine, how), "asked again at once", 0.05)
        assert str(again) == str(fault)
        engine.close()


@pytest.mark.parametrize("how", ["read", "write"])
@pytest.mark.parametrize("after", ["RUN", "RECORD", "BEGIN", "COMMIT"])
def test_a_server_that_dies_once_is_asked_again(after: str, how: str) -> None:
    with Stub(after, times=1) as stub:
        engine = engine_at(stub)
        begun = time.monotonic()
        assert ask(engine, how) == ONE
        print(f"died once after {after}, {how}: {time.monotonic() - begun:.1f} s, {len(ONE)} row kept")  # noqa: T201
        engine.close()


@pytest.mark.parametrize("after", ["HELLO", "LOGON", "RUN", "RECORD", "BEGIN", "COMMIT"])
def test_a_server_that_falls_silent_ends_in_an_error_in_time(after: str) -> None:
    with Stub(after, silent=True, frozen=True) as stub:
        engine = engine_at(stub)
        assert "does not answer" in str(fails(lambda: ask(engine, "read"), f"silent after {after}"))
        engine.close()


def test_a_write_is_given_more_time_than_a_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neo4j, "LONG_SILENCE", 0.5)
    with Stub("RUN", silent=True, frozen=True) as stub:
        engine = engine_at(stub)
        fails(lambda: ask(engine, "write"), "silent in a write, if 0.5 s are waited")
        engine.close()


def test_a_read_that_is_given_up_ends_no_import(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is slow, and takes no further connection: the read is given up, the import has its answer."""
    monkeypatch.setattr(neo4j, "SILENCE", 0.2)
    with Stub("RUN", silent=True, late=2.0, times=2) as stub:
        engine = engine_at(stub)
        opens, answers = engine._reading._open, list[Any]()

        def refused(**_: Any) -> Any:
            raise exceptions.ServiceUnavailable

        importing = threading.Thread(target=lambda: answers.append(ask(engine, "write")))
        importing.start()
        while not stub.seen["RUN"]:
            time.sleep(0.01)
        engine._reading._open = refused
        fails(lambda: ask(engine, "read"), "a read beside an import", 1.5)
        assert answers == []
        importing.join()
        assert answers == [ONE]
        engine._reading._open = opens
        engine._reading.circuit.close()
        assert ask(engine, "read") == ONE
        engine.close()


def test_a_server_that_works_long_is_waited_for() -> None:
    with Stub("RUN", silent=True, late=6.0, times=1) as stub:
        engine = engine_at(stub)
        begun = time.monotonic()
        assert ask(engine, "read") == ONE
        print(f"an answer that takes 6 s: {time.monotonic() - begun:.1f} s, 1 row kept")  # noqa: T201
        engine.close()


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_server_that_accepts_and_says_nothing(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        engine = Neo4jEngine(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}", "neo4j", PASSWORD)
        assert "does not answer" in str(fails(lambda: ask(engine, "read"), f"stalled, {scheme}"))
        engine.close()


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_server_that_speaks_http_is_named(scheme: str) -> None:
    with Stub(says=b"HTTP/1.1 400 Bad Request\r\n\r\n") as stub:
        engine = engine_at(stub, scheme)
        assert "7687" in str(fails(lambda: ask(engine, "read"), f"HTTP, {scheme}"))
        engine.close()


@pytest.mark.parametrize("says", [b"\xde\xad\xbe\xef\x01", b"\x00\x00\x04\x05\x00\x03junk\x00", b""])
def test_a_server_that_speaks_nonsense(says: bytes) -> None:
    with Stub(says=says) as stub:
        engine = engine_at(stub)
        fails(lambda: ask(engine, "read"), f"says {says!r}")
        engine.close()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("Neo.TransientError.General.MemoryPoolOutOfMemoryError", "too little memory"),
        ("Neo.ClientError.Security.CredentialsExpired", "must be changed"),
        ("Neo.ClientError.Security.Unauthorized", "TSI_NEO4J_PASSWORD_FILE"),
        ("Neo.ClientError.Security.AuthenticationRateLimit", "wait"),
        ("Neo.ClientError.Database.DatabaseNotFound", "no database"),
        ("Neo.DatabaseError.Transaction.TransactionLogError", "disk"),
        ("Neo.DatabaseError.General.UnknownError", "its own log"),
        ("Neo.ClientError.Schema.ConstraintValidationFailed", "at the same time"),
    ],
)
def test_what_the_server_reports_is_said_in_our_words(code: str, words: str) -> None:
    with Stub("RUN", code=code) as stub:
        engine = engine_at(stub)
        assert words in str(fails(lambda: ask(engine, "write"), code))
        engine.close()


def test_no_error_no_log_and_no_representation_shows_the_password(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Stub("LOGON", code="Neo.ClientError.Security.Unauthorized") as stub:
        engine = engine_at(stub)
        store = Store(engine)
        with pytest.raises(StoreUnreachable) as fault:
            store.statements()
        shown_anywhere = [
            str(fault.value),
            repr(fault.value),
            repr(store),
            repr(engine),
            str(vars(engine)),
            caplog.text,
        ]
        cause = fault.value.__cause__
        while cause:
            shown_anywhere.append(f"{cause} {cause!r}")
            cause = cause.__cause__
        engine.close()
    assert "HELLO" in caplog.text
    assert not [text for text in shown_anywhere if PASSWORD in text]
    print(f"{len(shown_anywhere)} texts, {len(caplog.text):,} characters of log: 0 passwords")  # noqa: T201


@pytest.mark.parametrize("url", ["neo4j://ann:hush-hush@host", "bolt+s://ann:hush-hush@host:1", "neo4j://ann@host"])
def test_a_password_in_an_address_is_refused_with_advice(url: str) -> None:
    with pytest.raises(Unusable, match="TSI_NEO4J_PASSWORD_FILE") as fault:
        open_store(url)
    assert "hush" not in str(fault.value)
    with pytest.raises(StoreUnreachable) as other:
        open_store("http://ann:hush-hush@host")
    assert "hush" not in str(other.value)


def test_the_password_that_everybody_knows_is_refused() -> None:
    with pytest.raises(Unusable, match="change it"):
        open_store("neo4j://host", password="neo4j")


@pytest.mark.parametrize("scheme", ["neo4j", "bolt", "neo4j+s", "bolt+s", "neo4j+ssc", "bolt+ssc"])
def test_each_scheme_opens(scheme: str) -> None:
    open_store(f"{scheme}://127.0.0.1:1", password=PASSWORD).close()


def test_an_address_without_a_host_is_explained() -> None:
    for url in ("bolt://127.0.0.1:port", "neo4j://", "bolt://:7687"):
        with pytest.raises(Unusable, match="no address"):
            open_store(url, password=PASSWORD)


class Tls(Stub):
    """The stub behind TLS, with a certificate that nobody knows."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
        subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)

    def serve(self, client: socket.socket) -> None:
        with self._context.wrap_socket(client, server_side=True) as secure:
            super().serve(secure)


def test_a_certificate_that_nobody_knows_is_refused_unless_any_will_do(tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        missing("no openssl on this machine, which makes the certificate")
    with Tls(tmp_path) as stub:
        for scheme in ("bolt+s", "neo4j+s"):
            engine = engine_at(stub, scheme)
            assert "certificate" in str(fails(lambda engine=engine: ask(engine, "read"), scheme))  # type: ignore[misc]
            engine.close()
        engine = engine_at(stub, "bolt+ssc")
        assert ask(engine, "read") == ONE
        engine.close()


@pytest.mark.neo4j
def test_a_read_cannot_write(neo4j_server: tuple[str, str]) -> None:
    url, password = neo4j_server
    engine = Neo4jEngine(url, "neo4j", password)
    for work in (
        lambda: list(engine.query("CREATE (n:Node {id: 'x'}) RETURN n.id AS id", {})),
        lambda: engine.look(lambda tx: tx.run("CREATE (n:Node {id: 'x'}) RETURN n.id AS id", {})),
    ):
        with pytest.raises(StoreUnreachable, match="AccessMode"):
            work()
    assert list(engine.query("MATCH (n:Node {id: 'x'}) RETURN count(n) AS n", {})) == [{"n": 0}]
    engine.close()


@pytest.mark.neo4j
@pytest.mark.parametrize(
    "line", [{"delay": 0.02}, {"rate": 60_000.0}, {"cut": 3_000, "times": 1}, {"cut": 6_000, "times": 1}]
)
def test_a_slow_or_cut_connection_loses_nothing(neo4j_server: tuple[str, str], line: dict[str, Any]) -> None:
    url, password = neo4j_server
    wipe(url, password)
    with Line(int(url.rpartition(":")[2]), **line) as slow, open_store(slow.url, password=password) as store:
        begun = time.monotonic()
        counts = in_parts(store).write(MANY, "first")
        table = store.statements()
        taken = time.monotonic() - begun
        print(f"{line}: {taken:.1f} s, {len(table.rows)} of {counts.new} rows kept, {slow.cuts} cuts")  # noqa: T201
        assert (counts.new, len(table.rows), len(table.imports)) == (6, 6, 1)
    with open_store(url, password=password) as store:
        assert [len(part) for part in shown(store)] == [4, 2]


@pytest.mark.neo4j
def test_a_connection_that_is_cut_each_time_ends_in_an_error(neo4j_server: tuple[str, str]) -> None:
    url, password = neo4j_server
    with (
        Line(int(url.rpartition(":")[2]), cut=600, times=10**6) as cut,
        open_store(cut.url, password=password) as store,
    ):
        fails(store.statements, f"cut each time ({cut.cuts})")


@pytest.mark.neo4j
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_server_that_restarts_in_the_middle_of_an_import(
    tmp_path: Path, how: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, password = free_port(), "a-password-of-this-test"
    url = f"bolt://127.0.0.1:{port}"
    with neo4j_at(tmp_path / "db", port, tmp_path / "log.txt") as server, open_store(url, password=password) as store:
        set_password(url, password)
        store.write(FIRST, "first")
        before = everything(store)
        transact, calls, ended = store._engine.transact, iter(range(1, 1000)), list[float]()

        def dying(work: Callable[[Any], Any]) -> Any:
            if next(calls) == 4:
                server.send_signal(how)
                server.wait(60)
                ended.append(time.monotonic())
            return transact(work)

        with monkeypatch.context() as patch:
            patch.setattr(store._engine, "transact", dying)
            fails(lambda: in_parts(store).write(MANY, "first"), f"the server ends by {how.name} amid an import", 60)
            taken = time.monotonic() - ended[0]
            print(f"{taken:.1f} s after its end")  # noqa: T201
            assert taken < LIMIT
    begun = time.monotonic()
    with neo4j_at(tmp_path / "db", port, tmp_path / "log.txt"), open_store(url, password=password) as store:
        back = time.monotonic() - begun
        assert everything(store) == before
        monkeypatch.setattr(parts, "LEASE", 3600.0)  # however long this machine took until here
        with pytest.raises(Conflict, match="is importing"):
            store.write(MANY, "first")
        monkeypatch.setattr(parts, "LEASE", -1.0)
        assert in_parts(store).write(MANY, "first").number == 2
        print(f"back after {back:.1f} s, {len(before[3])} of 3 rows kept, then {len(store.statements().rows)}")  # noqa: T201
        assert [len(part) for part in shown(store)] == [4, 2]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


IMPORT = """
import sys
from tsi_graph import samples
from tsi_graph.importers import read
from tsi_graph.store import open_store
batch = read(samples.additions() if sys.argv[2] == "more" else samples.torino())
print("go", flush=True)
open_store(sys.argv[1]).write(batch, sys.argv[2])
print("done", flush=True)
"""


def importing(folder: Path, dataset: str) -> subprocess.Popen[str]:
    """A program that imports, from the moment when it has read its files."""
    command = [sys.executable, "-c", IMPORT, str(folder), dataset]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert child.stdout
    assert child.stdout.readline() == "go\n"
    return child


def state(folder: Path) -> Any:
    """All that is said and shown; nothing where there is no store."""
    if not folder.exists():
        return None
    store = open_store(folder)
    table, (nodes, edges), graph = store.statements(), shown(store), load_graph(store, DOCUMENTED)
    assert [n["id"] for n in nodes] == graph.nodes["id"].tolist()
    assert [e["fact"] for e in edges] == graph.edges["fact"].tolist()
    said = store.read("statements", limit=10**6)
    assert said["id"].tolist() == table.rows["id"].tolist()
    return table.rows["id"].tolist(), [i.number for i in table.imports], nodes, edges


def test_an_import_that_is_killed_leaves_all_or_nothing(tmp_path: Path) -> None:
    """kill -9 at random moments of a first import and of a second one."""
    begun = tmp_path / "begun.db"
    open_store(begun).write(read(samples.torino()), "torino")
    complete = {}
    for dataset in ("torino", "more"):
        folder = tmp_path / f"{dataset}.db"
        if dataset == "more":
            shutil.copytree(begun, folder)
        child, at = importing(folder, dataset), time.monotonic()
        assert child.stdout
        assert child.stdout.readline() == "done\n"
        taken = time.monotonic() - at
        child.communicate(timeout=60)
        complete[dataset] = state(folder), taken
    nothing = {"torino": None, "more": state(begun)}
    chance, outcomes = random.Random(7), {"nothing": 0, "all": 0}
    for i in range(KILLS):
        dataset = ("torino", "more")[i % 2]
        folder = tmp_path / "kills" / f"{i}.db"
        folder.parent.mkdir(exist_ok=True)
        if dataset == "more":
            shutil.copytree(begun, folder)
        child = importing(folder, dataset)
        time.sleep(chance.uniform(0, 1.1) * complete[dataset][1])
        child.kill()
        child.communicate()
        found = state(folder)
        assert found in (nothing[dataset], complete[dataset][0])
        outcomes["all" if found == complete[dataset][0] else "nothing"] += 1
        open_store(folder).write(read(samples.torino() if dataset == "torino" else samples.additions()), dataset)
        assert state(folder)[2:] == complete[dataset][0][2:]
        assert not list(folder.parent.glob(".*.new"))
        shutil.rmtree(folder.parent)
    print(f"{sum(outcomes.values())} of {KILLS} kills left the store whole: {outcomes}")  # noqa: T201


def damaged(folder: Path, name: str, how: str) -> Path:
    """The one file whose name begins so, damaged."""
    path = next(p for p in sorted(folder.iterdir()) if p.name.startswith(name) and p.stat().st_size)
    data = path.read_bytes()
    path.write_bytes({"zeroed": bytes(len(data)), "truncated": data[: len(data) // 2], "foreign": b"dear" * 999}[how])
    return path


@pytest.mark.parametrize("how", ["zeroed", "truncated", "foreign"])
@pytest.mark.parametrize(
    "name",
    ["dictionary", "Statement_0.", "Node%7EStakeholder_0.", "configuration.json", "schema"],
)
def test_a_damaged_file_is_an_error_or_no_loss(tmp_path: Path, name: str, how: str) -> None:
    folder = tmp_path / "a.db"
    open_store(folder).write(read(samples.torino()), "torino")
    whole = state(folder)
    (tmp_path / "a.db.snapshot.npz").unlink()
    damaged(folder, name, how)
    try:
        assert state(folder) == whole
        print(f"{name} {how}: {len(whole[0])} of {len(whole[0])} rows kept")  # noqa: T201
    except TsiError:
        fails(lambda: state(folder), f"{name} {how}", 60.0)


@pytest.mark.parametrize("how", ["zeroed", "truncated", "foreign"])
def test_lost_links_between_nodes_and_ties_are_found_by_the_check(tmp_path: Path, how: str) -> None:
    """No view reads them, and the counts of an opening do not see them: only a look at all does."""
    folder = tmp_path / "a.db"
    open_store(folder).write(read(samples.torino()), "torino")
    graph = load_graph(open_store(folder))
    damaged(folder, "Node%7EStakeholder_0_out", how)
    assert open_store(folder).check().findings
    assert load_graph(open_store(folder)).edges.equals(graph.edges)


def test_a_file_in_the_place_of_a_folder_is_explained(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("dear")
    for work in (lambda s: s.statements(), lambda s: s.write(FIRST, "first")):
        fails(lambda work=work: work(open_store(tmp_path / "a.db")), "a file")  # type: ignore[misc]
        fails(lambda work=work: work(open_store(tmp_path / "a.db" / "b.db")), "below a file")  # type: ignore[misc]
    assert (tmp_path / "a.db").read_text() == "dear"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 24 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a small file system")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(disk: Path, leave: int) -> Path:
    free = shutil.disk_usage(disk).free - leave
    (disk / "filler").write_bytes(b"x" * max(0, free))
    return disk / "filler"


@pytest.mark.parametrize("leave", [0, 100_000, 400_000, 1_000_000, 3_000_000])
def test_a_full_disk_loses_nothing(small_disk: Path, leave: int) -> None:
    folder = small_disk / "a.db"
    store = open_store(folder)
    store.write(FIRST, "first")
    before = state(folder)
    filler = fill(small_disk, leave)
    batch = read(samples.torino())
    try:
        store.write(batch, "torino")
        print(f"{leave:,} bytes were enough")  # noqa: T201
    except TsiError:
        fails(
            lambda: open_store(folder).write(batch, "torino"), f"{leave:,} bytes free, {len(before[0])} rows kept", 30
        )
        filler.unlink()
        assert state(folder) == before
    filler.unlink(missing_ok=True)
    open_store(folder).write(batch, "torino")
    assert len(state(folder)[0]) > len(before[0])


def test_a_new_store_on_a_full_disk_is_not_begun(small_disk: Path) -> None:
    filler = fill(small_disk, 1_000_000)
    fault = fails(lambda: open_store(small_disk / "a.db").write(FIRST, "first"), "a new store, 1 MB free", 30)
    assert "full" in str(fault)
    assert list(small_disk.iterdir()) == [filler]


def test_a_folder_that_may_not_be_written(small_disk: Path) -> None:
    folder = small_disk / "a.db"
    open_store(folder).write(FIRST, "first")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    try:
        fault = fails(lambda: open_store(folder).write(MANY, "second"), "a read-only folder", 30)
        assert "may not write" in str(fault)
        other = fails(lambda: open_store(small_disk / "b.db").write(MANY, "second"), "a new store there", 30)
        assert "may not write" in str(other)
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert len(state(folder)[0]) == 3


def test_who_waits_longer_than_patience_is_told_who_to_wait_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arcade, "PATIENCE", 0.3)
    folder = tmp_path / "a.db"
    store = open_store(folder)
    store.write(FIRST, "first")
    engine: Any = store._engine
    with engine.turn():
        fault = fails(lambda: open_store(folder).write(MANY, "second"), "held by another")
    assert isinstance(fault, StoreLocked)
    assert open_store(folder).write(MANY, "second").number == 2


def test_programs_on_one_folder_take_turns(tmp_path: Path) -> None:
    """Six at once: each import comes whole, one after the other, and nobody meets the engine's own locks."""
    folder = tmp_path / "a.db"
    open_store(folder).write(read(samples.torino()), "torino")
    begun = time.monotonic()
    children = [importing(folder, "more")] + [
        subprocess.Popen(
            [sys.executable, "-m", "tsi_graph.cli", "introduction", "propose", "socialfare", "euclid-network"],
            env={**os.environ, "TSI_STORE": str(folder)}, cwd=ROOT, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        for _ in range(6)
    ]  # fmt: skip
    said = [child.communicate(timeout=120)[0] for child in children]
    codes = [child.returncode for child in children]
    print(f"6 programs and an import: {time.monotonic() - begun:.1f} s, exit codes {sorted(codes)}")  # noqa: T201
    assert codes[0] == 0
    assert sorted(codes[1:]) == [0, 6, 6, 6, 6, 6]
    assert not [text for text in said if any(word in text for word in RAW)]
    assert state(folder)[1] == [1, 2]


def test_readers_beside_a_writer_see_whole_imports(tmp_path: Path) -> None:
    folder = tmp_path / "a.db"
    open_store(folder).write(FIRST, "first")
    seen: list[tuple[int, int]] = []
    stop = threading.Event()

    def reading() -> None:
        while not stop.is_set():
            table = open_store(folder).statements()
            seen.append((len(table.imports), len(table.rows)))

    readers = [threading.Thread(target=reading) for _ in range(4)]
    for one in readers:
        one.start()
    for i in range(4):
        open_store(folder).write(MANY if i % 2 == 0 else FIRST, f"d{i}")
    stop.set()
    for one in readers:
        one.join()
    print(f"{len(seen)} readings beside 4 imports, {len(set(seen))} states, none torn")  # noqa: T201
    assert len(set(seen)) == len({imports for imports, _ in seen})
