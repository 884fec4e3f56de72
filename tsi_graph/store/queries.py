"""The Cypher texts, one file each, found by name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tsi_graph.errors import NotFound

_PACKAGE = Path(__file__).resolve().parents[1]
FOLDER = _PACKAGE / "cypher" if (_PACKAGE / "cypher").is_dir() else _PACKAGE.parent / "cypher"
"""Inside the installed package, or beside it in a checkout."""


@cache
def text(name: str, **words: str) -> str:
    """The statement in cypher/<name>.cypher; `words` fill its capital placeholders, from the model alone."""
    path = FOLDER / f"{name}.cypher"
    if path not in FOLDER.glob("*/*.cypher"):
        known = sorted(p.stem for p in FOLDER.glob("read/*.cypher"))
        raise NotFound(f"No query {name.removeprefix('read/')!r}. Known: {', '.join(known)}")
    lines = path.read_text(encoding="utf-8").splitlines()
    statement = "\n".join(line for line in lines if not line.startswith("//"))
    for placeholder, word in words.items():
        statement = statement.replace(f":{placeholder}", f":{word}")
    return statement
