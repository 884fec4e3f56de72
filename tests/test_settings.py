"""The settings: their defaults, where they come from, and what is said of a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tsi_graph.errors import StoreUnreachable, Unusable
from tsi_graph.graph import STRUCTURE
from tsi_graph.settings import Settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without settings, in an environment without any."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"TSI_{name.upper()}", raising=False)
    return tmp_path


def test_nothing_needs_to_be_set() -> None:
    settings = Settings.read()
    assert (settings.store, settings.lang, settings.neo4j_user) == ("tsi.db", "it", "neo4j")
    assert settings.view() == STRUCTURE


def test_the_environment_wins_over_the_file(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / ".env").write_text("TSI_LANG=en\nTSI_STORE=from-file.db\nOTHER=1\n", encoding="utf-8")
    monkeypatch.setenv("TSI_STORE", "mine.db")
    settings = Settings.read()
    assert (settings.lang, settings.store) == ("en", "mine.db")


@pytest.mark.parametrize(
    ("text", "ids"), [("a, b ,", ("a", "b")), ("a", ("a",)), ("", ()), (" , ", ())], ids=["two", "one", "none", "blank"]
)
def test_ids_are_parted_by_commas(text: str, ids: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TSI_HOME", text)
    monkeypatch.setenv("TSI_PROMOTERS", text)
    view = Settings.read().view(low=True, as_of="2020", promoters=False)
    assert (view.home, view.promoters, view.without, view.confidence, view.as_of) == (ids, ids, ids, 1, "2020")


@pytest.mark.parametrize(("name", "value"), [("TSI_LANG", "fr"), ("TSI_LANG", ""), ("TSI_STORE", "")])
def test_a_wrong_setting_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Unusable, match=f"^{name}: "):
        Settings.read()


def test_the_password_is_shown_nowhere(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TSI_NEO4J_PASSWORD", "hush-hush")
    settings = Settings.read()
    assert "hush" not in f"{settings!r} {settings} {settings.model_dump()}"
    with settings.open("bolt://127.0.0.1:1") as store, pytest.raises(StoreUnreachable) as fault:
        store.statements()
    assert "hush" not in str(fault.value)


def test_a_password_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TSI_NEO4J_PASSWORD_FILE", "nowhere")
    with pytest.raises(Unusable, match=r"^TSI_NEO4J_PASSWORD_FILE cannot be read: nowhere"):
        Settings.read().open("bolt://127.0.0.1:1")
