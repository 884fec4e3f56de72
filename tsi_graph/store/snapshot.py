"""The statement table as arrays in one file beside the embedded store, so that reading needs no database.

Texts are stored once each and referred to by number; nothing in the file is ever executed (no pickle). With them goes
the hash of the contents, by which a snapshot is compared with what the store should hold.
"""

from __future__ import annotations

import json
import os
import tempfile
from itertools import chain
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import pandas as pd

from tsi_graph.statements import Table, fact_of, import_of, row_of_import
from tsi_graph.store import manifest

FORMAT = 2
TEXTS = ("id", "node", "field", "target", "key", "value", "answer", "valid_from", "valid_to", "seen", "origin")
NUMBERS = ("confidence", "from_min", "from_max", "to_min", "to_max")


def stamp(path: Path) -> tuple[int, int] | None:
    """What changes when the file does; None without a file."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_mtime_ns, found.st_ino


def save(path: Path, table: Table) -> tuple[int, int]:
    """Replace the snapshot at once, and give its stamp: a reader sees the old one or the new one, never half of either.

    The stamp is that of what was saved, also if another program replaces it in the same moment.
    """
    rows = table.rows
    arrays: dict[str, np.ndarray] = {name: rows[name].to_numpy(np.int64) for name in NUMBERS}
    for name in TEXTS:
        codes, texts = pd.factorize(rows[name])
        arrays[name] = codes.astype(np.int32)
        arrays[f"{name}.texts"] = _bytes(list(texts))
    arrays["changes"] = np.fromiter(chain.from_iterable(rows["changes"]), np.int64)
    arrays["changes.lengths"] = np.fromiter(map(len, rows["changes"]), np.int64)
    arrays["imports"] = _bytes(
        {"format": FORMAT, "hash": manifest.hash_of(table), "imports": [*map(row_of_import, table.imports)]}
    )
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), 0o644)
            np.savez(file, allow_pickle=False, **arrays)
        mine = os.stat(temporary)
        os.replace(temporary, path)
        return mine.st_mtime_ns, mine.st_ino
    except BaseException:
        os.unlink(temporary)
        raise


def load(path: Path) -> Table | None:
    """The table kept at this path; None if there is none or it cannot be read (it is then made anew)."""
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            return _table(dict(file))
    except (OSError, BadZipFile, KeyError, IndexError, TypeError, ValueError, EOFError):
        return None


def _table(arrays: dict[str, np.ndarray]) -> Table | None:
    head = json.loads(arrays["imports"].tobytes())
    if head["format"] != FORMAT:
        return None
    columns: dict[str, np.ndarray] = {}
    for name in TEXTS:
        texts = np.array([*json.loads(arrays[f"{name}.texts"].tobytes()), ""], dtype=object)[:-1]
        columns[name] = texts[arrays[name]]
    columns |= {name: arrays[name] for name in NUMBERS}
    rows = pd.DataFrame(columns)
    rows.insert(1, "fact", list(map(fact_of, *(columns[name].tolist() for name in ("node", "field", "target", "key")))))
    ends = np.cumsum(arrays["changes.lengths"])
    rows["changes"] = [part.tolist() for part in np.split(arrays["changes"], ends[:-1])] if len(rows) else []
    return manifest.note(Table(rows, tuple(map(import_of, head["imports"]))), head["hash"])


def _bytes(value: object) -> np.ndarray:
    return np.frombuffer(json.dumps(value, ensure_ascii=False).encode(), np.uint8)
