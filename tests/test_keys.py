"""Keys: random, kept as hashes, checked alike whatever is wrong with them, ended at once."""

from __future__ import annotations

import json
import secrets
import stat
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from statistics import median
from threading import Thread
from time import perf_counter

import pytest

from tsi_graph.errors import NotFound, Unusable
from tsi_graph.keys import SHAPE, Key, Keys, asks


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys.json")


def made_up() -> str:
    return f"tsi_{secrets.token_hex(4)}_{secrets.token_urlsafe(32)}"


def test_a_key_is_shown_once_and_kept_as_a_hash_for_its_owner_alone(keys: Keys) -> None:
    key, token = keys.create("Rete ANN", "read", "members", 30)
    assert SHAPE.fullmatch(token)
    assert len(token.rpartition("_")[2]) * 6 >= 256 or SHAPE.pattern.endswith("{43}")
    kept = keys.path.read_text(encoding="utf-8")
    assert token.split("_", 2)[2] not in kept
    assert key.hash == sha256(token.encode()).hexdigest()
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600
    assert (key.scope, key.sees, key.expires[:10]) == (
        "read", "members", f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%d}",
    )  # fmt: skip
    assert keys.check(token) == key == Keys(keys.path).check(token)


def test_who_writes_sees_what_the_team_sees(keys: Keys) -> None:
    assert [keys.create("a", scope)[0].sees for scope in ("read", "propose", "admin")] == ["public", "team", "team"]
    for wrong in (("a", "propose", "members"), ("a", "admin", "public"), ("a", "root", None), ("a", "read", "all")):
        with pytest.raises(Unusable):
            keys.create(*wrong)
    for name in ("", " ", "a\nb", "x" * 101, "a\x00"):
        with pytest.raises(Unusable):
            keys.create(name, "read")
    with pytest.raises(Unusable):
        keys.create("a", "read", days=0)


def test_none_of_ten_thousand_random_keys_lets_in(keys: Keys) -> None:
    key, token = keys.create("a", "admin")
    assert [one for one in (made_up() for _ in range(10_000)) if keys.check(one)] == []
    near = [token[:-1], token + "A", token[:-1] + ("A" if token[-1] != "A" else "B"), token.upper(), f" {token}", ""]
    near += [f"tsi_{key.id}_{secrets.token_urlsafe(32)}", "tsi_" + "é" * 50, "\udcff", token + "\n", key.hash]
    assert [one for one in near if keys.check(one)] == []


def test_a_wrong_key_takes_as_long_whatever_is_wrong(keys: Keys) -> None:
    key, _ = keys.create("a", "admin")

    def took(make: object) -> float:
        spans = []
        for _ in range(500):
            token = make()  # type: ignore[operator]
            begun = perf_counter()
            keys.check(token)
            spans.append(perf_counter() - begun)
        return median(spans)

    known, unknown = took(lambda: f"tsi_{key.id}_{secrets.token_urlsafe(32)}"), took(made_up)
    assert abs(known - unknown) < 1e-3


def test_an_expired_and_a_revoked_key_let_nobody_in(keys: Keys) -> None:
    _, brief = keys.create("a", "read", days=1)
    assert keys.check(brief)
    assert keys.check(brief, datetime.now(UTC) + timedelta(days=1, seconds=1)) is None
    key, token = keys.create("b", "read")
    elsewhere = Keys(keys.path)
    assert elsewhere.check(token)
    assert keys.revoke(key.id) == keys.revoke(key.id)
    assert (elsewhere.check(token), elsewhere.by_id(key.id)) == (None, None)  # at once, in another process too
    with pytest.raises(NotFound):
        keys.revoke("nobody")


def test_the_day_of_use_is_kept_once_a_day(keys: Keys) -> None:
    _, token = keys.create("a", "read")
    found = keys.check(token)
    assert isinstance(found, Key)
    keys.used(found)
    assert keys.all()[0].used == f"{datetime.now(UTC):%Y-%m-%d}"
    before = keys.path.stat().st_mtime_ns
    for _ in range(3):
        keys.used(found)
    assert keys.path.stat().st_mtime_ns == before


def test_two_programs_change_the_file_in_turn(keys: Keys) -> None:
    def make() -> None:
        for _ in range(10):
            Keys(keys.path).create("a", "read")

    threads = [Thread(target=make) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(keys.all()) == 40


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"format": 2, "keys": []}', '{"format": 1, "keys": [{}]}'])
def test_a_file_that_is_no_file_of_keys_lets_nobody_in_and_is_not_written_over(keys: Keys, text: str) -> None:
    keys.path.write_text(text)
    for work in (lambda: keys.check(made_up()), lambda: keys.create("a", "read"), keys.all):
        with pytest.raises(Unusable, match="no file of keys"):
            work()
    assert keys.path.read_text() == text


def test_only_this_machine_alone_and_without_a_file_is_not_asked_for_keys(keys: Keys) -> None:
    assert [asks(keys, host) for host in ("127.0.0.1", "::1", "localhost", "127.8.8.8")] == [False] * 4
    for host in ("0.0.0.0", "::", "192.168.1.4", "example.org", "127.0.0.1.example.org", "", None):
        with pytest.raises(Unusable, match="tsi key create"):
            asks(keys, host)
    key, _ = keys.create("a", "read")
    assert [asks(keys, host) for host in ("127.0.0.1", "0.0.0.0", None)] == [True] * 3
    keys.revoke(key.id)
    assert asks(keys, "127.0.0.1")
    with pytest.raises(Unusable):
        asks(keys, "0.0.0.0")
    assert json.loads(keys.path.read_text())["keys"][0]["revoked"]
