"""Two folders exchanged in one step, so that at every moment there is one under each name."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

HERE = -100
"""AT_FDCWD: names are meant from the working folder."""


def exchange(one: Path, other: Path) -> None:
    """Each folder gets the name of the other, at once where the system can do that (Linux, macOS).

    Elsewhere in three steps: between the first two the name `other` is free, and what it named lies beside it.
    """
    if not _at_once(os.fsencode(one.absolute()), os.fsencode(other.absolute())):
        aside = other.with_name(f"{other.name}.before")
        os.rename(other, aside)
        os.rename(one, other)
        os.rename(aside, one)


def _at_once(one: bytes, other: bytes) -> bool:
    try:
        system = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return bool(system.renamex_np(one, other, 2) == 0)
        return bool(system.renameat2(HERE, one, HERE, other, 2) == 0)
    except (AttributeError, OSError, TypeError):
        return False
