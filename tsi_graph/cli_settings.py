"""What commands begin with: the settings, read once for each, and a graph of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tsi_graph.graph import Graph
    from tsi_graph.settings import Settings
    from tsi_graph.store import Store


def read_settings() -> Settings:
    from tsi_graph.settings import Settings

    return Settings.read()


def language_of(lang: str | None) -> str:
    """The language that is asked for, else that of the settings."""
    return str(lang or read_settings().lang)


def documented(store: Store, settings: Settings, *, low: bool = False, as_of: str | None = None) -> Graph:
    """The graph in which membership of the alliance and its promoters are ties like others."""
    from tsi_graph.graph import load_graph

    return load_graph(store, settings.documented(low=low, as_of=as_of))
