"""Files that are replaced whole or handed over, and folders that are ours alone."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from tsi_graph.errors import NotFound, Refused, Unusable

OURS = 0o600
"""For us alone to read."""


def replace_file(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Written beside and renamed: nobody ever sees half a file. mode: who may read it, less what the umask takes."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        # the system takes the umask off: to ask for it means to change it, for every thread
        with open(beside, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def hand_over(path: Path, content: Callable[[], bytes]) -> Path:
    """Writes a file where a person asked for it, whole or not at all; gives its path.

    Raises NotFound where the folder is not there and Unusable where there is a folder of that name, before the content
    is worked out; Unusable too for a place that takes no file.
    """
    if not os.path.isdir(path.parent):
        raise NotFound(f"No folder {str(path.parent)!r} to write {path.name} in.")
    if os.path.isdir(path):
        raise Unusable(f"{str(path)!r} is a folder; give the name of a file in it.")
    data = content()
    try:
        replace_file(path, data)
    except OSError as fault:
        raise Unusable(f"{str(path)!r} cannot be written: {fault.strerror or fault}.") from fault
    return path


def private(folder: Path) -> Path:
    """The folder, there and for us alone. Raises Refused where it is somebody else's."""
    me = getattr(os, "getuid", None)  # Windows has no such number: there the folder around it says who may
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        ours = False
    else:
        ours = not folder.is_symlink() and (me is None or folder.stat().st_uid == me())
    if not ours:
        raise Refused(f"{folder} belongs to somebody else; nothing is kept in it.")
    if me is not None and folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
    return folder
