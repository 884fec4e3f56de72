"""What ArcadeDB and the disk say when something is wrong, as one of our errors; and what is left of a damaged file."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tsi_graph.errors import StoreDamaged, StoreUnreachable
from tsi_graph.store.base import Row

PAGE = 2_048
"""Places for records that the engine counts in each page of a file."""
FIRST_FEW = 64
"""Places of a page that cannot be read as a whole after which, if none can be read alone, it is given up."""

OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS)
DAMAGED = (
    "the work failed, and nothing of it was kept. If it fails again a file in it is damaged: "
    "`tsi store backup FILE --damaged` saves what is left, `tsi store restore FILE --replace` puts a backup in its "
    "place."
)
ADVICE = {
    ("No space left", "File too large", "not enough space", "Disk quota"): "the disk is full. Make room and try again; "
    "what was there before is kept.",
    ("Permission denied", "AccessDenied", "Read-only file system", "read-only", "not permitted"): "this user may not "
    "write there. Allow it, or name another folder in TSI_STORE.",
    ("Not a directory", "File exists"): "it is a file, and a store is a folder. Name another.",
}
"""What to do, by words in the engine's or the system's message."""


class BrokenFolder(StoreUnreachable):
    """A folder in which the engine fails where it should not: a file in it is damaged, or lost."""

    exit_code = StoreDamaged.exit_code
    slug = StoreDamaged.slug


def is_lock(text: str) -> bool:
    """Whether the engine says that another program has the folder."""
    return any(words in text for words in ("another process", "already in use", "LockException"))


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """What the engine and the system say, as one of our errors: what is wrong and what would be right."""
    import arcadedb

    try:
        yield
    except (arcadedb.ArcadeDBError, OSError) as fault:
        if isinstance(fault, OSError) and fault.filename is None and fault.errno not in OF_THE_DISK:
            raise  # of the caller's own doing, such as a closed terminal
        for words, advice in ADVICE.items():
            if any(word in str(fault) for word in words):
                raise StoreUnreachable(f"{folder} cannot be used: {advice}") from fault
        raise BrokenFolder(f"{folder} cannot be used: {DAMAGED}") from fault


def page_of(database: Any, label: str, bucket: int, page: int) -> tuple[list[Row], int]:
    """The records of one page of a file, one by one if it cannot be read as a whole; 1 beside them if some cannot."""
    import arcadedb

    first, end = page * PAGE, (page + 1) * PAGE
    try:
        text = f"SELECT FROM {label} WHERE @rid >= #{bucket}:{first} AND @rid < #{bucket}:{end}"
        return list(database.query("sql", text).to_list()), 0
    except arcadedb.ArcadeDBError:
        found: list[Row] = []
        lost = False
        for place in range(first, end):
            if place - first == FIRST_FEW and not found:
                break
            try:
                found += database.query("sql", f"SELECT FROM #{bucket}:{place}").to_list()
            except arcadedb.ArcadeDBError:
                lost = True
        return found, int(lost)
