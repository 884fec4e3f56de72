"""Deliveries in, statements and tables out: where the data live."""

from __future__ import annotations

from pathlib import Path

from tsi_graph.errors import StoreUnreachable
from tsi_graph.store.store import Store
from tsi_graph.store.writing import Counts

__all__ = ["Counts", "Store", "open_store"]


def open_store(url: str | Path = "tsi.db", *, user: str = "neo4j", password: str = "") -> Store:
    """The store at a local folder (made on first import) or on a Neo4j server (neo4j://host, bolt://host).

    Opening costs nothing and never fails for a folder; the first read or write does the work.
    """
    text = str(url)
    scheme, separator, _ = text.partition("://")
    if not separator:
        from tsi_graph.store.arcade import ArcadeEngine

        folder = Path(text).expanduser()
        return Store(ArcadeEngine(folder), folder.parent / f"{folder.name}.snapshot.npz")
    if scheme not in ("neo4j", "bolt", "neo4j+s", "bolt+s", "neo4j+ssc", "bolt+ssc"):
        raise StoreUnreachable(f"A store is a folder, or a server as neo4j://host or bolt://host; not {scheme}://.")
    from tsi_graph.store.neo4j import Neo4jEngine

    return Store(Neo4jEngine(text, user, password))
