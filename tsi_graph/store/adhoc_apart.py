"""One query on an embedded store opened for reading, in a process that can be ended: JSON in, JSON out.

Run by its path, so it imports nothing of ours.
"""

from __future__ import annotations

import json
import re
import sys
import time
from datetime import date, datetime
from itertools import islice
from typing import Any

# How the engine writes a path; it gives no other sign of one.
_PATH = re.compile(r"\(#\d+:\d+\)(<?-\[#\d+:\d+\]->?\(#\d+:\d+\))+")


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    import arcadedb

    database = None
    try:
        database = _opened(arcadedb, asked["folder"], time.monotonic() + asked["seconds"])
        given = {name: _unpacked(value) for name, value in asked["parameters"].items()}
        found = database.query("opencypher", asked["text"], given)
        rows = [row.to_dict() for row in islice(found, asked["rows"])]
        columns = list(dict.fromkeys(name for row in rows for name in row))
        return {"columns": columns, "rows": [[_plain(row.get(name)) for name in columns] for row in rows]}
    except arcadedb.ArcadeDBError as fault:
        return {"fault": str(fault)}
    except (_Path, MemoryError) as fault:
        return {"fault": "path" if isinstance(fault, _Path) else "out of memory"}
    finally:
        if database is not None:
            database.close()


class _Path(Exception):
    pass


def _opened(arcadedb: Any, folder: str, deadline: float) -> Any:
    while True:
        try:
            return arcadedb.open_database(folder, read_only=True)
        except arcadedb.ArcadeDBError as fault:
            locked = any(words in str(fault) for words in ("another process", "already in use", "LockException"))
            if not locked or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _plain(value: Any) -> Any:
    """Nodes and relationships as their fields, days and moments as ISO text."""
    if isinstance(value, dict):
        hidden = {"@rid", "@type", "@cat", "@in", "@out"} if "@rid" in value else set()
        return {key: _plain(one) for key, one in value.items() if key not in hidden}
    if isinstance(value, (list, tuple, set)):
        return [_plain(one) for one in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, str) and _PATH.fullmatch(value):
        raise _Path
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {""}:
        kind, text = value[""]
        return (date if kind == "date" else datetime).fromisoformat(text)
    if isinstance(value, dict):
        return {key: _unpacked(one) for key, one in value.items()}
    return [_unpacked(one) for one in value] if isinstance(value, list) else value


if __name__ == "__main__":
    out = json.dumps(answer(json.load(sys.stdin.buffer)))
    sys.stdout.write(out)
    sys.stdout.flush()
