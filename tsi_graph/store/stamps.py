"""A small file beside the embedded store that says when its ledger was last written, so that asking opens no store."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

DEAD = 60.0
"""Seconds after which a writer that has not finished is taken for dead: a transaction takes one at most."""


@contextmanager
def changing(path: Path | None) -> Iterator[None]:
    """Around a write: the stamp is blank until it is done, then another one.

    So nobody takes an answer from before for one from after, also if the writer dies in between.
    """
    if path is None or not path.with_name(path.stem).exists():
        yield
        return
    with suppress(OSError):
        path.write_bytes(b"")
    try:
        yield
    finally:
        with suppress(OSError):
            temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
            temporary.write_text(secrets.token_hex(8))
            os.replace(temporary, path)


def read(path: Path) -> str | None:
    """What stands there: `0` before the first write, None while somebody writes."""
    try:
        with path.open("rb") as file:
            text = file.read(64).decode("ascii", "replace")
            if text:
                return text
            at = os.fstat(file.fileno()).st_mtime
            return f"{at:.0f}" if time.time() - at > DEAD else None
    except FileNotFoundError:
        return "0"
    except OSError:
        return None
